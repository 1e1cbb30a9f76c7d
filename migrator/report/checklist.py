"""A checklist as text for a terminal: one line a check by area, what failed opened, the verdict last. Pure."""

from collections.abc import Iterator, Sequence

from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.verdict import Checklist, Result, Status, Verdict
from migrator.clock import instant
from migrator.model.finding import Severity
from migrator.model.phrases import counted, safe, shortened
from migrator.report.checklist_words import (
    Told,
    area_title,
    by_area,
    command,
    counts_line,
    evidence_line,
    last_line,
    meaning,
    message,
    severity_of,
    sides,
    title,
)
from migrator.report.layout import PLAIN, Palette, columns, folded, wrapped

# So many subjects of one check are opened; the JSON has all.
SHOWN = 5
_EVIDENCE_SHOWN = 3
_ID_WIDTH = 26
# Without it, what a check says stands below its id.
_LEAST_ROOM = 30


def checklist_text(checklist: Checklist, palette: Palette = PLAIN, *, verbose: bool = False) -> str:
    """Return the report for a terminal; `verbose` opens everything."""
    lines = [palette.paint(safe(title(checklist)), verdict_style(checklist.verdict, palette))]
    lines += [wrapped(safe(f"{name:<7} {what}"), "  ", " " * 10) for name, what in sides(checklist)]
    told = Told()
    for area, results in by_area(checklist.results).items():
        shown = [line for result in results for line in _result_lines(result, palette, told, verbose=verbose)]
        if shown:
            lines += ["", palette.paint(area_title(area), palette.strong), *shown]
    left_out = [r for r in checklist.results if r.status is Status.NOT_NEEDED and not r.skipped]
    if left_out and not verbose:
        lines += [
            "",
            wrapped(f"Not needed (--verbose says why): {', '.join(r.check.id for r in left_out)}", "", "  "),
        ]
    lines += ["", wrapped(f"{counts_line(checklist)}."), *_in_the_way(checklist), wrapped(meaning(checklist))]
    lines.append(palette.paint(last_line(checklist), verdict_style(checklist.verdict, palette)))
    return "\n".join(lines)


def _in_the_way(checklist: Checklist) -> Iterator[str]:
    """Yield the checks that the verdict rests on, for who reads from the end."""
    failed = [result.check.id for result in checklist.results if result.status is Status.FAIL]
    unchecked = [r.check.id for r in checklist.results if r.status is Status.UNCHECKED and r.blocks]
    for word, ids in (("Failed", failed), ("Not checked, and must be", unchecked)):
        if ids:
            yield wrapped(f"{word}: {', '.join(ids)}.", "", "  ")


def verdict_style(verdict: Verdict, palette: Palette) -> str:
    """Return the style of a verdict."""
    styles = {Verdict.GO: palette.good, Verdict.NO_GO: palette.error, Verdict.INCOMPLETE: palette.warning}
    return styles[verdict]


def _result_lines(result: Result, palette: Palette, told: Told, *, verbose: bool) -> Iterator[str]:
    if result.status is Status.NOT_NEEDED and not (verbose or result.skipped):
        return
    word = "skipped" if result.skipped else str(result.status)
    painted = palette.paint(f"{word:<10}", _status_style(result.status, palette))
    summary = result.reason or result.check.summary
    head = f"  {painted} {result.check.id:<{_ID_WIDTH}}"
    room = columns() - 13 - max(_ID_WIDTH, len(result.check.id)) - 1
    if room >= _LEAST_ROOM:
        yield f"{head} {palette.paint(_cut(safe(summary), room), palette.quiet)}".rstrip()
    else:
        yield head.rstrip()
        yield palette.paint(wrapped(safe(summary), "      "), palette.quiet)
    yield from _open(result, palette, told, verbose=verbose)


