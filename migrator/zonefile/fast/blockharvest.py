"""What the blocks gave: the lines of each owner, what is noted of them, and where they stood. No IO here."""

from array import array
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import field
from itertools import accumulate, chain, compress, count, islice, repeat
from operator import add, is_, is_not
from typing import NamedTuple

from migrator.model.blocktexts import BEFORE_TYPE, Noted, Pairs, is_selector
from migrator.model.compact import headed
from migrator.model.expression import expression
from migrator.model.values import dataclass
from migrator.zonefile.fast.blocks import Columns, last_names, owner_of, strings_of, types_of_rare
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.cutting import cut, unfolded
from migrator.zonefile.fast.harvest import kinds_of
from migrator.zonefile.fast.headers import Middles
from migrator.zonefile.fast.levelling import Manner, levelled
from migrator.zonefile.fast.rows import Rows, numbers_of


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of the text of which all is blocks that were taken, what they were read in, and how."""

    start: int
    end: int
    context: Context
    manner: Manner = Manner()


class Gathered(NamedTuple):
    """What the blocks of a run say, without a look at any other: the keys of their owners, and where they begin.

    `owner` is the last of them as it is written, `absolute` tells whether any is so with its final dot. `numbers`
    tell blocks apart, where that is asked for: see `rows`.
    """

    run: Run
    keys: list[bytes]
    starts: list[int]
    blocks: list[bytes]
    rrsets: int
    records: int
    noted: Noted
    owner: bytes
    absolute: bool
    numbers: list[int]


class Hole(NamedTuple):
    """A stretch between runs that goes to the engine of lines."""

    start: int
    end: int


Part = Gathered | Hole


@dataclass(slots=True)
class BlockHarvest(Collection[bytes]):
    """The owners whose blocks were taken, with so many `rrsets` and `records`.

    `starts` tell where the first block of each owner begins. An owner may have several, if they say as much apart
    as together: these are in `joined`, with where all but the first begin. `unwanted` are owners whose blocks are
    not taken; `repeated` are those of which it turned out too late that they have several that cannot be joined.
    `home` is what the first of them were read in, `homes` are what was read below each origin, and `elsewhere` has
    what is not told by these: see `context_of`. `turns` are what stands between runs and changes their context:
    where each begins and ends. `rows` are kept where they are given, and without `takes_notes` nothing is `noted`.
    With `remarks`, comments stand behind records and say nothing.
    """

    unwanted: frozenset[bytes] = frozenset()
    blocks: dict[bytes, bytes] = field(default_factory=dict)
    noted: Noted = field(default_factory=Noted)
    runs: list[Run] = field(default_factory=list)
    turns: dict[int, int] = field(default_factory=dict)
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    joined: dict[bytes, tuple[list[int], list[bytes]]] = field(default_factory=dict)
    repeated: set[bytes] = field(default_factory=set)
    rrsets: int = 0
    records: int = 0
    home: Context | None = None
    homes: dict[bytes, Context] = field(default_factory=dict)
    elsewhere: dict[bytes, Context] = field(default_factory=dict)
    rows: Rows | None = None
    takes_notes: bool = True
    remarks: bool = True

    def __contains__(self, key: object) -> bool:
        """Tell whether a block of the owner was taken."""
        return key in self.blocks

    def __iter__(self) -> Iterator[bytes]:
        """Yield the keys of the owners."""
        return iter(self.blocks)

    def __len__(self) -> int:
        """Return the number of owners."""
        return len(self.blocks)

    def columns_of(self, text: bytes, start: int, end: int, context: Context, manner: Manner) -> Columns:
        """Return what the blocks of a piece of the text say, and what else stands there."""
        detailed = self.rows is not None
        if manner.levelled:
            text = levelled(text[start:end])
            start, end = 0, len(text)
        return context.columns_of(
            text, start, end, remarks=self.remarks, detailed=detailed, any_order=manner.any_order
        )

    def gathered(self, run: Run, columns: Columns, keys: Sequence[bytes]) -> Gathered:
        """Return what was matched in a run, as `add` takes it; `keys` are those of its owners, and of gaps."""
        starts: Iterable[int] = accumulate(map(len, map(add, columns.block, columns.gap)), initial=run.start)
        own, blocks = keys, columns.block
        if any(columns.gap):  # of which all other columns have nothing
            starts, own, blocks = compress(starts, blocks), [*compress(keys, blocks)], [*filter(None, blocks)]
        context, rrsets, records = run.context, *_count(columns)
        numbered = self.rows is not None and len(own) > 0
        return Gathered(
            run,
            [*own],
            [*islice(starts, len(own))],
            [*blocks],
            rrsets,
            records,
            _noted(keys, columns, context) if self.takes_notes else Noted(),
            next(filter(None, reversed(columns.owner)), b""),
            b".\n" in b"%b\n" % b"\n".join(columns.owner),
            [*compress(numbers_of(keys, columns, context, Canonical(context)), columns.block)] if numbered else [],
        )

    def add(self, found: Gathered) -> None:
        """Take what was gathered."""
        if not found.keys:
            return
        context = found.run.context
        self.runs.append(found.run)
        for place in self._add(found, context):
            self._join(found.keys[place], found.starts[place], found.blocks[place], context)
        self.rrsets += found.rrsets
        self.records += found.records
        self.noted.add(found.noted)
        if self.rows is not None:
            self.rows.add(found.run.context, found.numbers, found.starts, found.blocks)

    def _add(self, found: Gathered, context: Context) -> list[int]:
        """Add the blocks of owners that have none yet; return the places of the others."""
        keys, blocks, starts = found.keys, found.blocks, found.starts
        if self.home is None:
            self.home = context
        before = len(self.blocks)
        there = [*map(self.blocks.setdefault, keys, blocks)]
        whole = len(self.blocks) == before + len(keys)
        self.starts.extend(array("q", starts if whole else [*compress(starts, map(is_, there, blocks))]))
        told = self.homes.setdefault(context.key_of_origin, context).says == context.says
        if not told or (found.absolute and self.home.says != context.says):
            fresh: Iterable[tuple[bytes, bytes]] = zip(keys, blocks, strict=True)
            if not whole:
                fresh = compress(fresh, map(is_, there, blocks))
            untold = [key for key, block in fresh if not told or _is_absolute(key, block)]
            self.elsewhere.update(zip(untold, repeat(context)))
        return [] if whole else [*compress(count(), map(is_not, there, blocks))]

    def _join(self, key: bytes, start: int, block: bytes, context: Context) -> None:
        """Add one more block of an owner, or note that it cannot be done."""
        blocks = [*self.parts(key), block]
        same = self.context_of(key, self.blocks[key]).says == context.says
        if same and len({*map(owner_of, blocks)}) == 1 and _are_one(blocks, context):
            self.joined[key] = [*(self.joined[key][0] if key in self.joined else []), start], blocks
            self.blocks[key] = b"".join(blocks)
        else:
            self.repeated.add(key)

    def context_of(self, key: bytes, block: bytes) -> Context:
        """Return what a block of an owner was read in: the origin is what its name has behind the written one."""
        found = self.elsewhere.get(key)
        if found is None:
            found = self.home if _is_absolute(key, block) else self.homes[key[len(owner_of(block)) + 1 :]]
        assert found is not None
        return found

    def written(self, key: bytes, block: bytes) -> bytes:
        """Return the name of a block's owner in its own letters."""
        return self.context_of(key, block).written([owner_of(block)])[0]

    def places_of(self, owners: Container[bytes]) -> Iterator[tuple[bytes, list[tuple[int, int]]]]:
        """Yield those of the owners that have blocks, each with where these begin and end."""
        wanted = map(owners.__contains__, self.blocks)
        for start, key in compress(zip(self.starts, self.blocks, strict=True), wanted):
            more, blocks = self.joined.get(key) or ([], [self.blocks[key]])
            yield key, [(at, at + len(block)) for at, block in zip([start, *more], blocks, strict=True)]

    def parts(self, key: bytes) -> list[bytes]:
        """Return the blocks of an owner."""
        return self.joined[key][1] if key in self.joined else [self.blocks[key]]


