"""A switch that was taken back: it is said, and until when the new servers are asked; an earlier move is none."""

import pytest

from migrator.cutover.judge import Judgement, judge
from migrator.cutover.look import Look
from migrator.cutover.memory import Memory, with_parents, with_servers
from migrator.cutover.stage import Stage
from migrator.model.finding import Severity
from migrator.report.confirm_words import headline, next_step
from tests.cutover.build import NEW, NOW, OLD, PARKED, after, look, names, parent, usual_servers

HOUR = 3600
Sight = tuple[int, tuple[str, ...], tuple[str, ...]]
SWITCHED_AND_BACK: tuple[Sight, ...] = ((-3 * HOUR, OLD, NEW), (-2 * HOUR, NEW, NEW), (-HOUR // 2, OLD, NEW))


def seen(*sights: Sight) -> tuple[Look, Memory]:
    """The parent now, and a memory of what it listed when which set was expected; the last sight is of now."""
    memory = Memory()
    for seconds, listed, expected in sights:
        memory = with_parents(memory, [parent(n, listed, at=after(seconds)) for n in (1, 2)], names(*expected))
    _, listed, expected = sights[-1]
    now = look(parent(1, listed), parent(2, listed), expected=expected, old=OLD)
    memory = with_parents(memory, now.delegation.views, names(*expected))
    return now, with_servers(memory, usual_servers(), names(*expected))


def judged(*sights: Sight) -> Judgement:
    return judge(*seen(*sights), NOW)


def test_a_switch_that_was_taken_back_is_no_switch_that_has_not_begun() -> None:
    found = judged(*SWITCHED_AND_BACK)

    assert found.stage is Stage.NOT_STARTED
    assert [(each.check, each.severity) for each in found.findings] == [
        ("delegation.taken-back", Severity.WARNING)
    ]
    assert found.findings[0].message == (
        "The parent listed the new name servers, last seen 2026-12-01T07:00:00Z, and lists the old ones again. "
        "Resolvers may ask the new servers until 2026-12-01T09:40:00Z = all parents switched 2026-12-01T08:30:00Z "
        "+ parent NS TTL 3600 + new apex NS TTL 600: keep the new zone as it is until then."
    )
    assert headline(found).endswith(" list the old name servers: the switch was taken back.")
    assert next_step(found).startswith("If the switch was not to be taken back, enter the new name servers ")


def test_later_on_nobody_asks_the_new_servers_any_more() -> None:
    found = judged((-20 * HOUR, OLD, NEW), (-10 * HOUR, NEW, NEW), (-5 * HOUR, OLD, NEW))

    assert found.findings[0].message.endswith(" and lists the old ones again.")


@pytest.mark.parametrize(
    "sights",
    [
        ((-HOUR, OLD, NEW),),
        ((-9 * HOUR, NEW, NEW), (-8 * HOUR, NEW, OLD), (-7 * HOUR, OLD, OLD), (-HOUR, OLD, NEW)),
        ((-9 * HOUR, PARKED, NEW), (-HOUR, OLD, NEW)),
    ],
    ids=["never switched", "an earlier move to the same servers, and one away from them", "never listed"],
)
def test_what_was_not_taken_back_is_not_said_to_be(sights: tuple[Sight, ...]) -> None:
    found = judged(*sights)

    assert [each.check for each in found.findings] == []
    assert headline(found).endswith("the switch has not begun.")
