"""Carries out migrations on DBOS: every attempt is a workflow that survives the process that runs it.

The state database says what is due; this looks there, and hands each attempt to DBOS under a name of its own, so
that many workers looking at once make it once. DBOS distributes the attempts over all workers of its database, and
gives those of a worker that died to another: an attempt that was begun is made again, and goes on from what the
world shows (`attempting.py`). A wait costs nothing: nobody sleeps in it, the state database has its instant.

DBOS keeps its own tables: beside a SQLite file in one called `NAME.queue.db`, in PostgreSQL in a schema of their
own. They may be deleted while nothing runs: what is due is found in the state database again.
"""

import contextlib
import os
import platform
import re
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

import sqlalchemy as sa
from dbos import DBOS, SetWorkflowID, WorkflowStatus
from dbos import error as dbos_error

from migrator.errors import InputError, StoreError, UnsafeError
from migrator.model.values import dataclass
from migrator.state.locks import is_held, only_writer
from migrator.state.migrations import Migration, Migrations, Selection, lock_of
from migrator.state.sqlitefile import events_of_queue
from migrator.state.store import Store
from migrator.state.workers import Workers
from migrator.workflow.attempting import Worker, attempt, mistaken

if TYPE_CHECKING:
    from dbos import DBOSConfig

# Attempts of this version are taken up by that of another: what they do is said by the state database alone.
_APPLICATION, _VERSION = "dns-migrator", "1"
_SCHEMA = "dns_migrator_dbos"
_QUEUE = "migrations"
_OF_DBOS = frozenset({"PENDING", "ENQUEUED", "DELAYED"})
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_FORGOTTEN_AT_ONCE = 1000
_TURN = "turn"
# What an attempt is called in DBOS: the migration, the turn, and which try at it.
_PLACE = re.compile(r"(?P<key>.+)-(?P<turn>\d+)-\d+")
# When something is tried again of which this version cannot read what happened.
_UNREAD = timedelta(minutes=5)
# How long an attempt waits for whoever holds the migration, and nothing is tried after one that came to no end;
# and how often it is looked whether the migration is free. In seconds.
_PAUSE = 2.0
_LOOK = 0.02
_LATER = timedelta(seconds=10)
_BEAT = 5.0
_SILENCE = timedelta(seconds=6 * _BEAT)
_LAST_WORDS = 60


@dataclass(frozen=True)
class Engine:
    """A running DBOS. `queue` is empty where attempts are made in this process alone."""

    worker: Worker
    queue: str

    def raise_trouble(self) -> None:
        """Raise what ended an attempt so that its end was not kept; nothing where all were kept."""
        trouble, _Running.trouble = _Running.trouble, None
        if trouble is not None:
            raise trouble

    @property
    def unread(self) -> tuple[str, ...]:
        """What to say of each migration that was due, and of which this version cannot read what happened."""
        return tuple(_Running.unread.values())

    def due(
        self, limit: int, which: Selection | None = None, *, began: datetime | None = None
    ) -> tuple[Migration, ...]:
        """Return the migrations in which something is to be done now; `began` as `Migrations.due` has it."""
        return Migrations(self.worker.store).due(self.worker.now(), limit, which, began=began)

    def hand_over(self, migration: Migration) -> bool:
        """Give the next attempt of a migration to DBOS; False where it has it already.

        Raises StoreError where DBOS cannot use its tables now.
        """
        with _told(self.worker.store):
            return self._handed_over(migration)

    def _handed_over(self, migration: Migration) -> bool:
        turn = f"{migration.key}-{migration.turn}-"
        earlier = DBOS.list_workflows(
            name=_TURN, workflow_id_prefix=turn, sort_desc=True, limit=1, load_input=False, load_output=False
        )
        number = 0
        for status in earlier:
            if status.status in _OF_DBOS and not self._is_left(status, migration):
                return False
            # It came to an end without ending the turn: the database could not be written, or was held; or its
            # worker was stopped between taking it out of the queue and beginning it.
            number = int(status.workflow_id.rpartition("-")[2]) + 1
        with SetWorkflowID(f"{turn}{number}"):
            if self.queue:
                DBOS.enqueue_workflow(self.queue, _turn, migration.key, migration.turn)
            else:
                DBOS.start_workflow(_turn, migration.key, migration.turn)
        return True

    def forget(self) -> None:
        """Delete what DBOS keeps of turns that ended: the state database has it all, for ever.

        Raises StoreError where one of both cannot be used now.
        """
        with _told(self.worker.store):
            ended = DBOS.list_workflows(
                status=_ENDED, limit=_FORGOTTEN_AT_ONCE, load_input=False, load_output=False
            )
            places = {name: _PLACE.fullmatch(name) for name in (status.workflow_id for status in ended)}
            turns = Migrations(self.worker.store).turns(place["key"] for place in places.values() if place)
            gone = [
                name
                for name, place in places.items()
                # What is called otherwise is an earlier version's.
                if place is None or int(place["turn"]) < turns.get(place["key"], sys.maxsize)
            ]
            if gone:
                DBOS.delete_workflows(gone)

    def _is_left(self, status: WorkflowStatus, migration: Migration) -> bool:
        """Tell whether nobody goes on with the attempt: a worker that is no more handed it over, or began it."""
        if status.status != "PENDING":
            # Who makes attempts here alone takes nothing out of the queue of the workers.
            return status.queue_name == _QUEUE and not self.queue and not self._alive()
        if status.executor_id == self.worker.name or status.executor_id in self._alive():
            return False
        # A run in the foreground is no worker; it holds what it does.
        return not is_held(self.worker.store, lock_of(migration.key))

    def _alive(self) -> frozenset[str]:
        workers = Workers(self.worker.store)
        return frozenset(workers.names()) - frozenset(workers.dead(_SILENCE))


