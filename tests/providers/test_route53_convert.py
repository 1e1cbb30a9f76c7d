"""Record sets of Route 53 as RRsets: every field carried, every oddity named, nothing raised."""

import json
from typing import Any

import dns.name
import dns.rdata
import pytest
from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.codec.zone import dumps, loads
from migrator.model.extras import (
    Alias,
    ClientNetwork,
    Extra,
    Failover,
    Geolocation,
    Geoproximity,
    HealthCheck,
    Latency,
    MultiValueAnswer,
    Opaque,
    TrafficPolicy,
    Weighted,
)
from migrator.model.finding import Finding, Severity
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, assemble_rrsets
from providers.conversion import Conversion
from providers.route53.convert import CAPABILITIES, contents, convert
from providers.route53.values import rdata_of

ORIGIN = absolute("example.com.")
Raw = dict[str, Any]


def rdata(rdtype: str, text: str) -> Rdata:
    return dns.rdata.from_text("IN", rdtype, text, origin=dns.name.root, relativize=False)


def raw_a(name: str = "www.example.com.", *values: str, **more: Any) -> Raw:
    records = [{"Value": value} for value in values or ("192.0.2.1",)]
    return {"Name": name, "Type": "A", "TTL": 300, "ResourceRecords": records, **more}


def opaque(field: str, value: object) -> Opaque:
    return Opaque("route53", field, json.dumps(value, sort_keys=True))


def judged(conversion: Conversion) -> list[tuple[str, Severity]]:
    return [(found.check, found.severity) for found in conversion.findings]


def test_a_simple_set_becomes_an_rrset_without_a_finding() -> None:
    conversion = convert(raw_a("www.example.com.", "192.0.2.2", "192.0.2.1"), ORIGIN)
    key = RRsetKey(absolute("www.example.com."), RdataType.A)
    expected = make(key, 300, (rdata("A", "192.0.2.1"), rdata("A", "192.0.2.2")))
    assert conversion == Conversion(expected, ())


CLOUDFRONT = {
    "HostedZoneId": "Z2FDTNDATAQYW2",
    "DNSName": "d1.cloudfront.example.net.",
    "EvaluateTargetHealth": False,
}
FIELDS: list[tuple[Raw, tuple[Extra, ...]]] = [
    ({"Weight": 70}, (Weighted(70),)),
    ({"Weight": 0}, (Weighted(0),)),
    ({"Region": "eu-central-1"}, (Latency("eu-central-1"),)),
    ({"GeoLocation": {"ContinentCode": "EU"}}, (Geolocation(continent="EU"),)),
    ({"GeoLocation": {"CountryCode": "*"}}, (Geolocation(country="*"),)),
    (
        {"GeoLocation": {"CountryCode": "US", "SubdivisionCode": "CA"}},
        (Geolocation(country="US", subdivision="CA"),),
    ),
    ({"GeoProximityLocation": {"AWSRegion": "us-east-1", "Bias": -99}}, (Geoproximity("us-east-1", bias=-99),)),
    (
        {"GeoProximityLocation": {"LocalZoneGroup": "eu-central-1-ham-1"}},
        (Geoproximity(local_zone_group="eu-central-1-ham-1"),),
    ),
    (
        {"GeoProximityLocation": {"Coordinates": {"Latitude": "53.55", "Longitude": "-9.99"}, "Bias": 0}},
        (Geoproximity(latitude="53.55", longitude="-9.99"),),
    ),
    (
        {"CidrRoutingConfig": {"CollectionId": "0c2f", "LocationName": "*"}},
        (ClientNetwork("0c2f", "*"),),
    ),
    ({"Failover": "PRIMARY"}, (Failover("PRIMARY"),)),
    ({"Failover": "SECONDARY"}, (Failover("SECONDARY"),)),
    ({"MultiValueAnswer": True}, (MultiValueAnswer(),)),
    ({"MultiValueAnswer": False}, (MultiValueAnswer(enabled=False),)),
    ({"HealthCheckId": "5f3c"}, (HealthCheck("5f3c"),)),
    ({"TrafficPolicyInstanceId": "b2a1"}, (TrafficPolicy("b2a1"),)),
    ({"Weight": 1, "HealthCheckId": "5f3c"}, (Weighted(1), HealthCheck("5f3c"))),
]


