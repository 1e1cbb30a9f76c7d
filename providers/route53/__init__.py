"""Amazon Route 53: finds the hosted zone, reads it whole, writes it, and lists the zones of an account.

The calls for reading one zone: ListHostedZonesByName (with `?zone-id=`, GetHostedZone), ListResourceRecordSets for
every 300 record sets, and GetHostedZone for the name servers, which is asked last so that its count of record
sets shows whether the zone changed meanwhile. For writing: `writer.py`.
"""

from collections.abc import Iterator
from dataclasses import replace

from dns.name import Name

from migrator.errors import InputError
from migrator.interfaces import Budget, Environment, Progress, ReadResult, ZoneInfo
from migrator.model.locator import Locator
from migrator.model.values import dataclass
from providers.route53.account import open_account
from providers.route53.discovery import (
    HostedZone,
    Wanted,
    by_name,
    describe,
    every_zone,
    find,
    info_of,
    wanted,
    zone_name,
)
from providers.route53.failures import RequestError
from providers.route53.reading import read_zone
from providers.route53.service import Service
from providers.route53.writer import Writer

__all__ = ["Reader", "Writer", "assigned_name_servers", "list_zones", "open_account", "open_reader", "open_writer"]

# Of so many zones a list has the name servers: each is a request of its own, and an account is throttled beyond a
# few tens of them at once.
_DESCRIBED = 30


def open_reader(locator: Locator, environment: Environment) -> "Reader":
    """Return a reader for the hosted zone; raises InputError for an option that is not known."""
    asked = wanted(locator)
    zone_name(asked)
    return Reader(asked, environment.progress, environment.budget)


def open_writer(locator: Locator, environment: Environment) -> Writer:
    """Return a writer for the hosted zone; raises InputError for an option that is not known."""
    asked = wanted(locator)
    zone_name(asked)
    return Writer(asked, environment.progress, environment.budget)


def list_zones(locator: Locator, environment: Environment) -> Iterator[ZoneInfo]:
    """Yield the hosted zones that the credentials see; with a zone in the locator, those of that name."""
    asked = wanted(locator)
    for option in ("zone-id", "vpc-id"):
        if locator.option(option) is not None:
            raise InputError(f"{locator.text}: a list of zones takes no {option}=.")
    return _listed(asked, environment.progress, environment.budget)


def assigned_name_servers(locator: Locator, environment: Environment) -> tuple[Name, ...]:
    """Return the name servers of the zone's delegation set; none for a private zone."""
    asked = wanted(locator)
    with Service(asked.profile, budget=environment.budget) as service:
        zone = find(service, asked)
        return (zone if zone.reply else describe(service, zone.identifier)).name_servers


def _listed(asked: Wanted, progress: Progress, budget: Budget) -> Iterator[ZoneInfo]:
    with Service(asked.profile, budget=budget) as service:
        name = asked.locator.zone
        found = list(filter(asked.fits, every_zone(service) if name is None else by_name(service, name)))
        describes = sum(not zone.private for zone in found) <= _DESCRIBED
        for done, zone in enumerate(found, start=1):
            yield replace(
                info_of(zone), name_servers=_servers(service, zone) if describes or zone.private else None
            )
            progress("zones", done, len(found))


def _servers(service: Service, zone: HostedZone) -> tuple[Name, ...] | None:
    """Return the name servers of a zone that was listed; None where these credentials may not look closer."""
    if zone.private:
        return ()
    try:
        return describe(service, zone.identifier).name_servers
    except RequestError as exc:
        if exc.code.startswith("AccessDenied"):
            return None
        raise


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one hosted zone whole."""

    asked: Wanted
    progress: Progress
    budget: Budget

    def read(self) -> ReadResult:
        """Return the zone as Route 53 holds it.

        Raises InputError where several zones are meant, ProviderError where the service fails or has none.
        """
        with Service(self.asked.profile, budget=self.budget) as service:
            reading = read_zone(service, find(service, self.asked), self.asked.locator.text, self.progress)
            return reading.result(service.requests)
