"""Azure DNS: finds the zone, reads it whole, lists the zones of a subscription, and writes record sets.

Public zones only: Azure Private DNS is another service. `service.py` talks, `convert.py` and `body.py` translate,
`ordering.py` says in which order a set of changes leaves no gap.
"""

from collections.abc import Iterator

from dns.name import Name

from migrator.interfaces import Budget, Environment, Progress, ReadResult, ZoneInfo
from migrator.model.locator import Locator
from migrator.model.values import dataclass
from providers.azure.account import open_account
from providers.azure.discovery import Wanted, find, wanted, zones_searched
from providers.azure.reading import read_zone
from providers.azure.service import Service
from providers.azure.writer import Writer
from providers.azure.zones import info_of

__all__ = ["Reader", "Writer", "assigned_name_servers", "list_zones", "open_account", "open_reader", "open_writer"]


def open_reader(locator: Locator, environment: Environment) -> "Reader":
    """Return a reader for the zone; raises InputError for an option that is not known."""
    asked = wanted(locator, shares_lists=environment.shares_lists)
    _ = asked.name
    return Reader(asked, environment.progress, environment.budget)


def open_writer(locator: Locator, environment: Environment) -> Writer:
    """Return a writer for the zone; raises InputError for an option that is not known."""
    asked = wanted(locator, shares_lists=environment.shares_lists)
    _ = asked.name
    return Writer(asked, environment.progress, environment.budget)


def list_zones(locator: Locator, environment: Environment) -> Iterator[ZoneInfo]:
    """Yield the zones that the credentials see; with a zone in the locator, those of that name."""
    return _listed(wanted(locator), environment.progress, environment.budget)


def assigned_name_servers(locator: Locator, environment: Environment) -> tuple[Name, ...]:
    """Return the name servers that Azure assigned to the zone."""
    asked = wanted(locator, shares_lists=environment.shares_lists)
    _ = asked.name
    with Service(asked.settings, budget=environment.budget) as service:
        return find(service, asked).name_servers


def _listed(asked: Wanted, progress: Progress, budget: Budget) -> Iterator[ZoneInfo]:
    with Service(asked.settings, budget=budget) as service:
        done = 0
        for zone in zones_searched(service, asked):
            if asked.locator.zone not in {None, zone.name}:
                continue
            if asked.group.lower() not in {"", zone.place.group.lower()}:
                continue
            done += 1
            yield info_of(zone)
            progress("zones", done, None)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one zone whole."""

    asked: Wanted
    progress: Progress
    budget: Budget

    def read(self) -> ReadResult:
        """Return the zone as Azure holds it.

        Raises InputError where several zones are meant, ProviderError where the service fails or has none.
        """
        with Service(self.asked.settings, budget=self.budget) as service:
            zone = find(service, self.asked)
            found = read_zone(service, zone, self.asked.locator.text, self.progress, self.asked.name)
            return ReadResult(found.snapshot, found.findings, service.calls.reads)
