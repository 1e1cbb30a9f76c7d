"""How records become a zone: defects are reported, never repaired."""

import dns.name
import dns.rdata
import dns.rdataclass
import pytest
from dns.rdatatype import RdataType

from migrator.model.extras import Alias, ForRecord, Note, Proxied, RecordTTL, Tags, canonical_text
from migrator.model.finding import Finding, Position, Severity
from migrator.model.names import absolute
from migrator.model.rrset import Record, RRset, RRsetKey, make
from migrator.model.zone import Assembly, ZoneSnapshot, assemble, assemble_rrsets

ORIGIN = absolute("example.org.")
WHOLE = ("@ 3600 SOA ns1 hostmaster 1 7200 3600 1209600 3600", "@ 3600 NS ns1")


def rdata(rdtype: str, text: str) -> dns.rdata.Rdata:
    return dns.rdata.from_text(dns.rdataclass.IN, RdataType.from_text(rdtype), text, ORIGIN, relativize=False)


def record(line: str, number: int | None = None) -> Record:
    owner, ttl, rdtype, text = line.split(" ", 3)
    position = None if number is None else Position("x.zone", number)
    return Record(absolute(owner, ORIGIN), int(ttl), rdata(rdtype, text), position=position)


def assembled(*lines: str) -> Assembly:
    return assemble(ORIGIN, [record(line, number) for number, line in enumerate((*WHOLE, *lines), start=1)])


def found(assembly: Assembly) -> list[tuple[str, Severity, str, int | None]]:
    return [(f.check, f.severity, f.subject, f.position.line if f.position else None) for f in assembly.findings]


def test_a_sound_zone_has_no_findings() -> None:
    assert assembled("www 300 A 192.0.2.1", "www 300 A 192.0.2.2").findings == ()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("www 300 A 192.0.2.1", "www 60 A 192.0.2.2"),
            [("zone.mixed-ttl", Severity.WARNING, "www.example.org. A", 3)],
        ),
        (
            ("www 300 A 192.0.2.1", "WWW 300 A 192.0.2.1"),
            [("zone.duplicate", Severity.NOTICE, "www.example.org. A", 4)],
        ),
        (
            ("www 300 CNAME a", "www 300 A 192.0.2.1"),
            [("zone.cname-and-other-data", Severity.ERROR, "www.example.org. CNAME", 3)],
        ),
        (
            ("www 300 CNAME a", "www 300 CNAME b"),
            [("zone.several-cnames", Severity.ERROR, "www.example.org. CNAME", 3)],
        ),
        (
            ("old 300 DNAME example.net.", "old 300 DNAME example.com."),
            [("zone.several-dnames", Severity.ERROR, "old.example.org. DNAME", 3)],
        ),
        (
            ("www.example.net. 300 A 192.0.2.1",),
            [("zone.out-of-zone", Severity.WARNING, "www.example.net. A", 3)],
        ),
        (
            ("@ 3600 SOA ns1 hostmaster 2 7200 3600 1209600 3600",),
            [("zone.several-soas", Severity.ERROR, "example.org. SOA", 1)],
        ),
        (
            ("sub 3600 SOA ns1 hostmaster 2 7200 3600 1209600 3600",),
            [("zone.soa-below-apex", Severity.ERROR, "sub.example.org. SOA", 3)],
        ),
    ],
)
def test_each_defect_is_reported_with_its_line(
    lines: tuple[str, ...], expected: list[tuple[str, Severity, str, int | None]]
) -> None:
    assert found(assembled(*lines)) == expected


def test_a_signed_cname_is_no_defect() -> None:
    assert assembled("www 300 CNAME a", "www 300 NSEC x CNAME RRSIG NSEC").findings == ()


def test_signatures_have_the_ttls_of_what_they_sign_and_that_is_no_defect() -> None:
    signature = "13 2 {ttl} 20270101000000 20261201000000 31589 example.org. AAAA"

    assembly = assembled(
        f"www 300 RRSIG A {signature.format(ttl=300)}", f"www 60 RRSIG NSEC {signature.format(ttl=60)}"
    )

    (rrset,) = (rrset for rrset in assembly.snapshot.rrsets if rrset.rdtype == RdataType.RRSIG)
    assert assembly.findings == ()
    assert [rrset.ttl, *(extra.extra for extra in rrset.extras if isinstance(extra, ForRecord))] == [
        60,
        RecordTTL(300),
    ]


def test_a_zone_without_soa_and_ns_says_so() -> None:
    assembly = assemble(ORIGIN, [record("www 300 A 192.0.2.1")])

    assert [finding.check for finding in assembly.findings] == ["zone.no-soa", "zone.no-ns"]


def test_mixed_ttls_are_all_kept() -> None:
    assembly = assembled("www 300 A 192.0.2.1", "www 60 A 192.0.2.2", "www 900 A 192.0.2.3")

    assert assembly.snapshot.by_key()[RRsetKey(absolute("www", ORIGIN), RdataType.A)] == RRset(
        RRsetKey(absolute("www", ORIGIN), RdataType.A),
        60,
        (rdata("A", "192.0.2.1"), rdata("A", "192.0.2.2"), rdata("A", "192.0.2.3")),
        (ForRecord("192.0.2.1", RecordTTL(300)), ForRecord("192.0.2.3", RecordTTL(900))),
    )


