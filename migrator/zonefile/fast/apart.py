"""Two files that need not be alike, each read by blocks in a process of its own, and compared by numbers.

No IO here. What the second process hands over is small: a number for each block, and where it stands. The texts of
the new zone are those of the old one but for the blocks of which only one file has the number.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import compress, count, groupby

from migrator.model.compact import Overlay
from migrator.model.processes import Beside
from migrator.model.values import dataclass
from migrator.zonefile.fast.blockharvest import BlockHarvest, Canonical
from migrator.zonefile.fast.blocks import owner_of
from migrator.zonefile.fast.compact import CompactReading, Source
from migrator.zonefile.fast.engine import FewBlocksError
from migrator.zonefile.fast.levelling import levelled
from migrator.zonefile.fast.over import BlockReading, Taken, includes, plain, read_by_blocks
from migrator.zonefile.fast.rows import Rows, unlike


@dataclass(frozen=True, slots=True)
class Numbered:
    """A file read by blocks, without their texts: what each says is a number.

    `several` are the places of the blocks of each owner that has more than one.
    """

    reading: CompactReading
    rows: Rows
    several: tuple[tuple[int, ...], ...]


def read_apart(old: Source, new: Source, beside: Beside) -> tuple[Taken, Taken] | None:
    """Return the readings of two files; None where one is too unusual. Raises as `read_zone` does."""
    old, new = plain(old), plain(new)
    if includes(old.text) or includes(new.text):
        return None
    base, numbered = beside(lambda: read_base(old), lambda: read_numbered(new))
    if base is None or numbered is None:
        return None
    reading = base.blocks.reading
    texts = texts_over(base, old.text, numbered, new.text)
    return Taken(reading, base.blocks.texts), Taken(numbered.reading, texts)


@dataclass(frozen=True, slots=True)
class Base:
    """A file read by blocks, and the numbers of these; `known` is where each stands."""

    blocks: BlockReading
    rows: Rows
    known: dict[int, int]


def read_base(source: Source) -> Base | None:
    """Return the file and all that can be made ready; None where it is too unusual; raises as `read_zone` does."""
    found = _by_blocks(source, notes=True)
    if found is None or found.blocks.rows is None:
        return None
    found.texts.pointing()  # while the other process is at work still
    return Base(found, found.blocks.rows, found.blocks.rows.by_number())


def read_numbered(source: Source) -> Numbered | None:
    """Return the file as it is handed over; None where it is too unusual; raises as `read_zone` does."""
    found = _by_blocks(source, notes=False)
    if found is None or found.blocks.rows is None:
        return None
    counted = BlockHarvest(rrsets=found.blocks.rrsets, records=found.blocks.records)
    harvest = replace(found.reading.harvest, elsewhere=counted)
    several = tuple(_of_several(found.blocks, found.blocks.rows))
    return Numbered(replace(found.reading, harvest=harvest), found.blocks.rows, several)


def _by_blocks(source: Source, *, notes: bool) -> BlockReading | None:
    try:
        return read_by_blocks(source, numbered=True, notes=notes, or_fail=True)
    except FewBlocksError:
        return None


def texts_over(base: Base, old: bytes, new: Numbered, text: bytes) -> Overlay:
    """Return the texts of the new file, `text`, as those of the old one but for what differs."""
    texts = base.blocks.texts
    gone, fresh = unlike(base.rows, base.known, new.rows)
    fresh = [*fresh, *_left_over(base, gone, new.rows)]
    here = {**new.reading.harvest.texts, **_texts_at(fresh, new, text)}
    before = {*texts.plain}
    for context, places in groupby(gone, base.rows.context_at):
        before.update(
            context.keys_of([owner_of(old[base.rows.starts[place] : base.rows.ends[place]]) for place in places])
        )
    changed = {key: found for key, found in here.items() if texts.get(key) != found}
    return Overlay(texts, changed, before - here.keys())


def _of_several(blocks: BlockHarvest, rows: Rows) -> Iterator[tuple[int, ...]]:
    """Yield the places of the blocks of each owner that has more than one."""
    for _, places in blocks.places_of(blocks.joined) if blocks.joined else ():
        yield tuple([bisect_left(rows.starts, at) for at, _ in places])


def _left_over(base: Base, gone: Sequence[int], new: Rows) -> list[int]:
    """Return the places in the new file of what is left of owners that had several blocks there before."""
    lost = {*gone}
    some = [together for together in _of_several(base.blocks.blocks, base.rows) if not lost.isdisjoint(together)]
    left = {base.rows.numbers[place] for together in some for place in together if place not in lost}
    return [*compress(count(), map(left.__contains__, new.numbers))] if left else []


def _texts_at(places: Sequence[int], new: Numbered, text: bytes) -> dict[bytes, bytes]:
    """Return the texts of the owners of some blocks: all that they have, in whatever blocks."""
    first = {place: together[0] for together in new.several for place in together}
    whole = {together[0]: together for together in new.several}
    rows = new.rows
    found: dict[bytes, bytes] = {}
    for context, members in groupby(sorted({first.get(place, place) for place in places}), rows.context_at):
        blocks = [
            b"".join([text[rows.starts[place] : rows.ends[place]] for place in whole.get(member, (member,))])
            for member in members
        ]
        blocks = [*map(levelled, blocks)]  # as some were when they were taken
        keys = context.keys_of([*map(owner_of, blocks)])
        found.update(zip(keys, map(Canonical(context), keys, blocks), strict=True))
    return found