def _is_absolute(key: bytes, block: bytes) -> bool:
    """Tell whether the owner of a block is written with its final dot."""
    return block[len(key) - 1 : len(key)] == b"." and block[: len(key)].lower() == key


def _are_one(blocks: Sequence[bytes], context: Context) -> bool:
    """Tell whether all blocks of an owner say as much apart as together."""
    types = [{*_TYPES.findall(block)} for block in blocks]
    if sum(map(len, types)) == len(set().union(*types)) and not any(b"CNAME" in some for some in types):
        return True
    apart = [Canonical(context).read(block)[1] for block in blocks]
    together = [record for records in apart for record in records]
    return len(together) <= _MOST_JOINED and kinds_of(together) == sum(map(kinds_of, apart))


_TYPES = expression(rb"(?m)^[^ \t\n;]*[ \t]+%b([A-Z]+)[ \t]" % BEFORE_TYPE)
# Records of an owner in all its blocks: with fewer, no RRset comes near the size that no message can hold.
_MOST_JOINED = 100


def _noted(keys: Sequence[bytes], columns: Columns, context: Context) -> Noted:
    """Return what the blocks point at, their texts, and which are selectors or wildcards."""
    noted = Noted()
    for pairs, values in (
        (noted.cname, columns.cname),
        (noted.ns, columns.ns),
        (noted.srv, columns.srv),
        (noted.mx, columns.mx),
    ):
        names = [*filter(None, values)]
        if names:
            pairs.add([*compress(keys, values)], context.keys_of(names))
    for pairs, lines in (
        (noted.ns, columns.more_ns),
        (noted.srv, columns.more_srv),
        (noted.mx, columns.more_mx),
    ):
        if any(lines):
            _note_more(pairs, keys, lines, lambda some: context.keys_of(last_names(some)))
    if any(columns.more_text):
        _note_more(noted.text, keys, columns.more_text, strings_of)
    noted.text.add([*compress(keys, columns.text)], [*filter(None, columns.text)])
    for found, values in (
        (noted.aliases, columns.cname),
        (noted.selectors, columns.ns),
        (noted.selectors, columns.text),
    ):
        found.extend(key for key in compress(keys, values) if is_selector(key))
    if b"*" in b"".join(columns.owner):
        noted.wildcards.extend(key for key in keys if key[:2] == b"*.")
    return noted


