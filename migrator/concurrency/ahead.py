"""Work that several threads do ahead of the one that uses it; few results wait, however many there will be."""

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Found = TypeVar("Found")
# So many results may wait for their user; each thread has one in hand besides.
_WAITING = 2


def done_ahead(
    work: Sequence[Asked], do: Callable[[Asked], Found], threads: int
) -> Generator[tuple[Asked, Future[Found]]]:
    """Yield each piece of work with its end, as they end. Nothing more is begun when the iterator is closed.

    What is being done then goes on to its end, and nobody waits for it: these threads do not keep a process alive.
    """
    crew = _Crew(work, do, threads)
    try:
        for _ in work:
            yield crew.next()
    finally:
        crew.stop()


class _Crew(Generic[Asked, Found]):
    """The threads, what they have to do, and what they have done."""

    def __init__(self, work: Sequence[Asked], do: Callable[[Asked], Found], threads: int) -> None:
        self._left = iter(work)
        self._taking = threading.Lock()
        self._do = do
        self._stopped = False
        self._size = min(threads, len(work))
        self._room = threading.Semaphore(self._size + _WAITING)
        self._done: SimpleQueue[tuple[Asked, Future[Found]]] = SimpleQueue()
        for _ in range(self._size):
            threading.Thread(target=self._run, daemon=True).start()

    def next(self) -> tuple[Asked, Future[Found]]:
        """Wait for the next result; there is room for another one then."""
        found = self._done.get()
        self._room.release()
        return found

    def stop(self) -> None:
        """Let every thread end with what it is doing."""
        self._stopped = True
        self._room.release(self._size + 1)

    def _run(self) -> None:
        while True:
            self._room.acquire()
            with self._taking:
                asked = next(self._left, self)
            if isinstance(asked, _Crew) or self._stopped:
                return
            end: Future[Found] = Future()
            try:
                end.set_result(self._do(asked))
            except BaseException as exc:  # noqa: BLE001 - whoever asks for the result gets it
                end.set_exception(exc)
            self._done.put((asked, end))
