"""Lists that the many domains of one worker share for a minute: where zones are, which groups there are.

A list of zones is what Azure DNS allows least often: 60 times a minute, where a single zone may be asked for 1,000
times (https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling,
2026-11-20). Each domain would ask for it several times, and each time get all zones of the subscription.

Nothing but the place of a zone is taken from here; the zone itself is asked for each time. What this process
creates is added.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import field

from dns.name import Name

from migrator.model.values import dataclass
from providers.azure.service import Service
from providers.azure.settings import Settings
from providers.azure.zones import Place, groups_in, subscriptions, zones_in

LIFETIME = 60.0

Places = dict[Name, tuple[Place, ...]]


@dataclass(slots=True)
class _Kept:
    """A list, and when it was fetched; whoever fetches it holds the lock, so that the others wait for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    fetched: float = float("-inf")
    listed: Places = field(default_factory=dict)
    names: tuple[str, ...] = ()


_KEPT: dict[tuple[Settings, str, str], _Kept] = {}
_KEPT_LOCK = threading.Lock()


def shared_subscriptions(service: Service) -> tuple[str, ...]:
    """Return what `zones.subscriptions` does, or did a moment ago."""
    return _names(service, "subscriptions", "", lambda: subscriptions(service))


def shared_groups(service: Service, subscription: str) -> tuple[str, ...]:
    """Return what `zones.groups_in` does, or did a moment ago."""
    return _names(service, "groups", subscription, lambda: tuple(groups_in(service, subscription)))


def shared_places(service: Service, subscription: str, zone: Name) -> tuple[Place, ...]:
    """Return the groups of a subscription that have a zone, or had it a moment ago."""
    kept = _kept(service.settings, "zones", subscription)
    with kept.lock:
        if _is_old(kept):
            found: Places = {}
            for each in zones_in(service, subscription):
                found[each.name] = (*found.get(each.name, ()), each.place)
            kept.listed, kept.fetched = found, time.monotonic()
        return kept.listed.get(zone, ())


def add_zone(settings: Settings, zone: Name, place: Place) -> None:
    """Note a zone that was created, where there is a list that lacks it."""
    kept = _kept(settings, "zones", place.subscription)
    with kept.lock:
        if place not in (known := kept.listed.get(zone, ())):
            kept.listed[zone] = (*known, place)


def forget(settings: Settings) -> None:
    """Forget every list of a login: what was not found may be there by now."""
    with _KEPT_LOCK:
        for key in [key for key in _KEPT if key[0] == settings]:
            del _KEPT[key]


def _names(service: Service, what: str, of: str, fetch: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    kept = _kept(service.settings, what, of)
    with kept.lock:
        if _is_old(kept):
            kept.names, kept.fetched = fetch(), time.monotonic()
        return kept.names


def _kept(settings: Settings, what: str, of: str) -> _Kept:
    with _KEPT_LOCK:
        return _KEPT.setdefault((settings, what, of.lower()), _Kept())


def _is_old(kept: _Kept) -> bool:
    return time.monotonic() - kept.fetched > LIFETIME
