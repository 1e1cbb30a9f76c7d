"""Reading Azure DNS over HTTP with the real SDK, against a fake that is faithful."""

import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from dns.rdatatype import RdataType

from migrator.demo.clouds.azure import SUBSCRIPTION, Azure, Fault
from migrator.demo.clouds.azure_zones import PREVIEW, STABLE, Cloud, Zone, document
from migrator.demo.clouds.loopback import Answer
from migrator.errors import InputError, ProviderError
from migrator.interfaces import DnsClient, Environment
from migrator.model.extras import Opaque
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.model.zone_info import ZoneInfo
from providers import parse_locator
from tests.cloud.azure_environment import point_azure_at
from tests.providers.azure_reading import ENVIRONMENT, ORIGIN, PROVIDER, listed, no_addresses, read, rrset
from tests.providers.azure_sets import SETS, ZONE_ID

OTHER = "fedcba98-7654-3210-fedc-ba9876543210"
HERE = f"azure:example.com?resource-group=dns&subscription={SUBSCRIPTION}"


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Azure]:
    with Azure() as running:
        point_azure_at(running, monkeypatch, subscription=SUBSCRIPTION)
        yield running


@pytest.fixture
def zone(azure: Azure) -> Zone:
    return azure.cloud.create(SUBSCRIPTION, "dns", "example.com")


def hosts(zone: Zone, count: int) -> None:
    for n in range(count):
        zone.put(f"h{n:04d}", "A", ARecords=[{"ipv4Address": "192.0.2.1"}])


def test_a_zone_is_read_whole(azure: Azure, zone: Zone) -> None:
    expected = {}
    for raw, found in SETS:
        if found.key in expected or found.rdtype == RdataType.SOA:
            continue
        properties = {name: value for name, value in raw["properties"].items() if name != "fqdn"}
        zone.put(raw["name"], raw["type"].rpartition("/")[2], **properties)
        expected[found.key] = found
    result = read()
    snapshot = result.snapshot
    own = {key: found for key, found in snapshot.by_key().items() if key not in expected}
    assert {key: found for key, found in snapshot.by_key().items() if key in expected} == expected
    assert [key.rdtype for key in own] == [RdataType.SOA, RdataType.NS]
    assert len(expected) >= 18
    assert (snapshot.origin, snapshot.source) == (ORIGIN, "azure:example.com")
    assert snapshot.name_servers == tuple(absolute(server) for server in zone.name_servers)
    of_azure = [found for found in result.findings if found.check.startswith("azure.")]
    assert {found.severity for found in of_azure} == {Severity.NOTICE}
    assert result.reads == 2


