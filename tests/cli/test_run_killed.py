"""A whole migration whose process is killed at every event, before and after it, and in the midst of each write.

Whatever dies and whenever: the same command goes on, every attempt ends once, and the providers are asked to write
nothing twice but what a dead process cannot have known to be written.
"""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrator.demo.clouds import cloudflare, route53
from migrator.demo.internet import REGISTRY_ADDRESSES
from migrator.journey.events import OUTCOMES, Kind
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import Status
from migrator.state.store import open_store
from migrator.state.tables import EVENTS
from tests.cli.journeying import CF, LOSS, MAY_GO, R53, Journey, Zone, journey
from tests.cli.killing import Lives
from tests.importing.running import KILLED
from tests.lab.waiting import wait_until

BEGIN = ("--from", R53, "--to", CF, "--lowered-ttl", "1", "--every", "1", "--accept", LOSS, "--yes")
RUN = ("run", "example.org")
WRITES = {
    Stage.IMPORT: ("cloudflare", "Batch"),
    Stage.LOWER_TTLS: ("route53", "ChangeResourceRecordSets"),
    Stage.RESTORE_TTLS: ("route53", "ChangeResourceRecordSets"),
}


@pytest.fixture
def there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Journey]:
    with journey(tmp_path, capsys, monkeypatch) as found:
        yield found


def writes(there: Journey) -> list[str]:
    """Every request that changed something, or was to."""
    services = (there.accounts.cloudflare, there.accounts.route53)
    wanted = {operation for _, operation in WRITES.values()}
    return [each.operation for service in services for each in service.requests if each.operation in wanted]


def records(zone: Zone) -> dict[tuple[str, str], tuple[str, ...]]:
    """What a zone says beside its apex, without TTLs, which have a least value at Cloudflare."""
    return {key: rdatas for key, (_, rdatas) in zone.items() if key[1] not in {"SOA", "NS"}}


def die_of_write(there: Journey, lives: Lives, stage: Stage, drop: str) -> None:
    """Kill the command when its write arrives, or when it has been carried out."""
    name, operation = WRITES[stage]
    service: cloudflare.Cloudflare | route53.Route53
    if name == "cloudflare":
        service = there.accounts.cloudflare
        service.fail(cloudflare.Fault(operation, drop=drop, edit=lives.kill))
    else:
        service = there.accounts.route53
        service.fail(route53.Fault(operation, drop=drop, edit=lives.kill))
    assert lives.live(*RUN, why=f"{drop} write").code == KILLED, stage
    # What was sent by the dead arrives before anybody else comes.
    wait_until(lambda: service._busy == 0, "the end of the request", 60)


def turns(there: Journey) -> list[int]:
    with open_store(str(there.folder / "dns-migrator.db")) as store, store.reading() as connection:
        found = connection.execute(sa.select(EVENTS.c.turn).where(EVENTS.c.turn.is_not(None)))
        return sorted(found.scalars())


@pytest.mark.timeout(600)
def test_a_migration_that_is_killed_at_every_event_and_write_comes_to_its_end(there: Journey) -> None:
    zones = there.export(R53)
    lives = Lives(there.folder)
    assert lives.live(*RUN, *BEGIN, kill_at="before event").code == KILLED
    died: set[Stage] = set()
    switched = iter(REGISTRY_ADDRESSES)

    while (told := there.told).state.doing is not Status.COMPLETE:
        stage = told.state.stage
        if stage in WRITES and stage not in died:
            died.add(stage)
            die_of_write(there, lives, stage, "before")
            # Carried out, and nobody was told.
            die_of_write(there, lives, stage, "after")
        assert lives.live(*RUN, kill_at="before event").code == KILLED, stage
        assert there.told.events[-1].kind in {Kind.BEGUN, *OUTCOMES}
        assert there.told.state.turn == told.state.turn, "what was not kept has not happened"
        assert lives.live(*RUN, kill_at="after event").code == KILLED, stage
        assert there.told.state.turn == told.state.turn + 1
        if stage in {Stage.SWITCH, Stage.PARENT}:
            # The person switches while the command is dead: one server of the registry knows of it, then both.
            address = next(switched, None)
            if address is not None:
                there.switch(address)

    end = lives.live(*RUN)
    assert (end.code, MAY_GO.search(" ".join(end.out.split())) is not None) == (0, True)
    told = there.told
    assert [event.stage for event in told.events if event.kind is Kind.DONE] == list(STAGES)
    assert len(set(turns(there))) == len(turns(there))
    assert sum(event.times for event in told.events if event.kind in OUTCOMES) == told.state.turn
    assert not {event.kind for event in told.events} & {Kind.FAILED, Kind.AGAIN}
    assert there.export(R53) == zones, "with the TTLs of before"
    assert records(there.export(CF)) == records(zones) | {
        ("example.org.", "CNAME"): ("d111111abcdef8.cloudfront.net.",),
        ("shop.example.org.", "A"): ("192.0.2.71", "192.0.2.72"),
    }
    # Of each pair one arrived and was not carried out, one was: nobody wrote it a second time.
    assert sorted(writes(there)) == ["Batch"] * 2 + ["ChangeResourceRecordSets"] * 4
    assert len(lives.killed) >= 2 * len(STAGES) + 2 * len(WRITES)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("stage", [Stage.BACKUP, Stage.LOWER_TTLS])
def test_killed_before_every_transaction_of_an_attempt(there: Journey, stage: Stage) -> None:
    there.stands_at(stage, replace(there.options, yes=True))
    before = there.told.state.turn
    lives = Lives(there.folder)

    for number in itertools.count(1):
        found = lives.live(*RUN, "--no-wait", kill_at=f"before {number}")
        if there.told.state.turn > before:
            break
        assert found.code == KILLED
        assert there.told.state.stage is stage

    assert number > 5
    done = [event for event in there.told.events if event.stage is stage and event.kind in OUTCOMES]
    assert [event.kind for event in done] == [Kind.DONE]
    assert len(writes(there)) == (stage is Stage.LOWER_TTLS)
