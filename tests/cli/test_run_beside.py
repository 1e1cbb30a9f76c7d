"""`run` beside attempts that end, or that another makes, at just this moment."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import RowMapping

from migrator.errors import UnsafeError
from migrator.journey.events import Event, Kind
from migrator.journey.stages import Stage
from migrator.state import locks
from migrator.state.locks import only_writer
from migrator.state.migrations import Migration, Migrations, Selection, lock_of
from migrator.state.store import open_store
from migrator.workflow import durable
from migrator.workflow.durable import Engine
from tests.cli.journeying import Journey, journey
from tests.lab.waiting import wait_until


@pytest.fixture
def there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Journey]:
    with journey(tmp_path, capsys, monkeypatch) as found:
        found.stands_at(Stage.IMPORT)
        yield found


@contextmanager
def held_until(there: Journey, given_back: threading.Event) -> Iterator[None]:
    """Hold the migration as one who makes an attempt at it does, until the event."""
    held = threading.Event()

    def hold() -> None:
        key = lock_of(there.told.migration.key)
        with open_store(str(there.folder / "dns-migrator.db")) as store, only_writer(store, key):
            held.set()
            assert given_back.wait(60)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert held.wait(60)
        yield
        holding.result(60)


def test_an_attempt_waits_for_the_lock_of_one_that_has_just_ended(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal, refused = locks._refusal, threading.Event()

    def told(target: str, row: RowMapping | None) -> UnsafeError:
        refused.set()
        return refusal(target, row)

    monkeypatch.setattr(locks, "_refusal", told)
    with held_until(there, refused):
        there.goes_on(code=1)

    assert (there.last.stage, there.last.kind) == (Stage.IMPORT, Kind.ASKS)


def test_a_run_that_does_not_wait_ends_after_an_attempt_that_another_makes_now(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    postpone, put_off = Migrations.postpone, threading.Event()

    def told(self: Migrations, key: str, turn: int, time: timedelta) -> None:
        postpone(self, key, turn, time)
        put_off.set()

    monkeypatch.setattr(Migrations, "postpone", told)
    monkeypatch.setattr(durable, "_LATER", timedelta(seconds=1))
    with held_until(there, put_off):
        there.goes_on(code=1)

    assert (there.last.stage, there.last.kind) == (Stage.IMPORT, Kind.ASKS)


def test_an_attempt_that_ends_while_it_is_looked_whether_there_is_more_is_told(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn, due, ended = there.told.state.turn, Engine.due, Migrations.ended
    looks: list[None] = []
    looked = threading.Event()

    def due_late(self: Engine, limit: int, which: Selection | None = None) -> tuple[Migration, ...]:
        looks.append(None)
        if len(looks) == 2:
            looked.set()
            wait_until(lambda: there.told.state.turn > turn, "the end of the attempt", 60)
        return due(self, limit, which)

    def ended_late(
        self: Migrations, migration: Migration, turn: int, event: Event, *, tells: bool = False
    ) -> Migration | None:
        assert looked.wait(60)
        return ended(self, migration, turn, event, tells=tells)

    monkeypatch.setattr(Engine, "due", due_late)
    monkeypatch.setattr(Migrations, "ended", ended_late)

    found = there.goes_on(code=1)

    assert found.out.splitlines()[-1] == (
        "example.org is at stage 3 of 13, import: it waits for a person, as said above."
    )
    assert "import        asks you: may 7 changes be written" in found.out
