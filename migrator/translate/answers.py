"""Where an alias of the zone ends: records of the zone, a service outside, or nothing. No IO here.

www  A  alias to web             follow(www, A) = the records of web: 192.0.2.80
web  A  192.0.2.80
api  A  alias to gw              follow(api, A) = the alias of gw, to a service
gw   A  alias to lb.example.net
"""

from functools import cached_property

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME

from migrator.meaning.served import ServedZone
from migrator.model.extras import Alias
from migrator.model.names import ROOT, folded, is_within
from migrator.model.rrset import RRset, alias_alone_of
from migrator.model.values import dataclass
from migrator.translate.work import USUAL_TTL, Draft, Labels, Work

_LONGEST_CHAIN = 16
# What aliases to one service answer, and a CNAME in their place: addresses, and how to connect (RFC 9460).
OF_SERVICE = frozenset({RdataType.A, RdataType.AAAA, RdataType.HTTPS, RdataType.SVCB})


@dataclass(frozen=True, slots=True)
class Records:
    """The records at the end, and the smallest TTL on the way."""

    rdatas: tuple[Rdata, ...]
    ttl: int


@dataclass(frozen=True, slots=True)
class Service:
    """A name outside the zone, or one of the zone that it has no set for; `alias` is the one that leads there."""

    alias: Alias


@dataclass(frozen=True, slots=True)
class Several:
    """A name with routed sets, which no single answer stands for."""


End = Records | Service | Several | None


class Ends:
    """Finds the ends of aliases among the drafts as they stand when it is made."""

    def __init__(self, work: Work) -> None:
        self._origin = work.origin
        self._snapshot = work.snapshot
        self._read = {(folded(rrset.owner), rrset.rdtype) for rrset in work.snapshot.rrsets}
        self._sets: dict[tuple[Labels, RdataType], list[RRset]] = {}
        for draft in work.drafts.values():
            self._sets.setdefault((folded(draft.rrset.owner), draft.key.rdtype), []).append(draft.rrset)

    def is_own(self, alias: Alias, rdtype: RdataType) -> bool:
        """Tell whether the alias leads to a set of the same zone, be it carried or not."""
        target = folded(alias.target)
        known = (target, rdtype) in self._read or (target, RdataType.CNAME) in self._read
        return known and is_within(alias.target, self._origin)

    @cached_property
    def _source(self) -> ServedZone:
        return ServedZone(self._snapshot)

    def was_silent(self, alias: Alias, rdtype: RdataType) -> bool:
        """Tell whether the alias led to a name of the same zone at which the source had no such set."""
        return self._source.is_silent(alias.target, rdtype)

    def stands(self, name: Name, rdtype: RdataType) -> bool:
        """Tell whether there is a draft of that name and type."""
        return (folded(name), rdtype) in self._sets

    def follow(self, alias: Alias, rdtype: RdataType) -> End:
        """Return where the alias ends, through aliases and CNAMEs.

        None: its target is not carried, or the chain has no end.
        """
        ttls: list[int] = []
        for _ in range(_LONGEST_CHAIN):
            if not self.is_own(alias, rdtype):
                return Service(alias)
            found = self._sets_at(alias.target, rdtype)
            if len(found) != 1:
                return Several() if found else None
            rrset = found[0]
            ttls += [] if rrset.ttl is None else [rrset.ttl]
            following = alias_alone_of(rrset) or _cname_as_alias(rrset, rdtype)
            if following is None:
                whole = bool(rrset.rdatas) and rrset.rdtype == rdtype
                return Records(rrset.rdatas, min(ttls, default=USUAL_TTL)) if whole else None
            alias = following
        return None

    def _sets_at(self, name: Name, rdtype: RdataType) -> list[RRset]:
        """Return the sets of that name and type, or its CNAME."""
        labels = folded(name)
        return self._sets.get((labels, rdtype)) or self._sets.get((labels, RdataType.CNAME), [])


def _cname_as_alias(rrset: RRset, rdtype: RdataType) -> Alias | None:
    """Return where a CNAME leads that was found in the place of another type."""
    target = None if rrset.rdtype == rdtype else cname_target(rrset)
    return None if target is None else Alias(target)


def aliases(work: Work) -> list[tuple[Draft, Alias]]:
    """Return the drafts that are aliases."""
    return [(draft, alias) for draft in work.drafts.values() if (alias := alias_alone_of(draft.rrset)) is not None]


def cname_target(rrset: RRset) -> Name | None:
    """Return where a CNAME leads; None where that cannot be read."""
    return next((rdata.target for rdata in rrset.rdatas if isinstance(rdata, CNAME)), None)


def has_name(alias: Alias, owner: Name) -> bool:
    """Tell whether the alias names its target; one to a resource without a name gives the root, or its owner."""
    return alias.target != ROOT and folded(alias.target) != folded(owner)
