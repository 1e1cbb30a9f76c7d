"""Tells people of attempts while they go on: in a thread of its own, so that no attempt waits for a web server.

A notice is kept in the database with the event it tells of, and taken away when it was sent. Whoever is killed in
between loses none, and at worst what was being sent is told twice. One worker of a database tells for all; what
came while it waited is told in one message, and what has been overtaken by then is not told.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from migrator.errors import InputError, StoreError, UnsafeError
from migrator.state.locks import only_writer
from migrator.state.untold import Untold
from migrator.workflow.attempting import Worker

# How often is looked whether there is something to tell, and for how long after a message is collected; seconds.
_TICK = 0.5
_COLLECTS = 30.0
_LOCK = "notices"
# For how long the end of the process waits for the last message, in seconds.
_LAST_WORDS = 60.0


@contextmanager
def telling(worker: Worker) -> Iterator[None]:
    """Tell people until the end of this context; what is left then is told by who comes next."""
    if worker.notifier is None:
        yield
        return
    stopped = threading.Event()
    thread = threading.Thread(target=tell_on, args=(worker, stopped), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(_LAST_WORDS)


def tell_on(worker: Worker, stopped: threading.Event) -> None:
    """Tell people until it is stopped, and then once more."""
    pause = 0.0
    while not stopped.wait(pause):
        pause = _told(worker)
    _told(worker, time.monotonic() + _LAST_WORDS)


def _told(worker: Worker, until: float = math.inf) -> float:
    """Send what is to be told, and begin nothing more after an instant; return the seconds until the next look."""
    try:
        if not Untold(worker.store).there_are():
            return _TICK
        with worker.open_store() as store, only_writer(store, _LOCK):
            _send(worker, Untold(store), until)
    except OSError as exc:
        worker.say(f"dns-migrator: nobody can be told now: {exc.strerror or exc}")
    except (StoreError, InputError, UnsafeError):
        # What is wrong with the database is said by those who make the attempts; or another worker tells.
        pass
    return _COLLECTS


def _send(worker: Worker, untold: Untold, until: float) -> None:
    assert worker.notifier is not None, "somebody is told"
    found = untold.notices()
    untold.told(number for number, notice in found.items() if notice is None)
    left = {number: notice for number, notice in found.items() if notice is not None}
    for number, trouble in zip(left, worker.notifier.send(tuple(left.values())), strict=True):
        if trouble:
            worker.say(f"dns-migrator: {trouble}")
        untold.told([number])
        if time.monotonic() > until:
            return
