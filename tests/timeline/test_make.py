"""The timeline of a move: each instant from what was measured, and nothing guessed."""

from datetime import datetime, timedelta

import pytest

from migrator.checks.facts import Strategy
from migrator.timeline import Measured, Party, State, Timeline, make_timeline
from migrator.timeline.runbook import runbook
from tests.timeline.build import BOTH_SIGN, MONDAY, SIGNED, at, lowered, measure, measured, shown


def instants(found: Timeline) -> dict[str, str]:
    return {step.id: shown(step.at) for step in found.steps if step.state is not State.NOT_NEEDED}


def states(found: Timeline) -> dict[str, str]:
    return {step.id: str(step.state) for step in found.steps}


def test_the_worked_example_of_a_signed_domain_under_com() -> None:
    """Lowered on Monday, insecure since Tuesday, switched on Wednesday, settled on Friday."""
    facts = measured(
        now=at("Wed 12:30"),
        ds_gone=at("Tue 12:10"),
        **SIGNED,
        **lowered(at("Mon 09:05")),
    )

    found = make_timeline(facts, at("Wed 16:06"))

    assert instants(found) == {
        "lower-ttls": "Mon 09:05",
        "remove-ds": "Tue 12:10",
        "ds-expired": "Wed 12:10",
        "earliest-cutover": "Tue 09:05",
        "switch": "Wed 16:06",
        "delegation-settled": "Fri 16:11",
        "last-stale-answer": "Fri 16:16",
        "sign-again": "Fri 16:11",
        "add-ds": "Fri 16:26",
        "restore-ttls": "Fri 16:11",
        "rollback-horizon": "Fri 16:11",
        "safe-deletion": "Fri 16:11",
    }
    assert found.step("delegation-settled").advice.endswith("2026-12-04T16:06:00Z.")
    assert shown(found.step("safe-deletion").recommended) == "Sat 16:11"
    assert (found.too_early, found.unmeasured) == ("", ())


@pytest.mark.parametrize(
    ("now", "gone", "recommended"),
    [
        pytest.param("Mon 10:00", "Mon 09:05", "Tue 12:29", id="an hour and a tenth of the day that TTLs take"),
        pytest.param("Tue 12:30", "Mon 09:05", None, id="nothing to wait for any more"),
    ],
)
def test_a_margin_is_recommended_beside_the_exact_instant(now: str, gone: str, recommended: str | None) -> None:
    found = make_timeline(measured(now=at(now), **lowered(at(gone))))

    switch = found.step("switch")
    assert switch.at == max(at(now), at("Tue 09:05"))
    assert switch.recommended == (None if recommended is None else at(recommended))


def test_before_anything_is_lowered_the_plan_assumes_that_it_is_done_now() -> None:
    found = make_timeline(measured())

    assert instants(found) == {
        "lower-ttls": "Mon 09:00",
        "earliest-cutover": "Tue 09:00",
        "switch": "Tue 09:00",
        "delegation-settled": "Thu 09:05",
        "last-stale-answer": "Thu 09:10",
        "restore-ttls": "Thu 09:05",
        "rollback-horizon": "Thu 09:05",
        "safe-deletion": "Thu 09:05",
    }
    assert found.step("earliest-cutover").rests_on == (
        "example.com. NS lowered now 2026-11-30T09:00:00Z + 86400, seen at all old servers"
    )
    assert states(found)["remove-ds"] == "not-needed"
    assert found.step("remove-ds").rests_on == (
        "no server of the parent has, or was seen with, a DS: the domain is not signed"
    )


LATE = "2026-12-01T09:05:00Z"


@pytest.mark.parametrize(
    ("facts", "wish", "says"),
    [
        pytest.param(measured(**lowered(at("Mon 09:05"))), "Tue 09:05", "", id="to the second"),
        pytest.param(measured(**lowered(at("Mon 09:05"))), "Wed 09:00", "", id="later"),
        pytest.param(
            measured(**lowered(at("Mon 09:05"))),
            "Tue 09:04",
            f"A switch at 2026-12-01T09:04:00Z is too early: safe from {LATE} on: earliest-cutover {LATE} = "
            "example.com. NS at ns1.old.example lower TTL first seen 2026-11-30T09:05:00Z + 86400.",
            id="a minute early",
        ),
        pytest.param(
            measured(formers=(), high=(), unseen=("ns1.old.example: timeout",)),
            "Tue 09:04",
            "Whether that is safe cannot be told: see what was not measured.",
            id="nobody knows",
        ),
    ],
)
def test_a_wished_instant_is_held_against_the_earliest_safe_one(facts: Measured, wish: str, says: str) -> None:
    found = make_timeline(facts, at(wish))

    assert found.too_early == says
    assert found.step("switch").at == at(wish)


