"""Routed sets against ordinary ones: what the checks say, and that no advice takes a name down."""

from collections.abc import Sequence

import pytest

from migrator.checks.close.leftovers import final_backup
from migrator.checks.facts import Kept
from migrator.checks.points import Passed, Point, Problem
from migrator.checks.zone.differences import diff
from migrator.checks.zone.drift import versus_old
from migrator.checks.zone.served import served
from migrator.model.extras import Weighted
from migrator.model.finding import Phase
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot, assemble_rrsets
from tests.checks.build import DOMAIN, NOW, facts, new_side, points, told, zone
from tests.checks.test_close import closing
from tests.diffing import rrset

CURRENT = rrset("www.example.test. 60 A 192.0.2.1", Weighted(90), variant="current")
CANARY = rrset("www.example.test. 60 A 192.0.2.2", Weighted(10), variant="canary")
MERGED = "www 60 A 192.0.2.1\nwww 60 A 192.0.2.2"
WRONG = "www 60 A 203.0.113.66"


def routed(*sets: RRset) -> ZoneSnapshot:
    return assemble_rrsets(DOMAIN, [*zone().rrsets, *sets], source="test").snapshot


ROUTED = routed(CURRENT, CANARY)
# One of the routed sets, as a server answers it.
ONE = {"ns1_old_example": "www 60 A 192.0.2.1", "ns2_old_example": "www 60 A 192.0.2.2"}


def remedies(found: Sequence[Point]) -> list[str]:
    return [point.remedy for point in found if isinstance(point, Problem)]


def test_weights_that_were_merged_are_told_by_what_both_zones_have() -> None:
    found = points(diff, facts(ROUTED, MERGED), **ONE)

    both = "192.0.2.1 and 192.0.2.2"
    assert told(found) == [
        (
            f"warning www.example.test. A: The new zone has {both}; the old one 192.0.2.2 ('canary', weight 10 of "
            f"100) or 192.0.2.1 ('current', weight 90 of 100). www.example.test leads to {both} for everybody; so "
            "far its routing chose among 2 sets."
        ),
        (
            f"warning www.example.test. A [canary]: The new zone has {both}; the old one 192.0.2.2 ('canary', "
            f"weight 10 of 100). www.example.test gives everybody the same answer ({both}); its routing is gone."
        ),
        (
            f"warning www.example.test. A [current]: The new zone has {both}; the old one 192.0.2.1 ('current', "
            f"weight 90 of 100). www.example.test gives everybody the same answer ({both}); its routing is gone."
        ),
    ]
    assert remedies(found) == ["", "", ""]


def test_a_wrong_address_in_the_place_of_routed_ones_is_to_be_replaced_and_never_deleted() -> None:
    found = points(diff, facts(ROUTED, WRONG), **ONE)

    assert [line.partition(" ")[0] for line in told(found)] == ["warning", "error", "error"]
    assert remedies(found) == [
        (
            "Put 192.0.2.2 ('canary', weight 10 of 100) or 192.0.2.1 ('current', weight 90 of 100) in its place, "
            "unless it is meant."
        ),
        "Add: www.example.test. 60 IN A 192.0.2.2",
        "Add: www.example.test. 60 IN A 192.0.2.1",
    ]


def test_an_address_too_many_is_to_be_taken_out() -> None:
    found = points(diff, facts(ROUTED, f"{MERGED}\n{WRONG}"), **ONE)

    assert remedies(found) == ["Take 203.0.113.66 out of it, unless it is meant.", "", ""]


def test_old_servers_that_answer_none_of_the_routed_sets_are_told() -> None:
    other = {"ns1_old_example": "www 60 A 192.0.2.99", "ns2_old_example": "www 60 A 192.0.2.99"}

    found = points(diff, facts(ROUTED, MERGED), **other)

    assert " The old name servers do not answer as the old zone any more. " in told(found)[1]


def test_addresses_that_a_cname_led_to_are_not_to_be_deleted() -> None:
    host = "host A 192.0.2.1"

    found = points(diff, facts(f"{host}\nwww CNAME host", f"{host}\nwww A 192.0.2.1"))

    assert told(found) == [
        (
            "warning www.example.test. A: The new zone has 192.0.2.1; the old one a CNAME to host.example.test. "
            "www.example.test leads to 192.0.2.1 itself, and so far by the CNAME host.example.test."
        ),
        (
            "warning www.example.test. CNAME: The new zone has 192.0.2.1; the old one host.example.test. "
            "www.example.test keeps fixed addresses (192.0.2.1) instead of following host.example.test; it stays "
            "behind when that moves."
        ),
    ]
    assert remedies(found) == [
        "Put a CNAME to host.example.test in its place, unless it is meant.",
        "Put in the place of what is there: www.example.test. 300 IN CNAME host.example.test.",
    ]


@pytest.mark.parametrize(
    ("new", "answers", "is_alike"),
    [
        (MERGED, ONE, True),
        (MERGED, {"ns1_old_example": "www 60 A 192.0.2.1"}, True),
        (MERGED, dict.fromkeys(ONE, "www 60 A 192.0.2.99"), False),  # changed since it was read
    ],
)
def test_the_new_servers_answer_what_the_routed_sets_may(
    new: str, answers: dict[str, str], *, is_alike: bool
) -> None:
    known = {"ns1_old_example": "www 60 A 192.0.2.1", "ns2_old_example": "www 60 A 192.0.2.1"} | answers

    found = points(
        versus_old, facts(ROUTED, new_side(None, zone=None), phase=Phase.READY), **known, **_served(new)
    )

    assert [isinstance(point, Passed) for point in found] == [is_alike]


def _served(text: str) -> dict[str, str]:
    return {"ns1_new_example": text, "ns2_new_example": text}


def test_new_servers_that_answer_something_else_are_told_once() -> None:
    known = facts(ROUTED, new_side(None, zone=None))

    by_plan = points(served, known, **ONE, **_served(WRONG))
    by_old = points(versus_old, known, **ONE, **_served(WRONG))

    assert "None of the routed answers: the server answers 203.0.113.66." in told(by_plan)[0]
    assert told(by_old)[0].endswith("1 difference told by zone.diff or zone.served.")


def test_nothing_of_merged_weights_is_missing_when_the_old_zone_goes() -> None:
    backup = Kept("kept", NOW, ROUTED)

    found = points(final_backup, closing(ROUTED, MERGED, backup=backup))

    assert told(found)[0] == (
        "warning www.example.test. A [canary]: The old zone has 192.0.2.2 ('canary', weight 10 of 100), the new "
        "one 192.0.2.1 and 192.0.2.2. www.example.test gives everybody the same answer (192.0.2.1 and 192.0.2.2); "
        "its routing is gone."
    )
    assert (
        remedies(found)
        == ["All that it answers is in the new zone; make sure that you can do without its routing."] * 2
    )


def test_a_plan_with_a_cname_is_not_told_to_lose_the_addresses_that_are_served() -> None:
    host = "host A 192.0.2.1"

    found = points(served, facts("", f"{host}\nwww CNAME host"), **_served(f"{host}\nwww A 192.0.2.1"))

    assert not any(remedy.startswith("Delete") for remedy in remedies(found))
