"""All that a check may know: both sides of the move, the delegation, what was seen before, and the replies so far.

No IO here. The runner fills it in; a test builds one by hand.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask, Reply, ask_of, identity
from migrator.checks.history import History
from migrator.cutover.judge import Judgement
from migrator.cutover.look import Host, HostState, Side, Unasked
from migrator.cutover.registrar import Registrar
from migrator.model.capabilities import Capabilities
from migrator.model.delegation import Delegation, WalkEnd
from migrator.model.finding import Finding, Phase
from migrator.model.names import absolute, folded, for_people, is_within
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server, Silence, Transport
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot

Labels = tuple[bytes, ...]


class Strategy(StrEnum):
    """How signatures survive the change of operator."""

    UNSIGNED = "unsigned"
    GO_INSECURE = "go-insecure"
    MULTI_SIGNER = "multi-signer"
    SAME_KEYS = "same-keys"


@dataclass(frozen=True, slots=True)
class ZoneSide:
    """One side of the move: the zone as its locator gives it, and the name servers that serve it.

    `zone` is None where nothing could be read or where the locator names live servers only; `unread` says why, and
    `has_failed` tells that its provider or server should have given it.
    `names` is the set of name servers that belongs to the side, and `assigned` is the same set where the
    provider itself says so (empty otherwise). `hosts` has one entry a name, with its addresses; `extra_servers`
    were named by address (`dns:zone@192.0.2.53`). `out_of_reach` are addresses to which this machine has no
    route (IPv6, mostly), while the same name server answers at another one: nobody asks them, and it proves
    nothing.
    """

    side: Side
    locator: str = ""
    scheme: str = ""
    zone: ZoneSnapshot | None = None
    findings: tuple[Finding, ...] = ()
    unread: str = ""
    names: tuple[Name, ...] = ()
    assigned: tuple[Name, ...] = ()
    hosts: tuple[Host, ...] = ()
    extra_servers: tuple[Server, ...] = ()
    capabilities: Capabilities | None = None
    port: int = 53
    out_of_reach: tuple[Server, ...] = ()
    has_failed: bool = False

    @property
    def is_live(self) -> bool:
        """Tell whether the locator names live servers: they answer, and do not list what they have."""
        return self.zone is None and bool(self.extra_servers)

    @property
    def servers(self) -> tuple[Server, ...]:
        """Every address of every name server that can be asked, each once, in the order of the names."""
        found = {(server.address, server.port): server for server in self.extra_servers}
        for host in self.hosts:
            for address in host.addresses:
                key = (address, self.port)
                if key not in found or found[key].name is None:
                    found[key] = Server(address, self.port, host.name)
        skipped = {(server.address, server.port) for server in self.out_of_reach}
        return tuple(server for key, server in found.items() if key not in skipped)


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers and statements that the person gives; times in seconds.

    `ttl_lowered_at` is when the person says that the TTLs were lowered. `selectors` are DKIM selectors that are
    known to be used. `frozen`: nobody changes the old zone until the end, or both are kept equal. `old_queries`
    is how many questions the old provider still counts a day, as the person has looked it up.
    """

    lowered_ttl: int = 300
    highest_ns_ttl: int = 3600
    ttl_lowered_at: datetime | None = None
    backup_age: int = 86_400
    selectors: tuple[str, ...] = ()
    frozen: bool = False
    old_queries: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup of the old zone outside its provider: where it lies, and the zone as it was when that was made.

    `zone` is None where the backup cannot be read or is not the one that was written, and `trouble` says why.
    `taken` is None where nobody knows, as with a plain zone file.
    """

    place: str
    taken: datetime | None = None
    zone: ZoneSnapshot | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Panelist:
    """A recursive resolver of the profile."""

    name: str
    server: Server


class Replies:
    """What has been asked so far, found again by the ask; equal asks are one."""

    __slots__ = ("_by_identity",)

    def __init__(self, replies: Iterable[Reply] = ()) -> None:
        """Hold the replies."""
        self._by_identity: Mapping[tuple[object, ...], Reply] = {
            identity(ask_of(reply)): reply for reply in replies
        }

    def __contains__(self, ask: Ask) -> bool:
        """Tell whether there is a reply, silence being one."""
        return identity(ask) in self._by_identity

    def __iter__(self) -> Iterator[Reply]:
        return iter(self._by_identity.values())

    def __len__(self) -> int:
        return len(self._by_identity)

    def get(self, ask: Ask) -> Reply | None:
        """Return the reply, None where it was never asked."""
        return self._by_identity.get(identity(ask))

    def with_more(self, replies: Iterable[Reply]) -> "Replies":
        """Return these and more."""
        found = Replies(replies)
        found._by_identity = {**self._by_identity, **found._by_identity}
        return found


@dataclass(frozen=True, slots=True)
class Facts:
    """One domain in one phase.

    `new` is None where only one side is looked at. `delegation` is None where the parent was not asked (`lint`).
    `samples` holds what each resolver answered, several times, to the question that tells the sides apart; see
    `migrator/cutover/sides.py`. `nonce` is a label that nobody has. `registrar` is None where RDAP is off.
    """

    domain: Name
    phase: Phase
    now: datetime
    old: ZoneSide
    new: ZoneSide | None = None
    delegation: Delegation | None = None
    strategy: Strategy = Strategy.UNSIGNED
    settings: Settings = field(default_factory=Settings)
    history: History = field(default_factory=History)
    registrar: Registrar | Unasked | None = None
    judgement: Judgement | None = None
    resolvers: tuple[Panelist, ...] = ()
    backup: Kept | None = None
    port: int = 53
    allow_special_addresses: bool = False
    nonce: bytes = b"migcheck-nonce"
    replies: Replies = field(default_factory=Replies)

    def observed(self, question: Question) -> Observation:
        """Return the reply to a question; one that was never asked is silence."""
        reply = self.replies.get(question)
        if isinstance(reply, Answer | NoAnswer):
            return reply
        return NoAnswer(question, self.now, Silence.FORBIDDEN, "not asked")

    def question(
        self, server: Server, owner: Name, rdtype: RdataType, *, dnssec: bool = False, tcp: bool = False
    ) -> Question:
        """Return a question to an authoritative server: no recursion wanted."""
        return Question(server, owner, rdtype, dnssec_ok=dnssec, transport=Transport.TCP if tcp else Transport.UDP)

    def within(self, owner: Name) -> bool:
        """Tell whether a name is in the domain."""
        return is_within(owner, self.domain)

    def below(self, text: str) -> Name:
        """Return the name of a relative text in the domain: `_dmarc`, `www`; `@` is the apex."""
        return absolute(text, self.domain)

    @property
    def sides(self) -> tuple[ZoneSide, ...]:
        """The sides that are there, the old one first."""
        return (self.old,) if self.new is None else (self.old, self.new)

    @property
    def stale_end(self) -> datetime | None:
        """When the last stale answer is due; None where no switch was seen, or a TTL that it hangs on."""
        timing = None if self.judgement is None else self.judgement.timing
        return None if timing is None or timing.last_stale.unknown else timing.last_stale.at

    @property
    def past_stale_end(self) -> datetime | None:
        """When the last stale answer was due: resolvers ask the old servers no more; None where they may."""
        end = self.stale_end
        return None if end is None or self.now < end else end

    @property
    def judged(self) -> ZoneSide:
        """The side whose zone is judged by itself: the new one from `ready` on, the old one before."""
        return self.old if self.new is None or self.phase is Phase.PREPARE else self.new


def same_name(one: Name, other: Name) -> bool:
    """Tell whether two names are the same; case does not count."""
    return folded(one) == folded(other)


def without_old_servers(facts: Facts) -> str:
    """Return why no old name server can be asked, and what to do: one that was not found is not one without."""
    unfound = [host for host in facts.old.hosts if host.state is HostState.UNCHECKED]
    if unfound:
        listed = ", ".join(for_people(host.name) for host in unfound)
        return (
            f"no address of an old name server could be looked up ({listed}: {unfound[0].detail}): try again, or "
            f"name one by its address, as in --from dns:{for_people(facts.domain)}@ADDRESS"
        )
    if not facts.old.names and facts.delegation is not None and facts.delegation.end is WalkEnd.UNREACHABLE:
        return "no old name server is known, and the parent could not be asked: try again, or --from names them"
    return "no address of an old name server is known: --from names them"