def test_both_gates_run_side_by_side_and_the_later_one_counts() -> None:
    keys = measure("old DNSKEY TTL", 200_000)

    found = make_timeline(measured(strategy=Strategy.GO_INSECURE, old_keys=keys))

    assert (shown(found.step("earliest-cutover").at), shown(found.step("ds-expired").at)) == (
        "Tue 09:00",
        "Wed 16:33:20",
    )
    assert found.step("switch").at == found.step("ds-expired").at
    assert found.step("ds-expired").rests_on == (
        "removed now 2026-11-30T09:00:00Z + max(parent DS TTL 86400, old DNSKEY TTL 200000), gone at every server "
        "of the parent"
    )


def test_a_switch_is_recommended_when_no_resolver_can_hold_keys_that_it_fetched_with_the_ds() -> None:
    keys = measure("old DNSKEY TTL", 200_000)
    found = make_timeline(measured(ds_gone=MONDAY, **{**SIGNED, "old_keys": keys}, **lowered(MONDAY)))

    gate, switch = found.step("ds-expired"), found.step("switch")
    assert gate.recommended == MONDAY + timedelta(seconds=86_400 + 200_000)
    assert gate.recommended_because == (
        "DS gone since 2026-11-30T09:00:00Z + parent DS TTL 86400 + old DNSKEY TTL 200000: a resolver that holds "
        "the DS fetches the keys anew"
    )
    assert (switch.recommended, switch.recommended_because) == (gate.recommended, "recommended by ds-expired")


def test_with_keys_on_both_sides_the_domain_stays_secure_and_the_old_zone_stays_longer() -> None:
    found = make_timeline(measured(**BOTH_SIGN, **lowered(at("Mon 06:00"), 3600)))

    assert instants(found) == {
        "lower-ttls": "Mon 06:00",
        "exchange-keys": "Mon 09:00",
        "keys-exchanged": "Tue 09:00",
        "earliest-cutover": "Mon 07:00",
        "switch": "Tue 09:00",
        "delegation-settled": "Thu 09:05",
        "last-stale-answer": "Thu 09:10",
        "remove-old-ds": "Thu 09:05",
        "old-ds-expired": "Fri 09:05",
        "restore-ttls": "Thu 09:05",
        "rollback-horizon": "Fri 09:05",
        "safe-deletion": "Fri 09:05",
    }


@pytest.mark.parametrize(
    ("field", "name", "gate", "instants_stay"),
    [
        ("parent_ns", "parent NS TTL", "delegation-settled", False),
        ("old_ns", "old apex NS TTL", "delegation-settled", False),
        ("changing", "longest TTL that changes", "last-stale-answer", True),
    ],
)
def test_what_was_not_measured_is_said_and_never_guessed(
    field: str, name: str, gate: str, *, instants_stay: bool
) -> None:
    found = make_timeline(measured(**{field: measure(name, None)}))

    assert found.unmeasured == (f"{name}: nobody said",)
    assert found.step(gate).unknown == (f"{name}: nobody said",)
    assert (found.step("safe-deletion").at is not None) is instants_stay


def test_unknown_keys_of_a_signed_zone_leave_the_gate_of_dnssec_open() -> None:
    found = make_timeline(measured(strategy=Strategy.GO_INSECURE, old_keys=measure("old DNSKEY TTL", None)))

    assert found.step("ds-expired").unknown == ("old DNSKEY TTL: nobody said",)
    assert found.step("switch").unknown == ("old DNSKEY TTL: nobody said",)


def test_a_ttl_counts_for_a_week_at_most() -> None:
    found = make_timeline(measured(**lowered(at("Mon 09:00"), 2_000_000)))

    assert shown(found.step("earliest-cutover").at) == "Mon+1 09:00"


