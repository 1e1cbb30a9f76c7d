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
from dataclasses import replace
from functools import cached_property

from migrator.model.blocktexts import BlockTexts
from migrator.model.compact import Overlay, key_of
from migrator.model.processes import Later
from migrator.model.values import dataclass
from migrator.zonefile.fast.aligning import Piece, common_pieces
from migrator.zonefile.fast.blockharvest import BlockHarvest, canonical_in
from migrator.zonefile.fast.byblocks import ByBlocks
from migrator.zonefile.fast.compact import CompactReading, Source, late_owners, read_once
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.cutting import chunk_end
from migrator.zonefile.fast.engine import SPEAKING, Chunk
from migrator.zonefile.fast.harvest import Harvest
from migrator.zonefile.fast.passages import Passage, gaps, passages
from migrator.zonefile.fast.rows import Rows
from migrator.zonefile.lexer import Line, unified

# Owners that stand on both sides of an edge, or have several blocks, with which reading goes on: so many, or
# one of so many.
_MOST_ODD = 200
_FEW = 30
_INCLUDE = re.compile(rb"(?i)\$INCLUDE")


@dataclass(frozen=True, slots=True)
class BlockReading:
    """A reading by blocks, and what is left of it for another."""

    reading: CompactReading
    blocks: BlockHarvest
    texts: BlockTexts


