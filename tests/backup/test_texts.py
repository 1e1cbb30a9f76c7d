"""The backup of a zone that is kept as text is that of its RRsets, octet for octet, and read back as strictly."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.backup.folder import read_backup, write_backup
from migrator.backup.readback import zone_file_findings
from migrator.codec import zone as documents
from migrator.codec.export import type_counts
from migrator.errors import InputError, ZoneFileError
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import NativeDocument, ZoneSnapshot, assemble, with_compact
from migrator.plain import PlainZone, header, plain_zone
from migrator.zonefile import read_zone, zone_of_file_name
from migrator.zonefile.fast import assemble_reading, read_compactly
from migrator.zonefile.fast.compact import Source
from migrator.zonefile.fast.forms import FORMS
from migrator.zonefile.fast.over import plain, read_by_blocks
from migrator.zonefile.fast.wires import WIRE_FORMS
from migrator.zonefile.writer import OwnerText, write_zone
from tests.plain.test_laws import OWNERS, snapshots
from tests.snapshots import name, rdata

START = "$TTL 300\n@ SOA ns1 host 1 7200 3600 1209600 3600\n@ NS ns1\n@ NS ns2.example.net.\n"
# With too few of them, no file is read by blocks.
PADS = "".join(f"pad{number} A 192.0.2.{number}\n" for number in range(60))
SHA256 = 64 * "a1"
HASH = "2T7B4G4VSA5SMI47K61MV5BV1A22BOJR"
SIGNED = (("A", "."), ("MX", "example.org."), ("MX", "EXAMPLE.org."), ("NSEC", "@"), ("TYPE1", "a.b.example.org."))
NAMES = r"""a b x.a d.x.a y.d.x.a www WWW Www Mail.A ns1 ns sub ns.sub * *.a *.Sub _sip._tcp s1._domainkey un_der
0/25 -bad host a\.b a\046b \000 \032x @ a.Example.ORG. A.example.org. gone.example.net. z 10 9 ab a-b a* a/b"""
TARGETS = r"a ns1 WWW Host.Example.NET. . x.a gone *.a 192.0.2.1. a\.b EXAMPLE.org."
POINTING = ["CNAME", "NS", "PTR", "DNAME", "MX 10", "MX 9", "MX 0", "SRV 0 5 5060", "SRV 10 5 443"]
RDATAS = [
    *(f"A 192.0.2.{last}" for last in (1, 9, 10, 200)),
    *("AAAA 2001:db8::1", "AAAA 2001:DB8::A", "AAAA 2001:db8:0:0:1::", "AAAA ::ffff:192.0.2.1", "AAAA ::"),
    *('TXT "v=spf1 mx -all"', 'TXT "a" "b"', 'TXT ""'),
    *('TXT "a;b, {c} <d> \'e\'"', 'TXT "q\\"q"', 'TXT "caf\\195"'),
    *("TXT bare", 'TXT "A" "b"', 'TXT "NAPTR NS CAA "', f'TXT "{200 * "x"}" "{200 * "y"}"', 'SPF "v=spf1 -all"'),
    *('CAA 0 issue "ca.example.net"', 'CAA 128 Issue ";"', 'CAA 0 iodef "mailto:a@example.net"', 'CAA 0 issue ""'),
    *('NAPTR 1 2 "u" "x" "!a!b!" .', 'NAPTR 1 2 "u" "x" "!(a!b!" a', 'NAPTR 10 2 "" "" "" WWW'),
    *(f"DS 1 8 2 {SHA256[:64]}", "DS 1 8 2 AA"),
    *(f"DS 60000 13 4 {SHA256[:96].upper()}", f"SSHFP 4 2 {SHA256[:64]}"),
    *(f"SSHFP 1 1 {SHA256[:40]}", f"TLSA 3 1 1 {SHA256[:64].upper()}", f"TLSA 2 0 2 {SHA256}"),
    *('URI 1 2 "ftp://a.example.net/;x"', "URI 3 2 x", "RP A.example.net. .", "RP a b", "OPENPGPKEY AQ ID"),
    *(f"SMIMEA 3 1 1 {SHA256[:64]}", "HTTPS 1 . alpn=h2", "HTTPS 0 Host.example.NET.", "SVCB 2 a port=1 alpn=h2"),
    *(f"RRSIG {covered} 13 3 300 20301222000000 20261122000000 7 {signer} AQID" for covered, signer in SIGNED),
    *("NSEC a A RRSIG", "NSEC Host.Example.NET. A", f"NSEC3 1 0 0 - {HASH}", f"NSEC3 1 1 9 aAbB {HASH} A RRSIG"),
    *("RRSIG HIP 13 3 300 20301222000000 20261122000000 7 . AQID", "NSEC a", "NSEC3 1 0 0 - 2t7b A"),
    *("HTTPS 1 . ipv6hint=2001:DB8::A ech=AAQAAAAA", "SVCB 1 . key7=x", "LOC 1 N 2 E 3m 1m 2m 3m", "HINFO X 'y'"),
    *("HTTPS 1 . alpn=h2", "LOC 1 N 2 E 3m", "HINFO x y", "TYPE65280 \\# 1 00", "SOA a b 1 2 3 4 5"),
]  # fmt: skip
_rdatas = st.one_of(
    st.sampled_from(RDATAS), st.tuples(st.sampled_from(POINTING), st.sampled_from(TARGETS.split())).map(" ".join)
)
_records = st.lists(
    st.tuples(
        st.sampled_from(NAMES.split()),
        st.sampled_from(["", "", "", "60 ", "IN 3600 "]),
        st.lists(_rdatas, min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=12,
)
_layouts = st.sampled_from(["each line", "by blocks", "by sections"])
_starts = st.sampled_from([START, START, START, "$TTL 60\n@ SOA a b 1 2 3 4 5\n", "$TTL 5\n@ A 192.0.2.7\n"])
_origins = st.sampled_from(["example.org.", "example.org.", "example.org.", "Example.ORG.", "invalid.", "."])


def laid_out(records: list[tuple[str, str, list[str]]], layout: str) -> Iterator[str]:
    for place, (owner, ttl, rdatas) in enumerate(records):
        if layout == "by sections" and place % 4 == 0:
            yield f"$ORIGIN {'a.example.org.' if place % 8 else 'example.org.'}\n"
        for number, found in enumerate(rdatas):
            yield f"{owner if layout == 'each line' or number == 0 else ''} {ttl}{found}\n"


def exactly(text: bytes) -> ZoneSnapshot:
    """The zone with all its RRsets as objects."""
    reading = read_zone(text, file="x")
    return assemble(reading.origin, reading.records, rrsets=reading.rrsets).snapshot


def by_lines(text: bytes) -> ZoneSnapshot:
    """The zone as texts of its owners."""
    return assemble_reading(read_compactly(text, file="x")).snapshot


def compactly(text: bytes) -> Iterator[ZoneSnapshot]:
    """The zone as texts of its owners, and where it can be as lines of the file."""
    yield by_lines(text)
    found = read_by_blocks(plain(Source(text, "x")))
    if found is not None:
        yield assemble_reading(found.reading, texts=found.texts).snapshot


def zone_file(snapshot: ZoneSnapshot, zone: PlainZone) -> str:
    return "".join(f"{line}\n" for line in write_zone(snapshot.origin, zone.entries, header(snapshot)))


def written(snapshot: ZoneSnapshot) -> object:
    """All that a backup has, and all that is said of it."""
    zone = plain_zone(snapshot)
    return (
        zone_file(snapshot, zone).splitlines(),
        documents.dumps(snapshot).splitlines(),
        zone.findings,
        [(key.owner.labels, key.rdtype) for key in zone.unresolved],
        type_counts(snapshot),
    )


def owner_texts(snapshot: ZoneSnapshot) -> set[bytes]:
    return {entry.key for entry in plain_zone(snapshot).entries if isinstance(entry, OwnerText)}


@settings(max_examples=400, deadline=None)
@given(_records, _layouts, _starts, _origins, st.booleans())
def test_what_is_written_is_what_rrsets_say(
    records: list[tuple[str, str, list[str]]], layout: str, start: str, origin: str, many: bool
) -> None:
    lines = "".join(laid_out(records, layout))
    text = f"$ORIGIN {origin}\n{start}{PADS if many else ''}{lines}".encode()
    try:
        expected = written(exactly(text))
    except ZoneFileError:
        return

    for snapshot in compactly(text):
        assert written(snapshot) == expected


TYPICAL = f"""$ORIGIN example.org.
{START}ns1 A 192.0.2.53
www 60 A 192.0.2.10
www 60 A 192.0.2.9
www MX 10 Mail
www 60 AAAA 2001:db8::2
Mail A 192.0.2.25
Mail TXT "v=spf1 a -all" "b"
sub NS ns.sub
sub DS 1 8 2 {SHA256[:64]}
ns.sub A 192.0.2.54
ftp CNAME www
*.w A 192.0.2.7
p PTR host.example.net.
_sip._tcp SRV 0 5 5060 ns1
c CAA 0 issue "ca.example.net"
s SSHFP 4 2 {SHA256[:64]}
_443._tcp TLSA 3 1 1 {SHA256[:64]}
f SPF "v=spf1 -all"
f HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.10
_dns SVCB 1 ns1 alpn=dot
h HINFO PC "Linux"
h LOC 42 21 54 N 71 06 18 W -24m 30m
h RP admin.example.net. .
_http._tcp URI 10 1 "https://a.example.net/"
m SMIMEA 3 1 1 {SHA256[:64]}
m OPENPGPKEY AQ ID
m RRSIG TXT 13 3 300 20301222000000 20261122000000 7 example.org. AQID
m 60 RRSIG NSEC 13 3 300 20301222000000 20261122000000 7 example.org. AQID
m 60 NSEC n TXT RRSIG NSEC
2T7B4G4VSA5SMI47K61MV5BV1A22BOJR NSEC3 1 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A RRSIG
""".encode()
ODD = b"""odd TXT "caf\\195\\169"
a\\.b A 192.0.2.1
n NAPTR 1 2 "u" "x" "!a!b!" .
cap CAA 0 Issue "ca.example.net"
*.x NS ns1
d DNAME example.net.
below.d A 192.0.2.1
"""


def test_no_rrset_is_made_of_what_is_ordinary() -> None:
    snapshot = by_lines(TYPICAL + ODD)
    assert snapshot.compact is not None
    texts = {*snapshot.compact.texts}

    written(snapshot)

    odd = {b"n.example.org.", b"cap.example.org.", b"*.x.example.org.", b"below.d.example.org."}
    assert owner_texts(snapshot) == texts - odd
    assert snapshot.compact.made() == odd
    assert len(texts) == 19 + len(odd)
    assert {*FORMS} == {*WIRE_FORMS}
    assert {*FORMS} <= {count.rdtype for count in type_counts(snapshot)}


def test_what_a_dname_at_the_root_covers_is_a_comment() -> None:
    text = f"$ORIGIN .\n{START}a A 192.0.2.1\n@ DNAME b\n".encode()
    snapshot = by_lines(text)

    assert owner_texts(snapshot) == set()
    assert written(snapshot) == written(exactly(text))


def test_an_owner_that_the_file_adds_to_is_none_of_its_texts() -> None:
    text = b'$ORIGIN invalid.\n$TTL 5\n@ SOA a b 1 2 3 4 5\nns TXT "x"\nns MX 10 a\na A 192.0.2.1\n'
    snapshot = by_lines(text)

    assert owner_texts(snapshot) == {b"a.invalid."}
    assert written(snapshot) == written(exactly(text))
    assert "ns.invalid. 3600 IN A 192.0.2.1" in zone_file(snapshot, plain_zone(snapshot))


_AT_NS1 = [
    *("", "ns1 TXT x\n", "x.ns1 A 192.0.2.1\n", "* A 192.0.2.1\n", "* A 192.0.2.1\nx.ns1 A 192.0.2.1\n"),
    *("ns1 CNAME a\n", "ns1 NS x.ns1\n", "ns1 AAAA 2001:db8::1\n"),
]


@pytest.mark.parametrize("lines", _AT_NS1)
@pytest.mark.parametrize("more", ["ns3.deep.down A 192.0.2.1\n", "*.deep.down A 192.0.2.1\n", "down NS a\n", ""])
def test_whether_a_name_server_has_an_address_is_told_from_texts(lines: str, more: str) -> None:
    text = f"$ORIGIN example.org.\n{START}@ NS ns3.deep.down\n{PADS}{lines}{more}".encode()
    expected = written(exactly(text))

    for snapshot in compactly(text):
        assert written(snapshot) == expected


# Documents of providers: aliases, routing and notes beside ordinary sets.


@settings(max_examples=300, deadline=None)
@given(
    snapshots(),
    st.lists(st.sampled_from(["ns1.example.net.", "a.example.org.", "x.c.example.org.", "."]), max_size=2),
    st.lists(st.tuples(st.sampled_from(OWNERS), st.sampled_from(["A", "AAAA"])), max_size=4),
)
def test_a_document_that_is_read_is_written_as_its_rrsets_are(
    snapshot: ZoneSnapshot, servers: list[str], known: list[tuple[str, str]]
) -> None:
    snapshot = replace(snapshot, name_servers=tuple(map(absolute, servers)))
    back, _ = documents.loads(documents.dumps(snapshot))
    answers = {}
    for owner, rdtype in known:
        found = rdata(rdtype, "192.0.2.77" if rdtype == "A" else "2001:db8::77")
        key = RRsetKey(name(owner), found.rdtype)
        answers[key] = RRset(key, 5, (found,))

    assert back.compact is not None
    assert written(back) == written(snapshot)
    mine, its = plain_zone(snapshot, answers), plain_zone(back, answers)
    assert zone_file(back, its) == zone_file(snapshot, mine)
    assert its.findings == mine.findings


# Read back.


def doctored(lines: list[str], place: int, how: str) -> str:
    at = 4 + place % (len(lines) - 4)  # behind the header
    line = lines[at]
    match how:
        case "lost":
            lines[at : at + 1] = []
        case "twice":
            lines.insert(at, line)
        case "ttl":
            lines[at] = line.replace(" 300 IN ", " 301 IN ")
        case "letters":
            lines[at] = line.upper()
        case "added":
            lines.insert(at, "added.example.org. 5 IN A 192.0.2.1")
        case "beside":
            lines.insert(at, f"{line.split()[0]} 5 IN A 192.0.2.211")
        case "elsewhere":
            lines[at] = f"x{line}"
        case "moved":
            lines.append(lines.pop(at))
        case _:
            lines[at] = line.replace(".1", ".2").replace("a", "b")
    return "".join(f"{each}\n" for each in lines)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 40),
    st.sampled_from(["lost", "twice", "ttl", "letters", "added", "beside", "elsewhere", "moved", "other"]),
)
def test_a_zone_file_is_read_back_as_strictly(place: int, how: str) -> None:
    snapshot = by_lines(TYPICAL + ODD)
    mine, its = plain_zone(exactly(TYPICAL + ODD)), plain_zone(snapshot)
    text = doctored(zone_file(snapshot, its).splitlines(), place, how).encode()

    found = zone_file_findings(snapshot.origin, its.entries, text, "z")

    assert found == zone_file_findings(snapshot.origin, mine.entries, text, "z")


def test_a_line_that_is_lost_is_found_and_so_is_one_too_many() -> None:
    snapshot = by_lines(TYPICAL)
    zone = plain_zone(snapshot)
    text = zone_file(snapshot, zone)
    lost = text.replace("www.example.org. 60 IN A 192.0.2.9\n", "")
    more = text.replace("ftp.", "ftp.example.org. 60 IN CNAME a.example.org.\nftp2.")

    def said(text: str) -> list[str]:
        return [found.message for found in zone_file_findings(snapshot.origin, zone.entries, text.encode(), "z")]

    assert said(text) == []
    assert said(lost) == ["Read back, the zone file lacks www.example.org. A; zone.json has all."]
    assert said(more) == [
        "Read back, the zone file lacks ftp.example.org. CNAME; zone.json has all.",
        "Read back, the zone file has besides ftp.example.org. CNAME, ftp2.example.org. CNAME; zone.json has all.",
    ]


# Whole folders.


def folder_of(snapshot: ZoneSnapshot, folder: Path) -> dict[str, bytes]:
    write_backup(snapshot, (), plain_zone(snapshot), provider="file", folder=folder)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_file_of_the_folder_is_the_same(tmp_path: Path) -> None:
    about = replace(
        exactly(TYPICAL + ODD),
        source="x",
        read_at=datetime(2026, 12, 1, tzinfo=UTC),
        native=(NativeDocument("x.zone", TYPICAL + ODD),),
    )
    found = by_lines(TYPICAL + ODD)
    assert found.compact is not None

    files = folder_of(with_compact(about, found.compact), tmp_path / "texts")

    assert files == folder_of(about, tmp_path / "sets")
    assert {*files} == {"example.org.zone", "zone.json", "SHA256SUMS", "raw/x.zone"}
    assert read_backup(tmp_path / "texts")[0].digest() == about.digest()


@pytest.mark.corpus
def test_real_zone_files_are_written_as_their_rrsets_are(corpus: Path, tmp_path: Path) -> None:
    as_texts = 0
    for number, path in enumerate(sorted(path for path in corpus.rglob("*") if path.is_file())):
        text, fallback = path.read_bytes(), zone_of_file_name(path.name)
        try:
            reading = read_zone(text, file="x", fallback=fallback)
            compact = read_compactly(text, file="x", fallback=fallback)
        except (ZoneFileError, InputError):
            continue
        whole = assemble(reading.origin, reading.records, rrsets=reading.rrsets).snapshot
        found = assemble_reading(compact).snapshot
        as_texts += len(owner_texts(found))

        assert written(found) == written(whole), path
        assert folder_of(found, tmp_path / f"texts{number}") == folder_of(whole, tmp_path / f"sets{number}"), path
    assert as_texts > 1000
