"""What the name servers of the demo's providers answer, of what the fakes hold."""

from collections.abc import Sequence

import dns.message
import dns.rdata
import pytest
from dns.name import Name
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.demo.accounts import Accounts
from migrator.demo.clouds import cloudflare_zones, route53_zones
from migrator.demo.published import cloudflare_zone, route53_zone
from migrator.demo.seeds import SHOP
from migrator.model.observation import Transport
from migrator.model.zone import ZoneSnapshot
from tests.demo.zones import name

CDN = name("d111111abcdef8.cloudfront.net")


def nothing_else(_name: Name, _rdtype: RdataType) -> Sequence[Rdata]:
    return []


def cdn(target: Name, rdtype: RdataType) -> Sequence[Rdata]:
    known = (target, rdtype) == (CDN, RdataType.A)
    return [dns.rdata.from_text(RdataClass.IN, rdtype, "192.0.2.80")] if known else []


def lines(zone: ZoneSnapshot) -> set[str]:
    """Each record but SOA and apex NS as text, relative to the apex."""
    return {
        f"{rrset.owner.relativize(zone.origin)} {rrset.ttl} {rrset.rdtype.name} {rdata.to_text()}"
        for rrset in zone.rrsets
        for rdata in rrset.rdatas
        if rrset.owner != zone.origin or rrset.rdtype not in {RdataType.SOA, RdataType.NS}
    }


def simple(owner: str, rdtype: str, *values: str, **more: object) -> dict[str, object]:
    records = [{"Value": value} for value in values]
    return {"Name": owner, "Type": rdtype, "TTL": 300, "ResourceRecords": records, **more}


def alias(owner: str, target: str) -> dict[str, object]:
    found = {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": target, "EvaluateTargetHealth": False}
    return {"Name": owner, "Type": "A", "AliasTarget": found}


@pytest.mark.parametrize(
    ("sets", "answered"),
    [
        ([simple("*.example.org", "A", "192.0.2.1")], {"* 300 A 192.0.2.1"}),
        ([simple("www.example.org", "CNAME", "web.example.net")], {"www 300 CNAME web.example.net."}),
        # Octal, as in names: an umlaut in UTF-8, and a backslash before digits that are none of an escape.
        ([simple("t.example.org", "TXT", r'"\303\274 \\101"')], {r't 300 TXT "\195\188 \\101"'}),
        ([alias("example.org", CDN.to_text())], {"@ 60 A 192.0.2.80"}),
        (
            [alias("a.example.org", "b.example.org."), simple("b.example.org", "A", "192.0.2.2")],
            {"a 300 A 192.0.2.2", "b 300 A 192.0.2.2"},
        ),
        ([alias("a.example.org", "b.example.org."), alias("b.example.org", "a.example.org.")], set()),
        (
            [
                simple("shop.example.org", "A", "192.0.2.72", SetIdentifier="canary", Weight=10),
                simple("shop.example.org", "A", "192.0.2.71", SetIdentifier="current", Weight=90),
            ],
            {"shop 300 A 192.0.2.71"},
        ),
    ],
    ids=[
        "wildcard",
        "name without dot",
        "octal value",
        "alias to elsewhere",
        "alias inside",
        "aliases in a circle",
        "weights",
    ],
)
def test_route53_answers(sets: list[dict[str, object]], answered: set[str]) -> None:
    zone = route53_zones.Account().create("example.org")
    zone.put(*sets)

    assert lines(route53_zone(zone, cdn)) == answered


@pytest.mark.parametrize(
    ("record", "answered"),
    [
        ({"type": "A", "name": "a", "content": "192.0.2.1", "ttl": 60}, {"a 60 A 192.0.2.1"}),
        ({"type": "A", "name": "a", "content": "192.0.2.1", "ttl": 1}, {"a 300 A 192.0.2.1"}),
        (
            {"type": "A", "name": "a", "content": "192.0.2.1", "proxied": True},
            {"a 300 A 203.0.113.200", "a 300 AAAA 2001:db8:ed6e::200"},
        ),
        ({"type": "CNAME", "name": "@", "content": CDN.to_text(omit_final_dot=True)}, {"@ 300 A 192.0.2.80"}),
        ({"type": "CNAME", "name": "w", "content": "web.example.net"}, {"w 300 CNAME web.example.net."}),
        (
            {"type": "MX", "name": "@", "content": "mx.example.net", "priority": 10},
            {"@ 300 MX 10 mx.example.net."},
        ),
        (
            {"type": "SRV", "name": "_x._tcp", "content": "0 1 993 mx.example.net."},
            {"_x._tcp 300 SRV 0 1 993 mx.example.net."},
        ),
        ({"type": "TXT", "name": "t", "content": 'say "it"'}, {r't 300 TXT "say \"it\""'}),
        ({"type": "TXT", "name": "t", "content": "x" * 300}, {f't 300 TXT "{"x" * 255}" "{"x" * 45}"'}),
        ({"type": "TXT", "name": "t", "content": '"a" "b"'}, {'t 300 TXT "a" "b"'}),
        (
            {"type": "CAA", "name": "@", "content": '0 issue "ca.example.net"'},
            {'@ 300 CAA 0 issue "ca.example.net"'},
        ),
        ({"type": "NS", "name": "@", "content": "ns.example.net"}, set()),
    ],
    ids=lambda case: f"{case['type']} {case['content'][:9]}" if isinstance(case, dict) else "",
)
def test_cloudflare_answers(record: dict[str, object], answered: set[str]) -> None:
    zone = cloudflare_zones.Account().create("example.org")
    zone.seed(record)

    assert lines(cloudflare_zone(zone, cdn)) == answered


def test_cloudflare_answers_with_its_own_soa_and_name_servers() -> None:
    zone = cloudflare_zones.Account().create(
        "example.org", name_servers=("ada.ns.cloudflare.com", "bob.ns.cloudflare.com")
    )

    snapshot = cloudflare_zone(zone, nothing_else)

    soa, ns = snapshot.apex(RdataType.SOA), snapshot.apex(RdataType.NS)
    assert soa is not None
    assert ns is not None
    assert soa.rdatas[0].to_text().startswith("ada.ns.cloudflare.com. dns.cloudflare.com. ")
    assert [rdata.to_text() for rdata in ns.rdatas] == ["ada.ns.cloudflare.com.", "bob.ns.cloudflare.com."]


def test_what_changes_in_an_account_is_answered_at_once(accounts: Accounts) -> None:
    query = dns.message.make_query(SHOP, "A")

    def answered() -> list[str]:
        (wire,) = accounts.new.respond(query.to_wire(), Transport.UDP)
        return [rdata.to_text() for rdata in dns.message.from_wire(wire).answer[0]]

    before = answered()
    accounts.switch_proxy_on(SHOP)

    assert (before, answered()) == (["192.0.2.71"], ["203.0.113.200"])
