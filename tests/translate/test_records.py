"""Types, forms, lengths, names and neighbours that a target refuses, and TTLs that it does not take."""

from dataclasses import replace

import pytest
from dns.rdata import GenericRdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.model.capabilities import Capabilities, Fact, Limit
from migrator.model.extras import AutomaticTTL, ForRecord, Opaque, RecordTTL
from migrator.model.rrset import Record, RRset, RRsetKey, make
from migrator.translate import translate
from tests.snapshots import ORIGIN, name, rdata, rrset, zone
from tests.translate.targets import AZURE, CLOUDFLARE, ROUTE53, SAID, TARGETS
from tests.translate.telling import fates, lost, told

DS = "1 13 2 " + "00" * 32
EVERYWHERE = ("route53", "azure", "cloudflare", "file")

# Types by the targets that have them (facts of the services: providers.md, section 2).
TYPES = {
    "A": ("192.0.2.1", EVERYWHERE),
    "AAAA": ("2001:db8::1", EVERYWHERE),
    "CAA": ('0 issue "ca.example.net"', EVERYWHERE),
    "MX": ("10 mx", EVERYWHERE),
    "NAPTR": ('100 50 "u" "E2U+sip" "!^.*$!sip:a@example.org!" .', EVERYWHERE),
    "PTR": ("host", EVERYWHERE),
    "SRV": ("0 5 5060 sip", EVERYWHERE),
    "TLSA": ("3 1 1 " + "00" * 32, EVERYWHERE),
    "TXT": ('"x"', EVERYWHERE),
    "SVCB": ("1 . alpn=h2", ("route53", "cloudflare", "file")),
    "HTTPS": ("1 . alpn=h2", ("route53", "cloudflare", "file")),
    "SSHFP": ("1 1 " + "00" * 20, ("route53", "cloudflare", "file")),
    "LOC": ("52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m", ("cloudflare", "file")),
    "URI": ('10 1 "https://example.org/"', ("cloudflare", "file")),
    "CERT": ("PGP 0 0 AAAA", ("cloudflare", "file")),
    "SMIMEA": ("3 1 1 " + "00" * 32, ("cloudflare", "file")),
    "OPENPGPKEY": ("AAAA", ("cloudflare", "file")),
    "DNSKEY": ("256 3 13 AAAA", ("cloudflare", "file")),
    "HINFO": ('"a" "b"', ("file",)),
    "TYPE65280": (r"\# 2 0102", ("file",)),
}


@pytest.mark.parametrize("target", EVERYWHERE)
@pytest.mark.parametrize("rdtype", TYPES)
def test_a_type_is_copied_or_needs_a_decision(rdtype: str, target: str) -> None:
    text, holders = TYPES[rdtype]
    found = translate(zone(rrset("x", rdtype, text)), TARGETS[target])

    if target in holders:
        assert (fates(found), lost(found)) == ({f"x {rdtype}": "copied"}, [])
    else:
        assert (fates(found), lost(found)) == ({f"x {rdtype}": "dropped"}, [f"error x {rdtype} type-unsupported"])


def test_what_the_service_itself_gave_it_takes_back_new_as_its_type_may_be() -> None:
    unheard_of = RRset(
        RRsetKey(name("x"), RdataType.make(65301)),
        300,
        (),
        (Opaque("route53", "Type", '"FOO"'), Opaque("route53", "ResourceRecords", '{"Value": "bar"}')),
    )
    new_there = rrset("y", "LOC", TYPES["LOC"][0])
    unread = RRset(
        RRsetKey(ORIGIN, RdataType.make(65302)), None, (), (Opaque("route53", "ResourceRecordSet", "[]"),)
    )
    found = translate(zone(unheard_of, new_there, unread), ROUTE53, source_scheme="route53")

    assert found.desired.by_key()[unheard_of.key] == unheard_of
    assert fates(found) == {"x TYPE65301": "copied", "y LOC": "copied", "@ TYPE65302": "dropped"}
    assert lost(found) == ["error @ TYPE65302 unreadable-set"]


@pytest.mark.parametrize(
    ("source", "fate", "losses"),
    [("route53", "copied", []), ("file", "dropped", ["error x TLSA rdata-unreadable"])],
)
def test_a_digest_of_an_odd_length_goes_to_the_service_alone_that_has_one(
    source: str, fate: str, losses: list[str]
) -> None:
    odd = GenericRdata(RdataClass.IN, RdataType.TLSA, b"\3\1\1\xab\xcd")
    found = translate(zone(make(RRsetKey(name("x"), RdataType.TLSA), 300, (odd,))), ROUTE53, source_scheme=source)

    assert (fates(found), lost(found)) == ({"x TLSA": fate}, losses)


