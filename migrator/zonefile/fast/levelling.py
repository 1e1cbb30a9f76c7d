r"""Blocks that are written in a less usual way, brought to the usual one without moving an octet. No IO here.

    host24  in  a   192.0.2.241            host24  in  A   192.0.2.241
    host25  IN  A  ( 192.0.2.224 )         host25  IN  A    192.0.2.224

What they say stays the same, and so does where they say it: the expression of blocks need not know these ways, and
takes no time for them in files that are written as most are.
"""

from typing import NamedTuple

from migrator.model.blocktexts import BEFORE_TYPE
from migrator.model.expression import expression


class Manner(NamedTuple):
    """How blocks are written, beyond the most usual way: what is looked for where few of them are found.

    With `any_order`, the types of a host may stand in an unusual one; with `levelled`, types may be in small
    letters, and parentheses may hold what stands on one line.
    """

    any_order: bool = False
    levelled: bool = False


def levelled(piece: bytes) -> bytes:
    """Return a piece of the text, of the same length: types in capitals, no parentheses within a line."""
    if b"(" in piece:
        piece = _HELD.sub(rb"\1 \2 ", piece)
    return _SMALL.sub(lambda found: found[1] + found[2].upper(), piece)


# The types that the expression of blocks knows.
_SMALL = expression(
    rb'(?m)^([^ \t\n;"()]*[ \t]+%b)(a|aaaa|caa|cname|ds|https|mx|naptr|ns|ptr|srv|sshfp|svcb|tlsa|txt)(?=[ \t])'
    % BEFORE_TYPE
)
_OUTSIDE = rb'[^"();\\\n]*(?:"[^"\\\n]*"[^"();\\\n]*)*'
_HELD = expression(rb"(?m)^(%b(?<=[ \t]))\((%b)\)(?=[ \t]*(?:;[^\n]*)?\n)" % (_OUTSIDE, _OUTSIDE))
