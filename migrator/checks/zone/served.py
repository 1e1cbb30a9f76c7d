"""What is planned against what each new name server answers. No IO here."""

from collections.abc import Iterable, Iterator
from itertools import islice

from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.answers.settle import is_special
from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.points import Evidence, Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.asking import Asked, Compared, compared, everything, left_out
from migrator.checks.zone.planned import (
    advice_to_add,
    held_by,
    in_its_place,
    is_of_signer,
    keys_in_words,
    place_in_words,
    planned_side,
    source_of,
)
from migrator.checks.zone.rules import served_zone, unread
from migrator.cutover.look import explained
from migrator.diff import Difference, Kind
from migrator.diff.result import REAL
from migrator.diff.wording import answered, listed
from migrator.meaning.served import ADDRESS_TYPES, ServedZone
from migrator.model.finding import Phase, Severity
from migrator.model.names import folded, is_wildcard, text_of
from migrator.model.observation import Answer
from migrator.model.phrases import counted, ended
from migrator.model.rrset import RRsetKey
from migrator.model.zone import subject_of

_PHASES = (Phase.READY, Phase.SETTLE)
_MOST_SHOWN = 5
_MOST_SERVERS = 2


def _whole_plan(facts: Facts) -> Iterable[Ask]:
    """Ask each new server everything that is planned."""
    side = planned_side(facts)
    if facts.new is not None and side is not None and side.zone is not None:
        yield from everything(facts, facts.new, side.zone)


@check(
    "zone.served",
    phases=_PHASES,
    blocks=True,
    source="RFC 2181 sections 5.2 and 6.1; RFC 1034 section 4.3.2",
    remedy="Import what is missing; where the provider has it and does not serve it, wait, then ask the provider.",
    asks=_whole_plan,
)
def served(facts: Facts) -> Iterator[Point]:
    """Every new server answers the plan.

    The plan is the new zone as its provider has it, or the old zone where the new side names live servers only.
    Each name and type is asked of each address, over UDP, and over TCP where the answer is cut off; it passes
    where the code is NOERROR, the answer has authority (AA) and its rdata are those of the plan. It fails for
    each RRset that is missing or differs, and says at which servers. Other TTLs are one notice. An alias, a
    proxied or a routed set of the new provider answers what the provider computes: any answer passes, with a
    notice, none fails. Where the plan is the old zone, an answer of that kind is unchecked unless it shows what
    is expected.

    A server that refuses the zone or is silent is one unchecked point here; `ns.aa` and `ns.udp` say what is
    wrong. SOA, apex NS and signatures are each provider's own. Wildcards are `zone.wildcard`'s, delegations
    `zone.subdelegation`'s.
    """
    side = planned_side(facts)
    if facts.new is None or side is None or side.zone is None:
        yield NotNeeded("there is no new side") if facts.new is None else unread(facts, facts.old)
        return
    if not facts.new.servers:
        yield Unchecked(text_of(facts.domain), "no address of a new name server is known")
        return
    found = compared(facts, facts.new, side.zone)
    yield from left_out(found)
    zone = served_zone(side.zone)
    faulty: set[str] = set()
    for point, servers in _judged(facts, side, zone, found):
        yield point
        faulty.update(servers)
    yield from _without_authority(found, faulty)
    number = sum(_is_own(zone, rrset.key) for rrset in side.zone.rrsets)
    for one in found.serving:
        if str(one.server) not in faulty:
            yield _passed(side, found, one, zone, number)


def _judged(
    facts: Facts, side: ZoneSide, zone: ServedZone, found: Compared
) -> Iterator[tuple[Point, tuple[str, ...]]]:
    """Yield a point for each difference, with the servers that spoil their pass by it."""
    own = [d for d in (found.found.differences if found.found else ()) if _is_own(zone, d.key)]
    for difference in own:
        if difference.kind in REAL:
            problem = _problem(facts, side, found, difference)
            yield problem, () if problem.severity is Severity.NOTICE else difference.servers
    unknown = [d for d in own if d.kind is Kind.UNCHECKED]
    yield from _unknown(found, unknown, is_new=side is not facts.old)
    timed = [d for d in own if d.kind is Kind.TTL]
    if timed:
        message = (
            f"{counted(len(timed), 'RRset')} served with another TTL than planned: {keys_in_words_of(timed)}."
        )
        evidence = tuple(answer for d in timed[:_MOST_SHOWN] for answer in found.evidence(d))
        yield Problem(text_of(facts.domain), message, evidence, severity=Severity.NOTICE), ()


def _is_own(zone: ServedZone, key: RRsetKey) -> bool:
    """Tell whether this check speaks of the RRset: others do of wildcards, delegations and glue."""
    if is_wildcard(key.owner) or is_of_cut(zone, key):
        return False
    return zone.cover(key.owner, key.rdtype) is None


def is_of_cut(zone: ServedZone, key: RRsetKey) -> bool:
    """Tell whether an RRset is a part of a delegation: its NS, its DS, or glue."""
    at_apex = key.folded == folded(zone.origin)
    if key.rdtype in {RdataType.NS, RdataType.DS} and not at_apex:
        return True
    return key.rdtype in ADDRESS_TYPES and zone.cover(key.owner, key.rdtype) is not None


