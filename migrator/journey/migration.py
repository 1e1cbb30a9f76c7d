"""A migration as people are told of it: who it is, where it stands, and all that happened. No IO here."""

from datetime import datetime

from dns.name import Name

from migrator.journey.events import Event, Worst
from migrator.journey.options import Options
from migrator.journey.stages import Stage
from migrator.journey.state import State, Status
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration as its row has it: who it is, and what its events come to.

    `until` is the instant that is waited for, `due` when something is to be done. `worker` is who does it now.
    """

    number: int
    key: str
    domain: Name
    begun: datetime
    options: Options
    fleet: str
    wave: int
    stage: Stage
    status: Status
    text: str
    since: datetime
    until: datetime | None
    due: datetime | None
    turn: int
    worst: Worst | None
    worker: str

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens."""
        return self.status.is_over

    def is_between(self, options: Options) -> bool:
        """Tell whether it leads, or led, from the same old side to the same new one."""
        return (self.options.source, self.options.target) == (options.source, options.target)


@dataclass(frozen=True, slots=True)
class Told:
    """A migration with all its events."""

    migration: Migration
    events: tuple[Event, ...]
    state: State
