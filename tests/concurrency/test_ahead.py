"""Work done ahead by several threads: everything once, few results waiting, nothing begun after the end."""

import threading
import time

import pytest

from migrator.concurrency.ahead import done_ahead
from tests.lab.waiting import wait_until

THREADS = 3
# Each thread has one result in hand, and two may wait besides.
AHEAD = THREADS + 2


def test_everything_is_done_once_and_yielded_with_its_end() -> None:
    found = {asked: end.result() for asked, end in done_ahead(range(50), lambda number: number**2, THREADS)}

    assert found == {number: number**2 for number in range(50)}


def test_what_fails_is_raised_by_its_result_and_stops_nothing_else() -> None:
    ends = dict(done_ahead((1, 0, 2), lambda number: 1 / number, THREADS))

    assert [ends[1].result(), ends[2].result()] == [1.0, 0.5]
    with pytest.raises(ZeroDivisionError):
        ends[0].result()


def test_nothing_to_do_is_nothing() -> None:
    assert list(done_ahead((), str, THREADS)) == []


def test_no_more_than_a_few_results_wait_for_their_user() -> None:
    done: list[int] = []
    work = done_ahead(range(100), done.append, THREADS)
    next(work)
    wait_until(lambda: len(done) == AHEAD + 1, "that the threads are ahead", 10.0)
    time.sleep(0.05)

    assert len(done) == AHEAD + 1
    work.close()


def test_so_many_are_done_at_once_and_no_more() -> None:
    together = threading.Barrier(THREADS)

    assert len(list(done_ahead(range(2 * THREADS), lambda _: together.wait(10.0), THREADS))) == 2 * THREADS


def test_nothing_is_begun_after_the_end() -> None:
    begun: list[int] = []
    go_on = threading.Event()

    def wait(number: int) -> None:
        begun.append(number)
        if number:
            go_on.wait(10.0)

    before = set(threading.enumerate())  # those of other tests may just be ending
    work = done_ahead(range(100), wait, THREADS)
    next(work)
    wait_until(lambda: len(begun) == THREADS + 1, "that all threads are at work", 10.0)
    work.close()
    go_on.set()
    wait_until(lambda: set(threading.enumerate()) <= before, "that the threads end", 10.0)

    assert len(begun) == THREADS + 1
