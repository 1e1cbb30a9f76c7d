"""What the commands that write share: who is asked, the journal and the lock, and how a result is shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from migrator.cli import screen
from migrator.cli.choices import Format
from migrator.cli.exits import UNCHECKED, UNSAFE
from migrator.cli.keeping import keep_where_there_is
from migrator.cli.naming import naming
from migrator.codec.imports import Imported, Work, import_json
from migrator.codec.plan import dumps as plan_dumps
from migrator.errors import InputError, ProviderError
from migrator.interfaces import Progress, ReadResult, no_progress
from migrator.model.locator import Locator
from migrator.model.shellwords import typed
from migrator.model.values import dataclass
from migrator.plan import Choices, Proposal, propose
from migrator.plan.review import rest_digest
from migrator.report.imports import outcome_text, plan_text, verdict_text
from migrator.report.imports_markdown import markdown
from migrator.report.layout import wrapped
from migrator.state.journal import Journal, Run
from migrator.state.locks import only_writer
from migrator.state.store import open_store
from migrator.workflow.targets import decided_sides, target_of
from migrator.workflow.world import World
from migrator.writing.importing import Target, approved_before, carry_out, finished, planned

# Said where the plan itself cannot be shown.
NOTHING_WRITTEN = "Nothing was written to the target."


@dataclass(frozen=True, slots=True)
class Manner:
    """How a command that writes was called."""

    yes: bool
    dry_run: bool
    database: str
    format_: Format
    quiet: bool
    verbose: bool
    no_color: bool

    def __post_init__(self) -> None:
        """Raise InputError for options that exclude each other."""
        if self.yes and self.dry_run:
            raise InputError("--yes writes and --dry-run does not: give one of them.")

    @property
    def asks(self) -> bool:
        """Tell whether there is somebody who can be asked, and who sees what is asked about."""
        return not self.yes and not self.dry_run and self.format_ is Format.TEXT and screen.is_interactive()

    @property
    def may_write(self) -> bool:
        """Tell whether the command can come to writing at all."""
        return self.yes or self.asks


class Relay:
    """A progress that is shown only while a phase of the work lasts, so that questions can be asked between."""

    def __init__(self, *, quiet: bool) -> None:
        """Show nothing yet."""
        self._quiet = quiet
        self._shown: Progress = no_progress

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """Hand on what is reported."""
        self._shown(what, done, total)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show progress within the block."""
        with screen.progress_bar(quiet=self._quiet) as progress:
            self._shown = progress
            try:
                yield
            finally:
                self._shown = no_progress


@dataclass(frozen=True, slots=True)
class Session:
    """An import that is about to be shown: both sides as they were read, and the runs that it goes on from."""

    manner: Manner
    relay: Relay
    target: Target
    reads: int
    journal: Journal | None
    unfinished: tuple[Run, ...] = ()
    digest: str = ""
    expect: Callable[[Proposal], None] = lambda _: None


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn Ctrl-C outside the writing itself into a line and exit code 3."""
    try:
        yield
    except KeyboardInterrupt as exc:
        raise ProviderError("Interrupted. Run the same command again: it goes on from where it was.") from exc


@contextmanager
def journal_of(manner: Manner, key: str) -> Iterator[Journal | None]:
    """Open the journal and keep others from writing to the target; without a write, only read what is there."""
    if not manner.may_write and "://" not in manner.database and not Path(manner.database).exists():
        yield None
        return
    with open_store(manner.database) as store:
        if not manner.may_write:
            yield Journal(store)
            return
        with only_writer(store, key):
            yield Journal(store)


def run_import(
    world: World,
    source: ReadResult,
    locator: Locator,
    choices: Choices,
    manner: Manner,
    relay: Relay,
    *,
    resolve_aliases: bool,
    plan_out: Path | None,
) -> None:
    """Propose an import of what was read, ask what must be asked, and carry it out; ends with an exit code."""
    with target_of(world, locator, source.snapshot) as target:
        _import_into(
            target, world, source, choices, manner, relay, resolve_aliases=resolve_aliases, plan_out=plan_out
        )


def _import_into(
    target: Target,
    world: World,
    source: ReadResult,
    choices: Choices,
    manner: Manner,
    relay: Relay,
    *,
    resolve_aliases: bool,
    plan_out: Path | None,
) -> None:
    key = target.key(source.snapshot)
    with journal_of(manner, key) as journal:
        with relay.shown():
            sides = decided_sides(world, source, target, choices, relay, resolves=resolve_aliases)
        unfinished = () if journal is None else journal.unfinished(source.snapshot.origin, key)
        approved = approved_before(unfinished)
        proposal = propose(sides, choices, approved=approved)
        if manner.asks:
            proposal = decided(proposal, lambda chosen: propose(sides, chosen, approved=approved))
        session = Session(manner, relay, target, source.reads, journal, unfinished)
        proceed(session, proposal, plan_out=plan_out)


def proceed(session: Session, proposal: Proposal, *, plan_out: Path | None = None) -> None:
    """Show the plan, get consent, carry it out, show what came of it; ends with an exit code."""
    manner, target = session.manner, session.target
    if not proposal.is_refused and not proposal.plan.creates_zone and not proposal.plan.changes:
        found = finished(proposal, target, session.reads)
    else:
        found = planned(proposal, target, session.reads)
    _show_plan(found, manner)
    if proposal.is_refused:
        _keep(found, manner)
        _show_outcome(found, manner)
        flags = " ".join(proposal.missing_flags())
        screen.note(f"dns-migrator: Refused; nothing was written. To go on, decide with: {flags}")
        raise typer.Exit(UNSAFE)
    if found.work.error:
        _keep(found, manner)
        _show_outcome(found, manner)
        finish(found.work.error, found.work.exit_code)
    if plan_out is not None:
        found = replace(found, plan_file=_write_plan(proposal, target, plan_out, manner.database))
    elif not found.work.applied and consent(manner, len(proposal.plan.changes)):
        assert session.journal is not None
        with session.relay.shown():
            found = carry_out(
                proposal,
                target,
                session.journal,
                reads=session.reads,
                unfinished=session.unfinished,
                digest=session.digest,
                expect=session.expect,
                progress=session.relay,
            )
    _keep(found, manner)
    _show_outcome(found, manner)
    finish(found.work.error, found.work.exit_code)


def decided(proposal: Proposal, again: Callable[[Choices], Proposal]) -> Proposal:
    """Ask about each loss that needs a decision, and propose again with what was accepted."""
    asked: set[str] = set()
    while words := {loss.what for loss in proposal.undecided} - asked:
        asked |= words
        accepted = {what for what in sorted(words) if _accepts(proposal, what)}
        if accepted:
            proposal = again(replace(proposal.choices, accepts=proposal.choices.accepts | accepted))
    return proposal


def finish(error: str, code: int) -> None:
    """Say on stderr what ended the work, and exit."""
    if error:
        screen.note(f"dns-migrator: {error}")
    raise typer.Exit(code)


def _accepts(proposal: Proposal, what: str) -> bool:
    losses = [loss for loss in proposal.undecided if loss.what == what]
    screen.note(f"\n{wrapped(f'{what}: {losses[0].message}')}\n{wrapped(losses[0].advice)}")
    sets = "1 set" if len(losses) == 1 else f"{len(losses):,} sets"
    return agrees(f"Accept {what} for {sets}?")


def agrees(question: str) -> bool:
    """Ask the person; Ctrl-C, or the end of what is typed, ends the command as it does everywhere in an import."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort as exc:
        screen.note("\ndns-migrator: Interrupted before an answer; nothing was written.")
        raise typer.Exit(UNCHECKED) from exc


