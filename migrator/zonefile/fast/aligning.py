"""Where two texts are the same, in the same order: long pieces, found by comparing memory. No IO here.

    old    AAAA BBBB CCCC DDDD        the pieces AAAA, CCCC and EEEE are common;
    new    AAAA XXXX CCCC EEEE        DDDD was taken out, and XXXX put in BBBB's place

Pieces begin and end with lines that begin with a letter or digit. It is no complete comparison: what was moved is
not found again, and where nothing similar follows within `_FARTHEST` octets, the rest counts as different.
"""

from typing import NamedTuple

_STEP = 1 << 16
_NEAR = 1 << 10
_FARTHEST = 1 << 18
_BEGINS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_*")


class Piece(NamedTuple):
    """A piece that both texts have: where it begins in either, and how long it is."""

    old: int
    new: int
    length: int


def common_pieces(old: bytes, new: bytes) -> list[Piece]:
    """Return the pieces in order; none where less than half of either text is common to both."""
    pieces: list[Piece] = []
    at_old = at_new = 0
    while True:
        length = _whole_lines(old, at_old, _common_length(old, new, at_old, at_new))
        if length:
            pieces.append(Piece(at_old, at_new, length))
            at_old += length
            at_new += length
        else:  # a line that both have, and what belongs to it differs
            at_old, at_new = _line_end(old, at_old), _line_end(new, at_new)
        found = _next_common(old, new, at_old, at_new)
        if found is None:
            break
        at_old, at_new = found
    common = sum(piece.length for piece in pieces)
    return pieces if 2 * common >= max(len(old), len(new)) else []


def _common_length(old: bytes, new: bytes, at_old: int, at_new: int) -> int:
    """Return for how many octets both texts go on alike."""
    length, most = 0, min(len(old) - at_old, len(new) - at_new)
    step = _STEP
    while length < most:
        here, there = at_old + length, at_new + length
        if old[here : here + step] == new[there : there + step] and length + step <= most:
            length += step
        elif step == 1:
            break
        else:
            step >>= 1
    return length


def _whole_lines(text: bytes, start: int, length: int) -> int:
    """Return how much of it ends where a line begins that names its owner, or the text ends."""
    end = start + length
    if end == len(text):
        return length
    while end > start and not (text[end - 1] == _LINE_END and text[end] in _BEGINS):
        end = text.rfind(b"\n", start, end - 1) + 1
    return max(end - start, 0)


def _next_common(old: bytes, new: bytes, at_old: int, at_new: int) -> tuple[int, int] | None:
    """Return where both texts are alike again, or None; each may have something that the other has not."""
    window = _NEAR
    while window <= _FARTHEST:
        here, there = _lines(old, at_old, window), _lines(new, at_new, window)
        both = [(here[line] + place, here[line], place) for line, place in there.items() if line in here]
        if both:
            _, place_old, place_new = min(both)
            return at_old + place_old, at_new + place_new
        window *= 4
    return None


def _line_end(text: bytes, position: int) -> int:
    return text.find(b"\n", position) + 1 or len(text)


def _lines(text: bytes, start: int, window: int) -> dict[bytes, int]:
    """Return the lines in the window that begin with a name, and how far behind the start the first of each is."""
    found: dict[bytes, int] = {}
    place = 0
    for line in text[start : start + window].splitlines(keepends=True):
        if line[0] in _BEGINS and line[-1] == _LINE_END:
            found.setdefault(line, place)
        place += len(line)
    return found


_LINE_END = 0x0A
