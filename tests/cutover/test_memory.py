"""The memory of earlier looks: which set was the old one, and since when a set has been shown."""

from datetime import timedelta
from itertools import pairwise

import pytest
from dns.rcode import Rcode
from hypothesis import given
from hypothesis import strategies as st

from migrator.cutover.look import Side
from migrator.cutover.memory import (
    FormerTTL,
    Memory,
    Named,
    Run,
    delegated_set,
    first_listed,
    former_ttls,
    names_in,
    old_set,
    set_text,
    shown_since,
    with_parents,
    with_servers,
)
from migrator.model.observation import Silence
from tests.cutover.build import NEW, NOW, OLD, PARKED, after, names, parent, server_view

A, B = "192.0.2.1", "192.0.2.2"
OLD_TEXT, NEW_TEXT, PARKED_TEXT = (set_text(names(*found)) for found in (OLD, NEW, PARKED))


def run(
    shown: str, first: float, last: float, *, address: str = A, ttl: int = 60, expected: str = NEW_TEXT
) -> Run:
    return Run(address, shown, ttl, after(first), after(last), expected)


def test_looks_grow_into_runs() -> None:
    memory = Memory()
    for seconds, listed in ((0, OLD), (10, OLD), (20, NEW), (30, Silence.TIMEOUT), (40, NEW)):
        memory = with_parents(memory, [parent(1, listed, ttl=60, at=after(seconds))], names(*NEW))

    assert memory.parent == (run(OLD_TEXT, 0, 10), run(NEW_TEXT, 20, 40))


def test_another_ttl_another_expectation_and_another_address_begin_a_run() -> None:
    memory = with_parents(Memory(), [parent(1, OLD, ttl=60), parent(2, OLD, ttl=60)], names(*NEW))
    memory = with_parents(memory, [parent(1, OLD, ttl=30, at=after(1))], names(*NEW))
    memory = with_parents(memory, [parent(1, OLD, ttl=30, at=after(2))], names(*PARKED))

    assert memory.parent == (
        run(OLD_TEXT, 0, 0),
        run(OLD_TEXT, 0, 0, address=B),
        run(OLD_TEXT, 1, 1, ttl=30),
        run(OLD_TEXT, 2, 2, ttl=30, expected=PARKED_TEXT),
    )


def test_only_an_authoritative_apex_is_remembered() -> None:
    served = server_view(OLD[0], Side.OLD, OLD, ttl=60, address=A)
    lame = server_view(OLD[1], Side.OLD, OLD, ttl=60, address=B, authoritative=False)

    assert with_servers(Memory(), [served, lame], names(*NEW)).apex == (run(OLD_TEXT, 0, 0),)


