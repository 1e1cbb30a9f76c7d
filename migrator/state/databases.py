"""Which database `--database` names: a SQLite file by its path, or SQLite or PostgreSQL by an SQLAlchemy URL.

No message has a password: neither the one of the URL nor one among its options.
"""

import re
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import exc

from migrator.errors import InputError
from migrator.model.values import dataclass

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",  # as hosting services write it
}
_SECRET_OPTIONS = frozenset({"password", "sslpassword"})
_NO_URL = "--database: this is no SQLAlchemy URL, such as sqlite:///state.db or postgresql://user@host/database."
_KEEPS_NOTHING = (
    "--database: a database in memory keeps nothing: name a file, as in sqlite:///state.db, or PostgreSQL."
)
# What SQLite takes for one, and for a file of its own that it deletes (https://www.sqlite.org/inmemorydb.html).
_IN_MEMORY = {"", ":memory:"}
# A URL that lacks a slash, and the words that libpq takes: a file of such a name would have the password in it.
_NO_PATH = re.compile(
    r"(?i)(?:sqlite|postgres(?:ql)?)(?:\+\w+)?:/?[^/\\]|(?:.*\s)?(?:host|dbname|user|(?:ssl)?password)\s*="
)


@dataclass(frozen=True, slots=True)
class Place:
    """A database as the engine takes it, and as messages show it."""

    url: sa.URL
    shown_as: str

    @property
    def is_postgresql(self) -> bool:
        """Tell whether it is a database of PostgreSQL, and no file."""
        return self.url.get_backend_name() == POSTGRESQL


def place_of(database: str) -> Place:
    """Return the place that a path or a URL names; raises InputError where there can be no such database."""
    if "://" not in database:
        return Place(_outlasting(_url_of_file(database)), database)
    url = _outlasting(_parsed(database))
    if url.get_backend_name() == SQLITE and url.database:
        return Place(url, url.database)
    shown = url.set(drivername=url.get_backend_name()).difference_update_query(_SECRET_OPTIONS)
    return Place(url, shown.render_as_string())


def without_password(database: str) -> str:
    """Return what may stand in a runbook: PostgreSQL then takes the password from PGPASSWORD or ~/.pgpass."""
    if "://" not in database:
        return database
    url = _parsed(database)
    if url.password is None and not _SECRET_OPTIONS & url.query.keys():
        return database
    bare = sa.URL.create(url.get_backend_name(), url.username, None, url.host, url.port, url.database, url.query)
    return bare.difference_update_query(_SECRET_OPTIONS).render_as_string()


def _url_of_file(database: str) -> sa.URL:
    path = Path(database)
    if _NO_PATH.match(database) and not path.exists():
        raise InputError(_NO_URL)
    if path.is_dir() or not path.parent.is_dir():
        wrong = "a folder" if path.is_dir() else f"the folder {path.parent} does not exist"
        raise InputError(f"{database}: {wrong}; --database takes a file or an SQLAlchemy URL.")
    return sa.URL.create(SQLITE, database=database)


def _outlasting(url: sa.URL) -> sa.URL:
    """Return the URL; raises InputError for a database that ends with the process, and the journal with it."""
    name = (url.database or "").removeprefix("file:")
    if url.get_backend_name() == SQLITE and (name in _IN_MEMORY or url.query.get("mode") == "memory"):
        raise InputError(_KEEPS_NOTHING)
    return url


def _parsed(database: str) -> sa.URL:
    try:
        url = sa.make_url(database)
    except (exc.ArgumentError, ValueError) as cause:  # ValueError: a port that is no number
        raise InputError(_NO_URL) from cause
    if url.drivername not in _DRIVERS:
        shown = url.set(query={}).render_as_string()
        raise InputError(f"{shown}: no such database can be used: sqlite:// and postgresql:// can.")
    return url.set(drivername=_DRIVERS[url.drivername])
