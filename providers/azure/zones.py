"""A DNS zone as Azure describes it, and the lists of zones, groups and subscriptions that the credentials see."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from dns.name import Name

from migrator.errors import InputError, ProviderError
from migrator.model.names import absolute
from migrator.model.values import dataclass
from migrator.model.zone_info import ZoneInfo
from providers.azure.service import Service, path_of

# Of the Resource Manager itself: https://learn.microsoft.com/rest/api/resources (2026-11-20)
_SUBSCRIPTIONS_VERSION = "2022-12-01"
_GROUPS_VERSION = "2021-04-01"
_IDENTIFIER = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.Network/dnszones/(?P<zone>[^/]+)",
    re.IGNORECASE,
)
_MOST_PER_PAGE = "1000"
# A subscription that is gone answers no question; the others can be read at least.
_GONE = frozenset({"Deleted"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a zone is: a subscription and a resource group."""

    subscription: str
    group: str


@dataclass(frozen=True, slots=True)
class DnsZone:
    """A zone as Azure describes it; counts are None where it does not say. `document` is its JSON."""

    identifier: str
    place: Place
    name: Name
    name_servers: tuple[Name, ...]
    record_sets: int | None
    most_record_sets: int | None
    private: bool
    signed: bool
    tags: Mapping[str, str]
    document: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """Where the zone is asked and written."""
        return zone_path(self.place, self.identifier.rpartition("/")[2])


def zone_path(place: Place, zone: str) -> str:
    """Return the path of a zone."""
    return path_of(
        "subscriptions", place.subscription, "resourceGroups", place.group, "providers", "Microsoft.Network",
        "dnsZones", zone,
    )  # fmt: skip


def zone_of(native: object, body: bytes = b"") -> DnsZone:
    """Return the zone that Azure described; raises ProviderError where the answer is none.

    `body` are the octets of an answer that speaks of this zone alone.
    """
    found = native if isinstance(native, Mapping) else {}
    identifier = found.get("id")
    matched = _IDENTIFIER.fullmatch(identifier) if isinstance(identifier, str) else None
    if matched is None:
        raise ProviderError("Azure DNS: the answer describes no zone. Is it Azure?")
    place = Place(matched["subscription"], matched["group"])
    properties = found.get("properties")
    said: Mapping[str, object] = properties if isinstance(properties, Mapping) else {}
    tags = found.get("tags")
    servers = said.get("nameServers")
    return DnsZone(
        identifier=f"/subscriptions/{place.subscription}/resourceGroups/{place.group}"
        f"/providers/Microsoft.Network/dnszones/{matched['zone']}",
        place=place,
        name=_name(matched["zone"]),
        name_servers=tuple(_name(str(server)) for server in servers) if isinstance(servers, list) else (),
        record_sets=_count(said.get("numberOfRecordSets")),
        most_record_sets=_count(said.get("maxNumberOfRecordSets")),
        private=str(said.get("zoneType", "")).lower() == "private",
        signed=bool(said.get("signingKeys")),
        tags={str(name): str(text) for name, text in tags.items()} if isinstance(tags, Mapping) else {},
        document=body or json.dumps(found, indent=2).encode(),
    )


def info_of(zone: DnsZone) -> ZoneInfo:
    """Return the line of a zone in a list."""
    return ZoneInfo(
        zone.name,
        zone.identifier,
        "private" if zone.private else "public",
        zone.record_sets,
        "signed" if zone.signed else "",
        zone.name_servers,
        f"resource group {zone.place.group}",
    )


def zones_in(service: Service, subscription: str) -> Iterator[DnsZone]:
    """Yield the zones of a subscription, page by page."""
    path = path_of("subscriptions", subscription, "providers", "Microsoft.Network", "dnszones")
    for item in _listed(service, path, "the list of zones", query={"$top": _MOST_PER_PAGE}):
        yield zone_of(item)


def subscriptions(service: Service) -> tuple[str, ...]:
    """Return the ids of the subscriptions that the credentials see; raises ProviderError where there are none."""
    found = tuple(
        str(item["subscriptionId"])
        for item in _listed(service, "/subscriptions", "the list of subscriptions", version=_SUBSCRIPTIONS_VERSION)
        if "subscriptionId" in item and item.get("state") not in _GONE
    )
    if not found:
        raise ProviderError(
            "Azure DNS: these credentials see no subscription. Give them a role on the one that holds the zone "
            "(docs/azure.md), or name it in AZURE_SUBSCRIPTION_ID."
        )
    return found


def groups_in(service: Service, subscription: str) -> Iterator[str]:
    """Yield the names of the resource groups of a subscription."""
    path = path_of("subscriptions", subscription, "resourcegroups")
    for item in _listed(service, path, "the list of resource groups", version=_GROUPS_VERSION):
        if isinstance(item.get("name"), str):
            yield str(item["name"])


def _listed(
    service: Service, path: str, action: str, *, version: str = "", query: Mapping[str, str] | None = None
) -> Iterator[Mapping[str, object]]:
    asked: set[str] = set()
    while path:
        if path in asked:
            raise ProviderError(
                f"Azure DNS: {action} repeats the same page again and again. Run the command again."
            )
        asked.add(path)
        page = service.get(path, action, version=version, query=query).native
        assert isinstance(page, Mapping)
        items = page.get("value")
        if not isinstance(items, list):
            raise ProviderError(f"Azure DNS: {action} has no list in it. Is it Azure?")
        yield from (item for item in items if isinstance(item, Mapping))
        following = page.get("nextLink")
        path, query = (following if isinstance(following, str) else ""), None


def _count(found: object) -> int | None:
    return found if type(found) is int else None


def _name(text: str) -> Name:
    try:
        return absolute(text)
    except InputError as exc:
        raise ProviderError(f"Azure DNS: the service gave a name that is none: {exc}") from exc
