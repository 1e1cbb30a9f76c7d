"""What some of BIND, Knot and NSD refuse a zone for is known, and nothing else: the programs themselves say so."""

import os
from pathlib import Path

import pytest

from migrator.errors import ZoneFileError
from migrator.model.names import folded
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot, assemble, subject_of
from migrator.plain import header, plain_zone
from migrator.plain.strictness import BIND, KNOT, NSD, STRICT_TYPES, strict_refusals
from migrator.zonefile import read_zone
from migrator.zonefile.writer import write_zone
from tests.lab.missing import why_not
from tests.plain.test_servers import said_of
from tests.snapshots import ORIGIN

START = """$ORIGIN example.org.
$TTL 300
@ SOA ns1.example.net. host.example.net. 1 7200 3600 1209600 3600
@ NS ns1.example.net.
@ NS ns2.example.net.
"""
SHA256 = "1 13 2 " + 32 * "00"
KEY = "257 3 13 AAAA"
CHECKERS = {BIND: "named-checkzone", KNOT: "kzonecheck", NSD: "nsd-checkzone"}

# What is refused, and by whom.
REFUSED: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "a DS at the apex": (f"@ DS {SHA256}", {"example.org. DS": (BIND,)}),
    "NS at a wildcard": ("*.w NS ns1.example.net.", {"*.w.example.org. NS": (BIND,)}),
    "NS at the wildcard of the zone": ("* NS ns1.example.net.", {"*.example.org. NS": (BIND,)}),
    "NS at a wildcard below a delegation": (
        "sub NS ns1.example.net.\n*.sub NS ns1.example.net.",
        {"*.sub.example.org. NS": (BIND,)},
    ),
    "an expression that is none": ('e NAPTR 1 1 "u" "E2U+sip" "!(!x!" .', {"e.example.org. NAPTR": (BIND,)}),
    "an expression without its end": ('e NAPTR 1 1 "u" "E2U+sip" "!a" .', {"e.example.org. NAPTR": (BIND,)}),
    "one of two expressions": (
        'e NAPTR 1 1 "u" "E2U+sip" "!a!b!" .\ne NAPTR 2 1 "u" "E2U+sip" "!a!\\\\1!" .',
        {"e.example.org. NAPTR": (BIND,)},
    ),
    "a KEY beside a CNAME": (f"k CNAME a.example.net.\nk KEY {KEY}", {"k.example.org. KEY": (KNOT, NSD)}),
    "a DNAME beside NS": ("d DNAME a.example.net.\nd NS ns1.example.net.", {"d.example.org. DNAME": (KNOT,)}),
    "an MD record": ("m TYPE3 \\# 3 016100", {"m.example.org. MD": (BIND,)}),
    "an MF record": ("m TYPE4 \\# 3 016100", {"m.example.org. MF": (BIND,)}),
    "CDS without any key": (f"@ CDS {SHA256}", {"example.org. CDS": (BIND,)}),
    "CDS of another algorithm": (f"@ DNSKEY 257 3 8 AwEAAQ==\n@ CDS {SHA256}", {"example.org. CDS": (BIND,)}),
    "CDS that ask for deletion too": (
        f"@ DNSKEY {KEY}\n@ CDS 0 0 0 00\n@ CDS {SHA256}",
        {"example.org. CDS": (BIND,)},
    ),
    "CDNSKEY without any key": (f"@ CDNSKEY {KEY}", {"example.org. CDNSKEY": (BIND,)}),
    "CDNSKEY that ask for deletion too": (
        f"@ DNSKEY {KEY}\n@ CDNSKEY 0 3 0 AA==\n@ CDNSKEY {KEY}",
        {"example.org. CDNSKEY": (BIND,)},
    ),
    "an unknown hash beside SHA-1": (
        "@ NSEC3PARAM 1 0 0 -\n@ NSEC3PARAM 2 0 0 -",
        {"example.org. NSEC3PARAM": (KNOT,)},
    ),
    "an NSEC3 with half a hash": ("h TYPE50 \\# 10 01000000000100000140", {"h.example.org. NSEC3": (BIND,)}),
    "an NSEC3 at a wildcard": (f"*.h NSEC3 1 0 0 - {32 * '0'} A", {"*.h.example.org. NSEC3": (BIND,)}),
    "an NSAP without an address": ("n NSAP \\# 0", {"n.example.org. NSAP": (BIND, KNOT)}),
    "an OPENPGPKEY without a key": ("o OPENPGPKEY \\# 0", {"o.example.org. OPENPGPKEY": (BIND, KNOT)}),
    "a DNSKEY without a key": ("@ DNSKEY \\# 4 01010308", {"example.org. DNSKEY": (BIND,)}),
    "a CDNSKEY without a key": (
        "@ DNSKEY 257 3 8 AwEAAQ==\n@ CDNSKEY \\# 4 01010308",
        {"example.org. CDNSKEY": (BIND,)},
    ),
    "CDS of a DNSKEY without a key": (
        f"@ DNSKEY \\# 4 0101030D\n@ CDS {SHA256}",
        {"example.org. CDS": (BIND,), "example.org. DNSKEY": (BIND,)},
    ),
    "a KEY without the key that it promises": ("k KEY \\# 4 80000308", {"k.example.org. KEY": (BIND,)}),
    "a path without a variable": (
        '_dns SVCB 1 . key7="/dns-query"\nx HTTPS 1 . key7="/x{?dnsa}"',
        {"_dns.example.org. SVCB": (BIND,), "x.example.org. HTTPS": (BIND,)},
    ),
    "a path that begins nowhere": ('_dns SVCB 1 . key7="{?dns}"', {"_dns.example.org. SVCB": (BIND,)}),
    "a TLSA without data": (
        "t TYPE52 \\# 3 030100\nt TLSA 3 1 0 00\ns TYPE53 \\# 3 030100",
        {"t.example.org. TLSA": (BIND,), "s.example.org. SMIMEA": (BIND,)},
    ),
    "an NSEC without types": ("n NSEC a", {"n.example.org. NSEC": (BIND,)}),
    "an X25 of three digits": (
        "x TYPE19 \\# 4 03313233\nx TYPE19 \\# 5 0431323334\ny TYPE19 \\# 6 053132333478",
        {"x.example.org. X25": (BIND,), "y.example.org. X25": (BIND,)},
    ),
    "a path without text": ("_dns SVCB 1 . key7", {"_dns.example.org. SVCB": (BIND, NSD)}),
}
# kzonecheck does not look at the hash; knotd answers SERVFAIL for the zone.
UNKNOWN_HASH: tuple[str, dict[str, tuple[str, ...]]] = (
    "@ NSEC3PARAM 2 0 0 -",
    {"example.org. NSEC3PARAM": (BIND, KNOT)},
)
# As served, the DNAME hides the address; as exported, that is glue.
GLUE_BELOW_DNAME = "d DNAME a.example.net.\nd NS ns1.d\nns1.d A 192.0.2.1"
SERVERS_BELOW_DNAME = "d DNAME a.example.net.\n@ NS ns1.d\nns1.d A 192.0.2.1"

