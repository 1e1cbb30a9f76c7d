"""What a server that serves the old side's zone answers to each question, so that only what differs is decoded.

An expectation is no judgement: an answer that meets it shows the old side's RRset to the letter, and whatever does
not is looked at as if nothing had been expected. Where the old side does not say what is answered (an alias, a
routed set, a chain of CNAMEs), nothing is.
"""

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.answers.foreseen import Foreseen
from migrator.answers.questions import Labels, Questions
from migrator.dnsclient.expectation import Expectation, exactly, nothing, referral, unforeseen
from migrator.model.names import folded
from migrator.model.observation import Question, Server
from migrator.model.rrset import RRset, RRsetKey
from migrator.served import ADDRESS_TYPES, ServedZone
from migrator.targets import targets_of

_NOBODY = Server("")


def foresee(zone: ServedZone, questions: Questions) -> tuple[Foreseen, list[Expectation]]:
    """Return what a server with this zone answers to the questions, but for the SOA, which is asked before."""
    expected = []
    apex_soa = (folded(zone.origin), RdataType.SOA)
    wanted = {key: asked for key, asked in questions.asked.items() if key != apex_soa}
    found = Foreseen(places=dict(zip(wanted, range(len(wanted)), strict=True)))
    plain = questions.plain_sets
    for key, (owner, rdtype) in wanted.items():
        rrsets = plain.get(key)
        shown: RRset | None = None
        if rrsets is None:
            expectation, shown = _of_the_rest(zone, key[0], owner, rdtype)
            if shown is not None:
                found.instances.add(key[0])
        elif len(rrsets) > 1 or not _is_certain(rrsets[0]):
            expectation = _unforeseen(owner, rdtype)
        elif rdtype == RdataType.NS and key[0] != apex_soa[0]:
            shown = rrsets[0]
            expectation = _referral(zone, owner, rdtype, shown)
        else:
            shown = rrsets[0]
            expectation = exactly(owner, shown)
        found.asked.append((owner, rdtype))
        expected.append(expectation)
        found.shown.append(shown)
    for rrset in questions.glue:
        cover = zone.cover(rrset.owner, rrset.rdtype)
        place = None if cover is None else found.place(cover.owner, RdataType.NS)
        if place is not None:
            found.delegations[rrset.key] = (place, rrset)
    return found, expected


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
