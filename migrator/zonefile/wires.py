"""Rdata that name servers read from text and dnspython does not: text -> wire. No IO here.

Some types dnspython knows by number alone: most are long obsolete and still stand in old zones. Of some others
it refuses rdata that servers take, such as a TLSA digest of an odd length or a URI without a target. Either kind
is kept in its generic form (RFC 3597), unless dnspython takes its wire form. Each type is a row of fields: a new
one is a new row.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import dns.exception
import dns.ipv6
from dns.rdatatype import RdataType

from migrator.zonefile.fields import Names, Unreadable, octets_of, shown

# The numbers are IANA's (registry "Resource Record (RR) TYPEs", 2026-06).
MNEMONICS: Mapping[bytes, int] = MappingProxyType(
    {
        b"EID": 31,
        b"NIMLOC": 32,
        b"ATMA": 34,
        b"SINK": 40,
        b"RKEY": 57,
        b"TALINK": 58,
        b"UINFO": 100,
        b"UID": 101,
        b"GID": 102,
        b"DOA": 259,
        # PowerDNS writes these two with numbers for private use, other services the first with either word.
        # https://doc.powerdns.com/authoritative/appendices/types.html (2026-11-22)
        b"ALIAS": 65401,
        b"ANAME": 65401,
        b"LUA": 65402,
    }
)
# Each in its first form.
MNEMONIC_OF: Mapping[int, str] = MappingProxyType(
    {number: mnemonic.decode("ascii") for mnemonic, number in reversed([*MNEMONICS.items()])}
)

LONGEST_RDATA = 65535
Field = Callable[[list[bytes], Names], bytes]


def unknown_wire(rdtype: int, tokens: list[bytes], names: Names) -> bytes | None:
    """Return the wire form for a type that dnspython cannot read, None for others; raises Unreadable."""
    fields = _UNKNOWN.get(rdtype)
    return None if fields is None else _wire(fields, tokens, names)


def refused_wire(rdtype: int, tokens: list[bytes], names: Names) -> bytes | None:
    """Return the wire form of rdata that dnspython refused and a server may take, else None; raises Unreadable."""
    fields = _REFUSED.get(rdtype)
    return None if fields is None else _wire(fields, tokens, names)


def _wire(fields: tuple[Field, ...], tokens: list[bytes], names: Names) -> bytes:
    rest = list(tokens)
    wire = b"".join([field(rest, names) for field in fields])
    if rest:
        raise Unreadable(f"{shown(rest[0])} stands after the end of the rdata")
    if len(wire) > LONGEST_RDATA:
        raise Unreadable(f"its rdata takes {len(wire):,} octets; {LONGEST_RDATA:,} are possible")
    return wire


def _next(tokens: list[bytes]) -> bytes:
    if not tokens:
        raise Unreadable("the rdata ends too early")
    return tokens.pop(0)


def _name(tokens: list[bytes], names: Names) -> bytes:
    wire = names.read(_next(tokens)).to_wire()
    assert wire is not None
    return wire


def _number(octets: int) -> Field:
    bound = 1 << (8 * octets)

    def read(tokens: list[bytes], _: Names) -> bytes:
        token = _next(tokens)
        if re.fullmatch(rb"[0-9]{1,10}", token) is None or int(token) >= bound:
            raise Unreadable(f"{shown(token)} is no number of {8 * octets} bits")
        return int(token).to_bytes(octets, "big")

    return read


def _string(tokens: list[bytes], _: Names) -> bytes:
    octets = octets_of(_next(tokens))
    if len(octets) > 255:  # noqa: PLR2004
        raise Unreadable(f"a string of {len(octets)} octets; one can have 255")
    return bytes([len(octets)]) + octets


def _strings(tokens: list[bytes], names: Names) -> bytes:
    found = _string(tokens, names)
    while tokens:
        found += _string(tokens, names)
    return found


def _type(tokens: list[bytes], _: Names) -> bytes:
    token = _next(tokens)
    try:
        return RdataType.make(token.decode("ascii")).to_bytes(2, "big")
    except (dns.exception.DNSException, ValueError) as exc:
        raise Unreadable(f"{shown(token)} is no type") from exc


def _octets(tokens: list[bytes], _: Names) -> bytes:
    """Read a string that has no length before it: it goes to the end of the rdata."""
    return octets_of(_next(tokens))


def _hex(tokens: list[bytes], _: Names) -> bytes:
    text = _next(tokens) + b"".join(tokens)
    tokens.clear()
    try:
        return binascii.unhexlify(text)
    except ValueError as exc:
        raise Unreadable(f"{shown(text)} is no hexadecimal text: {exc}") from exc


def _groups(tokens: list[bytes], _: Names) -> bytes:
    """Read 64 bits as four groups of hexadecimal digits; BIND writes them without leading zeros."""
    token = _next(tokens)
    if re.fullmatch(rb"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){3}", token) is None:
        raise Unreadable(f"{shown(token)} is no four groups of hexadecimal digits")
    return b"".join([binascii.unhexlify(group.zfill(4)) for group in token.split(b":")])


def _base64(tokens: list[bytes], _: Names) -> bytes:
    text = _next(tokens) + b"".join(tokens)
    tokens.clear()
    if text == b"-":  # DOA's way to write no data
        return b""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as exc:
        raise Unreadable(f"{shown(text)} is no base64 text: {exc}") from exc


def _atm_address(tokens: list[bytes], _: Names) -> bytes:
    """Read `+` and the digits of an E.164 number, or the hexadecimal octets of an AESA; dots are for the eye."""
    text = _next(tokens).replace(b".", b"")
    if text[:1] == b"+" and text[1:].isdigit():
        return b"\x01" + text[1:]
    try:
        return b"\x00" + binascii.unhexlify(text)
    except ValueError as exc:
        raise Unreadable(f"{shown(text)} is no ATM address") from exc


def _a6(tokens: list[bytes], names: Names) -> bytes:
    """Read prefix length, address suffix (unless 128) and prefix name (unless 0), RFC 2874 section 3.1."""
    prefix = _number(1)(tokens, names)
    length = prefix[0]
    if length > 128:  # noqa: PLR2004
        raise Unreadable(f"the prefix length {length} is more than 128")
    suffix = b""
    if length < 128:  # noqa: PLR2004
        token = _next(tokens)
        try:
            address = int.from_bytes(dns.ipv6.inet_aton(token), "big")
        except dns.exception.SyntaxError as exc:
            raise Unreadable(f"{shown(token)} is no IPv6 address") from exc
        octets = 16 - length // 8
        suffix = (address & ((1 << (128 - length)) - 1)).to_bytes(16, "big")[16 - octets :]
    return prefix + suffix + (_name(tokens, names) if length else b"")


def _old_bitmap(tokens: list[bytes], names: Names) -> bytes:
    """Read the types of an NXT record: one bit a type below 128 (RFC 2535 section 5.2)."""
    bitmap = bytearray(16)
    for token in tokens:
        number = int.from_bytes(_type([token], names), "big")
        if number >= 128:  # noqa: PLR2004
            raise Unreadable(f"{shown(token)} has no place in an NXT record")
        bitmap[number // 8] |= 0x80 >> number % 8
    tokens.clear()
    return bytes(bitmap).rstrip(b"\x00")


_UNKNOWN: Mapping[int, tuple[Field, ...]] = MappingProxyType(
    {
        RdataType.MD: (_name,),
        RdataType.MF: (_name,),
        RdataType.MB: (_name,),
        RdataType.MG: (_name,),
        RdataType.MR: (_name,),
        RdataType.MINFO: (_name, _name),
        RdataType.NXT: (_name, _old_bitmap),
        RdataType.A6: (_a6,),
        RdataType.TA: (_number(2), _number(1), _number(1), _hex),
        MNEMONICS[b"EID"]: (_hex,),
        MNEMONICS[b"NIMLOC"]: (_hex,),
        MNEMONICS[b"ATMA"]: (_atm_address,),
        MNEMONICS[b"SINK"]: (_number(1), _number(1), _number(1), _base64),
        MNEMONICS[b"RKEY"]: (_number(2), _number(1), _number(1), _base64),
        MNEMONICS[b"TALINK"]: (_name, _name),
        MNEMONICS[b"DOA"]: (_number(4), _number(4), _number(1), _string, _base64),
        MNEMONICS[b"ALIAS"]: (_name,),
        MNEMONICS[b"LUA"]: (_type, _strings),
    }
)

_REFUSED: Mapping[int, tuple[Field, ...]] = MappingProxyType(
    {
        RdataType.NID: (_number(2), _groups),
        RdataType.L64: (_number(2), _groups),
        RdataType.DS: (_number(2), _number(1), _number(1), _hex),
        RdataType.CDS: (_number(2), _number(1), _number(1), _hex),
        RdataType.DLV: (_number(2), _number(1), _number(1), _hex),
        RdataType.SSHFP: (_number(1), _number(1), _hex),
        RdataType.TLSA: (_number(1), _number(1), _number(1), _hex),
        RdataType.SMIMEA: (_number(1), _number(1), _number(1), _hex),
        RdataType.ZONEMD: (_number(4), _number(1), _number(1), _hex),
        RdataType.URI: (_number(2), _number(2), _octets),
    }
)
