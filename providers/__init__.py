"""The registry of providers: scheme -> module, loaded only when a locator names it."""

import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from migrator.errors import InputError
from migrator.interfaces import Provider
from migrator.model import locator as locators
from migrator.model.locator import Locator

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from migrator.model.capabilities import Capabilities

ENTRY_POINT_GROUP = "dns_migrator.providers"
_BUILT_IN = {
    "file": "providers.zonefile",
    "axfr": "providers.axfr",
    "route53": "providers.route53",
    "azure": "providers.azure",
    "cloudflare": "providers.cloudflare",
}
_CAPABILITIES = {
    "route53": "providers.route53.convert",
    "azure": "providers.azure.capabilities",
    "cloudflare": "providers.cloudflare.capabilities",
}
_FUNCTIONS = ("open_reader", "list_zones", "open_writer", "assigned_name_servers")
# A live server is asked question by question: it is a side of a diff, and no reader.
LIVE_SCHEME = "dns"
# Zone files, and backups of any zone.
KEPT_SCHEME = "file"


def schemes() -> frozenset[str]:
    """Return every scheme that a locator may begin with."""
    return _own() | {entry.name for entry in _plugins()}


def _own() -> frozenset[str]:
    return frozenset(_BUILT_IN) | {LIVE_SCHEME}


def parse_locator(text: str) -> Locator:
    """Return the locator that a person wrote; raises InputError where nothing can be made of it."""
    scheme, colon, _ = text.partition(":")
    # The packages that are installed are looked through only where one of them may have the scheme.
    own = _own()
    plain = not colon or scheme.lower() in own
    return locators.parse(text, own if plain else schemes(), os.path.exists)


def load(scheme: str) -> Provider:
    """Import and return the provider of a scheme; raises InputError where there is none."""
    if scheme in _BUILT_IN:
        return cast("Provider", import_module(_BUILT_IN[scheme]))
    found = [entry for entry in _plugins() if entry.name == scheme]
    if found:
        return _plugin(scheme, found)
    if scheme == LIVE_SCHEME:
        raise InputError(
            "A live name server can be asked but not listed, so 'dns:' is no source of a whole zone: use it as "
            "the new side of a diff, or read the zone with axfr:, a provider or a zone file."
        )
    raise InputError(f"There is no provider for '{scheme}:'.")


def usual_capabilities(scheme: str) -> "Capabilities | None":
    """Return what most zones of a service can hold, without asking it; None for any other scheme."""
    place = _CAPABILITIES.get(scheme)
    return None if place is None else cast("Capabilities", import_module(place).CAPABILITIES)


def _plugin(scheme: str, found: "list[EntryPoint]") -> Provider:
    """Load the one package that has the scheme; raises InputError where several have, or it cannot be used."""
    what = f"The provider '{scheme}:' of the package"
    packages = sorted(entry.dist.name if entry.dist else entry.value for entry in found)
    if len(packages) > 1:
        raise InputError(
            f"Several packages have a provider '{scheme}:': {', '.join(packages)}. Uninstall all but one of them."
        )
    try:
        provider: object = found[0].load()
    except (ImportError, AttributeError, SyntaxError) as exc:
        raise InputError(f"{what} {packages[0]} cannot be loaded: {exc}.") from exc
    missing = [name for name in _FUNCTIONS if not callable(getattr(provider, name, None))]
    if missing:
        raise InputError(f"{what} {packages[0]} lacks {', '.join(missing)}.")
    return cast("Provider", provider)


@cache
def _plugins() -> "tuple[EntryPoint, ...]":
    from importlib.metadata import entry_points

    return tuple(entry_points(group=ENTRY_POINT_GROUP))