def test_a_provider_that_sets_the_ttl_of_the_apex_itself_keeps_it() -> None:
    found = make_timeline(measured(ns_can_be_lowered=False))

    assert found.step("delegation-settled").at == at("Tue 09:00") + timedelta(seconds=172_800 + 86_400)


def test_a_switch_that_was_made_is_where_the_plan_goes_on_from() -> None:
    found = make_timeline(measured(now=at("Wed 12:00"), switched=at("Wed 10:00"), **lowered(at("Mon 09:05"))))

    assert {
        id_: states(found)[id_] for id_ in ("lower-ttls", "earliest-cutover", "switch", "last-stale-answer")
    } == {
        "lower-ttls": "not-needed",
        "earliest-cutover": "not-needed",
        "switch": "done",
        "last-stale-answer": "ahead",
    }
    assert shown(found.step("delegation-settled").at) == "Fri 10:05"


def test_a_gate_that_may_open_later_than_was_seen_is_not_past() -> None:
    unseen = lowered(at("Mon 09:05")) | {"changing": measure("longest TTL that changes", None)}
    switched = make_timeline(measured(now=at("Sat 12:00"), switched=at("Wed 10:00"), **unseen))
    ahead = make_timeline(measured(now=at("Wed 12:00"), unseen=("ns2: timeout",), **lowered(at("Mon 09:05"))))

    assert states(switched)["delegation-settled"] == "done"
    assert states(switched)["last-stale-answer"] == "unknown"
    assert shown(switched.step("last-stale-answer").at) == "Fri 10:05"
    assert states(ahead)["earliest-cutover"] == "unknown"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("file", "route53", {}, id="nothing happens by itself"),
        pytest.param("azure", "cloudflare", {"cloudflare-pending": MONDAY + timedelta(days=28)}, id="pending"),
        pytest.param(
            "cloudflare",
            "azure",
            {
                "cloudflare-deleted": at("Tue 09:00") + timedelta(days=7),
                "cloudflare-purged": at("Tue 09:00") + timedelta(days=14),
            },
            id="moved",
        ),
        pytest.param("route53", "azure", {"route53-no-undelete": None}, id="no undelete"),
    ],
)
def test_what_providers_do_by_themselves_is_part_of_it(old: str, new: str, expected: dict[str, object]) -> None:
    found = make_timeline(measured(old=Party(f"{old}:example.com", old), new=Party(f"{new}:example.com", new)))

    deadlines = [step for step in found.steps if step.kind == "deadline"]
    assert {step.id: step.at for step in deadlines} == expected
    assert all("2026-11-20)" in step.rests_on for step in deadlines)


def test_new_keys_that_are_measured_are_waited_for_before_the_ds_is_added() -> None:
    keys = measure("new DNSKEY TTL", 7200)

    found = make_timeline(measured(**{**SIGNED, "new_keys": keys}))

    assert found.step("add-ds").rests_on.endswith("+ max(new DNSKEY TTL 7200, new negative TTL 900)")
    assert "new keys too" in make_timeline(measured(**SIGNED)).step("add-ds").advice


def test_a_ds_is_added_when_no_cache_holds_what_was_answered_without_signatures() -> None:
    """A validator behind a cache that does not validate gets unsigned answers for as long as that keeps them."""
    whole = measure("longest TTL of the zone", 86_400)

    found = make_timeline(measured(**SIGNED, unsigned=whole))

    sign, add = found.step("sign-again"), found.step("add-ds")
    assert sign.at is not None
    assert add.at == sign.at + timedelta(seconds=86_400)
    assert add.rests_on.endswith("+ max(new negative TTL 900, longest TTL of the zone 86400)")
    assert found.measured.measures[-1] == whole


@pytest.mark.parametrize(
    ("without_ds", "gate"),
    [
        pytest.param(None, "Wed 09:00", id="nobody looked before"),
        pytest.param(at("Mon 08:30"), "Wed 08:30", id="a look half an hour ago saw none"),
    ],
)
def test_a_signed_zone_whose_ds_nobody_saw_waits_for_one_that_may_have_been_there(
    without_ds: datetime | None, gate: str
) -> None:
    keys = measure("old DNSKEY TTL", 3600)

    found = make_timeline(measured(old_keys=keys, without_ds=without_ds, **lowered(MONDAY - timedelta(days=2))))

    assert states(found)["remove-ds"] == "not-needed"
    assert shown(found.step("ds-expired").at) == gate
    assert found.step("switch").at == found.step("ds-expired").at


