"""Where BIND expects the name of a host, and what it says itself of the same zones (`check-names fail`)."""

import os
import subprocess
from pathlib import Path

import pytest

import migrator.checks.zone  # noqa: F401 - registers the checks
from migrator.checks.check import REGISTERED
from migrator.model.names import absolute
from migrator.model.zone import assemble
from migrator.zonefile import read_zone
from tests.checks.zone.linting import linted
from tests.lab.missing import program, why_not

REVERSE = "2.0.192.in-addr.arpa."
START = "@ SOA ns1.example.net. host.example.net. 1 7200 3600 1209600 3600\n@ NS ns1.example.net.\n"
FINE = [
    "x HTTPS 0 a_b.example.net.\ny SVCB 0 a_b.example.net.\nz PTR a_b.example.net.\nx RP a_b c_d",
    "k KX 1 a_b\nc CNAME a_b\nd DNAME a_b.example.net.\n_dns SVCB 1 . alpn=dot\n*.w A 192.0.2.1\nu_v TXT x",
    "sub NS ns1.example.net.\na.sub A 192.0.2.1\n*.sub A 192.0.2.1\nb_c.sub TXT x\n_x.sub SRV 0 0 5 a.test.",
]
ODD = [
    *(
        "x HTTPS 1 a_b.example.net.",
        "x SVCB 1 -a.example.net.",
        "x AFSDB 1 a_b.example.net.",
        "x RT 1 *.example.net.",
    ),
    *("sub NS ns1.example.net.\na_b.sub A 192.0.2.1", "sub NS ns1.example.net.\na_b.sub MX 1 mx.example.net."),
    "sub NS ns1.example.net.\n*.a_b.sub AAAA 2001:db8::1",
    "dn DNAME example.net.\nx_y.dn A 192.0.2.1",
]
TARGETS = ["x MX 1 *.example.net.", "sub NS *.example.net.", "_x._tcp SRV 0 0 5 *.example.net."]
SOAS = [
    ("ns1.example.net. host.example.net.", True),
    (". .", True),
    ("ns1.example.net. ho_st.example.net.", True),
    (r"ns1.example.net. a\.b.example.net.", True),
    ("ns_1.example.net. host.example.net.", False),
    ("ns1.example.net. host.my_mail.example.net.", False),
    ("*.example.net. host.example.net.", False),
]
POINTERS = [
    ("1 PTR a.example.net.", True),
    ("1 PTR .", True),
    ("b._dns-sd._udp PTR a_b.example.net.", True),
    ("1 PTR a_b.example.net.", False),
    ("_x.1 PTR a_b.example.net.", False),
    ("1 PTR *.example.net.", False),
]


def refusals(text: str, origin: str) -> list[str]:
    """What zone.refused says of the zone, but that it passes."""
    reading = read_zone(f"$ORIGIN {origin}\n$TTL 300\n{text}\n".encode(), file="x", origin=absolute(origin))
    said = linted(REGISTERED["zone.refused"], assemble(reading.origin, reading.records).snapshot)
    return [line for line in said if not line.startswith("pass ")]


def is_loaded(text: str, origin: str, folder: Path) -> bool:
    """Tell whether BIND loads the zone as it does unless it is told otherwise."""
    path = program("named-checkzone")
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why_not())
    file = folder / "zone"
    file.write_text(f"$ORIGIN {origin}\n$TTL 300\n{text}\n")
    command = [path, "-q", "-i", "local", "-k", "fail", origin, str(file)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


CASES = [
    *((START + lines, "example.org.", True) for lines in FINE),
    *((START + lines, "example.org.", False) for lines in ODD),
    *((f"@ SOA {names} 1 2 3 4 5\n@ NS ns1.example.net.\n", "example.org.", fine) for names, fine in SOAS),
    *((START + lines, REVERSE, fine) for lines, fine in POINTERS),
]


@pytest.mark.parametrize(("text", "origin", "is_fine"), CASES)
def test_a_name_that_bind_minds_is_told(text: str, origin: str, is_fine: bool) -> None:
    assert (refusals(text, origin) == []) == is_fine


@pytest.mark.lab
@pytest.mark.xdist_group("lab")
@pytest.mark.parametrize(("text", "origin", "is_fine"), CASES)
def test_bind_minds_it(text: str, origin: str, is_fine: bool, tmp_path: Path) -> None:
    assert is_loaded(text, origin, tmp_path) == is_fine


@pytest.mark.parametrize("lines", TARGETS)
def test_a_wildcard_is_no_target(lines: str) -> None:
    said = linted(REGISTERED["zone.target-name"], lines)

    assert [line.partition(", which")[2] for line in said] == [" has the characters '*'; no host has such a name."]


@pytest.mark.parametrize("lines", ["x A 192.0.2.{}", "_ldap._tcp SRV 0 0 389 dc{}.example.net.", "@ TXT t{}"])
def test_a_set_of_more_records_than_bind_takes_is_told(lines: str) -> None:
    hundred = START + "\n".join(map(lines.format, range(100)))

    (said,) = refusals(f"{hundred}\n{lines.format(100)}", "example.org.")

    assert refusals(hundred, "example.org.") == []
    assert "BIND refuses the whole zone: the set has 101 records, and it takes 100 (unless" in said
    assert "as a resolver it answers SERVFAIL for the set." in said
