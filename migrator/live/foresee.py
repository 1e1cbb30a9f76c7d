"""What a server that serves the old side's zone answers to each question, so that only what differs is decoded.

An expectation is no judgement: an answer that meets it shows the old side's RRset to the letter, and whatever does
not is looked at as if nothing had been expected. Where the old side does not say what is answered (an alias, a
routed set, a chain of CNAMEs), nothing is.
"""

from collections.abc import Sequence

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.answers.foreseen import Foreseen
from migrator.answers.plainsets import Labels
from migrator.answers.questions import Questions
from migrator.dnsclient.expectation import Expectation, exactly, nothing, referral, unforeseen
from migrator.dnsclient.foretold import foretold
from migrator.model.names import folded
from migrator.model.observation import Question, Server
from migrator.model.rrset import RRset, RRsetKey
from migrator.served import ADDRESS_TYPES, ServedZone
from migrator.targets import targets_of

_NOBODY = Server("")


def foresee(zone: ServedZone, questions: Questions) -> tuple[Foreseen, list[Expectation]]:
    """Return what a server with this zone answers to the questions, but for the SOA, which is asked before."""
    apex_soa = (folded(zone.origin), RdataType.SOA)
    further = {wanted: asked for wanted, asked in questions.further.items() if wanted != apex_soa}
    plain = questions.plain_sets
    found = Foreseen(plain, further)
    expected = [*foretold(plain.texts.items())]
    made = plain.made
    nobody = frozenset() if zone.index.has_wildcards() else frozenset(map(folded, questions.nonces.values()))
    for wanted, (owner, rdtype) in further.items():
        if wanted[0] in nobody:
            expectation = nothing(owner, rdtype, Rcode.NXDOMAIN)
        elif wanted in made:
            expectation = _of_plain(zone, owner, made[wanted])
        else:
            expectation, shown = _of_the_rest(zone, wanted[0], owner, rdtype)
            if shown is not None:
                found.shown[wanted] = shown
                found.instances.add(wanted[0])
        expected.append(expectation)
    for rrset in questions.glue:
        cover = zone.cover(rrset.owner, rrset.rdtype)
        delegation = None if cover is None else (folded(cover.owner), RdataType.NS)
        if delegation is not None and delegation in found:
            found.delegations[rrset.key] = (delegation, rrset)
    return found, expected


def _of_plain(zone: ServedZone, owner: Name, rrsets: Sequence[RRset]) -> Expectation:
    """Return what is answered to the name and type of these RRsets."""
    first = rrsets[0]
    if len(rrsets) > 1 or not _is_certain(first):
        return _unforeseen(owner, first.rdtype)
    if first.rdtype == RdataType.NS and first.key.folded != folded(zone.origin):
        return _referral(zone, owner, first.rdtype, first)
    return exactly(owner, first)


def _is_certain(rrset: RRset) -> bool:
    """Tell whether an answer is the rdatas of the set, each with the TTL of the set."""
    return bool(rrset.rdatas) and not rrset.extras and not rrset.key.variant and rrset.ttl is not None


def _of_the_rest(
    zone: ServedZone, labels: Labels, owner: Name, rdtype: RdataType
) -> tuple[Expectation, RRset | None]:
    """Return what is answered for glue, for what the zone does not have, and for names that nobody has."""
    cover = zone.cover_at(labels, rdtype)
    if cover is not None:
        if cover.rdtype != RdataType.NS or not _is_certain(cover):
            return _unforeseen(owner, rdtype), None
        glue = next((rrset for rrset in zone.sets(owner, rdtype) if _is_certain(rrset)), None)
        return _referral(zone, owner, rdtype, cover), glue
    source = owner if zone.exists(labels) else zone.wildcard_at(labels)
    if source is None:
        return nothing(owner, rdtype, Rcode.NXDOMAIN), None
    rrsets = zone.sets(source, rdtype)
    if not rrsets and not zone.sets(source, RdataType.CNAME):
        return nothing(owner, rdtype, Rcode.NOERROR), None
    if len(rrsets) == 1 and _is_certain(rrsets[0]):
        shown = RRset(RRsetKey(owner, rdtype), rrsets[0].ttl, rrsets[0].rdatas)
        return exactly(owner, shown), shown
    return _unforeseen(owner, rdtype), None


def _referral(zone: ServedZone, owner: Name, rdtype: RdataType, delegation: RRset) -> Expectation:
    hosts = {folded(target): target for target in targets_of(delegation.rdatas)}
    glue = [rrset for host in hosts.values() for rrset in zone.at(host) if rrset.rdtype in ADDRESS_TYPES]
    if not all(map(_is_certain, glue)):
        return _unforeseen(owner, rdtype)
    return referral(owner, rdtype, delegation, glue)


def _unforeseen(owner: Name, rdtype: RdataType) -> Expectation:
    return unforeseen(Question(_NOBODY, owner, rdtype))
