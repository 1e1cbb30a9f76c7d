"""What `lint` does with its arguments: reads the zone, judges it, shows the result, tells the exit code."""

from typing import TYPE_CHECKING

from migrator.cli.choices import VerdictFormat
from migrator.cli.exits import CLEAN, FINDINGS
from migrator.cli.showing import Manner
from migrator.model.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.checks.linting import Lint
    from migrator.report.layout import Palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Manner):
    """Argument and options of the command."""

    locator: str


def run(asked: Asked) -> int:
    """Judge the zone, show the result, and return the exit code."""
    from datetime import UTC, datetime

    from migrator.checks.catalogue import catalogue
    from migrator.checks.linting import lint
    from migrator.cli import ending, screen
    from migrator.concurrency.beside import later
    from migrator.workflow.world import open_world
    from providers import parse_locator

    where = parse_locator(asked.locator)
    with screen.progress_bar(quiet=asked.quiet) as progress:
        world = open_world(asked.network, allow_include_outside=asked.allow_include_outside, progress=progress)
        result = world.glance(where)
        found = lint(result.snapshot, result.findings, catalogue(), datetime.now(UTC), later)
    ending.hold(found)
    failing = any(asked.fail_on.reached_by(finding.severity) for finding in found.findings)
    code = FINDINGS if failing else CLEAN
    asked.show(code, lambda palette: _rendered(found, asked, palette))
    return code


def _rendered(found: "Lint", asked: Asked, palette: "Palette") -> str:
    from migrator.codec.lint import dumps
    from migrator.report.lint import lint_junit, lint_markdown, lint_text

    writers: dict[VerdictFormat, Callable[[], str]] = {
        VerdictFormat.TEXT: lambda: lint_text(found, palette, verbose=asked.verbose),
        VerdictFormat.JSON: lambda: dumps(found),
        VerdictFormat.MARKDOWN: lambda: lint_markdown(found),
        VerdictFormat.JUNIT: lambda: lint_junit(found, asked.fail_on.reached_by),
    }
    return writers[asked.format_]()
