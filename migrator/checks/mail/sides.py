"""What the checks of mail share: the domains that have mail, and looks at either side of the move. No IO here.

The new side is asked: its servers for names of the zone, a resolver for all others. What stood before is read in
the old zone itself, from where a CNAME or an include may lead outside. Where only one zone is there and nobody is
asked (`lint`), names outside the zone stay unknown, and nothing is said of them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from dns.name import Name
from dns.rcode import Rcode
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.overlay import LONGEST_CHAIN, Absent, Failed, Found, Lookup, Pending, look_up
from migrator.checks.points import Evidence, Noted, Point, Problem
from migrator.checks.zone.rules import served_zone
from migrator.codec.rdata import to_text
from migrator.cutover.look import Side
from migrator.mail.dmarc import consequence
from migrator.mail.verdict import mail_domains
from migrator.meaning.served import Sides
from migrator.meaning.targets import targets_of
from migrator.model.finding import Phase, Severity
from migrator.model.names import canonical_key, folded, text_of
from migrator.model.observation import NoAnswer, Observation, Silence
from migrator.model.rrset import RRset, is_alias, make
from migrator.model.zone import subject_of

# When the new side must be right: before the switch; and what mail hangs on, once more when everybody uses it.
BEFORE = (Phase.READY,)
TWICE = (Phase.READY, Phase.SETTLE)
_SAME_BEFORE = " The old side has the same fault."


def domains(facts: Facts) -> tuple[Name, ...]:
    """Return the domains with MX or SPF on either side; the apex also where a zone is not known as a whole."""
    found: dict[tuple[bytes, ...], Name] = {}
    for side in facts.sides:
        if side.zone is None:
            found.setdefault(folded(facts.domain), facts.domain)
            continue
        zone = served_zone(side.zone)
        for owner in mail_domains(side.zone.rrsets):
            if zone.cover(owner, RdataType.MX) is None:
                found.setdefault(folded(owner), owner)
    return tuple(sorted(found.values(), key=canonical_key))


def is_alone(facts: Facts) -> bool:
    """Tell whether one zone is looked at by itself, without asking anybody."""
    return facts.new is None and facts.delegation is None


def look(facts: Facts, side: ZoneSide, owner: Name, rdtype: RdataType) -> Lookup:
    """Return what a side has for a name: the new one by its servers, the old one by its zone."""
    if side.zone is None or (side.side is Side.NEW and not is_alone(facts)):
        return look_up(facts, side, owner, rdtype)
    zone = served_zone(side.zone)
    chain: list[Name] = []
    evidence: list[Evidence] = []
    for _ in range(LONGEST_CHAIN):
        if not zone.within(owner) or zone.cover(owner, rdtype) is not None:
            return _elsewhere(facts, side, owner, rdtype, chain, evidence)
        sets = zone.answer(owner, rdtype)
        if any(map(is_alias, sets)):
            return _elsewhere(facts, side, owner, rdtype, chain, evidence)
        if not sets:
            rcode = Rcode.NOERROR if owner in zone or zone.wildcard(owner) is not None else Rcode.NXDOMAIN
            nothing = Noted(side.locator, f"no {text_of(owner)} {RdataType.to_text(rdtype)}", side.zone.read_at)
            return Absent(rcode, tuple(chain), (*evidence, nothing))
        evidence.extend(noted(side, rrset) for rrset in sets)
        if sets[0].rdtype == rdtype:
            return Found(_merged(sets), tuple(chain), tuple(evidence))
        (owner, *_) = targets_of(sets[0].rdatas)
        chain.append(owner)
    return Failed(f"more than {LONGEST_CHAIN} CNAMEs one after another", tuple(evidence), is_loop=True)


def rdatas_of(lookup: Lookup) -> tuple[Rdata, ...]:
    """Return the records that a look found."""
    return lookup.rrset.rdatas if isinstance(lookup, Found) else ()


def evidence_of(*lookups: Lookup) -> tuple[Evidence, ...]:
    """Return all that looks rest on, each once."""
    every = [seen for lookup in lookups if not isinstance(lookup, Pending) for seen in lookup.evidence]
    return tuple({id(seen): seen for seen in every}.values())


def failure(lookups: Iterable[Lookup]) -> Failed | None:
    """Return the first look that came to nothing."""
    for lookup in lookups:
        if isinstance(lookup, Failed):
            return lookup
        if isinstance(lookup, Pending):
            return Failed("it was not asked")
    return None


def consequence_of(facts: Facts, domain: Name) -> str:
    """Return what receivers do with mail of a domain that fails, as the end of a sentence; empty if unknown."""
    zones = [served_zone(side.zone) for side in facts.sides if side.zone is not None]
    return consequence(Sides(zones[0], zones[-1]), domain) if zones else ""


def left_to(facts: Facts, found: Lookup) -> Name | None:
    """Return the first name outside the domain to which CNAMEs led, or None."""
    chain = found.chain if isinstance(found, Found | Absent) else ()
    return next((name for name in chain if not facts.within(name)), None)


def reached(seen: Iterable[Observation]) -> list[Observation]:
    """Return what was seen, without IPv6 addresses to which there is no route; all where nothing else is left."""
    every = list(seen)
    return [each for each in every if not _has_no_route(each)] or every


def _has_no_route(seen: Observation) -> bool:
    is_ipv6 = ":" in seen.question.server.address
    return is_ipv6 and isinstance(seen, NoAnswer) and seen.reason is Silence.UNREACHABLE


def noted(side: ZoneSide, rrset: RRset) -> Noted:
    """Return an RRset of a side's zone as evidence."""
    assert side.zone is not None
    records = " | ".join(map(to_text, rrset.rdatas))
    return Noted(side.locator or f"the {side.side} zone", f"{subject_of(rrset.key)} {records}", side.zone.read_at)


