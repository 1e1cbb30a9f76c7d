"""Making a zone at Cloudflare, and the SOA and NS set of its apex, which are settings."""

from collections.abc import Callable

import pytest

from migrator.demo.clouds.cloudflare import TOKEN, Cloudflare, Fault
from migrator.demo.clouds.cloudflare_api import error, gateway
from migrator.demo.clouds.cloudflare_zones import Zone
from migrator.errors import InputError, ProviderError
from migrator.interfaces import Outcome
from migrator.model.change import Create, Replace
from migrator.model.extras import Flattened
from migrator.model.names import absolute
from migrator.model.rrset import RRset
from providers.cloudflare.capabilities import CAPABILITIES
from tests.providers.cloudflare_reading import (
    apply,
    by_key,
    changes,
    key,
    outcomes,
    read,
    rrset,
    said,
    writer,
    writes,
)

pytestmark = pytest.mark.usefixtures("slept")
DONE = {Outcome.DONE}
FAILED = {Outcome.FAILED}


# ---- the apex


def test_soa_and_apex_ns_that_stay_as_they_are_cost_nothing(cloud: Cloudflare, zone: Zone) -> None:
    target = writer()
    snapshot = target.read().snapshot
    results = list(target.apply([Replace(s, s) for s in snapshot.rrsets]))
    assert (len(results), outcomes(results)) == (2, DONE)
    assert writes(cloud) == []


APEX: list[tuple[str, RRset, str]] = [
    (
        "pro",
        rrset("@", "SOA", 3600, "ada1.ns.cloudflare.com. me.example.com. 7 10000 2400 604800 300"),
        "the SOA's min_ttl, rname can be set in the Enterprise plan alone",
    ),
    (
        "pro",
        rrset("@", "NS", 3600, "ada1.ns.cloudflare.com.", "bob1.ns.cloudflare.com."),
        "the TTL of the NS set can be set in the Enterprise plan alone",
    ),
    (
        "pro",
        rrset("@", "NS", 86400, "ada1.ns.cloudflare.com.", "bob1.ns.cloudflare.com.", "ns1.example.net."),
        "ns1.example.net.: other name servers need the zone's setting for several providers",
    ),
    (
        "enterprise",
        rrset("@", "NS", 86400, "ns1.example.net."),
        "ada1.ns.cloudflare.com., bob1.ns.cloudflare.com.: Cloudflare's own name servers stay in the set",
    ),
    (
        "enterprise",
        rrset("@", "SOA", 3600, "ada1.ns.cloudflare.com. dns.cloudflare.com. 1 10000 2400 604800 5"),
        (
            "Cloudflare refuses to change the DNS settings (HTTP 400, code 9070, 1004). Cloudflare says: "
            "soa.min_ttl must be between 60 and 86400; DNS Validation Error."
        ),
    ),
]


@pytest.mark.parametrize(("plan", "desired", "reason"), APEX, ids=[f"{p}-{r[:30]}" for p, _, r in APEX])
def test_what_the_plan_does_not_allow_at_the_apex_fails_with_the_reason(
    cloud: Cloudflare, plan: str, desired: RRset, reason: str
) -> None:
    cloud.account.create("example.com", plan=plan)
    results = apply(desired, rrset("www", "A", 300, "192.0.2.1"))
    assert [(r.outcome, r.detail) for r in results] == [(Outcome.FAILED, reason), (Outcome.DONE, "")]


def test_soa_and_ns_ttl_are_settings_of_an_enterprise_zone(cloud: Cloudflare) -> None:
    zone = cloud.account.create("example.com", plan="enterprise")
    soa = rrset("@", "SOA", 1800, "ns.example.net. me.example.com. 9 20000 3600 700000 300")
    ns = rrset("@", "NS", 3600, "ada1.ns.cloudflare.com.", "bob1.ns.cloudflare.com.")
    cloud.fail(Fault("EditSettings", drop="after"), Fault("EditSettings", gateway(502)))
    assert outcomes(apply(soa, ns)) == DONE
    assert zone.settings["soa"] == {
        "mname": "ns.example.net",
        "rname": "me.example.com",
        "refresh": 20000,
        "retry": 3600,
        "expire": 700000,
        "min_ttl": 300,
        "ttl": 1800,
    }
    after = read().snapshot
    assert by_key(after, "@", "NS").ttl == 3600
    assert by_key(after, "@", "SOA").rdatas[0].to_text().split()[3:] == ["20000", "3600", "700000", "300"]


def test_other_name_servers_are_records_where_several_providers_are_allowed(cloud: Cloudflare, zone: Zone) -> None:
    zone.settings["multi_provider"] = True
    own = ("ada1.ns.cloudflare.com.", "bob1.ns.cloudflare.com.")
    assert outcomes(apply(rrset("@", "NS", 86400, *own, "ns1.example.net."))) == DONE
    assert said(zone) == {("example.com", "NS", "ns1.example.net")}
    assert outcomes(apply(rrset("@", "NS", 86400, *own))) == DONE
    assert zone.records == []


