"""Two files that need not be alike, each read by blocks in a process of its own, and compared by numbers.

No IO here. What the second process hands over is small: a number for each block, and where it stands. The texts of
the new zone are those of the old one but for the blocks of which only one file has the number.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import compress, groupby
from typing import Protocol, TypeVar

from migrator.model.compact import Overlay
from migrator.model.values import dataclass
from migrator.zonefile.fast.blockharvest import BlockHarvest, Canonical
from migrator.zonefile.fast.compact import CompactReading, Source
from migrator.zonefile.fast.over import BlockReading, Taken, is_fit, read_by_blocks
from migrator.zonefile.fast.rows import Rows, unlike

_Here = TypeVar("_Here")
_There = TypeVar("_There")


class Beside(Protocol):
    """Does two pieces of work at once, if it can."""

    def __call__(self, here: Callable[[], _Here], there: Callable[[], _There], /) -> tuple[_Here, _There]:
        """Return what both give."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A file read by blocks, without their texts: what each says is a number."""

    reading: CompactReading
    rows: Rows


def read_apart(old: Source, new: Source, beside: Beside) -> tuple[Taken, Taken] | None:
    """Return the readings of two files; None where one is too unusual. Raises as `read_zone` does."""
    if not is_fit(old.text) or not is_fit(new.text):
        return None
    base, numbered = beside(lambda: read_base(old), lambda: read_numbered(new))
    if base is None or numbered is None:
        return None
    reading = base.blocks.reading
    return Taken(reading, base.blocks.texts), Taken(numbered.reading, texts_over(base, numbered, new.text))


@dataclass(frozen=True, slots=True)
class Base:
    """A file read by blocks, and the numbers of these."""

    blocks: BlockReading
    rows: Rows
    known: set[int]


def read_base(source: Source) -> Base | None:
    """Return the file and all that can be made ready; None where it is too unusual; raises as `read_zone` does."""
    found = read_by_blocks(source, numbered=True)
    if found is None or found.blocks.rows is None:
        return None
    return Base(found, found.blocks.rows, set(found.blocks.rows.numbers))


def read_numbered(source: Source) -> Numbered | None:
    """Return the file as it is handed over; None where it is too unusual; raises as `read_zone` does."""
    found = read_by_blocks(source, numbered=True)
    if found is None or found.blocks.rows is None:
        return None
    counted = BlockHarvest(rrsets=found.blocks.rrsets, records=found.blocks.records)
    harvest = replace(found.reading.harvest, elsewhere=counted)
    return Numbered(replace(found.reading, harvest=harvest), found.blocks.rows)


def texts_over(base: Base, new: Numbered, text: bytes) -> Overlay:
    """Return the texts of the new file, `text`, as those of the old one but for what differs."""
    texts, owners = base.blocks.texts, base.blocks.blocks.blocks
    gone, fresh = unlike(base.rows, base.known, new.rows)
    here = {**new.reading.harvest.texts, **_texts_at(fresh, new, text)}
    marked = bytearray(len(owners))
    for place in gone:
        marked[place] = 1
    before = {*texts.plain, *compress(owners, marked)}
    changed = {key: found for key, found in here.items() if texts.get(key) != found}
    return Overlay(texts, changed, before - here.keys())


def _texts_at(places: Sequence[int], new: Numbered, text: bytes) -> dict[bytes, bytes]:
    """Return the texts of the owners of some blocks, which are in order."""
    found: dict[bytes, bytes] = {}
    for context, members in groupby(places, new.rows.context_at):
        blocks = [text[new.rows.starts[place] : new.rows.ends[place]] for place in members]
        keys = context.keys_of([block.split(None, 1)[0] for block in blocks])
        found.update(zip(keys, map(Canonical(context), keys, blocks), strict=True))
    return found
