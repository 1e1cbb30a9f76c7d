"""What is wrong with one zone, as text, Markdown and JUnit XML. Pure."""

from collections.abc import Callable, Iterator

from migrator.checks.linting import Lint
from migrator.model.finding import Severity
from migrator.model.names import for_people
from migrator.model.phrases import counted, safe
from migrator.report.confirm import unchecked_lines
from migrator.report.findings import findings_markdown, findings_text, severity_counts
from migrator.report.layout import PLAIN, Palette, wrapped
from migrator.report.testcases import Case, document


def lint_text(lint: Lint, palette: Palette = PLAIN, *, verbose: bool = False) -> str:
    """Return the report for a terminal."""
    lines = [palette.paint(safe(f"{for_people(lint.zone.origin)}: {_counts(lint)}"), palette.strong)]
    rrsets = counted(lint.zone.rrset_count(), "RRset")
    lines.append(
        wrapped(safe(f"{lint.zone.source}: {rrsets}, {counted(lint.zone.record_count(), 'record')}"), "  ")
    )
    if lint.findings:
        lines += ["", findings_text(lint.findings, palette, verbose=verbose)]
    if lint.unchecked:
        reasons = unchecked_lines(lint.unchecked)
        lines += ["", palette.paint("Not checked", palette.strong)]
        lines += [wrapped(safe(line), "  ", "    ") for line in (reasons if verbose else reasons[:_SHOWN])]
        if not verbose and len(reasons) > _SHOWN:
            lines.append(f"  and {len(reasons) - _SHOWN} more (--verbose shows them)")
    return "\n".join(lines)


def lint_markdown(lint: Lint) -> str:
    """Return the report as Markdown."""
    sections = [f"# {for_people(lint.zone.origin)}: {_counts(lint)}"]
    if lint.findings:
        sections.append(findings_markdown(lint.findings))
    return "\n\n".join(sections) + "\n"


def lint_junit(lint: Lint, fails: Callable[[Severity], bool]) -> str:
    """Return the report as JUnit XML; `fails` tells which severities fail a case."""
    properties = {"source": lint.zone.source, "digest": lint.zone.digest()}
    return document("lint", for_people(lint.zone.origin), properties, list(_cases(lint, fails)))


def _cases(lint: Lint, fails: Callable[[Severity], bool]) -> Iterator[Case]:
    yield Case("read", f"{counted(lint.zone.rrset_count(), 'RRset')} read")
    for finding in lint.findings:
        place = f"{finding.position}: " if finding.position else ""
        outcome = "failure" if fails(finding.severity) else ""
        yield Case(finding.check, finding.subject, outcome, f"{place}{finding.message}", finding.remedy)
    for item in lint.unchecked:
        yield Case(item.check, item.subject, "skipped", item.reason)


def _counts(lint: Lint) -> str:
    return severity_counts(lint.findings) or "nothing is wrong with the zone by itself"


_SHOWN = 8
