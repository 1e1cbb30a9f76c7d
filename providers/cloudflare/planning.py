"""What each change does to the zone as it was read: records, a setting, or nothing. No IO here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NS import NS

from migrator.interfaces import ChangeResult, Outcome
from migrator.model.change import Change, Create, Delete, key_of
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from providers.cloudflare.answers import Native, mapping
from providers.cloudflare.apex_changes import Impossible, is_apex_setting, ns_change, soa_change
from providers.cloudflare.batches import Job
from providers.cloudflare.bodies import Entry, Held, entries_of, held_record
from providers.cloudflare.capabilities import of_plan
from providers.cloudflare.convert import ways_of
from providers.cloudflare.discovery import Zone
from providers.cloudflare.operations import OwnedError, operations
from providers.cloudflare.texts import length_of
from providers.cloudflare.wording import UnwritableError

Index = dict[RRsetKey, tuple[Held, ...]]


@dataclass(slots=True)
class Ground:
    """What is known of the zone since it was read; `looked` tells that it was looked at just before writing."""

    zone: Zone
    index: Index
    settings: Native | None
    snapshot: ZoneSnapshot
    looked: bool = False

    @property
    def origin(self) -> Name:
        """The name of the zone."""
        return self.zone.name

    @property
    def flatten_all(self) -> bool:
        """Whether a setting of the zone answers every CNAME as addresses."""
        return ways_of(self.settings).flatten_all

    @property
    def count(self) -> int:
        """How many records the zone has."""
        return sum(map(len, self.index.values()))

    @property
    def known(self) -> set[RRsetKey]:
        """The sets that the zone has."""
        return {*self.index, *(rrset.key for rrset in self.snapshot.rrsets)}


@dataclass(frozen=True, slots=True)
class Setting:
    """A change of the DNS settings; `then` is what is left to be done to records."""

    change: Change
    patch: Mapping[str, object]
    then: Job | ChangeResult


Planned = Job | Setting | ChangeResult


def index_of(natives: Iterable[object], origin: Name, *, flatten_all: bool) -> Index:
    """Return the records of a zone by their RRset."""
    found: dict[RRsetKey, list[Held]] = {}
    for native in natives:
        held = held_record(native, origin, flatten_all=flatten_all)
        if held is not None:
            found.setdefault(held.key, []).append(held)
    return {key: tuple(records) for key, records in found.items()}


def planned(ground: Ground, change: Change) -> Planned:
    """Return what a change does, or its result where that is known without writing anything."""
    if is_apex_setting(change, ground.origin):
        return _at_apex(ground, change)
    return _job(ground, change)


def stands(ground: Ground, change: Change) -> bool:
    """Tell whether the records of the zone are as a change would have them."""
    held = ground.index.get(key_of(change), ())
    if isinstance(change, Delete):
        return not held
    desired = change.desired
    if is_apex_setting(change, ground.origin):
        desired = _without(desired, ground.zone.name_servers)
    try:
        wanted = _entries(ground, desired) if desired.rdatas or desired.extras else ()
        return not operations(held, wanted).size
    except (UnwritableError, OwnedError):
        return False


def differs(before: Index, now: Index, key: RRsetKey) -> bool:
    """Tell whether the records of a set are others, or otherwise, than before."""
    return _state(before, key) != _state(now, key)


def failed(change: Change, reason: str) -> ChangeResult:
    """Return the result of a change that was not made."""
    return ChangeResult(change, Outcome.FAILED, reason)


def _job(ground: Ground, change: Change) -> Job | ChangeResult:
    key = key_of(change)
    held = ground.index.get(key, ())
    if isinstance(change, Create) and held:
        if stands(ground, change):
            return ChangeResult(change, Outcome.DONE, "it was there already")
        return failed(change, "it is there already, with other records; read the zone again")
    try:
        wanted = () if isinstance(change, Delete) else _entries(ground, change.desired)
    except UnwritableError as exc:
        return failed(change, f"cannot be written: {exc}")
    return _too_long(ground, change, wanted) or _operations(ground, change, wanted)


def _operations(ground: Ground, change: Change, wanted: Sequence[Entry]) -> Job | ChangeResult:
    key = key_of(change)
    try:
        found = operations(ground.index.get(key, ()), wanted)
    except OwnedError as exc:
        return failed(change, f"belongs to {exc.owner}, and Cloudflare lets nobody else edit it")
    return Job(change, key, found) if found.size else ChangeResult(change, Outcome.DONE)


def _too_long(ground: Ground, change: Change, wanted: Sequence[Entry]) -> ChangeResult | None:
    limit = of_plan(ground.zone.plan).characters_in.get(key_of(change).rdtype)
    length = length_of([str(entry.body.get("content", "")) for entry in wanted])
    if limit is None or length <= limit.bound:
        return None
    words = f"its texts have {length} characters together, and Cloudflare holds {limit.bound} for a name and type"
    return failed(change, words)


def _at_apex(ground: Ground, change: Change) -> Planned:
    zone = ground.zone
    existing = ground.snapshot.apex(key_of(change).rdtype)
    several = mapping(ground.settings).get("multi_provider") is True
    if key_of(change).rdtype == RdataType.SOA:
        found = soa_change(change, existing, zone.plan)
    else:
        found = ns_change(change, existing, zone.name_servers, zone.plan, several_providers=several)
    if isinstance(found, Impossible):
        return failed(change, found.reason)
    then: Job | ChangeResult = ChangeResult(change, Outcome.DONE)
    if found.others is not None:
        # The name servers of other providers are records at the apex.
        then = _operations(ground, change, _entries(ground, found.others) if found.others.rdatas else ())
    return Setting(change, found.patch, then) if found.patch else then


def _entries(ground: Ground, rrset: RRset) -> tuple[Entry, ...]:
    return entries_of(rrset, ground.origin, flatten_all=ground.flatten_all)


def _without(rrset: RRset, name_servers: Sequence[Name]) -> RRset:
    own = set(map(folded, name_servers))
    return replace(
        rrset, rdatas=tuple(r for r in rrset.rdatas if isinstance(r, NS) and folded(r.target) not in own)
    )


def _state(index: Index, key: RRsetKey) -> list[tuple[str, str]]:
    return sorted((held.identifier, repr(sorted(held.body.items()))) for held in index.get(key, ()))
