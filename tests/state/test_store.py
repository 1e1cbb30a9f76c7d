"""The memory: what is written is there, in order, from any number of processes; what cannot be is said."""

import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.rdata
import pytest
import sqlalchemy as sa
from dns.rcode import Rcode
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.cli.expecting import expect_database
from migrator.cutover.memory import Memory, Run, set_text
from migrator.errors import InputError, LostError, StoreError
from migrator.model.names import absolute
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server, Silence, Transport
from migrator.model.rrset import RRsetKey, make
from migrator.state.databases import place_of
from migrator.state.drivererrors import translated
from migrator.state.store import Entry, Role, open_store
from migrator.state.tables import METADATA, OBSERVATIONS, SCHEMA

DOMAIN = absolute("example.test.")
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
OLD = "ns1.old.example. ns2.old.example."
NEW = "ns1.new.example. ns2.new.example."
INSIDE = "ns1.example.test. ns2.example.test."


def minutes(number: int) -> datetime:
    return START + timedelta(minutes=number)


def listing(shown: str, minute: int, address: str = "192.0.2.1", ttl: int = 172_800) -> Observation:
    rdatas = tuple(dns.rdata.from_text(RdataClass.IN, RdataType.NS, name) for name in shown.split())
    return Answer(
        Question(Server(address, 53, absolute("a.nic.test.")), DOMAIN, RdataType.NS),
        minutes(minute),
        Rcode.NOERROR,
        authoritative=False,
        truncated=False,
        recursion_available=False,
        authenticated=False,
        transport=Transport.UDP,
        elapsed=0.002,
        authority=(make(RRsetKey(DOMAIN, RdataType.NS), ttl, rdatas),),
    )


def silence(minute: int, address: str = "192.0.2.1") -> Observation:
    return NoAnswer(Question(Server(address), DOMAIN, RdataType.NS), minutes(minute), Silence.TIMEOUT)


def parent(shown: str, minute: int, address: str = "192.0.2.1", ttl: int = 172_800, expected: str = NEW) -> Entry:
    seen = listing(shown, minute, address, ttl)
    return Entry(DOMAIN, Role.PARENT, seen, shown, ttl, expected)


