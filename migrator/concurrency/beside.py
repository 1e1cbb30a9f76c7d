"""Two pieces of work at once, the second in a process of its own: Python runs one at a time in one process.

The other process is a fork: it begins with all that is there, and sends back its result as octets. Where there is
one core, no fork, or a second thread (which a fork would lose), the work is done here, one after the other. So it
is where the other process fails or dies: what it was to do is done again here, and says itself what is wrong.
"""

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, TypeVar

from migrator.concurrency.threads import others_run

_Here = TypeVar("_Here")
_There = TypeVar("_There")


def can_fork() -> bool:
    """Tell whether a second process would be of any use."""
    if not hasattr(os, "fork") or others_run():
        return False
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores > 1


def beside(
    here: Callable[[], _Here],
    there: Callable[[], _There],
    dump: Callable[[_There, BinaryIO], None] | None = None,
    load: Callable[[_Here, BinaryIO], _There] | None = None,
) -> tuple[_Here, _There]:
    """Return what both give; raises what either raises, `here` first.

    `dump` writes what the other process gave to a file, and `load` reads it, with what was done here at hand; both
    are those of `pickling` where they are not given.
    """
    other = _begin(there, dump) if can_fork() else None
    if other is None:
        return here(), there()
    with other:
        own = here()
        file = other.result()
        if file is None:
            return own, there()
        try:
            return own, _read(file) if load is None else load(own, file)
        except Exception:  # noqa: BLE001  (it is said again, if it was more than the way from there to here)
            return own, there()


def _read(file: BinaryIO) -> Any:
    from migrator.codec import pickling

    return pickling.load(file)


def later(work: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    """Begin the work in another process; yield what it yields, each piece as soon as it is there.

    There are no more pieces where the work fails, and none where there can be no other process: then it is not
    done at all. A process of which nobody wants more is ended.
    """
    if not can_fork():
        return iter(())
    reader, writer = os.pipe()

    def give(pieces: Iterable[bytes], file: BinaryIO) -> None:
        os.close(reader)
        for piece in pieces:
            file.write(piece)
            file.flush()
            os.write(writer, len(piece).to_bytes(_OF_LENGTH, "big"))

    other = _begin(work, give)
    os.close(writer)
    if other is None:
        os.close(reader)
        return iter(())
    return _Pieces(other, reader)


_OF_LENGTH = 8


class _Pieces(Iterator[bytes]):
    """What another process writes to its file, piece by piece; the length of each comes through a pipe."""

    def __init__(self, other: "_Other", reader: int) -> None:
        import weakref

        self._other = other
        self._reader = reader
        self._position = 0
        self._end = weakref.finalize(self, _end, other, reader)

    def __next__(self) -> bytes:
        length = os.read(self._reader, _OF_LENGTH) if self._end.alive else b""
        if not length:
            self._end()
            raise StopIteration
        begin, self._position = self._position, self._position + int.from_bytes(length, "big")
        return self._other.read(begin, self._position)


def _end(other: "_Other", reader: int) -> None:
    os.close(reader)
    other.end()


class _Other:
    """Another process, and the file for its result."""

    def __init__(self, child: int, file: BinaryIO) -> None:
        self._child = child
        self._file = file
        self._ended = False

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.end()

    def read(self, begin: int, end: int) -> bytes:
        """Return what the process has written there."""
        return os.pread(self._file.fileno(), end - begin, begin)

    def result(self) -> BinaryIO | None:
        """Return the file, to be read from its beginning, when the process has ended; None where it failed."""
        try:
            _, status = os.waitpid(self._child, 0)
        except ChildProcessError:  # it has ended; whoever started this program had SIGCHLD ignored
            self._ended = True
            return None
        self._ended = True
        self._file.seek(0)
        return self._file if os.waitstatus_to_exitcode(status) == 0 else None

    def end(self) -> None:
        """End the process, if it has not ended, and close the file."""
        if not self._ended:
            self._ended = True
            with contextlib.suppress(ProcessLookupError, ChildProcessError):  # it may have been waited for
                os.kill(self._child, signal.SIGKILL)
                os.waitpid(self._child, 0)
        self._file.close()


def _begin(there: Callable[[], _There], dump: Callable[[_There, BinaryIO], None] | None) -> _Other | None:
    """Return the other process, which has begun; None where the system gives no file or process."""
    import tempfile

    if dump is None:  # both sides need it: whoever begins with it need not load it again
        from migrator.codec import pickling  # noqa: F401

    sys.stdout.flush()
    sys.stderr.flush()
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(tempfile.TemporaryFile())
            child = os.fork()
        except OSError:
            return None
        if not child:
            _serve(file, there, dump)
        stack.pop_all()
        return _Other(child, file)


def _serve(file: BinaryIO, there: Callable[[], _There], dump: Callable[[_There, BinaryIO], None] | None) -> None:
    """Do the work, write its result, and end this process without a word."""
    code = 1
    try:
        gc.freeze()  # what was there before is shared: looking through it would copy it
        found = there()
        if dump is None:
            from migrator.codec import pickling

            pickling.dump(found, file)
        else:
            dump(found, file)
        file.flush()
        code = 0
    finally:  # whatever was raised is raised again where the work is done again
        os._exit(code)
