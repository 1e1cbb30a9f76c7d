"""SQLite as the state database: a file that several processes of one machine may write to at once."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

# Since this one, `unixepoch('subsec')` is the time with its milliseconds.
_WITH_SUBSEC = (3, 42)


def engine_of(url: sa.URL, patience: float) -> sa.Engine:
    """Return an engine that waits `patience` seconds for a lock.

    SQLAlchemy begins the transactions itself: Python's driver begins them too late for a writer to wait.
    """
    engine = sa.create_engine(url)

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def file_of(url: sa.URL) -> tuple[int, int] | None:
    """Return which file a database is now, whatever it is called; None where there is none of that name."""
    try:
        found = Path(url.database or "").stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def write_ahead(engine: sa.Engine) -> None:
    """Turn WAL on, once for the file: readers then never wait. Where it cannot be had, SQLite works without."""
    driver = engine.raw_connection()
    try:
        driver.cursor().execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as cause:
        if cause.sqlite_errorcode not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise
    finally:
        driver.close()


def events_of_queue() -> list[tuple[Callable[[sqlite3.Connection, object], None], str]]:
    """Return what an engine for DBOS's tables listens to.

    With Python 3.12 and later, DBOS 3.4 takes for granted that SQLite knows `unixepoch('subsec')`; there are older
    libraries beside a newer Python (that of Debian 12 is 3.40), which give NULL.
    """

    def listen(connection: sqlite3.Connection, _: object) -> None:
        connection.create_function("unixepoch", 1, _unixepoch)

    return [] if sqlite3.sqlite_version_info >= _WITH_SUBSEC else [(listen, "connect")]


def _unixepoch(modifier: str) -> float:
    if modifier != "subsec":
        raise ValueError(modifier)
    return time.time_ns() // 1_000_000 / 1000
