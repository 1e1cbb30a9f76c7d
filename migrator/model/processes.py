"""Another process, as whoever is lent one knows it: what it is to do, and what comes back. No IO here.

`migrator/concurrency/beside.py` has both.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Protocol, TypeVar

_Here = TypeVar("_Here")
_There = TypeVar("_There")

# Begins a piece of work in another process, and yields what it yields; nothing more where it fails.
Later = Callable[[Callable[[], Iterable[bytes]]], Iterator[bytes]]


class Beside(Protocol):
    """Does two pieces of work at once, if it can; what the second gives is written by `dump`, read by `load`."""

    def __call__(
        self,
        here: Callable[[], _Here],
        there: Callable[[], _There],
        dump: Callable[[_There, BinaryIO], None] | None = None,
        load: Callable[[_Here, BinaryIO], _There] | None = None,
        /,
    ) -> tuple[_Here, _There]:
        """Return what both give."""
