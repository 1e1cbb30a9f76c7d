r"""$GENERATE of BIND: one directive -> the records that it stands for, as tokens. No IO here.

    $GENERATE 1-2 host$ A 192.0.2.$             host1 A 192.0.2.1    host2 A 192.0.2.2
    $GENERATE 7-7 ${3,4,x} CNAME \$.$           000a CNAME \$.7

`${offset,width,base}` adds the offset, fills with zeros to the width, and writes decimal, octal, hexadecimal
or, from the lowest digit up with dots between, nibbles (`n`, `N`) for ip6.arpa. The rdata is one token; where
it is quoted, the text inside the quotes is the rdata.
"""

import re
from collections.abc import Iterator

from migrator.model.expression import expression
from migrator.zonefile.fields import Unreadable, shown
from migrator.zonefile.lexer import logical_lines

# A bound for all $GENERATE lines of a zone together: a /14 of addresses. Servers have none, and run out of memory.
CEILING = 1 << 18
WIDEST = 255
_INT_MAX = (1 << 31) - 1
_ESCAPED = expression(rb"\\.", re.DOTALL)
_RANGE = expression(rb"([0-9]{1,10})-([0-9]{1,10})(?:/([0-9]{1,10}))?")
_PLACE = expression(rb"\$\$|\$\{([+-]?[0-9]{1,10})(?:,([0-9]{1,3})(?:,([doxXnN]))?)?\}|\$(\{)?|(\\.)", re.DOTALL)


def span_of(token: bytes) -> range:
    """Return the numbers of `start-stop` or `start-stop/step`; raises Unreadable."""
    found = _RANGE.fullmatch(token)
    if found is None:
        raise Unreadable(f"{shown(token)} is no range (start-stop or start-stop/step)")
    start, stop, step = int(found[1]), int(found[2]), int(found[3] or 1)
    if not start <= stop <= _INT_MAX or not 0 < step <= _INT_MAX:
        raise Unreadable(f"{shown(token)} is no range: 0 <= start <= stop < 2^31 and step >= 1 are needed")
    return range(start, stop + 1, step)


def generated(tokens: list[bytes], span: range) -> Iterator[list[bytes]]:
    """Yield the tokens of each record; `tokens` are owner, TTL and class if given, type and rdata."""
    owner, *middle, rdata = tokens
    template = _unquoted(rdata)
    for number in span:
        text = _filled(template, number)
        lines = list(logical_lines(text + b"\n"))
        if len(lines) != 1 or lines[0].defect:
            raise Unreadable(f"the rdata {shown(text)} of number {number} is malformed")
        yield [_filled(owner, number), *middle, *lines[0].tokens]


def _unquoted(token: bytes) -> bytes:
    if token[:1] != b'"':
        return token
    return _ESCAPED.sub(lambda found: b'"' if found[0] == b'\\"' else found[0], token[1:-1])


def _filled(template: bytes, number: int) -> bytes:
    def place(found: re.Match[bytes]) -> bytes:
        offset, width, base, broken, escaped = found.groups()
        if escaped is not None:
            return escaped
        if broken is not None:
            raise Unreadable(f"{shown(template)} has a '${{' that is not ${{offset,width,base}}")
        if found[0] == b"$$":
            return b"\\$"
        return _written(number + int(offset or 0), int(width or 0), base or b"d")

    return _PLACE.sub(place, template)


def _written(number: int, width: int, base: bytes) -> bytes:
    if abs(number) > _INT_MAX:
        raise Unreadable(f"the number {number} is out of range (2^31 - 1)")
    if width > WIDEST:
        raise Unreadable(f"the width {width} is more than {WIDEST}")
    if base == b"d":
        return b"%0*d" % (width, number)
    bits = number & 0xFFFFFFFF
    if base in b"nN":
        return _nibbles(bits, width, upper=base == b"N")
    return {b"o": b"%0*o", b"x": b"%0*x", b"X": b"%0*X"}[base] % (width, bits)


def _nibbles(bits: int, width: int, *, upper: bool) -> bytes:
    digits = b"0123456789ABCDEF" if upper else b"0123456789abcdef"
    out = bytearray()
    while True:
        out.append(digits[bits & 15])
        bits >>= 4
        if not bits and len(out) >= width:
            return bytes(out)
        out += b"."
        if not bits and len(out) >= width:
            return bytes(out)
