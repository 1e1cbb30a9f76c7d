"""What a server that serves the old side's zone answers to each question, so that only what differs is decoded.

An expectation is no judgement: an answer that meets it shows the old side's RRset to the letter, and whatever does
not is looked at as if nothing had been expected. Where the old side does not say what is answered (an alias, a
routed set, a chain of CNAMEs), nothing is.
"""

from collections.abc import Sequence
from dataclasses import field

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.answers.foreseen import Foreseen
from migrator.answers.plainsets import Wanted
from migrator.answers.questions import Questions
from migrator.dnsclient.expectation import Expectation, exactly, nothing, referral, referred_alike, unforeseen
from migrator.dnsclient.foretold import Foretold
from migrator.meaning.served import ADDRESS_TYPES, ServedZone
from migrator.meaning.targets import targets_of
from migrator.model.names import folded
from migrator.model.observation import Question, Server
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass

_NOBODY = Server("")


def foresee(zone: ServedZone, questions: Questions) -> tuple[Foreseen, Foretold]:
    """Return what a server with this zone answers to the questions, but for the SOA, which is asked before."""
    apex_soa = (folded(zone.origin), RdataType.SOA)
    further = {wanted: asked for wanted, asked in questions.further.items() if wanted != apex_soa}
    plain = questions.plain_sets
    foreseen = Foreseen(plain, further)
    look = _Look(zone, foreseen)
    expected = []
    nobody = frozenset() if zone.index.has_wildcards() else frozenset(map(folded, questions.nonces.values()))
    for wanted, (owner, rdtype) in further.items():
        if wanted[0] in nobody:
            expectation = nothing(owner, rdtype, Rcode.NXDOMAIN)
        elif wanted in plain.made:
            expectation = look.at_plain(owner, plain.made[wanted])
        else:
            expectation = look.at_the_rest(wanted, owner)
        expected.append(expectation)
    for rrset in questions.glue:
        cover = zone.cover(rrset.owner, rrset.rdtype)
        delegation = None if cover is None else (folded(cover.owner), RdataType.NS)
        if delegation is not None and delegation in foreseen:
            foreseen.delegations[rrset.key] = (delegation, rrset)
    return foreseen, Foretold(expected, plain.texts, plain.rrsets)


@dataclass(slots=True)
class _Look:
    """Looks into the zone for what is answered where it is not text; `foreseen` is told what such answers show."""

    zone: ServedZone
    foreseen: Foreseen
    referrals: dict[RRsetKey, Expectation | None] = field(default_factory=dict)

    def at_plain(self, owner: Name, rrsets: Sequence[RRset]) -> Expectation:
        """Return what is answered to the name and type of these RRsets."""
        first = rrsets[0]
        if len(rrsets) > 1 or not _is_certain(first):
            return _unforeseen(owner, first.rdtype)
        if first.rdtype == RdataType.NS and first.key.folded != folded(self.zone.origin):
            return self._referral(owner, first.rdtype, first)
        return exactly(owner, first)

    def at_the_rest(self, wanted: Wanted, owner: Name) -> Expectation:
        """Return what is answered for glue, for what the zone does not have, and for names that nobody has."""
        zone, (labels, rdtype) = self.zone, wanted
        types = self.foreseen.plain.types_at(labels)
        if types:  # this one is none of them
            if RdataType.CNAME in types:
                return _unforeseen(owner, rdtype)
            return nothing(owner, rdtype, Rcode.NOERROR)
        cover = zone.cover_at(labels, rdtype)
        if cover is not None:
            if cover.rdtype != RdataType.NS or not _is_certain(cover):
                return _unforeseen(owner, rdtype)
            glue = next((rrset for rrset in zone.sets(owner, rdtype) if _is_certain(rrset)), None)
            if glue is not None:
                self._shows(wanted, glue)
            return self._referral(owner, rdtype, cover)
        source = owner if zone.exists(labels) else zone.wildcard_at(labels)
        if source is None:
            return nothing(owner, rdtype, Rcode.NXDOMAIN)
        rrsets = zone.sets(source, rdtype)
        if not rrsets and not zone.sets(source, RdataType.CNAME):
            return nothing(owner, rdtype, Rcode.NOERROR)
        if len(rrsets) != 1 or not _is_certain(rrsets[0]):
            return _unforeseen(owner, rdtype)
        shown = RRset(RRsetKey(owner, rdtype), rrsets[0].ttl, rrsets[0].rdatas)
        self._shows(wanted, shown)
        return exactly(owner, shown)

    def _shows(self, wanted: Wanted, rrset: RRset) -> None:
        self.foreseen.shown[wanted] = rrset
        self.foreseen.instances.add(wanted[0])

    def _referral(self, owner: Name, rdtype: RdataType, delegation: RRset) -> Expectation:
        if delegation.key in self.referrals:
            first = self.referrals[delegation.key]
            return _unforeseen(owner, rdtype) if first is None else referred_alike(owner, rdtype, first)
        hosts = {folded(target): target for target in targets_of(delegation.rdatas)}
        glue = [rrset for host in hosts.values() for rrset in self.zone.at(host) if rrset.rdtype in ADDRESS_TYPES]
        is_certain = all(map(_is_certain, glue))
        found = self.referrals[delegation.key] = referral(owner, rdtype, delegation, glue) if is_certain else None
        return found or _unforeseen(owner, rdtype)


def _is_certain(rrset: RRset) -> bool:
    """Tell whether an answer is the rdatas of the set, each with the TTL of the set."""
    return bool(rrset.rdatas) and not rrset.extras and not rrset.key.variant and rrset.ttl is not None


def _unforeseen(owner: Name, rdtype: RdataType) -> Expectation:
    return unforeseen(Question(_NOBODY, owner, rdtype))
