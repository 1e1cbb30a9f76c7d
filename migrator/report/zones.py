"""The zones of an account as a table of 80 columns. Pure."""

from collections.abc import Iterator, Sequence

from migrator.model.names import for_people
from migrator.model.phrases import counted, safe, shortened
from migrator.model.zone_info import ZoneInfo
from migrator.report.layout import columns, table, wrapped

_HEADERS = ("zone", "id", "visibility", "records", "status")
_UNKNOWN = "-"
_NARROWEST_NAME = 20
# A longer one (a resource id of Azure) stands in a line of its own.
_WIDEST_ID = 40


def text(zones: Sequence[ZoneInfo]) -> str:
    """Return a line for each zone, and below it its name servers and what else the service says of it."""
    lines: list[str] = []
    if zones:
        rows = _rows(zones)
        first, *others = table(_HEADERS, rows).splitlines()
        lines.append(first)
        for line, zone in zip(others, zones, strict=True):
            lines.append(line)
            lines += _details(zone)
    lines.append(f"{counted(len(zones), 'zone')}.")
    if any(zone.name_servers is None for zone in zones if zone.visibility == "public"):
        lines.append("Name servers that are not shown were not asked for: list one zone by its name.")
    return "\n".join(lines)


def markdown(zones: Sequence[ZoneInfo]) -> str:
    """Return the table in Markdown."""
    headers = (*_HEADERS, "name servers", "note")
    lines = [f"| {' | '.join(headers)} |", f"|{'---|' * len(headers)}"]
    for zone in zones:
        cells = (*_row(zone), _servers(zone) or _UNKNOWN, safe(zone.note) or _UNKNOWN)
        lines.append(f"| {' | '.join(cell.strip().replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines)


def _rows(zones: Sequence[ZoneInfo]) -> list[tuple[str, ...]]:
    """Return the cells, names shortened rather than identifiers: those are copied into commands."""
    rows = [_row(zone) for zone in zones]
    rows = [(row[0], _UNKNOWN if len(row[1]) > _WIDEST_ID else row[1], *row[2:]) for row in rows]
    widths = [max(len(row[i]) for row in (_HEADERS, *rows)) for i in range(1, len(_HEADERS))]
    width = max(_NARROWEST_NAME, columns() - sum(widths) - 2 * len(widths))
    return [(shortened(row[0], width), *row[1:]) for row in rows]


def _row(zone: ZoneInfo) -> tuple[str, ...]:
    records = _UNKNOWN if zone.records is None else f"{zone.records:,}"
    name = safe(for_people(zone.name))
    return name, safe(zone.identifier), safe(zone.visibility), f"{records:>7}", safe(zone.status) or _UNKNOWN


def _details(zone: ZoneInfo) -> Iterator[str]:
    identifier = safe(zone.identifier)
    if len(identifier) > _WIDEST_ID:
        yield f"  {identifier}"
    for detail in (_servers(zone), safe(zone.note)):
        if detail:
            yield wrapped(detail, "  ")


def _servers(zone: ZoneInfo) -> str:
    return safe(", ".join(name.to_text(omit_final_dot=True) for name in zone.name_servers or ()))
