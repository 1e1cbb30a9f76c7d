"""One writer for a target: a row of the state database, held while its process lives.

A process that was killed leaves its row. On the same host the row is stale once its process is gone (process
numbers are used again, so the time when it started counts too); on another host, or in another container, once
its beat is two minutes old. Nobody has to clear anything by hand.

Several machines share a database of PostgreSQL. There the beats are by the server's clock, since theirs may
differ, and beside the row a session of the server holds an advisory lock. Both must be free, for each has a hole
that the other fills:

- The session ends the moment its process is killed, and within a minute of losing its machine (`postgresql.py`).
  It lasts while a process is only stopped (Ctrl-Z), however old its beat. But a restart of the server or a broken
  connection ends it too, while the writer lives.
- The row survives those: the writer takes a session again at its next beat, and until the beat is two minutes old
  nobody else begins. That is how long others wait for a process that was killed on another machine.

A writer that could not beat for longer, and whose row another has taken over, is not let into the journal any more
(StoreError): it ends as it does where the state database is lost.
"""

import contextlib
import os
import platform
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from migrator.codec.observation import instant, parse_instant
from migrator.errors import MigratorError, StoreError, UnsafeError
from migrator.state.databases import POSTGRESQL
from migrator.state.drivererrors import translated
from migrator.state.postgresql import SessionLock
from migrator.state.store import Store
from migrator.state.tables import LOCKS

BEAT_SECONDS = 20.0
STALE_AFTER = timedelta(seconds=120)
_STATE_FIELD, _START_FIELD = 0, 19  # of /proc/PID/stat, after the command's closing parenthesis (proc(5))
_ENDED = frozenset("ZX")  # killed, and nobody has waited for it yet: its number is still taken
# The locks that this process holds, by their tokens: a row of its own that is not among them was left behind.
_held_here: set[str] = set()


@contextmanager
def only_writer(store: Store, target: str) -> Iterator[None]:
    """Hold the lock of a target; raises UnsafeError where another process does."""
    with _session(store, target) as session:
        token = uuid.uuid4().hex
        with _known(token):
            _take(store, target, token)
            stopped = threading.Event()
            beating = threading.Thread(target=_beat, args=(store, target, token, session, stopped), daemon=True)
            beating.start()
            try:
                with store.guarded(lambda connection: _check(store, connection, target, token)):
                    yield
            finally:
                stopped.set()
                beating.join()
                # A row that is left behind is stale: others see that when this process is gone.
                with contextlib.suppress(MigratorError):
                    _release(store, target, token)


@contextmanager
def _known(token: str) -> Iterator[None]:
    """Know of a lock from before its row is there until after it was to be taken away."""
    _held_here.add(token)
    try:
        yield
    finally:
        _held_here.discard(token)


@contextmanager
def _session(store: Store, target: str) -> Iterator[SessionLock | None]:
    """Hold the lock that PostgreSQL itself frees; a file has none."""
    if store.server is None:
        yield None
        return
    session = SessionLock(store.server, f"target {target}")
    with translated(store.shown_as, "cannot be locked"):
        is_free = session.take()
    if not is_free:
        with store.reading() as connection:
            raise _refusal(target, connection.execute(_row_of(target)).mappings().first())
    try:
        yield session
    finally:
        session.release()


def _row_of(target: str) -> sa.Select[Any]:
    return sa.select(LOCKS).where(LOCKS.c.target == target)


def is_held(store: Store, target: str) -> bool:
    """Tell whether somebody holds the lock of a target now."""
    with store.reading() as connection:
        row = connection.execute(_row_of(target)).mappings().first()
        return row is not None and _is_held(row, now_of(connection))


def _take(store: Store, target: str, token: str) -> None:
    with store.writing() as connection:
        now = now_of(connection)
        row = connection.execute(_row_of(target)).mappings().first()
        if row is not None and _is_held(row, now):
            raise _refusal(target, row)
        if row is not None:
            connection.execute(sa.delete(LOCKS).where(LOCKS.c.target == target, LOCKS.c.token == row["token"]))
        try:
            connection.execute(sa.insert(LOCKS).values(target=target, token=token, **this_process(now)))
        except sa.exc.IntegrityError as exc:
            raise UnsafeError(
                f"{target}: another process began to write to it at this moment; nothing was written."
            ) from exc


def _release(store: Store, target: str, token: str) -> None:
    with store.writing() as connection:
        connection.execute(sa.delete(LOCKS).where(LOCKS.c.target == target, LOCKS.c.token == token))


def _beat(store: Store, target: str, token: str, session: SessionLock | None, stopped: threading.Event) -> None:
    mine = sa.update(LOCKS).where(LOCKS.c.target == target, LOCKS.c.token == token)
    while not stopped.wait(BEAT_SECONDS):
        with contextlib.suppress(MigratorError), store.writing() as connection:
            connection.execute(mine.values(beat=instant(now_of(connection))))
        if session is not None:
            with contextlib.suppress(MigratorError), translated(store.shown_as, "cannot be locked"):
                session.keep()


def _check(store: Store, connection: sa.Connection, target: str, token: str) -> None:
    """Raise StoreError where the row is another's by now; until the end of the transaction it stays ours."""
    row = connection.execute(_row_of(target).with_for_update(read=True)).mappings().first()
    if row is None or row["token"] != token:
        raise StoreError(
            f"{store.shown_as}: this run has lost its lock of {target}, which it could not renew for minutes, and "
            "another may have begun to write there: it ends here. Look at both before you run it again."
        )


def now_of(connection: sa.Connection) -> datetime:
    """Return the time: the server's, where there are several machines whose clocks may differ."""
    if connection.dialect.name != POSTGRESQL:
        return datetime.now(UTC)
    now: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def this_process(now: datetime) -> dict[str, Any]:
    """Return what a row says of this process, which is seen alive for the first time."""
    at, number = instant(now), os.getpid()
    return {"host": host(), "process": number, "started": started(number), "utc": at, "beat": at}


def _is_held(row: sa.RowMapping, now: datetime) -> bool:
    if row["host"] == host():
        is_mine = row["process"] == os.getpid()
        return is_running(row["process"], row["started"]) and (not is_mine or row["token"] in _held_here)
    return now - parse_instant(row["beat"]) < STALE_AFTER


def _refusal(target: str, row: sa.RowMapping | None) -> UnsafeError:
    who = ""
    if row is not None:
        who = f" (process {row['process']} on {row['host'].partition(' ')[0]}, since {row['utc']})"
    return UnsafeError(
        f"{target}: another run of dns-migrator writes to it{who}; nothing was written. Wait until it has ended."
    )


def host() -> str:
    """Return the host, the run of its kernel, and the namespace of its process numbers.

    Each container counts its own processes, and each machine does, whatever its name.
    """
    boot = namespace = ""
    with contextlib.suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        namespace = str(Path("/proc/self/ns/pid").readlink())
    return f"{platform.node()} {boot} {namespace}".strip()


def is_running(process: int, since: str) -> bool:
    """Tell whether a process of this host still runs; process numbers are used again, so its start counts too."""
    return _is_alive(process) and since == started(process)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return _status(process, _STATE_FIELD) not in _ENDED


def started(process: int) -> str:
    """Return when a process started, in the kernel's own count; empty where the system does not say."""
    return _status(process, _START_FIELD)


def _status(process: int, field: int) -> str:
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        return text.rpartition(")")[2].split()[field]
    except (OSError, IndexError):
        return ""
