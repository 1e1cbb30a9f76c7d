"""What a plan rests on, from what servers and earlier looks show. NOW is 2026-12-01 09:00."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dns.rcode import Rcode

from migrator.checks.dnssec.switch import safe_to_switch
from migrator.checks.facts import Facts, Settings, Strategy
from migrator.clock import Measure
from migrator.cutover.look import Side
from migrator.cutover.memory import Memory, Run, with_parents, with_servers
from migrator.cutover.timing import OLD_ADDRESS_TTL
from migrator.model.extras import Proxied
from migrator.timeline import Measured, State, make_timeline
from migrator.timeline.measuring import measured_of, questions
from migrator.timeline.runbook import runbook
from migrator.workflow.checking import told_by_names
from providers.cloudflare.capabilities import CAPABILITIES as CLOUDFLARE
from tests.checks.build import (
    NEW,
    NOW,
    OLD,
    after,
    answers,
    delegation,
    facts,
    gives,
    history,
    new_side,
    old_side,
    replied,
    with_extras,
    zone,
)
from tests.checks.dnssec.signed import ZSK, ds, key, signed
from tests.cutover.build import host, names, parent, rrset, server_view

# All that a plan wants to have asked, as if it were a check.
ASKS = replace(safe_to_switch, asks=questions)
HOUR = 3600


def measured(known: Facts, **served: str | None) -> Measured:
    return measured_of(replied(ASKS, known, served=served), Memory())


def seen(measures: Measured) -> dict[str, int | None]:
    return {measure.name: measure.seconds for measure in measures.measures}


def test_ttls_are_taken_from_parents_and_name_servers() -> None:
    found = measured(facts("www 7200 A 192.0.2.1", "www 7200 A 192.0.2.9", delegation=delegation(ttl=86_400)))

    assert seen(found) == {
        "parent NS TTL": 86_400,
        "parent DS TTL": None,
        "old apex NS TTL": 300,
        "new apex NS TTL": 300,
        "old negative TTL": 300,
        "new negative TTL": 300,
        "old DNSKEY TTL": None,
        "new DNSKEY TTL": None,
        "longest TTL that changes": 7200,
    }
    assert [(high.name, high.seconds) for high in found.high] == [("www.example.test. A", 7200)]
    assert (found.unseen, found.remarks, found.ds_unsaid) == ((), (), "")


def test_a_server_that_is_silent_is_named_and_the_switch_cannot_be_placed_safely() -> None:
    found = measured(facts(), ns2_old_example=None)

    (unseen,) = found.unseen
    assert unseen.startswith("ns2.old.example (198.51.100.2) does not show the TTL of example.test. NS: ")
    assert make_timeline(found).unmeasured == (unseen,)


def test_without_both_zones_everything_by_which_people_come_counts() -> None:
    found = measured(facts("www 600 A 192.0.2.1", None))

    assert [high.name for high in found.high] == ["www.example.test. A"]
    assert found.remarks == (
        "which sets differ: only one zone can be listed, so addresses, MX, TXT and CNAME count as changing",
    )


def at_cloudflare(text: Any, new: str, **changes: Any) -> Measured:
    """A move away from Cloudflare, whose servers give the NS set for a day and the SOA for an hour."""
    soa = "ns1.old.example. hostmaster.old.example. 1 7200 900 1209600 300"
    sets = [answers(name, "@ NS", *OLD, ttl=86_400) for name in OLD]
    sets += [answers(name, "@ SOA", soa, ttl=3600) for name in OLD]
    known = facts(old_side(text, capabilities=CLOUDFLARE), new, **changes)
    return measured_of(replied(ASKS, known, *sets), Memory())


def test_what_nobody_can_lower_is_not_asked_for_and_counts_after_the_switch() -> None:
    found = at_cloudflare("www 300 A 192.0.2.1", "www 300 A 192.0.2.1")
    plan = make_timeline(found)

    assert (found.high, found.formers) == ((), ())
    assert [(high.name, high.seconds) for high in found.fixed] == [
        ("example.test. NS", 86_400),
        ("example.test. SOA", 3600),
    ]
    assert plan.step("lower-ttls").state is State.NOT_NEEDED
    assert plan.step("lower-ttls").rests_on == (
        "no TTL that can be lowered is above 300 s. example.test. NS stays at 86400 s: Cloudflare sets the TTL of "
        "the apex NS set itself. example.test. SOA stays at 3600 s: Cloudflare sets the TTL of the SOA itself. "
        "That counts after the switch."
    )
    assert (plan.earliest_switch, plan.unmeasured) == (found.now, ())
    assert plan.step("delegation-settled").at == after(3600 + 86_400)


def test_what_was_lowered_is_waited_for_beside_what_nobody_can_lower() -> None:
    looks = history(
        *((name, "www A", 3600, "192.0.2.1", -2 * HOUR, -60) for name in OLD),
        *((name, "www A", 300, "192.0.2.1", -50, -1) for name in OLD),
    )
    plan = make_timeline(at_cloudflare("www 300 A 192.0.2.1", "www 300 A 192.0.2.9", history=looks))

    assert plan.step("lower-ttls").state is State.DONE
    assert plan.step("lower-ttls").advice.startswith("example.test. NS stays at 86400 s: ")
    assert plan.earliest_switch == after(HOUR - 50)


def test_a_longer_ttl_that_was_seen_is_waited_for_though_nobody_can_lower_it() -> None:
    looks = history(
        *((name, "@ NS", 172_800, "", -2 * HOUR, -HOUR) for name in OLD),
        *((name, "@ NS", 86_400, "", -HOUR / 2, -1) for name in OLD),
    )

    assert make_timeline(at_cloudflare("", "", history=looks)).earliest_switch == after(172_800 - HOUR / 2)


def test_a_proxied_set_changes_where_the_new_side_has_no_proxy() -> None:
    """Its origin is the same on both sides, and what is answered is not."""
    hidden = with_extras(zone("shop 300 A 192.0.2.71"), "shop A", Proxied())
    found = at_cloudflare(hidden, "shop 300 A 192.0.2.71")

    assert seen(found)["longest TTL that changes"] == 300
    strict = at_cloudflare(hidden, "shop 300 A 192.0.2.71", settings=Settings(lowered_ttl=60))
    assert (strict.high, strict.changing_fixed) == ((), 300)
    assert make_timeline(strict).step("last-stale-answer").rests_on.endswith(" + longest TTL that changes 300")


def test_a_cname_that_the_old_provider_looks_up_itself_counts_by_what_it_answers() -> None:
    known = facts(old_side("@ 300 CNAME www\nwww 300 A 192.0.2.1", capabilities=CLOUDFLARE), "www 300 A 192.0.2.1")
    silent = [gives(name, "@ CNAME", Rcode.NOERROR) for name in OLD]
    looked_up = [answers(name, "@ A", "192.0.2.1", ttl=900) for name in OLD]
    found = measured_of(replied(ASKS, known, *silent, *looked_up), Memory())

    assert (seen(found)["longest TTL that changes"], found.high, found.changing_fixed) == (900, (), 900)


def two_parents(rdata: str, first: float, last: float) -> tuple[Any, ...]:
    ttl = HOUR if rdata else None
    return tuple((address, "@ DS", ttl, rdata, first, last) for address in ("192.0.2.1", "192.0.2.2"))


def test_a_ds_that_is_gone_is_waited_for_with_the_ttl_that_it_had() -> None:
    sights = (*two_parents(ds("old"), -5 * HOUR, -2 * HOUR), *two_parents("", -1.5 * HOUR, -60))
    known = facts(signed(by="old", ttl=300), history=history(*sights), strategy=Strategy.GO_INSECURE)

    found = measured(known)

    assert (seen(found)["parent DS TTL"], seen(found)["old DNSKEY TTL"]) == (HOUR, 300)
    assert found.ds_gone == after(-1.5 * HOUR)
    gate = make_timeline(found).step("ds-expired")
    assert (gate.at, gate.state) == (after(-0.5 * HOUR), State.DONE)


def test_keys_that_had_a_longer_ttl_are_waited_for_with_that() -> None:
    keys = [(name, "@ DNSKEY", 4 * HOUR, key("old").to_text(), -5.0 * HOUR, -0.9 * HOUR) for name in OLD]
    sights = (*two_parents(ds("old"), -5 * HOUR, -2 * HOUR), *two_parents("", -1.5 * HOUR, -60), *keys)
    known = facts(signed(by="old", ttl=300), history=history(*sights), strategy=Strategy.GO_INSECURE)

    gate = make_timeline(measured(known)).step("ds-expired")

    assert (gate.at, gate.state) == (after(2.5 * HOUR), State.AHEAD)


def test_a_zone_that_is_unsigned_on_the_way_has_its_longest_ttl_measured_at_the_new_side() -> None:
    leaving = measured(facts("www 600 A 192.0.2.1", "www 7200 A 192.0.2.1", strategy=Strategy.GO_INSECURE))
    unlisted = measured(facts("www 9600 A 192.0.2.1", None, strategy=Strategy.GO_INSECURE))

    assert [(seen(found)["longest TTL of the zone"]) for found in (leaving, unlisted)] == [7200, 9600]
    assert measured(facts("www 600 A 192.0.2.1")).unsigned is None


def test_a_ds_that_is_there_has_to_go_first() -> None:
    known = facts(
        signed(by="old"), delegation=delegation(listed=OLD, ds=(ds("old"),)), strategy=Strategy.GO_INSECURE
    )

    found = measured(known)

    assert found.ds_gone is None
    assert make_timeline(found).step("remove-ds").state is State.AHEAD


def test_after_the_switch_the_ttls_of_before_count_and_not_those_of_the_new_set() -> None:
    """The parent is a zone of one's own: the old set had a day there, and the new one has five minutes."""
    memory = Memory()
    for seconds, listed, ttl in ((-9 * HOUR, OLD, 86_400), (-HOUR, NEW, 300)):
        parents = [parent(number, listed, ttl=ttl, at=after(seconds)) for number in (1, 2)]
        memory = with_parents(memory, parents, names(*NEW))
    for seconds, ttl in ((-9 * HOUR, 7200), (-8 * HOUR, 600)):
        views = [server_view(name, Side.OLD, OLD, ttl=ttl, at=after(seconds)) for name in OLD]
        memory = with_servers(memory, views, names(*NEW))
    known = replace(facts(), delegation=delegation(listed=NEW, ttl=300))

    found = measured_of(replied(ASKS, known), memory)

    assert found.switched == after(-HOUR)
    step = make_timeline(found).step("delegation-settled")
    assert (step.at, step.advice) == (after(-HOUR + 86_400 + 300), "")
    assert step.rests_on == (
        "all parents switched 2026-12-01T08:00:00Z + parent NS TTL 86400 + old apex NS TTL 300"
    )
    assert make_timeline(found).step("safe-deletion").at == step.at


