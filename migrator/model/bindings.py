"""HTTPS and SVCB (RFC 9460) from tokens, as octets and as text, in their plain forms. No IO here.

dnspython takes a quarter of a millisecond to read one. Whatever is not plain is None here, and dnspython's to read
and to write: a mandatory key, a key without a name, an escape.
"""

import base64
import binascii
import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import dns.exception
import dns.immutable
import dns.ipv4
import dns.ipv6
from dns.name import Name
from dns.rdtypes.svcbbase import (
    ALPNParam,
    ECHParam,
    IPv4HintParam,
    IPv6HintParam,
    Param,
    ParamKey,
    PortParam,
)

from migrator.model.names import LENGTHS, octets_of, plain_text

SLOTS = ("priority", "target", "params")
Params = Mapping[ParamKey, Param | None]
_Found = tuple[ParamKey, Param | None]

_NUMBER = re.compile(rb"[0-9]{1,10}")
_UINT16 = 0xFFFF
# So long that all five together fit into rdata.
_VALUE = rb"[A-Za-z0-9.,:/_+=-]{1,4096}"
_PARAM = re.compile(rb'(?P<key>[a-z0-9]+)=(?:"(?P<quoted>%b)"|(?P<bare>%b))' % (_VALUE, _VALUE))
# With one octet less, Knot 3.2 refuses the text that dnspython writes.
_PROTOCOL = re.compile(rb"[A-Za-z0-9./_-]{2,255}")
# An ECHConfigList: its length in two octets, and four or more (RFC 9849 section 4).
_LEAST_ECH, _LENGTH_OF_ECH = 6, 2


def fields_of(tokens: Sequence[bytes], read: Callable[[bytes], Name | None]) -> tuple[int, Name, Params] | None:
    """Return what `SLOTS` hold; None where dnspython must look. `read` gives names, and may raise."""
    priority = _number(tokens[0]) if len(tokens) > 1 else None
    if priority is None or (priority == 0 and tokens[2:]):
        return None
    params = _params(tuple(tokens[2:]))
    target = None if params is None else read(tokens[1])
    return None if params is None or target is None else (priority, target, params)


@lru_cache(maxsize=4096)
def _params(tokens: tuple[bytes, ...]) -> Params | None:
    """Return what most hosts of a zone have alike."""
    found = [param for param in map(_param, tokens) if param is not None]
    params = dict(found)
    if len(params) < len(tokens) or (ParamKey.NO_DEFAULT_ALPN in params and ParamKey.ALPN not in params):
        return None
    kept: Any = dns.immutable.Dict(params, no_copy=True)
    return kept  # type: ignore[no-any-return]


def _param(token: bytes) -> _Found | None:
    if token == b"no-default-alpn":
        return ParamKey.NO_DEFAULT_ALPN, None
    found = _PARAM.fullmatch(token)
    make = None if found is None else _MAKE.get(found["key"])
    return None if found is None or make is None else make(found["quoted"] or found["bare"])


def _alpn(value: bytes) -> _Found | None:
    protocols = tuple(value.split(b","))
    return (ParamKey.ALPN, _made(ALPNParam, "ids", protocols)) if _are_plain(protocols) else None


def _port(value: bytes) -> _Found | None:
    number = _number(value)
    return None if number is None else (ParamKey.PORT, _made(PortParam, "port", number))


def _hint(
    key: ParamKey, kind: type[Param], canonicalize: Callable[[str], str]
) -> Callable[[bytes], _Found | None]:
    def make(value: bytes) -> _Found | None:
        try:
            addresses = tuple(map(canonicalize, value.decode("ascii").split(",")))
        except (dns.exception.DNSException, ValueError):
            return None
        return key, _made(kind, "addresses", addresses)

    return make


def _ech(value: bytes) -> _Found | None:
    try:
        octets = base64.b64decode(value, validate=True)
    except binascii.Error:
        return None
    if len(octets) < _LEAST_ECH or int.from_bytes(octets[:_LENGTH_OF_ECH], "big") != len(octets) - _LENGTH_OF_ECH:
        return None
    return ParamKey.ECH, _made(ECHParam, "ech", octets)


def _are_plain(protocols: Iterable[bytes]) -> bool:
    """Tell whether each is; one with a comma in it would be taken for two."""
    return all(map(_PROTOCOL.fullmatch, protocols))


def _number(token: bytes) -> int | None:
    return int(token) if _NUMBER.fullmatch(token) is not None and int(token) <= _UINT16 else None


def _made(kind: type[Param], slot: str, value: object) -> Param:
    """Return a parameter whose value was checked before."""
    param: Param = kind.__new__(kind)
    object.__setattr__(param, slot, value)
    return param


_MAKE: Mapping[bytes, Callable[[bytes], _Found | None]] = MappingProxyType(
    {
        b"alpn": _alpn,
        b"port": _port,
        b"ipv4hint": _hint(ParamKey.IPV4HINT, IPv4HintParam, dns.ipv4.canonicalize),
        b"ipv6hint": _hint(ParamKey.IPV6HINT, IPv6HintParam, dns.ipv6.canonicalize),
        b"ech": _ech,
    }
)


def octets_of_binding(rdata: Any) -> bytes | None:
    """Return the wire form, canonical and with letters as they are; None where dnspython must write it."""
    parts = [struct.pack("!H", rdata.priority), octets_of(rdata.target)]
    for key in sorted(rdata.params):
        param = rdata.params[key]
        value = b"" if param is None else _octets_of(param)
        if value is None:
            return None
        parts.append(struct.pack("!HH", key, len(value)))
        parts.append(value)
    return b"".join(parts)


def _octets_of(param: Param) -> bytes | None:
    found: Any = param
    match found:
        case ALPNParam():
            return b"".join([LENGTHS[len(protocol)] + protocol for protocol in found.ids])
        case PortParam():
            return struct.pack("!H", found.port)
        case IPv4HintParam():
            return b"".join(map(dns.ipv4.inet_aton, found.addresses))
        case IPv6HintParam():
            return b"".join(map(dns.ipv6.inet_aton, found.addresses))
        case ECHParam():
            return bytes(found.ech)
        case _:
            return None


def text_of_binding(rdata: Any) -> str | None:
    """Return the presentation form, which every server reads; None where it is not plain."""
    target = plain_text(rdata.target) or ("." if rdata.target.labels == (b"",) else None)
    params = [*_texts_of(rdata.params)]
    if target is None or None in params:
        return None
    return " ".join([str(rdata.priority), target, *filter(None, params)])


def _texts_of(params: Mapping[ParamKey, Any]) -> Iterable[str | None]:
    """Yield the text of each parameter in the order of their keys; None for one that is not plain."""
    for key in sorted(params):
        param = params[key]
        match param:
            case ALPNParam():
                value = b",".join(param.ids)
                yield f'alpn="{value.decode("ascii")}"' if _are_plain(param.ids) else None
            case PortParam():
                yield f'port="{param.port}"'
            case IPv4HintParam():
                yield f'ipv4hint="{",".join(param.addresses)}"'
            case IPv6HintParam():
                yield f'ipv6hint="{",".join(param.addresses)}"'
            case ECHParam():
                yield f'ech="{base64.b64encode(param.ech).decode("ascii")}"'
            case None if key == ParamKey.NO_DEFAULT_ALPN:
                yield "no-default-alpn"
            case _:
                yield None
