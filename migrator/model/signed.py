"""What signs a zone: RRSIG, NSEC and NSEC3 from tokens, as octets and as text, in their plain forms. No IO here.

A signed zone has more of them than of all other records, and dnspython takes long to read one: 0.1 to 0.2 ms.
Whatever is not plain is None here, and dnspython's to read and to write.
"""

import base64
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import dns.dnssectypes
import dns.exception
from dns.name import Name
from dns.rdatatype import RdataType, is_metatype

from migrator.model.names import LENGTHS, octets_of, plain_text

Fields = tuple[object, ...]
# Reads a name; None where it is not a plain one. It may raise what the caller knows.
Read = Callable[[bytes], Name | None]
Windows = tuple[tuple[int, bytes], ...]

# What stands before the padding has no bits but those of octets, as whoever encodes writes it.
BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?")
# The hash of a name: SHA-1 is the one algorithm that there is (RFC 5155 section 11).
HASHED = re.compile(rb"[0-9A-Va-v]{32}")
OCTETS_OF_HASH = 20
_SALT = re.compile(rb"(?:[0-9A-Fa-f]{2}){1,255}")
_NUMBER = re.compile(rb"[0-9]{1,10}")
_TYPE = re.compile(rb"[A-Z][A-Z0-9]*")
# Tokens before the signature of an RRSIG, and before the types of an NSEC3.
BEFORE_SIGNATURE, BEFORE_TYPES = 8, 5
UINT8, UINT16, UINT31, _UINT32 = 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF
_CHUNK = 32
# These every server knows by name.
USUAL = frozenset(
    (
        *(RdataType.A, RdataType.AAAA, RdataType.NS, RdataType.CNAME, RdataType.SOA, RdataType.MX, RdataType.TXT),
        *(RdataType.PTR, RdataType.SRV, RdataType.CAA, RdataType.NAPTR, RdataType.TLSA, RdataType.SSHFP),
        *(RdataType.DS, RdataType.DNSKEY, RdataType.RRSIG, RdataType.NSEC, RdataType.NSEC3, RdataType.NSEC3PARAM),
    )
)


def _rrsig(tokens: Sequence[bytes], read: Read) -> Fields | None:
    if len(tokens) <= BEFORE_SIGNATURE:
        return None
    signature = tokens[8] if len(tokens) == BEFORE_SIGNATURE + 1 else b"".join(tokens[8:])
    if not signature or BASE64.fullmatch(signature) is None:
        return None
    head = _signed(*tokens[:7])
    signer = None if head is None else read(tokens[7])
    return None if head is None or signer is None else (*head, signer, base64.b64decode(signature))


@lru_cache(maxsize=4096)
def _signed(
    covered: bytes, algorithm: bytes, labels: bytes, ttl: bytes, expiration: bytes, inception: bytes, tag: bytes
) -> Fields | None:
    """Return all fields before the signer, of which a zone has few kinds."""
    rdtype, number = type_of(covered), number_of(algorithm, UINT8)
    times = instant_of(expiration), instant_of(inception)
    others = number_of(labels, UINT8), number_of(ttl, UINT31), *times, number_of(tag, UINT16)
    if rdtype is None or number is None or None in others:
        return None
    return rdtype, dns.dnssectypes.Algorithm.make(number), *others


def _nsec(tokens: Sequence[bytes], read: Read) -> Fields | None:
    windows = windows_of(tuple(tokens[1:])) if tokens and tokens[0][:1] != b"\\" else None
    following = None if windows is None else read(tokens[0])
    return None if following is None else (following, windows)


def _nsec3(tokens: Sequence[bytes], _: Read) -> Fields | None:
    if len(tokens) < BEFORE_TYPES or HASHED.fullmatch(tokens[4]) is None:
        return None
    head, windows = parameters_of(*tokens[:4]), windows_of(tuple(tokens[5:]))
    if head is None or windows is None:
        return None
    return *head, int(tokens[4], 32).to_bytes(OCTETS_OF_HASH, "big"), windows


@lru_cache(maxsize=64)
def parameters_of(algorithm: bytes, flags: bytes, iterations: bytes, salt: bytes) -> Fields | None:
    """Return hash algorithm, flags, iterations and salt of an NSEC3 record; None where they are not plain."""
    numbers = number_of(algorithm, UINT8), number_of(flags, UINT8), number_of(iterations, UINT16)
    if None in numbers or (salt != b"-" and _SALT.fullmatch(salt) is None):
        return None
    return *numbers, b"" if salt == b"-" else bytes.fromhex(salt.decode("ascii"))


@lru_cache(maxsize=4096)
def windows_of(types: tuple[bytes, ...]) -> Windows | None:
    """Return the bitmap of types, as dnspython has it; None where one is not written in its usual way."""
    from dns.rdtypes.util import Bitmap

    found = [rdtype for rdtype in map(type_of, types) if rdtype is not None]
    return tuple(Bitmap.from_rdtypes(found).windows) if len(found) == len(types) else None


