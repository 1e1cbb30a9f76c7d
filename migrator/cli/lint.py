"""`dns-migrator lint`: one zone by itself, without the network."""

from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.choices import Threshold, VerdictFormat
from migrator.cli.exits import CLEAN, FINDINGS
from migrator.cli.options import (
    FailOnOption,
    IncludeOption,
    NetworkOption,
    NoColorOption,
    OutputOption,
    QuietOption,
    VerboseOption,
    VerdictFormatOption,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.checks.linting import Lint
    from migrator.report.layout import Palette


def lint(
    locator: Annotated[
        str, typer.Argument(metavar="LOCATOR", help="The zone: a zone file, route53:..., axfr:...")
    ],
    *,
    format_: VerdictFormatOption = VerdictFormat.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = Threshold.ERROR,
    network: NetworkOption = None,
    allow_include_outside: IncludeOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Look at one zone by itself: syntax, records that clash, lengths, mail records, targets inside the zone."""
    from migrator.beside import later
    from migrator.checks.catalogue import catalogue
    from migrator.checks.linting import lint as judged
    from migrator.cli import screen
    from migrator.dnsclient.client import utc_now
    from migrator.workflow.world import open_world
    from providers import parse_locator

    where = parse_locator(locator)
    with screen.progress_bar(quiet=quiet) as progress:
        world = open_world(network, allow_include_outside=allow_include_outside, progress=progress)
        result = world.glance(where)
        found = judged(result.snapshot, result.findings, catalogue(), utc_now(), later)
    failing = any(fail_on.reached_by(finding.severity) for finding in found.findings)
    if not quiet or failing or format_ is not VerdictFormat.TEXT or output is not None:
        palette = screen.palette(no_color=no_color, output=output)
        screen.emit(_rendered(found, format_, palette, fail_on, verbose=verbose), output)
    raise typer.Exit(FINDINGS if failing else CLEAN)


def _rendered(
    found: "Lint", format_: VerdictFormat, palette: "Palette", fail_on: Threshold, *, verbose: bool
) -> str:
    from migrator.codec.lint import dumps
    from migrator.report.lint import lint_junit, lint_markdown, lint_text

    writers: dict[VerdictFormat, Callable[[], str]] = {
        VerdictFormat.TEXT: lambda: lint_text(found, palette, verbose=verbose),
        VerdictFormat.JSON: lambda: dumps(found),
        VerdictFormat.MARKDOWN: lambda: lint_markdown(found),
        VerdictFormat.JUNIT: lambda: lint_junit(found, fail_on.reached_by),
    }
    return writers[format_]()
