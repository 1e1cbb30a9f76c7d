"""What the blocks gave: the lines of each owner, what is noted of them, and where they stood. No IO here."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import field
from itertools import compress, islice

from migrator.model.blocktexts import Noted
from migrator.model.values import dataclass
from migrator.zonefile.fast.blocks import Columns
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.cutting import cut, unfolded
from migrator.zonefile.fast.headers import Middles
from migrator.zonefile.fast.rows import Rows


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of the text of which all is blocks that were taken, and what they were read in."""

    start: int
    end: int
    context: Context


@dataclass(slots=True)
class BlockHarvest(Collection[bytes]):
    """The owners whose blocks were taken.

    No type stands twice in a block, so that there are as many RRsets as `records`. `unwanted` are owners whose
    blocks are not taken; `repeated` are those of which it turned out too late that they have several. `context` is
    what all of them were read in. `rows` are kept where they are given.
    """

    unwanted: frozenset[bytes] = frozenset()
    blocks: dict[bytes, bytes] = field(default_factory=dict)
    noted: Noted = field(default_factory=Noted)
    runs: list[Run] = field(default_factory=list)
    repeated: set[bytes] = field(default_factory=set)
    records: int = 0
    context: Context | None = None
    rows: Rows | None = None

    def takes(self, context: Context) -> bool:
        """Tell whether blocks are read in this context: it is the same for all that are taken of a file."""
        return context.has_blocks and (self.context is None or self.context.says == context.says)

    def __contains__(self, key: object) -> bool:
        """Tell whether a block of the owner was taken."""
        return key in self.blocks

    def __iter__(self) -> Iterator[bytes]:
        """Yield the keys of the owners."""
        return iter(self.blocks)

    def __len__(self) -> int:
        """Return the number of owners."""
        return len(self.blocks)

    def take(self, text: bytes, run: Run, keys: Sequence[bytes], columns: Columns) -> None:
        """Take the blocks of a piece of the text; `columns` are those of what was matched."""
        self.runs.append(run)
        self.context = run.context
        before = len(self.blocks)
        self.blocks.update(zip(keys, columns.block, strict=True))
        if len(self.blocks) < before + len(keys):
            self._note_repeated(keys, len(self.blocks) - before)
        self.records += text.count(b"\n", run.start, run.end) - _inner_line_ends(columns.text)
        context, noted = run.context, self.noted
        if self.rows is not None:
            self.rows.add(run.start, keys, columns, context, Canonical(context))
        for pairs, values in (
            (noted.cname, columns.cname),
            (noted.ns, columns.ns),
            (noted.srv, columns.srv),
            (noted.mx, columns.mx),
        ):
            names = [*filter(None, values)]
            if names:
                pairs.add([*compress(keys, values)], context.keys_of(names))
        noted.text.add([*compress(keys, columns.text)], [*filter(None, columns.text)])
        if b"*" in b"".join(columns.owner):
            noted.wildcards.extend(key for key in keys if key[:2] == b"*.")

    def _note_repeated(self, keys: Sequence[bytes], added: int) -> None:
        """Note which of the owners were there before, or are among them twice; the last `added` are new."""
        new = set(islice(reversed(self.blocks), added))
        self.repeated.update(key for key, times in Counter(keys).items() if times > 1 or key not in new)


def keys_and_records(text: bytes, start: int, end: int, context: Context) -> tuple[list[bytes], int]:
    """Return the owners of a piece of a run, and how many records they have there."""
    columns = context.columns_of(text, start, end)
    return context.keys_of(columns.owner), text.count(b"\n", start, end) - _inner_line_ends(columns.text)


def canonical_in(context: Context | None) -> Callable[[bytes, bytes], bytes]:
    """Return what makes the texts of the blocks of a context; without a context there are no blocks."""

    def never(key: bytes, block: bytes) -> bytes:
        raise AssertionError(key, block)

    return never if context is None else Canonical(context)


class Canonical:
    """Makes the text of an owner of its block, as the lines of the block would have given it."""

    def __init__(self, context: Context) -> None:
        """Read blocks in this context."""
        self._context = context
        self._middles = Middles(context.default_ttl)

    def __call__(self, key: bytes, block: bytes) -> bytes:
        """Return the text."""
        records = []
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
            assert text is not None
            records.append(known.head + text)
        whole = b"\n".join(sorted(records))
        return whole if name == key else b"=%b\n%b" % (name, whole)


def _inner_line_ends(texts: Sequence[bytes]) -> int:
    """Count the line ends within parentheses."""
    return b"".join(texts).count(b"\n")
