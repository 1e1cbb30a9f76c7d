"""What an authoritative server answers from a zone: cuts, DNAMEs, wildcards, empty non-terminals. No IO here.

A zone holds more than it serves. Below a delegation only glue is given out, below a DNAME nothing is, and a
wildcard answers for names that nobody wrote (RFC 1034 section 4.3.2, RFC 4592, RFC 6672). In

    sub    NS   ns1.sub
    ns1.sub A   192.0.2.1      ; glue
    www.sub A   192.0.2.2      ; hidden: no server of this zone answers it
    *      A    192.0.2.3      ; answers x and y.z, not x.sub
    a._tcp SRV  0 0 1 x        ; makes _tcp an empty non-terminal, which the wildcard does not answer

a comparison that looks at the records alone overlooks what the second file hides.
"""

from collections.abc import Callable, Iterator
from dataclasses import field
from enum import Enum
from typing import TypeVar, cast

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.meaning.index import ZoneIndex, index_of
from migrator.meaning.targets import targets_of
from migrator.model.names import folded
from migrator.model.routing import answerable
from migrator.model.rrset import RRset, RRsetKey, is_proxied
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot

Labels = tuple[bytes, ...]
T = TypeVar("T")

ADDRESS_TYPES = (RdataType.A, RdataType.AAAA)
# What the parent side of a zone cut answers itself; NSEC is its proof (RFC 4035 section 2.3).
_AT_THE_CUT = frozenset({RdataType.NS, RdataType.DS, RdataType.NSEC, RdataType.RRSIG})
# What can be proxied (https://developers.cloudflare.com/dns/proxy-status/, 2026-11-22).
PROXIED_TYPES = frozenset({*ADDRESS_TYPES, RdataType.CNAME})
# What a proxy answers in the place of a CNAME; of all other types there is nothing. The CNAME itself is what it
# leads to.
_OF_PROXIES = PROXIED_TYPES | {RdataType.HTTPS}
_LONGEST_CHAIN = 8
_MOST_OCTETS = 255
# As many answers are kept: of a few names everybody asks, and of most names nobody does again.
_MOST_KEPT = 4096
_ABSENT = object()


def is_behind_proxy(rrset: RRset) -> bool:
    """Tell whether a proxy answers in the place of the set; other types have no proxy, whatever is marked."""
    return rrset.rdtype in PROXIED_TYPES and is_proxied(rrset)


class Reach(Enum):
    """Whether a name leads to an address as far as this zone can tell."""

    YES = "an address in the zone"
    NO = "no address"
    ELSEWHERE = "another zone decides"


