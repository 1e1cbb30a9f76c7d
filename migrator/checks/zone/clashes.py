"""What cannot stand side by side in a zone, and what a zone has to have. No IO here."""

from collections.abc import Iterator

from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NS import NS

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Noted, Point, Problem
from migrator.checks.zone.rules import PLANNING, zone_points
from migrator.diff.wording import listed
from migrator.meaning.served import ADDRESS_TYPES, ServedZone
from migrator.model.finding import Severity
from migrator.model.names import folded, is_within, text_of
from migrator.model.phrases import counted
from migrator.model.rrset import BESIDE_CNAME, RRset, is_alias, is_looked_up
from migrator.model.zone import subject_of

_MANY_HIDDEN = 3


@check(
    "zone.cname-clash",
    phases=PLANNING,
    blocks=True,
    in_lint=True,
    source="RFC 2181 section 10.1; RFC 1034 section 3.6.2; RFC 6672 section 2.4",
    remedy="Keep the CNAME or the other records. At the apex, use the provider's alias, or addresses.",
)
def cname_clash(facts: Facts) -> Iterator[Point]:
    """A CNAME stands alone at its name.

    Looked at: the zone itself. It fails where a CNAME stands beside other types (its own DNSSEC records
    excepted), at the apex, beside a DNAME, or more than once at a name: name servers refuse such a zone, or
    answer with one of the two. Several DNAMEs at a name fail as well. Routed sets of one name and type are no
    clash, nor is a CNAME that its provider answers as addresses.
    """
    yield from zone_points(
        facts, _clashes, "No CNAME or DNAME stands beside what it excludes.", moves_anyway=False
    )


