"""A plan file, `dns-migrator/plan/1`: an import that one person proposed and another one applies. No IO here.

It holds the whole source as it was read and every decision, so that the import can be proposed again without the
source; the changes that the reviewer looked at; and the digest of the target that they were computed from. Its own
digest covers all of that: a plan that was edited is refused.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from migrator.codec import changes as change_codec
from migrator.codec import jsontext
from migrator.codec import losses as loss_codec
from migrator.codec import zone as zones
from migrator.codec.observation import instant, parse_instant
from migrator.codec.shape import Shape, expect_schema, parse_object
from migrator.model.change import Change
from migrator.model.finding import Finding
from migrator.model.names import ROOT
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.plan import Choices, Deletions, Proposal, Risk
from migrator.translate import Relation

SCHEMA = "dns-migrator/plan/1"


@dataclass(frozen=True, slots=True)
class PlanFile:
    """What was proposed, and to which target; `existing` is the target's digest, None where it was not there.

    `rest` is the digest of what the target has and no change touches. `digest` is the file's own.
    """

    target: str
    made_at: datetime
    source: ZoneSnapshot
    source_findings: tuple[Finding, ...]
    choices: Choices
    relation: Relation
    addresses: Mapping[RRsetKey, RRset]
    existing: str | None
    rest: str
    changes: tuple[Change, ...]
    digest: str = ""


def dumps(proposal: Proposal, target: str, made_at: datetime, rest: str) -> str:
    """Return the JSON text of the plan."""
    sides, choices = proposal.sides, proposal.choices
    existing = proposal.plan.existing
    document: dict[str, object] = {
        "schema": SCHEMA,
        "zone": sides.source.origin.to_text(),
        "target": target,
        "made_at": instant(made_at),
        "target_digest": None if existing is None else existing.digest(),
        "rest_digest": rest,
        "relation": str(sides.relation),
        "accepts": sorted(choices.accepts),
        "allows": sorted(map(str, choices.allows)),
        "delete": choices.deletions.all,
        "delete_conflicting": choices.deletions.conflicting,
        "identifiers": dict(sorted(choices.identifiers.items())),
        "ledger": loss_codec.ledger(proposal.counts),
        "losses": loss_codec.documents(proposal.losses),
        "changes": [change_codec.document(change) for change in proposal.plan.changes],
        "addresses": [zones.rrset_document(rrset) for rrset in sides.addresses.values()],
        "source": json.loads(zones.dumps(sides.source, sides.source_findings)),
    }
    return jsontext.dumps({**document, "digest": _digest(document)}, indent=1) + "\n"


def loads(text: str, *, file: str) -> PlanFile:
    """Return the plan; raises InputError, one line, where the text is none or was edited."""
    document = parse_object(text, file)
    expect_schema(document, SCHEMA)
    stated = document.text("digest")
    if _digest({name: found for name, found in document.members.items() if name != "digest"}) != stated:
        raise document.error(
            "digest", "the plan was changed after it was written; make a new one with --plan-out."
        )
    source, findings = zones.loads(json.dumps(document.members.get("source")), file=f"{file}: source")
    relation = document.text("relation")
    if relation not in tuple(Relation):
        raise document.error("relation", f"'{relation}' is none of {', '.join(Relation)}.")
    return PlanFile(
        document.text("target"),
        parse_instant(document.text("made_at")),
        source,
        findings,
        _choices(document),
        Relation(relation),
        _addresses(document),
        None if document.members.get("target_digest") is None else document.text("target_digest"),
        document.text("rest_digest"),
        tuple(change_codec.parse(shape, source.origin) for shape in document.shapes("changes", required=True)),
        stated,
    )


def _choices(document: Shape) -> Choices:
    allows = document.texts("allows")
    for risk in allows:
        if risk not in tuple(Risk):
            raise document.error("allows", f"'{risk}' is none of {', '.join(Risk)}.")
    identifiers = document.shape("identifiers")
    return Choices(
        frozenset(document.texts("accepts")),
        Deletions(_truth(document, "delete"), _truth(document, "delete_conflicting")),
        frozenset(map(Risk, allows)),
        {name: identifiers.text(name) for name in identifiers.members},
    )


def _truth(document: Shape, key: str) -> bool:
    found = document.members.get(key)
    if not isinstance(found, bool):
        raise document.wrong(key, "true or false", found)
    return found


def _addresses(document: Shape) -> Mapping[RRsetKey, RRset]:
    found = [zones.parse_rrset(shape, ROOT) for shape in document.shapes("addresses")]
    return {rrset.key: rrset for rrset in found}


def _digest(document: Mapping[str, object]) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
