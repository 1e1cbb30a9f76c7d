"""DNS messages to and from octets (RFC 1035 section 4, RFC 6891). No IO here.

Queries are built by hand, since dnspython's Message costs a hundred times more than a query needs. Messages are
read record by record: dnspython decodes rdata, and what it refuses, or would not write back as it came, is kept
in the generic form of RFC 3597. Records of another class than IN answer nothing that is asked here and are
skipped.
"""

import struct
from collections.abc import Iterator
from datetime import datetime
from functools import cache, lru_cache

import dns.exception
import dns.name
import dns.rdata
from dns.name import Name
from dns.rcode import Rcode
from dns.rdata import GenericRdata, Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.model.extras import ForRecord, RecordTTL
from migrator.model.names import folded, octets_of
from migrator.model.observation import Answer, Question, Transport
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.values import dataclass

UDP_PAYLOAD = 1232  # what passes everywhere without fragments (DNS flag day 2020)
HEADER_LENGTH = 12
MAX_TTL = 2**31 - 1

_QR, _AA, _TC, _RD, _RA, _AD, _CD = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0020, 0x0010
_OPCODE = 0x7800
_DO = 0x8000
_EXTENDED_ERROR = 15  # the EDNS option of RFC 8914
LONG_LABEL = 0x40
POINTER = 0xC0
_MOST_HOPS = 127  # no name has more labels than this, and each hop needs one to be worth it
_HEADER = struct.Struct("!HHHHHH")
_FIXED = struct.Struct("!HHIH")
_TAIL = struct.Struct("!HH")
_PLAIN_HEADER = struct.pack("!HHHHH", 0, 1, 0, 0, 1)
_PLAIN_OPT = struct.pack("!BHHIH", 0, RdataType.OPT, UDP_PAYLOAD, 0, 0)

# An error may come without the question: old servers do so with FORMERR, NSD 4.6 with NOTAUTH for a bad TSIG.
_WITH_QUESTION = frozenset({Rcode.NOERROR, Rcode.NXDOMAIN})

# Types whose rdata dnspython always writes back as it came, names in it being written in full.
_EXACT = frozenset(
    {
        RdataType.A,
        RdataType.AAAA,
        RdataType.CNAME,
        RdataType.DS,
        RdataType.MX,
        RdataType.NS,
        RdataType.PTR,
        RdataType.SOA,
        RdataType.SRV,
        RdataType.TXT,
    }
)
# Of these, those without a name, and the others: octets before the names, how many names, and octets behind them.
_ALONE = frozenset({RdataType.A, RdataType.AAAA, RdataType.DS, RdataType.TXT})
_WITH_NAMES = {
    RdataType.CNAME: (0, 1, 0),
    RdataType.MX: (2, 1, 0),
    RdataType.NS: (0, 1, 0),
    RdataType.PTR: (0, 1, 0),
    RdataType.SOA: (0, 2, 20),
    RdataType.SRV: (6, 1, 0),
}
_REMEMBERED = 1 << 14
_LONGEST_NAME = 255
_LONG = 512  # octets of rdata that is not remembered
# Types in which a receiver has to expect compressed names (RFC 3597 section 4): their octets mean nothing alone.
_COMPRESSED = frozenset(
    {
        RdataType.AFSDB,
        RdataType.MB,
        RdataType.MD,
        RdataType.MF,
        RdataType.MG,
        RdataType.MINFO,
        RdataType.MR,
        RdataType.NAPTR,
        RdataType.NXT,
        RdataType.PX,
        RdataType.RP,
        RdataType.RT,
        RdataType.SIG,
    }
)


_rdatatype = cache(RdataType.make)


class MalformedMessageError(ValueError):
    """The octets are no DNS message, or not an answer to anything."""


# What reading a broken message raises.
BROKEN = (dns.exception.DNSException, MalformedMessageError, struct.error, IndexError)


@dataclass(frozen=True, slots=True)
class WireRecord:
    """One record of a message and where it begins; rdata that is not IN's (OPT, TSIG) is left in octets."""

    start: int
    owner: Name
    rdtype: RdataType
    rdclass: int
    ttl: int
    octets: slice


def question_name(question: Question) -> bytes:
    """Return the question's name in wire form and lower case: what an answer must repeat."""
    return octets_of(question.qname).lower()


def question_tail(question: Question) -> bytes:
    """Return type and class, which end the question."""
    return struct.pack("!HH", question.rdtype, RdataClass.IN)


def query(question: Question, ident: int, *, edns: bool) -> bytes:
    """Return the message that asks the question."""
    flags = (_RD if question.recursion_desired else 0) | (_CD if question.checking_disabled else 0)
    header = _HEADER.pack(ident, flags, 1, 0, 0, 1 if edns else 0)
    opt = (
        struct.pack("!BHHIH", 0, RdataType.OPT, UDP_PAYLOAD, _DO if question.dnssec_ok else 0, 0) if edns else b""
    )
    return header + octets_of(question.qname) + question_tail(question) + opt


