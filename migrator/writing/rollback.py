"""Takes the last import of a zone back: from the journal, compared with what stands at the target now."""

from collections.abc import Sequence
from dataclasses import replace

from dns.name import Name

from migrator.codec.imports import RolledBack, Work
from migrator.errors import InputError, ProviderError
from migrator.interfaces import Progress, ReadResult, no_progress
from migrator.model.names import for_people
from migrator.plan.steps import all_done, shortfall, unseen
from migrator.plan.undo import undo, undo_in_file
from migrator.state.journal import Journal, Kind, NewRun, Run, chain
from migrator.writing.apply import write_changes
from migrator.writing.importing import (
    DIFFERENT,
    UNSEEN,
    Target,
    back_up,
    ended,
    exit_code,
    foreseen,
    is_bare,
    said,
    spent,
    unsendable,
)


def last_import(journal: Journal, domain: Name, target: str, shown_as: str) -> tuple[Run, ...]:
    """Return the runs of the last import of the domain, the newest first; `target` may be empty for any.

    The import that a rollback was about counts as the last one until another import comes, so that the same
    command again goes on with it, or finds it done. Raises InputError where the journal has none.
    """
    every = journal.runs(domain)
    runs = [run for run in every if target in {"", run.new.target}]
    if not runs:
        where = f" into {target}" if target else ""
        places = ", ".join(dict.fromkeys(f"'{run.new.locator}'" for run in every))
        others = f" (--target {places})" if every else ""
        raise InputError(
            f"{shown_as}: no import of {for_people(domain)}{where} is remembered here{others}; --database names "
            "the state database that the import used. A backup folder can be imported instead."
        )
    last = runs[-1]
    while last.new.kind is Kind.ROLLBACK:
        last = next(run for run in runs if run.number == last.new.undoes)
    return chain(last, runs)


def read_target(target: Target) -> ReadResult:
    """Return the target as it is now."""
    if target.locator.scheme != "file" and not target.writer.exists():
        raise ProviderError(
            f"{target.locator.text}: the zone is not there any more, so nothing can be taken back."
        )
    return target.writer.read()


def plan_rollback(runs: Sequence[Run], target: Target, present: ReadResult) -> RolledBack:
    """Return what takes the import back."""
    way_back = undo_in_file if target.locator.scheme == "file" else undo
    undoing = way_back([run.changes for run in reversed(runs)], present.snapshot)
    steps = foreseen(undoing.changes, unsendable(target, undoing.changes))
    work = Work(
        target.locator.text,
        steps,
        spent(target, 0, undoing.changes),
        applied=not steps,
        verified=not steps,
        exit_code=DIFFERENT if undoing.since else 0,
    )
    first = runs[-1]
    return RolledBack(
        undoing,
        work,
        f"{first.begun:%Y-%m-%d %H:%M:%S} UTC",
        first.new.source,
        tuple(run.new.backup for run in runs if run.new.backup),
        first.new.existing is None and target.locator.scheme != "file",
        str(first.new.kind),
    )


def roll_back(
    planned: RolledBack,
    runs: Sequence[Run],
    target: Target,
    journal: Journal,
    present: ReadResult,
    progress: Progress = no_progress,
) -> RolledBack:
    """Write what takes the import back, read it again, and return how far it came."""
    undoing, last = planned.undoing, runs[0]
    bare = is_bare(undoing.existing)
    backup = "" if bare else str(back_up(undoing.existing, present.findings, target.locator.scheme, progress))
    new = NewRun(
        Kind.ROLLBACK,
        last.new.domain,
        last.new.target,
        last.new.locator,
        last.new.locator,
        undoing.existing.digest(),
        undoing.existing,
        backup,
        undoes=last.number,
    )
    writing = journal.begin(new, undoing.changes)
    written = write_changes(target.writer, undoing.changes, writing, progress)
    there = written.present
    differences = () if there is None else shortfall(undoing.goal, there.snapshot, undoing.changes)
    done = all_done(written.steps)
    verified = there is not None and done and not differences
    blind = unseen(differences, undoing.changes)
    code = exit_code(written, verified=verified, blind=blind) or planned.work.exit_code
    work = replace(
        planned.work,
        steps=written.steps,
        calls=spent(target, 0),
        applied=done,
        verified=verified,
        backup=backup,
        differences=differences,
        error=said(written) or (UNSEEN if blind else ""),
        exit_code=code,
        findings=() if there is None else there.findings,
    )
    return replace(planned, work=ended(writing, work))