def test_the_apex_is_never_deleted(cloud: Cloudflare, zone: Zone) -> None:
    results = apply(without=(key("@", "SOA"), key("@", "NS")))
    assert outcomes(results) == FAILED
    cloud.account.tokens[TOKEN].permissions -= {"settings:read"}
    target = writer()
    target.read()
    (result,) = target.apply([Create(rrset("@", "SOA", 3600, "a. b. 1 2 3 4 5"))])
    assert result.detail == "the SOA is a setting of the zone, which the token may not read"


def test_a_cname_at_the_apex_needs_no_setting(cloud: Cloudflare, zone: Zone) -> None:
    assert outcomes(apply(rrset("@", "CNAME", 300, "x.example.net.", extras=(Flattened(),)))) == DONE
    assert zone.records[0]["settings"] == {}
    assert outcomes(apply(rrset("@", "CNAME", 300, "x.example.net."))) == DONE
    assert writes(cloud) == ["Batch"]


# ---- creating


def test_a_zone_is_created_without_a_scan_of_its_records(cloud: Cloudflare) -> None:
    target = writer()
    assert not target.exists()
    assert target.capabilities() == CAPABILITIES
    target.create()
    target.create()
    assert target.exists()
    (zone,) = cloud.account.zones.values()
    assert (zone.name, zone.kind, zone.status, zone.records) == ("example.com", "full", "pending", [])
    assert writes(cloud) == ["CreateZone"]
    results = list(target.apply(changes(target.read().snapshot, rrset("www", "A", 300, "192.0.2.1"))))
    assert outcomes(results) == DONE


def test_the_account_is_named_where_there_are_several(cloud: Cloudflare) -> None:
    cloud.account.accounts["b" * 32] = "Other"
    for act in ("exists", "create"):
        with pytest.raises(InputError) as refused:
            getattr(writer(), act)()
        assert f"'cloudflare:example.com?account-id={'b' * 32}'  \"Other\"" in str(refused.value)
    writer(f"cloudflare:example.com?account-id={'b' * 32}").create()
    assert next(iter(cloud.account.zones.values())).account == "b" * 32


def test_the_account_is_known_from_the_zones_where_it_cannot_be_listed(cloud: Cloudflare) -> None:
    cloud.account.tokens[TOKEN].permissions -= {"account:read"}
    with pytest.raises(InputError, match="to create it the account must be named"):
        writer().create()
    cloud.account.create("example.net")
    writer().create()
    assert writer().exists()


CREATING: list[tuple[Callable[[Cloudflare], object], str]] = [
    (lambda c: c.account.banned.add("example.com"), "does not take this domain (HTTP 400, code 1097)"),
    (
        lambda c: c.account.taken.add("example.com"),
        "has the domain already, in an account that these credentials do",
    ),
    (
        lambda c: setattr(c.account.tokens[TOKEN], "permissions", frozenset({"zone:read", "account:read"})),
        "refuses to create the zone",
    ),
]


@pytest.mark.parametrize(("arrange", "words"), CREATING, ids=[words[:30] for _, words in CREATING])
def test_a_zone_that_cannot_be_created_is_one_line(
    cloud: Cloudflare, arrange: Callable[[Cloudflare], object], words: str
) -> None:
    arrange(cloud)
    with pytest.raises(ProviderError) as refused:
        writer().create()
    assert words in str(refused.value)


def test_a_zone_below_a_domain_is_for_enterprises(cloud: Cloudflare) -> None:
    with pytest.raises(ProviderError, match="takes only registered domains"):
        writer("cloudflare:dev.example.com").create()


@pytest.mark.parametrize(
    ("fault", "made"),
    [
        (Fault("CreateZone", drop="after"), 1),
        (Fault("CreateZone", drop="before"), 2),
        (Fault("CreateZone", gateway(502), times=2), 3),
        (Fault("CreateZone", error(400, 1061, "example.com already exists"), applied=True), 1),
    ],
)
def test_a_zone_is_created_once_whatever_happens_on_the_way(cloud: Cloudflare, fault: Fault, made: int) -> None:
    cloud.fail(fault)
    target = writer()
    target.create()
    assert len(cloud.account.zones) == 1
    assert writes(cloud) == ["CreateZone"] * made
    assert target.read().snapshot.origin == absolute("example.com.")


def test_an_outage_while_creating_is_one_line(cloud: Cloudflare) -> None:
    cloud.fail(Fault("CreateZone", gateway(503), times=9))
    with pytest.raises(ProviderError, match="to create the zone"):
        writer().create()
    assert writes(cloud) == ["CreateZone"] * 3


@pytest.mark.parametrize(
    ("plan", "least", "most", "tags"),
    [("free", 60, 200, 0), ("business", 60, 3_500, 20), ("enterprise", 30, 3_500, 20)],
)
def test_capabilities_are_a_plan_s(cloud: Cloudflare, plan: str, least: int, most: int, tags: int) -> None:
    cloud.account.create("example.com", plan=plan)
    found = writer().capabilities()
    assert found.records_in_zone is not None
    assert found.tags_in_record is not None
    assert (found.ttl_min.bound, found.records_in_zone.bound, found.tags_in_record.bound) == (least, most, tags)
    cloud.fail(Fault("RecordUsage", error(403, 10000, "Authentication error")))
    assert writer().capabilities().used_records is None
