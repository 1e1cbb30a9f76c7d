"""A zone file read over another that is mostly the same text: what both have is read once. No IO here.

    old   $TTL 300 | www A 192.0.2.1 | ftp A 192.0.2.2 | mx A 192.0.2.3 |
    new   $TTL 300 | www A 192.0.2.1 | ftp A 192.0.2.9 | mx A 192.0.2.3 |    read: $TTL, ftp; passed over: www, mx

The old file is read by blocks (`blocks`), and the engine remembers where pieces of it stood of which all was taken
so. In the new file, a piece that is the same to the octet, and is met in the same context, needs no second look:
its blocks say the same and nothing is to be said of them. All else is read as ever, every finding with its own
file and line. An owner that has lines on both sides of such an edge is found out, and the file read again with
its piece looked at; where that happens often, or the zones are not the same, there is no reading over.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from migrator.model.blocktexts import BlockTexts
from migrator.model.compact import Overlay, key_of
from migrator.model.values import dataclass
from migrator.zonefile.fast.aligning import Piece, common_pieces
from migrator.zonefile.fast.blockharvest import BlockHarvest, Run, canonical_in, keys_and_records
from migrator.zonefile.fast.blocks import block_begins, owner_line_after, owner_line_before
from migrator.zonefile.fast.byblocks import ByBlocks
from migrator.zonefile.fast.compact import CompactReading, Source, late_owners, read_once
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.cutting import chunk_end
from migrator.zonefile.fast.engine import Chunk
from migrator.zonefile.fast.harvest import Harvest
from migrator.zonefile.fast.rows import Rows
from migrator.zonefile.lexer import Line

# Owners that stand on both sides of an edge, or have several blocks, with which reading goes on.
_MOST_ODD = 200
_INCLUDE = re.compile(rb"(?i)\$INCLUDE")


@dataclass(frozen=True, slots=True)
class BlockReading:
    """A reading by blocks, and what is left of it for another."""

    reading: CompactReading
    blocks: BlockHarvest
    texts: BlockTexts


def read_alike(old: Source, new: Source) -> "tuple[Taken, Taken] | None":
    """Return the readings of two files that are mostly the same text; None where they are not, or too unusual.

    Raises as `read_zone` does.
    """
    pieces = common_pieces(old.text, new.text) if is_fit(old.text) and is_fit(new.text) else []
    base = read_by_blocks(old) if pieces else None
    over = read_over(new, base, old.text, pieces) if base and base.blocks else None
    return None if base is None or over is None else (Taken(base.reading, base.texts), over)


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading, and the texts of all owners that were taken."""

    reading: CompactReading
    texts: Mapping[bytes, bytes]


def is_fit(text: bytes) -> bool:
    """Tell whether positions in the text are those that the engine sees, in one file."""
    return text.endswith(b"\n") and text[:1] != b"\xef" and b"\r" not in text and not _INCLUDE.search(text)


def read_by_blocks(source: Source, *, numbered: bool = False) -> BlockReading | None:
    """Return the reading, and what was taken by blocks; None for unusual files; raises as `read_zone` does.

    With `numbered`, the blocks have `rows`.
    """
    harvest, blocks = Harvest(), BlockHarvest(rows=Rows() if numbered else None)
    while True:
        harvest.elsewhere = blocks
        reading = read_once(source, harvest, ByBlocks(blocks))
        if not harvest.apexes <= {key_of(reading.origin.labels)}:
            return None
        late = late_owners(reading)
        odd = blocks.repeated | (blocks.blocks.keys() & {*harvest.texts, *harvest.respelt})
        if not late and not odd:
            texts = BlockTexts(harvest.texts, blocks.blocks, blocks.noted, canonical_in(blocks.context))
            return BlockReading(reading, blocks, texts)
        if len(late) + len(odd) > _MOST_ODD:
            return None
        left = harvest.left | late
        harvest = Harvest(left)
        blocks = BlockHarvest(blocks.unwanted | odd | left, rows=Rows() if numbered else None)


def read_over(source: Source, base: BlockReading, old: bytes, pieces: Collection[Piece]) -> Taken | None:
    """Return the reading of a file that has these pieces in common with the old one; None where it is no copy."""
    left: frozenset[bytes] = frozenset()
    looked_at: frozenset[bytes] = frozenset()
    while True:
        passed = Passed(base.blocks, old, _passages(base.blocks, old, pieces, looked_at))
        harvest = Harvest(left)
        harvest.elsewhere = passed
        reading = read_once(source, harvest, passed)
        if reading.origin != base.reading.origin or not harvest.apexes <= {key_of(reading.origin.labels)}:
            return None
        late = late_owners(reading)
        both = {key for key in (*harvest.texts, *harvest.respelt, *reading.exact_owners()) if key in passed}
        if not late and not both:
            return Taken(reading, _overlay(base, harvest, passed))
        if len(late) + len(both) > _MOST_ODD or both & looked_at:
            return None
        left, looked_at = left | late, looked_at | both


