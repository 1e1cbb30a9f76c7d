"""A whole move with the installed command: backed up, compared, mended, switched, settled."""

from pathlib import Path

from tests.lab.command import Command
from tests.lab.lab import Lab
from tests.lab.waiting import wait_until

DOMAIN = "example.com."
KEPT = """\
@ A 192.0.2.10
www CNAME @
mail A 192.0.2.25
@ MX 10 mail
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=reject"
"""
FORGOTTEN = """\
s1._domainkey TXT "v=DKIM1; k=ed25519; p=MCowBQYDK2VwAyEAq8N1bCPG3Fv0wJqHVXfVd2K0mkYzGqzqz0sJ3xk0W1Y="
shop NS ns1.shop
ns1.shop A 192.0.2.53
"""


def test_a_domain_moves_without_losing_anything(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    lab = laboratory
    lab.serve(lab.old, DOMAIN, KEPT + FORGOTTEN, ttl=1)
    lab.serve(lab.new, DOMAIN, KEPT, ttl=1)
    lab.delegate(DOMAIN, lab.old.name_servers, ttl=1)
    new = f"dns:example.com@{','.join(lab.new.addresses)}"
    expect = [word for name in lab.new.name_servers for word in ("--expect", name)]

    assert command("export", lab.locator("axfr", DOMAIN, lab.old.servers[0]), "-o", "backup").code == 0

    found = command("diff", "backup", new, "--format", "json")
    missing = {(d["owner"], d["rdtype"]) for d in found.document["differences"] if d["kind"] == "missing"}
    assert found.code == 1
    assert missing == {
        ("s1._domainkey.example.com.", "TXT"),
        ("shop.example.com.", "NS"),
        ("ns1.shop.example.com.", "A"),
    }

    lines = (tmp_path / "backup" / "example.com.zone").read_text().splitlines()
    records = [line for line in lines if not line.startswith((";", "$")) and " SOA " not in line]
    apex_ns = f"{DOMAIN} 1 IN NS "
    lab.serve(lab.new, DOMAIN, "\n".join(line for line in records if not line.startswith(apex_ns)), ttl=1)
    mended = command("diff", "backup", new, "--format", "json")
    assert (mended.code, mended.document["verdict"]) == (0, "same")

    before = command("confirm", "example.com", *expect, "--from", "backup", "--format", "json")
    assert (before.code, before.document["stage"]) == (1, "not-started")

    lab.delegate(DOMAIN, lab.new.name_servers, ttl=1)
    switched = command("confirm", "example.com", *expect, "--from", "backup", "--format", "json")
    assert (switched.code, switched.document["stage"]) == (0, "switched")

    wait_until(
        lambda: '"settled"' in command("confirm", "example.com", *expect, "--format", "json").out, "settled", 20
    )
