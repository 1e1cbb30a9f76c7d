"""What happens from now on in many migrations, each event once.

PostgreSQL gives an event its number when it is written, and shows it to others when its transaction ends: one with
a greater number may be seen before it. So each look begins a little before the last event that is known.
"""

from dataclasses import field

from dns.name import Name

from migrator.journey.events import Event
from migrator.model.values import dataclass
from migrator.state.migrations import Migrations, Selection

# How many events can be kept while one of a smaller number is being kept: far more than there are workers.
_OVERTAKEN = 100


@dataclass
class News:
    """The events of the chosen migrations from the constructor on."""

    migrations: Migrations
    which: Selection
    _told: frozenset[int] = field(default_factory=frozenset)
    _last: int = 0

    def __post_init__(self) -> None:
        """Take for known what can be seen now."""
        self._last = self.migrations.last_event()
        self.since_last()

    def since_last(self) -> tuple[tuple[Name, Event], ...]:
        """Return what was not returned before, each with its domain, in the order of the numbers."""
        found = self.migrations.events_after(self._last - _OVERTAKEN, self.which)
        new = tuple((domain, event) for domain, event in found if event.number not in self._told)
        self._told = frozenset(event.number for _, event in found)
        self._last = max([self._last, *self._told])
        return new
