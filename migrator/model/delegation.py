"""How the parent zone delegates a domain: one view for each address of its name servers. No IO here."""

from enum import StrEnum

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.names import folded
from migrator.model.observation import Answer, Observation, Server
from migrator.model.rrset import RRset
from migrator.model.values import dataclass


class WalkEnd(StrEnum):
    """How the walk from the root ended."""

    DELEGATED = "delegated"
    NO_SUCH_NAME = "no such name"
    NO_ZONE_CUT = "no zone cut"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class ParentView:
    """What one address of one name server of the parent zone says of the domain."""

    server: Server
    ns: Observation
    ds: Observation

    def delegation(self) -> RRset | None:
        """Return the NS RRset: of the referral, or of the answer where this server hosts the child too.

        A truncated answer, which is all there is where TCP failed, does not hold a set that could be trusted. What
        a resolver remembers, which answers in the server's place, is no delegation: it may be the child's own set.
        """
        if not isinstance(self.ns, Answer) or self.ns.truncated or self.ns.is_secondhand:
            return None
        domain = self.ns.question.qname
        return self.ns.referred(domain, RdataType.NS) or self.ns.answered(RdataType.NS)

    @property
    def has_the_zone(self) -> bool:
        """Whether this server has the domain's zone itself, and answers from it whatever the parent delegates."""
        return isinstance(self.ns, Answer) and self.ns.authoritative and self.ns.answered(RdataType.NS) is not None

    def glue(self) -> tuple[RRset, ...]:
        """Return the A and AAAA RRsets that came with the referral, and not from a resolver's memory."""
        if not isinstance(self.ns, Answer) or self.ns.is_secondhand:
            return ()
        return tuple(r for r in self.ns.additional if r.rdtype in {RdataType.A, RdataType.AAAA})

    def glue_of(self, name: Name) -> tuple[str, ...]:
        """Return the addresses that this server hands out for a name server inside the domain."""
        rrsets = [rrset for rrset in self.glue() if folded(rrset.owner) == folded(name)]
        return tuple(dict.fromkeys(found.to_text() for rrset in rrsets for found in rrset.rdatas))

    def signer(self) -> RRset | None:
        """Return the DS RRset, or None where there is none or no whole answer."""
        if not isinstance(self.ds, Answer) or self.ds.truncated or self.ds.is_secondhand:
            return None
        return self.ds.answered(RdataType.DS)


@dataclass(frozen=True, slots=True)
class Delegation:
    """The end of a walk: the parent zone (None where it was not found), and a view for each of its servers.

    `trail` are the questions of the walk with their observations, the root first: the evidence.
    """

    domain: Name
    parent: Name | None
    end: WalkEnd
    views: tuple[ParentView, ...] = ()
    trail: tuple[Observation, ...] = ()

    def glue_of(self, name: Name) -> tuple[str, ...]:
        """Return the addresses that the parent's servers hand out for a name server inside the domain."""
        return tuple(dict.fromkeys(address for view in self.views for address in view.glue_of(name)))
