"""The gate before an import is taken back: once the parent leads to the zone, what goes is missed at once."""

from collections.abc import Iterable
from datetime import datetime

from dns.rdatatype import RdataType

from migrator.cutover.look import names_of, targets
from migrator.cutover.memory import Run, delegated_set, names_in
from migrator.errors import UnsafeError
from migrator.interfaces import Progress
from migrator.model.names import for_people
from migrator.model.zone import ZoneSnapshot
from migrator.network.delegation import walk
from migrator.state.store import Store
from migrator.workflow.world import World


def expect_not_served(
    world: World, zone: ZoneSnapshot, imported: datetime, store: Store, progress: Progress
) -> None:
    """Raise UnsafeError where the parent lists name servers of the zone, and was not seen to before the import.

    The parent is asked where somebody looked at it before, and what was seen last counts where it does not answer:
    a zone of which nobody saw the parent may be one that no parent knows.
    """
    domain = zone.origin
    known = store.memory(domain).parent
    own = names_of(zone.name_servers or targets(zone.apex(RdataType.NS)))
    if not known or _lists(own, _last_before(known, imported)):
        return
    views = walk(world.client, world.profile, domain, progress).views
    shown = [text for view in views if (text := delegated_set(view)) is not None]
    if _lists(own, shown or [max(known, key=lambda run: run.last).shown]):
        raise UnsafeError(
            f"{for_people(domain)}: the parent leads to this zone, and was not seen to do so before the import: "
            "whoever asks for what goes would get no answer. Nothing was written. Give the registrar the old name "
            "servers first; --live takes it back all the same."
        )


def _last_before(known: Iterable[Run], moment: datetime) -> list[str]:
    """Return what each server of the parent showed last before a moment."""
    return list({run.address: run.shown for run in known if run.first <= moment}.values())


def _lists(own: frozenset[tuple[bytes, ...]], shown: Iterable[str]) -> bool:
    return any(names_of(names_in(text)) & own for text in shown)
