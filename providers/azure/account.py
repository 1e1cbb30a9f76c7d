"""All zones of the subscriptions that a login sees: listed once, and each read as the list describes it.

The calls: the list of subscriptions where none is named, a page for every 1,000 zones of each, and for each zone a
page for every 1,000 record sets.
"""

from collections.abc import Iterator
from functools import partial

from migrator.interfaces import Environment, ListedZone, ReadResult, no_progress
from migrator.model.locator import Locator
from providers.azure.discovery import Wanted, wanted, zones_searched
from providers.azure.reading import read_zone
from providers.azure.service import Service
from providers.azure.zones import DnsZone, info_of
from providers.naming import locator_of_listed, without_zone


def open_account(locator: Locator, environment: Environment) -> "DnsZones":
    """Return the account of these credentials; raises InputError for an option that is not known."""
    asked = wanted(locator)
    without_zone(locator)
    return DnsZones(asked, environment)


class DnsZones:
    """The zones that the credentials see; all threads share one login and one pace."""

    def __init__(self, asked: Wanted, environment: Environment) -> None:
        """Find the credentials; raises ProviderError where they cannot be used."""
        self._asked = asked
        self._progress = environment.progress
        self._service = Service(asked.settings, budget=environment.budget)

    @property
    def reads(self) -> int:
        """How many requests were sent so far."""
        return self._service.calls.reads

    def zones(self) -> Iterator[ListedZone]:
        """Yield the zones, those of one resource group where the locator says so."""
        done = 0
        for zone in zones_searched(self._service, self._asked):
            if self._asked.group.lower() in {"", zone.place.group.lower()}:
                done += 1
                self._progress("zones", done, None)
                mark = f"{zone.place.group}.{zone.place.subscription}"
                yield ListedZone(info_of(zone), mark, partial(self._read, zone))

    def close(self) -> None:
        """Close the connections."""
        self._service.close()

    def _read(self, zone: DnsZone) -> ReadResult:
        place = {"resource_group": zone.place.group, "subscription": zone.place.subscription}
        source = locator_of_listed(self._asked.locator, zone.name, **place)
        before = self._service.reads_of_this_thread
        found = read_zone(self._service, zone, source, no_progress, zone.name)
        return ReadResult(found.snapshot, found.findings, self._service.reads_of_this_thread - before)
