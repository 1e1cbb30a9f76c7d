"""SQLite as the state database: a file that several processes of one machine may write to at once."""

import sqlite3

import sqlalchemy as sa


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
