"""A PostgreSQL server of one's own: a cluster in a temporary folder, on a free port of 127.0.0.1.

It refuses to run as root; for root it runs as the user that Debian's package makes.
"""

import os
import pwd
import shutil
import signal
import socket
import tempfile
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import exc

from tests.lab.daemon import Daemon, tool
from tests.lab.waiting import wait_until

PACKAGE = "postgresql"
PASSWORD = "not-to-be-seen"
_DEBIAN = Path("/usr/lib/postgresql")
_USER = "postgres"
_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "log_statement": "ddl",
}


def programs() -> Path | None:
    """Return the folder of the newest initdb and postgres, where Debian puts them or the PATH finds them."""
    versions = [folder for folder in _DEBIAN.glob("*/bin") if (folder / "initdb").exists()]
    if versions:
        return max(versions, key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


def why_not() -> str:
    """Return the reason why no PostgreSQL can be started here, or nothing."""
    return "" if programs() else f"no PostgreSQL: it is not installed (apt-get install {PACKAGE})"


class Postgres:
    """A running server; `owner` may do everything, with a password."""

    def __init__(self) -> None:
        """Make the cluster; raises LabError where that fails."""
        binaries = programs()
        assert binaries is not None
        self._binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="dns-migrator-postgres-"))
        self._daemon = Daemon("postgres", self.folder)
        self._numbers = count(1)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        if os.geteuid() == 0:
            user = pwd.getpwnam(_USER)
            for path in (self.folder, secret):
                os.chown(path, user.pw_uid, user.pw_gid)
        initdb = ("--username=owner", "--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8")
        tool(
            self._as_user("initdb", *initdb, "--locale=C", "--no-sync", "-D", str(self.folder / "data")),
            self.folder,
        )

    def start(self) -> None:
        """Serve, and return when questions are answered."""
        settings = [word for name, text in _SETTINGS.items() for word in ("-c", f"{name}={text}")]
        self._daemon.run(
            self._as_user("postgres", "-D", str(self.folder / "data"), "-p", str(self.port), *settings)
        )
        wait_until(self._answers, "PostgreSQL answers")

    def stop(self) -> None:
        """End every session and the server, as an administrator does."""
        self._daemon.signal(signal.SIGINT)
        self._daemon.kill()

    def close(self) -> None:
        """Stop it and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str, user: str = "owner", password: str = PASSWORD) -> str:
        """Return the URL of a database, as a person types it."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def new(self) -> str:
        """Make an empty database and return its URL."""
        name = f"state{next(self._numbers)}"
        self.run("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def run(self, database: str, *statements: str) -> None:
        """Run statements as the owner, each by itself."""
        engine = sa.create_engine(
            sa.make_url(self.url(database)).set(drivername="postgresql+psycopg"),
            isolation_level="AUTOCOMMIT",
            poolclass=sa.NullPool,
        )
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def _answers(self) -> bool:
        self._daemon.check()
        try:
            self.run("postgres", "SELECT 1")
        except exc.OperationalError:
            return False
        return True

    def _as_user(self, name: str, *arguments: str) -> Sequence[str]:
        command = [str(self._binaries / name), *arguments]
        if os.geteuid() != 0:
            return command
        # A change of the user forgets the signal at the parent's death, so that it is set again.
        user = ("--reuid", _USER, "--regid", _USER, "--init-groups")
        return ["setpriv", *user, "--pdeathsig", "KILL", *command]
