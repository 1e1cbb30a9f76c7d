"""RRSIG, NSEC and NSEC3: rdata -> canonical text, and that text -> octets. No IO here.

The text is what `migrator.model.signed` writes of such a record. Whatever that does not write, or what a server
may refuse, is None here.
"""

import re
import struct
from binascii import a2b_base64
from functools import lru_cache

from migrator.model.signed import (
    BASE64,
    BEFORE_SIGNATURE,
    BEFORE_TYPES,
    HASHED,
    OCTETS_OF_HASH,
    UINT8,
    UINT16,
    UINT31,
    USUAL,
    chunked,
    instant_of,
    is_below_signer,
    number_of,
    octets_of_types,
    parameters_of,
    text_of_instant,
    text_of_types,
    type_of,
    windows_of,
)
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.wires import wire_of_name

# No day that some months lack.
_INSTANT = re.compile(rb"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])(?:[01][0-9]|2[0-3])(?:[0-5][0-9]){2}")


def rrsig(rdata: bytes, context: Context) -> bytes | None:
    """Return the text of an RRSIG, whose signer may be relative to the origin."""
    tokens = rdata.split()
    if len(tokens) <= BEFORE_SIGNATURE:
        return None
    head, tag = _covered(*tokens[:4]), number_of(tokens[6], UINT16)
    expiration, inception = _instant(tokens[4]), _instant(tokens[5])
    signer, signature = context.target(tokens[7]), _signature(b"".join(tokens[8:]))
    if head is None or tag is None or expiration is None or inception is None or signer is None:
        return None
    covered, labels = head
    if signature is None or not is_below_signer(labels, signer):
        return None  # a server refuses it
    return b"%b %b %b %d %b %b" % (covered, expiration, inception, tag, signer, signature)


@lru_cache(maxsize=4096)
def _covered(covered: bytes, algorithm: bytes, labels: bytes, ttl: bytes) -> tuple[bytes, int] | None:
    """Return what stands before the times as text, and the number of labels."""
    rdtype = type_of(covered)
    numbers = [number_of(algorithm, UINT8), number_of(labels, UINT8), number_of(ttl, UINT31)]
    if rdtype is None or rdtype not in USUAL or None in numbers:
        return None
    return f"{rdtype.name} {' '.join(map(str, numbers))}".encode(), int(labels)


def _instant(token: bytes) -> bytes | None:
    return token if _INSTANT.fullmatch(token) is not None else _other_instant(token)


@lru_cache(maxsize=1024)
def _other_instant(token: bytes) -> bytes | None:
    found = instant_of(token)
    return None if found is None else text_of_instant(found).encode()


def _signature(digits: bytes) -> bytes | None:
    if not digits or BASE64.fullmatch(digits) is None:
        return None
    return chunked(digits)


def nsec(rdata: bytes, context: Context) -> bytes | None:
    """Return the text of an NSEC, whose next name may be relative to the origin."""
    tokens = rdata.split(None, 1)
    types = _types(tokens[1]) if len(tokens) > 1 else None
    following = context.target(tokens[0]) if types else None
    return None if types is None or following is None else following + types


def nsec3(rdata: bytes) -> bytes | None:
    """Return the text of an NSEC3."""
    tokens = rdata.split(None, BEFORE_TYPES)
    if len(tokens) < BEFORE_TYPES or HASHED.fullmatch(tokens[4]) is None:
        return None
    head = _parameters(*tokens[:4])
    types = _types(tokens[5]) if len(tokens) > BEFORE_TYPES else b""
    return None if head is None or types is None else b"%b %b%b" % (head, tokens[4].lower(), types)


@lru_cache(maxsize=64)
def _parameters(algorithm: bytes, flags: bytes, iterations: bytes, salt: bytes) -> bytes | None:
    if parameters_of(algorithm, flags, iterations, salt) is None:
        return None
    return b"%d %d %d %b" % (int(algorithm), int(flags), int(iterations), salt.lower())


@lru_cache(maxsize=4096)
def _types(written: bytes) -> bytes | None:
    """Return the types, each once and in their order, with a blank before each."""
    windows = windows_of(tuple(written.split()))
    text = None if windows is None else text_of_types(windows)
    return text.encode() if text else None


def octets_of_rrsig(text: bytes, *, canonical: bool = False) -> bytes:
    """Return the octets of an RRSIG's text, its signer in the letters that it has, or in small ones."""
    covered, algorithm, labels, ttl, expiration, inception, tag, signer, signature = text.split(b" ", 8)
    rdtype, times = type_of(covered), (instant_of(expiration), instant_of(inception))
    head = struct.pack("!HBBIIIH", rdtype, int(algorithm), int(labels), int(ttl), *times, int(tag))
    return head + _octets_of_signer(signer.lower() if canonical else signer) + a2b_base64(signature)


@lru_cache(maxsize=64)
def _octets_of_signer(name: bytes) -> bytes:
    return wire_of_name(name)


def octets_of_nsec(text: bytes) -> bytes:
    """Return the octets of an NSEC's text."""
    following, types = text.split(b" ", 1)
    return wire_of_name(following) + _octets_of_types(types)


def octets_of_nsec3(text: bytes) -> bytes:
    """Return the octets of an NSEC3's text."""
    algorithm, flags, iterations, salt, following, *types = text.split(b" ", BEFORE_TYPES)
    salted = b"" if salt == b"-" else bytes.fromhex(salt.decode("ascii"))
    head = struct.pack("!BBHB", int(algorithm), int(flags), int(iterations), len(salted)) + salted
    octets = int(following, 32).to_bytes(OCTETS_OF_HASH, "big")
    return b"%b%c%b%b" % (head, len(octets), octets, _octets_of_types(types[0]) if types else b"")


@lru_cache(maxsize=4096)
def _octets_of_types(types: bytes) -> bytes:
    windows = windows_of(tuple(types.split()))
    assert windows is not None
    return octets_of_types(windows)