def section(qname: Name, rdtype: RdataType) -> bytes:
    """Return the question section of one question."""
    return octets_of(qname) + _TAIL.pack(rdtype, RdataClass.IN)


def body(question: bytes) -> bytes:
    """Return all but the id of a message that asks an authoritative server, with EDNS and without any flag."""
    return b"".join((_PLAIN_HEADER, question, _PLAIN_OPT))


def answers(wire: bytes, ident: int, name: bytes, tail: bytes) -> bool:
    """Tell whether the message is a response that repeats this id and this question.

    Raises MalformedMessageError where the octets are no response at all.
    """
    if len(wire) < HEADER_LENGTH:
        raise MalformedMessageError(f"{len(wire)} octets are no DNS message")
    found, flags, questions, *_ = _HEADER.unpack_from(wire)
    if not flags & _QR or flags & _OPCODE:
        raise MalformedMessageError("the message is no response to a query")
    if found != ident:
        return False
    if questions == 0:
        return flags & 0xF not in _WITH_QUESTION
    end = HEADER_LENGTH + len(name)
    return questions == 1 and wire[HEADER_LENGTH:end].lower() == name and wire[end : end + len(tail)] == tail


def decode(wire: bytes, question: Question, at: datetime, transport: Transport, elapsed: float) -> Answer:
    """Return the message as an answer to the question, which `answers` has said it is.

    Of a truncated message the sections hold what can be read. Raises MalformedMessageError.
    """
    _, flags, questions, *counts = _HEADER.unpack_from(wire)
    reader = MessageReader(wire)
    sections: list[tuple[RRset, ...]] = []
    opt: WireRecord | None = None
    try:
        reader.skip_questions(questions)
        for count in counts:
            records, found = reader.section(count, lenient=bool(flags & _TC))
            opt = opt or found
            sections.append(_rrsets(records))
    except BROKEN as exc:
        raise MalformedMessageError(f"the message breaks off or contradicts itself: {exc}") from exc
    extended = (opt.ttl >> 20 & 0xFF0) if opt else 0
    return Answer(
        question=question,
        at=at,
        rcode=Rcode.make(extended | flags & 0xF),
        authoritative=bool(flags & _AA),
        truncated=bool(flags & _TC),
        recursion_available=bool(flags & _RA),
        authenticated=bool(flags & _AD),
        transport=transport,
        elapsed=elapsed,
        answer=sections[0],
        authority=sections[1],
        additional=sections[2],
        extended_errors=_extended_errors(wire[opt.octets]) if opt else (),
    )


class MessageReader:
    """Reads a message from its header on; raises one of `BROKEN` where it is broken."""

    def __init__(self, wire: bytes) -> None:
        """Begin behind the header."""
        self.wire = wire
        self._at = HEADER_LENGTH
        self._suffixes: dict[int, list[bytes]] = {}

    def skip_questions(self, count: int) -> None:
        """Go to the end of the question section."""
        for _ in range(count):
            self._name()
            self._at += 4

    def records(self, count: int) -> Iterator[WireRecord]:
        """Yield the next records, whatever they are."""
        for _ in range(count):
            start = self._at
            owner = self._name()
            rdtype, rdclass, ttl, length = _FIXED.unpack_from(self.wire, self._at)
            begin = self._at + _FIXED.size
            self._at = begin + length
            if self._at > len(self.wire):
                raise MalformedMessageError("a record is longer than the message")
            yield WireRecord(start, owner, _rdatatype(rdtype), rdclass, ttl, slice(begin, self._at))

    def go_to(self, at: int) -> int:
        """Go on at a place in the message; return where the reader was."""
        before, self._at = self._at, at
        return before

    def section(self, count: int, *, lenient: bool) -> tuple[list[tuple[WireRecord, Rdata]], WireRecord | None]:
        """Return the records of class IN, and the OPT record; `lenient` ends at what is broken."""
        found: list[tuple[WireRecord, Rdata]] = []
        opt = None
        try:
            for record in self.records(count):
                if record.rdtype == RdataType.OPT:
                    opt = opt or record
                elif record.rdclass == RdataClass.IN:
                    found.append((record, self.rdata(record)))
        except BROKEN:
            if not lenient:
                raise
            self._at = len(self.wire)
        return found, opt

    def rdata(self, record: WireRecord) -> Rdata:
        """Return the record's rdata; of common types that was met lately, the same object."""
        begin, end = record.octets.start, record.octets.stop
        if end - begin > _LONG:
            return rdata_of(self.wire, record)
        if record.rdtype in _ALONE:
            return _rdata_alone(record.rdtype, self.wire[begin:end])
        layout = _WITH_NAMES.get(record.rdtype)
        octets = None if layout is None else self._in_full(begin, end, *layout)
        return rdata_of(self.wire, record) if octets is None else _rdata_alone(record.rdtype, octets)

    def _in_full(self, begin: int, end: int, before: int, names: int, after: int) -> bytes | None:
        """Return rdata with its names in full; None where dnspython must look at it."""
        wire, at = self.wire, begin + before
        octets = wire[begin:at]
        try:
            for _ in range(names):
                name, at = name_in_full(wire, at)
                if not 0 < len(name) <= _LONGEST_NAME:
                    return None
                octets += name
        except IndexError:
            return None
        return octets + wire[at:end] if at == end - after else None

    def _name(self) -> Name:
        """Read a name. A pointer leads backwards only, so that there is an end; what it leads to is remembered."""
        wire, at, labels = self.wire, self._at, list[bytes]()
        behind, target, first, hops = -1, at, -1, 0
        while (length := wire[at]) != 0:
            if length < LONG_LABEL:
                labels.append(wire[at + 1 : at + 1 + length])
                at += 1 + length
                continue
            before, target = target, (length & ~POINTER) << 8 | wire[at + 1]
            hops += 1
            if length < POINTER or target >= before or hops > _MOST_HOPS:
                raise MalformedMessageError("a name has a label type or a pointer that leads nowhere")
            if behind < 0:
                behind, first, own = at + 2, target, len(labels)
            if target in self._suffixes:
                labels += self._suffixes[target]
                break
            at = target
        else:
            labels.append(b"")
        self._at = behind if behind >= 0 else at + 1
        if first >= 0:
            self._suffixes[first] = labels[own:]
        return _known_name(tuple(labels))


