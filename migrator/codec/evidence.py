"""Evidence as JSON: who was asked what, when, what came back, and the command line that shows the same. No IO."""

from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.checks.asks import (
    Certificate,
    Fetch,
    Fetched,
    Handshake,
    NoCertificate,
    NotFetched,
    NotProbed,
    Probe,
    Probed,
    Registered,
)
from migrator.checks.points import Evidence, Noted
from migrator.checks.reproduce import command_of
from migrator.clock import instant
from migrator.codec import rdata
from migrator.cutover.look import Unasked
from migrator.model.names import text_of
from migrator.model.observation import Answer, NoAnswer, Observation, Server
from migrator.model.rrset import RRset


def document(evidence: Evidence) -> dict[str, object]:
    """Return the JSON object of one piece of evidence; `kind` says which keys it has."""
    match evidence:
        case Noted():
            at = None if evidence.at is None else instant(evidence.at)
            return {"kind": "note", "source": evidence.source, "text": evidence.text, "time": at}
        case Answer() | NoAnswer():
            return _observation(evidence) | {"dig": command_of(evidence)}
        case Probed() | NotProbed():
            return _probe(evidence) | {"dig": command_of(evidence)}
        case Fetched() | NotFetched():
            return _fetch(evidence) | {"command": command_of(evidence)}
        case Certificate() | NoCertificate():
            return _certificate(evidence) | {"command": command_of(evidence)}
        case Registered():
            return _registered(evidence) | {"command": command_of(evidence)}


def _observation(seen: Observation) -> dict[str, object]:
    question = seen.question
    found = {
        "kind": "answer" if isinstance(seen, Answer) else "silence",
        **_server(question.server),
        "owner": text_of(question.qname),
        "rdtype": RdataType.to_text(question.rdtype),
        "time": instant(seen.at),
    }
    if isinstance(seen, NoAnswer):
        reason = f"{seen.reason} ({seen.detail})" if seen.detail else str(seen.reason)
        return found | {"transport": str(question.transport), "rcode": None, "reason": reason}
    answered = seen.answered()
    return found | {
        "transport": str(seen.transport),
        "rcode": Rcode.to_text(seen.rcode),
        "flags": _flags(seen),
        "ttl": None if answered is None else answered.ttl,
        "rdata": [] if answered is None else [rdata.to_text(found) for found in answered.rdatas],
        "answer": list(map(_rrset, seen.answer)),
        "authority": list(map(_rrset, seen.authority)),
        "extended_errors": [{"code": code, "text": text} for code, text in seen.extended_errors],
        "elapsed": round(seen.elapsed, 4),
    }


def _flags(answer: Answer) -> list[str]:
    flags = {
        "aa": answer.authoritative,
        "tc": answer.truncated,
        "rd": answer.question.recursion_desired,
        "ra": answer.recursion_available,
        "ad": answer.authenticated,
        "cd": answer.question.checking_disabled,
        "do": answer.question.dnssec_ok,
    }
    return [flag for flag, is_set in flags.items() if is_set]


def _rrset(rrset: RRset) -> str:
    values = ", ".join(rdata.to_text(found) for found in rrset.rdatas)
    return f"{text_of(rrset.owner)} {rrset.ttl} {RdataType.to_text(rrset.rdtype)} {values}"


def _probe(seen: Probed | NotProbed) -> dict[str, object]:
    probe: Probe = seen.probe
    found: dict[str, object] = {
        "kind": "probe",
        **_server(probe.server),
        "probe": str(probe.kind),
        "owner": text_of(probe.qname),
        "time": instant(seen.at),
    }
    if isinstance(seen, NotProbed):
        return found | {"rcode": None, "reason": seen.reason}
    return found | {
        "transport": seen.transport,
        "rcode": Rcode.to_text(Rcode.make(seen.rcode)),
        "flags": ["aa"] if seen.authoritative else [],
        "records": seen.records,
        "edns_version": seen.edns_version,
        "edns_options": list(seen.options),
        "edns_flags": seen.flags,
        "sent": seen.sent.to_text(),
        "echoed": None if seen.echoed is None else seen.echoed.to_text(),
    }


def _fetch(seen: Fetched | NotFetched) -> dict[str, object]:
    fetch: Fetch = seen.fetch
    host = text_of(fetch.host).rstrip(".")
    found: dict[str, object] = {
        "kind": "fetch",
        "url": f"https://{host}{fetch.path}",
        "address": fetch.address,
        "time": instant(seen.at),
    }
    if isinstance(seen, NotFetched):
        return found | {"status": None, "failure": str(seen.failure), "reason": seen.reason}
    return found | {"status": seen.status, "content_type": seen.content_type, "body": seen.body}


def _certificate(seen: Certificate | NoCertificate) -> dict[str, object]:
    handshake: Handshake = seen.handshake
    found: dict[str, object] = {
        "kind": "certificate",
        "host": text_of(handshake.host).rstrip("."),
        "address": handshake.address,
        "port": handshake.port,
        "time": instant(seen.at),
    }
    if isinstance(seen, NoCertificate):
        return found | {"issuer": None, "reason": seen.reason}
    return found | {"issuer": seen.issuer, "names": list(seen.names), "not_after": instant(seen.not_after)}


def _registered(seen: Registered) -> dict[str, object]:
    found: dict[str, object] = {
        "kind": "registration",
        "domain": text_of(seen.registration.domain),
        "time": instant(seen.at),
        "known": seen.known,
    }
    view = seen.view
    if isinstance(view, Unasked):
        return found | {"reason": view.reason}
    expires = None if view.expires is None else instant(view.expires)
    return found | {"source": view.source, "status": list(view.statuses), "expires": expires}


def _server(server: Server) -> dict[str, object]:
    name = None if server.name is None else text_of(server.name)
    return {"server": name, "address": server.address, "port": server.port}
