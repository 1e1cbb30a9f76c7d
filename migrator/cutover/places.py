"""Name servers inside the domain that keep their names and move: where they were, and where they are to be. No IO.

The sets of names say nothing of such a move, and the glue says all: the parent follows it when each of its servers
hands out addresses of the new zone and no other. Nothing of this is judged where the new zone's own addresses of
these names are not known: glue alone does not say which side it belongs to.
"""

from collections.abc import Iterable, Mapping

from dns.name import Name
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from migrator.cutover.look import Addresses, Look, names_of
from migrator.cutover.memory import ADDRESS_TYPES, Memory, Run, addresses_in
from migrator.model.delegation import ParentView
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot

Places = Mapping[Name, frozenset[str]]


def kept_names(expected: tuple[Name, ...], old: tuple[Name, ...]) -> tuple[Name, ...]:
    """Return the names in both sets; all, where no other old set is known."""
    both = names_of(old) if old else names_of(expected)
    return tuple(name for name in expected if folded(name) in both)


def own_places(zone: ZoneSnapshot | None, names: Iterable[Name]) -> Addresses:
    """Return the addresses that a zone has for name servers inside it; a name without one is left out."""
    by_key = {} if zone is None else zone.by_key()
    found = []
    for name in names:
        rrsets = [by_key.get(RRsetKey(name, rdtype)) for rdtype in ADDRESS_TYPES]
        texts = [address for rrset in rrsets if rrset is not None for address in addresses_of(rrset)]
        if texts:
            found.append((name, frozenset(texts)))
    return tuple(found)


def addresses_of(rrset: RRset) -> tuple[str, ...]:
    """Return the addresses in an A or AAAA set; other rdata have none."""
    return tuple(rdata.address for rdata in rrset.rdatas if isinstance(rdata, A | AAAA))


def left_places(memory: Memory, kept: Iterable[Name], new: Addresses, old: Addresses) -> Addresses:
    """Return the addresses at which names that are kept were last, as the parent or the old zone tells it.

    `new` and `old` are the addresses that either zone has for its name servers.
    """
    return _found(memory.parent, kept, new, old, last=True)


def all_places(memory: Memory, look: Look) -> Places:
    """Return every address that names which have moved are known to have had before."""
    kept = [name for name, _ in look.left]
    return dict(_found(memory.parent, kept, look.addresses, look.left, last=False))


def has_moved(run: Run, look: Look) -> bool:
    """Tell whether a server of the parent handed out addresses of the new zone alone, of each name that moves."""
    return _are_new([addresses_in(run.glue, name) for name, _ in look.left], look)


def leads_to_new(view: ParentView, look: Look) -> bool:
    """Tell whether a server of the parent does so now."""
    return _are_new([frozenset(view.glue_of(name)) for name, _ in look.left], look)


def _are_new(found: Iterable[frozenset[str]], look: Look) -> bool:
    new = _all(look.addresses)
    return all(addresses and addresses <= new for addresses in found)


def is_of_hosts(look: Look) -> bool:
    """Tell whether both sets have the same names, some of which move: then glue alone tells a switch."""
    return bool(look.left) and names_of(look.old) == names_of(look.expected)


def is_moving(look: Look) -> bool:
    """Tell whether a server of the parent hands out an address at which one of these names was before."""
    views = look.delegation.views
    return any(addresses.intersection(view.glue_of(name)) for name, addresses in look.left for view in views)


def _found(runs: Iterable[Run], kept: Iterable[Name], new: Addresses, old: Addresses, *, last: bool) -> Addresses:
    known, places = {folded(name) for name, addresses in new if addresses}, _all(new)
    told = {folded(name): addresses for name, addresses in old}
    runs, found = tuple(runs), []
    for name in kept:
        if folded(name) not in known:
            continue
        former = [(run.address, elsewhere) for run in runs if (elsewhere := addresses_in(run.glue, name) - places)]
        glue = dict(former).values() if last else [elsewhere for _, elsewhere in former]
        left = frozenset[str]().union(told.get(folded(name), frozenset()) - places, *glue)
        if left:
            found.append((name, left))
    return tuple(found)


def _all(addresses: Addresses) -> frozenset[str]:
    return frozenset[str]().union(*(texts for _, texts in addresses))
