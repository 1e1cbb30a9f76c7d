"""A comparison as JSON, `dns-migrator/diff/1`. No IO here."""

from dns.rdatatype import RdataType

from migrator.codec import extras, findings, jsontext
from migrator.codec.rdata import to_text
from migrator.codec.zone import instant
from migrator.diff.result import Difference, Ignored, Side, ZoneDiff
from migrator.mail.verdict import MailVerdict
from migrator.model.finding import Finding
from migrator.model.names import text_of
from migrator.model.rrset import RRset

SCHEMA = "dns-migrator/diff/1"


def dumps(found: ZoneDiff) -> str:
    """Return the JSON text of a comparison; equal for equal ones."""
    return jsontext.dumps(document(found), indent=1) + "\n"


def document(found: ZoneDiff) -> dict[str, object]:
    """Return the JSON object of a comparison."""
    return {
        "schema": SCHEMA,
        "zone": text_of(found.origin),
        "old": _side(found.old),
        "new": _side(found.new),
        "verdict": str(found.verdict),
        "counts": {
            **{str(kind): count for kind, count in found.counts().items()},
            "same": found.same,
            "ignored": len(found.ignored),
        },
        "differences": [_difference(difference) for difference in found.differences],
        "mail": [_mail(verdict) for verdict in found.mail],
        "ignored": [_ignored(ignored) for ignored in found.ignored],
        "findings": [
            *(_finding(finding, "old") for finding in found.old.findings),
            *(_finding(finding, "new") for finding in found.new.findings),
            *(_finding(finding, "") for finding in found.findings),
        ],
        "notes": list(found.notes),
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "source": side.source,
        "rrsets": side.rrsets,
        "records": side.records,
        "digest": side.digest(),
        "read_at": None if side.read_at is None else instant(side.read_at),
        "name_servers": [text_of(name) for name in side.name_servers],
        "outside_the_zone": side.stray,
        **({"servers": list(side.servers)} if side.servers else {}),
    }


def _difference(difference: Difference) -> dict[str, object]:
    return {
        "kind": str(difference.kind),
        "owner": text_of(difference.key.owner),
        "rdtype": RdataType.to_text(difference.key.rdtype),
        "variant": difference.key.variant,
        "role": str(difference.role),
        "roles": [str(role) for role in difference.roles],
        "severity": str(difference.severity),
        "impact": difference.impact,
        "old": _rrset(difference.old),
        "new": _rrset(difference.new),
        "lost": list(difference.lost),
        "gained": list(difference.gained),
        **({"servers": list(difference.servers)} if difference.servers else {}),
    }


def _rrset(rrset: RRset | None) -> dict[str, object] | None:
    if rrset is None:
        return None
    found: dict[str, object] = {"ttl": rrset.ttl, "rdatas": [to_text(rdata) for rdata in rrset.rdatas]}
    if rrset.extras:
        found["extras"] = [extras.document(extra) for extra in rrset.extras]
    return found


def _mail(verdict: MailVerdict) -> dict[str, object]:
    return {
        "domain": text_of(verdict.domain),
        "verdict": str(verdict.state),
        "services": list(verdict.services),
        "reasons": list(verdict.all_reasons()),
        "unchecked": list(verdict.unchecked),
    }


def _ignored(ignored: Ignored) -> dict[str, object]:
    return {**_difference(ignored.difference), "reason": ignored.reason}


def _finding(finding: Finding, side: str) -> dict[str, object]:
    return {**findings.document(finding), **({"side": side} if side else {})}
