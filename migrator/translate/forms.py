"""Rdata that DNS allows and some providers refuse: the null MX, the empty text, the set without records. No IO."""

from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX

from migrator.meaning.roles import TEXT_TYPES, octets
from migrator.model.extras import Alias, Opaque
from migrator.model.names import ROOT
from migrator.translate import words
from migrator.translate.work import Draft, Work, counted


def forms(work: Work) -> None:
    """Take out the records, and the empty sets, that the target refuses."""
    target = work.target
    for draft in work.all():
        rrset = draft.rrset
        if not rrset.rdatas:
            if not target.empty_rrsets.holds and not _answers_without_rdatas(draft):
                work.drop(draft, words.EMPTY_SET, f"The set is empty, and {work.there} holds no empty sets.")
        elif rrset.rdtype == RdataType.MX and not target.null_mx.holds and any(map(_is_null_mx, rrset.rdatas)):
            kept = tuple(rdata for rdata in rrset.rdatas if not _is_null_mx(rdata))
            message = f"{work.there} refuses the MX record of RFC 7505 that says: no mail here. It is left out."
            work.keep_rdatas(draft, kept, words.NULL_MX, message)
        elif rrset.rdtype in TEXT_TYPES and not target.empty_text.holds:
            kept = tuple(rdata for rdata in rrset.rdatas if octets(rdata))
            if len(kept) < len(rrset.rdatas):
                count = counted(len(rrset.rdatas) - len(kept), "empty text")
                work.keep_rdatas(draft, kept, words.EMPTY_TEXT, f"{work.there} refuses {count}; left out.")


def _answers_without_rdatas(draft: Draft) -> bool:
    return any(isinstance(extra, Alias | Opaque) for extra in draft.rrset.extras)


def _is_null_mx(rdata: Rdata) -> bool:
    return isinstance(rdata, MX) and rdata.exchange == ROOT
