"""Records with which BIND, Knot or NSD refuse a whole zone: they cannot stand in a file that all three load.

A CNAME wins over what stands beside it, since a server that did hold both would follow it (RFC 1034 section 4.3.2,
step 3a), and NS records win over a DNAME (step 3b). What some servers alone refuse is in `strictness`. No IO here.
"""

from collections.abc import Iterator

from dns.name import Name
from dns.rdata import GenericRdata
from dns.rdatatype import RdataType

from migrator.model.names import folded
from migrator.model.rrset import BESIDE_CNAME, RRset
from migrator.model.sizes import fits_into_message
from migrator.plain.rare import NO_RDATA, is_malformed
from migrator.plain.strictness import BIND, MOST_RECORDS, OTHERS, Refusal, Served, is_strict, strict_refusals

_SINGLE = frozenset({RdataType.CNAME, RdataType.DNAME, RdataType.SOA})


def refusals(owner: Name, origin: Name, served: Served) -> Iterator[Refusal]:
    """Yield what must be taken out of the sets that one name would serve."""
    at_apex = folded(owner) == folded(origin)
    cname = RdataType.CNAME in served
    for rdtype, rrset in served.items():
        reason = _set_reason(rrset, at_apex=at_apex)
        if cname and rdtype not in BESIDE_CNAME:
            reason = "a name with a CNAME has no other data (RFC 1034 section 3.6.2)"
        if reason:
            yield Refusal(rdtype, rrset.rdatas, reason)
            continue
        strict = list(strict_refusals(rrset, origin, served))
        yield from strict
        refused = {rdata for refusal in strict for rdata in refusal.rdatas}
        malformed = tuple(rdata for rdata in rrset.rdatas if rdata not in refused and is_malformed(rdata))
        if malformed:
            yield Refusal(rdtype, malformed, NO_RDATA, servers=(BIND, OTHERS))
        sound = [rdata for rdata in rrset.rdatas if rdata not in refused and rdata not in malformed]
        if rdtype in _SINGLE and len(sound) > 1:
            name = RdataType.to_text(rdtype)
            yield Refusal(rdtype, tuple(sound[1:]), f"a name has one {name} record at most; the first is served")


def needs_a_look(rrset: RRset) -> bool:
    """Tell whether a rule of this module can concern the set, or what stands beside it."""
    return (
        rrset.rdtype in _SINGLE
        or is_strict(rrset)
        or len(rrset.rdatas) > MOST_RECORDS
        or any(isinstance(rdata, GenericRdata) for rdata in rrset.rdatas)
        or not fits_into_message(rrset)
    )


def text_needs_a_look(key: bytes, text: bytes) -> bool:
    """Tell whether a rule can concern an owner below the apex that is kept as text; true where it only might.

    The rules for CNAME, NS, DS and NSEC3 are about other data, wildcards and the apex; no text has an SOA or a
    DNAME, nor what servers refuse of signatures. Each record is a line.
    """
    at_wildcard = key[:2] == b"*." and (b"NS " in text or b"NSEC3 " in text)
    return at_wildcard or b"NAPTR " in text or text.count(b"\n") >= MOST_RECORDS


def _set_reason(rrset: RRset, *, at_apex: bool) -> str:
    if rrset.rdtype == RdataType.SOA and not at_apex:
        return "an SOA record stands at the apex only (RFC 1035 section 5.2)"
    if not fits_into_message(rrset):
        return "a set larger than a DNS message (64 KiB) cannot be answered"
    return ""
