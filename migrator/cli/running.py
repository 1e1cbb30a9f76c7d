"""Follows one migration in the foreground: what happens is printed, and what a person is asked."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import typer
from dns.name import Name

from migrator.budgets.shared import Budgets
from migrator.cli import screen
from migrator.cli.choices import StatusFormat
from migrator.cli.deciding import Decisions, person, sides_of
from migrator.cli.exits import CLEAN, FINDINGS, UNCHECKED
from migrator.cli.naming import naming, to_name
from migrator.cli.standing import of_the_old_zone
from migrator.codec.migrations import event_json, status_json
from migrator.errors import InputError, UnsafeError
from migrator.interfaces import Progress, no_progress
from migrator.journey.events import Event, Kind
from migrator.journey.options import Options, words_beside
from migrator.journey.state import State, Status
from migrator.model.names import for_people
from migrator.model.values import dataclass
from migrator.notifying import Notifier
from migrator.report.migrations import event_text, standing_text
from migrator.state.locks import only_writer
from migrator.state.migrations import Migration, Migrations, Selection, Told
from migrator.state.store import Store, open_store
from migrator.workflow.attempting import Worker

# How often the state database is looked at while a person or an instant is waited for, in seconds.
_TICK = 0.5


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run was called; `waits`: it stays until the end, else until nothing can be done now."""

    database: str
    format_: StatusFormat
    quiet: bool
    no_color: bool
    waits: bool

    @property
    def asks(self) -> bool:
        """Tell whether there is somebody who can be asked."""
        return self.waits and self.format_ is StatusFormat.TEXT and screen.is_interactive()


def run_one(domain: Name, decided: Decisions, manner: Manner, *, anew: bool = False) -> None:
    """Begin a migration, or go on with the one that is under way; ends with an exit code."""
    named = naming(manner.database)
    with open_store(manner.database) as store, _alone(store, domain, manner.database):
        migration = _begun(store, domain, decided, named, anew=anew)
        follower = Follower(store, migration, manner)
        try:
            migration = follower.to_the_end()
        except KeyboardInterrupt as exc:
            again = f"dns-migrator run {for_people(domain)}{named}"
            screen.note(f"\ndns-migrator: Interrupted; nothing is lost. '{again}' goes on.")
            raise typer.Exit(130) from exc
        old_zone = of_the_old_zone(store, migration, named)
    if manner.format_ is StatusFormat.JSON:
        screen.emit(status_json([migration]), None, instead=_kept(migration, manner.database))
    elif not manner.quiet or exit_code(migration) != CLEAN:
        follower.say_what_was_kept_quiet()
        text = standing_text(migration, screen.palette(no_color=manner.no_color), named, old_zone)
        screen.emit(text, None, instead=_kept(migration, manner.database))
    raise typer.Exit(exit_code(migration))


def _kept(migration: Migration, database: str) -> str:
    zone = f"{for_people(migration.domain)}{naming(database)}"
    return f"What was done is kept: 'dns-migrator status {zone}' says it, 'dns-migrator run {zone}' goes on."


def exit_code(migration: Migration) -> int:
    """Return 0 where all is done or only time is waited for, 1 where a person is, 3 after a failure."""
    match migration.status:
        case Status.COMPLETE | Status.WAITING | Status.RUNNING:
            return CLEAN
        case Status.FAILED:
            return UNCHECKED
        case Status.ASKING | Status.PAUSED | Status.ABORTED:
            return FINDINGS


class Follower:
    """Makes the attempts of one migration, prints each event once, and asks where somebody can be asked."""

    def __init__(self, store: Store, migration: Migration, manner: Manner) -> None:
        """Begin before the first event that nobody was told of."""
        self._store, self._migration, self._manner = store, migration, manner
        self._migrations = Migrations(store)
        self._told = self._earlier()
        self._asked: set[str] = set()
        self._last: Event | None = None
        self._day = ""

    def to_the_end(self) -> Migration:
        """Go on until the migration is over, or, where nobody waits or reads, until nothing can be done now."""
        from migrator.workflow.durable import engine
        from migrator.workflow.telling import telling

        manner = self._manner
        name = f"run-{self._migration.key}"
        with screen.progress_bar(quiet=manner.quiet) as progress:
            worker = worker_of(self._store, manner.database, name, progress)
            with telling(worker), engine(worker, self._store.url) as running:
                running.forget()
                while True:
                    # Looked at before what happened is read: what ends in between is told.
                    due = running.due(1, Selection(numbers=frozenset({self._migration.number})))
                    told = self._migrations.told(self._migration)
                    self._show(told.events)
                    if told.state.is_over:
                        return told.migration
                    if due:
                        running.hand_over(due[0])
                        self._wait_for(due[0].turn)
                        running.raise_trouble()
                        running.forget()
                    elif not (self._answered(told.state) or self._waits() or _is_made(told)):
                        return told.migration
                    else:
                        time.sleep(_TICK)

    def _waits(self) -> bool:
        """Tell whether it stays until the end, and there is still somebody who reads what it says."""
        return self._manner.waits and screen.is_read()

    def _wait_for(self, turn: int) -> None:
        """Wait until the attempt that was handed over has ended, and no longer than a person notices."""
        until = time.monotonic() + _TICK
        while self._migrations.numbered(self._migration.number).turn == turn and time.monotonic() < until:
            time.sleep(_TICK / 10)

    def _earlier(self) -> int:
        """Return the number of the last event that need not be told again: what is asked or waited for is."""
        told = self._migrations.told(self._migration)
        if told.state.last.kind is Kind.DONE:
            return told.events[-1].number
        earlier = [event.number for event in told.events if event.number < told.state.last.number]
        return max(earlier, default=0)

    def _show(self, events: tuple[Event, ...]) -> None:
        """Print what is new; the same wait or question again is no news."""
        for event in events:
            if event.number <= self._told:
                continue
            self._told = event.number
            same = self._last is not None and _says(self._last) == _says(event)
            self._last = event
            if same or self._manner.quiet:
                continue
            if self._manner.format_ is StatusFormat.JSON:
                screen.note(event_json(self._migration.domain, event))
            else:
                self._say(event)

    def say_what_was_kept_quiet(self) -> None:
        """Print the last event where none was printed: what is asked, or failed."""
        if self._manner.quiet and self._last is not None:
            self._say(self._last)

    def _say(self, event: Event) -> None:
        palette = screen.palette(no_color=self._manner.no_color)
        if f"{event.at:%Y-%m-%d}" != self._day:
            self._day = f"{event.at:%Y-%m-%d}"
            self._print(palette.paint(self._day, palette.quiet))
        self._print(event_text(event, palette))

    def _print(self, text: str) -> None:
        screen.emit(text, None, instead=_kept(self._migration, self._manner.database))

    def _answered(self, state: State) -> bool:
        """Ask for consent where somebody can give it; tell whether there was an answer."""
        last = state.last
        if not (self._manner.asks and state.status is Status.ASKING and last.plan) or last.plan in self._asked:
            return False
        self._asked.add(last.plan)
        try:
            agreed = typer.confirm(f"{last.text[:1].upper()}{last.text[1:]}", err=True)
        except typer.Abort as exc:
            raise KeyboardInterrupt from exc
        if agreed:
            now = datetime.now(UTC)
            said = Event(Kind.APPROVED, state.stage, now, plan=last.plan, by=person())
            self._migrations.said(self._migration, said)
        return agreed


