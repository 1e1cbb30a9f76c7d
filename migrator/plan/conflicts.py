"""What cannot stand beside what at one name of the target, so that one must go first. No IO here."""

from dns.rdatatype import RdataType

from migrator.model.capabilities import Capabilities
from migrator.model.extras import (
    ClientNetwork,
    Failover,
    Geolocation,
    Geoproximity,
    Latency,
    MultiValueAnswer,
    Weighted,
)
from migrator.model.rrset import RRset
from migrator.translate.neighbours import excluded_by_cname

_POLICIES = (Weighted, Latency, Geolocation, Geoproximity, ClientNetwork, Failover, MultiValueAnswer)
_AT_CUT = frozenset({RdataType.NS, RdataType.DS, RdataType.RRSIG, RdataType.NSEC})


def exclude(target: Capabilities, one: RRset, other: RRset, *, apex: bool) -> bool:
    """Tell whether the target refuses to hold both of two sets of one name; `apex` says that it is the zone's."""
    if one.rdtype == other.rdtype:
        return not one.key.variant or not other.key.variant or _policies(one) != _policies(other)
    return any(_drives_out(target, this, that.rdtype, apex=apex) for this, that in ((one, other), (other, one)))


def _drives_out(target: Capabilities, rrset: RRset, beside: RdataType, *, apex: bool) -> bool:
    if rrset.rdtype == RdataType.CNAME:
        return excluded_by_cname(target, beside)
    cut = rrset.rdtype == RdataType.NS and not apex
    return cut and not target.ns_beside_other.holds and beside not in _AT_CUT


def _policies(rrset: RRset) -> set[type]:
    return {type(extra) for extra in rrset.extras if isinstance(extra, _POLICIES)}
