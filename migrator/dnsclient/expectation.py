r"""What an answer is expected to say, in octets, and whether a message says exactly that. No IO here.

A zone of a hundred thousand records that moved well gives a hundred thousand answers which say what everybody
knew before. To build objects of each (names, rdata, RRsets, an Answer) takes fifty times as long as to send the
question and to receive the answer. So the answer is foretold in octets, and a message that says just that is
taken note of and forgotten. The rule that makes this safe: the comparison may only ever say "yes, exactly so".
Whatever is in doubt (another spelling, an owner written in full, a TTL that differs by one, a flag) is decoded and
compared by meaning, as if nothing had been expected; being wrong costs time and never a verdict.

    www 300 A 192.0.2.1        asked as www.example.org A, is answered by

    id | 8400 0001 0001 | .... .... | 3www7example3org0 0001 0001 | c00c 0001 0001 0000012c 0004 c0000201 | ...
         `head`           counts of   `start` ............................................................  what
         flags, QDCOUNT,  the other                                                                        follows
         ANCOUNT          sections

`head` says: a response, with authority (AA), not truncated, NOERROR, one question, one record. `start` is the
question as it was sent, letter case included, and, where the set is one record without a name in its rdata, the
record: its owner is a pointer to the question at octet 12. So two comparisons of octets settle most answers; of
what follows only that matters whether an OPT record makes another code of the header's (BADVERS is NOERROR in the
header alone), and so the octets of its type are looked for: they may not be there with such a code behind them.

Several records come in any order, and names in rdata are compressed against anything before them. There `start`
ends with the question, and `rdatas` are the set's, sorted, names in full. Each record of the answer must have
`c00c`, type, class and TTL (`fixed`) before its rdata, whose names are decompressed, letter by letter and not
folded: a server that spells a target in another case is told of, so such an answer is not "exactly so".

An answer of nothing (NODATA, or NXDOMAIN for a name that nobody has) is `head` with another code and no records,
and no OPT record that makes yet another of the code. A referral has no AA and no answer; its NS set and its glue
are read with their owners in full.
"""

import struct
from collections.abc import Callable, Sequence
from functools import lru_cache

from dns.name import Name
from dns.rcode import Rcode
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.IN.SRV import SRV
from dns.rdtypes.nsbase import NSBase

from migrator.dnsclient import wire
from migrator.model.names import name_of_octets, octets_of
from migrator.model.observation import Question, Server
from migrator.model.rrset import RRset

_ANSWERED = 0x8400  # QR, AA
_REFERRED = 0x8000
_OWNER = b"\xc0\x0c"  # a pointer to the question
_FIXED = struct.Struct("!2sHHI")
_HEAD = struct.Struct("!HHH")
_HEAD_OF_ONE = _HEAD.pack(_ANSWERED, 1, 1)
_HEAD_OF_NOTHING = {rcode: _HEAD.pack(_ANSWERED | rcode, 1, 0) for rcode in (Rcode.NOERROR, Rcode.NXDOMAIN)}
_HEADER_LENGTH = wire.HEADER_LENGTH

# Octets before the name in rdata that ends with one. A server compresses the names of these types (RFC 1035; SRV
# must not be, RFC 2782, and is by some).
_NAME_AT = {
    RdataType.NS: 0,
    RdataType.CNAME: 0,
    RdataType.PTR: 0,
    RdataType.DNAME: 0,
    RdataType.MX: 2,
    RdataType.SRV: 6,
}
# Those whose rdata stands in a message as it stands alone.
_WITHOUT_NAMES = frozenset(
    {
        RdataType.A,
        RdataType.AAAA,
        RdataType.TXT,
        RdataType.CAA,
        RdataType.DS,
        RdataType.SSHFP,
        RdataType.TLSA,
        RdataType.HINFO,
        RdataType.SPF,
        RdataType.DNSKEY,
        RdataType.CDS,
        RdataType.CDNSKEY,
    }
)


class Expectation:
    """A question as it is sent to any server, and the answer that is expected; `head` is empty for none."""

    __slots__ = ("body", "fixed", "further", "glue", "head", "rdatas", "rdtype", "section", "start")

    def __init__(self, rdtype: RdataType, section: bytes, head: bytes, body: bytes = b"") -> None:
        """Begin with an answer of nothing; `body` is the query without its id, the plain one unless told."""
        self.rdtype = rdtype
        self.head = head
        self.start = self.section = section
        self.body = body or wire.body(section)
        self.fixed = b""
        self.rdatas: Sequence[bytes] = ()
        self.glue: Sequence[bytes] = ()
        self.further: Callable[[bytes, Expectation], bool] | None = None

    @property
    def qname(self) -> Name:
        """The name that is asked for."""
        return name_of_octets(self.section)

    def question(self, server: Server) -> Question:
        """Return the question to one server."""
        return Question(server, self.qname, self.rdtype)


