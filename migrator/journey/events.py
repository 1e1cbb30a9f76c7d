"""What can happen in a migration: how an attempt at a stage ended, and what a person said. No IO here."""

from datetime import datetime
from enum import StrEnum

from migrator.journey.stages import Stage
from migrator.model.finding import Severity
from migrator.model.values import dataclass


class Kind(StrEnum):
    """What happened."""

    BEGUN = "begun"
    # How an attempt at a stage ended.
    DONE = "done"
    WAITS = "waits"
    ASKS = "asks"
    FAILED = "failed"
    # What a person said.
    APPROVED = "approved"
    PAUSED = "paused"
    RESUMED = "resumed"
    ABORTED = "aborted"
    AGAIN = "again"


OUTCOMES = frozenset({Kind.DONE, Kind.WAITS, Kind.ASKS, Kind.FAILED})


@dataclass(frozen=True, slots=True)
class Worst:
    """The gravest finding of the last look."""

    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `until` is the next instant at which something is done without a person: when a wait ends, a gate is looked at
    again, a failure is tried again. It is None where only a person can open the gate. `text` says what is waited
    for, asked for or wrong, in words for people. `commands` are what the person can type. `words` are what a
    person decided with an approval: the losses accepted, other options as they were typed; `because` is the reason
    given. `documents` are the numbers of what was found, in the state database. `plan` is the digest of the
    changes that a person is asked about, or approved. `by` is who said it, or which worker did it. `number` is the
    event's own, `saw` that of the last event that an attempt knew of: what a person said later still waits to be
    heard. `turn` is the number of the attempt, `times` how many attempts one after another ended just so, and
    `latest` when the last of them did; `at` is the first.
    """

    kind: Kind
    stage: Stage
    at: datetime
    text: str = ""
    until: datetime | None = None
    commands: tuple[str, ...] = ()
    worst: Worst | None = None
    words: tuple[str, ...] = ()
    because: str = ""
    documents: tuple[int, ...] = ()
    plan: str = ""
    by: str = ""
    number: int = 0
    saw: int = 0
    turn: int | None = None
    times: int = 1
    latest: datetime | None = None

    def says_the_same(self, other: "Event") -> bool:
        """Tell whether two ends of attempts are one and the same news."""
        return (self.kind, self.stage, self.text, self.plan) == (other.kind, other.stage, other.text, other.plan)
