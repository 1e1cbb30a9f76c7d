"""What a report is made from: everything that was read, and when. No IO here."""

from dataclasses import dataclass
from datetime import datetime

from dns.name import Name

from migrator.journey.events import Event
from migrator.journey.options import Options
from migrator.journey.state import State
from migrator.past import Past


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that a command kept: JSON text whose `schema` names its shape."""

    number: int
    at: datetime
    tool: str
    schema: str
    text: str


@dataclass(frozen=True, slots=True)
class Journey:
    """A migration that is carried out by `run`: what was decided, what happened, and what that comes to."""

    options: Options
    events: tuple[Event, ...]
    state: State
    fleet: str = ""
    wave: int = 0


@dataclass(frozen=True, slots=True)
class Folder:
    """A backup folder that was referred to, as it is now; `trouble` says why it cannot be read."""

    path: str
    read_at: datetime | None = None
    digest: str = ""
    records: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """All that is known of a domain; `papers` are in the order in which they were kept."""

    domain: Name
    now: datetime
    past: Past
    journey: Journey | None = None
    papers: tuple[Paper, ...] = ()
    folders: tuple[Folder, ...] = ()
    tool: str = ""
