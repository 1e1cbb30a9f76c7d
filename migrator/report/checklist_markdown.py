"""A checklist as Markdown, for a ticket: what failed first, then everything in one table. Pure."""

from collections.abc import Iterator

from migrator.checks.points import Passed, Problem, Unchecked
from migrator.checks.verdict import Checklist, Result, Status
from migrator.clock import instant
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
from migrator.report.markdown import code, plain

_OPENED = (Status.FAIL, Status.UNCHECKED, Status.WARN)
_EVIDENCE_SHOWN = 4


def checklist_markdown(checklist: Checklist) -> str:
    """Return the report as Markdown."""
    sections = [
        f"# {plain(title(checklist))}",
        "\n".join(f"- {name}: {plain(what)}" for name, what in sides(checklist)),
        f"**{plain(last_line(checklist))}**: {plain(meaning(checklist))}",
    ]
    told = Told()
    for status, heading in zip(_OPENED, ("Failed", "Not checked", "Warnings"), strict=True):
        results = [result for result in checklist.results if result.status is status]
        if results:
            sections.append(f"## {heading}")
            sections += ["\n".join(_opened(result, told)) for result in results]
    sections += ["## All checks", "\n".join(_table(checklist))]
    sections += [f"*{plain(counts_line(checklist))}. Seen {instant(checklist.facts.now)}.*"]
    return "\n\n".join(sections) + "\n"


def _opened(result: Result, told: Told) -> Iterator[str]:
    yield f"### `{result.check.id}` {plain(result.check.summary)}"
    yield ""
    for point in result.points:
        if not isinstance(point, Problem | Unchecked):
            continue
        severity = severity_of(point, result)
        word = "not checked" if severity is None else str(severity)
        if instead := told.instead([point], result.check):
            yield f"- **{word}** `{code(point.subject)}`: {plain(instead)}"
            continue
        yield f"- **{word}** `{code(point.subject)}`: {plain(message(point))}"
        if point.not_before is not None:
            yield f"  - not before {instant(point.not_before)}"
        if point.remedy:
            yield f"  - {plain(point.remedy)}"
        for each in point.evidence[:_EVIDENCE_SHOWN]:
            yield f"  - seen: `{code(evidence_line(each))}`"
        line = command(point)
        if line:
            yield f"  - `{code(line)}`"


def _table(checklist: Checklist) -> Iterator[str]:
    yield "| area | check | status | |"
    yield "|---|---|---|---|"
    for area, results in by_area(checklist.results).items():
        for result in results:
            word = "skipped" if result.skipped else str(result.status)
            yield f"| {area_title(area)} | `{result.check.id}` | {word} | {plain(_said(result))} |"


def _said(result: Result) -> str:
    """Return why a check was not needed, what it says where that is one thing, else its rule."""
    if result.reason:
        return result.reason
    passed = [point for point in result.points if isinstance(point, Passed)]
    return passed[0].message if len(passed) == 1 == len(result.points) else result.check.summary
