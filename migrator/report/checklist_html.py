"""A checklist as one self-contained HTML page: no script, nothing loaded from elsewhere. Pure."""

from collections.abc import Iterator, Mapping

from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.verdict import Checklist, Result, Status
from migrator.clock import instant
from migrator.codec.checklist import status_of
from migrator.model.phrases import safe
from migrator.report.checklist_page import PAGE, POINT
from migrator.report.checklist_words import (
    STATUS_ORDER,
    STATUS_WORDS,
    Told,
    area_title,
    by_area,
    command,
    counts_line,
    evidence_lines,
    last_line,
    meaning,
    message,
    sides,
    title,
)
from migrator.report.marked import prose, whole

# A check that passes for thousands of names shows the first of them; the JSON has all.
_PASSED_SHOWN = 20
_EVIDENCE_SHOWN = 20


def checklist_html(checklist: Checklist) -> str:
    """Return the page."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters.update(prose=prose, whole=whole)
    point_part = environment.from_string(POINT)

    def body(point: Mapping[str, object]) -> Markup:
        return Markup(point_part.render(point=point))  # noqa: S704  (Jinja has escaped what is in it)

    facts, built = checklist.facts, _built(checklist)
    return environment.from_string(PAGE).render(
        title=safe(title(checklist)),
        at=instant(facts.now),
        verdict=str(checklist.verdict),
        last_line=last_line(checklist),
        meaning=meaning(checklist),
        sides=[(name, safe(what)) for name, what in sides(checklist)],
        counts=counts_line(checklist),
        sections=list(_sections(checklist, built)),
        areas=[_area(area, results, built) for area, results in by_area(checklist.results).items()],
        phase=str(facts.phase),
        strategy=str(facts.strategy),
        body=body,
    )


def _built(checklist: Checklist) -> Mapping[str, Mapping[str, object]]:
    """Return what the page says of each result, by its check; told in the order in which the page shows them."""
    told = Told()
    shown = sorted(checklist.results, key=lambda result: STATUS_ORDER.index(result.status))
    return {result.check.id: _result(result, told) for result in shown}


def _sections(checklist: Checklist, built: Mapping[str, Mapping[str, object]]) -> Iterator[dict[str, object]]:
    """Yield what stands in the way, the gravest first."""
    for status, heading in _ABOVE.items():
        results = [built[result.check.id] for result in checklist.results if result.status is status]
        if results:
            yield {"id": str(status), "title": heading, "results": results}


def _area(area: str, results: list[Result], built: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    statuses = {result.status for result in results}
    worst = next(status for status in STATUS_ORDER if status in statuses)
    return {
        "id": area,
        "title": area_title(area),
        "worst": STATUS_WORDS[worst],
        "results": [built[result.check.id] for result in results],
    }


def _result(result: Result, told: Told) -> dict[str, object]:
    opened = [point for point in result.points if isinstance(point, Problem | Unchecked)]
    opened.sort(key=lambda point: _ORDER.index(status_of(point, result.severity)))
    passed = [point for point in result.points if isinstance(point, Passed)]
    word = "skipped" if result.skipped else STATUS_WORDS[result.status]
    return {
        "id": result.check.id,
        "status": str(result.status),
        "word": word,
        "summary": safe(result.check.summary),
        "reason": safe(result.reason),
        "is_above": result.status in _ABOVE,
        "opened": [_point(point, result, told.instead([point], result.check)) for point in opened],
        "passed": [_point(point, result, None) for point in passed[:_PASSED_SHOWN]],
        "more": max(0, len(passed) - _PASSED_SHOWN),
    }


def _point(point: Point, result: Result, instead: str | None) -> dict[str, object]:
    assert not isinstance(point, NotNeeded)
    head = {"status": status_of(point, result.severity), "subject": safe(point.subject)}
    if instead:
        return {**head, "message": instead, "not_before": "", "remedy": "", "evidence": [], "command": ""}
    return {
        **head,
        "message": safe(message(point)),
        "not_before": "" if point.not_before is None else instant(point.not_before),
        "remedy": "" if isinstance(point, Passed) else safe(point.remedy),
        "evidence": [safe(line) for line in evidence_lines(point.evidence[:_EVIDENCE_SHOWN])],
        "command": safe(command(point)),
    }


_ABOVE = {Status.FAIL: "Failed", Status.UNCHECKED: "Not checked", Status.WARN: "Warnings"}
_ORDER = (str(Status.FAIL), str(Status.UNCHECKED), str(Status.WARN), "notice", str(Status.PASS))
