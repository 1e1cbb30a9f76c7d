"""Routed names: kept where the target has the same routing, else one set, by a stated rule or by the user."""

import pytest

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
    TrafficPolicy,
    Weighted,
)
from migrator.model.rrset import RRset
from migrator.translate import Relation, translate
from tests.snapshots import name, rrset, zone
from tests.translate.targets import AZURE, CLOUDFLARE, ROUTE53, TARGETS
from tests.translate.telling import fates, lost, told


def a(variant: str, last: int, *extras: Extra) -> RRset:
    """An A set of www with the address 192.0.2.`last`."""
    return rrset("www", "A", f"192.0.2.{last}", variant=variant, extras=extras)


def cname(variant: str, target: str, *extras: Extra) -> RRset:
    return rrset("www", "CNAME", target, variant=variant, extras=extras)


def cdn(variant: str, target: str, *extras: Extra) -> RRset:
    return rrset("www", "A", ttl=None, variant=variant, extras=(Alias(name(target), "Z1"), *extras))


WEIGHTED = (a("blue", 1, Weighted(90)), a("green", 2, Weighted(10)), a("red", 3, Weighted(0)))
WATCHED = (
    a("blue", 1, Weighted(90), HealthCheck("n-1")),
    a("green", 2, Weighted(10), HealthCheck("n-2")),
    a("red", 3, Weighted(0)),
    a("sorry", 4, Weighted(0)),
)
GEO = (a("de", 1, Geolocation(country="DE")), a("rest", 2, Geolocation(country="*")))
NO_DEFAULT = (a("de", 1, Geolocation(country="DE")), a("eu", 2, Geolocation(continent="EU")))

# Sets of one name; accepted words; then, where there is no such routing: what is desired, and the losses.
ROWS: dict[str, tuple[tuple[RRset, ...], tuple[str, ...], list[str], list[str]]] = {
    "weighted: all but weight 0": (
        WEIGHTED,
        (),
        ["www 300 A 192.0.2.1 | 192.0.2.2"],
        ["error www A weights-merged"],
    ),
    "weighted: the user's choice": (
        WEIGHTED,
        ("routing-only=green",),
        ["www 300 A 192.0.2.2"],
        ["error www A routing-only=green"],
    ),
    "weighted: all of weight 0 count as equal": (
        (a("blue", 1, Weighted(0)), a("green", 2, Weighted(0))),
        (),
        ["www 300 A 192.0.2.1 | 192.0.2.2"],
        ["error www A weights-merged"],
    ),
    "weighted: one that counts": (
        (a("blue", 1, Weighted(1)), a("green", 2, Weighted(0))),
        (),
        ["www 300 A 192.0.2.1"],
        ["notice www A routing-single"],
    ),
    "weighted: one that counts while it is healthy": (
        (a("blue", 1, Weighted(1), HealthCheck("n-1")), a("green", 2, Weighted(0))),
        (),
        ["www 300 A 192.0.2.1"],
        ["error www A standby-lost", "error www A/blue health-check-lost"],
    ),
    "weighted: an alias that counts while its target is healthy": (
        (
            rrset(
                "www",
                "A",
                ttl=None,
                variant="blue",
                extras=(Alias(name("a.example.net."), "Z1", evaluate_target_health=True), Weighted(1)),
            ),
            cdn("green", "b.example.net.", Weighted(0)),
        ),
        (),
        ["www 300 CNAME a.example.net."],
        ["error www A standby-lost", "warning www A/blue target-health-lost", "notice www A/blue alias-as-cname"],
    ),
    "weighted: a standby without health checks is none": (
        (a("blue", 1, Weighted(1)), a("green", 2, Weighted(0), HealthCheck("n-1"))),
        (),
        ["www 300 A 192.0.2.1"],
        ["notice www A routing-single"],
    ),
    "weighted: the same record twice": (
        (a("blue", 1, Weighted(1)), a("green", 1, Weighted(1))),
        (),
        ["www 300 A 192.0.2.1"],
        ["error www A weights-merged"],
    ),
    "weighted: CNAMEs cannot stand together": (
        (cname("blue", "a.example.net.", Weighted(1)), cname("green", "b.example.net.", Weighted(9))),
        (),
        ["www 300 CNAME b.example.net."],
        ["error www CNAME weights-heaviest"],
    ),
    "weighted: an alias and an address cannot stand together": (
        (cdn("blue", "a.example.net.", Weighted(9)), a("green", 2, Weighted(1))),
        (),
        ["www 300 CNAME a.example.net."],
        ["error www A weights-heaviest", "notice www A/blue alias-as-cname"],
    ),
    "weighted: aliases to one target": (
        (cdn("blue", "a.example.net.", Weighted(9)), cdn("green", "a.example.net.", Weighted(1))),
        (),
        ["www 300 CNAME a.example.net."],
        ["error www A weights-merged", "notice www A alias-as-cname"],
    ),
    "failover: the primary": (
        (a("first", 1, Failover("PRIMARY")), a("second", 2, Failover("SECONDARY"))),
        (),
        ["www 300 A 192.0.2.1"],
        ["error www A standby-lost"],
    ),
    "failover: a primary alone": (
        (a("first", 1, Failover("PRIMARY")),),
        (),
        ["www 300 A 192.0.2.1"],
        ["notice www A/first routing-single"],
    ),
    "failover: no primary": (
        (a("second", 2, Failover("SECONDARY")),),
        (),
        [],
        ["error www A/second routing-dropped"],
    ),
    "multi-value": (
        (a("1", 1, MultiValueAnswer()), a("2", 2, MultiValueAnswer())),
        (),
        ["www 300 A 192.0.2.1 | 192.0.2.2"],
        ["warning www A multivalue-merged"],
    ),
    "latency: all together": (
        (a("eu", 1, Latency("eu-west-1")), a("us", 2, Latency("us-east-1"))),
        (),
        ["www 300 A 192.0.2.1 | 192.0.2.2"],
        ["error www A latency-merged"],
    ),
    "latency: CNAMEs need a choice": (
        (
            cname("eu", "a.example.net.", Latency("eu-west-1")),
            cname("us", "b.example.net.", Latency("us-east-1")),
        ),
        (),
        [],
        ["error www CNAME routing-dropped"],
    ),
    "geography: the default": (GEO, (), ["www 300 A 192.0.2.2"], ["error www A geo-default-only"]),
    "geography: the user's choice goes first": (
        GEO,
        ("routing-only=de",),
        ["www 300 A 192.0.2.1"],
        ["error www A routing-only=de"],
    ),
    "geography: no default": (NO_DEFAULT, (), [], ["error www A routing-dropped"]),
    "geography: no default, and a choice": (
        NO_DEFAULT,
        ("routing-only=us", "routing-only=eu"),
        ["www 300 A 192.0.2.2"],
        ["error www A routing-only=eu"],
    ),
    "geoproximity has no default": (
        (a("eu", 1, Geoproximity("eu-west-1")), a("us", 2, Geoproximity("us-east-1"))),
        (),
        [],
        ["error www A routing-dropped"],
    ),
    "client networks: the default": (
        (a("office", 1, ClientNetwork("c", "office")), a("rest", 2, ClientNetwork("c", "*"))),
        (),
        ["www 300 A 192.0.2.2"],
        ["error www A geo-default-only"],
    ),
    "several kinds of routing": (
        (a("1", 1, Weighted(1)), a("2", 2, Latency("eu-west-1"))),
        (),
        [],
        ["error www A routing-dropped"],
    ),
}


