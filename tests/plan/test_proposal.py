"""Translation and plan together: what must be decided, and what lets the import go on."""

from dataclasses import replace

import pytest

from migrator.errors import InputError
from migrator.model.change import Create
from migrator.model.extras import Alias, ForRecord, Managed, Note, Proxied, Weighted
from migrator.model.finding import Finding, Position, Severity
from migrator.model.locator import parse
from migrator.model.loss import Fate, LedgerEntry
from migrator.model.names import absolute
from migrator.model.zone import ZoneSnapshot
from migrator.plan import TARGET_OWNED, Choices, Deletions, Risk, Sides, delegation_findings, propose, relation_of
from migrator.translate import Relation
from tests.snapshots import NS, SOA, alias, name, rrset, zone
from tests.translate.targets import ROUTE53, TARGETS

A, A2 = rrset("www", "A", "192.0.2.1"), rrset("www", "A", "192.0.2.2")
PROXIED = replace(rrset("p", "A", "198.51.100.7"), extras=(Proxied(),))
CNAME = rrset("www", "CNAME", "a.example.net.")


def sides(source: ZoneSnapshot, existing: ZoneSnapshot | None = None, *findings: Finding) -> Sides:
    return Sides(source, existing, ROUTE53, source_findings=findings)


def test_a_loss_must_be_accepted_by_its_word() -> None:
    source = replace(zone(PROXIED), source="cloudflare:example.org")
    undecided = propose(sides(source), Choices())
    decided = propose(sides(source), Choices(frozenset({"origin-exposed"})))

    assert (undecided.is_refused, undecided.missing_flags()) == (True, ("--accept origin-exposed",))
    assert (decided.is_refused, decided.missing_flags()) == (False, ())
    assert [loss.what for loss in decided.losses] == ["origin-exposed"]


def test_a_set_that_is_chosen_by_an_identifier_that_none_has_is_told() -> None:
    routed = [
        rrset("w", "A", f"192.0.2.{n}", variant=v, extras=(Weighted(n),)) for n, v in ((1, "blue"), (2, "red"))
    ]
    chosen = frozenset({"routing-only=Blue", "routing-only=red", "weights-merged"})

    (found,) = propose(sides(zone(*routed)), Choices(chosen)).findings

    assert (found.check, found.severity, found.subject) == ("import.no-such-set", Severity.WARNING, "example.org.")
    assert found.message == "No routed set has the identifier Blue: --accept routing-only=Blue chooses nothing."
    assert found.remedy == "Small and capital letters count. The zone has blue, red."
    assert propose(sides(zone(A)), Choices(chosen)).findings == ()


def test_what_the_target_owns_is_a_loss_that_must_be_accepted() -> None:
    owned = replace(A2, extras=(Managed("email routing"),))
    undecided = propose(sides(zone(A), zone(owned)), Choices())
    decided = propose(sides(zone(A), zone(owned)), Choices(frozenset({TARGET_OWNED.what})))

    assert undecided.missing_flags() == ("--accept target-owned",)
    assert (decided.is_refused, decided.plan.changes) == (False, ())
    assert decided.ledger[-1] == LedgerEntry(A.key, Fate.DROPPED, "The target's own set stays in its place.")
    assert decided.plan.goal.by_key()[A.key] == owned


def test_a_set_that_no_request_can_replace_is_a_loss_that_must_be_accepted() -> None:
    there, coming = (rrset("t", "TXT", *(f'"{word} {n:0196d}"' for n in range(90))) for word in ("old", "new"))
    undecided = propose(sides(zone(coming, A), zone(there)), Choices())
    decided = propose(sides(zone(coming, A), zone(there)), Choices(frozenset({"replacement-too-large"})))

    assert undecided.missing_flags() == ("--accept replacement-too-large",)
    (loss,) = undecided.losses
    assert loss.message == (
        "Route 53 has another set here, of 18,180 characters, and 18,180 would come: together that is more than "
        "the 32,000 of one request, and so is what comes if it is counted twice. The set stays as it is there."
    )
    assert (decided.is_refused, decided.plan.changes) == (False, (Create(A),))
    assert decided.ledger[-2] == LedgerEntry(there.key, Fate.DROPPED, "The target's own set stays in its place.")
    assert decided.plan.goal.by_key()[there.key] == there