@pytest.mark.parametrize(("fields", "extras"), FIELDS)
def test_every_routing_policy_and_link_is_carried_with_its_identifier(
    fields: Raw, extras: tuple[Extra, ...]
) -> None:
    rrset = convert(raw_a(SetIdentifier="one of them", **fields), ORIGIN).rrset
    key = RRsetKey(absolute("www.example.com."), RdataType.A, "one of them")
    assert rrset == RRset(key, 300, (rdata("A", "192.0.2.1"),), extras)


@pytest.mark.parametrize(
    ("target", "alias"),
    [
        (CLOUDFRONT, Alias(absolute("d1.cloudfront.example.net."), "Z2FDTNDATAQYW2")),
        (
            {"HostedZoneId": "Z1", "DNSName": "www.example.com", "EvaluateTargetHealth": True},
            Alias(absolute("www.example.com."), "Z1", evaluate_target_health=True),
        ),
        (
            {"HostedZoneId": "Z35SXDOTRQ7X7K", "DNSName": r"\052.elb.example.net.", "EvaluateTargetHealth": False},
            Alias(absolute("*.elb.example.net."), "Z35SXDOTRQ7X7K"),
        ),
    ],
)
def test_an_alias_has_a_target_and_no_ttl(target: Raw, alias: Alias) -> None:
    conversion = convert({"Name": "example.com.", "Type": "AAAA", "AliasTarget": target}, ORIGIN)
    assert conversion.rrset == RRset(RRsetKey(ORIGIN, RdataType.AAAA), None, (), (alias,))
    assert judged(conversion) == [("route53.alias", Severity.NOTICE)]


def test_each_remark_names_the_set_and_what_stays_behind() -> None:
    raws = [
        raw_a(SetIdentifier="a", Weight=0, HealthCheckId="5f3c"),
        raw_a("policy.example.com.", TrafficPolicyInstanceId="b2a1"),
        {"Name": "example.com.", "Type": "A", "AliasTarget": CLOUDFRONT},
    ]
    assert contents(raws, ORIGIN).findings == (
        Finding(
            "route53.routing",
            Severity.NOTICE,
            "www.example.com. A [a]",
            "One of several sets of this name: weight 0.",
        ),
        Finding(
            "route53.health-check",
            Severity.NOTICE,
            "www.example.com. A [a]",
            "Answered only while the health check 5f3c passes; it stays in its AWS account.",
        ),
        Finding(
            "route53.traffic-policy",
            Severity.WARNING,
            "policy.example.com. A",
            "Made by the traffic policy instance b2a1: it cannot be written by hand, and the policy that would "
            "make it again is no record.",
        ),
        Finding(
            "route53.alias",
            Severity.NOTICE,
            "example.com. A",
            "An alias: Route 53 answers what d1.cloudfront.example.net. (hosted zone Z2FDTNDATAQYW2) answers at "
            "that moment.",
        ),
    )


def test_a_value_that_is_no_record_is_carried_beside_the_good_ones_and_is_an_error() -> None:
    conversion = convert(raw_a("www.example.com.", "192.0.2.1", "192.0.2.999"), ORIGIN)
    key = RRsetKey(absolute("www.example.com."), RdataType.A)
    broken = opaque("ResourceRecords", {"Value": "192.0.2.999"})
    assert conversion.rrset == RRset(key, 300, (rdata("A", "192.0.2.1"),), (broken,))
    assert judged(conversion) == [("route53.unreadable-value", Severity.ERROR)]
    assert conversion.findings[0].evidence == ("192.0.2.999",)


def test_a_set_of_broken_values_is_still_a_set() -> None:
    conversion = convert(raw_a("www.example.com.", "x", "y"), ORIGIN)
    extras = (opaque("ResourceRecords", {"Value": "x"}), opaque("ResourceRecords", {"Value": "y"}))
    assert conversion.rrset == RRset(RRsetKey(absolute("www.example.com."), RdataType.A), 300, (), extras)


