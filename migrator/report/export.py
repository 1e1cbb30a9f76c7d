"""What `export` tells a person: where the backup is, what is in it, and what a zone file cannot say. Pure."""

from collections.abc import Iterator

from dns.rdatatype import RdataType

from migrator.codec.export import Export, name_servers, type_counts
from migrator.model.finding import Finding, Severity
from migrator.model.names import text_of
from migrator.model.phrases import counted, safe
from migrator.model.shellwords import typed
from migrator.report.findings import findings_markdown, findings_text, severity_counts
from migrator.report.layout import Palette, folded, table, wrapped

_PLAIN = "plain."


def text(export: Export, palette: Palette, *, verbose: bool) -> str:
    """Return the result for a terminal, 80 columns."""
    return "\n".join(_text_lines(export, palette, verbose=verbose))


def markdown(export: Export) -> str:
    """Return the result for a ticket or a pull request."""
    return "\n".join(_markdown_lines(export))


def _text_lines(export: Export, palette: Palette, *, verbose: bool) -> Iterator[str]:
    snapshot = export.snapshot
    yield f"Zone     {palette.paint(text_of(snapshot.origin), palette.strong)}"
    yield f"From     {safe(snapshot.source)}"
    yield f"Backup   {palette.paint(safe(export.folder), palette.strong)}"
    yield f"Digest   {snapshot.digest()}"
    yield ""
    yield table(("type", "sets", "records"), _rows(export), indent="  ")
    yield ""
    yield _servers_title(export)
    yield from (f"  {safe(name)}" for name in name_servers(snapshot))
    for title, findings in _sections(export):
        yield ""
        yield wrapped(f"{title} ({severity_counts(findings)}):")
        yield findings_text(findings, palette, verbose=verbose)
    yield ""
    style = palette.good if _is_clean(export) else palette.of(Severity.ERROR)
    yield palette.paint(wrapped(_verdict(export)), style)
    yield folded(_next_step(export), "Next: ", "        ")


def _markdown_lines(export: Export) -> Iterator[str]:
    snapshot = export.snapshot
    yield f"## Backup of {text_of(snapshot.origin)}"
    yield ""
    yield f"- from: `{safe(snapshot.source)}`"
    yield f"- folder: `{safe(export.folder)}`"
    yield f"- digest: `{snapshot.digest()}`"
    yield f"- name servers: {', '.join(f'`{safe(name)}`' for name in name_servers(snapshot)) or 'none'}"
    yield ""
    yield "| type | sets | records |"
    yield "|---|---:|---:|"
    yield from (f"| {' | '.join(row)} |" for row in _rows(export))
    for title, findings in _sections(export):
        yield ""
        yield f"### {title}"
        yield ""
        yield findings_markdown(findings)
    yield ""
    yield _verdict(export)


def _rows(export: Export) -> list[tuple[str, str, str]]:
    counts = type_counts(export.snapshot)
    rows = [(RdataType.to_text(c.rdtype), c.rrsets, c.records) for c in counts]
    rows.append(("total", sum(c.rrsets for c in counts), sum(c.records for c in counts)))
    return [(name, f"{sets:>4,}", f"{records:>7,}") for name, sets, records in rows]


def _servers_title(export: Export) -> str:
    if export.snapshot.name_servers:
        return "Name servers that the provider assigned:"
    return (
        "Name servers of the apex NS records:" if name_servers(export.snapshot) else "No name servers are named."
    )


def _sections(export: Export) -> Iterator[tuple[str, list[Finding]]]:
    defects = [finding for finding in export.findings if not finding.check.startswith(_PLAIN)]
    if defects:
        yield "Found in reading", defects
    unsaid = [finding for finding in export.findings if finding.check.startswith(_PLAIN)]
    if unsaid:
        yield f"What {safe(export.zone_file)} cannot say, and zone.json does", unsaid


def _is_clean(export: Export) -> bool:
    return not any(finding.severity is Severity.ERROR for finding in export.findings)


def _verdict(export: Export) -> str:
    records = counted(export.snapshot.record_count(), "record")
    rrsets = counted(export.snapshot.rrset_count(), "set")
    verdict = f"{records} in {rrsets} written, read back and compared"
    if _is_clean(export):
        return f"{verdict}: equal."
    return f"{verdict}; see the errors above."


def _next_step(export: Export) -> str:
    """Return the command that one types next: to see what the new provider lacks."""
    return f"dns-migrator diff {typed(safe(export.folder))} NEW"
