"""From a locator to one DNS zone: a name may stand in several resource groups, and none is taken by chance."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from dns.name import Name

from migrator.errors import InputError, ProviderError
from migrator.model.locator import VARIABLE_OPTION, Locator
from migrator.model.values import dataclass
from providers.azure import settings as environment
from providers.azure.capabilities import CAPABILITIES
from providers.azure.failures import UnregisteredError, in_one_of
from providers.azure.lists import forget, shared_groups, shared_places, shared_subscriptions
from providers.azure.names import zone_text
from providers.azure.service import Service
from providers.azure.settings import Settings
from providers.azure.zones import DnsZone, Place, groups_in, subscriptions, zone_of, zone_path, zones_in
from providers.naming import choice, expect_options, shown, variable_named, zone_named

_OPTIONS = ("resource-group", "subscription", "tenant", VARIABLE_OPTION)
_TENANT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_SUBSCRIPTION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules (2026-11-20)
_GROUP = re.compile(r"[\w().-]{0,89}[\w()-]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a locator and the environment say of a zone; empty where they do not say.

    `shares_lists`: see `interfaces.Environment`.
    """

    locator: Locator
    settings: Settings
    subscription: str
    group: str
    shares_lists: bool = False

    @property
    def name(self) -> Name:
        """The zone's name; raises InputError where the locator has none."""
        return zone_named(self.locator)


def wanted(locator: Locator, *, shares_lists: bool = False) -> Wanted:
    """Return what is asked for; raises InputError for an option that is not known or makes no sense."""
    expect_options(locator, _OPTIONS, "AZURE_DNS_ENDPOINT")
    group = locator.option("resource-group")
    if group is not None and not _GROUP.fullmatch(group):
        raise InputError(f"{locator.text}: '{group}' is no name of a resource group.")
    given = locator.option("subscription")
    settings = environment.from_environment(variable_named(locator), _tenant_of(locator))
    subscription = (settings.subscription if given is None else given).strip().removeprefix("/subscriptions/")
    if (given is not None or subscription) and not _SUBSCRIPTION.fullmatch(subscription):
        source = "AZURE_SUBSCRIPTION_ID" if given is None else "subscription="
        raise InputError(
            f"{locator.text}: {source} must be the id of a subscription, such as "
            "01234567-89ab-cdef-0123-456789abcdef, and not its name; 'az account list' shows it."
        )
    return Wanted(locator, settings, subscription, group or "", shares_lists)


def _tenant_of(locator: Locator) -> str:
    tenant = locator.option("tenant")
    if tenant is None:
        return ""
    if not _TENANT.fullmatch(tenant):
        raise InputError(f"{locator.text}: tenant= is the id of a tenant, or one of its domains.")
    if locator.option(VARIABLE_OPTION) is not None:
        raise InputError(f"{locator.text}: a token is of one tenant already: give tenant= or {VARIABLE_OPTION}=.")
    return tenant


def searched(service: Service, asked: Wanted) -> tuple[str, ...]:
    """Return the subscriptions to look in: the one that is named, else all that the credentials see."""
    if asked.subscription:
        return (asked.subscription,)
    return shared_subscriptions(service) if asked.shares_lists else subscriptions(service)


def zones_searched(service: Service, asked: Wanted) -> Iterator[DnsZone]:
    """Yield the zones of each subscription that is searched."""
    for subscription in (found := searched(service, asked)):
        with _one_of(found, subscription):
            yield from zones_in(service, subscription)


@contextmanager
def _one_of(found: tuple[str, ...], subscription: str) -> Iterator[None]:
    """Let a failure say in which subscription it was; one of several that never used Azure DNS has no zone."""
    try:
        yield
    except UnregisteredError:
        if len(found) == 1:
            raise
    except ProviderError as exc:
        raise in_one_of(found, subscription, exc) from exc


def find(service: Service, asked: Wanted) -> DnsZone:
    """Return the one zone that is meant; raises InputError where several are, ProviderError where none is."""
    zone = find_or_none(service, asked)
    if zone is None and asked.shares_lists:
        forget(asked.settings)
        zone = find_or_none(service, asked)
    if zone is None:
        raise ProviderError(_nothing(asked))
    return zone


def find_or_none(service: Service, asked: Wanted) -> DnsZone | None:
    """Return the one zone that is meant, or None where there is none; raises InputError where several are."""
    if asked.subscription and asked.group:
        return describe(service, Place(asked.subscription, asked.group), zone_text(asked.name))
    matches = list(_matches_now(service, asked) if asked.shares_lists else _matches(service, asked))
    if len(matches) > 1:
        raise InputError(_several(asked, matches))
    return matches[0] if matches else None


