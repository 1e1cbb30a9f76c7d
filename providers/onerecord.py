r"""Presentation text that a provider gives as one value: whatever stands in it is one record. No IO here.

In a zone file `;` begins a comment, parentheses join lines, and `@` is the origin. In a value of an API they mean
themselves, and a line end is a blank: `0 issue ca.example.net;p=1` becomes `0 issue ca.example.net\;p=1`.
"""

import re

_SPECIAL = frozenset(';()"')
_OCTET = re.compile(r"\\[0-9]{3}")


def as_one_record(text: str) -> str:
    r"""Return text that a reader of zone files takes for one record; escapes, as in `\;` or `\059`, stay.

    Raises ValueError for a quote that is not closed.
    """
    out: list[str] = []
    quoted = False
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            after = at + (4 if _OCTET.match(text, at) else 2)
            out.append(text[at:after])
            at = after
            continue
        at += 1
        if char == '"' and (quoted or _opens(out)):
            quoted = not quoted
            out.append(char)
        elif char.isspace():
            out.append(_decimal(char) if quoted and char != " " else " ")
        elif not quoted and (char in _SPECIAL or (char == "@" and _at_token_start(out))):
            out.append(f"\\{char}")
        else:
            out.append(char)
    if quoted:
        raise ValueError("a quote is not closed")
    return "".join(out)


def _decimal(char: str) -> str:
    return "".join(f"\\{octet:03d}" for octet in char.encode())


def _at_token_start(out: list[str]) -> bool:
    return not out or out[-1] == " "


def _opens(out: list[str]) -> bool:
    """Tell whether a quote here begins a string: after a blank, after another string, after `key=`."""
    return _at_token_start(out) or out[-1] in {'"', "="}
