"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
