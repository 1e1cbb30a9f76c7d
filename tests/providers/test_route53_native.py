"""RRsets into record sets: what reading makes of them again, what the request looks like, what is refused."""

import json
from xml.etree import ElementTree as ET

import pytest
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.demo.clouds.route53_zones import Raw
from migrator.model.extras import (
    Alias,
    ForRecord,
    Geolocation,
    Geoproximity,
    Note,
    Opaque,
    Proxied,
    RecordTTL,
    TrafficPolicy,
    Weighted,
)
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey
from providers.route53 import answers
from providers.route53.bodies import change_batch
from providers.route53.convert import CAPABILITIES, convert
from providers.route53.native import UnwritableError, native_of
from providers.route53.values import rdata_of, value_of
from tests.providers.route53_reading import ORIGIN, raw, rrset
from tests.providers.route53_writing import opaques, rrsets
from tests.strategies import rdatas

ZONE_ID = "Z0000000000000000042"


@given(st.sampled_from(sorted(CAPABILITIES.types)).flatmap(rdatas))
@settings(max_examples=200, deadline=None)
def test_every_rdata_that_route53_holds_reads_back_from_its_value(rdata: object) -> None:
    from dns.rdata import Rdata

    assert isinstance(rdata, Rdata)
    value = value_of(rdata)
    assert value.isascii()
    assert value.isprintable()
    assert rdata_of(value, rdata.rdtype) == rdata


@given(rrsets())
@settings(max_examples=200, deadline=None)
def test_every_set_that_route53_holds_reads_back_from_its_record_set(given_set: RRset) -> None:
    conversion = convert(native_of(given_set, ZONE_ID), ORIGIN)
    assert conversion.rrset == given_set


@given(rrsets(), st.lists(opaques(), max_size=3, unique_by=lambda found: found.field))
@settings(max_examples=100, deadline=None)
def test_fields_of_tomorrow_go_back_to_their_places(given_set: RRset, unknown: list[Opaque]) -> None:
    whole = RRset(given_set.key, given_set.ttl, given_set.rdatas, (*given_set.extras, *unknown))
    assert convert(native_of(whole, ZONE_ID), ORIGIN).rrset == whole


@given(rrsets(), st.lists(opaques(), max_size=2, unique_by=lambda found: found.field))
@settings(max_examples=100, deadline=None)
def test_the_xml_of_a_request_says_what_the_record_set_says(given_set: RRset, unknown: list[Opaque]) -> None:
    whole = RRset(given_set.key, given_set.ttl, given_set.rdatas, (*given_set.extras, *unknown))
    native = native_of(whole, ZONE_ID)
    sent = change_batch([("CREATE", native)])
    answer = sent.replace(b"ChangeResourceRecordSetsRequest", b"TestResponse")
    change = answers.parse(answer, "Test")["ChangeBatch"]["Changes"]["Change"]  # type: ignore[index]
    read = dict(change["ResourceRecordSet"])
    assert change["Action"] == "CREATE"
    assert _texts(read) == _texts(native)


def _texts(found: object) -> object:
    """A JSON value without what XML cannot tell: empty objects from empty texts."""
    if isinstance(found, dict):
        return {name: _texts(inner) for name, inner in found.items()} or ""
    return [_texts(inner) for inner in found] if isinstance(found, list) else found


VALUES: list[tuple[str, str, str]] = [
    ("TXT", r'"say \"hi\"" "back\\slash" "tab\009end"', r'"say \"hi\"" "back\\slash" "tab\011end"'),
    ("TXT", r'"\195\164"', r'"\303\244"'),
    ("CNAME", r"a\.b.example.net.", r"a\056b.example.net."),
    ("CNAME", r"\*.Example.net.", "*.Example.net."),
    ("MX", "10 mail", "10 mail."),
    ("CAA", '0 issue "ca.example.net; a=1"', '0 issue "ca.example.net; a=1"'),
    ("NAPTR", r'100 50 "u" "E2U+sip" "!^.*$!sip:\\1@x!" .', r'100 50 "u" "E2U+sip" "!^.*$!sip:\\1@x!" .'),
    ("HTTPS", '1 . alpn="h2,h3"', '1 . alpn="h2,h3"'),
    ("TYPE65400", r"\# 2 abcd", r"\# 2 abcd"),
]


@pytest.mark.parametrize(("rdtype", "text", "value"), VALUES)
def test_values_escape_in_octal(rdtype: str, text: str, value: str) -> None:
    (rdata,) = rrset("@", rdtype, 300, text).rdatas
    assert value_of(rdata) == value


