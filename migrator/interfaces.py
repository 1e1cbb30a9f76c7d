"""All that a provider author must read: what a reader gives, what it may ask for, and who asks the network.

No IO here: these are shapes. A provider is a module (or any object) with the functions of `Provider`,
registered under its scheme in `providers/__init__.py` or by the entry point group `dns_migrator.providers`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from dns.name import Name

from migrator.model.finding import Finding
from migrator.model.locator import DNS_PORT, Locator
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.model.zone_info import ZoneInfo

if TYPE_CHECKING:
    from migrator.model.capabilities import Capabilities
    from migrator.model.change import Change
    from migrator.model.observation import Observation, Question, Server
    from migrator.model.rrset import Record, RRsetKey

__all__ = [
    "Account",
    "AccountProvider",
    "Budget",
    "CallEstimator",
    "Closable",
    "DnsClient",
    "Environment",
    "HostLookup",
    "ListedZone",
    "Progress",
    "Provider",
    "ReadResult",
    "Rewriter",
    "TsigKey",
    "ZoneInfo",
    "ZoneReader",
    "no_budget",
    "no_progress",
]


class Progress(Protocol):
    """Told how far long work has come; `total` is None while unknown. Called from one thread."""

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """Report that `done` of `total` units of `what` (`records`, `answers`) are finished."""


def no_progress(what: str, done: int, total: int | None) -> None:
    """Ignore progress: for callers whom nobody watches."""


class Budget(Protocol):
    """Waits until a request to an account may be sent; called before each, from whatever thread sends it."""

    def __call__(self, service: str, account: str) -> None:
        """Wait for a turn in the budget of `service` (`route53`, `azure-writes`).

        `account` is whatever tells one account of the service from another, and may be a secret: nobody keeps it.
        """


def no_budget(service: str, account: str) -> None:
    """Wait for nothing: for a command that is alone with its account."""


@dataclass(frozen=True, slots=True)
class TsigKey:
    """A shared secret for zone transfers (RFC 8945). Its text form never shows the secret."""

    name: Name
    secret: bytes
    algorithm: Name

    def __repr__(self) -> str:
        """Name the key without its secret."""
        return f"TsigKey({self.name})"


# An ordinary record of a transfer: its owner's name as text, then `A 300 `, then that with the rdata behind it,
# both as in a `CompactZone`; the message that brought it, and where in it.
PlainRecord = tuple[bytes, bytes, bytes, bytes, int]


class DnsClient(Protocol):
    """The only one who asks name servers; `migrator/dnsclient.py` is the real one."""

    def ask(self, questions: "Sequence[Question]", progress: Progress = no_progress) -> "tuple[Observation, ...]":
        """Return one observation for each question, in the same order; never raises for silence."""

    def transfer(
        self,
        zone: Name,
        server: "Server",
        tsig: TsigKey | None = None,
        received: Callable[[bytes], object] | None = None,
    ) -> "Iterator[Record]":
        """Yield the records of an AXFR as the server sends them, without the closing SOA.

        `received` is told each message of the transfer, byte for byte.
        Raises ProviderError where the transfer is refused, cut short, or not signed by the key.
        """


@runtime_checkable
class PlainTransfers(Protocol):
    """What a DnsClient may offer besides: transfers whose ordinary records are text until objects are wanted."""

    def transfer_plainly(
        self,
        zone: Name,
        server: "Server",
        tsig: TsigKey | None = None,
        received: Callable[[bytes], object] | None = None,
    ) -> "Iterator[Sequence[PlainRecord | Record]]":
        """Yield what `transfer` does, in the same order, a message at a time; ordinary records as text."""

    def record_of(self, plain: PlainRecord) -> "Record":
        """Return the record that a text stands for."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What a reader may use of the world around it.

    `port` is the network profile's port for authoritative servers; `resolve` turns a host name into
    servers through the profile's resolvers, and raises DnsError where there are none. `budget` is asked before
    each request to a provider that counts them. `shares_lists`: where a list of all zones is needed to find one,
    a list that is a minute old will do, as for a worker with thousands of domains.
    """

    client: DnsClient
    resolve: "HostLookup"
    port: int = DNS_PORT
    allow_include_outside: bool = False
    progress: Progress = no_progress
    budget: Budget = no_budget
    shares_lists: bool = False


class HostLookup(Protocol):
    """Finds the addresses of a host name through the resolvers of the network profile."""

    def __call__(self, host: Name) -> tuple[str, ...]:
        """Return IPv4 and IPv6 addresses, IPv4 first; raises DnsError where there are none."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A zone as it was read, what is wrong with it, and how many calls to the service that took: a file none."""

    snapshot: ZoneSnapshot
    findings: tuple[Finding, ...] = ()
    reads: int = 0