def test_a_type_without_a_number_is_carried_under_a_private_one_and_named() -> None:
    raw = {"Name": "www.example.com.", "Type": "FOO", "TTL": 60, "ResourceRecords": [{"Value": "bar 1"}]}
    conversion = convert(raw, ORIGIN)
    assert 65280 <= conversion.rrset.rdtype <= 65534
    assert conversion.rrset.ttl == 60
    assert conversion.rrset.extras == (opaque("Type", "FOO"), opaque("ResourceRecords", {"Value": "bar 1"}))
    assert judged(conversion) == [("route53.unknown-type", Severity.WARNING)]
    assert conversion.findings[0].subject == "www.example.com. FOO"
    assert convert({**raw, "Name": "other.example.com."}, ORIGIN).rrset.rdtype == conversion.rrset.rdtype
    assert convert({**raw, "Type": "BAR"}, ORIGIN).rrset.rdtype != conversion.rrset.rdtype


@pytest.mark.parametrize("type_name", ["ANY", "OPT", "AXFR", "TYPE0", "TYPE255", "TYPE70000", "", "A ", 7, None])
def test_what_no_record_can_have_as_its_type_is_carried_like_an_unknown_one(type_name: object) -> None:
    rrset = convert({**raw_a(), "Type": type_name}, ORIGIN).rrset
    assert 65280 <= rrset.rdtype <= 65534
    assert opaque("Type", type_name) in rrset.extras


def test_a_type_by_its_number_is_read_when_its_value_is_generic() -> None:
    raw = {
        "Name": "www.example.com.",
        "Type": "TYPE65400",
        "TTL": 60,
        "ResourceRecords": [{"Value": r"\# 2 abcd"}],
    }
    conversion = convert(raw, ORIGIN)
    assert conversion.rrset.rdatas == (rdata("TYPE65400", r"\# 2 abcd"),)
    assert judged(conversion) == [("route53.unknown-type", Severity.NOTICE)]


def test_a_type_by_its_number_is_carried_when_its_value_is_anything_else() -> None:
    raw = {"Name": "www.example.com.", "Type": "TYPE65400", "TTL": 60, "ResourceRecords": [{"Value": "hello"}]}
    conversion = convert(raw, ORIGIN)
    key = RRsetKey(absolute("www.example.com."), RdataType.make(65400))
    assert conversion.rrset == RRset(key, 60, (), (opaque("ResourceRecords", {"Value": "hello"}),))
    assert judged(conversion) == [
        ("route53.unreadable-value", Severity.WARNING),
        ("route53.unknown-type", Severity.NOTICE),
    ]


@pytest.mark.parametrize(
    ("more", "carried"),
    [
        ({"Shape": "round"}, opaque("Shape", "round")),
        ({"NewPolicy": {"Deep": ["x", 1, None]}}, opaque("NewPolicy", {"Deep": ["x", 1, None]})),
        ({"GeoLocation": {"CountryCode": "DE", "Planet": "3"}}, opaque("GeoLocation.Planet", "3")),
        (
            {"GeoProximityLocation": {"Coordinates": {"Latitude": "1", "Longitude": "2", "Altitude": "3"}}},
            opaque("GeoProximityLocation.Coordinates.Altitude", "3"),
        ),
        ({"AliasTarget": {**CLOUDFRONT, "Sticky": "true"}}, opaque("AliasTarget.Sticky", "true")),
        (
            {"CidrRoutingConfig": {"CollectionId": "c", "LocationName": "l", "Ipv6": "x"}},
            opaque("CidrRoutingConfig.Ipv6", "x"),
        ),
    ],
)
def test_a_field_that_nobody_knows_yet_is_carried_and_named(more: Raw, carried: Opaque) -> None:
    conversion = convert(raw_a(**more), ORIGIN)
    assert carried in conversion.rrset.extras
    named = [found for found in conversion.findings if found.check == "route53.unknown-field"]
    assert [(found.severity, found.evidence) for found in named] == [(Severity.WARNING, (carried.document,))]
    assert carried.field in named[0].message


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Weight", "70"),
        ("Weight", True),
        ("Weight", None),
        ("Region", 1),
        ("Failover", "TERTIARY"),
        ("Failover", ["PRIMARY"]),
        ("MultiValueAnswer", "true"),
        ("GeoLocation", "EU"),
        ("GeoLocation", {"CountryCode": 49}),
        ("GeoProximityLocation", {"Bias": "much"}),
        ("GeoProximityLocation", {"Coordinates": {"Latitude": 53.5}}),
        ("CidrRoutingConfig", {"CollectionId": "c"}),
        ("HealthCheckId", {}),
        ("TrafficPolicyInstanceId", 1),
        ("AliasTarget", {"HostedZoneId": "Z1"}),
        ("AliasTarget", {"DNSName": "a..b"}),
        ("AliasTarget", {"DNSName": "a.", "EvaluateTargetHealth": "no"}),
        ("AliasTarget", "www.example.com."),
        ("SetIdentifier", 7),
        ("TTL", "300"),
        ("TTL", -1),
        ("TTL", 2**31),
        ("TTL", True),
        ("ResourceRecords", "192.0.2.1"),
    ],
)
def test_a_field_of_another_form_is_carried_and_is_an_error(field: str, value: object) -> None:
    conversion = convert({**raw_a(), field: value}, ORIGIN)
    assert opaque(field, value) in conversion.rrset.extras
    assert ("route53.unreadable-field", Severity.ERROR) in judged(conversion)


