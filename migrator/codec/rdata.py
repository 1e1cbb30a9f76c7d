r"""Rdata as text that certainly reads back. No IO here.

The text is the presentation form wherever that reads back to the same octets, else the generic form of
RFC 3597 section 5 (`\# 4 C0000201`). Which of the two is a function of type and octets alone.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import dns.exception
import dns.rdata
from dns.rdata import GenericRdata, Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.errors import InputError
from migrator.model.names import ROOT, plain_name
from migrator.model.rdatas import BINDING_TYPES, SIGNING_TYPES, binding, presented, signing, with_whole_altitude

if TYPE_CHECKING:
    from migrator.codec.shape import Shape

_OF_ONE_NAME = frozenset({RdataType.NS, RdataType.CNAME, RdataType.PTR, RdataType.DNAME})
_GENERIC = r"\#"


def to_text(rdata: Rdata) -> str:
    """Return one line of text that `from_text` turns into an rdata with the same octets."""
    if isinstance(rdata, GenericRdata):
        return generic_text(rdata)
    # An address, or names and numbers: what a name escapes reads back by construction. To try all others costs
    # about as much as parsing them once more.
    certain = presented(rdata)
    if certain is not None:
        return certain
    text = rdata.to_text()
    return text if _reads_back(text, rdata) else generic_text(rdata)


def type_of(shape: "Shape") -> RdataType:
    """Return the type that the field `rdtype` names; raises InputError where there is no such type."""
    text = shape.text("rdtype")
    try:
        return RdataType.make(text)
    except (dns.exception.DNSException, ValueError) as exc:
        raise shape.error("rdtype", f"'{text}' is no type of record.") from exc


def from_text(rdtype: RdataType, text: str) -> Rdata:
    """Return the rdata; raises InputError where the text is none of that type.

    Octets in the generic form that do not make sense for a known type stay a `GenericRdata` of that type.
    """
    if not text.startswith(_GENERIC):
        return _parsed(rdtype, text)
    return from_octets(rdtype, from_generic_text(rdtype, text).data)


def from_octets(rdtype: RdataType, octets: bytes) -> Rdata:
    """Return the rdata; a `GenericRdata` of its type where the octets do not make sense for it."""
    generic = GenericRdata(RdataClass.IN, rdtype, octets)
    try:
        rdata = dns.rdata.from_wire(RdataClass.IN, rdtype, octets, 0, len(octets))
    except dns.exception.DNSException:
        return generic
    return rdata if _wire(rdata) == octets else generic


def from_generic_text(rdtype: RdataType, text: str) -> GenericRdata:
    """Return the octets of the generic form as they are, also where the type is known."""
    mark, _, rest = text.partition(" ")
    length, _, digits = rest.partition(" ")
    try:
        data = bytes.fromhex(digits)
        sound = mark == _GENERIC and int(length) == len(data)
    except ValueError:
        sound = False
    if not sound:
        raise InputError(rf"'{text}' is not the generic form of rdata, as in '\# 2 C000'.")
    return GenericRdata(RdataClass.IN, rdtype, data)


def generic_text(rdata: Rdata) -> str:
    """Return the generic form of RFC 3597."""
    wire = _wire(rdata)
    return f"{_GENERIC} {len(wire)} {wire.hex().upper()}".rstrip()


def is_parsed_by_default(rdata: GenericRdata) -> bool:
    """Tell whether `from_text` would make more than a `GenericRdata` of these octets."""
    return not isinstance(from_text(rdata.rdtype, generic_text(rdata)), GenericRdata)


def is_known(rdtype: RdataType) -> bool:
    """Tell whether dnspython knows the form of this type."""
    rdata_class: object = dns.rdata.get_rdata_class(RdataClass.IN, rdtype)  # type: ignore[no-untyped-call]
    return rdata_class is not GenericRdata


def _reads_back(text: str, rdata: Rdata) -> bool:
    return _octets(rdata.rdtype, text) == _wire(rdata)


@lru_cache(maxsize=1024)
def _octets(rdtype: RdataType, text: str) -> bytes | None:
    """Return what the text reads back to, None where it does not: a look sees the same SOA a hundred times."""
    if "\n" in text:
        return None
    try:
        return _wire(_parsed(rdtype, text))
    except InputError:
        return None


def _parsed(rdtype: RdataType, text: str) -> Rdata:
    try:
        quick = _quick(rdtype, text)
        if quick is not None:
            return quick
        rdata = dns.rdata.from_text(RdataClass.IN, rdtype, text, ROOT, relativize=False)
        return with_whole_altitude(rdata) if rdtype == RdataType.LOC else rdata
    except (dns.exception.DNSException, ValueError) as exc:
        if isinstance(exc.__cause__, KeyboardInterrupt):
            raise exc.__cause__ from None  # dnspython wraps whatever falls into its reading, a Ctrl-C too
        raise InputError(f"'{text}' is no {RdataType.to_text(rdtype)} rdata: {exc}") from exc


def _quick(rdtype: RdataType, text: str) -> Rdata | None:
    """Return rdata of the commonest types in the form that `to_text` gives: four in five of most zones.

    dnspython's tokenizer takes ten times as long; its constructors check what they are given all the same.
    """
    if rdtype == RdataType.A:
        from dns.rdtypes.IN.A import A

        return A(RdataClass.IN, rdtype, text)  # type: ignore[no-untyped-call]
    if rdtype == RdataType.AAAA:
        from dns.rdtypes.IN.AAAA import AAAA

        return AAAA(RdataClass.IN, rdtype, text)  # type: ignore[no-untyped-call]
    if rdtype == RdataType.TXT and _PLAIN_STRINGS.fullmatch(text):
        from dns.rdtypes.ANY.TXT import TXT

        return TXT(RdataClass.IN, rdtype, text[1:-1].split('" "'))
    if rdtype in _OF_ONE_NAME and (name := plain_name(text)) is not None:
        rdata_class: Any = dns.rdata.get_rdata_class(RdataClass.IN, rdtype)  # type: ignore[no-untyped-call]
        rdata: Rdata = rdata_class(RdataClass.IN, rdtype, name)
        return rdata
    make = signing if rdtype in SIGNING_TYPES else binding if rdtype in BINDING_TYPES else None
    if make is not None and text.isascii():
        return make(rdtype, text.encode("ascii").split(b" "), lambda token: plain_name(token.decode("ascii")))
    return None


# Quoted strings of printable characters without an escape.
_PLAIN_STRINGS = re.compile(r'"[ !#-\[\]-~]*"(?: "[ !#-\[\]-~]*")*')


def _wire(rdata: Rdata) -> bytes:
    wire = rdata.to_wire()
    assert wire is not None
    return wire
