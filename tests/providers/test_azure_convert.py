"""Record sets of Azure as JSON into RRsets and back: every type, every field, and whatever else may stand."""

import json
from typing import Any

import pytest
from dns.name import Name
from dns.rdatatype import RdataType
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from migrator.demo.clouds.azure import SUBSCRIPTION
from migrator.demo.clouds.azure_rules import RefusedError, judge_set
from migrator.demo.clouds.azure_zones import PREVIEW, Raw, RecordSet, Zone
from migrator.model.extras import Alias, Extra, ForRecord, Metadata, Opaque, Proxied
from migrator.model.finding import Severity
from migrator.model.names import ROOT, absolute
from migrator.model.rrset import RRset, RRsetKey
from providers.azure.body import body_of, type_name_of
from providers.azure.capabilities import of_cloud
from providers.azure.convert import CAPABILITIES, contents, convert
from providers.azure.values import UnwritableError
from providers.conversion import Conversion
from tests import strategies
from tests.providers.azure_reading import ORIGIN, rrset
from tests.providers.azure_sets import ADDRESS, PROFILE, SETS, ZONE_ID, native, opaque

ZONE = Zone(SUBSCRIPTION, "dns", "example.com", 1)


def of(raw: object) -> Conversion:
    return convert(raw, ORIGIN, ZONE_ID)


def judged(conversion: Conversion) -> list[tuple[str, Severity]]:
    return [(found.check, found.severity) for found in conversion.findings]


@pytest.mark.parametrize(("raw", "expected"), SETS, ids=[f"{r['name']} {r['type'][26:]}" for r, _ in SETS])
def test_every_type_and_field_is_read_as_it_means(raw: Raw, expected: RRset) -> None:
    conversion = of(raw)
    assert conversion.rrset == expected
    assert {found.severity for found in conversion.findings} <= {Severity.NOTICE}


@pytest.mark.parametrize(("raw", "expected"), SETS, ids=[f"{r['name']} {r['type'][26:]}" for r, _ in SETS])
def test_what_is_read_is_written_with_all_its_fields(raw: Raw, expected: RRset) -> None:
    wanted = {
        name: found
        for name, found in raw["properties"].items()
        if name not in {"fqdn", "provisioningState"} and found != {}
    }
    written = body_of(expected, ORIGIN, ZONE_ID)
    given = written["properties"]
    assert isinstance(given, dict)
    for field, records in given.items():
        if isinstance(records, list):  # a set has no order
            given[field] = sorted(records, key=str)
            wanted[field] = sorted(wanted[field], key=str)
    assert written == {"properties": wanted}
    assert type_name_of(expected) == raw["type"].rpartition("/")[2]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (native("docs", "CNAME", CNAMERecord={"cname": "docs.example.net"}), "docs.example.net."),
        (native("docs", "CNAME", CNAMERecord={"cname": "DOCS.Example.Net."}), "docs.example.net."),
        (native("DOCS", "cname", cnamerecord={"CName": "docs.example.net"}), "docs.example.net."),
        (native("docs", "CNAME", CNAMERecord={"cname": "bücher.example.net"}), "xn--bcher-kva.example.net."),
    ],
)
def test_targets_are_absolute_with_and_without_a_dot_and_no_case_counts(raw: Raw, expected: str) -> None:
    assert of(raw) == Conversion(rrset("docs", "CNAME", 300, expected), ())


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("bücher", "xn--bcher-kva.example.com."),
        ("BÜCHER", "xn--bcher-kva.example.com."),
        ("a b", r"a\032b.example.com."),
        (r"\097", "a.example.com."),
    ],
)
def test_the_full_name_of_a_set_is_known_in_whatever_form_the_name_has(name: str, owner: str) -> None:
    expected = RRset(RRsetKey(absolute(owner), RdataType.A), 300, rrset("x", "A", 300, "192.0.2.1").rdatas)
    assert of(native(name, "A", ARecords=[{"ipv4Address": "192.0.2.1"}])) == Conversion(expected, ())


@pytest.mark.parametrize("fqdn", ["other.example.com.", "a..example.com.", "", 7])
def test_another_full_name_than_that_of_the_set_is_carried(fqdn: object) -> None:
    conversion = of(native("a", "A", fqdn=fqdn, ARecords=[]))
    assert conversion.rrset.extras == (opaque("properties.fqdn", fqdn),)
    assert judged(conversion) == [("azure.unknown-field", Severity.WARNING)]