def _problem(facts: Facts, side: ZoneSide, found: Compared, difference: Difference) -> Problem:
    key = difference.key
    planned = answered(difference.old)
    got = answered(difference.new) if difference.new else _nothing(found, difference)
    where = _where(found, difference.servers)
    verb = "answer" if "," in where else "answers"
    expected = f"{planned} was planned" if difference.old else "nothing was planned"
    held = held_by(side, key)
    place = in_its_place(side.zone, key)
    if difference.kind is Kind.EXTRA and place:
        expected = f"{place_in_words(place)} was planned"
        advice = f"Put {place_in_words(place)} in its place, as {source_of(side)} has it."
    elif difference.kind is Kind.EXTRA:
        advice = f"Delete it at the new provider, unless {source_of(side)} was to have it."
    elif side is facts.old:
        advice = advice_to_add(difference)
    else:
        advice = (
            f"{source_of(side)} has it, so nothing is left to import: check again in some minutes; then ask the "
            "provider why these servers do not serve it."
        )
    message = ended(f"{where} {verb} {got}; {expected}") + f" {difference.impact}"
    severity = difference.severity
    if side is facts.old and _is_new_name_server(facts, key):
        severity, advice = Severity.NOTICE, "The address of a name server of the new side is meant to be its own."
    if is_of_signer(key, facts.domain):
        severity, advice = Severity.NOTICE, "See what dnssec.safe-to-switch says."
    return Problem(subject_of(key), message, (held, *found.evidence(difference)), advice, severity)


def _is_new_name_server(facts: Facts, key: RRsetKey) -> bool:
    names = () if facts.new is None else facts.new.names
    return key.rdtype in ADDRESS_TYPES and key.folded in set(map(folded, names))


def _nothing(found: Compared, difference: Difference) -> str:
    """Return how the servers say that there is nothing: by code, NODATA, or what stands in its place."""
    said = dict.fromkeys(
        _said(answer)
        for answer in found.evidence(difference)
        if isinstance(answer, Answer) and answer.question.rdtype == difference.key.rdtype
    )
    return " or ".join(said) if said else "nothing"


def _said(answer: Answer) -> str:
    if answer.rcode == Rcode.NXDOMAIN:
        return "NXDOMAIN"
    instead = answer.answered() or answer.answered(RdataType.CNAME)
    return listed(instead.rdatas) if instead else explained(answer)


def _where(found: Compared, servers: tuple[str, ...]) -> str:
    if len(servers) > 1 and len(servers) == len(found.serving):
        return "Every new name server"
    more = len(servers) - _MOST_SERVERS
    return ", ".join(servers[:_MOST_SERVERS]) + (f" and {more} more" if more > 0 else "")


def _unknown(
    found: Compared, unknown: list[Difference], *, is_new: bool
) -> Iterator[tuple[Point, tuple[str, ...]]]:
    """Yield what could not be compared: one point for what fails alike, notices for what the provider computes."""
    alike: dict[tuple[str, tuple[str, ...]], list[Difference]] = {}
    for difference in unknown:
        is_computed = difference.new is not None and difference.old is not None and is_special([difference.old])
        if is_computed and is_new:
            computed = f"The provider computes the answer ({answered(difference.new)})"
            message = ended(f"{computed}; the plan says {answered(difference.old)}")
            evidence = found.evidence(difference)
            yield Problem(subject_of(difference.key), message, evidence, severity=Severity.NOTICE), ()
        else:
            alike.setdefault((difference.impact, difference.servers), []).append(difference)
    for (impact, servers), differences in alike.items():
        subject = subject_of(differences[0].key)
        reason = f"{_where(found, servers)}: {lowered(impact)}"
        if len(differences) > 1:
            subject = text_of(found.found.origin) if found.found else subject
            reason = f"{counted(len(differences), 'RRset')} ({keys_in_words_of(differences)}) at {reason}"
        evidence = tuple(answer for d in differences[:_MOST_SHOWN] for answer in found.evidence(d))
        yield Unchecked(subject, reason, evidence), servers


def lowered(sentence: str) -> str:
    """Return a sentence as the reason of something: begun small, without its full stop."""
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


def keys_in_words_of(differences: Iterable[Difference]) -> str:
    """Return a few of many differences by name."""
    return keys_in_words(difference.key for difference in differences)


def _without_authority(found: Compared, faulty: set[str]) -> Iterator[Point]:
    for finding in found.found.findings if found.found else ():
        if finding.check == "live.not-authoritative":
            faulty.add(finding.subject)
            answers = (o for one in found.serving if str(one.server) == finding.subject for o in _lame(one))
            yield Problem(finding.subject, finding.message, tuple(islice(answers, _MOST_SHOWN)))


def _lame(one: Asked) -> Iterator[Answer]:
    """Yield the answers that came without authority."""
    for seen in one.seen.observations.values() if one.seen is not None else ():
        if isinstance(seen, Answer) and seen.answer and not seen.authoritative:
            yield seen


def _passed(side: ZoneSide, found: Compared, one: Asked, zone: ServedZone, number: int) -> Passed:
    keys = [rrset.key for rrset in zone.snapshot.rrsets if _is_own(zone, rrset.key)]
    shown: list[Evidence] = [answer for key in keys[:_MOST_SHOWN] for answer in found.answers(one, key)]
    compared_with = Noted(f"compared with {source_of(side)}", f"{counted(number, 'RRset')} at {one.server}")
    return Passed(str(one.server), f"{counted(number, 'RRset')} answered as planned.", (compared_with, *shown))
