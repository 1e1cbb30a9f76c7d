"""Findings as text and Markdown: grouped by rule, the gravest first, with the place in the file. Pure."""

from collections.abc import Iterator, Sequence

from migrator.model.finding import Finding, Severity
from migrator.model.phrases import counted, safe
from migrator.report.layout import Palette, wrapped
from migrator.report.markdown import code, plain

# So many of one rule are shown; a thousand notes of one kind tell no more than the first few.
SHOWN_OF_A_RULE = 5


def findings_text(findings: Sequence[Finding], palette: Palette, *, verbose: bool) -> str:
    """Return the findings for a terminal: errors all, of warnings the first few, of notices where and how many.

    `verbose` shows everything.
    """
    lines = [line for group in groups(findings) for line in _group_lines(group, palette, verbose=verbose)]
    notices = sum(finding.severity is Severity.NOTICE for finding in findings)
    if notices and not verbose:
        lines.append(f"  (--verbose has {counted(notices, 'notice')} in words)")
    return "\n".join(lines)


def findings_markdown(findings: Sequence[Finding]) -> str:
    """Return all findings as a list in Markdown."""
    return "\n".join(
        f"- **{finding.severity}**{_named(finding)}: {plain(finding.message)} ({finding.check}"
        + (f", `{code(str(finding.position))}`)" if finding.position else ")")
        for group in groups(findings)
        for finding in group
    )


def _named(finding: Finding) -> str:
    """Return the subject as code; what has no owner, as a directive of a zone file, is found by its place."""
    return f" `{code(finding.subject)}`" if finding.subject else ""


def groups(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return the findings by severity and rule, errors first, in each group as they came."""
    by_rule: dict[tuple[int, str], list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault((finding.severity.rank, finding.check), []).append(finding)
    return [by_rule[rule] for rule in sorted(by_rule)]


def severity_counts(findings: Sequence[Finding]) -> str:
    """Return `1 error, 2 warnings, 3 notices`, without what there is none of."""
    counts = [(severity, sum(f.severity is severity for f in findings)) for severity in Severity]
    return ", ".join(counted(number, str(severity)) for severity, number in counts if number)


def _group_lines(group: list[Finding], palette: Palette, *, verbose: bool) -> Iterator[str]:
    severity, check = group[0].severity, group[0].check
    title = f"  {palette.paint(f'{severity:<7}', palette.of(severity))}  {palette.paint(check, palette.quiet)}"
    yield title
    if severity is Severity.NOTICE and not verbose:
        yield wrapped(_subjects(group), "    ")
        return
    shown = group if verbose or severity is Severity.ERROR else group[:SHOWN_OF_A_RULE]
    previous = ""
    for finding in shown:
        yield wrapped(_subject(finding), "    ", "      ")
        if finding.message != previous:
            yield wrapped(safe(finding.message), "      ")
        previous = finding.message
    if len(shown) < len(group):
        yield f"    and {len(group) - len(shown):,} more of this kind (--verbose shows them)"
    for remedy in dict.fromkeys(finding.remedy for finding in shown if finding.remedy):
        yield wrapped(safe(remedy), "    -> ", "       ")


def _subject(finding: Finding) -> str:
    place = safe(str(finding.position)) if finding.position else ""
    subject = safe(finding.subject)
    return f"{subject} ({place})" if subject and place else subject or place


def _subjects(group: list[Finding]) -> str:
    """Return the first subjects of notices in one line: what they say stands in the full list."""
    subjects = list(dict.fromkeys(safe(finding.subject) or _subject(finding) for finding in group))
    more = len(subjects) - SHOWN_OF_A_RULE
    return ", ".join(subjects[:SHOWN_OF_A_RULE]) + (f" and {more:,} more" if more > 0 else "")
