"""All hosted zones of an account: listed once, and each read by its id without being looked for.

The calls: ListHostedZones for every 100 zones; for each zone ListResourceRecordSets for every 300 record sets, and
GetHostedZone for its name servers.
"""

from collections.abc import Iterator
from functools import partial

from migrator.interfaces import Environment, ListedZone, ReadResult, no_progress
from migrator.model.locator import Locator
from providers.lending import Lender
from providers.naming import locator_of_listed, without_zone
from providers.route53.discovery import HostedZone, Wanted, every_zone, info_of, wanted
from providers.route53.reading import read_zone
from providers.route53.service import Service


def open_account(locator: Locator, environment: Environment) -> "HostedZones":
    """Return the account of these credentials; raises InputError for an option that is not known."""
    asked = wanted(locator)
    without_zone(locator, "zone-id", "vpc-id")
    return HostedZones(asked, environment)


class HostedZones:
    """The hosted zones that the credentials see; one login serves all threads."""

    def __init__(self, asked: Wanted, environment: Environment) -> None:
        """Find the credentials; raises ProviderError where they cannot be used."""
        first = Service(asked.profile, budget=environment.budget)
        self._asked = asked
        self._progress = environment.progress
        self._services = Lender(first.beside, first)

    @property
    def reads(self) -> int:
        """How many requests were sent so far."""
        return sum(service.requests for service in self._services.every())

    def zones(self) -> Iterator[ListedZone]:
        """Yield the hosted zones, private or public where the locator says so."""
        with self._services.lent() as service:
            for done, zone in enumerate(filter(self._asked.fits, every_zone(service)), start=1):
                self._progress("zones", done, None)
                yield ListedZone(info_of(zone), zone.identifier, partial(self._read, zone))

    def close(self) -> None:
        """Close the connections."""
        self._services.close()

    def _read(self, zone: HostedZone) -> ReadResult:
        source = locator_of_listed(self._asked.locator, zone.name, zone_id=zone.identifier)
        with self._services.lent() as service:
            before = service.requests
            reading = read_zone(service, zone, source, no_progress)
            return reading.result(service.requests - before)
