"""Canonical text of rdata, as a compact zone keeps it, in wire form: addresses by the system's own functions.

Letter case in names is kept. For a hundred thousand answers these take a fraction of the time of the pure ones.
"""

import socket

import dns.ipv6
from dns.rdatatype import RdataType

from migrator.zonefile.fast.wires import WIRE_FORMS, WireForm


def form_of(rdtype: RdataType) -> WireForm | None:
    """Return what makes wire form of the text of this type's rdata; None for a type that has no such text."""
    return _FORMS.get(rdtype)


def _a(rdata: bytes) -> bytes:
    return socket.inet_aton(rdata.decode("ascii"))


def _aaaa(rdata: bytes) -> bytes:
    return dns.ipv6.inet_aton(rdata) if b"." in rdata else socket.inet_pton(socket.AF_INET6, rdata.decode("ascii"))


_FORMS = {**WIRE_FORMS, RdataType.A: _a, RdataType.AAAA: _aaaa}
