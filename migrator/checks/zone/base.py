"""The new name servers set against what they have to be as good as: the old zone. No IO here."""

from collections.abc import Iterable

from migrator.checks.asks import Ask
from migrator.checks.facts import Facts
from migrator.checks.points import NotNeeded, Point, Unchecked
from migrator.checks.zone.asking import Compared, compared, everything
from migrator.checks.zone.planned import planned_side
from migrator.checks.zone.rules import unread
from migrator.model.names import text_of
from migrator.model.zone import ZoneSnapshot


def ask_everything(facts: Facts) -> Iterable[Ask]:
    """Ask each new server everything that the old zone has (the plan, where that is not known)."""
    zone = base_zone(facts)
    if facts.new is not None and zone is not None:
        yield from everything(facts, facts.new, zone)


def base_zone(facts: Facts) -> ZoneSnapshot | None:
    """Return what the new servers have to be as good as: the old zone, else the plan."""
    side = facts.old if facts.old.zone is not None else planned_side(facts)
    return None if side is None else side.zone


def compared_with_base(facts: Facts) -> Compared | Point:
    """Return the new servers set against the old zone; a point where that is not possible."""
    zone = base_zone(facts)
    if facts.new is None:
        return NotNeeded("there is no new side: --to names it")
    if zone is None:
        return unread(facts, facts.old)
    found = compared(facts, facts.new, zone)
    if not found.serving:
        what = "serves the zone" if found.asked else "is known"
        evidence = tuple(one.soa for one in found.asked)
        return Unchecked(text_of(facts.domain), f"no new name server {what}", evidence)
    return found
