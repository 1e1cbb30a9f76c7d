"""One zone whole: its records in as few requests as the service allows, its settings, its load balancers."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from migrator.errors import ProviderError
from migrator.interfaces import Progress, no_progress
from migrator.model.finding import Finding, Severity
from migrator.model.names import text_of
from migrator.model.values import dataclass
from migrator.model.zone import Assembly, NativeDocument
from providers.cloudflare.answers import Native, Reply, mapping
from providers.cloudflare.apex import apex_of
from providers.cloudflare.convert import Ways, contents, ways_of
from providers.cloudflare.discovery import Zone
from providers.cloudflare.remarks import (
    as_cloudflare_judges,
    of_balancers,
    of_dnssec,
    of_records,
    of_settings,
    of_zone,
    signing_of,
)
from providers.cloudflare.service import Request, Service
from providers.counting import incomplete

# The most that the service takes (DNSControl and others ask for so many; 2026-11-20); it may give fewer.
_RECORDS_PER_PAGE = 5_000_000
_MOST_PAGES = 100_000
# A zone that somebody keeps editing is listed this often before it is taken as it came.
_PASSES = 3
_UNAUTHORIZED = 401
_CLIENT_ERRORS = range(400, 500)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is asked of a zone beside its records: `what` completes "read the ..."."""

    path: str
    what: str
    lacking: str
    permission: str


_SETTINGS = _Beside(
    "dns_settings",
    "DNS settings",
    "SOA and the TTL of the apex NS set are not known, and a CNAME that is flattened by a setting of the zone "
    "looks like any other",
    "Zone: DNS: Read",
)
_DNSSEC = _Beside("dnssec", "state of DNSSEC", "whether the zone is signed is not known", "Zone: DNS: Read")
# An add-on of every plan; few zones have one, and few tokens this permission. It is a warning all the same: what
# such a balancer answers stands in no record, so that a whole zone looks as if nothing of it were missing.
_BALANCERS = _Beside(
    "load_balancers",
    "load balancers",
    "whether names of the zone are answered by one, of which no record tells, could not be checked",
    "Zone: Load Balancers: Read",
)


