"""The memory: tables in a SQLite file or in a database of PostgreSQL (`tables.py` has them all).

A row of the observations and of the journal is never changed and never deleted. Several processes may write at
once: SQLite writes ahead (WAL), takes the lock of a writer at the beginning of a transaction, and waits for it;
in PostgreSQL they may be on several machines, and only who makes the tables waits for others.
What could not be written is raised as a StoreError, never passed over: who asks the memory later must be able to
trust that it is whole.

A file that is no database, is damaged, or was made by a newer version, a database that its server does not have, a
login that it refuses are InputErrors, before anything is asked; a folder that cannot be written to, a server that
cannot be reached, a lock that lasts, a full disk are StoreErrors: the look goes on without it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from typing import Any, Self

import sqlalchemy as sa
from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.checks.history import History, Sight, SightKey
from migrator.codec import observation as observations
from migrator.cutover.memory import Memory, SetText
from migrator.errors import InputError, LostError
from migrator.model.names import text_of
from migrator.model.observation import Answer, Observation
from migrator.model.values import dataclass
from migrator.state import postgresql, sqlitefile
from migrator.state.databases import POSTGRESQL, place_of
from migrator.state.drivererrors import damaged, translated
from migrator.state.recall import delegations, hosts, names_inside, runs, sights, signers
from migrator.state.tables import METADATA, OBSERVATIONS, REGISTRATIONS, SCHEMA

SCHEMA_VERSION = 6
PATIENCE = 10.0
Guard = Callable[[sa.Connection], None]


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
        self._guards: list[Guard] = []
        self._file = None if _is_postgresql(engine) else sqlitefile.file_of(engine.url)

    def expect_file(self) -> None:
        """Raise LostError where the file is not the one that was opened: what is written there goes with it."""
        if self._file is not None and sqlitefile.file_of(self._engine.url) != self._file:
            raise LostError(
                f"{self._shown_as}: the state database was deleted or replaced while it was in use, and what "
                "happens now is not kept. Put the right one in its place, and type the command again."
            )

    def append(self, entries: Iterable[Entry]) -> None:
        """Remember observations, all or none of them; raises StoreError where that fails."""
        rows = [_row(entry) for entry in entries]
        if not rows:
            return
        with self.writing() as connection:
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
        with self.reading() as connection:
            try:
                parent = tuple(delegations(connection, domain, str(Role.PARENT)))
                apex = tuple(runs(connection, domain, str(Role.SERVER)))
                inside = names_inside(parent, domain)
                trusted = tuple(signers(connection, domain, str(Role.PARENT)))
                told = hosts(connection, domain, str(Role.SERVER), inside) if inside else {}
            except InputError as cause:
                raise damaged(self._shown_as, cause) from cause
        return Memory(parent, apex, hosts={key: tuple(found) for key, found in told.items()}, signers=trusted)

    def history(self, domain: Name) -> History:
        """Return what was seen of each question about a domain at each address, as runs of equal sights."""
        found: dict[SightKey, list[Sight]] = {}
        with self.reading() as connection:
            try:
                for key, sight in sights(connection, domain):
                    found.setdefault(key, []).append(sight)
            except InputError as cause:
                raise damaged(self._shown_as, cause) from cause
        return History({key: tuple(each) for key, each in found.items()})

    def observations(self, domain: Name) -> Iterator[Observation]:
        """Yield every observation of a domain, whole, in the order in which they were remembered."""
        query = (
            sa.select(OBSERVATIONS.c.raw)
            .where(OBSERVATIONS.c.domain == text_of(domain))
            .order_by(OBSERVATIONS.c.id)
        )
        with self.reading() as connection:
            for (raw,) in connection.execute(query):
                yield observations.loads(raw, file=self._shown_as)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection whose statements are all kept, or none; raises StoreError where that fails."""
        self.expect_file()
        with translated(self._shown_as, "cannot be written"), _writing(self._engine) as connection:
            yield connection

    @contextmanager
    def noting(self) -> Iterator[sa.Connection]:
        """Be `writing` for those who write to a zone: raises StoreError too where they may not any more."""
        with self.writing() as connection:
            for guard in self._guards:
                guard(connection)
            yield connection

    @contextmanager
    def guarded(self, guard: Guard) -> Iterator[None]:
        """Ask the guard at the beginning of each `noting`; it raises StoreError."""
        self._guards.append(guard)
        try:
            yield
        finally:
            self._guards.remove(guard)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection to read from; raises StoreError where that fails."""
        self.expect_file()
        with translated(self._shown_as, "cannot be read"), _reading(self._engine) as connection:
            yield connection

    @property
    def server(self) -> sa.Engine | None:
        """The server of PostgreSQL, whose sessions can hold locks; None for a file."""
        return self._engine if _is_postgresql(self._engine) else None

    @property
    def shown_as(self) -> str:
        """The database as messages name it, without its password."""
        return self._shown_as

    @property
    def url(self) -> sa.URL:
        """Where the database is, with its password."""
        return self._engine.url

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
    place = place_of(database)
    engine = (postgresql if place.is_postgresql else sqlitefile).engine_of(place.url, patience)
    try:
        with translated(place.shown_as, "cannot be opened"):
            _migrate(engine, place.shown_as)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, place.shown_as)


def _is_postgresql(engine: sa.Engine) -> bool:
    return engine.dialect.name == POSTGRESQL


@contextmanager
def _reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    options = postgresql.READING if _is_postgresql(engine) else {}
    with engine.connect().execution_options(**options) as connection:
        yield connection


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
        if not _is_postgresql(engine):
            sqlitefile.write_ahead(engine)
        with _writing(engine) as connection:
            if _is_postgresql(engine):
                postgresql.be_alone(connection)
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
        raise damaged(shown_as, f"its schema is {found!r}")
    return found


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
