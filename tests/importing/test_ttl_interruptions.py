"""Whatever interrupts `ttl`: no original is lost, nothing is written twice, and the same command goes on."""

import itertools
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrator.model.rrset import RRset
from migrator.state.journal import Journal, Kind
from migrator.state.store import open_store
from migrator.state.tables import TTLS
from migrator.state.ttlmemory import TtlMemory
from tests.importing.memory import NS, SOA, Service
from tests.importing.running import KILLED, run, service
from tests.snapshots import ORIGIN, rrset

FIRST = tuple(
    sorted(
        (SOA, NS, *(rrset(f"h{n}", "A", f"192.0.2.{n}", ttl=3600 + n) for n in range(2))),
        key=lambda found: found.key.folded[::-1],
    )
)
FORM = ("--yes", "--wait", "0", "--format", "json", "--network", "network.toml")
LOWER = ("ttl", "lower", "example.org", "--from", "memory:example.org?state=state.json", *FORM)
RESTORE = ("ttl", "restore", "example.org", *FORM)
# The service has no name servers: what is written there is proved, and what is served is not.
UNCHECKED = 3
PROFILE = """\
root_hints = "named.root"
timeout = 0.1
attempts = 1
rdap_bootstrap = ""
allow_special_addresses = true
"""
HINTS = ". 3600 IN NS a.root.test.\na.root.test. 3600 IN A 127.53.99.9\n"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("DNS_MIGRATOR_NETWORK", "DNS_MIGRATOR_DATABASE"):
        monkeypatch.delenv(variable, raising=False)


def begin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """A zone with long TTLs, and a network where nobody answers."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("network.toml").write_text(PROFILE)
    Path("named.root").write_text(HINTS)
    cloud = service()
    cloud.put(*FIRST)
    return cloud


def ttls(cloud: Service) -> dict[str, int | None]:
    return {f"{found.owner} {found.rdtype.name}": found.ttl for found in cloud.rrsets or ()}


def finishes(cloud: Service, number: int) -> None:
    """The same command again lowers what is left, once; restoring then gives the zone as it was."""
    again = run(*LOWER)
    (zone,) = again.json["zones"]
    assert (again.code, zone["applied"], zone["verified"], zone["error"]) == (UNCHECKED, True, True, None), again
    assert set(ttls(cloud).values()) == {300}
    writes = cloud.writes
    (once_more,) = run(*LOWER).json["zones"]
    assert (once_more["changes"], cloud.writes) == ([], writes), number
    (back,) = run(*RESTORE).json["zones"]
    assert (back["changed_since"], back["verified"]) == ([], True)
    assert _sorted(cloud.rrsets or ()) == _sorted(FIRST)


def _sorted(rrsets: tuple[RRset, ...]) -> list[RRset]:
    return sorted(rrsets, key=lambda found: (found.key.folded, found.rdtype))


@pytest.mark.parametrize("side", ["-", "+"])
def test_killed_at_every_transaction_of_a_lowering(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in itertools.count(1):
        cloud = begin(tmp_path / f"{step}{side}", monkeypatch)
        killed = run(*LOWER, kill_at=f"{step}{side}")
        if killed.code != KILLED:
            assert killed.code == UNCHECKED
            break
        finishes(cloud, step)
    assert step > 5


@pytest.mark.parametrize("kind", ["dead", "killed"])
def test_killed_at_every_write_of_a_lowering(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in itertools.count(1):
        cloud = begin(tmp_path / f"{kind}{number}", monkeypatch)
        cloud.fail(f"{kind}:{number}")
        killed = run(*LOWER)
        cloud.fail()
        if killed.code != KILLED:
            assert killed.code == UNCHECKED
            break
        finishes(cloud, number)
    assert number == len(FIRST) + 1


@pytest.mark.parametrize("kind", ["dead", "killed"])
def test_killed_at_every_write_of_a_restoring(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in itertools.count(1):
        cloud = begin(tmp_path / f"{kind}{number}", monkeypatch)
        run(*LOWER)
        cloud.fail(f"{kind}:{len(FIRST) + number}")
        killed = run(*RESTORE)
        cloud.fail()
        if killed.code != KILLED:
            assert killed.code == UNCHECKED
            break
        assert run(*RESTORE).code in {0, UNCHECKED}
        assert _sorted(cloud.rrsets or ()) == _sorted(FIRST)
    assert number == len(FIRST) + 1


FAULTS = {
    "expired:3": (3, "the credential has expired; log in again. So far 2 of 4 changes are done"),
    "refused:3": (3, "3 of 4 changes are done; the others were not carried out. refused: the service"),
    "edited:3": (4, "Somebody has changed the target meanwhile; that was left alone: 3 of 4 changes are done."),
    "interrupt:3": (3, "Interrupted: 2 of 4 changes are done"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_and_what_was_lowered_is_remembered(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, message = FAULTS[fault]
    cloud = begin(tmp_path / "one", monkeypatch)
    cloud.fail(fault)
    done = run(*LOWER)
    cloud.fail()

    assert done.code == code
    assert message in done.err
    with open_store("dns-migrator.db") as store:
        (remembered,) = TtlMemory(store).pending(ORIGIN)
        (journalled,) = Journal(store).runs(ORIGIN)
    assert {original.ttl for original in remembered.originals.values()} == {f.ttl for f in FIRST}
    assert (journalled.new.kind, journalled.is_complete) == (Kind.TTL_LOWER, False)
    if "edited" not in fault:
        finishes(cloud, 0)


def test_a_lowering_that_goes_on_is_undone_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = begin(tmp_path / "one", monkeypatch)
    cloud.fail("killed:3")
    assert run(*LOWER).code == KILLED
    cloud.fail()
    run(*LOWER)

    done = run("rollback", "example.org", "--yes", "--format", "json", "--network", "network.toml")

    assert (done.code, done.json["verified"]) == (0, True)
    assert _sorted(cloud.rrsets or ()) == _sorted(FIRST)


def test_what_is_put_back_is_remembered_with_the_run_that_did_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(tmp_path / "one", monkeypatch)
    run(*LOWER)
    run(*RESTORE)

    with open_store("dns-migrator.db") as store, store.reading() as connection:
        found = connection.execute(sa.select(TTLS.c.event, TTLS.c.run).order_by(TTLS.c.id)).all()

    assert [tuple(row) for row in found] == [("lowered", 1)] * len(FIRST) + [("restored", 2)] * len(FIRST)
