"""One step of a walk along NSEC records (RFC 4034 section 4), and the signs that it leads nowhere. No IO here.

    example.test.       NSEC  mail.example.test.     NS SOA MX RRSIG NSEC DNSKEY
    mail.example.test.  NSEC  www.example.test.      A RRSIG NSEC
    www.example.test.   NSEC  example.test.          A RRSIG NSEC            the end: all names were seen

Servers that sign on the fly make up a next name right behind the one that was asked for (RFC 4470; "black
lies"), and NSEC3 shows digests only (RFC 5155): neither can be walked.
"""

from collections.abc import Iterable

from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NSEC import NSEC

from migrator.model.names import folded, is_within
from migrator.model.observation import Answer, Observation
from migrator.model.values import dataclass

# What a signer makes, and a new provider's signer makes anew.
MADE_BY_SIGNER = frozenset(
    {
        RdataType.RRSIG,
        RdataType.NSEC,
        RdataType.NSEC3,
        RdataType.NSEC3PARAM,
        RdataType.DNSKEY,
        RdataType.CDS,
        RdataType.CDNSKEY,
    }
)


@dataclass(frozen=True, slots=True)
class Link:
    """What a name has, and the name that follows it in the zone."""

    owner: Name
    types: tuple[RdataType, ...]
    following: Name


def link_of(seen: Observation, owner: Name, zone: Name) -> Link | str:
    """Return the step that an answer for NSEC shows, or why the walk ends here."""
    if not isinstance(seen, Answer):
        return "no answer for NSEC"
    # At a zone cut the record comes with the referral, as the proof that there is no DS.
    rrset = seen.answered(RdataType.NSEC) or seen.referred(owner, RdataType.NSEC)
    rdata = None if rrset is None else rrset.rdatas[0]
    if not isinstance(rdata, NSEC):
        has_digests = any(found.rdtype == RdataType.NSEC3 for found in seen.authority)
        return "NSEC3: names are hidden" if has_digests else "the zone is not signed with NSEC"
    if is_made_up(owner, rdata.next):
        return "minimal answers: the next name is made up"
    if not is_within(rdata.next, zone):
        return "the next name is outside the zone"
    return Link(owner, tuple(_types(rdata)), rdata.next)


def is_made_up(owner: Name, following: Name) -> bool:
    """Tell whether the next name only closes the gap behind the owner: a child of a zero octet, or nearly."""
    if any(label.startswith(b"\x00") for label in following.labels):
        return True
    least = owner.labels[0] + b"\x00"
    return folded(following)[1:] == folded(owner)[1:] and following.labels[0].lower() == least.lower()


def _types(rdata: NSEC) -> Iterable[RdataType]:
    for window, bitmap in rdata.windows:
        for place, octet in enumerate(bitmap):
            for bit in range(8):
                if octet & (0x80 >> bit):
                    yield RdataType.make(window * 256 + place * 8 + bit)
