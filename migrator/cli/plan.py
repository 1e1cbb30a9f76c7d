"""`dns-migrator plan`: the timeline of a move, what it rests on, and the runbook."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE
from migrator.cli.exits import CLEAN, FINDINGS, UNCHECKED, gravest
from migrator.cli.options import (
    DatabaseOption,
    IncludeOption,
    NetworkOption,
    NoColorOption,
    OutputOption,
    QuietOption,
    as_named,
    usable_ttl,
)
from migrator.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.report.layout import Palette
    from migrator.timeline import Timeline
    from migrator.timeline.runbook import Entry


class PlanFormat(StrEnum):
    """How a plan is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"
    ICS = "ics"


_FROM = "The old side: route53:example.com, a zone file, a backup folder, axfr:..., dns:example.com@ADDRESS."
_TO = "The new side, in the same forms."
_SWITCH_AT = "When you want to switch, as 2026-12-01T09:00:00Z; by default the earliest safe instant."
_LOWERED = "The TTL in seconds to which the old zone's TTLs are lowered for the move."
_LOWERED_AT = "When the TTLs were lowered, as 2026-12-01T09:00:00Z, where no earlier look saw it."
_STRATEGY = "How signatures survive: unsigned, go-insecure, multi-signer or same-keys; by default found out."
_FORMAT = "How the result is written: text, markdown, json, html or ics."


def plan(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="The domain that moves.")],
    *,
    from_: Annotated[str, typer.Option("--from", metavar="LOCATOR", help=_FROM)],
    to: Annotated[str, typer.Option("--to", metavar="LOCATOR", help=_TO)],
    switch_at: Annotated[str, typer.Option("--switch-at", metavar="TIME", help=_SWITCH_AT)] = "",
    lowered_ttl: Annotated[
        int, typer.Option("--lowered-ttl", callback=usable_ttl, metavar="SECONDS", help=_LOWERED)
    ] = 300,
    ttl_lowered_at: Annotated[str, typer.Option("--ttl-lowered-at", metavar="TIME", help=_LOWERED_AT)] = "",
    strategy: Annotated[str, typer.Option("--strategy", metavar="STRATEGY", help=_STRATEGY)] = "",
    format_: Annotated[
        PlanFormat, typer.Option("--format", "-f", metavar="FORMAT", callback=as_named, help=_FORMAT)
    ] = PlanFormat.TEXT,
    output: OutputOption = None,
    network: NetworkOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    allow_include_outside: IncludeOption = False,
    quiet: QuietOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Measure the TTLs of a move, and print when what may be done, what that rests on, and what to type."""
    from migrator.checks.facts import Settings
    from migrator.cli import screen
    from migrator.cli.naming import to_name
    from migrator.codec.timeline import dumps
    from migrator.timeline.runbook import Options, runbook
    from migrator.workflow.planning import planned
    from migrator.workflow.remembering import remembering
    from migrator.workflow.sides import side_of
    from migrator.workflow.wishes import domain_of, lowered_instant, refuse_one_zone, strategy_of, wished_instant
    from migrator.workflow.world import open_world

    wish, stated = wished_instant(switch_at), strategy_of(strategy)
    if not from_.strip() or not to.strip():
        raise InputError("--from and --to name the two sides of the move: neither may be empty.")
    name = domain_of(domain)
    sides = side_of(from_, name), side_of(to, name)
    refuse_one_zone(*sides)
    settings = Settings(lowered_ttl=lowered_ttl, ttl_lowered_at=lowered_instant(ttl_lowered_at))
    with screen.progress_bar(quiet=quiet) as progress:
        world = open_world(network, allow_include_outside=allow_include_outside, progress=progress)
        with remembering(database, name, screen.note) as memory:
            timeline = planned(world, name, sides, settings, stated, wish, memory, progress)
            book = runbook(timeline, Options("" if network is None else str(network), to_name(database)))
            memory.keep_document(dumps(timeline, book, _local))
        is_kept = memory.is_whole
    palette = screen.palette(no_color=no_color, output=output)
    screen.emit(_rendered(timeline, book, format_, palette), output)
    raise typer.Exit(gravest([exit_code(timeline), CLEAN if is_kept else UNCHECKED]))


def exit_code(timeline: "Timeline") -> int:
    """Return 1 for a switch that is too early, 3 where something was not measured, else 0."""
    from migrator.codec.timeline import Verdict, verdict_of

    return {Verdict.SAFE: CLEAN, Verdict.TOO_EARLY: FINDINGS, Verdict.INCOMPLETE: UNCHECKED}[verdict_of(timeline)]


def _rendered(timeline: "Timeline", book: "tuple[Entry, ...]", format_: PlanFormat, palette: "Palette") -> str:
    from migrator.codec.timeline import dumps
    from migrator.report.timeline.calendar import timeline_calendar
    from migrator.report.timeline.html import timeline_html
    from migrator.report.timeline.markdown import timeline_markdown
    from migrator.report.timeline.text import timeline_text

    writers: dict[PlanFormat, Callable[[], str]] = {
        PlanFormat.TEXT: lambda: timeline_text(timeline, book, _local, palette),
        PlanFormat.MARKDOWN: lambda: timeline_markdown(timeline, book, _local),
        PlanFormat.JSON: lambda: dumps(timeline, book, _local),
        PlanFormat.HTML: lambda: timeline_html(timeline, book, _local),
        PlanFormat.ICS: lambda: timeline_calendar(timeline, _local),
    }
    return writers[format_]()


def _local(moment: datetime) -> datetime:
    """Return the instant in the time of this machine, as it will be then; in UTC where TZ is a day or more off."""
    try:
        return moment.astimezone()
    except ValueError:
        return moment
