"""Records with which BIND, Knot or NSD refuse a whole zone: they cannot stand in a file that all three load.

Each rule was tried with named-checkzone 9.18, kzonecheck 3.2 and nsd-checkzone 4.6. A CNAME wins over what
stands beside it, since a server that did hold both would follow it (RFC 1034 section 4.3.2, step 3a). No IO here.
"""

from collections.abc import Iterator, Mapping

from dns.name import Name
from dns.rdata import GenericRdata, Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NSEC3 import NSEC3
from dns.rdtypes.IN.NAPTR import NAPTR
from dns.rdtypes.IN.NSAP import NSAP

from migrator.codec import rdata as codec
from migrator.model.names import folded, is_wildcard
from migrator.model.rrset import RRset
from migrator.model.sizes import fits_into_message
from migrator.model.values import dataclass
from migrator.plain.regexps import is_loadable
from migrator.zonefile.rdata import EMPTY_URI

# Knot and NSD refuse KEY beside a CNAME, which RFC 2181 section 10.1 allows.
_BESIDE_CNAME = frozenset({RdataType.CNAME, RdataType.RRSIG, RdataType.NSEC})
_SINGLE = frozenset({RdataType.CNAME, RdataType.DNAME, RdataType.SOA})
# Octets that are no rdata of their type: all three load some of these, and refuse (Knot even hangs on) the others.
_LOADED_ANYWAY = frozenset(
    {
        RdataType.AMTRELAY,
        RdataType.HTTPS,
        RdataType.LOC,
        RdataType.SMIMEA,
        RdataType.SVCB,
        RdataType.TLSA,
    }
)
_CONCERNED = _SINGLE | {RdataType.DS, RdataType.NAPTR, RdataType.NS, RdataType.NSAP, RdataType.NSEC3}
_SHA1, _SHA1_OCTETS = 1, 20


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rdata of one type that are taken out, and why."""

    rdtype: RdataType
    rdatas: tuple[Rdata, ...]
    reason: str


def refusals(owner: Name, origin: Name, served: Mapping[RdataType, RRset]) -> Iterator[Refusal]:
    """Yield what must be taken out of the sets that one name would serve."""
    at_apex = folded(owner) == folded(origin)
    cname = RdataType.CNAME in served
    for rdtype, rrset in served.items():
        reason = _set_reason(rrset, owner, at_apex=at_apex)
        if cname and rdtype not in _BESIDE_CNAME:
            reason = "a name with a CNAME has no other data (RFC 1034 section 3.6.2)"
        if reason:
            yield Refusal(rdtype, rrset.rdatas, reason)
            continue
        malformed = tuple(rdata for rdata in rrset.rdatas if is_malformed(rdata))
        if malformed:
            yield Refusal(rdtype, malformed, "its octets do not make up rdata of this type")
        unmatchable = tuple(
            rdata for rdata in rrset.rdatas if isinstance(rdata, NAPTR) and not is_loadable(rdata.regexp)
        )
        if unmatchable:
            yield Refusal(rdtype, unmatchable, "BIND refuses a Regexp that is none (RFC 3402 section 3.2)")
        sound = [rdata for rdata in rrset.rdatas if rdata not in malformed]
        if rdtype in _SINGLE and len(sound) > 1:
            name = RdataType.to_text(rdtype)
            yield Refusal(rdtype, tuple(sound[1:]), f"a name has one {name} record at most; the first is served")


def needs_a_look(rrset: RRset) -> bool:
    """Tell whether a rule of this module can concern the set, or what stands beside it."""
    return (
        rrset.rdtype in _CONCERNED
        or any(isinstance(rdata, GenericRdata) for rdata in rrset.rdatas)
        or not fits_into_message(rrset)
    )


def text_needs_a_look(key: bytes, text: bytes) -> bool:
    """Tell whether a rule can concern an owner below the apex that is kept as text; true where it only might.

    The rules for CNAME, NS and DS are about other data, wildcards and the apex; no text has an SOA or a DNAME.
    """
    return b"NAPTR " in text or (key[:2] == b"*." and b"NS " in text)


def is_malformed(rdata: Rdata) -> bool:
    """Tell whether the rdata is not what its type asks for, so that a server refuses it."""
    match rdata:
        case GenericRdata():
            return (
                codec.is_known(rdata.rdtype)
                and rdata.rdtype not in _LOADED_ANYWAY
                and not (rdata.rdtype == RdataType.URI and len(rdata.data) == EMPTY_URI)
                and not codec.is_parsed_by_default(rdata)
            )
        case NSEC3():
            return rdata.algorithm == _SHA1 and len(rdata.next) != _SHA1_OCTETS
        case NSAP():
            return not rdata.address
        case _:
            return False


def _set_reason(rrset: RRset, owner: Name, *, at_apex: bool) -> str:
    rdtype = rrset.rdtype
    if rdtype == RdataType.SOA and not at_apex:
        return "an SOA record stands at the apex only (RFC 1035 section 5.2)"
    if rdtype == RdataType.DS and at_apex:
        return "a DS record of the apex belongs into the parent zone (RFC 4035 section 2.4)"
    if rdtype == RdataType.NS and is_wildcard(owner):
        return "BIND refuses NS records at a wildcard (RFC 4592 section 4.2)"
    if not fits_into_message(rrset):
        return "a set larger than a DNS message (64 KiB) cannot be answered"
    return ""
