"""Reading Route 53 over HTTP with the real boto3: against moto's server, and against a fake that is faithful."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import boto3
import httpx
import pytest
from dns.name import Name
from dns.rdatatype import RdataType
from types_boto3_route53 import Route53Client

from migrator.demo.clouds.route53 import Fault, Route53
from migrator.demo.clouds.route53_api import error
from migrator.demo.clouds.route53_zones import Account, Raw, Zone
from migrator.errors import InputError, ProviderError
from migrator.interfaces import DnsClient, Environment, ReadResult, ZoneInfo
from migrator.model.extras import (
    Alias,
    ClientNetwork,
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
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey
from providers import parse_locator
from tests.cloud.aws import point_aws_at
from tests.providers.route53_reading import ENVIRONMENT, ORIGIN, PROVIDER, listed, no_addresses, raw, read, rrset

# ---- the same zone written through boto3 to both services, and read back whole


@dataclass(frozen=True)
class Service:
    url: str
    client: Route53Client

    def create(self, name: str, **more: Any) -> tuple[str, tuple[Name, ...]]:
        reference = f"test {name} {more}"
        created = self.client.create_hosted_zone(Name=name, CallerReference=reference, **more)
        servers = created.get("DelegationSet", {}).get("NameServers", [])
        return created["HostedZone"]["Id"].removeprefix("/hostedzone/"), tuple(absolute(s) for s in servers)

    def write(self, identifier: str, *record_sets: Raw) -> None:
        for start in range(0, len(record_sets), 500):
            changes: Any = [{"Action": "CREATE", "ResourceRecordSet": r} for r in record_sets[start : start + 500]]
            self.client.change_resource_record_sets(HostedZoneId=identifier, ChangeBatch={"Changes": changes})


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Route53]:
    with Route53() as running:
        point_aws_at(running.url, monkeypatch)
        yield running


@pytest.fixture(params=["fake", "moto"])
def service(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    if request.param == "fake":
        url = request.getfixturevalue("cloud").url
    else:
        url = request.getfixturevalue("moto_url")
        point_aws_at(url, monkeypatch)
    client = boto3.client("route53", region_name="us-east-1")
    yield Service(url, client)
    client.close()
    if request.param == "moto":
        httpx.post(f"{url}/moto-api/reset").raise_for_status()


# What is written, and what is read; values as people and tools leave them.
SHARED: list[tuple[Raw, RRset]] = [
    (
        raw("example.com", "MX", "10  mx1.example.net", "20 mx2.example.net."),
        rrset("@", "MX", 300, "10 mx1.example.net.", "20 mx2.example.net."),
    ),
    (
        raw("example.com", "TXT", r'"v=spf1 -all"', r'"say \"hi\"" "tab\011"'),
        rrset("@", "TXT", 300, '"v=spf1 -all"', r'"say \"hi\"" "tab\009"'),
    ),
    (raw("example.com", "CAA", '0 issue "ca.example.net"'), rrset("@", "CAA", 300, '0 issue "ca.example.net"')),
    (raw("example.com", "SPF", '"v=spf1 -all"', ttl=0), rrset("@", "SPF", 0, '"v=spf1 -all"')),
    (raw("*.example.com", "A", "192.0.2.2", "192.0.2.1"), rrset("*", "A", 300, "192.0.2.1", "192.0.2.2")),
    (raw("*.example.com", "AAAA", "2001:DB8:0::1"), rrset("*", "AAAA", 300, "2001:db8::1")),
    (raw("docs.example.com", "CNAME", "docs.example.net"), rrset("docs", "CNAME", 300, "docs.example.net.")),
    (
        raw("child.example.com", "NS", "ns1.example.net", ttl=172800),
        rrset("child", "NS", 172800, "ns1.example.net."),
    ),
    (
        raw("child.example.com", "DS", "60485 5 1 2BB183AF5F22588179A53B0A 98631FAD1A292118"),
        rrset("child", "DS", 300, "60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118"),
    ),
    (
        raw("_sip._tcp.example.com", "SRV", "0 5 5060 sip.example.com"),
        rrset("_sip._tcp", "SRV", 300, "0 5 5060 sip.example.com."),
    ),
    (
        raw("enum.example.com", "NAPTR", '100 50 "u" "E2U+sip" "!^.* x$!sip:a@example.com!" .'),
        rrset("enum", "NAPTR", 300, '100 50 "u" "E2U+sip" "!^.* x$!sip:a@example.com!" .'),
    ),
    (raw("ptr.example.com", "PTR", "host.example.com"), rrset("ptr", "PTR", 300, "host.example.com.")),
    (
        raw("_25._tcp.example.com", "TLSA", "3 1 1 " + "AB" * 32),
        rrset("_25._tcp", "TLSA", 300, "3 1 1 " + "ab" * 32),
    ),
    (raw("host.example.com", "SSHFP", "4 2 " + "0A" * 32), rrset("host", "SSHFP", 300, "4 2 " + "0a" * 32)),
    (
        raw("svc.example.com", "SVCB", "16 svc.example.net port=8443"),
        rrset("svc", "SVCB", 300, "16 svc.example.net. port=8443"),
    ),
    (raw("web.example.com", "HTTPS", '1 . alpn="h2,h3"'), rrset("web", "HTTPS", 300, '1 . alpn="h2,h3"')),
    (
        raw("w.example.com", "A", "192.0.2.1", SetIdentifier="a", Weight=70, HealthCheckId="5f3c"),
        rrset("w", "A", 300, "192.0.2.1", variant="a", extras=(Weighted(70), HealthCheck("5f3c"))),
    ),
    (
        raw("w.example.com", "A", "192.0.2.2", SetIdentifier="b", Weight=0),
        rrset("w", "A", 300, "192.0.2.2", variant="b", extras=(Weighted(0),)),
    ),
    (
        raw("l.example.com", "A", "192.0.2.1", SetIdentifier="eu", Region="eu-central-1"),
        rrset("l", "A", 300, "192.0.2.1", variant="eu", extras=(Latency("eu-central-1"),)),
    ),
    (
        raw("g.example.com", "A", "192.0.2.1", SetIdentifier="rest", GeoLocation={"CountryCode": "*"}),
        rrset("g", "A", 300, "192.0.2.1", variant="rest", extras=(Geolocation(country="*"),)),
    ),
    (
        raw(
            "g.example.com",
            "A",
            "192.0.2.2",
            SetIdentifier="ca",
            GeoLocation={"CountryCode": "US", "SubdivisionCode": "CA"},
        ),
        rrset("g", "A", 300, "192.0.2.2", variant="ca", extras=(Geolocation(country="US", subdivision="CA"),)),
    ),
    (
        raw("f.example.com", "A", "192.0.2.1", SetIdentifier="1", Failover="PRIMARY"),
        rrset("f", "A", 300, "192.0.2.1", variant="1", extras=(Failover("PRIMARY"),)),
    ),
    (
        raw("f.example.com", "A", "192.0.2.2", SetIdentifier="2", Failover="SECONDARY"),
        rrset("f", "A", 300, "192.0.2.2", variant="2", extras=(Failover("SECONDARY"),)),
    ),
    (
        raw("m.example.com", "A", "192.0.2.1", SetIdentifier="1", MultiValueAnswer=True),
        rrset("m", "A", 300, "192.0.2.1", variant="1", extras=(MultiValueAnswer(),)),
    ),
    (
        {
            "Name": "example.com",
            "Type": "A",
            "AliasTarget": {
                "HostedZoneId": "Z2FDTNDATAQYW2",
                "DNSName": "d1.cloudfront.example.net.",
                "EvaluateTargetHealth": True,
            },
        },
        rrset(
            "@",
            "A",
            None,
            extras=(Alias(absolute("d1.cloudfront.example.net."), "Z2FDTNDATAQYW2", evaluate_target_health=True),),
        ),
    ),
]
# moto drops these on reading, and knows no octal escapes.
FAITHFUL: list[tuple[Raw, RRset]] = [
    (
        raw(
            "p.example.com",
            "A",
            "192.0.2.1",
            SetIdentifier="1",
            GeoProximityLocation={"AWSRegion": "eu-west-1", "Bias": -10},
        ),
        rrset("p", "A", 300, "192.0.2.1", variant="1", extras=(Geoproximity("eu-west-1", bias=-10),)),
    ),
    (
        raw(
            "p.example.com",
            "A",
            "192.0.2.2",
            SetIdentifier="2",
            GeoProximityLocation={"Coordinates": {"Latitude": "53.55", "Longitude": "-9.99"}},
        ),
        rrset(
            "p", "A", 300, "192.0.2.2", variant="2", extras=(Geoproximity(latitude="53.55", longitude="-9.99"),)
        ),
    ),
    (
        raw(
            "n.example.com",
            "A",
            "192.0.2.1",
            SetIdentifier="1",
            CidrRoutingConfig={"CollectionId": "0c2f0000-0000-4000-8000-000000000000", "LocationName": "*"},
        ),
        rrset(
            "n",
            "A",
            300,
            "192.0.2.1",
            variant="1",
            extras=(ClientNetwork("0c2f0000-0000-4000-8000-000000000000", "*"),),
        ),
    ),
    (raw("0/25.example.com", "NS", "ns1.example.net"), rrset("0/25", "NS", 300, "ns1.example.net.")),
    (raw(r"a\056b.Example.com", "CNAME", r"\052.example.net"), rrset(r"a\.b", "CNAME", 300, "*.example.net.")),
]


def test_a_zone_is_read_whole(service: Service) -> None:
    identifier, servers = service.create("example.com")
    service.write(identifier, *(given for given, _ in SHARED))
    result = read("route53:example.com")
    snapshot = result.snapshot
    expected = {found.key: found for _, found in SHARED}
    assert {key: found for key, found in snapshot.by_key().items() if not _is_own(key)} == expected
    own = [key for key in snapshot.by_key() if _is_own(key)]
    assert [key.rdtype for key in own] == [RdataType.SOA, RdataType.NS]
    assert (snapshot.origin, snapshot.source, snapshot.name_servers) == (ORIGIN, "route53:example.com", servers)
    assert len(snapshot.name_servers) == 4
    assert result.reads == 3
    assert {found.severity for found in result.findings} == {Severity.NOTICE}


def test_a_zone_is_read_whole_from_a_service_that_escapes_names_and_keeps_every_field(cloud: Route53) -> None:
    client = boto3.client("route53", region_name="us-east-1")
    service = Service(cloud.url, client)
    identifier, _ = service.create("example.com")
    rows = [*SHARED, *FAITHFUL]
    service.write(identifier, *(given for given, _ in rows))
    client.close()
    stored = {found["Name"] for found in cloud.account.zones[identifier].record_sets}
    assert {r"\052.example.com.", r"0\05725.example.com.", r"a\056b.example.com."} < stored
    found = read("route53:example.com").snapshot.by_key()
    assert {key: one for key, one in found.items() if not _is_own(key)} == {one.key: one for _, one in rows}


def checks(result: ReadResult) -> list[str]:
    """The checks that found something, without the one for moto's own way to write an SOA."""
    return [found.check for found in result.findings if found.check != "route53.wrapped-value"]


