"""What a report is made from: everything that was read, and when. No IO here."""

from datetime import datetime

from dns.name import Name

from migrator.journey.migration import Told
from migrator.model.values import dataclass
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
class Folder:
    """A backup folder that was referred to, as it is now; `trouble` says why it cannot be read."""

    path: str
    read_at: datetime | None = None
    digest: str = ""
    records: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """All that is known of a domain; `papers` are in the order in which they were kept.

    `journey` is the migration that `run` carries out, None where there is none.
    """

    domain: Name
    now: datetime
    past: Past
    journey: Told | None = None
    papers: tuple[Paper, ...] = ()
    folders: tuple[Folder, ...] = ()
    tool: str = ""
