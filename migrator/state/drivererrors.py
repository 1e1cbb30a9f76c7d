"""What the drivers of SQLite and PostgreSQL raise, as one line: which database, what is wrong, what to do.

InputError: it can be no database of ours, or not with this login. StoreError: it cannot be used now. Where
PostgreSQL refuses a connection, psycopg has no code for the reason (3.3, verified 2026-11-20), so that the English
words of the server decide; in another language a refusal is a StoreError with those words in it.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto

from sqlalchemy import exc

from migrator.errors import InputError, StoreError


class _Trouble(Enum):
    DAMAGED = auto()
    FOREIGN = auto()
    REFUSED = auto()
    LOCKED = auto()
    CLOSED = auto()
    UNWRITTEN = auto()
    OTHER = auto()


@contextmanager
def translated(shown_as: str, failed: str) -> Iterator[None]:
    """Turn a driver's error into ours; `shown_as` is the database without its password."""
    try:
        yield
    except (exc.DBAPIError, sqlite3.Error) as cause:
        driver_error = cause.orig if isinstance(cause, exc.DBAPIError) else cause
        reason = _one_line(driver_error)
        match _trouble(driver_error):
            case _Trouble.DAMAGED:
                raise damaged(shown_as, driver_error) from cause
            case _Trouble.FOREIGN:
                raise _foreign(shown_as, reason) from cause
            case _Trouble.REFUSED:
                raise InputError(f"{shown_as}: the state database {failed}: {reason}.") from cause
            case _Trouble.LOCKED:
                held = " (another process holds its lock)"
                raise StoreError(f"{shown_as}: the state database {failed}: {reason}{held}.") from cause
            case _Trouble.CLOSED:
                way = "the file and its folder have to be writable; --database names another one"
                raise StoreError(f"{shown_as}: the state database {failed}: {reason}; {way}.") from cause
            case _Trouble.UNWRITTEN:
                full = "as on a disk without room: make some, and type the command again"
                raise StoreError(f"{shown_as}: the state database {failed}: {reason}, {full}.") from cause
            case _Trouble.OTHER:
                raise StoreError(f"{shown_as}: the state database {failed}: {reason}.") from cause
    except exc.SQLAlchemyError as cause:
        raise _foreign(shown_as, _one_line(cause)) from cause


def damaged(shown_as: str, why: object) -> InputError:
    """Return the error for what was a state database, or never one."""
    return InputError(
        f"{shown_as}: damaged, or no state database: {_one_line(why)}. Move it away, or give another one with "
        "--database."
    )


def _foreign(shown_as: str, reason: str) -> InputError:
    return InputError(f"{shown_as}: no state database of this program: {reason}.")


def _trouble(error: BaseException | None) -> _Trouble:
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE, _Trouble.OTHER)
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return _POSTGRESQL.get(state, _Trouble.OTHER)
    return _Trouble.REFUSED if _REFUSALS.search(str(error)) else _Trouble.OTHER


def _one_line(cause: object) -> str:
    """Return the first line of a message; of several attempts to connect, the last."""
    lines = str(cause).strip().splitlines()
    if not lines:
        return type(cause).__name__
    attempts = [line.partition("connection failed: ")[2] for line in lines if line.startswith("- ")]
    return (attempts[-1] if attempts and attempts[-1] else lines[0]).rstrip(".:")


# The low byte of SQLite's result codes; the others say more precisely what happened.
_PRIMARY_CODE = 0xFF
_SQLITE = {
    sqlite3.SQLITE_NOTADB: _Trouble.DAMAGED,
    sqlite3.SQLITE_CORRUPT: _Trouble.DAMAGED,
    sqlite3.SQLITE_BUSY: _Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: _Trouble.LOCKED,
    sqlite3.SQLITE_CANTOPEN: _Trouble.CLOSED,
    sqlite3.SQLITE_READONLY: _Trouble.CLOSED,
    sqlite3.SQLITE_IOERR: _Trouble.UNWRITTEN,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "XX001": _Trouble.DAMAGED,  # data_corrupted
    "XX002": _Trouble.DAMAGED,  # index_corrupted
    "42703": _Trouble.FOREIGN,  # undefined_column
    "42P01": _Trouble.FOREIGN,  # undefined_table
    "55P03": _Trouble.LOCKED,  # lock_not_available
    "40P01": _Trouble.LOCKED,  # deadlock_detected
}
_REFUSALS = re.compile(
    r"authentication failed|no password supplied|(database|role) \".*\" does not exist|no pg_hba\.conf entry"
    r"|permission denied for database|not permitted to log in"
    r"|invalid (connection option|.* value)|bad value for "
)
