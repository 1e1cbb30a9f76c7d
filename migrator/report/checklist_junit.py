"""A checklist as JUnit XML: a case a check, and one a problem where it has several subjects. Pure."""

from collections.abc import Callable, Iterator

from migrator.checks.points import Passed, Problem, Unchecked
from migrator.checks.verdict import Checklist, Result, Status
from migrator.clock import instant
from migrator.model.finding import Severity
from migrator.model.names import for_people
from migrator.report.checklist_words import command, evidence_lines, meaning
from migrator.report.testcases import Case, document


def checklist_junit(checklist: Checklist, fails: Callable[[Severity], bool]) -> str:
    """Return the report as JUnit XML; `fails` tells which severities fail a case."""
    facts, not_before = checklist.facts, checklist.not_before
    properties = {
        "phase": str(facts.phase),
        "verdict": str(checklist.verdict),
        "meaning": meaning(checklist),
        "not_before": "" if not_before is None else instant(not_before),
        "at": instant(facts.now),
    }
    cases = [case for result in checklist.results for case in _cases(result, fails)]
    return document("check", for_people(facts.domain), properties, cases)


def _cases(result: Result, fails: Callable[[Severity], bool]) -> Iterator[Case]:
    id_ = result.check.id
    if result.status is Status.NOT_NEEDED:
        yield Case(id_, result.check.summary, "skipped", result.reason)
        return
    opened = [point for point in result.points if isinstance(point, Problem | Unchecked)]
    if not opened:
        passed = [point for point in result.points if isinstance(point, Passed)]
        yield Case(
            id_, result.check.summary, "", "\n".join(f"{point.subject}: {point.message}" for point in passed)
        )
    for point in opened:
        yield _case(point, result, fails)


def _case(point: Problem | Unchecked, result: Result, fails: Callable[[Severity], bool]) -> Case:
    line = command(point)
    detail = [point.remedy, *evidence_lines(point.evidence), *([f"$ {line}"] if line else [])]
    text = "\n".join(filter(None, detail))
    if isinstance(point, Unchecked):
        return Case(result.check.id, point.subject, "error", point.reason, text)
    outcome = "failure" if fails(point.severity or result.severity) else ""
    return Case(result.check.id, point.subject, outcome, point.message, text)