def _is_own(key: RRsetKey) -> bool:
    return key.owner == ORIGIN and key.rdtype in {RdataType.SOA, RdataType.NS}


def test_zones_are_listed(service: Service) -> None:
    public, servers = service.create("example.org", HostedZoneConfig={"Comment": "shop", "PrivateZone": False})
    private, _ = service.create(
        "example.org",
        HostedZoneConfig={"Comment": "", "PrivateZone": True},
        VPC={"VPCRegion": "eu-central-1", "VPCId": "vpc-1"},
    )
    name = absolute("example.org.")
    outside = ZoneInfo(name, public, "public", 2, name_servers=servers, note="shop")
    expected = {outside, ZoneInfo(name, private, "private", 2, name_servers=())}
    assert set(listed()) == expected
    assert set(listed("route53:example.org")) == expected
    assert listed("route53:?private=false") == [outside]
    assert listed("route53:example.com") == []


def test_two_zones_of_one_name_are_refused_with_what_to_type_and_told_apart_by_an_option(service: Service) -> None:
    public, servers = service.create("example.com", HostedZoneConfig={"Comment": "outside", "PrivateZone": False})
    private, _ = service.create(
        "example.com",
        HostedZoneConfig={"Comment": "", "PrivateZone": True},
        VPC={"VPCRegion": "eu-central-1", "VPCId": "vpc-1"},
    )
    with pytest.raises(InputError) as refused:
        read("route53:example.com")
    lines = str(refused.value).splitlines()
    assert lines[0] == "route53:example.com: 2 hosted zones have this name. Name the one that is meant:"
    assert set(lines[1:]) == {
        f"  'route53:example.com?zone-id={public}'  public, 2 record sets, \"outside\"",
        f"  'route53:example.com?zone-id={private}'  private, 2 record sets, vpc-1 (eu-central-1)",
    }
    for options in (f"zone-id={public}", f"zone-id=/hostedzone/{public}", "private=false"):
        assert read(f"route53:example.com?{options}").snapshot.name_servers == servers
    for options in (f"zone-id={private}", "private=true", "vpc-id=vpc-1", f"zone-id={private}&vpc-id=vpc-1"):
        result = read(f"route53:example.com?{options}")
        assert result.snapshot.name_servers == ()
        assert checks(result) == ["route53.private-zone"]
        assert "vpc-1 (eu-central-1)" in result.findings[0].message


