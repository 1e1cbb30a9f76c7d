"""What becomes of each set of both sides: the tables of the plan."""

from dataclasses import replace

import pytest

from migrator.model.capabilities import Capabilities
from migrator.model.change import Change, Create, Delete, Replace, carried_out
from migrator.model.extras import (
    Alias,
    AutomaticTTL,
    Extra,
    Flattened,
    ForRecord,
    Latency,
    Managed,
    Metadata,
    Note,
    Opaque,
    Proxied,
    Tags,
    TrafficPolicy,
    Weighted,
)
from migrator.model.rrset import RRset
from migrator.plan import Deletions, Pair, Plan, make_plan
from migrator.plan.steps import shortfall
from tests.snapshots import NS, SOA, alias, name, rrset, zone
from tests.translate.targets import AZURE, CLOUDFLARE, CLOUDFLARE_PAID, ROUTE53, TARGETS

A = rrset("www", "A", "192.0.2.1")
A2 = rrset("www", "A", "192.0.2.2")
CNAME = rrset("www", "CNAME", "a.example.net.")
TXT = rrset("www", "TXT", '"x"')


def plan(existing: list[RRset], desired: list[RRset], target: Capabilities = ROUTE53, **deletions: bool) -> Plan:
    return make_plan(zone(*existing), zone(*desired), target, deletions=Deletions(**deletions))


