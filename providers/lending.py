"""Connections for several threads, of which each has one to itself at a time. No network here."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar


class _Closable(Protocol):
    def close(self) -> None: ...


T = TypeVar("T", bound=_Closable)


class Lender(Generic[T]):
    """Lends connections out; one more is made where all are lent."""

    def __init__(self, another: Callable[[], T], *made: T) -> None:
        """Begin with those that are made already; `another` makes more, one at a time."""
        self._another = another
        self._lock = threading.Lock()
        self._all = [*made]
        self._idle = [*made]
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[T]:
        """Give a connection that nobody else has."""
        with self._lock:
            if not self._idle:
                self._idle.append(self._another())
                self._all.append(self._idle[-1])
            found = self._idle.pop()
        try:
            yield found
        finally:
            with self._lock:
                self._idle.append(found)
                if self._closed:
                    found.close()

    def every(self) -> tuple[T, ...]:
        """Return all that were made."""
        with self._lock:
            return tuple(self._all)

    def close(self) -> None:
        """Close what is not lent; the rest is closed when it comes back."""
        with self._lock:
            self._closed = True
            for each in self._idle:
                each.close()
