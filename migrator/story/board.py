"""Many moves at once: a line for each, and how many stand where. No IO here."""

from collections.abc import Iterable
from datetime import datetime

from dns.name import Name

from migrator.journey.events import Worst
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import Status
from migrator.model.values import dataclass

# What needs a person stands first.
URGENCY = (
    Status.FAILED,
    Status.ASKING,
    Status.RUNNING,
    Status.WAITING,
    Status.PAUSED,
    Status.ABORTED,
    Status.COMPLETE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """Where one move stands: `next` is when something is done without a person."""

    domain: Name
    stage: Stage
    status: Status
    text: str
    since: datetime
    next: datetime | None
    worst: Worst | None
    fleet: str
    wave: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which moves are wanted: empty words want all. `page` counts from 1."""

    stage: Stage | None = None
    status: Status | None = None
    fleet: str = ""
    text: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """How many moves there are, by stage and by status, of those that are wanted by their fleet and text."""

    total: int
    stages: tuple[tuple[Stage, int], ...]
    statuses: tuple[tuple[Status, int], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The moves of one page, the most urgent first; `matching` are those on all pages.

    `unread` says which of the page cannot be read, and why.
    """

    at: datetime
    database: str
    wanted: Filter
    rows: tuple[Row, ...]
    matching: int
    page_size: int
    counts: Counts
    fleets: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-self.matching // self.page_size))


def counts_of(found: Iterable[tuple[Stage, Status, int]]) -> Counts:
    """Return the counts from how many have each stage and status; what nobody has is left out.

    A move that is over stands at no stage.
    """
    by_stage = dict.fromkeys(STAGES, 0)
    by_status = dict.fromkeys(URGENCY, 0)
    for stage, status, number in found:
        by_status[status] += number
        if not status.is_over:
            by_stage[stage] += number
    return Counts(
        sum(by_status.values()),
        tuple((stage, number) for stage, number in by_stage.items() if number),
        tuple((status, number) for status, number in by_status.items() if number),
    )
