"""The memory: tables in a SQLite file or any database that SQLAlchemy speaks to (`statetables.py` has them all).

A row of the observations and of the journal is never changed and never deleted. Several processes may write at
once: SQLite writes ahead (WAL), takes the lock of a writer at the beginning of a transaction, and waits for it.
What could not be written is raised as a StoreError, never passed over: who asks the memory later must be able to
trust that it is whole.

A file that is no database, is damaged, or was made by a newer version is an InputError, before anything is asked;
a folder that cannot be written to, a lock that lasts, a full disk are StoreErrors: the look goes on without it.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType
from sqlalchemy import exc

from migrator.checks.history import History, Sight, SightKey
from migrator.codec import observation as observations
from migrator.cutover.memory import Memory, SetText
from migrator.errors import InputError, StoreError
from migrator.model.names import text_of
from migrator.model.observation import Answer, Observation
from migrator.recall import runs, sights
from migrator.statetables import METADATA, OBSERVATIONS, REGISTRATIONS, SCHEMA

SCHEMA_VERSION = 4
PATIENCE = 10.0


class Role(StrEnum):
    """As what a server was asked."""

    PARENT = "parent"
    SERVER = "server"
    RESOLVER = "resolver"


@dataclass(frozen=True, slots=True)
class Entry:
    """An observation to be remembered, and what it shows.

    `shown` is the set as a text (`cutover.memory.set_text` for NS), empty where there certainly is none, and None
    where the observation does not say. `expected` is the set that the look expected.
    """

    domain: Name
    role: Role
    observation: Observation
    shown: str | None = None
    ttl: int | None = None
    expected: SetText = ""


class Store:
    """An open memory; close it, or use it in a `with` statement."""

    def __init__(self, engine: sa.Engine, shown_as: str) -> None:
        """Use an engine whose tables are there; `shown_as` names the database without its password."""
        self._engine = engine
        self._shown_as = shown_as

    def append(self, entries: Iterable[Entry]) -> None:
        """Remember observations, all or none of them; raises StoreError where that fails."""
        rows = [_row(entry) for entry in entries]
        if not rows:
            return
        with _translated(self._shown_as, "cannot be written"), _writing(self._engine) as connection:
            connection.execute(sa.insert(OBSERVATIONS), rows)

    def append_registration(self, domain: Name, at: datetime, source: str, shown: str) -> None:
        """Remember what a registry said, as the JSON text of what was understood; raises StoreError on failure."""
        row = {
            "utc": observations.instant(at),
            "tool": tool(),
            "domain": text_of(domain),
            "source": source,
            "shown": shown,
        }
        with self.writing() as connection:
            connection.execute(sa.insert(REGISTRATIONS), [row])

    def memory(self, domain: Name) -> Memory:
        """Return what was seen of a domain's delegation and of its name servers' own NS sets."""
        with _translated(self._shown_as, "cannot be read"), self._engine.connect() as connection:
            try:
                parent, apex = (tuple(runs(connection, domain, str(role))) for role in (Role.PARENT, Role.SERVER))
            except InputError as cause:
                raise _damaged(self._shown_as, cause) from cause
        return Memory(parent, apex)

    def history(self, domain: Name) -> History:
        """Return what was seen of each question about a domain at each address, as runs of equal sights."""
        found: dict[SightKey, list[Sight]] = {}
        with _translated(self._shown_as, "cannot be read"), self._engine.connect() as connection:
            try:
                for key, sight in sights(connection, domain):
                    found.setdefault(key, []).append(sight)
            except InputError as cause:
                raise _damaged(self._shown_as, cause) from cause
        return History({key: tuple(each) for key, each in found.items()})

    def observations(self, domain: Name) -> Iterator[Observation]:
        """Yield every observation of a domain, whole, in the order in which they were remembered."""
        query = (
            sa.select(OBSERVATIONS.c.raw)
            .where(OBSERVATIONS.c.domain == text_of(domain))
            .order_by(OBSERVATIONS.c.id)
        )
        with _translated(self._shown_as, "cannot be read"), self._engine.connect() as connection:
            for (raw,) in connection.execute(query):
                yield observations.loads(raw, file=self._shown_as)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection whose statements are all kept, or none; raises StoreError where that fails."""
        with _translated(self._shown_as, "cannot be written"), _writing(self._engine) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection to read from; raises StoreError where that fails."""
        with _translated(self._shown_as, "cannot be read"), self._engine.connect() as connection:
            yield connection

    @property
    def shown_as(self) -> str:
        """The database as messages name it, without its password."""
        return self._shown_as

    def close(self) -> None:
        """Give the database back."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(database: str, *, patience: float = PATIENCE) -> Store:
    """Open the memory, and make it where it is not there yet; `database` is a path or an SQLAlchemy URL.

    `patience` is for how many seconds a lock is waited for. Raises InputError where the database cannot be one of
    ours, StoreError where it cannot be used now.
    """
    url = _url(database)
    shown_as = url.database if url.drivername == "sqlite" and url.database else url.render_as_string()
    try:
        engine = sa.create_engine(url)
    except (exc.ArgumentError, ImportError) as cause:
        raise InputError(f"{shown_as}: no such database can be used: {_one_line(cause)}.") from cause
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, patience)
    try:
        with _translated(shown_as, "cannot be opened"):
            _migrate(engine, shown_as)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, shown_as)


