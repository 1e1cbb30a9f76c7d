"""A small zone file of which every line is ordinary, its apex too: read at once, without the exact reader. No IO.

Of a large file the few lines at the apex take no time. A portfolio is thousands of files with twenty lines each:
the exact reader's preparations, and the records of each apex as objects, took more than all their other lines.
Here the beginning is taken by one expression (`opening`), and the apex by the same forms as any other owner; its
RRsets are made at once, for whoever reads a zone looks at them.

What the harvest would not take, at the apex or below it, makes the whole file the exact reader's business: so do
other directives, types without a form, names outside the zone, sets with a defect, and an apex without NS.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.compact import CompactZone
from migrator.zonefile.fast.building import Builder
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.cutting import cut, unfolded
from migrator.zonefile.fast.engine import is_mere_comment, speaks
from migrator.zonefile.fast.harvest import Harvest
from migrator.zonefile.fast.headers import Middles
from migrator.zonefile.fast.opening import Opening, opening_of
from migrator.zonefile.lexer import unified

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
    text = unified(text)
    if not text.endswith(b"\n"):
        text += b"\n"
    opening = opening_of(text, origin, fallback)
    if opening is None:
        return None
    harvest = Harvest()
    if not _take(harvest, text, opening):
        return None
    return _ordinary(harvest, opening)


def _take(harvest: Harvest, text: bytes, opening: Opening) -> bool:
    """Take all lines behind the opening; false where there is one that cannot be taken."""
    context = opening.context
    middles = Middles(context.default_ttl)
    token = name = opening.owner
    key = context.apex
    records: list[bytes] = []
    shape = b""
    for owner, middle, rdata, comment in _fields(text, opening.end):
        if owner and owner != token:
            if records and not harvest.take(key, name, records, shape):
                return False
            named = _named(owner, context)
            if named is None:
                return False
            key, name = named
            token, records, shape = owner, [], b""
        known = middles[middle]
        said = None if known is None else known.form(rdata, context)
        if known is None or said is None or (comment and speaks(comment)):
            return False
        records.append(known.head + said)
        shape += known.head
    return (not records or harvest.take(key, name, records, shape)) and not harvest.judged


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
        elif other and not other.isspace() and not is_mere_comment(other):
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
    key = owner.lower()
    return (key, owner) if key == context.apex else context.owner(owner)


def _ordinary(harvest: Harvest, opening: Opening) -> Ordinary | None:
    """Return the zone of an owner's texts and the RRsets of the others; None where the apex has no NS."""
    rrsets, records = harvest.rrsets + 1, harvest.records + 1
    builder = Builder()
    apex = opening.context.apex
    text = harvest.texts.pop(apex, None)
    at_apex = () if text is None else builder.rrsets_of(apex, text)
    objects = {key: builder.rrsets_of_blocks(blocks) for key, blocks in harvest.respelt.items()}
    at_apex = objects.get(apex, at_apex)
    if not any(rrset.rdtype == RdataType.NS for rrset in at_apex):
        return None
    objects[apex] = (opening.soa, *at_apex)  # it is the first in canonical order
    return Ordinary(opening.origin, CompactZone(harvest.texts, objects, rrsets, records, builder))
