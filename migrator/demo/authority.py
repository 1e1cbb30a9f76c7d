"""What one authoritative server answers to a message: the zones it holds, swapped as one. No sockets here."""

import struct
from collections.abc import Iterable, Iterator, Sequence

import dns.exception
import dns.flags
import dns.message
import dns.rrset
from dns.message import Message
from dns.name import Name
from dns.opcode import Opcode
from dns.rcode import Rcode
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.demo.served import REFUSED, Reply, ServedZone
from migrator.model.names import folded
from migrator.model.observation import Transport
from migrator.model.rrset import RRset, canonical_wire
from migrator.model.zone import ZoneSnapshot

PAYLOAD = 1232
_SMALLEST_UDP = 512
_LARGEST_MESSAGE = 65535
_TRANSFER_MESSAGE = 16384
_RECORD_HEADER = 12  # a compressed owner, type, class, TTL, length
_HEADER = struct.Struct("!HHHHHH")
_OPCODE_BITS = 0x7800


class Authority:
    """Answers for the zones that it was last given; `serve` replaces them all between two questions."""

    def __init__(self, zones: Iterable[ZoneSnapshot] = (), *, transfers: bool = False) -> None:
        self._transfers = transfers
        self.serve(zones)

    def serve(self, zones: Iterable[ZoneSnapshot]) -> None:
        """Answer from these zones from now on."""
        # One assignment, so that a question sees either all the former zones or all the new ones.
        self._zones = {folded(zone.origin): ServedZone(zone) for zone in zones}

    def respond(self, wire: bytes, transport: Transport) -> Sequence[bytes]:
        """Return the messages to send back: none for what is no question, several for a long transfer."""
        query = read_query(wire)
        if isinstance(query, bytes):
            return [query] if query else []
        question = query.question[0]
        if question.rdtype in {RdataType.AXFR, RdataType.IXFR}:
            return list(self._transfer(query, transport))
        return [encoded(query, self.reply(question.name, question.rdtype), transport)]

    def reply(self, qname: Name, rdtype: RdataType) -> Reply:
        """Return the answer of the closest zone that encloses the name."""
        zone = self._zone_for(qname, rdtype)
        return zone.reply(qname, rdtype) if zone else REFUSED

    def _zone_for(self, qname: Name, rdtype: RdataType) -> ServedZone | None:
        zones = self._zones
        labels = folded(qname)
        enclosing = [zones[labels[cut:]] for cut in range(len(labels)) if labels[cut:] in zones]
        if rdtype == RdataType.DS and len(enclosing) > 1 and folded(enclosing[0].origin) == labels:
            # The parent side of the cut answers for the DS (RFC 4035 section 3.1.4.1).
            return enclosing[1]
        return enclosing[0] if enclosing else None

    def _transfer(self, query: Message, transport: Transport) -> Iterator[bytes]:
        zone = self._zones.get(folded(query.question[0].name))
        if zone is None or not self._transfers or transport is not Transport.TCP:
            yield encoded(query, REFUSED, transport)
            return
        soa = zone.snapshot.apex(RdataType.SOA)
        assert soa is not None
        others = [r for r in zone.snapshot.rrsets if r.rdatas and r.key != soa.key]
        for batch in _batches((soa, *others, soa)):
            yield encoded(query, Reply(Rcode.NOERROR, authoritative=True, answer=batch), transport)


def read_query(wire: bytes) -> Message | bytes:
    """Return a query that can be answered, or the message that says why not; empty where silence is right."""
    if len(wire) < _HEADER.size:
        return b""
    identifier, flags, *_ = _HEADER.unpack(wire[: _HEADER.size])
    if flags & dns.flags.QR:
        return b""

    def bare(rcode: Rcode) -> bytes:
        return _HEADER.pack(identifier, dns.flags.QR | (flags & _OPCODE_BITS) | rcode, 0, 0, 0, 0)

    if flags & _OPCODE_BITS != Opcode.QUERY:
        return bare(Rcode.NOTIMP)
    try:
        query = dns.message.from_wire(wire, ignore_trailing=True)
    except dns.exception.DNSException:
        return bare(Rcode.FORMERR)
    if len(query.question) != 1:
        return bare(Rcode.FORMERR)
    if query.edns > 0:
        return _refusal(query, Rcode.BADVERS)
    if query.question[0].rdclass not in {RdataClass.IN, RdataClass.ANY}:
        return _refusal(query, Rcode.REFUSED)
    return query


def encoded(query: Message, reply: Reply, transport: Transport, *, recursion_available: bool = False) -> bytes:
    """Return the response as it is sent; over UDP what does not fit is left out and TC set."""
    response = dns.message.make_response(query, recursion_available, our_payload=PAYLOAD)
    limit = _LARGEST_MESSAGE
    if transport is Transport.UDP:
        limit = max(_SMALLEST_UDP, min(query.payload, PAYLOAD)) if query.edns >= 0 else _SMALLEST_UDP
    if query.edns >= 0:
        response.ednsflags |= query.ednsflags & dns.flags.DO
    response.set_rcode(reply.rcode)
    if reply.authoritative:
        response.flags |= dns.flags.AA
    response.answer = [_message_rrset(rrset) for rrset in reply.answer]
    response.authority = [_message_rrset(rrset) for rrset in reply.authority]
    response.additional = [_message_rrset(rrset) for rrset in reply.additional]
    return response.to_wire(max_size=limit, prefer_truncation=True)


def _refusal(query: Message, rcode: Rcode) -> bytes:
    response = dns.message.make_response(query, our_payload=PAYLOAD)
    response.set_rcode(rcode)
    return response.to_wire()


def _message_rrset(rrset: RRset) -> dns.rrset.RRset:
    assert rrset.ttl is not None
    return dns.rrset.from_rdata_list(rrset.owner, rrset.ttl, rrset.rdatas)


def _batches(rrsets: Sequence[RRset]) -> Iterator[tuple[RRset, ...]]:
    """Cut a zone into messages of moderate size; a set is never cut."""
    batch: list[RRset] = []
    size = 0
    for rrset in rrsets:
        weight = sum(len(canonical_wire(rdata)) + _RECORD_HEADER for rdata in rrset.rdatas)
        if batch and size + weight > _TRANSFER_MESSAGE:
            yield tuple(batch)
            batch, size = [], 0
        batch.append(rrset)
        size += weight
    yield tuple(batch)
