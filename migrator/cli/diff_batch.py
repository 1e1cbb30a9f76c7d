"""`dns-migrator diff --batch`: two folders of zone files or backups, one summary, the exit code of the worst."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.cli.exits import CLEAN, FINDINGS, gravest
from migrator.cli.options import Threshold, VerdictFormat
from migrator.errors import InputError
from migrator.model.finding import Severity

if TYPE_CHECKING:
    from migrator.model.locator import Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How the result is shown, and what counts as a finding."""

    format_: VerdictFormat
    output: Path | None
    fail_on: Threshold
    quiet: bool
    verbose: bool
    no_color: bool


def diff_batch(old: str, new: str, shown: Shown, *, allow_include_outside: bool) -> int:
    """Compare the folders, show the summary, and return the exit code."""
    from migrator.batch import Rules, compare_folders
    from migrator.cli import screen
    from migrator.cli.diff import compared, exit_code
    from migrator.codec.diff_batch import dumps
    from migrator.report.diff_batch import text
    from migrator.workflow.world import open_world

    if shown.format_ not in {VerdictFormat.TEXT, VerdictFormat.JSON}:
        raise InputError("--batch writes text or JSON: add --format text or --format json.")
    is_json = shown.format_ is VerdictFormat.JSON
    world = open_world(None, allow_include_outside=allow_include_outside)
    rules = Rules(
        compare=lambda one, other: compared(world, _locator(one), _locator(other)),
        exit_code=lambda found: exit_code(found, shown.fail_on),
        only_old=FINDINGS if shown.fail_on.reached_by(Severity.ERROR) else CLEAN,
        only_new=FINDINGS if shown.fail_on.reached_by(Severity.WARNING) else CLEAN,
        as_text=shown.verbose and not is_json,
        as_json=is_json,
    )
    with screen.progress_bar(quiet=shown.quiet) as progress:
        found = compare_folders(Path(old), Path(new), rules, progress)
    code = gravest(zone.code for zone in found.zones)
    if not shown.quiet or code != CLEAN or is_json or shown.output is not None:
        palette = screen.palette(no_color=shown.no_color, output=shown.output)
        result = dumps(found, code) if is_json else text(found, palette, verbose=shown.verbose)
        screen.emit(result, shown.output)
    return code


def _locator(path: Path) -> "Locator":
    """Return the locator of a file, whatever its name looks like."""
    from migrator.model.locator import Locator

    return Locator("file", str(path), path=str(path))