def read_alike(old: Source, new: Source, later: Later | None = None) -> "tuple[Taken, Taken] | None":
    """Return the readings of two files that are mostly the same text; None where they are not, or too unusual.

    `later` does a piece of work in another process, if there is one. Raises as `read_zone` does, and
    FewBlocksError where much of the old one is in no blocks: then it is no use reading them apart either.
    """
    old, new = plain(old), plain(new)
    pieces = [] if includes(old.text) or includes(new.text) else common_pieces(old.text, new.text)
    base = read_by_blocks(old, later=later, or_fail=True) if pieces else None
    over = read_over(new, base, old.text, pieces) if base and base.blocks else None
    return None if base is None or over is None else (Taken(base.reading, base.texts), over)


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading, and the texts of all owners that were taken."""

    reading: CompactReading
    texts: Mapping[bytes, bytes]


def plain(source: Source) -> Source:
    """Return the file with its line ends as the reader sees them: positions in it are those of the engine."""
    text = unified(source.text)
    return replace(source, text=text if text.endswith(b"\n") else text + b"\n")


def includes(text: bytes) -> bool:
    """Tell whether other files may belong to it."""
    return _INCLUDE.search(text) is not None


def read_by_blocks(
    source: Source,
    *,
    numbered: bool = False,
    notes: bool = True,
    later: Later | None = None,
    or_fail: bool = False,
) -> BlockReading | None:
    """Return the reading, and what was taken by blocks; None for unusual files; raises as `read_zone` does.

    With `numbered`, the blocks have `rows`; without `notes`, nothing is noted of them. `later` does a piece of
    work in another process. With `or_fail`, a file of which much is in no blocks is not read to its end:
    FewBlocksError is raised.
    """
    remarks = not any(mark in source.text for mark in SPEAKING)
    harvest, blocks = Harvest(), _empty(frozenset(), numbered=numbered, notes=notes, remarks=remarks)
    while True:
        harvest.elsewhere = blocks
        reading = read_once(source, harvest, ByBlocks(blocks, later, or_fail=or_fail))
        if not harvest.apexes <= {key_of(reading.origin.labels)}:
            return None
        late = late_owners(reading)
        odd = blocks.repeated | (blocks.blocks.keys() & {*harvest.texts, *harvest.respelt})
        if not late and not odd:
            made = canonical_in(blocks), blocks.written
            texts = BlockTexts(harvest.texts, blocks.blocks, blocks.noted, *made)
            return BlockReading(reading, blocks, texts)
        if len(late) + len(odd) > max(_MOST_ODD, len(blocks) // _FEW):
            return None
        left = harvest.left | late
        harvest = Harvest(left)
        unwanted = blocks.unwanted | odd | left
        blocks = _empty(unwanted, numbered=numbered, notes=notes, remarks=remarks)


def _empty(unwanted: frozenset[bytes], *, numbered: bool, notes: bool, remarks: bool) -> BlockHarvest:
    return BlockHarvest(unwanted, rows=Rows() if numbered else None, takes_notes=notes, remarks=remarks)


def read_over(source: Source, base: BlockReading, old: bytes, pieces: Collection[Piece]) -> Taken | None:
    """Return the reading of a file that has these pieces in common with the old one; None where it is no copy."""
    left: frozenset[bytes] = frozenset()
    looked_at: frozenset[bytes] = frozenset()
    while True:
        passed = Passed(base.blocks, old, passages(base.blocks, old, pieces, looked_at))
        harvest = Harvest(left)
        harvest.elsewhere = passed
        reading = read_once(source, harvest, passed)
        if reading.origin != base.reading.origin or not harvest.apexes <= {key_of(reading.origin.labels)}:
            return None
        late = late_owners(reading)
        both = {key for key in (*harvest.texts, *harvest.respelt, *reading.exact_owners()) if key in passed}
        both.update(passed.parted())
        if not late and not both:
            return Taken(reading, _overlay(base, harvest, passed))
        if len(late) + len(both) > max(_MOST_ODD, len(base.blocks) // _FEW) or both & looked_at:
            return None
        left, looked_at = left | late, looked_at | both


def _overlay(base: BlockReading, harvest: Harvest, passed: "Passed") -> Overlay:
    texts = base.texts
    changed = {key: text for key, text in harvest.texts.items() if texts.get(key) != text}
    gone = (passed.others | texts.plain.keys()) - harvest.texts.keys()
    return Overlay(texts, changed, gone)


class Passed(Collection[bytes]):
    """The owners of the pieces that were passed over, found out when the file has been read to its end.

    Asked by the engine of lines before each chunk.
    """

    def __init__(self, base: BlockHarvest, old: bytes, ahead: list[Passage]) -> None:
        """Pass over these, in the order of the file."""
        self._base = base
        self._old = old
        self._passages = ahead
        self._begins = [passage.new for passage in ahead]
        self._done: list[tuple[int, int]] = []

    def lines(self, chunk: Chunk, context: Context) -> Iterator[Line]:
        """Pass over what begins at the position."""
        place = bisect_left(self._begins, chunk.position)
        if place < len(self._begins) and self._begins[place] == chunk.position:
            passage = self._passages[place]
            if passage.context.says == context.says:
                chunk.skip_to(passage.end)
                passage.behind.enter(chunk.state)
                self._done.append((passage.old, passage.old + passage.end - passage.new))
        yield from ()

    def end(self, text: bytes, position: int) -> int:
        """Return where the chunk ends: at the latest where the next piece begins."""
        place = bisect_left(self._begins, position + 1)
        end = chunk_end(text, position)
        return min(end, self._begins[place]) if place < len(self._begins) else end

    @cached_property
    def _of_others(self) -> BlockHarvest:
        """The old file's blocks that were not passed over."""
        found = BlockHarvest(takes_notes=False, remarks=self._base.remarks)
        for run in self._base.runs:
            for start, end in gaps(run, self._done):
                columns = found.columns_of(self._old, start, end, run.context, run.manner)
                found.add(found.gathered(run, columns, run.context.keys_of(columns.owner)))
        return found

    @cached_property
    def others(self) -> frozenset[bytes]:
        """The owners of the old file's blocks that were not passed over."""
        return frozenset(self._of_others)

    def parted(self) -> list[bytes]:
        """Return the owners of which some blocks were passed over and some were not."""
        base, others = self._base, self._of_others
        return [key for key in base.joined if key in others and others.blocks[key] != base.blocks[key]]

    @property
    def rrsets(self) -> int:
        """How many RRsets were passed over."""
        return self._base.rrsets - self._of_others.rrsets

    @property
    def records(self) -> int:
        """How many records were passed over."""
        return self._base.records - self._of_others.records

    def __contains__(self, key: object) -> bool:
        """Tell whether the owner's block was passed over."""
        return key in self._base.blocks and key not in self.others

    def __iter__(self) -> Iterator[bytes]:
        """Yield the owners."""
        return (key for key in self._base.blocks if key not in self.others)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._base.blocks) - len(self.others)
