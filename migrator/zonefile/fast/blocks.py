r"""The regular expression that takes whole blocks of a zone file, where nothing is to be said of them. No IO here.

A block is what stands between a line that names an owner and the next that names another. Of the most usual
ones the expression alone can tell that the exact reader would have no finding: each line is of a plain form,
the records of a type stand together, a CNAME or a zone cut stands alone, and no name looks as if its final dot
were missing.

    host24  IN  A    192.0.2.241            one block: owner `host24`, exchange `10 mail.host24`,
            IN  MX   10 mail.host24         text `"v=spf1 a mx -all"`
            IN  TXT  "v=spf1 a mx -all"
    ; moved here from the old building      a gap: comments and empty lines
    host25  IN  A    192.0.2.224            one block, with one more address
            IN  A    192.0.2.225
    host26  IN  LOC  51 30 12 N 0 7 39 W 0  no block: a type that the expression does not know, so this line goes
                                            to the expression of lines (`cutting`)

Whether the records of one set are all different, and have one TTL, the expression does not tell: `more_`
columns say where somebody must look. The forms are narrower than those of `forms`, never wider: what is taken
here would be taken there.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import cache
from itertools import accumulate
from operator import add
from typing import NamedTuple

from migrator.model.expression import expression
from migrator.model.strings import in_one_spelling, length_of_spelled
from migrator.zonefile import suspicion


class Columns(NamedTuple):
    """What the matches give, one beside the other: a block and what its records say, a gap, or any other line.

    What a block does not have is empty. `text` are all strings of a TXT record; one of `early` and `late` is
    the address of an AAAA record. `more_a` and its like are the lines of all records of a type but the first.
    `ttl_1` is what stands between the owner and the first type, and those after it what stands before the types
    of the next records; behind a set of several, its lines end with that. `rare` are the lines of records of other
    types, which stand behind those: see `types_of_rare`.
    Which columns there are is told at `block_pattern`.
    """

    block: Sequence[bytes]
    owner: Sequence[bytes]
    cname: Sequence[bytes]
    ns: Sequence[bytes]
    srv: Sequence[bytes]
    early: Sequence[bytes]
    mx: Sequence[bytes]
    text: Sequence[bytes]
    more_a: Sequence[bytes]
    more_early: Sequence[bytes]
    more_mx: Sequence[bytes]
    more_ns: Sequence[bytes]
    more_srv: Sequence[bytes]
    more_caa: Sequence[bytes]
    rare: Sequence[bytes]
    gap: Sequence[bytes]
    other: Sequence[bytes]
    more_text: Sequence[bytes] = ()
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
        """Yield for each block what stands before its types, those behind a set of several records too."""
        columns = (self.ttl_1, self.ttl_2, self.ttl_3, self.ttl_4, self.ttl_5, self.ttl_6)
        behind = ([lines and _behind(lines) for lines in column] for column in self.more())
        return zip(*columns, *behind, strict=True)

    def more(self) -> list[Sequence[bytes]]:
        """Return the columns of further records of a type that are not empty."""
        of_names = (self.more_mx, self.more_ns, self.more_srv)
        columns = (self.more_a, self.more_early, *of_names, self.more_caa, self.more_text)
        return [column for column in columns if any(column)]


def _behind(lines: bytes) -> bytes:
    """Return what stands before the type of the record behind these lines, without its owner; nothing for none."""
    before = lines[lines.rfind(b"\n") + 1 :]
    return before if before[:1] in b" \t" else b" " + b" ".join(before.split()[1:])


def columns_of(pattern: re.Pattern[bytes], text: bytes, start: int, end: int) -> Columns:
    """Return what the expression finds in this piece of the text; strings in quotes and in one spelling."""
    found: dict[str, Sequence[bytes]] = dict(
        zip(pattern.groupindex, zip(*pattern.findall(text, start, end), strict=True), strict=True)
    )
    words = found.pop("words")
    if any(words):
        found["text"] = [
            _quoted(some) if some else strings for some, strings in zip(words, found["text"], strict=True)
        ]
    if text.find(b"\\", start, end) >= 0 or not b"".join(found["text"]).isascii():
        found["text"] = [strings and _spelled(strings) for strings in found["text"]]
    return Columns(**found)


def _spelled(strings: bytes) -> bytes:
    found = in_one_spelling(strings)
    assert found is not None
    return found


def _quoted(words: bytes) -> bytes:
    return b'"%b"' % b'" "'.join(words.split())


def with_long_strings(columns: Columns) -> Iterator[int]:
    """Yield the places of blocks of whose strings one may be too long, which was written with escapes."""
    for place, block in enumerate(columns.block):
        if b"\\" in block and len(block) > _LONGEST_STRING:
            more = strings_of(columns.more_text[place]) if columns.more_text else []
            strings = b"".join([columns.text[place], *more]).split(b'"')[1::2]
            if max(map(length_of_spelled, strings), default=0) > _LONGEST_STRING:
                yield place


_LONGEST_STRING = 255


def _type(rdtype: bytes, behind: bytes = b"") -> bytes:
    """Return the expression for a type and the blanks behind it, which is no owner at the beginning of a line.

    `behind` is how the type begins, where that is matched already.
    """
    return rb"%b(?<=[ \t]%b)[ \t]+" % (rdtype.removeprefix(behind), rdtype)


LABEL = rb"[A-Za-z0-9_*/-]{1,63}"
_OCTET = rb"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IPV4 = _OCTET + (rb"\." + _OCTET) * 3
_GROUP = rb"[0-9A-Fa-f]{1,4}"
_MANY = rb"(?:[0-9A-Fa-f]*:){7}"
IPV6 = rb"(?:(?!%b)%b(?::%b){0,4}::(?:%b(?::%b){0,4})?|(?:%b:){7}%b)" % (_MANY, *(_GROUP,) * 6)
_NUMBER = rb"(?:0|[1-9][0-9]{0,3})"
OF_16_BITS = rb"(?:0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_OF_8_BITS = rb"(?:0|[1-9][0-9]?|1[0-9]{2})"
_STRING = rb'"[ !#-\[\]-~]{0,255}"'
# With escapes: what counts is how long the string is without them, see `with_long_strings`.
_ESCAPE = rb"\\(?:[ -/:-~\x80-\xff]|[01][0-9]{2}|2[0-4][0-9]|25[0-5])"
_UNESCAPED = rb"[ !#-\[\]-~\x80-\xff]{0,255}"
_OF_TEXT = rb'"%b(?:"|(?:%b%b){1,255}")' % (_UNESCAPED, _ESCAPE, _UNESCAPED)
_ONE_LINE = rb"%b(?:[ \t]{1,9}%b){0,14}" % (_OF_TEXT, _OF_TEXT)
# No comment stands behind them: `cutting` has no form for that.
_SEVERAL = rb"\([ \t\n]{0,9}%b(?:[ \t\n]{1,9}%b){0,14}[ \t\n]{0,9}\)(?=[ \t]*\n)" % (_OF_TEXT, _OF_TEXT)
_WORD = rb"[!#-'*-:<-\[\]-~]{1,255}"
# Strings without quotes: not of a policy or key, of which there is something to say.
_WORDS = rb"(?![vVkK]=)%b(?:[ \t]{1,9}%b){0,14}" % (_WORD, _WORD)
_CAA = rb'(?:[0-9]{1,2}|128)[ \t]+[A-Za-z0-9]{1,15}[ \t]+"[ !#-\[\]-~]{0,250}"'
_HEX = rb"(?:[0-9A-Fa-f][ \t]?){%d}"  # programs part digests with blanks
_DIGESTS_OF_DS = rb"(?:1[ \t]+%b|2[ \t]+%b|4[ \t]+%b)" % (_HEX % 40, _HEX % 64, _HEX % 96)
_DS = rb"%b%b[ \t]+%b[ \t]+%b" % (_type(b"DS", b"D"), OF_16_BITS, _OF_8_BITS, _DIGESTS_OF_DS)
_SSHFP = rb"%b%b[ \t]+(?:1[ \t]+%b|2[ \t]+%b)" % (_type(b"SSHFP", b"S"), _OF_8_BITS, _HEX % 40, _HEX % 64)
_DIGESTS_OF_TLSA = rb"(?:1[ \t]+%b|2[ \t]+%b)" % (_HEX % 64, _HEX % 128)
_TLSA = rb"%b(?:%b[ \t]+){2}%b" % (_type(b"TLSA", b"T"), _OF_8_BITS, _DIGESTS_OF_TLSA)
_NAPTR = rb"%b(?:%b[ \t]+){2}(?:%b[ \t]+){3}\." % (_type(b"NAPTR", b"N"), _NUMBER, _STRING)
# Of a digest in parentheses, whoever looks at the lines tells whether it is whole. No part of it is so short that
# it could be taken for a type.
_PART = rb"[0-9A-Fa-f]{8,128}"
_FOLDED = rb"\([ \t]*(?:\n[ \t]+|)%b(?:(?:[ \t]*\n[ \t]+|[ \t]+)%b)*[ \t\n]*\)(?=[ \t]*\n)" % (_PART, _PART)
_HELD = rb"(?:%b|%b|%b)[0-9]+(?:[ \t]+[0-9]+)+[ \t]+%b" % (
    *(_type(b"DS", b"D"), _type(b"SSHFP", b"S"), _type(b"TLSA", b"T"), _FOLDED),
)
# Whether a service binding is plain, `bindings` tells: that takes an expression which is long to compile.
_BINDING = rb"(?:%b|%b)[1-9][0-9]{0,3}[ \t]+\.(?:[ \t]+[A-Za-z0-9.,:/_+=\"-]{1,999}){0,6}" % (
    _type(b"HTTPS", b"H"),
    _type(b"SVCB", b"S"),
)
# Their first letters tell at once where there is none.
_RARE = rb"[DHNST](?:%b)" % rb"|".join((_DS, _SSHFP, _TLSA, _NAPTR, _BINDING, _HELD))
# In seconds, or in one unit.
_TTL = rb"[0-9]{1,9}(?:[smhdwSMHDW](?<![0-9]{4}.)|)[ \t]+"
_CLASS = rb"[Ii][Nn][ \t]+"
_MAYBE_TTL = rb"[ \t]+(?:%b(?:%b|)|%b(?:%b|)|)" % (_TTL, _CLASS, _CLASS, _TTL)
_ALWAYS_TTL = rb"[ \t]+(?:%b(?:%b|)|%b%b)" % (_TTL, _CLASS, _CLASS, _TTL)
# A comment that may hold a record which a tool took out of the zone is no gap: see `dialects.outcommented`.
_OUTCOMMENTED = rb"[^\n]*\bIN[ \t]+(?:[A-Z0-9]+_|ALIAS|ANAME|URL|FRAME|LUA|AKAMAI|NETLIFY)"
GAP = rb"[ \t]*(?:;(?!%b)[^\n]*|)\n" % _OUTCOMMENTED
# Each in one way only: with two, a block that fails at its end is tried in all their combinations.
LINE_END = rb"(?:\n|[ \t]+(?:;[^\n]*|)\n|;[^\n]*\n)"
_OWNER = re.compile(rb"[^ \t\n]+[ \t]")
_OWNER_BEGINS = re.compile(rb"\n(?=[A-Za-z0-9_*])")
_OWNER_LINE = rb"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_*"
_MOST_MORE = rb"{1,30}"


class Names(Enum):
    """Which names of a context are plain: absolute ones, and relative ones; at the apex, `@` too."""

    AT_APEX = rb"(?:(?=[^ \t\n;]{1,100}[ \t\n;])%b(?:\.|)|@)"
    BELOW_APEX = rb"(?=[^ \t\n;]{1,100}[ \t\n;])%b(?:\.|)"
    ABSOLUTE = rb"(?=[^ \t\n;]{1,100}[ \t\n;])%b\."


# Groups of what differs from layout to layout, and need not be known where a block is compared as it stands.
_DETAILS = (
    *(b"ptr", b"a", b"late", b"preference", b"caa", b"ranks"),
    *(b"ttl_%d" % place for place in range(1, 7)),
)
# Of these, whether they are there already is asked where types may stand in any order.
_ASKED_FOR = (b"a", b"caa")


@cache
def block_pattern(
    apex: bytes,
    names: Names = Names.AT_APEX,
    *,
    stated: bool = False,
    remarks: bool = True,
    detailed: bool = False,
    any_order: bool = False,
) -> re.Pattern[bytes]:
    """Return the expression for names below an apex; its groups are those of `Columns`.

    `apex` is plain text in small letters with its final dot, and not the root; `names` are those that may be
    there. With `stated`, each record must state its TTL; with `remarks`, a comment may stand behind each; with
    `detailed`, there are all columns, without it those up to `other`. With `any_order`, the types of a host may
    stand in any order, and not only in the most usual ones; that takes longer.
    """
    tops = sorted({*suspicion.TOP_LEVEL, apex.split(b".")[-2]})
    suspicious = b"|".join(map(_in_any_letters, tops))
    labels = rb"%b(?:(?:\.(?!(?:%b)[ \t\n;])%b)+|)" % (LABEL, suspicious, LABEL)
    name = names.value % labels
    below = (rb"\.(?<=\.%b)" if names is Names.ABSOLUTE else rb"(?:\.(?<=\.%b)|)") % re.escape(apex)
    owner = rb"(?=[A-Za-z0-9_*][^ \t\n;]{0,99}[ \t])(?P<owner>%b%b)" % (labels, below)
    ttl = _ALWAYS_TTL if stated else _MAYBE_TTL
    end = LINE_END if remarks else rb"(?:\n|[ \t]+\n)"
    # What stands before the type of the next record of the same owner, if there is one. An empty alternative takes
    # less time than a question mark behind the group: whether the other begins as the text does is seen at once.
    again = rb"(?:(?:(?P=owner)|)%b|)"
    next_ = again % ttl

    def more(column: bytes, record: bytes) -> bytes:
        return rb"(?P<more_%b>(?:%b%b%b)%b|)" % (column, record, end, next_, _MOST_MORE)

    def usual(record: bytes, column: bytes, more: bytes = b"") -> bytes:
        return record + end + (again % (rb"(?P<%b>%b)" % (column, ttl)) if column else next_) + more

    rank = rb"%b[ \t]+" % _NUMBER
    pointing = rb"(?:%b(?P<cname>%b)|%b(?P<ptr>%b))%b" % (_type(b"CNAME"), name, _type(b"PTR"), name, end)
    service = rb"%b(?P<ranks>(?:%b){3})(?P<srv>%b)%b%b%b" % (
        *(_type(b"SRV"), rank, name, end, next_),
        more(b"srv", rb"%b(?:%b){3}%b" % (_type(b"SRV"), rank, name)),
    )
    cut = rb"%b(?P<ns>%b)%b%b%b" % (_type(b"NS"), name, end, next_, more(b"ns", _type(b"NS") + name))
    a, aaaa = _type(b"A") + rb"(?P<a>%b)", _type(b"AAAA")
    mx = rb"%b(?P<preference>%b)[ \t]+(?P<mx>%b)" % (_type(b"MX"), _NUMBER, name)
    text = (_type(b"TXT"), _ONE_LINE, _SEVERAL, _WORDS)
    more_text = more(b"text", rb"%b(?:%b|%b)" % (text[0], _OF_TEXT, _WORDS)) if any_order else b""
    caa = (_type(b"CAA"), _CAA)
    kinds = (
        (b"a", a % IPV4, b"ttl_2", more(b"a", _type(b"A") + IPV4)),
        (b"early", rb"%b(?P<early>%b)" % (aaaa, IPV6), b"ttl_3", more(b"early", aaaa + IPV6)),
        (b"mx", mx, b"ttl_4", more(b"mx", _type(b"MX") + rank + name)),
        (b"text", rb"%b(?:(?P<text>%b|%b)|(?P<words>%b))" % text, b"ttl_5", more_text),
        (b"caa", rb"%b(?P<caa>%b)" % caa, b"ttl_6" if any_order else b"", more(b"caa", rb"%b%b" % caa)),
    )
    if any_order:
        once = [rb"(?(<%b>)(?!)|%b)" % (kind, usual(record, *rest)) for kind, record, *rest in kinds]
        host = rb"(?:%b|%b|%b|(?(<words>)(?!)|%b)|%b){0,5}(?P<late>)" % (*once,)
    else:
        first = [rb"(?:%b|)" % usual(record, *rest) for _, record, *rest in kinds]
        # AAAA stands beside A where people write, and behind the others where programs sort by number.
        late = usual(rb"%b(?P<late>%b)" % (aaaa, IPV6), b"ttl_6")
        host = rb"%b%b%b%b(?(early)|(?:%b|))%b" % (*first[:4], late, first[4])
    ends = rb"(?<=\n)(?:(?=[A-Za-z0-9_*$@])|(?=(?:%b)*(?:[A-Za-z0-9_*$@]|\Z)))(?!(?P=owner)[ \t])" % GAP
    rare = rb"(?P<rare>%b(?:%b){0,29}|)" % ((rb"%b%b%b" % (_RARE, end, next_),) * 2)
    block = rb"%b(?P<ttl_1>%b)(?:%b|%b|%b|%b)%b%b" % (owner, ttl, pointing, service, cut, host, rare, ends)
    for group in () if detailed else _DETAILS:
        if not any_order or group not in _ASKED_FOR:
            block = block.replace(b"(?P<%b>" % group, b"(?:")
    pattern = rb"(?P<block>%b)|(?P<gap>(?:%b)+)|(?P<other>[^\n]*\n)" % (block, GAP)
    # A group that comes later can be asked for by its number only.
    for place, group in enumerate(_GROUPS.findall(pattern), 1):
        pattern = pattern.replace(b"(?(<%b>)" % group, b"(?(%d)" % place)
    return re.compile(pattern)


_GROUPS = expression(rb"\(\?P<([a-z0-9_]+)>")


def _in_any_letters(label: bytes) -> bytes:
    each = zip(label.decode("ascii").lower(), label.decode("ascii").upper(), strict=True)
    return "".join(re.escape(x) if x == y else f"[{x}{y}]" for x, y in each).encode()


_BEGINS_BLOCK = b" \0 \n"  # a line that is in no block
_OF_SETS = expression(
    rb"(?m)^[^ \n]* (?:([0-9]+[SMHDW]?) )?(?:IN )?(?:([0-9]+[SMHDW]?) )?"
    rb"(A|NS|MX|SRV|AAAA|TXT|CAA|DS|SSHFP|TLSA|NAPTR|HTTPS|SVCB|\0)(?: |(?=\n))([^\n]*)"
)
# These have several spellings.
_SPELT = frozenset((b"AAAA", b"HTTPS", b"SVCB"))
_WITH_NAMES = frozenset((b"NS", b"MX", b"SRV"))
_WITH_DIGESTS = frozenset((b"DS", b"SSHFP", b"TLSA"))


def doubtful(blocks: Sequence[bytes]) -> set[int]:
    """Return the places of those blocks that may have a record twice, or two TTLs in a set.

    All others surely have not. In doubt are several AAAA records or service bindings, names of which only some are
    absolute, text without quotes, in parentheses or with escapes, and comments among the records. No digest stands
    in parentheses here.
    """
    found = {place for place, block in enumerate(blocks) if b";" in block or b"@" in block or b"\\" in block}
    sets = _OF_SETS.findall(_in_one_form(blocks))
    ttls_1, ttls_2, types, rdatas = zip(*sets, strict=True)
    places = [*accumulate(map(b"\0".__eq__, types), initial=-1)][1:]
    records = [*zip(places, types, rdatas, strict=True)]
    found.update(_of_repeated(records))
    of_sets = {*zip(places, types, map(add, ttls_1, ttls_2), strict=True)}
    found.update(_of_repeated((place, rdtype) for place, rdtype, _ in of_sets))
    found.update(_of_repeated((place, rdtype) for place, rdtype, _ in records if rdtype in _SPELT))
    found.update(place for place, rdtype, rdata in records if rdtype == b"TXT" and rdata[:1] != b'"')
    names = {(place, rdata[-1:] == b".") for place, rdtype, rdata in records if rdtype in _WITH_NAMES}
    found.update(_of_repeated((place,) for place, _ in names))
    found.update(_of_repeated((p, t, rdata.replace(b" ", b"")) for p, t, rdata in records if t in _WITH_DIGESTS))
    return found


def _in_one_form(blocks: Sequence[bytes]) -> bytes:
    """Return the blocks in capital letters, with one blank between words and none at the end of lines."""
    text = (_BEGINS_BLOCK + _BEGINS_BLOCK.join(blocks)).upper().replace(b"\t", b" ")
    while b"  " in text:
        text = text.replace(b"  ", b" ")
    return text.replace(b" \n", b"\n")


def _of_repeated(keys: Iterable[tuple[int, *tuple[bytes, ...]]]) -> Iterator[int]:
    """Yield the places, which come first, of what is there more than once."""
    every = [*keys]
    if len({*every}) < len(every):
        yield from (key[0] for key, times in Counter(every).items() if times > 1)


def owner_of(block: bytes) -> bytes:
    """Return the owner of a block, as it is written there."""
    return block.split(None, 1)[0]


def last_names(lines: bytes) -> list[bytes]:
    """Return the name that stands last in each record of a column of further ones."""
    return _LAST_NAME.findall(lines)


def strings_of(lines: bytes) -> list[bytes]:
    """Return the strings, in their quotes, of each record in a column of further TXT records."""
    return [_spelled(string) or _quoted(words) for string, words in _ITS_STRINGS.findall(lines)]


_ITS_STRINGS = expression(rb'TXT[ \t]+(?:("[^"\\\n]*(?:\\[^\n][^"\\\n]*)*")|(%b))[^\n]*\n' % _WORDS)
# Before a comment. The text may go on with what stands before the next type.
_LAST_NAME = expression(rb"[ \t]([^ \t\n;]+)[ \t]*(?:;[^\n]*)?\n")


def values_of_caa(lines: bytes) -> list[bytes]:
    """Return the rdata of each record in a column of further CAA records."""
    return _ITS_CAA.findall(lines)


def types_of_rare(lines: bytes) -> list[bytes]:
    """Return the type of each record in lines of `rare`; in parentheses, one has several lines."""
    plain = lines if b'"' not in lines and b";" not in lines else _NO_TYPE.sub(b"", lines)
    return _ITS_TYPE.findall(plain)


_ITS_CAA = expression(rb"CAA[ \t]+(%b)[^\n]*\n" % _CAA)
_NO_TYPE = expression(rb'"[^"]*"|;[^\n]*')
_ITS_TYPE = expression(rb"(?:\A|[ \t])(DS|SSHFP|TLSA|NAPTR|HTTPS|SVCB)[ \t]")


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
