r"""Records of a message as canonical text, where they are of a plain kind. No IO here.

A transfer of a large zone is nearly all records of a few types whose names are ordinary letters. To make names
and rdata of each by dnspython takes seventy microseconds; their text takes two. The text is the one that zone
files are brought to as well (`migrator/zonefile/fast/`), so that a transfer and a file compare as texts.

    c0 0c | 00 01 00 01 00 00 01 2c | 00 04 | c0 00 02 01
    owner   type, class, TTL          length  rdata

    ->  (b"www.example.org.", b"A 300 ", b"A 300 192.0.2.1", ...)

Three things are remembered. A name is read once in a message: every place where one of its labels begins is noted
with the text from there on, and pointers lead to such places. Type, class and TTL are eight octets of which a
zone has few kinds: each is judged once. And what is not plain is not judged here at all: it is left, by its place
in the message, to `wire.MessageReader`, which knows every type, every octet in a name, and what is malformed.
"""

import re
import socket
from collections.abc import Callable
from functools import cache
from types import ModuleType

import dns.ipv6
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.dnsclient.wire import LONG_LABEL, MAX_TTL, POINTER, MalformedMessageError
from migrator.interfaces import PlainRecord

# A place in the message where a record stands that is not plain.
Place = int
_Form = Callable[["PlainReader", bytes, int, int], bytes | None]

_MOST_HOPS = 127
_LONGEST_TEXT = 254
_ORDINARY = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_*/-"
_STRINGS = re.compile(rb"[ !#-\[\]-~]*")
_TAG = re.compile(rb"[A-Za-z0-9]{1,15}")
_MOST_KINDS = 65536
_LONGEST_VALUE = 250


class PlainReader:
    """Reads the records of one message."""

    def __init__(self, message: bytes) -> None:
        """Begin without a name; `end` is where the records ended that were read last."""
        self.end = 0
        self._message = message
        self._names: dict[int, bytes | None] = {}

    def records(self, at: int, count: int) -> list[PlainRecord | Place]:
        """Return so many records from a place on; raises what `wire.BROKEN` has for a broken message."""
        message, names, kinds, whole = self._message, self._names, _KINDS, len(self._message)
        found: list[PlainRecord | Place] = []
        for _ in range(count):
            start = at
            length = message[at]
            if length >= POINTER and (target := (length & 0x3F) << 8 | message[at + 1]) in names:
                owner = names[target]
                at += 2
            elif (
                0 < length < LONG_LABEL
                and message[at := at + 1 + length] >= POINTER
                and (target := (message[at] & 0x3F) << 8 | message[at + 1]) in names
            ):  # one label, and the rest as before: the common form, spelled out
                owner = _joined(message[start + 1 : at], names[target])
                names[start] = owner
                at += 2
            else:
                owner, at = self.name(start)
            kind = kinds[message[at : at + 8]]
            begin = at + 10
            at = begin + (message[at + 8] << 8 | message[at + 9])
            if at > whole:
                raise MalformedMessageError("a record is longer than the message")
            if owner and kind is not None:
                head, form = kind
                text = form(self, message, begin, at)
                if text is not None:
                    found.append((owner, head, head + text, message, start))
                    continue
            found.append(start)
        self.end = at
        return found

    def name(self, at: int, hops: int = 0) -> tuple[bytes | None, int]:
        """Return a name's text and where it ends; None for one that is not plain, an empty text for the root."""
        message, names = self._message, self._names
        begin, places, labels = at, list[int](), list[bytes]()
        while (length := message[at]) and length < LONG_LABEL:
            places.append(at)
            labels.append(message[at + 1 : at + 1 + length])
            at += 1 + length
        text: bytes | None = b""
        if length:
            target = (length & ~POINTER) << 8 | message[at + 1]
            if length < POINTER or target >= begin or hops > _MOST_HOPS:
                raise MalformedMessageError("a name has a label type or a pointer that leads nowhere")
            text = names[target] if target in names else self.name(target, hops + 1)[0]
            at += 1
        for place, label in zip(reversed(places), reversed(labels), strict=True):
            text = names[place] = _joined(label, text)
        return text, at + 1

    def target(self, at: int, end: int) -> bytes | None:
        """Return the text of the name that fills a place up to its end."""
        text, behind = self.name(at)
        return None if text is None or behind != end else text or b"."


def _joined(label: bytes, suffix: bytes | None) -> bytes | None:
    """Return the text of a name by its first label and the text of the rest; None where it is not plain."""
    # Most labels are letters and digits alone, which is seen ten times as fast.
    if suffix is None or not (label.isalnum() or not label.translate(None, _ORDINARY)):
        return None
    return label + b"." + suffix if len(label) + len(suffix) < _LONGEST_TEXT else None


def _a(_: PlainReader, message: bytes, begin: int, end: int) -> bytes | None:
    if end - begin != 4:  # noqa: PLR2004
        return None
    return (
        _OCTETS[message[begin]]
        + _OCTETS[message[begin + 1]]
        + _OCTETS[message[begin + 2]]
        + b"%d" % message[end - 1]
    )


