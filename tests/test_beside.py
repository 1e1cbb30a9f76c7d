"""Two pieces of work at once give what they give one after the other, whatever becomes of the second process."""

import errno
import os
import signal
import tempfile
import threading
from types import ModuleType

import pytest

from migrator.beside import beside, can_fork, later
from migrator.errors import InputError


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


@pytest.mark.parametrize("failing", [(os, "fork"), (tempfile, "TemporaryFile")], ids=["fork", "file"])
def test_where_no_second_process_can_begin_the_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch, failing: tuple[ModuleType, str]
) -> None:
    tried = []

    def refuse() -> None:
        tried.append(True)
        raise OSError(errno.EAGAIN, "not now")

    monkeypatch.setattr("migrator.beside.can_fork", lambda: True)
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
    results = later(lambda: b"%d" % os.getpid()), later(lambda: b"x" * 1_000_000)

    assert results[1]() == b"x" * 1_000_000
    found = results[0]()
    assert found is not None
    assert int(found) != os.getpid()


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
def test_work_that_fails_later_has_no_result() -> None:
    def fail() -> bytes:
        raise InputError("no such zone.")

    assert later(fail)() is None


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
def test_a_result_that_nobody_wants_any_more_leaves_no_process_behind(forked: list[int]) -> None:
    def wait() -> bytes:
        signal.pause()
        return b""

    result = later(wait)
    del result

    (child,) = forked
    with pytest.raises(ChildProcessError):
        os.waitpid(child, os.WNOHANG)


def test_without_another_process_work_is_not_done_later(monkeypatch: pytest.MonkeyPatch) -> None:
    done = []
    monkeypatch.setattr("migrator.beside.can_fork", lambda: False)

    def note() -> bytes:
        done.append(1)
        return b""

    assert later(note)() is None
    assert done == []


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
def test_where_nobody_may_wait_for_processes_the_work_is_done_here() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert beside(lambda: "here", lambda: "there") == ("here", "there")
        assert later(lambda: b"x")() is None
    finally:
        signal.signal(signal.SIGCHLD, before)