def test_the_id_of_an_own_set_is_known_in_any_case_and_another_zones_is_not_taken_for_it() -> None:
    shouted = ZONE_ID.replace("resourceGroups/dns", "resourcegroups/DNS").replace("dnszones", "dnsZones")
    assert of(native("shop", "A", targetResource={"id": f"{shouted}/a/WWW"})).rrset.extras == (
        Alias(absolute("www.example.com."), f"{ZONE_ID}/A/WWW"),
    )
    other = ZONE_ID.replace("groups/dns/", "groups/other/").replace("Groups/dns/", "Groups/other/")
    assert of(native("shop", "A", targetResource={"id": f"{other}/A/www"})).rrset.extras == (
        Alias(ROOT, f"{other}/A/www"),
    )


@pytest.mark.parametrize("extra", [{}, {"id": None}, {"id": ""}, None])
def test_an_empty_link_is_no_alias(extra: object) -> None:
    raw = native("www", "A", ARecords=[{"ipv4Address": "192.0.2.1"}], trafficManagementProfile=extra)
    assert of(raw) == Conversion(rrset("www", "A", 300, "192.0.2.1"), ())


def test_aliases_and_empty_sets_are_told() -> None:
    assert judged(of(native("@", "A", targetResource={"id": ADDRESS}))) == [("azure.alias", Severity.NOTICE)]
    assert ADDRESS in of(native("@", "A", targetResource={"id": ADDRESS})).findings[0].message
    assert judged(of(native("empty", "A", ARecords=None))) == [("azure.empty", Severity.NOTICE)]


# ---- what nobody knows, or nobody can read, is carried and comes back as it was

TLSA = {"usage": 3, "selector": 1, "matchingType": 1, "certAssociationData": "xyz"}
CARRIED: list[tuple[Raw, tuple[Extra, ...], list[tuple[str, Severity]]]] = [
    (
        native("a", "A", ARecords=[], moon={"phase": [1, None]}),
        (opaque("properties.moon", {"phase": [1, None]}),),
        [("azure.unknown-field", Severity.WARNING)],
    ),
    (
        {**native("a", "A", ARecords=[]), "systemData": {"createdBy": "x"}},
        (opaque("systemData", {"createdBy": "x"}),),
        [("azure.unknown-field", Severity.WARNING)],
    ),
    (
        native("a", "A", ARecords=[{"ipv4Address": "192.0.2.999"}]),
        (opaque("properties.ARecords[]", {"ipv4Address": "192.0.2.999"}),),
        [("azure.unreadable-value", Severity.ERROR)],
    ),
    (
        native("a", "A", ARecords="x"),
        (opaque("properties.ARecords", "x"),),
        [("azure.unreadable-field", Severity.ERROR)],
    ),
    (
        native("a", "CNAME", CNAMERecord={"cname": "a..b"}),
        (opaque("properties.CNAMERecord", {"cname": "a..b"}),),
        [("azure.unreadable-value", Severity.ERROR)],
    ),
    (
        native("a", "TLSA", TLSARecords=[TLSA]),
        (opaque("properties.TLSARecords[]", TLSA),),
        [("azure.unreadable-value", Severity.ERROR)],
    ),
    (
        native("a", "A", ARecords=[], metadata={"n": 7}),
        (opaque("properties.metadata.n", 7),),
        [("azure.unreadable-field", Severity.ERROR)],
    ),
    (
        native("a", "A", ARecords=[], metadata=["x"]),
        (opaque("properties.metadata", ["x"]),),
        [("azure.unreadable-field", Severity.ERROR)],
    ),
    (
        native("a", "A", targetResource={"id": 7}),
        (opaque("properties.targetResource", {"id": 7}),),
        [("azure.unreadable-field", Severity.ERROR)],
    ),
    (
        native("a", "A", "300", ARecords=[]),
        (opaque("properties.TTL", "300"),),
        [("azure.unreadable-field", Severity.ERROR)],
    ),
    (
        native("a", "A", ARecords=[], AAAARecords=[{"ipv6Address": "::"}]),
        (opaque("properties.AAAARecords", [{"ipv6Address": "::"}]),),
        [("azure.unknown-field", Severity.WARNING)],
    ),
    (
        native("a", "A", ARecords=[], fqdn="b.example.com."),
        (opaque("properties.fqdn", "b.example.com."),),
        [("azure.unknown-field", Severity.WARNING)],
    ),
]


