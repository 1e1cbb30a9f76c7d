"""Reading Cloudflare over HTTP with the real SDK: the zone that is meant, whole, in as few calls as can be."""

import json
from pathlib import Path
from typing import Any

import pytest
from dns.rdatatype import RdataType

from migrator.demo.clouds.cloudflare import TOKEN, Cloudflare, Fault
from migrator.demo.clouds.cloudflare_api import error, success
from migrator.demo.clouds.cloudflare_zones import Account, Zone
from migrator.errors import InputError, ProviderError
from migrator.interfaces import Environment
from migrator.model.extras import Flattened, Managed, Opaque, Proxied
from migrator.model.finding import Severity
from migrator.model.names import absolute
from providers.cloudflare.convert import contents
from providers.cloudflare.discovery import zone_of
from providers.cloudflare.remarks import of_dnssec
from tests.cloud.cloudflare import sample
from tests.providers.cloudflare_reading import (
    ENVIRONMENT,
    PROVIDER,
    by_key,
    checks,
    listed,
    locator,
    raw,
    read,
    rrset,
)

WHOLE = ["ListZones", "ListRecords", "GetSettings", "GetDnssec", "ListLoadBalancers"]


def test_a_zone_is_read_whole_with_its_raw_answers(cloud: Cloudflare, zone: Zone) -> None:
    zone.seed(
        {"type": "A", "name": "www", "content": "192.0.2.1", "proxied": True},
        {"type": "MX", "name": "@", "content": "mx.example.net", "priority": 10, "ttl": 3600},
    )
    result = read()
    snapshot = result.snapshot
    servers = ("ada1.ns.cloudflare.com.", "bob1.ns.cloudflare.com.")
    soa = "ada1.ns.cloudflare.com. dns.cloudflare.com. 1 10000 2400 604800 1800"
    assert snapshot.origin == absolute("example.com.")
    assert [(r.key, r.ttl, r.rdatas) for r in snapshot.rrsets] == [
        (r.key, r.ttl, r.rdatas)
        for r in (
            rrset("@", "SOA", 3600, soa),
            rrset("@", "NS", 86400, *servers),
            rrset("@", "MX", 3600, "10 mx.example.net."),
            rrset("www", "A", 300, "192.0.2.1"),
        )
    ]
    assert snapshot.name_servers == tuple(map(absolute, servers))
    assert snapshot.source == "cloudflare:example.com"
    assert snapshot.read_at is not None
    assert cloud.operations() == WHOLE
    assert result.reads == 5
    native = {document.name: json.loads(document.content) for document in snapshot.native}
    assert list(native) == [
        "zone.json",
        "dns-settings.json",
        "dnssec.json",
        "load-balancers.json",
        "dns-records-0001.json",
    ]
    assert native["dns-records-0001.json"]["result"] == zone.records
    assert native["dns-settings.json"]["result"] == zone.settings
    assert checks(result) == [("cloudflare.proxied", "example.com.")]


@pytest.mark.parametrize("records", [10, 300, 1_000, 3_000])
def test_a_zone_of_any_size_takes_five_requests(cloud: Cloudflare, zone: Zone, records: int) -> None:
    zone.put(*({**raw(f"h{n}.example.com", "A", "192.0.2.1"), "id": f"{n}"} for n in range(records)))
    result = read()
    assert result.snapshot.record_count() == records + 3
    assert result.reads == 5
    assert cloud.requests[1].query == {"per_page": "5000000", "page": "1"}


def test_pages_are_followed_to_the_end_where_the_service_gives_fewer(cloud: Cloudflare, zone: Zone) -> None:
    cloud.account.page_cap = 100
    zone.seed(*({"type": "A", "name": f"h{n}", "content": "192.0.2.1"} for n in range(250)))
    told: list[tuple[str, int, int | None]] = []
    environment = Environment(ENVIRONMENT.client, ENVIRONMENT.resolve, progress=lambda *what: told.append(what))
    result = read(environment=environment)
    assert result.snapshot.record_count() == 253
    assert cloud.operations().count("ListRecords") == 3
    assert [n.name for n in result.snapshot.native][-3:] == [f"dns-records-000{n}.json" for n in (1, 2, 3)]
    assert told == [("records", 100, 250), ("records", 200, 250), ("records", 250, 250)]


