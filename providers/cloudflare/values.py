"""One record of Cloudflare, a JSON object, as dnspython's rdata. No IO here.

Where a record has `data`, the fields there are the record, and `content` is a text for people: for SRV it lacks
the priority, and LOC texts have been seen to differ. Targets have no final dot, but those of NAPTR, SVCB and HTTPS
do. Strings in `data` are taken as they are, without escapes, except SVCB and HTTPS values: presentation text.
https://developers.cloudflare.com/api/resources/dns/subresources/records/ (SDK 5.9.0, 2026-11-20)
"""

import base64
import binascii
import math
from collections.abc import Callable, Mapping

import dns.exception
import dns.rdata
from dns.name import Name
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CAA import CAA
from dns.rdtypes.ANY.CERT import CERT
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.ANY.URI import URI
from dns.rdtypes.IN.NAPTR import NAPTR
from dns.rdtypes.IN.SRV import SRV

from migrator.model.names import ROOT
from migrator.model.rdatas import with_whole_altitude
from providers.cloudflare.answers import Native, whole
from providers.cloudflare.names import UnreadableError, name_of
from providers.cloudflare.texts import strings_of
from providers.digests import of_odd_text, with_digest
from providers.onerecord import as_one_record

_IN = RdataClass.IN
_TARGETS: Mapping[RdataType, type[CNAME | NS | PTR]] = {
    RdataType.CNAME: CNAME,
    RdataType.NS: NS,
    RdataType.PTR: PTR,
}
_TEXTS = frozenset({RdataType.TXT, RdataType.SPF})
_LARGEST = {8: 0xFF, 16: 0xFFFF}
_WORDS_WITHOUT_PRIORITY = {RdataType.SRV: 3, RdataType.URI: 2, RdataType.MX: 1}


class Parts:
    """The fields of `data`; each is taken once, and `left` are those that nobody took."""

    def __init__(self, data: Native, native: Native) -> None:
        """Begin with all fields; `native` is the record, whose own priority outranks none in `data`."""
        self.left = dict(data)
        self._native = native

    def number(self, name: str, bits: int = 16) -> int:
        """Return a number of so many bits; raises UnreadableError."""
        found = self.left.pop(name, None)
        value = whole(found)
        if value is None or not 0 <= value <= _LARGEST[bits]:
            raise UnreadableError(f"{name} is {_shown(found)}, and a number of {bits} bits was expected")
        return value

    def priority(self) -> int:
        """Return the priority, which stands in `data` or, for older types, beside it."""
        if "priority" in self.left:
            return self.number("priority")
        return _priority(self._native)

    def text(self, name: str) -> str:
        """Return a text; raises UnreadableError."""
        found = self.left.pop(name, None)
        if not isinstance(found, str):
            raise UnreadableError(f"{name} is {_shown(found)}, and a text was expected")
        return found

    def octets(self, name: str) -> bytes:
        """Return a text's octets."""
        return self.text(name).encode("utf-8", "surrogatepass")

    def hexadecimal(self, name: str) -> bytes:
        """Return the octets that hexadecimal digits mean; raises UnreadableError."""
        try:
            return bytes.fromhex("".join(self.text(name).split()))
        except ValueError as exc:
            raise UnreadableError(f"{name} is no hexadecimal text") from exc

    def base64(self, name: str) -> bytes:
        """Return the octets that base64 means; raises UnreadableError."""
        return _base64(self.text(name), name)

    def target(self, name: str = "target") -> Name:
        """Return a target; nothing, `false` and a dot are the root."""
        found = self.left.pop(name, None)
        return ROOT if found in {False, ""} or found is None else name_of(found)

    def decimal(self, name: str) -> float:
        """Return a number that may have a fraction; raises UnreadableError."""
        found = self.left.pop(name, None)
        if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
            raise UnreadableError(f"{name} is {_shown(found)}, and a number was expected")
        return float(found)