@pytest.mark.parametrize(
    ("listed", "shown"),
    [
        (OLD, OLD_TEXT),
        (Rcode.NXDOMAIN, ""),
        (Rcode.SERVFAIL, None),
        (Rcode.REFUSED, None),
        (Silence.TIMEOUT, None),
    ],
)
def test_no_delegation_is_told_from_no_answer(listed: object, shown: str | None) -> None:
    assert delegated_set(parent(1, listed)) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("runs", "old"),
    [
        pytest.param((), (), id="nothing was seen"),
        pytest.param((run(OLD_TEXT, 0, 9),), OLD, id="the first set"),
        pytest.param(
            (run(OLD_TEXT, 0, 9), run(PARKED_TEXT, 10, 19)), OLD, id="what came later is not the old set"
        ),
        pytest.param((run(f"{NEW_TEXT} {OLD_TEXT}", 0, 9),), OLD, id="of both sets the old names"),
        pytest.param((run(f"{NEW[0]} ns2.nwe.example.", 0, 9),), (), id="a slip beside a new one is no old name"),
        pytest.param((run(f"{NEW[0]} {OLD[1]}", 0, 9),), OLD[1:], id="an old name beside a new one"),
        pytest.param((run(f"192.0.2.1. {OLD[1]}", 0, 9),), OLD[1:], id="an address is no old name"),
        pytest.param((run(NEW_TEXT, 0, 9),), (), id="the switch was over when first seen"),
        pytest.param(
            (run(NEW_TEXT, 0, 9), run(OLD_TEXT, 1, 9, address=B)), OLD, id="one server had turned when first seen"
        ),
        pytest.param((run(NEW_TEXT, 0, 9), run(PARKED_TEXT, 10, 19)), (), id="another set after the new one"),
        pytest.param((run("", 0, 9), run(OLD_TEXT, 10, 19)), (), id="not delegated when first seen"),
        pytest.param(
            (run(OLD_TEXT, 0, 9, expected=PARKED_TEXT), run(PARKED_TEXT, 10, 99, expected=PARKED_TEXT)),
            PARKED,
            id="the goal of the move before this one",
        ),
        pytest.param(
            (
                run(OLD_TEXT, 0, 9, expected=PARKED_TEXT),
                run(PARKED_TEXT, 10, 19, expected=PARKED_TEXT),
                run(OLD_TEXT, 20, 99),
            ),
            OLD,
            id="the move before this one was taken back at the registrar",
        ),
        pytest.param(
            (
                run(OLD_TEXT, 0, 9, expected=PARKED_TEXT),
                run(PARKED_TEXT, 10, 19, expected=PARKED_TEXT),
                run(OLD_TEXT, 20, 29),
                run(PARKED_TEXT, 30, 99),
            ),
            PARKED,
            id="and made again",
        ),
        pytest.param(
            (
                run(NEW_TEXT, 0, 9, expected=PARKED_TEXT),
                run(PARKED_TEXT, 10, 19, expected=PARKED_TEXT),
                run(NEW_TEXT, 20, 99),
            ),
            PARKED,
            id="the move back to where the one before it began",
        ),
        pytest.param(
            (run(OLD_TEXT, 0, 9, expected="ns1.nwe.example."), run(PARKED_TEXT, 10, 99)),
            OLD,
            id="an expectation with a slip that never came true",
        ),
        pytest.param(
            (run(NEW_TEXT, 0, 9, expected=OLD_TEXT), run(OLD_TEXT, 10, 99, expected=OLD_TEXT)),
            OLD,
            id="there and back again",
        ),
        pytest.param(
            (run(OLD_TEXT, 50, 59), run(NEW_TEXT, 0, 99)), OLD, id="a clock that went back between two looks"
        ),
    ],
)
def test_the_old_set_is_what_the_parent_listed_first(runs: tuple[Run, ...], old: tuple[str, ...]) -> None:
    assert set_text(first_listed(Memory(runs), names(*NEW))) == set_text(names(*old))


@pytest.mark.parametrize(
    ("named", "runs", "old"),
    [
        pytest.param(Named(NEW_TEXT, OLD_TEXT, after(5)), (run(NEW_TEXT, 0, 9),), OLD, id="named once"),
        pytest.param(Named(NEW_TEXT, OLD_TEXT, after(5)), (run(PARKED_TEXT, 0, 9),), OLD, id="and not parked"),
        pytest.param(Named(PARKED_TEXT, OLD_TEXT, NOW), (run(NEW_TEXT, 0, 9),), (), id="for another move"),
        pytest.param(
            Named(NEW_TEXT, OLD_TEXT, NOW),
            (run(NEW_TEXT, 0, 9), run(PARKED_TEXT, 10, 19, expected=PARKED_TEXT), run(PARKED_TEXT, 20, 29)),
            PARKED,
            id="the domain has moved on since",
        ),
        pytest.param(
            Named(NEW_TEXT, OLD_TEXT, after(20)),
            (run(PARKED_TEXT, 10, 19, expected=PARKED_TEXT), run(NEW_TEXT, 20, 29)),
            OLD,
            id="named after another move",
        ),
        pytest.param(
            Named(NEW_TEXT, OLD_TEXT, NOW),
            (run(NEW_TEXT, 0, 9), run(NEW_TEXT, 10, 19, expected=PARKED_TEXT)),
            OLD,
            id="another expectation that never came true",
        ),
    ],
)
def test_the_old_set_is_the_one_that_was_named_for_this_move(
    named: Named, runs: tuple[Run, ...], old: tuple[str, ...]
) -> None:
    assert set_text(old_set(Memory(runs, (), named), names(*NEW))) == set_text(names(*old))


