"""What the shell completes: the ids and areas of checks, and stages."""

import os
import subprocess
import sys

import pytest


def completed(line: str) -> list[str]:
    words = line.split(" ")
    asked = {"_DNS_MIGRATOR_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    start = "import sys; sys.argv[0] = 'dns-migrator'; from migrator.cli import command; command()"
    done = subprocess.run(
        [sys.executable, "-c", start], env=os.environ | asked, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("dns-migrator explain ns.a", ["ns.aa", "ns.aaaa", "ns.axfr"]),
        ("dns-migrator check example.org --only ns.e", ["ns.edns"]),
        ("dns-migrator check example.org --only ns.aa,ca", ["ns.aa,caa", "ns.aa,caa.same", "ns.aa,caa.permits"]),
        ("dns-migrator check example.org --skip mail.sp", ["mail.spf-one=", "mail.spf-limits=", "mail.spf-same="]),
        ("dns-migrator run example.org --skip ns.e", ["ns.edns="]),
        ("dns-migrator status --format ", ["text", "json"]),
        ("dns-migrator approve example.org im", ["import"]),
        ("dns-migrator again example.org re", ["ready", "resolvers", "restore-ttls"]),
    ],
)
def test_the_shell_completes(line: str, found: list[str]) -> None:
    assert completed(line) == found