def test_extras_that_only_some_records_have_are_kept_by_record() -> None:
    one = Record(ORIGIN, 300, rdata("A", "192.0.2.1"), (Proxied(), Note("both")))
    two = Record(ORIGIN, 300, rdata("A", "192.0.2.2"), (Note("both"), Tags(("a", "b"))))

    (rrset,) = assemble(ORIGIN, [one, two]).snapshot.rrsets

    assert rrset.extras == (
        Note("both"),
        ForRecord("192.0.2.1", Proxied()),
        ForRecord("192.0.2.2", Tags(("a", "b"))),
    )


def test_a_record_outside_the_zone_is_kept_apart() -> None:
    outside = record("www.example.net. 300 A 192.0.2.1")

    assert assemble(ORIGIN, [outside]).snapshot.stray == (outside,)


def test_rrsets_stand_in_canonical_order_the_soa_first() -> None:
    assembly = assembled(
        "b.a 60 A 192.0.2.1", "a 60 TXT x", "a 60 A 192.0.2.1", "B 60 A 192.0.2.1", "@ 60 A 192.0.2.1"
    )

    assert [(r.owner.to_text(), RdataType.to_text(r.rdtype)) for r in assembly.snapshot.rrsets] == [
        ("example.org.", "SOA"),
        ("example.org.", "NS"),
        ("example.org.", "A"),
        ("a.example.org.", "A"),
        ("a.example.org.", "TXT"),
        ("b.a.example.org.", "A"),
        ("B.example.org.", "A"),
    ]


def test_the_digest_covers_content_and_no_form() -> None:
    base = assembled("www 300 A 192.0.2.1", "x 300 MX 10 Mail").snapshot

    assert base.digest() == assembled("x 300 MX 10 mail", "WWW 300 A 192.0.2.1").snapshot.digest()
    assert base.digest() != assembled("www 301 A 192.0.2.1", "x 300 MX 10 mail").snapshot.digest()
    assert base.digest() != assembled("www 300 A 192.0.2.2", "x 300 MX 10 mail").snapshot.digest()
    with_extra = assemble_rrsets(
        ORIGIN, [RRset(r.key, r.ttl, r.rdatas, (Proxied(),)) for r in base.rrsets]
    ).snapshot
    assert base.digest() != with_extra.digest()


def test_an_alias_counts_as_one_record_and_an_empty_set_as_none() -> None:
    key = RRsetKey(ORIGIN, RdataType.A)
    alias = ZoneSnapshot(ORIGIN, (RRset(key, None, (), (Alias(absolute("lb.example.net.")),)),))
    empty = ZoneSnapshot(ORIGIN, (RRset(key, 300, ()),))

    assert (alias.record_count(), empty.record_count()) == (1, 0)


def test_make_drops_equal_rdata_and_orders_the_rest() -> None:
    key = RRsetKey(ORIGIN, RdataType.A)
    one, two = rdata("A", "192.0.2.1"), rdata("A", "192.0.2.2")

    assert make(key, 300, (two, one, two)).rdatas == (one, two)


def test_the_text_of_an_extra_leaves_defaults_out() -> None:
    alias = Alias(absolute("LB.example.net."), scope="Z1")

    assert canonical_text(alias) == "alias target=lb.example.net. scope='Z1'"
    assert canonical_text(ForRecord("192.0.2.1", Proxied(enabled=False))) == (
        "for-record rdata='192.0.2.1' extra=(proxied enabled=False)"
    )


def test_keys_and_records_are_equal_without_regard_to_case_and_place() -> None:
    upper, lower = record("WWW 300 A 192.0.2.1", 1), record("www 300 A 192.0.2.1", 2)

    assert upper == lower
    assert hash(upper) == hash(lower)
    assert upper != record("www 301 A 192.0.2.1")
    assert RRsetKey(upper.owner, RdataType.A) == RRsetKey(lower.owner, RdataType.A)
    assert RRsetKey(upper.owner, RdataType.A) != RRsetKey(upper.owner, RdataType.A, "v")


def test_a_finding_names_rule_severity_subject_and_place() -> None:
    (finding,) = assembled("www 300 A 192.0.2.1", "www 300 A 192.0.2.1").findings

    assert finding == Finding(
        "zone.duplicate",
        Severity.NOTICE,
        "www.example.org. A",
        "The record stands twice, first at x.zone:3; carried once.",
        Position("x.zone", 4),
    )


@pytest.mark.parametrize("ttls", [(60, 30), (30, 60)])
def test_a_record_that_stands_twice_with_two_ttls_is_no_mere_notice(ttls: tuple[int, int]) -> None:
    assembly = assembled(*(f"www {ttl} A 192.0.2.1" for ttl in ttls))

    assert assembly.findings == (
        Finding(
            "zone.duplicate",
            Severity.WARNING,
            "www.example.org. A",
            f"The record stands twice, with the TTL {ttls[1]} here and {ttls[0]} before, first at x.zone:3; "
            "carried once, with the shorter one.",
            Position("x.zone", 4),
        ),
    )
    assert assembly.snapshot.rrsets[-1].ttl == 30


def test_a_record_that_stands_twice_with_other_remarks_is_no_mere_notice() -> None:
    one, two = (
        Record(ORIGIN, 300, rdata("TXT", '"x"'), extras, "", Position("x.zone", line))
        for line, extras in ((3, (Note("both"), Note("first"))), (4, (Note("both"), Note("second"), Tags(("a",)))))
    )

    assembly = assemble(ORIGIN, [one, two])

    assert assembly.snapshot.rrsets[0].extras == one.extras
    assert assembly.findings[0] == Finding(
        "zone.duplicate",
        Severity.WARNING,
        "example.org. TXT",
        "The record stands twice, first at x.zone:3; carried once. "
        "What only the other one says of it is left out: note text='second'; tags tags=('a',).",
        Position("x.zone", 4),
    )