def test_an_exact_hundred_is_no_reason_for_another_page(cloud: Cloudflare, zone: Zone) -> None:
    cloud.account.page_cap = 100
    zone.seed(*({"type": "A", "name": f"h{n}", "content": "192.0.2.1"} for n in range(100)))
    assert read().snapshot.record_count() == 103
    assert cloud.operations().count("ListRecords") == 1


def add_a_record(account: Account) -> None:
    zone = account.of_name("example.com")
    zone.seed({"type": "A", "name": f"late{len(zone.records)}", "content": "192.0.2.9"})


def test_a_zone_that_changes_between_two_pages_is_listed_again(cloud: Cloudflare, zone: Zone) -> None:
    cloud.account.page_cap = 10
    zone.seed(*({"type": "A", "name": f"h{n}", "content": "192.0.2.1"} for n in range(15)))
    cloud.fail(Fault("ListRecords", edit=add_a_record, skip=1))
    result = read()
    assert result.snapshot.record_count() == 16 + 3
    assert cloud.operations().count("ListRecords") == 4
    assert checks(result) == []


def test_a_zone_that_never_rests_is_said_to(cloud: Cloudflare, zone: Zone) -> None:
    cloud.account.page_cap = 10
    zone.seed(*({"type": "A", "name": f"h{n}", "content": "192.0.2.1"} for n in range(15)))
    cloud.fail(*(Fault("ListRecords", edit=add_a_record, skip=2 * n + 1) for n in range(3)))
    assert checks(read()) == [("cloudflare.changed-while-read", "example.com.")]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"zone_mode": "dns_only"}, ("cloudflare.zone-mode", Severity.NOTICE, "answered with their origins")),
        ({"zone_mode": "cdn_only"}, ("cloudflare.zone-mode", Severity.WARNING, "answered from elsewhere")),
        ({"zone_mode": "moon"}, ("cloudflare.zone-mode", Severity.WARNING, "calls the mode of the zone")),
        ({"geo_policy": {"id": "x"}}, ("cloudflare.unknown-setting", Severity.NOTICE, "have 'geo_policy'")),
    ],
)
def test_settings_that_change_answers_or_are_not_known_are_told(
    zone: Zone, settings: dict[str, Any], said: tuple[str, Severity, str]
) -> None:
    zone.settings |= settings
    (found,) = read().findings
    assert (found.check, found.severity) == said[:2]
    assert said[2] in found.message


def test_settings_that_say_nothing_new_are_not_told(zone: Zone) -> None:
    zone.settings |= {"geo_policy": None, "zone_mode": None, "secondary_overrides": True, "internal_dns": {}}
    assert checks(read()) == []


def test_a_list_that_ends_before_all_records_is_an_error(cloud: Cloudflare, zone: Zone) -> None:
    cloud.account.page_cap = 10
    zone.seed(*({"type": "A", "name": f"h{n}", "content": "192.0.2.1"} for n in range(15)))
    empty = success([], info={"page": 2, "per_page": 10, "total_pages": 2, "count": 0, "total_count": 15})
    for n in range(3):
        cloud.fail(Fault("ListRecords", empty, skip=2 * n + 1))
    (found,) = read().findings
    assert (found.check, found.severity) == ("cloudflare.incomplete", Severity.ERROR)
    assert "counts 15 records in the zone and listed 10, 3 times over: not all" in found.message


