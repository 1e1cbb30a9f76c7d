"""`dns-migrator export SCHEME:`: a backup of each zone of an account, one summary, the gravest exit code."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.cli.choices import Format, Threshold
from migrator.cli.exits import CLEAN, FINDINGS, UNCHECKED, gravest
from migrator.cli.interrupting import StoppedError
from migrator.model.values import dataclass

if TYPE_CHECKING:
    from migrator.codec.export import Export
    from migrator.codec.export_batch import ExportBatch, ZoneExport
    from migrator.interfaces import AccountProvider, Progress
    from migrator.model.locator import Locator
    from migrator.workflow.exporting import Exported
    from migrator.workflow.portfolio import Place, Rules
    from migrator.workflow.world import World


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked for."""

    where: "Locator"
    folder: Path | None
    only: tuple[str, ...]
    concurrency: int
    resolve_aliases: bool
    format_: Format
    fail_on: Threshold
    network: Path | None
    database: str
    quiet: bool
    verbose: bool
    no_color: bool


def export_account(asked: Asked, provider: "AccountProvider") -> int:
    """Export the zones, show the summary, and return the exit code."""
    from migrator.cli import screen
    from migrator.codec.export_batch import dumps
    from migrator.report.export_batch import markdown, one_reason, text

    batch = _exported(asked, provider)
    code = gravest(zone.code for zone in batch.zones)
    nothing = one_reason(batch)
    if nothing:
        screen.note(f"dns-migrator: {nothing}")
        return code
    if asked.quiet and code == CLEAN and asked.format_ is Format.TEXT:
        return code
    match asked.format_:
        case Format.JSON:
            shown = dumps(batch, code)
        case Format.MARKDOWN:
            shown = markdown(batch)
        case Format.TEXT:
            shown = text(batch, screen.palette(no_color=asked.no_color), verbose=asked.verbose)
    whole = sum(zone.is_written for zone in batch.zones)
    instead = f"Of the {len(batch.zones):,} zones {whole:,} have a whole backup in {batch.folder} all the same."
    screen.emit(shown, None, instead=instead)
    return code


def _exported(asked: Asked, provider: "AccountProvider") -> "ExportBatch":
    from migrator.backup.folder import ROOT_FOLDER
    from migrator.budgets.own import OwnBudget
    from migrator.cli import screen
    from migrator.cli.keeping import keeping_where_there_is
    from migrator.cli.lowered import Lowered
    from migrator.cli.naming import naming
    from migrator.codec.export import dumps
    from migrator.codec.export_batch import ExportBatch
    from migrator.files.whole import expect_new_or_folder
    from migrator.model.names import for_people
    from migrator.workflow.portfolio import Rules, chosen
    from migrator.workflow.world import open_world

    if asked.folder is not None:
        expect_new_or_folder(asked.folder)
    with screen.progress_bar(quiet=asked.quiet) as progress, keeping_where_there_is(asked.database) as keep:
        world = open_world(asked.network, progress=progress, budget=OwnBudget())
        with closing(provider.open_account(asked.where, world.environment)) as account:
            zones = tuple(account.zones())
            places = chosen(zones, asked.only, asked.where.scheme, asked.folder, asked.where.text)
            lowered = Lowered(asked.database, (place.zone for place in places))

            def written(export: "Export") -> None:
                keep(export.snapshot.origin, lambda: dumps(export))
                zone = for_people(export.snapshot.origin)
                command = f"dns-migrator ttl restore {zone}{naming(asked.database)}"
                lowered.look_at(export.snapshot, f"its backup has them so. After the move: {command}")

            rules = Rules(
                threads=asked.concurrency,
                resolve_aliases=asked.resolve_aliases,
                exit_code=lambda done: exit_code(done, asked.fail_on),
                written=written,
                as_text=asked.verbose and asked.format_ is Format.TEXT,
                as_json=asked.format_ is Format.JSON,
            )
            root = asked.folder or ROOT_FOLDER
            outcomes = _outcomes(world, places, rules, root, progress)
            batch = ExportBatch(asked.where.text, str(root), outcomes, account.reads)
    lowered.tell(quiet=asked.quiet)
    return batch


def _outcomes(
    world: "World", places: "Sequence[Place]", rules: "Rules", root: Path, progress: "Progress"
) -> "tuple[ZoneExport, ...]":
    """Return what became of the zones, in their order; where Ctrl-C ends it, what is there is said."""
    from migrator.workflow.portfolio import exported

    done: list[ZoneExport] = []
    try:
        with closing(exported(world, places, rules)) as outcomes:
            for outcome in outcomes:
                done.append(outcome)
                progress("backups", len(done), len(places))
    except KeyboardInterrupt as exc:
        whole = sum(zone.is_written for zone in done)
        says = f"every folder in {root} is a whole backup, of at least {whole:,} of the {len(places):,} zones"
        raise StoppedError(says=says) from exc
    order = {place.listed.info.identifier: number for number, place in enumerate(places)}
    return tuple(sorted(done, key=lambda zone: order[zone.identifier]))


def exit_code(done: "Exported", fail_on: Threshold) -> int:
    """Return 1 for findings at the threshold, 3 for an alias looked up in vain, 1 where both are, else 0."""
    failing = any(fail_on.reached_by(finding.severity) for finding in done.export.findings)
    return gravest([FINDINGS if failing else CLEAN, UNCHECKED if done.unchecked else CLEAN])
