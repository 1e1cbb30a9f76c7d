"""Writing Route 53 over HTTP with the real boto3: zones, changes, calls; against the fake, and moto where it is
faithful."""

from collections.abc import Iterator
from typing import cast

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.demo.clouds.loopback import Answer
from migrator.demo.clouds.route53 import Fault, Route53
from migrator.errors import InputError, ProviderError
from migrator.interfaces import CallEstimator, DnsClient, Environment, Outcome, ZoneWriter
from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.extras import Alias, HealthCheck, Opaque, Weighted
from migrator.model.names import absolute
from migrator.model.rrset import RRset
from providers import parse_locator
from providers.route53.writer import Writer
from tests.cloud.aws import point_aws_at
from tests.providers.route53_reading import ORIGIN, PROVIDER, no_addresses, raw, read, rrset
from tests.providers.route53_writing import (
    all_done,
    creates,
    hurry,
    is_writable,
    outcomes,
    rrsets,
    writer,
    zone_of,
)

DONE, FAILED = Outcome.DONE, Outcome.FAILED


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Route53]:
    hurry(monkeypatch)
    with Route53() as running:
        point_aws_at(running.url, monkeypatch, tries=2)
        yield running


@pytest.fixture(params=["fake", "moto"])
def service(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param == "fake":
        request.getfixturevalue("cloud")
        yield
        return
    url = request.getfixturevalue("moto_url")
    hurry(monkeypatch)
    point_aws_at(url, monkeypatch, tries=2)
    yield
    httpx.post(f"{url}/moto-api/reset").raise_for_status()


def own(rrsets: tuple[RRset, ...]) -> list[RRset]:
    """The sets of a zone without those that every zone has."""
    return [found for found in rrsets if not (found.owner == ORIGIN and str(found.rdtype.name) in {"SOA", "NS"})]


def opened(cloud: Route53, *raws: dict[str, object]) -> ZoneWriter:
    """A writer that has read a zone with these record sets."""
    cloud.account.create("example.com").put(*raws)
    made = writer()
    made.read()
    return made


WEB = rrset("www", "A", 300, "192.0.2.1")
NEW_WEB = rrset("www", "A", 60, "192.0.2.2", "192.0.2.3")
MAIL = rrset("@", "MX", 300, "10 mx.example.net.")


# ---- zones


def test_a_zone_is_made_filled_and_read_back(service: None) -> None:
    target = writer()
    assert not target.exists()
    target.create()
    assert target.exists()
    empty = target.read().snapshot
    assert len(empty.name_servers) == 4
    assert all_done(list(target.apply(creates([WEB, MAIL]))))
    assert own(target.read().snapshot.rrsets) == [MAIL, WEB]
    assert read("route53:example.com").snapshot.digest() == target.read().snapshot.digest()


def test_sets_are_replaced_and_deleted(service: None) -> None:
    target = writer()
    target.create()
    target.read()
    old = rrset("old", "TXT", 300, '"a" "b"')
    assert all_done(list(target.apply(creates([WEB, old]))))
    target.read()
    assert all_done(list(target.apply([Replace(WEB, NEW_WEB), Delete(old)])))
    assert own(target.read().snapshot.rrsets) == [NEW_WEB]


def test_making_a_zone_twice_makes_one(cloud: Route53) -> None:
    for target in (writer(), writer()):
        target.create()
        target.create()
    assert len(cloud.account.zones) == 1


def test_a_zone_whose_making_was_not_heard_of_is_found(cloud: Route53) -> None:
    target = writer()
    cloud.fail(Fault("CreateHostedZone", drop="after"))
    target.create()
    assert len(cloud.account.zones) == 1
    assert len(target.read().snapshot.name_servers) == 4
    assert cloud.operations().count("CreateHostedZone") == 2


def test_two_people_who_make_the_zone_at_a_time_make_one(cloud: Route53) -> None:
    first, second = writer(), writer()
    assert (first.exists(), second.exists()) == (False, False)
    cloud.fail(Fault("CreateHostedZone", edit=lambda _: first.create()))
    cloud.account.lock = _Unlocked()  # type: ignore[assignment]
    second.create()
    assert len(cloud.account.zones) == 1
    assert first.read().snapshot.rrsets == second.read().snapshot.rrsets


class _Unlocked:
    """Lets one request be carried out within another."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


def test_a_zone_that_was_deleted_can_be_made_again(cloud: Route53) -> None:
    writer().create()
    cloud.account.zones.clear()
    again = writer()
    again.create()
    assert len(cloud.account.zones) == 1
    assert again.exists()


def test_a_private_zone_is_made_for_its_network(cloud: Route53) -> None:
    cloud.account.create("example.com")
    target = writer("route53:example.com?private=true&vpc-id=vpc-1&vpc-region=eu-central-1")
    assert not target.exists()
    target.create()
    (zone,) = [zone for zone in cloud.account.zones.values() if zone.private]
    assert zone.vpcs == [("vpc-1", "eu-central-1")]
    target.read()
    assert all_done(list(target.apply(creates([WEB]))))
    assert "vpc-1 (eu-central-1)" in target.read().findings[0].message
    assert writer("route53:example.com?vpc-id=vpc-1&vpc-region=eu-central-1").exists()
    assert not writer("route53:example.com?vpc-id=vpc-1&vpc-region=eu-west-1").exists()


@pytest.mark.parametrize("options", ["private=true", "vpc-id=vpc-1", "private=true&vpc-id=vpc-1"])
def test_a_private_zone_that_is_not_there_needs_its_network(cloud: Route53, options: str) -> None:
    target = writer(f"route53:example.com?{options}")
    for act in (target.exists, target.create, target.capabilities, target.read):
        with pytest.raises(InputError, match=r"private=true&vpc-id=vpc-0123\.\.\.&vpc-region=eu-central-1"):
            act()
    with pytest.raises(InputError, match="vpc-region= says where vpc-id= is; give both"):
        writer("route53:example.com?vpc-region=eu-central-1")


def test_a_private_zone_is_not_written_by_mistake(cloud: Route53) -> None:
    zone = cloud.account.create("example.com", private=True, vpcs=[("vpc-1", "eu-central-1")])
    with pytest.raises(InputError) as refused:
        writer().exists()
    assert str(refused.value) == (
        f"route53:example.com: there is only a private zone example.com ({zone.identifier}). Write to it with "
        "'route53:example.com?private=true', or make a public one with 'route53:example.com?private=false'."
    )
    assert writer("route53:example.com?private=true").exists()
    assert writer(f"route53:example.com?zone-id={zone.identifier}").exists()
    public = writer("route53:example.com?private=false")
    assert not public.exists()
    public.create()
    assert [zone.private for zone in cloud.account.zones.values()] == [True, False]


def test_two_zones_of_one_name_are_refused_for_writing(cloud: Route53) -> None:
    zones = [cloud.account.create("example.com"), cloud.account.create("example.com")]
    target = writer()
    for act in (target.exists, target.create, target.read, target.capabilities):
        with pytest.raises(InputError, match="2 hosted zones have this name"):
            act()
    assert writer(f"route53:example.com?zone-id={zones[1].identifier}").exists()


def test_a_zone_of_another_service_is_refused(cloud: Route53) -> None:
    zone = cloud.account.create("example.com", linked_service=("servicediscovery.amazonaws.com", "by Cloud Map"))
    target = writer()
    for act in (target.exists, target.create, target.read, target.capabilities):
        with pytest.raises(ProviderError) as refused:
            act()
        assert str(refused.value) == (
            f"Route 53: the hosted zone {zone.identifier} belongs to servicediscovery.amazonaws.com by Cloud Map, "
            "and nobody else can change it. Name another one: route53:example.com?zone-id=Z..."
        )


def test_an_id_that_is_not_there_is_no_zone_to_be_made(cloud: Route53) -> None:
    with pytest.raises(ProviderError, match="there is no hosted zone of this id"):
        writer("route53:example.com?zone-id=Z404").exists()


def test_a_zone_that_is_not_there_cannot_be_read(cloud: Route53) -> None:
    with pytest.raises(ProviderError, match=r"see no hosted zone example\.com; it must be made first"):
        writer().read()


def test_a_locator_without_a_zone_is_refused(cloud: Route53) -> None:
    with pytest.raises(InputError, match="the zone is missing"):
        writer("route53:")


# ---- what the zone can hold


def test_capabilities_are_those_of_the_zone_and_the_account_s_quota(cloud: Route53) -> None:
    zone = cloud.account.create("example.com")
    zone.most_record_sets = 25_000
    found = writer().capabilities()
    assert (found.aliases.scope, found.used_rrsets) == (zone.identifier, 2)
    assert found.rrsets_in_zone is not None
    assert found.rrsets_in_zone.bound == 25_000
    assert found.rrsets_in_zone.claim.source == f"route53:GetHostedZoneLimit of {zone.identifier}"


def test_a_quota_that_is_not_told_is_the_documented_one(cloud: Route53) -> None:
    from migrator.demo.clouds.route53_api import error

    zone = cloud.account.create("example.com")
    for answer in (error(403, "AccessDenied", "no"), Answer(404, b"not here")):
        cloud.fail(Fault("GetHostedZoneLimit", answer))
        found = writer().capabilities()
        assert (found.rrsets_in_zone and found.rrsets_in_zone.bound, found.used_rrsets) == (10_000, 2)
        assert found.aliases.scope == zone.identifier
    cloud.fail(Fault("GetHostedZoneLimit", error(403, "ExpiredToken", "over")))
    with pytest.raises(ProviderError, match="credentials have expired"):
        writer().capabilities()


def test_a_zone_with_data_is_asked_once_whether_it_is_signed(cloud: Route53) -> None:
    zone = cloud.account.create("example.com")
    assert writer().capabilities().signing == ""
    assert "GetDNSSEC" not in cloud.operations()
    zone.put(raw("www.example.com", "A", "192.0.2.1"))
    zone.signing = "SIGNING"
    target = writer()
    target.read()
    assert (target.capabilities().signing, target.read().findings) == ("SIGNING", ())
    assert cloud.operations().count("GetDNSSEC") == 1
    zone.signing = "NOT_SIGNING"
    assert writer().capabilities().signing == ""


def test_who_may_not_ask_whether_a_zone_is_signed_is_told_so(cloud: Route53) -> None:
    from migrator.demo.clouds.route53_api import error

    cloud.account.create("example.com").put(raw("www.example.com", "A", "192.0.2.1"))
    cloud.fail(Fault("GetDNSSEC", error(403, "AccessDenied", "not authorized to perform: route53:GetDNSSEC")))
    target = writer()
    assert [found.check for found in target.read().findings] == ["route53.dnssec-unread"]
    assert target.capabilities().signing == ""
    cloud.fail(Fault("GetDNSSEC", error(403, "ExpiredToken", "over")))
    with pytest.raises(ProviderError, match="credentials have expired"):
        writer().capabilities()


def test_a_zone_that_is_not_there_has_the_documented_capabilities(cloud: Route53) -> None:
    target = writer()
    assert target.capabilities().aliases.scope == ""
    assert cloud.operations() == ["ListHostedZonesByName"]


# ---- changes


def test_changes_in_a_zone_with_data_compare_and_swap(cloud: Route53) -> None:
    target = opened(cloud, raw("www.example.com", "A", "192.0.2.1"), raw("old.example.com", "A", "192.0.2.9"))
    (zone,) = cloud.account.zones.values()
    zone.remove("www.example.com", "A")
    zone.put(raw("www.example.com", "A", "192.0.2.77"))
    found = outcomes(target.apply([Replace(WEB, NEW_WEB), Create(rrset("new", "A", 300, "192.0.2.5"))]))
    outcome, detail = found["www.example.com. A"]
    assert outcome is FAILED
    assert "do not match the current values" in detail
    assert detail.endswith("Somebody changed it since it was read: run the command again.")
    assert found["new.example.com. A"] == (
        FAILED,
        "Not written: Route 53 refuses the request because of www.example.com. A.",
    )
    assert zone.listed()[-1]["ResourceRecords"] == [{"Value": "192.0.2.77"}]


def test_a_set_is_deleted_by_exactly_what_was_read(cloud: Route53) -> None:
    loose = raw("m.example.com", "MX", "10  mx.example.net", "20 MX2.Example.net.")
    target = opened(cloud, loose, raw("t.example.com", "TXT", r'"tab\011"   "x"'))
    before = target.read().snapshot
    old_mail, old_text = own(before.rrsets)
    new_mail = rrset("m", "MX", 60, "10 mx.example.net.")
    assert all_done(list(target.apply([Replace(old_mail, new_mail), Delete(old_text)])))
    assert own(target.read().snapshot.rrsets) == [new_mail]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Replace(rrset("www", "A", 1, "192.0.2.1"), NEW_WEB), "not as it was when the change was planned"),
        (Replace(rrset("gone", "A", 300, "192.0.2.1"), rrset("gone", "A", 1, "192.0.2.1")), "not there any more"),
        (Delete(rrset("www", "A", 1, "192.0.2.1")), "not as it was when the change was planned"),
        (Delete(rrset("gone", "A", 300, "192.0.2.1")), "not there any more"),
        (Create(NEW_WEB), "There is such a set already"),
        (Delete(rrset("@", "NS", 300, "x.")), "SOA and the NS set of the apex cannot be deleted"),
        (Delete(rrset("policy", "A", 300, "192.0.2.1")), "not as it was"),
        (
            Create(rrset("x", "A", 300, "192.0.2.1", extras=(Opaque("azure", "x", "1"),))),
            "means nothing to Route 53",
        ),
    ],
)
def test_a_change_that_does_not_fit_what_was_read_is_not_sent(cloud: Route53, change: Change, words: str) -> None:
    target = opened(
        cloud,
        raw("www.example.com", "A", "192.0.2.1"),
        raw("policy.example.com", "A", "192.0.2.1", TrafficPolicyInstanceId="tpi-1"),
    )
    (result,) = target.apply([change])
    assert result.outcome is FAILED
    assert words in result.detail
    assert target.calls.writes == 0


def test_sets_of_a_traffic_policy_are_never_written(cloud: Route53) -> None:
    target = opened(cloud, raw("policy.example.com", "A", "192.0.2.1", TrafficPolicyInstanceId="tpi-1"))
    (existing,) = own(target.read().snapshot.rrsets)
    plain = rrset("policy", "A", 300, "192.0.2.1")
    for change in (Delete(existing), Replace(existing, plain), Replace(existing, existing)):
        (result,) = target.apply([change])
        assert result.outcome is FAILED
        assert "The traffic policy instance tpi-1 owns the set" in result.detail
    assert target.calls.writes == 0


def test_what_is_so_already_is_done_without_a_call(cloud: Route53) -> None:
    target = opened(cloud, raw("www.example.com", "A", "192.0.2.1"))
    found = list(target.apply([Create(WEB), Replace(WEB, WEB)]))
    assert [(result.outcome, result.detail) for result in found] == [
        (DONE, "It was there already."),
        (DONE, "It was so already."),
    ]
    assert isinstance(target, CallEstimator)
    assert (target.calls.writes, target.calls_for([Create(WEB)])) == (0, 0)


def test_a_cname_gives_way_to_addresses_without_a_gap(cloud: Route53) -> None:
    target = opened(cloud, raw("www.example.com", "CNAME", "x.example.net"))
    cname = rrset("www", "CNAME", 300, "x.example.net.")
    six = rrset("www", "AAAA", 300, "2001:db8::1")
    assert all_done(list(target.apply([Create(WEB), Create(six), Delete(cname)])))
    assert own(target.read().snapshot.rrsets) == [WEB, six]
    assert cloud.operations().count("ChangeResourceRecordSets") == 1


def test_aliases_lead_to_sets_of_the_new_zone(cloud: Route53) -> None:
    target = opened(cloud)
    (zone,) = cloud.account.zones.values()
    first = rrset("a", "A", None, extras=(Alias(absolute("b", ORIGIN)),))
    second = rrset("b", "A", None, extras=(Alias(absolute("www", ORIGIN), zone.identifier),))
    service = rrset("@", "A", None, extras=(Alias(absolute("d1.cloudfront.example.net."), "Z2FDTNDATAQYW2"),))
    assert all_done(list(target.apply(creates([first, second, service, WEB]))))
    found = {str(one.owner): one.extras for one in own(target.read().snapshot.rrsets)}
    assert found["a.example.com."] == (Alias(absolute("b", ORIGIN), zone.identifier),)
    assert found["example.com."] == service.extras


def test_the_apex_is_overwritten_only_where_it_is_as_it_was_read(cloud: Route53) -> None:
    target = opened(cloud)
    (zone,) = cloud.account.zones.values()
    snapshot = target.read().snapshot
    old = {found.rdtype.name: found for found in snapshot.rrsets}
    new_soa = rrset("@", "SOA", 60, "ns1.example.net. hostmaster.example.com. 2 7200 900 1209600 300")
    new_ns = rrset("@", "NS", 60, "ns1.example.net.")
    changes: list[Change] = [Replace(old["SOA"], new_soa), Replace(old["NS"], new_ns), Create(WEB)]
    assert isinstance(target, CallEstimator)
    assert target.calls_for(changes) == 3
    zone.remove("example.com", "NS")
    zone.put(raw("example.com", "NS", "ns9.example.net", ttl=5))
    found = outcomes(target.apply(changes))
    assert found["example.com. NS"] == (FAILED, "Somebody changed it since it was read.")
    assert {found["example.com. SOA"][0], found["www.example.com. A"][0]} == {DONE}
    after = {one.rdtype.name: one for one in target.read().snapshot.rrsets}
    assert after["SOA"] == new_soa
    assert all_done(list(target.apply([Replace(after["NS"], new_ns)])))
    assert {one.rdtype.name: one for one in target.read().snapshot.rrsets}["NS"] == new_ns


def test_a_set_that_is_too_large_to_be_named_twice_is_overwritten_where_it_is_as_it_was_read(
    cloud: Route53,
) -> None:
    target = opened(cloud)
    large = {name: rrset(name, "TXT", 300, *(f'"{n:0203d}"' for n in range(100))) for name in ("s", "t")}
    small = {name: rrset(name, "TXT", 300, *(f'"new {n:0199d}"' for n in range(70))) for name in ("s", "t")}
    assert all_done(list(target.apply(creates(large.values()))))
    target.read()
    changes: list[Change] = [Replace(large[name], small[name]) for name in ("s", "t")]
    assert isinstance(target, CallEstimator)
    assert target.calls_for(changes) == 2 + 2 + 1
    (zone,) = cloud.account.zones.values()
    zone.remove("s.example.com", "TXT")
    found = outcomes(target.apply(changes))
    assert found["s.example.com. TXT"] == (FAILED, "Somebody changed it since it was read.")
    assert found["t.example.com. TXT"] == (DONE, "")
    assert own(target.read().snapshot.rrsets) == [small["t"]]


def test_what_the_service_adds_tomorrow_goes_to_another_zone_of_it(cloud: Route53) -> None:
    cloud.account.newer_types.add("FOO")
    source = cloud.account.create("example.com", comment="from")
    source.put(
        raw("a.example.com", "FOO", "bar 1"),
        raw("b.example.com", "A", "192.0.2.1", Moon={"Phase": "full", "Tides": ["high", "low"]}),
        raw("c.example.com", "A", "192.0.2.1", HealthCheckId="hc-1", SetIdentifier="x", Weight=0),
    )
    there = cloud.account.create("example.com", comment="to")
    carried = own(read(f"route53:example.com?zone-id={source.identifier}").snapshot.rrsets)
    target = writer(f"route53:example.com?zone-id={there.identifier}")
    target.read()
    assert all_done(list(target.apply(creates(carried))))
    assert own(target.read().snapshot.rrsets) == carried
    assert [s for s in there.listed() if s["Type"] not in {"NS", "SOA"}] == [
        s for s in source.listed() if s["Type"] not in {"NS", "SOA"}
    ]


def test_a_set_with_a_field_of_tomorrow_is_deleted_exactly(cloud: Route53) -> None:
    target = opened(
        cloud, raw("b.example.com", "A", "192.0.2.1", Moon={"Phase": "full", "Tides": ["high", "low"]})
    )
    (existing,) = own(target.read().snapshot.rrsets)
    assert all_done(list(target.apply([Delete(existing)])))
    assert own(target.read().snapshot.rrsets) == []


@pytest.mark.parametrize(
    "found",
    [
        rrset("w", "A", 300, "192.0.2.1", variant="a", extras=(Weighted(70), HealthCheck("5f3c"))),
        rrset("*", "TXT", 0, r'"\"\\" "tab\009"', r'"\255"'),
        rrset(r"a\.b", "CNAME", 300, r"\*.example.net."),
        rrset("0/25", "NS", 2**31 - 1, "ns1.example.net."),
    ],
    ids=["weighted", "wildcard and octets", "a dot in a label", "a slash"],
)
def test_what_is_odd_reads_back(cloud: Route53, found: RRset) -> None:
    target = opened(cloud)
    assert all_done(list(target.apply(creates([found]))))
    assert own(target.read().snapshot.rrsets) == [found]


def test_every_zone_that_route53_holds_reads_back_as_it_was_written(cloud: Route53) -> None:
    target = opened(cloud)

    @given(st.lists(rrsets().filter(is_writable), max_size=12).map(zone_of))
    @settings(max_examples=60, deadline=None)
    def holds(found: list[RRset]) -> None:
        assert own(target.read().snapshot.rrsets) == []
        assert all_done(list(target.apply(creates(found))))
        read_back = {one.key: one for one in own(target.read().snapshot.rrsets)}
        deleted = list(target.apply([Delete(one) for one in read_back.values()]))
        assert read_back == {one.key: one for one in found}
        assert all_done(deleted)

    holds()


# ---- calls


@pytest.mark.parametrize("size", [10, 300, 1000, 3000])
def test_an_import_costs_no_call_more_than_it_must(cloud: Route53, size: int) -> None:
    cloud.account.polls_until_insync = 0
    target = writer()
    target.exists()
    target.create()
    target.read()
    sets = [rrset(f"h{n}", "A", 300, *(f"192.0.2.{k}" for k in range(1 + n % 2))) for n in range(size)]
    values = sum(len(found.rdatas) for found in sets)
    batches = -(-values // 1000)
    assert isinstance(target, CallEstimator)
    assert target.calls_for(creates(sets)) == batches + 1
    assert all_done(list(target.apply(creates(sets))))
    pages = -(-(size + 2) // 300)
    assert target.read().reads == pages + (pages > 1)
    operations = cloud.operations()
    assert {name: operations.count(name) for name in set(operations) - {"GetHostedZone"}} == {
        "ListHostedZonesByName": 2,
        "CreateHostedZone": 1,
        "ChangeResourceRecordSets": batches,
        "ListResourceRecordSets": 1 + pages,
    }
    assert (target.calls.reads, target.calls.writes) == (3 + pages + (pages > 1), 1 + batches)


@pytest.mark.parametrize("polls", [0, 1, 3])
def test_the_last_change_is_waited_for(cloud: Route53, polls: int) -> None:
    cloud.account.polls_until_insync = polls
    seen: list[tuple[str, int, int | None]] = []

    def progress(what: str, done: int, total: int | None) -> None:
        seen.append((what, done, total))

    cloud.account.create("example.com")
    environment = Environment(cast("DnsClient", None), no_addresses, progress=progress)
    target = PROVIDER.open_writer(parse_locator("route53:example.com"), environment)
    target.read()
    assert all_done(list(target.apply(creates([WEB]))))
    assert cloud.operations().count("GetChange") == (polls + 1 if polls else 0)
    assert [done for what, done, _ in seen if what == "looks at how the change spreads"] == list(
        range(1, polls + 1)
    )
    assert target.read().findings == ()


def test_a_change_that_does_not_spread_in_time_is_told(cloud: Route53, monkeypatch: pytest.MonkeyPatch) -> None:
    from providers.route53 import pacing
    from providers.route53.pacing import Pace

    monkeypatch.setattr(pacing, "PACE", Pace(1e6, 10**6, polls=(0.01,), patience=0.03))
    cloud.account.polls_until_insync = 99
    target = opened(cloud)
    assert all_done(list(target.apply(creates([WEB]))))
    assert [found.check for found in target.read().findings] == ["route53.spreading"]


def test_closing_is_not_the_end(cloud: Route53) -> None:
    cloud.account.create("example.com")
    target = writer()
    target.read()
    assert isinstance(target, Writer)
    target.close()
    target.close()
    assert all_done(list(target.apply(creates([WEB]))))


NOWHERE = "Not sent: the alias leads to {}.example.com. A, which is not there, and Route 53 refuses that."


def test_an_alias_to_a_set_that_is_not_there_holds_up_nothing_else(cloud: Route53) -> None:
    made = opened(cloud, raw("old.example.com", "A", "192.0.2.9"))
    (zone,) = cloud.account.zones.values()
    lost = rrset("lost", "A", None, extras=(Alias(absolute("nothing.example.com."), zone.identifier),))
    behind = rrset("behind", "A", None, extras=(Alias(absolute("lost.example.com."), zone.identifier),))
    to_web = rrset("to-web", "A", None, extras=(Alias(absolute("www.example.com."), zone.identifier),))
    changes = [*creates((behind, lost, to_web, WEB)), Delete(rrset("old", "A", 300, "192.0.2.9"))]

    assert outcomes(made.apply(changes)) == {
        "behind.example.com. A": (FAILED, NOWHERE.format("lost")),
        "lost.example.com. A": (FAILED, NOWHERE.format("nothing")),
        "to-web.example.com. A": (DONE, ""),
        "www.example.com. A": (DONE, ""),
        "old.example.com. A": (DONE, ""),
    }


def test_an_alias_into_another_zone_of_the_account_is_refused(cloud: Route53) -> None:
    other = cloud.account.create("example.net")
    other.put(raw("www.example.net", "A", "192.0.2.9"))
    made = opened(cloud)
    strange = rrset("www", "A", None, extras=(Alias(absolute("www.example.net."), other.identifier),))

    (result,) = made.apply(creates([strange]))

    assert result.outcome is FAILED
    assert "does not lie within the target zone" in result.detail
