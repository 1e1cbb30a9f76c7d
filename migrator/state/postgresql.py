"""PostgreSQL as the state database: one for a team with several machines.

What is read is of one instant (REPEATABLE READ); who makes the tables is alone while doing so. A connection that
breaks in silence is noticed on both sides within `_SILENCE` seconds: by the server, so that it ends the session of
a machine that is lost and frees its locks; and by this program, so that it does not wait for ever.
"""

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


class SessionLock:
    """A lock that a session of the server holds, as long as its connection lasts and no longer."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        """Hold nothing yet."""
        self._engine = engine
        self._key = _key(name)
        self._connection: sa.Connection | None = None

    def take(self) -> bool:
        """Take the lock; False where another session has it."""
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            taken = connection.execute(sa.select(sa.func.pg_try_advisory_lock(self._key))).scalar()
        except BaseException:
            connection.close()
            raise
        if taken:
            self._connection = connection
        else:
            connection.close()
        return bool(taken)

    def keep(self) -> None:
        """Take the lock again where the session was lost, if nobody else has it meanwhile."""
        try:
            if self._connection is not None:
                self._connection.execute(sa.select(1))
                return
        except exc.DBAPIError:
            self._drop()
        self.take()

    def release(self) -> None:
        """Give the lock back."""
        if self._connection is None:
            return
        try:
            self._connection.execute(sa.select(sa.func.pg_advisory_unlock(self._key)))
        except exc.DBAPIError:
            self._drop()
        else:
            self._connection.close()
            self._connection = None

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _key(name: str) -> int:
    """Return the number of a lock: PostgreSQL knows them by 64 bits, which other programs share."""
    return int.from_bytes(sha256(f"dns-migrator {name}".encode()).digest()[:8], "big", signed=True)
