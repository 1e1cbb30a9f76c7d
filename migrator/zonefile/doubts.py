"""Text of rdata that dnspython takes and servers refuse. No IO here.

What it means is plain, and so it is kept; that no server loads the line is told.
"""

import base64
from collections.abc import Mapping
from types import MappingProxyType

from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.zonefile.fields import octets_of

_SHA1, _SHA1_OCTETS = 1, 20


def doubt_of(rdata: Rdata, tokens: list[bytes]) -> str:
    """Return why servers refuse the rdata that was read from the tokens; empty where nothing speaks for it."""
    if rdata.rdtype == RdataType.NSEC3:
        return _hash_doubt(rdata)
    if rdata.rdtype == RdataType.NSAP and rdata.to_wire() == b"":
        return "its address is empty"
    return "" if all(map(_is_whole, _base64_of(rdata.rdtype, tokens))) else _MORE_THAN_OCTETS


def _hash_doubt(rdata: Rdata) -> str:
    from dns.rdtypes.ANY.NSEC3 import NSEC3

    if not isinstance(rdata, NSEC3) or rdata.algorithm != _SHA1 or len(rdata.next) == _SHA1_OCTETS:
        return ""
    return f"its next hashed owner has {len(rdata.next)} octets, and a SHA-1 hash has {_SHA1_OCTETS}"


def _base64_of(rdtype: RdataType, tokens: list[bytes]) -> list[bytes]:
    """Return the base64 texts among the tokens."""
    if rdtype in _BINDINGS:
        return [octets_of(token[4:]) for token in tokens if token[:4] == b"ech="]
    place = _BASE64.get(rdtype)
    return [] if place is None else [octets_of(b"".join(tokens[place]))]


def _is_whole(text: bytes) -> bool:
    """Tell whether base64 text says its octets and nothing else: Python passes over what is left of it."""
    return base64.b64encode(base64.b64decode(text)) == text


# BIND and NSD refuse either (9.18 and 4.6, 2026-11-23); Knot 3.2 takes the bits.
_MORE_THAN_OCTETS = "its base64 text has more at its end than its octets need, as where it was cut or mistyped"
_BINDINGS = frozenset({RdataType.SVCB, RdataType.HTTPS})
_BASE64: Mapping[RdataType, slice] = MappingProxyType(
    {
        RdataType.BRID: slice(None),
        RdataType.CDNSKEY: slice(3, None),
        RdataType.CERT: slice(3, None),
        RdataType.DHCID: slice(None),
        RdataType.DNSKEY: slice(3, None),
        RdataType.HHIT: slice(None),
        RdataType.HIP: slice(2, 3),
        RdataType.IPSECKEY: slice(4, None),
        RdataType.KEY: slice(3, None),
        RdataType.OPENPGPKEY: slice(None),
        RdataType.RRSIG: slice(8, None),
        RdataType.SIG: slice(8, None),
    }
)
