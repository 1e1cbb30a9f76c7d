"""The specifications of checks as JSON: the document `dns-migrator/checks/1`. No IO here."""

from collections.abc import Sequence

from migrator.checks.check import Check
from migrator.codec import jsontext

SCHEMA = "dns-migrator/checks/1"


def dumps(checks: Sequence[Check]) -> str:
    """Return the document as JSON text."""
    return jsontext.dumps({"schema": SCHEMA, "checks": list(map(_check, checks))}, indent=1)


def _check(check: Check) -> dict[str, object]:
    return {
        "check": check.id,
        "area": check.area,
        "phases": list(map(str, check.phases)),
        "severity": str(check.severity),
        "blocks": check.blocks,
        "lint": check.in_lint,
        "source": check.source,
        "summary": check.summary,
        "specification": check.specification,
        "remedy": check.remedy,
    }
