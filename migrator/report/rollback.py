"""What `rollback` tells a person: what returns, what somebody changed since, and what came of it. Pure."""

from collections.abc import Iterator

from migrator.codec.imports import RolledBack
from migrator.model.names import for_people
from migrator.model.phrases import counted, safe
from migrator.report.diff import title_of
from migrator.report.findings import findings_text, severity_counts
from migrator.report.import_parts import changes_text, counts_of, outcomes_text, serial_text
from migrator.report.layout import PLAIN, Palette, wrapped

# What leads to the serial of the zone to which the file returns.
IT_WAS = "before it was"


def plan_text(found: RolledBack, palette: Palette = PLAIN, *, verbose: bool = False) -> str:
    """Return what would be taken back, for a terminal of 80 columns."""
    return "\n\n".join(filter(None, _plan_blocks(found, palette, verbose=verbose))) + "\n"


def outcome_text(found: RolledBack, palette: Palette = PLAIN) -> str:
    """Return what came of it."""
    return "\n".join(_outcome(found, palette)) + "\n"


def verdict_text(found: RolledBack) -> str:
    """Return the last sentence: what is so now."""
    work = found.work
    calls = f"{counted(work.calls.reads, 'read')}, {counted(work.calls.writes, 'write')}"
    since = len(found.undoing.since)
    left = f" {counted(since, 'set')} changed since by somebody else stayed." if since else ""
    if work.verified and not work.steps and since:
        return f"Nothing was taken back ({calls}).{left}"
    if work.verified and not work.steps:
        return f"Nothing to take back: the target is as it was before {_named(found)} ({calls})."
    if work.verified:
        done = f"{counted(len(work.steps), 'change')} taken back, read again and compared ({calls})."
        return f"{done}{left}"
    return safe(work.error) or "The target was read again and is not as planned; see above."


def _plan_blocks(found: RolledBack, palette: Palette, *, verbose: bool) -> Iterator[str]:
    undoing, work = found.undoing, found.work
    lines = [
        palette.paint(f"{safe(for_people(undoing.existing.origin))}: rollback", palette.strong),
        wrapped(f"{safe(work.target)}", "  at     ", "         "),
        wrapped(f"the {_undone(found)}", "  undoes ", "         "),
    ]
    lines += [wrapped(safe(backup), "  backup ", "         ") for backup in found.backups]
    yield "\n".join(lines)
    if undoing.since:
        title = f"Changed since by somebody else, and left alone ({len(undoing.since):,})"
        names = [f"  {title_of(since.key)}" for since in undoing.since]
        yield "\n".join([palette.paint(title, palette.warning), *names])
    title = palette.paint(f"Plan: {counts_of(work.steps)}", palette.strong)
    yield "\n".join([title, *changes_text(work.steps, palette, verbose=verbose)])
    if undoing.serial is not None:
        yield wrapped(serial_text(undoing.serial, IT_WAS), "Serial  ", "        ")
    if found.findings:
        head = palette.paint(f"The zone at the target ({severity_counts(found.findings)})", palette.strong)
        yield f"{head}\n{findings_text(found.findings, palette, verbose=verbose)}"
    if undoing.returned:
        yield f"As before {_named(found)} already: {counted(undoing.returned, 'set')}."
    if found.zone_was_made:
        yield wrapped(
            "The import made the zone itself. A rollback empties it and leaves it there: delete it with the "
            "provider's own tools, once no delegation leads to it."
        )


def _undone(found: RolledBack) -> str:
    match found.kind:
        case "ttl-lower":
            return f"lowering of TTLs of {found.imported_at}"
        case "ttl-restore":
            return f"restoring of TTLs of {found.imported_at}"
        case _:
            return f"import of {found.imported_at} from {safe(found.source)}"


def _named(found: RolledBack) -> str:
    match found.kind:
        case "ttl-lower":
            return "the TTLs were lowered"
        case "ttl-restore":
            return "the TTLs were put back"
        case _:
            return "the import"


def _outcome(found: RolledBack, palette: Palette) -> Iterator[str]:
    work = found.work
    if work.backup:
        yield wrapped(f"The target as it was: {safe(work.backup)}")
    yield from outcomes_text(work.steps, palette)
    for difference in work.differences:
        yield f"  {difference.kind:<8} {title_of(difference.key)}"
    yield palette.paint(wrapped(verdict_text(found)), palette.good if work.verified else palette.error)
