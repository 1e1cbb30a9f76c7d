"""TTLs that are lowered for a move still: what those are told who read, compare or copy the zone meanwhile."""

from collections.abc import Iterable

from dns.name import Name

from migrator.clock import instant
from migrator.model.names import for_people
from migrator.model.phrases import counted
from migrator.model.zone import ZoneSnapshot
from migrator.state.store import Store
from migrator.state.ttlmemory import Remembered, TtlMemory
from migrator.ttls import restore


def lowered_of(zone: ZoneSnapshot, pending: Iterable[Remembered]) -> tuple[str, ...]:
    """Return a clause for each place whose lowered TTLs a zone has, be it a copy: what, where and since when.

    `pending` is what the memory holds of the zone's domain.
    """
    found = []
    for remembered in pending:
        lowered = len(restore(zone, remembered.originals.values()).changes)
        if lowered:
            since = instant(remembered.since)
            found.append(f"{counted(lowered, 'TTL')} as lowered at {remembered.place.locator} since {since}")
    return tuple(found)


def lowered_at(store: Store, domain: Name, place: str, naming: str) -> tuple[str, ...]:
    """Return a sentence where TTLs were lowered at this place, by its key, and not put back.

    `naming` is what commands have to name besides.
    """
    return tuple(
        f"Lowered for a move since {instant(remembered.since)}, and not put back yet: "
        f"{counted(len(remembered.originals), 'TTL')} of {remembered.place.locator}. After the move: "
        f"`dns-migrator ttl restore {for_people(domain)}{naming}`."
        for remembered in TtlMemory(store).pending(domain)
        if remembered.place.target == place
    )
