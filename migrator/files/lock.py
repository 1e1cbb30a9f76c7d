"""A lock on a folder, held by a process while it lives: nobody has to clear it away."""

import os
import sys
from enum import Enum
from pathlib import Path

_NO_HANDLE = -1


class Lock(Enum):
    """What became of an attempt to lock a folder."""

    OURS = "taken by us"
    HELD = "another process has it"
    UNKNOWN = "this file system has no locks"


def lock_folder(path: Path) -> tuple[int, Lock]:
    """Return a handle for the folder, to be closed by `unlock_folder`, and what became of the lock."""
    if sys.platform == "win32":
        return _NO_HANDLE, Lock.UNKNOWN
    import fcntl

    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return handle, Lock.HELD
    except OSError:
        return handle, Lock.UNKNOWN
    return handle, Lock.OURS


def unlock_folder(handle: int) -> None:
    """Give the lock back, if there is one."""
    if handle != _NO_HANDLE:
        os.close(handle)