class ServedZone:
    """A snapshot, indexed by owner, as a server would look into it."""

    def __init__(self, snapshot: ZoneSnapshot, index: ZoneIndex | None = None) -> None:
        """Look into the snapshot, by the index of it that is given or a new one."""
        self.snapshot = snapshot
        self.origin = snapshot.origin
        self.index: ZoneIndex = index_of(snapshot) if index is None else index
        self._apex = folded(snapshot.origin)
        self._ends: dict[tuple[Labels, RdataType], tuple[Name, tuple[RRset, ...]]] = {}

    def __contains__(self, name: Name) -> bool:
        """Tell whether the name exists: it owns records or stands above one that does."""
        return self.index.exists(folded(name))

    def exists(self, labels: Labels) -> bool:
        """Tell the same of a name by its labels in lower case."""
        return self.index.exists(labels)

    def within(self, name: Name) -> bool:
        """Tell whether the name is the origin or below it."""
        return self._is_below(folded(name))

    def owns(self, name: Name) -> bool:
        """Tell whether the name owns records."""
        return self.index.owns(folded(name))

    def at(self, owner: Name) -> tuple[RRset, ...]:
        """Return all RRsets of an owner."""
        return tuple(self.index.at(folded(owner)))

    def sets(self, owner: Name, rdtype: RdataType) -> tuple[RRset, ...]:
        """Return the RRsets of an owner and type: several where they are routed."""
        return tuple([rrset for rrset in self.index.at(folded(owner)) if rrset.rdtype == rdtype])

    def cover(self, owner: Name, rdtype: RdataType) -> RRset | None:
        """Return the delegation or DNAME that keeps servers from answering this owner and type, or None."""
        return self.cover_at(folded(owner), rdtype)

    def cover_at(self, labels: Labels, rdtype: RdataType) -> RRset | None:
        """Return the same for an owner by its labels in lower case."""
        if not self.index.may_be_covered_at(labels) or not self._is_below(labels):
            return None
        for length in range(len(self._apex) + 1, len(labels)):
            found = self.index.cover_at(labels[len(labels) - length :])
            if found is not None:
                return found
        found = self.index.cover_at(labels)
        if found is None or found.rdtype == RdataType.DNAME or rdtype in _AT_THE_CUT:
            return self._dname_at_apex(labels)
        return found

    def _dname_at_apex(self, labels: Labels) -> RRset | None:
        return self.index.cover_at(self._apex) if labels != self._apex else None

    def covered_by(self, cover: RRset) -> Iterator[RRset]:
        """Yield the RRsets that a delegation or DNAME of this name would keep from being answered."""
        top = folded(cover.owner)
        if cover.rdtype == RdataType.NS:
            for rrset in self.index.at(top):
                if rrset.rdtype not in _AT_THE_CUT and rrset.rdtype != RdataType.DNAME:
                    yield rrset
        yield from self.index.below(top)

    def addresses(self, host: Name) -> tuple[RRset, ...]:
        """Return the address sets of an owner."""
        return tuple([rrset for rrset in self.index.at(folded(host)) if rrset.rdtype in ADDRESS_TYPES])

    def is_proxied(self, host: Name) -> bool:
        """Tell whether a proxy answers for a host, or for the one that its CNAMEs lead to within the zone."""
        return any(is_behind_proxy(rrset) for owner in self.chain(host) for rrset in self.at(owner))

    def is_name_server(self, name: Name) -> bool:
        """Tell whether an NS record of the zone, its own or that of a cut, has this name."""
        return self.index.is_name_server(folded(name))

    def wildcard(self, name: Name) -> Name | None:
        """Return the wildcard that answers for a name that does not exist, or None."""
        return self.wildcard_at(folded(name))

    def wildcard_at(self, labels: Labels) -> Name | None:
        """Return the same for a name by its labels in lower case."""
        if not self.index.has_wildcards() or not self._is_below(labels) or self.index.exists(labels):
            return None
        while not self.index.exists(labels):
            labels = labels[1:]
        found = self.index.at((b"*", *labels))
        return found[0].owner if found else None

    def answer(self, name: Name, rdtype: RdataType) -> tuple[RRset, ...]:
        """Return what is answered for a name and type: its own sets, its CNAME, or the wildcard's.

        Behind a proxied CNAME nothing but hosts is found: the proxy's own addresses are answered, and no CNAME.
        """
        source = name if self.owns(name) else self.wildcard(name)
        if source is None or self.cover(source, rdtype) is not None:
            return ()
        found = self.sets(source, rdtype) or self.sets(source, RdataType.CNAME)
        if rdtype not in _OF_PROXIES and any(
            rrset.rdtype == RdataType.CNAME and is_proxied(rrset) for rrset in found
        ):
            return ()
        return answerable(found) if len(found) > 1 else found

    def is_silent(self, name: Name, rdtype: RdataType) -> bool:
        """Tell whether it is surely not answered: the name is of this zone, below no cut, and has no such set."""
        return self.within(name) and self.cover(name, rdtype) is None and not self.answer(name, rdtype)

    def followed(self, name: Name, rdtype: RdataType) -> tuple[RRset, ...]:
        """Return what is answered in the end: CNAMEs are followed while they stay in the zone."""
        return self._end_of_chain(name, rdtype)[1]

    def known(self, name: Name, rdtype: RdataType) -> tuple[RRset, ...] | None:
        """Return what is answered in the end, be it nothing; None where that is for another zone to say."""
        end, found = self._end_of_chain(name, rdtype)
        return None if self._is_left_to_others(end, rdtype) else found

    def left_to(self, name: Name, rdtype: RdataType) -> Name | None:
        """Return the name, by CNAMEs or itself, of which another zone decides; None where this one answers."""
        end, _ = self._end_of_chain(name, rdtype)
        return end if self._is_left_to_others(end, rdtype) else None

    def _is_left_to_others(self, name: Name, rdtype: RdataType) -> bool:
        return not self.within(name) or self.cover(name, rdtype) is not None

    def reach(self, name: Name) -> Reach:
        """Tell whether a host name leads to an address, as far as the zone goes."""
        for rdtype in ADDRESS_TYPES:
            end, found = self._end_of_chain(name, rdtype)
            if any(rrset.rdtype == rdtype for rrset in found) or self._is_glue(end):
                return Reach.YES
            if not self.within(end) or self.cover(end, rdtype) is not None:
                return Reach.ELSEWHERE
        return Reach.NO

    def _end_of_chain(self, name: Name, rdtype: RdataType) -> tuple[Name, tuple[RRset, ...]]:
        """Return the last name that CNAMEs lead to, and what the zone answers for it."""
        key = name.labels, rdtype
        found = self._ends.get(key)
        if found is None:
            if len(self._ends) >= _MOST_KEPT:
                self._ends.clear()
            found = self._ends[key] = self._follow(name, rdtype)
        return found

    def _follow(self, name: Name, rdtype: RdataType) -> tuple[Name, tuple[RRset, ...]]:
        found = self.answer(name, rdtype)
        for _ in range(_LONGEST_CHAIN):
            cname = next((rrset for rrset in found if rrset.rdtype == RdataType.CNAME), None)
            target = next(iter(targets_of(cname.rdatas)), None) if cname else None
            if target is None:
                outside = None if found else self._redirected_out(name, rdtype)
                return outside or name, found
            name = target
            if not self.within(name):
                return name, found
            found = self.answer(name, rdtype)
        return name, ()

    def redirected(self, name: Name) -> Name | None:
        """Return the name to which a DNAME above leads one (RFC 6672 section 2.2); None where none does."""
        cover = self.cover(name, RdataType.CNAME)
        target = None if cover is None else next(iter(targets_of(cover.rdatas)), None)
        if cover is None or cover.rdtype != RdataType.DNAME or target is None:
            return None
        labels = (*name.labels[: len(name.labels) - len(cover.owner.labels)], *target.labels)
        return None if sum(map(len, labels)) + len(labels) > _MOST_OCTETS else Name(labels)

    def _redirected_out(self, name: Name, rdtype: RdataType) -> Name | None:
        """Return the name in another zone to which a DNAME leads one that is not answered."""
        target = None if self.cover(name, rdtype) is None else self.redirected(name)
        return None if target is None or self.within(target) else target

    def _is_glue(self, name: Name) -> bool:
        return any(self.sets(name, rdtype) for rdtype in ADDRESS_TYPES)

    def chain(self, name: Name) -> Iterator[Name]:
        """Yield the owners that decide what a name leads to: it or its wildcard, and so on along CNAMEs."""
        for _ in range(_LONGEST_CHAIN):
            yield name if self.owns(name) else self.wildcard(name) or name
            cname = next(iter(self.answer(name, RdataType.CNAME)), None)
            target = next(iter(targets_of(cname.rdatas)), None) if cname else None
            if target is None or not self.within(target):
                return
            name = target

    def empty_non_terminals(self) -> Iterator[Labels]:
        """Yield the names that own nothing and stand above names that do, but for the apex."""
        return self.index.empty_non_terminals()

    def _is_below(self, labels: Labels) -> bool:
        count = len(self._apex)
        return len(labels) >= count and labels[len(labels) - count :] == self._apex


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of a comparison. `unchecked` are the RRsets of which the new side's answer is not known.

    What is found out about them again and again is kept in `memory`.
    """

    old: ServedZone
    new: ServedZone
    unchecked: frozenset[RRsetKey] = frozenset()
    memory: dict[tuple[object, ...], object] = field(default_factory=dict, init=False, compare=False, repr=False)

    def recall(self, key: tuple[object, ...], find: Callable[[], T]) -> T:
        """Return what was found by this key before; what nobody has found yet is looked for."""
        found = self.memory.get(key, _ABSENT)
        if found is _ABSENT:
            if len(self.memory) >= _MOST_KEPT:
                self.memory.clear()
            found = self.memory[key] = find()
        return cast("T", found)

    def is_known(self, owner: Name, *rdtypes: RdataType) -> bool:
        """Tell whether the new side's answers to all of these are known."""
        return not self.unchecked or not any(RRsetKey(owner, rdtype) in self.unchecked for rdtype in rdtypes)

    def is_known_behind(self, name: Name, *rdtypes: RdataType) -> bool:
        """Tell the same of whatever CNAMEs lead to from a name, as far as they stay in the zone."""
        return not self.unchecked or all(
            self.is_known(owner, *rdtypes, RdataType.CNAME) for owner in self.new.chain(name)
        )
