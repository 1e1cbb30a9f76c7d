"""Addresses as text, brought to the one form in which two that are the same are equal. No IO here."""

import re

import dns.exception
import dns.ipv6

_OCTET = rb"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
# Such an address has one form.
IPV4 = re.compile(rb"\.".join([_OCTET] * 4))
# Groups without leading zeros, none of them zero: all eight, or, with at most six colons, fewer around the `::`.
_GROUP = rb"[1-9a-f][0-9a-f]{0,3}"
_PLAIN_IPV6 = re.compile(
    rb"(?P<whole>%b(?::%b){7})|%b(?::%b)*::%b(?::%b)*" % (_GROUP, _GROUP, _GROUP, _GROUP, _GROUP, _GROUP)
)
_IPV6 = re.compile(rb"[0-9A-Fa-f:]{2,39}")
_MOST_COLONS = 6


def ipv6_text(text: bytes) -> bytes | None:
    """Return the address in the form of RFC 5952; None for what is none, or has an address of IPv4 at its end."""
    found = _PLAIN_IPV6.fullmatch(text)
    if found is not None and (found["whole"] or text.count(b":") <= _MOST_COLONS):
        return text
    if _IPV6.fullmatch(text) is None:
        return None
    try:
        return dns.ipv6.inet_ntoa(dns.ipv6.inet_aton(text)).encode()
    except dns.exception.SyntaxError:
        return None