@pytest.mark.parametrize("target", ["azure", "cloudflare"])
def test_a_retired_type_is_converted_by_its_own_service_too(target: str) -> None:
    assert fates(translate(zone(SPF), TARGETS[target], source_scheme=target)) == {"@ SPF": "translated"}


SPF = rrset("@", "SPF", '"v=spf1 mx -all"')
SPF_ROWS: dict[str, tuple[tuple[RRset, ...], list[str], list[str], set[str]]] = {
    "alone": ((SPF,), ['@ 300 TXT "v=spf1 mx -all"'], ["warning @ SPF spf-as-txt"], {"translated"}),
    "beside another text": (
        (SPF, rrset("@", "TXT", '"verify=1"', ttl=60)),
        ['@ 60 TXT "verify=1" | "v=spf1 mx -all"'],
        ["warning @ SPF spf-as-txt"],
        {"translated"},
    ),
    "beside the same policy, cut elsewhere": (
        (SPF, rrset("@", "TXT", '"v=spf1 " "mx -all"')),
        ['@ 300 TXT "v=spf1 " "mx -all"'],
        ["warning @ SPF spf-dropped"],
        {"copied", "dropped"},
    ),
    "beside another policy": (
        (SPF, rrset("@", "TXT", '"v=spf1 -all"')),
        ['@ 300 TXT "v=spf1 -all"'],
        ["warning @ SPF spf-dropped"],
        {"copied", "dropped"},
    ),
}


@pytest.mark.parametrize("target", ["azure", "cloudflare"])
@pytest.mark.parametrize("row", SPF_ROWS)
def test_the_retired_type_spf_joins_txt_without_a_second_policy(row: str, target: str) -> None:
    sets, desired, losses, ends = SPF_ROWS[row]
    found = translate(zone(*sets), TARGETS[target])

    assert (told(found), lost(found), set(fates(found).values())) == (desired, losses, ends)


def test_the_retired_type_spf_is_copied_where_it_exists() -> None:
    assert fates(translate(zone(SPF), ROUTE53)) == {"@ SPF": "copied"}


SIGNED = (
    rrset("@", "DNSKEY", "257 3 13 AAAA"),
    rrset("@", "NSEC", "a.example.org. NS SOA RRSIG NSEC DNSKEY"),
    rrset("@", "RRSIG", "SOA 13 2 900 20300101000000 20200101000000 1 example.org. AAAA"),
    rrset("@", "CDS", DS),
)


@pytest.mark.parametrize("target", ["route53", "azure", "cloudflare"])
def test_the_signatures_of_a_signed_zone_stay_behind(target: str) -> None:
    found = translate(zone(*SIGNED), TARGETS[target])

    assert told(found) == []
    assert lost(found) == [f"warning @ {t} dnssec-records" for t in ("RRSIG", "NSEC", "DNSKEY", "CDS")]
    assert "registrar" in found.losses[0].advice


def test_a_zone_file_takes_the_signatures_too() -> None:
    assert set(fates(translate(zone(*SIGNED), TARGETS["file"])).values()) == {"copied"}


MALFORMED = make(
    RRsetKey(name("x"), RdataType.A),
    300,
    (GenericRdata(RdataClass.IN, RdataType.A, b"\1\2"), rdata("A", "192.0.2.1")),
)
FIVE = replace(AZURE, records_in_rrset=Limit(5, SAID), records_in={})
LONG = '"' + "y" * 250 + '"'
SHORT = replace(ROUTE53, value_length=Limit(60, SAID))
HOLDS_LITTLE = replace(CLOUDFLARE, text_in_record=Limit(300, SAID), text_in_rrset=Limit(500, SAID))
# Two texts of seven letters with their quotes, and two mail servers with their preferences.
FEW_CHARACTERS = replace(
    ROUTE53, characters_in={RdataType.TXT: Limit(18, SAID), RdataType.MX: Limit(38, SAID)}, value_length=None
)
NARROW = replace(CLOUDFLARE, wire_in_record=Limit(12, SAID))

