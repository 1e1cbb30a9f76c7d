"""What a standard zone file should serve of a snapshot, and what it cannot say. No IO here.

Every RRset of the snapshot ends in the file: as records that a plain server answers, or as a comment that has
all its values, right above the records it belongs to. What is not served as the provider does has a finding.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from types import MappingProxyType

from dns.rdatatype import RdataType

from migrator.model.compact import labels_of
from migrator.model.finding import Finding, Severity
from migrator.model.names import folded, text_of
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot, subject_of
from migrator.plain.answers import Answers, Labels
from migrator.plain.apex import with_loadable_apex
from migrator.plain.comments import stray_lines
from migrator.plain.drafts import NameDrafts, drafts_of, withheld
from migrator.plain.hostnames import host_finding
from migrator.plain.ordinary import ordinary_owners
from migrator.zonefile.writer import Entry, OwnerText

__all__ = ["PlainZone", "header", "plain_zone"]

_NOTHING: Mapping[RRsetKey, RRset] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PlainZone:
    """The entries of the zone file in order, what it cannot say, and the aliases that could be looked up.

    `unresolved` are the targets and types of aliases that are comments: look them up, and hand what they answer
    to `plain_zone`, to have them served.
    """

    entries: tuple[Entry | OwnerText, ...]
    findings: tuple[Finding, ...]
    unresolved: tuple[RRsetKey, ...] = ()


def plain_zone(snapshot: ZoneSnapshot, looked_up: Mapping[RRsetKey, RRset] = _NOTHING) -> PlainZone:
    """Return the zone file of a snapshot; `looked_up` are answers for targets of aliases, empty ones included."""
    answers = Answers(snapshot, looked_up)
    dnames = _dnames(answers, folded(snapshot.origin))
    ordinary = ordinary_owners(snapshot, dnames)
    entries: list[Entry | OwnerText] = []
    findings: list[Finding] = []
    unresolved: dict[RRsetKey, None] = {}
    for key in answers.owners():
        if key in ordinary:
            entries.append(ordinary[key])
            continue
        labels = labels_of(key)
        if dnames and _is_below(labels, dnames):
            found = _below_dname(labels, answers)
        else:
            found = drafts_of(snapshot.origin, labels, answers)
        entries += [Entry(draft.rrset, tuple(draft.comments)) for draft in found.drafts.values()]
        findings += found.findings
        unresolved.update(dict.fromkeys(found.unresolved))
    apex = with_loadable_apex(snapshot, entries, ordinary)
    outside = [Entry(None, tuple(stray_lines(record))) for record in snapshot.stray]
    hosts = host_finding(apex.entries)
    said = (*findings, *apex.findings, *([] if hosts is None else [hosts]))
    return PlainZone((*apex.entries, *outside), said, tuple(unresolved))


def header(snapshot: ZoneSnapshot) -> tuple[str, ...]:
    """Return the first comments of the zone file: what it is, of what, and where the rest stands."""
    return tuple(_header(snapshot))


def _header(snapshot: ZoneSnapshot) -> Iterator[str]:
    moment = "" if snapshot.read_at is None else f" at {snapshot.read_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield f"{text_of(snapshot.origin)} as dns-migrator read it from {json.dumps(snapshot.source)}{moment}."
    yield "What DNS cannot say stands in comments; zone.json beside this file has all of it."
    yield f"digest {snapshot.digest()}"


def _dnames(answers: Answers, apex: Labels) -> frozenset[Labels]:
    """Return the names with a DNAME of their own, or with one that an alias leads to; no text has a DNAME."""
    found = []
    for labels, types in answers.groups.items():
        members = types.get(RdataType.DNAME, [])
        if labels != apex and RdataType.NS in types and _is_served(labels, RdataType.NS, answers):
            continue  # the delegation is, and the DNAME is a comment
        known = answers.of_sets(answers.choice(labels, RdataType.DNAME).served) if members else None
        if any(member.rdatas for member in members) or (known is not None and known.rdatas):
            found.append(labels)
    return frozenset(found)


def _is_served(labels: Labels, rdtype: RdataType, answers: Answers) -> bool:
    known = (answers.of_sets((member,)) for member in answers.choice(labels, rdtype).served)
    return any(each is not None and each.rdatas for each in known)


def _is_below(labels: Labels, above: frozenset[Labels]) -> bool:
    return any(labels[i:] in above for i in range(1, len(labels)))


def _below_dname(labels: Labels, answers: Answers) -> NameDrafts:
    """Keep a name below a DNAME as comments: no server answers it, and Knot and NSD refuse the zone."""
    found = NameDrafts()
    reason = "a DNAME above covers the name (RFC 6672 section 2.4)"
    for rdtype, members in answers.at(labels).items():
        found.drafts[rdtype] = withheld(members, reason)
        key = RRsetKey(members[0].owner, rdtype)
        message = f"The records are comments, since Knot and NSD would not load the file: {reason}."
        found.findings.append(Finding("plain.not-loadable", Severity.WARNING, subject_of(key), message))
    return found
