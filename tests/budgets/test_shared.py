"""Budgets of requests: who asks first is served first, no faster than the account takes it, in all processes."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from migrator.budgets.rates import RATES, Rate, budget_name
from migrator.budgets.shared import LONGEST_WAIT, Budgets
from migrator.errors import StoreError
from migrator.state.store import Store, open_store
from migrator.state.tables import BUDGETS

# So slow that a machine which stalls changes nothing.
RATE = Rate(0.02, 3)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "state.db")) as opened:
        yield opened


def budgets(store: Store, rate: Rate = RATE) -> Budgets:
    return Budgets(store, {"cloud": rate})


def rows(store: Store) -> dict[str, float]:
    with store.reading() as connection:
        return {row.name: row.free_at for row in connection.execute(sa.select(BUDGETS))}


def put(store: Store, free_at: float) -> None:
    with store.writing() as connection:
        connection.execute(sa.insert(BUDGETS).values(name=budget_name("cloud", "a"), free_at=free_at))


def waits(found: Budgets, number: int, account: str = "a") -> list[float]:
    return [round(found.reserve("cloud", account), -1) for _ in range(number)]


def test_a_burst_goes_at_once_and_the_rest_at_the_rate(store: Store) -> None:
    assert waits(budgets(store), 6) == [0.0, 0.0, 0.0, 50.0, 100.0, 150.0]


def test_another_worker_is_served_behind_those_who_asked_before(store: Store) -> None:
    assert waits(budgets(store), 4) == [0.0, 0.0, 0.0, 50.0]
    assert waits(budgets(store), 2) == [100.0, 150.0]


def test_each_account_and_each_service_has_its_own(store: Store) -> None:
    found = Budgets(store, {"cloud": Rate(0.02, 1), "sky": Rate(0.02, 1)})

    assert [found.reserve(*each) for each in (("cloud", "a"), ("cloud", "b"), ("sky", "a"))] == [0.0, 0.0, 0.0]
    assert waits(found, 1) == [50.0]


def test_the_database_knows_an_account_by_a_digest_alone(store: Store) -> None:
    budgets(store).reserve("cloud", "token-SECRET")
    name = budget_name("cloud", "token-SECRET")

    assert (list(rows(store)), len(name), "SECRET" in name) == ([name], len("cloud:") + 24, False)


def test_a_service_without_a_rate_is_not_limited(store: Store) -> None:
    assert (Budgets(store).reserve("file", "a"), rows(store)) == (0.0, {})


def test_what_nobody_asks_for_refills_the_burst_and_no_more(store: Store) -> None:
    put(store, time.time() - 3600)

    assert waits(budgets(store), 4) == [0.0, 0.0, 0.0, 50.0]


def test_a_clock_that_went_wrong_stops_nobody(store: Store) -> None:
    put(store, time.time() + LONGEST_WAIT + 60)

    assert waits(budgets(store), 4) == [0.0, 0.0, 0.0, 50.0]


def test_time_goes_forward_alone(store: Store) -> None:
    found = budgets(store)
    seen = []
    for _ in range(10):
        found.reserve("cloud", "a")
        seen.append(rows(store)[budget_name("cloud", "a")])

    assert seen == sorted(seen)


def test_a_busy_worker_takes_a_few_turns_at_a_time_and_loses_those_that_it_leaves(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("migrator.budgets.shared.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("migrator.budgets.shared.time.time", lambda: clock[0])
    found = budgets(store, Rate(16.0, 1))

    def turns_taken() -> float:
        return (rows(store)[budget_name("cloud", "a")] - 1000.0) * 16

    seen = []
    for _ in range(7):
        found.reserve("cloud", "a")
        seen.append(turns_taken())
    assert seen == [1, 3, 3, 7, 7, 7, 7]

    found.reserve("cloud", "a")
    clock[0] += 10
    assert (found.reserve("cloud", "a"), turns_taken()) == (0.0, 161)


def test_without_the_database_a_request_waits_as_if_behind_another(store: Store) -> None:
    class Broken(Store):
        def writing(self) -> sa.Connection:  # type: ignore[override]
            raise StoreError("full")

    found = budgets(Broken(store._engine, "x"))

    assert waits(found, 2) == [50.0, 50.0]


def test_long_waits_are_told_in_the_thread_that_asked_for_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    told: list[tuple[str, int, int | None]] = []
    monkeypatch.setattr("migrator.budgets.shared.time.sleep", slept.append)
    put(store, time.time() + 13.4)
    found = budgets(store, Rate(0.5, 1))
    take = found.telling(lambda *what: told.append(what))
    take("cloud", "a")
    elsewhere = Thread(target=take, args=("cloud", "a"))
    elsewhere.start()
    elsewhere.join()

    what = "seconds of waiting, since other work asks the same account"
    assert (told, [round(each) for each in slept]) == (
        [(what, 0, 13), (what, 5, 13), (what, 10, 13)],
        [5, 5, 3, 5, 5, 5, 0],
    )


def test_what_is_taken_is_less_than_what_the_services_document() -> None:
    def most(service: str, seconds: float) -> float:
        return RATES[service].burst + RATES[service].per_second * seconds

    assert (
        most("cloudflare", 300) <= 1200,
        most("azure-writes", 300) <= 1000,
        most("azure-reads", 300) <= 10000,
    ) == (
        True,
        True,
        True,
    )
    assert {service: rate.block for service, rate in RATES.items()} == {
        "route53": 1,
        "cloudflare": 1,
        "azure-reads": 5,
        "azure-writes": 1,
    }


SHARED = Rate(40.0, 10)
WORKER = f"""
import json, sys, time
from migrator.budgets.shared import Budgets
from migrator.budgets.rates import Rate
from migrator.state.store import open_store
sent = []
with open_store(sys.argv[1]) as store:
    budgets = Budgets(store, {{"cloud": {SHARED!r}}})
    print("ready", flush=True)
    until = float(sys.stdin.readline())
    while time.time() < until:
        budgets.take("cloud", "a")
        sent.append(time.time())
print(json.dumps(sent))
"""


def test_three_processes_share_a_budget_and_all_go_on(tmp_path: Path) -> None:
    database = str(tmp_path / "state.db")
    command = [sys.executable, "-c", WORKER, database]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    until = f"{time.time() + 3}\n"
    for each in running:
        assert each.stdin is not None
        each.stdin.write(until)
        each.stdin.flush()
    sent = [json.loads(each.communicate(timeout=60)[0]) for each in running]
    every = sorted(at for each in sent for at in each)

    # What a process was given beforehand may be half a second late, and so may what it was about to send.
    late = 3 * (SHARED.block + 1)
    for start, first in enumerate(every):
        within = sum(at < first + 1 for at in every[start:])
        assert within <= SHARED.burst + SHARED.per_second + late
    assert len(every) <= SHARED.burst + SHARED.per_second * (every[-1] - every[0]) + late
    assert min(map(len, sent)) >= len(every) / 3 / 2