def old_sets(facts: Facts, wanted: Callable[[RRset], bool]) -> Iterator[RRset]:
    """Yield the RRsets of the old zone that a check is about, as far as its servers answer them."""
    if facts.old.zone is None:
        return
    zone = served_zone(facts.old.zone)
    for rrset in facts.old.zone.rrsets:
        if rrset.rdatas and wanted(rrset) and zone.cover(rrset.owner, rrset.rdtype) is None:
            yield rrset


def with_old_faults(
    facts: Facts, rule: Callable[[ZoneSide], Iterable[Point]], known: Severity | None = None
) -> Iterator[Point]:
    """Yield what a rule says of the side that is judged, and of each fault whether the old side has it too.

    It is as grave then as before, or as `known` says where nothing but the move is judged.
    """
    side = facts.judged
    found = list(rule(side))
    if side is facts.old:
        yield from found
        return
    before = {(p.subject, p.message) for p in rule(facts.old) if isinstance(p, Problem)}
    for point in found:
        if isinstance(point, Problem) and (point.subject, point.message) in before:
            yield _known_before(point, known)
        else:
            yield point


def records_in_words(owner: Name, rrset: RRset) -> str:
    """Return the records as one enters them: whole, in the form of a zone file, with no full stop behind."""
    head = f"{text_of(owner)} IN {RdataType.to_text(rrset.rdtype)}"
    return " ; ".join(f"{head} {to_text(rdata)}" for rdata in rrset.rdatas)


def _known_before(point: Problem, known: Severity | None) -> Problem:
    if point.severity is Severity.NOTICE:
        return point
    return replace(point, message=point.message + _SAME_BEFORE, severity=known or point.severity)


def _elsewhere(
    facts: Facts, side: ZoneSide, owner: Name, rdtype: RdataType, chain: list[Name], evidence: list[Evidence]
) -> Lookup:
    """Return what others answer for a name to which the zone leads, with what led to it."""
    if is_alone(facts):
        return Failed(f"{text_of(owner)} is decided outside the zone, and nobody is asked", tuple(evidence))
    match look_up(facts, side, owner, rdtype):
        case (Found() | Absent()) as known:
            return replace(known, chain=(*chain, *known.chain), evidence=(*evidence, *known.evidence))
        case Failed() as failed:
            return replace(failed, evidence=(*evidence, *failed.evidence))
        case Pending() as waiting:
            return waiting


def _merged(sets: tuple[RRset, ...]) -> RRset:
    """Return the sets of a routed name as one."""
    if len(sets) == 1:
        return sets[0]
    return make(sets[0].key, sets[0].ttl, tuple(rdata for rrset in sets for rdata in rrset.rdatas))
