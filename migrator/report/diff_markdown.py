"""A comparison as Markdown for a pull request: tables that render, whatever stands in the records. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from migrator.diff.result import Difference, Kind, ZoneDiff
from migrator.mail.verdict import MailVerdict
from migrator.model.finding import Severity
from migrator.model.names import for_people
from migrator.model.phrases import safe
from migrator.report.diff import counts_text, mail_word, ordered, side_text, title_of, verdict_text, where_text
from migrator.report.diff_values import cut_alike
from migrator.report.findings import findings_markdown

_SIGNS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTICE: "ℹ️"}  # noqa: RUF001 - an emoji
_LONGEST = 72
_MOST_VALUES = 8


def markdown(found: ZoneDiff) -> str:
    """Return the comparison: the verdict on top, what breaks, the mail, and the rest folded away."""
    severity, line = verdict_text(found)
    sign = "✅" if severity is None else _SIGNS[severity]
    blocks = [
        f"## {sign} DNS of {_plain(for_people(found.origin))}",
        f"**{_plain(line)}** {_plain(counts_text(found))}",
        f"- old: {_plain(side_text(found.old))}\n- new: {_plain(side_text(found.new))}"
        + "".join(f"\n- {_plain(note)}" for note in found.notes),
        *_differences(found),
        *_mail(found.mail),
        *_unchecked(found),
        *_ignored(found),
        *_findings(found),
        *_notices(found),
    ]
    return "\n\n".join(blocks) + "\n"


def _differences(found: ZoneDiff) -> Iterator[str]:
    grave = [
        difference
        for severity in (Severity.ERROR, Severity.WARNING)
        for difference in ordered(found.differences)
        if difference.severity is severity and difference.kind is not Kind.UNCHECKED
    ]
    if grave:
        yield "### What differs\n\n" + _table(
            ("", "record", "what it breaks", "old only", "new only"),
            (
                (
                    _SIGNS[difference.severity],
                    f"{difference.kind} {_code(title_of(difference.key))}",
                    _plain(difference.impact) + _at(difference, found),
                    *_values(difference),
                )
                for difference in grave
            ),
        )


def _mail(verdicts: Sequence[MailVerdict]) -> Iterator[str]:
    if verdicts:
        yield "### Mail\n\n" + _table(
            ("domain", "mail", "services", "why"),
            (
                (
                    _code(for_people(verdict.domain)),
                    f"**{mail_word(verdict)}**",
                    _plain(", ".join(verdict.services)),
                    "<br>".join(_plain(reason) for reason in verdict.all_reasons()),
                )
                for verdict in verdicts
            ),
        )


def _unchecked(found: ZoneDiff) -> Iterator[str]:
    here = [difference for difference in found.differences if difference.kind is Kind.UNCHECKED]
    if here:
        yield "### Could not be checked\n\n" + _table(
            ("record", "why"), ((_code(title_of(d.key)), _plain(d.impact) + _at(d, found)) for d in here)
        )


def _ignored(found: ZoneDiff) -> Iterator[str]:
    if found.ignored:
        yield "### Ignored\n\n" + _table(
            ("record", "reason"),
            (
                (f"{i.difference.kind} {_code(title_of(i.difference.key))}", _plain(i.reason))
                for i in found.ignored
            ),
        )


def _findings(found: ZoneDiff) -> Iterator[str]:
    for title, findings in (
        ("Reading the old side", found.old.findings),
        ("Reading the new side", found.new.findings),
        ("Beside the records", found.findings),
    ):
        if findings:
            yield f"### {title}\n\n{findings_markdown(findings)}"


def _notices(found: ZoneDiff) -> Iterator[str]:
    here = [
        d for d in ordered(found.differences) if d.severity is Severity.NOTICE and d.kind is not Kind.UNCHECKED
    ]
    if here:
        rows = ((f"{d.kind} {_code(title_of(d.key))}", _plain(d.impact) + _at(d, found)) for d in here)
        yield (
            f"<details><summary>{len(here)} without harm (TTLs, other forms, SOA and name servers)</summary>\n\n"
            f"{_table(('record', 'what'), rows)}\n\n</details>"
        )


def _table(headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [headers, ("---",) * len(headers), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _values(difference: Difference) -> tuple[str, str]:
    lost, gained = cut_alike(difference.lost, difference.gained, _LONGEST)
    return _cell(lost), _cell(gained)


def _cell(values: Sequence[str]) -> str:
    shown = [_code(value) for value in values[:_MOST_VALUES]]
    if len(values) > _MOST_VALUES:
        shown.append(f"and {len(values) - _MOST_VALUES} more")
    return "<br>".join(shown)


def _at(difference: Difference, found: ZoneDiff) -> str:
    where = where_text(difference, found)
    return f" ({_plain(where)})" if where else ""


def _code(text: str) -> str:
    r"""Return inline code for a table cell: a bar ends a cell even within code, so it is escaped (GFM).

    A run of backticks within the text needs a longer fence around it (CommonMark 6.1).
    """
    clean = safe(text).replace("|", r"\|")
    longest = max((len(run) for run in "".join(c if c == "`" else " " for c in clean).split()), default=0)
    if not longest:
        return f"`{clean}`"
    fence = "`" * (longest + 1)
    return f"{fence} {clean} {fence}"


def _plain(text: str) -> str:
    """Return the text with what Markdown would take for markup escaped."""
    escaped = "".join(f"\\{char}" if char in r"\`*_[]|~#" else char for char in safe(text))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