@pytest.mark.parametrize("record", ["192.0.2.1", None, {}, {"Value": 1}, {"Value": "192.0.2.1", "Comment": "x"}])
def test_a_value_of_another_form_is_carried_and_is_an_error(record: object) -> None:
    conversion = convert({**raw_a(), "ResourceRecords": [record]}, ORIGIN)
    assert conversion.rrset.extras == (opaque("ResourceRecords", record),)
    assert judged(conversion) == [("route53.unreadable-field", Severity.ERROR)]


@pytest.mark.parametrize(
    "native", [None, 7, "text", [], {}, {"Name": 1, "Type": "A"}, {"Name": "a..b", "Type": "A"}]
)
def test_what_is_no_record_set_stands_whole_at_the_apex(native: object) -> None:
    conversion = convert(native, ORIGIN)
    assert conversion.rrset.owner == ORIGIN
    assert conversion.rrset.extras == (opaque("ResourceRecordSet", native),)
    assert judged(conversion) == [("route53.unreadable-set", Severity.ERROR)]


def test_values_without_a_ttl_are_never_cached_rather_than_lost() -> None:
    raw = raw_a()
    del raw["TTL"]
    conversion = convert(raw, ORIGIN)
    assert conversion.rrset.ttl == 0
    assert judged(conversion) == [("route53.no-ttl", Severity.WARNING)]


def test_two_spellings_of_one_record_are_carried_once_and_named() -> None:
    raw = {"Name": "example.com.", "Type": "NS", "TTL": 60}
    raw["ResourceRecords"] = [{"Value": "NS1.example.net"}, {"Value": "ns1.example.net."}]
    conversion = convert(raw, ORIGIN)
    assert len(conversion.rrset.rdatas) == 1
    assert judged(conversion) == [("route53.duplicate-value", Severity.NOTICE)]


