"""Every adapter of this program keeps the contract of `contract.py`."""

from collections.abc import Iterator

import pytest

from tests.providers.contract import *  # noqa: F403
from tests.providers.contract import Service
from tests.providers.contract_services import SERVICES


@pytest.fixture(params=list(SERVICES))
def service(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with SERVICES[request.param](monkeypatch) as running:
        yield running
