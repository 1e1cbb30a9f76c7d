"""Writing zone files: one form for one zone, and what was written reads back as the same."""

import pytest
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.model.names import ROOT, absolute
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.zonefile import Reading, read_zone
from migrator.zonefile.writer import Entry, name_text, write_zone
from tests.strategies import KNOWN_TYPES, ORIGIN, names, octets, rdatas, rrsets, snapshots, ttls
from tests.zonefile.shown import START, below, read

DATE = "20300101000000"


def written(snapshot: ZoneSnapshot, *header: str) -> list[str]:
    return list(write_zone(snapshot.origin, map(Entry, snapshot.rrsets), header))


def read_back(text: list[str], origin: bool = False) -> Reading:
    content = "".join(f"{line}\n" for line in text).encode("ascii", "backslashreplace")
    return read_zone(content, file="back.zone", origin=ORIGIN if origin else None)


@given(snapshots())
def test_what_was_written_reads_back_as_the_same_zone(snapshot: ZoneSnapshot) -> None:
    plain = ZoneSnapshot(snapshot.origin, tuple(RRset(r.key, r.ttl, r.rdatas) for r in snapshot.rrsets))
    if not plain.rrsets:
        return
    reading = read_back(written(plain), origin=True)

    assert [finding for finding in reading.findings if finding.severity != "notice"] == []
    assert assemble(reading.origin, reading.records).snapshot.rrsets == plain.rrsets


@pytest.mark.parametrize("rdtype", KNOWN_TYPES, ids=RdataType.to_text)
def test_each_type_reads_back_octet_by_octet(rdtype: RdataType) -> None:
    @settings(max_examples=30)
    @given(st.lists(rdatas(rdtype), min_size=1, max_size=5), ttls)
    def law(found: list[Rdata], ttl: int) -> None:
        key = RRsetKey(absolute("x.example.org."), rdtype)
        reading = read_back(list(write_zone(ORIGIN, [Entry(make(key, ttl, tuple(found)))])))

        assert [record.ttl for record in reading.records] == [ttl] * len({rdata.to_wire() for rdata in found})
        assert {record.rdata.to_wire() for record in reading.records} == {rdata.to_wire() for rdata in found}

    law()


@given(names(parts=octets(1, 20)))
def test_an_owner_reads_back_octet_by_octet_and_needs_no_character_that_servers_dispute(name: object) -> None:
    owner = absolute(str(name))
    text = name_text(owner)
    (reading,) = [read(f"{START}{text} 60 A 192.0.2.1\n")]

    assert reading.records[-1].owner.labels == owner.labels
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*/.\\")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (ROOT, "."),
        (absolute("Www.Example.com."), "Www.Example.com."),
        (absolute("\\#a.example.com."), "\\035a.example.com."),
        (absolute("\\@.\\$TTL.example.com."), "\\064.\\036TTL.example.com."),
        (absolute('a\\.b\\ c\\;\\"\\(.example.com.'), "a\\.b\\032c\\059\\034\\040.example.com."),
        (absolute("\\255\\000.example.com."), "\\255\\000.example.com."),
        (absolute("*._tcp.0/25.example.com."), "*._tcp.0/25.example.com."),
    ],
)  # fmt: skip
def test_names_are_written_in_the_one_way_that_every_server_reads(name: object, text: str) -> None:
    assert name_text(absolute(str(name))) == text


def test_a_zone_has_one_form() -> None:
    lines = [
        'b 60 TXT "one" "two"',
        "@ 60 NS ns2",
        "a.b 60 A 192.0.2.2",
        "@ 60 MX 10 mail",
        "A 60 A 192.0.2.1",
        "@ 900 SOA ns1 host\\.master 1 2 3 4 5",
        "@ 60 NS ns1.example.net.",
        "b 60 A 192.0.2.10",
        "b 60 A 192.0.2.9",
    ]  # fmt: skip
    expected = [
        "; made by hand",
        "$ORIGIN example.com.",
        "example.com. 900 IN SOA ns1.example.com. host\\.master.example.com. 1 2 3 4 5",
        "example.com. 60 IN NS ns1.example.net.",
        "example.com. 60 IN NS ns2.example.com.",
        "example.com. 60 IN MX 10 mail.example.com.",
        "A.example.com. 60 IN A 192.0.2.1",
        "b.example.com. 60 IN A 192.0.2.9",
        "b.example.com. 60 IN A 192.0.2.10",
        'b.example.com. 60 IN TXT "one" "two"',
        "a.b.example.com. 60 IN A 192.0.2.2",
    ]
    for order in (lines, lines[::-1]):
        reading = read("\n".join(order))
        snapshot = assemble(reading.origin, reading.records).snapshot

        assert written(snapshot, "made by hand") == expected


