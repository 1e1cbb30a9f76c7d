"""What `confirm` tells a script: the document `dns-migrator/confirm/1`. No IO here.

`stage` is null where it cannot be told. `last_stale_answer` is null before the parent has switched; where some of
its inputs are not known, `timing.unknown` says which, and the last stale answer comes at the instant or later.
`safe_to_delete_old_zone` is null unless everything is known and nothing stands against it (`against_deletion`:
errors, and what could not be checked though the verdict rests on it: a new name server that does not answer).
"""

import json

from dns.rcode import Rcode
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.SOA import SOA

from migrator.clock import Moment, instant
from migrator.codec import findings, jsontext, rdata
from migrator.cutover.judge import Judgement
from migrator.cutover.look import ServerView, Unasked, explained, served, signer_set, targets
from migrator.cutover.registrar import Registrar
from migrator.cutover.sides import ResolverState
from migrator.cutover.stage import Sets, listing_of
from migrator.cutover.timing import Timing
from migrator.model.delegation import ParentView
from migrator.model.finding import Finding, Unchecked
from migrator.model.names import text_of
from migrator.model.observation import Answer, Observation

SCHEMA = "dns-migrator/confirm/1"


def dumps(judgement: Judgement) -> str:
    """Return the document as JSON text."""
    return jsontext.dumps(document(judgement), indent=1)


def document(judgement: Judgement) -> dict[str, object]:
    """Return the document; names are absolute and in lower case."""
    look, timing = judgement.look, judgement.timing
    sets = Sets.of(look.expected, look.old)
    parent = look.delegation.parent
    return {
        "schema": SCHEMA,
        "domain": text_of(look.domain),
        "at": instant(judgement.at),
        "stage": None if judgement.stage is None else str(judgement.stage),
        "expected": sets.expected.split(),
        "old": sets.old.split() or None,
        "parent_zone": None if parent is None else text_of(parent),
        "parent": [_parent(view, sets) for view in look.delegation.views],
        "child": [_child(view) for view in look.servers],
        "registrar": registrar_document(look.registrar),
        "resolvers": [_resolver(state) for state in judgement.resolvers],
        "last_stale_answer": None if timing is None else instant(timing.last_stale.at),
        "safe_to_delete_old_zone": _instant_of(judgement.safe),
        "against_deletion": None if timing is None else list(map(_against, judgement.against_deletion)),
        "timing": None if timing is None else _timing(timing, judgement.recommended),
        "findings": [findings.document(finding) for finding in judgement.findings],
        "unchecked": [
            {"check": item.check, "subject": item.subject, "reason": item.reason} for item in judgement.unchecked
        ],
    }


def _parent(view: ParentView, sets: Sets) -> dict[str, object]:
    delegation, signers = view.delegation(), signer_set(view)
    glue: dict[str, list[str]] = {}
    for rrset in view.glue():
        glue.setdefault(text_of(rrset.owner), []).extend(found.to_text() for found in rrset.rdatas)
    return {
        "server": _name(view.ns),
        "address": view.server.address or None,
        "lists": str(listing_of(view, sets)),
        "ns": _names(view.ns) if delegation is None else sorted(map(text_of, targets(delegation))),
        "ttl": None if delegation is None else delegation.ttl,
        "glue": glue,
        "ds": None if signers is None else [rdata.to_text(ds) for ds in signers],
        "at": instant(view.ns.at),
        **_outcome(view.ns),
    }


def _names(ns: Observation) -> list[str] | None:
    """Return no names where the server says that there is no delegation, None where it does not say."""
    return [] if isinstance(ns, Answer) and ns.authoritative and ns.rcode in _SAYS_NONE else None


def _child(view: ServerView) -> dict[str, object]:
    ns, soa = served(view.ns), served(view.soa)
    mark = next((found for found in (() if soa is None else soa.rdatas) if isinstance(found, SOA)), None)
    keys = None if view.dnskey is None else served(view.dnskey)
    return {
        "server": _name(view.soa),
        "address": view.server.address,
        "side": str(view.side),
        "serves": soa is not None,
        "ns": None if ns is None else sorted(map(text_of, targets(ns))),
        "ttl": None if ns is None else ns.ttl,
        "soa": None if mark is None else {"mname": text_of(mark.mname), "serial": mark.serial},
        "dnskeys": None if view.dnskey is None else len(() if keys is None else keys.rdatas),
        "at": instant(view.soa.at),
        **_outcome(view.soa),
    }


def registrar_document(seen: Registrar | Unasked | None) -> dict[str, object] | None:
    """Return what the registry said, with its whole answer; None where nobody wanted to ask."""
    match seen:
        case None:
            return None
        case Unasked(reason=reason):
            return {"state": "unchecked", "reason": reason}
        case Registrar():
            return {
                "state": "answered",
                "source": seen.source,
                "registrar": seen.registrar,
                "name_servers": None if seen.name_servers is None else list(map(text_of, seen.name_servers)),
                "status": list(seen.statuses),
                "delegation_signed": seen.delegation_signed,
                "ds": None if seen.ds is None else list(map(str, seen.ds)),
                "expires": None if seen.expires is None else instant(seen.expires),
                "unread": list(seen.unread),
                "answer": json.loads(seen.answer) if seen.answer else None,
            }


def _resolver(state: ResolverState) -> dict[str, object]:
    sample = state.view.samples[0] if state.view.samples else None
    return {
        "resolver": state.view.name,
        "address": state.view.server.address,
        "port": state.view.server.port,
        "asked": None if sample is None else RdataType.to_text(sample.question.rdtype),
        "samples": len(state.view.samples),
        "old": state.old,
        "new": state.new,
        "other": state.other,
        "remaining_ttl": state.remaining_ttl,
        "state": str(state.state),
        "reason": state.reason,
    }


def _against(item: Finding | Unchecked) -> dict[str, object]:
    reason = item.reason if isinstance(item, Unchecked) else item.message
    return {"check": item.check, "subject": item.subject, "reason": reason}


def _timing(timing: Timing, recommended: Moment | None) -> dict[str, object]:
    return {
        "switched": instant(timing.switched),
        "last_stale_answer": str(timing.last_stale),
        "unknown": list(timing.last_stale.unknown),
        "recommended_deletion": _instant_of(recommended),
    }


def _instant_of(moment: Moment | None) -> str | None:
    return None if moment is None else instant(moment.at)


def _name(observation: Observation) -> str | None:
    name = observation.question.server.name
    return None if name is None else text_of(name)


def _outcome(observation: Observation) -> dict[str, object]:
    """Return the code of an answer, or why there is none."""
    if isinstance(observation, Answer):
        return {"rcode": Rcode.to_text(observation.rcode), "authoritative": observation.authoritative}
    return {"rcode": None, "reason": explained(observation)}


_SAYS_NONE = frozenset({Rcode.NOERROR, Rcode.NXDOMAIN})
