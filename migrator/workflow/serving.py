"""The gate before an import is taken back: once the parent leads to the zone, what goes is missed at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from dns.rdatatype import RdataType

from migrator.clock import Moment, Switch, last_stale_answer, longest
from migrator.cutover.look import NameSet, names_of, targets
from migrator.cutover.memory import Run, delegated_set, names_in, with_parents
from migrator.cutover.timing import PARENT_TTL
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
    end = _last_question(own, runs, memory.apex, zone)
    if end is not None and utc_now() < end.at:
        raise UnsafeError(
            f"{for_people(domain)}: the parent led to this zone, and resolvers may ask it until {end}: whoever "
            "asks for what goes would get no answer. Nothing was written. Try again then; --live takes it back "
            "all the same."
        )


def _has_answered(views: Iterable[ParentView]) -> bool:
    return any(delegated_set(view) is not None for view in views)


def _last_question(own: NameSet, runs: Sequence[Run], apex: Iterable[Run], zone: ZoneSnapshot) -> Moment | None:
    """Return until when resolvers ask this zone after the parent has left it; None where it was not seen to."""
    left, seconds = [], []
    for address in {run.address for run in runs}:
        history = [run for run in runs if run.address == address]
        for run, after in pairwise(history):
            if _lists(own, [run.shown]) and not _lists(own, [after.shown]):
                left.append(after.first)
                seconds.append(run.ttl)
    if not left:
        return None
    at_apex = [run.ttl for run in apex if _lists(own, [run.shown])]
    listed = zone.apex(RdataType.NS)
    at_apex += [] if listed is None else [listed.ttl]
    parent = longest(PARENT_TTL, [ttl for ttl in seconds if ttl is not None], "no server of the parent gave it")
    kept = longest("apex NS TTL of this zone", [ttl for ttl in at_apex if ttl is not None], "nobody saw it")
    return last_stale_answer(Switch(max(left), parent, kept))


def _last_before(known: Iterable[Run], moment: datetime) -> list[str]:
    """Return what each server of the parent showed last before a moment."""
    return list({run.address: run.shown for run in known if run.first <= moment}.values())


def _lists(own: frozenset[tuple[bytes, ...]], shown: Iterable[str]) -> bool:
    return any(names_of(names_in(text)) & own for text in shown)