@pytest.mark.parametrize(("raw", "extras", "findings"), CARRIED)
def test_what_is_not_known_is_carried_named_and_put_back(
    raw: Raw, extras: tuple[Extra, ...], findings: list[tuple[str, Severity]]
) -> None:
    conversion = of(raw)
    assert conversion.rrset.extras == extras
    assert judged(conversion) == findings
    assert again(conversion.rrset) == conversion.rrset


def again(found: RRset) -> RRset:
    """The set as it is read after it was written."""
    body = body_of(found, ORIGIN, ZONE_ID)
    relative = found.owner.relativize(ORIGIN)
    kind = f"Microsoft.Network/dnszones/{type_name_of(found)}"
    return of({"name": str(relative) if relative.labels else "@", "type": kind, **body}).rrset


def test_a_field_of_one_record_stays_with_its_record() -> None:
    records = [{"ipv4Address": "192.0.2.1", "shade": "red"}, {"ipv4Address": "192.0.2.2"}]
    conversion = of(native("a", "A", ARecords=records))
    assert conversion.rrset == rrset(
        "a",
        "A",
        300,
        "192.0.2.1",
        "192.0.2.2",
        extras=(ForRecord("192.0.2.1", opaque("properties.ARecords.shade", "red")),),
    )
    assert judged(conversion) == [("azure.unknown-field", Severity.WARNING)]
    assert body_of(conversion.rrset, ORIGIN, ZONE_ID) == {"properties": {"TTL": 300, "ARecords": records}}
    deep = {"keyTag": 1, "algorithm": 13, "digest": {"algorithmType": 2, "value": "AB" * 32, "more": 1}}
    signed = of(native("a", "DS", DSRecords=[deep])).rrset
    assert body_of(signed, ORIGIN, ZONE_ID) == {"properties": {"TTL": 300, "DSRecords": [deep]}}


def test_a_type_of_tomorrow_keeps_its_number_and_its_records() -> None:
    raw = native("a", "SSHFP", SSHFPRecords=[{"algorithm": 4}])
    conversion = of(raw)
    key = RRsetKey(absolute("a.example.com."), RdataType.SSHFP)
    assert conversion.rrset == RRset(key, 300, (), (opaque("properties.SSHFPRecords", [{"algorithm": 4}]),))
    assert ("azure.unknown-type", Severity.WARNING) in judged(conversion)
    assert again(conversion.rrset) == conversion.rrset


def test_a_type_without_a_number_is_carried_under_a_private_one_and_named() -> None:
    raw = native("a", "FOO", FOORecords=[{"x": 1}])
    conversion = of(raw)
    assert 65280 <= conversion.rrset.rdtype <= 65534
    assert conversion.rrset.extras == (
        opaque("type", "Microsoft.Network/dnszones/FOO"),
        opaque("properties.FOORecords", [{"x": 1}]),
    )
    assert conversion.findings[-1].subject == "a.example.com. FOO"
    assert type_name_of(conversion.rrset) == "FOO"
    assert again(conversion.rrset) == conversion.rrset


@pytest.mark.parametrize(
    "raw",
    [None, 7, "text", [], {}, {"name": 1}, {"name": "a..b"}, {"name": ""}, {"name": "www."}, {"name": "x" * 64}],
)
def test_what_is_no_record_set_stands_whole_at_the_apex_and_is_never_written(raw: object) -> None:
    conversion = of(raw)
    assert conversion.rrset.owner == ORIGIN
    assert conversion.rrset.extras == (opaque("recordSet", raw),)
    assert judged(conversion) == [("azure.unreadable-set", Severity.ERROR)]
    with pytest.raises(UnwritableError, match="could not be read"):
        type_name_of(conversion.rrset)


def test_a_set_without_a_ttl_is_read_with_zero_and_told() -> None:
    raw = native("a", "A", ARecords=[{"ipv4Address": "192.0.2.1"}])
    del raw["properties"]["TTL"]
    assert of(raw).rrset == rrset("a", "A", 0, "192.0.2.1")
    assert judged(of(raw)) == [("azure.no-ttl", Severity.WARNING)]


