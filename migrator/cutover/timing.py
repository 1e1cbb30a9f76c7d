"""From what was seen, now and earlier, to the instants of `migrator.clock`. No IO here."""

from datetime import datetime

from dns.name import Name
from dns.rdatatype import RdataType

from migrator import clock
from migrator.clock import Earlier, Measure, Moment, Switch
from migrator.cutover.look import Look, Side, names_of
from migrator.cutover.memory import (
    ADDRESS_TYPES,
    FormerTTL,
    Memory,
    Run,
    addresses_in,
    former_ttls,
    set_text,
    shown_since,
    since_when,
)
from migrator.cutover.places import Places, all_places, has_moved, kept_names
from migrator.cutover.stage import counted_views
from migrator.model.names import folded, for_people, is_within, text_of
from migrator.model.values import dataclass

PARENT_TTL = "parent NS TTL"
OLD_NS_TTL = "old apex NS TTL"
GLUE_TTL = "glue TTL"
OLD_ADDRESS_TTL = "TTL of the old name servers' addresses"


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
    of_parent = _earlier(PARENT_TTL, former)
    if look.left:
        switch = _of_moved(look, memory, parents, parent_ttl, of_parent)
    else:
        old_ttl, gone, earlier = _old_side(look, memory, wanted)
        switched, parent_ttl, glue = _with_glue(look, memory, parents, switched, parent_ttl)
        switch = Switch(switched, parent_ttl, old_ttl, gone, glue, (*of_parent, *earlier))
    switched, last_stale = switch.switched, clock.last_stale_answer(switch)
    safe = clock.safe_deletion(last_stale)
    recommended = None if safe is None else clock.recommended_deletion(safe, parent_ttl)
    return Timing(switched, last_stale, safe, recommended)


def _with_glue(
    look: Look, memory: Memory, parents: list[str], switched: datetime, parent_ttl: Measure
) -> tuple[datetime, Measure, Measure | None]:
    """Return since when every server of the parent leads to the new servers by glue, too, and the TTLs after it.

    With the new names and the address of an old server, the parent leads to the old zone as it did before.
    """
    wanted, right = set_text(look.expected), _right_glue(look)

    def leads_right(run: Run) -> bool:
        return all(addresses_in(run.glue, name) <= right[name] for name in right)

    since = since_when(memory.parent, parents, lambda run: run.shown == wanted and leads_right(run))
    if since is None:
        reason = "not every server of the parent hands out the addresses of the new zone alone"
        return max(view.ns.at for view in look.delegation.views), parent_ttl, Measure(GLUE_TTL, None, reason)
    if since > switched:
        astray = [run for run in memory.parent if run.address in parents and not leads_right(run)]
        kept = clock.longest(GLUE_TTL, [run.glue_ttl for run in astray if run.glue_ttl is not None], "")
        parent_ttl = max(parent_ttl, kept, key=lambda measure: measure.counted)
    return since, parent_ttl, _moved(look)


def _right_glue(look: Look) -> Places:
    """Return the addresses that the new zone has for its name servers inside it, else what is handed out."""
    planned = {folded(name): addresses for name, addresses in look.addresses}
    inside = [name for name in look.expected if is_within(name, look.domain)]
    return {name: planned.get(folded(name)) or frozenset(look.delegation.glue_of(name)) for name in inside}


def _of_moved(
    look: Look, memory: Memory, parents: list[str], parent_ttl: Measure, of_parent: tuple[Earlier, ...]
) -> Switch:
    """Return the switch of name servers that keep their names: the parent follows it by their glue.

    Where a server of the parent does not hand out the new addresses yet, it counts as made now, and as unknown.
    """
    wanted, places = set_text(look.expected), all_places(memory, look)
    since = since_when(memory.parent, parents, lambda run: run.shown == wanted and has_moved(run, look))
    glue = _glue_ttl(look, memory, parents, places)
    if since is None:
        names = ", ".join(for_people(name) for name, _ in look.left)
        glue = Measure(GLUE_TTL, None, f"not every server of the parent hands out the new addresses of {names}")
        since = max(view.ns.at for view in look.delegation.views)
    apex, hosts = _at_left(memory, places), _addresses_at_left(memory, places)
    others = former_ttls(memory.apex, _old_addresses(look, memory) - _all(places), wanted)
    return Switch(
        since,
        parent_ttl,
        _longest(OLD_NS_TTL, apex, _last(others), "its apex NS set"),
        None,
        glue,
        (
            *of_parent,
            *(each for ttls in apex.values() for each in _earlier(OLD_NS_TTL, ttls)),
            *_earlier(OLD_NS_TTL, others),
            *(each for ttls in hosts.values() for each in _earlier(OLD_ADDRESS_TTL, ttls)),
        ),
        _longest(OLD_ADDRESS_TTL, hosts, [], "the addresses of these"),
    )


_Former = dict[Name, tuple[FormerTTL, ...]]


def _at_left(memory: Memory, places: Places) -> _Former:
    """Return, of each name that has moved, the TTLs that the NS set had where it was."""
    return {name: former_ttls(memory.apex, addresses, "") for name, addresses in places.items()}


def _addresses_at_left(memory: Memory, places: Places) -> _Former:
    """Return, of each name that has moved, the TTLs that its addresses had at any server that was left."""
    found = {}
    for name in places:
        keys = (f"{text_of(name)} {RdataType.to_text(rdtype)}" for rdtype in ADDRESS_TYPES)
        told = [former_ttls(memory.hosts.get(key, ()), _all(places), "") for key in keys]
        found[name] = tuple(ttl for ttls in told for ttl in ttls)
    return found


def _longest(measure: str, former: _Former, others: list[int], what: str) -> Measure:
    """Return the longest of these TTLs; unknown where nobody was seen in the place of one of the names."""
    silent = [for_people(name) for name, ttls in former.items() if not ttls]
    if silent:
        reason = f"no server where {', '.join(silent)} was before gave {what}, now or earlier"
        return Measure(measure, None, reason)
    return clock.longest(measure, [*others, *(each for ttls in former.values() for each in _last(ttls))], "")


def _glue_ttl(look: Look, memory: Memory, parents: list[str], places: Places) -> Measure:
    """Return the longest TTL of the glue of these names, now and when it led to where they were."""
    now = _moved(look)
    before = [
        run.glue_ttl
        for run in memory.parent
        if run.address in parents and any(addresses_in(run.glue, name) & places[name] for name in places)
    ]
    seconds = [ttl for ttl in (*before, None if now is None else now.seconds) if ttl is not None]
    return clock.longest(GLUE_TTL, seconds, "no server of the parent gave it")


def _all(places: Places) -> set[str]:
    return {address for addresses in places.values() for address in addresses}


def _old_side(look: Look, memory: Memory, wanted: str) -> tuple[Measure, datetime | None, tuple[Earlier, ...]]:
    """Return the TTL of the old servers' own NS set, since when all of them list the new one, and former TTLs."""
    if not look.old:
        reason = (
            "the old name servers are not known: neither --from nor an earlier look at the parent names others"
        )
        if may_have_moved(look):
            unsaid = "neither --from nor an earlier look says where they were"
            if not look.addresses:
                unsaid = "only --to says which addresses are the new ones"
            reason = f"{reason}; where these have kept their names and moved, {unsaid}"
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
    both = names_of(kept_names(look.expected, look.old))
    ttls = [
        rrset.ttl
        for view in look.delegation.views
        for rrset in view.glue()
        if folded(rrset.owner) in both and rrset.ttl is not None
    ]
    return clock.longest(GLUE_TTL, ttls, "") if ttls else None
