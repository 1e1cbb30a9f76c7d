"""What a comparison of two zones gives: differences, mail verdicts, counts. Values only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from dns.name import Name

from migrator.mail.verdict import MailVerdict
from migrator.meaning.roles import Role
from migrator.model.finding import Finding, Severity
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot


class Kind(StrEnum):
    """How the two sides of an RRset differ, or why that is not known."""

    MISSING = "missing"
    EXTRA = "extra"
    CHANGED = "changed"
    TTL = "ttl"
    EXPECTED = "expected"
    EQUIVALENT = "equivalent"
    UNCHECKED = "unchecked"


REAL = frozenset({Kind.MISSING, Kind.EXTRA, Kind.CHANGED})


class Verdict(StrEnum):
    """`same` where every RRset was compared and none differs in what it says."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Difference:
    """One RRset that is not the same on both sides.

    `roles` has the gravest first. `lost` and `gained` are the rdatas (and what the provider adds to them) of
    one side alone. `servers` names the live servers that answered so, where the new side is one. `unjudged`
    is true where the sides could not be compared, and the impact says why.
    """

    kind: Kind
    key: RRsetKey
    roles: tuple[Role, ...]
    severity: Severity
    impact: str
    old: RRset | None
    new: RRset | None
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()

    @property
    def role(self) -> Role:
        """The gravest role."""
        return self.roles[0]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A difference that the user chose to ignore, and the reason given."""

    difference: Difference
    reason: str


@dataclass(frozen=True, slots=True)
class Side:
    """What was compared: where it came from and how much it was; `findings` are those of its reading.

    `rrsets` and `records` are None for a live server, which cannot be listed, and so is `snapshot`.
    """

    source: str
    rrsets: int | None
    records: int | None
    snapshot: ZoneSnapshot | None = None
    read_at: datetime | None = None
    name_servers: tuple[Name, ...] = ()
    stray: int = 0
    servers: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def digest(self) -> str | None:
        """Return the digest of the snapshot: not computed before somebody asks, for that takes a while."""
        return None if self.snapshot is None else self.snapshot.digest()


@dataclass(frozen=True, slots=True)
class ZoneDiff:
    """Two sides of a zone, compared. `same` counts the RRsets without any difference."""

    origin: Name
    old: Side
    new: Side
    differences: tuple[Difference, ...]
    mail: Sequence[MailVerdict]
    same: int
    ignored: tuple[Ignored, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """`same` only where everything was compared: what could not be checked is never the same."""
        unlike = any(found.kind in REAL or found.kind is Kind.UNCHECKED for found in self.differences)
        return Verdict.DIFFERENT if unlike else Verdict.SAME

    def counts(self) -> Mapping[Kind, int]:
        """Return how many differences there are of each kind, zeros included."""
        found = Counter(difference.kind for difference in self.differences)
        return {kind: found[kind] for kind in Kind}

    def all_findings(self) -> tuple[Finding, ...]:
        """Return what is wrong beside the differences: of both sides' reading, and of the comparison."""
        return (*self.old.findings, *self.new.findings, *self.findings)


def side_of(snapshot: ZoneSnapshot) -> Side:
    """Return what a report says of a snapshot."""
    return Side(
        source=snapshot.source,
        rrsets=snapshot.rrset_count(),
        records=snapshot.record_count(),
        snapshot=snapshot,
        read_at=snapshot.read_at,
        name_servers=snapshot.name_servers,
        stray=len(snapshot.stray),
    )
