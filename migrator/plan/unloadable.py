"""Records of a zone file that is written with which a name server refuses the whole file. No IO here.

A backup has them as comments. An import carries what the source has: it is told, and not left out.
"""

from collections.abc import Collection, Iterator, Mapping

from dns.rdatatype import RdataType

from migrator.meaning.targets import targets_of
from migrator.model.capabilities import Capabilities
from migrator.model.finding import Finding, Severity
from migrator.model.names import for_people, is_within
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot, subject_of
from migrator.plain.apex import Served, has_no_address
from migrator.plain.refusals import needs_a_look, refusals
from migrator.plain.strictness import BIND, KNOT, NSD, Refusal, too_many, who_minds
from migrator.zonefile.writer import Entry

_Sets = Mapping[RdataType, RRset]


def unloadable_findings(zone: str, goal: ZoneSnapshot, target: Capabilities) -> Iterator[Finding]:
    """Yield a warning for each set of a zone file with which BIND, Knot or NSD would not load it."""
    if not target.written_whole:
        return
    for refusal in _of_apex(goal):
        yield _finding(zone, RRsetKey(goal.origin, refusal.rdtype), refusal)
    dnames = {rrset.key.folded for rrset in goal.rrsets if rrset.rdtype == RdataType.DNAME}
    cnames = {rrset.key.folded for rrset in goal.rrsets if rrset.rdtype == RdataType.CNAME}
    looked_at = {rrset.key.folded for rrset in goal.rrsets if _needs_a_look(rrset, cnames)}
    names: dict[tuple[bytes, ...], dict[RdataType, RRset]] = {}
    for rrset in goal.rrsets if looked_at or dnames else ():
        if rrset.rdatas and (dnames or rrset.key.folded in looked_at):
            names.setdefault(rrset.key.folded, {})[rrset.rdtype] = rrset
    for labels, sets in names.items():
        is_below = bool(dnames) and any(labels[i:] in dnames for i in range(1, len(labels)))
        for refusal in _below_dname(sets) if is_below else _refusals(sets, goal):
            yield _finding(zone, sets[refusal.rdtype].key, refusal)


def _finding(zone: str, key: RRsetKey, refusal: Refusal) -> Finding:
    # Without what a backup makes of it.
    reason = refusal.reason.partition(";")[0]
    message = f"{subject_of(key)}: {who_minds(refusal)} load the file: {reason}."
    remedy = refusal.advice or "Mend it at the source, or in the file before it is served."
    return Finding("import.not-loadable", Severity.WARNING, zone, message, remedy=remedy)


def _of_apex(goal: ZoneSnapshot) -> Iterator[Refusal]:
    """Yield what the apex lacks: an SOA, name servers, an address of one inside the zone."""
    for rdtype, what in _AT_THE_APEX.items():
        if goal.apex(rdtype) is None:
            yield Refusal(rdtype, (), f"there is no {what} at the apex", "Enter it before the file is served.")
    listed = goal.apex(RdataType.NS)
    inside = [name for name in targets_of(() if listed is None else listed.rdatas) if is_within(name, goal.origin)]
    served = Served([Entry(rrset) for rrset in goal.rrsets], {}) if inside else None
    for name in inside:
        if served is not None and has_no_address(name, goal.origin, served):
            reason = f"the name server {for_people(name)} is in the zone, and has no address there"
            yield Refusal(RdataType.NS, (), reason, servers=(BIND,))


_AT_THE_APEX = {RdataType.SOA: "SOA record", RdataType.NS: "NS record"}


def _needs_a_look(rrset: RRset, cnames: Collection[tuple[bytes, ...]]) -> bool:
    """Tell whether a rule can concern the set or its name: most CNAMEs of a zone stand alone."""
    if rrset.rdtype == RdataType.CNAME:
        return len(rrset.rdatas) > 1
    return rrset.key.folded in cnames or needs_a_look(rrset)


def _refusals(sets: _Sets, goal: ZoneSnapshot) -> Iterator[Refusal]:
    owner = next(iter(sets.values())).owner
    yield from refusals(owner, goal.origin, sets)
    yield from filter(None, map(too_many, sets.values()))


def _below_dname(sets: _Sets) -> Iterator[Refusal]:
    for rdtype, rrset in sets.items():
        yield Refusal(rdtype, rrset.rdatas, _COVERED, servers=(KNOT, NSD))


_COVERED = "a DNAME above covers the name (RFC 6672 section 2.4)"