def rdata_of(native: Native, rdtype: RdataType) -> tuple[Rdata, Mapping[str, object]]:
    """Return the rdata that a record means, and the fields of its `data` that nobody here knows.

    Raises UnreadableError with the reason.
    """
    data = native.get("data")
    try:
        if isinstance(data, Mapping) and data and rdtype in _FROM_DATA:
            parts = Parts(data, native)
            rdata = _FROM_DATA[rdtype](parts)
            left = {name: found for name, found in parts.left.items() if name not in _OLD_PARTS}
            return rdata, left
        return _from_content(native, rdtype), {}
    except (dns.exception.DNSException, ValueError, TypeError, OverflowError) as exc:
        if isinstance(exc, UnreadableError):
            raise
        raise UnreadableError(str(exc) or type(exc).__name__) from exc


# Until 2024 an SRV record had its owner once more in `data`.
_OLD_PARTS = frozenset({"service", "proto", "name"})


def _from_content(native: Native, rdtype: RdataType) -> Rdata:
    content = native.get("content")
    if not isinstance(content, str):
        raise UnreadableError(f"the content is {_shown(content)}, and a text was expected")
    if rdtype in _TARGETS:
        return _TARGETS[rdtype](_IN, rdtype, ROOT if content == "." else name_of(content))
    if rdtype == RdataType.MX:
        words = content.split()
        return _made(MX, rdtype, _priority_of(native), ROOT if words == ["."] else name_of(" ".join(words)))
    if rdtype in _TEXTS:
        return _text(rdtype, content)
    return _presentation(rdtype, _whole_content(native, rdtype, content))


def _whole_content(native: Native, rdtype: RdataType, content: str) -> str:
    """Return the content as presentation text: with the priority that stands beside it, without `IN LOC`."""
    wanted = _WORDS_WITHOUT_PRIORITY.get(rdtype)
    if wanted is not None and len(content.split()) <= wanted:
        return f"{_priority(native)} {content}"
    return content.removeprefix("IN ").removeprefix("LOC ") if rdtype == RdataType.LOC else content


def _presentation(rdtype: RdataType, text: str) -> Rdata:
    try:
        rdata = dns.rdata.from_text(_IN, rdtype, as_one_record(text), origin=ROOT, relativize=False)
    except dns.exception.DNSException:
        odd = of_odd_text(rdtype, text)
        if odd is None:
            raise
        return odd
    return with_whole_altitude(rdata) if rdtype == RdataType.LOC else rdata


def _text(rdtype: RdataType, content: str) -> Rdata:
    strings = strings_of(content)
    if rdtype == RdataType.TXT:
        return TXT(_IN, rdtype, strings)
    return _presentation(rdtype, TXT(_IN, RdataType.TXT, strings).to_text())


def _priority(native: Native) -> int:
    value = whole(native.get("priority"))
    if value is None or not 0 <= value <= _LARGEST[16]:
        raise UnreadableError(f"the priority is {_shown(native.get('priority'))}")
    return value


def _priority_of(native: Native) -> int:
    data = native.get("data")
    inside = whole(data.get("priority")) if isinstance(data, Mapping) else None
    return _priority(native) if inside is None else _priority({"priority": inside})


def _caa(parts: Parts) -> Rdata:
    tag = parts.octets("tag")
    return _made(CAA, RdataType.CAA, parts.number("flags", 8), tag, parts.octets("value"))


def _cert(parts: Parts) -> Rdata:
    kind, tag, algorithm = parts.number("type"), parts.number("key_tag"), parts.number("algorithm", 8)
    return _made(CERT, RdataType.CERT, kind, tag, algorithm, parts.base64("certificate"))


def _dnskey(parts: Parts) -> Rdata:
    flags, protocol, algorithm = parts.number("flags"), parts.number("protocol", 8), parts.number("algorithm", 8)
    return _made(DNSKEY, RdataType.DNSKEY, flags, protocol, algorithm, parts.base64("public_key"))