@pytest.mark.parametrize(
    ("old", "new", "fits"), [(79, 79, True), (79, 80, False), (158, 79, True), (158, 80, False)]
)
def test_a_set_is_replaced_where_both_or_the_new_one_twice_fit_into_a_request(
    old: int, new: int, fits: bool
) -> None:
    there = rrset("t", "TXT", *(f'"old {n:0196d}"' for n in range(old)))
    coming = rrset("t", "TXT", *(f'"new {n:0196d}"' for n in range(new)))

    assert propose(sides(zone(coming), zone(there)), Choices()).is_refused is not fits
    holding = replace(ROUTE53, characters_in_request=None)
    assert not propose(replace(sides(zone(coming), zone(there)), target=holding), Choices()).is_refused


def test_a_load_balancer_that_does_not_come_along_is_a_loss_that_must_be_accepted() -> None:
    message = "A load balancer answers this name, of which the zone has no record: nothing of it is carried."
    found = Finding("cloudflare.load-balancer", Severity.WARNING, "shop.example.org.", message)
    unread = Finding("cloudflare.load-balancers-unread", Severity.NOTICE, "example.org.", "not known")
    read = sides(zone(A), None, found, unread)

    undecided = propose(read, Choices())
    assert undecided.missing_flags() == ("--accept balancer-lost",)
    assert [(loss.key.owner, loss.message) for loss in undecided.losses] == [(name("shop"), message)]
    assert not propose(read, Choices(frozenset({"balancer-lost"}))).is_refused
    assert propose(replace(read, existing=zone(A), relation=Relation.SAME_ZONE), Choices()).losses == ()


def test_a_proxy_that_the_import_switches_off_is_told() -> None:
    one = replace(A2, extras=(ForRecord("192.0.2.2", Proxied()), ForRecord("192.0.2.9", Note("x"))))
    off = replace(rrset("off", "A", "192.0.2.1"), extras=(Proxied(enabled=False),))
    there = zone(
        PROXIED, one, off, *(replace(rrset(f"h{n}", "A", "192.0.2.1"), extras=(Proxied(),)) for n in (1, 2))
    )
    hosts = (rrset(f"h{n}", "A", "192.0.2.2") for n in (1, 2))
    source = zone(rrset("p", "A", "198.51.100.8"), A, rrset("off", "A", "192.0.2.3"), *hosts)
    cloudflare = Sides(source, there, TARGETS["cloudflare"])

    (found,) = propose(cloudflare, Choices()).target_findings
    assert (found.check, found.severity, found.subject) == ("import.proxy-off", Severity.WARNING, "example.org.")
    assert found.message.startswith("4 sets at the target went through its proxy, and no longer will (")
    assert " and 1 more): " in found.message
    assert len(found.evidence) == 4
    same = replace(cloudflare, source=there)
    assert propose(replace(same, relation=Relation.SAME_ZONE), Choices()).target_findings == ()


def test_an_alias_at_the_target_whose_set_goes_is_told() -> None:
    here, there = alias("a", "A", "www"), alias("b", "AAAA", "www")
    elsewhere = rrset("c", "A", ttl=None, extras=(Alias(name("."), "/some/resource"),))
    target = sides(zone(CNAME), zone(A, here, there, elsewhere))
    (found,) = propose(target, Choices(deletions=Deletions(conflicting=True))).target_findings

    assert (found.check, found.severity) == ("import.alias-stranded", Severity.WARNING)
    assert found.message == (
        "a.example.org. A is an alias to www.example.org A, which goes: from then on it answers nothing."
    )
    assert propose(target, Choices(deletions=Deletions(all=True))).target_findings == ()
    assert propose(sides(zone(A2), zone(A, here)), Choices()).target_findings == ()