def test_work_in_progress_and_equal_records_are_told() -> None:
    raw = native("a", "A", ARecords=[{"ipv4Address": "192.0.2.1"}] * 2, provisioningState="Updating")
    assert of(raw).rrset == rrset("a", "A", 300, "192.0.2.1")
    assert judged(of(raw)) == [
        ("azure.not-settled", Severity.WARNING),
        ("azure.duplicate-value", Severity.NOTICE),
    ]


def test_a_set_that_is_listed_twice_is_read_once_and_another_of_its_name_is_carried_beside_it() -> None:
    first = native("www", "A", ARecords=[{"ipv4Address": "192.0.2.1"}])
    twin = native("WWW", "A", ARecords=[{"ipv4Address": "192.0.2.2"}])
    same = contents([first, first], ORIGIN, ZONE_ID)
    assert same.rrsets == (rrset("www", "A", 300, "192.0.2.1"),)
    assert [(f.check, f.severity) for f in same.findings] == [("azure.repeated", Severity.NOTICE)]
    other = contents([first, twin], ORIGIN, ZONE_ID)
    assert other.rrsets == (rrset("www", "A", 300, "192.0.2.1", extras=(opaque("recordSet", twin),)),)
    assert [(f.check, f.severity) for f in other.findings] == [("azure.repeated", Severity.ERROR)]


# ---- laws

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(), max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)
_fields = [
    "TTL",
    "fqdn",
    "metadata",
    "targetResource",
    "trafficManagementProfile",
    "provisioningState",
    "ARecords",
    "CNAMERecord",
    "TXTRecords",
    "SOARecord",
    "DSRecords",
    "caaRecords",
    "moon",
]
_inner = ["id", "ipv4Address", "cname", "value", "flags", "tag", "host", "digest", "keyTag", "algorithm"]
_properties = st.dictionaries(
    st.sampled_from(_fields),
    st.one_of(
        json_values,
        st.lists(st.dictionaries(st.sampled_from(_inner), json_values, max_size=3), max_size=2),
        st.dictionaries(st.sampled_from(_inner), json_values, max_size=3),
    ),
    max_size=5,
)
_names = st.one_of(st.sampled_from(["@", "www", "*", "a.b", "a..b", ".", "@.a", "\\", "ä"]), json_values)
_kinds = st.sampled_from(["A", "TXT", "cname", "SOA", "DS", "CAA", "FOO", "ANY"])
_types = st.one_of(_kinds.map(lambda kind: f"Microsoft.Network/dnszones/{kind}"), json_values)
anything = st.one_of(
    json_values,
    st.fixed_dictionaries(
        {"name": _names, "type": _types},
        optional={"properties": st.one_of(_properties, json_values), "moon": json_values},
    ),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example({"name": "a", "type": "x/TXT", "properties": {"TXTRecords": [{"value": ["\ud800"]}, {}, {"value": "x"}]}})
@example({"name": "a", "type": "x/TXT", "properties": {"TXTRecords": [{"value": ["x" * 256]}]}})
@example({"name": "a", "type": "x/A", "properties": {"TTL": 2**31, "ARecords": [{"ipv4Address": ""}]}})
@example({"name": "@", "type": "0"})
@given(anything)
def test_nothing_raises_and_what_is_not_understood_is_in_the_extras(raw: object) -> None:
    found = of(raw).rrset
    assert found.owner.is_subdomain(ORIGIN)
    for extra in found.extras:
        inner = extra.extra if isinstance(extra, ForRecord) else extra
        if isinstance(inner, Opaque):
            json.loads(inner.document)
    try:
        rewritten = again(found)
    except UnwritableError:
        return
    assert rewritten == found or _same_but_for_nan(rewritten, found)


def _same_but_for_nan(one: RRset, other: RRset) -> bool:
    return repr(one) == repr(other)


HELD = sorted(CAPABILITIES.types - {RdataType.SOA}, key=int)
_host_owners = st.lists(strategies.host_labels, max_size=3).map(lambda found: Name((*found, *ORIGIN.labels)))
metadatas = st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=2)


def relative(owner: Name) -> str:
    return "@" if owner == ORIGIN else owner.relativize(ORIGIN).to_text()