@pytest.mark.parametrize("size", [10, 300, 1000, 3000])
def test_a_zone_costs_a_call_for_300_record_sets_and_two_more(service: Service, size: int) -> None:
    identifier, _ = service.create("example.com")
    service.write(identifier, *(raw(f"h{n}.example.com", "A", "192.0.2.1") for n in range(size)))
    pages = -(-(size + 2) // 300)
    result = read("route53:example.com")
    assert len(result.snapshot.rrsets) == size + 2
    assert result.reads == 2 + pages
    assert read(f"route53:example.com?zone-id={identifier}").reads == 1 + pages + (pages > 1)


def test_assigned_name_servers_are_those_of_the_delegation_set(service: Service) -> None:
    identifier, servers = service.create("example.com")
    for text in ("route53:example.com", f"route53:example.com?zone-id={identifier}"):
        assert PROVIDER.assigned_name_servers(parse_locator(text), ENVIRONMENT) == servers


# ---- what only the faithful fake can show


def test_a_routed_name_goes_on_across_the_border_of_a_page(cloud: Route53) -> None:
    zone = cloud.account.create("example.com")
    zone.put(
        *(raw("w.example.com", "A", "192.0.2.1", SetIdentifier=f"{n:04d}", Weight=n % 256) for n in range(700))
    )
    result = read("route53:example.com")
    assert len(result.snapshot.rrsets) == 702
    queries = [request.query for request in cloud.requests if request.operation == "ListResourceRecordSets"]
    assert [query.get("identifier") for query in queries] == [None, "0298", "0598"]
    assert {query["maxitems"] for query in queries} == {"300"}


def test_the_answers_are_kept_as_they_came(cloud: Route53) -> None:
    zone = cloud.account.create("example.com")
    zone.put(*(raw(f"h{n}.example.com", "A", "192.0.2.1") for n in range(300)))
    native = read("route53:example.com").snapshot.native
    assert [document.name for document in native] == [
        "hosted-zone.xml",
        "record-sets-0001.xml",
        "record-sets-0002.xml",
    ]
    assert all(document.content.startswith(b"<?xml") for document in native)
    assert native[0].content.count(b"<NameServer>") == 4
    assert [document.content.count(b"<ResourceRecordSet>") for document in native] == [0, 300, 2]


def test_what_the_service_adds_tomorrow_is_carried_and_named(cloud: Route53) -> None:
    zone = cloud.account.create("example.com")
    zone.put(
        raw("a.example.com", "FOO", "bar 1"),
        raw("b.example.com", "A", "192.0.2.1", Moon={"Phase": "full", "Tides": ["high", "low"]}),
        raw("c.example.com", "TYPE65400", r"\# 2 abcd"),
    )
    result = read("route53:example.com")
    by_owner = {str(found.owner): found for found in result.snapshot.rrsets}
    assert by_owner["a.example.com."].extras == (
        Opaque("route53", "Type", '"FOO"'),
        Opaque("route53", "ResourceRecords", '{"Value": "bar 1"}'),
    )
    tides = '{"Phase": "full", "Tides": {"Tide": ["high", "low"]}}'
    assert by_owner["b.example.com."] == rrset(
        "b", "A", 300, "192.0.2.1", extras=(Opaque("route53", "Moon", tides),)
    )
    assert by_owner["c.example.com."] == rrset("c", "TYPE65400", 300, r"\# 2 abcd")
    assert [(found.check, found.subject) for found in result.findings] == [
        ("route53.unknown-type", "a.example.com. FOO"),
        ("route53.unknown-field", "b.example.com. A"),
        ("route53.unknown-type", "c.example.com. TYPE65400"),
    ]


def test_sets_of_a_traffic_policy_and_broken_values_are_read_carried_and_named(cloud: Route53) -> None:
    zone = cloud.account.create("example.com", linked_service=("mesh.example.com", "made by mesh"))
    zone.put(
        raw("policy.example.com", "A", "192.0.2.1", TrafficPolicyInstanceId="b2a1"),
        raw("broken.example.com", "A", "192.0.2.1", "192.0.2.999"),
    )
    result = read("route53:example.com")
    found = {str(one.owner): one for one in result.snapshot.rrsets}
    assert found["policy.example.com."].extras == (TrafficPolicy("b2a1"),)
    assert found["broken.example.com."] == rrset(
        "broken", "A", 300, "192.0.2.1", extras=(Opaque("route53", "ResourceRecords", '{"Value": "192.0.2.999"}'),)
    )
    assert [(one.check, one.severity) for one in result.findings] == [
        ("route53.linked-service", Severity.NOTICE),
        ("route53.unreadable-value", Severity.ERROR),
        ("route53.traffic-policy", Severity.WARNING),
    ]


def test_names_that_follow_in_the_list_are_not_taken_for_the_zone(cloud: Route53) -> None:
    for name in ("www.example.com", "example.net", "a.example.com"):
        cloud.account.create(name)
    with pytest.raises(ProviderError, match=r"these credentials see no hosted zone example\.com") as missing:
        read("route53:example.com")
    assert missing.value.exit_code == 3
    cloud.account.create("example.com")
    assert read("route53:EXAMPLE.com").snapshot.origin == ORIGIN


def test_hundreds_of_zones_of_one_name_are_all_seen(cloud: Route53) -> None:
    for n in range(150):
        cloud.account.create("example.com", comment=f"number {n}")
    cloud.account.create("example.net")
    with pytest.raises(InputError) as refused:
        read("route53:example.com")
    lines = str(refused.value).splitlines()
    assert lines[0].startswith("route53:example.com: 150 hosted zones have this name.")
    assert lines[-1] == "  and 130 more; 'dns-migrator zones route53:' lists them all"
    assert cloud.operations() == ["ListHostedZonesByName"] * 2


def test_a_long_list_of_zones_is_paged_by_hundreds(cloud: Route53) -> None:
    zones = [cloud.account.create(f"d{n}.test") for n in range(250)]
    cloud.account.create("linked.test", comment="mine", linked_service=("mesh.example.com", "made by mesh"))
    found = listed()
    assert [info.identifier for info in found[:-1]] == [zone.identifier for zone in zones]
    assert found[-1].note == "mine; managed by mesh.example.com made by mesh"
    assert cloud.operations() == ["ListHostedZones"] * 3


@pytest.mark.parametrize("count", [30, 31])
def test_name_servers_are_listed_where_asking_for_them_takes_no_more_than_an_account_may(
    cloud: Route53, count: int
) -> None:
    for n in range(count):
        cloud.account.create(f"d{n}.test")
    cloud.account.create("inside.test", private=True, vpcs=[("vpc-0123456789abcdef0", "eu-central-1")])
    found = listed()
    assert [info.name_servers is None for info in found] == [count > 30] * count + [False]
    assert cloud.operations() == ["ListHostedZones"] + ["GetHostedZone"] * (count if count <= 30 else 0)


def test_a_list_goes_without_the_name_servers_that_nobody_may_look_at(cloud: Route53) -> None:
    cloud.account.create("example.com")
    cloud.fail(Fault("GetHostedZone", error(403, "AccessDenied", "no")))
    (info,) = listed()
    assert (info.name, info.name_servers) == (absolute("example.com."), None)


def test_a_zone_named_in_octal_is_found(cloud: Route53) -> None:
    zone = cloud.account.create("0/25.2.0.192.in-addr.arpa")
    zone.put(raw("1.0/25.2.0.192.in-addr.arpa", "PTR", "host.example.com"))
    snapshot = read("route53:0/25.2.0.192.in-addr.arpa").snapshot
    assert snapshot.origin == absolute("0/25.2.0.192.in-addr.arpa.")
    assert len(snapshot.rrsets) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("route53:", "the zone is missing"),
        ("route53:example.com?zone=Z1", "there is no option 'zone'; route53: knows zone-id=, profile="),
        ("route53:example.com?private=yes", "private=yes is neither true nor false"),
        ("route53:example.com?zone-id=Z1/rrset", "'Z1/rrset' is no hosted zone id"),
        ("route53:example.com?profile=", "the name of the profile is missing"),
        ("route53:example.com@192.0.2.1", "takes no server"),
    ],
)
def test_a_locator_that_makes_no_sense_is_refused_before_anything_is_asked(
    cloud: Route53, text: str, message: str
) -> None:
    with pytest.raises(InputError) as refused:
        read(text)
    assert message in str(refused.value)
    assert cloud.requests == []


