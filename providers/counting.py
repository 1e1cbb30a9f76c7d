"""A zone of which its provider lists fewer records than it counts. No IO here."""

from migrator.model.finding import INCOMPLETE, Finding, Severity


def incomplete(scheme: str, zone: str, counts: str) -> Finding:
    """Return what is said of a zone that was not listed whole; `counts` says how many it has and how many came."""
    return Finding(
        f"{scheme}.{INCOMPLETE}",
        Severity.ERROR,
        zone,
        f"{counts}: not all of them are here.",
        remedy="Stop what changes the zone, if anything does, and read it again.",
    )
