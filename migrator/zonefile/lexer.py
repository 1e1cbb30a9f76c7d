r"""Zone file text -> logical lines of tokens (RFC 1035 section 5.1). No IO here, and no knowledge of records.

A logical line is one line of the file, or several held together by parentheses. Most lines of a zone have no
quote, parenthesis, comment or escape: those are cut at their blanks, and only the others go through the exact
lexer. Both give the same tokens: the octets as they stand, escapes untouched, a quoted string with its quotes.

    www  300 IN A 192.0.2.1              b'www' b'300' b'IN' b'A' b'192.0.2.1'
    @ TXT ( "v=spf1 -all" ; policy       b'@' b'TXT' b'"v=spf1 -all"', comment b' policy'
      )
    _svc SVCB 1 . alpn="h2,h3"           b'_svc' b'SVCB' b'1' b'.' b'alpn="h2,h3"'

What cannot be cut is a line with a `defect`, and the lexer goes on with the next line of the file. Work and
memory stay linear for any input: a logical line ends at `LONGEST_LINE` octets, parentheses nest at most
`DEEPEST_NESTING` times, so that text after an unclosed one is looked at a bounded number of times.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_LINE = 1 << 20
DEEPEST_NESTING = 4

# No others: for BIND, Knot and NSD a form feed is a letter of a word, and ldns alone reads it as a blank.
_BLANKS = b" \t"
_SEMICOLON = 0x3B
# Whatever needs the exact lexer: quotes, parentheses, comments, escapes, and control characters other than tab.
_SPECIAL = re.compile(rb'["();\\\x00-\x08\x0b-\x1f\x7f]')
# Sets alone repeat possessively: before 3.11.5, Python loses its place where a group does (gh-106052).
_LEXEME = re.compile(
    rb"""[ \t]*+(?:
      ((?: [^\x00-\x20"();\\\x7f]++ | \\[^\n][^\x00-\x20"();\\\x7f]*+ ) (?:\\[^\n][^\x00-\x20"();\\\x7f]*+)*
       (?: (?<==) "[^"\\\n]*+ (?:\\[^\n][^"\\\n]*+)*" )? )           # 1: a word, or key="quoted"
    | ("[^"\\\n]*+ (?:\\[^\n][^"\\\n]*+)*")                         # 2: a quoted string
    | (;) | (\() | (\)) | (\n)                                        # 3 to 6
    | (.)                                                             # 7: what has no place here
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORD, _QUOTED, _COMMENT, _OPEN, _CLOSE, _END = range(1, 7)


class Line(NamedTuple):
    """One logical line; `number` is that of the line of the file on which it starts.

    `inherits` tells that it begins with a blank and so belongs to the owner before it. `comment` is the text
    after its last semicolon. Where `defect` is not empty the tokens are those up to the defect.
    """

    number: int
    inherits: bool
    tokens: list[bytes]
    comment: bytes = b""
    defect: str = ""


def unified(text: bytes) -> bytes:
    """Return the text without a byte order mark and with every CRLF and lone CR as LF."""
    text = text.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text


def logical_lines(text: bytes) -> Iterator[Line]:
    """Yield the logical lines of unified text that hold a token, a comment or a defect."""
    position, number, length = 0, 1, len(text)
    while position < length:
        line, position, number = line_at(text, position, number)
        if line is not None:
            yield line


def line_at(text: bytes, position: int, number: int) -> tuple[Line | None, int, int]:
    """Cut the logical line that begins at the position, on the line of that number.

    Return it, or None where it is blank, and the position and the number of the line after it.
    """
    line: Line | None = None
    end = text.find(b"\n", position)
    if end < 0:
        end = len(text)
    if end - position <= LONGEST_LINE and _SPECIAL.search(text, position, end) is None:
        tokens = text[position:end].split()
        if tokens:
            line = Line(number, text[position] in _BLANKS, tokens)
    elif text[position] == _SEMICOLON:
        line = Line(number, inherits=False, tokens=[], comment=text[position + 1 : end])
    else:
        line, end = _exact(text, position, number)
        number += text.count(b"\n", position, end)
        if not (line.tokens or line.comment or line.defect):
            line = None
    return line, end + 1, number + 1


def _exact(  # noqa: C901, PLR0912  (one loop, one branch for each kind of lexeme)
    text: bytes, start: int, number: int
) -> tuple[Line, int]:
    """Cut one logical line; return it and the position of the line end that closes it."""
    limit = min(len(text), start + LONGEST_LINE)
    tokens: list[bytes] = []
    comment, defect = b"", ""
    depth, position, on_first_line = 0, start, -1
    while position < limit:
        lexeme = _LEXEME.match(text, position, limit)
        if lexeme is None:  # nothing but blanks is left
            position = limit
            break
        kind, position = lexeme.lastindex or 0, lexeme.end()
        if kind in {_WORD, _QUOTED}:
            tokens.append(lexeme[kind])
        elif kind == _COMMENT:
            end = _line_end(text, position)
            comment, position = text[position:end], end
        elif kind == _OPEN and depth < DEEPEST_NESTING:
            depth += 1
        elif kind == _CLOSE and depth:
            depth -= 1
        elif kind == _END:
            if not depth:
                return Line(number, text[start] in _BLANKS, tokens, comment, defect), position - 1
            if on_first_line < 0:
                on_first_line = len(tokens)
        elif kind == _OPEN:
            break
        else:
            # The rest of this line of the file has no meaning; a parenthesis that is open may still close.
            defect = defect or _misplaced(text, position - 1)
            position = _line_end(text, position - 1)
    if not depth and position >= len(text):
        return Line(number, text[start] in _BLANKS, tokens, comment, defect), len(text)
    if depth:
        # What follows belongs to other records, most likely: it is read as if this line ended here.
        defect = "a parenthesis is opened and not closed"
        del tokens[on_first_line if on_first_line >= 0 else len(tokens) :]
    else:
        defect = f"the line is longer than {LONGEST_LINE:,} octets"
    return Line(number, text[start] in _BLANKS, tokens, comment, defect), _line_end(text, start)


def _line_end(text: bytes, position: int) -> int:
    end = text.find(b"\n", position)
    return len(text) if end < 0 else end


def _misplaced(text: bytes, position: int) -> str:
    match text[position : position + 1]:
        case b'"':
            return "a quoted string does not end on its line"
        case b")":
            return "a parenthesis is closed that was not opened"
        case b"\\":
            return "a backslash stands at the end of the line"
        case octet:
            return f"the control character \\{octet[0]:03d} stands outside quotes"
