"""Two pieces of work at once give what they give one after the other, whatever becomes of the second process."""

import errno
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

from migrator.concurrency.beside import beside, can_fork, later
from migrator.errors import InputError

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that were begun."""
    found: list[int] = []
    fork = os.fork

    def noted() -> int:
        found.append(fork())
        return found[-1]

    monkeypatch.setattr(os, "fork", noted)
    return found


def open_files() -> int:
    return len([*Path("/dev/fd").iterdir()])


def test_both_results_come_back() -> None:
    assert beside(lambda: "here", lambda: ["there", b"x" * 1_000_000]) == ("here", ["there", b"x" * 1_000_000])


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
def test_the_second_piece_of_work_has_a_process_of_its_own() -> None:
    here, there = beside(os.getpid, os.getpid)

    assert here == os.getpid() != there


def test_a_refusal_there_is_raised_here() -> None:
    def refuse() -> None:
        raise InputError("no such zone.")

    with pytest.raises(InputError, match="no such zone"):
        beside(lambda: None, refuse)


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
def test_what_fails_here_leaves_no_process_behind(forked: list[int]) -> None:
    with pytest.raises(KeyError):
        beside(lambda: dict[str, int]()["x"], signal.pause)

    (child,) = forked
    with pytest.raises(ChildProcessError):
        os.waitpid(child, os.WNOHANG)


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
def test_work_whose_process_dies_is_done_here() -> None:
    parent = os.getpid()

    def die_elsewhere() -> str:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    assert beside(lambda: 1, die_elsewhere) == (1, "done")


class Unreadable:
    """Can be written, and not be read."""

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return int, ("no number",)


def test_work_whose_result_cannot_be_read_is_done_here() -> None:
    here, there = beside(os.getpid, Unreadable)

    assert here == os.getpid()
    assert isinstance(there, Unreadable)


@pytest.mark.parametrize("failing", [(os, "fork"), (tempfile, "TemporaryFile")], ids=["fork", "file"])
def test_where_no_second_process_can_begin_the_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch, failing: tuple[ModuleType, str]
) -> None:
    tried = []

    def refuse() -> None:
        tried.append(True)
        raise OSError(errno.EAGAIN, "not now")

    monkeypatch.setattr("migrator.concurrency.beside.can_fork", lambda: True)
    monkeypatch.setattr(*failing, refuse)

    assert beside(os.getpid, os.getpid) == (os.getpid(), os.getpid())
    assert tried == [True]


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
def test_an_interrupt_after_the_end_of_the_other_process_stays_an_interrupt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited = []
    wait = os.waitpid

    def interrupted(child: int, options: int) -> tuple[int, int]:
        waited.append(wait(child, options))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "waitpid", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        beside(lambda: 1, lambda: 2)

    assert caught.value.__context__ is None
    assert [status for _, status in waited] == [0]


def test_a_second_thread_keeps_the_work_in_one_process() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert beside(os.getpid, os.getpid) == (os.getpid(), os.getpid())
    finally:
        done.set()
        thread.join()


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
def test_work_is_begun_now_and_its_result_taken_later() -> None:
    results = later(lambda: [b"%d" % os.getpid()]), later(lambda: [b"x" * 1_000_000, b"", b"y"])

    assert [*results[1]] == [b"x" * 1_000_000, b"", b"y"]
    (found,) = results[0]
    assert int(found) != os.getpid()
    assert [*results[0]] == []


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
def test_a_piece_is_there_before_the_work_is_done(forked: list[int]) -> None:
    def begin() -> Iterator[bytes]:
        yield b"first"
        signal.pause()

    result = later(begin)

    assert next(result) == b"first"
    (child,) = forked
    assert os.waitpid(child, os.WNOHANG) == (0, 0)


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
@pytest.mark.parametrize("before", [[], [b"one", b"two"]], ids=["at once", "halfway"])
def test_work_that_fails_later_has_no_more_results(before: list[bytes]) -> None:
    def fail() -> Iterator[bytes]:
        yield from before
        raise InputError("no such zone.")

    assert [*later(fail)] == before


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
@pytest.mark.parametrize("taken", [0, 1])
def test_what_nobody_wants_any_more_leaves_neither_process_nor_pipe_behind(forked: list[int], taken: int) -> None:
    def wait() -> Iterator[bytes]:
        yield b"x"
        signal.pause()

    files = open_files()
    result = later(wait)
    assert [*islice(result, taken)] == [b"x"] * taken
    del result

    (child,) = forked
    with pytest.raises(ChildProcessError):
        os.waitpid(child, os.WNOHANG)
    assert open_files() == files


def test_without_another_process_work_is_not_done_later(monkeypatch: pytest.MonkeyPatch) -> None:
    done = []
    monkeypatch.setattr("migrator.concurrency.beside.can_fork", lambda: False)

    def note() -> list[bytes]:
        done.append(1)
        return [b""]

    assert [*later(note)] == []
    assert done == []


def test_where_no_process_can_begin_work_is_not_done_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError(errno.EAGAIN, "not now")

    files = open_files()
    monkeypatch.setattr("migrator.concurrency.beside.can_fork", lambda: True)
    monkeypatch.setattr(os, "fork", refuse)

    assert [*later(lambda: [b"x"])] == []
    assert open_files() == files


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
def test_where_nobody_may_wait_for_processes_the_work_is_done_nevertheless() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert beside(lambda: "here", lambda: "there") == ("here", "there")
        assert [*later(lambda: [b"x"])] == [b"x"]
    finally:
        signal.signal(signal.SIGCHLD, before)
