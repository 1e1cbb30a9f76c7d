"""Octets and text of the commonest rdata, as dnspython makes them, in a fraction of its time. No IO here.

What nine in ten records of a zone hold is an address, a name or strings. For those `canonical_octets` and
`presented` say what dnspython says; for all others they say None, and dnspython is asked. Where dnspython reads
what no server does, it is put right here too.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import Any

import dns.exception
import dns.ipv6
import dns.rdata
from dns.name import Name
from dns.rdata import GenericRdata, Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.model.names import LENGTHS, octets_of, written

# What signs a zone: see `signed`.
SIGNING_TYPES = frozenset({RdataType.RRSIG, RdataType.NSEC, RdataType.NSEC3})
# Service bindings: see `bindings`.
BINDING_TYPES = frozenset({RdataType.HTTPS, RdataType.SVCB})
_set = object.__setattr__
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
    ValueError where there is no such altitude, latitude or longitude.
    """
    from dns.rdtypes.ANY.LOC import LOC

    assert isinstance(rdata, LOC)
    altitude = round(rdata.altitude) + _ALTITUDE_BASE
    if not 0 <= altitude < 1 << 32:
        height = f"there is no altitude of {rdata.altitude / 100:.2f} m"
        raise ValueError(f"{height}; one is -100000.00 m at least and 42849672.95 m at most")
    wire = rdata.to_wire()
    assert wire is not None
    octets = wire[:-4] + altitude.to_bytes(4, "big")
    try:
        return dns.rdata.from_wire(RdataClass.IN, RdataType.LOC, octets, 0, len(octets))
    except dns.exception.FormError as exc:  # in text, dnspython looks at whole degrees alone
        raise ValueError("a latitude is 90 degrees at most, and a longitude 180") from exc


def filled(rdtype: RdataType, slots: tuple[str, ...], fields: tuple[object, ...]) -> Rdata:
    """Return rdata whose fields were checked before: dnspython's constructor checks them at thrice the cost."""
    cls = _class_of(rdtype)
    rdata = cls.__new__(cls)
    _set(rdata, "rdclass", RdataClass.IN)
    _set(rdata, "rdtype", rdtype)
    _set(rdata, "rdcomment", None)
    for slot, field in zip(slots, fields, strict=True):
        _set(rdata, slot, field)
    return rdata


def signing(rdtype: RdataType, tokens: Sequence[bytes], read: Callable[[bytes], Name | None]) -> Rdata | None:
    """Return rdata of `SIGNING_TYPES` from plain tokens, else None; `read` gives names, and may raise."""
    slots, fields_of = _signed().SIGNED[rdtype]
    fields = fields_of(tokens, read)
    return None if fields is None else filled(rdtype, slots, fields)


def binding(rdtype: RdataType, tokens: Sequence[bytes], read: Callable[[bytes], Name | None]) -> Rdata | None:
    """Return rdata of `BINDING_TYPES` from plain tokens, else None; `read` gives names, and may raise."""
    fields = _bindings().fields_of(tokens, read)
    return None if fields is None else filled(rdtype, _bindings().SLOTS, fields)


def octets_of_binding(rdata: Rdata) -> bytes:
    """Return the wire form of rdata of `BINDING_TYPES`, letters as they are."""
    found: bytes | None = None if isinstance(rdata, GenericRdata) else _bindings().octets_of_binding(rdata)
    if found is None:
        found = rdata.to_wire()
    assert found is not None
    return found


@cache
def _class_of(rdtype: RdataType) -> type[Rdata]:
    """Return the class of a type; dnspython loads it when it is first asked for."""
    found = dns.rdata.get_rdata_class(RdataClass.IN, rdtype)  # type: ignore[no-untyped-call]
    assert isinstance(found, type)
    return found


@cache
def _signed() -> ModuleType:
    from migrator.model import signed  # few zones need it

    return signed


@cache
def _bindings() -> ModuleType:
    from migrator.model import bindings  # not every zone has one

    return bindings


def _name(name: Name) -> bytes:
    return octets_of(name).lower()


def _strings(rdata: Any) -> str | None:
    strings: tuple[bytes, ...] = rdata.strings
    if b"".join(strings).translate(None, _PLAIN):
        return None  # something is to be escaped
    return " ".join([f'"{string.decode("ascii")}"' for string in strings])


_ALTITUDE_BASE = 10_000_000  # cm below the WGS 84 spheroid (RFC 1876 section 2)
_PLAIN = bytes(octet for octet in range(0x20, 0x7F) if octet not in b'"\\')
_OCTETS: _Forms = {
    RdataType.A: lambda rdata: bytes(map(int, rdata.address.split("."))),
    RdataType.AAAA: lambda rdata: dns.ipv6.inet_aton(rdata.address),
    RdataType.NS: lambda rdata: _name(rdata.target),
    RdataType.CNAME: lambda rdata: _name(rdata.target),
    RdataType.PTR: lambda rdata: _name(rdata.target),
    RdataType.DNAME: lambda rdata: _name(rdata.target),
    RdataType.MX: lambda rdata: rdata.preference.to_bytes(2, "big") + _name(rdata.exchange),
    RdataType.TXT: lambda rdata: b"".join([LENGTHS[len(string)] + string for string in rdata.strings]),
    RdataType.RRSIG: lambda rdata: _signed().octets_of_rrsig(rdata),
    RdataType.NSEC: lambda rdata: _signed().octets_of_nsec(rdata),
    RdataType.NSEC3: lambda rdata: _signed().octets_of_nsec3(rdata),
    RdataType.HTTPS: lambda rdata: _bindings().octets_of_binding(rdata),
    RdataType.SVCB: lambda rdata: _bindings().octets_of_binding(rdata),
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
    RdataType.RRSIG: lambda rdata: _signed().text_of_rrsig(rdata),
    RdataType.NSEC: lambda rdata: _signed().text_of_nsec(rdata),
    RdataType.NSEC3: lambda rdata: _signed().text_of_nsec3(rdata),
    RdataType.HTTPS: lambda rdata: _bindings().text_of_binding(rdata),
    RdataType.SVCB: lambda rdata: _bindings().text_of_binding(rdata),
}
