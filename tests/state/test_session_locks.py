"""The lock of a target on PostgreSQL: whoever writes may be on a machine that one cannot look into."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrator.codec.observation import instant
from migrator.errors import UnsafeError
from migrator.state.locks import STALE_AFTER, only_writer
from migrator.state.store import Store, open_store
from migrator.state.tables import LOCKS
from tests.lab.waiting import wait_until
from tests.postgres import Postgres
from tests.state.test_locks import TARGET, rows

LONG_AGO = instant(datetime.now(UTC) - STALE_AFTER - timedelta(seconds=1))
HOLDER = """
import sys
from migrator.state.locks import only_writer
from migrator.state.store import open_store
with open_store(sys.argv[1]) as store, only_writer(store, sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(postgres: Postgres) -> str:
    return postgres.new()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with open_store(database) as opened:
        yield opened


@contextmanager
def holder(database: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process that holds the lock; whatever a test does with it, it is gone afterwards."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, database, TARGET],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def is_free(store: Store) -> bool:
    try:
        with only_writer(store, TARGET):
            return True
    except UnsafeError:
        return False


def seem_elsewhere(store: Store, **columns: str) -> None:
    """Let the row look as if its process ran on another machine."""
    with store.writing() as connection:
        connection.execute(sa.update(LOCKS).values(host="elsewhere", **columns))


def sessions(store: Store) -> int:
    """How many sessions hold an advisory lock in this database."""
    held = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
        "WHERE locktype = 'advisory' AND datname = current_database()"
    )
    with store.reading() as connection:
        return int(connection.exec_driver_sql(held).scalar_one())


def cut_sessions(store: Store) -> None:
    """End every other session of this database, as a restart of the server does."""
    with store.writing() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).all()


def test_a_killed_process_of_this_machine_frees_the_lock_at_once(database: str, store: Store) -> None:
    with holder(database) as process:
        assert not is_free(store)
        process.kill()
        process.wait()
        wait_until(lambda: is_free(store), "the lock is free", seconds=5)


def test_a_process_killed_elsewhere_frees_it_when_its_beat_is_old(database: str, store: Store) -> None:
    with holder(database) as process:
        seem_elsewhere(store)
        process.kill()
        process.wait()
        wait_until(lambda: sessions(store) == 0, "its session has ended")
        assert not is_free(store), "it may live, and the server may have been restarted"

        seem_elsewhere(store, beat=LONG_AGO)
        assert is_free(store)


def test_a_stopped_process_holds_it_however_old_its_beat(database: str, store: Store) -> None:
    with holder(database) as process:
        process.send_signal(signal.SIGSTOP)
        seem_elsewhere(store, beat=LONG_AGO)

        assert not is_free(store)


def test_a_clock_that_is_ahead_takes_nothing(database: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=1)

    with holder(database):
        seem_elsewhere(store)
        cut_sessions(store)
        monkeypatch.setattr("migrator.state.locks.datetime", Ahead)

        assert not is_free(store)


def test_a_restart_of_the_server_takes_it_from_nobody(
    database: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrator.state.locks.BEAT_SECONDS", 1.0)
    with open_store(database) as writer, only_writer(writer, TARGET):
        seem_elsewhere(store)
        assert sessions(store) == 1
        cut_sessions(store)
        wait_until(lambda: sessions(store) == 0, "its session has ended")
        assert not is_free(store)

        wait_until(lambda: sessions(store) == 1, "the writer has a session again")
        assert not is_free(store)
    assert (rows(store), sessions(store)) == (0, 0)