def test_an_id_of_another_zone_is_refused(cloud: Route53) -> None:
    other = cloud.account.create("example.org")
    mine = cloud.account.create("example.com")
    with pytest.raises(InputError, match=f"the hosted zone {other.identifier} is example.org, not example.com"):
        read(f"route53:example.com?zone-id={other.identifier}")
    with pytest.raises(InputError, match="is public; leave one option out"):
        read(f"route53:example.com?zone-id={mine.identifier}&private=true")
    with pytest.raises(ProviderError, match="is public"):
        read("route53:example.com?private=true")
    inner = cloud.account.create("example.com", private=True, vpcs=[("vpc-1", "eu-central-1")])
    with pytest.raises(InputError, match="does not answer to vpc-9"):
        read(f"route53:example.com?zone-id={inner.identifier}&vpc-id=vpc-9")


def test_progress_counts_record_sets_towards_what_the_service_announced(cloud: Route53) -> None:
    zone = cloud.account.create("example.com")
    zone.put(*(raw(f"h{n}.example.com", "A", "192.0.2.1") for n in range(600)))
    seen: list[tuple[str, int, int | None]] = []

    def progress(what: str, done: int, total: int | None) -> None:
        seen.append((what, done, total))

    read("route53:example.com", Environment(cast("DnsClient", None), no_addresses, progress=progress))
    assert seen == [("record sets", 300, 602), ("record sets", 600, 602), ("record sets", 602, 602)]


