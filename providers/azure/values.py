"""One record of Azure, a JSON object, as dnspython's rdata, and back. No IO here.

Nothing is escaped in Azure's JSON: a quote or a backslash in a TXT string is itself. Fields that a record has
beyond the known ones are told, so that the caller can carry them.
https://learn.microsoft.com/rest/api/dns/record-sets/create-or-update (2026-11-20)
"""

from collections.abc import Callable, Mapping
from typing import cast

import dns.exception
from dns.name import Name
from dns.rdata import GenericRdata, Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CAA import CAA
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.SOA import SOA
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA
from dns.rdtypes.IN.NAPTR import NAPTR
from dns.rdtypes.IN.SRV import SRV

from migrator.model.values import dataclass
from providers.azure.names import UnreadableError, target_of
from providers.digests import odd_digest, parts_of, with_digest

Native = dict[str, object]
_LARGEST = {8: 2**8 - 1, 16: 2**16 - 1, 31: 2**31 - 1, 32: 2**32 - 1}


class UnwritableError(ValueError):
    """Rdata that Azure's JSON cannot say; the text says why."""


class Parts:
    """The fields of one record, taken one by one; `left` are those that nobody took. Case does not count."""

    def __init__(self, record: Mapping[str, object]) -> None:
        """Begin with all fields."""
        self.left = {str(field): found for field, found in record.items()}

    def take(self, field: str) -> object:
        """Return the value of a field and take it out; raises UnreadableError where there is none."""
        for name in self.left:
            if name.lower() == field.lower():
                return self.left.pop(name)
        raise UnreadableError(f"{field} is missing")

    def text(self, field: str) -> str:
        """Return a text."""
        found = self.take(field)
        if not isinstance(found, str):
            raise UnreadableError(f"{field} is no text")
        return found

    def octets(self, field: str) -> bytes:
        """Return a text as the octets of its UTF-8."""
        return encoded(self.text(field))

    def number(self, field: str, bits: int) -> int:
        """Return an unsigned number of so many bits."""
        found = self.take(field)
        if type(found) is not int or not 0 <= found <= _LARGEST[bits]:
            raise UnreadableError(f"{field} is no number of 0 to {_LARGEST[bits]}")
        return found

    def name(self, field: str) -> Name:
        """Return a domain name."""
        return target_of(self.text(field))

    def hexadecimal(self, field: str) -> bytes:
        """Return octets that are written in hexadecimal digits, perhaps with blanks."""
        try:
            return bytes.fromhex(self.text(field))
        except ValueError as exc:
            raise UnreadableError(f"{field} is not hexadecimal") from exc

    def strings(self, field: str) -> tuple[bytes, ...]:
        """Return a list of texts; an absent one is empty, and a record without strings has an empty one."""
        found = self.take(field) if any(name.lower() == field.lower() for name in self.left) else []
        if not isinstance(found, list) or not all(isinstance(string, str) for string in found):
            raise UnreadableError(f"{field} is no list of texts")
        return tuple(encoded(cast("str", string)) for string in found) or (b"",)


def encoded(text: str) -> bytes:
    """Return the octets of a text; raises UnreadableError where it is none (half of a surrogate pair)."""
    try:
        return text.encode()
    except UnicodeEncodeError as exc:
        raise UnreadableError("a text is no Unicode") from exc


