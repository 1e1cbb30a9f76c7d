"""What holds for any two zones, whatever is in them."""

from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.model.capabilities import Capabilities
from migrator.model.change import Delete, after, before, carried_out, key_of
from migrator.model.names import folded
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot
from migrator.plan import Choices, Deletions, Sides, is_untouchable, make_plan, propose, says_all
from migrator.plan.steps import shortfall
from migrator.plan.undo import alike, undo, undo_in_file
from migrator.zonefile.capabilities import ZONE_FILE
from tests.snapshots import ORIGIN
from tests.translate.targets import TARGETS
from tests.translate.zones import snapshots

targets = st.sampled_from(sorted(TARGETS)).map(TARGETS.__getitem__)
deletions = st.builds(Deletions, st.booleans(), st.booleans())
APEX = folded(ORIGIN)


def is_own(rrset: RRset) -> bool:
    return rrset.key.folded == APEX and rrset.rdtype in {RdataType.SOA, RdataType.NS}


@given(snapshots(), snapshots(), targets)
@settings(max_examples=100)
def test_the_changes_lead_to_the_desired_zone(
    existing: ZoneSnapshot, desired: ZoneSnapshot, target: Capabilities
) -> None:
    """apply(diff(a, b), a) == b, as far as nothing stands in the way that may not be touched."""
    plan = make_plan(existing, desired, target, deletions=Deletions(all=True))
    there = {rrset.key: rrset for rrset in carried_out(existing.rrsets, plan.changes)}
    withheld = {pair.desired.key for pair in (*plan.withheld, *plan.conflicts)}

    for rrset in desired.rrsets:
        if rrset.key not in withheld:
            found = there.pop(rrset.key)
            assert says_all(found, rrset) or (target is ZONE_FILE and alike(found, rrset))
    assert all(is_untouchable(rrset, None) or is_own(rrset) for rrset in there.values())


@given(snapshots(), targets, deletions)
def test_between_equal_zones_there_is_nothing_to_do(
    zone: ZoneSnapshot, target: Capabilities, chosen: Deletions
) -> None:
    plan = make_plan(zone, zone, target, deletions=chosen)

    assert (plan.changes, plan.kept, plan.withheld, plan.conflicts, plan.brakes) == ((), (), (), (), ())
    assert plan.same == len(zone.rrsets)


@given(snapshots(), snapshots(), targets, deletions)
@settings(max_examples=100)
def test_a_second_plan_is_empty_and_the_target_is_proved(
    existing: ZoneSnapshot, desired: ZoneSnapshot, target: Capabilities, chosen: Deletions
) -> None:
    plan = make_plan(existing, desired, target, deletions=chosen)
    again = make_plan(plan.goal, desired, target, deletions=chosen)

    assert again.changes == ()
    assert again.goal.rrsets == plan.goal.rrsets
    assert shortfall(plan.goal, plan.goal, plan.changes) == ()
    if plan.changes:
        assert {found.key for found in shortfall(plan.goal, existing, plan.changes)} == {
            key_of(change) for change in plan.changes
        }


@given(snapshots(), snapshots(), targets, deletions)
@settings(max_examples=100)
def test_nothing_that_is_not_understood_is_touched(
    existing: ZoneSnapshot, desired: ZoneSnapshot, target: Capabilities, chosen: Deletions
) -> None:
    plan = make_plan(existing, desired, target, deletions=chosen)

    for change in plan.changes:
        found = before(change)
        assert found is None or not is_untouchable(found, after(change))
        assert not (isinstance(change, Delete) and is_own(change.existing))
    if not (chosen.all or chosen.conflicting):
        assert not any(isinstance(change, Delete) for change in plan.changes)


@given(snapshots(), snapshots() | st.none(), targets)
@settings(max_examples=100)
def test_the_ledger_closes_with_what_the_target_keeps_out(
    source: ZoneSnapshot, existing: ZoneSnapshot | None, target: Capabilities
) -> None:
    proposal = propose(Sides(source, existing, target), Choices())
    counts = proposal.counts

    assert (counts.read, counts.unaccounted) == (len(source.rrsets), 0)
    assert counts.copied + counts.translated + counts.dropped == len(source.rrsets)
    assert {loss.key for loss in proposal.losses} >= {pair.desired.key for pair in proposal.plan.withheld}
    assert propose(Sides(source, existing, target), Choices()) == proposal


@given(snapshots(), snapshots(), targets, deletions, st.data())
@settings(max_examples=100)
def test_however_far_an_import_came_undoing_it_leads_back(
    existing: ZoneSnapshot, desired: ZoneSnapshot, target: Capabilities, chosen: Deletions, data: st.DataObject
) -> None:
    plan = make_plan(existing, desired, target, deletions=chosen)
    done = [change for change in plan.changes if data.draw(st.booleans())]
    reached = ZoneSnapshot(ORIGIN, carried_out(existing.rrsets, done))
    way_back = undo_in_file if target is ZONE_FILE else undo
    undoing = way_back([plan.changes], reached)
    back = {rrset.key: rrset for rrset in carried_out(reached.rrsets, undoing.changes)}

    assert undoing.since == ()
    assert back.keys() == existing.by_key().keys()
    assert all(alike(back[rrset.key], rrset) for rrset in existing.rrsets)
    assert way_back([plan.changes], ZoneSnapshot(ORIGIN, tuple(back.values()))).changes == ()