def consent(manner: Manner, number: int) -> bool:
    """Tell whether the plan may be applied; says how where nobody was asked."""
    if manner.yes:
        return True
    if manner.asks:
        changes = "1 change" if number == 1 else f"{number:,} changes"
        agreed = agrees(f"\nWrite {changes} now?")
        if not agreed:
            screen.note("dns-migrator: Nothing was written.")
        return agreed
    how = "" if manner.dry_run else " Add --yes to apply it."
    screen.note(f"dns-migrator: This is the plan; nothing was written.{how}")
    return False


def done_all_the_same(work: Work, verdict: str) -> str:
    """Return what is said of the work where its report cannot be written."""
    if not work.begun:
        return NOTHING_WRITTEN
    backup = f" The target as it was: {work.backup}" if work.backup else ""
    return f"Only the report is missing. {verdict.replace('; see above', '')}{backup}"


def _write_plan(proposal: Proposal, target: Target, path: Path, database: str) -> str:
    rest = rest_digest(proposal.plan.existing, proposal.plan.changes)
    screen.emit(plan_dumps(proposal, target.locator.text, datetime.now(UTC), rest), path)
    apply = f"dns-migrator apply {typed(str(path))}{naming(database)}"
    screen.note(f"dns-migrator: The plan is in {path}; nothing was written. Apply it: {apply}")
    return str(path)


def _keep(found: Imported, manner: Manner) -> None:
    keep_where_there_is(manner.database, found.proposal.sides.source.origin, lambda: import_json(found))


def _show_plan(found: Imported, manner: Manner) -> None:
    """Print the plan as text; other formats have one document, at the end."""
    silent = manner.quiet and (manner.yes or found.work.verified)
    if manner.format_ is Format.TEXT and not silent:
        palette = screen.palette(no_color=manner.no_color)
        screen.emit(plan_text(found, palette, verbose=manner.verbose), None, instead=NOTHING_WRITTEN)


def _show_outcome(found: Imported, manner: Manner) -> None:
    """Print what came of it: as text after the plan, or the whole document."""
    instead = done_all_the_same(found.work, verdict_text(found))
    match manner.format_:
        case Format.JSON:
            screen.emit(import_json(found), None, instead=instead)
        case Format.MARKDOWN:
            screen.emit(markdown(found), None, instead=instead)
        case _ if found.work.begun and not (manner.quiet and found.work.verified):
            palette = screen.palette(no_color=manner.no_color)
            text = outcome_text(found, palette, naming(manner.database))
            screen.emit(f"\n{text}", None, instead=instead)
        case _:
            pass