def server(shown: str, minute: int, address: str, ttl: int) -> Entry:
    return Entry(DOMAIN, Role.SERVER, listing(shown, minute, address, ttl), shown, ttl, NEW)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The file of a test that is about SQLite."""
    return tmp_path / "state.db"


def shown(database: str) -> str:
    return place_of(database).shown_as


def change(database: str, *statements: str) -> None:
    """Do to a database what this program never does."""
    engine = sa.create_engine(place_of(database).url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_equal_sights_one_after_another_are_one_run(state_database: str) -> None:
    with open_store(state_database) as store:
        store.append([parent(OLD, 0), parent(OLD, 1), parent(NEW, 2), parent(NEW, 3), parent(OLD, 4)])

        memory = store.memory(DOMAIN)

    address = "192.0.2.1"
    assert memory == Memory(
        parent=(
            Run(address, OLD, 172_800, minutes(0), minutes(1), NEW),
            Run(address, NEW, 172_800, minutes(2), minutes(3), NEW),
            Run(address, OLD, 172_800, minutes(4), minutes(4), NEW),
        )
    )


def with_glue(minute: int, *addresses: str, ttl: int = 300, listed: str = INSIDE) -> Entry:
    found = listing(listed, minute)
    assert isinstance(found, Answer)
    glue = tuple(
        make(
            RRsetKey(absolute(name), RdataType.A), ttl, (dns.rdata.from_text(RdataClass.IN, RdataType.A, address),)
        )
        for name, address in (pair.split("=") for pair in addresses)
    )
    return Entry(DOMAIN, Role.PARENT, replace(found, additional=glue), listed, 172_800, NEW)


def test_the_glue_of_name_servers_inside_the_domain_is_remembered_in_whatever_order_it_came(
    state_database: str,
) -> None:
    first, second = "ns1.example.test.=198.51.100.1", "ns2.example.test.=198.51.100.2"
    with open_store(state_database) as store:
        store.append([with_glue(0, first, second), with_glue(1, second, first), with_glue(2, first)])
        store.append([with_glue(3, first, "a.nic.test.=192.0.2.1"), with_glue(4, "ns1.example.test.=203.0.113.1")])
        store.append([with_glue(5, "ns1.old.example.=192.0.2.1", listed=OLD)])

        runs = store.memory(DOMAIN).parent

    both = "ns1.example.test. 198.51.100.1\nns2.example.test. 198.51.100.2"
    assert [(run.first, run.last, run.glue, run.glue_ttl) for run in runs] == [
        (minutes(0), minutes(1), both, 300),
        (minutes(2), minutes(3), "ns1.example.test. 198.51.100.1", 300),
        (minutes(4), minutes(4), "ns1.example.test. 203.0.113.1", 300),
        (minutes(5), minutes(5), "", None),
    ]


def test_what_servers_say_of_the_addresses_of_name_servers_is_remembered(state_database: str) -> None:
    def address_of(owner: str, address: str, minute: int) -> Entry:
        asked = Question(Server("192.0.2.9"), absolute(owner), RdataType.A)
        seen = NoAnswer(asked, minutes(minute), Silence.TIMEOUT)
        return Entry(DOMAIN, Role.SERVER, seen, address, 60, NEW)

    with open_store(state_database) as store:
        store.append([with_glue(0, "ns1.example.test.=198.51.100.1")])
        store.append([address_of("ns1.example.test.", "198.51.100.1", minute) for minute in (1, 2)])
        store.append([address_of("www.example.test.", "198.51.100.7", 3)])

        hosts = store.memory(DOMAIN).hosts

    assert hosts == {"ns1.example.test. A": (Run("192.0.2.9", "198.51.100.1", 60, minutes(1), minutes(2)),)}


def test_the_ds_sets_of_the_parent_are_remembered_in_whatever_order_they_came(state_database: str) -> None:
    one, other = f"1 13 2 {'ab' * 32}", f"2 13 2 {'cd' * 32}"

    def signed_by(minute: int, *lines: str) -> Entry:
        asked = Question(Server("192.0.2.1"), DOMAIN, RdataType.DS)
        seen = NoAnswer(asked, minutes(minute), Silence.TIMEOUT)
        return Entry(DOMAIN, Role.PARENT, seen, "\n".join(lines), 60 if lines else None, NEW)

    with open_store(state_database) as store:
        store.append([signed_by(0, one, other), signed_by(1, other, one), signed_by(2)])

        signers = store.memory(DOMAIN).signers

    assert [(run.shown, run.ttl, run.first) for run in signers] == [
        (f"{one}\n{other}", 60, minutes(0)),
        (f"{one}\n{other}", 60, minutes(1)),
        ("", None, minutes(2)),
    ]


def test_runs_are_of_one_address_one_ttl_and_one_expectation(state_database: str) -> None:
    with open_store(state_database) as store:
        store.append([parent(OLD, 0), parent(OLD, 0, "192.0.2.2"), parent(OLD, 1, ttl=300)])
        store.append([parent(OLD, 2, ttl=300, expected=OLD), server(OLD, 3, "192.0.2.9", 60), parent(OLD, 3)])
        store.append([parent("", 5, "192.0.2.2")])

        memory = store.memory(DOMAIN)

    assert memory == Memory(
        parent=(
            Run("192.0.2.1", OLD, 172_800, minutes(0), minutes(0), NEW),
            Run("192.0.2.2", OLD, 172_800, minutes(0), minutes(0), NEW),
            Run("192.0.2.1", OLD, 300, minutes(1), minutes(1), NEW),
            Run("192.0.2.1", OLD, 300, minutes(2), minutes(2), OLD),
            Run("192.0.2.1", OLD, 172_800, minutes(3), minutes(3), NEW),
            Run("192.0.2.2", "", 172_800, minutes(5), minutes(5), NEW),
        ),
        apex=(Run("192.0.2.9", OLD, 60, minutes(3), minutes(3), NEW),),
    )


@pytest.mark.parametrize(
    ("seen", "first", "last"),
    [
        pytest.param((60, 0, 90), 60, 90, id="it went back for a while: what was seen first was not seen earlier"),
        pytest.param((900, 60, 90), 60, 90, id="it was ahead: what was seen since tells better"),
        pytest.param((0, 900, 90), 0, 90, id="it was ahead for a while"),
    ],
)
def test_a_clock_that_jumped_is_told_by_the_order_of_the_looks(
    state_database: str, seen: tuple[int, ...], first: int, last: int
) -> None:
    with open_store(state_database) as store:
        store.append([parent(NEW, minute) for minute in seen])

        memory = store.memory(DOMAIN)

    assert memory.parent == (Run("192.0.2.1", NEW, 172_800, minutes(first), minutes(last), NEW),)


def test_silence_is_kept_and_breaks_no_run(state_database: str) -> None:
    seen = [parent(OLD, 0), Entry(DOMAIN, Role.PARENT, silence(1)), parent(OLD, 2)]
    with open_store(state_database) as store:
        store.append(seen)

    with open_store(state_database) as store:
        assert [run.last for run in store.memory(DOMAIN).parent] == [minutes(2)]
        assert list(store.observations(DOMAIN)) == [entry.observation for entry in seen]


def test_another_domain_is_another_memory(state_database: str) -> None:
    with open_store(state_database) as store:
        store.append([parent(OLD, 0)])

        assert store.memory(absolute("other.test.")) == Memory()
        assert store.memory(absolute("EXAMPLE.test.")).parent != ()


def test_a_look_is_remembered_whole_or_not_at_all(database: Path) -> None:
    with open_store(str(database)) as store:
        with closing(sqlite3.connect(database)) as other, other:
            other.execute(
                "CREATE TRIGGER full BEFORE INSERT ON migrator_observations WHEN NEW.address = '192.0.2.66' "
                "BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        with pytest.raises(StoreError, match=r"the state database cannot be written: no\.$"):
            store.append([parent(OLD, 0), parent(OLD, 0, "192.0.2.66")])

        assert store.memory(DOMAIN) == Memory()


WRITER = """
import sys
from tests.state.test_store import parent, OLD, NEW
from migrator.state.store import open_store
print("ready", flush=True)
sys.stdin.readline()
for i in range(25):
    with open_store(sys.argv[1]) as store:
        store.append([parent(NEW if i % 2 else OLD, i, f"192.0.2.{n}") for n in range(10)])
