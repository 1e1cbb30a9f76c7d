"""A switch that was taken back: until when resolvers ask the name servers that the parent has left. No IO here."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from migrator.clock import Moment, Switch, instant, last_stale_answer, longest
from migrator.cutover.look import Look, NameSet, names_of
from migrator.cutover.memory import Memory, Run, names_in, set_text
from migrator.cutover.timing import PARENT_TTL
from migrator.meaning.suffixes import place_of
from migrator.model.finding import Finding, Severity
from migrator.model.names import for_people

TAKEN_BACK = "delegation.taken-back"


def lists(own: NameSet, shown: str) -> bool:
    """Tell whether a set has one of these names."""
    return bool(names_of(names_in(shown)) & own)


def last_question(
    own: NameSet, runs: Sequence[Run], at_apex: Iterable[int | None], named: str = "apex NS TTL of this zone"
) -> Moment | None:
    """Return until when resolvers ask servers that the parent has left; None where it was not seen to.

    `own` are their names, `runs` what the parent showed, `at_apex` the TTLs with which they list themselves, and
    `named` what the longest of these is called.
    """
    left = [(after.first, run.ttl) for run, after in _departures(own, runs)]
    if not left:
        return None
    seconds = [ttl for _, ttl in left if ttl is not None]
    parent = longest(PARENT_TTL, seconds, "no server of the parent gave it")
    kept = longest(named, [ttl for ttl in at_apex if ttl is not None], "nobody saw it")
    return last_stale_answer(Switch(max(at for at, _ in left), parent, kept))


def taken_back(look: Look, memory: Memory, now: datetime) -> Finding | None:
    """Return what is to be known of a switch that was made and taken back; None where this move saw no such.

    An earlier move to the same name servers, which was made and from which another one led away, is none.
    """
    wanted, own = set_text(look.expected), names_of(look.expected)
    runs = [run for run in memory.parent if run.expected in {wanted, ""}]
    gone = [(run, after) for run, after in _departures(own, memory.parent) if run in runs and after in runs]
    if not gone:
        return None
    at_apex = [run.ttl for run in memory.apex if lists(own, run.shown)]
    end = last_question(own, memory.parent, at_apex, "new apex NS TTL")
    assert end is not None
    still = (
        f" Resolvers may ask the new servers until {end}: keep the new zone as it is until then."
        if now < end.at
        else ""
    )
    last = instant(max(run.last for run, _ in gone))
    return Finding(
        TAKEN_BACK,
        Severity.WARNING,
        f"{for_people(look.domain)}. NS",
        f"The parent listed the new name servers, last seen {last}, and lists the old ones again.{still}",
        remedy=f"If that was meant, enter nothing {place_of(look.domain)}; else enter the new name servers again.",
    )


def _departures(own: NameSet, runs: Sequence[Run]) -> Iterator[tuple[Run, Run]]:
    """Yield, of each server of the parent, the last sight of these names, and the one of none of them after it."""
    for address in {run.address for run in runs}:
        history = [run for run in runs if run.address == address]
        for run, after in pairwise(history):
            if lists(own, run.shown) and not lists(own, after.shown):
                yield run, after
