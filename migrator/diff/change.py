"""One difference while it is judged: both sets, what only one of them says, and both zones. No IO here."""

from collections.abc import Collection
from functools import cached_property

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.diff.equality import by_meaning, is_said, spelt_alike, values
from migrator.diff.references import Reference, References, references
from migrator.diff.result import Kind
from migrator.meaning.roles import Role
from migrator.meaning.served import Sides
from migrator.meaning.targets import servers_inside
from migrator.model.names import folded, for_people
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass


class Context:
    """Both zones, and who points at whom in them; indexed when first asked for."""

    def __init__(self, sides: Sides, moving: Collection[tuple[bytes, ...]] = ()) -> None:
        """Look into these sides; `moving` are name servers that may keep their names and have other addresses."""
        self.sides = sides
        self.moving = moving

    @cached_property
    def _old_references(self) -> References:
        return references(self.sides.old)

    @cached_property
    def _new_references(self) -> References:
        return references(self.sides.new)

    @cached_property
    def new_servers(self) -> frozenset[tuple[bytes, ...]]:
        """The name servers inside the zone that the new side lists at the apex."""
        return servers_inside(self.sides.new.snapshot)

    def new_references(self, name: Name) -> tuple[Reference, ...]:
        """Return the records of the new side that name this one."""
        return self._new_references.get(folded(name), ())

    def references(self, name: Name) -> tuple[Reference, ...]:
        """Return the records of either side that lead to this name, also through CNAMEs and aliases."""
        found: dict[Reference, None] = {}
        names, seen = [name], {folded(name)}
        while names:
            labels = folded(names.pop())
            for reference in (*self._old_references.get(labels, ()), *self._new_references.get(labels, ())):
                found.setdefault(reference)
                owner = reference.key.owner
                if reference.role is Role.ADDRESS and folded(owner) not in seen:
                    seen.add(folded(owner))
                    names.append(owner)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Change:
    """An RRset that is on one side only or differs; `lost` and `gained` are the rdatas of one side alone."""

    context: Context
    kind: Kind
    key: RRsetKey
    old: RRset | None
    new: RRset | None
    lost: tuple[Rdata, ...]
    gained: tuple[Rdata, ...]

    @property
    def owner(self) -> Name:
        """The owner name."""
        return self.key.owner

    @property
    def rdtype(self) -> RdataType:
        """The type."""
        return self.key.rdtype

    @property
    def sides(self) -> Sides:
        """Both zones."""
        return self.context.sides

    @property
    def shown(self) -> str:
        """The owner as people write it."""
        return for_people(self.owner)

    @property
    def kept(self) -> tuple[Rdata, ...]:
        """The rdatas of the new side that were there before."""
        if self.new is None or self.old is None:
            return ()
        had = by_meaning(self.old.rdatas)
        return tuple(rdata for wire, rdata in by_meaning(self.new.rdatas).items() if wire in had)


def change_of(context: Context, key: RRsetKey, old: RRset | None, new: RRset | None) -> Change:
    """Return the change from one set to the other; at least one is there."""
    had, has = by_meaning(old.rdatas if old else ()), by_meaning(new.rdatas if new else ())
    kind = Kind.EXTRA if old is None else Kind.MISSING if new is None else Kind.CHANGED
    return Change(
        context,
        kind,
        key,
        old,
        new,
        tuple(rdata for wire, rdata in had.items() if not is_said(wire, has)),
        tuple(rdata for wire, rdata in has.items() if wire not in had),
    )


def lost_and_gained(old: RRset | None, new: RRset | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what only the old set says, and what only the new one says, as texts."""
    if old is not None and new is not None and old.extras == new.extras and spelt_alike(old.rdatas, new.rdatas):
        return (), ()  # often the TTL alone differs, of every set of a zone
    had = values(old) if old else {}
    has = values(new) if new else {}
    lost = tuple(text for meant, text in had.items() if not is_said(meant, has))
    return lost, tuple(text for meant, text in has.items() if meant not in had)
