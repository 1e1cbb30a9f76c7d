"""What `dns-migrator diff` does once it is known what is asked: compare, show, and tell the exit code."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from migrator.cli.choices import DEFAULT_DATABASE, Threshold, VerdictFormat
from migrator.cli.exits import CLEAN, FINDINGS, UNCHECKED, gravest
from migrator.cli.showing import Manner
from migrator.model.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.diff import ZoneDiff
    from migrator.interfaces import ReadResult
    from migrator.model.locator import Locator
    from migrator.model.processes import Later
    from migrator.report.layout import Palette
    from migrator.workflow.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Manner):
    """Arguments and options of the command."""

    old: str
    new: tuple[str, ...]
    servers: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    batch: bool = False
    database: str = DEFAULT_DATABASE


def run(asked: Asked) -> int:
    """Compare, show the result, and return the exit code."""
    if asked.batch:
        from migrator.cli.diff_batch import diff_batch

        return diff_batch(asked)
    from migrator.cli import ending, screen
    from migrator.cli.keeping import keep_where_there_is
    from migrator.workflow.sides import is_one_zone
    from migrator.workflow.world import open_world

    ignore = _ignoring(asked.ignored)
    old_side, new_sides = _sides(asked.old, asked.new, asked.servers)
    with screen.progress_bar(quiet=asked.quiet) as progress:
        world = open_world(asked.network, allow_include_outside=asked.allow_include_outside, progress=progress)
        found = _with_origins(ignore(_compared(world, old_side, new_sides)), old_side, new_sides[0])
    found = _with_lowered(found, asked.database, old_side, new_sides[0])
    ending.hold(found)
    keep_where_there_is(asked.database, found.origin, lambda: _rendered_json(found))
    code = exit_code(found, asked.fail_on)
    asked.show(code, lambda palette: _rendered(found, asked, palette))
    if is_one_zone(old_side, new_sides[0]):
        screen.note(f"dns-migrator: OLD and NEW are one zone: '{old_side.text}' was compared with itself.")
    return code


def _ignoring(texts: tuple[str, ...]) -> "Callable[[ZoneDiff], ZoneDiff]":
    """Return what leaves out differences by these rules; raises InputError for a text that is none."""
    if not texts:
        return lambda found: found
    from migrator.diff.ignore import ignore, parse_rule

    rules = [parse_rule(text) for text in texts]
    return lambda found: ignore(found, rules)


def exit_code(found: "ZoneDiff", fail_on: Threshold) -> int:
    """Return 1 for findings at the threshold, 3 for what could not be checked, 1 where both are, else 0."""
    from migrator.diff import Kind
    from migrator.mail.verdict import unlike

    # SOA and apex NS are expected to differ: they are no findings, whatever the threshold.
    uncounted = {Kind.EXPECTED, Kind.UNCHECKED}
    severities = [d.severity for d in found.differences if d.kind not in uncounted]
    severities += [finding.severity for finding in found.all_findings()]
    failing = any(fail_on.reached_by(severity) for severity in severities)
    unchecked = found.counts()[Kind.UNCHECKED] > 0 or any(each.unchecked for each in unlike(found.mail))
    return gravest([FINDINGS if failing else CLEAN, UNCHECKED if unchecked else CLEAN])


def _sides(old: str, new: tuple[str, ...], servers: tuple[str, ...]) -> "tuple[Locator, tuple[Locator, ...]]":
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

        return old_side, live_locators(new_sides, list(servers))
    if len(new_sides) > 1:
        raise InputError("Only one new side can be compared, unless all are live servers (dns:ZONE@ADDRESS).")
    if _is_folder_of_zones(old_side) and _is_folder_of_zones(new_sides[0]):
        raise InputError(
            f"{old_side.path} and {new_sides[0].path}: two folders, and no backups; --batch compares the zones of "
            "one with those of the other."
        )
    return old_side, new_sides


def _is_folder_of_zones(side: "Locator") -> bool:
    """Tell whether a side is a folder, and no backup."""
    from migrator.backup.names import ZONE_JSON

    folder = Path(side.path)
    return bool(side.path) and folder.is_dir() and os.access(folder, os.X_OK) and not (folder / ZONE_JSON).exists()


def _compared(world: "World", old_side: "Locator", new_sides: "tuple[Locator, ...]") -> "ZoneDiff":
    from dataclasses import replace

    from providers import LIVE_SCHEME

    if new_sides[0].scheme != LIVE_SCHEME:
        return compared(world, old_side, new_sides[0])
    from migrator.live.compare import compare_live

    old = world.read(old_side)
    found = compare_live(old.snapshot, new_sides, world.environment)
    return replace(found, old=replace(found.old, findings=old.findings))


def _with_origins(found: "ZoneDiff", old: "Locator", new: "Locator") -> "ZoneDiff":
    """Note what a backup stands for, and how old it is: it is named by the zone that it was made of."""
    from dataclasses import replace

    from providers import KEPT_SCHEME

    notes = [
        f"The {which} side is what {locator.text} holds of {side.source}"
        + ("." if side.read_at is None else f", as it was on {side.read_at:%d %B %Y at %H:%M} UTC.")
        for which, locator, side in (("old", old, found.old), ("new", new, found.new))
        if locator.scheme == KEPT_SCHEME and side.source != locator.text
    ]
    return replace(found, notes=(*found.notes, *notes)) if notes else found


def _with_lowered(found: "ZoneDiff", database: str, old: "Locator", new: "Locator") -> "ZoneDiff":
    """Note TTLs that were lowered for a move at either side, and not put back."""
    from migrator.cli.keeping import is_there

    if not is_there(database):
        return found
    from dataclasses import replace

    from migrator.cli.lowered import asked_of
    from migrator.cli.naming import naming
    from migrator.workflow.lowered import lowered_at
    from migrator.writing.importing import key_of_target

    places = dict.fromkeys(key_of_target(side, found.origin) for side in (old, new))
    notes = asked_of(
        database,
        lambda store: [
            note for place in places for note in lowered_at(store, found.origin, place, naming(database))
        ],
    )
    return replace(found, notes=(*found.notes, *notes)) if notes else found


def compared(world: "World", old: "Locator", new: "Locator") -> "ZoneDiff":
    """Return the comparison of two zones that are read whole, with what their readers found."""
    from migrator.concurrency.beside import later
    from migrator.zonefile import paused_collector

    with paused_collector():
        return compared_results(*world.read_both(old, new), later)


def compared_results(one: "ReadResult", other: "ReadResult", later: "Later | None" = None) -> "ZoneDiff":
    """Return the comparison of two zones that were read, with what their readers found.

    `later` does a piece of work in another process, if there is one.
    """
    from dataclasses import replace

    from migrator.diff import compare_whole

    found = compare_whole(one.snapshot, other.snapshot, later)
    sides = (replace(found.old, findings=one.findings), replace(found.new, findings=other.findings))
    return replace(found, old=sides[0], new=sides[1])


def _rendered(found: "ZoneDiff", asked: Asked, palette: "Palette") -> str:
    match asked.format_:
        case VerdictFormat.JSON:
            return _rendered_json(found)
        case VerdictFormat.MARKDOWN:
            from migrator.report.diff_markdown import markdown

            return markdown(found)
        case VerdictFormat.JUNIT:
            from migrator.report.junit import junit

            return junit(found, asked.fail_on.reached_by)
        case VerdictFormat.TEXT:
            from migrator.report.diff import text

            return text(found, palette, verbose=asked.verbose)
        case _:
            assert_never(asked.format_)


def _rendered_json(found: "ZoneDiff") -> str:
    from migrator.codec.diff import dumps

    return dumps(found)
