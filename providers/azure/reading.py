"""All record sets of a zone, page by page, and the snapshot that they make up.

The calls for one zone: its description (GET, or the list of zones where the resource group is not known) and a
page for every 1,000 record sets. Azure has no version of a zone: one whose count changes while it is read is
read again, and an edit that keeps the count is not seen.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from dns.name import Name

from migrator.errors import ProviderError
from migrator.interfaces import Progress
from migrator.model.finding import Finding, Severity
from migrator.model.names import text_of
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import NativeDocument, ZoneSnapshot, assemble_rrsets
from providers.azure.convert import contents
from providers.azure.discovery import describe
from providers.azure.service import Service
from providers.azure.zones import DnsZone
from providers.counting import incomplete

# The most that Azure gives at once; without $top a page has 100.
_RECORD_SETS_PER_PAGE = "1000"
_PASSES = 3
_ACTION = "the list of record sets"


@dataclass(frozen=True, slots=True)
class Listing:
    """Every record set as JSON, and the octets of each page."""

    record_sets: tuple[object, ...]
    pages: tuple[bytes, ...]

    @property
    def count(self) -> int:
        """How many sets there are, one that stands on two pages once."""
        named = [native["id"] for native in self.record_sets if isinstance(native, Mapping) and "id" in native]
        return len(self.record_sets) - len(named) + len({str(identifier).casefold() for identifier in named})


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone as it was read: what it holds, what is odd, and the etag of each set."""

    described: DnsZone
    snapshot: ZoneSnapshot
    findings: tuple[Finding, ...]
    etags: Mapping[RRsetKey, str]


def read_zone(service: Service, zone: DnsZone, source: str, progress: Progress, origin: Name) -> Zone:
    """Return the zone as it is now."""
    read_at = datetime.now(UTC)
    listing = list_record_sets(service, zone, progress)
    passes = 1
    while _has_changed(zone, listing) and passes < _PASSES:
        zone = _described_again(service, zone)
        passes += 1
        read_at = datetime.now(UTC)
        listing = list_record_sets(service, zone, progress)
    found = contents(listing.record_sets, origin, zone.identifier)
    assembly = assemble_rrsets(
        origin,
        found.rrsets,
        source=source,
        read_at=read_at,
        name_servers=zone.name_servers,
        native=tuple(_documents(zone, listing)),
    )
    etags = {key: _etag(native) for key, native in found.natives.items()}
    findings = (*_remarks(zone, listing), *found.findings, *assembly.findings)
    return Zone(zone, assembly.snapshot, findings, etags)


def list_record_sets(service: Service, zone: DnsZone, progress: Progress) -> Listing:
    """Return the record sets of a zone."""
    found: list[object] = []
    pages: list[bytes] = []
    path, query = f"{zone.path}/recordsets", {"$top": _RECORD_SETS_PER_PAGE}
    asked: set[str] = set()
    while path:
        if path in asked:
            raise ProviderError(
                "Azure DNS: the service sends the same page again and again. Run the command again."
            )
        asked.add(path)
        reply = service.get(path, _ACTION, query=query)
        page = reply.native
        items = page.get("value") if isinstance(page, Mapping) else None
        if not isinstance(page, Mapping) or not isinstance(items, list):
            raise ProviderError(f"Azure DNS: {_ACTION} has no list in it. Is it Azure?")
        found += items
        pages.append(reply.body)
        progress("record sets", len(found), zone.record_sets)
        following = page.get("nextLink")
        path, query = (following if isinstance(following, str) else ""), {}
    return Listing(tuple(found), tuple(pages))


def _has_changed(zone: DnsZone, listing: Listing) -> bool:
    return zone.record_sets is not None and zone.record_sets != listing.count


def _described_again(service: Service, zone: DnsZone) -> DnsZone:
    again = describe(service, zone.place, zone.identifier.rpartition("/")[2])
    if again is None:
        raise ProviderError(f"Azure DNS: the zone {zone.identifier} was deleted while it was read.")
    return again


def _documents(zone: DnsZone, listing: Listing) -> Iterator[NativeDocument]:
    # A list of zones speaks of others too, so the zone's own part of it is written anew.
    yield NativeDocument("zone.json", zone.document)
    for number, body in enumerate(listing.pages, start=1):
        yield NativeDocument(f"record-sets-{number:04d}.json", body)


def _etag(native: object) -> str:
    found = native.get("etag") if isinstance(native, Mapping) else None
    return found if isinstance(found, str) else ""


def _remarks(zone: DnsZone, listing: Listing) -> Iterator[Finding]:
    subject = text_of(zone.name)
    if zone.private:
        yield Finding(
            "azure.private-zone",
            Severity.WARNING,
            subject,
            "The zone is private, of the kind that came before Azure Private DNS: it answers only inside virtual "
            "networks. At a public provider everybody could read it.",
        )
    if zone.signed:
        yield Finding(
            "azure.dnssec",
            Severity.WARNING,
            subject,
            "Azure signs the zone (DNSSEC). Its keys cannot be taken along: as long as the parent has a DS record "
            "for them, answers of any other provider are refused.",
            remedy="Remove the DS record at the registrar and wait for its TTL before the switch.",
        )
    if zone.tags:
        shown = ", ".join(f"{name}={text}" for name, text in sorted(zone.tags.items()))
        yield Finding(
            "azure.zone-tags", Severity.NOTICE, subject, f"The zone has tags, which stay there: {shown}."
        )
    counts = (
        f"Azure counts {zone.record_sets} record sets in the zone and listed {listing.count}, {_PASSES} times over"
    )
    if zone.record_sets is not None and listing.count < zone.record_sets:
        yield incomplete("azure", subject, counts)
    elif _has_changed(zone, listing):
        yield Finding(
            "azure.count",
            Severity.WARNING,
            subject,
            f"{counts}. Somebody may be changing it.",
            remedy="Stop what changes the zone, and read it again.",
        )