# ---- a zone that somebody edits between two pages


def many(account: Account) -> Zone:
    zone = account.create("example.com")
    zone.put(*(raw(f"h{n:04d}.example.com", "A", "192.0.2.1") for n in range(600)))
    return zone


def edit(act: Callable[[Zone], object]) -> Callable[[Account], object]:
    return lambda account: act(next(iter(account.zones.values())))


@pytest.mark.parametrize(
    "act",
    [
        lambda zone: zone.put(raw("a.example.com", "A", "192.0.2.7")),
        lambda zone: zone.remove("h0000.example.com", "A"),
        lambda zone: zone.remove("h0298.example.com", "A"),
        lambda zone: (
            zone.remove("h0000.example.com", "A"),
            zone.put(raw("z.example.com", "A", "192.0.2.7")),
        ),
    ],
    ids=[
        "added on a page that was read",
        "removed from a page that was read",
        "removed where the page begins",
        "removed from a page that was read, and another added on one that was not",
    ],
)
def test_a_zone_edited_between_two_pages_is_read_again(cloud: Route53, act: Callable[[Zone], object]) -> None:
    zone = many(cloud.account)
    cloud.fail(Fault("ListResourceRecordSets", edit=edit(act), skip=1))
    result = read("route53:example.com")
    assert len(result.snapshot.rrsets) == len(zone.record_sets)
    assert result.findings == ()
    assert result.reads == len(cloud.requests) == 1 + 3 + 1 + 3 + 1