LOADED = [
    "x A 192.0.2.1",
    f"sub NS ns1.example.net.\nsub DS {SHA256}",
    f"x DS {SHA256}\n*.w DS {SHA256}\n*.v DNAME example.net.\nx TXT a",
    f"@ KEY {KEY}\nk KEY {KEY}\nl KEY \\# 4 C0000308",
    "@ DNAME example.net.",
    "d DNAME example.net.\nd A 192.0.2.1",
    "@ CDS 0 0 0 00\n@ CDNSKEY 0 3 0 AA==",
    f"@ DNSKEY {KEY}\n@ CDS {SHA256}\n@ CDNSKEY {KEY}",
    f"@ DNSKEY {KEY}\n@ CDS {SHA256}\n@ CDS 1 13 99 aabb\n@ CDNSKEY 256 3 13 BBBB\n@ CDS 2 13 3 {32 * '00'}",
    f"x CDS {SHA256}\ny CDNSKEY {KEY}\nz NSEC3PARAM 2 0 0 -",
    "@ NSEC3PARAM 1 0 0 aabb",
    "@ DNSKEY \\# 5 0101030D00\n@ DNSKEY 257 3 253 AAAA",
    "o OPENPGPKEY \\# 1 00",
    'e NAPTR 1 1 "u" "E2U+sip" "!^.*$!sip:a@example.com!i" .\n*.e NAPTR 1 1 "s" "x" "" a.example.net.',
    '_dns SVCB 1 . key7="/dns-query{?dns}"\n_dns SVCB 2 . key7="/{?a,dns}"\n_dns SVCB 3 . key7="/{dns}{?x}"',
    '_dns SVCB 1 . alpn=h2\nx HTTPS 1 . key7="/x/{?dns*}"\nx HTTPS 2 . key7="/{&dns:1}"',
    "t TLSA 3 1 0 00\nn NSEC a A\nx TYPE19 \\# 5 0431323334",
    "m TYPE7 \\# 3 016100\nn TYPE10 \\# 0",
]


