"""What the instants of a plan rest on: TTLs as they were seen, and what has happened already. No IO here."""

from datetime import datetime

from dns.name import Name

from migrator.checks.facts import Strategy
from migrator.clock import Former, Measure, Moment
from migrator.model.values import dataclass

PARENT_NS = "parent NS TTL"
PARENT_DS = "parent DS TTL"
GLUE = "glue TTL"
OLD_NS = "old apex NS TTL"
NEW_NS = "new apex NS TTL"
OLD_KEYS = "old DNSKEY TTL"
NEW_KEYS = "new DNSKEY TTL"
OLD_NEGATIVE = "old negative TTL"
NEW_NEGATIVE = "new negative TTL"
CHANGING = "longest TTL that changes"
UNSIGNED = "longest TTL of the zone"


@dataclass(frozen=True, slots=True)
class Party:
    """One side of the move: its locator, its provider's scheme, and its name servers."""

    locator: str
    scheme: str
    name_servers: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class High:
    """A set whose TTL is longer than the move wants: the longest that any old server hands out or handed out.

    `fixed` says why nobody can lower it, as a clause; empty where a person can.
    """

    name: str
    seconds: int
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured of a move; TTLs in seconds.

    `high` are the sets that are still to be lowered to `target_ttl`, `formers` the waits that run already for
    those that were. `fixed` are those that are longer and stay so, since nobody can lower them: they count after
    the switch, and `changing_fixed` is the longest TTL of such a set among those that change. `unseen` says which
    old servers did not show their TTLs. `ds_gone` is since when no server of the parent has the DS that it had
    (None while one has), `exchanged` what is waited for since both sides publish each other's keys and the parent
    has a DS of each (empty while they do not), `switched` since when every server of the parent lists the new set,
    and `settled` when the last stale answer is due then, by all that looks have seen (None before).
    `ns_can_be_lowered` is False where the old provider sets the TTL of its apex NS set itself. `ds_unsaid` says
    who does not tell whether there is a DS, where nobody showed one. `without_ds` is since when looks saw no DS,
    None without an earlier look. `former_keys` are the TTLs that the old keys had in earlier looks. `unsigned` is
    the longest TTL of all that is answered without signatures on the way, where there is such a way. `moving` are
    name servers inside the domain that keep their names, and the addresses that the switch gives them at the
    parent; `old_hosts` is the TTL that their addresses have in the old zone. `doubts` is what leaves open whether
    the plan is about this domain's sides at all, `remarks` what else is not known. `is_ds_left`: the switch is
    made, and the DS at the parent fits no key of a new server; `is_old_ds_gone`: every DS fits one.
    """

    domain: Name
    now: datetime
    old: Party
    new: Party
    target_ttl: int
    strategy: Strategy
    high: tuple[High, ...]
    formers: tuple[Former, ...]
    unseen: tuple[str, ...]
    parent_ns: Measure
    parent_ds: Measure
    old_ns: Measure
    new_ns: Measure
    old_keys: Measure
    new_keys: Measure
    old_negative: Measure
    new_negative: Measure
    changing: Measure
    glue: Measure | None = None
    ds_gone: datetime | None = None
    exchanged: tuple[Former, ...] = ()
    switched: datetime | None = None
    ns_can_be_lowered: bool = True
    ds_unsaid: str = ""
    without_ds: datetime | None = None
    remarks: tuple[str, ...] = ()
    former_keys: tuple[Former, ...] = ()
    settled: Moment | None = None
    unsigned: Measure | None = None
    moving: tuple[tuple[Name, tuple[str, ...]], ...] = ()
    fixed: tuple[High, ...] = ()
    changing_fixed: int = 0
    old_hosts: Measure | None = None
    doubts: tuple[str, ...] = ()
    is_ds_left: bool = False
    is_old_ds_gone: bool = False

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure, in the order in which reports show them."""
        glue = () if self.glue is None else (self.glue,)
        hosts = () if self.old_hosts is None else (self.old_hosts,)
        unsigned = () if self.unsigned is None else (self.unsigned,)
        return (
            self.parent_ns,
            self.parent_ds,
            *glue,
            self.old_ns,
            *hosts,
            self.new_ns,
            self.old_negative,
            self.new_negative,
            self.old_keys,
            self.new_keys,
            self.changing,
            *unsigned,
        )
