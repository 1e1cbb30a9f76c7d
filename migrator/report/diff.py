"""A comparison as text for people: what breaks first, then the mail, the counts, and what to do. Pure."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from dns.rdatatype import RdataType

from migrator.diff.result import Difference, Kind, Side, Verdict, ZoneDiff
from migrator.mail.verdict import MailState, MailVerdict, unlike
from migrator.meaning.roles import ORDER
from migrator.model.finding import Finding, Severity
from migrator.model.names import for_people
from migrator.model.phrases import counted, safe, shortened
from migrator.model.rrset import RRsetKey
from migrator.report.diff_values import readable, value_lines
from migrator.report.findings import findings_text
from migrator.report.layout import PLAIN, Palette, columns, wrapped

_GROUPS = (
    (Severity.ERROR, "Errors"),
    (Severity.WARNING, "Warnings"),
    (Severity.NOTICE, "Differs, without harm"),
)
# So many notices are listed; --verbose lists all.
_MOST_NOTICES = 8
_MOST_VALUES = 6
_INDENT = "    "
_SEVERAL = 2


def text(found: ZoneDiff, palette: Palette = PLAIN, *, verbose: bool = False) -> str:
    """Return the comparison for a terminal; `verbose` lists every notice and every value."""
    blocks = [
        _head(found, palette),
        *_findings(found, palette, verbose=verbose),
        *(_group(found, severity, title, palette, verbose=verbose) for severity, title in _GROUPS),
        _unchecked(found, palette),
        _ignored(found, palette),
        _mail(found, palette, verbose=verbose),
        _end(found, palette),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def ordered(differences: Iterable[Difference]) -> list[Difference]:
    """Return differences by role, the gravest first, and within a role in the order of the zone.

    An SOA that fails is a server without the zone: that comes before all else.
    """
    return sorted(differences, key=lambda d: (d.key.rdtype != RdataType.SOA, ORDER.index(d.role)))


def where_text(difference: Difference, found: ZoneDiff) -> str:
    """Return at which of several live servers it differs; empty where there is one, or it is so at all."""
    servers = found.new.servers
    if len(servers) < _SEVERAL or len(difference.servers) == len(servers):
        return ""
    return f"at {', '.join(difference.servers)}"


def title_of(key: RRsetKey) -> str:
    """Return owner, type and variant as people write them."""
    variant = f" [{safe(key.variant)}]" if key.variant else ""
    return f"{safe(for_people(key.owner))} {RdataType.to_text(key.rdtype)}{variant}"


def side_text(side: Side) -> str:
    """Return where a side came from and how much it was."""
    source = safe(side.source) or "(unnamed)"
    if side.rrsets is None or side.records is None:
        return f"{source}: {counted(len(side.servers), 'server')}, asked for each name and type of the old side"
    stray = f", {counted(side.stray, 'record')} outside the zone kept apart" if side.stray else ""
    return f"{source}: {counted(side.rrsets, 'RRset')}, {counted(side.records, 'record')}{stray}"


def counts_text(found: ZoneDiff) -> str:
    """Return the counts of all kinds in one sentence."""
    counts = found.counts()
    forms = ("missing", "extra", "changed", "unchecked", "expected", "equivalent")
    parts = [f"{counts[Kind(form)]:,} {form}" for form in forms if counts[Kind(form)]]
    if counts[Kind.TTL]:
        parts.append(f"{counts[Kind.TTL]:,} with another TTL")
    if found.ignored:
        parts.append(f"{len(found.ignored):,} ignored")
    return f"{counted(found.same, 'RRset')} the same{''.join(f', {part}' for part in parts)}."


def verdict_text(found: ZoneDiff) -> tuple[Severity | None, str]:
    """Return the last line: the gravest severity (None where all is well) and what to do next."""
    errors = _count(found, Severity.ERROR)
    warnings = _count(found, Severity.WARNING)
    unchecked = found.counts()[Kind.UNCHECKED]
    if errors:
        also = f", and {unchecked:,} more could not be checked" if unchecked else ""
        return Severity.ERROR, f"Do not switch yet: {_errors_text(found, errors)}{also}."
    if unchecked:
        return Severity.WARNING, (
            f"Not known: {counted(unchecked, 'RRset')} could not be checked. Compare again when they can be."
        )
    if unknown := sum(bool(verdict.unchecked) for verdict in unlike(found.mail)):
        mail = f"what becomes of the mail of {counted(unknown, 'domain')}"
        return Severity.WARNING, f"Not known: {mail}. Look at what could not be checked before you switch."
    if warnings:
        return Severity.WARNING, f"Nothing stops, but look at {counted(warnings, 'warning')} before you switch."
    if found.ignored:
        return (
            None,
            f"Nothing else would be lost: {counted(len(found.ignored), 'difference')} ignored, as you asked.",
        )
    if found.verdict is Verdict.SAME:
        return None, "The same: nothing would be lost."
    return None, "Nothing would be lost; what differs is listed above."


def _errors_text(found: ZoneDiff, errors: int) -> str:
    """Return how many errors there are, and on which side: nobody mends at the new one what the old one has."""
    of_old = sum(finding.severity is Severity.ERROR for finding in found.old.findings)
    if not of_old:
        return f"{counted(errors, 'error')} to mend at the new side"
    in_old = f"{counted(of_old, 'error')} in reading the old side"
    return f"{counted(errors - of_old, 'error')} to mend at the new side, {in_old}" if errors > of_old else in_old


def _count(found: ZoneDiff, severity: Severity) -> int:
    differences = sum(d.severity is severity and d.kind is not Kind.UNCHECKED for d in found.differences)
    return differences + sum(finding.severity is severity for finding in found.all_findings())


def _head(found: ZoneDiff, palette: Palette) -> str:
    lines = [palette.paint(f"{safe(for_people(found.origin))}: old and new compared", palette.strong)]
    lines.append(wrapped(side_text(found.old), "  old  ", "       "))
    lines.append(wrapped(side_text(found.new), "  new  ", "       "))
    lines.extend(palette.paint(wrapped(safe(note), "  ", "  "), palette.quiet) for note in found.notes)
    return "\n".join(lines)


def _findings(found: ZoneDiff, palette: Palette, *, verbose: bool) -> Iterator[str]:
    for title, findings in (
        ("Reading the old side", found.old.findings),
        ("Reading the new side", found.new.findings),
        ("Beside the records", found.findings),
    ):
        shown = _worth_showing(findings, verbose=verbose)
        left_out = counted(len(findings) - len(shown), "notice") + " (--verbose shows them)"
        head = palette.paint(title, palette.strong)
        if shown:
            # What the comparison itself found is always said in full.
            head += f"\n{findings_text(shown, palette, verbose=verbose or findings is found.findings)}"
        if len(shown) < len(findings):
            head += f"\n  and {left_out}" if shown else f": {left_out}"
        if findings:
            yield head


def _worth_showing(findings: tuple[Finding, ...], *, verbose: bool) -> tuple[Finding, ...]:
    return tuple(
        f for f in findings if verbose or f.severity is not Severity.NOTICE or f.check.startswith("diff.")
    )


def _group(found: ZoneDiff, severity: Severity, title: str, palette: Palette, *, verbose: bool) -> str:
    here = ordered(d for d in found.differences if d.severity is severity and d.kind is not Kind.UNCHECKED)
    if not here:
        return ""
    lines = [palette.paint(f"{title} ({len(here):,})", palette.of(severity) or palette.strong)]
    if severity is Severity.NOTICE:
        lines.extend(_notices(found, here, palette, verbose=verbose))
    else:
        for difference in here:
            lines.extend(_difference(difference, where_text(difference, found), palette, verbose=verbose))
    return "\n".join(lines)


def _difference(difference: Difference, where: str, palette: Palette, *, verbose: bool) -> Iterator[str]:
    kind = f"{difference.kind:<8}"
    title = title_of(difference.key)
    head = f"  {palette.paint(kind, palette.of(difference.severity))} {palette.paint(title, palette.strong)}"
    gap = columns() - 2 - len(kind) - 1 - len(title) - len(difference.role)
    yield head + (f"{' ' * gap}{palette.paint(difference.role, palette.quiet)}" if gap > 1 else "")
    yield wrapped(safe(difference.impact), _INDENT, _INDENT)
    if where:
        yield wrapped(where, _INDENT, _INDENT)
    yield from _values(difference, palette, verbose=verbose)


def _values(difference: Difference, palette: Palette, *, verbose: bool) -> Iterator[str]:
    width = columns() - len(_INDENT) - 4
    lost, gained = (readable(difference.key.rdtype, texts) for texts in (difference.lost, difference.gained))
    lines = list(value_lines(lost, gained, 100_000 if verbose else width))
    shown = lines if verbose else lines[: _MOST_VALUES * 2]
    for mark, value in shown:
        style = {"-": palette.error, "+": palette.good}.get(mark, palette.quiet)
        sign = " " if mark == "^" else mark
        yield palette.paint(f"{_INDENT}  {sign} {value}", style)
    if len(shown) < len(lines):
        yield f"{_INDENT}    and {len(lines) - len(shown):,} more (--verbose shows them)"


def _notices(found: ZoneDiff, here: list[Difference], palette: Palette, *, verbose: bool) -> Iterator[str]:
    """Yield one line a notice; the first few where there are many."""
    shown = here if verbose else here[:_MOST_NOTICES]
    for difference in shown:
        kind = palette.paint(f"{difference.kind:<10}", palette.quiet)
        where = where_text(difference, found)
        at = f" ({where})" if where else ""
        line = f"{title_of(difference.key)}: {safe(_short(difference))}{at}"
        room = columns() - 13
        yield f"  {kind} {line if len(line) <= room else _two_lines(line)}"
    if len(shown) < len(here):
        yield f"  and {len(here) - len(shown):,} more (--verbose shows them)"


def _two_lines(line: str) -> str:
    return wrapped(line, " " * 13, " " * 15).lstrip()


def _short(difference: Difference) -> str:
    old, new = difference.old, difference.new
    if difference.kind is Kind.TTL and old is not None and new is not None and old.ttl != new.ttl:
        return f"{old.ttl} s, now {new.ttl} s"
    return difference.impact


def _unchecked(found: ZoneDiff, palette: Palette) -> str:
    here = [d for d in found.differences if d.kind is Kind.UNCHECKED]
    if not here:
        return ""
    lines = [palette.paint(f"Could not be checked ({len(here):,})", palette.warning)]
    by_reason: Callable[[Difference], tuple[str, tuple[str, ...]]] = lambda d: (d.impact, d.servers)  # noqa: E731
    for (reason, servers), group in groupby(sorted(here, key=by_reason), key=by_reason):
        names = [title_of(d.key) for d in group]
        at = f"{', '.join(servers)}: " if servers else ""
        lines.append(wrapped(f"{at}{safe(reason)}", "  ", "  "))
        listed = ", ".join(names[:_MOST_NOTICES])
        more = f" and {len(names) - _MOST_NOTICES:,} more" if len(names) > _MOST_NOTICES else ""
        lines.append(wrapped(f"{listed}{more}", _INDENT, _INDENT))
    return "\n".join(lines)


def _ignored(found: ZoneDiff, palette: Palette) -> str:
    if not found.ignored:
        return ""
    lines = [palette.paint(f"Ignored as you asked ({len(found.ignored):,})", palette.strong)]
    for ignored in found.ignored:
        difference = ignored.difference
        line = f"{difference.kind:<10} {title_of(difference.key)}: {safe(ignored.reason)}"
        lines.append(wrapped(line, "  ", " " * 13))
    return "\n".join(lines)


def _mail(found: ZoneDiff, palette: Palette, *, verbose: bool) -> str:
    if not found.mail:
        return ""
    lines = [palette.paint("Mail", palette.strong)]
    shown = found.mail if verbose else unlike(found.mail) or found.mail[:_MOST_NOTICES]
    for verdict in shown:
        lines.extend(_mail_verdict(verdict, palette))
    if len(shown) < len(found.mail):
        lines.append(f"  the same for {counted(len(found.mail) - len(shown), 'more domain')}")
    return "\n".join(lines)


def _mail_verdict(verdict: MailVerdict, palette: Palette) -> Iterator[str]:
    styles = {MailState.LOST: palette.error, MailState.CHANGED: palette.warning, MailState.SAME: palette.good}
    word = mail_word(verdict)
    services = f"  {', '.join(verdict.services)}" if verdict.services else ""
    domain = safe(for_people(verdict.domain))
    line = f"  {word:<8} {domain}{services}"
    yield palette.paint(shortened(line, columns()), styles[verdict.state])
    for reason in verdict.all_reasons():
        yield wrapped(safe(reason), f"{_INDENT}- ", f"{_INDENT}  ")


def mail_word(verdict: MailVerdict) -> str:
    """Return the verdict in a word; what could not be looked at, and nothing else, is not a change."""
    return "unknown" if verdict.unchecked and not verdict.reasons else str(verdict.state)


def _end(found: ZoneDiff, palette: Palette) -> str:
    severity, line = verdict_text(found)
    style = palette.good if severity is None else palette.of(severity)
    return f"{wrapped(counts_text(found))}\n{palette.paint(wrapped(line), style)}"
