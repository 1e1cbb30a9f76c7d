"""A comparison of many zones as text for people: the worst first, what is the same in one line. Pure."""

from collections.abc import Iterator

from migrator.diff.batch import BatchDiff, Outcome, ZoneOutcome
from migrator.model.phrases import counted, safe, shortened
from migrator.report.layout import PLAIN, Palette, table, wrapped

# So many zones of a kind are listed; --verbose lists all, each with its whole comparison.
_MOST_SHOWN = 20
_TITLES = {
    Outcome.FAILED: "Could not be compared",
    Outcome.MISSING: "On the old side only",
    Outcome.EXTRA: "On the new side only",
}


def text(found: BatchDiff, palette: Palette = PLAIN, *, verbose: bool = False) -> str:
    """Return the summary for a terminal; `verbose` adds the report of each zone that is not the same."""
    blocks = [
        palette.paint(_head(found), palette.strong)
        + f"\n{wrapped(safe(found.old), '  old  ', '       ')}\n{wrapped(safe(found.new), '  new  ', '       ')}",
        *(_without_a_pair(found, outcome, palette, verbose=verbose) for outcome in _TITLES),
        _pairing(found),
        _compared(found, palette, verbose=verbose),
        _skipped(found, verbose=verbose),
        *(zone.report.rstrip() for zone in found.zones if verbose and zone.report),
        _end(found, palette),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _head(found: BatchDiff) -> str:
    counts = found.counts()
    compared = counts[Outcome.SAME] + counts[Outcome.DIFFERENT]
    zones = counted(len(found.zones), "zone")
    if compared == len(found.zones):
        return f"{zones}: old and new compared"
    return f"{zones}, {compared:,} of them there on both sides and compared"


def _without_a_pair(found: BatchDiff, outcome: Outcome, palette: Palette, *, verbose: bool) -> str:
    here = [zone for zone in found.zones if zone.outcome is outcome]
    if not here:
        return ""
    lines = [palette.paint(f"{_TITLES[outcome]} ({len(here):,})", palette.error)]
    shown = here if verbose else here[:_MOST_SHOWN]
    lines.extend(wrapped(f"{safe(zone.zone)}: {safe(_why(zone))}", "  ", "      ") for zone in shown)
    return "\n".join([*lines, *_more(here, shown)])


def _pairing(found: BatchDiff) -> str:
    """Return how zones are paired, where both sides have some without a pair: they may be the same ones."""
    counts = found.counts()
    if not (counts[Outcome.MISSING] and counts[Outcome.EXTRA]):
        return ""
    return wrapped(
        "Zones are paired as their files are named: example.com.zone and db.example.com are one zone. Give the "
        "files of one zone one name, if there are any here."
    )


def _why(zone: ZoneOutcome) -> str:
    return zone.message or f"{zone.old or zone.new}, and nothing of the kind on the other side."


def _compared(found: BatchDiff, palette: Palette, *, verbose: bool) -> str:
    here = [z for z in found.zones if z.outcome in {Outcome.SAME, Outcome.DIFFERENT} and not z.silent]
    if not here:
        return ""
    here.sort(key=lambda zone: (-zone.errors, -zone.warnings))
    shown = here if verbose else here[:_MOST_SHOWN]
    rows = [_row(zone) for zone in shown]
    lines = [palette.paint(f"Not the same, or not in order ({len(here):,})", palette.warning)]
    lines.append(table(("zone", "missing", "extra", "changed", "errors", "mail"), rows, "  "))
    return "\n".join([*lines, *_more(here, shown)])


def _row(zone: ZoneOutcome) -> tuple[str, ...]:
    counts = zone.counts or {}
    mail = "lost" if zone.lost else "changed" if zone.changed else "same"
    numbers = (counts.get("missing", 0), counts.get("extra", 0), counts.get("changed", 0), zone.errors)
    return (shortened(safe(zone.zone), 40), *(f"{number:,}" for number in numbers), mail)


def _skipped(found: BatchDiff, *, verbose: bool) -> str:
    if not found.skipped:
        return ""
    shown = found.skipped if verbose else found.skipped[:_MOST_SHOWN]
    more = f" and {len(found.skipped) - len(shown):,} more" if len(shown) < len(found.skipped) else ""
    return wrapped(f"Taken for no zones: {', '.join(map(safe, shown))}{more}.")


def _more(here: list[ZoneOutcome], shown: list[ZoneOutcome]) -> Iterator[str]:
    if len(shown) < len(here):
        yield f"  and {len(here) - len(shown):,} more (--verbose shows them)"


def _end(found: BatchDiff, palette: Palette) -> str:
    counts = found.counts()
    same = counted(counts[Outcome.SAME], "zone")
    others = [f"{count:,} {outcome}" for outcome, count in counts.items() if count and outcome != Outcome.SAME]
    line = f"{', '.join([f'{same} the same', *others])}."
    errors = sum(zone.code != 0 for zone in found.zones)
    if errors:
        verdict = palette.paint(f"Do not switch yet: look at {counted(errors, 'zone')} first.", palette.error)
    elif others:
        verdict = "Nothing would be lost; what differs is listed above."
    else:
        verdict = palette.paint("The same: nothing would be lost.", palette.good)
    return f"{wrapped(line)}\n{verdict}"