def test_a_page_that_comes_again_in_the_place_of_another_is_an_error(cloud: Cloudflare, zone: Zone) -> None:
    cloud.account.page_cap = 10
    zone.seed(*({"type": "A", "name": f"h{n}", "content": "192.0.2.1"} for n in range(20)))
    again = success(
        zone.records[:10], info={"page": 2, "per_page": 10, "total_pages": 2, "count": 10, "total_count": 20}
    )
    for n in range(3):
        cloud.fail(Fault("ListRecords", again, skip=2 * n + 1))
    (found,) = [f for f in read().findings if f.check.startswith("cloudflare.")]
    assert (found.check, found.severity) == ("cloudflare.incomplete", Severity.ERROR)
    assert "counts 20 records in the zone and listed 10, 3 times over: not all" in found.message


def test_what_the_token_may_not_see_is_a_finding(cloud: Cloudflare, zone: Zone) -> None:
    cloud.account.tokens[TOKEN].permissions = frozenset({"zone:read", "dns:read"})
    zone.seed({"type": "A", "name": "www", "content": "192.0.2.1", "ttl": 60})
    result = read()
    assert [(f.check, f.severity) for f in result.findings] == [
        ("cloudflare.dns-settings-unread", Severity.WARNING),
        ("cloudflare.load-balancers-unread", Severity.WARNING),
        ("zone.no-soa", Severity.WARNING),
    ]
    assert [f.remedy for f in result.findings[:2]] == [
        "Give the token the permission 'Zone: DNS: Read'.",
        "Give the token the permission 'Zone: Load Balancers: Read'.",
    ]
    assert by_key(result.snapshot, "@", "NS").ttl == 86400
    cloud.fail(Fault("GetDnssec", error(404, 1001, "not available")))
    assert ("cloudflare.dnssec-unread", "example.com.") in checks(read())


def test_names_that_a_load_balancer_answers_are_told(cloud: Cloudflare, zone: Zone) -> None:
    zone.seed(
        {"type": "A", "name": "www", "content": "192.0.2.1", "ttl": 60},
        {"type": "AAAA", "name": "www", "content": "2001:db8::1", "ttl": 60},
        {"type": "TXT", "name": "shop", "content": "x", "ttl": 60},
        {"type": "A", "name": "off", "content": "192.0.2.2", "ttl": 60},
    )
    names = ("WWW.example.com", "shop.example.com", "*.example.com")
    zone.balancers = [{"id": name, "name": name, "enabled": True, "default_pools": ["p1"]} for name in names]
    zone.balancers += [{"name": "off.example.com", "enabled": False}, {"id": "unnamed"}]
    result = read()
    in_place = "A load balancer answers this name in the place of its A and AAAA set, which alone is carried."
    alone = "A load balancer answers this name, of which the zone has no record: nothing of it is carried."
    assert [(f.check, f.severity, f.subject, f.message) for f in result.findings] == [
        ("cloudflare.load-balancer", Severity.WARNING, "www.example.com.", in_place),
        ("cloudflare.load-balancer", Severity.WARNING, "shop.example.com.", alone),
        ("cloudflare.load-balancer", Severity.WARNING, "*.example.com.", alone),
        ("cloudflare.load-balancer", Severity.WARNING, "example.com.", alone),
    ]
    native = {document.name: json.loads(document.content) for document in result.snapshot.native}
    assert native["load-balancers.json"]["result"] == zone.balancers


def test_settings_of_the_zone_make_its_apex(cloud: Cloudflare, zone: Zone) -> None:
    zone.settings |= {"ns_ttl": 3600.0, "multi_provider": True, "flatten_all_cnames": True}
    zone.settings["soa"] |= {"mname": "ns.example.net", "rname": "root.example.net", "min_ttl": 300, "ttl": 60}
    zone.put(raw("example.com", "NS", "ns.example.net", ttl=7200), raw("a.example.com", "CNAME", "x.example.net"))
    result = read()
    soa = by_key(result.snapshot, "@", "SOA")
    assert (soa.ttl, soa.rdatas[0].to_text()) == (
        60,
        "ns.example.net. root.example.net. 1 10000 2400 604800 300",
    )
    ns = by_key(result.snapshot, "@", "NS")
    assert {rdata.to_text() for rdata in ns.rdatas} == {
        "ada1.ns.cloudflare.com.",
        "bob1.ns.cloudflare.com.",
        "ns.example.net.",
    }
    assert by_key(result.snapshot, "a", "CNAME").extras == (Flattened(),)
    assert checks(result) == [
        ("cloudflare.flattened", "example.com."),
        ("zone.mixed-ttl", "example.com. NS"),
    ]
    zone.settings["soa"]["rname"] = 7
    zone.settings["ns_ttl"] = "never"
    assert [c for c, _ in checks(read()) if c == "cloudflare.unreadable-setting"] == [
        "cloudflare.unreadable-setting"
    ] * 2


