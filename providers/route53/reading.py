"""A hosted zone read whole, and again where somebody edited it meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime

from migrator.interfaces import Progress, ReadResult
from migrator.model.finding import Finding, Severity
from migrator.model.names import text_of
from migrator.model.values import dataclass
from migrator.model.zone import NativeDocument, assemble_rrsets
from providers.counting import incomplete
from providers.naming import printable
from providers.route53.convert import Contents, contents
from providers.route53.discovery import HostedZone, describe
from providers.route53.paging import Listing, list_record_sets
from providers.route53.service import Reply, Service

# A zone that somebody keeps editing is read this often before it is taken as it came.
_PASSES = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A zone, its record sets as they came, and what they mean; `restless`: it changed each time it was read."""

    zone: HostedZone
    listing: Listing
    contents: Contents
    source: str
    read_at: datetime
    restless: bool

    def result(self, reads: int) -> ReadResult:
        """Return the snapshot with everything that was odd about the zone."""
        found = self.contents
        assembly = assemble_rrsets(
            self.zone.name,
            found.rrsets,
            source=self.source,
            read_at=self.read_at,
            name_servers=self.zone.name_servers,
            native=_documents(self.zone.reply, self.listing),
            stray=found.stray,
        )
        remarks = _zone_findings(self.zone, self.listing, restless=self.restless)
        return ReadResult(assembly.snapshot, (*remarks, *found.findings, *assembly.findings), reads)


def read_zone(service: Service, before: HostedZone, source: str, progress: Progress) -> Reading:
    """Read every record set of a zone that was found."""
    for passes in range(_PASSES, 0, -1):
        read_at = datetime.now(UTC)
        listing = list_record_sets(service, before.identifier, before.record_sets, progress)
        after = _described_after(service, before, listing)
        restless = _changed(before, listing, after)
        if passes == 1 or not (restless or _is_short(after, listing) or _is_mixed(after, listing)):
            break
        # One that is not described after each reading would keep the count that does not fit.
        before = describe(service, after.identifier) if after is before else after
    return Reading(after, listing, contents(listing.record_sets, after.name), source, read_at, restless)


def _described_after(service: Service, before: HostedZone, listing: Listing) -> HostedZone:
    """Describe the zone again, unless all was said already and one page is one moment."""
    if before.reply is not None and len(listing.pages) == 1:
        return before
    return describe(service, before.identifier)


def _changed(before: HostedZone, listing: Listing, after: HostedZone) -> bool:
    """Tell whether somebody edited the zone between two pages, as far as that can be seen.

    A page that does not begin where the last one said, or another count: an edit on pages that were read, or on
    those that were not, which leaves the count as it is cannot be seen, since Route 53 has no version of a zone.
    """
    if len(listing.pages) == 1:
        return False
    counted = len(listing.record_sets) if before.record_sets is None else before.record_sets
    return not listing.seamless or counted != after.record_sets


def _is_short(zone: HostedZone, listing: Listing) -> bool:
    """Tell whether fewer record sets were listed than the zone counts."""
    return zone.record_sets is not None and len(listing.record_sets) < zone.record_sets


def _is_mixed(zone: HostedZone, listing: Listing) -> bool:
    """Tell whether more were listed over several pages than the zone counts: a set that is gone among them."""
    return len(listing.pages) > 1 and zone.record_sets is not None and len(listing.record_sets) > zone.record_sets


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
    counts = f"Route 53 counts {zone.record_sets} record sets in the zone and listed {len(listing.record_sets)}"
    if _is_short(zone, listing):
        yield incomplete("route53", subject, f"{counts}, {_PASSES} times over")
    elif restless:
        yield Finding(
            "route53.changed-while-read",
            Severity.WARNING,
            subject,
            f"Somebody changed the zone while it was read, {_PASSES} times over: the snapshot may mix two states.",
            remedy="Stop what changes the zone, and read it again.",
        )
    elif _is_mixed(zone, listing):
        yield Finding(
            "route53.count",
            Severity.WARNING,
            subject,
            f"{counts}, {_PASSES} times over: the snapshot may mix two states.",
            remedy="Stop what changes the zone, and read it again.",
        )
    elif zone.record_sets not in {None, len(listing.record_sets)}:
        yield Finding("route53.count", Severity.WARNING, subject, f"{counts}.")
