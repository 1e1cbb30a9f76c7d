"""A fleet whose state database cannot be used: who waits goes on, who does not wait comes to an end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from migrator.errors import LostError, StoreError
from migrator.journey.options import Options
from migrator.model.names import absolute
from migrator.state.migrations import Migration, Migrations, Selection
from migrator.state.store import Store, open_store
from migrator.workflow import fleet
from migrator.workflow.attempting import Worker
from migrator.workflow.durable import Engine
from migrator.workflow.fleet import Dispatcher, run_fleet

_STEP = 7.0


class Hindered(Engine):
    """An engine that can hand nothing over."""

    def hand_over(self, _: Migration) -> bool:
        raise StoreError("state.db: the state database cannot be written: database or disk is full.")

    def forget(self) -> None:
        pass


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(fleet, "_TICK", 0.0)
    monkeypatch.setattr(fleet, "_PAUSE", 0.0)
    with open_store(str(tmp_path / "state.db")) as found:
        Migrations(found).begin(absolute("example.org"), Options("a:", "b:"), fleet="spring")
        yield found


def dispatcher(store: Store, said: list[str]) -> Dispatcher:
    """Return a dispatcher for which seven seconds pass at each look at the clock."""
    worker = Worker(store, "here", lambda: store, say=said.append)
    clock = count(0.0, _STEP)
    return Dispatcher(Hindered(worker, ""), 4, Selection(), datetime.now(UTC), lambda: next(clock))


def test_who_does_not_wait_ends_where_nothing_can_be_kept_for_long(store: Store) -> None:
    said: list[str] = []

    with pytest.raises(StoreError, match="disk is full"):
        run_fleet(dispatcher(store, said), lambda: None, waits=False, ends=True)

    assert said == ["dns-migrator: state.db: the state database cannot be written: database or disk is full."]


def test_who_waits_goes_on_until_it_is_stopped(store: Store) -> None:
    said: list[str] = []
    looks = iter([False] * 40)

    run_fleet(dispatcher(store, said), lambda: None, waits=True, ends=True, stopped=lambda: next(looks, True))

    assert len(said) > 1


@pytest.mark.parametrize("waits", [True, False])
def test_a_state_database_that_is_deleted_ends_it_at_once(store: Store, tmp_path: Path, waits: bool) -> None:
    (tmp_path / "state.db").unlink()

    with pytest.raises(LostError, match="was deleted or replaced while it was in use"):
        run_fleet(dispatcher(store, []), lambda: None, waits=waits, ends=True)
