"""Wildcards, and the empty names above others: answered as before. No IO here."""

from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.answers.settle import of_observation
from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.asking import Compared, left_out
from migrator.checks.zone.base import ask_everything, base_zone, compared_with_base
from migrator.checks.zone.planned import advice_to_add, keys_in_words, rrset_of
from migrator.checks.zone.rules import PLANNING, zone_points
from migrator.checks.zone.served import lowered
from migrator.cutover.look import explained
from migrator.diff import Difference, Kind
from migrator.diff.result import REAL
from migrator.diff.wording import answered, listed
from migrator.meaning.roles import is_spf
from migrator.meaning.served import ServedZone
from migrator.model.finding import Phase, Severity
from migrator.model.names import folded, for_people, is_wildcard, text_of
from migrator.model.observation import Observation
from migrator.model.phrases import counted
from migrator.model.rrset import RRset
from migrator.model.zone import subject_of

_MOST_SHOWN = 3
_MAIL_TYPES = (RdataType.TXT, RdataType.MX)


@check(
    "zone.wildcard",
    phases=(Phase.READY,),
    source="RFC 4592 sections 2 to 4",
    remedy="Make the wildcards of the new zone equal to those of the old one.",
    asks=ask_everything,
)
def wildcard(facts: Facts) -> Iterator[Point]:
    """Wildcards answer as before.

    Asked of every new address: a random name below each name that stands above others, for the types of its
    wildcard. It fails where a wildcard is missing, answers something else, or is new. One right below the apex
    that the new zone itself does not have is a parking page: `zone.nxdomain` tells it. It warns where a wildcard
    that the old zone does not have gives the very answers that single names should have: they may be missing
    behind it. A server that does not answer for a random name leaves unknown whether there is one. Not needed
    without any wildcard.
    """
    found = compared_with_base(facts)
    if not isinstance(found, Compared):
        yield found
        return
    yield from left_out(found)
    assert found.found is not None
    zone = base_zone(facts)
    assert zone is not None
    wild = [d for d in found.found.differences if is_wildcard(d.key.owner)]
    real = [d for d in wild if d.kind in REAL and not _is_parking(facts, d)]
    for difference in real:
        yield _wild_problem(found, difference)
    unknown = [d for d in wild if d.kind is Kind.UNCHECKED]
    yield from _not_known(facts, found, unknown)
    hides = [finding for finding in found.found.findings if finding.check == "live.wildcard-hides"]
    for finding in hides:
        evidence = (Noted(finding.subject, finding.message),)
        yield Problem(finding.subject, finding.message, evidence, severity=Severity.WARNING)
    number = sum(is_wildcard(rrset.owner) for rrset in zone.rrsets)
    if not number and not real and not hides and not unknown:
        yield NotNeeded("neither zone has a wildcard", tuple(one.soa for one in found.serving))
    elif not real and not hides and not unknown:
        keys = [rrset.key for rrset in zone.rrsets if is_wildcard(rrset.owner)]
        answers = tuple(
            answer for key in keys[:_MOST_SHOWN] for one in found.serving for answer in found.answers(one, key)
        )
        yield Passed(text_of(facts.domain), f"{counted(number, 'wildcard')} answered as before.", answers)


def _not_known(facts: Facts, found: Compared, unknown: list[Difference]) -> Iterator[Unchecked]:
    """Yield what is not known as one point: whoever leaves out one such answer leaves out most."""
    if not unknown:
        return
    evidence = tuple(answer for difference in unknown[:_MOST_SHOWN] for answer in found.evidence(difference))
    why, first = lowered(unknown[0].impact), unknown[0].key
    if len(unknown) == 1:
        yield Unchecked(subject_of(first), why, evidence)
    else:
        yield Unchecked(text_of(facts.domain), f"{keys_in_words(d.key for d in unknown)}: {why}", evidence)


def _is_parking(facts: Facts, difference: Difference) -> bool:
    """Tell whether a new wildcard right below the apex is none of the new zone's: `zone.nxdomain` tells it."""
    right_below = difference.key.folded[1:] == folded(facts.domain)
    in_zone = facts.new is not None and facts.new.zone is not None and rrset_of(facts.new.zone, difference.key)
    return difference.kind is Kind.EXTRA and right_below and not in_zone


