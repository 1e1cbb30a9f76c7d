"""Many differences are judged in two processes, and it shows nowhere."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.concurrency import beside
from migrator.concurrency.beside import later
from migrator.diff import ZoneDiff, compare_whole, sharing
from migrator.model.zone import ZoneSnapshot
from tests.diff.test_compare import two_sides
from tests.diffing import zone

MANY = 900
OLD, NEW = (
    "@ 1 MX 10 mail\nmail 1 A 192.0.2.25\n"
    + "".join(f"h{number} 1 A {net}.{number % 250 + 1}\n" for number in range(MANY))
    for net in ("192.0.2", "198.51.100")
)
Work = Callable[[], Iterable[bytes]]


def told(found: ZoneDiff) -> tuple[object, ...]:
    """Return all that a comparison says."""
    return found.differences, tuple(found.mail), found.same


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a second core, whatever the machine has."""
    monkeypatch.setattr(beside, "can_fork", lambda: True)


@pytest.mark.usefixtures("cores")
def test_what_another_process_judges_is_what_this_one_would_say() -> None:
    old, new = zone(OLD), zone(NEW)
    there = 0

    def counted(work: Work) -> Iterator[bytes]:
        nonlocal there
        for piece in later(work):
            there += 1
            yield piece

    shared = compare_whole(old, new, counted)

    assert (told(shared), there) == (told(compare_whole(old, new)), 1)
    assert len(shared.differences) == MANY


@pytest.mark.usefixtures("cores")
def test_what_another_process_does_not_judge_is_judged_here(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = zone(OLD), zone(NEW)
    alone = told(compare_whole(old, new))
    monkeypatch.setattr(sharing, "_TOGETHER", 100)

    def dies(work: Work) -> Iterator[bytes]:
        def for_a_while() -> Iterator[bytes]:
            yield from islice(work(), 2)
            raise MemoryError

        return later(for_a_while)

    assert told(compare_whole(old, new, dies)) == alone
    assert told(compare_whole(old, new, lambda _: iter(()))) == alone


def test_few_differences_are_worth_no_other_process() -> None:
    def never(_: Work) -> Iterator[bytes]:
        raise AssertionError("it begins another process")

    assert len(compare_whole(zone("a 1 A 192.0.2.1"), zone("a 1 A 192.0.2.2"), never).differences) == 1


@settings(max_examples=60, deadline=None)
@given(two_sides(), st.integers(0, 3))
def test_whatever_differs_comes_back_whole(sides: tuple[ZoneSnapshot, ZoneSnapshot], pieces: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "_WORTHWHILE", 1)
        patch.setattr(sharing, "_TOGETHER", 2)
        shared = compare_whole(*sides, lambda work: islice(work(), pieces))

    assert told(shared) == told(compare_whole(*sides))