FORMS: dict[str, tuple[Capabilities, tuple[RRset, ...], list[str], list[str]]] = {
    "the null MX": (AZURE, (rrset("x", "MX", "0 ."),), [], ["error x MX null-mx"]),
    "the null MX where it is held": (CLOUDFLARE, (rrset("x", "MX", "0 ."),), ["x 300 MX 0 ."], []),
    "an empty text": (AZURE, (rrset("x", "TXT", '""', '"a"'),), ['x 300 TXT "a"'], ["warning x TXT empty-text"]),
    "nothing but an empty text": (CLOUDFLARE, (rrset("x", "TXT", '""'),), [], ["warning x TXT empty-text"]),
    "a text with an empty string in it": (
        AZURE,
        (rrset("x", "TXT", '"a" "" "b"', '"" "c"'),),
        ['x 300 TXT "c" | "ab"'],
        ["notice x TXT text-rechunked"],
    ),
    "a text with an empty string in it, where it is held": (
        ROUTE53,
        (rrset("x", "TXT", '"a" "" "b"'),),
        ['x 300 TXT "a" "" "b"'],
        [],
    ),
    "an empty set": (ROUTE53, (rrset("x", "A"),), [], ["notice x A empty-set"]),
    "an empty set where it is held": (AZURE, (rrset("x", "A"),), ["x 300 A"], []),
    "octets that are no rdata": (ROUTE53, (MALFORMED,), ["x 300 A 192.0.2.1"], ["error x A rdata-unreadable"]),
    "octets that are no rdata, in a file": (
        TARGETS["file"],
        (MALFORMED,),
        [r"x 300 A \# 2 0102 | 192.0.2.1"],
        [],
    ),
    "a set that nobody could read": (
        AZURE,
        (RRset(RRsetKey(name("x"), RdataType.A), 300, (), (Opaque("route53", "ResourceRecords", "{}"),)),),
        [],
        ["error x A unreadable-set"],
    ),
    "records that nobody could read, beside one that is sound": (
        AZURE,
        (
            rrset(
                "x",
                "A",
                "192.0.2.1",
                extras=(
                    Opaque("route53", "ResourceRecords", '{"Value": "x"}'),
                    Opaque("cloudflare", "record", "{}"),
                    Opaque("route53", "Moon", "1"),
                ),
            ),
        ),
        ["x 300 A 192.0.2.1"],
        ["error x A rdata-unreadable", "error x A unknown-field"],
    ),
    "six records where five are held": (
        FIVE,
        (
            rrset("x", "A", *(f"192.0.2.{n}" for n in range(6))),
            rrset("y", "A", *(f"192.0.2.{n}" for n in range(5))),
        ),
        ["y 300 A 192.0.2.0 | 192.0.2.1 | 192.0.2.2 | 192.0.2.3 | 192.0.2.4"],
        ["error x A set-too-large"],
    ),
    "more texts than other records": (
        AZURE,
        (rrset("x", "TXT", *(f'"{n}"' for n in range(21))),),
        ["x 300 TXT " + " | ".join(sorted((f'"{n}"' for n in range(21)), key=lambda t: (len(t), t)))],
        [],
    ),
    "an owner with odd letters": (
        CLOUDFLARE,
        (rrset(r"a\032b", "A", "192.0.2.1"), rrset("*.c_d", "A", "192.0.2.1")),
        ["*.c_d 300 A 192.0.2.1"],
        [r"error a\032b A name-unsupported"],
    ),
    "a text that is no UTF-8": (AZURE, (rrset("x", "TXT", '"\\255"'),), [], ["error x TXT binary-text"]),
    "a character across two strings": (
        AZURE,
        (rrset("x", "TXT", '"a\\195" "\\164"'),),
        [r'x 300 TXT "a\195\164"'],
        ["notice x TXT text-rechunked"],
    ),
    "a text in too many strings": (
        SHORT,
        (rrset("x", "TXT", " ".join(f'"{n}"' for n in range(20))),),
        ['x 300 TXT "' + "".join(map(str, range(20))) + '"'],
        ["notice x TXT text-rechunked"],
    ),
    "a text that is too long however it is cut": (
        SHORT,
        (rrset("x", "TXT", LONG, '"z"'),),
        ['x 300 TXT "z"'],
        ["error x TXT text-too-long"],
    ),
    "too many octets in a record": (
        HOLDS_LITTLE,
        (rrset("x", "TXT", f"{LONG} {LONG}"),),
        [],
        ["error x TXT text-too-long"],
    ),
    "too many octets in a set": (
        HOLDS_LITTLE,
        (rrset("x", "TXT", LONG, f'{LONG} "z"'),),
        [],
        ["error x TXT text-too-long"],
    ),
    "too many characters in a set": (
        FEW_CHARACTERS,
        (
            rrset("w", "MX", "10 mx1.example.net.", "20 mx22.example.net."),
            rrset("x", "MX", "10 mx1.example.net.", "20 mx2.example.net."),
            rrset("y", "TXT", '"seventy"', '"eightyy"'),
            rrset("z", "TXT", '"seventy"', '"eightyyy"'),
        ),
        ["x 300 MX 10 mx1.example.net. | 20 mx2.example.net.", 'y 300 TXT "eightyy" | "seventy"'],
        ["error w MX set-too-large", "error z TXT text-too-long"],
    ),
    "a text in too many strings for the wire": (
        NARROW,
        (
            rrset("x", "TXT", '"abcdef" "ghijk"'),
            rrset("y", "TXT", '"abcde" "fghij"'),
            rrset("z", "TXT", '"abcdefghijkl"'),
        ),
        ['x 300 TXT "abcdefghijk"', 'y 300 TXT "abcde" "fghij"'],
        ["notice x TXT text-rechunked", "error z TXT text-too-long"],
    ),
    "another record that is too long": (
        SHORT,
        (rrset("x", "TLSA", "3 1 2 " + "00" * 64),),
        [],
        ["error x TLSA value-too-long"],
    ),
}


