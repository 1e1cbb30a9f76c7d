"""What may stand beside what at one name: CNAME beside other data, NS at a zone cut, DS, wildcards. No IO here.

Most providers keep RFC 1034 section 3.6.2: a name with a CNAME has nothing else. Who wins is not asked: servers
that hold both follow the CNAME (section 4.3.2, step 3a), so that is what the world has seen.
"""

from dns.rdatatype import RdataType

from migrator.model.capabilities import Capabilities
from migrator.model.names import is_wildcard
from migrator.translate import words
from migrator.translate.work import Draft, Work, counted, type_text, with_rdatas

# What stands beside a CNAME everywhere: its own signature and the proof of its types (RFC 4035 section 2.5).
_BESIDE_CNAME = frozenset({RdataType.CNAME, RdataType.RRSIG, RdataType.NSEC})
# What excludes a CNAME even where other data does not.
_NEVER_BESIDE_CNAME = frozenset({RdataType.A, RdataType.AAAA, RdataType.NS})
_AT_CUT = frozenset({RdataType.NS, RdataType.DS, RdataType.RRSIG, RdataType.NSEC})
_GLUE = frozenset({RdataType.A, RdataType.AAAA})


def excluded_by_cname(target: Capabilities, rdtype: RdataType) -> bool:
    """Tell whether the target refuses that type beside a CNAME."""
    if target.cname_beside_other.holds:
        return rdtype in _NEVER_BESIDE_CNAME
    return rdtype not in _BESIDE_CNAME


def neighbours(work: Work) -> None:
    """Take out what the target refuses to hold beside something else; the delegation comes before its DS."""
    for drafts in work.by_owner().values():
        for rule in (_soa_below_apex, _wildcard_ns, _beside_cname, _at_cut, _ds_alone):
            rule(work, [draft for draft in drafts if draft.key in work.drafts])


def _soa_below_apex(work: Work, drafts: list[Draft]) -> None:
    for draft in drafts:
        if draft.key.rdtype == RdataType.SOA and not work.is_apex(draft.rrset.owner):
            message = "An SOA record stands at the apex only (RFC 1035 section 5.2); it is left out."
            work.drop(draft, words.SOA_BELOW_APEX, message)


def _wildcard_ns(work: Work, drafts: list[Draft]) -> None:
    for draft in drafts:
        wild = draft.key.rdtype == RdataType.NS and is_wildcard(draft.rrset.owner)
        if wild and not work.target.wildcard_ns.holds:
            message = (
                f"{work.there} holds no NS at a wildcard; {counted(len(draft.rrset.rdatas), 'record')} left out."
            )
            work.drop(draft, words.WILDCARD_NS, message)


def _beside_cname(work: Work, drafts: list[Draft]) -> None:
    if RdataType.CNAME not in {draft.key.rdtype for draft in drafts}:
        return
    for draft in drafts:
        rrset = draft.rrset
        if rrset.rdtype != RdataType.CNAME and excluded_by_cname(work.target, rrset.rdtype):
            message = f"The name has a CNAME, beside which {work.there} holds no {type_text(draft.key)}; left out."
            work.drop(draft, words.CNAME_CONFLICT, message)
        elif rrset.rdtype == RdataType.CNAME and len(rrset.rdatas) > 1:
            message = f"The name has {len(rrset.rdatas)} CNAMEs, where DNS allows one; the first is kept."
            work.change(draft, with_rdatas(rrset, rrset.rdatas[:1]), words.SEVERAL_CNAMES, message)


def _at_cut(work: Work, drafts: list[Draft]) -> None:
    if work.target.ns_beside_other.holds or not _is_delegated(work, drafts):
        return
    for draft in drafts:
        if draft.key.rdtype not in _AT_CUT:
            what = "these addresses of its name servers" if draft.key.rdtype in _GLUE else "these"
            message = (
                f"The name is delegated by NS, and {work.there} holds nothing beside NS: {what} are left out."
            )
            work.drop(draft, words.NS_CONFLICT, message)


def _ds_alone(work: Work, drafts: list[Draft]) -> None:
    if work.target.ds_without_ns.holds or _is_delegated(work, drafts):
        return
    for draft in drafts:
        if draft.key.rdtype == RdataType.DS:
            apex = work.is_apex(draft.rrset.owner)
            where = "at the apex, where the parent zone has it" if apex else "where no NS delegates a sub-zone"
            message = f"The DS set stands {where}; nothing reads it, and it is left out."
            work.drop(draft, words.DS_WITHOUT_NS, message)


def _is_delegated(work: Work, drafts: list[Draft]) -> bool:
    """Tell whether the name is a zone cut: NS below the apex."""
    return any(draft.key.rdtype == RdataType.NS and not work.is_apex(draft.rrset.owner) for draft in drafts)
