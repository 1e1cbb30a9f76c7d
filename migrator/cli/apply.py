"""`dns-migrator apply`: an import that somebody else has reviewed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, Format
from migrator.cli.options import (
    DatabaseOption,
    FormatOption,
    NetworkOption,
    NoColorOption,
    QuietOption,
    VerboseOption,
    YesOption,
)
from migrator.errors import InputError

if TYPE_CHECKING:
    from migrator.cli.writing import Manner, Relay
    from migrator.codec.plan import PlanFile
    from migrator.workflow.world import World

_FILE = "The plan, as `import --plan-out FILE` wrote it."


def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_FILE)],
    *,
    yes: YesOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and ask nothing.")] = False,
    format_: FormatOption = Format.TEXT,
    network: NetworkOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Apply a reviewed plan; refused when the target has changed since."""
    from migrator.cli.writing import Manner, Relay, interruptible
    from migrator.codec.plan import loads
    from migrator.files.given import text_of
    from migrator.workflow.world import open_world

    manner = Manner(yes, dry_run, database, format_, quiet, verbose, no_color)
    try:
        text = text_of(file)
    except OSError as exc:
        raise InputError(f"{file}: cannot be read: {exc.strerror}.") from exc
    plan = loads(text, file=str(file))
    relay = Relay(quiet=quiet)
    with interruptible():
        _apply(open_world(network, progress=relay), plan, manner, relay)


def _apply(world: "World", plan: "PlanFile", manner: "Manner", relay: "Relay") -> None:
    from dataclasses import replace

    from migrator.cli.writing import Session, journal_of, proceed
    from migrator.interfaces import ReadResult
    from migrator.plan import propose
    from migrator.workflow.targets import target_of
    from migrator.writing.importing import read_sides, refuse_unreviewed
    from providers import parse_locator

    with (
        target_of(world, parse_locator(plan.target), plan.source) as target,
        journal_of(manner, key := target.key(plan.source)) as journal,
    ):
        with relay.shown():
            sides = read_sides(ReadResult(plan.source, plan.source_findings), target)
        sides = replace(sides, relation=plan.relation, addresses=plan.addresses)
        runs = () if journal is None else journal.runs(plan.source.origin)
        mine = [run for run in runs if run.new.target == key and run.new.digest == plan.digest]
        proposal = propose(sides, plan.choices, approved=frozenset(plan.changes))
        expect = refuse_unreviewed(plan, begun=bool(mine))
        expect(proposal)
        unfinished = tuple(reversed([run for run in mine if not run.is_complete]))
        session = Session(manner, relay, target, 0, journal, unfinished, plan.digest, expect)
        proceed(session, proposal)
