"""One writer for a target: held while its process lives, free again the moment it is gone."""

import os
import re
import sqlite3
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrator.codec.observation import instant
from migrator.errors import StoreError, UnsafeError
from migrator.state.journal import Journal, Kind, NewRun
from migrator.state.locks import STALE_AFTER, is_held, only_writer
from migrator.state.locks import host as this_host
from migrator.state.locks import started as started_at
from migrator.state.store import Store, open_store
from migrator.state.tables import LOCKS
from tests.snapshots import ORIGIN

TARGET = "route53:example.org."


HOST, _, PROCESSES = this_host().rpartition(" ")
NAME, _, _ = HOST.rpartition(" ")


@pytest.fixture
def database(state_database: str) -> str:
    return state_database


def rows(store: Store) -> int:
    with store.reading() as connection:
        return len(connection.execute(sa.select(LOCKS)).all())


def left_behind(store: Store, *, host: str, process: int, started: str, age: timedelta) -> None:
    """Put a row there as a process leaves it that was killed."""
    beat = instant(datetime.now(UTC) - age)
    row = {"target": TARGET, "token": "t", "host": host, "process": process, "started": started, "utc": beat}
    with store.writing() as connection:
        connection.execute(sa.insert(LOCKS).values(beat=beat, **row))


def test_a_lock_is_held_and_given_back(database: str) -> None:
    with open_store(database) as store, open_store(database) as other:
        with only_writer(store, TARGET):
            with pytest.raises(UnsafeError) as caught, only_writer(other, TARGET):
                pass
            with only_writer(other, "route53:example.net."):
                assert rows(store) == 2
        assert rows(store) == 0
        with only_writer(other, TARGET):
            assert rows(store) == 1

    assert re.fullmatch(
        rf"route53:example\.org\.: another run of dns-migrator writes to it \(process {os.getpid()} on \S+, since "
        r"\S+\); nothing was written\. Wait until it has ended\.",
        str(caught.value),
    )


def test_others_are_told_whether_it_is_held(database: str) -> None:
    with open_store(database) as store, open_store(database) as other:
        with only_writer(store, TARGET):
            assert is_held(other, TARGET)
        assert not is_held(other, TARGET)


def test_it_is_given_back_when_the_work_fails(database: str) -> None:
    with open_store(database) as store:
        with pytest.raises(ZeroDivisionError), only_writer(store, TARGET):
            raise ZeroDivisionError
        assert rows(store) == 0


def test_it_is_free_although_the_database_could_not_be_written_when_it_was_given_back(tmp_path: Path) -> None:
    database = tmp_path / "state.db"
    with open_store(str(database), patience=0.1) as store, open_store(str(database)) as other:
        with closing(sqlite3.connect(database, isolation_level=None)) as busy:
            with only_writer(store, TARGET):
                busy.execute("BEGIN IMMEDIATE")
            busy.execute("ROLLBACK")

        assert (rows(store), is_held(other, TARGET)) == (1, False)
        with only_writer(other, TARGET):
            assert (rows(store), is_held(store, TARGET)) == (1, True)
        assert rows(store) == 0


def gone() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    return ended.pid


def test_of_several_that_begin_at_once_one_writes(database: str) -> None:
    begin, finish = threading.Barrier(4), threading.Barrier(4)

    def begun(_: int) -> bool:
        with open_store(database) as store:
            begin.wait()
            try:
                with only_writer(store, TARGET):
                    finish.wait()
                    return True
            except UnsafeError:
                finish.wait()
                return False

    for _ in range(5):
        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(begun, range(4))) == [False, False, False, True]


MINE, SECONDS, LONG = "here", timedelta(seconds=5), STALE_AFTER + timedelta(seconds=1)
LEFT: dict[str, tuple[str, str, str, timedelta, bool]] = {
    "a process of this host that lives": (MINE, "parent", "its own", LONG, True),
    "this process, which does not hold it": (MINE, "me", "mine", SECONDS, False),
    "a process of this host that is gone": (MINE, "gone", "mine", SECONDS, False),
    "another process with the number of one that is gone": (MINE, "me", "1", SECONDS, False),
    "another host whose beat is fresh": ("elsewhere", "gone", "mine", SECONDS, True),
    "another host with the same name": (f"{NAME} another-boot {PROCESSES}", "gone", "mine", SECONDS, True),
    "another host whose beat has stopped": ("elsewhere", "me", "mine", LONG, False),
}


@pytest.mark.parametrize("case", LEFT)
def test_what_a_killed_process_leaves_is_stale(database: str, case: str) -> None:
    host, who, started, age, held = LEFT[case]
    process = {"me": os.getpid(), "parent": os.getppid(), "gone": gone()}[who]
    with open_store(database) as store:
        left_behind(
            store,
            host=this_host() if host == MINE else host,
            process=process,
            started={"mine": started_at(os.getpid()), "its own": started_at(process)}.get(started, started),
            age=age,
        )
        if held:
            with pytest.raises(UnsafeError), only_writer(store, TARGET):
                pass
        else:
            with only_writer(store, TARGET):
                assert rows(store) == 1
            assert rows(store) == 0


def test_a_killed_process_that_nobody_waited_for_holds_nothing(database: str) -> None:
    with subprocess.Popen(["sleep", "600"]) as killed, open_store(database) as store:
        left_behind(store, host=this_host(), process=killed.pid, started=started_at(killed.pid), age=SECONDS)
        with pytest.raises(UnsafeError), only_writer(store, TARGET):
            pass

        killed.kill()
        os.waitid(os.P_PID, killed.pid, os.WEXITED | os.WNOWAIT)
        with only_writer(store, TARGET):
            assert rows(store) == 1


def test_the_beat_goes_on_while_the_lock_is_held(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrator.state.locks.BEAT_SECONDS", 0.01)
    with open_store(database) as store, only_writer(store, TARGET):
        beats: set[str] = set()
        while len(beats) < 3:
            with store.reading() as connection:
                beats.add(str(connection.execute(sa.select(LOCKS.c.beat)).scalar()))


def test_who_has_lost_the_lock_is_not_let_into_the_journal(database: str) -> None:
    run = NewRun(Kind.IMPORT, ORIGIN, TARGET, TARGET, "", "", None)
    with open_store(database) as store:
        with only_writer(store, TARGET):
            Journal(store).begin(run, ())
            with store.writing() as connection:
                connection.execute(sa.update(LOCKS).values(token="another's"))
            with pytest.raises(StoreError, match=r"this run has lost its lock of route53:example\.org\., which"):
                Journal(store).begin(run, ())
        assert rows(store) == 1
        assert len(Journal(store).runs(ORIGIN)) == 1
