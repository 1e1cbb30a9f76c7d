"""A budget of one process: a burst at once, the rest at the rate, each account by itself."""

import pytest

from migrator.budgets.own import OwnBudget
from migrator.budgets.rates import Rate


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr("migrator.budgets.own.time.monotonic", lambda: now[0])
    return now


def budget() -> OwnBudget:
    return OwnBudget({"cloud": Rate(2.0, 3), "sky": Rate(2.0, 1)})


def waits(found: OwnBudget, number: int, account: str = "a") -> list[float]:
    return [found.reserve("cloud", account) for _ in range(number)]


@pytest.mark.usefixtures("clock")
def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    assert waits(budget(), 6) == [0.0, 0.0, 0.0, 0.5, 1.0, 1.5]


@pytest.mark.usefixtures("clock")
def test_each_account_and_each_service_has_its_own() -> None:
    found = budget()

    assert waits(found, 4) == [0.0, 0.0, 0.0, 0.5]
    assert waits(found, 1, "b") == [0.0]
    assert [found.reserve("sky", "a") for _ in range(2)] == [0.0, 0.5]


def test_what_nobody_asks_for_refills_the_burst_and_no_more(clock: list[float]) -> None:
    found = budget()
    waits(found, 5)
    clock[0] += 3600

    assert waits(found, 4) == [0.0, 0.0, 0.0, 0.5]


@pytest.mark.usefixtures("clock")
def test_a_request_waits_for_its_turn_and_one_without_a_rate_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("migrator.budgets.own.time.sleep", slept.append)
    found = budget()
    for _ in range(3):
        found("sky", "a")
        found("file", "a")

    assert slept == [0.5, 1.0]
