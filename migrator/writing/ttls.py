"""Writes TTLs at a provider with backup, journal and memory, and asks every name server until it shows them."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from dns.name import Name

from migrator.codec.imports import Work
from migrator.cutover.memory import set_text
from migrator.interfaces import DnsClient, Progress, ReadResult, no_progress
from migrator.model.change import Replace, key_of
from migrator.model.observation import Server
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.plan.steps import State, Step, all_done, shortfall
from migrator.state.journal import Journal, Kind, NewRun
from migrator.state.sightings import entry
from migrator.state.store import Entry, Role, Store
from migrator.state.ttlmemory import Place, TtlMemory
from migrator.ttls import Original
from migrator.ttls.proof import Shown, Sight, Wish, questions
from migrator.writing.apply import write_changes
from migrator.writing.importing import Target, back_up, ended, exit_code, said, spent

# Between two rounds of asking those that do not show it yet: the first waits are short.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone that is written to: its name, its place in memory and journal, and how it was read."""

    domain: Name
    place: Place
    target: Target
    read: ReadResult


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks the name servers, where answers are kept, and for how many seconds to go on asking (`wait`)."""

    client: DnsClient
    servers: tuple[Server, ...]
    keep: Callable[[Iterable[Entry]], None]
    nonce: bytes
    wait: float = 0.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


def lower_ttls(
    zone: Zone, changes: Sequence[Replace], originals: Sequence[Original], store: Store, progress: Progress
) -> Work:
    """Lower the TTLs at the provider; the originals are remembered before the first write."""

    def remember(run: int) -> None:
        TtlMemory(store).lowered(zone.domain, zone.place, originals, run)

    return _written(zone, Kind.TTL_LOWER, changes, store, remember, progress)


def restore_ttls(
    zone: Zone,
    changes: Sequence[Replace],
    originals: Sequence[Original],
    store: Store,
    progress: Progress,
) -> Work:
    """Put the originals back at the provider, and remember which of them are back."""
    runs: list[int] = []
    work = _written(zone, Kind.TTL_RESTORE, changes, store, runs.append, progress)
    done = {key_of(step.change) for step in work.steps if step.state is State.DONE}
    TtlMemory(store).restored(zone.domain, zone.place, [each for each in originals if each.key in done], runs[0])
    return work


def planned_work(zone: Zone, changes: Sequence[Replace]) -> Work:
    """Return the work while nothing is written: with nothing to do, what was read just now proves it."""
    steps = tuple(Step(change, State.PLANNED) for change in changes)
    calls = spent(zone.target, 0, changes)
    return Work(zone.target.locator.text, steps, calls, applied=not steps, verified=not steps)


def prove(
    asking: Asking, domain: Name, wishes: Sequence[Wish], progress: Progress = no_progress
) -> tuple[Sight, ...]:
    """Ask every server for every wish, and those again that do not show it, until all do or the time is up."""
    wanted = questions(wishes, asking.servers, asking.nonce)
    found: dict[int, Sight] = {}
    left = list(range(len(wanted)))
    until, pause = asking.clock() + asking.wait, _FIRST_PAUSE
    while True:
        seen = asking.client.ask([wanted[place][1] for place in left], progress)
        asking.keep(entry(domain, Role.SERVER, each, set_text(())) for each in seen)
        found.update((place, Sight(wanted[place][0], each)) for place, each in zip(left, seen, strict=True))
        left = [place for place in left if found[place].state is not Shown.YES]
        remaining = until - asking.clock()
        if not left or remaining <= 0:
            return tuple(found[place] for place in range(len(wanted)))
        asking.sleep(min(pause, remaining))
        pause = min(pause * 2, _LONGEST_PAUSE)


def _written(
    zone: Zone,
    kind: Kind,
    changes: Sequence[Replace],
    store: Store,
    remember: Callable[[int], None],
    progress: Progress,
) -> Work:
    existing, target, journal = zone.read.snapshot, zone.target, Journal(store)
    backup = str(back_up(existing, zone.read.findings, target.locator.scheme, progress))
    writing = journal.begin(_run(zone, kind, existing, backup, _continued(journal, zone, kind)), changes)
    remember(writing.number)
    written = write_changes(target.writer, changes, writing, progress)
    goal = replace(existing, rrsets=tuple(change.desired for change in changes))
    present = written.present
    differences = () if present is None else shortfall(goal, present.snapshot, changes)
    done = all_done(written.steps)
    verified = present is not None and done and not differences
    work = Work(
        target.locator.text,
        written.steps,
        spent(target, 0),
        applied=done,
        verified=verified,
        backup=backup,
        differences=differences,
        error=said(written),
        exit_code=exit_code(written, verified=verified),
        findings=() if present is None else present.findings,
    )
    return ended(writing, work)


def _run(zone: Zone, kind: Kind, existing: ZoneSnapshot, backup: str, continues: int | None) -> NewRun:
    locator = zone.target.locator.text
    return NewRun(
        kind,
        zone.domain,
        zone.place.target,
        locator,
        locator,
        existing.digest(),
        existing,
        backup,
        continues,
    )


def _continued(journal: Journal, zone: Zone, kind: Kind) -> int | None:
    """Return the run that this one goes on from: the last of this target, if it is of this kind and unfinished."""
    runs = [run for run in journal.runs(zone.domain) if run.new.target == zone.place.target]
    if not runs or runs[-1].is_complete or runs[-1].new.kind is not kind:
        return None
    return runs[-1].number
