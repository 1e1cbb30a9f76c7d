"""`dns-migrator diff --batch`: two folders of zone files or backups, one summary, the exit code of the worst."""

from pathlib import Path
from typing import TYPE_CHECKING

from migrator.cli.choices import VerdictFormat
from migrator.cli.exits import CLEAN, FINDINGS, gravest
from migrator.errors import InputError
from migrator.model.finding import Severity

if TYPE_CHECKING:
    from migrator.cli.diffing import Asked
    from migrator.diff.batch import BatchDiff
    from migrator.model.locator import Locator


def diff_batch(asked: "Asked") -> int:
    """Compare the folders, show the summary, and return the exit code."""
    from migrator.batch import Rules, compare_folders
    from migrator.cli import screen
    from migrator.cli.diffing import compared_results, exit_code
    from migrator.workflow.world import open_world
    from providers import load

    if asked.format_ not in {VerdictFormat.TEXT, VerdictFormat.JSON}:
        raise InputError("--batch writes text or JSON: add --format text or --format json.")
    is_json = asked.format_ is VerdictFormat.JSON
    world = open_world(None, allow_include_outside=asked.allow_include_outside)
    rules = Rules(
        read=lambda one, other: world.read_both(_locator(one), _locator(other)),
        compare=compared_results,
        exit_code=lambda found: exit_code(found, asked.fail_on),
        alike=CLEAN,
        only_old=FINDINGS if asked.fail_on.reached_by(Severity.ERROR) else CLEAN,
        only_new=FINDINGS if asked.fail_on.reached_by(Severity.WARNING) else CLEAN,
        as_text=asked.verbose and not is_json,
        as_json=is_json,
    )
    load("file")  # before there are two processes, of which each would load it
    with screen.progress_bar(quiet=asked.quiet) as progress:
        found = compare_folders(Path(asked.old), Path(asked.new[0]), rules, progress)
    code = gravest(zone.code for zone in found.zones)
    if not asked.quiet or code != CLEAN or is_json or asked.output is not None:
        screen.emit(_as_json(found, code) if is_json else _as_text(found, asked), asked.output)
    return code


def _as_json(found: "BatchDiff", code: int) -> str:
    from migrator.codec.diff_batch import dumps

    return dumps(found, code)


def _as_text(found: "BatchDiff", asked: "Asked") -> str:
    from migrator.cli import screen
    from migrator.report.diff_batch import text

    palette = screen.palette(no_color=asked.no_color, output=asked.output)
    return text(found, palette, verbose=asked.verbose)


def _locator(path: Path) -> "Locator":
    """Return the locator of a file, whatever its name looks like."""
    from migrator.model.locator import Locator

    return Locator("file", str(path), path=str(path))
