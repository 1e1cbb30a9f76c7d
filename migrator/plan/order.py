"""The order of changes in which no name is without an answer that had one. No IO here.

What the rest relies on comes first: addresses before the names that lead to them, a delegation's NS before its
DS, the target of an alias before the alias. What goes, goes last and in the reverse order. A name at which
something must go before something else can come (a CNAME that becomes an A) is one unit: deletion and creation
follow each other at once, and a provider with atomic batches has both in one.

    create  mail  A          swap     www   CNAME -> A        replace  shop  A        delete  old  MX
    create  @     MX                                                                  delete  old  A
    create  sub   NS
    create  sub   DS

A provider takes the changes in this order, in one request or in many.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.change import Change, Create, Delete, Replace, after, before, key_of
from migrator.model.extras import Alias
from migrator.model.names import folded
from migrator.model.rrset import RRset, canonical_order, is_alias
from migrator.model.values import dataclass

Labels = tuple[bytes, ...]
_ADDRESSES = frozenset({RdataType.A, RdataType.AAAA})
_APEX = frozenset({RdataType.NS, RdataType.SOA})


def ordered(changes: Iterable[Change], origin: Name) -> tuple[Change, ...]:
    """Return the changes in a safe order, the same for the same changes."""
    units = _units(changes, folded(origin))
    needs, needed_by = _links(units)
    ready = [(unit.rank, place) for place, unit in enumerate(units) if not needs[place]]
    heapq.heapify(ready)
    waiting = sorted((unit.rank, place) for place, unit in enumerate(units) if needs[place])
    done: list[Change] = []
    taken: set[int] = set()
    while len(taken) < len(units):
        # Aliases in a ring: some provider took them once, and the first of them in order goes ahead.
        place = heapq.heappop(ready)[1] if ready else next(at for _, at in waiting if at not in taken)
        if place in taken:
            continue
        taken.add(place)
        done.extend(units[place].changes)
        for follower in needed_by[place]:
            needs[follower].discard(place)
            if not needs[follower] and follower not in taken:
                heapq.heappush(ready, (units[follower].rank, follower))
    return tuple(done)


_Rank = tuple[int, int, tuple[tuple[bytes, ...], int, str]]


@dataclass(frozen=True, slots=True)
class _Unit:
    """Changes that follow each other at once, and where they would stand if nothing relied on anything."""

    changes: tuple[Change, ...]
    rank: _Rank


def _units(changes: Iterable[Change], apex: Labels) -> list[_Unit]:
    by_owner: dict[Labels, list[Change]] = {}
    for change in changes:
        by_owner.setdefault(key_of(change).folded, []).append(change)
    return [unit for owner, here in by_owner.items() for unit in _units_of(here, at_apex=owner == apex)]


def _units_of(here: Sequence[Change], *, at_apex: bool) -> Iterator[_Unit]:
    going = [change for change in here if isinstance(change, Delete)]
    coming = [change for change in here if isinstance(change, Create)]
    swapped = bool(going and coming)
    if swapped:
        inner: tuple[Change, ...] = (*sorted(going, key=_rank_of_delete), *sorted(coming, key=_rank_of_create))
        yield _Unit(inner, (1, 0, canonical_order(key_of(inner[0]))))
    for change in here:
        match change:
            case Create() | Replace() if at_apex and key_of(change).rdtype in _APEX:
                if not swapped or isinstance(change, Replace):
                    yield _Unit((change,), (3, 0, canonical_order(key_of(change))))
            case Create() if not swapped:
                yield _Unit((change,), (0, *_rank_of_create(change)))
            case Replace():
                yield _Unit((change,), (2, *_rank_of_create(change)))
            case Delete() if not swapped:
                yield _Unit((change,), (4, *_rank_of_delete(change)))


def _rank_of_create(change: Change) -> tuple[int, tuple[tuple[bytes, ...], int, str]]:
    rrset = after(change)
    assert rrset is not None
    return _height(rrset), canonical_order(rrset.key)


def _rank_of_delete(change: Change) -> tuple[int, tuple[tuple[bytes, ...], int, str]]:
    rrset = before(change)
    assert rrset is not None
    return -_height(rrset), canonical_order(rrset.key)


def _height(rrset: RRset) -> int:
    """Return how much stands below a set: addresses lead nowhere, a DS needs its NS."""
    if rrset.rdtype == RdataType.DS:
        return 4
    if is_alias(rrset):
        return 3
    if rrset.rdtype == RdataType.NS:
        return 2
    return 0 if rrset.rdtype in _ADDRESSES else 1


def _links(units: Sequence[_Unit]) -> tuple[list[set[int]], dict[int, set[int]]]:
    """Return for each unit the units that must come before it, and for each those that wait for it."""
    made: dict[tuple[Labels, RdataType], set[int]] = defaultdict(set)
    gone: dict[tuple[Labels, RdataType], set[int]] = defaultdict(set)
    for place, unit in enumerate(units):
        for change in unit.changes:
            key = key_of(change)
            (gone if isinstance(change, Delete) else made)[key.folded, key.rdtype].add(place)
    needs: list[set[int]] = [set() for _ in units]
    for place, unit in enumerate(units):
        for change in unit.changes:
            coming, going = after(change), before(change)
            for relied in _relies_on(coming):
                needs[place] |= made.get(relied, set()) - {place}
            # What led there must have been changed, or be gone, before its end goes.
            for relied in _relies_on(going):
                for end in gone.get(relied, set()) - {place}:
                    needs[end].add(place)
    needed_by: dict[int, set[int]] = defaultdict(set)
    for place, before_it in enumerate(needs):
        for other in before_it:
            needed_by[other].add(place)
    return needs, needed_by


def _relies_on(rrset: RRset | None) -> Iterator[tuple[Labels, RdataType]]:
    if rrset is None:
        return
    for extra in rrset.extras:
        if isinstance(extra, Alias):
            yield folded(extra.target), rrset.rdtype
    if rrset.rdtype == RdataType.DS:
        yield rrset.key.folded, RdataType.NS