def test_a_zone_that_never_rests_is_read_and_called_so(cloud: Route53) -> None:
    zone = many(cloud.account)
    for n in range(3):
        name = f"a{n}.example.com"
        cloud.fail(
            Fault(
                "ListResourceRecordSets",
                edit=edit(lambda zone, name=name: zone.put(raw(name, "A", "192.0.2.7"))),  # type: ignore[misc]
                skip=1 + 3 * n,
            )
        )
    result = read("route53:example.com")
    (found,) = result.findings
    assert (found.check, found.severity) == ("route53.incomplete", Severity.ERROR)
    assert "counts 605 record sets in the zone and listed 604, 3 times over: not all" in found.message
    assert len(zone.record_sets) == 605


def test_a_zone_that_loses_sets_while_it_is_read_is_called_restless(cloud: Route53) -> None:
    many(cloud.account)
    for n in range(3):
        name = f"h{n:04d}.example.com"
        cloud.fail(
            Fault(
                "ListResourceRecordSets",
                edit=edit(lambda zone, name=name: zone.remove(name, "A")),  # type: ignore[misc]
                skip=1 + 3 * n,
            )
        )
    (found,) = read("route53:example.com").findings
    assert (found.check, found.severity) == ("route53.changed-while-read", Severity.WARNING)


