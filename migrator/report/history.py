"""What is remembered of a domain, for a person: what was seen where and when, and what was written. Pure."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from migrator.clock import instant
from migrator.codec.history import backups, rdatas
from migrator.model.names import absolute, for_people
from migrator.model.phrases import counted, safe
from migrator.past import Past, Registration, Stretch, TtlEvent, Write
from migrator.report.layout import PLAIN, Palette, wrapped

_TITLES = {
    "parent": "The parent's servers",
    "server": "The name servers of the domain",
    "resolver": "Resolvers",
}


def history_text(past: Past, palette: Palette = PLAIN) -> str:
    """Return the evidence for a terminal of 80 columns."""
    title = palette.paint(f"{safe(for_people(past.domain))}: what is remembered", palette.strong)
    blocks = ["\n".join([title, *(wrapped(line, "  ", "    ") for line in summary(past))])]
    for role, found in groupby(past.stretches, lambda stretch: stretch.role):
        lines = [palette.paint(_TITLES.get(role, role), palette.strong)]
        for question, rows in groupby(found, _question):
            lines.append(wrapped(safe(question), "  ", "    "))
            for row in rows:
                lines += _stretch_lines(row, palette)
        blocks.append("\n".join(lines))
    if past.registrations:
        lines = [palette.paint("The registry (RDAP)", palette.strong)]
        lines += [wrapped(line, "  ", "    ") for line in registry_lines(past.registrations)]
        blocks.append("\n".join(lines))
    if past.writes:
        lines = [palette.paint("Writes", palette.strong)]
        for write in past.writes:
            lines += _write_lines(write)
        blocks.append("\n".join(lines))
    if past.ttls:
        title = palette.paint("TTLs lowered and put back", palette.strong)
        blocks.append("\n".join([title, *(wrapped(_ttl(event), "  ", "    ") for event in past.ttls)]))
    return "\n\n".join(blocks)


def history_markdown(past: Past) -> str:
    """Return the evidence as Markdown."""
    lines = [f"# {_cell(for_people(past.domain))}: what is remembered", "", *(f"- {s}" for s in summary(past))]
    for role, found in groupby(past.stretches, lambda stretch: stretch.role):
        lines += ["", f"## {_TITLES.get(role, role)}", ""]
        lines += ["| question | server | showed | TTL | first | last | looks |", "|---|---|---|---|---|---|---|"]
        for row in found:
            shown = "<br>".join(f"`{_cell(text)}`" for text in _shown(row)) or "-"
            server = f"{_name(row.server)} {row.address}".strip()
            cells = [_question(row), server, shown, ttls(row), instant(row.first), instant(row.last)]
            head, rest = cells[:2], cells[3:]
            lines.append(f"| {' | '.join([*map(_cell, head), shown, *map(_cell, rest), str(row.looks)])} |")
    if past.registrations:
        lines += [
            "",
            "## The registry (RDAP)",
            "",
            *(f"- {_cell(line)}" for line in registry_lines(past.registrations)),
        ]
    if past.writes:
        lines += ["", "## Writes", ""]
        for write in past.writes:
            first, *rest = _write_facts(write)
            lines += [f"- {_cell(first)}", *(f"  - {_cell(each)}" for each in rest)]
    if past.ttls:
        lines += ["", "## TTLs lowered and put back", "", *(f"- {_cell(_ttl(event))}" for event in past.ttls)]
    return "\n".join(lines) + "\n"


def summary(past: Past) -> list[str]:
    """Return how much there is, from when to when, and who wrote it."""
    found = [f"in {safe(past.database)}"]
    if not past.looks and not past.writes:
        return [*found, "Nothing: no command that remembers has looked at this domain with this database yet."]
    if past.looks:
        first, last = min(look.at for look in past.looks), max(look.at for look in past.looks)
        found.append(f"{counted(len(past.looks), 'observation')} from {instant(first)} to {instant(last)}")
    if past.writes:
        made = backups(past.writes)
        saved = f", {counted(len(made), 'backup')} made before them" if made else ""
        found.append(f"{counted(len(past.writes), 'run')} that wrote{saved}")
    return [*found, f"by dns-migrator {', '.join(past.tools)}"]


def ttls(stretch: Stretch) -> str:
    """Return the TTL, or from which to which it was."""
    if stretch.most is None:
        return "-"
    return str(stretch.most) if stretch.least == stretch.most else f"{stretch.least} to {stretch.most}"


def _question(stretch: Stretch) -> str:
    return f"{_name(stretch.qname)} {stretch.qtype}"


def _name(text: str) -> str:
    return for_people(absolute(text)) if text else ""


def _shown(stretch: Stretch) -> list[str]:
    if stretch.shown is None:
        return []
    return rdatas(stretch.qtype, stretch.shown) or ["none"]


def _stretch_lines(row: Stretch, palette: Palette) -> Iterator[str]:
    server = safe(f"{_name(row.server)} {row.address}".strip())
    ttl = "" if row.most is None else f"  TTL {ttls(row)}"
    yield wrapped(f"{server}{ttl}", "    ", "      ")
    span = instant(row.first) if row.first == row.last else f"{instant(row.first)} to {instant(row.last)}"
    yield palette.paint(wrapped(f"{span}, {counted(row.looks, 'look')}", "      "), palette.quiet)
    for text in _shown(row):
        yield wrapped(safe(text), "      ", "        ")
    if row.trouble:
        yield palette.paint(wrapped(safe(f"not shown: {row.trouble}"), "      ", "        "), palette.warning)


def _write_lines(write: Write) -> Iterator[str]:
    first, *rest = _write_facts(write)
    yield wrapped(safe(first), "  ", "    ")
    for each in rest:
        yield wrapped(safe(each), "    ", "      ")


def _write_facts(write: Write) -> Iterator[str]:
    yield f"run {write.number}: {write.kind}, {instant(write.begun)}, {write.end or 'without an end'}"
    yield f"at {write.locator}"
    if write.source and write.source != write.locator:
        yield f"from {write.source}"
    done = Counter(outcome or "no result" for outcome in write.outcomes)
    parts = ", ".join(f"{number:,} {word}" for word, number in sorted(done.items()))
    yield counted(len(write.changes), "change") + (f": {parts}" if parts else "")
    if write.backup:
        yield f"backup {write.backup}"
    if write.continues is not None:
        yield f"goes on from run {write.continues}"
    if write.undoes is not None:
        yield f"undoes run {write.undoes}"


def registry_lines(registrations: Iterable[Registration]) -> Iterator[str]:
    """Yield a line for each answer of the registry that differs from the one before."""
    previous = ""
    for seen in registrations:
        found = json.loads(seen.document)
        names = ", ".join(_name(name) for name in found["name_servers"] or ()) or "no name servers"
        statuses = ", ".join(found["status"]) or "no status"
        said = (
            f"{found['registrar'] or 'registrar not said'}; {names}; {statuses}; expires {found['expires'] or '-'}"
        )
        if said != previous:
            yield safe(f"{instant(seen.at)} {said}")
        previous = said


def _ttl(event: TtlEvent) -> str:
    """Return one line: what was lowered to what, or what was put back."""
    subject = f"{_name(event.owner)} {event.rdtype}{f' {event.variant}' if event.variant else ''}"
    seconds = (event.original, event.lowered) if event.event == "lowered" else (event.lowered, event.original)
    return safe(f"{instant(event.at)} {event.event} {subject}: {seconds[0]} -> {seconds[1]} s at {event.locator}")


def _cell(text: str) -> str:
    return safe(text).replace("|", "\\|").replace("`", "'").replace("<", "&lt;")
