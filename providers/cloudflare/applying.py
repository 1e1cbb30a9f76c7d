"""Carries out changes: one look before the first write, then batches, and the truth about each of them.

What becomes of a batch:

    accepted      all its changes are done
    refused       nothing of it was written. The change that Cloudflare names, else one half after the other, is
                  tried by itself, until it is known which one is refused and why; the others are done
    in conflict   (a record exists already, or no longer) the zone is read again, and each change judged by what
                  is there: the answer to an earlier try was lost, or somebody else was at work
    lost          the same; and what was not carried out is sent again
"""

from collections.abc import Iterator, Mapping, Sequence

from migrator.errors import ProviderError, UnsafeError
from migrator.interfaces import ChangeResult, Outcome, Progress
from migrator.model.change import Change, Create, key_of
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import subject_of
from providers.cloudflare import failures
from providers.cloudflare.answers import Native, Reply, mapping, whole
from providers.cloudflare.batches import Batch, Job, batches_of, bodies_of, halves_of, suspect, units_of
from providers.cloudflare.bodies import Held, held_record
from providers.cloudflare.capabilities import batch_size
from providers.cloudflare.patience import PATIENCE
from providers.cloudflare.planning import Ground, Index, Setting, differs, failed, index_of, planned, stands
from providers.cloudflare.reading import list_records
from providers.cloudflare.service import LostAnswerError, Request, Service

_ACTION = "write records"
_TRIES = 4
# After so many changes that Cloudflare refuses something is wrong with all of them.
_MOST_REFUSALS = 20
_QUOTA = 81045
# A record is there already (also with other settings), or is not there, or stands against another one.
_CONFLICTS = frozenset({81044, 81053, 81054, 81056, 81057, 81058})
_OF_THE_ZONE = frozenset({401, 403, 404})


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
        """Yield one result for each change as it is known.

        Raises UnsafeError where the zone has changed since it was read, ProviderError where nothing goes any
        further.
        """
        self._expect_unchanged(changes)
        jobs: list[Job] = []
        for change in changes:
            found = planned(self.ground, change)
            if isinstance(found, Setting):
                refused = self._set(found.patch)
                found = failed(change, refused) if refused else found.then
            if isinstance(found, Job):
                jobs.append(found)
            else:
                yield found
        room = self._room(jobs)
        if room is not None and room < sum(job.operations.growth for job in jobs):
            yield from (failed(job.change, self._no_room(jobs, room)) for job in jobs)
            return
        tight = room is not None and room < sum(max(0, job.operations.growth) for job in jobs)
        self.total = sum(job.operations.size for job in jobs)
        yield from self._sent(batches_of(units_of(jobs, tight=tight), self.limit))

    # ---- before the first write

    def _expect_unchanged(self, changes: Sequence[Change]) -> None:
        """Look at the zone once more, since the service has no compare-and-swap."""
        # A set that was not there when it was read: the plan that has to replace or delete it is an older one.
        known = self.ground.known
        touched = [k for c in changes if not isinstance(c, Create) and (k := key_of(c)) not in known]
        if not self.ground.looked:
            now = self._look()
            touched += [k for c in changes if differs(self.ground.index, now, k := key_of(c))]
            self.ground.index, self.ground.looked = now, True
        if touched:
            shown = ", ".join(map(subject_of, dict.fromkeys(touched)))
            raise UnsafeError(
                f"Cloudflare: {shown}: changed since the zone was read, so nothing is written. Run the command "
                "again to see what is to be done now."
            )

    def _look(self) -> Index:
        listing = list_records(self.service, self.ground.zone.identifier)
        return index_of(listing.records, self.ground.origin, flatten_all=self.ground.flatten_all)

    def _room(self, jobs: Sequence[Job]) -> int | None:
        """Return how many records more the zone can hold; asked for only where it is to grow."""
        if not any(job.operations.posts for job in jobs):
            return None
        if self.quota is None:
            path = f"/zones/{self.ground.zone.identifier}/dns_records/usage"
            reply = self.service.send(Request("GET", path, "read the record quota"))
            self.quota = whole(mapping(reply.result).get("record_quota")) if reply.accepted else None
        return None if self.quota is None else self.quota - self.ground.count

    def _no_room(self, jobs: Sequence[Job], room: int) -> str:
        growth = sum(job.operations.growth for job in jobs)
        return (
            f"nothing is written: the zone holds {self.ground.count} of the {self.quota} records that its plan "
            f"allows, so {max(0, room)} more would fit, and there are {growth}"
        )

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
            pending = tuple(u for u in remaining if not all(stands(self.ground, job.change) for job in u.jobs))
            yield from self._accepted(tuple(unit for unit in remaining if unit not in pending))
            touched = tuple(
                u for u in pending if any(differs(before, self.ground.index, job.key) for job in u.jobs)
            )
            yield from (failed(change, "somebody else has changed it meanwhile") for change in _changes(touched))
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
        rest = tuple(unit for unit in batch if not all(stands(self.ground, job.change) for job in unit.jobs))
        yield from self._accepted(tuple(unit for unit in batch if unit not in rest))
        if len(rest) == 1:
            self.refusals += 1
            words = self._words(outcome.refusal) + (" A part of it is written." if outcome.partly else "")
            yield from (failed(change, words) for change in _changes(rest))
        elif rest:
            waiting[:0] = self._apart(rest, outcome.refusal)

    def _remember(self, body: Mapping[str, Sequence[Mapping[str, object]]], result: Native) -> None:
        """Put what the service says of the records it wrote into the index."""
        gone = {str(each["id"]) for name in ("deletes", "patches", "puts") for each in body.get(name, ())}
        written = [
            held
            for name in ("patches", "puts", "posts")
            for native in _listed(result.get(name))
            if (held := held_record(native, self.ground.origin, flatten_all=self.ground.flatten_all)) is not None
        ]
        kept = [held for records in self.ground.index.values() for held in records if held.identifier not in gone]
        index: dict[RRsetKey, list[Held]] = {}
        for held in (*kept, *written):
            index.setdefault(held.key, []).append(held)
        self.ground.index = {key: tuple(records) for key, records in index.items()}

    def _words(self, reply: Reply) -> str:
        words = failures.said(reply.problems, self.service.settings.secrets).strip()
        return f"Cloudflare refuses it ({failures.shown_codes(reply)}). {words}".strip()


def _changes(batch: Batch) -> Iterator[Change]:
    return (job.change for unit in batch for job in unit.jobs)


def _listed(found: object) -> list[object]:
    return found if isinstance(found, list) else []
