"""Canonical text of an ordinary record -> its wire form, in the letters that it has or in small ones. No IO here.

The texts are those that `forms` writes; names in the wire form are in full.
"""

import base64
import re
import struct
from collections.abc import Callable
from functools import cache, lru_cache
from types import ModuleType

import dns.ipv6
from dns.rdatatype import RdataType

from migrator.model.names import ROOT
from migrator.model.parameters import octets_of_text
from migrator.model.strings import octets_of_spelled
from migrator.zonefile.fields import Names
from migrator.zonefile.rdata import exact_rdata

WireForm = Callable[[bytes], bytes]

_STRING = re.compile(rb'"([^"]*)"')
_LENGTHS = [bytes((length,)) for length in range(256)]


def canonical_wire_of(rdtype: bytes, rdata: bytes) -> bytes:
    """Return the canonical wire form (RFC 4034 section 6.2): names in small letters."""
    return _CANONICAL[rdtype](rdata)


def wire_of_name(name: bytes) -> bytes:
    """Return the wire form of an absolute name."""
    return b"".join([_LENGTHS[len(label)] + label for label in name.split(b".")]) if name != b"." else b"\0"


def _a(rdata: bytes) -> bytes:
    return bytes(map(int, rdata.split(b".")))


def _mx(rdata: bytes) -> bytes:
    preference, exchange = rdata.split(b" ")
    return int(preference).to_bytes(2, "big") + wire_of_name(exchange)


def _srv(rdata: bytes) -> bytes:
    priority, weight, port, target = rdata.split(b" ")
    return struct.pack("!HHH", int(priority), int(weight), int(port)) + wire_of_name(target)


def _naptr(rdata: bytes) -> bytes:
    order, preference, _ = rdata.split(b" ", 2)
    return struct.pack("!HH", int(order), int(preference)) + _text(rdata) + wire_of_name(rdata.rsplit(b" ", 1)[1])


def _text(rdata: bytes) -> bytes:
    strings = map(octets_of_spelled, _STRING.findall(rdata))
    return b"".join([_LENGTHS[len(string)] + string for string in strings])


def _caa(rdata: bytes) -> bytes:
    flags, tag, value = rdata.split(b" ", 2)
    return _LENGTHS[int(flags)] + _LENGTHS[len(tag)] + tag + value[1:-1]


def _ds(rdata: bytes) -> bytes:
    tag, rest = rdata.split(b" ", 1)
    return int(tag).to_bytes(2, "big") + _numbers_and_digest(rest)


def _numbers_and_digest(rdata: bytes) -> bytes:
    *numbers, digest = rdata.split(b" ")
    return bytes(map(int, numbers)) + bytes.fromhex(digest.decode("ascii"))


def _binding(rdata: bytes) -> bytes:
    priority, target, *parameters = rdata.split(b" ", 2)
    return int(priority).to_bytes(2, "big") + wire_of_name(target) + octets_of_text(b"".join(parameters))


def _uri(rdata: bytes) -> bytes:
    priority, weight, target = rdata.split(b" ", 2)
    return struct.pack("!HH", int(priority), int(weight)) + target[1:-1]


@lru_cache(maxsize=4096)
def _loc(rdata: bytes) -> bytes:
    found, _ = exact_rdata(RdataType.LOC, rdata.split(), Names(ROOT))
    wire = found.to_wire()
    assert wire is not None
    return wire


@cache
def signing_forms() -> ModuleType:
    """Return the module that knows RRSIG, NSEC and NSEC3; few zones are signed, and all others do without it."""
    from migrator.zonefile.fast import signing

    return signing


WIRE_FORMS: dict[RdataType, WireForm] = {
    RdataType.A: _a,
    RdataType.AAAA: dns.ipv6.inet_aton,
    RdataType.CNAME: wire_of_name,
    RdataType.NS: wire_of_name,
    RdataType.PTR: wire_of_name,
    RdataType.MX: _mx,
    RdataType.SRV: _srv,
    RdataType.NAPTR: _naptr,
    RdataType.TXT: _text,
    RdataType.SPF: _text,
    RdataType.CAA: _caa,
    RdataType.DS: _ds,
    RdataType.SSHFP: _numbers_and_digest,
    RdataType.TLSA: _numbers_and_digest,
    RdataType.SMIMEA: _numbers_and_digest,
    RdataType.OPENPGPKEY: base64.b64decode,
    RdataType.HINFO: _text,
    RdataType.RP: lambda rdata: b"".join(map(wire_of_name, rdata.split(b" "))),
    RdataType.URI: _uri,
    RdataType.LOC: _loc,
    RdataType.HTTPS: _binding,
    RdataType.SVCB: _binding,
    RdataType.RRSIG: lambda rdata: signing_forms().octets_of_rrsig(rdata),
    RdataType.NSEC: lambda rdata: signing_forms().octets_of_nsec(rdata),
    RdataType.NSEC3: lambda rdata: signing_forms().octets_of_nsec3(rdata),
}
_ALL_NAMES = frozenset({RdataType.CNAME, RdataType.NS, RdataType.PTR, RdataType.MX, RdataType.SRV, RdataType.RP})


def _canonical(rdtype: RdataType, form: WireForm) -> WireForm:
    """Return the form with names in small letters, other letters being as they are."""
    if rdtype in _ALL_NAMES:
        return lambda rdata: form(rdata.lower())
    if rdtype == RdataType.RRSIG:
        return lambda rdata: signing_forms().octets_of_rrsig(rdata, canonical=True)
    if rdtype == RdataType.NAPTR:
        return lambda rdata: form(b"%b %b" % ((parts := rdata.rsplit(b" ", 1))[0], parts[1].lower()))
    return form


_CANONICAL = {rdtype.name.encode(): _canonical(rdtype, form) for rdtype, form in WIRE_FORMS.items()}
