"""Digests whose length is not that of their hash: servers answer them, and dnspython refuses them. No IO here.

A zone file's record of this kind is kept octet by octet, and so is a provider's: then both say the same. Digits
that make up no octets remain unreadable.
"""

from collections.abc import Mapping, Sequence
from struct import Struct
from types import MappingProxyType

from dns.rdata import GenericRdata, Rdata
from dns.rdatatype import RdataType

from migrator.codec.rdata import from_octets, is_parsed_by_default
from migrator.model.names import ROOT
from migrator.zonefile.fields import Names, Unreadable
from migrator.zonefile.wires import refused_wire

# The numbers before the digest.
_HEADS: Mapping[RdataType, Struct] = MappingProxyType(
    {
        RdataType.DS: Struct("!HBB"),
        RdataType.SMIMEA: Struct("!BBB"),
        RdataType.SSHFP: Struct("!BB"),
        RdataType.TLSA: Struct("!BBB"),
    }
)


def with_digest(rdtype: RdataType, numbers: Sequence[int], digest: bytes) -> Rdata:
    """Return the rdata; a `GenericRdata` of its type where the digest is not as long as its hash."""
    return from_octets(rdtype, _HEADS[rdtype].pack(*numbers) + digest)


def of_odd_text(rdtype: RdataType, text: str) -> Rdata | None:
    """Return what text means that dnspython refused for the length of its digest; None where it refused more."""
    if rdtype not in _HEADS:
        return None
    try:
        wire = refused_wire(rdtype, text.encode().split(), Names(ROOT))
    except Unreadable:
        return None
    return None if wire is None else from_octets(rdtype, wire)


def parts_of(rdata: Rdata) -> tuple[tuple[int, ...], bytes] | None:
    """Return the numbers and the digest; None where the octets do not even make up the numbers."""
    wire = rdata.to_wire()
    assert wire is not None
    head = _HEADS[rdata.rdtype]
    return None if len(wire) < head.size else (head.unpack_from(wire), wire[head.size :])


def odd_digest(rdata: Rdata) -> bytes | None:
    """Return the digest of rdata that is kept because of its length alone, else None."""
    if not isinstance(rdata, GenericRdata) or rdata.rdtype not in _HEADS or is_parsed_by_default(rdata):
        return None
    parts = parts_of(rdata)
    return None if parts is None else parts[1]


def said_of(digest: bytes) -> str:
    """Return what to tell of such a record."""
    return f"A digest of {len(digest)} octets is not as long as its hash. The record is kept octet by octet."
