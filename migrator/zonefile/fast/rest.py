"""The rest of a large file, read by blocks in another process while this one reads its beginning. No IO here.

The other process knows what stands before its part only as far as the last $TTL and $ORIGIN tell it, and cannot
ask the exact reader. So what it hands over counts where this process comes to the same place in the same context;
all else is read here, as if there were no other.

It hands over piece by piece, and has the larger part: to take over what was read costs this process some of the
time that reading it does.
"""

import marshal
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from migrator.model.blocktexts import Noted, Pairs
from migrator.model.processes import Later
from migrator.zonefile.fast.blockharvest import Gathered, Hole, Part, Run
from migrator.zonefile.fast.blocks import block_begins, owner_line_after
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.levelling import Manner, levelled

# With fewer octets, handing over takes as long as reading.
_WORTHWHILE = 2_000_000
# Of the text, which part this process reads itself.
_HERE = 0.38
# What was read of so many octets is handed over together.
_PIECE = 1 << 20


class Rest:
    """What the other process finds, by the places where it begins."""

    def __init__(self, later: Later | None) -> None:
        """Let `later` begin the work; without it, there is no other process."""
        self._later = later
        self._begin = 0
        self._pieces: Iterator[bytes] | None = None
        self._found: dict[int, tuple[Any, ...]] = {}
        self._read_to = 0

    def begin(self, text: bytes, position: int, read: Callable[[int], Iterable[tuple[Context, Part]]]) -> None:
        """Begin where that is worthwhile and not done yet; `read` gives what stands from a position on."""
        later, self._later = self._later, None
        if later is None or len(text) - position < _WORTHWHILE:
            return
        there = owner_line_after(text, position + int((len(text) - position) * _HERE), len(text))
        begin = block_begins(text, there, position) if there < len(text) else position
        if begin > position:
            self._begin = begin
            self._pieces = later(lambda: _packed(read(begin)))

    def end(self, position: int, end: int) -> int:
        """Return where a chunk ends that begins at the position: at the latest where the other process begins."""
        return self._begin if position < self._begin < end else end

    def forget(self) -> None:
        """Go on without another process: this is it."""
        self._begin, self._pieces = 0, None

    def at(self, text: bytes, position: int, context: Context) -> Part | None:
        """Return what begins at the position, if it was read in the same context."""
        if self._pieces is None or position < self._begin:
            return None
        while self._read_to <= position:
            piece = next(self._pieces, None)
            if piece is None:
                self._read_to = len(text)
                break
            parts = marshal.loads(piece)  # noqa: S302  (our own octets)
            self._found = {part[1]: part for part in parts}
            self._read_to = parts[-1][2]
        found = self._found.pop(position, None)
        return None if found is None or found[0] != context.says else _unpacked(found, text, context)


def _packed(parts: Iterable[tuple[Context, Part]]) -> Iterator[bytes]:
    """Yield the parts as octets, many at once; blocks as their lengths, for they stand in the text."""
    found: list[tuple[Any, ...]] = []
    for context, part in parts:
        if isinstance(part, Hole):
            found.append((context.says, part.start, part.end))
        else:
            found.append((context.says, part.run.start, part.run.end, *_said(part)))
        if found[-1][2] - found[0][1] > _PIECE:
            yield marshal.dumps(found, 2)
            found = []
    if found:
        yield marshal.dumps(found, 2)


def _said(part: Gathered) -> tuple[object, ...]:
    noted = part.noted
    pairs = [(each.owners, each.values) for each in noted.pairs()]
    lengths = [*map(len, part.blocks)]
    counted = (part.rrsets, part.records)
    rest = (part.owner, part.absolute, part.numbers)
    return ((*part.run.manner,), part.keys, part.starts, lengths, *counted, pairs, noted.owners(), *rest)


def _unpacked(found: tuple[Any, ...], text: bytes, context: Context) -> Part:
    _, start, end, *said = found
    if not said:
        return Hole(start, end)
    told, keys, starts, lengths, rrsets, records, pairs, owners, *rest = said
    manner = Manner(*told)
    base = start if manner.levelled else 0
    text = levelled(text[start:end]) if manner.levelled else text
    blocks = [text[at - base : at - base + length] for at, length in zip(starts, lengths, strict=True)]
    cname, ns, srv, mx, strings = (Pairs(*each) for each in pairs)
    noted = Noted(cname, ns, srv, mx, strings, *owners)
    return Gathered(Run(start, end, context, manner), keys, starts, blocks, rrsets, records, noted, *rest)