def name_in_full(wire: bytes, at: int) -> tuple[bytes, int]:
    """Return the octets of the name at a place, in full, and where it ends; no octets where a pointer is odd.

    A pointer leads to what begins before the name that it ends, so that there is an end, and that ends before the
    pointer. Raises IndexError where the message breaks off.
    """
    begin, name, behind, most = at, b"", -1, len(wire)
    while length := wire[at]:
        if length < LONG_LABEL:
            at += 1 + length
            continue
        target = (length & ~POINTER) << 8 | wire[at + 1]
        if length < POINTER or target >= begin or at >= most:
            return b"", at
        name += wire[begin:at]
        if behind < 0:
            behind = at + 2
        most, begin, at = at, target, target
    if at >= most:
        return b"", at
    return name + wire[begin : at + 1], at + 1 if behind < 0 else behind


@lru_cache(_REMEMBERED)
def _known_name(labels: tuple[bytes, ...]) -> Name:
    """Return the name; the servers of a zone say the same names, one after the other."""
    return Name(labels)


@lru_cache(_REMEMBERED)
def _rdata_alone(rdtype: RdataType, octets: bytes) -> Rdata:
    """Return rdata in which every name is in full."""
    return rdata_of(octets, WireRecord(0, dns.name.root, rdtype, RdataClass.IN, 0, slice(0, len(octets))))


def rdata_of(wire: bytes, record: WireRecord) -> Rdata:
    """Return the record's rdata, in generic form where dnspython cannot carry it as it came."""
    begin, end = record.octets.start, record.octets.stop
    try:
        rdata = dns.rdata.from_wire(RdataClass.IN, record.rdtype, wire, begin, end - begin)
        if record.rdtype in _EXACT or rdata.to_wire() == wire[begin:end] or record.rdtype in _COMPRESSED:
            return rdata
    except dns.exception.DNSException:
        pass
    return GenericRdata(RdataClass.IN, record.rdtype, wire[begin:end])


def _rrsets(records: list[tuple[WireRecord, Rdata]]) -> tuple[RRset, ...]:
    """Group the records of a section; a TTL with the highest bit set means 0 (RFC 2181 section 8)."""
    groups: dict[tuple[tuple[bytes, ...], RdataType], list[tuple[WireRecord, Rdata]]] = {}
    for record, rdata in records:
        groups.setdefault((folded(record.owner), record.rdtype), []).append((record, rdata))
    return tuple([_rrset(members) for members in groups.values()])


def _rrset(members: list[tuple[WireRecord, Rdata]]) -> RRset:
    ttls = [record.ttl if record.ttl <= MAX_TTL else 0 for record, _ in members]
    ttl = min(ttls)
    first = members[0][0]
    extras = tuple(
        ForRecord(rdata.to_text(), RecordTTL(own))
        for (_, rdata), own in zip(members, ttls, strict=True)
        if own != ttl
    )
    return make(RRsetKey(first.owner, first.rdtype), ttl, tuple([rdata for _, rdata in members]), extras)


def _extended_errors(options: bytes) -> tuple[tuple[int, str], ...]:
    """Return codes and texts of the EDNS options of RFC 8914; an option that breaks off ends the list."""
    found = []
    at = 0
    while at + 4 <= len(options):
        code, length = struct.unpack_from("!HH", options, at)
        content = options[at + 4 : at + 4 + length]
        at += 4 + length
        if code == _EXTENDED_ERROR and len(content) == length >= 2:  # noqa: PLR2004 - the info code
            text = content[2:].decode("utf-8", "replace").rstrip("\0")
            found.append((int.from_bytes(content[:2], "big"), text))
    return tuple(found)
