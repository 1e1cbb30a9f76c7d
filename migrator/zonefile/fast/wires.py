"""Canonical text of an ordinary record -> its canonical wire form (RFC 4034 section 6.2). No IO here."""

import re
import struct

import dns.ipv6

_STRING = re.compile(rb'"([^"]*)"')


def canonical_wire_of(rdtype: bytes, rdata: bytes) -> bytes:
    """Return the wire form of rdata as `forms` writes it; names in small letters."""
    match rdtype:
        case b"A":
            return bytes(map(int, rdata.split(b".")))
        case b"AAAA":
            return dns.ipv6.inet_aton(rdata)
        case b"CNAME" | b"NS" | b"PTR":
            return _name(rdata)
        case b"TXT" | b"SPF":
            return b"".join([_string(string) for string in _STRING.findall(rdata)])
        case b"MX":
            preference, exchange = rdata.split()
            return struct.pack("!H", int(preference)) + _name(exchange)
        case b"SRV":
            priority, weight, port, target = rdata.split()
            return struct.pack("!HHH", int(priority), int(weight), int(port)) + _name(target)
        case b"NAPTR":
            order, preference, _ = rdata.split(b" ", 2)
            strings = b"".join([_string(string) for string in _STRING.findall(rdata)])
            replacement = rdata[rdata.rindex(b" ") + 1 :]
            return struct.pack("!HH", int(order), int(preference)) + strings + _name(replacement)
        case b"CAA":
            flags, tag, quoted = rdata.split(b" ", 2)
            return bytes([int(flags)]) + _string(tag) + quoted[1:-1]
        case b"DS":
            key_tag, *numbers, digest = rdata.split()
            return struct.pack("!H", int(key_tag)) + bytes(map(int, numbers)) + bytes.fromhex(digest.decode())
        case _:  # SSHFP, TLSA
            *numbers, digest = rdata.split()
            return bytes(map(int, numbers)) + bytes.fromhex(digest.decode())


def _name(name: bytes) -> bytes:
    return b"".join([_string(label) for label in name.lower().split(b".")]) if name != b"." else b"\x00"


def _string(octets: bytes) -> bytes:
    return bytes([len(octets)]) + octets
