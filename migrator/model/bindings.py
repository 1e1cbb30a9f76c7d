"""HTTPS and SVCB (RFC 9460) from tokens, as octets and as text, in their plain forms. No IO here.

dnspython takes a quarter of a millisecond to read one. Whatever is not plain is None here, and dnspython's to read
and to write: `parameters` says what is.
"""

import base64
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

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
from migrator.model.parameters import are_plain, number_of, values_of

SLOTS = ("priority", "target", "params")
Params = Mapping[ParamKey, Param | None]


def fields_of(tokens: Sequence[bytes], read: Callable[[bytes], Name | None]) -> tuple[int, Name, Params] | None:
    """Return what `SLOTS` hold; None where dnspython must look. `read` gives names, and may raise."""
    priority = number_of(tokens[0]) if len(tokens) > 1 else None
    if priority is None or (priority == 0 and tokens[2:]):
        return None
    params = _params(tuple(tokens[2:]))
    target = None if params is None else read(tokens[1])
    return None if params is None or target is None else (priority, target, params)


@lru_cache(maxsize=4096)
def _params(tokens: tuple[bytes, ...]) -> Params | None:
    """Return what most hosts of a zone have alike."""
    values = values_of(tokens)
    if values is None:
        return None
    params = {ParamKey(number): _param(ParamKey(number), value) for number, value in values.items()}
    kept: Any = dns.immutable.Dict(params, no_copy=True)
    return kept  # type: ignore[no-any-return]


def _param(key: ParamKey, value: bytes) -> Param | None:
    if key == ParamKey.NO_DEFAULT_ALPN:
        return None
    kind, slot, made_of = _MADE[key]
    param: Param = kind.__new__(kind)
    object.__setattr__(param, slot, made_of(value))
    return param


def _addresses(value: bytes) -> tuple[str, ...]:
    return tuple(value.decode("ascii").split(","))


# The class of each, its slot, and what fills that from the value in its one spelling.
_MADE: Mapping[ParamKey, tuple[type[Param], str, Callable[[bytes], object]]] = MappingProxyType(
    {
        ParamKey.ALPN: (ALPNParam, "ids", lambda value: tuple(value.split(b","))),
        ParamKey.PORT: (PortParam, "port", int),
        ParamKey.IPV4HINT: (IPv4HintParam, "addresses", _addresses),
        ParamKey.IPV6HINT: (IPv6HintParam, "addresses", _addresses),
        ParamKey.ECH: (ECHParam, "ech", base64.b64decode),
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
                yield f'alpn="{value.decode("ascii")}"' if are_plain(param.ids) else None
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
