"""The sets of name servers: at the parent, at the new apex, at the old apex."""

from dataclasses import replace

import pytest
from dns.rcode import Rcode

from migrator.checks.delegation.sets import child_ns, old_apex_ns, parent
from migrator.checks.points import Problem, Unchecked
from migrator.cutover.look import HostState, Side
from migrator.model.delegation import WalkEnd
from migrator.model.finding import Phase, Severity
from migrator.model.observation import Silence
from tests.checks.build import (
    NEW,
    OLD,
    answers,
    delegation,
    facts,
    gives,
    new_side,
    old_side,
    points,
    silent,
    told,
)
from tests.checks.build import parent as view

OLD_SET = "ns1.old.example, ns2.old.example"
NEW_SET = "ns1.new.example, ns2.new.example"


def test_before_the_switch_the_parent_lists_the_old_set() -> None:
    assert told(points(parent, facts())) == [
        f"pass example.test. NS: Every server of the parent lists the old set: {OLD_SET}."
    ]


def test_servers_of_the_parent_that_differ_before_the_switch_are_told_of() -> None:
    differing = delegation(view(1, OLD), view(2, OLD[:1]))

    assert told(points(parent, facts(delegation=differing))) == [
        (
            f"warning example.test. NS: The servers of the parent list 2 different sets (ns1.old.example; "
            f"{OLD_SET}); the old set was expected at every one: {OLD_SET}."
        )
    ]


def test_a_part_of_the_old_set_is_not_called_the_old_set() -> None:
    assert told(points(parent, facts(delegation=delegation(listed=OLD[:1])))) == [
        "pass example.test. NS: Every server of the parent lists ns1.old.example, of the old set.",
        (
            "notice example.test. NS: The parent lists ns1.old.example.; the old set is ns1.old.example., "
            "ns2.old.example."
        ),
    ]


@pytest.mark.parametrize("phase", [Phase.PREPARE, Phase.READY])
def test_a_name_server_beside_the_old_set_is_one_that_nobody_asks(phase: Phase) -> None:
    stray = delegation(listed=(*OLD, "ns.stray.example."))

    assert told(points(parent, facts(delegation=stray, phase=phase))) == [
        (
            "warning example.test. NS: The parent lists ns.stray.example beside the old set "
            f"({OLD_SET}): no check asks there what the zone is, nor for how long caches keep it."
        )
    ]


def test_a_switch_that_has_not_begun_fails_with_what_to_type() -> None:
    (found,) = points(parent, facts(phase=Phase.SWITCH, delegation=delegation(listed=OLD)))

    assert isinstance(found, Problem)
    assert found.message == f"The parent still lists the old set ({OLD_SET}); the new one was expected: {NEW_SET}."
    assert found.remedy.startswith(f"Enter these name servers at the registrar: {NEW_SET}.")


def test_servers_of_the_parent_that_have_the_old_zone_themselves_are_told_of() -> None:
    referring = view(1, OLD)
    shared = replace(referring, ns=answers(referring.server, "@ NS", *OLD))
    (found,) = points(parent, facts(phase=Phase.SETTLE, delegation=delegation(shared)))

    assert isinstance(found, Problem)
    assert found.remedy.startswith("The servers of the parent have the zone example.test themselves")


@pytest.mark.parametrize("phase", [Phase.SWITCH, Phase.SETTLE])
def test_one_server_of_the_parent_that_has_the_old_zone_itself_is_told_of(phase: Phase) -> None:
    referring = view(2, OLD)
    shared = replace(referring, ns=answers(referring.server, "@ NS", *OLD))
    (found,) = points(parent, facts(phase=phase, delegation=delegation(view(1, NEW), shared)))

    assert isinstance(found, Problem)
    assert found.remedy.startswith("The servers of the parent have the zone example.test themselves")


def test_servers_of_the_parent_that_differ_are_a_warning_in_the_switch_and_fail_afterwards() -> None:
    mixed = delegation(view(1, NEW), view(2, OLD))

    assert told(points(parent, facts(phase=Phase.SWITCH, delegation=mixed))) == [
        "warning example.test. NS: 1 of 2 servers of the parent list the new set; all of them were expected."
    ]
    assert told(points(parent, facts(phase=Phase.SETTLE, delegation=mixed))) == [
        f"problem example.test. NS: The parent lists {NEW_SET}; {OLD_SET}; {NEW_SET} was expected."
    ]


