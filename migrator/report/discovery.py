"""What a search found, in a few lines. Pure."""

from migrator.discovery.finds import Discovery
from migrator.model.names import for_people
from migrator.model.phrases import counted, safe
from migrator.report.layout import Palette, table, wrapped


def discovery_text(found: Discovery, palette: Palette, zone_file: str) -> str:
    """Return the ways with what each found, the verdict, and what to do with the zone file."""
    servers = ", ".join(map(str, found.servers))
    lines = [
        palette.paint(f"Found of {safe(for_people(found.zone.origin))}", palette.strong),
        wrapped(f"Asked: {safe(servers)}", hanging="  "),
        "",
        table(
            ("way", "RRsets", "whole", "detail"),
            [
                (way.name, str(way.rrsets), "yes" if way.is_complete else "no", safe(way.detail))
                for way in found.ways
            ],
        ),
        "",
        f"{counted(len(found.zone.rrsets), 'RRset')} with {counted(found.questions, 'question')}.",
    ]
    if found.unanswered:
        gone = f"{counted(found.unanswered, 'question')} got no answer: names may be missing that would be found."
        lines.append(palette.paint(wrapped(gone), palette.warning))
    style = palette.good if found.is_complete else palette.warning
    lines += ["", palette.paint(wrapped(found.verdict), style)]
    if not found.is_complete:
        advice = (
            "Export the zone at its provider if you can. If not: give mail that was sent from the domain, "
            "and DMARC reports, with --file; they name the DKIM selectors that are really used."
        )
        lines.append(wrapped(advice))
    if zone_file:
        lines += ["", f"Written to {safe(zone_file)}: a zone file, with how it was found above each set."]
    return "\n".join(lines) + "\n"
