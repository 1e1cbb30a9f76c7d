"""What is wrong, or could not be looked at, in one plain sentence each. No IO here."""

from enum import StrEnum

from migrator.model.values import dataclass


class Severity(StrEnum):
    """Consequence: names fail or mail is lost (error); some users, some time (warning); know this (notice)."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def rank(self) -> int:
        """The place among the severities, 0 for the gravest: what is sorted by it begins with errors."""
        return tuple(Severity).index(self)

    def at_least(self, threshold: "Severity") -> bool:
        """Tell whether this is as grave as `threshold` or graver."""
        return self.rank <= threshold.rank


class Phase(StrEnum):
    """The moments of a migration at which somebody asks whether to go on."""

    PREPARE = "prepare"
    READY = "ready"
    SWITCH = "switch"
    SETTLE = "settle"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Position:
    """A line of a file; lines count from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        """Return `file:line`, as compilers and editors write it."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect or remark: the id of the rule, how grave, about what, and a sentence.

    `subject` is an owner and type in text (`www.example.org. A`), a server, or a zone. `message` says what
    was observed, then what was expected. `remedy` says what to do, where that is not plain from the message.
    """

    check: str
    severity: Severity
    subject: str
    message: str
    position: Position | None = None
    remedy: str = ""
    evidence: tuple[str, ...] = ()


# What readers call a zone that was not given to them whole, behind their own name; and one that is by its kind
# only a part, since its DNS is at another provider.
INCOMPLETE = "incomplete"
PARTIAL = "partial-zone"
# What they call a name that a load balancer answers, of which no record tells.
BALANCED = "load-balancer"


def is_incomplete(finding: Finding) -> bool:
    """Tell whether it says that a part of the zone was not given to the reader, nobody knows which."""
    return finding.check.partition(".")[2] in {INCOMPLETE, PARTIAL}


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A rule that could not be judged, and why: never the same as passed."""

    check: str
    subject: str
    reason: str