def test_vanity_name_servers_serve_the_zone(cloud: Cloudflare, zone: Zone) -> None:
    zone.vanity = ("ns1.example.com", "ns2.example.com")
    result = read()
    assert result.snapshot.name_servers == (absolute("ns1.example.com."), absolute("ns2.example.com."))
    assert checks(result) == [("cloudflare.own-name-servers", "example.com.")]
    assert PROVIDER.assigned_name_servers(locator(), ENVIRONMENT) == result.snapshot.name_servers


@pytest.mark.parametrize(
    ("more", "check", "severity"),
    [
        ({"status": "pending"}, "cloudflare.zone-pending", Severity.NOTICE),
        ({"status": "moved"}, "cloudflare.zone-moved", Severity.WARNING),
        ({"status": "deleted"}, "cloudflare.zone-deleted", Severity.WARNING),
        ({"status": "strange"}, "cloudflare.zone-strange", Severity.NOTICE),
        ({"kind": "secondary"}, "cloudflare.secondary-zone", Severity.WARNING),
        ({"paused": True}, "cloudflare.paused", Severity.NOTICE),
    ],
)
def test_the_state_of_a_zone_is_told(
    cloud: Cloudflare, more: dict[str, Any], check: str, severity: Severity
) -> None:
    cloud.account.create("example.com", **more)
    assert [(f.check, f.severity) for f in read().findings] == [(check, severity)]


@pytest.mark.parametrize("kind", ["partial", "internal"])
def test_a_zone_whose_delegation_is_elsewhere_has_no_apex_of_its_own(cloud: Cloudflare, kind: str) -> None:
    zone = cloud.account.create("example.com", kind=kind)
    zone.seed({"type": "A", "name": "www", "content": "192.0.2.1", "ttl": 60})
    result = read()
    assert [str(r.key.rdtype.name) for r in result.snapshot.rrsets] == ["A"]
    assert (f"cloudflare.{kind}-zone", "example.com.") in checks(result)


def test_a_signed_zone_shows_its_ds_record(cloud: Cloudflare, zone: Zone) -> None:
    zone.dnssec = {"status": "active", "ds": "example.com. 3600 IN DS 1 13 2 AB"}
    (finding,) = read().findings
    assert (finding.check, finding.evidence) == ("cloudflare.signed", ("example.com. 3600 IN DS 1 13 2 AB",))


def test_a_cname_beside_other_data_is_judged_as_cloudflare_does(cloud: Cloudflare, zone: Zone) -> None:
    zone.put(
        raw("example.com", "CNAME", "x.example.net"),
        raw("example.com", "MX", "mx.example.net", priority=10),
        raw("a.example.com", "CNAME", "x.example.net"),
        raw("a.example.com", "TXT", "words"),
        raw("b.example.com", "CNAME", "x.example.net"),
        raw("b.example.com", "A", "192.0.2.1"),
    )
    result = read()
    assert [(f.check, f.subject, f.severity) for f in result.findings] == [
        ("cloudflare.flattened", "example.com. CNAME", Severity.NOTICE),
        ("cloudflare.cname-and-other-data", "a.example.com. CNAME", Severity.WARNING),
        ("zone.cname-and-other-data", "b.example.com. CNAME", Severity.ERROR),
    ]


def test_the_sample_has_one_of_everything(cloud: Cloudflare) -> None:
    sample(cloud.account)
    kinds = {type(getattr(e, "extra", e)) for r in read().snapshot.rrsets for e in r.extras}
    assert {Proxied, Flattened, Managed, Opaque} <= kinds