def is_held(found: RRset) -> bool:
    """Tell whether Azure takes a set: what its rules say, and what JSON can say at all."""
    try:
        properties: Any = body_of(found, ORIGIN, ZONE_ID)["properties"]
        zone = Zone(SUBSCRIPTION, "dns", "example.com", 1)
        zone.put(relative(found.owner), "DS" if found.rdtype == RdataType.NS else "NS")
        if found.rdtype == RdataType.CNAME:
            zone.sets.clear()
        judge_set(zone, relative(found.owner), RdataType.to_text(found.rdtype), properties)
    except (UnwritableError, RefusedError):
        return False
    return True


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.rrsets(ORIGIN, HELD), _host_owners, metadatas)
def test_every_set_that_azure_holds_comes_back_as_it_was(
    found: RRset, owner: Name, metadata: dict[str, str]
) -> None:
    extras = tuple(Metadata(name, text) for name, text in sorted(metadata.items()))
    written = RRset(RRsetKey(owner, found.rdtype), found.ttl, found.rdatas, extras)
    assume(is_held(written))
    properties: Any = body_of(written, ORIGIN, ZONE_ID)["properties"]
    stored = RecordSet(relative(owner), RdataType.to_text(found.rdtype), properties)
    back = of(json.loads(json.dumps(ZONE.set_shape(stored, PREVIEW))))
    assert back == Conversion(written, ())


def test_rdata_that_json_cannot_say_is_refused_and_not_bent() -> None:
    for owner, rdtype, text, words in [
        ("a", "TXT", r'"\255"', "no UTF-8"),
        ("a", "LOC", "0 N 0 E 0m", "no form for LOC"),
        ("a", "A", r"\# 3 c00002", "no form for A"),
    ]:
        given = rrset(owner, rdtype, 300, text) if not text.startswith("\\#") else _generic(owner, rdtype)
        with pytest.raises(UnwritableError, match=words):
            body_of(given, ORIGIN, ZONE_ID)


def _generic(owner: str, rdtype: str) -> RRset:
    from dns.rdata import GenericRdata
    from dns.rdataclass import RdataClass

    number = RdataType.from_text(rdtype)
    return RRset(
        RRsetKey(absolute(owner, ORIGIN), number), 300, (GenericRdata(RdataClass.IN, number, b"\xc0\0\2"),)
    )


@pytest.mark.parametrize(
    ("extras", "words"),
    [
        ((Alias(absolute("lb.example.net.")),), "only to resources"),
        ((Alias(ROOT, ADDRESS), Alias(ROOT, PROFILE)), "either records or one alias"),
        ((Opaque("azure", "properties", '"x"'),), "properties of the set could not be read"),
        ((ForRecord("192.0.2.1", Metadata("a", "b")),), "no metadata for one record"),
        ((Proxied(),), "Azure has no proxied"),
    ],
)
def test_extras_that_azure_has_no_form_for_are_refused(extras: tuple[Extra, ...], words: str | None) -> None:
    found = rrset("a", "A", 300, extras=extras)
    if words is None:
        assert type_name_of(found) == "A"
        return
    with pytest.raises(UnwritableError, match=words):
        body_of(found, ORIGIN, ZONE_ID)


def test_an_alias_to_a_set_of_the_zone_is_written_with_the_zones_own_id() -> None:
    www = absolute("www.example.com.")
    for scope in (
        "",
        "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/dnszones/example.com/A/www",
        "Z1",
    ):
        body = body_of(rrset("shop", "A", 60, extras=(Alias(www, scope),)), ORIGIN, ZONE_ID)
        assert body == {"properties": {"TTL": 60, "targetResource": {"id": f"{ZONE_ID}/A/www"}}}


def test_every_claim_has_a_source_and_a_date() -> None:
    claims = dict(CAPABILITIES.claims())
    assert {"types_claim", "ttl_min", "records_in_rrset", "aliases"} <= set(claims)
    assert all(claim.source and claim.verified.year >= 2020 for claim in claims.values())


@pytest.mark.parametrize(
    ("endpoint", "characters"),
    [
        ("https://management.azure.com", 4096),
        ("https://management.usgovcloudapi.net", 1024),
        ("https://Management.ChinaCloudAPI.cn:443/", 1024),
        ("http://127.0.0.1:8080", 4096),
    ],
)
def test_the_texts_of_national_clouds_are_shorter(endpoint: str, characters: int) -> None:
    held = of_cloud(endpoint)

    assert held.text_in_rrset is not None
    assert held.text_in_record is not None
    assert (held.text_in_rrset.bound, held.text_in_record.bound) == (characters, characters)
