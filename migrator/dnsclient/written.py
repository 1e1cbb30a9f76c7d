"""Canonical text of rdata, as a compact zone keeps it, in wire form. No IO here.

The types are those that have such a text (`migrator/zonefile/fast/forms.py`); letter case in names is kept.
"""

import re
import socket
import struct
from collections.abc import Callable

import dns.ipv6
from dns.rdatatype import RdataType

_STRING = re.compile(rb'"([^"]*)"')
_LENGTHS = [bytes((length,)) for length in range(256)]


def form_of(rdtype: RdataType) -> Callable[[bytes], bytes] | None:
    """Return what makes wire form of the text of this type's rdata; None for a type that has no such text."""
    return _OCTETS.get(rdtype)


def _a(rdata: bytes) -> bytes:
    return socket.inet_aton(rdata.decode("ascii"))


def _aaaa(rdata: bytes) -> bytes:
    return dns.ipv6.inet_aton(rdata) if b"." in rdata else socket.inet_pton(socket.AF_INET6, rdata.decode("ascii"))


def _name(name: bytes) -> bytes:
    return b"".join([_LENGTHS[len(label)] + label for label in name.split(b".")]) if name != b"." else b"\0"


def _mx(rdata: bytes) -> bytes:
    preference, exchange = rdata.split(b" ")
    return int(preference).to_bytes(2, "big") + _name(exchange)


def _srv(rdata: bytes) -> bytes:
    priority, weight, port, target = rdata.split(b" ")
    return struct.pack("!HHH", int(priority), int(weight), int(port)) + _name(target)


def _text(rdata: bytes) -> bytes:
    return b"".join([_LENGTHS[len(string)] + string for string in _STRING.findall(rdata)])


def _caa(rdata: bytes) -> bytes:
    flags, tag, value = rdata.split(b" ", 2)
    return _LENGTHS[int(flags)] + _LENGTHS[len(tag)] + tag + value[1:-1]


def _ds(rdata: bytes) -> bytes:
    tag, algorithm, kind, digest = rdata.split(b" ")
    return struct.pack("!HBB", int(tag), int(algorithm), int(kind)) + bytes.fromhex(digest.decode("ascii"))


def _numbers_and_digest(rdata: bytes) -> bytes:
    *numbers, digest = rdata.split(b" ")
    return bytes(map(int, numbers)) + bytes.fromhex(digest.decode("ascii"))


_OCTETS: dict[RdataType, Callable[[bytes], bytes]] = {
    RdataType.A: _a,
    RdataType.AAAA: _aaaa,
    RdataType.CNAME: _name,
    RdataType.NS: _name,
    RdataType.PTR: _name,
    RdataType.MX: _mx,
    RdataType.SRV: _srv,
    RdataType.TXT: _text,
    RdataType.SPF: _text,
    RdataType.CAA: _caa,
    RdataType.DS: _ds,
    RdataType.SSHFP: _numbers_and_digest,
    RdataType.TLSA: _numbers_and_digest,
}