def test_everything_that_stands_in_the_way_is_named_at_once() -> None:
    there = [rrset(f"h{n}", "A", "192.0.2.1") for n in range(12)]
    then = [rrset(f"h{n}", "A", "192.0.2.2") for n in range(12)]
    broken = Finding("zonefile.unreadable-line", Severity.ERROR, "", "left out", Position("a.zone", 3))
    source = replace(zone(*then, CNAME, PROXIED), source="cloudflare:x")
    found = propose(sides(source, zone(*there, A), broken), Choices())

    assert found.missing_flags() == (
        "--accept origin-exposed",
        "--delete-conflicting",
        "--allow-broken-source",
        "--allow-mass-replace",
    )
    allowed = Choices(
        frozenset({"origin-exposed"}),
        Deletions(conflicting=True),
        frozenset({Risk.BROKEN_SOURCE, Risk.MASS_REPLACE}),
    )
    assert not propose(sides(source, zone(*there, A), broken), allowed).is_refused


def test_two_different_zones_are_refused() -> None:
    with pytest.raises(
        InputError, match=r"Two different zones: the source is example\.org and the target example\.net"
    ):
        propose(sides(zone(A), ZoneSnapshot(absolute("example.net."), ())), Choices())


FOREIGN, ACCOUNT, ZONE = Relation.FOREIGN, Relation.SAME_ACCOUNT, Relation.SAME_ZONE
RELATIONS: dict[str, tuple[str, str, str, Relation]] = {
    "another provider": ("azure:example.org", "route53:example.org", "", FOREIGN),
    "files": ("a.zone", "file:b.zone", "", FOREIGN),
    "the same account": ("route53:example.org?zone-id=Z1", "route53:example.org?zone-id=Z2", "", ACCOUNT),
    "another account": ("route53:example.org?profile=old", "route53:example.org?profile=new", "", FOREIGN),
    "an account that is not said": ("route53:example.org", "route53:example.org?profile=new", "", FOREIGN),
    "one profile": ("route53:example.org?profile=a&zone-id=Z1", "route53:example.org?profile=a", "", ACCOUNT),
    "the same zone": ("route53:example.org", "route53:example.org?zone-id=Z1", "ns1.example.com.", ZONE),
    "another group": ("azure:example.org?resource-group=a", "azure:example.org?resource-group=b", "", ACCOUNT),
}


@pytest.mark.parametrize("case", RELATIONS)
def test_what_belongs_to_an_account_or_a_zone_comes_along_only_there(case: str) -> None:
    origin, text, servers, relation = RELATIONS[case]
    assigned = (name("ns1.example.com."),)
    source = replace(zone(A), source=origin, name_servers=assigned)
    existing = replace(zone(A), name_servers=assigned if servers else (name("ns2.example.com."),))
    target = parse(text, {"route53", "azure", "file"}, lambda _: False)

    assert relation_of(source, existing, target) is relation
    assert relation_of(source, None, target) is (ACCOUNT if relation is ZONE else relation)


def delegated(hosts: str, *own: str) -> list[Finding]:
    source = replace(
        zone(SOA, NS, rrset("lab", "NS", *hosts.split()), bare=True), name_servers=tuple(map(name, own))
    )
    return list(delegation_findings(source))


DELEGATIONS: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "other servers of the same provider": ("ns-1.awsdns-09.org.", ("ns-2.awsdns-01.com.",), True),
    "the same servers": ("ns1.example.com.", ("ns1.example.com.",), True),
    "a neighbour of them": ("ns7.dns.example.com.", ("ns1.dns.example.com.",), True),
    "the apex NS where nobody assigned any": ("ns1.example.net.", (), True),
    "Azure": ("ns3-04.azure-dns.org.", ("ns1-01.azure-dns.com.",), True),
    "Cloudflare": ("ada.ns.cloudflare.com.", ("bob.ns.cloudflare.com.",), True),
    "another provider": ("ns-1.awsdns-09.org.", ("ns1-01.azure-dns.com.",), False),
    "servers of its own": ("ns1.lab.example.org.", ("ns1.example.com.",), False),
    "servers in the zone itself": ("ns1.example.org.", ("ns2.example.org.",), False),
}


@pytest.mark.parametrize("case", DELEGATIONS)
def test_a_sub_zone_that_stays_behind_is_named(case: str) -> None:
    hosts, own, warned = DELEGATIONS[case]
    found = delegated(hosts, *own)

    assert [finding.subject for finding in found] == (["lab.example.org. NS"] if warned else [])
    assert all(finding.severity is Severity.WARNING and finding.remedy for finding in found)
