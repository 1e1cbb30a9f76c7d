"""Which names BIND does not take for those of hosts: told once for the file, and the program itself says so."""

from pathlib import Path

import pytest

from migrator.model.names import absolute
from migrator.model.zone import ZoneSnapshot
from migrator.plain import header, plain_zone
from migrator.zonefile.fast import assemble_reading, read_compactly
from migrator.zonefile.writer import write_zone
from tests.plain.test_strictness import START, checkers, refusing, snapshot_of

__all__ = ["checkers"]

# Lines, and the names in them.
ODD: dict[str, tuple[str, list[str]]] = {
    "an underscore": ("my_host A 192.0.2.1", ["my_host.example.org."]),
    "below a wildcard": ("*.my_host AAAA 2001:db8::1", ["*.my_host.example.org."]),
    "an owner and a target": (
        "a_b MX 10 c_d.example.net.\ne SRV 0 0 1 f_g",
        ["a_b.example.org.", "c_d.example.net.", "f_g.example.org."],
    ),
    "an octet of its own": ("a\\000 A 192.0.2.1", ["a\\000.example.org."]),
    "a hyphen at the edge": ("a- A 192.0.2.1", ["a-.example.org."]),
    "a name server": ("sub NS n_s.example.net.", ["n_s.example.net."]),
    "an HTTPS record": ("x HTTPS 1 h_1 alpn=h2", ["h_1.example.org."]),
    "an AFSDB record": ("x AFSDB 1 a_f", ["a_f.example.org."]),
}
FINE = [
    "*.x A 192.0.2.1\n_dmarc TXT a_b\n_sip._tcp SRV 0 0 1 h",
    "x CNAME a_b\ny PTR a_b\nz HTTPS 0 a_b\nw MX 0 .\n_v SRV 0 0 0 .",
    "1-2.3 A 192.0.2.1\na--b A 192.0.2.1",
]


def told(snapshot: ZoneSnapshot) -> list[str]:
    return [f"{f.severity} {f.subject} {f.message}" for f in plain_zone(snapshot).findings if "host" in f.check]


def compact(lines: str, origin: str = "example.org.") -> ZoneSnapshot:
    text = START.replace("example.org.", origin) + f"{lines}\n"
    return assemble_reading(read_compactly(text.encode(), file="x", origin=absolute(origin))).snapshot


@pytest.mark.parametrize("case", ODD)
def test_names_that_no_host_has_are_told_once(case: str) -> None:
    lines, names = ODD[case]
    (found,) = told(snapshot_of(lines))

    assert found.startswith(f"warning {names[0]} The file has all its records, and BIND would not load")
    assert all(f"{name} with " in found for name in names)
    assert told(compact(lines)) == [found]


def test_a_target_is_judged_as_one_whatever_form_the_zone_has() -> None:
    lines = "_s._t A 192.0.2.1\n_s._t NS *.a\nb MX 0 *.b\n*.b A 192.0.2.1\n"
    (found,) = told(snapshot_of(lines))

    assert found.endswith(
        "(_s._t.example.org. with an underscore, *.a.example.org. with the characters '*', "
        "*.b.example.org. with the characters '*')."
    )
    assert told(compact(lines)) == [found]


def test_three_are_named_and_the_others_counted() -> None:
    (found,) = told(snapshot_of("".join(f"a_{number} A 192.0.2.1\n" for number in range(5))))

    assert "(a_0.example.org. with an underscore, a_1.example.org. with an underscore, " in found
    assert "and 2 more)" in found


def test_a_host_of_an_address_is_one_and_a_service_is_none() -> None:
    assert told(compact("1 PTR a_b.example.net.", "2.0.192.in-addr.arpa.")) != []
    assert told(compact("b._dns-sd._udp PTR a_b.example.net.", "2.0.192.in-addr.arpa.")) == []


@pytest.mark.parametrize("lines", FINE)
def test_other_names_are_not_told(lines: str) -> None:
    assert told(snapshot_of(lines)) == told(compact(lines)) == []


@pytest.mark.lab
@pytest.mark.xdist_group("lab")
@pytest.mark.usefixtures("checkers")
@pytest.mark.parametrize("lines", [*(lines for lines, _ in ODD.values()), *FINE])
def test_bind_alone_says_the_same(lines: str, tmp_path: Path) -> None:
    snapshot = snapshot_of(lines)
    exported = write_zone(snapshot.origin, plain_zone(snapshot).entries, header(snapshot))

    assert refusing("".join(f"{line}\n" for line in exported), tmp_path) == ({"BIND"} if told(snapshot) else set())
