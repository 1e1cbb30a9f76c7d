"""From a locator to one zone: several accounts may have a zone of one name, and none is taken by chance."""

import json
import re
from collections.abc import Iterator
from dataclasses import field

from dns.name import Name

from migrator.errors import InputError, ProviderError
from migrator.interfaces import Progress, no_progress
from migrator.model.locator import VARIABLE_OPTION, Locator
from migrator.model.values import dataclass
from migrator.model.zone_info import ZoneInfo
from providers.cloudflare.answers import Native, Reply, mapping, text
from providers.cloudflare.names import UnreadableError, name_of, owner_text
from providers.cloudflare.service import Service
from providers.naming import choice, expect_options, printable, shown, variable_named, zone_named

_IDENTIFIERS = ("zone-id", "account-id")
_OPTIONS = (*_IDENTIFIERS, VARIABLE_OPTION)
_IDENTIFIER = re.compile(r"[0-9A-Za-z]{1,32}")
# Without this parameter zones of type internal are left out (SDK 5.9.0, zone_list_params.py).
_EVERY_TYPE = "full,partial,secondary,internal"
_ZONES_PER_PAGE = 50
_MOST_PAGES = 10_000
_LIST = "list zones"


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone as Cloudflare describes it.

    `kind` is full, partial (only CNAMEs of somebody else's zone lead here), secondary (filled by transfers) or
    internal. `assigned` are the name servers to delegate to, `vanity` those of the owner's own name, if any.
    `document` is the JSON that describes it.
    """

    identifier: str
    name: Name
    account_id: str
    account_name: str
    status: str
    kind: str
    plan: str
    paused: bool
    assigned: tuple[Name, ...]
    vanity: tuple[Name, ...]
    document: bytes = field(default=b"", repr=False)

    @property
    def name_servers(self) -> tuple[Name, ...]:
        """The name servers that serve the zone: its owner's own names, else those that Cloudflare assigned."""
        return self.vanity or self.assigned


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a locator says of the zone; None where it does not say."""

    locator: Locator
    identifier: str | None
    account: str | None
    variable: str | None = None

    @property
    def name(self) -> Name:
        """The zone's name; raises InputError where the locator has none."""
        return zone_named(self.locator)


def wanted(locator: Locator) -> Wanted:
    """Return what the locator says; raises InputError for an option that is not known or makes no sense."""
    expect_options(locator, _OPTIONS, "CLOUDFLARE_BASE_URL")
    for option in _IDENTIFIERS:
        found = locator.option(option)
        if found is not None and not _IDENTIFIER.fullmatch(found):
            raise InputError(f"{locator.text}: '{found}' is no {option}: these are 32 hexadecimal digits.")
    return Wanted(locator, locator.option("zone-id"), locator.option("account-id"), variable_named(locator))


def find(service: Service, asked: Wanted) -> Zone:
    """Return the one zone that is meant.

    Raises InputError where several are, with the list of them, or where the id is another zone's; raises
    ProviderError where these credentials see none.
    """
    zone = look(service, asked)
    if zone is None:
        where = f" in the account {asked.account}" if asked.account else ""
        raise ProviderError(
            f"Cloudflare: these credentials see no zone {shown(asked.name)}{where}: it is not there, or they may "
            "not see it. 'dns-migrator zones cloudflare:' lists what they see; a token sees what it was made for."
        )
    return zone


def look(service: Service, asked: Wanted) -> Zone | None:
    """Return the one zone that is meant, or None where these credentials see none."""
    if asked.identifier is not None:
        return _by_identifier(service, asked, asked.identifier)
    matches = [zone for zone in _by_name(service, asked) if zone.name == asked.name]
    if len(matches) > 1:
        raise InputError(_several(asked, matches))
    return matches[0] if matches else None


def every_zone(service: Service, asked: Wanted, progress: Progress = no_progress) -> Iterator[Zone]:
    """Yield all zones that the credentials see, page by page; with a name or an account, those of it."""
    done = 0
    for page in range(1, _MOST_PAGES):
        reply = service.get("/zones", _LIST, {**_search(asked), "page": page})
        found = _zones_of(reply)
        for native in found:
            done += 1
            progress("zones", done, reply.page_info("total_count"))
            yield zone_of(native)
        pages = reply.page_info("total_pages")
        if not found or (pages is not None and page >= pages) or (pages is None and len(found) < _ZONES_PER_PAGE):
            return


def zone_of(native: Native, body: bytes = b"") -> Zone:
    """Return a zone from its JSON; raises ProviderError where it has no name.

    `body` is the answer that speaks of this zone alone; of one among others, its own part is written anew.
    """
    account = mapping(native.get("account"))
    return Zone(
        identifier=text(native.get("id")),
        name=_name(native.get("name")),
        account_id=text(account.get("id")),
        account_name=text(account.get("name")),
        status=text(native.get("status")),
        kind=text(native.get("type")),
        plan=text(mapping(native.get("plan")).get("legacy_id")),
        paused=native.get("paused") is True,
        assigned=_names(native.get("name_servers")),
        vanity=_names(native.get("vanity_name_servers")),
        document=body or json.dumps(native, indent=2, ensure_ascii=False).encode(),
    )


def _by_name(service: Service, asked: Wanted) -> list[Zone]:
    reply = service.get("/zones", "look for the zone", _search(asked))
    return [zone_of(native, reply.body) for native in _zones_of(reply)]


def _search(asked: Wanted) -> dict[str, str | int]:
    search: dict[str, str | int] = {"per_page": _ZONES_PER_PAGE, "type": _EVERY_TYPE}
    if asked.locator.zone is not None:
        search["name"] = owner_text(asked.locator.zone)
    if asked.account is not None:
        search["account.id"] = asked.account
    return search


def _by_identifier(service: Service, asked: Wanted, identifier: str) -> Zone:
    reply = service.get(f"/zones/{identifier}", f"read the zone {identifier}")
    zone = zone_of(reply.result_object(), reply.body)
    if zone.name != asked.name:
        raise InputError(
            f"{asked.locator.text}: the zone {identifier} is {shown(zone.name)}, not {shown(asked.name)}. "
            "Give the name and the id of one zone."
        )
    if asked.account not in {None, zone.account_id}:
        raise InputError(f"{asked.locator.text}: the zone {identifier} is in the account {zone.account_id}.")
    return zone


def _zones_of(reply: Reply) -> list[Native]:
    found = reply.result_list()
    if found is None:
        raise ProviderError("Cloudflare: the list of zones has no list in it. Is CLOUDFLARE_BASE_URL right?")
    return [mapping(native) for native in found]


def _name(found: object) -> Name:
    try:
        return name_of(found)
    except UnreadableError as exc:
        raise ProviderError(f"Cloudflare: the service gave a zone with a name that is none: {exc}.") from exc


def _names(found: object) -> tuple[Name, ...]:
    return tuple(_name(name) for name in found) if isinstance(found, list) else ()


def _several(asked: Wanted, matches: list[Zone]) -> str:
    ways = [
        f"'cloudflare:{shown(zone.name)}?zone-id={zone.identifier}'  {details(zone)}, {zone.status}"
        for zone in matches
    ]
    heading = f"{asked.locator.text}: {len(matches)} zones have this name. Name the one that is meant:"
    return choice(heading, ways, "dns-migrator zones cloudflare:")


def info_of(zone: Zone) -> ZoneInfo:
    """Return the line of a zone in a list."""
    visibility = "internal" if zone.kind == "internal" else "public"
    return ZoneInfo(
        zone.name,
        zone.identifier,
        visibility,
        status=zone.status,
        name_servers=zone.name_servers,
        note=details(zone),
    )


def details(zone: Zone) -> str:
    """Return account, kind and plan of a zone, as a list of zones says them."""
    account = f'account "{printable(zone.account_name)}"' if zone.account_name else "account"
    parts = [
        f"{account} {zone.account_id}".strip(),
        "" if zone.kind == "full" else zone.kind,
        f"{zone.plan} plan" if zone.plan else "",
        "paused" if zone.paused else "",
    ]
    return ", ".join(filter(None, parts))
