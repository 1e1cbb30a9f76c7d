"""From all that is known of a domain to the report on it. No IO here."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from migrator.clock import RESOLVER_CAP
from migrator.journey.events import OUTCOMES, Event
from migrator.model.names import for_people
from migrator.past import Past, TtlEvent
from migrator.story.account import Account, Backup, Import, Lowered, Papers
from migrator.story.current import of_this_move, with_clock
from migrator.story.given import Folder, Given
from migrator.story.papers import papers_of
from migrator.story.remaining import open_things, what_comes_next
from migrator.story.stages import applied, stage_lines
from migrator.story.steps import steps_of
from migrator.story.verdict import verdict_of


def account_of(given: Given) -> Account:
    """Return the report."""
    journey, past, kept = given.journey, given.past, papers_of(given.papers)
    papers = with_clock(of_this_move(kept, journey, past), given.papers, given.now)
    state = None if journey is None else journey.state
    lowered = lowered_of(past.ttls)
    lines = tuple(stage_lines(journey, past, papers, lowered))
    steps = steps_of(lines, state, papers, lowered, given.now)
    old, new = _sides(given, papers)
    events = () if journey is None else journey.events
    return Account(
        given.domain,
        given.now,
        past.database,
        old,
        new,
        verdict_of(state, past, papers, given.now),
        lines,
        steps,
        papers,
        _import(past, papers),
        decisions=tuple(_decisions(events)),
        events=events,
        seen=tuple(stretch for stretch in past.stretches if stretch.qtype in {"NS", "DS"}),
        lowered=lowered,
        ttls=past.ttls,
        writes=past.writes,
        backups=tuple(_backups(past, kept, given.folders)),
        open=tuple(open_things(state, past, papers, lowered, for_people(given.domain))),
        next=what_comes_next(state, steps, given.now),
        registrations=past.registrations,
        tools=_tools(given),
        is_run=journey is not None,
        fleet="" if journey is None else journey.migration.fleet,
    )


def _decisions(events: Sequence[Event]) -> Iterator[Event]:
    """Yield what persons said; that the program itself has gone back to an earlier stage is none of it."""
    workers = {event.by for event in events if event.kind in OUTCOMES} - {""}
    return (event for event in events if event.kind not in OUTCOMES and event.by not in workers)


def lowered_of(events: Iterable[TtlEvent]) -> tuple[Lowered, ...]:
    """Return what was lowered at each zone, and how much of it was not put back; the last lowering counts."""
    by_zone: dict[str, dict[tuple[str, str, str], TtlEvent]] = {}
    restored: dict[str, list[TtlEvent]] = {}
    pending: dict[str, set[tuple[str, str, str]]] = {}
    for event in events:
        key = (event.owner, event.rdtype, event.variant)
        if event.event == "lowered":
            by_zone.setdefault(event.locator, {})[key] = event
            pending.setdefault(event.locator, set()).add(key)
        else:
            pending.setdefault(event.locator, set()).discard(key)
            restored.setdefault(event.locator, []).append(event)
    return tuple(
        _lowered(zone, list(sets.values()), len(pending[zone]), restored.get(zone, []))
        for zone, sets in by_zone.items()
    )


def _lowered(zone: str, sets: list[TtlEvent], still: int, restored: list[TtlEvent]) -> Lowered:
    return Lowered(
        zone,
        min(each.at for each in sets),
        len(sets),
        still,
        max(each.original for each in sets),
        min(each.lowered for each in sets),
        max(each.at + timedelta(seconds=min(each.original, RESOLVER_CAP)) for each in sets),
        max((each.at for each in restored), default=None),
    )


def referenced_folders(past: Past, papers: Papers) -> tuple[str, ...]:
    """Return the backup folders that exports and writes name, each once."""
    folders = [each.folder for each in papers.exports] + [write.backup for write in past.writes if write.backup]
    return tuple(dict.fromkeys(folders))


def _backups(past: Past, papers: Papers, folders: Iterable[Folder]) -> Iterable[Backup]:
    now = {folder.path: folder for folder in folders}
    exports = {each.folder: each for each in papers.exports}
    writes = {write.backup: write for write in reversed(past.writes)}
    for path in referenced_folders(past, papers):
        if path in exports:
            made = exports[path]
            yield Backup(path, f"export of {made.source}", made.digest, made.at, now.get(path))
        else:
            write = writes[path]
            yield Backup(path, f"{write.kind} to {write.locator}", "", write.begun, now.get(path))


def _import(past: Past, papers: Papers) -> Import | None:
    """Return the import that counts: the last that stands, else the last that was planned."""
    return applied(past, papers) or (papers.imports[-1] if papers.imports else None)


def _sides(given: Given, papers: Papers) -> tuple[str, str]:
    """Return the locators of both sides, as the decisions, else the last import or comparison, have them."""
    if given.journey is not None:
        return given.journey.migration.options.source, given.journey.migration.options.target
    last = _import(given.past, papers)
    if last is not None:
        return last.source, last.target
    return (papers.comparison.old, papers.comparison.new) if papers.comparison is not None else ("", "")


def _tools(given: Given) -> tuple[str, ...]:
    found = [
        *given.past.tools,
        *(event.tool for event in given.past.ttls),
        *(paper.tool for paper in given.papers),
    ]
    return tuple(dict.fromkeys([*found, given.tool] if given.tool else found))
