"""What the checks of a deletion share: their phase, and whose name servers go. Pure."""

from migrator.checks.facts import Facts
from migrator.cutover.look import Addresses, names_of
from migrator.model.finding import Phase

CLOSE = (Phase.CLOSE,)
# So many of one kind are told.
SHOWN = 5


def old_only(facts: Facts) -> frozenset[tuple[bytes, ...]]:
    """Return the name servers of the old side that the new one does not have."""
    return names_of(facts.old.names) - (frozenset() if facts.new is None else names_of(facts.new.names))


def moved_of(facts: Facts) -> Addresses:
    """Return where name servers were that keep their names and move."""
    return () if facts.judgement is None else facts.judgement.look.left