def test_name_servers_that_keep_their_names_are_switched_by_their_glue() -> None:
    inside = names("ns1.example.test.")[0]

    def planned(glue: str) -> Measured:
        known = facts(
            old_side(names=(inside, *names(OLD[1])), hosts=(host(inside.to_text(), Side.OLD, "198.51.100.1"),)),
            new_side(names=(inside, *names(OLD[1])), hosts=(host(inside.to_text(), Side.NEW, "203.0.113.1"),)),
            delegation=delegation(listed=(inside.to_text(), OLD[1]), glue=[rrset(inside, "A", 300, glue)]),
        )
        return measured(known)

    before, after_it = planned("198.51.100.1"), planned("203.0.113.1")

    assert (before.switched, before.moving) == (None, ((inside, ("203.0.113.1",)),))
    assert make_timeline(before).step("switch").state is not State.DONE
    assert [entry.says[1] for entry in runbook(make_timeline(before)) if entry.step == "switch"] == [
        "The names stay, and move: change their host records (glue) there: ns1.example.test = 203.0.113.1."
    ]
    assert (after_it.switched, after_it.moving) == (NOW, ())
    assert (before.old_hosts, after_it.old_hosts) == (
        Measure(OLD_ADDRESS_TTL, None, "no old server gave these addresses"),
        None,
    )


