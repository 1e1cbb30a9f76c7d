"""Makes one attempt at the stage where a migration stands, and keeps how it ended.

Whoever is killed while it lasts leaves nothing but what the world shows and the journal has: the same attempt,
made again, goes on from there. A turn that ended already is not ended twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from migrator.budgets.shared import Budgets
from migrator.dnsclient.client import utc_now
from migrator.errors import MigratorError, StoreError
from migrator.interfaces import Progress, no_budget, no_progress
from migrator.journey.events import OUTCOMES, Event, Kind, Worst
from migrator.journey.stages import Stage
from migrator.model.finding import Phase, Severity
from migrator.model.values import dataclass
from migrator.notifying import Notifier
from migrator.state.documents import Documents
from migrator.state.migrations import Migration, Migrations, Told
from migrator.state.store import Store
from migrator.workflow.remembering import Remembering
from migrator.workflow.stages.closing import close_old
from migrator.workflow.stages.copying import back_up_old, import_zone
from migrator.workflow.stages.job import Attempt, Job
from migrator.workflow.stages.looking import look, verify
from migrator.workflow.stages.switching import hand_over, watch_parent, watch_resolvers
from migrator.workflow.stages.timing import make_signatures_safe, wait_for_caches
from migrator.workflow.stages.ttl_stages import lower_old, restore_both
from migrator.workflow.world import World, open_world

_FIRST_PAUSE = 5.0


@dataclass(frozen=True)
class Worker:
    """Who makes attempts: its name, the database as the command line names it, and who is told of progress.

    `open_store` opens the state database for one attempt: its locks and its connections are its own. `budgets` are
    the requests that all workers may send together, `notifier` tells people what needs them.
    """

    store: Store
    name: str
    open_store: Callable[[], Store]
    database: str = ""
    say: Callable[[str], None] = lambda _: None
    progress: Progress = no_progress
    now: Callable[[], datetime] = utc_now
    budgets: Budgets | None = None
    notifier: Notifier | None = None

    def open_world(self, network: str) -> World:
        """Return the world of a network profile, the usual one where none is named."""
        budget = no_budget if self.budgets is None else self.budgets.telling(self.progress)
        return open_world(Path(network) if network else None, progress=self.progress, budget=budget)


def attempt(worker: Worker, migration: Migration, turn: int) -> Migration | None:
    """Make the attempt of this number, and return the migration after it.

    None where there is nothing to be done: the turn has ended already, or the migration is over. What stops the
    attempt is one of its ends, told in its words; StoreError alone is raised, since then nothing can be kept.
    """
    migrations = Migrations(worker.store)
    if not migrations.taken(migration, turn, worker.name):
        return None
    told = migrations.told(migration)
    if told.state.turn != turn or told.state.is_over:
        return None
    found = _attempted(worker, told)
    event = Event(
        found.kind,
        told.state.stage,
        worker.now(),
        found.text,
        found.until,
        found.commands,
        found.worst,
        plan=found.plan,
        by=worker.name,
        saw=told.events[-1].number,
    )
    if not told.events[-1].says_the_same(event):
        # What was found again and again is kept once.
        documents = Documents(worker.store)
        numbers = tuple(documents.keep(migration.domain, text) for text in found.documents)
        event = replace(event, documents=numbers)
    after = migrations.ended(migration, turn, event, tells=worker.notifier is not None)
    if after is not None and found.again is not None:
        return migrations.said(after, Event(Kind.AGAIN, found.again, worker.now(), found.text, by=worker.name))
    return after


def mistaken(worker: Worker, migration: Migration, turn: int, cause: Exception) -> Migration | None:
    """End an attempt that a mistake of this program stopped: it has failed, and is tried again like any other."""
    migrations = Migrations(worker.store)
    told = migrations.told(migration)
    if told.state.turn != turn or told.state.is_over:
        return None
    # Its own words stay in the log of the worker: nobody knows what stands in them.
    text = f"a mistake of dns-migrator itself ({type(cause).__name__}): please report what its worker said"
    until = worker.now() + timedelta(seconds=migration.options.every)
    event = Event(Kind.FAILED, told.state.stage, worker.now(), text, until, (), Worst(Severity.ERROR, text))
    event = replace(event, by=worker.name, saw=told.events[-1].number)
    return migrations.ended(migration, turn, event, tells=worker.notifier is not None)


def _attempted(worker: Worker, told: Told) -> Attempt:
    options = told.migration.options
    try:
        job = Job(
            told,
            worker.open_world(options.network),
            worker.store,
            Remembering(worker.store, told.migration.domain, worker.say),
            worker.now,
            worker.database,
            worker.progress,
        )
        found = _STAGES[told.state.stage](job)
        if found.kind is Kind.DONE and not job.memory.is_whole:
            # What was seen is the evidence of later stages, which would take for granted what nobody kept.
            found = replace(found, kind=Kind.FAILED, text=f"what was seen could not be kept: {found.text}")
    except StoreError:
        raise
    except MigratorError as exc:
        found = Attempt(Kind.FAILED, str(exc), None, (), Worst(Severity.ERROR, str(exc)))
    if found.kind is not Kind.FAILED:
        return found
    until = worker.now() + timedelta(seconds=_pause(told))
    return replace(found, until=until if found.until is None else min(found.until, until))


def _pause(told: Told) -> float:
    """Return for how many seconds to wait after a failure: twice as long each time, up to the usual pause.

    What a person said in between, that it be tried now, counts for nothing here.
    """
    failures = 0
    for event in reversed([each for each in told.events if each.kind in OUTCOMES]):
        if event.kind is not Kind.FAILED or event.stage is not told.state.stage:
            break
        failures += event.times
    return min(_FIRST_PAUSE * float(2 ** min(failures, 20)), float(told.migration.options.every))


_STAGES: Mapping[Stage, Callable[[Job], Attempt]] = {
    Stage.BACKUP: back_up_old,
    Stage.PREPARE: lambda job: look(job, Phase.PREPARE),
    Stage.IMPORT: import_zone,
    Stage.VERIFY: verify,
    Stage.LOWER_TTLS: lower_old,
    Stage.DNSSEC: make_signatures_safe,
    Stage.EXPIRE: wait_for_caches,
    Stage.READY: lambda job: look(job, Phase.READY),
    Stage.SWITCH: hand_over,
    Stage.PARENT: watch_parent,
    Stage.RESOLVERS: watch_resolvers,
    Stage.CLOSE: close_old,
    Stage.RESTORE_TTLS: restore_both,
}