"""


def test_processes_that_write_at_once_lose_nothing(state_database: str) -> None:
    """They begin with no file, so that they also make the tables at once."""
    command = [sys.executable, "-c", WRITER, state_database]
    root = Path(__file__).resolve().parents[2]
    writers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
        for _ in range(3)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.communicate("go\n")

    assert [writer.returncode for writer in writers] == [0, 0, 0]
    with open_store(state_database) as store:
        assert sum(1 for _ in store.observations(DOMAIN)) == 3 * 25 * 10


def test_a_lock_that_lasts_is_said_and_the_row_is_not_lost_silently(database: Path) -> None:
    with open_store(str(database), patience=0.05) as store:
        holder = sqlite3.connect(database, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            with pytest.raises(StoreError) as caught:
                store.append([parent(OLD, 0)])
            assert store.memory(DOMAIN) == Memory()
        finally:
            holder.close()

    assert str(caught.value) == (
        f"{database}: the state database cannot be written: database is locked (another process holds its lock)."
    )


def test_a_newer_schema_is_refused(state_database: str) -> None:
    open_store(state_database).close()
    change(state_database, "UPDATE migrator_schema SET version = 7")

    with pytest.raises(InputError) as caught:
        open_store(state_database)

    assert str(caught.value) == (
        f"{shown(state_database)}: the state database was written by a newer dns-migrator (schema 7, this one "
        "knows 6): use that version, or another --database."
    )


def test_an_older_schema_gets_the_tables_that_it_lacks_and_keeps_what_it_has(state_database: str) -> None:
    with open_store(state_database) as store:
        store.append([parent(OLD, 0)])
        remembered = store.memory(DOMAIN)
    later = [table.name for table in reversed(METADATA.sorted_tables) if table not in {SCHEMA, OBSERVATIONS}]
    change(
        state_database,
        *(f"DROP TABLE {table}" for table in later),
        "DELETE FROM migrator_schema",
        "INSERT INTO migrator_schema VALUES (1)",
    )

    with open_store(state_database) as store:
        assert store.memory(DOMAIN) == remembered
        with store.reading() as reading:
            for table in later:
                assert list(reading.exec_driver_sql(f"SELECT count(*) FROM {table}")) == [(0,)]
            assert list(reading.exec_driver_sql("SELECT max(version) FROM migrator_schema")) == [(6,)]


def test_a_schema_that_is_no_number_is_refused(state_database: str) -> None:
    change(
        state_database,
        "CREATE TABLE migrator_schema (version VARCHAR)",
        "INSERT INTO migrator_schema VALUES ('one')",
    )

    with pytest.raises(InputError) as caught:
        open_store(state_database)

    assert str(caught.value) == (
        f"{shown(state_database)}: damaged, or no state database: its schema is 'one'. Move it away, or give "
        "another one with --database."
    )


def test_a_row_that_cannot_be_read_names_the_database(state_database: str) -> None:
    with open_store(state_database) as store:
        store.append([parent(OLD, 0)])
    change(state_database, "UPDATE migrator_observations SET utc = 'never'")

    with open_store(state_database) as store, pytest.raises(InputError) as caught:
        store.memory(DOMAIN)

    assert str(caught.value) == (
        f"{shown(state_database)}: damaged, or no state database: 'never' is no time such as "
        "2026-12-01T09:00:00Z. Move it away, or give another one with --database."
    )


def test_a_file_that_is_no_database_is_refused_and_left_alone(database: Path) -> None:
    database.write_text("$ORIGIN example.org.\n" * 100)

    with pytest.raises(InputError) as caught:
        open_store(str(database))

    assert str(caught.value) == (
        f"{database}: damaged, or no state database: file is not a database. Move it away, or give another one "
        "with --database."
    )
    assert database.read_text().startswith("$ORIGIN")


def test_a_damaged_database_is_refused(database: Path) -> None:
    with open_store(str(database)) as store:
        store.append([parent(OLD, i) for i in range(200)])
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    content = bytearray(database.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    database.write_bytes(content)

    with pytest.raises(InputError, match=r"damaged, or no state database: "), open_store(str(database)) as store:
        store.memory(DOMAIN)


def test_an_existing_empty_file_becomes_a_database(database: Path) -> None:
    database.touch()

    with open_store(str(database)) as store:
        store.append([parent(OLD, 0)])
        assert len(store.memory(DOMAIN).parent) == 1


NO_URL = "--database: this is no SQLAlchemy URL, such as sqlite:///state.db or postgresql://user@host/database."


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{tmp}", "{tmp}: a folder; --database takes a file or an SQLAlchemy URL."),
        (
            "{tmp}/no/state.db",
            "{tmp}/no/state.db: the folder {tmp}/no does not exist; --database takes a file or an SQLAlchemy URL.",
        ),
        ("://x", NO_URL),
        ("postgresql://user:se/cret@h:secret/db", NO_URL),
        ("postgresql:/user:secret@h/db", NO_URL),
        ("postgres:user:secret@h/db", NO_URL),
        ("host=h dbname=db user=user password=secret", NO_URL),
        ("service=db sslpassword = secret", NO_URL),
        (
            "nosuch://user:secret@h/db?password=secret",
            "nosuch://user:***@h/db: no such database can be used: sqlite:// and postgresql:// can.",
        ),
    ],
)
def test_what_can_be_no_database_is_refused_without_a_secret(tmp_path: Path, given: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        open_store(given.format(tmp=tmp_path))

    assert str(caught.value) == message.format(tmp=tmp_path)


IN_MEMORY = (
    "sqlite://",
    "sqlite:///",
    "sqlite+pysqlite:///",
    "sqlite:///:memory:",
    ":memory:",
    "sqlite:///file:?uri=true",
    "sqlite:///file::memory:?cache=shared&uri=true",
    "sqlite:///file:state.db?mode=memory&uri=true",
)


@pytest.mark.parametrize("given", IN_MEMORY)
def test_a_database_that_ends_with_the_process_is_refused(given: str) -> None:
    with pytest.raises(InputError) as caught:
        open_store(given)

    assert str(caught.value) == (
        "--database: a database in memory keeps nothing: name a file, as in sqlite:///state.db, or PostgreSQL."
    )


@pytest.mark.parametrize("given", ["postgresql:/user:secret@h/db", "host=h password=secret"])
def test_what_lacks_a_slash_of_a_url_is_no_file_that_is_missing(given: str) -> None:
    with pytest.raises(InputError) as caught:
        expect_database(given)

    assert str(caught.value) == NO_URL


@pytest.mark.parametrize("name", ["user=joe/state.db", "host=a.db", "postgres/state.db", "my-password=1.db"])
def test_a_folder_or_a_file_may_have_an_equals_sign_in_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)

    with open_store(str(path)):
        assert path.exists()


def test_a_url_serves_as_well_as_a_path(database: Path) -> None:
    with open_store(f"sqlite:///{database}") as store:
        store.append([parent(OLD, 0)])
    with open_store(str(database)) as store:
        assert len(store.memory(DOMAIN).parent) == 1


def test_a_file_that_cannot_be_written_can_still_be_read(database: Path) -> None:
    with open_store(str(database)) as store:
        store.append([parent(OLD, 0)])

    with open_store(f"sqlite:///file:{database}?mode=ro&uri=true") as store:
        assert len(store.memory(DOMAIN).parent) == 1
        with pytest.raises(StoreError, match="cannot be written: attempt to write a readonly database"):
            store.append([parent(OLD, 1)])


def test_a_place_where_no_file_can_be_made_is_said() -> None:
    with pytest.raises(StoreError) as caught:
        open_store("/proc/self/state.db")

    assert str(caught.value) == (
        "/proc/self/state.db: the state database cannot be opened: unable to open database file; the file and its "
        "folder have to be writable; --database names another one."
    )


FILLER = """
import resource, sys
from tests.state.test_store import parent, OLD, NEW
from migrator.state.store import open_store
from migrator.errors import StoreError
with open_store(sys.argv[1]) as store:
    store.append([parent(OLD, 0)])
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    try:
        for i in range(1, 10_000):
            store.append([parent(OLD, i) for _ in range(10)])
    except StoreError as exc:
        print(i, exc)