@lru_cache(maxsize=256)
def type_of(token: bytes) -> RdataType | None:
    """Return a type of records by its name; None where dnspython must look."""
    if _TYPE.fullmatch(token) is None:
        return None
    try:
        found = RdataType.make(token.decode("ascii"))
    except (dns.exception.DNSException, ValueError):
        return None
    return None if found == RdataType.NONE or is_metatype(found) else found


@lru_cache(maxsize=1024)
def instant_of(token: bytes) -> int | None:
    """Return seconds since 1970 of `YYYYMMDDHHmmSS`, or of such seconds (RFC 4034 section 3.2)."""
    from dns.rdtypes.rrsigbase import sigtime_to_posixtime

    try:
        found: int = sigtime_to_posixtime(token.decode("ascii"))  # type: ignore[no-untyped-call]
    except (dns.exception.DNSException, ValueError):
        return None
    return found if 0 <= found <= _UINT32 else None  # a date before 1970 is less


def number_of(token: bytes, bound: int) -> int | None:
    """Return a number up to the bound; None for anything else."""
    return int(token) if _NUMBER.fullmatch(token) is not None and int(token) <= bound else None


# For each type, the slots of dnspython's class, and what fills them from tokens.
SIGNED: Mapping[RdataType, tuple[tuple[str, ...], Callable[[Sequence[bytes], Read], Fields | None]]]
SIGNED = MappingProxyType(
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


def chunked(digits: bytes) -> bytes:
    """Return the digits of a signature with blanks between them, as they are written."""
    return b" ".join([digits[at : at + _CHUNK] for at in range(0, len(digits), _CHUNK)])


def is_below_signer(labels: int, signer: bytes) -> bool:
    """Tell whether an owner of so many labels may be below its signer, a plain name (RFC 4034 section 3.1.3)."""
    return labels >= (0 if signer == b"." else signer.count(b"."))


def octets_of_rrsig(rdata: Any) -> bytes:
    """Return the canonical wire form of an RRSIG record."""
    numbers = rdata.type_covered, rdata.algorithm, rdata.labels, rdata.original_ttl, rdata.expiration
    head = struct.pack("!HBBIIIH", *numbers, rdata.inception, rdata.key_tag)
    signature: bytes = rdata.signature
    return head + octets_of(rdata.signer).lower() + signature


def octets_of_nsec(rdata: Any) -> bytes:
    """Return the canonical wire form of an NSEC record, whose name keeps its letters (RFC 6840 section 5.1)."""
    return octets_of(rdata.next) + octets_of_types(rdata.windows)


def octets_of_nsec3(rdata: Any) -> bytes:
    """Return the wire form of an NSEC3 record."""
    salt, following = rdata.salt, rdata.next
    head = struct.pack("!BBHB", rdata.algorithm, rdata.flags, rdata.iterations, len(salt))
    return b"".join((head, salt, LENGTHS[len(following)], following, octets_of_types(rdata.windows)))


def octets_of_types(windows: Windows) -> bytes:
    """Return the bitmap of types in wire form (RFC 4034 section 4.1.2)."""
    return b"".join([LENGTHS[window] + LENGTHS[len(bitmap)] + bitmap for window, bitmap in windows])


def text_of_rrsig(rdata: Any) -> str | None:
    """Return the presentation form of an RRSIG record, which every server reads; None where it is not plain."""
    signer = plain_text(rdata.signer)
    if signer is None or rdata.type_covered not in USUAL or not rdata.signature:
        return None
    chunks = chunked(base64.b64encode(rdata.signature)).decode("ascii")
    times = f"{text_of_instant(rdata.expiration)} {text_of_instant(rdata.inception)}"
    head = f"{rdata.type_covered.name} {int(rdata.algorithm)} {rdata.labels} {rdata.original_ttl} {times}"
    return f"{head} {rdata.key_tag} {signer} {chunks}"


def text_of_nsec(rdata: Any) -> str | None:
    """Return the presentation form of an NSEC record, which every server reads; None where it is not plain."""
    following, types = plain_text(rdata.next), text_of_types(rdata.windows)
    return None if following is None or types is None else f"{following}{types}"


def text_of_nsec3(rdata: Any) -> str | None:
    """Return the presentation form of an NSEC3 record, which every server reads; None where it is not plain."""
    types = text_of_types(rdata.windows)
    if types is None or len(rdata.next) != OCTETS_OF_HASH:
        return None
    salt, following = rdata.salt.hex() or "-", base64.b32hexencode(rdata.next).lower().decode("ascii")
    return f"{rdata.algorithm} {rdata.flags} {rdata.iterations} {salt} {following}{types}"


@lru_cache(maxsize=1024)
def text_of_instant(seconds: int) -> str:
    """Return seconds since 1970 as `YYYYMMDDHHmmSS`."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y%m%d%H%M%S}"


@lru_cache(maxsize=4096)
def text_of_types(windows: Windows) -> str | None:
    """Return the types with a blank before each; None where one is none of the usual."""
    numbers = [
        window * 256 + octet * 8 + bit
        for window, bitmap in windows
        for octet, bits in enumerate(bitmap)
        for bit in range(8)
        if bits & 0x80 >> bit
    ]
    types = [*map(RdataType.make, numbers)]
    return "".join([f" {rdtype.name}" for rdtype in types]) if USUAL.issuperset(types) else None
