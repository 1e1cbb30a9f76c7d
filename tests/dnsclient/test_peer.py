"""What is remembered of a server, and how much is asked of it at once."""

import pytest

from migrator.dnsclient.peer import Pace, RoundTrip
from migrator.dnsclient.window import FIRST, LARGEST, Tally, Window


def test_a_pace_lets_a_short_burst_go_and_then_one_query_at_a_time() -> None:
    pace = Pace(100)

    assert pace.available(1000.0, 64) == 5
    pace.spend(5)
    assert pace.available(1000.0, 64) == 0
    assert pace.wait() == pytest.approx(0.01)
    assert pace.available(1000.0 + pace.wait() + 1e-9, 64) == 1
    pace.spend(1)
    assert pace.available(2000.0, 64) == 5
    assert pace.available(2000.0, 3) == 3


def test_a_slow_pace_lets_one_go_at_least() -> None:
    pace = Pace(2)

    assert pace.available(1000.0, 8) == 1
    pace.spend(1)
    assert pace.wait() == pytest.approx(0.5)


def test_a_pace_of_0_is_no_limit() -> None:
    pace = Pace(0)
    pace.spend(1_000_000)

    assert pace.available(1000.0, 64) == 64
    assert pace.wait() == 0


def test_before_the_first_answer_the_profile_says_how_long_to_wait() -> None:
    assert [RoundTrip().patience(tries, 2.0) for tries in (1, 2, 3)] == [2.0, 2.0, 2.0]


def test_patience_follows_the_round_trips_and_doubles_with_each_try() -> None:
    round_trip = RoundTrip()
    round_trip.measured(0.1)
    assert round_trip.patience(1, 2.0) == pytest.approx(0.1 + 4 * 0.05)

    for _ in range(100):
        round_trip.measured(0.1)
    assert [round_trip.patience(tries, 2.0) for tries in (1, 2, 3)] == pytest.approx([0.2, 0.4, 0.8], abs=1e-6)
    assert round_trip.patience(9, 2.0) == 2.0

    round_trip.measured(0.9)
    assert 0.9 < round_trip.patience(1, 2.0) < 1.1


def test_patience_is_never_shorter_than_a_server_may_think() -> None:
    round_trip = RoundTrip()
    for _ in range(50):
        round_trip.measured(0.0002)

    assert round_trip.patience(1, 2.0) == 0.1
    assert round_trip.patience(1, 0.02) == 0.02


def sizes(window: Window, rounds: list[tuple[int, int]]) -> list[int]:
    """The sizes after rounds of so many answers and so many losses."""
    found = []
    for answered, lost in rounds:
        for _ in range(lost):
            window.lost()
        window.answered(answered)
        found.append(window.size)
    return found


def test_a_window_doubles_until_much_is_lost_and_grows_slowly_after() -> None:
    assert sizes(Window(), [(16, 0), (16, 0), (32, 0), (64, 0)]) == [16, 32, 64, LARGEST]
    assert sizes(Window(), [(16, 0), (11, 5), (16, 0), (16, 0)]) == [16, 8, 12, 16]


def test_a_window_bears_what_is_lost_here_and_there() -> None:
    assert sizes(Window(), [(15, 1), (15, 1), (29, 3), (58, 6), (58, 6)]) == [16, 32, 64, 64, 64]


def test_a_window_never_closes() -> None:
    assert sizes(Window(), [(0, 16)] * 4) == [4, 2, 2, 2]
    assert Window().size == FIRST


def test_a_server_that_was_heard_gets_more_chances() -> None:
    class Silent:
        trouble = None

    tally = Tally(2, 4)
    for expected in (False, True):
        tally.missed(Silent())  # type: ignore[arg-type]
        assert tally.is_hopeless is expected
    tally.heard()
    for expected in (False, False, False, True):
        tally.missed(Silent())  # type: ignore[arg-type]
        assert tally.is_hopeless is expected
