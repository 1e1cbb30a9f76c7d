"""JUnit XML out of cases: what CI systems show as tests that pass, fail, could not run, or were skipped. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from migrator.model.phrases import safe
from migrator.model.values import dataclass

# XML 1.0 has no way to write some of the others, not even as references (section 2.2).
_UNSAFE = re.compile("[^\t\n\r -~]")


@dataclass(frozen=True, slots=True)
class Case:
    """A test case; `outcome` is `failure`, `error`, `skipped`, or empty where it passes."""

    group: str
    name: str
    outcome: str = ""
    message: str = ""
    detail: str = ""


def document(command: str, zone: str, properties: Mapping[str, str], cases: Sequence[Case]) -> str:
    """Return the document: one suite, named after the zone, with the cases that a command made."""
    counts = " ".join(
        f'{attribute}="{sum(case.outcome == outcome for case in cases)}"'
        for attribute, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="dns-migrator {command}" tests="{len(cases)}" {counts}>',
        f'<testsuite name={_attribute(zone)} tests="{len(cases)}" {counts}>',
        "<properties>",
        *(f"<property name={_attribute(name)} value={_attribute(text)}/>" for name, text in properties.items()),
        "</properties>",
        *(line for case in _told_apart(cases) for line in _written(case, zone)),
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _told_apart(cases: Iterable[Case]) -> Iterator[Case]:
    """Give each case a name, and one that no other of its group has.

    Of cases with one name GitLab takes the first and ignores the others (https://docs.gitlab.com/ci/testing/
    unit_test_reports, verified 2026-11-23): a failure behind one that passes would not be seen.
    """
    numbers: dict[tuple[str, str], int] = {}
    for case in cases:
        name = usual = case.name or case.group
        while (case.group, name) in numbers:
            numbers[case.group, usual] += 1
            name = f"{usual} ({numbers[case.group, usual]})"
        numbers[case.group, name] = 1
        yield replace(case, name=name)


def _written(case: Case, zone: str) -> Iterator[str]:
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


# What escapes in XML loads the network with it: only where a document is written.
def _attribute(text: str) -> str:
    from xml.sax.saxutils import quoteattr

    return quoteattr(_legal(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _content(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(_legal(text)).replace("\r", "&#13;")


def _legal(text: str) -> str:
    """Return the text with what XML cannot write, or what drives a terminal that shows it, as text has that."""
    return "".join(char if char in "\t\n\r" else safe(char) for char in text) if _UNSAFE.search(text) else text