def _open(result: Result, palette: Palette, told: Told, *, verbose: bool) -> Iterator[str]:
    """Yield what the check says: problems, what was not checked, and, where wanted, what passed."""
    opened = [point for point in result.points if verbose or isinstance(point, Problem | Unchecked)]
    opened = [point for point in opened if not isinstance(point, NotNeeded)]
    opened.sort(key=lambda point: _rank(point, result))
    said: set[str] = set()
    groups = _alike(opened, verbose=verbose)
    notices = [group for group in groups if severity_of(group[0], result) is Severity.NOTICE]
    left_out = [] if verbose else notices[SHOWN:]
    for group in groups:
        if group in left_out:
            continue
        instead = None if verbose else told.instead(group, result.check)
        if instead:
            yield wrapped(instead, "      ")
        else:
            yield from _group(group, result, palette, said, verbose=verbose)
    if left_out:
        yield f"      and {counted(len(left_out), 'more notice')} (--verbose shows them)"


def _group(
    group: Sequence[Point], result: Result, palette: Palette, said: set[str], *, verbose: bool
) -> Iterator[str]:
    """Yield points that say the same of several subjects, once; `said` are the remedies that stand above."""
    first = group[0]
    assert not isinstance(first, NotNeeded)
    subjects = [safe(point.subject) for point in group if not isinstance(point, NotNeeded)]
    shown = subjects if verbose else subjects[:SHOWN]
    more = f" and {counted(len(subjects) - len(shown), 'more', 'more')}" if len(shown) < len(subjects) else ""
    severity = severity_of(first, result)
    style = palette.quiet if severity is None else palette.of(severity)
    mark = "" if severity in {None, Severity.ERROR} else f"{severity}: "
    yield palette.paint(wrapped(f"{mark}{', '.join(shown)}{more}", "      "), style)
    yield wrapped(safe(message(first)), "        ")
    if first.not_before is not None:
        yield f"        not before {instant(first.not_before)}"
    is_grave = severity is Severity.ERROR or isinstance(first, Unchecked)
    if not isinstance(first, Passed) and first.remedy and first.remedy not in said:
        said.add(first.remedy)
        yield wrapped(safe(first.remedy), "        -> ", "           ")
    if verbose:
        for each in first.evidence:
            yield wrapped(safe(evidence_line(each)), "        = ", "          ")
    elif is_grave:
        for each in first.evidence[:_EVIDENCE_SHOWN]:
            yield wrapped(safe(_in_short(evidence_line(each))), "        = ", "          ")
    line = command(first)
    if line and (is_grave or verbose):
        yield palette.paint(folded(safe(line), "        $ ", "            "), palette.quiet)


def _alike(points: Sequence[Point], *, verbose: bool) -> list[list[Point]]:
    """Return the points in groups that say the same, remedy and instant included."""
    if verbose:
        return [[point] for point in points]
    groups: dict[tuple[object, ...], list[Point]] = {}
    for point in points:
        assert not isinstance(point, NotNeeded)
        remedy = "" if isinstance(point, Passed) else point.remedy
        severity = point.severity if isinstance(point, Problem) else None
        groups.setdefault((type(point), severity, message(point), remedy, point.not_before), []).append(point)
    return list(groups.values())


def _in_short(text: str) -> str:
    """Return a line of evidence without the middle of what is long: --verbose and the JSON have it all."""
    words = [shortened(word, _LONGEST_WORD) for word in text.split(" ")]
    return shortened(" ".join(words), _LONGEST_EVIDENCE)


def _cut(text: str, room: int) -> str:
    """Return as many whole words as there is room for."""
    return text if len(text) <= room else f"{text[: room - 1].rsplit(' ', 1)[0]}…"


def _rank(point: Point, result: Result) -> int:
    severity = severity_of(point, result)
    if severity is not None:
        return severity.rank * 2
    return 1 if isinstance(point, Unchecked) else 9


def _status_style(status: Status, palette: Palette) -> str:
    return {
        Status.FAIL: palette.error,
        Status.UNCHECKED: palette.warning,
        Status.WARN: palette.warning,
        Status.PASS: palette.good,
        Status.NOT_NEEDED: palette.quiet,
    }[status]


_LONGEST_EVIDENCE = 240
_LONGEST_WORD = 60
