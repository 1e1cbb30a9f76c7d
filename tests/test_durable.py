"""What DBOS keeps of an attempt: whether somebody will make it, or it is to be handed over again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from migrator.journey.events import Event, Kind
from migrator.journey.options import Options
from migrator.journey.stages import Stage
from migrator.model.names import absolute
from migrator.state.locks import only_writer
from migrator.state.migrations import Migration, Migrations, lock_of
from migrator.state.store import Store, open_store
from migrator.state.workers import Workers
from migrator.workflow.attempting import Worker
from migrator.workflow.durable import Engine, engine


@dataclass
class Kept:
    """A run in the foreground, and a migration that is over: nothing is done in what it hands over."""

    running: Engine
    store: Store
    migration: Migration
    queue: Path

    def keep(self, status: str, executor: str = "", queue: str | None = None) -> None:
        """Put the next attempt there as somebody else has left it."""
        row = (f"{self.migration.key}-{self.migration.turn}-0", status, executor, queue)
        with closing(sqlite3.connect(self.queue)) as found, found:
            found.execute(
                "INSERT INTO workflow_status (workflow_uuid, status, name, executor_id, queue_name, created_at, "
                "updated_at) VALUES (?, ?, 'turn', ?, ?, 1, 1)",
                row,
            )


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    database = str(tmp_path / "state.db")
    with open_store(database) as store:
        migrations = Migrations(store)
        begun = migrations.begin(absolute("example.org"), Options("route53:", "cloudflare:"))
        migration = migrations.said(begun, Event(Kind.ABORTED, Stage.BACKUP, datetime.now(UTC)))
        with engine(Worker(store, f"run-{begun.key}", lambda: open_store(database)), store.url) as running:
            yield Kept(running, store, migration, tmp_path / "state.queue.db")


def test_what_lies_in_the_queue_is_made_here_when_no_worker_lives(kept: Kept) -> None:
    Workers(kept.store).arrive("alive")
    kept.keep("ENQUEUED", queue="migrations")

    while_alive = kept.running.hand_over(kept.migration)
    Workers(kept.store).leave("alive")

    assert (while_alive, kept.running.hand_over(kept.migration)) == (False, True)


def test_what_this_process_takes_up_from_its_own_queue_is_not_begun_a_second_time(kept: Kept) -> None:
    kept.keep("DELAYED", queue="_dbos_internal_queue")

    assert not kept.running.hand_over(kept.migration)


def test_an_attempt_is_left_alone_while_its_migration_is_held_by_whoever_began_it(kept: Kept) -> None:
    kept.keep("PENDING", "run-elsewhere")

    with only_writer(kept.store, lock_of(kept.migration.key)):
        while_held = kept.running.hand_over(kept.migration)

    assert (while_held, kept.running.hand_over(kept.migration)) == (False, True)