"""


def test_a_full_disk_is_said_and_what_was_written_before_stays(database: Path) -> None:
    """A limit to the size of files stands for the disk: writes fail in the same way."""
    assert resource.RLIMIT_FSIZE
    done = subprocess.run(
        [sys.executable, "-c", FILLER, str(database)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )

    looks, _, message = done.stdout.partition(" ")
    assert message.startswith(f"{database}: the state database cannot be written: ")
    with open_store(str(database)) as store:
        assert sum(1 for _ in store.observations(DOMAIN)) == 1 + (int(looks) - 1) * 10


def test_set_text_is_one_for_equal_sets() -> None:
    assert set_text([absolute("B.example."), absolute("a.example.")]) == "a.example. b.example."


def test_a_file_that_is_deleted_or_replaced_takes_nothing_more(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with open_store(str(path)) as store:
        path.unlink()
        with pytest.raises(LostError, match="deleted or replaced"):
            store.memory(DOMAIN)
        with open_store(str(path)), pytest.raises(LostError, match="deleted or replaced"):
            store.append([parent(OLD, 0)])
    with open_store(str(path)) as store:
        assert store.memory(DOMAIN) == Memory()


def test_a_disk_without_room_is_named_where_sqlite_says_less() -> None:
    cause = sqlite3.OperationalError("disk I/O error")
    cause.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE

    with pytest.raises(StoreError) as raised, translated("state.db", "cannot be opened"):
        raise cause

    assert str(raised.value) == (
        "state.db: the state database cannot be opened: disk I/O error, as on a disk without room: make some, and "
        "type the command again."
    )
