"""What became of each change of a plan, and what reading again shows of it. No IO here."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from migrator.diff import Difference, Kind, compare
from migrator.model.change import Change, Delete, after, before, key_of
from migrator.model.rrset import RRset
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.plan.same import says_all

HELD_OTHERWISE = (
    "it was accepted, and reads otherwise: somebody has changed it since, or the service cannot hold it so"
)


class State(StrEnum):
    """How far a change has come."""

    PLANNED = "planned"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Step:
    """A change and how far it has come; `detail` says why where it is not done.

    OVERTAKEN: somebody else has changed the set, before it was written (then it was left alone) or after.
    """

    change: Change
    state: State
    detail: str = ""


def judged(step: Step, found: RRset | None) -> Step:
    """Return the step when `found` is what stands at the target now."""
    if is_like(found, after(step.change)):
        return Step(step.change, State.DONE)
    if not is_like(found, before(step.change)):
        others = HELD_OTHERWISE if step.state is State.DONE else "somebody else has changed the set meanwhile"
        return Step(step.change, State.OVERTAKEN, step.detail or others)
    if step.state is State.FAILED:
        return step
    return Step(step.change, State.PLANNED, step.detail or "it was not carried out")


def is_like(found: RRset | None, wanted: RRset | None) -> bool:
    """Tell whether a set is as it should be; None is a set that is not there."""
    if found is None or wanted is None:
        return found is wanted
    return says_all(found, wanted)


def all_done(steps: Iterable[Step]) -> bool:
    """Tell whether nothing is left to be done."""
    return all(step.state is State.DONE for step in steps)


def shortfall(goal: ZoneSnapshot, present: ZoneSnapshot, changes: Sequence[Change]) -> tuple[Difference, ...]:
    """Return what the target has otherwise than it should: empty proves the import.

    Sets that appeared beside the plan do not count; those that should be gone and are not do.
    """
    there = present.by_key()
    wanted = goal.by_key()
    unlike = {key for key, rrset in wanted.items() if not is_like(there.get(key), rrset)}
    unlike |= {key_of(change) for change in changes if isinstance(change, Delete)} & there.keys()
    if not unlike:
        return ()
    return tuple(difference for difference in compare(goal, present).differences if difference.key in unlike)


def unseen(differences: Sequence[Difference], changes: Sequence[Change]) -> bool:
    """Tell whether all that differs is what the provider puts into a zone, not there, and nobody changed it.

    Somebody may read the records and not the settings of a zone: that is no difference, and no proof either.
    """
    touched = {key_of(change) for change in changes}
    return bool(differences) and all(
        difference.kind is Kind.EXPECTED and difference.new is None and difference.key not in touched
        for difference in differences
    )


def appeared(goal: ZoneSnapshot, present: ZoneSnapshot) -> tuple[RRset, ...]:
    """Return the sets that nobody planned and that were not there before."""
    wanted = goal.by_key()
    return tuple(rrset for rrset in present.rrsets if rrset.key not in wanted)