def unforeseen(question: Question) -> Expectation:
    """Return the question without a notion of its answer: every answer is decoded."""
    section = wire.section(question.qname, question.rdtype)
    return Expectation(question.rdtype, section, b"", wire.query(question, 0, edns=True)[2:])


def nothing(qname: Name, rdtype: RdataType, rcode: Rcode) -> Expectation:
    """Return the question whose answer holds no record: NODATA by NOERROR, or NXDOMAIN."""
    found = Expectation(rdtype, wire.section(qname, rdtype), _HEAD_OF_NOTHING[rcode])
    found.further = is_nothing
    return found


def exactly(qname: Name, rrset: RRset) -> Expectation:
    """Return the question whose answer is exactly this set, asked at a name that may be a wildcard's instance."""
    rdtype = rrset.rdtype
    section = wire.section(qname, rdtype)
    if rrset.ttl is None or not can_be_foretold(rdtype):
        return Expectation(rdtype, section, b"")
    rdatas = [_octets(rdata) for rdata in rrset.rdatas]
    return exactly_octets(section, rdtype, fixed_of(rdtype, rrset.ttl), rdatas)


def can_be_foretold(rdtype: RdataType) -> bool:
    """Tell whether it is known how servers write the rdata of this type."""
    return rdtype in _WITHOUT_NAMES or rdtype in _NAME_AT


def fixed_of(rdtype: RdataType, ttl: int) -> bytes:
    """Return what stands before each rdata of an answer, and its length."""
    return _FIXED.pack(_OWNER, rdtype, RdataClass.IN, ttl)


def exactly_octets(section: bytes, rdtype: RdataType, fixed: bytes, rdatas: list[bytes]) -> Expectation:
    """Return what `exactly` does of a question's section and rdatas in wire form, of a type that it foretells.

    Names in rdata are in full; `fixed` is that of `fixed_of`.
    """
    count = len(rdatas)
    found = Expectation(rdtype, section, _HEAD_OF_ONE if count == 1 else _HEAD.pack(_ANSWERED, 1, count))
    found.fixed = fixed
    if count == 1 and rdtype in _WITHOUT_NAMES:
        rdata = rdatas[0]
        found.start = b"".join((section, fixed, len(rdata).to_bytes(2, "big"), rdata))
        found.further = has_no_other_code
    else:
        rdatas.sort()
        found.rdatas = rdatas
        found.further = has_records
    return found


def referral(qname: Name, rdtype: RdataType, delegation: RRset, glue: Sequence[RRset]) -> Expectation:
    """Return the question that is answered by a referral to this NS set, with exactly these addresses."""
    found = Expectation(rdtype, wire.section(qname, rdtype), _HEAD.pack(_REFERRED, 1, 0))
    found.rdatas = _records(delegation)
    found.glue = sorted([record for rrset in glue for record in _records(rrset)])
    found.further = is_referral
    return found


def referred_alike(qname: Name, rdtype: RdataType, other: Expectation) -> Expectation:
    """Return a question that is answered by the same referral as another."""
    found = Expectation(rdtype, wire.section(qname, rdtype), other.head)
    found.rdatas, found.glue, found.further = other.rdatas, other.glue, other.further
    return found


def _records(rrset: RRset) -> list[bytes]:
    """Return the records of a set in wire form, sorted."""
    fixed = octets_of(rrset.owner) + struct.pack("!HHI", rrset.rdtype, RdataClass.IN, rrset.ttl or 0)
    return sorted([fixed + _octets(rdata) for rdata in rrset.rdatas])


def says_so(packet: bytes, expectation: Expectation) -> bool:
    """Tell whether the message, whose id is right, is exactly the answer that was expected.

    The loop of the UDP line spells these comparisons out, since they settle most answers.
    """
    return (
        packet[2:8] == expectation.head
        and packet.startswith(expectation.start, _HEADER_LENGTH)
        and (expectation.further is None or expectation.further(packet, expectation))
    )


def has_records(packet: bytes, expectation: Expectation) -> bool:
    """Tell whether the answer section, whose place and count are right, holds exactly the expected rdatas."""
    at = _HEADER_LENGTH + len(expectation.section)
    fixed, expected = expectation.fixed, expectation.rdatas
    name_at = _NAME_AT.get(expectation.rdtype)
    found = []
    try:
        for _ in expected:
            if not packet.startswith(fixed, at):
                return False
            begin = at + 12
            at = begin + (packet[begin - 2] << 8 | packet[begin - 1])
            rdata = packet[begin:at]
            if name_at is not None and rdata not in expected:
                rdata = rdata[:name_at] + _name(packet, begin + name_at, at)
            found.append(rdata)
    except IndexError:
        return False
    found.sort()
    return found == expected and at <= len(packet) and _keeps_code(packet, packet.find(_OPT, at))