@pytest.mark.parametrize(
    ("counted", "check", "severity", "reads"),
    [(12, "route53.incomplete", Severity.ERROR, 6), (1, "route53.count", Severity.WARNING, 3)],
)
def test_a_count_that_does_not_fit_is_named(
    cloud: Route53, counted: int, check: str, severity: Severity, reads: int
) -> None:
    cloud.account.create("example.com").counted = counted
    result = read("route53:example.com")
    (found,) = result.findings
    assert (found.check, found.severity) == (check, severity)
    assert f"Route 53 counts {counted} record sets in the zone and listed 2" in found.message
    assert result.reads == len(cloud.requests) == reads


def test_more_sets_than_are_counted_on_several_pages_may_be_those_of_two_states(cloud: Route53) -> None:
    many(cloud.account).counted = 601
    result = read("route53:example.com")
    (found,) = result.findings
    assert (found.check, found.severity, len(result.snapshot.rrsets)) == ("route53.count", Severity.WARNING, 602)
    assert "counts 601 record sets in the zone and listed 602, 3 times over" in found.message
    assert result.reads == 1 + 3 * (3 + 1)


@pytest.mark.parametrize("locator", ["route53:example.com", "route53:example.com?zone-id={}"])
def test_a_zone_of_one_page_that_grew_while_it_was_read_is_read_again(cloud: Route53, locator: str) -> None:
    zone = cloud.account.create("example.com")
    zone.counted = 3

    def catch_up(account: Account) -> None:
        zone.counted = None

    cloud.fail(Fault("ListResourceRecordSets", edit=catch_up, skip=1))
    result = read(locator.format(zone.identifier))
    assert result.findings == ()
    assert len(result.snapshot.rrsets) == 2
