"""Amazon Route 53 for reading: finds the hosted zone, pages through it whole, and lists the zones of an account.

The calls for one zone: ListHostedZonesByName (with `?zone-id=`, GetHostedZone), ListResourceRecordSets for
every 300 record sets, and GetHostedZone for the name servers, which is asked last so that its count of record
sets shows whether the zone changed meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from dns.name import Name

from migrator.errors import InputError
from migrator.interfaces import Environment, Progress, ReadResult, ZoneInfo
from migrator.model.finding import Finding, Severity
from migrator.model.locator import Locator
from migrator.model.names import text_of
from migrator.model.zone import NativeDocument, assemble_rrsets
from providers.route53.convert import contents
from providers.route53.discovery import HostedZone, Wanted, by_name, describe, every_zone, find, printable, wanted
from providers.route53.paging import Listing, list_record_sets
from providers.route53.service import Reply, Service

# A zone that somebody keeps editing is read this often before it is taken as it came.
_PASSES = 3


def open_reader(locator: Locator, environment: Environment) -> "Reader":
    """Return a reader for the hosted zone; raises InputError for an option that is not known."""
    asked = wanted(locator)
    if locator.zone is None:
        raise InputError(f"{locator.text}: the zone is missing, as in route53:example.com.")
    return Reader(asked, environment.progress)


def list_zones(locator: Locator, environment: Environment) -> Iterator[ZoneInfo]:
    """Yield the hosted zones that the credentials see; with a zone in the locator, those of that name."""
    asked = wanted(locator)
    for option in ("zone-id", "vpc-id"):
        if locator.option(option) is not None:
            raise InputError(f"{locator.text}: a list of zones takes no {option}=.")
    return _listed(asked, environment.progress)


def assigned_name_servers(locator: Locator, environment: Environment) -> tuple[Name, ...]:
    """Return the name servers of the zone's delegation set; none for a private zone."""
    del environment
    asked = wanted(locator)
    with Service(asked.profile) as service:
        zone = find(service, asked)
        return (zone if zone.reply else describe(service, zone.identifier)).name_servers


def _listed(asked: Wanted, progress: Progress) -> Iterator[ZoneInfo]:
    with Service(asked.profile) as service:
        name = asked.locator.zone
        found = every_zone(service) if name is None else by_name(service, name)
        for done, zone in enumerate(filter(asked.fits, found), start=1):
            linked = f"managed by {zone.linked_service}" if zone.linked_service else ""
            note = "; ".join(filter(None, (zone.comment, linked)))
            visibility = "private" if zone.private else "public"
            yield ZoneInfo(zone.name, zone.identifier, visibility, zone.record_sets, note=note)
            progress("zones", done, None)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one hosted zone whole."""

    asked: Wanted
    progress: Progress

    def read(self) -> ReadResult:
        """Return the zone as Route 53 holds it.

        Raises InputError where several zones are meant, ProviderError where the service fails or has none.
        """
        with Service(self.asked.profile) as service:
            before = find(service, self.asked)
            read_at = datetime.now(UTC)
            listing = list_record_sets(service, before.identifier, before.record_sets, self.progress)
            after = _described_after(service, before, listing)
            passes = 1
            while _changed(before, listing, after) and passes < _PASSES:
                passes += 1
                before, read_at = after, datetime.now(UTC)
                listing = list_record_sets(service, before.identifier, before.record_sets, self.progress)
                after = _described_after(service, before, listing)
            restless = _changed(before, listing, after)
            return self._result(after, listing, read_at, service.requests, restless=restless)

    def _result(
        self, zone: HostedZone, listing: Listing, read_at: datetime, reads: int, *, restless: bool
    ) -> ReadResult:
        found = contents(listing.record_sets, zone.name)
        assembly = assemble_rrsets(
            zone.name,
            found.rrsets,
            source=self.asked.locator.text,
            read_at=read_at,
            name_servers=zone.name_servers,
            native=_documents(zone.reply, listing),
            stray=found.stray,
        )
        findings = (*_zone_findings(zone, listing, restless=restless), *found.findings, *assembly.findings)
        return ReadResult(assembly.snapshot, findings, reads)


def _described_after(service: Service, before: HostedZone, listing: Listing) -> HostedZone:
    """Describe the zone again, unless all was said already and one page is one moment."""
    if before.reply is not None and len(listing.pages) == 1:
        return before
    return describe(service, before.identifier)


def _changed(before: HostedZone, listing: Listing, after: HostedZone) -> bool:
    """Tell whether somebody edited the zone between two pages, as far as that can be seen.

    A page that does not begin where the last one said, or another count: an edit that leaves the count as it is
    behind the reader's back cannot be seen, since Route 53 has no version of a zone.
    """
    if len(listing.pages) == 1:
        return False
    return not listing.seamless or before.record_sets != after.record_sets


def _documents(reply: Reply | None, listing: Listing) -> tuple[NativeDocument, ...]:
    pages = (NativeDocument(f"record-sets-{n:04d}.xml", body) for n, body in enumerate(listing.pages, start=1))
    zone = () if reply is None else (NativeDocument("hosted-zone.xml", reply.body),)
    return (*zone, *pages)


def _zone_findings(zone: HostedZone, listing: Listing, *, restless: bool) -> Iterator[Finding]:
    subject = text_of(zone.name)
    if zone.private:
        networks = ", ".join(map(str, zone.vpcs)) or "no network at all"
        yield Finding(
            "route53.private-zone",
            Severity.WARNING,
            subject,
            f"The hosted zone {zone.identifier} is private: it answers only to {networks}. At a public provider "
            "everybody could read it.",
        )
    if zone.linked_service:
        yield Finding(
            "route53.linked-service",
            Severity.NOTICE,
            subject,
            f"The hosted zone {zone.identifier} is managed by {printable(zone.linked_service)}, which may change "
            "it at any time; nobody else can.",
        )
    if restless:
        yield Finding(
            "route53.changed-while-read",
            Severity.WARNING,
            subject,
            f"Somebody changed the zone while it was read, {_PASSES} times over: the snapshot may mix two states.",
            remedy="Stop what changes the zone, and read it again.",
        )
    elif zone.record_sets not in {None, len(listing.record_sets)}:
        yield Finding(
            "route53.count",
            Severity.WARNING,
            subject,
            f"Route 53 counts {zone.record_sets} record sets in the zone and listed {len(listing.record_sets)}.",
        )
