r"""HTTPS and SVCB records in blocks: whether they are of the plainest kind. No IO here.

    HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.1     of a service at its owner, parameters in the order of their keys

The expression of blocks knows where such records begin and end, and not what they say: to know that too would
take it half as long again to compile, and few files have any.
"""

from collections.abc import Sequence

from migrator.model.expression import expression
from migrator.zonefile.fast.blocks import IPV4, IPV6, LINE_END, OF_16_BITS


def with_odd_bindings(lines: Sequence[bytes]) -> set[int]:
    """Return the places of those lines of `rare` that may have a service binding of another kind."""
    whole = b"".join(lines)
    if _bindings_in(whole) == len(_PLAIN_BINDING.findall(whole)):
        return set()
    return {place for place, some in enumerate(lines) if _bindings_in(some) != len(_PLAIN_BINDING.findall(some))}


def _bindings_in(lines: bytes) -> int:
    return lines.count(b"HTTPS") + lines.count(b"SVCB")


_PROTOCOL = rb"[A-Za-z0-9./_-]{2,255}"
_PARAMETERS = (
    (b"alpn", rb"%b(?:,%b){0,9}" % (_PROTOCOL, _PROTOCOL)),
    (b"port", OF_16_BITS),
    (b"ipv4hint", rb"%b(?:,%b){0,9}" % (IPV4, IPV4)),
    (b"ipv6hint", rb"%b(?:,%b){0,9}" % (IPV6, IPV6)),
)
_IN_QUOTES_OR_NOT = rb'(?:[ \t]+%b=(?:"(?=[^ \t\n"]*")|(?![^ \t\n;]*"))%b(?:"|)|)'
_PLAIN_BINDING = expression(
    rb"(?:HTTPS|SVCB)[ \t]+[0-9]+[ \t]+\.%b%b"
    % (rb"".join([_IN_QUOTES_OR_NOT % parameter for parameter in _PARAMETERS]), LINE_END)
)
