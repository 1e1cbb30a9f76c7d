"""The order in which changes leave no gap: what may be done at once, and what must wait for what. No IO here.

    CNAME -> A at one name    the CNAME is deleted and the A created at once after it, by the same hand
    NS and DS at one name     NS before DS when they come, DS before NS when they go
    alias to a set            after the set when it comes, before it when it goes
    all other deletes         last of all: what is wrong with the new sets is then seen while the old still answer

The deletes that make room are the only ones that come first, and each of them as late as it can.
"""

from collections.abc import Iterator, Sequence

from dns.rdatatype import RdataType

from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.extras import Alias
from migrator.model.names import folded
from migrator.model.rrset import RRset
from migrator.model.values import dataclass

_Labels = tuple[bytes, ...]
# Below a delegation: the NS set first, then what needs it.
_LATE = {RdataType.DS: 1}


@dataclass(frozen=True, slots=True)
class Unit:
    """Changes at one name, one after the other; `room` of them are deletes that the next one waits for."""

    room: tuple[Delete, ...]
    changes: tuple[Change, ...]


def phases(changes: Sequence[Change]) -> tuple[tuple[Unit, ...], ...]:
    """Return the units of each phase; those of one phase may be carried out at once, in any order."""
    comes = [change for change in changes if not isinstance(change, Delete)]
    goes = [change for change in changes if isinstance(change, Delete)]
    depth = _depths(change.desired for change in comes)
    by_owner: dict[_Labels, list[Create | Replace]] = {}
    for change in comes:
        by_owner.setdefault(folded(change.desired.owner), []).append(change)
    room: dict[_Labels, list[Delete]] = {}
    others: list[Delete] = []
    for delete in goes:
        owner = folded(delete.existing.owner)
        needed = _makes_room(delete, by_owner.get(owner, []))
        (room.setdefault(owner, []) if needed else others).append(delete)
    coming: dict[int, list[Unit]] = {}
    for owner, members in by_owner.items():
        members.sort(key=lambda change: _LATE.get(change.desired.rdtype, 0))
        level = max(depth[_key(change.desired)] for change in members)
        coming.setdefault(level, []).append(Unit(tuple(room.get(owner, ())), tuple(members)))
    return tuple(tuple(coming[level]) for level in sorted(coming)) + tuple(_going(others))


def _makes_room(change: Delete, comes: Sequence[Create | Replace]) -> bool:
    """Tell whether something that comes at this name cannot stand beside what is deleted."""
    if change.existing.rdtype == RdataType.CNAME:
        return any(other.desired.rdtype != RdataType.CNAME for other in comes)
    return any(other.desired.rdtype == RdataType.CNAME for other in comes)


def _going(deletes: Sequence[Delete]) -> Iterator[tuple[Unit, ...]]:
    """Yield the deletes, those of aliases before those of the sets that they lead to."""
    depth = _depths(change.existing for change in deletes)
    by_level: dict[int, dict[_Labels, list[Delete]]] = {}
    for change in deletes:
        by_owner = by_level.setdefault(depth[_key(change.existing)], {})
        by_owner.setdefault(folded(change.existing.owner), []).append(change)
    for level in sorted(by_level, reverse=True):
        units: list[Unit] = []
        for members in by_level[level].values():
            members.sort(key=lambda delete: -_LATE.get(delete.existing.rdtype, 0))
            units.append(Unit((), tuple(members)))
        yield tuple(units)


def _key(rrset: RRset) -> tuple[_Labels, RdataType]:
    return folded(rrset.owner), rrset.rdtype


def _depths(rrsets: Iterator[RRset]) -> dict[tuple[_Labels, RdataType], int]:
    """Return for each set how many aliases lie between it and a set that is none, among these sets."""
    leads: dict[tuple[_Labels, RdataType], tuple[_Labels, RdataType] | None] = {}
    for rrset in rrsets:
        alias = next((extra for extra in rrset.extras if isinstance(extra, Alias)), None)
        leads[_key(rrset)] = None if alias is None else (folded(alias.target), rrset.rdtype)
    found: dict[tuple[_Labels, RdataType], int] = {}
    for start in leads:
        path = [start]
        while (following := leads.get(path[-1])) is not None and following in leads and following not in path:
            path.append(following)
        found[start] = len(path) - 1
    return found
