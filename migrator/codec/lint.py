"""What `lint` tells a script: the document `dns-migrator/lint/1`. No IO here."""

from migrator.checks.linting import Lint
from migrator.codec import findings, jsontext
from migrator.model.names import text_of

SCHEMA = "dns-migrator/lint/1"


def dumps(lint: Lint) -> str:
    """Return the document as JSON text."""
    document = {
        "schema": SCHEMA,
        "zone": text_of(lint.zone.origin),
        "source": lint.zone.source,
        "digest": lint.zone.digest(),
        "findings": [findings.document(finding) for finding in lint.findings],
        "unchecked": [
            {"check": item.check, "subject": item.subject, "reason": item.reason} for item in lint.unchecked
        ],
    }
    return jsontext.dumps(document, indent=1)
