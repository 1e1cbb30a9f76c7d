"""What a name of the zone answers, as far as the zone itself and the addresses looked up can say. No IO here.

An alias to a name of the same zone answers what that name answers; an alias to elsewhere answers what was
looked up, if it was. `None` is "not known here", which is not the same as an empty answer.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME

from migrator.meaning.served import ServedZone
from migrator.model.compact import key_of
from migrator.model.extras import Alias
from migrator.model.names import ROOT, folded
from migrator.model.routing import Choice, choose
from migrator.model.rrset import RRset, RRsetKey, alias_alone_of
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot

# For what has no TTL of its own: an alias takes the TTL of its target, which only the provider sees.
ALIAS_TTL = 300
LONGEST_CHAIN = 16

Labels = tuple[bytes, ...]
Group = tuple[Labels, RdataType]
ByType = dict[RdataType, list[RRset]]


@dataclass(frozen=True, slots=True)
class Known:
    """An answer: the rdata, and the smallest TTL of all that they come from."""

    rdatas: tuple[Rdata, ...]
    ttl: int


class Answers:
    """The sets of a snapshot by name and type, with what is chosen of each.

    `groups` are those that the snapshot has as RRsets; those that it has as text are made for whoever asks.
    """

    def __init__(self, snapshot: ZoneSnapshot, looked_up: Mapping[RRsetKey, RRset]) -> None:
        self._looked_up = looked_up
        self._snapshot = snapshot
        self._zone = snapshot.compact
        self.groups: dict[Labels, ByType] = {}
        for rrset in snapshot.rrsets if self._zone is None else chain.from_iterable(self._zone.objects.values()):
            self.groups.setdefault(rrset.key.folded, {}).setdefault(rrset.rdtype, []).append(rrset)

    def owners(self) -> Iterable[bytes]:
        """Return the keys of all owners in canonical order."""
        return map(key_of, self.groups) if self._zone is None else self._zone.ordered()

    def at(self, owner: Labels) -> ByType:
        """Return the sets of that name by type, none where it owns nothing."""
        found = self.groups.get(owner)
        if found is not None:
            return found
        return {} if self._zone is None else {rrset.rdtype: [rrset] for rrset in self._zone.at(key_of(owner))}

    def choice(self, owner: Labels, rdtype: RdataType) -> Choice:
        """Return what a plain server answers of the sets of that name and type."""
        return choose(self.at(owner)[rdtype])

    def of_sets(self, rrsets: tuple[RRset, ...], seen: frozenset[Group] = frozenset()) -> Known | None:
        """Return the answer of these sets together; None where one of them is not known."""
        rdatas: list[Rdata] = []
        ttls: list[int] = []
        for rrset in rrsets:
            alias = alias_alone_of(rrset)
            if alias is None:
                rdatas.extend(rrset.rdatas)
                ttls += [] if rrset.ttl is None else [rrset.ttl]
                continue
            known = self._of_alias(rrset, alias, seen)
            if known is None:
                return None
            rdatas.extend(known.rdatas)
            ttls.append(known.ttl)
        return Known(tuple(rdatas), min(ttls, default=ALIAS_TTL))

    def _of_alias(self, rrset: RRset, alias: Alias, seen: frozenset[Group]) -> Known | None:
        """Return what an alias answers; of one to a resource without a name, what its own name answered."""
        if alias.target == ROOT:
            return self._as_looked_up(rrset.owner, rrset.rdtype)
        return self.of_name(alias.target, rrset.rdtype, seen | {(folded(rrset.owner), rrset.rdtype)})

    def _as_looked_up(self, name: Name, rdtype: RdataType) -> Known | None:
        found = self._looked_up.get(RRsetKey(name, rdtype))
        return None if found is None else Known(found.rdatas, ALIAS_TTL if found.ttl is None else found.ttl)

    def of_name(self, name: Name, rdtype: RdataType, seen: frozenset[Group]) -> Known | None:
        """Return what the name answers for the type, following CNAMEs and aliases inside the zone."""
        group = (folded(name), rdtype)
        if group in seen or len(seen) > LONGEST_CHAIN:
            return None
        types = self.at(group[0])
        if rdtype in types:
            served = self.choice(*group).served
            return self.of_sets(served, seen | {group}) if served else None
        if RdataType.CNAME in types:
            served = self.choice(group[0], RdataType.CNAME).served
            target = cname_target(served[0]) if served else None
            return None if target is None else self.of_name(target, rdtype, seen | {group})
        known = self._as_looked_up(name, rdtype)
        return Known((), ALIAS_TTL) if known is None and self._source.is_silent(name, rdtype) else known

    @cached_property
    def _source(self) -> ServedZone:
        return ServedZone(self._snapshot)


def cname_target(rrset: RRset) -> Name | None:
    """Return the target of a CNAME, or where its alias leads; None where there is none that can be read."""
    alias = alias_alone_of(rrset)
    if alias is not None:
        return None if alias.target == ROOT else alias.target
    return next((rdata.target for rdata in rrset.rdatas if isinstance(rdata, CNAME)), None)