def _note_more(
    pairs: Pairs,
    keys: Sequence[bytes],
    column: Sequence[bytes],
    values_of: Callable[[bytes], Sequence[bytes]],
) -> None:
    """Note what all records of a set but the first say: `values_of` lines, one each."""
    lines = [*filter(None, column)]
    owners = map(repeat, compress(keys, column), map(bytes.count, lines, repeat(b"\n")))
    pairs.add([*chain.from_iterable(owners)], values_of(b"".join(lines)))


def _count(columns: Columns) -> tuple[int, int]:
    """Return how many RRsets the blocks have, and how many records: one a line, but for those on several lines."""
    rare = [*filter(None, columns.rare)]
    others = (columns.text, rare)
    records = b"".join(columns.block).count(b"\n") - sum(b"".join(lines).count(b"\n") for lines in others)
    rrsets = records - sum(b"".join(more).count(b"\n") for more in columns.more())
    types = [*map(types_of_rare, rare)]
    return rrsets + sum(map(len, map(set, types))), records + sum(map(len, types))


def canonical_in(harvest: BlockHarvest) -> Callable[[bytes, bytes], bytes]:
    """Return what makes the texts of blocks that were taken."""
    known: dict[object, Canonical] = {}

    def made(key: bytes, block: bytes) -> bytes:
        context = harvest.context_of(key, block)
        found = known.get(context.says)
        if found is None:
            found = known[context.says] = Canonical(context)
        return found(key, block)

    return made


class Canonical:
    """Makes the text of an owner of its block, as the lines of the block would have given it."""

    def __init__(self, context: Context) -> None:
        """Read blocks in this context."""
        self._context = context
        self._middles = Middles(context.default_ttl)

    def __call__(self, key: bytes, block: bytes) -> bytes:
        """Return the text."""
        name, records = self.read(block)
        return headed(key, name, b"\n".join(sorted(records)))

    def read(self, block: bytes) -> tuple[bytes, list[bytes]]:
        """Return the owner's name, and what each record says."""
        name, records = self.tried(block)
        assert None not in records
        return name, [*filter(None, records)]

    def tried(self, block: bytes) -> tuple[bytes, list[bytes | None]]:
        """Return the owner's name, and what each record says; None for one that the exact reader must see."""
        records: list[bytes | None] = []
        name = b""
        for owner, middle, rdata, _, held, _ in cut(block, 0, len(block)):
            if held:
                fields = unfolded(held)
                assert fields is not None
                owner, middle, rdata = fields  # noqa: PLW2901
            if owner and not name:
                named = self._context.owner(owner)
                assert named is not None
                name = named[1]
            known = self._middles[middle]
            assert known is not None
            text = known.form(rdata, self._context)
            records.append(None if text is None else known.head + text)
        return name, records
