"""A chunk of the text by blocks: what is none goes to the engine of lines, in its place. No IO here."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, compress, count

from migrator.model.processes import Later
from migrator.zonefile.fast.bindings import with_odd_bindings
from migrator.zonefile.fast.blockharvest import BlockHarvest, Canonical, Gathered, Hole, Part, Run
from migrator.zonefile.fast.blocks import (
    Columns,
    block_begins,
    doubtful,
    owner_line_after,
    types_of_rare,
    with_long_strings,
)
from migrator.zonefile.fast.context import Context, context_of
from migrator.zonefile.fast.cutting import chunk_end, cut, unfolded
from migrator.zonefile.fast.engine import Chunk, FewBlocksError
from migrator.zonefile.fast.harvest import kinds_of
from migrator.zonefile.fast.levelling import Manner, levelled
from migrator.zonefile.fast.rest import Rest
from migrator.zonefile.fast.turns import enter_last, turn
from migrator.zonefile.fields import ttl_of
from migrator.zonefile.lexer import Line
from migrator.zonefile.state import State

# Which part of a text is cut in vain, at the most, before the rest is read by lines alone.
_MOST_IN_VAIN = 0.25
# The same of what was read so far, where much of it was: all of a signed zone is as it begins.
_MOST_AT_FIRST = 0.7
# With so many octets cut in vain, it is worth the while to end, and not to read what nobody uses.
_WORTH_ENDING = 1 << 18
# With more that is odd, taking what is between it costs more than reading lines does: so many, or one of so many.
_MOST_ODD = 40
_FEW = 40
# How lines begin that belong to no block: directives, comments, and empty ones.
_BETWEEN_BLOCKS = b"$;\n"


class ByBlocks:
    """Takes the blocks of a text; asked by the engine of lines before each chunk."""

    def __init__(self, harvest: BlockHarvest, later: Later | None = None, *, or_fail: bool = False) -> None:
        """Take into this harvest; `later` lets another process read the rest of a large text.

        With `or_fail`, FewBlocksError is raised where much of the text is in no blocks, as in a signed zone.
        """
        self._harvest = harvest
        self._or_fail = or_fail
        self._in_vain = 0
        self._manner = Manner()
        self._rest = Rest(later)

    def lines(self, chunk: Chunk, context: Context) -> Iterator[Line]:
        """Take a chunk, and yield its lines that the exact reader must see; nothing where there are no blocks."""
        text, begin = chunk.text, chunk.position
        if self._in_vain > _MOST_IN_VAIN * len(text) or not context.has_blocks:
            if self._or_fail and self._in_vain > _WORTH_ENDING:
                raise FewBlocksError
            return
        self._rest.begin(text, begin, lambda position: self._read_ahead(text, position, chunk.state))
        if text[begin] in _BETWEEN_BLOCKS:
            behind = turn(chunk.state, text, begin, len(text))
            if behind > begin:
                self._harvest.turns[begin] = behind
                chunk.skip_to(behind)
                return
        known = self._rest.at(text, begin, context)
        for part in self._parts(text, begin, context) if known is None else [known]:
            if isinstance(part, Gathered):
                self._take(chunk, part)
                continue
            self._in_vain += part.end - part.start
            if self._or_fail and self._in_vain > max(_MOST_AT_FIRST * part.end, _WORTH_ENDING):
                raise FewBlocksError
            yield from chunk.lines(context, part.end)
            if chunk.position != part.end or not context.holds(chunk.state):
                return

    def end(self, text: bytes, position: int) -> int:
        """Return where the chunk ends: where another owner's block begins, or before a directive."""
        end = self._rest.end(position, chunk_end(text, position))
        directive = text.find(b"\n$", position, end)
        if directive >= 0:
            return directive + 1
        begin = end if end == len(text) else block_begins(text, end, position)
        return begin if begin > position else end

    def _parts(self, text: bytes, begin: int, context: Context) -> Iterator[Part]:
        """Yield what stands in the chunk that begins there."""
        if text[begin] in _BETWEEN_BLOCKS:
            yield Hole(begin, owner_line_after(text, begin, self.end(text, begin + 1)))
            return
        end = self.end(text, begin)
        columns, keys, odd = self._looked_at(text, begin, end, context)
        others = self._others(text, begin, end)
        while _are_many(odd, keys) and (manner := next(others, None)):
            self._manner = manner
            columns, keys, odd = self._looked_at(text, begin, end, context)
        if not odd:
            yield self._harvest.gathered(Run(begin, end, context, self._manner), columns, keys)
            return
        if _are_many(odd, keys):
            yield Hole(begin, end)
            return
        pieces = zip(columns.block, columns.gap, columns.other, strict=True)
        ends = [*accumulate(map(len, map(b"".join, pieces)), initial=begin)]
        place = 0
        for first, behind in (*_stretches(odd, columns.block), (len(keys), len(keys))):
            if place < first:
                some = Columns(*(column[place:first] for column in columns))
                run = Run(ends[place], ends[first], context, self._manner)
                yield self._harvest.gathered(run, some, keys[place:first])
            if first < behind:
                yield Hole(ends[first], ends[behind])
            place = behind

    def _read_ahead(self, text: bytes, position: int, state: State) -> Iterator[tuple[Context, Part]]:
        """Yield what can be told of a text from a position on without the exact reader, in which context."""
        self._rest.forget()
        if not enter_last(state, text, position):
            return
        while position < len(text):
            context = context_of(state)
            if context is None or not context.has_blocks:
                return
            behind = turn(state, text, position, len(text)) if text[position] in _BETWEEN_BLOCKS else position
            if behind > position:
                position = behind
                continue
            for part in self._parts(text, position, context):
                yield context, part
                position = part.run.end if isinstance(part, Gathered) else part.end

    def _others(self, text: bytes, begin: int, end: int) -> Iterator[Manner]:
        """Yield the manners in which a piece of the text may be written instead, the more usual first."""
        if not self._manner.levelled and levelled(text[begin:end]) != text[begin:end]:
            yield self._manner._replace(levelled=True)
        if not self._manner.any_order:
            yield self._manner._replace(any_order=True)

    def _looked_at(
        self, text: bytes, begin: int, end: int, context: Context
    ) -> tuple[Columns, list[bytes], list[int]]:
        """Return what stands in a piece of the text, the keys of its owners, and the places of what is odd."""
        # One octet more, for a block ends where another owner's begins.
        behind = min(end + 1, len(text))
        columns = self._harvest.columns_of(text, begin, behind, context, self._manner)
        keys = context.keys_of(columns.owner)
        odd = self._odd(columns, keys, context)
        if text.find(b"\\", begin, behind) >= 0:
            odd.update(with_long_strings(columns))
        return columns, keys, sorted(odd)

    def _odd(self, columns: Columns, keys: Sequence[bytes], context: Context) -> set[int]:
        """Return the places of what is no block, and of blocks that are not wanted or have a defect in company."""
        odd = set(compress(count(), columns.other)) if any(columns.other) else set()
        unwanted = self._harvest.unwanted
        if unwanted and not unwanted.isdisjoint(keys):
            odd.update(place for place, key in enumerate(keys) if key in unwanted)
        several = {place for more in columns.more() for place in compress(count(), more)}
        rare = [*compress(count(), columns.rare)]
        looked_at = {place for place in rare if b"(" in columns.rare[place]}
        several.update(place for place in rare if _are_several(columns.rare[place]))
        asked = sorted(several - looked_at)
        looked_at.update(asked[place] for place in doubtful([columns.block[place] for place in asked]))
        read = Canonical(context).tried
        odd.update(place for place in looked_at if not _are_fine(read(columns.block[place])[1]))
        odd.update(place for place in rare if _has_company(columns, place))
        odd.update(rare[place] for place in with_odd_bindings([columns.rare[place] for place in rare]))
        return odd

    def _take(self, chunk: Chunk, found: Gathered) -> None:
        self._harvest.add(found)
        chunk.skip_to(found.run.end)
        if found.keys:
            chunk.state.own(chunk.state.names.read(found.owner))
            if found.run.context.default_ttl is None:
                chunk.state.ttls.last = _last_ttl(found.blocks[-1])


