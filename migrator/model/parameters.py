r"""Parameters of HTTPS and SVCB records (RFC 9460) as text, in their plain forms and in one spelling. No IO here.

    ipv4hint=192.0.2.1 alpn=h2,h3         {1: b"h2,h3", 4: b"192.0.2.1"}
                                          alpn="h2,h3" ipv4hint="192.0.2.1"

The spelling is dnspython's own: by the numbers of the keys, values in quotes. Whatever is not plain is None here,
and dnspython's to read: a mandatory key, a key without a name, an escape.
"""

import base64
import binascii
import struct
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

import dns.ipv6

from migrator.model.addresses import IPV4, ipv6_text
from migrator.model.expression import expression
from migrator.model.names import LENGTHS

ALPN, NO_DEFAULT_ALPN, PORT, IPV4HINT, ECH, IPV6HINT = range(1, 7)
# By the number of its key, what a parameter says in its one spelling; the one without a value says nothing.
Values = Mapping[int, bytes]

# So long that all five together fit into rdata.
_VALUE = rb"[A-Za-z0-9.,:/_+=-]{1,4096}"
_PARAMETER = expression(rb'([a-z0-9]+)=(?:"(%b)"|(%b))' % (_VALUE, _VALUE))
_NUMBER = expression(rb"[0-9]{1,10}")
_UINT16 = 0xFFFF
# With one octet less, Knot 3.2 refuses the text that dnspython writes.
_PROTOCOL = expression(rb"[A-Za-z0-9./_-]{2,255}")
# An ECHConfigList: its length in two octets, and four or more (RFC 9849 section 4).
_LEAST_ECH, _LENGTH_OF_ECH = 6, 2


def values_of(tokens: Iterable[bytes]) -> Values | None:
    """Return what the tokens say, in the order of the keys; None where dnspython must look."""
    found: dict[int, bytes] = {}
    for token in tokens:
        known = _value(token)
        if known is None or known[0] in found:
            return None
        found[known[0]] = known[1]
    if NO_DEFAULT_ALPN in found and ALPN not in found:
        return None
    return found if len(found) < 2 else dict(sorted(found.items()))  # noqa: PLR2004


def number_of(token: bytes) -> int | None:
    """Return a priority or port; None where it is none."""
    return int(token) if _NUMBER.fullmatch(token) is not None and int(token) <= _UINT16 else None


def are_plain(protocols: Iterable[bytes]) -> bool:
    """Tell whether each is; one with a comma in it would be taken for two."""
    return all(map(_PROTOCOL.fullmatch, protocols))


def text_of(values: Values) -> bytes:
    """Return the parameters in their one spelling, with a blank before each."""
    return b"".join([_WRITTEN[number] % value for number, value in values.items()])


def octets_of_text(text: bytes) -> bytes:
    """Return the wire form of what `text_of` writes, without the first blank."""
    parts = []
    for token in text.split():
        key, _, value = token.partition(b"=")
        number, octets_of = _OCTETS[key]
        octets = octets_of(value[1:-1])
        parts.append(struct.pack("!HH", number, len(octets)) + octets)
    return b"".join(parts)


@lru_cache(maxsize=4096)
def _value(token: bytes) -> tuple[int, bytes] | None:
    """Return the number of the key, and the value; most hosts of a zone have some alike."""
    if token == b"no-default-alpn":
        return NO_DEFAULT_ALPN, b""
    found = _PARAMETER.fullmatch(token)
    if found is None or found[1] not in _READ:
        return None
    number, read = _READ[found[1]]
    value = read(found[2] or found[3])
    return None if value is None else (number, value)


def _alpn(value: bytes) -> bytes | None:
    return value if are_plain(value.split(b",")) else None


def _port(value: bytes) -> bytes | None:
    number = number_of(value)
    return None if number is None else b"%d" % number


def _ipv4hint(value: bytes) -> bytes | None:
    return value if all(map(IPV4.fullmatch, value.split(b","))) else None


def _ipv6hint(value: bytes) -> bytes | None:
    addresses = [address for address in map(ipv6_text, value.split(b",")) if address is not None]
    return b",".join(addresses) if len(addresses) == value.count(b",") + 1 else None


def _ech(value: bytes) -> bytes | None:
    try:
        octets = base64.b64decode(value, validate=True)
    except binascii.Error:
        return None
    if len(octets) < _LEAST_ECH or int.from_bytes(octets[:_LENGTH_OF_ECH], "big") != len(octets) - _LENGTH_OF_ECH:
        return None
    return value if base64.b64encode(octets) == value else None


_READ: Mapping[bytes, tuple[int, Callable[[bytes], bytes | None]]] = MappingProxyType(
    {
        b"alpn": (ALPN, _alpn),
        b"port": (PORT, _port),
        b"ipv4hint": (IPV4HINT, _ipv4hint),
        b"ech": (ECH, _ech),
        b"ipv6hint": (IPV6HINT, _ipv6hint),
    }
)
_WRITTEN: Mapping[int, bytes] = MappingProxyType(
    {NO_DEFAULT_ALPN: b" no-default-alpn%b", **{number: b' %b="%%b"' % key for key, (number, _) in _READ.items()}}
)


def _octets_of_protocols(value: bytes) -> bytes:
    return b"".join([LENGTHS[len(protocol)] + protocol for protocol in value.split(b",")])


_OCTETS: Mapping[bytes, tuple[int, Callable[[bytes], bytes]]] = MappingProxyType(
    {
        b"alpn": (ALPN, _octets_of_protocols),
        b"no-default-alpn": (NO_DEFAULT_ALPN, bytes),
        b"port": (PORT, lambda value: struct.pack("!H", int(value))),
        b"ipv4hint": (IPV4HINT, lambda value: bytes(map(int, value.replace(b",", b".").split(b".")))),
        b"ech": (ECH, base64.b64decode),
        b"ipv6hint": (IPV6HINT, lambda value: b"".join(map(dns.ipv6.inet_aton, value.split(b",")))),
    }
)
