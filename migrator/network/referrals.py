"""What an authoritative server's answer means for somebody on the way down from the root. No IO here.

For example, `NS example.co.uk.` asked of a server of `uk.`:

    status NOERROR, no AA, authority  co.uk. NS nsa.nic.uk.         a referral, to co.uk.
    status NOERROR, AA, answer        example.co.uk. NS ns1.test.   the server hosts the child as well
    status NOERROR, AA, authority     uk. SOA ...                   no zone cut here (perhaps deeper down)
    status NXDOMAIN, AA                                             no such name
    status REFUSED, or authority      . NS a.root-servers.net.      lame: it does not serve uk. at all
    status NOERROR, RA, answer        example.co.uk. NS ns1.test.   a resolver answers in its place
"""

from collections.abc import Mapping
from dataclasses import field
from enum import Enum, auto

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from migrator.model.names import folded, is_within
from migrator.model.observation import Answer, Observation
from migrator.model.rrset import RRset
from migrator.model.values import dataclass

Labels = tuple[bytes, ...]


class Meaning(Enum):
    """What an observation says of the name that was asked for."""

    REFERRAL = auto()
    ANSWER = auto()
    ALIAS = auto()
    NO_DATA = auto()
    NO_NAME = auto()
    SECONDHAND = auto()
    USELESS = auto()


@dataclass(frozen=True, slots=True)
class Cut:
    """A zone as the zone above (or its own apex) names it: its name servers, and the addresses that came along."""

    zone: Name
    names: tuple[Name, ...]
    glue: Mapping[Labels, tuple[str, ...]] = field(default_factory=dict)


def meaning_of(observation: Observation, zone: Name) -> Meaning:
    """Return what a server of `zone` says; useless are silence, refusal, and what cannot come from that zone.

    What a resolver remembers proves nothing of the zone: it leads to an address, and to no zone cut.
    """
    if not isinstance(observation, Answer) or observation.truncated:
        return Meaning.USELESS
    if observation.rcode == Rcode.NXDOMAIN and observation.authoritative and not observation.answer:
        return Meaning.NO_NAME
    if observation.rcode != Rcode.NOERROR and not observation.answer:
        return Meaning.USELESS
    if observation.is_secondhand:
        return Meaning.SECONDHAND
    if observation.answered() is not None:
        return Meaning.ANSWER
    if alias_of(observation) is not None:
        return Meaning.ALIAS
    if referral_of(observation, zone) is not None:
        return Meaning.REFERRAL
    return Meaning.NO_DATA if observation.authoritative else Meaning.USELESS


def referral_of(answer: Answer, zone: Name) -> RRset | None:
    """Return the NS set that refers from `zone` to a zone below it on the way to the name, or None.

    AA does not matter: some parents set it. A referral that does not lead down is a lame server's.
    """
    for rrset in answer.authority:
        leads_down = is_within(rrset.owner, zone) and folded(rrset.owner) != folded(zone)
        if rrset.rdtype == RdataType.NS and leads_down and is_within(answer.question.qname, rrset.owner):
            return rrset
    return None


def alias_of(answer: Answer) -> Name | None:
    """Return where a CNAME at the name leads, or None."""
    found = answer.answered(RdataType.CNAME)
    if found is None or answer.question.rdtype == RdataType.CNAME:
        return None
    return next((rdata.target for rdata in found.rdatas if isinstance(rdata, CNAME)), None)


def cut_of(delegation: RRset, answer: Answer, believed: Name) -> Cut:
    """Return the cut that an NS set of the answer makes; addresses count only for names within `believed`.

    A server is believed about names of the zone that it was asked as a server of: whatever else it adds may be
    wrong, or a trap.
    """
    names = targets(delegation)
    wanted = {folded(name) for name in names if is_within(name, believed)}
    glue: dict[Labels, tuple[str, ...]] = {}
    for rdtype in (RdataType.A, RdataType.AAAA):
        for rrset in answer.additional:
            owner = folded(rrset.owner)
            if rrset.rdtype == rdtype and owner in wanted:
                glue[owner] = (*glue.get(owner, ()), *addresses(rrset))
    return Cut(delegation.owner, names, glue)


def targets(rrset: RRset) -> tuple[Name, ...]:
    """Return the names in an NS set."""
    return tuple(rdata.target for rdata in rrset.rdatas if isinstance(rdata, NS))


def addresses(rrset: RRset) -> tuple[str, ...]:
    """Return the addresses in an A or AAAA set; rdata that could not be parsed has none."""
    return tuple(rdata.address for rdata in rrset.rdatas if isinstance(rdata, A | AAAA))