class _Running:
    """Who makes attempts in this process, and what ended one so that its end was not kept.

    DBOS gives a workflow nothing but its arguments, and tells nobody of its error.
    """

    worker: Worker | None = None
    trouble: Exception | None = None
    is_shared: bool = False
    unread: ClassVar[dict[str, str]] = {}


@DBOS.workflow(name=_TURN)
def _turn(key: str, turn: int) -> str:
    """Make one attempt; returns the status after it, empty where there was nothing to be done."""
    return DBOS.run_step({"name": "attempt"}, _attempt, key, turn)


def _worker() -> Worker:
    assert _Running.worker is not None, "an attempt is made while an engine runs"
    return _Running.worker


def _attempt(key: str, turn: int) -> str:
    worker = _worker()
    try:
        with worker.open_store() as store, _held(store, key):
            after = attempt(replace(worker, store=store), Migrations(store).keyed(key), turn)
    except UnsafeError:
        # Another process makes it: nothing else waits for that.
        Migrations(worker.store).postpone(key, turn, _LATER)
        return ""
    except InputError as exc:
        if not _Running.is_shared:
            _Running.trouble = exc
            raise
        # Damaged, or a newer version's: it stops no other, and nothing can be added to what nobody understands.
        if _Running.unread.get(key) != str(exc):
            _Running.unread[key] = str(exc)
            worker.say(f"dns-migrator: {exc}")
        Migrations(worker.store).postpone(key, turn, _UNREAD)
        return ""
    except Exception as exc:
        if isinstance(exc, StoreError) or not _Running.is_shared:
            # Made again only after a while: a full disk, a locked database, a mistake of ours do not pass at once.
            _Running.trouble = exc
            time.sleep(_PAUSE)
            raise
        # A mistake of ours in one domain stops no other: it is told, and tried again after a while.
        worker.say("".join(traceback.format_exception(exc)).rstrip())
        with worker.open_store() as store:
            after = mistaken(replace(worker, store=store), Migrations(store).keyed(key), turn, exc)
    return "" if after is None else str(after.status)


@contextmanager
def _held(store: Store, key: str) -> Iterator[None]:
    """Hold the lock of a migration; raises UnsafeError where another goes on to hold it.

    The end of an attempt can be seen a moment before it gives the lock back.
    """
    until = time.monotonic() + _PAUSE
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(only_writer(store, lock_of(key)))
                break
            except UnsafeError:
                if time.monotonic() > until:
                    raise
            time.sleep(_LOOK)
        yield


