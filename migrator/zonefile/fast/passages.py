"""What of a file may be passed over, for another file has it too and was read there by blocks. No IO here.

    old   $TTL 300 | www A 192.0.2.1 | $ORIGIN b | ftp A 192.0.2.2 | mx A 192.0.2.3 |      runs: www; ftp, mx
    new   $TTL 300 | www A 192.0.2.1 | $ORIGIN b | ftp A 192.0.2.2 | mx A 192.0.2.9 |      one passage: www to ftp

Whole blocks only, and directives between them that say nothing of themselves (`turns`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from operator import attrgetter

from migrator.model.values import dataclass
from migrator.zonefile.fast.aligning import Piece
from migrator.zonefile.fast.blockharvest import BlockHarvest, Run
from migrator.zonefile.fast.blocks import block_begins, owner_line_after, owner_line_before
from migrator.zonefile.fast.context import Context


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece that both files have: what its first block was read in, and what stands behind it."""

    new: int
    end: int
    old: int
    context: Context
    behind: Context


def passages(
    base: BlockHarvest, old: bytes, pieces: Collection[Piece], looked_at: Collection[bytes]
) -> list[Passage]:
    """Return what may be passed over of pieces that the new file has in common with the old one, in order.

    But for the last block of each: what follows it in the new file may belong to its owner. `looked_at` are owners
    whose blocks are not passed over; an owner with several has all of them passed over or none.
    """
    joined = dict(base.places_of(base.joined)) if base.joined else {}
    single = frozenset(looked_at) - joined.keys()
    places = [*chain.from_iterable(each for _, each in base.places_of(single))] if single else []
    starts = [run.start for run in base.runs]
    parted = {*joined.keys() & looked_at}
    while True:
        for key in parted:
            places.extend(joined.pop(key))
        found = [*_passages(base, old, pieces, starts, sorted(places))]
        parted = {key for key, each in joined.items() if _divide(found, each)}
        if not parted:
            return found


def _passages(
    base: BlockHarvest,
    old: bytes,
    pieces: Collection[Piece],
    starts: Sequence[int],
    places: Sequence[tuple[int, int]],
) -> Iterator[Passage]:
    for piece in pieces:
        shift = piece.new - piece.old
        for start, end in _chained(base, piece, starts):
            for first, behind in _between(start, end, places):
                some = _whole_blocks(base.runs, starts, old, first, behind, keep=behind < end)
                if some is not None:
                    begin, stop, enter, leave = some
                    yield Passage(begin + shift, stop + shift, begin, enter, leave)


def _divide(found: Sequence[Passage], places: Sequence[tuple[int, int]]) -> bool:
    """Tell whether the passages have some of these places and others not."""
    passed = set()
    for first, behind in places:
        before = bisect_right(found, first, key=attrgetter("old")) - 1
        passed.add(before >= 0 and behind <= found[before].old + found[before].end - found[before].new)
    return len(passed) > 1


def gaps(run: Run, done: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a run that are in none of those that are done."""
    start = run.start
    for place in range(max(bisect_left(done, (run.start, 0)) - 1, 0), len(done)):
        first, behind = done[place]
        if first >= run.end:
            break
        if start < first:
            yield start, first
        start = max(start, behind)
    if start < run.end:
        yield start, run.end


def _chained(base: BlockHarvest, piece: Piece, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield what a piece has of runs, together with what stands between them and says nothing of itself."""
    last = piece.old + piece.length
    start = end = -1
    for place in range(max(bisect_right(starts, piece.old) - 1, 0), len(starts)):
        run = base.runs[place]
        if run.start >= last:
            break
        if run.end <= piece.old:
            continue
        if end < 0 or base.turns.get(end, end) != run.start:
            if end >= 0:
                yield start, end
            start = max(run.start, piece.old)
        end = min(run.end, last)
    if end >= 0:
        yield start, end


def _between(start: int, end: int, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what is left from start to end without these places, which are in order."""
    for place in range(max(bisect_left(places, (start, 0)) - 1, 0), len(places)):
        first, behind = places[place]
        if first >= end:
            break
        if start < behind:
            yield start, first
            start = behind
    yield start, end


def _whole_blocks(
    runs: Sequence[Run], starts: Sequence[int], text: bytes, start: int, end: int, *, keep: bool
) -> tuple[int, int, Context, Context] | None:
    """Return where the first whole block begins and the last one, and what both were read in.

    Both edges may cut a block of a run; with `keep`, the last one ends at the second edge, and is passed over too.
    None where there is nothing to pass over.
    """
    place = bisect_right(starts, start) - 1
    if start >= runs[place].end:
        place += 1  # it stands between two runs
    if place >= len(runs):
        return None
    run = runs[place]
    start = max(start, run.start)
    while start < min(end, run.end) and block_begins(text, start, run.start) != start:
        start = owner_line_after(text, start, run.end)
    if start >= end:
        return None
    if start == run.end:
        return _whole_blocks(runs, starts, text, start, end, keep=keep)
    last = runs[bisect_left(starts, end) - 1]
    if keep:
        return start, min(end, last.end), run.context, last.context
    least = max(start, last.start)
    end = block_begins(text, end, least) if end < last.end else end
    before = owner_line_before(text, end, least)
    stop = block_begins(text, before, least) if before > least else least
    return (start, stop, run.context, last.context) if start < stop else None