class ZoneReader(Protocol):
    """Reads one zone whole: pages and retries inside, repairs nothing, hides nothing."""

    def read(self) -> ReadResult:
        """Return everything that the source says of the zone.

        Raises InputError where the locator names no single zone, ProviderError where the service fails.
        """


class Provider(Protocol):
    """What a module under `providers/` offers."""

    def open_reader(self, locator: Locator, environment: Environment) -> ZoneReader:
        """Return a reader for the zone that the locator names; asks nothing of the network yet."""

    def list_zones(self, locator: Locator, environment: Environment) -> Iterable[ZoneInfo]:
        """Yield the zones that the credentials can see; raises InputError where the scheme has no accounts."""

    def open_writer(self, locator: Locator, environment: Environment) -> "ZoneWriter":
        """Return a writer for the zone; raises InputError where the scheme cannot be written."""

    def assigned_name_servers(self, locator: Locator, environment: Environment) -> tuple[Name, ...]:
        """Return the name servers that the service assigned to the zone; empty where nobody assigns any."""


@dataclass(frozen=True, slots=True)
class ListedZone:
    """A zone out of a list, which is read without being looked for once more.

    `mark` tells it from another zone of its name: the id of a hosted zone, a resource group.
    """

    info: ZoneInfo
    mark: str
    read: Callable[[], ReadResult]


class Account(Protocol):
    """All zones that one login sees. One thread lists them; of the zones several may be read at once."""

    def zones(self) -> Iterator[ListedZone]:
        """Yield the zones as they are listed; raises ProviderError where the service fails."""

    @property
    def reads(self) -> int:
        """How many requests were sent so far, retries included."""

    def close(self) -> None:
        """Close the connections; a zone that is being read may go on to its end."""


@runtime_checkable
class AccountProvider(Protocol):
    """What a Provider may offer besides: a whole account is then exported with one look at its list."""

    def open_account(self, locator: Locator, environment: Environment) -> Account:
        """Return the account that a locator without a zone names; asks nothing of the network yet."""


class Outcome(StrEnum):
    """What became of one change."""

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """One change and what became of it; `detail` is the service's reason where it is not done.

    UNKNOWN: the request was sent and its answer was lost. Only reading again tells.
    """

    change: "Change"
    outcome: Outcome
    detail: str = ""


@dataclass(slots=True)
class Calls:
    """How many requests a writer has sent to the service, retries included."""

    reads: int = 0
    writes: int = 0


class ZoneWriter(Protocol):
    """Reads and writes one zone of a target. One writer for a zone at a time.

    Each method raises InputError where the locator names no single zone, and ProviderError where the service fails
    for good (a credential that expired, an outage that lasts): passing faults are survived inside.
    """

    calls: Calls

    def capabilities(self) -> "Capabilities":
        """Return what the zone can hold, quotas read live where the service tells them."""

    def exists(self) -> bool:
        """Tell whether the zone is there."""

    def create(self) -> None:
        """Create the zone; does nothing where it is there already, so that it can be run again."""

    def read(self) -> ReadResult:
        """Return the zone as it is now, and remember what compare-and-swap needs (etags, exact old values)."""

    def apply(self, changes: "Sequence[Change]") -> Iterator[ChangeResult]:
        """Carry out the changes in an order that leaves no gap, and yield one result for each as it is known.

        The changes were computed from the last `read`; what differs from it since fails and is not overwritten.
        May be called only after `read`. An atomic batch yields its results when it has been accepted as a whole.
        """


@runtime_checkable
class CallEstimator(Protocol):
    """What a ZoneWriter may offer besides: an import then shows the number of calls before the first of them."""

    def calls_for(self, changes: "Sequence[Change]") -> int:
        """Return how many requests `apply` sends for these changes, if none has to be sent again. Asks nothing."""


@runtime_checkable
class Bundler(Protocol):
    """What a ZoneWriter offers besides whose requests carry some changes together, and have a size.

    A plan then names what no request takes before anything is written.
    """

    def unsendable(self, changes: "Sequence[Change]") -> "Mapping[RRsetKey, str]":
        """Return which of these changes `apply` would not send for their size, and why. Asks nothing."""


@runtime_checkable
class Rewriter(Protocol):
    """What a ZoneWriter offers besides whose target is written whole, whatever changes: the plan then says so."""

    def rewriting(self) -> str:
        """Return in a sentence what any change does to what was read besides; empty where that is nothing."""


@runtime_checkable
class Closable(Protocol):
    """What a ZoneWriter with connections offers besides."""

    def close(self) -> None:
        """Close the connections."""
