"""Judges one zone by itself: what the checks of a zone's content share. No IO here.

A rule looks at the zone that is moved: the old one in `prepare`, the new one from `ready` on, and where the new
side names live servers only, the zone that they are to serve. A fault that the old zone has as well is no fault
of the move: it is a warning then, unless nobody can move such a zone. `lint`, which looks at one zone alone,
tells all.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from dns.rdatatype import RdataType

from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.points import Evidence, Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.memo import Latest
from migrator.meaning.index import ZoneIndex, index_of
from migrator.meaning.served import ServedZone
from migrator.model.finding import Phase, Severity
from migrator.model.names import text_of
from migrator.model.phrases import counted
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot

Rule = Callable[[ServedZone], Iterable[Problem]]
Wanted = Callable[[RRset], bool]

PLANNING = (Phase.PREPARE, Phase.READY)
LOOKED_UP = frozenset({RdataType.MX})
_ALSO_OLD = " The old zone has the same fault."


def judged_side(facts: Facts) -> ZoneSide:
    """Return the side whose zone is judged: the old one where the new side consists of live servers only."""
    return facts.old if facts.judged.is_live else facts.judged


def every(_: RRset) -> bool:
    """Take every RRset."""
    return True


def zone_points(
    facts: Facts,
    rule: Rule,
    holds: str,
    *,
    wanted: Wanted = every,
    without: str = "",
    moves_anyway: bool = True,
    looked_up: frozenset[RdataType] = frozenset(),
) -> Iterator[Point]:
    """Yield what a rule finds in the zone, or that it holds; not needed where the zone has nothing of the kind.

    `wanted` says which RRsets the rule is about, `without` what a zone without them is. `moves_anyway` is False
    for faults with which no zone can be moved. `looked_up` are types whose targets another check looks up at the
    new servers: what is wrong with them is told there, once.
    """
    side = judged_side(facts)
    if side.zone is None:
        yield unread(facts, side)
        return
    number = sum(map(wanted, side.zone.rrsets))
    if not number:
        yield NotNeeded(without or "the zone has no records", (read_from(side),))
        return
    zone = served_zone(side.zone)
    found = list(rule(zone))
    if side is facts.new and side.names and facts.delegation is not None:
        # The new name servers themselves are looked up and asked as well.
        kinds = tuple(f" {RdataType.to_text(rdtype)}" for rdtype in looked_up)
        apex = f"{text_of(side.zone.origin)} NS"
        found = [each for each in found if each.subject != apex and not each.subject.endswith(kinds)]
    if moves_anyway and found and facts.delegation is not None:
        found = _known_before(facts, rule, found)
    yield from found
    if not found:
        yield Passed(
            text_of(side.zone.origin), f"{holds} Looked at: {counted(number, 'RRset')}.", (read_from(side),)
        )


def _known_before(facts: Facts, rule: Rule, found: list[Problem]) -> list[Problem]:
    """Return the problems, those that the old zone has as well being warnings."""
    if facts.old.zone is None:
        return found
    before = {(problem.subject, problem.message) for problem in rule(served_zone(facts.old.zone))}
    return [
        replace(problem, message=problem.message + _ALSO_OLD, severity=_at_most_warning(problem.severity))
        if (problem.subject, problem.message) in before
        else problem
        for problem in found
    ]


def _at_most_warning(severity: Severity | None) -> Severity:
    return Severity.NOTICE if severity is Severity.NOTICE else Severity.WARNING


def unread(facts: Facts, side: ZoneSide) -> Unchecked:
    """Return that a zone could not be looked at."""
    reason = side.unread or f"the zone of the {side.side} side is not known"
    option = "--from" if side is facts.old else "--to"
    # What is named already, and was not given, says itself what is to be done.
    remedy = "" if side.has_failed else f"Name the zone with {option}, such as {option} FILE."
    return Unchecked(text_of(facts.domain), reason, remedy=remedy)


def read_from(side: ZoneSide) -> Evidence:
    """Return where the zone was read, and how much it is."""
    assert side.zone is not None
    size = f"{counted(side.zone.rrset_count(), 'RRset')}, {counted(side.zone.record_count(), 'record')}"
    return Noted(side.locator or side.zone.source or f"the {side.side} zone", size, side.zone.read_at)


def served_zone(snapshot: ZoneSnapshot) -> ServedZone:
    """Return the zone as a server would look into it."""
    return _SERVED.of((snapshot,), lambda: ServedZone(snapshot, _index_of(snapshot)))


def _index_of(snapshot: ZoneSnapshot) -> ZoneIndex:
    """Return an index of the zone, one for all snapshots with the same compact zone."""
    return _INDEXES.of((snapshot.compact or snapshot,), lambda: index_of(snapshot))


_SERVED = Latest[ServedZone]()
_INDEXES = Latest[ZoneIndex]()
