"""Octets and text of the commonest rdata, as dnspython makes them, in a fraction of its time. No IO here.

What nine in ten records of a zone hold is an address, a name or strings. For those `canonical_octets` and
`presented` say what dnspython says; for all others they say None, and dnspython is asked. Where dnspython reads
what no server does, it is put right here too.
"""

import struct
from collections.abc import Callable, Mapping
from typing import Any

import dns.ipv6
import dns.rdata
from dns.name import Name
from dns.rdata import GenericRdata, Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.model.names import octets_of, written

# Each takes a class of dnspython that has no type annotations.
_Forms = Mapping[RdataType, Callable[[Any], Any]]


def canonical_octets(rdata: Rdata) -> bytes | None:
    """Return the canonical wire form (RFC 4034 section 6.2); None for what is none of the commonest."""
    form = _OCTETS.get(rdata.rdtype)
    return None if form is None or isinstance(rdata, GenericRdata) else form(rdata)


def presented(rdata: Rdata) -> str | None:
    """Return the presentation form with names in full; None for what is none of the commonest."""
    form = _TEXTS.get(rdata.rdtype)
    return None if form is None or isinstance(rdata, GenericRdata) else form(rdata)


def with_whole_altitude(rdata: Rdata) -> Rdata:
    """Return LOC rdata that was read from text with the altitude that stood there, to the centimetre.

    For dnspython, 1188088.40 m are 118808839.99... cm, of which it cuts off what is no whole one. Raises
    ValueError where there is no such altitude.
    """
    from dns.rdtypes.ANY.LOC import LOC

    assert isinstance(rdata, LOC)
    altitude = round(rdata.altitude) + _ALTITUDE_BASE
    if not 0 <= altitude < 1 << 32:
        raise ValueError(f"there is no altitude of {rdata.altitude / 100} m")
    wire = rdata.to_wire()
    assert wire is not None
    octets = wire[:-4] + altitude.to_bytes(4, "big")
    return dns.rdata.from_wire(RdataClass.IN, RdataType.LOC, octets, 0, len(octets))


def _name(name: Name) -> bytes:
    return octets_of(name).lower()


def _signature(rdata: Any) -> bytes:
    numbers = rdata.type_covered, rdata.algorithm, rdata.labels, rdata.original_ttl, rdata.expiration
    head = struct.pack("!HBBIIIH", *numbers, rdata.inception, rdata.key_tag)
    signature: bytes = rdata.signature
    return head + _name(rdata.signer) + signature


def _hashed(rdata: Any) -> bytes:
    salt, following = rdata.salt, rdata.next
    head = struct.pack("!BBHB", rdata.algorithm, rdata.flags, rdata.iterations, len(salt))
    return b"".join((head, salt, _LENGTHS[len(following)], following, _windows(rdata)))


def _windows(rdata: Any) -> bytes:
    return b"".join([_LENGTHS[window] + _LENGTHS[len(bitmap)] + bitmap for window, bitmap in rdata.windows])


def _strings(rdata: Any) -> str | None:
    strings: tuple[bytes, ...] = rdata.strings
    if b"".join(strings).translate(None, _PLAIN):
        return None  # something is to be escaped
    return " ".join([f'"{string.decode("ascii")}"' for string in strings])


_ALTITUDE_BASE = 10_000_000  # cm below the WGS 84 spheroid (RFC 1876 section 2)
_PLAIN = bytes(octet for octet in range(0x20, 0x7F) if octet not in b'"\\')
_LENGTHS = [bytes((length,)) for length in range(256)]
_OCTETS: _Forms = {
    RdataType.A: lambda rdata: bytes(map(int, rdata.address.split("."))),
    RdataType.AAAA: lambda rdata: dns.ipv6.inet_aton(rdata.address),
    RdataType.NS: lambda rdata: _name(rdata.target),
    RdataType.CNAME: lambda rdata: _name(rdata.target),
    RdataType.PTR: lambda rdata: _name(rdata.target),
    RdataType.DNAME: lambda rdata: _name(rdata.target),
    RdataType.MX: lambda rdata: rdata.preference.to_bytes(2, "big") + _name(rdata.exchange),
    RdataType.TXT: lambda rdata: b"".join([_LENGTHS[len(string)] + string for string in rdata.strings]),
    RdataType.RRSIG: _signature,
    # Its name keeps its letters (RFC 6840 section 5.1).
    RdataType.NSEC: lambda rdata: octets_of(rdata.next) + _windows(rdata),
    RdataType.NSEC3: _hashed,
}
_TEXTS: _Forms = {
    RdataType.A: lambda rdata: rdata.address,
    RdataType.AAAA: lambda rdata: rdata.address,
    RdataType.NS: lambda rdata: written(rdata.target),
    RdataType.CNAME: lambda rdata: written(rdata.target),
    RdataType.PTR: lambda rdata: written(rdata.target),
    RdataType.DNAME: lambda rdata: written(rdata.target),
    RdataType.MX: lambda rdata: f"{rdata.preference} {written(rdata.exchange)}",
    RdataType.TXT: _strings,
}
