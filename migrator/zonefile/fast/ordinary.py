"""A small zone file of which every line is ordinary, its apex too: read at once, without the exact reader. No IO.

Of a large file the few lines at the apex take no time. A portfolio is thousands of files with twenty lines each:
the exact reader's preparations, and the records of each apex as objects, took more than all their other lines.
Here the beginning is taken by one expression (`opening`), and the apex by the same forms as any other owner; its
RRsets are made when somebody looks at them.

What the harvest would not take, at the apex or below it, makes the whole file the exact reader's business: so do
other directives, types without a form, names outside the zone, sets with a defect, and an apex without NS.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from dns.name import Name

from migrator.model.compact import CompactZone
from migrator.model.rrset import RRset
from migrator.zonefile.fast.building import Builder
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.cutting import cut, unfolded
from migrator.zonefile.fast.engine import is_mere_comment, speaks
from migrator.zonefile.fast.harvest import LARGEST as LARGEST_OWNER
from migrator.zonefile.fast.harvest import Block, Harvest, kinds_of
from migrator.zonefile.fast.headers import Middles
from migrator.zonefile.lexer import unified

if TYPE_CHECKING:
    from migrator.zonefile.fast.opening import Opening

# Octets: what is read in vain, where a late line is not ordinary, is read in no time.
LARGEST = 1 << 16
_AT, _LETTER = b"@", b"a"
_NO_FIELDS = (b"", b"", b"")


class Ordinary(NamedTuple):
    """The zone's name, and what it has."""

    origin: Name
    zone: CompactZone


def read_ordinary(text: bytes, origin: Name | None, fallback: Name | None) -> Ordinary | None:
    """Return what `read_compactly` and `assemble` make of a file without any finding; None where it may have one.

    The file includes nothing, and has no record outside the zone. For `origin` and `fallback` see `read_zone`.
    """
    if len(text) > LARGEST or b"\0" in text:
        return None
    from migrator.zonefile.fast.opening import opening_of

    text = unified(text)
    if not text.endswith(b"\n"):
        text += b"\n"
    opening = opening_of(text, origin, fallback)
    if opening is None:
        return None
    harvest = Harvest()
    at_apex = _take(harvest, text, opening)
    kinds = kinds_of(at_apex)
    whole = b"\n".join(sorted(at_apex))
    if not kinds or len(whole) > LARGEST_OWNER or not any(record[:3] == b"NS " for record in at_apex):
        return None
    builder = Builder()
    objects = _Objects(opening, whole, harvest.respelt, builder)
    rrsets, records = harvest.rrsets + kinds + 1, harvest.records + len(at_apex) + 1
    return Ordinary(opening.apex, CompactZone(harvest.texts, objects, rrsets, records, builder))


def _take(harvest: Harvest, text: bytes, opening: "Opening") -> list[bytes]:
    """Take all lines behind the opening; return what those at the apex say, nothing where one cannot be taken."""
    context = opening.context
    middles = Middles(context.default_ttl)
    token = name = opening.owner
    apex = key = context.apex
    at_apex: list[bytes] = []
    records, shape = at_apex, b""
    for owner, middle, rdata, comment in _fields(text, opening.end):
        if owner and owner != token:
            if records is not at_apex and not harvest.take(key, name, records, shape):
                return []
            named = _named(owner, context)
            # Of an apex in several spellings, each set would have another.
            if named is None or (named[0] == apex and named[1] != opening.owner):
                return []
            key, name = named
            token, shape = owner, b""
            records = at_apex if key == apex else []
        known = middles[middle]
        said = None if known is None else known.form(rdata, context)
        if known is None or said is None or (comment and speaks(comment)):
            return []
        records.append(known.head + said)
        shape += known.head
    if records is not at_apex and not harvest.take(key, name, records, shape):
        return []
    return [] if harvest.judged else at_apex


class _Objects(Mapping[bytes, tuple[RRset, ...]]):
    """RRsets of the apex, and of owners whose blocks spell their names in different letters, made when looked at.

    Of a zone that is the same on both sides nobody looks at any.
    """

    def __init__(
        self, opening: "Opening", at_apex: bytes, respelt: Mapping[bytes, list[Block]], builder: Builder
    ) -> None:
        """Take the SOA, and what else the apex has as one text."""
        self._opening = opening
        self._at_apex = at_apex
        self._respelt = respelt
        self._builder = builder
        self._made: dict[bytes, tuple[RRset, ...]] = {}

    def __getitem__(self, key: bytes) -> tuple[RRset, ...]:
        """Return the RRsets of an owner, in canonical order."""
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._rrsets_of(key)
        return found

    def _rrsets_of(self, key: bytes) -> tuple[RRset, ...]:
        opening = self._opening
        if key != opening.context.apex:
            return self._builder.rrsets_of_blocks(self._respelt[key])
        return (opening.soa(), *self._builder.rrsets_of(opening.owner, self._at_apex))

    def __contains__(self, key: object) -> bool:
        """Tell whether the owner is one of these, and make nothing."""
        return key == self._opening.context.apex or key in self._respelt

    def __iter__(self) -> Iterator[bytes]:
        """Yield the owners."""
        yield self._opening.context.apex
        yield from self._respelt

    def __len__(self) -> int:
        """Return the number of owners."""
        return 1 + len(self._respelt)

    def __reduce__(self) -> tuple[type[dict[bytes, tuple[RRset, ...]]], tuple[dict[bytes, tuple[RRset, ...]]]]:
        """Go to another process as what was made."""
        return dict, (dict(self),)


def _fields(text: bytes, start: int) -> Iterator[tuple[bytes, bytes, bytes, bytes]]:
    """Yield owner, TTL with class and type, rdata and comment of each record; no type for any other line."""
    for found in cut(text, start, len(text)):
        owner, middle, rdata, comment, held, other = found
        if middle:
            yield owner, middle, rdata, comment
        elif (held or other)[:1] == _AT:
            yield _at_origin(held or other)
        elif held:
            yield *(unfolded(held) or _NO_FIELDS), b""
        elif other.strip(b" \t") and not is_mere_comment(other):
            yield *_NO_FIELDS, b""


def _at_origin(line: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Return the fields of a line that begins with `@`, read with a letter in its place, as `cut` takes it."""
    owner, middle, rdata, comment, held, _ = cut(_LETTER + line[1:] + b"\n", 0, len(line) + 1)[0]
    if held:
        owner, middle, rdata = unfolded(held) or _NO_FIELDS
    return (_AT, middle, rdata, comment) if owner == _LETTER else (*_NO_FIELDS, b"")


def _named(owner: bytes, context: Context) -> tuple[bytes, bytes] | None:
    """Return key and absolute name of an owner, also of the apex; None where the exact reader must look at it."""
    if owner == _AT:
        return context.apex, context.origin
    if owner[-1:] == b"." and owner.lower() == context.apex:
        return context.apex, owner
    return context.owner(owner)
