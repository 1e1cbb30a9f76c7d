"""A zone arranged for answering, and what an authoritative server says of it (RFC 1034 section 4.3.2).

Zone cuts refer, wildcards synthesise (RFC 4592), aliases are followed inside the zone, empty non-terminals
exist without data, and what is not there is denied with the SOA (RFC 2308). Unsigned zones only. No IO here.
"""

from dataclasses import field, replace

import dns.name
import dns.rdata
from dns.name import Name
from dns.rcode import Rcode
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.DNAME import DNAME
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.SOA import SOA

from migrator.model.names import folded, is_within
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot

Labels = tuple[bytes, ...]
_LONGEST_CHAIN = 16


@dataclass(frozen=True, slots=True)
class Reply:
    """The sections and flags of an answer, before it becomes a message."""

    rcode: Rcode
    authoritative: bool
    answer: tuple[RRset, ...] = ()
    authority: tuple[RRset, ...] = ()
    additional: tuple[RRset, ...] = ()


REFUSED = Reply(Rcode.REFUSED, authoritative=False)


@dataclass(frozen=True, slots=True)
class ServedZone:
    """The RRsets of a zone by owner, and every name that exists, empty non-terminals included.

    Only plain RRsets are served: an alias or a routed variant is a provider's own affair.
    """

    snapshot: ZoneSnapshot
    _sets: dict[Labels, dict[RdataType, RRset]] = field(default_factory=dict, init=False, repr=False)
    _names: set[Labels] = field(default_factory=set, init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the RRsets; raises ValueError for a zone without a SOA, which nobody can serve."""
        if self.snapshot.apex(RdataType.SOA) is None:
            raise ValueError(f"{self.origin} has no SOA record and cannot be served.")
        depth = len(self.origin.labels)
        for rrset in self.snapshot.rrsets:
            if rrset.rdatas and not rrset.key.variant:
                labels = folded(rrset.owner)
                self._sets.setdefault(labels, {})[rrset.rdtype] = rrset
                self._names.update(labels[cut:] for cut in range(len(labels) - depth + 1))

    @property
    def origin(self) -> Name:
        """The apex."""
        return self.snapshot.origin

    def reply(self, qname: Name, rdtype: RdataType) -> Reply:
        """Answer the question, whose name lies in the zone."""
        chain: list[RRset] = []
        seen: set[Labels] = set()
        name = qname
        while is_within(name, self.origin) and folded(name) not in seen and len(chain) < _LONGEST_CHAIN:
            seen.add(folded(name))
            cut = self._cut_above(name, rdtype)
            if cut is not None:
                return self._referral(cut, chain)
            dname = self._dname_above(name)
            if dname is not None:
                chain.append(dname)
                alias = _through(dname, name)
                if alias is None:
                    return Reply(Rcode.YXDOMAIN, authoritative=True, answer=tuple(chain))
                chain.append(alias)
                name = _target(alias)
                continue
            present = self._at(name)
            if present is None:
                return self._negative(Rcode.NXDOMAIN, chain)
            if rdtype == RdataType.ANY and present:
                return Reply(Rcode.NOERROR, authoritative=True, answer=(*chain, *present.values()))
            if rdtype in present:
                return Reply(Rcode.NOERROR, authoritative=True, answer=(*chain, present[rdtype]))
            if RdataType.CNAME not in present:
                return self._negative(Rcode.NOERROR, chain)
            chain.append(present[RdataType.CNAME])
            name = _target(chain[-1])
        return Reply(Rcode.NOERROR, authoritative=True, answer=tuple(chain))

    def _at(self, name: Name) -> dict[RdataType, RRset] | None:
        """Return the RRsets at the name, those that a wildcard gives it, or None where it does not exist."""
        labels = folded(name)
        if labels in self._names:
            return self._sets.get(labels, {})
        encloser = next(labels[cut:] for cut in range(1, len(labels)) if labels[cut:] in self._names)
        synthesised = self._sets.get((b"*", *encloser))
        if synthesised is None:
            return None
        return {rdtype: replace(rrset, key=RRsetKey(name, rdtype)) for rdtype, rrset in synthesised.items()}

    def _cut_above(self, name: Name, rdtype: RdataType) -> RRset | None:
        """Return the NS RRset of the highest zone cut at or above the name; a DS belongs above its cut."""
        for labels in self._below_apex(name):
            at_cut = self._sets.get(labels, {}).get(RdataType.NS)
            if at_cut is not None and not (rdtype == RdataType.DS and labels == folded(name)):
                return at_cut
        return None

    def _dname_above(self, name: Name) -> RRset | None:
        candidates = (folded(self.origin), *self._below_apex(name))
        for labels in candidates:
            dname = self._sets.get(labels, {}).get(RdataType.DNAME)
            if dname is not None and labels != folded(name):
                return dname
        return None

    def _below_apex(self, name: Name) -> tuple[Labels, ...]:
        """Return the names from just below the apex down to `name`."""
        labels = folded(name)
        spare = len(labels) - len(self.origin.labels)
        return tuple([labels[cut:] for cut in range(spare - 1, -1, -1)])

    def _referral(self, cut: RRset, chain: list[RRset]) -> Reply:
        """Name the child's servers, with every address that this zone knows of them."""
        hosts = [rdata.target for rdata in cut.rdatas if isinstance(rdata, NS)]
        glue = [
            rrset
            for host in hosts
            for rdtype in (RdataType.A, RdataType.AAAA)
            if (rrset := self._sets.get(folded(host), {}).get(rdtype)) is not None
        ]
        return Reply(Rcode.NOERROR, bool(chain), tuple(chain), (cut,), tuple(glue))

    def _negative(self, rcode: Rcode, chain: list[RRset]) -> Reply:
        return Reply(rcode, authoritative=True, answer=tuple(chain), authority=(self._denial(),))

    def _denial(self) -> RRset:
        """Return the SOA with the TTL for which an absence may be remembered (RFC 2308 section 3)."""
        soa = self._sets[folded(self.origin)][RdataType.SOA]
        rdata = soa.rdatas[0]
        assert isinstance(rdata, SOA)
        assert soa.ttl is not None
        return replace(soa, ttl=min(soa.ttl, rdata.minimum))


def _target(alias: RRset) -> Name:
    rdata = alias.rdatas[0]
    assert isinstance(rdata, CNAME)
    return rdata.target


def _through(dname: RRset, name: Name) -> RRset | None:
    """Return the CNAME that a DNAME makes of a name below it, or None where it would be too long (RFC 6672)."""
    rdata = dname.rdatas[0]
    assert isinstance(rdata, DNAME)
    prefix = name.relativize(dname.owner)
    try:
        target = prefix.derelativize(rdata.target)
    except dns.name.NameTooLong:
        return None
    alias = dns.rdata.from_text(RdataClass.IN, RdataType.CNAME, target.to_text())
    return RRset(RRsetKey(name, RdataType.CNAME), dname.ttl, (alias,))
