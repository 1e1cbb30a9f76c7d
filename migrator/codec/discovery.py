"""What a search found as a JSON document (`dns-migrator/discovery/1`). Pure."""

from dns.rdatatype import RdataType

from migrator.codec import findings, jsontext, rdata
from migrator.discovery.finds import Discovery
from migrator.model.names import text_of

SCHEMA = "dns-migrator/discovery/1"


def dumps(found: Discovery) -> str:
    """Return the document, with a final line end."""
    document = {
        "schema": SCHEMA,
        "domain": text_of(found.zone.origin),
        "complete": found.is_complete,
        "verdict": found.verdict,
        "servers": [str(server) for server in found.servers],
        "ways": [
            {"way": way.name, "rrsets": way.rrsets, "complete": way.is_complete, "detail": way.detail}
            for way in found.ways
        ],
        "questions": found.questions,
        "unanswered": found.unanswered,
        "rrsets": [
            {
                "owner": text_of(rrset.owner),
                "rdtype": RdataType.to_text(rrset.rdtype),
                "ttl": rrset.ttl,
                "rdatas": [rdata.to_text(each) for each in rrset.rdatas],
                "how": found.how.get(rrset.key, ""),
            }
            for rrset in found.zone.rrsets
        ],
        "findings": [findings.document(finding) for finding in found.findings],
    }
    return jsontext.dumps(document, indent=2) + "\n"
