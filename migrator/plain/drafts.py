"""What the zone file holds for one name: a draft for each type, then what no server loads is taken out. No IO.

A name with nothing but aliases to one target becomes a CNAME:

    www  A     alias to lb.example.net.          ; A: alias target=lb.example.net. scope="Z1"
    www  AAAA  alias to lb.example.net.   ->     ; AAAA: alias target=lb.example.net. scope="Z1"
                                                 www 300 CNAME lb.example.net.

So does one to an alias that the file cannot serve, such as that of the apex: it leads to where that one leads.
"""

from collections.abc import Iterable, Iterator
from dataclasses import field, replace

import dns.rdata
from dns.name import Name
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.model.extras import Alias
from migrator.model.finding import Finding, Severity
from migrator.model.names import ROOT, folded, text_of
from migrator.model.routing import Choice
from migrator.model.rrset import RRset, RRsetKey, alias_alone_of, make
from migrator.model.values import dataclass
from migrator.model.zone import subject_of
from migrator.plain.answers import ALIAS_TTL, LONGEST_CHAIN, Answers, Known, Labels, cname_target
from migrator.plain.comments import extra_lines, record_text, set_lines
from migrator.plain.refusals import needs_a_look, refusals
from migrator.plain.remarks import remarks
from migrator.plain.strictness import Refusal, too_many, who_minds
from migrator.zonefile.writer import own_ttls, written_ttls

_ADDRESSES = (RdataType.A, RdataType.AAAA)
_RESOLVE = "Export with --resolve-aliases to have the addresses that it answers now in the zone file."


@dataclass(slots=True)
class Draft:
    """What the file holds of one type of a name: the set to serve, or None, below its comments."""

    rrset: RRset | None
    comments: list[str] = field(default_factory=list)


@dataclass(slots=True)
class NameDrafts:
    """All drafts of a name by type, the findings, and the aliases whose answer is not known here."""

    drafts: dict[RdataType, Draft] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unresolved: list[RRsetKey] = field(default_factory=list)


def drafts_of(origin: Name, labels: Labels, answers: Answers) -> NameDrafts:
    """Return what the file holds for the name with these labels."""
    types = answers.at(labels)
    if all(len(members) == 1 and is_unremarkable(members[0]) for members in types.values()):
        return NameDrafts({rdtype: Draft(members[0]) for rdtype, members in types.items()})
    owner = next(iter(types.values()))[0].owner
    found = NameDrafts()
    cname = None if labels == folded(origin) else _cname_for_aliases(owner, origin, answers)
    for rdtype, members in types.items():
        subject = _subject(owner, rdtype)
        if cname is not None:
            _draft_for_cname(found, subject, rdtype, members, cname, origin, answers)
        elif _is_ordinary(members):
            found.drafts[rdtype] = _ordinary(members[0])
        else:
            _draft_group(found, owner, rdtype, members, answers)
        if any(member.rdatas or alias_alone_of(member) for member in members):
            found.findings.extend(remarks(subject, (extra for member in members for extra in member.extras)))
    if cname is not None:
        comments = [comment for draft in found.drafts.values() for comment in draft.comments]
        found.drafts = {RdataType.CNAME: Draft(cname, comments)}
    if labels == folded(origin) and RdataType.CNAME in found.drafts:
        _replace_apex_cname(found, owner, answers)
    _take_out_refused(found, owner, origin)
    return found


def withheld(members: Iterable[RRset], reason: str) -> Draft:
    """Return a draft that has the sets in comments only."""
    return Draft(None, [f"not served: {reason}", *_all_lines(members, "withheld")])


def is_unremarkable(rrset: RRset) -> bool:
    """Tell whether the set is served as it is, whatever else its name has: so are nearly all sets of a zone."""
    if not rrset.rdatas or rrset.extras or rrset.key.variant or rrset.ttl is None:
        return False
    return not needs_a_look(rrset)


def _is_ordinary(members: list[RRset]) -> bool:
    return len(members) == 1 and bool(members[0].rdatas) and not members[0].key.variant


def _ordinary(rrset: RRset) -> Draft:
    if not rrset.extras and rrset.ttl is not None:
        return Draft(rrset)
    ttl = ALIAS_TTL if rrset.ttl is None else rrset.ttl
    own = tuple(own_ttls(rrset))
    said = replace(rrset, extras=tuple([extra for extra in rrset.extras if extra not in own]))
    return Draft(RRset(rrset.key, ttl, rrset.rdatas, own), list(extra_lines(said)))