def snapshot_of(lines: str) -> ZoneSnapshot:
    reading = read_zone(f"{START}{lines}\n".encode(), file="x")
    return assemble(reading.origin, reading.records).snapshot


def refused(snapshot: ZoneSnapshot) -> dict[str, tuple[str, ...]]:
    """Who refuses which sets of the zone."""
    by_owner: dict[tuple[bytes, ...], list[RRset]] = {}
    for rrset in snapshot.rrsets:
        by_owner.setdefault(folded(rrset.owner), []).append(rrset)
    return {
        subject_of(rrset.key): refusal.servers
        for rrset in snapshot.rrsets
        for refusal in strict_refusals(
            rrset, snapshot.origin, {r.rdtype: r for r in by_owner[folded(rrset.owner)]}
        )
    }


@pytest.mark.parametrize("case", REFUSED)
def test_what_some_servers_refuse_is_told_with_who_they_are(case: str) -> None:
    lines, expected = REFUSED[case]

    assert refused(snapshot_of(lines)) == expected


def test_an_unknown_hash_is_refused_by_two() -> None:
    assert refused(snapshot_of(UNKNOWN_HASH[0])) == UNKNOWN_HASH[1]


@pytest.mark.parametrize("lines", LOADED)
def test_what_all_load_is_not_told(lines: str) -> None:
    assert refused(snapshot_of(lines)) == {}


def test_each_type_with_a_rule_is_looked_at() -> None:
    told = {subject.split()[1] for _, expected in (*REFUSED.values(), UNKNOWN_HASH) for subject in expected}

    assert {rdtype.name for rdtype in STRICT_TYPES} == told


@pytest.fixture(scope="module")
def checkers() -> None:
    if why_not():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why_not())


def refusing(text: str, folder: Path) -> set[str]:
    """Which of the three do not load the text."""
    file = folder / "zone"
    file.write_text(text)
    return {server for server, tool in CHECKERS.items() if said_of(tool, ORIGIN.to_text(), file)[0]}


@pytest.mark.lab
@pytest.mark.xdist_group("lab")
@pytest.mark.usefixtures("checkers")
@pytest.mark.parametrize("case", REFUSED)
def test_the_servers_refuse_what_is_told_of_them(case: str, tmp_path: Path) -> None:
    lines, expected = REFUSED[case]

    assert refusing(f"{START}{lines}\n", tmp_path) == {
        server for servers in expected.values() for server in servers
    }


@pytest.mark.lab
@pytest.mark.xdist_group("lab")
@pytest.mark.usefixtures("checkers")
@pytest.mark.parametrize("lines", LOADED)
def test_the_servers_load_what_is_not_told(lines: str, tmp_path: Path) -> None:
    assert refusing(f"{START}{lines}\n", tmp_path) == set()


@pytest.mark.lab
@pytest.mark.xdist_group("lab")
@pytest.mark.usefixtures("checkers")
@pytest.mark.parametrize(
    "lines",
    [*(lines for lines, _ in REFUSED.values()), UNKNOWN_HASH[0], GLUE_BELOW_DNAME, SERVERS_BELOW_DNAME, *LOADED],
)
def test_all_load_the_zone_as_exported(lines: str, tmp_path: Path) -> None:
    snapshot = snapshot_of(lines)
    exported = write_zone(snapshot.origin, plain_zone(snapshot).entries, header(snapshot))

    assert refusing("".join(f"{line}\n" for line in exported), tmp_path) == set()


@pytest.mark.lab
@pytest.mark.corpus
@pytest.mark.xdist_group("lab")
@pytest.mark.usefixtures("checkers")
def test_of_real_zones_the_servers_refuse_those_that_they_are_said_to(corpus: Path) -> None:
    said: dict[str, set[str]] = {}
    for folder in ("bind9-checkzone", "derived-real-zones", "dnspython", "octodns-bind", "zonemaster-zones"):
        for source in sorted(path for path in (corpus / folder).rglob("*") if path.is_file()):
            try:
                reading = read_zone(source.read_bytes(), file=source.name)
            except ZoneFileError:
                continue
            found = refused(assemble(reading.origin, reading.records).snapshot)
            for server in {server for servers in found.values() for server in servers}:
                assert said_of(CHECKERS[server], reading.origin.to_text(), source)[0], (source, server, found)
                said.setdefault(source.name, set()).add(server)

    assert said == {
        name: {BIND}
        for name in (
            *("bad-cdnskey.db", "bad-cds.db", "bad-ds.db", "example", "example2.good", "example4.good"),
            *("unit.tests.", "unit.tests.tst"),
        )
    }
