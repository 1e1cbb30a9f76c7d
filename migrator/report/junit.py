"""A comparison as JUnit XML for CI: a test case for each difference, mail domain and finding. Pure.

A difference below the threshold is a case that passes, with its words; what could not be checked is an error,
what the user ignores is skipped. What is the same is one case, so that a clean comparison is not empty.
"""

from collections.abc import Callable, Iterator

from migrator.diff.result import Difference, Kind, ZoneDiff
from migrator.mail.verdict import MailState
from migrator.model.finding import Finding, Severity
from migrator.model.names import for_people
from migrator.model.phrases import counted
from migrator.model.zone import subject_of
from migrator.report.testcases import Case, document


def junit(found: ZoneDiff, fails: Callable[[Severity], bool]) -> str:
    """Return the document; `fails` tells which severities fail a case."""
    properties = {"old": found.old.source, "new": found.new.source}
    return document("diff", for_people(found.origin), properties, list(_cases(found, fails)))


def _cases(found: ZoneDiff, fails: Callable[[Severity], bool]) -> Iterator[Case]:
    yield Case("same", f"{counted(found.same, 'RRset')} the same on both sides")
    for difference in found.differences:
        yield _of_difference(difference, fails)
    for verdict in found.mail:
        name = f"mail of {for_people(verdict.domain)}"
        detail = "\n".join(verdict.all_reasons())
        if verdict.state is MailState.LOST and fails(Severity.ERROR):
            yield Case("mail", name, "failure", str(verdict.state), detail)
        elif verdict.unchecked:
            yield Case("mail", name, "error", "could not be checked", detail)
        else:
            yield Case("mail", name, "", str(verdict.state), detail)
    for ignored in found.ignored:
        name = f"{ignored.difference.kind} {subject_of(ignored.difference.key)}"
        yield Case(str(ignored.difference.role), name, "skipped", ignored.reason, ignored.difference.impact)
    for side, findings in (("old", found.old.findings), ("new", found.new.findings), ("diff", found.findings)):
        for finding in findings:
            yield _of_finding(side, finding, fails)


def _of_difference(difference: Difference, fails: Callable[[Severity], bool]) -> Case:
    name = f"{difference.kind} {subject_of(difference.key)}"
    at = [f"at {', '.join(difference.servers)}"] if difference.servers else []
    lines = [*(f"- {text}" for text in difference.lost), *(f"+ {text}" for text in difference.gained), *at]
    outcome = ""
    if difference.kind is Kind.UNCHECKED:
        outcome = "error"
    elif difference.kind is not Kind.EXPECTED and fails(difference.severity):
        outcome = "failure"
    return Case(str(difference.role), name, outcome, difference.impact, "\n".join(lines))


def _of_finding(side: str, finding: Finding, fails: Callable[[Severity], bool]) -> Case:
    place = f"{finding.position}: " if finding.position else ""
    outcome = "failure" if fails(finding.severity) else ""
    return Case(f"{side}.{finding.check}", finding.subject, outcome, f"{place}{finding.message}", finding.remedy)
