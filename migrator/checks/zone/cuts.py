"""Zones below this one: new servers refer to the same name servers, with the same keys and glue. No IO here."""

from collections.abc import Collection, Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.answers.seen import silence_of, trouble_of
from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.asking import Compared, left_out
from migrator.checks.zone.base import ask_everything, base_zone, compared_with_base
from migrator.checks.zone.planned import advice_to_add, keys_in_words
from migrator.checks.zone.rules import served_zone
from migrator.checks.zone.served import is_of_cut, lowered
from migrator.cutover.look import explained
from migrator.diff import Difference, Kind
from migrator.diff.result import REAL
from migrator.diff.wording import answered, listed
from migrator.model.finding import Phase, Severity
from migrator.model.names import folded, text_of
from migrator.model.observation import Answer, Observation
from migrator.model.phrases import counted
from migrator.model.zone import ZoneSnapshot, subject_of

_MOST_SHOWN = 6


def _asks(facts: Facts) -> Iterable[Ask]:
    """Ask each new server everything of the old zone, and for the keys of each cut."""
    yield from ask_everything(facts)
    zone = base_zone(facts)
    for cut in _cuts(zone) if zone is not None else ():
        for server in facts.new.servers if facts.new else ():
            yield facts.question(server, cut, RdataType.DS)


def _cuts(zone: ZoneSnapshot) -> list[Name]:
    apex = folded(zone.origin)
    return [rrset.owner for rrset in zone.rrsets if rrset.rdtype == RdataType.NS and rrset.key.folded != apex]


@check(
    "zone.subdelegation",
    phases=(Phase.READY,),
    blocks=True,
    source="RFC 1034 section 4.2.1; RFC 4035 section 2.4; RFC 9471",
    remedy="Copy the NS records, the DS records and the glue of every zone that is delegated below this one.",
    asks=_asks,
)
def subdelegation(facts: Facts) -> Iterator[Point]:
    """Zones below are delegated as before.

    Asked of every new address, for each delegation in the old zone: NS, DS and the addresses of its name
    servers. A referral (no authority, NS in the authority section) or, where the server has that zone too, an
    answer passes when the name servers, the keys and the glue are those of the old zone. It fails where the NS
    are missing (all below stops), where the DS are missing (the zone below is no longer protected), and where
    there are DS that the old zone does not have (the zone below is taken for forged). Lesser differences warn.
    Not needed where nothing is delegated.
    """
    found = compared_with_base(facts)
    if not isinstance(found, Compared):
        yield found
        return
    zone = base_zone(facts)
    assert zone is not None
    cuts = _cuts(zone)
    of_cuts = _of_cuts(zone, found)
    if not cuts and not of_cuts:
        yield NotNeeded("the zone delegates nothing", tuple(one.soa for one in found.serving))
        return
    yield from left_out(found)
    problems = [*_differences(found, of_cuts), *_new_keys(facts, zone, found, cuts)]
    unknown = list(_unknown(facts, found, of_cuts))
    yield from problems
    yield from unknown
    if not problems and not unknown:
        evidence = tuple(_referrals(found, zone, cuts))
        sentence = f"{counted(len(cuts), 'zone')} below delegated as before."
        yield Passed(text_of(facts.domain), sentence, evidence[:_MOST_SHOWN])


def _of_cuts(zone: ZoneSnapshot, found: Compared) -> list[Difference]:
    served = served_zone(zone)
    return [d for d in (found.found.differences if found.found else ()) if is_of_cut(served, d.key)]


def _differences(found: Compared, of_cuts: list[Difference]) -> Iterator[Problem]:
    stopped = {d.key.folded for d in of_cuts if d.kind is Kind.MISSING and d.key.rdtype == RdataType.NS}
    for difference in of_cuts:
        # Without the NS neither keys nor glue are given out: one fault, said once.
        is_told = difference.key.rdtype != RdataType.NS and _is_below(difference.key.folded, stopped)
        if difference.kind not in REAL or is_told:
            continue
        saw = f"The new name servers give {answered(difference.new)}; {answered(difference.old)} was expected."
        servers = ", ".join(difference.servers)
        advice = advice_to_add(difference) or f"Delete {subject_of(difference.key)} at the new provider."
        yield Problem(
            subject_of(difference.key),
            f"{saw} {difference.impact} (At {servers}.)",
            found.evidence(difference),
            advice,
            difference.severity,
        )


def _is_below(labels: tuple[bytes, ...], cuts: Collection[tuple[bytes, ...]]) -> bool:
    """Tell whether one of the cuts is the name itself or stands above it."""
    return any(labels[start:] in cuts for start in range(len(labels)))


def _new_keys(
    facts: Facts, zone: ZoneSnapshot, found: Compared, cuts: list[Name]
) -> Iterator[Problem | Unchecked]:
    """Yield the DS records of new servers at cuts for which the old zone has none, and who does not tell."""
    served = served_zone(zone)
    for cut in cuts:
        if served.sets(cut, RdataType.DS):
            continue
        keys = [
            (answer, rrset)
            for one in found.serving
            if isinstance(answer := facts.observed(facts.question(one.server, cut, RdataType.DS)), Answer)
            and (rrset := answer.answered(RdataType.DS)) is not None
        ]
        if keys:
            yield Problem(
                f"{text_of(cut)} DS",
                f"The new name servers give {listed(keys[0][1].rdatas)}; the old zone has no DS there. Unless "
                "that zone is signed with this key, everything under it stops.",
                tuple(answer for answer, _ in keys),
                f"Delete {text_of(cut)} DS at the new provider.",
                Severity.ERROR,
            )
        for one in found.serving:
            seen = facts.observed(facts.question(one.server, cut, RdataType.DS))
            if silence_of(seen) is not None or (isinstance(seen, Answer) and trouble_of(seen) is not None):
                why = f"{one.server} does not say whether there is a DS: {explained(seen)}"
                yield Unchecked(f"{text_of(cut)} DS", why, (seen,))


def _unknown(facts: Facts, found: Compared, of_cuts: list[Difference]) -> Iterator[Unchecked]:
    unknown = [d for d in of_cuts if d.kind is Kind.UNCHECKED]
    if unknown:
        evidence = tuple(answer for d in unknown[:_MOST_SHOWN] for answer in found.evidence(d))
        keys = keys_in_words(d.key for d in unknown)
        yield Unchecked(text_of(facts.domain), f"{keys}: {lowered(unknown[0].impact)}", evidence)


def _referrals(found: Compared, zone: ZoneSnapshot, cuts: list[Name]) -> Iterator[Observation]:
    wanted = set(map(folded, cuts))
    for rrset in zone.rrsets:
        if rrset.rdtype == RdataType.NS and rrset.key.folded in wanted:
            for one in found.serving:
                yield from found.answers(one, rrset.key)
