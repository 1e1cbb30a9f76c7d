"""Two pieces of work at once, the second in a process of its own: Python runs one at a time in one process.

The other process is a fork: it begins with all that is there, and sends back its result as octets. Where there is
one core, no fork, or a second thread (which a fork would lose), the work is done here, one after the other. So it
is where the other process dies: what it was to do is done again, and fails or succeeds by itself.
"""

import gc
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from migrator.errors import MigratorError

_Here = TypeVar("_Here")
_There = TypeVar("_There")


def can_fork() -> bool:
    """Tell whether a second process would be of any use."""
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return False
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores > 1


def beside(here: Callable[[], _Here], there: Callable[[], _There]) -> tuple[_Here, _There]:
    """Return what both give; raises what either raises, `here` first."""
    if not can_fork():
        return here(), there()
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        os.close(reading)
        _serve(writing, there)
    os.close(writing)
    try:
        own = here()
        with open(reading, "rb", closefd=False) as pipe:
            octets = pipe.read()
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(reading)
        os.waitpid(child, 0)
    if not octets:
        return own, there()
    succeeded, found = pickle.loads(octets)  # noqa: S301  (written by ourselves a moment ago)
    if not succeeded:
        raise found
    return own, found


def _serve(writing: int, there: Callable[[], object]) -> None:
    """Do the work, write its result, and end this process without a word; nothing is written where it fails."""
    code = 1
    try:
        gc.freeze()  # what was there before is shared: looking through it would copy it
        try:
            result: tuple[bool, object] = (True, there())
        except MigratorError as exc:
            result = (False, exc)
        with open(writing, "wb") as pipe:
            pipe.write(pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
        code = 0
    finally:
        os._exit(code)