@pytest.mark.parametrize("row", FORMS)
def test_forms_that_a_target_refuses(row: str) -> None:
    target, sets, desired, losses = FORMS[row]
    found = translate(zone(*sets), target)

    assert (told(found), lost(found)) == (desired, losses)


def test_a_text_is_cut_between_characters() -> None:
    octets = "ä".encode() * 200
    text = "".join(f"\\{octet:03}" for octet in octets)
    source = zone(rrset("x", "TXT", f'"a{text[: 4 * 254]}" "{text[4 * 254 : 4 * 399]}" "{text[4 * 399 :]}"'))
    (found,) = (r for r in translate(source, AZURE).desired.rrsets if r.rdtype == RdataType.TXT)

    strings = found.rdatas[0].strings  # type: ignore[attr-defined]
    assert b"".join(strings) == b"a" + octets
    assert [string.decode() for string in strings] == ["a" + "ä" * 127, "ä" * 73]


A, TXT = rrset("x", "A", "192.0.2.1"), rrset("x", "TXT", '"t"')
CNAME = rrset("x", "CNAME", "a.example.net.")
CUT = rrset("x", "NS", "x")

NEIGHBOURS: dict[str, tuple[str, tuple[RRset, ...], list[str], list[str]]] = {
    "a CNAME beside TXT": (
        "route53",
        (CNAME, TXT),
        ["x 300 CNAME a.example.net."],
        ["error x TXT cname-conflict"],
    ),
    "a CNAME beside TXT, where it may stand": (
        "cloudflare",
        (CNAME, TXT),
        ["x 300 CNAME a.example.net.", 'x 300 TXT "t"'],
        [],
    ),
    "a CNAME beside A": ("cloudflare", (CNAME, A), ["x 300 CNAME a.example.net."], ["error x A cname-conflict"]),
    "two CNAMEs": (
        "azure",
        (rrset("x", "CNAME", "a.example.net.", "b.example.net."),),
        ["x 300 CNAME a.example.net."],
        ["error x CNAME several-cnames"],
    ),
    "glue at the delegated name": ("cloudflare", (CUT, A), ["x 300 NS x.example.org."], ["error x A ns-conflict"]),
    "glue at the delegated name, where it may stand": (
        "route53",
        (CUT, A),
        ["x 300 NS x.example.org.", "x 300 A 192.0.2.1"],
        [],
    ),
    "a delegation with its DS": (
        "cloudflare",
        (CUT, rrset("x", "DS", DS)),
        ["x 300 NS x.example.org.", f"x 300 DS {DS}"],
        [],
    ),
    "a DS alone": ("file", (rrset("x", "DS", DS),), [], ["warning x DS ds-without-ns"]),
    "a DS at the apex": ("route53", (rrset("@", "DS", DS),), [], ["warning @ DS ds-without-ns"]),
    "NS at a wildcard": (
        "azure",
        (rrset("*.x", "NS", "ns1.example.net."), rrset("*.x", "DS", DS)),
        [],
        ["error *.x NS wildcard-ns", "warning *.x DS ds-without-ns"],
    ),
    "an SOA below the apex": (
        "file",
        (rrset("x", "SOA", "a. b. 1 2 3 4 5"),),
        [],
        ["warning x SOA soa-below-apex"],
    ),
}


@pytest.mark.parametrize("row", NEIGHBOURS)
def test_what_may_not_stand_beside_what(row: str) -> None:
    target, sets, desired, losses = NEIGHBOURS[row]
    found = translate(zone(*sets), TARGETS[target])

    assert (told(found), lost(found)) == (desired, losses)


