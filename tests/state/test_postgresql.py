"""The state database on PostgreSQL: what is wrong is one line without the password, and nothing is lost."""

from collections.abc import Iterator

import pytest

from migrator.cutover.memory import Memory
from migrator.errors import InputError, MigratorError, StoreError
from migrator.state.databases import place_of, without_password
from migrator.state.store import open_store
from tests.postgres import PASSWORD, Postgres, why_not
from tests.state.test_store import DOMAIN, NEW, OLD, change, parent


@pytest.fixture
def database(postgres: Postgres) -> str:
    return postgres.new()


@pytest.fixture
def stopped() -> Iterator[Postgres]:
    """A server of this test's own, since it is stopped."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.close()


def refusal(database: str, kind: type[MigratorError]) -> str:
    with pytest.raises(kind) as caught:
        open_store(database, patience=2)
    message = str(caught.value)
    assert type(caught.value) is kind
    assert PASSWORD not in message
    assert "\n" not in message
    return message.removeprefix("postgresql://")


def test_a_login_or_a_database_that_there_is_not_is_refused(postgres: Postgres) -> None:
    at = f"127.0.0.1:{postgres.port}"
    failed = (
        "the state database cannot be opened: connection failed: connection to server at "
        f'"127.0.0.1", port {postgres.port} failed'
    )

    assert refusal(postgres.url("postgres", password="wrong"), InputError) == (
        f'owner:***@{at}/postgres: {failed}: FATAL:  password authentication failed for user "owner".'
    )
    assert refusal(f"postgresql://owner@{at}/postgres", InputError) == (
        f"owner@{at}/postgres: {failed}: fe_sendauth: no password supplied."
    )
    assert refusal(postgres.url("none"), InputError) == (
        f'owner:***@{at}/none: {failed}: FATAL:  database "none" does not exist.'
    )


def test_a_password_among_the_options_is_not_shown_either(postgres: Postgres) -> None:
    at = f"127.0.0.1:{postgres.port}"

    assert refusal(f"postgresql://owner@{at}/none?password={PASSWORD}", InputError).startswith(
        f"owner@{at}/none: the state database cannot be opened: "
    )
    assert refusal(f"{postgres.url('postgres')}?colour=red", InputError).endswith(
        '/postgres?colour=red: the state database cannot be opened: invalid connection option "colour".'
    )


def test_a_server_that_cannot_be_reached_is_said(stopped: Postgres) -> None:
    with open_store(stopped.url("postgres")) as store:
        store.append([parent(OLD, 0)])
        stopped.stop()
        with pytest.raises(
            StoreError, match=r"^postgresql://owner:\*\*\*@\S+: the state database cannot be written: "
        ):
            store.append([parent(OLD, 1)])
        said = refusal(stopped.url("postgres"), StoreError)
        stopped.start()
        store.append([parent(OLD, 2)])
        assert sum(1 for _ in store.observations(DOMAIN)) == 2

    assert said.endswith("failed: Connection refused.")


def test_a_database_that_is_only_read_from_is_read(database: str) -> None:
    with open_store(database) as store:
        store.append([parent(OLD, 0)])

    with open_store(f"{database}?options=-c%20default_transaction_read_only%3Don") as store:
        assert len(store.memory(DOMAIN).parent) == 1
        with pytest.raises(
            StoreError, match="cannot be written: cannot execute INSERT in a read-only transaction"
        ):
            store.append([parent(OLD, 1)])


def test_who_may_only_add_can_remember(postgres: Postgres, database: str) -> None:
    """Observations are added to, and never changed or removed."""
    name = place_of(database).url.database
    assert name is not None
    open_store(database).close()
    postgres.run(
        name,
        f"CREATE ROLE adder_{name} LOGIN PASSWORD '{PASSWORD}'",
        f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO adder_{name}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO adder_{name}",
    )

    with open_store(postgres.url(name, user=f"adder_{name}")) as store:
        store.append([parent(OLD, 0)])
        assert len(store.memory(DOMAIN).parent) == 1


def test_who_may_not_make_tables_is_told(postgres: Postgres, database: str) -> None:
    name = place_of(database).url.database
    assert name is not None
    postgres.run(name, f"CREATE ROLE reader_{name} LOGIN PASSWORD '{PASSWORD}'")

    assert refusal(postgres.url(name, user=f"reader_{name}"), StoreError).endswith(
        f"/{name}: the state database cannot be opened: permission denied for schema public."
    )


def test_a_table_of_somebody_else_with_our_name_is_refused(database: str) -> None:
    change(database, "CREATE TABLE migrator_schema (number INTEGER)")

    assert "no state database of this program: column migrator_schema.version does not exist" in refusal(
        database, InputError
    )


def test_a_lock_that_lasts_is_said(postgres: Postgres, database: str) -> None:
    with open_store(database, patience=0.05) as store, open_store(database) as other:
        with other.writing() as connection:
            connection.exec_driver_sql("LOCK TABLE migrator_observations IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(
                StoreError, match=r"canceling statement due to lock timeout \(another process holds"
            ):
                store.append([parent(OLD, 0)])
        assert store.memory(DOMAIN) == Memory()


def test_a_machine_that_is_lost_is_noticed_within_a_minute(database: str) -> None:
    """Its session ends then, and with that the lock that the session holds; Linux waits for two hours."""
    names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count")
    with open_store(database) as store, store.reading() as connection:
        idle, interval, probes = (int(connection.exec_driver_sql(f"SHOW {name}").scalar_one()) for name in names)

    assert idle + interval * probes < 60


def test_what_is_read_is_of_one_instant(database: str) -> None:
    with open_store(database) as store, store.reading() as reading:
        count = "SELECT count(*) FROM migrator_observations"
        assert reading.exec_driver_sql(count).scalar() == 0
        store.append([parent(NEW, 0)])
        assert reading.exec_driver_sql(count).scalar() == 0


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_way_to_write_the_scheme_is_the_same_driver(scheme: str) -> None:
    place = place_of(f"{scheme}://me:secret@db.example.net/state?sslmode=require")

    assert place.url.drivername == "postgresql+psycopg"
    assert place.shown_as == "postgresql://me:***@db.example.net/state?sslmode=require"


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        ("state.db", "state.db"),
        ("sqlite:///state.db", "sqlite:///state.db"),
        ("postgresql://me@h/state", "postgresql://me@h/state"),
        ("postgresql://me:secret@h:5433/state?sslmode=require", "postgresql://me@h:5433/state?sslmode=require"),
        ("postgresql://me@h/state?password=secret", "postgresql://me@h/state"),
    ],
)
def test_a_runbook_has_no_password(database: str, expected: str) -> None:
    assert without_password(database) == expected


def test_a_postgresql_that_is_missing_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.postgres.programs", lambda: None)

    assert why_not() == "no PostgreSQL: it is not installed (apt-get install postgresql)"
