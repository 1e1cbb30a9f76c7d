"""What signs a zone -> rdata: RRSIG, NSEC and NSEC3, straight from their tokens where these are plain. No IO here.

A signed zone has more of them than of all other records, and dnspython takes a quarter of a millisecond for each.
"""

import base64
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import dns.dnssectypes
import dns.exception
from dns.rdatatype import RdataType, is_metatype
from dns.rdtypes.ANY import NSEC
from dns.rdtypes.rrsigbase import sigtime_to_posixtime

from migrator.zonefile.fields import Names

Fields = tuple[object, ...]
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
# The hash of a name: SHA-1 is the one algorithm that there is (RFC 5155 section 11).
_HASHED = re.compile(rb"[0-9A-Va-v]{32}")
_SALT = re.compile(rb"(?:[0-9A-Fa-f]{2}){1,255}")
_NUMBER = re.compile(rb"[0-9]{1,10}")
_TYPE = re.compile(rb"[A-Z][A-Z0-9]*|TYPE[1-9][0-9]{0,4}")
_SIGNED_FIELDS, _HASHED_FIELDS = 8, 5
_UINT8, _UINT16, _UINT31, _UINT32 = 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF


def _rrsig(tokens: list[bytes], names: Names) -> Fields | None:
    """Return the fields of an RRSIG record; None where they are not plain; raises Unreadable for a bad name."""
    if len(tokens) <= _SIGNED_FIELDS:
        return None
    signature = tokens[8] if len(tokens) == _SIGNED_FIELDS + 1 else b"".join(tokens[8:])
    if not signature or _BASE64.fullmatch(signature) is None:
        return None
    head = _signed(*tokens[:7])
    return None if head is None else (*head, names.read(tokens[7]), base64.b64decode(signature))


@lru_cache(maxsize=4096)
def _signed(
    covered: bytes, algorithm: bytes, labels: bytes, ttl: bytes, expiration: bytes, inception: bytes, tag: bytes
) -> Fields | None:
    """Return all fields before the signer, of which a zone has few kinds."""
    rdtype, number = _type(covered), _number(algorithm, _UINT8)
    others = (
        _number(labels, _UINT8),
        _number(ttl, _UINT31),
        _time(expiration),
        _time(inception),
        _number(tag, _UINT16),
    )
    if rdtype is None or number is None or None in others:
        return None
    return rdtype, dns.dnssectypes.Algorithm.make(number), *others


def _nsec(tokens: list[bytes], names: Names) -> Fields | None:
    """Return the fields of an NSEC record; None where they are not plain; raises Unreadable for a bad name."""
    windows = _windows(tuple(tokens[1:])) if tokens and tokens[0][:1] != b"\\" else None
    return None if windows is None else (names.read(tokens[0]), windows)


def _nsec3(tokens: list[bytes], _: Names) -> Fields | None:
    """Return the fields of an NSEC3 record; None where they are not plain."""
    if len(tokens) < _HASHED_FIELDS or _HASHED.fullmatch(tokens[4]) is None:
        return None
    head, windows = _hashed(*tokens[:4]), _windows(tuple(tokens[5:]))
    if head is None or windows is None:
        return None
    return *head, int(tokens[4], 32).to_bytes(20, "big"), windows


@lru_cache(maxsize=64)
def _hashed(algorithm: bytes, flags: bytes, iterations: bytes, salt: bytes) -> Fields | None:
    numbers = _number(algorithm, _UINT8), _number(flags, _UINT8), _number(iterations, _UINT16)
    if None in numbers or (salt != b"-" and _SALT.fullmatch(salt) is None):
        return None
    return *numbers, b"" if salt == b"-" else bytes.fromhex(salt.decode("ascii"))


@lru_cache(maxsize=4096)
def _windows(types: tuple[bytes, ...]) -> tuple[tuple[int, bytes], ...] | None:
    """Return the bitmap of types, as dnspython has it; None where one is not written in its usual way."""
    found = [rdtype for rdtype in map(_type, types) if rdtype is not None]
    return tuple(NSEC.Bitmap.from_rdtypes(found).windows) if len(found) == len(types) else None


@lru_cache(maxsize=256)
def _type(token: bytes) -> RdataType | None:
    """Return a type of records by its name; None where dnspython must look."""
    if _TYPE.fullmatch(token) is None:
        return None
    try:
        found = RdataType.make(token.decode("ascii"))
    except (dns.exception.DNSException, ValueError):
        return None
    return None if found == RdataType.NONE or is_metatype(found) else found


@lru_cache(maxsize=1024)
def _time(token: bytes) -> int | None:
    try:
        found: int = sigtime_to_posixtime(token.decode("ascii"))  # type: ignore[no-untyped-call]
    except (dns.exception.DNSException, ValueError):
        return None
    return found if found <= _UINT32 else None


def _number(token: bytes, bound: int) -> int | None:
    return int(token) if _NUMBER.fullmatch(token) is not None and int(token) <= bound else None


# For each type, the slots of dnspython's class, and what fills them.
SIGNED: Mapping[RdataType, tuple[tuple[str, ...], Callable[[list[bytes], Names], Fields | None]]] = (
    MappingProxyType(
        {
            RdataType.RRSIG: (
                (
                    *("type_covered", "algorithm", "labels", "original_ttl", "expiration", "inception"),
                    *("key_tag", "signer", "signature"),
                ),
                _rrsig,
            ),
            RdataType.NSEC: (("next", "windows"), _nsec),
            RdataType.NSEC3: (("algorithm", "flags", "iterations", "salt", "next", "windows"), _nsec3),
        }
    )
)
