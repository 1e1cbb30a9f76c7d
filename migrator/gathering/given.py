"""What is to be checked, and what earlier looks saw: the input of gathering. Values only."""

from dataclasses import field

from dns.name import Name

from migrator.checks.facts import Kept, Settings, Strategy
from migrator.checks.history import History
from migrator.cutover.memory import Memory
from migrator.model.capabilities import Capabilities
from migrator.model.finding import Finding, Phase
from migrator.model.observation import Server
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot


@dataclass(frozen=True, slots=True)
class Given:
    """One side as its locator gives it; `servers` were named by address, `unread` says why there is no zone.

    `has_failed` tells that there should be one: its provider or server did not give it.
    """

    locator: str = ""
    scheme: str = ""
    zone: ZoneSnapshot | None = None
    findings: tuple[Finding, ...] = ()
    unread: str = ""
    assigned: tuple[Name, ...] = ()
    servers: tuple[Server, ...] = ()
    capabilities: Capabilities | None = None
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be checked: `new` is None without a target, `strategy` where it has to be found out."""

    domain: Name
    phase: Phase
    old: Given
    new: Given | None
    settings: Settings = field(default_factory=Settings)
    strategy: Strategy | None = None
    backup: Kept | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """What earlier looks saw."""

    memory: Memory = field(default_factory=Memory)
    history: History = field(default_factory=History)