@pytest.mark.parametrize("more", [SIGNED, BOTH_SIGN, {}], ids=["go-insecure", "multi-signer", "unsigned"])
def test_a_ds_that_fits_no_new_key_is_to_be_removed_after_the_switch_too(more: dict[str, object]) -> None:
    found = make_timeline(measured(switched=MONDAY, is_ds_left=True, **more))
    without = make_timeline(measured(switched=MONDAY, **more))

    act, gate = found.step("remove-ds"), found.step("ds-expired")
    assert (act.state, act.at) == (State.AHEAD, MONDAY)
    assert act.rests_on == (
        "the switch is made, and the DS at the parent fits no key of a new server: validating resolvers answer "
        "SERVFAIL"
    )
    assert (gate.state, gate.at) == (State.AHEAD, MONDAY + timedelta(days=1))
    assert (
        gate.rests_on
        == "removed now 2026-11-30T09:00:00Z + parent DS TTL 86400, gone at every server of the parent"
    )
    assert runbook(found)[0].title == "Remove the DS that was left"
    assert all(step.state is not State.AHEAD for step in without.steps if step.id == "remove-ds")
    assert runbook(without)[0].title != "Remove the DS that was left"


def test_the_way_back_of_a_signed_domain_goes_by_its_ds() -> None:
    def advice(more: dict[str, object]) -> str:
        return make_timeline(measured(**more)).step("rollback-horizon").advice

    equal = "Keep both zones equal until then: what is wrong in a record is mended in both, and is quicker."
    assert advice({}) == equal
    assert (
        advice(SIGNED)
        == advice(BOTH_SIGN)
        == (
            f"{equal} Before going back, the DS at the parent has to fit the keys of the old servers, or to be "
            "gone for as long as its TTL: otherwise validating resolvers answer SERVFAIL."
        )
    )


def test_the_page_about_signing_again_names_the_instant_of_the_ds() -> None:
    (page,) = [entry for entry in runbook(make_timeline(measured(**SIGNED))) if entry.step == "sign-again"]

    assert page.says == (
        "Switch signing on at the new provider.",
        (
            "Its DS goes to the registrar at the instant of 'Add the DS of the new zone at the registrar', not "
            "before: caches still hold answers without signatures."
        ),
    )


def test_a_zone_that_is_not_signed_yet_gets_its_ds_after_a_wait_from_now_on() -> None:
    """The delegation has settled days ago: who signs today has answers without signatures in caches today."""
    moved: dict[str, object] = {"now": at("Wed 09:00"), "switched": MONDAY - timedelta(days=9), **SIGNED}
    whole = measure("longest TTL of the zone", 86_400)

    late = make_timeline(measured(**moved, unsigned=whole))
    signed = make_timeline(measured(**{**moved, "new_keys": measure("new DNSKEY TTL", 3600)}, unsigned=whole))

    assert (shown(late.step("sign-again").at), shown(late.step("add-ds").at)) == ("Wed 09:00", "Thu 09:00")
    assert late.step("add-ds").rests_on.startswith("signed 2026-12-02T09:00:00Z + ")
    entered = signed.step("add-ds").at
    assert entered is not None
    assert entered < at("Wed 09:00")


def test_no_ds_is_to_be_removed_where_each_fits_the_new_keys() -> None:
    """Signed again after the move, or the old DS is gone already: the only DS is the one that has to stay."""
    found = make_timeline(measured(switched=MONDAY, is_old_ds_gone=True, **BOTH_SIGN))

    assert {id_: state for id_, state in states(found).items() if id_ in {"remove-old-ds", "old-ds-expired"}} == {
        "remove-old-ds": "not-needed",
        "old-ds-expired": "not-needed",
    }
    assert found.step("remove-old-ds").rests_on == "every DS at the parent fits a key of the new servers"
    assert "Leave the old keys" not in [entry.title for entry in runbook(found)]
    assert "Leave the old keys" in [entry.title for entry in runbook(make_timeline(measured(**BOTH_SIGN)))]