NATIVES: list[tuple[RRset, Raw]] = [
    (rrset("*", "A", 0, "192.0.2.1"), raw(r"\052.example.com.", "A", "192.0.2.1", ttl=0)),
    (
        rrset("w", "A", 60, "192.0.2.1", variant="a b", extras=(Weighted(0),)),
        {**raw("w.example.com.", "A", "192.0.2.1", ttl=60), "SetIdentifier": "a b", "Weight": 0},
    ),
    (
        rrset("@", "A", None, extras=(Alias(absolute("Www.example.com.")),)),
        {
            "Name": "example.com.",
            "Type": "A",
            "AliasTarget": {
                "HostedZoneId": ZONE_ID,
                "DNSName": "www.example.com.",
                "EvaluateTargetHealth": False,
            },
        },
    ),
    (
        rrset("p", "A", 60, "192.0.2.1", variant="1", extras=(Geoproximity(latitude="1", longitude="2", bias=5),)),
        {
            **raw("p.example.com.", "A", "192.0.2.1", ttl=60),
            "SetIdentifier": "1",
            "GeoProximityLocation": {"Coordinates": {"Latitude": "1", "Longitude": "2"}, "Bias": 5},
        },
    ),
    (
        rrset(
            "g",
            "A",
            60,
            "192.0.2.1",
            variant="1",
            extras=(Opaque("route53", "GeoLocation.Moon", '"full"'), Geolocation(country="DE")),
        ),
        {
            **raw("g.example.com.", "A", "192.0.2.1", ttl=60),
            "SetIdentifier": "1",
            "GeoLocation": {"CountryCode": "DE", "Moon": "full"},
        },
    ),
    (
        rrset("b", "A", 60, "192.0.2.1", extras=(Opaque("route53", "ResourceRecords", '{"Value": "a.b"}'),)),
        raw("b.example.com.", "A", "192.0.2.1", "a.b", ttl=60),
    ),
]


@pytest.mark.parametrize(("given_set", "native"), NATIVES, ids=[str(found.owner) for found, _ in NATIVES])
def test_record_sets_as_they_are_sent(given_set: RRset, native: Raw) -> None:
    assert native_of(given_set, ZONE_ID) == native


def test_a_type_of_tomorrow_is_written_by_its_name() -> None:
    read = convert(raw("a.example.com.", "FOO", "bar 1"), ORIGIN).rrset
    assert native_of(read, ZONE_ID) == raw("a.example.com.", "FOO", "bar 1")


UNWRITABLE: list[tuple[RRset, str]] = [
    (
        rrset("a", "A", 60, "192.0.2.1", extras=(TrafficPolicy("tpi-1"),)),
        "traffic policy instance tpi-1 owns the set",
    ),
    (rrset("a", "A", 60, "192.0.2.1", extras=(Proxied(),)), "cannot hold what the set says beyond DNS: proxied"),
    (rrset("a", "A", 60, "192.0.2.1", extras=(Note("x"),)), "beyond DNS: note"),
    (
        rrset("a", "A", 60, "192.0.2.1", extras=(ForRecord("192.0.2.1", RecordTTL(5)),)),
        "beyond DNS: for-record",
    ),
    (rrset("a", "A", 60, "192.0.2.1", extras=(Opaque("azure", "x", "1"),)), "The field x of azure means nothing"),
    (rrset("a", "A", 60, "192.0.2.1", extras=(Opaque("route53", "x", "{"),)), "The field x is no JSON"),
    (rrset("a", "A", 60, "192.0.2.1", extras=(Opaque("route53", "TTL.x", "1"),)), "The field TTL.x has no place"),
    (rrset("a", "A", 60, extras=(Opaque("route53", "ResourceRecordSet", "{}"),)), "could not be read"),
    (rrset("a", "A", 60, extras=(Opaque("route53", "ResourceRecords", '"x"'),)), "could not be read"),
    (rrset("a", "A", 60, "192.0.2.1", extras=(Alias(ORIGIN),)), "both values and an alias"),
    (rrset("a", "A", 60), "holds no empty set"),
    (RRset(RRsetKey(ORIGIN, RdataType.A), None, rrset("a", "A", 60, "192.0.2.1").rdatas), "has no TTL"),
]


@pytest.mark.parametrize(("given_set", "words"), UNWRITABLE, ids=[words for _, words in UNWRITABLE])
def test_what_route53_cannot_hold_is_refused_with_the_reason(given_set: RRset, words: str) -> None:
    with pytest.raises(UnwritableError) as refused:
        native_of(given_set, ZONE_ID)
    assert words in str(refused.value)


def test_elements_stand_in_the_order_that_the_service_asks_for() -> None:
    given_set = rrset("w", "A", 60, "192.0.2.1", variant="a", extras=(Weighted(1), Opaque("route53", "Aaa", "1")))
    root = ET.fromstring(change_batch([("DELETE", dict(reversed(native_of(given_set, ZONE_ID).items())))]))
    (record_set,) = [element for element in root.iter() if element.tag.endswith("}ResourceRecordSet")]
    tags = [element.tag.rpartition("}")[2] for element in record_set]
    assert tags == ["Name", "Type", "SetIdentifier", "Weight", "TTL", "ResourceRecords", "Aaa"]


def test_attributes_repeated_elements_and_line_ends_come_back_as_they_were() -> None:
    native = {"Moon": {"@phase": 'a"<b', "#text": "x"}, "Tide": ["1", "2"], "Line": "a\r\nb & c"}
    root = ET.fromstring(change_batch([("CREATE", native)]))
    found = {element.tag.rpartition("}")[2]: element for element in root.iter()}
    assert (found["Moon"].get("phase"), found["Moon"].text, found["Line"].text) == ('a"<b', "x", "a\r\nb & c")
    assert [element.text for element in root.iter() if element.tag.endswith("}Tide")] == ["1", "2"]
    assert json.loads(json.dumps(native)) == native