@pytest.mark.parametrize("target", ["azure", "cloudflare", "file"])
@pytest.mark.parametrize("row", ROWS)
def test_routed_sets_become_one_where_there_is_no_such_routing(row: str, target: str) -> None:
    sets, accepts, desired, losses = ROWS[row]
    found = translate(zone(*sets), TARGETS[target], accepts=frozenset(accepts))

    assert (told(found), lost(found)) == (desired, losses)


@pytest.mark.parametrize("row", ROWS)
def test_routed_sets_stay_as_they_are_where_the_routing_is_the_same(row: str) -> None:
    sets, _, _, _ = ROWS[row]
    found = translate(zone(*sets), ROUTE53, relation=Relation.SAME_ACCOUNT, source_scheme="route53")

    assert (set(fates(found).values()), lost(found)) == ({"copied"}, [])


def test_each_set_of_a_merged_name_has_its_fate() -> None:
    found = translate(zone(*WEIGHTED), AZURE)

    assert fates(found) == {"www A/blue": "translated", "www A/green": "translated", "www A/red": "dropped"}
    assert "blue 90, green 10, red 0" in found.losses[0].message


def test_the_standby_of_weighted_sets_is_named() -> None:
    (merged,) = [loss for loss in translate(zone(*WATCHED), AZURE).losses if loss.what == "weights-merged"]
    one = (
        cname("a", "a.example.net.", Weighted(2), HealthCheck("n-1")),
        cname("b", "b.example.net.", Weighted(0)),
    )
    (alone,) = [loss for loss in translate(zone(*one), AZURE).losses if loss.what == "standby-lost"]

    assert merged.message == (
        "The weights (blue 90, green 10, red 0, sorry 0) are lost: all their records are answered alike; red, "
        "sorry, which take over when all the others fail, are left out."
    )
    assert alone.message == (
        "Of the weights (a 2, b 0) one counts while it is healthy and is kept; b, which takes over when it "
        "fails, is left out."
    )