def _are_several(rare: bytes) -> bool:
    """Tell whether there are several records of one type."""
    if rare.count(b"\n") == 1:
        return False
    types = types_of_rare(rare)
    return len({*types}) < len(types)


def _has_company(columns: Columns, place: int) -> bool:
    """Tell whether a block has rare records beside a CNAME, or others than DS beside a zone cut."""
    if columns.ns[place]:
        return {*types_of_rare(columns.rare[place])} != {b"DS"}
    return bool(columns.cname[place])


def _are_fine(records: Sequence[bytes | None]) -> bool:
    """Tell whether all records of a block can be taken, one by one and in company."""
    said = [record for record in records if record is not None]
    return len(said) == len(records) and kinds_of(said) > 0


def _are_many(odd: Sequence[int], keys: Sequence[bytes]) -> bool:
    return len(odd) > max(_MOST_ODD, len(keys) // _FEW)


def _last_ttl(block: bytes) -> int:
    """Return the TTL of the last record of a block in which each states its own."""
    _, middle, _, _, held, _ = cut(block, 0, len(block))[-1]
    fields = unfolded(held)
    tokens = fields[1].split() if fields else middle.split()
    return next(ttl for ttl in map(ttl_of, tokens) if ttl is not None)


def _stretches(odd: Sequence[int], blocks: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Yield where stretches for the engine of lines begin and end: each has the block before what is odd.

    What is odd may belong to the owner of that block, which has no gap behind it.
    """
    place = 0
    while place < len(odd):
        first = last = odd[place]
        place += 1
        while place < len(odd) and odd[place] <= last + 2:
            last = odd[place]
            place += 1
        yield first - 1 if first and blocks[first - 1] else first, last + 1
