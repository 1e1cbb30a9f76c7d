"""Two pieces of work at once give what they give one after the other, whatever becomes of the second process."""

import os
import signal
import threading

import pytest

from migrator.beside import beside, can_fork
from migrator.errors import InputError


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
def test_what_fails_here_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    forked = []
    fork = os.fork

    def noted() -> int:
        forked.append(fork())
        return forked[-1]

    monkeypatch.setattr(os, "fork", noted)
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


def test_a_second_thread_keeps_the_work_in_one_process() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert beside(os.getpid, os.getpid) == (os.getpid(), os.getpid())
    finally:
        done.set()
        thread.join()