@dataclass(frozen=True, slots=True)
class Listing:
    """All records of a zone as JSON, the answers they came in, and whether these fit together.

    `distinct` counts each record once, however many pages it stands on.
    """

    records: tuple[object, ...]
    pages: tuple[Reply, ...]
    whole: bool
    distinct: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read of a zone; `settings` is None where these credentials may not see them."""

    zone: Zone
    listing: Listing
    settings: Native | None
    ways: Ways
    assembly: Assembly
    signing: str = ""


def read_zone(
    service: Service, zone: Zone, source: str, progress: Progress = no_progress, *, balancers: bool = True
) -> Reading:
    """Read a zone, and which load balancers answer in it; raises ProviderError where the service fails."""
    read_at = datetime.now(UTC)
    listing = list_records(service, zone.identifier, progress)
    settings_reply, unread = _beside(service, zone, _SETTINGS)
    dnssec_reply, unsigned = _beside(service, zone, _DNSSEC)
    balancers_reply, unbalanced = _beside(service, zone, _BALANCERS) if balancers else (None, ())
    settings = None if settings_reply is None else mapping(settings_reply.result)
    dnssec = None if dnssec_reply is None else mapping(dnssec_reply.result)
    ways = ways_of(settings)
    own = () if zone.kind == "partial" else zone.name_servers
    apex = apex_of(zone.name, own, settings if own else None)
    assembly = contents(
        listing.records,
        zone.name,
        apex=apex.records,
        ways=ways,
        source=source,
        read_at=read_at,
        name_servers=zone.name_servers,
        native=_documents(zone, listing, settings_reply, dnssec_reply, balancers_reply),
    )
    findings = (
        *of_zone(zone),
        *of_settings(zone, settings),
        *of_dnssec(zone, dnssec),
        *unread,
        *unsigned,
        *unbalanced,
        *_of_listing(zone, listing),
        *apex.findings,
        *of_records(assembly.snapshot, flatten_all=ways.flatten_all),
        *(of_balancers(balancers_reply, assembly.snapshot) if balancers_reply is not None else ()),
        *as_cloudflare_judges(assembly),
    )
    return Reading(zone, listing, settings, ways, Assembly(assembly.snapshot, findings), signing_of(dnssec))


def list_records(service: Service, identifier: str, progress: Progress = no_progress) -> Listing:
    """Return all records of a zone; a list that changes between two pages is begun again, three times at most."""
    for _ in range(_PASSES - 1):
        listing = _listed(service, identifier, progress)
        if listing.whole:
            return listing
    return _listed(service, identifier, progress)


def _listed(service: Service, identifier: str, progress: Progress) -> Listing:
    path = f"/zones/{identifier}/dns_records"
    found: list[object] = []
    pages: list[Reply] = []
    counts: set[int | None] = set()
    for page in range(1, _MOST_PAGES):
        reply = service.get(path, "list the records", {"per_page": _RECORDS_PER_PAGE, "page": page})
        records = reply.result_list()
        if records is None:
            raise ProviderError("Cloudflare: the answer to 'list the records' has no list in it.")
        found += records
        pages.append(reply)
        counts.add(reply.page_info("total_count"))
        progress("records", len(found), reply.page_info("total_count"))
        if not records or page >= _last_page(reply, page):
            break
    identifiers = [record.get("id") for record in found if isinstance(record, Mapping)]
    again = len(identifiers) - len(set(map(str, identifiers))) if len(pages) > 1 else 0
    whole = counts <= {None, len(found)} and not again
    return Listing(tuple(found), tuple(pages), whole, len(found) - again)


def _last_page(reply: Reply, page: int) -> int:
    """Return the number of the last page, as far as this one tells; without a word it is followed by another."""
    told = reply.page_info("total_pages")
    if told is not None:
        return told
    total, size = reply.page_info("total_count"), reply.page_info("per_page")
    if total is not None and size:
        return -(-total // size)
    return page if size is None else page + 1


def _beside(service: Service, zone: Zone, asked: _Beside) -> tuple[Reply | None, tuple[Finding, ...]]:
    """Return what `/zones/ID/PATH` says; what these credentials may not see is a finding and no failure."""
    action = f"read the {asked.what}"
    reply = service.send(Request("GET", f"/zones/{zone.identifier}/{asked.path}", action))
    if reply.accepted:
        return reply, ()
    error = service.refusal(reply, action)
    if not reply.refused or reply.status == _UNAUTHORIZED or reply.status not in _CLIENT_ERRORS:
        raise error
    found = Finding(
        f"cloudflare.{asked.path.replace('_', '-')}-unread",
        Severity.WARNING,
        text_of(zone.name),
        f"The {asked.what} could not be read: {asked.lacking}. {error}",
        remedy=f"Give the token the permission '{asked.permission}'.",
    )
    return None, (found,)


def _documents(
    zone: Zone, listing: Listing, settings: Reply | None, dnssec: Reply | None, balancers: Reply | None
) -> tuple[NativeDocument, ...]:
    pages = (
        NativeDocument(f"dns-records-{n:04d}.json", page.body) for n, page in enumerate(listing.pages, start=1)
    )
    others = (("dns-settings.json", settings), ("dnssec.json", dnssec), ("load-balancers.json", balancers))
    return (
        NativeDocument("zone.json", zone.document),
        *(NativeDocument(name, reply.body) for name, reply in others if reply is not None),
        *pages,
    )


def _of_listing(zone: Zone, listing: Listing) -> Iterator[Finding]:
    if listing.whole:
        return
    told, listed = listing.pages[-1].page_info("total_count"), listing.distinct
    counts = f"Cloudflare counts {told} records in the zone and listed {listed}, {_PASSES} times over"
    if told is not None and listed < told:
        yield incomplete("cloudflare", text_of(zone.name), counts)
    else:
        yield Finding(
            "cloudflare.changed-while-read",
            Severity.WARNING,
            text_of(zone.name),
            f"{counts}: somebody changes it, and the snapshot may mix two states.",
            remedy="Stop what changes the zone, and read it again.",
        )
