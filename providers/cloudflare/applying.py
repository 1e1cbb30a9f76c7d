"""Carries out changes: one look before the first write, then batches, and the truth about each of them.

What becomes of a batch:

    accepted      all its changes are done refused       nothing of it was written. The change that Cloudflare
    names, else one half after the other, is tried by
                  itself, until it is known which one is refused and why; the others are done
    in conflict   (a record exists already, or no longer) the zone is read again, and each change judged by what is
                  there: the answer to an earlier try was lost, or somebody else was at work
    lost          the same; and what was not carried out is sent again
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.errors import ProviderError
from migrator.interfaces import ChangeResult, Outcome, Progress
from migrator.model.change import Change, Create, Delete
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot, subject_of
from providers.cloudflare import failures
from providers.cloudflare.answers import Native, Reply, mapping, whole
from providers.cloudflare.apex_changes import (
    Impossible,
    SettingsChange,
    is_apex_setting,
    ns_change,
    soa_change,
)
from providers.cloudflare.batches import Batch, Job, batches_of, bodies_of, halves_of, suspect, units_of
from providers.cloudflare.bodies import Entry, Held, entries_of, held_record
from providers.cloudflare.capabilities import batch_size, of_plan
from providers.cloudflare.discovery import Zone
from providers.cloudflare.operations import OwnedError, operations
from providers.cloudflare.patience import PATIENCE
from providers.cloudflare.reading import list_records
from providers.cloudflare.service import LostAnswerError, Request, Service
from providers.cloudflare.texts import length_of
from providers.cloudflare.wording import UnwritableError

Index = dict[RRsetKey, tuple[Held, ...]]

_ACTION = "write records"
_TRIES = 4
# After so many changes that Cloudflare refuses something is wrong with all of them.
_MOST_REFUSALS = 20
_QUOTA = 81045
# A record is there already (also with other settings), or is not there, or stands against another one.
_CONFLICTS = frozenset({81044, 81053, 81054, 81056, 81057, 81058})
_OF_THE_ZONE = frozenset({401, 403, 404})
_CHANGED = "changed since it was read; read the zone again"


@dataclass(slots=True)
class Ground:
    """What is known of the zone since it was read; `looked` tells that it was looked at just before writing."""

    zone: Zone
    index: Index
    settings: Native | None
    snapshot: ZoneSnapshot
    looked: bool = False


def index_of(natives: Iterable[object], origin: Name) -> Index:
    """Return the records of a zone by their RRset."""
    found: dict[RRsetKey, list[Held]] = {}
    for native in natives:
        held = held_record(native, origin)
        if held is not None:
            found.setdefault(held.key, []).append(held)
    return {key: tuple(records) for key, records in found.items()}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a batch: done, refused (`partly`: an earlier request of it was not), or nobody knows."""

    refusal: Reply | None = None
    lost: LostAnswerError | None = None
    partly: bool = False


