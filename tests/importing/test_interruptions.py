"""Whatever interrupts an import: the same command again ends in the same state, and nothing is written twice."""

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from migrator.model.rrset import RRset
from migrator.state.journal import Journal
from migrator.state.locks import only_writer
from migrator.state.store import open_store
from tests.importing.memory import Service
from tests.importing.running import KILLED, run, service
from tests.installed import PATIENCE
from tests.snapshots import ORIGIN, rrset

SOURCE = """\
$TTL 300
@ SOA ns1.old.example. hostmaster 1 7200 900 1209600 300
@ NS ns1.old.example.
@ MX 10 mail
mail A 192.0.2.25
www A 192.0.2.1
shop 60 A 192.0.2.2
sub NS ns1.sub
ns1.sub A 192.0.2.53
"""
OLD = (
    rrset("www", "CNAME", "old.example.net."),
    rrset("shop", "A", "198.51.100.2"),
    rrset("gone", "A", "198.51.100.3"),
)
COMMAND = (
    "import",
    "example.org.zone",
    "memory:example.org?state=state.json",
    "--yes",
    "--delete",
    "--format",
    "json",
)
KEY = "memory:example.org."


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("DNS_MIGRATOR_NETWORK", "DNS_MIGRATOR_DATABASE"):
        monkeypatch.delenv(variable, raising=False)
    Path("example.org.zone").write_text(SOURCE)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[RRset, ...]]:
    """The zone after an import that nothing interrupts: into a new zone, and into one with old records."""
    found = {}
    before = Path.cwd()
    for begun in ("new", "old"):
        os.chdir(tmp_path_factory.mktemp(begun))
        Path("example.org.zone").write_text(SOURCE)
        cloud = begin(begun)
        assert run(*COMMAND).code == 0
        found[begun] = cloud.rrsets or ()
    os.chdir(before)
    assert found["new"] == found["old"]
    return found


def begin(how: str) -> Service:
    cloud = service()
    if how == "old":
        cloud.make(*OLD)
    return cloud


def goes_on(cloud: Service, wanted: tuple[RRset, ...]) -> None:
    """The same command again finishes the work, and once more has nothing to do."""
    again = run(*COMMAND)
    assert (again.code, again.json["applied"], again.json["verified"]) == (0, True, True), again
    assert cloud.rrsets == wanted
    writes = cloud.writes
    once_more = run(*COMMAND)
    assert (once_more.code, once_more.json["verified"], once_more.json["changes"]) == (0, True, [])
    assert once_more.json["calls"]["writes"] == 0
    assert cloud.writes == writes