def _wild_problem(found: Compared, difference: Difference) -> Problem:
    saw = f"Names below it get {answered(difference.new)}; {answered(difference.old)} was expected."
    advice = advice_to_add(difference) or f"Delete {text_of(difference.key.owner)} at the new provider."
    return Problem(
        subject_of(difference.key),
        f"{saw} {difference.impact}",
        found.evidence(difference),
        advice,
        difference.severity,
    )


@check(
    "zone.ent",
    phases=(Phase.READY,),
    severity=Severity.WARNING,
    source="RFC 8020; RFC 4592 section 2.2.2; RFC 8499 (empty non-terminal)",
    remedy="Ask the new provider to answer names that only stand above others without an error.",
    asks=ask_everything,
)
def empty_non_terminals(facts: Facts) -> Iterator[Point]:
    """Empty names above others exist.

    Asked of every new address: A at each such name of the old zone (`_tcp` above `_sip._tcp`). It warns where a
    server says NXDOMAIN for one although names below it exist: resolvers that follow RFC 8020 then ask for none
    of those. Without an answer it is unchecked; not needed where the zone has no such name.
    """
    found = compared_with_base(facts)
    if not isinstance(found, Compared):
        yield found
        return
    yield from left_out(found)
    assert found.found is not None
    names = found.questions.non_terminals
    if not names:
        yield NotNeeded("no name of the zone stands empty above others", tuple(one.soa for one in found.serving))
        return
    wrong: dict[str, list[str]] = {}
    for finding in found.found.findings:
        if finding.check == "live.empty-non-terminal":
            wrong.setdefault(finding.subject, []).append(finding.message)
    for one in found.serving:
        server = str(one.server)
        answers = tuple(_answers(found, server, names))
        for message in wrong.get(server, []):
            yield Problem(server, message, answers[:_MOST_SHOWN])
        unknown = [answer for answer in answers if of_observation(answer) is not None]
        if unknown:
            number = counted(len(unknown), "name")
            reason = f"{number} above others: not known whether they are denied: {explained(unknown[0])}"
            yield Unchecked(server, reason, tuple(unknown[:_MOST_SHOWN]))
        elif server not in wrong:
            number = counted(len(names), "name")
            yield Passed(server, f"{number} above others: none is denied.", answers[:_MOST_SHOWN])


def _answers(found: Compared, server: str, names: Iterable[Name]) -> Iterator[Observation]:
    for one in found.serving:
        if str(one.server) == server and one.seen is not None:
            for name in names:
                answer = one.seen.observation(name, RdataType.A)
                if answer is not None:
                    yield answer


@check(
    "zone.wildcard-texts",
    phases=PLANNING,
    severity=Severity.NOTICE,
    in_lint=True,
    source="RFC 4592; RFC 7208 section 3.5; RFC 9989",
    remedy="Give names that programs look for records of their own, or delete the wildcard.",
)
def wildcard_texts(facts: Facts) -> Iterator[Point]:
    """No wildcard poses as a policy.

    Looked at: the zone itself. A wildcard TXT answers at `_dmarc`, below `_domainkey` and at `_acme-challenge`
    of every name that does not exist, where programs expect something else; a wildcard MX takes mail for any
    name. Both are notices. Below a label with an underscore, and of SPF alone, such wildcards are meant.
    """
    yield from zone_points(
        facts,
        _wild_texts,
        "No wildcard answers where programs look for policies or mail.",
        wanted=lambda rrset: is_wildcard(rrset.owner),
        without="the zone has no wildcard",
    )


def _is_meant(rrset: RRset) -> bool:
    """Tell whether the wildcard is meant: below `_domainkey` or `_report`, or SPF for all names."""
    below_label = any(label.startswith(b"_") for label in rrset.owner.labels)
    return below_label or all(is_spf(rdata) for rdata in rrset.rdatas)


def _wild_texts(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        if rrset.rdtype not in _MAIL_TYPES or not is_wildcard(rrset.owner) or _is_meant(rrset):
            continue
        parent = for_people(rrset.owner.parent())
        effect = f"takes mail for any name below {parent}"
        if rrset.rdtype == RdataType.TXT:
            effect = f"is read as a policy or a key wherever below {parent} there is none"
        evidence = (Noted(subject_of(rrset.key), listed(rrset.rdatas)),)
        yield Problem(subject_of(rrset.key), f"The wildcard {effect}.", evidence)
