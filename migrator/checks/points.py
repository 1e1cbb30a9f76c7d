"""What a check says: passed, a problem, not checked, or not needed. No IO here."""

from datetime import datetime

from migrator.checks.asks import Reply
from migrator.model.finding import Position, Severity
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Noted:
    """Evidence that is no answer of a server: a line of a file, a provider's statement, an earlier look."""

    source: str
    text: str
    at: datetime | None = None


Evidence = Reply | Noted


@dataclass(frozen=True, slots=True)
class Passed:
    """The rule holds for the subject; what shows it is in the evidence, of which there must be some.

    `not_before` is an instant that had to be waited for and has come.
    """

    subject: str
    message: str
    evidence: tuple[Evidence, ...]
    not_before: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a pass that nothing shows."""
        assert self.evidence, f"{self.subject}: nothing passes without evidence"


@dataclass(frozen=True, slots=True)
class Problem:
    """The rule does not hold: what was observed, then what was expected; and how to mend it.

    `severity` is given where it is another one than the check's own: a notice leaves the check passed.
    `not_before` is the instant from which the rule can hold, where waiting mends it.
    """

    subject: str
    message: str
    evidence: tuple[Evidence, ...] = ()
    remedy: str = ""
    severity: Severity | None = None
    not_before: datetime | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Unchecked:
    """The rule could not be judged for the subject, and why; never the same as passed.

    `not_before` is the instant from which it can be shown, where time mends it.
    """

    subject: str
    reason: str
    evidence: tuple[Evidence, ...] = ()
    remedy: str = ""
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """The rule does not apply here, and why: `no DS at the parent`."""

    reason: str
    evidence: tuple[Evidence, ...] = ()


Point = Passed | Problem | Unchecked | NotNeeded
