"""An observation as one JSON object, whole: the question, the time, and every section of the answer. No IO."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.codec import rdata
from migrator.codec.shape import Shape, parse_object
from migrator.errors import InputError
from migrator.model.names import absolute
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server, Silence, Transport
from migrator.model.rrset import RRset, RRsetKey, make

Choice = TypeVar("Choice", bound=StrEnum)


def dumps(observation: Observation) -> str:
    """Return the observation as one line of JSON."""
    return json.dumps(document(observation), separators=(",", ":"))


def loads(text: str, *, file: str = "observation") -> Observation:
    """Return the observation that `dumps` wrote; raises InputError where the text is none."""
    return parse(parse_object(text, file))


def instant(moment: datetime) -> str:
    """Return an aware time in UTC as `2026-12-01T09:00:00.250000Z`: of one width, so that texts sort as times."""
    assert moment.tzinfo is not None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_instant(text: str) -> datetime:
    """Return the time that `instant` wrote; raises InputError where the text is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise InputError(f"'{text}' is no time such as 2026-12-01T09:00:00Z.") from exc
    if moment.tzinfo is None:
        raise InputError(f"'{text}' is a time without its zone; a final Z was expected.")
    return moment.astimezone(UTC)


def document(observation: Observation) -> dict[str, object]:
    """Return the JSON object of an observation; `reason` is there where there was no answer."""
    found: dict[str, object] = {"question": _question(observation.question), "at": instant(observation.at)}
    match observation:
        case NoAnswer():
            found |= {"reason": str(observation.reason), "detail": observation.detail}
        case Answer():
            found |= {
                "rcode": int(observation.rcode),
                "authoritative": observation.authoritative,
                "truncated": observation.truncated,
                "recursion_available": observation.recursion_available,
                "authenticated": observation.authenticated,
                "transport": str(observation.transport),
                "elapsed": observation.elapsed,
                "answer": [_rrset(found) for found in observation.answer],
                "authority": [_rrset(found) for found in observation.authority],
                "additional": [_rrset(found) for found in observation.additional],
                "extended_errors": [{"code": code, "text": text} for code, text in observation.extended_errors],
            }
    return found


def parse(shape: Shape) -> Observation:
    """Return the observation that such an object is; raises InputError where it is none."""
    question = _parse_question(shape.shape("question"))
    at = parse_instant(shape.text("at"))
    if "reason" in shape.members:
        reason = _one_of(Silence, shape, "reason")
        return NoAnswer(question, at, reason, shape.text("detail", ""))
    return Answer(
        question,
        at,
        _rcode(shape),
        _truth(shape, "authoritative"),
        _truth(shape, "truncated"),
        _truth(shape, "recursion_available"),
        _truth(shape, "authenticated"),
        _one_of(Transport, shape, "transport"),
        _seconds(shape, "elapsed"),
        tuple(map(parse_rrset, shape.shapes("answer"))),
        tuple(map(parse_rrset, shape.shapes("authority"))),
        tuple(map(parse_rrset, shape.shapes("additional"))),
        tuple((error.integer("code"), error.text("text")) for error in shape.shapes("extended_errors")),
    )


def _question(question: Question) -> dict[str, object]:
    server = question.server
    return {
        "address": server.address,
        "port": server.port,
        "server": "" if server.name is None else server.name.to_text(),
        "qname": question.qname.to_text(),
        "rdtype": RdataType.to_text(question.rdtype),
        "recursion_desired": question.recursion_desired,
        "dnssec_ok": question.dnssec_ok,
        "checking_disabled": question.checking_disabled,
        "transport": str(question.transport),
    }


def _parse_question(shape: Shape) -> Question:
    name = shape.text("server")
    server = Server(shape.text("address"), shape.integer("port"), absolute(name) if name else None)
    return Question(
        server,
        absolute(shape.text("qname")),
        rdata.type_of(shape),
        _truth(shape, "recursion_desired"),
        _truth(shape, "dnssec_ok"),
        _truth(shape, "checking_disabled"),
        _one_of(Transport, shape, "transport"),
    )


def _rrset(rrset: RRset) -> dict[str, object]:
    """Return owner, type, TTL and rdata: sections of messages have no variants and no extras."""
    return {
        "owner": rrset.owner.to_text(),
        "rdtype": RdataType.to_text(rrset.rdtype),
        "ttl": rrset.ttl,
        "rdatas": [rdata.to_text(found) for found in rrset.rdatas],
    }


def parse_rrset(shape: Shape) -> RRset:
    """Return the RRset of a section; raises InputError where the object is none."""
    rdtype = rdata.type_of(shape)
    rdatas = tuple(rdata.from_text(rdtype, text) for text in shape.texts("rdatas", required=True))
    return make(RRsetKey(absolute(shape.text("owner")), rdtype), shape.optional_integer("ttl"), rdatas)


def _rcode(shape: Shape) -> Rcode:
    number = shape.integer("rcode")
    try:
        return Rcode.make(number)
    except ValueError as exc:
        raise shape.error("rcode", f"{number} is no response code.") from exc


def _truth(shape: Shape, key: str) -> bool:
    found = shape.members.get(key)
    if not isinstance(found, bool):
        raise shape.wrong(key, "true or false", found)
    return found


def _seconds(shape: Shape, key: str) -> float:
    found = shape.members.get(key)
    if not isinstance(found, int | float) or isinstance(found, bool):
        raise shape.wrong(key, "a number of seconds", found)
    return float(found)


def _one_of(choices: type[Choice], shape: Shape, key: str) -> Choice:
    text = shape.text(key)
    if text not in tuple(choices):
        raise shape.error(key, f"'{text}' is none of {', '.join(choices)}.")
    return choices(text)
