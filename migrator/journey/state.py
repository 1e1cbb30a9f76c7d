"""From the events of a migration to its state. No IO here.

    begun -> backup: done -> import: asks -> import: approved -> import: done -> verify: failed -> ...

The current stage is the one after the last that is done. What a person approved counts for the stage it was said
of, until that stage is done; `again` goes back to an earlier stage, and forgets what was approved of it and of
those after it. Pausing stops everything that is not being done already, aborting ends the migration.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from migrator.journey.events import OUTCOMES, Event, Kind, Worst
from migrator.journey.stages import STAGES, Stage
from migrator.model.values import dataclass


class Status(StrEnum):
    """What a migration does, or what it needs."""

    RUNNING = "running"
    WAITING = "waiting"
    ASKING = "asking"
    FAILED = "failed"
    PAUSED = "paused"
    ABORTED = "aborted"
    COMPLETE = "complete"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens."""
        return self in {Status.ABORTED, Status.COMPLETE}


@dataclass(frozen=True, slots=True)
class State:
    """Where a migration stands.

    `doing` is what it does where it is not paused. `turn` counts the attempts that ended. `wakes` is when the next
    one may begin; None where a person is waited for, or nothing follows. `last` is the event that says why.
    `approved` are what a person said of the current stage. `since` is when it began to be so.
    """

    stage: Stage
    doing: Status
    since: datetime
    last: Event
    turn: int = 0
    wakes: datetime | None = None
    worst: Worst | None = None
    approved: tuple[Event, ...] = ()
    done: tuple[Event, ...] = ()
    is_paused: bool = False

    @property
    def status(self) -> Status:
        """What it does, or needs, as people are told."""
        return Status.PAUSED if self.is_paused and not self.is_over else self.doing

    @property
    def due(self) -> datetime | None:
        """When the next attempt may begin without a person; None where there is none."""
        return None if self.is_paused or self.is_over else self.wakes

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens."""
        return self.doing.is_over

    @property
    def accepted(self) -> frozenset[str]:
        """The words of what a person decided for the current stage: losses accepted, and other options."""
        return frozenset(word for event in self.approved for word in event.words)


def state_of(events: Iterable[Event]) -> State:
    """Return the state that the events come to; the first of them must be the beginning."""
    left = iter(events)
    first = next(left, None)
    assert first is not None, "a migration begins with its beginning"
    assert first.kind is Kind.BEGUN, "a migration begins with its beginning"
    found = State(STAGES[0], Status.RUNNING, first.at, first, wakes=first.at)
    for event in left:
        found = following(found, event)
    return found


def following(state: State, event: Event) -> State:
    """Return the state after one more event."""
    if event.kind in OUTCOMES:
        state = replace(state, turn=(state.turn if event.turn is None else event.turn) + 1)
        # An attempt that ended after the person said otherwise changes nothing.
        said_otherwise = state.is_over or event.stage is not state.stage or _began_before_again(state, event)
        return state if said_otherwise else _after_attempt(state, event)
    return state if state.is_over else _as_told(state, event)


def _began_before_again(state: State, event: Event) -> bool:
    """Tell whether a person wants the stage begun anew, and the attempt did not know of it."""
    return state.last.kind is Kind.AGAIN and event.saw < state.last.number


_DOING = {Kind.WAITS: Status.WAITING, Kind.ASKS: Status.ASKING, Kind.FAILED: Status.FAILED}


def _after_attempt(state: State, event: Event) -> State:
    if event.kind is Kind.DONE:
        return _after_stage(state, event)
    doing = _DOING[event.kind]
    unheard = any(each.number > event.saw for each in state.approved)
    return replace(
        state,
        doing=doing,
        since=state.since if doing is state.doing and event.text == state.last.text else event.at,
        last=event,
        wakes=event.at if unheard else event.until,
        worst=event.worst or state.worst,
    )


def _after_stage(state: State, event: Event) -> State:
    stage = event.stage.after
    return replace(
        state,
        stage=event.stage if stage is None else stage,
        doing=Status.COMPLETE if stage is None else Status.RUNNING,
        since=event.at,
        last=event,
        wakes=event.at,
        worst=event.worst,
        approved=(),
        done=(*state.done, event),
    )


def _as_told(state: State, event: Event) -> State:
    match event.kind:
        case Kind.APPROVED if event.stage is state.stage:
            return replace(state, approved=(*state.approved, event), wakes=event.at)
        case Kind.AGAIN if event.stage.number <= state.stage.number:
            earlier = tuple(each for each in state.done if each.stage.number < event.stage.number)
            return replace(
                state,
                stage=event.stage,
                doing=Status.RUNNING,
                since=event.at,
                last=event,
                wakes=event.at,
                approved=(),
                done=earlier,
            )
        case Kind.ABORTED:
            return replace(state, doing=Status.ABORTED, since=event.at, last=event)
        case Kind.PAUSED:
            return replace(state, is_paused=True)
        case Kind.RESUMED:
            only_a_person = state.doing is Status.ASKING and state.wakes is None
            return replace(state, is_paused=False, wakes=None if only_a_person else event.at)
        case _:
            return state
