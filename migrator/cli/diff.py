"""`dns-migrator diff`: what is missing, extra and changed between two sides of a zone, and what it breaks."""

from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from migrator.cli.exits import CLEAN, FINDINGS, UNCHECKED, gravest
from migrator.cli.options import (
    FailOnOption,
    IncludeOption,
    NetworkOption,
    NoColorOption,
    OutputOption,
    QuietOption,
    Threshold,
    VerboseOption,
    VerdictFormat,
    VerdictFormatOption,
)

if TYPE_CHECKING:
    from migrator.cli.world import World
    from migrator.diff import ZoneDiff
    from migrator.model.locator import Locator
    from migrator.report.layout import Palette

_OLD = "The zone as it is: route53:example.com, axfr:..., a backup folder or a zone file."
_NEW = "The zone as it shall be: any of these, or live servers as dns:example.com@ADDRESS[,ADDRESS...]."
_SERVER = "A further live server for the dns: of the new side (repeated)."
_IGNORE = (
    "Leave a difference out, with the reason that the result shows (repeated); OWNER and TYPE may have * and ?."
)


_BATCH = "OLD and NEW are folders: compare each zone file of one with that of the other."


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_OLD)],
    new: Annotated[list[str], typer.Argument(metavar="NEW", help=_NEW)],
    *,
    server: Annotated[list[str] | None, typer.Option("--server", metavar="ADDRESS", help=_SERVER)] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="OWNER[/TYPE]=REASON", help=_IGNORE)
    ] = None,
    batch: Annotated[bool, typer.Option("--batch", help=_BATCH)] = False,
    format_: VerdictFormatOption = VerdictFormat.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = Threshold.ERROR,
    network: NetworkOption = None,
    allow_include_outside: IncludeOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Compare a zone with its copy elsewhere: what is missing, what that breaks, and what becomes of mail."""
    from migrator.cli import screen
    from migrator.cli.world import open_world
    from migrator.diff.ignore import ignore as leave_out
    from migrator.diff.ignore import parse_rule

    if batch:
        from migrator.cli.diff_batch import Shown, diff_batch

        if server or ignore or len(new) > 1:
            raise typer.BadParameter("--batch takes two folders, and neither --server nor --ignore.")
        shown = Shown(
            format_=format_,
            output=output,
            fail_on=fail_on,
            quiet=quiet,
            verbose=verbose,
            no_color=no_color,
        )
        raise typer.Exit(diff_batch(old, new[0], shown, allow_include_outside=allow_include_outside))
    rules = [parse_rule(text) for text in ignore or ()]
    old_side, new_sides = _sides(old, new, server or [])
    with screen.progress_bar(quiet=quiet) as progress:
        world = open_world(network, allow_include_outside=allow_include_outside, progress=progress)
        found = leave_out(_compared(world, old_side, new_sides), rules)
    code = exit_code(found, fail_on)
    if not quiet or code != CLEAN or format_ is not VerdictFormat.TEXT or output is not None:
        palette = screen.palette(no_color=no_color, output=output)
        screen.emit(_rendered(found, format_, palette, fail_on, verbose=verbose), output)
    raise typer.Exit(code)


def exit_code(found: "ZoneDiff", fail_on: Threshold) -> int:
    """Return 1 for findings at the threshold, 3 for what could not be checked, 1 where both are, else 0."""
    from migrator.diff import Kind

    # SOA and apex NS are expected to differ: they are no findings, whatever the threshold.
    uncounted = {Kind.EXPECTED, Kind.UNCHECKED}
    severities = [d.severity for d in found.differences if d.kind not in uncounted]
    severities += [finding.severity for finding in found.all_findings()]
    failing = any(fail_on.reached_by(severity) for severity in severities)
    unchecked = found.counts()[Kind.UNCHECKED] > 0
    return gravest([FINDINGS if failing else CLEAN, UNCHECKED if unchecked else CLEAN])


def _sides(old: str, new: list[str], servers: list[str]) -> "tuple[Locator, tuple[Locator, ...]]":
    """Return the old side and the new ones; several only where all are live servers of one zone."""
    from migrator.errors import InputError
    from providers import LIVE_SCHEME, parse_locator

    old_side = parse_locator(old)
    if old_side.scheme == LIVE_SCHEME:
        raise InputError(
            f"'{old_side.text}' cannot be the old side: a live server answers, but does not list its names. "
            "Read the zone with axfr:, a provider or a zone file; 'discover' is to collect names without those."
        )
    new_sides = tuple(parse_locator(text) for text in new)
    if any(side.scheme == LIVE_SCHEME for side in new_sides) or servers:
        from migrator.live.locators import live_locators

        return old_side, live_locators(new_sides, servers)
    if len(new_sides) > 1:
        raise InputError("Only one new side can be compared, unless all are live servers (dns:ZONE@ADDRESS).")
    return old_side, new_sides


def _compared(world: "World", old_side: "Locator", new_sides: "tuple[Locator, ...]") -> "ZoneDiff":
    from dataclasses import replace

    from providers import LIVE_SCHEME

    if new_sides[0].scheme != LIVE_SCHEME:
        return compared(world, old_side, new_sides[0])
    from migrator.live.compare import compare_live

    old = world.read(old_side)
    found = compare_live(old.snapshot, new_sides, world.environment)
    return replace(found, old=replace(found.old, findings=old.findings))


def compared(world: "World", old: "Locator", new: "Locator") -> "ZoneDiff":
    """Return the comparison of two zones that are read whole, with what their readers found."""
    from dataclasses import replace

    from migrator.diff import compare
    from migrator.zonefile import paused_collector

    with paused_collector():
        one, other = world.read_both(old, new)
        found = compare(one.snapshot, other.snapshot)
    sides = (replace(found.old, findings=one.findings), replace(found.new, findings=other.findings))
    return replace(found, old=sides[0], new=sides[1])


def _rendered(
    found: "ZoneDiff", format_: VerdictFormat, palette: "Palette", fail_on: Threshold, *, verbose: bool
) -> str:
    match format_:
        case VerdictFormat.JSON:
            from migrator.codec.diff import dumps

            return dumps(found)
        case VerdictFormat.MARKDOWN:
            from migrator.report.diff_markdown import markdown

            return markdown(found)
        case VerdictFormat.JUNIT:
            from migrator.report.junit import junit

            return junit(found, fail_on.reached_by)
        case VerdictFormat.TEXT:
            from migrator.report.diff import text

            return text(found, palette, verbose=verbose)
        case _:
            assert_never(format_)