def _draft_for_cname(
    found: NameDrafts,
    subject: str,
    rdtype: RdataType,
    members: list[RRset],
    cname: RRset,
    origin: Name,
    answers: Answers,
) -> None:
    """Draft the sets of one type of a name that is a CNAME: comments, which say what the CNAME stands for."""
    choice = answers.choice(folded(members[0].owner), rdtype)
    leading = [(m, _leading(m, origin, answers)) for m in choice.served if alias_alone_of(m)]
    target = cname_target(cname)
    assert target is not None
    standing = [member for member, alias in leading if _target(alias) == folded(target)]
    comments = [f"routed: {len(members)} sets; {choice.reason}"] if choice.reason else []
    for member in members:
        mark = "alias" if any(member is other for other in standing) else _mark(member, choice)
        comments += set_lines(member, mark)
    found.drafts[rdtype] = Draft(None, comments)
    others = sorted({text_of(alias.target) for _, alias in leading if alias and _target(alias) != folded(target)})
    if others:
        message = (
            f"The zone file has a CNAME to {text_of(target)} only; {', '.join(others)} cannot stand beside it."
        )
        found.findings.append(Finding("plain.routing", Severity.WARNING, subject, message))
    elif leading:
        message = f"The alias to {text_of(target)} is a CNAME in the zone file."
        found.findings.append(Finding("plain.alias-as-cname", Severity.NOTICE, subject, message))
    if not others:
        found.findings.extend(_choice_findings(subject, members, choice, standing))


def _draft_group(
    found: NameDrafts, owner: Name, rdtype: RdataType, members: list[RRset], answers: Answers
) -> None:
    """Draft the sets of one type where one is routed, an alias, or empty."""
    choice = answers.choice(folded(owner), rdtype)
    known = {id(member): answers.of_sets((member,)) for member in choice.served}
    served = [member for member in choice.served if (k := known[id(member)]) is not None and k.rdatas]
    if rdtype == RdataType.CNAME:
        served = served[:1]
    comments = [f"routed: {len(members)} sets; {choice.reason}"] if choice.reason else []
    for member in members:
        mark = "served" if any(member is other for other in served) else _mark(member, choice)
        comments += set_lines(member, mark)
    together = answers.of_sets(tuple(served))
    assert together is not None
    found.drafts[rdtype] = Draft(_rrset(owner, rdtype, together), comments)
    subject = _subject(owner, rdtype)
    found.findings.extend(_choice_findings(subject, members, choice, served))
    for member in choice.served:
        alias = alias_alone_of(member)
        if alias is not None:
            found.findings.append(_alias_finding(subject_of(member.key), alias, known[id(member)]))
            if known[id(member)] is None:
                found.unresolved.append(RRsetKey(owner if alias.target == ROOT else alias.target, rdtype))


def _mark(member: RRset, choice: Choice) -> str:
    if not any(member is other for other in choice.served):
        return "not chosen"
    return "not served" if member.rdatas or alias_alone_of(member) else "empty"


def _rrset(owner: Name, rdtype: RdataType, known: Known) -> RRset | None:
    return make(RRsetKey(owner, rdtype), known.ttl, known.rdatas) if known.rdatas else None


def _choice_findings(subject: str, members: list[RRset], choice: Choice, served: list[RRset]) -> Iterator[Finding]:
    if choice.reason:
        message = (
            f"{choice.reason[0].upper()}{choice.reason[1:]}; the zone file serves {len(served)} of {len(members)}."
        )
        check = "plain.routing" if choice.served else "plain.no-default"
        yield Finding(check, Severity.WARNING, subject, message)
        return
    if members[0].rdatas or alias_alone_of(members[0]):
        return
    if members[0].extras:
        yield Finding(
            "plain.no-records",
            Severity.WARNING,
            subject,
            "The set has no records that a server could answer, only what the provider says of it; a comment.",
        )
    else:
        yield Finding("plain.empty-set", Severity.NOTICE, subject, "The set is empty; it is a comment.")


def _alias_finding(subject: str, alias: Alias, known: Known | None) -> Finding:
    target = f"the resource {alias.scope}" if alias.target == ROOT else text_of(alias.target)
    if known is None:
        message = f"The alias to {target} is a comment: no DNS record says it here, so the name does not answer."
        return Finding("plain.alias", Severity.WARNING, subject, message, remedy=_RESOLVE)
    if known.rdatas:
        said = "has the records that it answers now; when they change, the zone file does not."
    else:
        said = "answers no record now, and the zone file has none; when that changes, the file does not."
    return Finding("plain.alias-answers", Severity.NOTICE, subject, f"The alias to {target} {said}")


def _cname_for_aliases(owner: Name, origin: Name, answers: Answers) -> RRset | None:
    """Return the CNAME that stands for all sets of a name, or None where other data or targets forbid it."""
    labels = folded(owner)
    firsts: list[tuple[RRset, Alias | None]] = []
    for rdtype in answers.at(labels):
        served = answers.choice(labels, rdtype).served
        if any(member.rdatas for member in served):
            return None
        aliases = [(member, _leading(member, origin, answers)) for member in served if alias_alone_of(member)]
        targets = {_target(alias) for _, alias in aliases}
        if len(targets) > 1 and answers.of_sets(served) is not None:
            return None
        firsts += aliases[:1]
    targets = {_target(alias) for _, alias in firsts}
    alias = firsts[0][1] if firsts else None
    if alias is None or len(targets) != 1 or not targets.isdisjoint({labels, folded(ROOT)}):
        return None
    ttl = min((member.ttl for member, _ in firsts if member.ttl is not None), default=ALIAS_TTL)
    rdata = dns.rdata.from_text(RdataClass.IN, RdataType.CNAME, alias.target.to_text())
    return make(RRsetKey(owner, RdataType.CNAME), ttl, (rdata,))


