"""What a line of a zone file depends on, and what the lines have given so far. No IO here."""

from collections.abc import Collection
from dataclasses import field

from dns.name import Name

from migrator.model.finding import Position
from migrator.model.rrset import Record, RRset
from migrator.model.values import dataclass
from migrator.zonefile.apex import Apex
from migrator.zonefile.dialects import Header as ToolHeader
from migrator.zonefile.fields import Names
from migrator.zonefile.findings import Findings
from migrator.zonefile.header import Headers
from migrator.zonefile.ttls import Ttls


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The last owner of the records that a directive brought."""

    owner: Name
    directive: str


@dataclass(slots=True)
class State:
    """The memory of one reading.

    `owner` is None where the last line had none that could be read. `elsewhere` is the owner that some servers
    give to a line without one, where a directive stands between it and the last owner. `waiting` are the records,
    by their place, that stood before any TTL; `suspects` are the targets, and `doubled` the owners, that look as
    if a dot had been forgotten. `taken` has the keys of the owners whose records a fast path keeps elsewhere.
    `told` are the checks of remarks that are made once.
    """

    apex: Apex
    names: Names
    headers: Headers = field(default_factory=Headers)
    tool: ToolHeader = field(default_factory=ToolHeader)
    ttls: Ttls = field(default_factory=Ttls)
    findings: Findings = field(default_factory=Findings)
    owner: Name | None = None
    elsewhere: Elsewhere | None = None
    records: list[Record] = field(default_factory=list)
    rrsets: list[RRset] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    suspects: list[tuple[Name, str, Position]] = field(default_factory=list)
    doubled: set[Name] = field(default_factory=set)
    automatic_ttls: int = 0
    told: set[str] = field(default_factory=set)
    taken: Collection[bytes] = ()

    def own(self, owner: Name | None) -> None:
        """Take the owner that a line names."""
        self.owner = owner
        self.elsewhere = None

    def go_back_to(self, owner: Name | None, directive: str) -> None:
        """Take the owner from before a directive, and remember the last one that its records had."""
        last = self.elsewhere.owner if self.elsewhere else self.owner
        self.own(owner)
        if owner is not None and last is not None and last != owner:
            self.elsewhere = Elsewhere(last, directive)
