"""Rdata as the fields of a record that Cloudflare takes: the inverse of `values.py`. No IO here.

Targets go without their final dot, but those of NAPTR, SVCB and HTTPS; a TXT record always as quoted strings.
"""

import base64
from collections.abc import Callable, Mapping

from dns.name import Name
from dns.rdata import GenericRdata, Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CAA import CAA
from dns.rdtypes.ANY.CERT import CERT
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.LOC import LOC
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.URI import URI
from dns.rdtypes.IN.NAPTR import NAPTR
from dns.rdtypes.IN.SRV import SRV
from dns.rdtypes.nsbase import NSBase

from providers.cloudflare.names import target_text
from providers.cloudflare.texts import content_of
from providers.digests import odd_digest, parts_of

Fields = dict[str, object]


class UnwritableError(ValueError):
    """Rdata that Cloudflare's JSON cannot say; the text says why."""


def fields_of(rdata: Rdata) -> Fields:
    """Return `content` or `data`, and `priority` where it stands beside; raises UnwritableError.

    A type that is newer than this program is written as it was read: as its presentation form.
    """
    if isinstance(rdata, GenericRdata) and odd_digest(rdata) is None:
        raise UnwritableError(f"Cloudflare has no records of type {RdataType.to_text(rdata.rdtype)} in this form")
    return _WRITERS.get(rdata.rdtype, _content)(rdata)


def _content(rdata: Rdata) -> Fields:
    return {"content": rdata.to_text()}


def _text(rdata: Rdata) -> Fields:
    return {"content": content_of(rdata)}


def _target(rdata: Rdata) -> Fields:
    assert isinstance(rdata, NSBase)
    return {"content": target_text(rdata.target)}


def _mx(rdata: Rdata) -> Fields:
    assert isinstance(rdata, MX)
    return {"content": target_text(rdata.exchange), "priority": rdata.preference}


def _openpgpkey(rdata: Rdata) -> Fields:
    return {"content": _base64(rdata.to_wire() or b"")}


def _caa(rdata: Rdata) -> Fields:
    assert isinstance(rdata, CAA)
    return _data(flags=rdata.flags, tag=_string(rdata.tag), value=_string(rdata.value))


def _cert(rdata: Rdata) -> Fields:
    assert isinstance(rdata, CERT)
    return _data(
        type=int(rdata.certificate_type),
        key_tag=rdata.key_tag,
        algorithm=int(rdata.algorithm),
        certificate=_base64(rdata.certificate),
    )


def _dnskey(rdata: Rdata) -> Fields:
    assert isinstance(rdata, DNSKEY)
    return _data(
        flags=int(rdata.flags),
        protocol=rdata.protocol,
        algorithm=int(rdata.algorithm),
        public_key=_base64(rdata.key),
    )


def _ds(rdata: Rdata) -> Fields:
    (tag, algorithm, kind), digest = _digest_parts(rdata)
    return _data(key_tag=tag, algorithm=algorithm, digest_type=kind, digest=digest.hex())


def _service(rdata: Rdata) -> Fields:
    priority, target, *value = rdata.to_text().split(" ", 2)
    return _data(priority=int(priority), target=target, value=" ".join(value))


def _loc(rdata: Rdata) -> Fields:
    assert isinstance(rdata, LOC)
    latitude, longitude = rdata.latitude, rdata.longitude
    return _data(
        lat_degrees=latitude[0],
        lat_minutes=latitude[1],
        lat_seconds=_number(latitude[2] + latitude[3] / 1000),
        lat_direction="N" if latitude[4] > 0 else "S",
        long_degrees=longitude[0],
        long_minutes=longitude[1],
        long_seconds=_number(longitude[2] + longitude[3] / 1000),
        long_direction="E" if longitude[4] > 0 else "W",
        altitude=_number(rdata.altitude / 100),
        size=_number(rdata.size / 100),
        precision_horz=_number(rdata.horizontal_precision / 100),
        precision_vert=_number(rdata.vertical_precision / 100),
    )


def _naptr(rdata: Rdata) -> Fields:
    assert isinstance(rdata, NAPTR)
    return _data(
        order=rdata.order,
        preference=rdata.preference,
        flags=_string(rdata.flags),
        service=_string(rdata.service),
        regex=_string(rdata.regexp),
        replacement=_dotted(rdata.replacement),
    )


def _certificate(rdata: Rdata) -> Fields:
    (usage, selector, matching), digest = _digest_parts(rdata)
    return _data(usage=usage, selector=selector, matching_type=matching, certificate=digest.hex())


def _srv(rdata: Rdata) -> Fields:
    assert isinstance(rdata, SRV)
    return _data(priority=rdata.priority, weight=rdata.weight, port=rdata.port, target=target_text(rdata.target))


def _sshfp(rdata: Rdata) -> Fields:
    (algorithm, kind), digest = _digest_parts(rdata)
    return _data(algorithm=algorithm, type=kind, fingerprint=digest.hex())


def _uri(rdata: Rdata) -> Fields:
    assert isinstance(rdata, URI)
    return {**_data(weight=rdata.weight, target=_string(rdata.target)), "priority": rdata.priority}


_WRITERS: Mapping[RdataType, Callable[[Rdata], Fields]] = {
    RdataType.A: _content,
    RdataType.AAAA: _content,
    RdataType.CAA: _caa,
    RdataType.CERT: _cert,
    RdataType.CNAME: _target,
    RdataType.DNSKEY: _dnskey,
    RdataType.DS: _ds,
    RdataType.HTTPS: _service,
    RdataType.LOC: _loc,
    RdataType.MX: _mx,
    RdataType.NAPTR: _naptr,
    RdataType.NS: _target,
    RdataType.OPENPGPKEY: _openpgpkey,
    RdataType.PTR: _target,
    RdataType.SMIMEA: _certificate,
    RdataType.SRV: _srv,
    RdataType.SSHFP: _sshfp,
    RdataType.SVCB: _service,
    RdataType.TLSA: _certificate,
    RdataType.TXT: _text,
    RdataType.URI: _uri,
}


def _digest_parts(rdata: Rdata) -> tuple[tuple[int, ...], bytes]:
    parts = parts_of(rdata)
    assert parts is not None
    return parts


def _data(**parts: object) -> Fields:
    return {"data": parts}


def _dotted(name: Name) -> str:
    return name.to_text()


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


def _string(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise UnwritableError("it has octets that are no UTF-8, which JSON cannot say") from exc


def _number(found: float) -> int | float:
    """Return 10 for 10.0, and no more digits than LOC has."""
    rounded = round(found, 3)
    return int(rounded) if rounded == int(rounded) else rounded
