"""From events to the state: a worked journey, what a person says in between, and laws that hold for any events."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from migrator.journey.events import OUTCOMES, Event, Kind, Worst
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import State, Status, following, state_of
from migrator.model.finding import Severity

START = datetime(2026, 12, 1, 9, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def event(
    kind: Kind,
    stage: Stage,
    minutes: int,
    until: int | None = None,
    text: str = "",
    worst: Worst | None = None,
    words: tuple[str, ...] = (),
    saw: int = 0,
) -> Event:
    return Event(
        kind,
        stage,
        at(minutes),
        text,
        None if until is None else at(until),
        worst=worst,
        words=words,
        number=minutes,
        saw=saw,
    )


BEGUN = event(Kind.BEGUN, Stage.BACKUP, 0)


def test_a_stage_follows_when_the_one_before_is_done() -> None:
    done = event(Kind.DONE, Stage.BACKUP, 1)

    assert state_of([BEGUN, done]) == State(
        Stage.PREPARE, Status.RUNNING, at(1), done, turn=1, wakes=at(1), done=(done,)
    )


def test_a_wait_is_due_at_its_instant_and_a_gate_of_a_person_never() -> None:
    waits = event(Kind.WAITS, Stage.BACKUP, 1, until=60)
    asks = event(Kind.ASKS, Stage.BACKUP, 61)

    assert state_of([BEGUN, waits]).due == at(60)
    assert (state_of([BEGUN, waits, asks]).due, state_of([BEGUN, waits, asks]).status) == (None, Status.ASKING)


def test_an_approval_opens_a_gate_also_when_it_came_while_the_gate_was_being_shut() -> None:
    approved = event(Kind.APPROVED, Stage.BACKUP, 1, words=("weights-merged",))
    asks_before = event(Kind.ASKS, Stage.BACKUP, 2, saw=0)
    asks_after = event(Kind.ASKS, Stage.BACKUP, 2, saw=1)

    assert state_of([BEGUN, approved, asks_before]).due == at(2)
    assert state_of([BEGUN, approved, asks_after]).due is None
    assert state_of([BEGUN, approved, asks_after]).accepted == {"weights-merged"}


def test_what_was_approved_of_another_stage_counts_for_none() -> None:
    approved = event(Kind.APPROVED, Stage.SWITCH, 1)

    assert state_of([BEGUN, approved]).approved == ()


def test_an_approval_ends_with_its_stage() -> None:
    events = [BEGUN, event(Kind.APPROVED, Stage.BACKUP, 1), event(Kind.DONE, Stage.BACKUP, 2, saw=1)]

    assert state_of(events).approved == ()


def test_since_is_when_the_same_wait_began() -> None:
    first = event(Kind.ASKS, Stage.BACKUP, 1, text="the registrar")
    second = event(Kind.ASKS, Stage.BACKUP, 2, text="the registrar")
    other = event(Kind.ASKS, Stage.BACKUP, 3, text="another thing")

    assert [state_of([BEGUN, *each]).since for each in ([first], [first, second], [first, second, other])] == [
        at(1),
        at(1),
        at(3),
    ]


def test_a_paused_migration_is_not_due_and_goes_on_at_once_when_resumed() -> None:
    waits = event(Kind.WAITS, Stage.BACKUP, 1, until=60)
    paused = event(Kind.PAUSED, Stage.BACKUP, 2)
    resumed = event(Kind.RESUMED, Stage.BACKUP, 3)

    assert (state_of([BEGUN, waits, paused]).status, state_of([BEGUN, waits, paused]).due) == (
        Status.PAUSED,
        None,
    )
    assert (state_of([BEGUN, waits, paused, resumed]).status, state_of([BEGUN, waits, paused, resumed]).due) == (
        Status.WAITING,
        at(3),
    )


def test_what_was_under_way_when_a_person_paused_still_ends() -> None:
    events = [BEGUN, event(Kind.PAUSED, Stage.BACKUP, 1), event(Kind.DONE, Stage.BACKUP, 2)]

    found = state_of(events)

    assert (found.stage, found.status, found.due) == (Stage.PREPARE, Status.PAUSED, None)


def test_going_back_forgets_what_was_done_since() -> None:
    events = [
        BEGUN,
        *(event(Kind.DONE, stage, stage.number) for stage in STAGES[:5]),
        event(Kind.AGAIN, Stage.IMPORT, 9),
    ]

    found = state_of(events)

    assert (found.stage, found.status, found.due) == (Stage.IMPORT, Status.RUNNING, at(9))
    assert [each.stage for each in found.done] == [Stage.BACKUP, Stage.PREPARE]


def test_an_attempt_at_a_stage_that_was_left_meanwhile_changes_nothing_but_the_count() -> None:
    before = state_of([BEGUN, event(Kind.DONE, Stage.BACKUP, 1), event(Kind.AGAIN, Stage.BACKUP, 2)])
    late = following(before, event(Kind.DONE, Stage.PREPARE, 3))

    assert (late.stage, late.turn, late.due) == (Stage.BACKUP, 2, at(2))


def test_an_attempt_that_began_before_a_person_went_back_to_its_stage_changes_nothing_but_the_count() -> None:
    before = state_of([BEGUN, event(Kind.DONE, Stage.BACKUP, 1), event(Kind.AGAIN, Stage.PREPARE, 3)])
    late = [event(kind, Stage.PREPARE, 4, until=60, saw=1) for kind in (Kind.DONE, Kind.ASKS, Kind.FAILED)]
    after = event(Kind.DONE, Stage.PREPARE, 5, saw=4)

    assert [following(before, each) for each in late] == [replace(before, turn=2)] * 3
    assert before.due == at(3)
    assert [following(following(before, each), after).stage for each in late] == [Stage.IMPORT] * 3


def test_the_worst_finding_is_that_of_the_last_look() -> None:
    worst = Worst(Severity.ERROR, "no MX")
    failed = event(Kind.WAITS, Stage.BACKUP, 1, until=2, worst=worst)
    again = event(Kind.WAITS, Stage.BACKUP, 2, until=3)
    done = event(Kind.DONE, Stage.BACKUP, 3)

    assert [state_of([BEGUN, *each]).worst for each in ([failed], [failed, again], [failed, again, done])] == [
        worst,
        worst,
        None,
    ]


def test_the_last_stage_ends_the_journey_and_nothing_follows_it() -> None:
    events = [BEGUN, *(event(Kind.DONE, stage, stage.number) for stage in STAGES)]

    over = state_of(events)
    later = following(following(over, event(Kind.APPROVED, STAGES[-1], 90)), event(Kind.AGAIN, STAGES[0], 91))

    assert (over.status, over.due, over.stage) == (Status.COMPLETE, None, STAGES[-1])
    assert later == over


EVENTS = st.lists(
    st.builds(
        lambda kind, stage, number, wait, saw: Event(
            kind, stage, at(number), until=None if wait is None else at(number + wait), number=number, saw=saw
        ),
        st.sampled_from([kind for kind in Kind if kind is not Kind.BEGUN]),
        st.sampled_from(Stage),
        st.integers(1, 500),
        st.none() | st.integers(0, 500),
        st.integers(0, 500),
    ),
    max_size=40,
)


@given(EVENTS)
def test_any_events_come_to_a_state_whose_turn_counts_the_attempts(events: list[Event]) -> None:
    found = state_of([BEGUN, *events])

    assert found.turn == sum(each.kind in OUTCOMES for each in events)
    assert [each.stage for each in found.done] == list(STAGES[: len(found.done)])
    assert found.is_over or found.stage is STAGES[len(found.done)]
    assert found.due is None or not (found.is_over or found.is_paused)


@given(EVENTS)
def test_a_state_grows_event_by_event_as_it_is_made_of_all(events: list[Event]) -> None:
    grown = state_of([BEGUN])
    for each in events:
        grown = following(grown, each)

    assert grown == state_of([BEGUN, *events])
