"""How much room an RRset takes in a DNS message, which is what an answer has to fit into. No IO here."""

from io import BytesIO

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.rrset import RRset, canonical_wire

LARGEST_MESSAGE = 65_535  # RFC 1035 section 4.2.2: two octets of length over TCP
_HEADER = 12
_OF_QUESTION = 4  # type and class
_OF_RECORD = 12  # a pointer to the owner, type, class, TTL, length
# Types of which a record has no more than two names and some numbers, and so many that they fit for certain.
_BOUNDED = frozenset(
    {
        RdataType.A,
        RdataType.AAAA,
        RdataType.CNAME,
        RdataType.DNAME,
        RdataType.MX,
        RdataType.NS,
        RdataType.PTR,
        RdataType.SOA,
        RdataType.SRV,
    }
)
_FEW = 100


def fits_into_message(rrset: RRset) -> bool:
    """Tell whether an answer can hold the RRset: one that is larger no server can give whole, not even by TCP."""
    count = len(rrset.rdatas)
    if count < _FEW and rrset.rdtype in _BOUNDED:
        return True
    fixed = _HEADER + _OF_QUESTION + _OF_RECORD * count
    octets = sum(len(canonical_wire(rdata)) for rdata in rrset.rdatas)
    if fixed + sum(len(label) + 1 for label in rrset.owner.labels) + octets <= LARGEST_MESSAGE:
        return True
    return fixed + _compressed_octets(rrset) <= LARGEST_MESSAGE


def _compressed_octets(rrset: RRset) -> int:
    """Return the octets of the owner and of all rdata, names written once (RFC 1035 section 4.1.4)."""
    written, seen = BytesIO(), dict[Name, int]()
    written.seek(_HEADER)
    rrset.owner.to_wire(written, seen)
    for rdata in rrset.rdatas:
        rdata.to_wire(written, seen)
    return written.tell() - _HEADER
