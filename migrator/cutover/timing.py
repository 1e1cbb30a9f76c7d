"""From what was seen, now and earlier, to the instants of `migrator.clock`. No IO here."""

from datetime import datetime

from migrator import clock
from migrator.clock import Earlier, Measure, Moment, Switch
from migrator.cutover.look import Look, Side, names_of
from migrator.cutover.memory import FormerTTL, Memory, former_ttls, set_text, shown_since
from migrator.cutover.stage import counted_views
from migrator.model.names import folded
from migrator.model.values import dataclass

PARENT_TTL = "parent NS TTL"
OLD_NS_TTL = "old apex NS TTL"
GLUE_TTL = "glue TTL"


@dataclass(frozen=True, slots=True)
class Timing:
    """When a switch that was seen ends: `safe` is None where some input is not known."""

    switched: datetime
    last_stale: Moment
    safe: Moment | None
    recommended: Moment | None


def timing_of(look: Look, memory: Memory) -> Timing | None:
    """Return when this switch ends; None unless every parent server was seen with the expected set.

    The memory contains this look too.
    """
    wanted = set_text(look.expected)
    parents = [view.server.address for view in counted_views(look.delegation.views)]
    switched = shown_since(memory.parent, parents, wanted)
    if switched is None:
        return None
    former = former_ttls(memory.parent, parents, wanted)
    now_listed = [run.ttl for run in memory.parent if run.address in parents and run.shown == wanted]
    seen = [ttl for ttl in (*now_listed, *_last(former)) if ttl is not None]
    parent_ttl = clock.longest(PARENT_TTL, seen, "no server of the parent gave it")
    old_ttl, gone, earlier = _old_side(look, memory, wanted)
    last_stale = clock.last_stale_answer(
        Switch(switched, parent_ttl, old_ttl, gone, _moved(look), (*_earlier(PARENT_TTL, former), *earlier))
    )
    safe = clock.safe_deletion(last_stale)
    recommended = None if safe is None else clock.recommended_deletion(safe, parent_ttl)
    return Timing(switched, last_stale, safe, recommended)


def _old_side(look: Look, memory: Memory, wanted: str) -> tuple[Measure, datetime | None, tuple[Earlier, ...]]:
    """Return the TTL of the old servers' own NS set, since when all of them list the new one, and former TTLs."""
    if not look.old:
        reason = (
            "the old name servers are not known: neither --from nor an earlier look at the parent names others"
        )
        if may_have_moved(look):
            reason = f"{reason}; where these have kept their names, since when the parent has their new addresses"
            reason = f"{reason} is not remembered"
        return Measure(OLD_NS_TTL, None, reason), None, ()
    addresses = _old_addresses(look, memory)
    if not addresses and names_of(look.old) <= names_of(look.expected):
        reason = "every old name server stays; what it listed before the switch was not seen"
        return Measure(OLD_NS_TTL, None, reason), None, ()
    former = former_ttls(memory.apex, addresses, wanted)
    seen = {run.address for run in memory.apex} & addresses
    every_host_was_seen = all(seen & set(host.addresses) for host in look.hosts if host.side is Side.OLD)
    gone = shown_since(memory.apex, seen, wanted) if every_host_was_seen else None
    reason = (
        "the old servers listed the expected set when first seen, and the TTL of their former set is not known"
        if gone is not None
        else "no old server gave its apex NS set, now or earlier"
    )
    return clock.longest(OLD_NS_TTL, _last(former), reason), gone, _earlier(OLD_NS_TTL, former)


def _old_addresses(look: Look, memory: Memory) -> set[str]:
    """Return the addresses of the old servers, with those that once listed the old set and are gone now."""
    now = {address for host in look.hosts if host.side is Side.OLD for address in host.addresses}
    new = {address for host in look.hosts if host.side is Side.NEW for address in host.addresses}
    return now | ({run.address for run in memory.apex if run.shown == set_text(look.old)} - new)


def _last(former: tuple[FormerTTL, ...]) -> list[int]:
    return [ttl.seconds for ttl in former if ttl.until is None]


def _earlier(name: str, former: tuple[FormerTTL, ...]) -> tuple[Earlier, ...]:
    return tuple(Earlier(name, ttl.seconds, ttl.until) for ttl in former if ttl.until is not None)


def may_have_moved(look: Look) -> bool:
    """Tell whether name servers with glue may have kept their names and moved: no other old set is known."""
    return not look.old and _moved(look) is not None


def _moved(look: Look) -> Measure | None:
    """Return the glue's TTL where a name server is in both sets: its name stays, and its address may not.

    Where the old set is not known, it may be the new one: that of name servers that keep their names and move.
    """
    both = names_of(look.expected) & names_of(look.old or look.expected)
    ttls = [
        rrset.ttl
        for view in look.delegation.views
        for rrset in view.glue()
        if folded(rrset.owner) in both and rrset.ttl is not None
    ]
    return clock.longest(GLUE_TTL, ttls, "") if ttls else None
