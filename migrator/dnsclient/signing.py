"""RRSIG, NSEC and NSEC3 of a message as canonical text, where they are of a plain kind. No IO here.

The text is that of `migrator/zonefile/fast/signing.py`. Names in these are never compressed (RFC 3597 section 4);
what has one that is, is not plain.
"""

import base64
from collections.abc import Callable
from functools import lru_cache

from dns.rdatatype import RdataType

from migrator.dnsclient.wire import MalformedMessageError
from migrator.model.signed import (
    OCTETS_OF_HASH,
    UINT31,
    USUAL,
    Windows,
    chunked,
    is_below_signer,
    octets_of_types,
    text_of_instant,
    text_of_types,
    windows_of,
)

# Returns the text of the name at a place of the message, and where it ends.
_Name = Callable[[int], tuple[bytes | None, int]]
_BEFORE_SIGNER, _BEFORE_SALT = 18, 5


def rrsig(name: _Name, message: bytes, begin: int, end: int) -> bytes | None:
    """Return the text of the RRSIG between two places."""
    if end - begin <= _BEFORE_SIGNER:
        return None
    signer, behind = _uncompressed(name, begin + _BEFORE_SIGNER, end)
    covered = _covered(message[begin : begin + 8])
    if signer is None or covered is None or behind == end:
        return None
    if not is_below_signer(message[begin + 3], signer):
        return None  # a server refuses it
    expiration, inception, tag = (
        int.from_bytes(message[at:until], "big")
        for at, until in ((begin + 8, begin + 12), (begin + 12, begin + 16), (begin + 16, begin + 18))
    )
    times = text_of_instant(expiration).encode(), text_of_instant(inception).encode()
    return b"%b %b %b %d %b %b" % (covered, *times, tag, signer, chunked(base64.b64encode(message[behind:end])))


@lru_cache(maxsize=4096)
def _covered(octets: bytes) -> bytes | None:
    """Return covered type, algorithm, labels and original TTL."""
    rdtype, ttl = RdataType.make(int.from_bytes(octets[:2], "big")), int.from_bytes(octets[4:], "big")
    return f"{rdtype.name} {octets[2]} {octets[3]} {ttl}".encode() if rdtype in USUAL and ttl <= UINT31 else None


def nsec(name: _Name, message: bytes, begin: int, end: int) -> bytes | None:
    """Return the text of the NSEC between two places."""
    following, behind = _uncompressed(name, begin, end)
    types = _types(message[behind:end])
    return following + types if following and types else None


def nsec3(message: bytes, begin: int, end: int) -> bytes | None:
    """Return the text of the NSEC3 between two places."""
    rdata = message[begin:end]
    hashed = _BEFORE_SALT + rdata[4] if len(rdata) >= _BEFORE_SALT else len(rdata)
    behind = hashed + 1 + OCTETS_OF_HASH
    types = _types(rdata[behind:])
    if behind > len(rdata) or rdata[hashed] != OCTETS_OF_HASH or types is None:
        return None
    salt = rdata[_BEFORE_SALT:hashed].hex().encode() or b"-"
    following = base64.b32hexencode(rdata[hashed + 1 : behind]).lower()
    return b"%d %d %d %b %b%b" % (*rdata[:2], int.from_bytes(rdata[2:4], "big"), salt, following, types)


def _uncompressed(name: _Name, at: int, end: int) -> tuple[bytes | None, int]:
    """Return a name that is written out, and where it ends; None for any other."""
    try:
        text, behind = name(at)
    except (MalformedMessageError, IndexError):
        return None, end
    if text is None or behind > end or behind - at != len(text) + 1:
        return None, end
    return text or b".", behind


@lru_cache(maxsize=4096)
def _types(octets: bytes) -> bytes | None:
    """Return the types of a bitmap with a blank before each; None where it is not written in its one way."""
    windows = _windows(octets)
    text = None if windows is None else text_of_types(windows)
    again = None if text is None else windows_of(tuple(text.encode().split()))
    return text.encode() if text is not None and again is not None and octets_of_types(again) == octets else None


def _windows(octets: bytes) -> Windows | None:
    """Return the windows of a bitmap; None where one breaks off."""
    found: list[tuple[int, bytes]] = []
    while octets:
        length = octets[1] if len(octets) > 1 else 0
        bitmap = octets[2 : 2 + length]
        if not 0 < length == len(bitmap):
            return None
        found.append((octets[0], bitmap))
        octets = octets[2 + length :]
    return tuple(found)
