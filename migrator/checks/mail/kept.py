"""Records of the old zone that must be answered by the new side too; used for mail's lesser records. No IO here.

What a loss or a difference does is said in the words of the comparison of two zones (`migrator/diff`).
"""

from collections.abc import Callable, Collection, Iterable, Iterator

from migrator.checks.asks import Ask
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.mail.sides import evidence_of, failure, look, noted, old_sets, records_in_words
from migrator.checks.overlay import Found, pending
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.rules import served_zone
from migrator.diff.change import Change, Context, change_of
from migrator.diff.effects import effects_of
from migrator.meaning.roles import Effect, Role
from migrator.meaning.served import Sides
from migrator.model.finding import Severity
from migrator.model.names import text_of
from migrator.model.rrset import RRset, make
from migrator.model.zone import subject_of


def kept_to_ask(facts: Facts, wanted: Callable[[RRset], bool]) -> Iterable[Ask]:
    """Yield the questions about each RRset of the old zone that is wanted."""
    if facts.new is None:
        return
    for rrset in old_sets(facts, wanted):
        yield from pending([look(facts, facts.new, rrset.owner, rrset.rdtype)])


def kept(
    facts: Facts,
    wanted: Callable[[RRset], bool],
    roles: Collection[Role],
    none: str,
    *,
    most: Severity = Severity.ERROR,
    then: str = "",
) -> Iterator[Point]:
    """Yield what became of each RRset of the old zone that is wanted; `none` says that there is none.

    Told is the gravest effect on these roles, as no more than `most`; `then` is a sentence behind it.
    """
    if facts.new is None:
        yield NotNeeded("one side alone is looked at")
        return
    if facts.old.zone is None:
        reason = facts.old.unread or "the old zone is not known, and so not its names"
        yield Unchecked(
            text_of(facts.domain), reason, remedy="Name the old zone with --from, such as --from FILE."
        )
        return
    sets = list(old_sets(facts, wanted))
    for rrset in sets:
        yield _became(facts, facts.new, rrset, roles, most, then)
    if not sets:
        yield NotNeeded(none)


def added(facts: Facts, wanted: Callable[[RRset], bool], roles: Collection[Role]) -> Iterator[Problem]:
    """Yield what RRsets do that are wanted and that the new zone alone has."""
    if facts.new is None or facts.new.zone is None or facts.old.zone is None:
        return
    had = {rrset.key for rrset in old_sets(facts, wanted)}
    for rrset in facts.new.zone.rrsets:
        if rrset.rdatas and wanted(rrset) and rrset.key not in had:
            effect = _effect(change_of(_context(facts), rrset.key, None, rrset), roles)
            yield Problem(
                subject_of(rrset.key), effect.sentence, (noted(facts.new, rrset),), severity=effect.severity
            )


def _became(
    facts: Facts, new_side: ZoneSide, rrset: RRset, roles: Collection[Role], most: Severity, then: str
) -> Point:
    found = look(facts, new_side, rrset.owner, rrset.rdtype)
    subject, evidence = subject_of(rrset.key), (*evidence_of(found), noted(facts.old, rrset))
    failed = failure([found])
    if failed is not None:
        return Unchecked(subject, f"What the new side has is not known: {failed.reason}.", evidence)
    has = make(rrset.key, found.rrset.ttl, found.rrset.rdatas) if isinstance(found, Found) else None
    change = change_of(_context(facts), rrset.key, rrset, has)
    if not change.lost and not change.gained:
        return Passed(subject, "The same as before.", evidence)
    effect = _effect(change, roles)
    message = f"{effect.sentence} {then}" if then else effect.sentence
    severity = effect.severity if most.at_least(effect.severity) else most
    return Problem(subject, message, evidence, _as_before(rrset), severity)


def _effect(change: Change, roles: Collection[Role]) -> Effect:
    effects = effects_of(change)
    return next((effect for effect in effects if effect.role in roles), effects[0])


def _context(facts: Facts) -> Context:
    assert facts.old.zone is not None
    new = None if facts.new is None else facts.new.zone
    return Context(Sides(served_zone(facts.old.zone), served_zone(new or facts.old.zone)))


def _as_before(rrset: RRset) -> str:
    return f"Make it what it was: {records_in_words(rrset.owner, rrset)}"
