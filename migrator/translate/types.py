"""Types that the target does not have: the retired SPF becomes TXT, signatures stay behind, others have no place.

What the target's own service gave, it takes, though nobody here has heard of the type yet.

    @  SPF  "v=spf1 mx -all"                     ->  @  TXT  "v=spf1 mx -all"  "verify=1"
    @  TXT  "verify=1"

Two policies at one name are worse than none (RFC 7208 section 4.5): where the TXT set has one already, the SPF set
adds nothing, since receivers read TXT alone. No IO here.
"""

import dns.rdata
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.diff.equality import meaning
from migrator.meaning.roles import octets
from migrator.model.rrset import RRset, RRsetKey, alias_alone_of, make
from migrator.translate import words
from migrator.translate.answers import OF_SERVICE
from migrator.translate.work import Draft, Work, no_type, type_text

_SIGNATURES = frozenset({RdataType.RRSIG, RdataType.NSEC, RdataType.NSEC3, RdataType.NSEC3PARAM})
# Of whoever signs the zone, where they stand at the apex of a zone that is signed.
_KEYS = frozenset({RdataType.DNSKEY, RdataType.CDS, RdataType.CDNSKEY})
_POLICY = b"v=spf1"


def types(work: Work) -> None:
    """Take out what the target has no type for; the signatures of a signed zone go, whatever its types."""
    signed = any(draft.key.rdtype == RdataType.RRSIG for draft in work.drafts.values())
    for draft in work.all():
        rdtype = draft.key.rdtype
        if not work.target.every_type and (rdtype in _SIGNATURES or (signed and _is_key_of_zone(work, draft))):
            message = f"{type_text(draft.key)} records are of the source's own signing, and are left out."
            work.drop(draft, words.DNSSEC_RECORDS, message)
        elif work.target.holds_type(rdtype):
            continue
        elif rdtype == RdataType.SPF and work.target.holds_type(RdataType.TXT) and _can_join(work, draft):
            _spf(work, draft)
        elif not _is_newer(work, draft) and not _is_of_service(draft):
            work.drop(draft, words.TYPE_UNSUPPORTED, no_type(work, draft))


def _is_newer(work: Work, draft: Draft) -> bool:
    """Tell whether the set is of a type that only the target's own service knows, which gave it."""
    return work.is_own and (not draft.rrset.rdatas or work.target.newer_types)


def _is_of_service(draft: Draft) -> bool:
    """Tell whether a CNAME may come to answer it: `aliases.py` finds a form for it, or takes it out."""
    return draft.key.rdtype in OF_SERVICE and alias_alone_of(draft.rrset) is not None


def _is_key_of_zone(work: Work, draft: Draft) -> bool:
    return draft.key.rdtype in _KEYS and work.is_apex(draft.rrset.owner)


def _can_join(work: Work, draft: Draft) -> bool:
    """Tell whether both sets have records: an alias can be joined by nothing."""
    texts = work.drafts.get(RRsetKey(draft.rrset.owner, RdataType.TXT))
    return bool(draft.rrset.rdatas) and (texts is None or bool(texts.rrset.rdatas))


def _spf(work: Work, draft: Draft) -> None:
    key = RRsetKey(draft.rrset.owner, RdataType.TXT)
    texts = work.drafts.get(key)
    there = () if texts is None else texts.rrset.rdatas
    policies = [rdata for rdata in there if _is_policy(rdata)]
    said = {meaning(rdata) for rdata in there}
    fresh = tuple(
        text
        for text in map(_as_text, draft.rrset.rdatas)
        if meaning(text) not in said and not (policies and _is_policy(text))
    )
    if not fresh:
        same = all(meaning(_as_text(rdata)) in said for rdata in draft.rrset.rdatas)
        message = (
            "The TXT set says the same as the SPF set, which is left out."
            if same
            else "The TXT set has an SPF policy, which receivers read; the other one of the SPF set is left out."
        )
        work.drop(draft, words.SPF_DROPPED, message)
        return
    message = f"{work.there} has no type SPF: its policy stands in the TXT set, where receivers look for it."
    work.lose(draft, words.SPF_AS_TXT, message)
    del work.drafts[draft.key]
    if texts is None:
        work.put(make(key, draft.rrset.ttl, fresh, draft.rrset.extras), draft.sources)
        return
    reason = "The policy of the SPF set of the same name joined it."
    work.explain(texts.sources, reason)
    del work.drafts[key]
    work.put(_joined(texts.rrset, fresh), (*texts.sources, *draft.sources))


def _joined(rrset: RRset, fresh: tuple[Rdata, ...]) -> RRset:
    return make(rrset.key, rrset.ttl, (*rrset.rdatas, *fresh), rrset.extras)


def _as_text(rdata: Rdata) -> Rdata:
    wire = rdata.to_wire()
    assert wire is not None
    return dns.rdata.from_wire(RdataClass.IN, RdataType.TXT, wire, 0, len(wire))


def _is_policy(rdata: Rdata) -> bool:
    return octets(rdata).lower().startswith(_POLICY)
