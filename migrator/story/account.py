"""The values of a report on the move of one domain. No IO here."""

from datetime import datetime
from enum import StrEnum

from dns.name import Name

from migrator.journey.events import Event
from migrator.journey.stages import Stage
from migrator.model.values import dataclass
from migrator.past import Registration, Stretch, TtlEvent, Write
from migrator.story.given import Folder
from migrator.timeline.steps import Step


class Standing(StrEnum):
    """How a move stands."""

    MOVED = "moved"
    UNDER_WAY = "under-way"
    NOT_BEGUN = "not-begun"
    ABORTED = "aborted"


class Deletion(StrEnum):
    """Whether the old zone may be deleted."""

    SAFE = "safe"
    NOT_BEFORE = "not-before"
    TO_CHECK = "to-check"
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The two sentences that matter: how the move stands, and whether the old zone may go."""

    standing: Standing
    sentence: str
    deletion: Deletion
    deletion_sentence: str
    deletion_at: datetime | None = None


class Progress(StrEnum):
    """How far one stage has come; `unseen` where only commands were run by hand and none showed it."""

    PASSED = "passed"
    CURRENT = "current"
    AHEAD = "ahead"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage: how far it has come, since when, when it ended, and what shows that."""

    stage: Stage
    progress: Progress
    since: datetime | None = None
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """What becomes of the mail of one domain, as the last comparison judged it."""

    domain: str
    verdict: str
    services: tuple[str, ...]
    reasons: tuple[str, ...]
    unchecked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that a command found: `status` is `fail`, `warn`, `notice` or `unchecked`."""

    status: str
    subject: str
    message: str
    remedy: str = ""
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of the old zone with the new one."""

    at: datetime
    old: str
    new: str
    verdict: str
    counts: tuple[tuple[str, int], ...]
    differences: tuple[Trouble, ...]
    mail: tuple[Mail, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The last checklist of a phase; `left_out` are grave checks that a person had left out.

    `is_ahead` of the end, where its instant is to come, or something was kept after it at an earlier one.
    """

    at: datetime
    phase: str
    verdict: str
    not_before: datetime | None
    counts: tuple[tuple[str, int], ...]
    mail: tuple[tuple[str, int], ...]
    troubles: tuple[Trouble, ...]
    left_out: tuple[str, ...] = ()
    is_ahead: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What one server of the parent listed in the last look at the switch; `ds` is None where it did not say."""

    server: str
    address: str
    lists: str
    ns: tuple[str, ...]
    ttl: int | None
    ds: int | None


@dataclass(frozen=True, slots=True)
class Switch:
    """The last look at the switch; `stage` is empty where it could not be told.

    `unknown` are the TTLs that nobody saw: with any, the last stale answer comes at that instant or later.
    `against` is what stood against deleting the old zone, whatever the time: errors, and what could not be
    checked.
    """

    at: datetime
    stage: str
    expected: tuple[str, ...]
    old: tuple[str, ...]
    parent: tuple[Listing, ...]
    resolvers: tuple[tuple[str, int], ...]
    switched: datetime | None
    last_stale: datetime | None
    safe: datetime | None
    formula: str
    unknown: tuple[str, ...]
    against: tuple[str, ...]
    troubles: tuple[Trouble, ...]

    @property
    def is_done(self) -> bool:
        """Whether every server of the parent listed exactly the new name servers."""
        return self.stage in {"switched", "settled"}


@dataclass(frozen=True, slots=True)
class Lost:
    """A loss of an import, and whether a person accepted it."""

    owner: str
    rdtype: str
    what: str
    severity: str
    message: str
    advice: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class Import:
    """An import: what was planned, and how far it came."""

    at: datetime
    source: str
    target: str
    applied: bool
    verified: bool
    ledger: tuple[tuple[str, int], ...]
    losses: tuple[Lost, ...]
    refused: tuple[str, ...]
    error: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A backup that was written and read back."""

    at: datetime
    source: str
    folder: str
    digest: str
    records: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan: when a switch is safe, and its steps."""

    at: datetime
    verdict: str
    earliest_switch: datetime | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """What the documents say: the newest of each kind; imports and backups all. `unread` could not be read."""

    comparison: Comparison | None = None
    checklists: tuple[Checked, ...] = ()
    switch: Switch | None = None
    plan: Planned | None = None
    imports: tuple[Import, ...] = ()
    exports: tuple[Exported, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: where it was written and by what, its digest as then, and the folder as it is now."""

    folder: str
    made_by: str
    digest: str
    at: datetime | None
    now: Folder | None = None


@dataclass(frozen=True, slots=True)
class Lowered:
    """The TTLs of one zone that were lowered: how many sets, how many are still low, when caches let go."""

    zone: str
    at: datetime
    sets: int
    still: int
    longest: int
    lowest: int
    let_go: datetime
    restored_at: datetime | None = None


class OpenKind(StrEnum):
    """Why something is open, what needs a person first."""

    ASKED = "asked"
    FAILING = "failing"
    UNCHECKED = "unchecked"
    WAITING = "waiting"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that is not settled; `source` says who found it and when, `again` when it is looked at next."""

    kind: OpenKind
    subject: str
    message: str
    source: str = ""
    remedy: str = ""
    commands: tuple[str, ...] = ()
    not_before: datetime | None = None
    again: datetime | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next, and when; None where a person has to act first."""

    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The whole report on one domain; `imported` is the import that counts."""

    domain: Name
    at: datetime
    database: str
    old: str
    new: str
    verdict: Verdict
    stages: tuple[StageLine, ...]
    steps: tuple[Step, ...]
    papers: Papers
    imported: Import | None = None
    decisions: tuple[Event, ...] = ()
    events: tuple[Event, ...] = ()
    seen: tuple[Stretch, ...] = ()
    lowered: tuple[Lowered, ...] = ()
    ttls: tuple[TtlEvent, ...] = ()
    writes: tuple[Write, ...] = ()
    backups: tuple[Backup, ...] = ()
    open: tuple[Open, ...] = ()
    next: Next | None = None
    registrations: tuple[Registration, ...] = ()
    tools: tuple[str, ...] = ()
    is_run: bool = False
    fleet: str = ""