@pytest.mark.parametrize(
    ("runs", "since"),
    [
        pytest.param((), None, id="never seen"),
        pytest.param((run(NEW_TEXT, 5, 9),), None, id="the other address was never seen"),
        pytest.param((run(NEW_TEXT, 5, 9), run(OLD_TEXT, 0, 9, address=B)), None, id="one lists the old set"),
        pytest.param((run(NEW_TEXT, 5, 9), run(NEW_TEXT, 7, 9, address=B)), 7, id="the later one counts"),
        pytest.param(
            (run(NEW_TEXT, 5, 9), run(NEW_TEXT, 1, 2, address=B), run(NEW_TEXT, 3, 9, address=B, ttl=1)),
            5,
            id="another TTL is no interruption",
        ),
        pytest.param(
            (
                run(NEW_TEXT, 5, 9),
                run(NEW_TEXT, 1, 2, address=B),
                run(OLD_TEXT, 3, 4, address=B),
                run(NEW_TEXT, 8, 9, address=B),
            ),
            8,
            id="going back is one",
        ),
        pytest.param(
            (run(NEW_TEXT, 5, 9), run(OLD_TEXT, 0, 7, address=B), run(NEW_TEXT, 1, 9, address=B)),
            7,
            id="a clock that went back: not before another set was last seen",
        ),
        pytest.param(
            (run(NEW_TEXT, 5, 9), run(OLD_TEXT, 70, 99, address=B), run(NEW_TEXT, 6, 9, address=B)),
            6,
            id="a clock that was ahead is not believed for ever",
        ),
    ],
)
def test_a_set_is_shown_since_the_last_address_turned(runs: tuple[Run, ...], since: float | None) -> None:
    assert shown_since(runs, [A, B], NEW_TEXT) == (None if since is None else after(since))


def test_no_address_shows_nothing_since_ever() -> None:
    assert shown_since((run(NEW_TEXT, 0, 1),), [], NEW_TEXT) is None


def test_a_former_ttl_ends_when_something_else_was_seen() -> None:
    runs = (
        run(OLD_TEXT, 0, 9, ttl=86_400),
        run(OLD_TEXT, 10, 19, ttl=300),
        run(NEW_TEXT, 20, 29, ttl=60),
        run(PARKED_TEXT, 0, 9, address=B, ttl=7),
        run(OLD_TEXT, 0, 9, address="192.0.2.99", ttl=9),
    )

    assert former_ttls(runs, [A, B], NEW_TEXT) == (
        FormerTTL(86_400, after(10)),
        FormerTTL(300, None),
        FormerTTL(7, None),
    )


def test_a_look_for_another_move_ends_no_ttl() -> None:
    runs = (
        run(OLD_TEXT, 0, 9, ttl=300),
        run(OLD_TEXT, 10, 10, ttl=300, expected=OLD_TEXT),
        run(OLD_TEXT, 11, 20, ttl=300),
        run(OLD_TEXT, 21, 30, ttl=60),
        run(OLD_TEXT, 31, 31, ttl=60, expected=OLD_TEXT),
    )

    assert former_ttls(runs, [A], NEW_TEXT) == (FormerTTL(300, after(21)), FormerTTL(60, None))


texts = st.sampled_from([OLD_TEXT, NEW_TEXT, PARKED_TEXT])
sights = st.lists(st.tuples(st.sampled_from([1, 2]), texts, st.sampled_from([60, 300])), max_size=12)


@given(sights)
def test_runs_of_an_address_follow_each_other_and_differ(seen: list[tuple[int, str, int]]) -> None:
    memory = Memory()
    for seconds, (number, text, ttl) in enumerate(seen):
        views = [parent(number, text.split(), ttl=ttl, at=after(seconds))]
        memory = with_parents(memory, views, names(*NEW))

    for address in (A, B):
        mine = [found for found in memory.parent if found.address == address]
        for before, then in pairwise(mine):
            assert before.last < then.first
            assert (before.shown, before.ttl) != (then.shown, then.ttl)
        shown = [(text, ttl) for number, text, ttl in seen if f"192.0.2.{number}" == address]
        assert [(found.shown, found.ttl) for found in mine] == [
            sight for i, sight in enumerate(shown) if i == 0 or shown[i - 1] != sight
        ]
        assert sum(((found.last - found.first) for found in mine), timedelta()) <= timedelta(seconds=len(seen))


def test_a_set_survives_its_text() -> None:
    assert names_in(set_text(names("B.example.", r"a\032b.example."))) == names(r"a\032b.example.", "b.example.")
    assert after(0) == NOW
