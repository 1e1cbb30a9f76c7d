"""From a locator to one hosted zone: several zones of one name are legal, and none is taken by chance."""

import re
from collections.abc import Iterator, Mapping

from dns.name import Name

from migrator.errors import InputError, ProviderError
from migrator.model.locator import Locator
from migrator.model.values import dataclass
from migrator.model.zone_info import ZoneInfo
from providers.naming import choice, expect_options, printable, shown, zone_named
from providers.route53.answers import Native
from providers.route53.names import UnreadableError, decode, encode
from providers.route53.service import Reply, Service

_OPTIONS = ("zone-id", "profile", "private", "vpc-id", "vpc-region")
_ZONES_PER_PAGE = "100"
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,32}")
_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Vpc:
    """A network that a private zone answers to."""

    identifier: str
    region: str

    def __str__(self) -> str:
        """Return the identifier and its region."""
        return f"{self.identifier} ({self.region})" if self.region else self.identifier


@dataclass(frozen=True, slots=True)
class HostedZone:
    """A hosted zone as Route 53 describes it; `record_sets` is None where it does not say.

    `vpcs` and `name_servers` are known from GetHostedZone only, whose answer is `reply`.
    """

    identifier: str
    name: Name
    private: bool
    record_sets: int | None
    comment: str = ""
    linked_service: str = ""
    vpcs: tuple[Vpc, ...] = ()
    name_servers: tuple[Name, ...] = ()
    caller_reference: str = ""
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a locator says of the zone; None where it does not say."""

    locator: Locator
    identifier: str | None
    profile: str | None
    private: bool | None
    vpc: str | None
    vpc_region: str | None

    def fits(self, zone: HostedZone) -> bool:
        """Tell whether the zone is private or public as it was asked for."""
        return self.private in {None, zone.private} and (self.vpc is None or zone.private)

    def sees(self, zone: HostedZone) -> bool:
        """Tell whether a zone with known networks answers to the one that was asked for."""
        return self.vpc is None or any(
            vpc.identifier == self.vpc and self.vpc_region in {None, vpc.region} for vpc in zone.vpcs
        )


def wanted(locator: Locator) -> Wanted:
    """Return what the locator says; raises InputError for an option that is not known or makes no sense."""
    expect_options(locator, _OPTIONS, "AWS_ENDPOINT_URL_ROUTE_53")
    private = locator.option("private")
    if private not in {None, "true", "false"}:
        raise InputError(f"{locator.text}: private={private} is neither true nor false.")
    identifier = locator.option("zone-id")
    if identifier is not None:
        identifier = identifier.removeprefix("/").removeprefix("hostedzone/")
        if not _IDENTIFIER.fullmatch(identifier):
            raise InputError(
                f"{locator.text}: '{identifier}' is no hosted zone id, such as Z0123456789ABCDEFGHIJ."
            )
    profile = locator.option("profile")
    if profile == "":
        raise InputError(f"{locator.text}: the name of the profile is missing.")
    vpc, region = locator.option("vpc-id"), locator.option("vpc-region")
    if region is not None and vpc is None:
        raise InputError(f"{locator.text}: vpc-region= says where vpc-id= is; give both.")
    return Wanted(locator, identifier, profile, None if private is None else private == "true", vpc, region)


def find(service: Service, asked: Wanted) -> HostedZone:
    """Return the one hosted zone that is meant.

    Raises InputError where several are, with the list of them, or where the id is another zone's; raises
    ProviderError where these credentials see none.
    """
    name = zone_name(asked)
    if asked.identifier is not None:
        return _by_identifier(service, asked, asked.identifier, name)
    named = list(by_name(service, name))
    zone = _chosen(service, asked, name, named)
    if zone is None:
        raise ProviderError(_nothing(asked, name, named))
    return zone


def look_for(service: Service, asked: Wanted) -> HostedZone | None:
    """Return the one hosted zone that is meant, or None where there is none; raises InputError as `find` does."""
    name = zone_name(asked)
    if asked.identifier is not None:
        return _by_identifier(service, asked, asked.identifier, name)
    return _chosen(service, asked, name, list(by_name(service, name)))


def zone_name(asked: Wanted) -> Name:
    """Return the zone of the locator; raises InputError where it names none."""
    return zone_named(asked.locator)


def _chosen(service: Service, asked: Wanted, name: Name, named: list[HostedZone]) -> HostedZone | None:
    matches = [zone for zone in named if asked.fits(zone)]
    if asked.vpc is not None or len(matches) > 1:
        # Only GetHostedZone says which networks a private zone answers to.
        matches = [describe(service, zone.identifier) if zone.private else zone for zone in matches]
    matches = [zone for zone in matches if asked.sees(zone)]
    if len(matches) > 1:
        raise InputError(_several(asked, name, matches))
    return matches[0] if matches else None


def describe(service: Service, identifier: str) -> HostedZone:
    """Return a zone with its name servers or networks, as GetHostedZone says it now."""
    reply = service.ask("GetHostedZone", {"Id": identifier})
    zone = reply.native.get("HostedZone")
    if not isinstance(zone, Mapping):
        raise ProviderError("Route 53: the answer to route53:GetHostedZone describes no zone. Is it Route 53?")
    return _zone(zone, reply)


def created(reply: Reply) -> HostedZone:
    """Return the zone that an answer to CreateHostedZone describes."""
    zone = reply.native.get("HostedZone")
    if not isinstance(zone, Mapping):
        raise ProviderError("Route 53: the answer to route53:CreateHostedZone describes no zone. Is it Route 53?")
    return _zone(zone, reply)


def by_name(service: Service, name: Name) -> Iterator[HostedZone]:
    """Yield the zones of exactly this name: Route 53 lists from the name on, in its own order, to the end."""
    position = {"DNSName": encode(name)}
    while True:
        page = service.ask("ListHostedZonesByName", {**position, "MaxItems": _ZONES_PER_PAGE}).native
        for native in _zones_of(page):
            zone = _zone(native)
            if zone.name != name:
                return
            yield zone
        following = str(page.get("NextDNSName", ""))
        # botocore's models and moto leave IsTruncated out where there is nothing more.
        if page.get("IsTruncated") is not True or _same_name(following, name) is False:
            return
        position = {"DNSName": following}
        if page.get("NextHostedZoneId"):
            position["HostedZoneId"] = str(page["NextHostedZoneId"])


def every_zone(service: Service) -> Iterator[HostedZone]:
    """Yield all zones of the account, page by page."""
    position: dict[str, str] = {}
    while True:
        page = service.ask("ListHostedZones", {**position, "MaxItems": _ZONES_PER_PAGE}).native
        for native in _zones_of(page):
            yield _zone(native)
        if page.get("IsTruncated") is not True or not page.get("NextMarker"):
            return
        position = {"Marker": str(page["NextMarker"])}


def info_of(zone: HostedZone) -> ZoneInfo:
    """Return the line of a zone in a list, as far as the list tells."""
    linked = f"managed by {zone.linked_service}" if zone.linked_service else ""
    note = "; ".join(filter(None, (zone.comment, linked)))
    return ZoneInfo(zone.name, zone.identifier, _kind(zone), zone.record_sets, note=note)


def _by_identifier(service: Service, asked: Wanted, identifier: str, name: Name) -> HostedZone:
    zone = describe(service, identifier)
    if zone.name != name:
        raise InputError(
            f"{asked.locator.text}: the hosted zone {identifier} is {shown(zone.name)}, not {shown(name)}. Give "
            "the name and the id of one zone."
        )
    if not asked.fits(zone):
        kind = "private" if zone.private else "public"
        raise InputError(f"{asked.locator.text}: the hosted zone {identifier} is {kind}; leave one option out.")
    if not asked.sees(zone):
        raise InputError(f"{asked.locator.text}: the hosted zone {identifier} does not answer to {asked.vpc}.")
    return zone


def _zones_of(page: Native) -> Iterator[Mapping[str, object]]:
    found = page.get("HostedZones")
    if isinstance(found, list):
        yield from (native for native in found if isinstance(native, Mapping))


def _zone(native: Mapping[str, object], reply: Reply | None = None) -> HostedZone:
    config = _mapping(native, "Config")
    linked = _mapping(native, "LinkedService")
    count = native.get("ResourceRecordSetCount")
    whole: Native = {} if reply is None else reply.native
    vpcs = whole.get("VPCs", [whole.get("VPC")])  # a zone that was just made has one
    servers = _mapping(whole, "DelegationSet").get("NameServers")
    return HostedZone(
        identifier=str(native.get("Id", "")).rpartition("/")[2],
        name=_name(str(native.get("Name", ""))),
        private=config.get("PrivateZone") is True,
        record_sets=count if isinstance(count, int) else None,
        comment=str(config.get("Comment", "")),
        linked_service=" ".join(
            str(linked[key]) for key in ("ServicePrincipal", "Description") if linked.get(key)
        ),
        vpcs=tuple(
            Vpc(str(vpc.get("VPCId", "")), str(vpc.get("VPCRegion", "")))
            for vpc in (vpcs if isinstance(vpcs, list) else [])
            if isinstance(vpc, Mapping)
        ),
        name_servers=tuple(_name(str(server)) for server in servers) if isinstance(servers, list) else (),
        caller_reference=str(native.get("CallerReference", "")),
        reply=reply,
    )


def _mapping(native: Native, key: str) -> Mapping[str, object]:
    found = native.get(key)
    return found if isinstance(found, Mapping) else {}


def _name(text: str) -> Name:
    try:
        return decode(text)
    except UnreadableError as exc:
        raise ProviderError(f"Route 53: the service gave a name that is none: {exc}.") from exc


def _same_name(text: str, name: Name) -> bool:
    return bool(text) and _name(text) == name


def _nothing(asked: Wanted, name: Name, named: list[HostedZone]) -> str:
    if named:
        others = "; ".join(f"{zone.identifier} is {_kind(zone)}" for zone in named[:_MOST_LISTED])
        return f"Route 53: no hosted zone {shown(name)} is as asked for by {asked.locator.text}: {others}."
    return (
        f"Route 53: these credentials see no hosted zone {shown(name)}. 'dns-migrator zones route53:' lists what "
        "they see; another account needs another profile: "
        f"route53:{shown(name)}?profile=NAME."
    )


def _several(asked: Wanted, name: Name, matches: list[HostedZone]) -> str:
    profile = "" if asked.profile is None else f"&profile={asked.profile}"
    ways = [f"'route53:{shown(name)}?zone-id={zone.identifier}{profile}'  {_details(zone)}" for zone in matches]
    heading = f"{asked.locator.text}: {len(matches)} hosted zones have this name. Name the one that is meant:"
    return choice(heading, ways, "dns-migrator zones route53:")


def _details(zone: HostedZone) -> str:
    count = "unknown number of" if zone.record_sets is None else f"{zone.record_sets}"
    parts = [_kind(zone), f"{count} record sets", *map(str, zone.vpcs)]
    if zone.comment:
        parts.append(f'"{printable(zone.comment)}"')
    if zone.linked_service:
        parts.append(f"managed by {printable(zone.linked_service)}")
    return ", ".join(parts)


def _kind(zone: HostedZone) -> str:
    return "private" if zone.private else "public"
