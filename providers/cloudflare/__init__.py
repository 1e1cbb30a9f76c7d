"""Cloudflare: finds the zone, reads it whole, lists the zones that the credentials see, and writes records.

The requests for one zone: the zone by its name (with `?zone-id=`, by its id), its records, as a rule in one
answer, its DNS settings and its state of DNSSEC. What is written goes through the atomic batch endpoint.
"""

from collections.abc import Iterator

from dns.name import Name

from migrator.errors import InputError
from migrator.interfaces import Budget, Environment, Progress, ReadResult, ZoneInfo
from migrator.model.locator import Locator
from migrator.model.values import dataclass
from providers.cloudflare.account import open_account
from providers.cloudflare.discovery import Wanted, every_zone, find, info_of, wanted
from providers.cloudflare.reading import read_zone
from providers.cloudflare.service import Service
from providers.cloudflare.settings import from_environment
from providers.cloudflare.writer import Writer

__all__ = ["Reader", "Writer", "assigned_name_servers", "list_zones", "open_account", "open_reader", "open_writer"]


def open_reader(locator: Locator, environment: Environment) -> "Reader":
    """Return a reader for the zone; raises InputError for an option that is not known."""
    asked = wanted(locator)
    _ = asked.name
    return Reader(asked, environment.progress, environment.budget)


def open_writer(locator: Locator, environment: Environment) -> Writer:
    """Return a writer for the zone; raises InputError for an option that is not known."""
    asked = wanted(locator)
    _ = asked.name
    return Writer(asked, environment.progress, environment.budget)


def list_zones(locator: Locator, environment: Environment) -> Iterator[ZoneInfo]:
    """Yield the zones that the credentials see; with a zone in the locator, those of that name."""
    asked = wanted(locator)
    if asked.identifier is not None:
        raise InputError(f"{locator.text}: a list of zones takes no zone-id=.")
    return _listed(asked, environment.progress, environment.budget)


def assigned_name_servers(locator: Locator, environment: Environment) -> tuple[Name, ...]:
    """Return the name servers to delegate the zone to; none for a partial or internal zone."""
    asked = wanted(locator)
    _ = asked.name
    settings = from_environment(asked.variable)
    with Service(settings, environment.progress, budget=environment.budget) as service:
        return find(service, asked).name_servers


def _listed(asked: Wanted, progress: Progress, budget: Budget) -> Iterator[ZoneInfo]:
    with Service(from_environment(asked.variable), progress, budget=budget) as service:
        yield from map(info_of, every_zone(service, asked, progress))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one zone whole."""

    asked: Wanted
    progress: Progress
    budget: Budget

    def read(self) -> ReadResult:
        """Return the zone as Cloudflare holds it.

        Raises InputError where several zones are meant, ProviderError where the service fails or has none.
        """
        settings = from_environment(self.asked.variable)
        with Service(settings, self.progress, budget=self.budget) as service:
            reading = read_zone(service, find(service, self.asked), self.asked.locator.text, self.progress)
            return ReadResult(reading.assembly.snapshot, reading.assembly.findings, service.calls.reads)
