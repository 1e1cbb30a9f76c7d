"""A comparison of many zones as JSON, `dns-migrator/diff-batch/1`. No IO here."""

import json

from migrator.codec import jsontext
from migrator.diff.batch import BatchDiff, Outcome, ZoneOutcome

SCHEMA = "dns-migrator/diff-batch/1"


def dumps(found: BatchDiff, code: int) -> str:
    """Return the JSON text; `code` is the exit code of the whole."""
    return jsontext.dumps(document(found, code), indent=1) + "\n"


def document(found: BatchDiff, code: int) -> dict[str, object]:
    """Return the JSON object: each zone in short, and the whole comparison of those that are not the same."""
    counts = found.counts()
    return {
        "schema": SCHEMA,
        "old": found.old,
        "new": found.new,
        "verdict": "same" if counts[Outcome.SAME] == len(found.zones) else "different",
        "exit_code": code,
        "counts": {"zones": len(found.zones), **{str(outcome): count for outcome, count in counts.items()}},
        "zones": [_zone(zone) for zone in found.zones],
        "skipped": list(found.skipped),
    }


def _zone(zone: ZoneOutcome) -> dict[str, object]:
    return {
        "zone": zone.zone,
        "verdict": str(zone.outcome),
        "exit_code": zone.code,
        "old": zone.old or None,
        "new": zone.new or None,
        "counts": None if zone.counts is None else dict(zone.counts),
        "errors": zone.errors,
        "warnings": zone.warnings,
        "mail": {"lost": list(zone.lost), "changed": list(zone.changed)},
        **({"message": zone.message} if zone.message else {}),
        **({"diff": json.loads(zone.document)} if zone.document else {}),
    }
