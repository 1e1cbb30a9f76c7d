"""RRSIG, NSEC and NSEC3 of a message as canonical text, where they are of a plain kind. No IO here.

The text is that of `migrator/zonefile/fast/signing.py`. Names in these are never compressed (RFC 3597 section 4);
what has one that is, is not plain.
"""

import base64
from collections.abc import Callable
from functools import lru_cache

from dns.rdatatype import RdataType

from migrator.dnsclient.wire import MalformedMessageError
from migrator.model.signed import UINT31, USUAL, octets_of_types, text_of_instant, text_of_types, windows_of
from migrator.zonefile.fast.signing import chunked

# Returns the text of the name at a place of the message, and where it ends.
_Name = Callable[[int], tuple[bytes | None, int]]
_BEFORE_SIGNER, _BEFORE_SALT, _OCTETS_OF_HASH = 18, 5, 20


def rrsig(name: _Name, message: bytes, begin: int, end: int) -> bytes | None:
    """Return the text of the RRSIG between two places."""
    if end - begin <= _BEFORE_SIGNER:
        return None
    signer, behind = _uncompressed(name, begin + _BEFORE_SIGNER, end)
    covered = _covered(message[begin : begin + 8])
    if signer is None or covered is None or behind == end:
        return None
    if message[begin + 3] < (0 if signer == b"." else signer.count(b".")):
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


def nsec3(_: _Name, message: bytes, begin: int, end: int) -> bytes | None:
    """Return the text of the NSEC3 between two places."""
    rdata = message[begin:end]
    hashed = _BEFORE_SALT + rdata[4] if len(rdata) >= _BEFORE_SALT else len(rdata)
    behind = hashed + 1 + _OCTETS_OF_HASH
    types = _types(rdata[behind:])
    if behind > len(rdata) or rdata[hashed] != _OCTETS_OF_HASH or types is None:
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
    numbers = _numbers(octets)
    windows = None if numbers is None else windows_of(tuple(b"TYPE%d" % number for number in numbers))
    if windows is None or octets_of_types(windows) != octets:
        return None
    text = text_of_types(windows)
    return None if text is None else text.encode()


def _numbers(octets: bytes) -> list[int] | None:
    found: list[int] = []
    while octets:
        window, length = octets[0], octets[1] if len(octets) > 1 else 0
        bitmap, octets = octets[2 : 2 + length], octets[2 + length :]
        if not 0 < length == len(bitmap):
            return None
        bits = ((at << 3 | bit, octet & 0x80 >> bit) for at, octet in enumerate(bitmap) for bit in range(8))
        found += [window << 8 | number for number, is_set in bits if is_set]
    return found
