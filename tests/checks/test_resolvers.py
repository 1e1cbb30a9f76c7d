"""Which side resolvers follow, and until when old answers can come. NOW is 09:00."""

from datetime import timedelta
from typing import Any

import pytest
from dns.rcode import Rcode

from migrator.checks import resolvers as area
from migrator.checks.points import Passed, Problem, Unchecked
from migrator.cutover.judge import Judgement, judge
from migrator.cutover.look import ResolverView, Side
from migrator.cutover.memory import Memory, with_parents, with_servers
from migrator.model.finding import Phase
from tests.checks.build import NEW, NOW, OLD, after, facts, points, told
from tests.checks.build import parent as view
from tests.cutover.build import look, names, resolver, usual_servers

WHO = "Example (192.0.2.53)"


def judged(*views: ResolverView, switched: float, ttl: int = 3600, measured: bool = True) -> Judgement:
    """Return the judgement of a switch that every parent server was first seen with so many seconds ago.

    Not `measured`: no look saw the TTL of the old servers' apex NS set.
    """
    memory = Memory()
    for at, listed in ((switched - 600, OLD), (switched, NEW), (0.0, NEW)):
        parents = [view(number, listed, ttl=ttl, at=after(at)) for number in (1, 2)]
        memory = with_parents(memory, parents, names(*NEW))
    taken = look(*parents, resolvers=views)
    if measured:
        memory = with_servers(memory, usual_servers(), names(*NEW))
    return judge(taken, memory, NOW)


def said(check: Any, *views: ResolverView, switched: float = -60) -> list[str]:
    return told(points(check, facts(phase=Phase.SETTLE, judgement=judged(*views, switched=switched))))


def example(*sides: Any, **changes: Any) -> ResolverView:
    return resolver("Example", *sides, **changes)


def test_new_answers_pass_and_the_bound_of_what_samples_overlook_is_said() -> None:
    assert said(area.side, example(*[Side.NEW] * 20)) == [
        f"pass {WHO}: 20 of 20 answers are new. A stale share below 14% of its machines would not show."
    ]


def test_old_answers_are_allowed_until_the_last_stale_one_is_due() -> None:
    (line,) = said(area.side, example(Side.OLD, Side.NEW))

    assert line == (
        f"pass {WHO}: 1 of 2 answers are old, kept for up to 100 s; allowed until 2026-12-01T10:09:00Z."
    )


def test_an_answer_that_was_fetched_from_an_old_server_too_late_warns() -> None:
    late = said(area.side, example(Side.OLD, remaining=300), switched=-90_000)
    kept = said(area.side, example(Side.OLD, remaining=300, at=NOW - timedelta(days=1)), switched=-90_000)

    assert late[0].startswith(
        f"problem {WHO}: 1 of 1 answers are old, and the last one was due 2026-11-30T09:10:00Z."
    )
    assert area.side.severity == "warning"
    assert kept[0].startswith(("notice", "problem"))


def test_a_silent_resolver_is_unchecked() -> None:
    for check in (area.side, area.servfail, area.poison):
        assert said(check, example(None, None)) == [f"unchecked {WHO}: timeout"]


def test_servfail_and_answers_of_neither_side_are_found() -> None:
    assert said(area.servfail, example(Rcode.SERVFAIL)) == [
        f"problem {WHO}: Answers SERVFAIL for the domain; an answer was expected."
    ]
    assert said(area.servfail, example(Side.NEW)) == [f"pass {WHO}: Answers."]
    assert said(area.poison, example(Side.NEW, Side.OTHER)) == [
        f"problem {WHO}: 1 of 2 answers are of neither side; none was expected."
    ]
    assert said(area.poison, example(Side.NEW)) == [f"pass {WHO}: Every answer is of one of the two sides."]


@pytest.mark.parametrize("check", [area.side, area.servfail, area.poison])
def test_before_the_switch_no_resolver_is_judged(check: Any) -> None:
    assert told(points(check, facts())) == ["not-needed: resolvers are asked from the switch on, and with --to"]
    assert said(check) == ["not-needed: the network profile has no resolver"]


def settled(judgement: Judgement | None) -> list[Any]:
    return points(area.settled, facts(phase=Phase.SETTLE, judgement=judgement))


def test_the_last_stale_answer_is_waited_for() -> None:
    (early,) = settled(judged(switched=-60))
    (late,) = settled(judged(switched=-90_000))

    assert isinstance(early, Problem)
    assert early.not_before == after(-60 + 3600 + 600)
    assert isinstance(late, Passed)
    assert late.not_before == after(-90_000 + 3600 + 600)


def test_a_switch_that_was_not_seen_everywhere_is_unchecked() -> None:
    mixed = judge(look(view(1, NEW), view(2, OLD)), Memory(), NOW)

    assert [type(point) for point in settled(mixed)] == [Unchecked]
    assert [type(point) for point in settled(None)] == [Unchecked]
