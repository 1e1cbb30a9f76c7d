"""Fixtures that every test may use."""

import gc
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.lab.missing import is_required
from tests.postgres import Postgres, why_not

# A shared machine may stall for a second; and what lands must not depend on luck.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of zone files of other projects; skips where it is not there."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "corpus"
    folder = Path(os.environ.get("DNS_MIGRATOR_CORPUS", beside))
    if not folder.is_dir():
        pytest.skip("no corpus: set DNS_MIGRATOR_CORPUS to its folder")
    return folder


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and nothing in the environment that changes what the command says."""
    monkeypatch.chdir(tmp_path)
    for name in ("DNS_MIGRATOR_NETWORK", "DNS_MIGRATOR_DATABASE", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def alone() -> None:
    """See that there is no other thread: servers of earlier tests serve until their last client is collected."""
    gc.collect()
    until = time.monotonic() + 30
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join(timeout=max(until - time.monotonic(), 0))
    assert threading.enumerate() == [threading.main_thread()]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL; skips where it is not installed, fails where it must be."""
    reason = why_not()
    if reason and is_required(os.environ):
        pytest.fail(reason, pytrace=False)
    if reason:
        pytest.skip(reason)
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def state_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A state database that is not there yet or empty, as `--database` takes it; a test runs with both kinds."""
    if request.param == "sqlite":
        return str(tmp_path / "state.db")
    server: Postgres = request.getfixturevalue("postgres")
    return server.new()
