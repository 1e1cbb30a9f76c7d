"""From what a target has to what it shall have: the changes, what stays, and what stands in the way. No IO here.

Every set of either side ends in one place:

    same       the target says it already
    changes    Create, Replace; Delete only where deletions were asked for
    kept       the source does not have it, and it stays
    withheld   the source has it and the target's own stays: it is not understood, or another product owns it
    oversized  the source has it and the target another one; no request of the provider replaces it
    conflicts  the source's set cannot stand beside one that is kept: one of the two must go, and a person decides

The SOA and the NS set of the apex are never deleted. In a zone file the serial goes on with every change
(`serials.py`).
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from dns.rdatatype import RdataType

from migrator.model.capabilities import Capabilities
from migrator.model.change import Change, Create, Delete, Replace, carried_out, key_of
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.plan.brakes import LIMITS, Brake, Limits, brakes
from migrator.plan.conflicts import exclude
from migrator.plan.order import ordered
from migrator.plan.oversized import is_replaceable
from migrator.plan.same import as_held, is_untouchable, keeping_own, says_all
from migrator.plan.serials import Serial, comparable, counted_on

Labels = tuple[bytes, ...]
_APEX = frozenset({RdataType.SOA, RdataType.NS})


@dataclass(frozen=True, slots=True)
class Deletions:
    """Which sets of the target may go: all that the source lacks, or only those that exclude one of the source."""

    all: bool = False
    conflicting: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A set that the target has, and one of the source that cannot come because of it."""

    existing: RRset
    desired: RRset


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done to a zone, in a safe order, and what is left alone.

    `goal` is the whole zone as it is after the changes: the desired sets but for those withheld, and what is kept,
    in a zone file without what its comments said.
    `existing` is None where the zone is not there and is made first. `serial` is None where it need not be counted
    on.
    """

    existing: ZoneSnapshot | None
    goal: ZoneSnapshot
    changes: tuple[Change, ...]
    same: int
    kept: tuple[RRset, ...] = ()
    withheld: tuple[Pair, ...] = ()
    oversized: tuple[Pair, ...] = ()
    conflicts: tuple[Pair, ...] = ()
    brakes: tuple[Brake, ...] = ()
    serial: Serial | None = None

    @property
    def creates_zone(self) -> bool:
        """Tell whether the zone is made first."""
        return self.existing is None


def make_plan(
    existing: ZoneSnapshot | None,
    desired: ZoneSnapshot,
    target: Capabilities,
    *,
    deletions: Deletions | None = None,
    approved: Collection[Change] = frozenset(),
    limits: Limits = LIMITS,
) -> Plan:
    """Return the plan that leads from the existing zone to the desired one."""
    there = () if existing is None else existing.rrsets
    wanted = comparable(existing, desired) if target.written_whole else desired
    sorting = _Sorting(target, wanted, deletions or Deletions())
    sorting.sort(there)
    found: tuple[Change, ...] = (*sorting.changes, *map(Delete, sorting.going))
    same, serial = sorting.same, None
    if target.written_whole:
        before_it = len(found)
        found, serial = counted_on(existing, desired, found)
        # An SOA that said all but the serial is counted on, too.
        same -= (len(found) - before_it) * _soa_is_same(existing, wanted)
    changes = ordered(found, desired.origin)
    return Plan(
        existing,
        replace(desired, rrsets=as_held(carried_out(there, changes), desired, target)),
        changes,
        same,
        sorting.kept,
        tuple(sorting.withheld),
        tuple(sorting.oversized),
        tuple(sorting.conflicts),
        () if existing is None else tuple(brakes(existing, changes, target, approved=approved, limits=limits)),
        serial,
    )


def _soa_is_same(existing: ZoneSnapshot | None, wanted: ZoneSnapshot) -> bool:
    there, desired = (None if zone is None else zone.apex(RdataType.SOA) for zone in (existing, wanted))
    return there is not None and desired is not None and says_all(there, desired)


class _Sorting:
    """Puts every set of both sides in its place."""

    def __init__(self, target: Capabilities, desired: ZoneSnapshot, deletions: Deletions) -> None:
        self.changes: list[Create | Replace] = []
        self.going: list[RRset] = []
        self.withheld: list[Pair] = []
        self.oversized: list[Pair] = []
        self.conflicts: list[Pair] = []
        self.same = 0
        self._kept: dict[RRsetKey, RRset] = {}
        self._target = target
        self._desired = desired
        self._apex = folded(desired.origin)
        self._deletions = deletions

    @property
    def kept(self) -> tuple[RRset, ...]:
        """What the source does not have and stays."""
        return tuple(self._kept.values())

    def sort(self, there: Iterable[RRset]) -> None:
        """Place every set of both sides."""
        left = {rrset.key: rrset for rrset in there}
        coming = [change for r in self._desired.rrsets if (change := self._place(left.pop(r.key, None), r))]
        for rrset in left.values():
            if self._deletions.all and not self._stays(rrset):
                self.going.append(rrset)
            else:
                self._kept[rrset.key] = rrset
        by_owner: dict[Labels, list[RRset]] = {}
        for rrset in self._kept.values():
            by_owner.setdefault(rrset.key.folded, []).append(rrset)
        self.changes = [c for c in coming if self._has_room(c, by_owner.get(key_of(c).folded, ()))]
        if not self._target.ds_without_ns.holds:
            self._leave_ds_out()

    def _leave_ds_out(self) -> None:
        """Withhold the DS of each delegation that is withheld itself: alone it would be refused."""
        kept_out = {p.desired.key.folded: p.existing for p in self.withheld if p.desired.rdtype == RdataType.NS}
        for change in [c for c in self.changes if isinstance(c, Create) and key_of(c).rdtype == RdataType.DS]:
            staying = kept_out.get(key_of(change).folded)
            if staying is not None and staying.rdtype != RdataType.NS:
                self.changes.remove(change)
                self.withheld.append(Pair(staying, change.desired))

    def _place(self, existing: RRset | None, desired: RRset) -> Create | Replace | None:
        if existing is None:
            return Create(desired)
        if says_all(existing, desired):
            self.same += 1
            return None
        if is_untouchable(existing, desired):
            self.withheld.append(Pair(existing, desired))
            return None
        if not is_replaceable(existing, desired, self._target):
            self.oversized.append(Pair(existing, desired))
            return None
        return Replace(existing, keeping_own(existing, desired, self._target))

    def _stays(self, rrset: RRset) -> bool:
        """Tell whether a set is never deleted: the zone's own, and what is not understood."""
        own = rrset.rdtype in _APEX and rrset.key.folded == self._apex
        return own or is_untouchable(rrset, None)

    def _has_room(self, change: Create | Replace, beside: Collection[RRset]) -> bool:
        """Tell whether what comes can stand beside what is kept; what may go for it goes."""
        apex = key_of(change).folded == self._apex
        # What is replaced stands beside the rest already, unless it is routed otherwise from now on.
        routed = isinstance(change, Replace)
        rivals = [
            kept
            for kept in beside
            if (not routed or kept.rdtype == change.desired.rdtype)
            and exclude(self._target, kept, change.desired, apex=apex)
        ]
        if not rivals:
            return True
        if any(rival.rdtype == RdataType.NS for rival in rivals) and not self._target.ds_without_ns.holds:
            # The DS of a delegation that goes has to go with it.
            rivals += [kept for kept in beside if kept.rdtype == RdataType.DS and kept not in rivals]
        staying = [rival for rival in rivals if self._stays(rival)]
        if staying:
            self.withheld.append(Pair(staying[0], change.desired))
            return False
        if not self._deletions.conflicting:
            self.conflicts.extend(Pair(rival, change.desired) for rival in rivals)
            return False
        for rival in rivals:
            if self._kept.pop(rival.key, None) is not None:
                self.going.append(rival)
        return True
