"""The world of the demo as fixtures: its two accounts, and the small internet around them."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from migrator.demo.accounts import Accounts
from migrator.demo.internet import Internet
from migrator.demo.journey import World
from migrator.demo.run import sample


@pytest.fixture
def accounts() -> Iterator[Accounts]:
    with closing(Accounts(sample("old-provider.zone"), sample("new-provider-incomplete.zone"))) as running:
        yield running


@pytest.fixture
def internet(accounts: Accounts) -> Iterator[Internet]:
    with closing(Internet(accounts.old, accounts.new)) as running:
        yield running


@pytest.fixture
def world(accounts: Accounts, internet: Internet) -> World:
    return World(accounts, internet)
