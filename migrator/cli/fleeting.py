"""What the `fleet` commands and `worker` do: adding, carrying out, and telling of many migrations."""

import gc
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import typer

from migrator.cli import screen
from migrator.cli.choices import StatusFormat
from migrator.cli.deciding import Decisions, person, sides_of
from migrator.cli.exits import CLEAN, FINDINGS, UNCHECKED, gravest
from migrator.cli.expecting import expect_database, expect_name
from migrator.cli.naming import naming
from migrator.cli.running import exit_code, worker_of
from migrator.cli.unread import tell_unread
from migrator.codec.migrations import event_json, status_json
from migrator.errors import InputError, UnsafeError
from migrator.files.given import text_of
from migrator.interfaces import Progress, no_progress
from migrator.journey.events import Event, Kind
from migrator.journey.fleetfile import Row, read_fleet
from migrator.journey.options import Options
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import Status
from migrator.model.names import for_people
from migrator.model.phrases import counted, safe
from migrator.model.values import dataclass
from migrator.report.migrations import event_line, fleet_counts, status_table
from migrator.state.migrations import Migration, Migrations, Selection
from migrator.state.news import News
from migrator.state.store import open_store
from migrator.workflow.sides import side_of

_TOLD = frozenset({Kind.ASKS, Kind.FAILED, Kind.ABORTED})
# A command of seconds looks for garbage almost never (`cli/__init__.py`); a worker lives for days.
_GARBAGE = (50_000, 10, 5)
# How often the bars move, in seconds: they count all domains.
_COUNTS = 1.0
_FAILING = frozenset({Status.ASKING, Status.FAILED})
# Said where what happened cannot be printed.
# Why a row of a list is no new migration, each with its verb.
_UNDER_WAY, _ELSEWHERE, _MOVED, _ABORTED = "under way already", "under way elsewhere", "moved already", "aborted"
_VERBS = {_ELSEWHERE: "is", _UNDER_WAY: "is", _MOVED: "has", _ABORTED: "was"}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a command that carries migrations out was called."""

    database: str
    format_: StatusFormat
    quiet: bool
    verbose: bool
    no_color: bool


def selection(fleet: str, wave: int | None, *, only_failing: bool) -> Selection:
    """Return which migrations are meant: those of a fleet, or of any; raises InputError for what is no name."""
    expect_name(fleet)
    statuses = _FAILING if only_failing else None
    return Selection(fleet or None, wave, statuses, in_fleet=True)


def added(database: str, file: Path, fleet: str, decided: Decisions, *, quiet: bool) -> None:
    """Add the rows of a list: all are looked at before the first is added; ends with an exit code."""
    if not fleet.strip():
        raise InputError("--fleet: a name was expected.")
    expect_name(fleet)
    rows = [(row, _options(row, decided)) for row in read_fleet(text_of(file), str(file))]
    begun, left, named = 0, list[tuple[Row, str, str]](), naming(database)
    with open_store(database) as store:
        migrations = Migrations(store)
        for row, options in rows:
            known = migrations.of(row.domain)
            if known is not None and not known.is_over:
                left.append((row, *_under_way(known, options, named)))
                continue
            ended = migrations.ended_between(row.domain, options)
            if ended is not None:
                # A list is added again for what is new in it: who has moved has a zone that people change since.
                left.append((row, _MOVED if ended.status is Status.COMPLETE else _ABORTED, ""))
                continue
            try:
                migrations.begin(row.domain, options, by=person(), fleet=fleet, wave=row.wave)
                begun += 1
            except UnsafeError:
                left.append((row, _UNDER_WAY, ""))  # another process was quicker by a moment
    # First those of which the list says what is not done.
    left.sort(key=lambda each: each[1] != _ELSEWHERE)
    for row, why, more in left[:10]:
        line = f"dns-migrator: {row.place}: {for_people(row.domain)} {_VERBS[why]} {why}{more}, and left so."
        screen.note(line, quiet=quiet and why != _ELSEWHERE)
    counts = Counter(why for _, why, _ in left)
    more = "".join(f" {counts[why]} {why}." for why in _VERBS if counts[why])
    begins = f" Begin: dns-migrator fleet run{named}" if begun else ""
    code = FINDINGS if counts[_ELSEWHERE] else CLEAN
    line = f"dns-migrator: {counted(begun, 'domain')} added to {fleet}.{more}{begins}"
    screen.note(line, quiet=quiet and code == CLEAN)
    raise typer.Exit(code)


def _under_way(known: Migration, options: Options, named: str) -> tuple[str, str]:
    """Return why a domain that has a migration gets no second one, and what else is to be said of it."""
    if known.is_between(options):
        return _UNDER_WAY, ""
    sides = f"from {safe(known.options.source)} to {safe(known.options.target)}"
    return _ELSEWHERE, f" ({sides}: 'dns-migrator abort {for_people(known.domain)}{named}' ends that)"


def carried_out(which: Selection, manner: Manner, concurrency: int, *, waits: bool, ends: bool) -> None:
    """Carry out what is chosen; ends with an exit code."""
    from migrator.workflow.durable import alive, engine, worker_name
    from migrator.workflow.fleet import Dispatcher, run_fleet
    from migrator.workflow.telling import telling

    if ends:
        expect_database(manner.database)
    gc.set_threshold(*_GARBAGE)
    with open_store(manner.database) as store:
        migrations = Migrations(store)
        if ends and not migrations.all(which):
            raise InputError(
                f"No migration is chosen so: 'dns-migrator fleet status{naming(manner.database)}' lists them, "
                "'fleet add' adds."
            )
        worker = worker_of(store, manner.database, worker_name())
        chosen = which if which.statuses is None else _as_they_are(migrations, which)
        if not waits:
            # Who types this has mended or switched something; nobody is there to look again in five minutes.
            migrations.hasten(*_looked_at_again(migrations.all(chosen), worker.now()))
        with (
            screen.progress_bar(quiet=manner.quiet or manner.format_ is StatusFormat.JSON) as progress,
            _stoppable() as stopped,
            telling(worker),
            alive(worker),
        ):
            teller = _Teller(migrations, chosen, manner, progress)
            with engine(worker, store.url, concurrency=concurrency) as running:
                if not ends:
                    screen.note(f"dns-migrator: worker {worker.name} on {store.shown_as}; Ctrl-C stops it.")
                run_fleet(
                    Dispatcher(running, concurrency, chosen, None if waits else worker.now()),
                    teller.tell,
                    waits=waits,
                    ends=ends,
                    # A worker goes on for others; nobody waits for the end of what they read no more.
                    stopped=lambda: stopped.is_set() or (ends and not screen.is_read()),
                )
            # What was under way when it was stopped has ended now.
            teller.tell()
            unread = bool(running.unread)
        if stopped.is_set():
            screen.note("dns-migrator: Stopped; nothing is lost. The same command goes on.")
            raise typer.Exit(130 if ends else CLEAN)
        every = migrations.all(chosen)
        _, messages = migrations.listed(which)
    palette = screen.palette(no_color=manner.no_color)
    code = gravest([tell_unread(messages), UNCHECKED if unread else CLEAN, *map(exit_code, every)])
    if manner.format_ is StatusFormat.JSON:
        screen.emit(status_json(every), None, instead=_kept(manner.database))
    elif not manner.quiet or code != CLEAN:
        screen.emit(fleet_counts(every, palette), None, instead=_kept(manner.database))
    raise typer.Exit(code)


def _kept(database: str) -> str:
    status = f"'dns-migrator fleet status{naming(database)}'"
    return f"What was done is kept: {status} says it, and the same command goes on."


def _as_they_are(migrations: Migrations, which: Selection) -> Selection:
    """Return the same choice by number: what failed goes on being chosen when it fails no more."""
    return Selection(numbers=frozenset(each.number for each in migrations.all(which)))


def _looked_at_again(every: Iterable[Migration], now: datetime) -> Iterator[Migration]:
    """Yield what is looked at again because it may have changed at any moment, and is not being looked at.

    A wait for an instant that was computed is left alone: before it comes, a look costs much and tells nothing.
    """
    for each in every:
        if each.due is None or each.worker:
            continue
        soon = now + timedelta(seconds=each.options.every)
        if each.status in _FAILING or (each.status is Status.WAITING and each.due <= soon):
            yield each


def shown(which: Selection, database: str, format_: StatusFormat, output: Path | None, *, no_color: bool) -> None:
    """Print where the chosen migrations stand."""
    expect_database(database)
    with open_store(database) as store:
        migrations = Migrations(store)
        every, messages = migrations.listed(which)
        others = not every and migrations.all()
    code = tell_unread(messages)
    palette, named = screen.palette(no_color=no_color, output=output), naming(database)
    if format_ is StatusFormat.JSON:
        screen.emit(status_json(every), output)
        raise typer.Exit(code)
    if others:
        told = f"No migration of a fleet is chosen so; {_others(len(others))} there:"
        commands = (f"    $ dns-migrator {command}{named}" for command in ("fleet status", "status"))
        screen.emit("\n".join([told, *commands]), output)
        raise typer.Exit(code)
    counts = f"{fleet_counts(every, palette)}\n\n" if every else ""
    screen.emit(f"{counts}{status_table(every, palette, screen.width(output), named)}", output)
    raise typer.Exit(code)


def _others(number: int) -> str:
    return "1 other is" if number == 1 else f"{number:,} others are"


def said_to_all(which: Selection, database: str, kind: Kind, because: str, *, quiet: bool) -> None:
    """Pause or resume all that are chosen and not over; that there was none is said at any rate."""
    expect_database(database)
    number = 0
    with open_store(database) as store:
        migrations = Migrations(store)
        every, messages = migrations.listed(which)
        for migration in every:
            if migration.is_over or (migration.status is Status.PAUSED) == (kind is Kind.PAUSED):
                continue
            event = Event(kind, migration.stage, datetime.now(UTC), because=because, by=person())
            migrations.said(migration, event)
            number += 1
    code = tell_unread(messages)
    does = "paused" if kind is Kind.PAUSED else "resumed"
    screen.note(f"dns-migrator: {counted(number, 'migration')} {does}.", quiet=quiet and number > 0)
    raise typer.Exit(code)


class _Teller:
    """Prints gates, failures and ends, and every event with --verbose; bars show how far all are."""

    def __init__(self, migrations: Migrations, which: Selection, manner: Manner, progress: Progress) -> None:
        self._migrations, self._which, self._manner = migrations, which, manner
        self._progress, self._counted = progress, -_COUNTS
        self._news = News(migrations, which)
        self._said: dict[object, tuple[object, ...]] = {}

    def tell(self) -> None:
        """Print what is new since the last look."""
        for domain, event in self._news.since_last():
            says = (event.kind, event.stage, event.text)
            news = self._said.get(domain) != says
            self._said[domain] = says
            is_end = event.kind is Kind.DONE and event.stage.after is None
            if self._manner.quiet or not news or not (self._manner.verbose or event.kind in _TOLD or is_end):
                continue
            if self._manner.format_ is StatusFormat.JSON:
                screen.note(event_json(domain, event))
            else:
                palette = screen.palette(no_color=self._manner.no_color)
                screen.emit(event_line(domain, event, palette), None, instead=_kept(self._manner.database))
        if self._progress is not no_progress and time.monotonic() - self._counted >= _COUNTS:
            self._counted = time.monotonic()
            self._show(self._migrations.counts(self._which))

    def _show(self, counts: Mapping[tuple[Stage, Status], int]) -> None:
        domains = sum(counts.values())
        moved = sum(number for (_, status), number in counts.items() if status is Status.COMPLETE)
        behind = sum(
            number * (len(STAGES) if status.is_over else stage.number - 1)
            for (stage, status), number in counts.items()
        )
        self._progress("stages done", behind, domains * len(STAGES))
        self._progress("domains moved", moved, domains)


@contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """Let SIGTERM and Ctrl-C end the work at the next look, and a second Ctrl-C at once."""
    stopped = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _options(row: Row, decided: Decisions) -> Options:
    """Return the decisions for one row; raises InputError that names its place."""
    own = replace(
        decided,
        source=side_of(row.source or decided.source, row.domain),
        target=side_of(row.target or decided.target, row.domain),
        strategy=row.strategy or decided.strategy,
        accepts=[*(decided.accepts or []), *row.accepts],
        allows=[*(decided.allows or []), *row.allows],
        skips=[*(decided.skips or []), *row.skips],
        selectors=[*(decided.selectors or []), *row.selectors],
    )
    for side, column in ((own.source, "from"), (own.target, "to")):
        if not side:
            zone = for_people(row.domain)
            raise InputError(
                f"{row.place}: {zone} has no side to move {column}: name it in the column {column}, "
                f"or with --{column} for all."
            )
    try:
        options = own.usable_over(Options("", ""))
        sides_of(row.domain, options)
    except InputError as exc:
        raise InputError(f"{row.place}: {exc}") from exc
    return options