def _clashes(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        if rrset.rdtype not in {RdataType.CNAME, RdataType.DNAME}:
            continue
        kind = RdataType.to_text(rrset.rdtype)
        if len(rrset.rdatas) > 1:
            yield Problem(
                subject_of(rrset.key),
                f"The name has {len(rrset.rdatas)} {kind} records ({listed(rrset.rdatas)}); it can have one.",
                (_shown(rrset),),
                f"Keep one of the {kind} records.",
            )
        if rrset.rdtype == RdataType.CNAME and not is_looked_up(rrset):  # as addresses, it excludes nothing
            yield from _beside(zone, rrset)


def _beside(zone: ServedZone, cname: RRset) -> Iterator[Problem]:
    others = [rrset for rrset in zone.at(cname.owner) if rrset.rdtype not in BESIDE_CNAME]
    if not others:
        return
    types = ", ".join(dict.fromkeys(RdataType.to_text(rrset.rdtype) for rrset in others))
    if folded(cname.owner) == folded(zone.origin):
        advice = "Replace the CNAME by an alias of the provider, or by the addresses of its target."
    else:
        advice = f"Delete the CNAME, or {types}."
    yield Problem(
        subject_of(cname.key),
        f"The CNAME to {listed(cname.rdatas)} stands beside {types}; a name with a CNAME has no other data.",
        (_shown(cname), *map(_shown, others)),
        advice,
    )


@check(
    "zone.apex",
    phases=PLANNING,
    severity=Severity.ERROR,
    in_lint=True,
    source="RFC 1035 section 5.2; RFC 1034 section 4.2.1; RFC 2182 section 5",
    remedy="Give the zone one SOA record and at least two NS records at its apex.",
)
def apex(facts: Facts) -> Iterator[Point]:
    """The apex has its SOA and NS records.

    Looked at: the zone itself. It fails with several SOAs or one below the apex, which no server loads, and
    warns where the SOA or the apex NS set is missing (a provider adds its own) or where the set has one name
    alone: when that one is down, the domain is gone. No name server of the zone may have its name below a
    DNAME, at the apex or elsewhere.
    """
    yield from zone_points(facts, _apex, "The apex has its SOA and its name servers.")


def _apex(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        at_apex = folded(rrset.owner) == folded(zone.origin)
        if rrset.rdtype == RdataType.SOA and not at_apex:
            message = f"An SOA record stands below the apex {text_of(zone.origin)}; a zone has one, at its apex."
            yield Problem(subject_of(rrset.key), message, (_shown(rrset),), "Delete it, or delegate a zone there.")
        elif rrset.rdtype == RdataType.SOA and len(rrset.rdatas) > 1:
            message = f"The zone has {len(rrset.rdatas)} SOA records; it has exactly one."
            yield Problem(subject_of(rrset.key), message, (_shown(rrset),), "Keep the one that is in force.")
    for rdtype in (RdataType.SOA, RdataType.NS):
        if not zone.sets(zone.origin, rdtype):
            kind = RdataType.to_text(rdtype)
            yield Problem(
                f"{text_of(zone.origin)} {kind}",
                f"The apex has no {kind} record; name servers do not load such a zone, unless they add their own.",
                severity=Severity.WARNING,
            )
    for rrset in zone.sets(zone.origin, RdataType.NS):
        if len(rrset.rdatas) == 1:
            message = f"The apex lists one name server alone, {listed(rrset.rdatas)}; at least two were expected."
            yield Problem(subject_of(rrset.key), message, (_shown(rrset),), severity=Severity.WARNING)
        yield from _hidden_servers(zone, rrset)


def _hidden_servers(zone: ServedZone, servers: RRset) -> Iterator[Problem]:
    by_dname: dict[int, tuple[RRset, list[str]]] = {}
    for target in (rdata.target for rdata in servers.rdatas if isinstance(rdata, NS)):
        cover = zone.cover(target, RdataType.A) if is_within(target, zone.origin) else None
        if cover is not None and cover.rdtype == RdataType.DNAME:
            by_dname.setdefault(id(cover), (cover, []))[1].append(text_of(target))
    for dname, inside in by_dname.values():
        where = "at the apex" if folded(dname.owner) == folded(zone.origin) else text_of(dname.owner)
        yield Problem(
            subject_of(dname.key),
            f"The DNAME {where} hides {', '.join(inside)}, which the zone is served by; BIND does not load it.",
            (_shown(dname), _shown(servers)),
            "Give the name servers names outside the zone, or delete the DNAME.",
        )


@check(
    "zone.hidden",
    phases=PLANNING,
    severity=Severity.WARNING,
    in_lint=True,
    source="RFC 1034 section 4.2.1; RFC 6672 section 2.4",
    remedy="Move the records to the zone that is delegated there, or delete them.",
)
def hidden(facts: Facts) -> Iterator[Point]:
    """No record is hidden from everybody.

    Looked at: the zone itself; the addresses of delegated name servers (glue) are meant to be there. A notice
    names the delegation and what it hides: the records do nothing now, and come to life if the delegation is
    lost. Below a DNAME it is a warning, for Knot and NSD load no such zone; an address of a name server is no glue
    there. A DS where nothing is delegated is a warning too: no resolver asks for it, and most likely the NS
    records were forgotten.
    """
    yield from zone_points(facts, _hidden, "Nothing is hidden below a delegation or a DNAME.")


def _hidden(zone: ServedZone) -> Iterator[Problem]:
    by_cover: dict[int, tuple[RRset, list[RRset]]] = {}
    for rrset in zone.snapshot.rrsets:
        cover = zone.cover(rrset.owner, rrset.rdtype)
        if cover is not None and not _is_glue(zone, rrset, cover):
            by_cover.setdefault(id(cover), (cover, []))[1].append(rrset)
        elif rrset.rdtype == RdataType.DS and not zone.sets(rrset.owner, RdataType.NS):
            yield from _without_cut(zone, rrset)
    for cover, below in by_cover.values():
        first = ", ".join(subject_of(rrset.key) for rrset in below[:_MANY_HIDDEN])
        more = f" and {len(below) - _MANY_HIDDEN} more" if len(below) > _MANY_HIDDEN else ""
        message = f"It hides {counted(len(below), 'RRset')} of this zone from everybody ({first}{more})."
        severity = Severity.NOTICE
        if cover.rdtype == RdataType.DNAME:
            message, severity = f"{message} Knot and NSD refuse the whole zone.", Severity.WARNING
        yield Problem(subject_of(cover.key), message, (_shown(cover),), severity=severity)


def _without_cut(zone: ServedZone, keys: RRset) -> Iterator[Problem]:
    """Yield what to say of a DS without NS; of one at the apex `zone.refused` tells."""
    if folded(keys.owner) != folded(zone.origin):
        yield Problem(
            subject_of(keys.key),
            "It stands where nothing is delegated, and nobody asks for it; NS records were expected beside it.",
            (_shown(keys),),
            f"Add the NS records of {text_of(keys.owner)}, or delete the DS.",
            Severity.WARNING,
        )


def _is_glue(zone: ServedZone, rrset: RRset, cover: RRset) -> bool:
    """Tell whether the set is what a delegation is there with; below a DNAME nothing is given out."""
    return cover.rdtype == RdataType.NS and rrset.rdtype in ADDRESS_TYPES and zone.is_name_server(rrset.owner)


def _shown(rrset: RRset) -> Noted:
    if is_alias(rrset):
        return Noted(subject_of(rrset.key), "an alias of the provider")
    return Noted(subject_of(rrset.key), listed(rrset.rdatas))
