"""All zones that a login sees: listed once, and each read by its id without being looked for.

The calls: a page for every 50 zones; for each zone its records, as a rule in one answer, its DNS settings and its
state of DNSSEC.
"""

from collections.abc import Iterator
from functools import partial

from migrator.interfaces import Environment, ListedZone, ReadResult, no_progress
from migrator.model.locator import Locator
from providers.cloudflare.discovery import Wanted, Zone, every_zone, info_of, wanted
from providers.cloudflare.reading import read_zone
from providers.cloudflare.service import Service
from providers.cloudflare.settings import from_environment
from providers.lending import Lender
from providers.naming import locator_of_listed, without_zone


def open_account(locator: Locator, environment: Environment) -> "Zones":
    """Return the account of these credentials; raises InputError for an option that is not known."""
    asked = wanted(locator)
    without_zone(locator, "zone-id")
    return Zones(asked, environment)


class Zones:
    """The zones that the credentials see."""

    def __init__(self, asked: Wanted, environment: Environment) -> None:
        """Find the credentials; raises ProviderError where they cannot be used."""
        settings = from_environment(asked.variable)
        self._asked = asked
        self._progress = environment.progress
        # Progress is told by the one thread that lists the zones.
        self._lister = Service(settings, environment.progress, budget=environment.budget)
        self._services = Lender(lambda: Service(settings, budget=environment.budget))

    @property
    def reads(self) -> int:
        """How many requests were sent so far."""
        return sum(service.calls.reads for service in (self._lister, *self._services.every()))

    def zones(self) -> Iterator[ListedZone]:
        """Yield the zones, those of one account where the locator says so."""
        for zone in every_zone(self._lister, self._asked, self._progress):
            yield ListedZone(info_of(zone), zone.identifier, partial(self._read, zone))

    def close(self) -> None:
        """Close the connections."""
        self._lister.close()
        self._services.close()

    def _read(self, zone: Zone) -> ReadResult:
        source = locator_of_listed(self._asked.locator, zone.name, zone_id=zone.identifier)
        with self._services.lent() as service:
            before = service.calls.reads
            assembly = read_zone(service, zone, source, no_progress).assembly
            return ReadResult(assembly.snapshot, assembly.findings, service.calls.reads - before)
