"""What the export of a whole account tells a person: what is missing first, a line for each backup. Pure."""

from collections.abc import Mapping, Sequence

from migrator.codec.export_batch import ExportBatch, Outcome, ZoneExport
from migrator.model.finding import Severity
from migrator.model.names import for_people
from migrator.model.phrases import counted, safe, shortened
from migrator.model.shellwords import typed
from migrator.report.layout import PLAIN, Palette, table, wrapped
from migrator.report.markdown import code, plain

_HEADERS = ("zone", "records", "worst", "folder")
# So many zones are named of those that failed alike, or that have the same kind of finding.
_MOST_NAMED = 5
_NOTHING = "-"


def text(batch: ExportBatch, palette: Palette = PLAIN, *, verbose: bool = False) -> str:
    """Return the result for a terminal, 80 columns; `verbose` names all zones and adds the report of each."""
    blocks = [
        palette.paint(f"{safe(batch.account)} {counted(len(batch.zones), 'zone')}", palette.strong)
        + f"\n{wrapped(safe(batch.folder), '  into  ', '        ')}",
        _missing(batch, palette, verbose=verbose),
        _written(batch),
        _findings(batch, palette, verbose=verbose),
        *(zone.report.rstrip() for zone in batch.zones if zone.report),
        _end(batch, palette),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def markdown(batch: ExportBatch) -> str:
    """Return the result for a ticket or a pull request."""
    lines = [f"## Backup of {counted(len(batch.zones), 'zone')} of `{code(batch.account)}`", ""]
    for reason, zones in _by_reason(batch):
        lines += [f"- **not exported**: {plain(_names(zones, most=len(zones)))}: {plain(reason)}"]
    if lines[-1]:
        lines.append("")
    lines += [f"| {' | '.join(_HEADERS)} |", "|---|---:|---|---|"]
    for zone in _whole(batch):
        lines.append(f"| {plain(_name(zone))} | {zone.records:,} | {_worst(zone)} | `{code(zone.folder)}` |")
    by_rule = _by_rule(batch).items()
    found = [f"- **{severity}** {rule}: {plain(_names(zones, len(zones)))}" for (severity, rule), zones in by_rule]
    return "\n".join([*lines, *([""] if found else []), *found, "", _counts(batch)])


def one_reason(batch: ExportBatch) -> str:
    """Return why nothing at all was written, in one line; empty where something was, or for several reasons."""
    reasons = [reason for reason, _ in _by_reason(batch)]
    if _whole(batch) or len(reasons) != 1:
        return ""
    which = "The one zone" if len(batch.zones) == 1 else f"None of the {len(batch.zones):,} zones"
    was = "could not be exported" if len(batch.zones) == 1 else "could be exported"
    return f"{which} of {batch.account} {was}: {reasons[0]}"


def _missing(batch: ExportBatch, palette: Palette, *, verbose: bool) -> str:
    by_reason = _by_reason(batch)
    if not by_reason:
        return ""
    number = sum(len(zones) for _, zones in by_reason)
    lines = [palette.paint(f"Not exported ({number:,})", palette.error)]
    for reason, zones in by_reason:
        most = len(zones) if verbose else _MOST_NAMED
        lines.append(wrapped(f"{_names(zones, most)}: {safe(reason)}", "  ", "      "))
    left = batch.counts()[Outcome.NOT_TRIED]
    if left:
        tried = f"Not tried, since the same is in the way of every zone: {left:,} of them."
        lines.append(wrapped(tried, "  "))
    return "\n".join(lines)


def _written(batch: ExportBatch) -> str:
    rows = [
        (
            shortened(_name(zone), 40),
            f"{zone.records:>7,}",
            _worst(zone),
            safe(zone.folder.rpartition("/")[2]),
        )
        for zone in _whole(batch)
    ]
    return table(_HEADERS, rows) if rows else ""


def _worst(zone: ZoneExport) -> str:
    for severity in Severity:
        if zone.found.get(severity):
            return counted(zone.found[severity], str(severity))
    return _NOTHING


def _findings(batch: ExportBatch, palette: Palette, *, verbose: bool) -> str:
    lines = [
        wrapped(
            f"{severity:<7}  {rule}: {_names(zones, len(zones) if verbose else _MOST_NAMED)}", "  ", " " * 11
        ).replace(str(severity), palette.paint(str(severity), palette.of(severity)), 1)
        for (severity, rule), zones in _by_rule(batch).items()
    ]
    title = "Findings" if verbose else "Findings (--verbose has them in words)"
    return "\n".join([title, *lines]) if lines else ""


def _end(batch: ExportBatch, palette: Palette) -> str:
    whole = _whole(batch)
    is_good = len(whole) == len(batch.zones) and not any(zone.code for zone in batch.zones)
    line = palette.paint(wrapped(_counts(batch)), palette.good if is_good else palette.error)
    if len({zone.zone for zone in whole}) < len(whole):
        # A comparison of folders would not know which of two zones of one name is meant.
        return line
    return f"{line}\nNext: dns-migrator diff --batch {typed(safe(batch.folder))} NEW"


def _counts(batch: ExportBatch) -> str:
    whole = _whole(batch)
    records = counted(sum(zone.records for zone in whole), "record")
    lacking = len(batch.zones) - len(whole)
    end = f"; {counted(lacking, 'zone')} not exported" if lacking else ""
    wrote = f"{counted(len(whole), 'zone')} with {records} written, read back and compared"
    return f"{wrote}{end} ({counted(batch.reads, 'request')})."


def _whole(batch: ExportBatch) -> list[ZoneExport]:
    return [zone for zone in batch.zones if zone.is_written]


def _by_reason(batch: ExportBatch) -> list[tuple[str, list[ZoneExport]]]:
    """Return the zones without a backup by the reason, which names the zone where it stands alone with it."""
    alike: dict[str, list[ZoneExport]] = {}
    for zone in batch.zones:
        if not zone.is_written:
            alike.setdefault(zone.reason, []).append(zone)
    return [(zones[0].message if len(zones) == 1 else reason, zones) for reason, zones in alike.items()]


def _by_rule(batch: ExportBatch) -> Mapping[tuple[Severity, str], list[ZoneExport]]:
    found: dict[tuple[Severity, str], list[ZoneExport]] = {}
    for zone in batch.zones:
        for rule in zone.rules:
            found.setdefault(rule, []).append(zone)
    return {rule: found[rule] for rule in sorted(found, key=lambda rule: (rule[0].rank, rule[1]))}


def _names(zones: Sequence[ZoneExport], most: int) -> str:
    names = [_name(zone) for zone in zones[:most]]
    more = f" and {len(zones) - most:,} more" if len(zones) > most else ""
    return f"{', '.join(names)}{more}"


def _name(zone: ZoneExport) -> str:
    name = safe(for_people(zone.zone))
    return name if zone.visibility == "public" else f"{name} ({safe(zone.visibility)})"