# ---- which zone


def test_zones_of_one_name_are_refused_with_what_to_type(cloud: Cloudflare) -> None:
    cloud.account.accounts["b" * 32] = "Bücher\x1b[31m"
    first = cloud.account.create("example.com")
    second = cloud.account.create("example.com", account="b" * 32, status="pending", kind="partial", plan="pro")
    with pytest.raises(InputError) as refused:
        read()
    message = str(refused.value)
    assert "2 zones have this name" in message
    assert f"'cloudflare:example.com?zone-id={first.identifier}'" in message
    assert '"Bücher [31m"' in message
    assert "partial, pro plan, pending" in message
    second.seed({"type": "A", "name": "www", "content": "192.0.2.2"})
    for option in (f"zone-id={second.identifier}", f"account-id={'b' * 32}"):
        found = read(f"cloudflare:example.com?{option}")
        assert by_key(found.snapshot, "www", "A").rdatas[0].to_text() == "192.0.2.2"
        assert found.snapshot.source == f"cloudflare:example.com?{option}"
    assert cloud.operations()[-10:] == ["GetZone", *WHOLE[1:], *WHOLE]


def test_an_internal_zone_of_the_same_name_is_seen(cloud: Cloudflare) -> None:
    cloud.account.create("example.com")
    cloud.account.create("example.com", kind="internal")
    with pytest.raises(InputError, match="2 zones have this name"):
        read()


def test_a_zone_that_is_not_seen_is_one_line(cloud: Cloudflare) -> None:
    cloud.account.create("example.net")
    with pytest.raises(ProviderError, match=r"see no zone example\.com: it is not there, or they may not see it"):
        read()
    with pytest.raises(ProviderError, match=f"see no zone example.net in the account {'b' * 32}"):
        read(f"cloudflare:example.net?account-id={'b' * 32}")