MIXED = rrset("x", "A", "192.0.2.1", "192.0.2.2", ttl=30, extras=(ForRecord("192.0.2.2", RecordTTL(50)),))
TTLS: dict[str, tuple[str, RRset, list[str], list[str]]] = {
    "too short": (
        "cloudflare",
        rrset("x", "A", "192.0.2.1", ttl=30),
        ["x 60 A 192.0.2.1"],
        ["warning x A ttl-raised"],
    ),
    "too long": (
        "cloudflare",
        rrset("x", "A", "192.0.2.1", ttl=604800),
        ["x 86400 A 192.0.2.1"],
        ["notice x A ttl-lowered"],
    ),
    "at the bounds": ("cloudflare", rrset("x", "A", "192.0.2.1", ttl=60), ["x 60 A 192.0.2.1"], []),
    "of single records": ("route53", MIXED, ["x 30 A 192.0.2.1 | 192.0.2.2"], ["notice x A record-ttls"]),
    "of single records, both too short": (
        "cloudflare",
        MIXED,
        ["x 60 A 192.0.2.1 | 192.0.2.2"],
        ["warning x A ttl-raised"],
    ),
    "chosen by the provider": (
        "file",
        rrset("x", "A", "192.0.2.1", ttl=300, extras=(AutomaticTTL(),)),
        ["x 300 A 192.0.2.1"],
        ["notice x A automatic-ttl"],
    ),
    "chosen by the provider, as it still is": (
        "cloudflare",
        rrset("x", "A", "192.0.2.1", ttl=1, extras=(AutomaticTTL(),)),
        ["x 1 A 192.0.2.1 [automatic-ttl]"],
        [],
    ),
}


@pytest.mark.parametrize("row", TTLS)
def test_ttls(row: str) -> None:
    target, sets, desired, losses = TTLS[row]
    found = translate(zone(sets), TARGETS[target])

    assert (told(found), lost(found)) == (desired, losses)


def test_a_ttl_of_0_is_raised_where_1_is_the_least() -> None:
    found = translate(zone(rrset("x", "A", "192.0.2.1", ttl=0)), replace(AZURE, ttl_min=Limit(1, SAID)))

    assert (told(found), lost(found)) == (["x 1 A 192.0.2.1"], ["warning x A ttl-raised"])


def test_a_changed_ttl_is_told_before_and_after() -> None:
    (loss,) = translate(zone(TTLS["too long"][1]), CLOUDFLARE).losses

    assert loss.message == "The TTL is lowered from 604800 to 86400 seconds, the most that Cloudflare takes."


def test_records_outside_the_zone_are_listed() -> None:
    stray = Record(name("www.example.net."), 300, rdata("A", "192.0.2.1"))
    found = translate(replace(zone(A), stray=(stray,)), AZURE)

    assert (told(found), lost(found)) == (["x 300 A 192.0.2.1"], ["warning www.example.net. A outside-the-zone"])
    assert found.counts().read == 3


def test_a_zone_with_too_many_records_is_not_written_without_a_word() -> None:
    sets = [rrset(f"h{n}", "A", "192.0.2.1", "192.0.2.2") for n in range(101)]
    found = translate(zone(*sets), CLOUDFLARE)

    assert (len(told(found)), lost(found)) == (101, ["error @ SOA zone-too-large"])
    assert found.undecided_words() == ("zone-too-large",)
    assert found.losses[0].message == "The zone has 202 records; Cloudflare takes 200."


def test_a_zone_with_too_many_sets_is_not_written_without_a_word() -> None:
    target = replace(AZURE, rrsets_in_zone=Limit(1, SAID))

    assert lost(translate(zone(A, TXT), target)) == ["error @ SOA zone-too-large"]


@pytest.mark.parametrize("fact", ["wildcard_ns", "ds_without_ns"])
def test_what_a_target_holds_beyond_the_rfcs_is_copied(fact: str) -> None:
    target = replace(AZURE, wildcard_ns=Fact(True, SAID), ds_without_ns=Fact(True, SAID))
    sets = {"wildcard_ns": rrset("*.x", "NS", "a.example.net."), "ds_without_ns": rrset("x", "DS", DS)}[fact]

    assert set(fates(translate(zone(sets), target)).values()) == {"copied"}


def test_an_extra_that_no_rule_knows_is_not_forgotten() -> None:
    odd = rrset("x", "A", "192.0.2.1", extras=(ForRecord("192.0.2.1", Opaque("azure", "x", "1")), RecordTTL(9)))

    assert lost(translate(zone(odd), AZURE)) == ["error x A extra-lost"]