def test_the_standby_of_weighted_sets_that_cannot_stand_together_is_named() -> None:
    checked = [cname(v, f"{v}.example.net.", Weighted(w), HealthCheck("n")) for v, w in (("a", 2), ("b", 1))]
    found = translate(zone(*checked, cname("c", "c.example.net.", Weighted(0))), AZURE)
    (loss,) = [loss for loss in found.losses if loss.what == "weights-heaviest"]

    assert loss.message == (
        "The sets by weight (a 2, b 1, c 0) cannot stand together; a is kept; c, which takes over when "
        "all the others fail, is left out."
    )


def test_a_name_is_undecided_until_its_word_is_accepted() -> None:
    zones = zone(*WEIGHTED)

    assert translate(zones, AZURE).undecided_words() == ("weights-merged",)
    assert translate(zones, AZURE, accepts=frozenset({"standby-lost"})).undecided_words() == ("weights-merged",)
    assert translate(zones, AZURE, accepts=frozenset({"weights-merged"})).undecided == ()
    assert translate(zones, AZURE, accepts=frozenset({"routing-only=blue"})).undecided == ()


def test_the_smallest_ttl_of_merged_sets_counts() -> None:
    sets = (
        rrset("www", "A", "192.0.2.1", ttl=60, variant="1", extras=(Weighted(1),)),
        rrset("www", "A", "192.0.2.2", ttl=900, variant="2", extras=(Weighted(1),)),
    )

    assert told(translate(zone(*sets), CLOUDFLARE)) == ["www 60 A 192.0.2.1 | 192.0.2.2"]


def test_merged_sets_that_are_too_large_are_not_cut() -> None:
    sets = (
        rrset("www", "A", *(f"192.0.2.{n}" for n in range(15)), variant="1", extras=(MultiValueAnswer(),)),
        rrset("www", "A", *(f"198.51.100.{n}" for n in range(15)), variant="2", extras=(MultiValueAnswer(),)),
    )
    found = translate(zone(*sets), AZURE)

    assert (told(found), lost(found)) == ([], ["warning www A multivalue-merged", "error www A set-too-large"])


CHECKED = zone(a("blue", 1, Weighted(1), HealthCheck("h-1")), a("green", 2, Weighted(1), HealthCheck("h-2")))


def test_health_checks_stay_within_the_account() -> None:
    found = translate(CHECKED, ROUTE53, relation=Relation.SAME_ACCOUNT)

    assert lost(found) == []


def test_health_checks_take_the_identifiers_of_the_new_account() -> None:
    found = translate(CHECKED, ROUTE53, identifiers={"h-1": "n-1", "h-2": "n-2"})

    assert told(found) == [
        'www 300 A/blue 192.0.2.1 [weighted weight=1] [health-check identifier="n-1"]',
        'www 300 A/green 192.0.2.2 [weighted weight=1] [health-check identifier="n-2"]',
    ]
    assert lost(found) == [
        "notice www A/blue identifier-rewritten",
        "notice www A/green identifier-rewritten",
    ]


@pytest.mark.parametrize("target", ["route53", "azure", "cloudflare", "file"])
def test_health_checks_are_lost_elsewhere_and_that_needs_a_decision(target: str) -> None:
    found = translate(zone(rrset("www", "A", "192.0.2.1", extras=(HealthCheck("h-1"),))), TARGETS[target])

    assert (told(found), lost(found)) == (["www 300 A 192.0.2.1"], ["error www A health-check-lost"])


def test_client_networks_of_another_account_are_no_routing_here() -> None:
    sets = (a("office", 1, ClientNetwork("c", "office")), a("rest", 2, ClientNetwork("c", "*")))

    assert lost(translate(zone(*sets), ROUTE53)) == ["error www A geo-default-only"]
    assert told(translate(zone(*sets), ROUTE53, identifiers={"c": "d"})) == [
        'www 300 A/office 192.0.2.1 [client-network collection="d" location="office"]',
        'www 300 A/rest 192.0.2.2 [client-network collection="d" location="*"]',
    ]


@pytest.mark.parametrize("target", ["route53", "azure", "cloudflare", "file"])
def test_what_a_traffic_policy_made_stays_as_it_is_now(target: str) -> None:
    sets = rrset("www", "A", "192.0.2.1", extras=(TrafficPolicy("p-1"),))
    found = translate(zone(sets), TARGETS[target], relation=Relation.SAME_ACCOUNT, source_scheme="route53")

    assert (told(found), lost(found)) == (["www 300 A 192.0.2.1"], ["error www A traffic-policy-snapshot"])


def test_an_alias_to_a_routed_name_copies_what_was_chosen() -> None:
    apex = rrset("@", "A", ttl=None, extras=(Alias(name("www"), "Z1"),))
    found = translate(zone(apex, *WEIGHTED), CLOUDFLARE)

    assert told(found) == ["@ 300 A 192.0.2.1 | 192.0.2.2", "www 300 A 192.0.2.1 | 192.0.2.2"]