@pytest.mark.parametrize("begun", ["new", "old"])
@pytest.mark.parametrize("side", ["-", "+"])
def test_killed_at_every_step_of_the_journal(
    begun: str, side: str, wanted: dict[str, tuple[RRset, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in itertools.count(1):
        folder = tmp_path / str(step)
        folder.mkdir()
        monkeypatch.chdir(folder)
        Path("example.org.zone").write_text(SOURCE)
        cloud = begin(begun)
        killed = run(*COMMAND, kill_at=f"{step}{side}")
        if killed.code != KILLED:
            assert killed.code == 0
            break
        goes_on(cloud, wanted[begun])
    assert step > 4


@pytest.mark.parametrize("begun", ["new", "old"])
@pytest.mark.parametrize("kind", ["dead", "killed"])
def test_killed_at_every_write(
    begun: str, kind: str, wanted: dict[str, tuple[RRset, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in itertools.count(1):
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.chdir(folder)
        Path("example.org.zone").write_text(SOURCE)
        cloud = begin(begun)
        cloud.fail(f"{kind}:{number}")
        killed = run(*COMMAND)
        cloud.fail()
        if killed.code != KILLED:
            assert killed.code == 0
            break
        goes_on(cloud, wanted[begun])
    assert number > 7


FAULTS: dict[str, tuple[int, str]] = {
    "lost:3": (0, ""),
    "expired:3": (3, "the credential has expired; log in again. So far 2 of 9 changes are done; the same command"),
    "refused:3": (3, "8 of 9 changes are done; the others were not carried out. refused: the service"),
    "edited:3": (4, "Somebody has changed the target meanwhile; that was left alone: 8 of 9 changes are done."),
    "interrupt:3": (
        3,
        "Interrupted: 2 of 9 changes are done, and 7 more may be. The same command goes on from there.",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("begun", ["new", "old"])
def test_a_fault_is_named_and_the_same_command_goes_on(
    begun: str, fault: str, wanted: dict[str, tuple[RRset, ...]]
) -> None:
    code, message = FAULTS[fault]
    kind, _, number = fault.partition(":")
    cloud = begin(begun)
    cloud.fail(f"{kind}:{int(number) + (begun == 'new')}")
    done = run(*COMMAND)
    cloud.fail()

    assert done.code == code, done
    if begun == "old":
        assert message in done.err
    assert done.err.count("\n") == bool(code)
    assert (done.json["applied"], done.json["verified"]) == (code == 0, code == 0)
    states = [change["outcome"] for change in done.json["changes"]]
    assert (states.count("done") == len(states)) is (code == 0)
    goes_on(cloud, wanted[begun])


def test_a_zone_that_was_made_is_named_where_it_cannot_be_read(wanted: dict[str, tuple[RRset, ...]]) -> None:
    cloud = begin("new")
    cloud.fail("unread:1")
    done = run(*COMMAND)
    cloud.fail()

    assert done.code == 3
    assert "memory: these credentials may not read. The zone has been made, and nothing" in done.err
    goes_on(cloud, wanted["new"])


def test_ctrl_c_from_outside_is_exit_code_3_and_goes_on(wanted: dict[str, tuple[RRset, ...]]) -> None:
    cloud = begin("old")
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.importing.command", *COMMAND],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while started.poll() is None and not cloud.writes:
        pass
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=PATIENCE)

    assert started.returncode in {0, 3}
    assert (started.returncode == 3) == ("Interrupted" in err)
    assert "Traceback" not in err
    goes_on(cloud, wanted["old"])


def test_what_is_approved_once_is_not_asked_again_after_an_interruption() -> None:
    """Half of a large replacement is done; what is left is no smaller a share than what was allowed."""
    Path("example.org.zone").write_text(
        SOURCE.split("@ MX", maxsplit=1)[0] + "".join(f"h{n} A 192.0.2.1\nn{n} A 192.0.2.2\n" for n in range(9))
    )
    cloud = service()
    cloud.make(*(rrset(f"h{n}", "A", "198.51.100.1") for n in range(9)))
    cloud.fail("killed:10")
    assert run(*COMMAND).code == KILLED
    cloud.fail()

    assert run(*COMMAND).code == 0, "nine of nine is no brake, and nine of eighteen is none after that"


def test_two_imports_into_one_zone_at_once_are_one() -> None:
    cloud = begin("old")
    with open_store("dns-migrator.db") as store, only_writer(store, KEY):
        second = run(*COMMAND)

    assert (second.code, second.out, cloud.writes) == (4, "", 0)
    assert second.err.startswith(
        f"dns-migrator: {KEY}: another run of dns-migrator writes to it (process {os.getpid()}"
    )
    assert second.err.count("\n") == 1


def test_another_zone_is_not_locked() -> None:
    begin("old")
    with open_store("dns-migrator.db") as store, only_writer(store, "memory:example.net."):
        assert run(*COMMAND).code == 0


def test_a_plan_alone_needs_no_lock_and_leaves_no_database() -> None:
    cloud = begin("old")
    shown = run(*(word for word in COMMAND if word != "--yes"))

    assert (shown.code, cloud.writes, Path("dns-migrator.db").exists(), Path("backups").exists()) == (
        0,
        0,
        False,
        False,
    )
    with open_store("dns-migrator.db") as store, only_writer(store, KEY):
        assert run(*(word for word in COMMAND if word != "--yes")).code == 0


def test_an_interrupted_import_and_its_continuation_are_one_import_to_a_rollback() -> None:
    cloud = begin("old")
    before = cloud.rrsets
    cloud.fail("killed:4")
    assert run(*COMMAND).code == KILLED
    cloud.fail()
    assert run(*COMMAND).code == 0
    with open_store("dns-migrator.db") as store:
        first, second = Journal(store).runs(ORIGIN)
    assert (second.new.continues, first.end, second.is_complete) == (first.number, None, True)

    back = run("rollback", "example.org", "--yes", "--format", "json")
    assert (back.code, back.json["applied"], back.json["verified"]) == (0, True, True), back
    assert cloud.rrsets == before


@pytest.mark.parametrize("number", range(1, 5))
def test_a_rollback_that_is_killed_goes_on_too(number: int) -> None:
    cloud = begin("old")
    before = cloud.rrsets
    assert run(*COMMAND).code == 0
    cloud.fail(f"killed:{cloud.writes + number}")
    assert run("rollback", "example.org", "--yes").code == KILLED
    cloud.fail()

    assert run("rollback", "example.org", "--yes").code == 0
    assert cloud.rrsets == before
    writes = cloud.writes
    assert run("rollback", "example.org", "--yes").code == 0
    assert cloud.writes == writes
