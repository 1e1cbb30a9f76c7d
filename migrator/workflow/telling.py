"""Tells people of attempts while they go on: in a thread of its own, so that no attempt waits for a web server.

A notice is kept in the database with the event it tells of, and taken away when it was sent. Whoever is killed in
between loses none, and at worst one is told twice. One worker of a database tells for all; what came while it
waited is told in one message.
"""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from migrator.errors import InputError, NotifyError, StoreError, UnsafeError
from migrator.locks import only_writer
from migrator.untold import Untold
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
    thread = threading.Thread(target=_tell_on, args=(worker, stopped), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(_LAST_WORDS)


def _tell_on(worker: Worker, stopped: threading.Event) -> None:
    pause = 0.0
    while not stopped.wait(pause):
        pause = _COLLECTS if _told(worker) else _TICK
    _told(worker)


def _told(worker: Worker) -> bool:
    """Send what is to be told; False where there was nothing, or it cannot be now."""
    # A database that cannot be used is said by those who make the attempts; another worker may be telling.
    with contextlib.suppress(StoreError, InputError, UnsafeError):
        if Untold(worker.store).there_are():
            with worker.open_store() as store, only_writer(store, _LOCK):
                _send(worker, Untold(store))
                return True
    return False


def _send(worker: Worker, untold: Untold) -> None:
    assert worker.notifier is not None, "somebody is told"
    notices = untold.notices()
    try:
        worker.notifier.send(tuple(notices.values()))
    except NotifyError as exc:
        worker.say(f"dns-migrator: {exc}")
    untold.told(notices)
