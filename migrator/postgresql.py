"""PostgreSQL as the state database: one for a team with several machines.

What is read is of one instant (REPEATABLE READ); who makes the tables is alone while doing so. A connection that
breaks in silence is noticed on both sides within `_SILENCE` seconds: by the server, so that it ends the session of
a machine that is lost and frees its locks; and by this program, so that it does not wait for ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy import exc

# Several statements that read see the same rows, as they do in a transaction of SQLite.
READING = {"isolation_level": "REPEATABLE READ"}
_SILENCE = 50
_IDLE, _INTERVAL, _PROBES = 20, 10, 3  # seconds, seconds, number: together the silence


def engine_of(url: sa.URL, patience: float) -> sa.Engine:
    """Return an engine that waits `patience` seconds for the server and for a lock; options of the URL win."""
    ours: dict[str, str | int] = {
        "connect_timeout": max(2, int(patience)),  # libpq knows no shorter one
        "application_name": "dns-migrator",
        "client_encoding": "utf8",
        "keepalives_idle": _IDLE,
        "keepalives_interval": _INTERVAL,
        "keepalives_count": _PROBES,
        "tcp_user_timeout": _SILENCE * 1000,
    }
    engine = sa.create_engine(
        url,
        connect_args={name: value for name, value in ours.items() if name not in url.query},
        pool_pre_ping=True,  # a watch for days survives a restart of the server
    )
    session = {
        "lock_timeout": f"{int(patience * 1000)}ms",
        "tcp_keepalives_idle": str(_IDLE),
        "tcp_keepalives_interval": str(_INTERVAL),
        "tcp_keepalives_count": str(_PROBES),
        "tcp_user_timeout": f"{_SILENCE}s",
    }
    settings = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in session.items())

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
        statement = f"SELECT {settings}"
        try:
            connection.cursor().execute(statement)
            connection.commit()
        except engine.dialect.loaded_dbapi.Error as cause:
            raise exc.OperationalError(statement, None, cause) from cause

    return engine


def be_alone(connection: sa.Connection) -> None:
    """Wait until nobody else makes tables in this database; until the end of the transaction others wait."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_key("schema"))))


@contextmanager
def session(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection that is outside any transaction."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def try_lock(connection: sa.Connection, name: str) -> bool:
    """Take the lock of a name for as long as this session lasts; False where another session has it."""
    return bool(connection.execute(sa.select(sa.func.pg_try_advisory_lock(_key(name)))).scalar())


def unlock(connection: sa.Connection, name: str) -> None:
    """Give the lock of a name back."""
    connection.execute(sa.select(sa.func.pg_advisory_unlock(_key(name))))


def _key(name: str) -> int:
    """Return the number of a lock: PostgreSQL knows them by 64 bits, which other programs share."""
    return int.from_bytes(sha256(f"dns-migrator {name}".encode()).digest()[:8], "big", signed=True)