def test_a_server_of_the_parent_that_denies_the_domain_is_no_delay_of_the_registry() -> None:
    denies = replace(view(2, NEW), ns=gives(view(2, NEW).server, "@ NS", Rcode.NXDOMAIN))

    assert told(points(parent, facts(phase=Phase.SWITCH, delegation=delegation(view(1, NEW), denies)))) == [
        (
            f"problem example.test. NS: {denies.server} says that there is no delegation; the new set was "
            "expected at every server of the parent, or the old one as long as the registry publishes: "
            f"{NEW_SET}."
        )
    ]


def test_a_server_of_the_parent_that_lists_neither_side_is_no_delay_of_the_registry() -> None:
    stray = view(2, ("ns.stray.example.",))
    astray = delegation(view(1, NEW), stray)

    assert told(points(parent, facts(phase=Phase.SWITCH, delegation=astray))) == [
        (
            f"problem example.test. NS: {stray.server} lists ns.stray.example; the new set was expected at every "
            f"server of the parent, or the old one as long as the registry publishes: {NEW_SET}."
        )
    ]
    nobody = replace(old_side(), names=())
    (found,) = points(parent, facts(phase=Phase.SWITCH, old=nobody, delegation=astray))
    assert isinstance(found, Problem)
    assert found.severity is Severity.WARNING, "it may be the old set, which is not known"


def test_old_names_beside_the_new_ones_are_no_delay_of_the_registry() -> None:
    mixed = delegation(view(1, NEW), view(2, (*OLD, *NEW)))
    (found,) = points(parent, facts(phase=Phase.SWITCH, delegation=mixed))

    assert isinstance(found, Problem)
    assert found.remedy.startswith("A server of the parent lists others beside the new set, or a part of it")


def test_a_switch_that_has_happened_is_told_in_ready() -> None:
    assert told(points(parent, facts(delegation=delegation(listed=NEW)))) == [
        (
            f"warning example.test. NS: The parent lists the new set already ({NEW_SET}); the old one was "
            "expected in this phase."
        )
    ]


def test_a_parent_that_lists_the_new_set_before_anything_is_prepared_shows_sides_that_are_swapped() -> None:
    (found,) = points(parent, facts(phase=Phase.PREPARE, delegation=delegation(listed=NEW)))

    assert told([found]) == [
        (
            f"problem example.test. NS: The parent lists the new set already ({NEW_SET}); the old one was "
            "expected in this phase: are the two sides swapped?"
        )
    ]
    assert isinstance(found, Problem)
    assert found.remedy.endswith("Where --from and --to are swapped, name them the other way round.")


def test_what_the_parent_lists_is_not_called_wrong_where_the_new_side_could_not_be_read() -> None:
    given = facts(delegation=delegation(listed=NEW))
    assert given.new is not None
    unread = replace(given, new=replace(given.new, names=(), unread="an expired token", has_failed=True))

    (found,) = points(parent, unread)

    assert isinstance(found, Unchecked)
    assert (
        found.reason
        == f"the parent lists {NEW_SET}, and what belongs to the new side is not known: an expired token"
    )


def test_a_parent_server_that_is_silent_leaves_the_rest_unchecked() -> None:
    seen = delegation(view(1, OLD), view(2, Silence.TIMEOUT))

    assert told(points(parent, facts(delegation=seen))) == [
        f"pass example.test. NS: Every answering server of the parent lists the old set: {OLD_SET}.",
        "unchecked b.nic.test (192.0.2.2): timeout",
    ]


def test_a_parent_server_that_fails_is_a_problem() -> None:
    seen = delegation(view(1, OLD), view(2, Rcode.SERVFAIL))

    assert told(points(parent, facts(delegation=seen)))[1] == (
        "error b.nic.test (192.0.2.2): Asked for the delegation, the parent's server gave SERVFAIL; a referral "
        "was expected."
    )


def test_without_any_answer_of_the_parent_nothing_is_known() -> None:
    seen = delegation(view(1, Silence.TIMEOUT), view(2, Silence.TIMEOUT), end=WalkEnd.UNREACHABLE)

    assert {line.partition(" ")[0] for line in told(points(parent, facts(delegation=seen)))} == {"unchecked"}


def test_a_domain_that_the_parent_does_not_know_fails() -> None:
    seen = delegation(view(1, Rcode.NXDOMAIN), end=WalkEnd.NO_SUCH_NAME)

    assert told(points(parent, facts(delegation=seen))) == [
        "problem example.test. NS: The parent says that there is no such name; a delegation was expected."
    ]