def test_an_identifier_of_another_zone_is_refused(cloud: Cloudflare) -> None:
    other = cloud.account.create("example.net")
    with pytest.raises(InputError, match=r"is example\.net, not example\.com"):
        read(f"cloudflare:example.com?zone-id={other.identifier}")
    with pytest.raises(InputError, match=f"is in the account {'a' * 32}"):
        read(f"cloudflare:example.net?zone-id={other.identifier}&account-id={'b' * 32}")
    with pytest.raises(ProviderError, match="refuses to read the zone"):
        read(f"cloudflare:example.com?zone-id={'9' * 32}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cloudflare:", "the zone is missing"),
        ("cloudflare:example.com?profile=x", "no option 'profile'; cloudflare: knows zone-id=, account-id="),
        ("cloudflare:example.com@192.0.2.1", "takes no server after '@'"),
        ("cloudflare:example.com?zone-id=../x", "'../x' is no zone-id"),
        ("cloudflare:example.com?account-id=", "'' is no account-id"),
    ],
)
def test_a_locator_that_makes_no_sense_is_refused_before_anything_is_asked(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        PROVIDER.open_reader(locator(text), ENVIRONMENT)
    with pytest.raises(InputError, match=words):
        PROVIDER.open_writer(locator(text), ENVIRONMENT)


def test_zones_are_listed_page_by_page(cloud: Cloudflare) -> None:
    cloud.account.accounts["b" * 32] = "Other"
    for number in range(120):
        cloud.account.create(f"example{number}.com", account="ab"[number % 2] * 32)
    cloud.account.create("intern.test", kind="internal", status="moved")
    found = listed()
    assert len(found) == 121
    assert cloud.operations() == ["ListZones"] * 3
    assert found[0].name_servers == (
        absolute("ada1.ns.cloudflare.com."),
        absolute("bob1.ns.cloudflare.com."),
    )
    assert found[0].note == f'account "Example Account" {"a" * 32}, free plan'
    assert (found[-1].visibility, found[-1].status) == ("internal", "moved")
    assert len(listed(f"cloudflare:?account-id={'b' * 32}")) == 60
    assert [info.name for info in listed("cloudflare:example7.com")] == [absolute("example7.com.")]
    with pytest.raises(InputError, match="takes no zone-id"):
        listed(f"cloudflare:?zone-id={'1' * 32}")


def test_a_zone_name_beyond_ascii_is_asked_for_in_punycode(cloud: Cloudflare) -> None:
    zone = cloud.account.create("xn--bcher-kva.example")
    zone.put(raw("www.bücher.example", "A", "192.0.2.1"))
    found = read("cloudflare:bücher.example")
    assert cloud.requests[0].query["name"] == "xn--bcher-kva.example"
    assert found.snapshot.rrsets[-1].owner == absolute("www.xn--bcher-kva.example.")


# ---- what other people recorded


def natives_of(path: Path) -> list[Any]:
    found = json.loads(path.read_text())["result"]
    return found if isinstance(found, list) else [found]


@pytest.mark.corpus
def test_recorded_records_are_read_and_only_the_broken_ones_complain(corpus: Path) -> None:
    folder = corpus / "octodns-cloudflare" / "fixtures"
    natives = [n for page in (1, 2, 3) for n in natives_of(folder / f"cloudflare-dns_records-page-{page}.json")]
    assembly = contents(natives, absolute("unit.tests."))
    assert len(natives) == 32
    assert [f.severity for f in assembly.findings if f.severity == Severity.ERROR] == []
    assert [f.subject for f in assembly.findings if f.check.startswith("cloudflare")] == ["unit.tests. SOA"]
    assert len(assembly.snapshot.stray) == 1
    types = {RdataType.to_text(r.rdtype) for r in assembly.snapshot.rrsets if r.rdatas}
    assert " ".join(sorted(types)) == "A AAAA CAA CNAME DS HTTPS LOC MX NAPTR NS PTR SPF SRV SSHFP SVCB TXT"


@pytest.mark.corpus
def test_recorded_answers_of_the_service_are_read(corpus: Path) -> None:
    text = (corpus / "cf-terraforming" / "cloudflare" / "v5" / "cloudflare_dns_record.yaml").read_text()
    body = text.partition("body: |\n")[2].partition("\n    headers:")[0]
    natives = json.loads(body)["result"]
    assembly = contents(natives, absolute("example.com."))
    assert [r.owner.to_text() for r in assembly.snapshot.stray] == ["bryzmhjmhl.terraform.cfapi.net."]
    managed = [r for r in assembly.snapshot.rrsets if Managed("Email Routing") in r.extras]
    assert [RdataType.to_text(r.rdtype) for r in managed] == ["MX"]
    assert [f.severity for f in assembly.findings if f.severity == Severity.ERROR] == []
    lego = corpus / "lego" / "cloudflare" / "internal" / "fixtures" / "create_record.json"
    (found,) = contents(natives_of(lego), absolute("example.com.")).snapshot.rrsets
    assert {type(extra).__name__ for extra in found.extras} == {"Proxied", "Note", "Tags", "Opaque"}


@pytest.mark.corpus
def test_recorded_zones_and_their_state_of_dnssec_are_read(corpus: Path) -> None:
    folder = corpus / "octodns-cloudflare" / "fixtures"
    public, internal = (zone_of(native) for native in natives_of(folder / "cloudflare-internal-zones-mixed.json"))
    assert (public.kind, public.plan, len(public.name_servers)) == ("full", "free", 2)
    assert (internal.kind, internal.plan, internal.name_servers) == ("internal", "", ())
    text = (corpus / "cf-terraforming" / "cloudflare" / "v5" / "cloudflare_zone_dnssec.yaml").read_text()
    body = " ".join(text.partition("body: '")[2].partition("'\n    headers:")[0].split())
    (finding,) = of_dnssec(public, json.loads(body)["result"])
    assert finding.check == "cloudflare.signed"
    assert finding.evidence[0].startswith("example.com. 3600 IN DS 2371 13 2 14D14E8D")