def worker_of(store: Store, database: str, name: str, progress: Progress = no_progress) -> Worker:
    """Return who makes attempts in this process: with the budgets of all workers, and whoever is to be told."""

    def reopened() -> Store:
        # Opened by its name, a file that was deleted would be made anew, and empty.
        store.expect_file()
        return open_store(database)

    return Worker(
        store,
        name,
        reopened,
        to_name(database),
        screen.note,
        progress,
        budgets=Budgets(store),
        notifier=Notifier.from_environment(),
    )


def _says(event: Event) -> tuple[object, ...]:
    return event.kind, event.stage, event.text


def _is_made(told: Told) -> bool:
    """Tell whether another makes the attempt that is due: it was put off for that alone."""
    due = told.state.due
    return told.migration.due is not None and due is not None and due <= datetime.now(UTC)


def _begun(store: Store, domain: Name, decided: Decisions, named: str, *, anew: bool) -> Migration:
    """Return the migration that is under way, with what was decided now, or a new one.

    The line that began a migration is typed again, and cron types it for ever. When it has come to its end, people
    change the new zone: moved `anew`, it would be made like the old one.
    """
    migrations = Migrations(store)
    known = migrations.of(domain)
    if anew or known is None or known.is_over:
        if known is not None and not (anew or decided.source or decided.target):
            return known
        sides = Options("", "") if known is None else Options(known.options.source, known.options.target)
        options = decided.usable_over(sides if anew else Options("", ""))
        ended = None if anew else migrations.ended_between(domain, options)
        if ended is not None and ended.status is Status.COMPLETE:
            screen.note(
                f"dns-migrator: {for_people(domain)} has moved from {options.source} to {options.target} already, "
                "and nothing is done; --anew moves it once more."
            )
            return ended
        sides_of(domain, options)
        if known is not None and not known.is_over:
            whole = f"{for_people(domain)}{named}"
            raise UnsafeError(
                f"{for_people(domain)}: a migration of this domain is under way; 'dns-migrator status {whole}' "
                f"says where it stands, and 'dns-migrator abort {whole}' ends it."
            )
        return migrations.begin(domain, options, by=person())
    options = decided.usable_over(known.options)
    if (options.source, options.target) != (known.options.source, known.options.target):
        raise InputError(
            f"{for_people(domain)} moves from {known.options.source} to {known.options.target} already: go on "
            f"without --from and --to, or end that with 'dns-migrator abort {for_people(domain)}{named}'."
        )
    if known.status is Status.PAUSED:
        zone = for_people(domain)
        raise InputError(f"{zone} is paused; 'dns-migrator resume {zone}{named}' goes on.")
    # Who types this wants it looked at now, not when the next look is due.
    if replace(options, network=known.options.network, profile=known.options.profile) == known.options:
        migrations.hasten(known)
        return known if options == known.options else migrations.decided(known, decided.over)
    words = words_beside(known.options, options)
    said = Event(Kind.APPROVED, known.stage, datetime.now(UTC), "other decisions", words=words, by=person())
    return migrations.said(known, said, change=decided.over)


@contextmanager
def _alone(store: Store, domain: Name, database: str) -> Iterator[None]:
    """Keep a second run of the domain away."""
    with ExitStack() as stack:
        try:
            stack.enter_context(only_writer(store, f"run:{domain.to_text().lower()}"))
        except UnsafeError as exc:
            zone = for_people(domain)
            raise UnsafeError(
                f"{zone}: another 'dns-migrator run' carries this migration out; "
                f"'dns-migrator status {zone}{naming(database)}' says where it stands."
            ) from exc
        yield
