"""What every command that reads a zone needs: the network profile, a client, and readers by locator.

Nothing of it that concerns the network is loaded before something is asked: two small zone files are compared in
the time that this would take.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.errors import InputError
from migrator.interfaces import (
    Budget,
    Environment,
    PlainRecord,
    Progress,
    ReadResult,
    TsigKey,
    ZoneWriter,
    no_budget,
    no_progress,
)
from migrator.model.locator import DNS_PORT, Locator
from migrator.model.values import dataclass
from providers import LIVE_SCHEME, load

if TYPE_CHECKING:
    from dns.name import Name

    from migrator.dnsclient import SocketClient
    from migrator.dnsclient.expectation import Expectation
    from migrator.model.observation import Observation, Question, Server
    from migrator.model.rrset import Record
    from migrator.network.profile import NetworkProfile


@dataclass(frozen=True)
class World:
    """The network as the profile describes it, and the environment that readers are given.

    The profile is the one `given`, else that of the file. `slowest` are questions a second to one server that
    are not exceeded, whatever the profile allows. `budget` makes requests to providers wait for other workers,
    with whom lists of zones are shared too.
    """

    network: Path | None
    allow_include_outside: bool
    progress: Progress
    slowest: float | None = None
    given: "NetworkProfile | None" = None
    budget: Budget = no_budget

    @cached_property
    def profile(self) -> "NetworkProfile":
        """The network profile, no faster than the command is; raises InputError where it cannot be used."""
        from migrator.network.profile import load_profile

        profile = self.given or load_profile(self.network)
        if self.slowest is None:
            return profile
        usual = profile.queries_per_second
        return replace(profile, queries_per_second=min(usual, self.slowest) if usual else self.slowest)

    @cached_property
    def client(self) -> "SocketClient":
        """The client, for one thread."""
        from migrator.dnsclient import SocketClient

        return SocketClient(self.profile)

    @cached_property
    def environment(self) -> Environment:
        """What readers may use of all this."""
        return Environment(
            client=_ClientOnDemand(self),
            resolve=self._resolve,
            port=DNS_PORT if self.network is None else self.profile.port,
            allow_include_outside=self.allow_include_outside,
            progress=self.progress,
            budget=self.budget,
            shares_lists=self.budget is not no_budget,
        )

    def read(self, locator: Locator) -> ReadResult:
        """Return the zone that the locator names."""
        return load(locator.scheme).open_reader(locator, self.environment).read()

    def glance(self, locator: Locator) -> ReadResult:
        """Return the zone for who looks at few of its RRsets; a large file in less time than `read` takes."""
        if locator.scheme != "file":
            return self.read(locator)
        from migrator.concurrency.beside import later
        from providers.zonefile import glance

        return glance(locator, self.environment, later)

    def read_both(self, old: Locator, new: Locator) -> tuple[ReadResult, ReadResult]:
        """Return two zones; two files in less time than one after the other."""
        if old.scheme != "file" or new.scheme != "file":
            return self.read(old), self.read(new)
        from migrator.concurrency.beside import beside, later
        from providers.zonefile import read_both

        return read_both(old, new, self.environment, beside, later)

    def open_writer(self, locator: Locator) -> ZoneWriter:
        """Return a writer for the zone; raises InputError where its scheme cannot be written."""
        if locator.scheme == LIVE_SCHEME:
            raise InputError(
                f"{locator.text}: live name servers are only asked, so 'dns:' is no target: import into their "
                "provider, or into a zone file that they load."
            )
        return load(locator.scheme).open_writer(locator, self.environment)

    def _resolve(self, host: "Name") -> tuple[str, ...]:
        from migrator.dnsclient import resolve_host

        return resolve_host(self.client, self.profile, host)


def open_world(
    network: Path | None,
    *,
    allow_include_outside: bool = False,
    progress: Progress = no_progress,
    slowest: float | None = None,
    budget: Budget = no_budget,
) -> World:
    """Return a world; raises InputError where a profile is named and cannot be used.

    `slowest` are questions a second to one server that a command does not exceed, whatever the profile allows.
    """
    world = World(network, allow_include_outside, progress, slowest, budget=budget)
    if network is not None:
        _ = world.profile
    return world


@dataclass(frozen=True, slots=True)
class _ClientOnDemand:
    """The world's client, which is there when it is first asked."""

    world: World

    def ask(self, questions: "Sequence[Question]", progress: Progress = no_progress) -> "tuple[Observation, ...]":
        return self.world.client.ask(questions, progress)

    def unexpected(
        self,
        servers: "Sequence[Server]",
        expected: "Sequence[Expectation]",
        progress: Progress = no_progress,
    ) -> "tuple[dict[int, Observation], ...]":
        return self.world.client.unexpected(servers, expected, progress)

    def transfer(
        self,
        zone: "Name",
        server: "Server",
        tsig: TsigKey | None = None,
        received: Callable[[bytes], object] | None = None,
    ) -> "Iterator[Record]":
        return self.world.client.transfer(zone, server, tsig, received)

    def transfer_plainly(
        self,
        zone: "Name",
        server: "Server",
        tsig: TsigKey | None = None,
        received: Callable[[bytes], object] | None = None,
    ) -> "Iterator[list[PlainRecord | Record]]":
        return self.world.client.transfer_plainly(zone, server, tsig, received)

    def record_of(self, plain: PlainRecord) -> "Record":
        return self.world.client.record_of(plain)
