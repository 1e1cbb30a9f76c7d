"""Whether a live server signs the zone, where the old side does not, or the other way round. No IO here.

Keys and signatures are the signer's own, so they are no difference. But who switches must know: a DS record in the
parent zone must not stand before the switch for a key that is new, nor after it for one that is gone.
"""

from collections.abc import Sequence

from dns.rdatatype import RdataType

from migrator.answers.seen import Seen, silence_of, trouble_of
from migrator.meaning.served import ServedZone
from migrator.model.observation import Answer
from migrator.model.rrset import RRset

_SIGNS = frozenset({RdataType.RRSIG, RdataType.NSEC, RdataType.NSEC3, RdataType.NSEC3PARAM})


def signing_remark(old: ServedZone, signatures: Sequence[RRset], seen: Seen) -> str | None:
    """Return what to say of the DNSKEY set that was asked for; None where both sides are alike.

    `signatures` are the RRsets of the old side that a signer makes. An old side with keys of its own is compared
    as any RRset is, and needs no word here.
    """
    if old.sets(old.origin, RdataType.DNSKEY):
        return None
    answer = seen.observation(old.origin, RdataType.DNSKEY)
    silence = None if seen.is_as_foreseen(old.origin, RdataType.DNSKEY) else silence_of(answer)
    if silence is None and isinstance(answer, Answer) and (trouble := trouble_of(answer)) is not None:
        silence = f"the server answers {trouble}"
    if silence is not None:
        return f"Whether the server signs the zone is not known: {silence}."
    was_signed = any(rrset.rdtype in _SIGNS for rrset in signatures)
    is_signed = seen.found(old.origin, RdataType.DNSKEY) is not None
    if is_signed and not was_signed:
        return (
            "The server signs the zone (it has DNSKEY records), and the old side shows no key: a DS record for it "
            "belongs into the parent zone only after the switch."
        )
    if was_signed and not is_signed:
        return (
            "The server does not sign the zone (it has no DNSKEY records), and the old side is signed: a DS "
            "record in the parent zone must be gone, and its TTL past, before the switch."
        )
    return None
