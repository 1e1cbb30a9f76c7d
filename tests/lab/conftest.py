"""The laboratory as a fixture: one for all tests of a process, skipped where the name servers are missing."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.command import Command
from tests.lab.confirming import RECORDS
from tests.lab.lab import Lab
from tests.lab.missing import is_required, why_not


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test that needs real servers: `-m "not lab"` leaves them out, one worker has them all."""
    for item in items:
        fixtures: tuple[str, ...] = getattr(item, "fixturenames", ())
        if "laboratory" in fixtures or "name_servers" in fixtures:
            item.add_marker(pytest.mark.lab)
            item.add_marker(pytest.mark.xdist_group("lab"))


@pytest.fixture(scope="session")
def name_servers() -> None:
    """The programs of the laboratory are installed; skips where not, fails where they must be."""
    reason = why_not()
    if reason and is_required(os.environ):
        pytest.fail(reason, pytrace=False)
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def laboratory(request: pytest.FixtureRequest, name_servers: None) -> Iterator[Lab]:
    """A running miniature internet; its logs are kept where a test has failed."""
    with Lab() as lab:
        yield lab
        lab.keep = request.session.testsfailed > 0


@pytest.fixture
def command(laboratory: Lab, tmp_path: Path) -> Command:
    """The installed command with the laboratory's profile, in an empty folder."""
    return Command(laboratory.profile, tmp_path)


@pytest.fixture
def served(laboratory: Lab, request: pytest.FixtureRequest) -> str:
    """A domain of this test's own, the same at both providers, delegated to the old one."""
    domain = f"{request.node.name.split('[')[0].removeprefix('test_').replace('_', '-')[:50]}.test."
    for provider in (laboratory.old, laboratory.new):
        laboratory.serve(provider, domain, RECORDS, ttl=1)
    laboratory.delegate(domain, laboratory.old.name_servers, ttl=1)
    return domain
