"""The command line with `--database postgresql://...`: what is remembered there is what a file would have."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.demo.authority import Authority
from migrator.demo.internet import NEW_HOSTS, Internet
from migrator.state.store import open_store
from tests.cli.moving import begun, small_internet
from tests.importing.running import KILLED, run, service
from tests.installed import Run
from tests.lab.waiting import wait_until
from tests.postgres import PASSWORD, Postgres
from tests.snapshots import rrset
from tests.state.test_session_locks import sessions

IMPORT = ("import", "example.org.zone", "memory:example.org?state=state.json", "--yes", "--format", "json")
SOURCE = """\
$TTL 300
@ SOA ns1.old.example. hostmaster 1 7200 900 1209600 300
@ NS ns1.old.example.
@ MX 10 mail
mail A 192.0.2.25
www A 192.0.2.1
"""


@pytest.fixture
def database(postgres: Postgres, own_folder: Path) -> str:
    return postgres.new()


@pytest.fixture(scope="module")
def internet() -> Iterator[tuple[Internet, Authority, Authority]]:
    with small_internet() as found:
        yield found


def told(database: str, *command: str) -> Run:
    done = run(*command, "--database", database)
    assert PASSWORD not in done.out + done.err
    return done


def test_an_import_that_was_killed_goes_on_is_told_and_taken_back(database: str) -> None:
    Path("example.org.zone").write_text(SOURCE)
    cloud = service()
    cloud.make(rrset("www", "A", "198.51.100.1"))
    before = cloud.rrsets
    cloud.fail("killed:2")
    assert told(database, *IMPORT).code == KILLED
    cloud.fail()
    with open_store(database) as store:
        wait_until(lambda: sessions(store) == 0, "the session of the killed process has ended")

    again = told(database, *IMPORT)
    past = told(database, "history", "example.org", "--format", "json")
    back = told(database, "rollback", "example.org", "--yes")

    assert (again.code, again.json["verified"]) == (0, True), again
    assert [(write["kind"], write["end"], write["continues"]) for write in past.json["writes"]] == [
        ("import", None, None),
        ("import", "complete", 1),
    ]
    assert past.json["database"].startswith("postgresql://owner:***@127.0.0.1:")
    assert (back.code, cloud.rrsets) == (0, before)
    assert not Path("dns-migrator.db").exists()


def test_what_confirm_saw_has_a_history(
    database: str,
    internet: tuple[Internet, Authority, Authority],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    move = begun(internet, tmp_path, capsys)
    memory = ("--database", database)
    confirm = ("confirm", "example.org", "--from", "old.zone", "--to", "new.zone", "--network", "network.toml")

    early = move.run(*confirm, *memory, "--format", "json")
    move.delegate(NEW_HOSTS)
    late = move.run(*confirm, *memory, "--format", "json")
    past = move.run("history", "example.org", *memory, "--format", "json").json

    assert (early.json["stage"], late.json["stage"]) == ("not-started", "switched")
    new = sorted(str(host) for host in NEW_HOSTS)
    listed = [seen["rdatas"] for seen in past["seen"] if (seen["role"], seen["qtype"]) == ("parent", "NS")]
    assert listed[-1] == new
    assert listed[0] != new


def test_a_database_that_cannot_be_reached_stops_writes_and_history_and_not_a_look(
    database: str,
    internet: tuple[Internet, Authority, Authority],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nowhere = f"postgresql://me:{PASSWORD}@127.0.0.1:1/state"
    move = begun(internet, tmp_path, capsys)
    Path("example.org.zone").write_text(SOURCE)
    cloud = service()
    cloud.make()

    imported, past = told(nowhere, *IMPORT), told(nowhere, "history", "example.org")
    sides = ("--from", "old.zone", "--to", "new.zone", "--network", "network.toml", "--quiet")
    look = move.run("confirm", "example.org", *sides, "--database", nowhere)

    line = "dns-migrator: postgresql://me:***@127.0.0.1:1/state: the state database cannot be opened: "
    for done in (imported, past):
        assert (done.code, done.out, done.err.count("\n"), done.err.startswith(line)) == (3, "", 1, True), done
    assert cloud.writes == 0
    assert look.err.startswith(line)
    assert look.err.endswith("What was seen is shown, and will not be remembered.\n")
    assert "not-started" in look.out


def test_a_runbook_is_without_the_password(
    database: str,
    internet: tuple[Internet, Authority, Authority],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    move = begun(internet, tmp_path, capsys)

    sides = ("--from", "old.zone", "--to", "new.zone", "--network", "network.toml")
    said = move.run("plan", "example.org", *sides, "--database", database)

    assert f"--database {database.replace(f':{PASSWORD}', '')}" in said.out
    assert PASSWORD not in said.out + said.err