def _target(alias: Alias | None) -> Labels | None:
    return None if alias is None else folded(alias.target)


def _leading(rrset: RRset, origin: Name, answers: Answers) -> Alias | None:
    """Return the alias that a CNAME stands for: past sets that the file does not serve; None where none is."""
    first = alias = alias_alone_of(rrset)
    if answers.of_sets((rrset,)) is not None:
        return first
    standing: Alias | None = None
    for _ in range(LONGEST_CHAIN):
        assert alias is not None
        labels = folded(alias.target)
        types = answers.at(labels)
        if rrset.rdtype not in types:
            return standing or alias
        served = answers.choice(labels, rrset.rdtype).served
        following = alias_alone_of(served[0]) if served else None
        if following is None:
            return None
        if standing is None and labels != folded(origin) and _has_only_aliases(labels, types, answers):
            standing = alias
        alias = following
    return first


def _has_only_aliases(labels: Labels, types: Iterable[RdataType], answers: Answers) -> bool:
    """Tell whether a name below the apex is a CNAME itself: it has nothing but aliases, to one target."""
    found = [alias_alone_of(member) for rdtype in types for member in answers.choice(labels, rdtype).served]
    return len({_target(alias) for alias in found}) == 1


def _replace_apex_cname(found: NameDrafts, owner: Name, answers: Answers) -> None:
    """Put the addresses of its target in the place of a CNAME at the apex, which always has other data."""
    draft = found.drafts[RdataType.CNAME]
    cname, draft.rrset = draft.rrset, None
    if cname is None:
        return
    draft.comments.append("not served: the apex has other data, and a CNAME stands alone")
    draft.comments += [record_text(owner, cname.ttl, rdata) for rdata in cname.rdatas]
    target = cname_target(cname)
    subject = _subject(owner, RdataType.CNAME)
    for rdtype in _ADDRESSES:
        if target is None or rdtype in found.drafts:
            continue
        known = answers.of_name(target, rdtype, frozenset())
        if known is None:
            found.unresolved.append(RRsetKey(target, rdtype))
        else:
            found.drafts[rdtype] = Draft(_rrset(owner, rdtype, known), ["the answer of the CNAME's target"])
    message = "The CNAME is a comment: the apex has other data, and no server loads a CNAME beside it."
    found.findings.append(Finding("plain.apex-cname", Severity.WARNING, subject, message, remedy=_RESOLVE))


def _take_out_refused(found: NameDrafts, owner: Name, origin: Name) -> None:
    served = {rdtype: draft.rrset for rdtype, draft in found.drafts.items() if draft.rrset is not None}
    for refusal in list(refusals(owner, origin, served)):
        draft = found.drafts[refusal.rdtype]
        assert draft.rrset is not None
        draft.comments += _refused_lines(owner, draft.rrset, refusal)
        kept = tuple(rdata for rdata in draft.rrset.rdatas if rdata not in refusal.rdatas)
        draft.rrset = replace(draft.rrset, rdatas=kept) if kept else None
        message = (
            f"{_counted(refusal.rdatas)} a comment, since {who_minds(refusal)} load the file: {refusal.reason}."
        )
        found.findings.append(
            Finding("plain.not-loadable", Severity.WARNING, _subject(owner, refusal.rdtype), message)
        )
    for rdtype, draft in found.drafts.items():
        large = None if draft.rrset is None else too_many(draft.rrset)
        if large is not None:
            message = f"The file has all its records, and {who_minds(large)} load the file: {large.reason}."
            found.findings.append(
                Finding("plain.large-set", Severity.WARNING, _subject(owner, rdtype), message, remedy=large.advice)
            )


def _refused_lines(owner: Name, rrset: RRset, refusal: Refusal) -> Iterator[str]:
    yield f"not served: {refusal.reason}"
    ttls = dict(zip(rrset.rdatas, written_ttls(rrset), strict=True))
    for rdata in refusal.rdatas:
        yield f"  {record_text(owner, ttls[rdata], rdata)}"


def _counted(rdatas: tuple[Rdata, ...]) -> str:
    return "A record is" if len(rdatas) == 1 else f"{len(rdatas)} records are"


def _all_lines(members: Iterable[RRset], mark: str) -> list[str]:
    return [line for member in members for line in set_lines(member, mark)]


def _subject(owner: Name, rdtype: RdataType) -> str:
    return subject_of(RRsetKey(owner, rdtype))