@contextmanager
def engine(worker: Worker, url: sa.URL, *, concurrency: int = 0) -> Iterator[Engine]:
    """Start DBOS, take up what this worker had begun when it was killed, and stop it at the end.

    With a `concurrency` attempts go through the queue that all workers of the database share, so many at once in
    this process; without one they are made here, one after the other. Raises InputError for a database that DBOS
    has no tables in, StoreError where they cannot be used now.
    """
    _Running.worker, _Running.trouble, _Running.is_shared = worker, None, bool(concurrency)
    _Running.unread.clear()
    config: DBOSConfig = {
        "name": _APPLICATION,
        "system_database_url": _url_of_dbos(url),
        "dbos_system_schema": _SCHEMA,
        "application_version": _VERSION,
        "executor_id": worker.name,
        "log_level": "CRITICAL",
        "notification_listener_polling_interval_sec": 0.25,
        "max_executor_threads": max(concurrency * 2, 8),
    }
    if url.get_backend_name() == "sqlite":
        config["db_engine_kwargs"] = {"pool_events": events_of_queue()}
    DBOS(config=config)
    if not concurrency:
        DBOS.listen_queues([])
    try:
        with _told(worker.store):
            DBOS.launch()
            if concurrency:
                DBOS.register_queue(
                    _QUEUE,
                    worker_concurrency=concurrency,
                    polling_interval_sec=0.25,
                    on_conflict="always_update",
                )
        yield Engine(worker, _QUEUE if concurrency else "")
    finally:
        # What is being done comes to its end; what does not is taken up again.
        DBOS.destroy(workflow_completion_timeout_sec=_LAST_WORDS)
        _Running.worker = None


@contextmanager
def alive(worker: Worker) -> Iterator[None]:
    """Be known as a worker that lives, and give what dead ones had begun to those who live."""
    workers = Workers(worker.store)
    workers.arrive(worker.name)
    stopped = threading.Event()
    thread = threading.Thread(target=_beat, args=(workers, worker.name, stopped), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
        with contextlib.suppress(StoreError):
            workers.leave(worker.name)


def worker_name() -> str:
    """Return a name that no other process has or will have."""
    return f"{platform.node()}-{os.getpid()}-{time.time_ns():x}"


def _beat(workers: Workers, name: str, stopped: threading.Event) -> None:
    while True:
        # A worker that does not beat is taken for dead: whatever hinders this time, it is tried again.
        with contextlib.suppress(StoreError, dbos_error.DBOSException, sa.exc.SQLAlchemyError):
            workers.beat(name)
            for dead in workers.dead(_SILENCE):
                # DBOS's own way to give a dead executor's workflows back to the queue; one worker takes each.
                DBOS._recover_pending_workflows([dead])  # noqa: SLF001 there is no public name without its server
                workers.leave(dead)
        if stopped.wait(_BEAT):
            return


def _url_of_dbos(url: sa.URL) -> str:
    """Return where DBOS keeps its tables."""
    if url.get_backend_name() == "sqlite":
        assert url.database
        return sa.URL.create("sqlite", database=_beside(url.database)).render_as_string()
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql").render_as_string(hide_password=False)
    raise InputError(f"--database: {url.get_backend_name()}: runs need a SQLite file or PostgreSQL.")


def _beside(database: str) -> str:
    """Return the file of the queue: `state.db` has `state.queue.db`, and no other file has that too."""
    return f"{database[: -len('.db')]}.queue.db" if database.endswith(".db") else f"{database}.queue"


@contextmanager
def _told(store: Store) -> Iterator[None]:
    try:
        yield
    except sa.exc.SQLAlchemyError as exc:
        cause = str(getattr(exc, "orig", exc)).strip().splitlines()[0]
        is_file = store.url.get_backend_name() == "sqlite"
        where = sa.make_url(_url_of_dbos(store.url)).database if is_file else store.shown_as
        way = " It may be deleted while nothing runs." if is_file else ""
        raise StoreError(f"{where}: the queue of migrations cannot be used: {cause.rstrip('.')}.{way}") from exc
