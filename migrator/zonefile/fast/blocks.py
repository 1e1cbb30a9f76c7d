r"""The regular expression that takes whole blocks of a zone file, where nothing is to be said of them. No IO here.

A block is what stands between a line that names an owner and the next that names another. Of the most usual ones
the expression alone can tell that the exact reader would have no finding: each line is of a plain form, no type
stands twice, a CNAME or a zone cut stands alone, and no name looks as if its final dot were missing.

    host24  IN  A    192.0.2.241            one block: owner `host24`, exchange `10 mail.host24`,
            IN  MX   10 mail.host24         text `"v=spf1 a mx -all"`
            IN  TXT  "v=spf1 a mx -all"
    host25  IN  A    192.0.2.224            two addresses: no block of these, so line by line to the
            IN  A    192.0.2.225            other expression (`cutting`)

The forms are narrower than those of `forms`, never wider: what is taken here would be taken there.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from migrator.zonefile import suspicion


class Columns(NamedTuple):
    """What the matches give, one beside the other: a block and what marks its owner, or any other line.

    `cname`, `ns`, `srv` and `mx` are the names that it points at, `text` all strings of a TXT record; what is not
    there is empty.
    """

    block: Sequence[bytes]
    owner: Sequence[bytes]
    cname: Sequence[bytes]
    ns: Sequence[bytes]
    srv: Sequence[bytes]
    early: Sequence[bytes]
    mx: Sequence[bytes]
    text: Sequence[bytes]
    other: Sequence[bytes]


_LABEL = rb"[A-Za-z0-9_*/-]{1,63}"
_OCTET = rb"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = _OCTET + (rb"\." + _OCTET) * 3
_GROUP = rb"[0-9A-Fa-f]{1,4}"
_MANY = rb"(?:[0-9A-Fa-f]*:){7}"
_IPV6 = rb"(?:(?!%b)%b(?::%b){0,4}::(?:%b(?::%b){0,4})?|(?:%b:){7}%b)" % (_MANY, *(_GROUP,) * 6)
_NUMBER = rb"(?:0|[1-9][0-9]{0,3})"
_STRING = rb'"[ !#-\[\]-~]{0,255}"'
_ONE_LINE = rb"%b(?:[ \t]{1,9}%b){0,14}" % (_STRING, _STRING)
_SEVERAL = rb"\([ \t\n]{0,9}%b(?:[ \t\n]{1,9}%b){0,14}[ \t\n]{0,9}\)" % (_STRING, _STRING)
_CAA = rb'[0-9]{1,2}[ \t]+[A-Za-z0-9]{1,15}[ \t]+"[ !#-\[\]-~]{0,250}"'
_TTL_AND_CLASS = rb"(?:[0-9]{1,9}[ \t]+(?:[Ii][Nn][ \t]+|)|[Ii][Nn][ \t]+(?:[0-9]{1,9}[ \t]+|)|)"
_OWNER = re.compile(rb"[^ \t\n]+[ \t]")
_OWNER_BEGINS = re.compile(rb"\n(?=[A-Za-z0-9_*])")
_OWNER_LINE = rb"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_*"


@cache
def block_pattern(apex: bytes) -> re.Pattern[bytes]:
    """Return the expression for names below an apex that is the origin too; its groups are those of `Columns`.

    `apex` is plain text in small letters with its final dot, and not the root.
    """
    tops = sorted({*suspicion.TOP_LEVEL, apex.split(b".")[-2]})
    suspicious = b"|".join(map(_in_any_letters, tops))
    labels = rb"%b(?:(?:\.(?!(?:%b)[ \t\n])%b)+|)" % (_LABEL, suspicious, _LABEL)
    name = rb"(?:(?=[^ \t\n]{1,100}[ \t\n])%b(?:\.|)|@)" % labels
    owner = rb"(?=[A-Za-z0-9_*][^ \t\n]{0,99}[ \t])(%b(?:\.(?<=\.%b)|))(?=[ \t])" % (labels, re.escape(apex))
    single = rb"(?:CNAME[ \t]+(%b)|NS[ \t]+(%b)|SRV[ \t]+(?:%b[ \t]+){3}(%b))[ \t]*\n" % (
        name,
        name,
        _NUMBER,
        name,
    )
    # AAAA stands beside A where people write, and behind the others where programs sort by number.
    usual = rb"%b(?:(?=(AAAA))%b|)%b%b(?(6)|%b)%b" % (
        _record(b"A", _IPV4),
        _record(b"AAAA", _IPV6),
        _record(b"MX", rb"%b[ \t]+(%b)" % (_NUMBER, name)),
        _record(b"TXT", rb"(%b|%b)" % (_ONE_LINE, _SEVERAL)),
        _record(b"AAAA", _IPV6),
        _record(b"CAA", _CAA),
    )
    ends = rb"(?<=\n)(?=[A-Za-z0-9_*$@]|\Z)(?!\2[ \t])"
    return re.compile(rb"(%b[ \t]+%b(?:%b|%b)%b)|([^\n]*\n)" % (owner, _TTL_AND_CLASS, single, usual, ends))


def _record(rdtype: bytes, rdata: bytes) -> bytes:
    """Return the expression for a record, if there is one, from its type to that of the next of the same owner.

    An empty alternative takes less time than a question mark behind the group: whether the other begins as the
    text does is seen at once.
    """
    return rb"(?:%b[ \t]+%b[ \t]*\n(?:(?:\2|)[ \t]+%b|)|)" % (rdtype, rdata, _TTL_AND_CLASS)


def _in_any_letters(label: bytes) -> bytes:
    each = zip(label.decode("ascii").lower(), label.decode("ascii").upper(), strict=True)
    return "".join(re.escape(x) if x == y else f"[{x}{y}]" for x, y in each).encode()


def block_begins(text: bytes, position: int, least: int) -> int:
    """Return where the block begins that the line at the position belongs to; `least` where that is before it.

    The line is one that names its owner, in text of which all is blocks.
    """
    while position > least:
        token = _OWNER.match(text, position)
        before = owner_line_before(text, position, least)
        if token is None or before < 0 or not text.startswith(token[0][:-1], before):
            return position
        if text[before + len(token[0]) - 1] not in b" \t":
            return position
        position = before
    return least


def owner_line_before(text: bytes, position: int, least: int) -> int:
    """Return where the last line before the position begins that names its owner, or -1."""
    end = position - 1
    while end >= least:
        begin = text.rfind(b"\n", 0, end) + 1
        if begin < least:
            return -1
        if text[begin] in _OWNER_LINE:
            return begin
        end = begin - 1
    return -1


def owner_line_after(text: bytes, position: int, most: int) -> int:
    """Return where the next line begins that names its owner; `most` where that is not before it."""
    found = _OWNER_BEGINS.search(text, position, most)
    return found.end() if found else most
