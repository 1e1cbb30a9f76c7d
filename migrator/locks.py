"""One writer for a target: a row of the state database, held while its process lives.

A process that was killed leaves its row. On the same host the row is stale once its process is gone (process
numbers are used again, so the time when it started counts too); on another host, or in another container, once
its beat is two minutes old. Nobody has to clear anything by hand.
"""

import contextlib
import os
import platform
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from migrator.codec.observation import instant, parse_instant
from migrator.errors import StoreError, UnsafeError
from migrator.statetables import LOCKS
from migrator.store import Store

BEAT_SECONDS = 20.0
STALE_AFTER = timedelta(seconds=120)
_STATE_FIELD, _START_FIELD = 0, 19  # of /proc/PID/stat, after the command's closing parenthesis (proc(5))
_ENDED = frozenset("ZX")  # killed, and nobody has waited for it yet: its number is still taken


@contextmanager
def only_writer(store: Store, target: str) -> Iterator[None]:
    """Hold the lock of a target; raises UnsafeError where another process does."""
    token = uuid.uuid4().hex
    _take(store, target, token)
    stopped = threading.Event()
    beating = threading.Thread(target=_beat, args=(store, target, token, stopped), daemon=True)
    beating.start()
    try:
        yield
    finally:
        stopped.set()
        beating.join()
        with contextlib.suppress(StoreError):  # a row that is left behind is stale when this process is gone
            _release(store, target, token)


def is_held(store: Store, target: str) -> bool:
    """Tell whether a process that lives holds the lock of a target."""
    with store.reading() as connection:
        row = connection.execute(sa.select(LOCKS).where(LOCKS.c.target == target)).mappings().first()
    return row is not None and _is_held(dict(row))


def _take(store: Store, target: str, token: str) -> None:
    with store.writing() as connection:
        row = connection.execute(sa.select(LOCKS).where(LOCKS.c.target == target)).mappings().first()
        if row is not None and _is_held(dict(row)):
            raise _refusal(target, dict(row))
        if row is not None:
            connection.execute(sa.delete(LOCKS).where(LOCKS.c.target == target, LOCKS.c.token == row["token"]))
        try:
            connection.execute(sa.insert(LOCKS).values(**_row(target, token)))
        except sa.exc.IntegrityError as exc:
            raise UnsafeError(
                f"{target}: another process began to write to it at this moment; nothing was written."
            ) from exc


def _release(store: Store, target: str, token: str) -> None:
    with store.writing() as connection:
        connection.execute(sa.delete(LOCKS).where(LOCKS.c.target == target, LOCKS.c.token == token))


def _beat(store: Store, target: str, token: str, stopped: threading.Event) -> None:
    mine = sa.update(LOCKS).where(LOCKS.c.target == target, LOCKS.c.token == token)
    while not stopped.wait(BEAT_SECONDS):
        with contextlib.suppress(StoreError), store.writing() as connection:
            connection.execute(mine.values(beat=instant(datetime.now(UTC))))


def _row(target: str, token: str) -> dict[str, Any]:
    now = instant(datetime.now(UTC))
    return {
        "target": target,
        "token": token,
        "host": host(),
        "process": os.getpid(),
        "started": started(os.getpid()),
        "utc": now,
        "beat": now,
    }


def _is_held(row: Mapping[str, Any]) -> bool:
    if row["host"] == host():
        return is_running(row["process"], row["started"])
    return datetime.now(UTC) - parse_instant(row["beat"]) < STALE_AFTER


def _refusal(target: str, row: Mapping[str, Any]) -> UnsafeError:
    return UnsafeError(
        f"{target}: another run of dns-migrator writes to it (process {row['process']} on "
        f"{row['host'].partition(' ')[0]}, since {row['utc']}); nothing was written. Wait until it has ended."
    )


def host() -> str:
    """Return the host, and the namespace of its process numbers: each container counts its own."""
    namespace = ""
    with contextlib.suppress(OSError):
        namespace = str(Path("/proc/self/ns/pid").readlink())
    return f"{platform.node()} {namespace}".strip()


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