def has_no_other_code(packet: bytes, expectation: Expectation) -> bool:
    """Tell whether the code of the header stands, behind an answer that is there as a whole."""
    at = packet.find(_OPT, _HEADER_LENGTH + len(expectation.start))
    if at == len(packet) - _LENGTH_OF_OPT:  # the last record, behind which there is room for no other
        return packet[at + _EXTENDED_CODE] == 0
    return _keeps_code(packet, at)


def _keeps_code(packet: bytes, at: int) -> bool:
    """Tell whether no OPT record from `at` on, where one may be, changes the code; what looks so is in doubt."""
    while at >= 0:
        if packet[at + _EXTENDED_CODE : at + _EXTENDED_CODE + 1] != b"\0":
            return False
        at = packet.find(_OPT, at + len(_OPT))
    return True


def is_nothing(packet: bytes, expectation: Expectation) -> bool:
    """Tell whether the records behind the question are whole, and none makes another code of the header's."""
    count = int.from_bytes(packet[8:10], "big") + int.from_bytes(packet[10:12], "big")
    at = _HEADER_LENGTH + len(expectation.section)
    asked = at - 4  # where the name of the question ends
    try:
        for _ in range(count):
            length = packet[at]
            if not length:
                at += 1
            elif length >= wire.POINTER and _is_name(
                packet[(length & ~wire.POINTER) << 8 | packet[at + 1] : asked]
            ):
                at += 2  # the zone, whose name the question ends with
            else:
                owner, at = wire.name_in_full(packet, at)
                if not owner:
                    return False
            if packet[at : at + 2] == _OPT and packet[at + _EXTENDED_CODE]:
                return False
            at += 10 + (packet[at + 8] << 8 | packet[at + 9])
    except IndexError:
        return False
    return at <= len(packet)


@lru_cache(1024)
def _is_name(octets: bytes) -> bool:
    """Tell whether the octets are one name in full."""
    try:
        name, _ = wire.name_in_full(octets, 0)
    except IndexError:
        return False
    return name == octets


def is_referral(packet: bytes, expectation: Expectation) -> bool:
    """Tell whether authority and additional section, behind the question, are exactly the referral."""
    delegations = int.from_bytes(packet[8:10], "big")
    count = delegations + int.from_bytes(packet[10:12], "big")
    at = _HEADER_LENGTH + len(expectation.section)
    found = []
    try:
        for _ in range(count):
            owner, at = wire.name_in_full(packet, at)
            begin = at + 10
            fixed = packet[at : at + 8]
            at = begin + (packet[begin - 2] << 8 | packet[begin - 1])
            rdata = packet[begin:at]
            if fixed[:2] == _NS:
                rdata = _name(packet, begin, at)
            if fixed[:2] != _OPT:
                found.append(owner + fixed + rdata)
            elif fixed[_EXTENDED_CODE]:
                return False
    except IndexError:
        return False
    if at > len(packet):
        return False
    return sorted(found[:delegations]) == expectation.rdatas and sorted(found[delegations:]) == expectation.glue


_NS = int(RdataType.NS).to_bytes(2, "big")
_OPT = int(RdataType.OPT).to_bytes(2, "big")
_LENGTH_OF_OPT = 10  # octets behind its owner, without options
_EXTENDED_CODE = 4  # octets behind the owner of OPT: the upper bits of the response code (RFC 6891 section 6.1.3)


def _name(packet: bytes, at: int, end: int) -> bytes:
    """Return the name that fills the octets up to `end`, in full; no name where they hold something else."""
    name, behind = wire.name_in_full(packet, at)
    return name if behind == end else b""


def _octets(rdata: Rdata) -> bytes:
    """Return the rdata in wire form; dnspython is slow at names, and half of a zone may be names."""
    name_at = _NAME_AT.get(rdata.rdtype)
    if name_at is None:
        octets = rdata.to_wire()
        assert isinstance(octets, bytes)
        return octets
    if isinstance(rdata, NSBase):
        return octets_of(rdata.target)
    if isinstance(rdata, MX):
        return rdata.preference.to_bytes(2, "big") + octets_of(rdata.exchange)
    if isinstance(rdata, SRV):
        numbers = struct.pack("!HHH", rdata.priority, rdata.weight, rdata.port)
        return numbers + octets_of(rdata.target)
    return rdata.to_wire() or b""  # in the generic form of RFC 3597