@pytest.mark.parametrize("size", [10, 300, 1000, 3000])
def test_a_zone_costs_a_call_for_1000_record_sets_and_one_more(azure: Azure, zone: Zone, size: int) -> None:
    hosts(zone, size)
    for text, first in ((HERE, "GetZone"), ("azure:example.com", "ListZones")):
        azure.requests.clear()
        result = read(text)
        pages = -(-(size + 2) // 1000)
        assert len(result.snapshot.rrsets) == size + 2
        assert azure.operations() == [first] + ["ListSets"] * pages
        assert result.reads == 1 + pages


def test_without_a_subscription_all_that_the_credentials_see_are_searched(
    azure: Azure, zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    azure.cloud.subscribe(OTHER)
    monkeypatch.delenv("AZURE_SUBSCRIPTION_ID")
    assert read().snapshot.name_servers[0] == absolute(zone.name_servers[0])
    assert azure.operations() == ["ListSubscriptions", "ListZones", "ListZones", "ListSets"]


def test_every_request_asks_with_the_api_version_that_knows_every_type(azure: Azure, zone: Zone) -> None:
    zone.put("child", "NS", NSRecords=[{"nsdname": "ns1.example.net"}])
    zone.put(
        "child",
        "DS",
        DSRecords=[{"keyTag": 1, "algorithm": 13, "digest": {"algorithmType": 2, "value": "AB" * 32}}],
    )
    hosts(zone, 1000)
    rrsets = read(HERE).snapshot.by_key()
    assert rrset("child", "DS", 3600, "1 13 2 " + "ab" * 32).key in rrsets
    assert {request.query["api-version"] for request in azure.requests} == {PREVIEW}
    assert PREVIEW != STABLE


def test_the_answers_are_kept_as_they_came(azure: Azure, zone: Zone) -> None:
    hosts(zone, 1000)
    native = read(HERE).snapshot.native
    assert [document.name for document in native] == [
        "zone.json",
        "record-sets-0001.json",
        "record-sets-0002.json",
    ]
    assert all(rb"Microsoft.Network\/dnszones" in document.content for document in native)
    assert [len(json.loads(document.content)["value"]) for document in native[1:]] == [1000, 2]
    by_list = read("azure:example.com").snapshot.native
    assert json.loads(by_list[0].content) == json.loads(native[0].content)
    assert by_list[1:] == native[1:]


def test_names_of_groups_subscriptions_and_zones_are_found_in_any_case(azure: Azure) -> None:
    azure.cloud.create(SUBSCRIPTION, "DNS-Production", "Example.COM")
    for text in (
        "azure:EXAMPLE.com",
        "azure:example.com?resource-group=dns-production",
        f"azure:example.com?resource-group=DNS-PRODUCTION&subscription={SUBSCRIPTION.upper()}",
    ):
        assert len(read(text).snapshot.rrsets) == 2


def test_a_name_in_several_groups_is_refused_with_what_to_type(azure: Azure, zone: Zone) -> None:
    twin = azure.cloud.create(OTHER, "test", "example.com")
    azure.cloud.create(SUBSCRIPTION, "test", "example.com")
    with pytest.raises(InputError) as refused:
        read()
    first = f"azure:example.com?resource-group=dns&subscription={SUBSCRIPTION}"
    servers = ", ".join(server.rstrip(".") for server in zone.name_servers)
    lines = str(refused.value).splitlines()
    assert lines[0] == "azure:example.com: 2 DNS zones have this name. Name the one that is meant:"
    assert lines[1:3] == [f"  '{first}'", f"    2 record sets, {servers}"]
    assert f"resource-group=test&subscription={SUBSCRIPTION}" in lines[3]
    assert refused.value.exit_code == 2
    assert read(first).snapshot.name_servers[0] == absolute(zone.name_servers[0])
    assert read("azure:example.com?resource-group=dns").snapshot.name_servers[0] == absolute(zone.name_servers[0])
    elsewhere = read(f"azure:example.com?subscription={OTHER}")
    assert elsewhere.snapshot.name_servers[0] == absolute(twin.name_servers[0])


def test_the_same_name_in_several_subscriptions_is_refused_too(
    azure: Azure, zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    azure.cloud.create(OTHER, "dns", "example.com")
    monkeypatch.delenv("AZURE_SUBSCRIPTION_ID")
    with pytest.raises(InputError, match=f"resource-group=dns&subscription={OTHER}"):
        read("azure:example.com?resource-group=dns")


def test_hundreds_of_zones_are_paged_and_a_long_list_is_cut(azure: Azure) -> None:
    for n in range(1005):
        azure.cloud.create(SUBSCRIPTION, f"g{n}", "example.com")
    with pytest.raises(InputError) as refused:
        read()
    lines = str(refused.value).splitlines()
    assert lines[0].startswith("azure:example.com: 1005 DNS zones have this name.")
    assert lines[-1] == "  and 985 more; 'dns-migrator zones azure:' lists them all"
    assert azure.operations() == ["ListZones"] * 2


def test_zones_are_listed(azure: Azure, zone: Zone) -> None:
    other = azure.cloud.create(SUBSCRIPTION, "old", "example.org", zone_type="Private")
    expected = [
        ZoneInfo(
            ORIGIN,
            ZONE_ID,
            "public",
            2,
            "",
            tuple(absolute(server) for server in zone.name_servers),
            "resource group dns",
        ),
        ZoneInfo(absolute("example.org."), other.identifier, "private", 2, "", (), "resource group old"),
    ]
    assert listed() == expected
    assert listed("azure:example.com") == expected[:1]
    assert listed("azure:?resource-group=OLD") == expected[1:]
    assert listed("azure:example.net") == []


def test_assigned_name_servers_are_those_of_the_zone(azure: Azure, zone: Zone) -> None:
    zone.put("@", "NS", NSRecords=[{"nsdname": "ns.example.net."}])
    expected = tuple(absolute(server) for server in zone.name_servers)
    for text in ("azure:example.com", HERE):
        assert PROVIDER.assigned_name_servers(parse_locator(text), ENVIRONMENT) == expected


def test_a_private_a_signed_and_a_tagged_zone_are_told(azure: Azure, zone: Zone) -> None:
    azure.cloud.create(SUBSCRIPTION, "old", "example.org", zone_type="Private")
    zone.dnssec = {"properties": {"signingKeys": [{"keyTag": 60485}]}}
    zone.tags = {"team": "web"}
    assert [(f.check, f.severity) for f in read().findings] == [
        ("azure.dnssec", Severity.WARNING),
        ("azure.zone-tags", Severity.NOTICE),
    ]
    private = read("azure:example.org")
    assert [f.check for f in private.findings] == ["azure.private-zone"]
    assert private.snapshot.name_servers == ()
    assert [info.status for info in listed()] == ["signed", ""]


def test_what_the_service_adds_tomorrow_is_carried_and_named(azure: Azure, zone: Zone) -> None:
    zone.put("a", "FOO", FOORecords=[{"x": 1}])
    zone.put("b", "A", ARecords=[{"ipv4Address": "192.0.2.1"}], moon="full").more = {"systemData": {"by": "x"}}
    result = read()
    found = {str(one.owner): one for one in result.snapshot.rrsets}
    assert found["a.example.com."].extras[1] == Opaque("azure", "properties.FOORecords", '[{"x": 1}]')
    assert found["b.example.com."] == rrset(
        "b",
        "A",
        3600,
        "192.0.2.1",
        extras=(Opaque("azure", "properties.moon", '"full"'), Opaque("azure", "systemData", '{"by": "x"}')),
    )
    assert [f.check for f in result.findings] == [
        "azure.unknown-field",
        "azure.unknown-type",
        "azure.unknown-field",
        "azure.unknown-field",
    ]


# ---- a zone that somebody edits between two pages


def edit(act: Callable[[Zone], object]) -> Callable[[Cloud], None]:
    def acted(cloud: Cloud) -> None:
        act(cloud.only_zone())

    return acted


def test_a_zone_that_is_edited_between_two_pages_is_read_again(azure: Azure, zone: Zone) -> None:
    hosts(zone, 1500)
    azure.fail(Fault("ListSets", edit=edit(lambda zone: zone.remove("h0000", "A")), skip=1))
    result = read(HERE)
    assert len(result.snapshot.rrsets) == 1501
    assert result.findings == ()
    assert azure.operations() == ["GetZone", "ListSets", "ListSets", "GetZone", "ListSets", "ListSets"]


def test_a_set_that_stands_on_two_pages_counts_once(azure: Azure, zone: Zone) -> None:
    def one_comes_and_one_goes(zone: Zone) -> None:
        zone.remove("h1499", "A")
        zone.put("a", "A", ARecords=[{"ipv4Address": "192.0.2.7"}])

    hosts(zone, 1500)
    azure.fail(Fault("ListSets", edit=edit(one_comes_and_one_goes), skip=1))
    result = read(HERE)
    assert absolute("a.example.com.") in {rrset.owner for rrset in result.snapshot.rrsets}
    assert result.findings == ()


@pytest.mark.parametrize(
    ("counted", "check", "severity", "said"),
    [
        (12, "azure.incomplete", Severity.ERROR, "12 record sets in the zone and listed 2, 3 times over: not all"),
        (1, "azure.count", Severity.WARNING, "1 record sets in the zone and listed 2, 3 times over. Somebody"),
    ],
)
def test_a_count_that_never_fits_is_told(
    azure: Azure, zone: Zone, counted: int, check: str, severity: Severity, said: str
) -> None:
    zone.counted = counted
    (found,) = read().findings
    assert (found.check, found.severity) == (check, severity)
    assert said in found.message


def test_a_zone_that_is_deleted_meanwhile_is_one_line(azure: Azure, zone: Zone) -> None:
    azure.fail(Fault("ListSets", edit=lambda cloud: cloud.zones.clear()))
    with pytest.raises(ProviderError, match="there is no such DNS zone, or it was deleted meanwhile"):
        read(HERE)


def test_progress_counts_record_sets_towards_what_the_service_announced(azure: Azure, zone: Zone) -> None:
    hosts(zone, 1500)
    seen: list[tuple[str, int, int | None]] = []

    def progress(what: str, done: int, total: int | None) -> None:
        seen.append((what, done, total))

    read(HERE, Environment(cast("DnsClient", None), no_addresses, progress=progress))
    assert seen == [("record sets", 1000, 1502), ("record sets", 1502, 1502)]


# ---- locators that make no sense


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("azure:", "the zone is missing, as in azure:example.com"),
        ("azure:example.com?group=x", "there is no option 'group'; azure: knows resource-group=, subscription="),
        ("azure:example.com?resource-group=a/b", "'a/b' is no name of a resource group"),
        ("azure:example.com?resource-group=", "'' is no name of a resource group"),
        ("azure:example.com?subscription=Production", "must be the id of a subscription"),
        ("azure:example.com?subscription=", "must be the id of a subscription"),
        ("azure:example.com@192.0.2.1", "takes no server"),
    ],
)
def test_a_locator_that_makes_no_sense_is_refused_before_anything_is_asked(
    azure: Azure, text: str, message: str
) -> None:
    with pytest.raises(InputError) as refused:
        read(text)
    assert message in str(refused.value)
    assert azure.requests == []


def test_a_subscription_by_its_name_in_the_environment_is_refused(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_SUBSCRIPTION_ID", "Production")
    with pytest.raises(InputError, match="AZURE_SUBSCRIPTION_ID must be the id of a subscription"):
        read()
    monkeypatch.setenv("AZURE_SUBSCRIPTION_ID", f"/subscriptions/{SUBSCRIPTION}")
    azure.cloud.create(SUBSCRIPTION, "dns", "example.com")
    assert len(read().snapshot.rrsets) == 2


def test_an_escape_in_a_zone_name_goes_into_the_path(azure: Azure) -> None:
    azure.cloud.create(SUBSCRIPTION, "dns (old)", "0-25.2.0.192.in-addr.arpa")
    text = f"azure:0-25.2.0.192.in-addr.arpa?resource-group=dns%20(old)&subscription={SUBSCRIPTION}"
    with pytest.raises(InputError, match="is no name of a resource group"):
        read(text)
    azure.cloud.create(SUBSCRIPTION, "dns(old)", "0-25.2.0.192.in-addr.arpa")
    assert len(read(text.replace("%20", "")).snapshot.rrsets) == 2


def test_a_page_links_to_the_next_and_no_link_is_followed_elsewhere(azure: Azure, zone: Zone) -> None:
    page: dict[str, Any] = {"value": [], "nextLink": "https://other.example.net/subscriptions?$skipToken=1"}
    azure.fail(Fault("ListSets", Answer(200, document(page))))
    with pytest.raises(ProviderError, match="names another server for its next page, which is not followed"):
        read(HERE)
    page["nextLink"] = f"{azure.url}{zone.identifier}/recordsets?api-version={STABLE}&$skipToken=page-0"
    azure.requests.clear()
    azure.fail(Fault("ListSets", Answer(200, document(page))))
    assert len(read(HERE).snapshot.rrsets) == 2
    assert [request.query["api-version"] for request in azure.requests] == [PREVIEW] * 3