def test_every_new_server_lists_the_new_set() -> None:
    assert told(points(child_ns, facts())) == [
        f"pass ns1.new.example (203.0.113.1): Lists the new set: {NEW_SET}.",
        f"pass ns2.new.example (203.0.113.2): Lists the new set: {NEW_SET}.",
    ]


def test_a_new_zone_that_still_lists_the_old_servers_fails() -> None:
    stale = answers("ns2.new.example.", "@ NS", *OLD)

    assert told(points(child_ns, facts(), stale))[1] == (
        "error ns2.new.example (203.0.113.2): The apex NS set of the zone there is still the old set "
        "(ns1.old.example., ns2.old.example.); ns1.new.example., ns2.new.example. was expected."
    )


def test_a_new_zone_that_names_the_old_servers_as_its_own_fails() -> None:
    copied = facts(new=replace(old_side(), side=Side.NEW, locator="new.zone"))

    assert told(points(child_ns, copied)) == [
        (
            f"problem example.test. NS: The new zone lists {OLD_SET}, as the old one does; the new provider's own "
            "name servers were expected."
        )
    ]
    assert told(points(parent, copied)) == [
        f"pass example.test. NS: The parent lists {OLD_SET}, as both zones do: see delegation.child-ns."
    ]


def test_names_may_stay_where_their_addresses_change() -> None:
    moved = tuple(replace(each, addresses=("203.0.113.77",)) for each in old_side().hosts)
    staying = facts(new=replace(old_side(), side=Side.NEW, hosts=moved))

    assert "pass" in told(points(child_ns, staying))[0]
    assert told(points(parent, staying)) == [
        (
            f"pass example.test. NS: The parent lists {OLD_SET}, whose names stay: the switch is a change of "
            "their addresses there (glue)."
        )
    ]


def test_a_silent_new_server_is_unchecked() -> None:
    quiet = (silent("ns2.new.example.", "@ NS"), silent("ns2.new.example.", "@ SOA"))

    assert told(points(child_ns, facts(), *quiet))[1] == (
        "unchecked ns2.new.example (203.0.113.2): the zone is not served there: timeout"
    )


def test_a_new_server_without_an_address_leaves_the_end_unchecked() -> None:
    first, second = new_side().hosts
    lost = replace(second, addresses=(), state=HostState.UNCHECKED, detail="timeout")
    without = replace(new_side(), hosts=(first, lost))

    assert told(points(child_ns, facts(new=without, phase=Phase.CLOSE))) == [
        f"pass ns1.new.example (203.0.113.1): Lists the new set: {NEW_SET}.",
        ("unchecked ns2.new.example.: its address is not known, so nobody could ask it: unchecked (timeout)"),
    ]


def test_a_set_that_was_cut_off_is_unchecked_and_not_empty() -> None:
    cut = replace(gives("ns2.new.example.", "@ NS", Rcode.NOERROR), truncated=True)

    assert told(points(child_ns, facts(), cut))[1] == (
        "unchecked ns2.new.example (203.0.113.2): no answer for the NS of the zone: a truncated answer, and none "
        "over TCP"
    )


def test_without_a_new_side_its_set_is_not_needed() -> None:
    assert told(points(child_ns, facts(new=None))) == [
        "not-needed: the new name servers are not known: --to names them"
    ]


def test_old_servers_that_list_the_old_set_after_the_switch_cost_time() -> None:
    found = points(old_apex_ns, facts(phase=Phase.SETTLE))

    assert [point.subject for point in found if isinstance(point, Problem)] == [
        "ns1.old.example (198.51.100.1)",
        "ns2.old.example (198.51.100.2)",
    ]
    assert told(found)[0].endswith(
        f"The old server lists {OLD_SET} with TTL 300; with the new set there, the last stale answer would come "
        "up to 300 s earlier."
    )


def test_old_servers_that_list_the_new_set_are_right() -> None:
    moved = "\n".join(f"@ NS {name}" for name in NEW)

    assert told(points(old_apex_ns, facts(moved, phase=Phase.SWITCH))) == [
        "pass ns1.old.example (198.51.100.1): The old server lists the new set.",
        "pass ns2.old.example (198.51.100.2): The old server lists the new set.",
    ]


def test_before_the_switch_the_old_provider_s_rule_is_told() -> None:
    (found,) = points(old_apex_ns, facts(old_side(scheme="azure")))

    assert told([found]) == [
        (
            "notice example.test. NS: At the switch: Azure DNS lets you add names to "
            "the NS set at the apex and not remove its own four, so that the sum of both TTLs remains the bound."
        )
    ]
