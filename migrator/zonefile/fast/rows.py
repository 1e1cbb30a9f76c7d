r"""What each block of a file says, as one number that is the same in every layout of the file. No IO here.

    old   host24 300 IN A 192.0.2.1         new   host24.example.org.  300  A     192.0.2.1
                     MX   10 mail                 host24.example.org.  300  MX    10  mail.example.org.

Both give the hash of (`host24.example.org.`, 300, `192.0.2.1`, `10`, `mail.example.org.`, ...): Python's hashes of
octets cannot be foreseen, and are the same in a process and its fork.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from itertools import compress, count, islice, repeat
from operator import add, itemgetter

from dns.rdatatype import RdataType

from migrator.model.expression import expression
from migrator.model.values import dataclass
from migrator.zonefile.fast.blocks import Columns, last_names, strings_of, values_of_caa
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.forms import FORMS
from migrator.zonefile.fields import ttl_of

_ONE_STRING = 2  # quotes
_MOST_COLONS = 6


@dataclass(frozen=True, slots=True)
class Rows:
    """The numbers of blocks in the order of the file, where each begins and ends, and what runs were read in.

    A run of blocks is here by the place of its first and its context.
    """

    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    ends: "array[int]" = field(default_factory=lambda: array("q"))
    runs: list[tuple[int, Context]] = field(default_factory=list)

    def add(
        self, context: Context, numbers: Sequence[int], starts: Sequence[int], blocks: Sequence[bytes]
    ) -> None:
        """Add the blocks of a run, which begin at `starts`."""
        self.runs.append((len(self.numbers), context))
        # An array made of a list knows its size beforehand.
        self.numbers.extend(array("q", numbers))
        self.starts.extend(array("q", starts))
        self.ends.extend(array("q", [*map(add, starts, map(len, blocks))]))

    def by_number(self) -> dict[int, int]:
        """Return where each number stands; of several equal ones, the last."""
        return dict(zip(self.numbers, count()))

    def context_at(self, place: int) -> Context:
        """Return what the block at the place was read in."""
        return self.runs[bisect_right(self.runs, place, key=itemgetter(0)) - 1][1]


def unlike(old: Rows, known: dict[int, int], new: Rows) -> tuple[list[int], list[int]]:
    """Return the places of the blocks of either side that the other does not have.

    `known` is the old side `by_number`; those of the numbers of the new side are taken out of them.
    """
    each_has_its_own = len(known) == len(old.numbers)
    found = map(known.pop, new.numbers, repeat(_NOWHERE))
    fresh = [*compress(count(), map(_NOWHERE.__eq__, found))]
    gone = known.values() if each_has_its_own else compress(count(), map(known.__contains__, old.numbers))
    return sorted(gone), fresh


_NOWHERE = -1


def numbers_of(
    keys: Sequence[bytes], columns: Columns, context: Context, canonical: Callable[[bytes, bytes], bytes]
) -> list[int]:
    """Return a number for each block, and some number for each gap; `canonical` gives the text of a block."""
    ttls = [*map(_Ttls(context.default_ttl).__getitem__, columns.ttls())]
    rows = zip(context.written(columns.owner), ttls, *_said(columns, context), strict=True)
    numbers = [*map(hash, rows)]
    # What has no column of its own is told by the whole text.
    whole = {place for place, ttl in enumerate(ttls) if ttl is None} if None in ttls else set()
    whole.update(compress(count(), columns.rare))
    for place in whole:
        numbers[place] = hash((keys[place], canonical(keys[place], columns.block[place])))
    return numbers


def _said(columns: Columns, context: Context) -> Iterator[Sequence[bytes]]:
    """Yield columns of rdata in their canonical form; what a set has is in one order."""
    yield _sets(columns.a, columns.more_a, _ADDRESS.findall)
    addresses = [*map(add, columns.early, columns.late)]
    plain = addresses if _are_plain(addresses) else _in_form(RdataType.AAAA, addresses, context)
    yield _sets(
        plain, columns.more_early, lambda lines: _in_form(RdataType.AAAA, _ADDRESS.findall(lines), context)
    )
    texts = [text and _one_line(text) for text in columns.text]
    yield _sets(texts, columns.more_text, strings_of) if columns.more_text else texts
    yield _sets(
        _in_form(RdataType.CAA, columns.caa, context),
        columns.more_caa,
        lambda lines: _in_form(RdataType.CAA, values_of_caa(lines), context),
    )
    yield context.written(columns.cname)
    yield context.written(columns.ptr)
    yield _sets(context.written(columns.ns), columns.more_ns, lambda lines: context.written(last_names(lines)))
    yield from _ranked(columns.preference, columns.mx, columns.more_mx, context)
    yield from _ranked(columns.ranks, columns.srv, columns.more_srv, context)


def _sets(
    firsts: Sequence[bytes], mores: Sequence[bytes], others: Callable[[bytes], Sequence[bytes]]
) -> Sequence[bytes]:
    """Return what each set has: its first, and what `others` finds in lines, one in each, of further records."""
    some = [*filter(None, mores)]
    if not some:
        return firsts
    counts = [*map(bytes.count, some, repeat(b"\n"))]
    found = others(b"".join(some))
    assert len(found) == sum(counts)
    further = map(islice, repeat(iter(found)), counts)
    return [
        b" ".join(sorted([first, *next(further)])) if lines else first
        for first, lines in zip(firsts, mores, strict=True)
    ]


def _ranked(
    ranks: Sequence[bytes], names: Sequence[bytes], mores: Sequence[bytes], context: Context
) -> Iterator[Sequence[bytes]]:
    """Yield the numbers before the names, and the names; of a set with several records, all beside the names."""
    numbers = [rank and b" ".join(rank.split()) for rank in ranks]
    written = context.written(names)
    if not any(mores):
        yield numbers
        yield written
        return
    firsts = [
        b"%b %b" % pair if lines else pair[1]
        for pair, lines in zip(zip(numbers, written, strict=True), mores, strict=True)
    ]
    yield [b"" if lines else number for number, lines in zip(numbers, mores, strict=True)]
    yield _sets(firsts, mores, lambda lines: _ranked_names(lines, context))


def _ranked_names(lines: bytes, context: Context) -> list[bytes]:
    found = _RANKED.findall(lines)
    names = context.written([name for _, name in found])
    return [b"%b %b" % (b" ".join(numbers.split()), name) for (numbers, _), name in zip(found, names, strict=True)]


# The text of further records may go on with what stands before the next type.
_ADDRESS = expression(rb"A[ \t]+([0-9A-Fa-f.:]+)[ \t]*(?:;[^\n]*)?\n")
_RANKED = expression(rb"((?:[0-9]+[ \t]+)+)([^ \t\n;]+)[ \t]*(?:;[^\n]*)?\n")


def _in_form(rdtype: RdataType, rdatas: Sequence[bytes], context: Context) -> list[bytes]:
    form = FORMS[rdtype]
    return [rdata and (form(rdata, context) or rdata) for rdata in rdatas]


def _are_plain(addresses: Sequence[bytes]) -> bool:
    """Tell whether all are surely in canonical form: small letters, less than eight groups, no 0 before others."""
    lines = b"\n%b\n" % b"\n".join(addresses)
    if lines != lines.lower() or any(odd in lines for odd in (b":0", b"\n0", b"::\n")):
        return False
    return max(map(bytes.count, addresses, repeat(b":"))) <= _MOST_COLONS


def _one_line(text: bytes) -> bytes:
    """Return the strings with one blank between them, which may stand on several lines."""
    if text.count(b'"') == _ONE_STRING and text[:1] != b"(":
        return text
    return b'"%b"' % b'" "'.join(text.split(b'"')[1::2])


class _Ttls(dict[tuple[bytes, ...], int | None]):
    """The TTL of a block by what stands before its types; None where its records have several."""

    def __init__(self, default: int | None) -> None:
        """Take the TTL of records that state none."""
        super().__init__()
        self._default = default

    def __missing__(self, before: tuple[bytes, ...]) -> int | None:
        """Judge what was not met before."""
        ttls = {_stated(piece, self._default) for piece in before if piece} or {0}  # a gap has none
        found = self[before] = ttls.pop() if len(ttls) == 1 else None
        return found


def _stated(before: bytes, default: int | None) -> int | None:
    """Return the TTL that stands before a type, or the default."""
    return next((ttl for ttl in map(ttl_of, before.split()) if ttl is not None), default)