def _matches(service: Service, asked: Wanted) -> Iterator[DnsZone]:
    for zone in zones_searched(service, asked):
        if zone.name == asked.name and asked.group.lower() in {"", zone.place.group.lower()}:
            yield zone


def _matches_now(service: Service, asked: Wanted) -> Iterator[DnsZone]:
    """Yield the zones that stood in a list a moment ago, as they are now."""
    for subscription in (found := searched(service, asked)):
        places: tuple[Place, ...] = ()
        with _one_of(found, subscription):
            places = shared_places(service, subscription, asked.name)
        for place in places:
            if asked.group.lower() in {"", place.group.lower()}:
                zone = describe(service, place, zone_text(asked.name))
                if zone is not None:
                    yield zone


def describe(service: Service, place: Place, zone: str) -> DnsZone | None:
    """Return a zone as it is now, or None where the group has none of that name."""
    action = "reading the zone"
    reply = service.send("GET", zone_path(place, zone), action)
    if reply.status == 404 and reply.code in {"ResourceNotFound", "NotFound"}:  # noqa: PLR2004 - HTTP
        return None
    if reply.status >= 400:  # noqa: PLR2004 - HTTP
        raise service.refusal(reply, action)
    return zone_of(reply.native, reply.body)


def place_for_new(service: Service, asked: Wanted) -> Place:
    """Return where to create the zone; raises InputError with the list where several groups are possible.

    So it does where Azure can have no zone of the name: that would not even be a part of its URL.
    """
    odd = sorted({octet for label in asked.name.labels for octet in label.lower()} - _label_octets())
    if odd:
        letters = ", ".join(f"'{chr(octet)}'" for octet in odd)
        raise InputError(
            f"{asked.locator.text}: Azure DNS takes no {letters} in the name of a zone, so it cannot be created "
            "there. Networks smaller than a /24 are delegated to a name with a hyphen there (0-25.2.0.192...)."
        )
    if asked.subscription and asked.group:
        return Place(asked.subscription, asked.group)
    places = [
        Place(subscription, group)
        for subscription in searched(service, asked)
        for group in (shared_groups if asked.shares_lists else groups_in)(service, subscription)
        if asked.group.lower() in {"", group.lower()}
    ]
    if not places:
        where = f"resource group '{asked.group}'" if asked.group else "resource group"
        raise ProviderError(
            f"Azure DNS: these credentials see no {where} to create {shown(asked.name)} in. 'az group create "
            "--name NAME --location westeurope' makes one."
        )
    if len(places) > 1:
        raise InputError(_several_places(asked, places))
    return places[0]


def _label_octets() -> frozenset[int]:
    allowed = CAPABILITIES.label_octets
    assert allowed is not None
    return allowed


def locator_of(name: Name, place: Place) -> str:
    """Return the locator that names a zone, or a place for it, without any doubt."""
    return f"azure:{shown(name)}?resource-group={place.group}&subscription={place.subscription}"


def _nothing(asked: Wanted) -> str:
    where = f" in the resource group {asked.group}" if asked.group else ""
    subscription = f" of the subscription {asked.subscription}" if asked.subscription else ""
    return (
        f"Azure DNS: these credentials see no public DNS zone {shown(asked.name)}{where}{subscription}. "
        "'dns-migrator zones azure:' lists what they see; another subscription is named by ?subscription=ID. "
        "Private DNS zones are another service of Azure and are not read."
    )


def _several(asked: Wanted, matches: list[DnsZone]) -> str:
    ways = [f"'{locator_of(asked.name, zone.place)}'\n    {_count(zone)}, {_servers(zone)}" for zone in matches]
    heading = f"{asked.locator.text}: {len(matches)} DNS zones have this name. Name the one that is meant:"
    return choice(heading, ways, "dns-migrator zones azure:")


def _several_places(asked: Wanted, places: list[Place]) -> str:
    heading = (
        f"{asked.locator.text}: the zone is not there, and {len(places)} resource groups could hold it. Name the "
        "one that shall:"
    )
    return choice(heading, [f"'{locator_of(asked.name, place)}'" for place in places], "az group list")


def _count(zone: DnsZone) -> str:
    return "unknown number of record sets" if zone.record_sets is None else f"{zone.record_sets} record sets"


def _servers(zone: DnsZone) -> str:
    return ", ".join(name.to_text(omit_final_dot=True) for name in zone.name_servers) or "no name servers"
