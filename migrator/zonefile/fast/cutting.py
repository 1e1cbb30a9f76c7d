r"""The one regular expression that cuts a chunk of a zone file into lines and their fields. No IO here.

    www  300 IN A 192.0.2.1 ; web      (b'www', b'300 IN A', b'192.0.2.1', b'; web', b'', b'')
    s1._domainkey TXT ( "v=DKIM1;"     (b'', b'', b'', b'', b's1._domainkey TXT ( ... )', b'')
       "k=rsa; p=MII..." )
    $ORIGIN sub                        (b'', b'', b'', b'', b'', b'$ORIGIN sub')

Every line falls under one of the three alternatives, so the matches follow each other without a gap. Sets of
characters that follow one another are disjoint: a line that fails an alternative is looked at once for it.
"""

import re

from migrator.model.expression import expression

CHUNK = 1 << 19
# One match: owner, middle, rdata and comment; or lines held together by parentheses; or any other line.
Cut = tuple[bytes, bytes, bytes, bytes, bytes, bytes]

_WORD = rb"[!#-'*-:<-\[\]-~]+"
# With any escapes, and octets beyond ASCII.
_QUOTED = rb'"[ !#-\[\]-~\x80-\xff]*(?:"|(?:\\[ -~\x80-\xff][ !#-\[\]-~\x80-\xff]*)+")'
# Of those that end with an equals sign, a string in quotes may be part, as in `alpn="h2,h3"`.
_TOKEN = rb"(?:" + _WORD + rb"(?:(?<==)\"[ !#-\[\]-~]*\"|)|" + _QUOTED + rb")"
_FIELDS = (
    rb"([A-Za-z0-9_*][A-Za-z0-9_.*/-]{0,99})?[ \t]+"
    rb"((?:(?:[Ii][Nn]|[0-9][0-9A-Za-z]*)[ \t]+){0,2}[A-Za-z][A-Za-z0-9]*)[ \t]+"
    rb"(" + _TOKEN + rb"(?:[ \t]+" + _TOKEN + rb")*)[ \t]*(;[^\n]*)?"
)
# What the lexer takes outside quotes: a line with any other octet ends where the file's line does.
_OUTSIDE = rb'[^"();\\\n\x00-\x08\x0b-\x1f\x7f]*'
_WITHIN = rb'[^"();\\\x00-\x08\x0b-\x1f\x7f]*'
_STRINGS = rb'(?:"[^"\\\n]*(?:"|(?:\\[^\n][^"\\\n]*)+")%b)*'
_HELD_TOGETHER = _OUTSIDE + _STRINGS % _OUTSIDE + rb"\(" + _WITHIN + _STRINGS % _WITHIN + rb"\)" + _OUTSIDE
_LINE = re.compile(rb"(?:" + _FIELDS + rb"|(" + _HELD_TOGETHER + rb")|([^\n]*))\n")
_ONE_LINE = re.compile(_FIELDS + rb"\n")
_BLOCK_BEGINS = re.compile(rb"\n(?=[^ \t\n)])")


def cut(text: bytes, start: int, end: int) -> list[Cut]:
    """Return the lines from start to end, which is behind a line end."""
    return _LINE.findall(text, start, end)


def chunk_end(text: bytes, start: int) -> int:
    """Return where the chunk ends that begins there: before a line that names its owner, where that can be."""
    if len(text) - start <= CHUNK:
        return len(text)
    end = text.rfind(b"\n", start, start + CHUNK) + 1 or text.index(b"\n", start) + 1
    found = _BLOCK_BEGINS.search(text, end - 1, end + CHUNK // 8)
    return found.end() if found else end


def unfolded(held: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Return owner, middle and rdata of lines held together by one pair of parentheses; None for other fields."""
    if held[:1] == b"(":
        return None
    # An escaped quote ends no string.
    parts = (_ESCAPED.sub(lambda found: b"\\%03d" % ord(found[1]), held) if b"\\" in held else held).split(b'"')
    parts[::2] = [part.translate(_PARENTHESES_TO_BLANKS) for part in parts[::2]]
    found = _ONE_LINE.fullmatch(b'"'.join(parts) + b"\n")
    return None if found is None else (found[1] or b"", found[2], found[3])


_ESCAPED = expression(rb'\\(["\\])')
_PARENTHESES_TO_BLANKS = bytes.maketrans(b"()\n", b"   ")