class Application:
    """One call of `apply`."""

    def __init__(self, service: Service, ground: Ground, progress: Progress, quota: int | None) -> None:
        """Take the service to write with, and what the zone was like when the changes were computed."""
        self.service = service
        self.ground = ground
        self.progress = progress
        self.quota = quota
        self.limit = batch_size(ground.zone.plan)
        self.refusals = 0
        self.done = 0
        self.total = 0

    def results(self, changes: Sequence[Change]) -> Iterator[ChangeResult]:
        """Yield one result for each change as it is known; raises ProviderError where nothing goes any further."""
        touched = self._changed_since(changes)
        if touched:
            shown = ", ".join(map(subject_of, touched))
            for change in changes:
                own = key_of(change) in touched
                yield failed(change, _CHANGED if own else f"nothing is written, since {shown} {_CHANGED}")
            return
        jobs: list[Job] = []
        for change in changes:
            planned = self._planned(change)
            if isinstance(planned, Job):
                jobs.append(planned)
            else:
                yield planned
        room = self._room(jobs)
        if room is not None and room < sum(job.operations.growth for job in jobs):
            yield from (failed(job.change, self._no_room(jobs, room)) for job in jobs)
            return
        tight = room is not None and room < sum(max(0, job.operations.growth) for job in jobs)
        self.total = sum(job.operations.size for job in jobs)
        yield from self._sent(batches_of(units_of(jobs, tight=tight), self.limit))

    # ---- before the first write

    def _changed_since(self, changes: Sequence[Change]) -> list[RRsetKey]:
        """Look at the zone once more, and return the sets to be changed that are no longer as they were read."""
        wanted = dict.fromkeys(map(key_of, changes))
        # A set that was not there when it was read: the plan that has to replace or delete it is an older one.
        unknown = [k for c in changes if not isinstance(c, Create) and (k := key_of(c)) not in self._known()]
        if self.ground.looked:
            return unknown
        now = self._look()
        changed = [key for key in wanted if _state(now, key) != _state(self.ground.index, key)]
        self.ground.index = now
        self.ground.looked = True
        return list(dict.fromkeys((*unknown, *changed)))

    def _known(self) -> set[RRsetKey]:
        return {*self.ground.index, *(rrset.key for rrset in self.ground.snapshot.rrsets)}

    def _look(self) -> Index:
        listing = list_records(self.service, self.ground.zone.identifier)
        return index_of(listing.records, self.ground.zone.name)

    def _planned(self, change: Change) -> Job | ChangeResult:
        """Return what a change does to the records, or its result where that is known without writing any."""
        if is_apex_setting(change, self.ground.zone.name):
            return self._apex_planned(change)
        return self._job(change, None if isinstance(change, Delete) else change.desired)

    def _job(self, change: Change, desired: RRset | None) -> Job | ChangeResult:
        key = key_of(change)
        held = self.ground.index.get(key, ())
        if isinstance(change, Create) and held:
            if self._stands(change):
                return ChangeResult(change, Outcome.DONE, "it was there already")
            return failed(change, "it is there already, with other records; read the zone again")
        try:
            wanted = () if desired is None else entries_of(desired, self.ground.zone.name)
            found = operations(held, wanted)
        except UnwritableError as exc:
            return failed(change, f"cannot be written: {exc}")
        except OwnedError as exc:
            return failed(change, f"belongs to {exc.owner}, and Cloudflare lets nobody else edit it")
        too_long = self._too_long(key, wanted)
        if too_long:
            return failed(change, too_long)
        if not found.size:
            return ChangeResult(change, Outcome.DONE)
        return Job(change, key, found)

    def _too_long(self, key: RRsetKey, wanted: Sequence[Entry]) -> str:
        limit = of_plan(self.ground.zone.plan).text_in_rrset
        length = length_of([str(entry.body.get("content", "")) for entry in wanted])
        if key.rdtype != RdataType.TXT or limit is None or length <= limit.bound:
            return ""
        return (
            f"its texts have {length} characters together, and Cloudflare holds {limit.bound} for a name and type"
        )

    def _room(self, jobs: Sequence[Job]) -> int | None:
        """Return how many records more the zone can hold; asked for only where it is to grow."""
        if not any(job.operations.posts for job in jobs):
            return None
        if self.quota is None:
            path = f"/zones/{self.ground.zone.identifier}/dns_records/usage"
            reply = self.service.send(Request("GET", path, "read the record quota"))
            self.quota = whole(mapping(reply.result).get("record_quota")) if reply.accepted else None
        return None if self.quota is None else self.quota - self._count()

    def _count(self) -> int:
        return sum(map(len, self.ground.index.values()))

    def _no_room(self, jobs: Sequence[Job], room: int) -> str:
        growth = sum(job.operations.growth for job in jobs)
        return (
            f"nothing is written: the zone holds {self._count()} of the {self.quota} records that its plan "
            f"allows, so {max(0, room)} more would fit, and there are {growth}"
        )

    # ---- settings of the zone

    def _apex_planned(self, change: Change) -> Job | ChangeResult:
        zone = self.ground.zone
        existing = self.ground.snapshot.apex(key_of(change).rdtype)
        if key_of(change).rdtype == RdataType.SOA:
            planned = soa_change(change, existing, zone.plan)
        else:
            several = mapping(self.ground.settings).get("multi_provider") is True
            planned = ns_change(change, existing, zone.name_servers, zone.plan, several_providers=several)
        match planned:
            case Impossible():
                return failed(change, planned.reason)
            case SettingsChange(patch=patch, others=others):
                refused = self._set(patch) if patch else ""
                if refused:
                    return failed(change, refused)
                if others is None:
                    return ChangeResult(change, Outcome.DONE)
                return self._others(change, others)

    def _others(self, change: Change, others: RRset) -> Job | ChangeResult:
        """Write the name servers of other providers, which are records at the apex."""
        held = self.ground.index.get(key_of(change), ())
        try:
            found = operations(held, entries_of(others, self.ground.zone.name) if others.rdatas else ())
        except (UnwritableError, OwnedError) as exc:
            return failed(change, f"cannot be written: {exc}")
        return Job(change, key_of(change), found) if found.size else ChangeResult(change, Outcome.DONE)

    def _set(self, patch: Mapping[str, object]) -> str:
        """Change the DNS settings, which can be sent again without harm; return why it was refused, or nothing."""
        path, action = f"/zones/{self.ground.zone.identifier}/dns_settings", "change the DNS settings"
        for attempt in range(1, _TRIES + 1):
            try:
                reply = self.service.send(Request("PATCH", path, action, body=dict(patch)))
            except LostAnswerError as lost:
                if attempt == _TRIES:
                    raise lost.error_after(attempt) from lost
                self.service.wait(PATIENCE.after(attempt), said=False)
                continue
            if reply.accepted:
                self.ground.settings = mapping(reply.result)
                return ""
            return str(self.service.refusal(reply, action))
        raise AssertionError

    # ---- batches

    def _sent(self, batches: list[Batch]) -> Iterator[ChangeResult]:
        waiting = list(batches)
        while waiting:
            batch = waiting.pop(0)
            outcome = self._deliver(batch)
            if outcome.lost is not None:
                yield from self._after_loss(batch, outcome.lost)
            elif outcome.refusal is None:
                yield from self._accepted(batch)
            elif outcome.refusal.status in _OF_THE_ZONE and not outcome.refusal.codes & _CONFLICTS:
                raise self.service.refusal(outcome.refusal, _ACTION)
            elif outcome.partly or outcome.refusal.codes & _CONFLICTS:
                yield from self._judged(batch, outcome, waiting)
            elif _QUOTA in outcome.refusal.codes or self.refusals >= _MOST_REFUSALS:
                words = self._words(outcome.refusal)
                yield from (failed(c, f"not written: {words}") for b in (batch, *waiting) for c in _changes(b))
                return
            elif len(batch) == 1:
                self.refusals += 1
                yield from (failed(change, self._words(outcome.refusal)) for change in _changes(batch))
            else:
                waiting[:0] = self._apart(batch, outcome.refusal)

    def _deliver(self, batch: Batch) -> _Outcome:
        """Send a batch; it is one request, unless a single owner has more operations than a batch may have."""
        path = f"/zones/{self.ground.zone.identifier}/dns_records/batch"
        partly = False
        for body in bodies_of(batch, self.limit):
            try:
                reply = self.service.send(Request("POST", path, _ACTION, body=body))
            except LostAnswerError as lost:
                return _Outcome(lost=lost)
            if not reply.accepted:
                return _Outcome(refusal=reply, partly=partly)
            self._remember(body, reply.result_object())
            partly = True
        return _Outcome()

    def _accepted(self, batch: Batch) -> Iterator[ChangeResult]:
        self.done += sum(unit.size for unit in batch)
        self.progress("records written", self.done, self.total)
        yield from (ChangeResult(change, Outcome.DONE) for change in _changes(batch))

    def _apart(self, batch: Batch, refusal: Reply) -> list[Batch]:
        """Return the parts of a batch to try by themselves: what Cloudflare names and the rest, else halves."""
        for problem in refusal.problems:
            unit = suspect(batch, problem.pointer, problem.message)
            if unit is not None:
                return [(unit,), tuple(other for other in batch if other is not unit)]
        return list(halves_of(batch))

    def _after_loss(self, batch: Batch, lost: LostAnswerError) -> Iterator[ChangeResult]:
        """Find out what became of a batch whose answer was lost, and send again what was not carried out."""
        remaining = batch
        for attempt in range(1, _TRIES):
            self.service.wait(PATIENCE.after(attempt), said=False)
            before = self.ground.index
            try:
                self.ground.index = self._look()
            except ProviderError:
                words = "sent, and its answer was lost: read the zone again"
                yield from (ChangeResult(change, Outcome.UNKNOWN, words) for change in _changes(remaining))
                raise
            pending = tuple(u for u in remaining if not all(self._stands(job.change) for job in u.jobs))
            yield from self._accepted(tuple(unit for unit in remaining if unit not in pending))
            touched = tuple(
                u for u in pending if any(_differs(before, self.ground.index, job.key) for job in u.jobs)
            )
            yield from (failed(change, _CHANGED) for change in _changes(touched))
            remaining = tuple(unit for unit in pending if unit not in touched)
            if not remaining:
                return
            outcome = self._deliver(remaining)
            if outcome.lost is None:
                if outcome.refusal is None:
                    yield from self._accepted(remaining)
                else:
                    yield from self._sent([remaining])
                return
            lost = outcome.lost
        raise lost.error_after(_TRIES)

    def _judged(self, batch: Batch, outcome: _Outcome, waiting: list[Batch]) -> Iterator[ChangeResult]:
        """Look at the zone: what stands there already is done, and the rest goes back to `waiting` in parts."""
        assert outcome.refusal is not None
        self.ground.index = self._look()
        rest = tuple(unit for unit in batch if not all(self._stands(job.change) for job in unit.jobs))
        yield from self._accepted(tuple(unit for unit in batch if unit not in rest))
        if len(rest) == 1:
            self.refusals += 1
            words = self._words(outcome.refusal) + (" A part of it is written." if outcome.partly else "")
            yield from (failed(change, words) for change in _changes(rest))
        elif rest:
            waiting[:0] = self._apart(rest, outcome.refusal)

    def _stands(self, change: Change) -> bool:
        """Tell whether the zone is as a change would have it."""
        held = self.ground.index.get(key_of(change), ())
        if isinstance(change, Delete):
            return not held
        desired = change.desired
        if is_apex_setting(change, self.ground.zone.name):
            own = self.ground.zone.name_servers
            others = tuple(r for r in desired.rdatas if getattr(r, "target", None) not in own)
            desired = RRset(desired.key, desired.ttl, others, desired.extras)
        try:
            wanted = entries_of(desired, self.ground.zone.name) if desired.rdatas or desired.extras else ()
            return not operations(held, wanted).size
        except (UnwritableError, OwnedError):
            return False

    def _remember(self, body: Mapping[str, Sequence[Mapping[str, object]]], result: Native) -> None:
        """Put what the service says of the records it wrote into the index."""
        gone = {str(each["id"]) for name in ("deletes", "patches", "puts") for each in body.get(name, ())}
        written = [
            held
            for name in ("patches", "puts", "posts")
            for native in _listed(result.get(name))
            if (held := held_record(native, self.ground.zone.name)) is not None
        ]
        kept = [held for records in self.ground.index.values() for held in records if held.identifier not in gone]
        index: dict[RRsetKey, list[Held]] = {}
        for held in (*kept, *written):
            index.setdefault(held.key, []).append(held)
        self.ground.index = {key: tuple(records) for key, records in index.items()}

    def _words(self, reply: Reply) -> str:
        words = failures.said(reply.problems, self.service.settings.secrets).strip()
        return f"Cloudflare refuses it ({failures.shown_codes(reply)}). {words}".strip()


def key_of(change: Change) -> RRsetKey:
    """Return the set that a change is of."""
    return change.existing.key if isinstance(change, Delete) else change.desired.key


def failed(change: Change, reason: str) -> ChangeResult:
    """Return the result of a change that was not made."""
    return ChangeResult(change, Outcome.FAILED, reason)


def _changes(batch: Batch) -> Iterator[Change]:
    return (job.change for unit in batch for job in unit.jobs)


def _state(index: Index, key: RRsetKey) -> list[tuple[str, str]]:
    return sorted((held.identifier, repr(sorted(held.body.items()))) for held in index.get(key, ()))


def _differs(before: Index, now: Index, key: RRsetKey) -> bool:
    return _state(before, key) != _state(now, key)


def _listed(found: object) -> list[object]:
    return found if isinstance(found, list) else []