CHANGES: dict[str, tuple[list[RRset], list[RRset], tuple[Change, ...]]] = {
    "nothing on either side": ([], [], ()),
    "the same": ([A], [A], ()),
    "a set that is not there": ([], [A], (Create(A),)),
    "another address": ([A], [A2], (Replace(A, A2),)),
    "another TTL": ([A], [replace(A, ttl=60)], (Replace(A, replace(A, ttl=60)),)),
    "a TTL that the provider chooses": ([replace(A, ttl=None)], [A], ()),
    "the letters of the owner": ([rrset("WWW", "A", "192.0.2.1")], [A], ()),
    "strings cut elsewhere": ([rrset("t", "TXT", '"ab" "c"')], [rrset("t", "TXT", '"a" "bc"')], ()),
    "a proxied record": (
        [A],
        [replace(A, extras=(Proxied(),))],
        (Replace(A, replace(A, extras=(Proxied(),))),),
    ),
    "a record that says it is not proxied": ([replace(A, extras=(Proxied(enabled=False),))], [A], ()),
    "a comment that the target lacks": (
        [A],
        [replace(A, extras=(Note("web"),))],
        (Replace(A, replace(A, extras=(Note("web"),))),),
    ),
    "a comment of the target's own": ([replace(A, extras=(Note("web"),))], [A], ()),
    "an automatic TTL of the same length": ([replace(A, extras=(AutomaticTTL(),))], [A], ()),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_set_is_created_replaced_or_left(case: str) -> None:
    existing, desired, changes = CHANGES[case]

    assert plan(existing, desired).changes == changes


AB = rrset("www", "A", "192.0.2.1", "192.0.2.2")
LATER = replace(A, ttl=60)
OWN_WORDS: dict[str, tuple[Capabilities, RRset, RRset, tuple[Extra, ...]]] = {
    "a comment and tags": (CLOUDFLARE_PAID, A2, LATER, (Note("web"), Tags(("team:web",)))),
    "metadata": (AZURE, A2, A, (Metadata("team", "web"), Metadata("cost", "17"))),
    "a CNAME that is answered as addresses": (CLOUDFLARE_PAID, CNAME, replace(CNAME, ttl=60), (Flattened(),)),
    "the comment of a record that stays": (
        CLOUDFLARE,
        AB,
        replace(AB, ttl=60),
        (ForRecord("192.0.2.1", Note("web")),),
    ),
}


@pytest.mark.parametrize("case", OWN_WORDS)
def test_what_is_said_beside_a_set_of_the_target_stays_where_the_set_is_replaced(case: str) -> None:
    target, existing, desired, own = OWN_WORDS[case]
    there = replace(existing, extras=own)

    assert plan([there], [desired], target).changes == (Replace(there, replace(desired, extras=own)),)


OTHER_WORDS: dict[str, tuple[Capabilities, RRset, RRset, tuple[Extra, ...]]] = {
    "a comment of the source's": (
        CLOUDFLARE_PAID,
        replace(A, extras=(Note("old"), Tags(("a",)))),
        replace(A2, extras=(Note("new"),)),
        (Note("new"), Tags(("a",))),
    ),
    "metadata of the source's": (
        AZURE,
        replace(A, extras=(Metadata("team", "old"), Metadata("cost", "17"))),
        replace(A2, extras=(Metadata("team", "new"),)),
        (Metadata("team", "new"),),
    ),
    "the comment of a record that goes": (
        CLOUDFLARE,
        replace(AB, extras=(ForRecord("192.0.2.2", Note("x")),)),
        A,
        (),
    ),
    "the spelling of a record that stays": (
        CLOUDFLARE,
        rrset("t", "TXT", '"ab"', '"c"', extras=(ForRecord('"ab"', Note("x")),)),
        rrset("t", "TXT", '"a" "b"', '"d"'),
        (ForRecord('"a" "b"', Note("x")),),
    ),
    "the comment of the only record that stays is that of its set": (
        CLOUDFLARE,
        replace(AB, extras=(ForRecord("192.0.2.1", Note("x")),)),
        LATER,
        (Note("x"),),
    ),
    "what changes the answer": (CLOUDFLARE, replace(A, extras=(Proxied(), AutomaticTTL())), A2, ()),
    "what the target cannot hold": (ROUTE53, replace(A, extras=(Note("x"), Metadata("a", "b"))), A2, ()),
}


@pytest.mark.parametrize("case", OTHER_WORDS)
def test_what_the_source_says_or_what_has_no_place_any_more_does_not_stay(case: str) -> None:
    target, there, desired, extras = OTHER_WORDS[case]

    assert plan([there], [desired], target).changes == (Replace(there, replace(desired, extras=extras)),)


def test_what_the_source_lacks_is_kept_and_goes_only_when_asked() -> None:
    kept, gone = plan([A, TXT], [A]), plan([A, TXT], [A], all=True)

    assert (kept.changes, kept.kept[-1:]) == ((), (TXT,))
    assert (gone.changes, gone.kept) == ((Delete(TXT),), ())


def test_soa_and_ns_of_the_apex_are_never_deleted() -> None:
    found = make_plan(zone(A), zone(A, bare=True), ROUTE53, deletions=Deletions(all=True))

    assert (found.changes, found.kept) == ((), (SOA, NS))


def test_a_zone_that_is_not_there_is_made_and_pulls_no_brake() -> None:
    desired = zone(*[rrset(f"h{n}", "A", "192.0.2.1") for n in range(30)])
    found = make_plan(None, desired, ROUTE53)

    assert found.creates_zone
    assert len(found.changes) == 32
    assert (found.brakes, found.goal) == ((), desired)


def test_the_goal_is_the_zone_after_the_changes() -> None:
    other = rrset("other", "A", "192.0.2.9")
    found = plan([A, other], [A2, TXT])

    assert found.goal.rrsets == carried_out(zone(A, other).rrsets, found.changes)
    assert found.goal == zone(A2, TXT, other)


UNTOUCHABLE = (Managed("email routing"), Opaque("route53", "Shield", "{}"), TrafficPolicy("tpi-1"))


@pytest.mark.parametrize("extra", UNTOUCHABLE, ids=lambda extra: extra.kind)
def test_what_is_not_understood_or_anothers_is_neither_replaced_nor_deleted(extra: Managed | Opaque) -> None:
    owned = replace(A, extras=(extra,))

    assert plan([owned], [], all=True).changes == ()
    assert plan([owned], [A2], all=True).withheld == (Pair(owned, A2),)
    assert plan([owned], [A2], all=True).changes == ()


def test_what_another_product_owns_is_left_alone_again_where_a_file_has_lost_its_comments() -> None:
    owned = replace(A, extras=(Managed("email routing"), Note("by hand")))
    first = plan([owned], [TXT], TARGETS["file"], all=True)

    counted_on = rrset("@", "SOA", "ns1.example.net. hostmaster 2 7200 900 1209600 300", ttl=900)
    assert first.goal == zone(counted_on, NS, TXT, replace(A, extras=(Managed("email routing"),)), bare=True)
    assert shortfall(first.goal, zone(counted_on, NS, TXT, A, bare=True), first.changes) == ()
    again = make_plan(first.goal, zone(TXT), TARGETS["file"], deletions=Deletions(all=True))
    assert (again.changes, again.goal) == ((), first.goal)


def test_an_unknown_field_that_comes_along_is_no_reason_to_stop() -> None:
    field = Opaque("route53", "Shield", "{}")
    there, then = replace(A, extras=(field,)), replace(A2, extras=(field,))

    assert plan([there], [then]).changes == (Replace(there, then),)


W1 = rrset("www", "A", "192.0.2.1", variant="one", extras=(Weighted(1),))
NS_CUT = rrset("sub", "NS", "ns1.example.net.")
GLUE = rrset("sub", "A", "192.0.2.53")
CONFLICTS: dict[str, tuple[Capabilities, RRset, RRset, bool]] = {
    "a CNAME where addresses are": (ROUTE53, A, CNAME, True),
    "addresses where a CNAME is": (ROUTE53, CNAME, A, True),
    "a text beside a CNAME": (ROUTE53, CNAME, TXT, True),
    "a text beside a CNAME where that is allowed": (CLOUDFLARE, CNAME, TXT, False),
    "addresses beside a CNAME even there": (CLOUDFLARE, CNAME, A, True),
    "an alias where a CNAME is": (ROUTE53, CNAME, alias("www", "A", "x.example.net."), True),
    "a routed set where a plain one is": (ROUTE53, A, W1, True),
    "another set of the same policy": (
        ROUTE53,
        W1,
        rrset("www", "A", "192.0.2.2", variant="two", extras=(Weighted(2),)),
        False,
    ),
    "glue beside a delegation": (ROUTE53, GLUE, NS_CUT, False),
    "glue beside a delegation where that is refused": (CLOUDFLARE, GLUE, NS_CUT, True),
    "DS beside a delegation there": (CLOUDFLARE, rrset("sub", "DS", "1 13 2 " + "00" * 32), NS_CUT, False),
    "a text beside addresses": (ROUTE53, A, TXT, False),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_what_excludes_a_set_of_the_source_stops_until_it_may_go(case: str) -> None:
    target, there, then, conflict = CONFLICTS[case]
    stopped = plan([there], [then], target)
    allowed = plan([there], [then], target, conflicting=True)
    everything = plan([there], [then], target, all=True)

    assert stopped.conflicts == ((Pair(there, then),) if conflict else ())
    assert stopped.changes == (() if conflict else (Create(then),))
    assert allowed.changes == ((Delete(there), Create(then)) if conflict else (Create(then),))
    assert allowed.conflicts == everything.conflicts == ()
    assert set(everything.changes) == {Delete(there), Create(then)}


def test_only_what_is_in_the_way_goes() -> None:
    found = plan([A, rrset("other", "A", "192.0.2.9")], [CNAME], conflicting=True)

    assert found.changes == (Delete(A), Create(CNAME))


def test_the_ds_of_a_delegation_goes_with_its_ns_where_none_stands_without() -> None:
    ds = rrset("sub", "DS", "1 13 2 " + "00" * 32)
    stopped = plan([NS_CUT, ds], [GLUE], CLOUDFLARE)
    allowed = plan([NS_CUT, ds], [GLUE], CLOUDFLARE, conflicting=True)

    assert stopped.conflicts == (Pair(NS_CUT, GLUE), Pair(ds, GLUE))
    assert set(allowed.changes) == {Delete(ds), Delete(NS_CUT), Create(GLUE)}
    assert plan([NS_CUT, ds], [GLUE], TARGETS["file"]).conflicts == ()


def test_the_ds_of_a_delegation_that_is_kept_out_is_kept_out_too() -> None:
    owned = replace(rrset("sub", "TXT", '"x"'), extras=(Managed("verification"),))
    ds = rrset("sub", "DS", "1 13 2 " + "00" * 32)
    found = plan([owned], [NS_CUT, ds], CLOUDFLARE)

    assert (found.changes, found.withheld) == ((), (Pair(owned, NS_CUT), Pair(owned, ds)))
    own = replace(NS_CUT, extras=(Managed("verification"),))
    assert plan([own], [rrset("sub", "NS", "ns2.example.net."), ds], CLOUDFLARE).changes == (Create(ds),)


def test_a_set_that_is_routed_otherwise_from_now_on_drives_out_those_that_are_not() -> None:
    two = rrset("www", "A", "192.0.2.2", variant="two", extras=(Weighted(2),))
    then = replace(W1, extras=(Latency("eu-west-1"),))
    stopped, allowed = plan([W1, two], [then]), plan([W1, two], [then], conflicting=True)

    assert (stopped.changes, stopped.conflicts) == ((), (Pair(two, then),))
    assert set(allowed.changes) == {Delete(two), Replace(W1, then)}
    heavier = replace(W1, extras=(Weighted(9),))
    assert plan([W1, two], [heavier]).changes == (Replace(W1, heavier),)


def test_what_is_never_touched_keeps_a_set_of_the_source_out_and_nothing_goes_for_it() -> None:
    owned = replace(TXT, extras=(Managed("verification"),))
    found = plan([A, owned], [CNAME], conflicting=True)

    assert found.withheld == (Pair(owned, CNAME),)
    assert (found.changes, found.conflicts) == ((), ())


def test_the_apex_is_no_zone_cut() -> None:
    apex = rrset("@", "A", "192.0.2.1")

    assert plan([], [apex], CLOUDFLARE).changes == (Create(apex),)
    assert make_plan(zone(apex, bare=True), zone(NS, apex, bare=True), CLOUDFLARE).changes == (Create(NS),)


def test_an_alias_to_another_place_is_another_alias() -> None:
    here, there = alias("@", "A", "a.example.net."), alias("@", "A", "b.example.net.")
    healthy = replace(here, extras=(Alias(name("a.example.net."), "Z1", evaluate_target_health=True),))

    assert plan([here], [there]).changes == (Replace(here, there),)
    assert plan([here], [healthy]).changes == (Replace(here, healthy),)
