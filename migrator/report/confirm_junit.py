"""A judgement of a switch as JUnit XML: a case for the stage, each finding, and what was not checked. Pure."""

from collections.abc import Callable, Iterator

from migrator.clock import instant
from migrator.cutover.judge import Judgement, concerns_verdict
from migrator.model.finding import Severity
from migrator.model.names import for_people
from migrator.report.confirm_words import headline, next_step, stage_name
from migrator.report.testcases import Case, document


def confirm_junit(judgement: Judgement, fails: Callable[[Severity], bool]) -> str:
    """Return the report as JUnit XML; `fails` tells which severities fail a case."""
    domain = for_people(judgement.look.domain)
    properties = {
        "stage": stage_name(judgement.stage),
        "expected": ", ".join(for_people(name) for name in judgement.look.expected),
        "at": instant(judgement.at),
    }
    return document("confirm", domain, properties, list(_cases(judgement, fails)))


def _cases(judgement: Judgement, fails: Callable[[Severity], bool]) -> Iterator[Case]:
    stage = judgement.stage
    outcome = "error" if stage is None else "" if stage.is_done else "failure"
    words = headline(judgement)
    yield Case("stage", "the parent lists the new name servers", outcome, words, next_step(judgement))
    for finding in judgement.findings:
        outcome = "failure" if fails(finding.severity) else ""
        yield Case(finding.check, finding.subject, outcome, finding.message, finding.remedy)
    for item in judgement.unchecked:
        outcome = "error" if concerns_verdict(item, judgement.look) else "skipped"
        yield Case(item.check, item.subject, outcome, item.reason)
