"""The gate before an import is taken back: once the parent leads to the zone, what goes is missed at once."""

from collections.abc import Iterable
from datetime import datetime

from dns.rdatatype import RdataType

from migrator.cutover.leaving import last_question, lists
from migrator.cutover.look import NameSet, names_of, targets
from migrator.cutover.memory import Run, delegated_set, with_parents
from migrator.dnsclient.client import utc_now
from migrator.errors import UnsafeError
from migrator.interfaces import Progress
from migrator.model.delegation import ParentView
from migrator.model.names import for_people
from migrator.model.zone import ZoneSnapshot
from migrator.network.delegation import walk
from migrator.state.store import Store
from migrator.workflow.world import World


def expect_not_served(
    world: World, zone: ZoneSnapshot, imported: datetime, store: Store, progress: Progress
) -> None:
    """Raise UnsafeError where the parent lists name servers of the zone, and was not seen to before the import.

    The parent is asked where somebody looked at it before, and what was seen last counts of a server that does not
    answer: a zone of which nobody saw the parent may be one that no parent knows. Where the parent has left the
    zone, resolvers that asked it a moment before may go on to ask this zone until the last stale answer.
    """
    domain = zone.origin
    memory = store.memory(domain)
    known = memory.parent
    own = names_of(zone.name_servers or targets(zone.apex(RdataType.NS)))
    if not known or _lists(own, _last_before(known, imported)):
        return
    views = walk(world.client, world.profile, domain, progress).views
    addresses = {view.server.address for view in views}
    runs = [
        run
        for run in with_parents(memory, views, ()).parent
        if run.address in addresses or not _has_answered(views)
    ]
    if _lists(own, {run.address: run.shown for run in runs}.values()):
        raise UnsafeError(
            f"{for_people(domain)}: the parent leads to this zone, and was not seen to do so before the import: "
            "whoever asks for what goes would get no answer. Nothing was written. Give the registrar the old name "
            "servers first; --live takes it back all the same."
        )
    listed = zone.apex(RdataType.NS)
    at_apex = [run.ttl for run in memory.apex if lists(own, run.shown)]
    end = last_question(own, runs, [*at_apex, None if listed is None else listed.ttl])
    if end is not None and utc_now() < end.at:
        raise UnsafeError(
            f"{for_people(domain)}: the parent led to this zone, and resolvers may ask it until {end}: whoever "
            "asks for what goes would get no answer. Nothing was written. Try again then; --live takes it back "
            "all the same."
        )


def _has_answered(views: Iterable[ParentView]) -> bool:
    return any(delegated_set(view) is not None for view in views)


def _last_before(known: Iterable[Run], moment: datetime) -> list[str]:
    """Return what each server of the parent showed last before a moment."""
    return list({run.address: run.shown for run in known if run.first <= moment}.values())


def _lists(own: NameSet, shown: Iterable[str]) -> bool:
    return any(lists(own, text) for text in shown)
