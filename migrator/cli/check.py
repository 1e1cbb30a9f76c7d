"""`dns-migrator check`: may I go on? The checklist of a phase, with evidence for every verdict."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, ReportFormat, Threshold
from migrator.cli.completing import checks_or_areas, checks_to_skip
from migrator.cli.exits import CLEAN, FINDINGS, UNCHECKED, gravest
from migrator.cli.options import (
    DatabaseOption,
    FailOnOption,
    IncludeOption,
    NetworkOption,
    NoColorOption,
    OutputOption,
    QuietOption,
    ReportFormatOption,
    VerboseOption,
    words,
)
from migrator.cli.outputs import replaceable
from migrator.model.finding import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.checks.verdict import Checklist
    from migrator.report.layout import Palette

_DOMAIN = "The domain that moves."
_PHASE = "The moment of the move: prepare, ready, switch, settle or close."
_FROM = "The old side: route53:example.com, a backup folder, a zone file, axfr:..., dns:example.com@ADDRESS."
_TO = "The new side, in the same forms."
_STRATEGY = "How signatures survive: unsigned, go-insecure, multi-signer or same-keys; by default found out."
_ONLY = "Run these checks alone, by id or area (repeated, or several with commas)."
_SKIP = "Leave a check out, with the reason that the report shows (repeated)."
_PROFILE = "Severities, skipped checks and numbers of your own (TOML)."
_LOWERED = "When the TTLs were lowered, as 2026-12-01T09:00:00Z, where no earlier look saw it."
_SELECTOR = "A DKIM selector that is used (repeated, or several with commas)."
_FROZEN = "Nobody changes the old zone until the end, or both zones are kept equal."
_BACKUP = "The backup of the old zone; by default the newest below backups/ZONE."
_QUERIES = "How many questions a day the old provider still counts for the zone (phase close)."
_RECORD = "Write all that was seen to this file, so that it can be judged again elsewhere."
_REPLAY = "Judge what such a file recorded, and ask nobody."


def check(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help=_DOMAIN)],
    *,
    phase: Annotated[Phase | None, typer.Option("--phase", metavar="PHASE", help=_PHASE)] = None,
    from_: Annotated[str, typer.Option("--from", metavar="LOCATOR", help=_FROM)] = "",
    to: Annotated[str, typer.Option("--to", metavar="LOCATOR", help=_TO)] = "",
    strategy: Annotated[str, typer.Option("--strategy", metavar="STRATEGY", help=_STRATEGY)] = "",
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID|AREA", help=_ONLY, autocompletion=checks_or_areas)
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", metavar="ID=REASON", help=_SKIP, autocompletion=checks_to_skip)
    ] = None,
    profile: Annotated[Path | None, typer.Option("--profile", metavar="FILE", help=_PROFILE)] = None,
    ttl_lowered_at: Annotated[str, typer.Option("--ttl-lowered-at", metavar="TIME", help=_LOWERED)] = "",
    selector: Annotated[list[str] | None, typer.Option("--selector", metavar="NAME", help=_SELECTOR)] = None,
    frozen: Annotated[bool, typer.Option("--frozen", help=_FROZEN)] = False,
    backup: Annotated[Path | None, typer.Option("--backup", metavar="FOLDER", help=_BACKUP)] = None,
    old_queries: Annotated[int | None, typer.Option("--old-queries", min=0, metavar="N", help=_QUERIES)] = None,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", callback=replaceable, help=_RECORD)
    ] = None,
    replay: Annotated[Path | None, typer.Option("--replay", metavar="FILE", help=_REPLAY)] = None,
    format_: ReportFormatOption = ReportFormat.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = Threshold.ERROR,
    network: NetworkOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    allow_include_outside: IncludeOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Run the checklist of a phase: may I go on, and if not, what is to be mended."""
    from migrator.cli import screen
    from migrator.codec.checklist import dumps
    from migrator.workflow.checking import checked
    from migrator.workflow.remembering import remembering
    from migrator.workflow.wishes import Wish, choice_of, order_of, recorded, replayed, with_left_out
    from migrator.workflow.world import open_world

    wish = Wish(
        domain=domain,
        phase=phase,
        old=from_,
        new=to,
        strategy=strategy,
        only=words(only),
        skip=skip or [],
        selectors=words(selector),
        profile=profile,
        ttl_lowered_at=ttl_lowered_at,
        frozen=frozen,
        backup=backup,
        old_queries=old_queries,
    )
    if replay is not None:
        checklist, is_kept = replayed(wish, replay), True
    else:
        order, choice = order_of(wish), choice_of(wish)
        with screen.progress_bar(quiet=quiet) as progress:
            world = open_world(network, allow_include_outside=allow_include_outside, progress=progress)
            with remembering(database, order.domain, screen.note) as memory:
                checklist = checked(world, order, choice, memory, progress)
                if not wish.only:
                    # A part of a checklist is no verdict on its phase.
                    memory.keep_document(dumps(checklist))
            is_kept = memory.is_whole
    checklist = with_left_out(checklist)
    code = gravest([exit_code(checklist, fail_on), CLEAN if is_kept else UNCHECKED])
    try:
        if not (quiet and code == CLEAN and format_ is ReportFormat.TEXT and output is None):
            palette = screen.palette(no_color=no_color, output=output)
            screen.emit(_rendered(checklist, format_, palette, fail_on, verbose=verbose), output)
    finally:
        # Neither is lost with the other, where one of them finds no space: what was asked for took its time.
        if record is not None and replay is None:
            screen.emit(recorded(checklist, choice), record)
    raise typer.Exit(code)


def exit_code(checklist: "Checklist", fail_on: Threshold) -> int:
    """Return 1 for problems at the threshold, 3 where a check that blocks could not be judged, else 0."""
    from migrator.checks.verdict import Status

    severities = [
        problem.severity or result.severity for result in checklist.results for problem in result.problems
    ]
    failing = any(fail_on.reached_by(severity) for severity in severities)
    incomplete = any(result.status is Status.UNCHECKED and result.blocks for result in checklist.results)
    return gravest([FINDINGS if failing else CLEAN, UNCHECKED if incomplete else CLEAN])


def _rendered(
    checklist: "Checklist", format_: ReportFormat, palette: "Palette", fail_on: Threshold, *, verbose: bool
) -> str:
    from migrator.codec.checklist import dumps
    from migrator.report.checklist import checklist_text
    from migrator.report.checklist_html import checklist_html
    from migrator.report.checklist_junit import checklist_junit
    from migrator.report.checklist_markdown import checklist_markdown

    writers: dict[ReportFormat, Callable[[], str]] = {
        ReportFormat.TEXT: lambda: checklist_text(checklist, palette, verbose=verbose),
        ReportFormat.JSON: lambda: dumps(checklist),
        ReportFormat.MARKDOWN: lambda: checklist_markdown(checklist),
        ReportFormat.HTML: lambda: checklist_html(checklist),
        ReportFormat.JUNIT: lambda: checklist_junit(checklist, fail_on.reached_by),
    }
    return writers[format_]()