def test_where_the_old_provider_is_not_known_the_plan_says_that_it_may_set_ttls_itself() -> None:
    known = facts("@ 86400 NS ns1.old.example.\n@ 86400 NS ns2.old.example.", delegation=delegation(listed=OLD))
    told = replace(known, old=replace(known.old, capabilities=CLOUDFLARE))

    assert [remark for remark in measured(known).remarks if "can be lowered" in remark] == [
        (
            "whether example.test. NS can be lowered: the old provider is not known, and some set these TTLs "
            "themselves; --from with its own scheme tells"
        )
    ]
    assert not [remark for remark in measured(told).remarks if "can be lowered" in remark]


@pytest.mark.parametrize(
    ("scheme", "servers", "fixed"),
    [
        ("dns", ("ada.ns.cloudflare.com.", "BOB.ns.cloudflare.com."), ["example.test. NS"]),
        ("file", ("ada.ns.cloudflare.com.", "bob.ns.cloudflare.com."), ["example.test. NS"]),
        ("cloudflare", ("ada.ns.cloudflare.com.", "bob.ns.cloudflare.com."), []),
        ("dns", ("ada.ns.cloudflare.com.", "ns1.old.example."), []),
        ("dns", ("ns-7.awsdns-01.com.", "ns-519.awsdns-01.net."), []),
        ("dns", OLD, []),
    ],
)
def test_the_names_of_its_servers_tell_a_provider_that_sets_ttls_itself(
    scheme: str, servers: tuple[str, ...], fixed: list[str]
) -> None:
    old = old_side(
        "@ 86400 NS ns1.old.example.\n@ 86400 NS ns2.old.example.", scheme=scheme, names=names(*servers)
    )

    found = measured(told_by_names(facts(old, delegation=delegation(listed=OLD))))

    assert [each.name for each in found.fixed] == fixed
    assert ["example.test. NS" in each.name for each in found.high] == [True] * (not fixed)
    assert not fixed or found.fixed[0].fixed == (
        "Cloudflare (as the names of its servers tell) sets the TTL of the apex NS set itself"
    )


