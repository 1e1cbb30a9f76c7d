r"""Whether the Regexp of a NAPTR record is one that BIND 9.18 loads (RFC 3402 section 3.2, and BIND's own limits).

    !^.*$!sip:info@example.com!i      delimiter, expression, delimiter, replacement, delimiter, flags

BIND parses the POSIX extended expression when it loads a zone, and refuses the whole zone for one that is none;
Knot and NSD do not look. Tried against named-checkzone 9.18 with random texts. No IO here.
"""

import re
from collections.abc import Iterator

_NO_DELIMITER = frozenset(b"0123456789\\i")
_UNIT = re.compile(rb"\\.|[^\\]", re.DOTALL)
_BOUND = re.compile(rb"\{([0-9]+)(,?)([0-9]*)\}")
_GREATEST_BOUND = 255
_CLASS = re.compile(rb"\[:(alnum|digit|punct|alpha|graph|space|blank|lower|upper|cntrl|print|xdigit):\]")
_SPECIAL = {
    b"[:": _CLASS,
    b"[=": re.compile(rb"\[=.+?=\]", re.DOTALL),
    b"[.": re.compile(rb"\[\..+?\.\]", re.DOTALL),
}
_NONE = -1
_KINDS = {"(": "(", ")": ")", "|": "|", "^": "^", "$": "^", "*": "*", "+": "*", "?": "*"}


def is_loadable(regexp: bytes) -> bool:
    """Tell whether BIND loads a NAPTR record with this Regexp; an empty one is none at all."""
    if not regexp:
        return True
    delimiter, rest = regexp[:1], regexp[1:]
    units = _UNIT.findall(rest)
    if delimiter[0] in _NO_DELIMITER or b"\0" in regexp or b"".join(units) != rest or units.count(delimiter) != 2:  # noqa: PLR2004
        return False
    first = units.index(delimiter)
    second = units.index(delimiter, first + 1)
    replacement, flags = units[first + 1 : second], units[second + 1 :]
    groups = _groups(b"".join(units[:first]))
    if groups is None or set(flags) - {b"i"}:
        return False
    wanted = [unit[1:] for unit in replacement if re.fullmatch(rb"\\[0-9]", unit)]
    return b"0" not in wanted and groups >= max(map(int, wanted), default=0)


def _groups(expression: bytes) -> int | None:
    """Return how many groups an extended regular expression has, or None where it is none."""
    groups, open_groups = 0, 0
    has_atom, may_repeat, may_be_empty = False, False, False
    for symbol in _symbols(expression):
        match symbol:
            case "(":
                groups, open_groups = groups + 1, open_groups + 1
                has_atom, may_repeat, may_be_empty = False, True, True
            case "|" if has_atom:
                has_atom, may_be_empty = False, False
            case ")" if has_atom or may_be_empty or not open_groups:
                open_groups = max(0, open_groups - 1)
                has_atom = may_repeat = True
            case "*" if has_atom and may_repeat:
                may_repeat = False
            case "a" | "^":
                has_atom, may_repeat = True, symbol != "^"
            case _ if symbol.isdigit() and int(symbol) <= groups:
                has_atom = may_repeat = True
            case _:
                return None
    return groups if has_atom and not open_groups else None


def _symbols(expression: bytes) -> Iterator[str]:
    """Yield `(`, `)`, `|`, `^` (any anchor), `*` (any repetition), `a` (any atom), the digit of a back reference.

    What is none of these is an empty text, and the last.
    """
    at = 0
    while at < len(expression):
        here = chr(expression[at])
        if here == "\\":
            back = chr(expression[at + 1])
            yield back if back in "123456789" else "a"
            at += 2
        elif here == "[":
            end = _bracket_end(expression, at + 1)
            yield "a" if end else ""
            at = end or len(expression)
        elif here == "{" and expression[at + 1 : at + 2].isdigit():
            bound = _BOUND.match(expression, at)
            yield "*" if bound and _is_bound(bound) else ""
            at = bound.end() if bound else len(expression)
        else:
            yield _KINDS.get(here, "a")
            at += 1


def _is_bound(bound: re.Match[bytes]) -> bool:
    least, most = int(bound[1]), int(bound[3] or _GREATEST_BOUND)
    return least <= most <= _GREATEST_BOUND


def _bracket_end(expression: bytes, at: int) -> int | None:
    """Return where a bracket expression that begins before `at` has ended, or None where it is none.

    BIND skips a bracket inside that opens nothing. Of a range from a class it says now this, now that: it is none,
    while a dash at the end after a class stands for itself; after a range it does not.
    """
    at += expression[at : at + 1] == b"^"
    is_first, low, in_range, after_class = True, _NONE, False, False
    while at < len(expression):
        here, special = expression[at], expression[at : at + 2]
        if here == ord("]") and not is_first:
            return at + 1
        if here == ord("-") and not is_first and not in_range:
            if low == _NONE and not (after_class and expression[at + 1 : at + 2] == b"]"):
                return None
            at, in_range = at + 1, True
            continue
        after_class = special in _SPECIAL
        if after_class:
            found = _SPECIAL[special].match(expression, at)
            if found is None or in_range:
                return None
            at, low = found.end(), _NONE
        elif here == ord("["):
            at += 1
        elif in_range and here < low:
            return None
        else:
            at, low, in_range = at + 1, _NONE if in_range else here, False
        is_first = False
    return None
