"""Compact zones compare as those made of objects do: differences, impacts, mail verdicts, to the last word."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.zones import write_pair
from migrator.codec.diff import dumps
from migrator.diff import ZoneDiff, alike, compare
from migrator.diff.narrowing import Differing, differing_owners
from migrator.mail.touched import touched_domains
from migrator.mail.verdict import MailState
from migrator.meaning.index import CompactIndex, PlainIndex
from migrator.model.names import absolute
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.report.diff import text as report
from migrator.zonefile import read_zone
from migrator.zonefile.fast import assemble_reading, read_compactly

START = "$ORIGIN example.org.\n$TTL 300\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\n"
# The same zone at another provider.
ELSEWHERE = "$ORIGIN example.org.\n$TTL 300\n@ SOA ns.other.test. host 9 2 3 4 5\n@ NS ns.other.test.\n"
# The same zone, kept for another time.
SOONER = START.replace("$TTL 300", "$TTL 60")
HASH = "2t7b4g4vsa5smi47k61mv5bv1a22bojr"
SAMPLES = Path(__file__).resolve().parents[2] / "sample_zones"

# Names that lean on each other: mail hosts, policies that include policies, selectors, cuts, wildcards.
_LINES = """@ MX 10 mail
@ MX 20 mx.example.net.
@ TXT "v=spf1 a mx include:_spf.example.org include:_spf.google.com -all"
@ TXT "v=spf1 redirect=shop.example.org"
@ A 192.0.2.1
_spf TXT "v=spf1 a:out.shop.example.org ip4:192.0.2.0/24 ?all"
_dmarc TXT "v=DMARC1; p=reject; sp=none"
_dmarc TXT "v=DMARC1; p=none"
_dmarc.shop CNAME _dmarc
mail A 192.0.2.25
mail A 192.0.2.26
mail CNAME host.shop
mail AAAA 2001:db8::25
MAIL A 192.0.2.25
www CNAME host.shop
www A 192.0.2.80
shop MX 10 mail
shop MX 5 in.shop
shop TXT "v=spf1 mx -all"
shop TXT "v=spf1 exists:%{i}._spf.%{d2} -all"
shop TXT "v=spf1 include:%{l}._spf.example.org a:mail.%{d2} redirect=%{d1r}.news.example.org"
news TXT "v=spf1 exists:in.shop.%{o} -exists:www.%{d2} ?mx:%{d} ~include:shop.example.org"
1.2._spf A 127.0.0.2
*._spf A 127.0.0.2
*.2._spf TXT "v=spf1 a:out.shop.example.org"
2._spf CNAME host.shop
shop NS ns.other.test.
shop NS ns1.shop
ns1.shop A 192.0.2.53
in.shop A 192.0.2.30
in.shop CNAME mail
out.shop A 192.0.2.31
host.shop A 192.0.2.32
host.shop CNAME deep.er.shop
deep.er.shop A 192.0.2.33
*.shop A 192.0.2.34
*.shop MX 10 mail
* A 192.0.2.35
* TXT "v=spf1 -all"
*.er.shop CNAME mail
a._domainkey TXT "v=DKIM1; p=MTIz"
a._domainkey TXT "v=DKIM1; p=MTI0"
a._domainkey.shop CNAME a._domainkey
b._domainkey CNAME selector1.example.net.
_domainkey.shop NS ns.other.test.
mta-sts CNAME mail
_mta-sts TXT "v=STSv1; id=1"
mta-sts.shop A 192.0.2.40
_mta-sts.shop TXT "v=STSv1; id=2"
_25._tcp.mail TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000
_25._tcp.mail TLSA 3 1 1 1111111111111111111111111111111111111111111111111111111111111111
*._tcp.mail TLSA 3 1 1 2222222222222222222222222222222222222222222222222222222222222222
_25._tcp.host.shop CNAME _25._tcp.mail
_sip._tcp SRV 0 0 5060 host.shop
_imaps._tcp SRV 0 0 993 mail
er.shop DNAME www
news 60 MX 10 mail
news MX 10 mail
news TXT "v=spf1 include:shop.example.org -all"
news TXT ( "v=spf1 " "include:shop.example.org -all" )
a\\.b A 192.0.2.50
x.a\\.b CNAME mail
svc HTTPS 1 mail alpn="h2"
svc HTTPS 2 host.shop ipv4hint=192.0.2.32
svc SVCB 0 Deep.er.shop
mail RRSIG A 13 3 300 20301222000000 20261122000000 7 example.org. AQID
mail 60 RRSIG NSEC 13 3 300 20301222000000 20261122000000 7 example.org. AQID
mail RRSIG A 13 3 300 20301222000000 20261122000000 7 example.org. AQIE
mail NSEC news A AAAA RRSIG NSEC
MAIL RRSIG AAAA 13 3 300 20301222000000 20261122000000 7 example.org. AQID
www RRSIG CNAME 13 3 300 20301222000000 20261122000000 7 example.org. AQID
www NSEC example.org. CNAME RRSIG NSEC
2t7b4g4vsa5smi47k61mv5bv1a22bojr.shop NSEC3 1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr A RRSIG
2t7b4g4vsa5smi47k61mv5bv1a22bojr.shop RRSIG NSEC3 13 3 300 20301222000000 20261122000000 7 example.org. AQID
www HTTPS 1 . alpn="h2,h3"
mail HTTPS 1 . ech=AAQAAAAA port=8443
@ CAA 0 issue "ca.example.net"
mail HINFO "x" "y"
www TXT "a" ; cf_tags=cf-proxied:true
WWW CNAME Host.Shop""".splitlines()
_zones = st.lists(st.sampled_from(_LINES), max_size=25, unique=True)
_edits = st.lists(st.sampled_from(_LINES), max_size=3)


def exact(lines: Sequence[str], start: str = START) -> ZoneSnapshot:
    reading = read_zone(_text(lines, start), file="zone.test")
    return assemble(reading.origin, reading.records, rrsets=reading.rrsets).snapshot


def compact(lines: Sequence[str], start: str = START) -> ZoneSnapshot:
    return assemble_reading(read_compactly(_text(lines, start), file="zone.test")).snapshot


def _text(lines: Sequence[str], start: str) -> bytes:
    return (start + "".join(f"{line}\n" for line in lines)).encode()


def all_that_is_said(found: ZoneDiff) -> tuple[str, str]:
    return dumps(found), report(found, verbose=True)


@settings(max_examples=200)
@given(_zones, _edits, _edits)
@example(["shop MX 10 mail", "mail A 192.0.2.25"], ["mail A 192.0.2.25"], [])
@example(["shop MX 10 mail", "shop NS ns1.shop"], [], ["* A 192.0.2.35"])
def test_both_kinds_of_zones_compare_alike(zone: list[str], gone: list[str], added: list[str]) -> None:
    other = [line for line in zone if line not in gone]
    other += [line for line in added if line not in other]

    for start in (START, ELSEWHERE, SOONER):
        found = compare(compact(zone), compact(other, start))

        assert all_that_is_said(found) == all_that_is_said(compare(exact(zone), exact(other, start)))


@pytest.mark.parametrize(
    ("lines", "touched"),
    [
        ([], {b"example.org.", b"www.example.org."}),
        (
            ["@ DNAME example.net."],
            {b"example.org.", b"www.example.org.", b"a.shop.example.org.", b"b.example.org."},
        ),
    ],
)
def test_what_differs_at_the_apex_touches_few_mail_domains(lines: list[str], touched: set[bytes]) -> None:
    mail = ["a.shop MX 10 mail", "b MX 10 mail", "mail A 192.0.2.25", "www CNAME @", "@ MX 10 mail"]
    old, new = compact([*mail, *lines]), compact([*mail, *lines], ELSEWHERE)
    assert old.compact is not None
    assert new.compact is not None
    apex = b"example.org."
    before = CompactIndex(old, old.compact)
    after = CompactIndex(new, new.compact, before, frozenset({apex}))
    domains = {apex, *(f"{name}.{apex.decode()}".encode() for name in ("a.shop", "b", "www"))}

    assert touched_domains(before, after, {apex}, domains).domains == touched


def test_of_what_only_its_signer_changed_only_signatures_are_looked_at() -> None:
    times = "20301222000000 20261122000000 7 example.org."
    lines = [
        *("mail A 192.0.2.25", f"mail RRSIG A 13 3 300 {times} AQID", "mail 60 NSEC news A RRSIG NSEC"),
        *(f"mail 60 RRSIG NSEC 13 3 60 {times} AQID", f"{HASH}.shop NSEC3 1 0 0 - {HASH} A RRSIG"),
        *(f"{HASH}.shop RRSIG NSEC3 13 4 300 {times} AQID", "news MX 10 mail"),
    ]
    old, new = compact(lines), compact([line.replace("AQID", "AQIF") for line in lines])
    assert old.compact is not None
    assert new.compact is not None
    of_hash = f"{HASH}.shop.example.org.".encode()

    found = differing_owners(old.compact, new.compact)

    assert found == Differing(frozenset({of_hash}), frozenset({b"mail.example.org."}))
    kinds = [
        (each.kind.value, each.key.owner.to_text(), each.key.rdtype.name) for each in compare(old, new).differences
    ]
    assert kinds == [
        ("expected", "mail.example.org.", "RRSIG"),
        ("expected", of_hash.decode(), "RRSIG"),
    ]
    assert new.compact.made() == {of_hash}


def test_what_differs_in_its_ttl_alone_touches_no_mail() -> None:
    lines = ["mail A 192.0.2.25", "News MX 10 mail", "www 300 A 192.0.2.80", 'shop TXT "60 "']
    old, new = compact(lines), compact([*lines[:3], 'shop TXT "300 "'], SOONER)
    assert old.compact is not None
    assert new.compact is not None
    apex, mail, news, shop = (f"{name}example.org.".encode() for name in ("", "mail.", "news.", "shop."))

    found = differing_owners(old.compact, new.compact)

    assert found == Differing(frozenset({apex, mail, news, shop}), timed=frozenset({mail, news}))
    assert found.otherwise == {apex, shop}
    assert differing_owners(old.compact, new.compact, {mail}).otherwise == {apex, mail, shop}


@settings(max_examples=100)
@given(_zones, _edits)
def test_where_zones_are_alike_their_comparison_finds_nothing(zone: list[str], added: list[str]) -> None:
    old, new = compact(zone), compact([*added, *zone])
    found = compare(old, new)

    assert alike(old, compact(zone))
    if alike(old, new):
        assert (found.differences, found.same) == ((), old.rrset_count())
        assert {verdict.state for verdict in found.mail} <= {MailState.SAME}


@pytest.mark.parametrize(
    ("lines", "covered"),
    [
        ([], []),
        (["shop NS ns.other.test."], [b"shop.example.org."]),
        (["@ DNAME example.net."], [b"example.org."]),
        (["er.shop DNAME www", "@ MX 10 mail"], [b"er.shop.example.org."]),
    ],
)
def test_the_name_servers_of_the_apex_cover_nothing(lines: list[str], covered: list[bytes]) -> None:
    snapshot = compact(lines)
    assert snapshot.compact is not None
    index = CompactIndex(snapshot, snapshot.compact)

    assert index.covers == set(covered)
    er_shop = absolute("er.shop.example.org.").labels
    plain = PlainIndex(exact(lines))
    assert index.may_be_covered_at(er_shop) is plain.may_be_covered_at(er_shop) is bool(covered)


def test_below_the_root_is_every_other_name() -> None:
    text = (
        b"$ORIGIN .\n$TTL 300\n@ SOA a.test. b.test. 1 2 3 4 5\n@ NS a.test.\na.test. A 192.0.2.1\nb A 192.0.2.2\n"
    )
    snapshot = assemble_reading(read_compactly(text, file="zone.test")).snapshot
    reading = read_zone(text, file="zone.test")
    plain = PlainIndex(assemble(reading.origin, reading.records, rrsets=reading.rrsets).snapshot)
    assert snapshot.compact is not None
    index = CompactIndex(snapshot, snapshot.compact)

    found = [[rrset.key.owner.to_text() for rrset in each.below((b"",))] for each in (index, plain)]

    assert found == [["b.", "a.test."]] * 2


def test_zones_of_two_names_are_not_alike() -> None:
    one, other = (
        assemble_reading(read_compactly(START.replace("example.org", name).encode(), file="zone.test")).snapshot
        for name in ("example.org", "example.net")
    )

    assert not alike(one, other)


@settings(max_examples=100)
@given(_zones, _zones)
def test_zones_that_have_little_in_common_compare_alike(zone: list[str], other: list[str]) -> None:
    found = compare(compact(zone), compact(other))

    assert all_that_is_said(found) == all_that_is_said(compare(exact(zone), exact(other)))


@settings(max_examples=50)
@given(_zones, _edits)
def test_a_compact_zone_compares_with_one_of_objects(zone: list[str], added: list[str]) -> None:
    other = zone + [line for line in added if line not in zone]
    expected = all_that_is_said(compare(exact(zone), exact(other)))

    assert all_that_is_said(compare(compact(zone), exact(other))) == expected
    assert all_that_is_said(compare(exact(zone), compact(other))) == expected


@pytest.mark.parametrize(("records", "sections"), [(50, False), (5000, False), (5000, True)])
def test_large_zones_compare_alike(tmp_path: Path, records: int, sections: bool) -> None:
    old, new = (path.read_text().splitlines() for path in write_pair(tmp_path, records, sections=sections))

    found = compare(compact(old), compact(new))

    assert all_that_is_said(found) == all_that_is_said(compare(exact(old), exact(new)))


def test_the_sample_zones_compare_alike() -> None:
    for folder in sorted(path for path in SAMPLES.iterdir() if path.is_dir()):
        files = sorted(folder.glob("*.zone"))
        for old, new in pairwise(files):
            lines = [path.read_text().splitlines() for path in (old, new)]
            origins = {compact(one).origin for one in lines}
            if len(origins) == 1:
                expected = all_that_is_said(compare(exact(lines[0]), exact(lines[1])))
                assert all_that_is_said(compare(compact(lines[0]), compact(lines[1]))) == expected


def test_a_zone_that_is_compared_with_itself_makes_no_objects_of_ordinary_owners() -> None:
    lines = ["www A 192.0.2.1", "shop MX 10 www", 'shop TXT "v=spf1 mx -all"']
    old, new = compact(lines), compact(lines)

    found = compare(old, new)

    assert [(verdict.domain.to_text(), verdict.state) for verdict in found.mail] == [
        ("shop.example.org.", MailState.SAME)
    ]
    assert found.differences == ()
    assert old.compact is not None
    assert old.compact.made() == frozenset()
