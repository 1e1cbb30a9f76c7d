"""What every command that reads a zone needs: the network profile, a client, and readers by locator."""

from dataclasses import dataclass, replace
from pathlib import Path

from migrator.dnsclient import SocketClient, resolve_host
from migrator.interfaces import Environment, Progress, ReadResult, ZoneWriter, no_progress
from migrator.model.locator import Locator
from migrator.network import NetworkProfile, load_profile
from providers import load


@dataclass(frozen=True, slots=True)
class World:
    """The network as the profile describes it, and the environment that readers are given."""

    profile: NetworkProfile
    client: SocketClient
    environment: Environment

    def read(self, locator: Locator) -> ReadResult:
        """Return the zone that the locator names."""
        return load(locator.scheme).open_reader(locator, self.environment).read()

    def open_writer(self, locator: Locator) -> ZoneWriter:
        """Return a writer for the zone; raises InputError where its scheme cannot be written."""
        return load(locator.scheme).open_writer(locator, self.environment)


def open_world(
    network: Path | None,
    *,
    allow_include_outside: bool = False,
    progress: Progress = no_progress,
    slowest: float | None = None,
) -> World:
    """Load the profile and return a world; raises InputError where the profile cannot be used.

    `slowest` are questions a second to one server that a command does not exceed, whatever the profile allows.
    """
    profile = load_profile(network)
    if slowest is not None:
        usual = profile.queries_per_second
        profile = replace(profile, queries_per_second=min(usual, slowest) if usual else slowest)
    client = SocketClient(profile)
    environment = Environment(
        client=client,
        resolve=lambda host: resolve_host(client, profile, host),
        port=profile.port,
        allow_include_outside=allow_include_outside,
        progress=progress,
    )
    return World(profile, client, environment)
