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
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from migrator.zonefile import suspicion


class Columns(NamedTuple):
    """What the matches give, one beside the other: a block and what its records say, or any other line.

    What a block does not have is empty. `text` are all strings of a TXT record; one of `early` and `late` is the
    address of an AAAA record. `ttl_1` is what stands between the owner and the first type, and those after it what
    stands before the types of the next records. Which columns there are is told at `block_pattern`.
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
    ptr: Sequence[bytes] = ()
    a: Sequence[bytes] = ()
    late: Sequence[bytes] = ()
    preference: Sequence[bytes] = ()
    caa: Sequence[bytes] = ()
    ranks: Sequence[bytes] = ()
    ttl_1: Sequence[bytes] = ()
    ttl_2: Sequence[bytes] = ()
    ttl_3: Sequence[bytes] = ()
    ttl_4: Sequence[bytes] = ()
    ttl_5: Sequence[bytes] = ()
    ttl_6: Sequence[bytes] = ()

    def ttls(self) -> Iterator[tuple[bytes, ...]]:
        """Yield for each block what stands before its types."""
        return zip(self.ttl_1, self.ttl_2, self.ttl_3, self.ttl_4, self.ttl_5, self.ttl_6, strict=True)


def columns_of(pattern: re.Pattern[bytes], text: bytes, start: int, end: int) -> Columns:
    """Return what the expression finds in this piece of the text."""
    return Columns(
        **dict(zip(pattern.groupindex, zip(*pattern.findall(text, start, end), strict=True), strict=True))
    )


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
_TTL = rb"[0-9]{1,9}[ \t]+"
_CLASS = rb"[Ii][Nn][ \t]+"
_MAYBE_TTL = rb"[ \t]+(?:%b(?:%b|)|%b(?:%b|)|)" % (_TTL, _CLASS, _CLASS, _TTL)
_ALWAYS_TTL = rb"[ \t]+(?:%b(?:%b|)|%b%b)" % (_TTL, _CLASS, _CLASS, _TTL)
_RELATIVE_TOO = rb"(?:(?=[^ \t\n]{1,100}[ \t\n])%b(?:\.|)|@)"
_OWNER = re.compile(rb"[^ \t\n]+[ \t]")
_OWNER_BEGINS = re.compile(rb"\n(?=[A-Za-z0-9_*])")
_OWNER_LINE = rb"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_*"


# Groups of what differs from layout to layout, and need not be known where a block is compared as it stands.
_DETAILS = (b"ptr", b"a", b"late", b"preference", b"caa", b"ranks", *(b"ttl_%d" % place for place in range(1, 7)))


@cache
def block_pattern(
    apex: bytes, *, stated: bool = False, absolute: bool = False, detailed: bool = False
) -> re.Pattern[bytes]:
    """Return the expression for names below an apex that is the origin too; its groups are those of `Columns`.

    `apex` is plain text in small letters with its final dot, and not the root. With `stated`, each record must
    state its TTL; with `absolute`, all names must be absolute, and the origin does not matter; with `detailed`,
    there are all columns, without it those up to `other`.
    """
    tops = sorted({*suspicion.TOP_LEVEL, apex.split(b".")[-2]})
    suspicious = b"|".join(map(_in_any_letters, tops))
    labels = rb"%b(?:(?:\.(?!(?:%b)[ \t\n])%b)+|)" % (_LABEL, suspicious, _LABEL)
    name = (rb"(?=[^ \t\n]{1,100}[ \t\n])%b\." if absolute else _RELATIVE_TOO) % labels
    below = (rb"\.(?<=\.%b)" if absolute else rb"(?:\.(?<=\.%b)|)") % re.escape(apex)
    owner = rb"(?=[A-Za-z0-9_*][^ \t\n]{0,99}[ \t])(?P<owner>%b%b)" % (labels, below)
    ttl = _ALWAYS_TTL if stated else _MAYBE_TTL
    pointing = rb"CNAME[ \t]+(?P<cname>%b)|NS[ \t]+(?P<ns>%b)|PTR[ \t]+(?P<ptr>%b)" % (name, name, name)
    service = rb"SRV[ \t]+(?P<ranks>(?:%b[ \t]+){3})(?P<srv>%b)" % (_NUMBER, name)
    # AAAA stands beside A where people write, and behind the others where programs sort by number.
    usual = rb"%b%b%b%b(?(early)|%b)%b" % (
        _record(b"A", rb"(?P<a>%b)" % _IPV4, rb"(?P<ttl_2>%b)" % ttl),
        _record(b"AAAA", rb"(?P<early>%b)" % _IPV6, rb"(?P<ttl_3>%b)" % ttl),
        _record(b"MX", rb"(?P<preference>%b)[ \t]+(?P<mx>%b)" % (_NUMBER, name), rb"(?P<ttl_4>%b)" % ttl),
        _record(b"TXT", rb"(?P<text>%b|%b)" % (_ONE_LINE, _SEVERAL), rb"(?P<ttl_5>%b)" % ttl),
        _record(b"AAAA", rb"(?P<late>%b)" % _IPV6, rb"(?P<ttl_6>%b)" % ttl),
        _record(b"CAA", rb"(?P<caa>%b)" % _CAA, ttl),
    )
    ends = rb"(?<=\n)(?=[A-Za-z0-9_*$@]|\Z)(?!(?P=owner)[ \t])"
    block = rb"%b(?P<ttl_1>%b)(?:(?:%b|%b)[ \t]*\n|%b)%b" % (owner, ttl, pointing, service, usual, ends)
    for name in () if detailed else _DETAILS:
        block = block.replace(b"(?P<%b>" % name, b"(?:")
    return re.compile(rb"(?P<block>%b)|(?P<other>[^\n]*\n)" % block)


def _record(rdtype: bytes, rdata: bytes, ttl: bytes) -> bytes:
    """Return the expression for a record, if there is one, from its type to that of the next of the same owner.

    An empty alternative takes less time than a question mark behind the group: whether the other begins as the
    text does is seen at once.
    """
    return rb"(?:%b[ \t]+%b[ \t]*\n(?:(?:(?P=owner)|)%b|)|)" % (rdtype, rdata, ttl)


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
