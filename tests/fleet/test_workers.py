"""Three `worker` processes on one PostgreSQL: one is killed in an import, one is stopped for a while."""

import os
import signal
import time
from collections import Counter

import pytest

from migrator.demo.clouds.cloudflare import Fault
from migrator.journey.events import OUTCOMES, Kind
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import Status
from migrator.state.migrations import Told
from tests.fleet.conftest import Fleet
from tests.fleet.world import World
from tests.lab.waiting import wait_until
from tests.postgres import Postgres

_DOMAINS = 50
_LONG = 500
_STOPPED = 10.0


@pytest.fixture
def shared(fleet: Fleet, postgres: Postgres) -> Fleet:
    fleet.database = postgres.new()
    return fleet


def writes_of(world: World, domains: tuple[str, ...]) -> dict[str, Counter[tuple[str, bytes]]]:
    """Return what was written into the zones of each domain, each request with how often it came."""
    zones = {zone.identifier: zone.name.removesuffix(".") for zone in world.route53.account.zones.values()}
    zones |= {zone.identifier: zone.name for zone in world.cloudflare.account.zones.values()}
    found: dict[str, Counter[tuple[str, bytes]]] = {domain: Counter() for domain in domains}
    for request in world.writes():
        made = request.json().get("name", "") if request.operation == "CreateZone" else ""
        zone = made or next(zones[part] for part in request.path.split("/") if part in zones)
        if zone in found:
            found[zone][request.operation, request.body] += 1
    return found


def worker_of(fleet: Fleet, domain: str) -> int:
    """Return the process that makes an attempt for this domain now, 0 where none does."""
    name = fleet.migrations()[domain].worker
    return int(name.split("-")[-2]) if name else 0


def importing(fleet: Fleet, domains: tuple[str, ...]) -> str:
    """Wait until a new zone is made and not filled, where the fake takes its time, and return its domain."""
    busy = fleet.world.cloudflare.requests

    def found() -> str:
        slow = [request.path for request in tuple(busy) if request.operation == "RecordUsage"]
        zones = fleet.world.cloudflare.account.zones
        names = [zone.name for zone in zones.values() if any(zone.identifier in path for path in slow)]
        return next((name for name in names if name in domains), "")

    wait_until(lambda: bool(found()), "an import is under way", _LONG)
    return found()


@pytest.mark.lab
@pytest.mark.timeout(900)
def test_a_killed_and_a_stopped_worker_cost_no_domain_and_no_write_is_done_twice(shared: Fleet) -> None:
    fleet, world = shared, shared.world
    domains = fleet.take(_DOMAINS)
    fleet.add([f"{domain}," for domain in domains])
    world.cloudflare.fail(Fault("RecordUsage", delay=6.0, times=1))

    with world.watching(fleet.database):
        workers = {worker.pid: worker for worker in (fleet.begin("worker", "-j", "3", "-q") for _ in range(3))}
        victim = importing(fleet, domains)
        killed = worker_of(fleet, victim)
        workers[killed].send_signal(signal.SIGKILL)
        died = time.time()
        wait_until(lambda: fleet.migrations()[victim].stage is not Stage.IMPORT, "another takes it up", 60)
        taken_up_after = time.time() - died

        stopped, other = (pid for pid in workers if pid != killed)
        os.kill(stopped, signal.SIGSTOP)
        before = turns(fleet)
        time.sleep(_STOPPED)
        meanwhile = turns(fleet) - before
        os.kill(stopped, signal.SIGCONT)

        wait_until(lambda: fleet.count(Status.COMPLETE) == _DOMAINS, "all are complete", _LONG)
        for pid in (stopped, other):
            os.kill(pid, signal.SIGTERM)
            workers[pid].communicate(timeout=30)
            assert workers[pid].returncode == 0

    assert taken_up_after < 30
    assert meanwhile > 0
    told = {domain: fleet.told(domain) for domain in domains}
    made = Counter(by for each in told.values() for by in makers(each))
    assert len(made) == 3
    assert sum(str(killed) in name.split("-") for name in made) == 1
    assert sorted(made.values())[-2] > sum(made.values()) / 10, made
    for each in told.values():
        assert [event.stage for event in each.events if event.kind is Kind.DONE] == list(STAGES)
        assert len(makers(each)) == each.migration.turn
    twice = {
        (domain, operation): number
        for domain, written in writes_of(world, domains).items()
        for (operation, _), number in written.items()
        if number > 1
    }
    assert twice == {}
    kinds = Counter(op for written in writes_of(world, domains).values() for op, _ in written)
    assert kinds == {"CreateZone": _DOMAINS, "Batch": _DOMAINS, "ChangeResourceRecordSets": 2 * _DOMAINS}


def turns(fleet: Fleet) -> int:
    """Return how many attempts have ended."""
    return sum(each.turn for each in fleet.migrations().values())


def makers(told: Told) -> list[str]:
    """Return who made each attempt."""
    return [event.by for event in told.events if event.kind in OUTCOMES]