def _ds(parts: Parts) -> Rdata:
    tag, algorithm, kind = parts.number("key_tag"), parts.number("algorithm", 8), parts.number("digest_type", 8)
    return with_digest(RdataType.DS, (tag, algorithm, kind), parts.hexadecimal("digest"))


def _service(rdtype: RdataType) -> Callable[[Parts], Rdata]:
    def read(parts: Parts) -> Rdata:
        priority, target = parts.priority(), parts.target()
        value = parts.text("value") if "value" in parts.left else ""
        return _presentation(rdtype, f"{priority} {target.to_text()} {value}".rstrip())

    return read


def _loc(parts: Parts) -> Rdata:
    def angle(kind: str) -> str:
        degrees, minutes = parts.number(f"{kind}_degrees", 8), parts.number(f"{kind}_minutes", 8)
        return f"{degrees} {minutes} {parts.decimal(f'{kind}_seconds'):.3f} {parts.text(f'{kind}_direction')}"

    def metres(name: str, usual: float) -> str:
        return f"{parts.decimal(name) if name in parts.left else usual:.2f}m"

    # What is left out has the value of RFC 1876 section 3.
    text = " ".join(
        [
            angle("lat"),
            angle("long"),
            metres("altitude", 0),
            metres("size", 1),
            metres("precision_horz", 10_000),
            metres("precision_vert", 10),
        ]
    )
    return _presentation(RdataType.LOC, text)


def _naptr(parts: Parts) -> Rdata:
    order, preference = parts.number("order"), parts.number("preference")
    flags, service, regexp = parts.octets("flags"), parts.octets("service"), parts.octets("regex")
    return _made(NAPTR, RdataType.NAPTR, order, preference, flags, service, regexp, parts.target("replacement"))


def _certificate(rdtype: RdataType) -> Callable[[Parts], Rdata]:
    def read(parts: Parts) -> Rdata:
        numbers = [parts.number(name, 8) for name in ("usage", "selector", "matching_type")]
        return with_digest(rdtype, numbers, parts.hexadecimal("certificate"))

    return read


def _srv(parts: Parts) -> Rdata:
    priority, weight, port = parts.priority(), parts.number("weight"), parts.number("port")
    return _made(SRV, RdataType.SRV, priority, weight, port, parts.target())


def _sshfp(parts: Parts) -> Rdata:
    algorithm, kind = parts.number("algorithm", 8), parts.number("type", 8)
    return with_digest(RdataType.SSHFP, (algorithm, kind), parts.hexadecimal("fingerprint"))


def _uri(parts: Parts) -> Rdata:
    return _made(URI, RdataType.URI, parts.priority(), parts.number("weight"), parts.octets("target"))


_FROM_DATA: Mapping[RdataType, Callable[[Parts], Rdata]] = {
    RdataType.CAA: _caa,
    RdataType.CERT: _cert,
    RdataType.DNSKEY: _dnskey,
    RdataType.DS: _ds,
    RdataType.HTTPS: _service(RdataType.HTTPS),
    RdataType.LOC: _loc,
    RdataType.NAPTR: _naptr,
    RdataType.SMIMEA: _certificate(RdataType.SMIMEA),
    RdataType.SRV: _srv,
    RdataType.SSHFP: _sshfp,
    RdataType.SVCB: _service(RdataType.SVCB),
    RdataType.TLSA: _certificate(RdataType.TLSA),
    RdataType.URI: _uri,
}


def _made(kind: Callable[..., Rdata], rdtype: RdataType, *fields: object) -> Rdata:
    return kind(_IN, rdtype, *fields)


def _base64(text: str, name: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as exc:
        raise UnreadableError(f"{name} is no base64 text") from exc


def _shown(found: object) -> str:
    return "missing" if found is None else repr(found)[:40]
