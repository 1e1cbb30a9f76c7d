"""What the tables of DBOS need of SQLite, whichever library Python was built with."""

import time

import sqlalchemy as sa

from migrator.state.sqlitefile import events_of_queue

_TABLE = "CREATE TABLE t (n INTEGER, at INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000))"


def test_the_time_is_told_in_milliseconds_by_an_older_library_too() -> None:
    engine = sa.create_engine("sqlite://", pool_events=events_of_queue())
    before = time.time_ns() // 1_000_000
    with engine.begin() as connection:
        connection.exec_driver_sql(_TABLE)
        connection.exec_driver_sql("INSERT INTO t (n) VALUES (1)")
        at = connection.exec_driver_sql("SELECT at FROM t").scalar_one()
    engine.dispose()

    assert before <= round(at) <= time.time_ns() // 1_000_000