def decoded(octets: bytes) -> str:
    """Return the text of octets; raises UnwritableError where they are no UTF-8."""
    try:
        return octets.decode()
    except UnicodeDecodeError as exc:
        raise UnwritableError("a string has octets that are no UTF-8, which JSON cannot say") from exc


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the records of a type stand in the properties of a set, and how one is read and written."""

    field: str
    read: Callable[[Parts], Rdata]
    write: Callable[[Rdata], Native]
    single: bool = False


def _made(kind: Callable[..., Rdata], rdtype: RdataType, *fields: object) -> Rdata:
    """Return rdata of a class of dnspython, most of which tell no types."""
    return kind(RdataClass.IN, rdtype, *fields)


def _soa(parts: Parts) -> Rdata:
    names = parts.name("host"), parts.name("email")
    timers = [parts.number(name, 31) for name in ("refreshTime", "retryTime", "expireTime", "minimumTTL")]
    return _made(SOA, RdataType.SOA, *names, parts.number("serialNumber", 32), *timers)


def _soa_native(rdata: Rdata) -> Native:
    assert isinstance(rdata, SOA)
    return {
        "host": rdata.mname.to_text(),
        "email": rdata.rname.to_text(),
        "serialNumber": rdata.serial,
        "refreshTime": rdata.refresh,
        "retryTime": rdata.retry,
        "expireTime": rdata.expire,
        "minimumTTL": rdata.minimum,
    }


def _srv(parts: Parts) -> Rdata:
    numbers = [parts.number(field, 16) for field in ("priority", "weight", "port")]
    return _made(SRV, RdataType.SRV, *numbers, parts.name("target"))


def _srv_native(rdata: Rdata) -> Native:
    assert isinstance(rdata, SRV)
    return {
        "priority": rdata.priority,
        "weight": rdata.weight,
        "port": rdata.port,
        "target": rdata.target.to_text(),
    }


def _mx_native(rdata: Rdata) -> Native:
    assert isinstance(rdata, MX)
    return {"preference": rdata.preference, "exchange": rdata.exchange.to_text()}


def _caa(parts: Parts) -> Rdata:
    return _made(CAA, RdataType.CAA, parts.number("flags", 8), parts.octets("tag"), parts.octets("value"))


def _caa_native(rdata: Rdata) -> Native:
    assert isinstance(rdata, CAA)
    return {"flags": rdata.flags, "tag": decoded(rdata.tag), "value": decoded(rdata.value)}


def _txt_native(rdata: Rdata) -> Native:
    assert isinstance(rdata, TXT)
    return {"value": [decoded(string) for string in rdata.strings]}


def _ds(parts: Parts) -> Rdata:
    digest = parts.take("digest")
    if not isinstance(digest, Mapping):
        raise UnreadableError("digest is no object")
    inner = Parts(digest)
    numbers = parts.number("keyTag", 16), parts.number("algorithm", 8)
    rdata = with_digest(RdataType.DS, (*numbers, inner.number("algorithmType", 8)), inner.hexadecimal("value"))
    parts.left |= {f"digest.{field}": found for field, found in inner.left.items()}
    return rdata


def _ds_native(rdata: Rdata) -> Native:
    (tag, algorithm, kind), digest = _digest_parts(rdata)
    inner = {"algorithmType": kind, "value": digest.hex().upper()}
    return {"keyTag": tag, "algorithm": algorithm, "digest": inner}


def _tlsa(parts: Parts) -> Rdata:
    numbers = [parts.number(field, 8) for field in ("usage", "selector", "matchingType")]
    return with_digest(RdataType.TLSA, numbers, parts.hexadecimal("certAssociationData"))


def _tlsa_native(rdata: Rdata) -> Native:
    (usage, selector, matching), digest = _digest_parts(rdata)
    return {
        "usage": usage,
        "selector": selector,
        "matchingType": matching,
        "certAssociationData": digest.hex().upper(),
    }


def _digest_parts(rdata: Rdata) -> tuple[tuple[int, ...], bytes]:
    parts = parts_of(rdata)
    assert parts is not None
    return parts


def _naptr(parts: Parts) -> Rdata:
    numbers = parts.number("order", 16), parts.number("preference", 16)
    texts = [parts.octets(field) for field in ("flags", "services", "regexp")]
    replacement = parts.text("replacement")
    return _made(NAPTR, RdataType.NAPTR, *numbers, *texts, target_of(replacement or "."))


def _naptr_native(rdata: Rdata) -> Native:
    assert isinstance(rdata, NAPTR)
    return {
        "order": rdata.order,
        "preference": rdata.preference,
        "flags": decoded(rdata.flags),
        "services": decoded(rdata.service),
        "regexp": decoded(rdata.regexp),
        "replacement": rdata.replacement.to_text(),
    }


def _address(rdata: Rdata) -> str:
    assert isinstance(rdata, A | AAAA)
    return str(rdata.address)


def _pointed(rdata: Rdata) -> str:
    assert isinstance(rdata, CNAME | NS | PTR)
    return rdata.target.to_text()


LAYOUTS: Mapping[RdataType, Layout] = {
    RdataType.A: Layout(
        "ARecords",
        lambda parts: _made(A, RdataType.A, parts.text("ipv4Address")),
        lambda rdata: {"ipv4Address": _address(rdata)},
    ),
    RdataType.AAAA: Layout(
        "AAAARecords",
        lambda parts: _made(AAAA, RdataType.AAAA, parts.text("ipv6Address")),
        lambda rdata: {"ipv6Address": _address(rdata)},
    ),
    # The only one that begins in lower case.
    RdataType.CAA: Layout("caaRecords", _caa, _caa_native),
    RdataType.CNAME: Layout(
        "CNAMERecord",
        lambda parts: _made(CNAME, RdataType.CNAME, parts.name("cname")),
        lambda rdata: {"cname": _pointed(rdata)},
        single=True,
    ),
    RdataType.DS: Layout("DSRecords", _ds, _ds_native),
    RdataType.MX: Layout(
        "MXRecords",
        lambda parts: _made(MX, RdataType.MX, parts.number("preference", 16), parts.name("exchange")),
        _mx_native,
    ),
    RdataType.NAPTR: Layout("NAPTRRecords", _naptr, _naptr_native),
    RdataType.NS: Layout(
        "NSRecords",
        lambda parts: _made(NS, RdataType.NS, parts.name("nsdname")),
        lambda rdata: {"nsdname": _pointed(rdata)},
    ),
    RdataType.PTR: Layout(
        "PTRRecords",
        lambda parts: _made(PTR, RdataType.PTR, parts.name("ptrdname")),
        lambda rdata: {"ptrdname": _pointed(rdata)},
    ),
    RdataType.SOA: Layout("SOARecord", _soa, _soa_native, single=True),
    RdataType.SRV: Layout("SRVRecords", _srv, _srv_native),
    RdataType.TLSA: Layout("TLSARecords", _tlsa, _tlsa_native),
    RdataType.TXT: Layout(
        "TXTRecords", lambda parts: _made(TXT, RdataType.TXT, parts.strings("value")), _txt_native
    ),
}


def rdata_of(record: object, rdtype: RdataType) -> tuple[Rdata, Mapping[str, object]]:
    """Return the rdata of a record and the fields that are not known; raises UnreadableError with the reason."""
    if not isinstance(record, Mapping):
        raise UnreadableError("it is no object")
    parts = Parts(record)
    try:
        return LAYOUTS[rdtype].read(parts), parts.left
    except (dns.exception.DNSException, ValueError) as exc:
        raise UnreadableError(str(exc) or type(exc).__name__) from exc


def native_of(rdata: Rdata) -> Native:
    """Return the record that says this rdata; raises UnwritableError where Azure has none."""
    layout = LAYOUTS.get(rdata.rdtype)
    if layout is None or (isinstance(rdata, GenericRdata) and odd_digest(rdata) is None):
        raise UnwritableError(f"Azure has no form for {RdataType.to_text(rdata.rdtype)} {rdata.to_text()}")
    return layout.write(rdata)
