"""A provider for tests, `memory:ZONE?state=FILE`: its service is a file, and what goes wrong can be chosen.

One RRset is one call, with compare-and-swap, as at Azure; `?batch=N` makes N of them one call that is whole or
nothing, as at Route 53. What goes wrong stands in `FILE.faults`, one fault a line, as `KIND:N`: the N-th write
(from 1, over all processes)

    lost      is carried out, and its answer is lost
    refused   is refused for what it says
    expired   and everything after it is refused: the credential has expired (until the line is taken away)
    edited    finds its set changed by somebody else just before
    killed    is carried out, and the process dies before it knows
    dead      is not carried out, since the process dies
    interrupt is carried out, and Ctrl-C comes before its answer
    unread    makes the zone, which this process may not read then
"""

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dns.name import Name

from migrator.codec import zone as codec
from migrator.errors import InputError, ProviderError
from migrator.interfaces import Calls, ChangeResult, Environment, Outcome, ReadResult, ZoneInfo
from migrator.model.capabilities import Capabilities
from migrator.model.change import Change, after, before, carried_out, key_of
from migrator.model.locator import Locator
from migrator.model.names import absolute
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot, assemble_rrsets
from providers.route53.convert import CAPABILITIES
from tests.snapshots import ORIGIN, rrset

SERVERS = (absolute("ns1.memory.test."), absolute("ns2.memory.test."))
SOA = rrset("@", "SOA", "ns1.memory.test. hostmaster.memory.test. 1 7200 900 1209600 86400", ttl=900)
NS = rrset("@", "NS", "ns1.memory.test.", "ns2.memory.test.", ttl=172800)


def open_reader(locator: Locator, environment: Environment) -> "Writer":
    return open_writer(locator, environment)


def open_writer(locator: Locator, environment: Environment) -> "Writer":
    state = locator.option("state")
    if state is None or locator.zone is None:
        raise InputError(f"{locator.text}: zone and state= are needed.")
    return Writer(Service(Path(state)), locator.text, locator.zone, int(locator.option("batch") or "1"))


def list_zones(locator: Locator, environment: Environment) -> Iterator[ZoneInfo]:
    raise InputError(f"{locator.text}: nothing is listed here.")


def assigned_name_servers(locator: Locator, environment: Environment) -> tuple[Name, ...]:
    return SERVERS


class Service:
    """The zone as it is kept in a file, and what goes wrong with it."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self._count = state.with_name(f"{state.name}.writes")
        self._faults = state.with_name(f"{state.name}.faults")

    @property
    def rrsets(self) -> tuple[RRset, ...] | None:
        return codec.loads(self.state.read_text())[0].rrsets if self.state.exists() else None

    @property
    def writes(self) -> int:
        return len(self._count.read_text()) if self._count.exists() else 0

    def put(self, *rrsets: RRset) -> None:
        """Keep these sets, whole or not at all."""
        snapshot = assemble_rrsets(ORIGIN, rrsets).snapshot
        partial = self.state.with_suffix(".partial")
        partial.write_text(codec.dumps(snapshot))
        partial.replace(self.state)

    def make(self, *rrsets: RRset) -> None:
        """Have a zone with these sets beside its own."""
        self.put(SOA, NS, *rrsets)

    def fail(self, *faults: str) -> None:
        """Let these go wrong: `lost:3` at the third write."""
        self._faults.write_text("\n".join(faults))

    def fault(self) -> str:
        """Count a write, and return what goes wrong with it."""
        with self._count.open("a") as file:
            file.write(".")
        lines = self._faults.read_text().split() if self._faults.exists() else []
        for line in lines:
            kind, _, number = line.partition(":")
            if int(number) == self.writes or (kind == "expired" and self.writes >= int(number)):
                return kind
        return ""


@dataclass
class Writer:
    service: Service
    text: str
    zone: Name
    batch: int = 1
    calls: Calls = field(default_factory=Calls)
    read_as: tuple[RRset, ...] | None = None
    is_hidden: bool = False

    def capabilities(self) -> Capabilities:
        return replace(CAPABILITIES, provider="the memory", scheme="memory")

    def exists(self) -> bool:
        self.calls.reads += 1
        return self.service.rrsets is not None

    def create(self) -> None:
        self.calls.writes += 1
        fault = self.service.fault()
        _die(fault, "dead")
        if self.service.rrsets is None:
            self.service.make()
        _die(fault, "killed")
        if fault == "expired":
            raise ProviderError("memory: the credential has expired.")
        self.is_hidden = fault == "unread"

    def read(self) -> ReadResult:
        self.calls.reads += 1
        if self.is_hidden:
            raise ProviderError("memory: these credentials may not read.")
        rrsets = self.service.rrsets
        if rrsets is None:
            raise ProviderError("memory: there is no such zone.")
        self.read_as = rrsets
        snapshot = ZoneSnapshot(self.zone, rrsets, self.text, name_servers=SERVERS)
        return ReadResult(snapshot, reads=1)

    def apply(self, changes: Sequence[Change]) -> Iterator[ChangeResult]:
        assert self.read_as is not None
        for start in range(0, len(changes), self.batch):
            yield from self._send(changes[start : start + self.batch])

    def calls_for(self, changes: Sequence[Change]) -> int:
        return -(-len(changes) // self.batch)

    def _send(self, batch: Sequence[Change]) -> Iterator[ChangeResult]:
        self.calls.writes += 1
        fault = self.service.fault()
        _die(fault, "dead")
        if fault == "expired":
            raise ProviderError("memory: the credential has expired; log in again.")
        if fault == "edited":
            self._edit(batch[0])
        there = {found.key: found for found in self.service.rrsets or ()}
        stale = [change for change in batch if there.get(key_of(change)) != before(change)]
        if fault == "refused" or stale:
            why = "it has changed since it was read" if stale else "the service does not like it"
            yield from (ChangeResult(change, Outcome.FAILED, f"refused: {why}") for change in batch)
            return
        self.service.put(*carried_out(there.values(), batch))
        _die(fault, "killed")
        if fault == "interrupt":
            raise KeyboardInterrupt
        outcome = Outcome.UNKNOWN if fault == "lost" else Outcome.DONE
        yield from (ChangeResult(change, outcome, "no answer came" if fault else "") for change in batch)

    def _edit(self, change: Change) -> None:
        """Be somebody else, who gives the set another TTL (or makes it)."""
        wanted = before(change) or after(change)
        assert wanted is not None
        others = [found for found in self.service.rrsets or () if found.key != wanted.key]
        self.service.put(*others, replace(wanted, ttl=77))


def _die(fault: str, kind: str) -> None:
    if fault == kind:
        os.kill(os.getpid(), signal.SIGKILL)
