"""How an import is taken back: what it changed returns to what was, and nobody else's work is touched. No IO here.

An import is one run of the journal, or several where it was interrupted and continued. Of each set that any of
them was about to change, the first before image is what must return, or a later one with something that somebody
else wrote between two of the runs. What stands there now decides:

    as before              nothing is to be done (the change was never carried out, or is undone already)
    as one of the runs     the change back is in the plan
    left it
    anything else          somebody has changed the set since: it is listed, and left alone

In a zone file the serial does not return: secondaries would keep the zone of the import (`serials.py`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dns.rdatatype import RdataType
from dns.rdtypes.ANY.SOA import SOA

from migrator.diff.equality import meaning
from migrator.model.change import Change, Replace, after, before, carried_out, change_from, key_of
from migrator.model.extras import Alias, Flattened
from migrator.model.rrset import RRset, RRsetKey, alias_of
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.plan.order import ordered
from migrator.plan.same import says_all
from migrator.plan.serials import Serial, counted_on
from migrator.translate.work import without


@dataclass(frozen=True, slots=True)
class Since:
    """A set that somebody has changed since the import; None where it is not there."""

    key: RRsetKey
    before: RRset | None
    imported: RRset | None
    present: RRset | None


@dataclass(frozen=True, slots=True)
class Undoing:
    """The changes back, in a safe order, the zone as it is then, and what is left alone.

    `serial` is None where nobody has to count it on.
    """

    existing: ZoneSnapshot
    goal: ZoneSnapshot
    changes: tuple[Change, ...]
    since: tuple[Since, ...]
    returned: int
    serial: Serial | None = None


def undo(runs: Iterable[Sequence[Change]], present: ZoneSnapshot) -> Undoing:
    """Return what takes an import back; `runs` are its changes, the oldest run first."""
    originals: dict[RRsetKey, RRset | None] = {}
    states: dict[RRsetKey, list[RRset | None]] = {}
    for changes in runs:
        for change in changes:
            key, found = key_of(change), before(change)
            known = states.setdefault(key, [])
            if key not in originals or _has_more(found, known):
                originals[key] = found
            known += (found, after(change))
    there = present.by_key()
    back: list[Change] = []
    since: list[Since] = []
    returned = 0
    for key, original in originals.items():
        found = there.get(key)
        if alike(found, original):
            returned += 1
        elif any(alike(found, state) for state in states[key]):
            back.extend(filter(None, [change_from(found, original)]))
        else:
            since.append(Since(key, original, states[key][-1], found))
    changes = ordered(back, present.origin)
    goal = replace(present, rrsets=carried_out(present.rrsets, changes))
    return Undoing(present, goal, changes, tuple(since), returned)


def undo_in_file(runs: Iterable[Sequence[Change]], present: ZoneSnapshot) -> Undoing:
    """Return what takes an import into a zone file back, with a later serial than the file has now."""
    known = tuple(runs)
    undoing = undo(known, present)
    key, found = RRsetKey(present.origin, RdataType.SOA), present.apex(RdataType.SOA)
    original = next((before(change) for changes in known for change in changes if key_of(change) == key), None)
    changes, returned = undoing.changes, undoing.returned
    if changes and found is not None and original is not None and found != original and alike(found, original):
        changes, returned = (*changes, Replace(found, original)), returned - 1
    zone = replace(present, rrsets=carried_out(present.rrsets, changes))
    changes, serial = counted_on(present, zone, changes)
    goal = replace(present, rrsets=carried_out(present.rrsets, changes))
    return replace(undoing, goal=goal, changes=ordered(changes, present.origin), returned=returned, serial=serial)


def alike(found: RRset | None, state: RRset | None) -> bool:
    """Tell whether a set is in this state, but for what its provider does with it.

    It may have counted the serial of an SOA on, and answer a CNAME as addresses: at the apex it always does, and
    everywhere by a setting of the zone.
    """
    if found is None or state is None:
        return found is state
    found, state = _as_left(found), _as_left(state)
    return says_all(found, state) and says_all(state, found)


def _has_more(found: RRset | None, known: Iterable[RRset | None]) -> bool:
    """Tell whether a set has what none of these states has: less of them is what an interrupted run may leave."""
    return not _answers(found) <= {answer for state in known for answer in _answers(state)}


def _answers(rrset: RRset | None) -> set[bytes | Alias]:
    if rrset is None:
        return set()
    alias = alias_of(rrset)
    return {*map(meaning, _as_left(rrset).rdatas), *([] if alias is None else [alias])}


def _as_left(rrset: RRset) -> RRset:
    if rrset.rdtype == RdataType.CNAME:
        return without(rrset, Flattened)
    if rrset.rdtype != RdataType.SOA:
        return rrset
    return replace(rrset, rdatas=tuple(r.replace(serial=0) if isinstance(r, SOA) else r for r in rrset.rdatas))
