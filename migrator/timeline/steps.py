"""A step of a plan: what happens, when, and what the instant rests on. No IO here."""

from datetime import datetime
from enum import StrEnum

from migrator.model.values import dataclass
from migrator.timeline.measured import Measured


class Kind(StrEnum):
    """What a step is: something that a person does, a gate that opens by itself, or somebody else's deadline."""

    ACT = "act"
    GATE = "gate"
    DEADLINE = "deadline"


class State(StrEnum):
    """Whether a step is still to come.

    Where something is not known, a step cannot be placed, or its instant is past and the truth may be later: that
    is UNKNOWN, and never DONE.
    """

    DONE = "done"
    AHEAD = "ahead"
    UNKNOWN = "unknown"
    NOT_NEEDED = "not-needed"


def state_of_gate(at: datetime, now: datetime, unknown: tuple[str, ...]) -> State:
    """Return whether a gate is open: one whose instant may be too early is not known to be."""
    if at > now:
        return State.AHEAD
    return State.UNKNOWN if unknown else State.DONE


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    `at` is the exact instant, the earliest for what a person does, None where the step is not needed or cannot be
    placed. `since` is the instant from which it is waited for. `rests_on` is the formula, or why the step is not
    needed; `unknown` is what could not be taken into account, so that the truth may be later. `recommended` is a
    later instant with a margin.
    """

    id: str
    title: str
    kind: Kind
    state: State
    at: datetime | None = None
    rests_on: str = ""
    advice: str = ""
    unknown: tuple[str, ...] = ()
    since: datetime | None = None
    recommended: datetime | None = None
    recommended_because: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The plan: its steps in order, what it was measured from, and what is wrong with the wished switch.

    `earliest_switch` is None where it cannot be told; `switch_at` is when the plan switches, or switched.
    """

    measured: Measured
    steps: tuple[Step, ...]
    earliest_switch: datetime | None
    switch_at: datetime | None
    is_wished: bool = False
    too_early: str = ""

    def step(self, id_: str) -> Step:
        """Return the step of this id; there must be one."""
        return next(step for step in self.steps if step.id == id_)

    @property
    def unmeasured(self) -> tuple[str, ...]:
        """What the plan could not take into account, each once: never guessed."""
        return tuple(dict.fromkeys(each for step in self.steps for each in step.unknown))
