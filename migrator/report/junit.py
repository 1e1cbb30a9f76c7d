"""A comparison as JUnit XML for CI: a test case for each difference, mail domain and finding. Pure.

A difference below the threshold is a case that passes, with its words; what could not be checked is an error,
what the user ignores is skipped. What is the same is one case, so that a clean comparison is not empty.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from migrator.diff.result import Difference, Kind, ZoneDiff
from migrator.mail.verdict import MailState
from migrator.model.finding import Finding, Severity
from migrator.model.names import for_people
from migrator.model.zone import subject_of
from migrator.report.layout import counted

# XML 1.0 has no way to write these, not even as references (section 2.2).
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Case:
    group: str
    name: str
    outcome: str = ""
    message: str = ""
    detail: str = ""


def junit(found: ZoneDiff, fails: Callable[[Severity], bool]) -> str:
    """Return the document; `fails` tells which severities fail a case."""
    zone = for_people(found.origin)
    cases = list(_cases(found, fails))
    counts = " ".join(
        f'{attribute}="{sum(case.outcome == outcome for case in cases)}"'
        for attribute, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="dns-migrator diff" tests="{len(cases)}" {counts}>',
        f'<testsuite name={_attribute(zone)} tests="{len(cases)}" {counts}>',
        "<properties>",
        f'<property name="old" value={_attribute(found.old.source)}/>',
        f'<property name="new" value={_attribute(found.new.source)}/>',
        "</properties>",
        *(line for case in cases for line in _written(case, zone)),
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _cases(found: ZoneDiff, fails: Callable[[Severity], bool]) -> Iterator[_Case]:
    yield _Case("same", f"{counted(found.same, 'RRset')} the same on both sides")
    for difference in found.differences:
        yield _of_difference(difference, fails)
    for verdict in found.mail:
        name = f"mail of {for_people(verdict.domain)}"
        detail = "\n".join(verdict.all_reasons())
        if verdict.state is MailState.LOST and fails(Severity.ERROR):
            yield _Case("mail", name, "failure", str(verdict.state), detail)
        elif verdict.unchecked:
            yield _Case("mail", name, "error", "could not be checked", detail)
        else:
            yield _Case("mail", name, "", str(verdict.state), detail)
    for ignored in found.ignored:
        name = f"{ignored.difference.kind} {subject_of(ignored.difference.key)}"
        yield _Case(str(ignored.difference.role), name, "skipped", ignored.reason, ignored.difference.impact)
    for side, findings in (("old", found.old.findings), ("new", found.new.findings), ("diff", found.findings)):
        for finding in findings:
            yield _of_finding(side, finding, fails)


def _of_difference(difference: Difference, fails: Callable[[Severity], bool]) -> _Case:
    name = f"{difference.kind} {subject_of(difference.key)}"
    at = [f"at {', '.join(difference.servers)}"] if difference.servers else []
    lines = [*(f"- {text}" for text in difference.lost), *(f"+ {text}" for text in difference.gained), *at]
    outcome = ""
    if difference.kind is Kind.UNCHECKED:
        outcome = "error"
    elif difference.kind is not Kind.EXPECTED and fails(difference.severity):
        outcome = "failure"
    return _Case(str(difference.role), name, outcome, difference.impact, "\n".join(lines))


def _of_finding(side: str, finding: Finding, fails: Callable[[Severity], bool]) -> _Case:
    place = f"{finding.position}: " if finding.position else ""
    outcome = "failure" if fails(finding.severity) else ""
    return _Case(f"{side}.{finding.check}", finding.subject, outcome, f"{place}{finding.message}", finding.remedy)


def _written(case: _Case, zone: str) -> Iterator[str]:
    head = f"<testcase classname={_attribute(f'{zone}.{case.group}')} name={_attribute(case.name)}"
    if not case.message:
        yield f"{head}/>"
        return
    yield f"{head}>"
    if case.outcome == "skipped":
        yield f"<skipped message={_attribute(case.message)}/>"
    elif case.outcome:
        yield f"<{case.outcome} message={_attribute(case.message)}>{_content(case.detail)}</{case.outcome}>"
    else:
        yield f"<system-out>{_content(case.message)}</system-out>"
    yield "</testcase>"


def _attribute(text: str) -> str:
    return quoteattr(_legal(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _content(text: str) -> str:
    return escape(_legal(text)).replace("\r", "&#13;")


def _legal(text: str) -> str:
    return _ILLEGAL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