def test_words_without_quotes_are_read_as_strings_and_named() -> None:
    raw = {"Name": "example.com.", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": "v=spf1 -all"}]}
    conversion = convert(raw, ORIGIN)
    assert conversion.rrset.rdatas == (rdata("TXT", '"v=spf1" "-all"'),)
    assert judged(conversion) == [("route53.unquoted-text", Severity.NOTICE)]


def test_an_soa_as_moto_writes_it_is_read_and_named() -> None:
    text = "ns1.example.net. hostmaster.example.net. 1 7200 900 1209600 86400"
    wrapped = {"Value": f"{{'Value': '{text}'}}"}
    conversion = convert({"Name": "example.com.", "Type": "SOA", "TTL": 900, "ResourceRecords": [wrapped]}, ORIGIN)
    assert conversion.rrset == make(RRsetKey(ORIGIN, RdataType.SOA), 900, (rdata("SOA", text),))
    assert judged(conversion) == [("route53.wrapped-value", Severity.NOTICE)]


def test_an_owner_outside_the_zone_is_kept_apart() -> None:
    found = contents(
        [raw_a("www.example.org."), {"Name": "a.test.", "Type": "A", "AliasTarget": CLOUDFRONT}], ORIGIN
    )
    assert found.rrsets == ()
    assert [record.owner for record in found.stray] == [absolute("www.example.org."), absolute("a.test.")]
    assert [f.check for f in found.findings if f.severity is Severity.WARNING] == ["zone.out-of-zone"] * 2


def test_a_key_that_comes_twice_is_carried_whole() -> None:
    first, second = raw_a(), raw_a("www.example.com.", "192.0.2.7")
    same = contents([first, first], ORIGIN)
    assert same.rrsets == (convert(first, ORIGIN).rrset,)
    assert [(f.check, f.severity) for f in same.findings] == [("route53.repeated", Severity.NOTICE)]
    other = contents([first, second], ORIGIN)
    assert other.rrsets[0].extras == (opaque("ResourceRecordSet", second),)
    assert [(f.check, f.severity) for f in other.findings] == [("route53.repeated", Severity.ERROR)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
KNOWN_FIELDS = (
    "TTL",
    "Weight",
    "Region",
    "GeoLocation",
    "GeoProximityLocation",
    "CidrRoutingConfig",
    "Failover",
    "MultiValueAnswer",
    "AliasTarget",
    "HealthCheckId",
    "SetIdentifier",
    "TrafficPolicyInstanceId",
    "Surprise",
)
NAMES = st.sampled_from(["example.com.", r"\052.example.com.", "WWW.example.com", "a.test."]) | st.text(
    max_size=30
)
TYPES = st.sampled_from([RdataType.to_text(rdtype) for rdtype in sorted(CAPABILITIES.types)]) | st.text(
    max_size=10
)
PIECES = st.sampled_from(
    ["0", "1 ", '"', "\\", "\\052", ";", "(", " . ", "example", "=", "\n", "é", "192.0.2.1", "#"]
)
VALUES = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=40)
RECORD_SETS = st.builds(
    lambda name, rdtype, values, more: {
        "Name": name,
        "Type": rdtype,
        "ResourceRecords": [{"Value": value} for value in values],
        **more,
    },
    NAMES,
    TYPES,
    st.lists(VALUES, max_size=3),
    st.dictionaries(st.sampled_from(KNOWN_FIELDS), JSON, max_size=4),
)


@settings(max_examples=200)
@given(st.lists(RECORD_SETS | JSON, max_size=4))
def test_any_json_becomes_a_snapshot(natives: list[object]) -> None:
    found = contents(natives, ORIGIN)
    snapshot = assemble_rrsets(ORIGIN, found.rrsets, stray=found.stray).snapshot
    assert snapshot.digest().startswith("sha256:")
    assert bool(snapshot.rrsets or snapshot.stray) == bool(natives)


@settings(max_examples=200)
@given(RECORD_SETS)
def test_every_value_and_field_is_a_record_or_is_carried_as_it_came(raw: Raw) -> None:
    rrset = convert(raw, ORIGIN).rrset
    carried = {(extra.field, extra.document) for extra in rrset.extras if isinstance(extra, Opaque)}
    if ("ResourceRecordSet", json.dumps(raw, sort_keys=True)) in carried:
        return
    for record in raw["ResourceRecords"]:
        if ("ResourceRecords", json.dumps(record, sort_keys=True)) not in carried:
            assert rdata_of(record["Value"], rrset.rdtype) in rrset.rdatas
    if "Surprise" in raw:
        assert ("Surprise", json.dumps(raw["Surprise"], sort_keys=True)) in carried


def test_claims_about_the_service_have_a_source_and_a_date() -> None:
    claims = dict(CAPABILITIES.claims())
    assert {"types_claim", "ttl_min", "ttl_max", "records_in_rrset", "rrsets_in_zone", "aliases"} <= claims.keys()
    assert all(claim.source and claim.verified.year >= 2022 for claim in claims.values())
    assert len(CAPABILITIES.types) == 17


def test_recorded_record_sets_of_a_real_zone_are_read_without_a_complaint(corpus: Any) -> None:
    recorded = json.loads((corpus / "r53-exporter" / "route53records.json").read_text())
    natives = [native for by_type in recorded.values() for native in by_type]
    found = contents(natives, Name(()).concatenate(dns.name.root))
    assert len(found.rrsets) == len(natives)
    assert {f.severity for f in found.findings} <= {Severity.NOTICE}
    assert isinstance(assemble_rrsets(dns.name.root, found.rrsets).snapshot, ZoneSnapshot)


@settings(max_examples=200)
@given(st.lists(RECORD_SETS | JSON, max_size=4))
def test_whatever_was_read_survives_the_backup(natives: list[object]) -> None:
    found = contents(natives, ORIGIN)
    snapshot = assemble_rrsets(ORIGIN, found.rrsets, stray=found.stray).snapshot
    again, findings = loads(dumps(snapshot, found.findings))
    assert (again.rrsets, again.stray, findings) == (snapshot.rrsets, snapshot.stray, found.findings)