def _aaaa(_: PlainReader, message: bytes, begin: int, end: int) -> bytes | None:
    octets = message[begin:end]
    if len(octets) != 16:  # noqa: PLR2004
        return None
    if octets.startswith(_NO_NETWORK):  # some are written with an IPv4 address, and not by everybody alike
        return dns.ipv6.inet_ntoa(octets).encode()
    return socket.inet_ntop(socket.AF_INET6, octets).encode()


def _name(reader: PlainReader, _: bytes, begin: int, end: int) -> bytes | None:
    return reader.target(begin, end)


def _mx(reader: PlainReader, message: bytes, begin: int, end: int) -> bytes | None:
    target = reader.target(begin + 2, end)
    return None if target is None else b"%d %b" % (message[begin] << 8 | message[begin + 1], target)


def _srv(reader: PlainReader, message: bytes, begin: int, end: int) -> bytes | None:
    target = reader.target(begin + 6, end)
    if target is None:
        return None
    priority, weight, port = [message[at] << 8 | message[at + 1] for at in (begin, begin + 2, begin + 4)]
    return b"%d %d %d %b" % (priority, weight, port, target)


def _text(_: PlainReader, message: bytes, begin: int, end: int) -> bytes | None:
    strings = []
    while begin < end:
        behind = begin + 1 + message[begin]
        strings.append(message[begin + 1 : behind])
        begin = behind
    if begin != end or not strings or not all(map(_STRINGS.fullmatch, strings)):
        return None
    return b'"%b"' % b'" "'.join(strings)


def _caa(_: PlainReader, message: bytes, begin: int, end: int) -> bytes | None:
    behind = begin + 2 + message[begin + 1]
    tag, value = message[begin + 2 : behind], message[behind:end]
    if behind > end or len(value) > _LONGEST_VALUE or not (_TAG.fullmatch(tag) and _STRINGS.fullmatch(value)):
        return None
    return b'%d %b "%b"' % (message[begin], tag, value)


def _ds(_: PlainReader, message: bytes, begin: int, end: int) -> bytes | None:
    if _DS_OCTETS.get(message[begin + 3]) != end - begin - 4:
        return None
    tag = message[begin] << 8 | message[begin + 1]
    digest = message[begin + 4 : end].hex().encode()
    return b"%d %d %d %b" % (tag, message[begin + 2], message[begin + 3], digest)


def _sshfp(_: PlainReader, message: bytes, begin: int, end: int) -> bytes | None:
    if _SSHFP_OCTETS.get(message[begin + 1]) != end - begin - 2:
        return None
    return b"%d %d %b" % (message[begin], message[begin + 1], message[begin + 2 : end].hex().encode())


def _tlsa(_: PlainReader, message: bytes, begin: int, end: int) -> bytes | None:
    if _TLSA_OCTETS.get(message[begin + 2]) != end - begin - 3:
        return None
    usage, selector, matching = message[begin : begin + 3]
    return b"%d %d %d %b" % (usage, selector, matching, message[begin + 3 : end].hex().encode())


@cache
def _signing() -> ModuleType:
    from migrator.dnsclient import signing  # few zones are signed

    return signing


_NO_NETWORK = bytes(10)
_OCTETS = [b"%d." % octet for octet in range(256)]  # of an IPv4 address, but for the last
# Octets of a digest by its type.
_DS_OCTETS = {1: 20, 2: 32, 4: 48}
_SSHFP_OCTETS = {1: 20, 2: 32}
_TLSA_OCTETS = {1: 32, 2: 64}
_FORMS: dict[RdataType, _Form] = {
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
    RdataType.SSHFP: _sshfp,
    RdataType.TLSA: _tlsa,
    RdataType.RRSIG: lambda reader, *where: _signing().rrsig(reader.name, *where),
    RdataType.NSEC: lambda reader, *where: _signing().nsec(reader.name, *where),
    RdataType.NSEC3: lambda _, *where: _signing().nsec3(*where),
}


class _Kinds(dict[bytes, tuple[bytes, _Form] | None]):
    """Type, class and TTL in octets -> what stands before the rdata in text, and its form; None if not plain."""

    def __missing__(self, fixed: bytes) -> tuple[bytes, _Form] | None:
        if len(self) >= _MOST_KINDS:
            self.clear()
        found = self[fixed] = _kind(fixed)
        return found


def _kind(fixed: bytes) -> tuple[bytes, _Form] | None:
    rdtype, rdclass = int.from_bytes(fixed[:2], "big"), int.from_bytes(fixed[2:4], "big")
    ttl = int.from_bytes(fixed[4:], "big")
    form = _FORMS.get(RdataType.make(rdtype))
    if form is None or rdclass != RdataClass.IN or ttl > MAX_TTL:
        return None
    return b"%b %d " % (RdataType.to_text(rdtype).encode(), ttl), form


_KINDS = _Kinds()
