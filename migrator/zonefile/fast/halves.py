"""The second half of a large file, read by blocks in another process while this one reads the first. No IO here.

The other process knows what stands before its half only as far as the last $TTL and $ORIGIN tell it, and cannot
ask the exact reader. So what it hands over counts where this process comes to the same place in the same context;
all else is read here, as if there were no other.
"""

import marshal
from collections.abc import Callable, Iterable
from typing import Any

from migrator.model.blocktexts import Noted, Pairs
from migrator.zonefile.fast.blockharvest import Gathered, Hole, Part, Run
from migrator.zonefile.fast.blocks import block_begins, owner_line_after
from migrator.zonefile.fast.context import Context

# Begins a piece of work in another process, and returns what gives its octets: None where they cannot be had.
Later = Callable[[Callable[[], bytes]], Callable[[], bytes | None]]
# With fewer octets, handing over takes as long as reading.
_WORTHWHILE = 2_000_000


class SecondHalf:
    """What the other process finds, by the places where it begins."""

    def __init__(self, later: Later | None) -> None:
        """Let `later` begin the work; without it, there is no other process."""
        self._later = later
        self._half = 0
        self._result: Callable[[], bytes | None] | None = None
        self._found: dict[int, tuple[Any, ...]] | None = None

    def begin(self, text: bytes, position: int, read: Callable[[int], Iterable[tuple[Context, Part]]]) -> None:
        """Begin where that is worthwhile and not done yet; `read` gives what stands from a position on."""
        later, self._later = self._later, None
        if later is None or len(text) - position < _WORTHWHILE:
            return
        middle = owner_line_after(text, (position + len(text)) // 2, len(text))
        half = block_begins(text, middle, position) if middle < len(text) else position
        if half > position:
            self._half = half
            self._result = later(lambda: _packed(read(half)))

    def end(self, position: int, end: int) -> int:
        """Return where a chunk ends that begins at the position: at the latest where the second half begins."""
        return self._half if position < self._half < end else end

    def forget(self) -> None:
        """Go on without another process: this is it."""
        self._half, self._result = 0, None

    def at(self, text: bytes, position: int, context: Context) -> Part | None:
        """Return what begins at the position, if it was read in the same context."""
        if self._result is None or position < self._half:
            return None
        if self._found is None:
            octets = self._result()
            self._found = {} if octets is None else {found[1]: found for found in marshal.loads(octets)}  # noqa: S302
        found = self._found.pop(position, None)
        return None if found is None or found[0] != context.says else _unpacked(found, text, context)


def _packed(parts: Iterable[tuple[Context, Part]]) -> bytes:
    """Return the parts as octets; blocks as their lengths, for they stand in the text."""
    found: list[tuple[object, ...]] = []
    for context, part in parts:
        if isinstance(part, Hole):
            found.append((context.says, part.start, part.end))
            continue
        noted = part.noted
        pairs = [(each.owners, each.values) for each in noted.pairs()]
        said = (part.keys, part.starts, [*map(len, part.blocks)], part.rrsets, part.records)
        found.append(
            (
                context.says,
                part.run.start,
                part.run.end,
                *said,
                pairs,
                noted.owners(),
                part.owner,
                part.absolute,
                part.numbers,
            )
        )
    return marshal.dumps(found, 2)


def _unpacked(found: tuple[Any, ...], text: bytes, context: Context) -> Part:
    _, start, end, *said = found
    if not said:
        return Hole(start, end)
    keys, starts, lengths, rrsets, records, pairs, owners, *rest = said
    blocks = [text[at : at + length] for at, length in zip(starts, lengths, strict=True)]
    cname, ns, srv, mx, strings = (Pairs(*each) for each in pairs)
    noted = Noted(cname, ns, srv, mx, strings, *owners)
    return Gathered(Run(start, end, context), keys, starts, blocks, rrsets, records, noted, *rest)
