"""Values of records side by side: long ones shortened so that the part that differs stays in sight. Pure."""

import re
from collections.abc import Iterator, Sequence

from dns.rdatatype import RdataType

from migrator.meaning.roles import TEXT_TYPES
from migrator.model.phrases import safe, shortened

# So much of what both texts share is shown before the first difference; more is left out.
_LEAD = 24
_HEAD = 10
_LEAST_COMMON = 6
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def readable(rdtype: RdataType, texts: Sequence[str]) -> list[str]:
    """Return values for people: the strings of a TXT record are one, for where they are cut says nothing to them.

    Anything else, such as a remark in words, is returned as it is.
    """
    if rdtype not in TEXT_TYPES:
        return [*texts]
    return [f'"{"".join(_STRING.findall(text))}"' if text.startswith('"') else text for text in texts]


def value_lines(lost: Sequence[str], gained: Sequence[str], width: int) -> Iterator[tuple[str, str]]:
    """Yield (`-`, `+` or `^`, text) for each value; a `^` line points at where the pair above it parts."""
    left = [safe(text) for text in gained]
    for text in map(safe, lost):
        partner = max(left, key=lambda other: _common(text, other), default="")
        shared = _common(text, partner)
        if shared < _LEAST_COMMON or len(text) <= _HEAD:
            yield "-", shortened(text, width)
            continue
        left.remove(partner)
        one, other, at = _windows(text, partner, shared, width)
        yield "-", one
        yield "+", other
        yield "^", " " * at + "^"
    for text in left:
        yield "+", shortened(text, width)


def cut_alike(lost: Sequence[str], gained: Sequence[str], width: int) -> tuple[list[str], list[str]]:
    """Return the values of both sides in at most so many characters, cut so that what differs is in sight."""
    lines = [*value_lines(lost, gained, width)]
    return [text for mark, text in lines if mark == "-"], [text for mark, text in lines if mark == "+"]


def _windows(one: str, other: str, shared: int, width: int) -> tuple[str, str, int]:
    """Return both texts cut alike, and the column where they part."""
    if max(len(one), len(other)) <= width:
        return one, other, shared
    if shared <= _LEAD:
        return _ended(one, width), _ended(other, width), shared
    start = shared - (_LEAD - _HEAD)
    return (
        _ended(f"{one[:_HEAD]}…{one[start:]}", width),
        _ended(f"{other[:_HEAD]}…{other[start:]}", width),
        _HEAD + 1 + shared - start,
    )


def _ended(text: str, width: int) -> str:
    """Return the text with its middle left out after the part that matters, so that its end is seen."""
    if len(text) <= width:
        return text
    keep = width - _HEAD - 1
    return f"{text[:keep]}…{text[-_HEAD:]}"


def _common(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
