"""What `check` tells a script: the document `dns-migrator/checklist/1`. No IO here.

Each result has all that the check said as `findings`, each with its own `status`: also what passed, since its
evidence is what shows it. A notice leaves the check passed.
"""

from migrator.checks.facts import ZoneSide
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.reproduce import command_of
from migrator.checks.verdict import Checklist, Result
from migrator.clock import instant
from migrator.codec import evidence, jsontext
from migrator.model.finding import Severity
from migrator.model.names import text_of

SCHEMA = "dns-migrator/checklist/1"
_STATUS = {Severity.ERROR: "fail", Severity.WARNING: "warn", Severity.NOTICE: "notice"}


def dumps(checklist: Checklist) -> str:
    """Return the document as JSON text."""
    return jsontext.dumps(document(checklist), indent=1)


def document(checklist: Checklist) -> dict[str, object]:
    """Return the document; names are absolute and in lower case, instants UTC."""
    facts, not_before = checklist.facts, checklist.not_before
    return {
        "schema": SCHEMA,
        "domain": text_of(facts.domain),
        "phase": str(facts.phase),
        "verdict": str(checklist.verdict),
        "not_before": None if not_before is None else instant(not_before),
        "at": instant(facts.now),
        "strategy": str(facts.strategy),
        "old": _side(facts.old),
        "new": None if facts.new is None else _side(facts.new),
        "asked": len(facts.replies),
        "counts": counts(checklist),
        "left_out": checklist.left_out,
        "results": [_result(result) for result in checklist.results],
    }


def counts(checklist: Checklist) -> dict[str, int]:
    """Return how many checks came to each status."""
    statuses = [str(result.status) for result in checklist.results]
    return {status: statuses.count(status) for status in ("fail", "unchecked", "warn", "pass", "not-needed")}


def status_of(point: Point, severity: Severity) -> str:
    """Return the status of one finding: as those of checks, and `notice`."""
    match point:
        case Passed():
            return "pass"
        case Problem():
            return _STATUS[point.severity or severity]
        case Unchecked():
            return "unchecked"
        case NotNeeded():
            return "not-needed"


def _side(side: ZoneSide) -> dict[str, object]:
    return {
        "locator": side.locator or None,
        "unread": side.unread or None,
        "digest": None if side.zone is None else side.zone.digest(),
        "name_servers": [text_of(name) for name in side.names],
        "servers": [
            {
                "server": None if each.name is None else text_of(each.name),
                "address": each.address,
                "port": each.port,
            }
            for each in side.servers
        ],
    }


def _result(result: Result) -> dict[str, object]:
    check = result.check
    found: dict[str, object] = {
        "check": check.id,
        "area": check.area,
        "summary": check.summary,
        "status": str(result.status),
        "severity": str(result.severity),
        "blocks": result.blocks,
        "findings": [
            _finding(point, result.severity) for point in result.points if not isinstance(point, NotNeeded)
        ],
        "remedy": check.remedy,
        "source": check.source,
    }
    if result.reason:
        found["reason"] = result.reason
    if result.skipped:
        found["skipped"] = True
    return found


def _finding(point: Passed | Problem | Unchecked, severity: Severity) -> dict[str, object]:
    message = point.reason if isinstance(point, Unchecked) else point.message
    remedy = "" if isinstance(point, Passed) else point.remedy
    found: dict[str, object] = {
        "subject": point.subject,
        "status": status_of(point, severity),
        "severity": str(point.severity or severity) if isinstance(point, Problem) else None,
        "message": message,
        "evidence": [evidence.document(each) for each in point.evidence],
        "remedy": remedy,
        "dig": next(filter(None, map(command_of, point.evidence)), None),
        "not_before": None if point.not_before is None else instant(point.not_before),
    }
    if isinstance(point, Problem) and point.position is not None:
        found |= {"file": point.position.file, "line": point.position.line}
    return found