def _overlay(base: BlockReading, harvest: Harvest, passed: "Passed") -> Overlay:
    texts = base.texts
    changed = {key: text for key, text in harvest.texts.items() if texts.get(key) != text}
    gone = (passed.others | texts.plain.keys()) - harvest.texts.keys()
    return Overlay(texts, changed, gone)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of whole blocks that both files have, and what it was read in."""

    new: int
    end: int
    old: int
    context: Context


class Passed(Collection[bytes]):
    """The owners of the pieces that were passed over, found out when the file has been read to its end.

    Asked by the engine of lines before each chunk.
    """

    def __init__(self, base: BlockHarvest, old: bytes, passages: list[Passage]) -> None:
        """Pass over these, in the order of the file."""
        self._base = base
        self._old = old
        self._passages = passages
        self._begins = [passage.new for passage in passages]
        self._done: list[tuple[int, int]] = []

    def lines(self, chunk: Chunk, context: Context) -> Iterator[Line]:
        """Pass over what begins at the position."""
        place = bisect_left(self._begins, chunk.position)
        if place < len(self._begins) and self._begins[place] == chunk.position:
            passage = self._passages[place]
            if passage.context.says == context.says:
                chunk.skip_to(passage.end)
                self._done.append((passage.old, passage.old + passage.end - passage.new))
        yield from ()

    def end(self, text: bytes, position: int) -> int:
        """Return where the chunk ends: at the latest where the next piece begins."""
        place = bisect_left(self._begins, position + 1)
        end = chunk_end(text, position)
        return min(end, self._begins[place]) if place < len(self._begins) else end

    @cached_property
    def _of_others(self) -> tuple[frozenset[bytes], int]:
        """The owners of the old file's blocks that were not passed over, and how many records they have."""
        keys: list[bytes] = []
        records = 0
        for run in self._base.runs:
            for start, end in _gaps(run, self._done):
                found, more = keys_and_records(self._old, start, end, run.context)
                keys.extend(found)
                records += more
        return frozenset(keys), records

    @property
    def others(self) -> frozenset[bytes]:
        """The owners of the old file's blocks that were not passed over."""
        return self._of_others[0]

    @property
    def records(self) -> int:
        """How many records were passed over."""
        return self._base.records - self._of_others[1]

    def __contains__(self, key: object) -> bool:
        """Tell whether the owner's block was passed over."""
        return key in self._base.blocks and key not in self.others

    def __iter__(self) -> Iterator[bytes]:
        """Yield the owners."""
        return (key for key in self._base.blocks if key not in self.others)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._base.blocks) - len(self.others)


def _passages(
    base: BlockHarvest, old: bytes, pieces: Collection[Piece], looked_at: Collection[bytes]
) -> list[Passage]:
    """Return what may be passed over: of each run and piece, the whole blocks that they share.

    But for the last of them: what follows it in the new file may belong to its owner. `looked_at` are owners whose
    blocks are not passed over.
    """
    places = sorted(_place(old, base.blocks[key]) for key in looked_at if key in base.blocks)
    found = []
    runs = iter(base.runs)
    run = next(runs, None)
    for piece in pieces:
        while run is not None:
            start, end = max(run.start, piece.old), min(run.end, piece.old + piece.length)
            for first, behind in _between(start, end, places):
                first, behind = _whole_blocks(old, first, behind, run)  # noqa: PLW2901
                if first < behind:
                    shift = piece.new - piece.old
                    found.append(Passage(first + shift, behind + shift, first, run.context))
            if run.end > piece.old + piece.length:
                break
            run = next(runs, None)
    return found


def _place(text: bytes, block: bytes) -> tuple[int, int]:
    """Return where the only block of an owner stands."""
    at = text.index(b"\n" + block) + 1
    return at, at + len(block)


def _between(start: int, end: int, places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what is left from start to end without these places."""
    for first, behind in places:
        if start < behind and first < end:
            yield start, first
            start = behind
    yield start, end


def _whole_blocks(text: bytes, start: int, end: int, run: Run) -> tuple[int, int]:
    """Return where the first whole block begins and the last one: both edges may cut one of a run's blocks."""
    while start < end and block_begins(text, start, run.start) != start:
        start = owner_line_after(text, start, end)
    if start >= end:
        return start, start
    end = block_begins(text, end, start) if end < run.end else end
    last = owner_line_before(text, end, start)
    return start, block_begins(text, last, start) if last > start else start


def _gaps(run: Run, done: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a run that are in none of those that are done."""
    start = run.start
    for place in range(bisect_left(done, (run.start, 0)), len(done)):
        first, behind = done[place]
        if first >= run.end:
            break
        if start < first:
            yield start, first
        start = behind
    if start < run.end:
        yield start, run.end
