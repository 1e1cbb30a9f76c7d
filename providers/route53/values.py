r"""One value of Route 53 as dnspython's rdata. No IO here.

A value is presentation format, except that its escapes are octal, that names are absolute without a final dot
too, and that it is one record whatever stands in it: `;` begins no comment, parentheses join no lines, a line
end is a blank. So `10 \052.example.com` is rewritten as `10 \042.example.com` and then read by dnspython.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html (2026-11-20)
"""

import re

import dns.exception
import dns.name
import dns.rdata
from dns.rdata import GenericRdata, Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from providers.digests import odd_digest, of_odd_text, parts_of
from providers.onerecord import as_one_record
from providers.route53.names import UnreadableError, escaped

_TEXT_TYPES = frozenset({RdataType.TXT, RdataType.SPF})
_WRAPPED = re.compile(r"\{'Value': '([^'\\]*)'\}")


def rdata_of(value: str, rdtype: RdataType) -> Rdata:
    """Return the rdata that a value of this type means; raises UnreadableError with the reason."""
    text = presentation(value)
    try:
        return dns.rdata.from_text(RdataClass.IN, rdtype, text, origin=dns.name.root, relativize=False)
    except (dns.exception.DNSException, ValueError) as exc:
        odd = of_odd_text(rdtype, text)
        if odd is not None:
            return odd
        raise UnreadableError(str(exc) or type(exc).__name__) from exc


def presentation(value: str) -> str:
    r"""Return the value as one record's presentation text with the decimal escapes of RFC 1035.

    Raises UnreadableError for an escape that is not octal and for a quote that is not closed.
    """
    out: list[str] = []
    at = 0
    while at < len(value):
        char = value[at]
        if char == "\\":
            octets, after = escaped(value, at)
            # \X of a letter or sign keeps its form: SVCB values are unescaped a second time.
            out.append(value[at:after] if after == at + 2 and char_is_plain(value[at + 1]) else _decimal(octets))
            at = after
            continue
        plain = char_is_plain(char) or char.isspace()
        out.append(char if plain else _decimal(char.encode("utf-8", "surrogatepass")))
        at += 1
    try:
        return as_one_record("".join(out))
    except ValueError as exc:
        raise UnreadableError(str(exc)) from exc


def value_of(rdata: Rdata) -> str:
    r"""Return the rdata as a value: one that `rdata_of` reads back as the same rdata.

    Inside quotes `\"` and `\\` stay as they are, as in the developer guide's NAPTR example; every other escape is
    octal, a dot inside a label too.
    """
    text = rdata.to_text()
    if isinstance(rdata, GenericRdata):
        return text if odd_digest(rdata) is None else _odd(rdata)
    out: list[str] = []
    quoted = False
    at = 0
    while at < len(text):
        char = text[at]
        if char != "\\":
            quoted = quoted != (char == '"')
            out.append(char)
            at += 1
        elif text[at + 1].isdecimal():
            out.append(_octal(int(text[at + 1 : at + 4])))
            at += 4
        else:
            out.append(text[at : at + 2] if quoted else _octal(ord(text[at + 1])))
            at += 2
    return "".join(out)


def is_bare_text(value: str, rdtype: RdataType) -> bool:
    """Tell whether a text value has several words and no quotes: its borders are then a guess."""
    return rdtype in _TEXT_TYPES and '"' not in value and len(value.split()) > 1


def unwrapped(value: str) -> str | None:
    """Return what stands in a value that is the text of a Python dict, or None where it is none.

    Route 53 never says so; moto (5.2.5), and LocalStack with it, give the SOA of every new zone in this form.
    """
    found = _WRAPPED.fullmatch(value)
    return None if found is None else found[1]


def char_is_plain(char: str) -> bool:
    """Tell whether a character is printable ASCII or a blank."""
    return " " <= char <= "~"


def _odd(rdata: GenericRdata) -> str:
    parts = parts_of(rdata)
    assert parts is not None
    numbers, digest = parts
    return " ".join([*map(str, numbers), digest.hex().upper()])


def _octal(octet: int) -> str:
    return f"\\{octet:03o}"


def _decimal(octets: bytes) -> str:
    return "".join(f"\\{octet:03d}" for octet in octets)