def test_name_servers_that_kept_their_names_are_waited_for_by_what_was_seen_of_the_old_zone() -> None:
    inside = names("ns1.example.test.")[0]
    old, new = (f"@ NS ns1\nns1 300 A {address}" for address in ("198.51.100.1", "203.0.113.1"))

    def planned(glue: str, memory: Memory) -> Measured:
        known = facts(
            old_side(zone(old), names=(inside,), hosts=(host(inside.to_text(), Side.OLD, "198.51.100.1"),)),
            new_side(
                zone(new, side=Side.NEW), names=(inside,), hosts=(host(inside.to_text(), Side.NEW, "203.0.113.1"),)
            ),
            delegation=delegation(listed=(inside.to_text(),), glue=[rrset(inside, "A", 300, glue)]),
        )
        return measured_of(replied(ASKS, known), memory)

    def run(shown: str, ttl: int) -> Run:
        return Run("198.51.100.1", shown, ttl, NOW, NOW)

    memory = Memory(
        apex=(run("ns1.example.test.", 300),), hosts={"ns1.example.test. A": (run("198.51.100.1", 60),)}
    )
    seen = planned("203.0.113.1", memory)

    assert seen.settled is not None
    assert seen.settled.formula == (
        "all parents switched 2026-12-01T09:00:00Z + parent NS TTL 3600 + old apex NS TTL 300 + "
        "TTL of the old name servers' addresses 60"
    )
    assert planned("198.51.100.1", memory).settled is None


def test_keys_that_are_exchanged_are_waited_for_since_they_were_first_seen() -> None:
    old = signed(by="old", published=[key("new", ZSK), key("new")])
    new = signed(by="new", published=[key("old", ZSK), key("old")], side=Side.NEW)
    sights = [
        (name, "@ DNSKEY", 300, " | ".join(each.to_text() for each in keys), -2.0 * HOUR, -1.0)
        for names, keys in (
            (OLD, [key("old"), key("new", ZSK), key("new")]),
            (NEW, [key("new"), key("old", ZSK), key("old")]),
        )
        for name in names
    ]
    sights += two_parents(f"{ds('old')} | {ds('new')}", -1.5 * HOUR, -60)
    both = delegation(listed=OLD, ds=(ds("old"), ds("new")))

    crossed = measured(facts(old, new, delegation=both, history=history(*sights), strategy=Strategy.MULTI_SIGNER))
    alone = measured(
        facts(signed(by="old"), signed(by="new", side=Side.NEW), delegation=both, strategy=Strategy.MULTI_SIGNER)
    )

    assert {wait.until for wait in crossed.exchanged} == {NOW - timedelta(hours=2), NOW - timedelta(hours=1.5)}
    assert alone.exchanged == ()
    assert make_timeline(crossed).step("exchange-keys").state is State.DONE
    gate = make_timeline(crossed).step("keys-exchanged")
    assert (gate.at, gate.state) == (after(-0.5 * HOUR), State.DONE)
    assert gate.rests_on == "a DS of the new side at a.nic.test (192.0.2.1) since 2026-12-01T07:30:00Z + 3600"
    assert make_timeline(alone).step("exchange-keys").state is State.AHEAD


def test_a_ds_that_was_left_at_the_switch_is_found_by_the_new_keys() -> None:
    def is_left(*trusted: str, listed: tuple[str, ...] = NEW, new: object = "", **served: str | None) -> bool:
        known = facts(signed(by="old"), new, delegation=delegation(listed=listed, ds=trusted))  # type: ignore[arg-type]
        return measured(known, **served).is_ds_left

    new = signed(by="new", side=Side.NEW)
    assert is_left(ds("old"))
    assert is_left(ds("old"), new=new)
    assert not is_left(ds("new"), new=new)
    assert not is_left(new=new)
    assert not is_left(ds("old"), listed=OLD), "before the switch it is the plan that says what to do"
    assert not is_left(ds("old"), ns1_new_example=None, ns2_new_example=None), "nobody knows the keys"


def test_an_old_ds_is_gone_where_each_that_is_left_fits_the_new_keys() -> None:
    def is_gone(*trusted: str, listed: tuple[str, ...] = NEW) -> bool:
        new = signed(by="new", side=Side.NEW)
        return measured(
            facts(signed(by="old"), new, delegation=delegation(listed=listed, ds=trusted))
        ).is_old_ds_gone

    assert is_gone(ds("new"))
    assert not is_gone(ds("old"), ds("new"))
    assert not is_gone()
    assert not is_gone(ds("new"), listed=OLD), "before the switch"