def _url(database: str) -> sa.URL:
    if "://" not in database:
        path = Path(database)
        if path.is_dir() or not path.parent.is_dir():
            wrong = "a folder" if path.is_dir() else f"the folder {path.parent} does not exist"
            raise InputError(f"{database}: {wrong}; --database takes a file or an SQLAlchemy URL.")
        return sa.URL.create("sqlite", database=database)
    try:
        return sa.make_url(database)
    except exc.ArgumentError as cause:
        raise InputError("--database: this is no SQLAlchemy URL, such as sqlite:///state.db.") from cause


def _prepare_sqlite(engine: sa.Engine, patience: float) -> None:
    """Let SQLAlchemy begin transactions itself: Python's driver begins them too late for a writer to wait."""

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def _migrate(engine: sa.Engine, shown_as: str) -> None:
    """Make the tables that are missing, or refuse those of a newer version.

    Until now every version has only added tables, so that making what is missing is the whole migration.
    """
    with engine.connect() as connection:
        found = _version(connection, shown_as)
    if found is None or found < SCHEMA_VERSION:
        _write_ahead(engine)
        with _writing(engine) as connection:
            found = _version(connection, shown_as)
            if found is None or found < SCHEMA_VERSION:
                METADATA.create_all(connection)
                connection.execute(sa.insert(SCHEMA).values(version=SCHEMA_VERSION))
                return
    if found > SCHEMA_VERSION:
        raise InputError(
            f"{shown_as}: the state database was written by a newer dns-migrator (schema {found}, this one knows "
            f"{SCHEMA_VERSION}): use that version, or another --database."
        )


def _version(connection: sa.Connection, shown_as: str) -> int | None:
    """Return the version of the tables, None where there are none yet."""
    if not sa.inspect(connection).has_table(SCHEMA.name):
        return None
    found = connection.execute(sa.select(sa.func.max(SCHEMA.c.version))).scalar()
    if found is not None and not isinstance(found, int):
        raise _damaged(shown_as, f"its schema is {found!r}")
    return found


def _write_ahead(engine: sa.Engine) -> None:
    """Turn WAL on, once for the file: readers then never wait. Where it cannot be had, SQLite works without."""
    if engine.dialect.name != "sqlite":
        return
    driver = engine.raw_connection()
    try:
        driver.cursor().execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as cause:
        if cause.sqlite_errorcode not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise
    finally:
        driver.close()


def _row(entry: Entry) -> dict[str, Any]:
    seen = entry.observation
    question = seen.question
    answer = seen if isinstance(seen, Answer) else None
    return {
        "utc": observations.instant(seen.at),
        "tool": tool(),
        "domain": text_of(entry.domain),
        "role": str(entry.role),
        "server": "" if question.server.name is None else text_of(question.server.name),
        "address": question.server.address,
        "qname": text_of(question.qname),
        "qtype": RdataType.to_text(question.rdtype),
        "transport": str(question.transport if answer is None else answer.transport),
        "rcode": None if answer is None else _rcode_text(answer.rcode),
        "aa": None if answer is None else answer.authoritative,
        "ttl": entry.ttl,
        "rdata": entry.shown,
        "expected": entry.expected,
        "raw": observations.dumps(seen),
    }


@cache
def tool() -> str:
    """Return this program's version, which is read from its package's files: once for thousands of rows."""
    return version("dns-migrator")


def _rcode_text(rcode: Rcode) -> str:
    return rcode.name if rcode in Rcode.__members__.values() else f"RCODE{int(rcode)}"


@contextmanager
def _translated(shown_as: str, failed: str) -> Iterator[None]:
    """Turn the driver's errors into one line that says which database, what is wrong, and what to do."""
    try:
        yield
    except (exc.DBAPIError, sqlite3.Error) as cause:
        driver_error = cause.orig if isinstance(cause, exc.DBAPIError) else cause
        code = getattr(driver_error, "sqlite_errorcode", 0) & _PRIMARY_CODE
        if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
            raise _damaged(shown_as, driver_error) from cause
        held = " (another process holds its lock)" if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} else ""
        raise StoreError(f"{shown_as}: the state database {failed}: {_one_line(driver_error)}{held}.") from cause
    except exc.SQLAlchemyError as cause:
        raise InputError(f"{shown_as}: no state database of this program: {_one_line(cause)}.") from cause


def _damaged(shown_as: str, why: object) -> InputError:
    return InputError(
        f"{shown_as}: damaged, or no state database: {_one_line(why)}. Move it away, or give another one with "
        "--database."
    )


def _one_line(cause: object) -> str:
    return str(cause).strip().splitlines()[0].rstrip(".") if str(cause).strip() else type(cause).__name__


# The low byte of SQLite's result codes; the others say more precisely what happened.
_PRIMARY_CODE = 0xFF
