"""Octets that are no rdata of their type for us, and that every name server loads all the same. No IO here.

Of some types BIND, Knot and NSD look at less than a parser does: a digest of the wrong length, parameters in
AliasMode (RFC 9460 section 2.4.2), a location of a version that nobody knows. Each rule here is BIND's, which is
the strictest of the three; all were tried with BIND 9.18, Knot 3.2 and NSD 4.6 (2026-11-22).
"""

import re
from collections.abc import Callable, Iterator

from dns.rdatatype import RdataType

# Priority and weight alone: the three load it, and nothing shorter.
EMPTY_URI = 4
_TLSA_HEADER = 3
_LOC_OCTETS = 16
_EQUATOR = 1 << 31
_QUARTER, _HALF = 90 * 3_600_000, 180 * 3_600_000
_RELAYS = {0: 0, 1: 4, 2: 16}
_RELAY_NAME = 3
_LONGEST_LABEL, _LONGEST_NAME = 63, 255
_COORDINATES = 3
_WITH_QUERY = re.compile(rb"/.*\{(?:[+#./;?&]?|[^{}]*,)dns[},*:]", re.DOTALL)
_MANDATORY, _ALPN, _NO_DEFAULT_ALPN, _PORT, _IPV4, _IPV6, _DOHPATH = 0, 1, 2, 3, 4, 6, 7


def is_loaded(rdtype: RdataType, wire: bytes) -> bool:
    """Tell whether BIND, Knot and NSD load these octets, which could not be parsed as rdata of the type."""
    rule = _RULES.get(rdtype)
    return rule is not None and rule(wire)


def _is_loc(wire: bytes) -> bool:
    if wire[:1] != b"\0":
        return bool(wire)
    if len(wire) != _LOC_OCTETS:
        return False
    latitude, longitude = (int.from_bytes(wire[at : at + 4]) for at in (4, 8))
    return (
        all(map(_is_length, wire[1:4]))
        and abs(latitude - _EQUATOR) <= _QUARTER
        and abs(longitude - _EQUATOR) <= _HALF
    )


def _is_length(octet: int) -> bool:
    """Tell whether an octet is a digit from 1 to 9 and a power of ten, or 0 (RFC 1876 section 2)."""
    return octet == 0 or (1 <= octet >> 4 <= 9 and octet & 15 <= 9)  # noqa: PLR2004


def _is_position(wire: bytes) -> bool:
    """Tell whether it is three character-strings: nobody looks for numbers in them."""
    rest = wire
    for _ in range(_COORDINATES):
        if not rest or len(rest) <= rest[0]:
            return False
        rest = rest[rest[0] + 1 :]
    return not rest


def _is_relay(wire: bytes) -> bool:
    if len(wire) < 2:  # noqa: PLR2004
        return False
    kind, relay = wire[1] & 127, wire[2:]
    if kind == _RELAY_NAME:
        return after_name(relay) == b""
    return len(relay) == _RELAYS.get(kind, len(relay))


def _is_service(wire: bytes) -> bool:
    rest = after_name(wire[2:])
    if len(wire) < 2 or rest is None:  # noqa: PLR2004
        return False
    found: dict[int, bytes] = {}
    for key, value in _parameters(rest):
        if key <= max(found, default=-1) or value is None or not _FORMS.get(key, _anything)(value):
            return False
        found[key] = value
    promised = set(_keys(found.get(_MANDATORY, b"")))
    return promised <= found.keys() and (_ALPN in found or _NO_DEFAULT_ALPN not in found)


def is_path_of_doh(value: bytes) -> bool:
    """Tell whether this is a path with the variable `dns` in an expression of RFC 6570; BIND is stricter still."""
    return _WITH_QUERY.match(value) is not None


def _parameters(rest: bytes) -> Iterator[tuple[int, bytes | None]]:
    """Yield keys and values; None for a value that is cut off."""
    while rest:
        key, length, value = int.from_bytes(rest[:2]), int.from_bytes(rest[2:4]), rest[4:]
        yield key, value[:length] if len(rest) >= 4 and len(value) >= length else None  # noqa: PLR2004
        rest = value[length:]


def after_name(wire: bytes) -> bytes | None:
    """Return what follows a name that is not compressed; None where there is none."""
    at = 0
    while at < len(wire) and wire[at]:
        at += wire[at] + 1 if wire[at] <= _LONGEST_LABEL else len(wire)
    return wire[at + 1 :] if at < len(wire) and at < _LONGEST_NAME else None


def _anything(_: bytes) -> bool:
    return True


def _keys(value: bytes) -> list[int]:
    return [int.from_bytes(value[at : at + 2]) for at in range(0, len(value), 2)]


def _are_keys(value: bytes) -> bool:
    keys = _keys(value)
    return bool(keys) and not len(value) % 2 and keys == sorted(set(keys)) and keys[0] != _MANDATORY


def _are_protocols(value: bytes) -> bool:
    rest = value
    while rest and rest[0] and len(rest) > rest[0]:
        rest = rest[rest[0] + 1 :]
    return bool(value) and not rest


_FORMS: dict[int, Callable[[bytes], bool]] = {
    _MANDATORY: _are_keys,
    _ALPN: _are_protocols,
    _NO_DEFAULT_ALPN: lambda value: not value,
    _PORT: lambda value: len(value) == 2,  # noqa: PLR2004
    _IPV4: lambda value: bool(value) and not len(value) % 4,
    _IPV6: lambda value: bool(value) and not len(value) % 16,
    _DOHPATH: is_path_of_doh,
}
_RULES: dict[RdataType, Callable[[bytes], bool]] = {
    RdataType.AMTRELAY: _is_relay,
    RdataType.GPOS: _is_position,
    RdataType.HTTPS: _is_service,
    RdataType.LOC: _is_loc,
    RdataType.SMIMEA: lambda wire: len(wire) > _TLSA_HEADER,
    RdataType.SVCB: _is_service,
    RdataType.TLSA: lambda wire: len(wire) > _TLSA_HEADER,
    RdataType.URI: lambda wire: len(wire) == EMPTY_URI,
}