@settings(max_examples=25)
@given(st.data())
def test_the_order_of_entries_does_not_matter(data: st.DataObject) -> None:
    found = data.draw(st.lists(rrsets(), max_size=4, unique_by=lambda rrset: rrset.key))
    shuffled = data.draw(st.permutations(found))

    assert list(write_zone(ORIGIN, map(Entry, found))) == list(write_zone(ORIGIN, map(Entry, shuffled)))


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ('a CAA 0 issue "ca.example.net"', 'CAA 0 issue "ca.example.net"'),
        ('a CAA 0 ISSUE "x"', "TYPE257 \\# 8 0005495353554578"),
        ('a CAA 0 contactphonenum "1"', 'CAA 0 contactphonenum "1"'),
        ('a CAA 0 contactphonenumb "1"', "TYPE257 \\# 19 0010636f6e7461637470686f6e656e756d6231"),
        ("a KEY 49152 3 0", "TYPE25 \\# 4 c0000300"),
        ("a APL 1:192.0.2.0/24 !2:2001:db8::/32", "APL 1:192.0.2.0/24 !2:2001:db8::/32"),
        ("a APL 3:00/8", "TYPE42 \\# 4 00030800"),
        ("a NS a+b", "NS a\\043b.example.com."),
        ("a MX 1 \\#.example.net.", "MX 1 \\035.example.net."),
        ("a RP a:b c", "RP a\\058b.example.com. c.example.com."),
        ("a HIP 2 2001 AwEA", "TYPE55 \\# 9 020200032001030100"),
        ("a NSEC b A HIP TYPE65534", "NSEC b.example.com. A TYPE55 TYPE65534"),
        (f"a RRSIG HIP 8 2 9 {DATE} {DATE} 1 @ AAAA", f"RRSIG TYPE55 8 2 9 {DATE} {DATE} 1 example.com. AAAA"),
        (f"a RRSIG MAILB 8 2 9 {DATE} {DATE} 1 @ AAAA", f"RRSIG TYPE253 8 2 9 {DATE} {DATE} 1 example.com. AAAA"),
        ("a NSEC b A NXNAME", "NSEC b.example.com. A TYPE128"),
        ("a CSYNC 1 3 OPT", "CSYNC 1 3 TYPE41"),
        ("a TYPE62 \\# 9 000000010003000180", "TYPE62 \\# 9 000000010003000180"),
        ("a CERT PKIX 1 RSASHA256 AAAA", "CERT PKIX 1 RSASHA256 AAAA"),
        ("a CERT PKIX 1 4 AAAA", "TYPE37 \\# 8 0001000104000000"),
        ("a CERT PKIX 1 RSASHA1NSEC3SHA1 AAAA", "TYPE37 \\# 8 0001000107000000"),
        ('a SVCB 1 . alpn="h2,h3" port=60', 'SVCB 1 . alpn="h2,h3" port="60"'),
        ('a SVCB 1 . alpn="x,h3"', "TYPE64 \\# 12 000100000100050178026833"),
        ("a SVCB 1 . port=60 ohttp", "TYPE64 \\# 13 00010000030002003c00080000"),
        ("a SVCB 1 . port=60 dohpath=/q{?dns}", "TYPE64 \\# 21 00010000030002003c000700082f717b3f646e737d"),
        ("a SVCB 1 . port=60 key667=x", 'SVCB 1 . port="60" key667="x"'),
        ("a TLSA 3 1 1 abcd", "TYPE52 \\# 5 030101abcd"),
        ("a MINFO b. c.", "TYPE14 \\# 6 016200016300"),
        ("a TYPE300 \\# 0", "TYPE300 \\# 0"),
        ("a TYPE25 \\# 5 c1000308ff", "TYPE25 \\# 5 c1000308ff"),
        ("a APL", "APL"),
        ("a IPSECKEY 1 3 2 \\000b. AAAA", "TYPE45 \\# 10 01030202006200000000"),
    ],
)  # fmt: skip
def test_what_some_server_does_not_read_as_text_is_written_in_generic_form(record: str, text: str) -> None:
    reading = read(START + record)
    key = RRsetKey(reading.records[-1].owner, reading.records[-1].rdata.rdtype)
    lines = list(write_zone(reading.origin, [Entry(make(key, 60, (reading.records[-1].rdata,)))]))

    assert lines[1] == f"a.example.com. 60 IN {text}"


def test_comments_stand_above_their_set_and_cannot_become_records() -> None:
    reading = read(f"{START}a A 192.0.2.1\n")
    snapshot = assemble(reading.origin, reading.records).snapshot
    soa, ns, a = snapshot.rrsets
    alias = RRset(RRsetKey(absolute("b.example.com."), RdataType.A), None, ())
    entries = [
        Entry(None, ("of the file",)),
        Entry(a, ("one\nb 60 A 192.0.2.2", "tab\tNUL\x00 \x85")),
        Entry(alias, ("an alias",)),
        Entry(None, ("behind b", "")),
        Entry(soa),
        Entry(ns),
    ]

    lines = list(write_zone(snapshot.origin, entries, ["über"]))
    assert lines == [
        "; über",
        "$ORIGIN example.com.",
        "; of the file",
        "example.com. 300 IN SOA ns1.example.com. host.example.com. 1 2 3 4 5",
        "example.com. 300 IN NS ns1.example.com.",
        "; one",
        "; b 60 A 192.0.2.2",
        "; tab\\x09NUL\\x00",
        "a.example.com. 300 IN A 192.0.2.1",
        "; an alias",
        "; behind b",
        ";",
    ]
    assert len(read_back(lines).records) == 3


def test_text_is_written_with_its_strings_as_they_were() -> None:
    (line,) = below('a TXT "v=spf1; \\"x\\" \\\\" "" "\\195\\164"')
    reading = read(f'{START}a TXT "v=spf1; \\"x\\" \\\\" "" "\\195\\164"')
    key = RRsetKey(reading.records[-1].owner, RdataType.TXT)

    assert list(write_zone(reading.origin, [Entry(make(key, 300, (reading.records[-1].rdata,)))]))[1] == (
        'a.example.com. 300 IN TXT "v=spf1; \\"x\\" \\\\" "" "\\195\\164"'
    )
    assert line.endswith('TXT "v=spf1; \\"x\\" \\\\" "" "\\195\\164"')
