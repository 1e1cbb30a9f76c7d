"""The old zone against the new one, as their providers have them. No IO here."""

from collections.abc import Iterator, Sequence

from dns.rdatatype import RdataType

from migrator.answers.seen import trouble_of
from migrator.answers.settle import is_special
from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.points import Evidence, Noted, NotNeeded, Passed, Point, Problem
from migrator.checks.zone.planned import (
    advice_to_add,
    command_to_import,
    has_in_words,
    held_by,
    in_its_place,
    is_of_signer,
    keys_in_words,
    place_in_words,
    rerouted_between,
    source_of,
    zone_diff,
)
from migrator.checks.zone.rules import unread
from migrator.cutover.look import Side
from migrator.diff import Difference, Kind, ZoneDiff
from migrator.diff.equality import Meant, by_meaning, mean_the_same
from migrator.diff.result import REAL
from migrator.diff.routed import in_words, said
from migrator.diff.wording import answered
from migrator.meaning.served import ADDRESS_TYPES
from migrator.model.extras import Proxied
from migrator.model.finding import Phase, Severity
from migrator.model.names import folded, is_wildcard, text_of
from migrator.model.observation import Answer, Observation
from migrator.model.phrases import counted, ended
from migrator.model.rrset import RRset, RRsetKey, is_proxied
from migrator.model.zone import subject_of

_MOST_SHOWN = 5
# The differences that are looked at on the servers as well; where there are more, the import has not happened.
_MOST_LOOKED_AT = 50


def _three_ways(facts: Facts) -> Iterator[Ask]:
    """Ask every server of both sides for what differs."""
    found = zone_diff(facts)
    for difference in _looked_at(found):
        for side in facts.sides:
            for server in side.servers:
                yield facts.question(server, difference.key.owner, difference.key.rdtype)


def _looked_at(found: ZoneDiff | None) -> list[Difference]:
    real = [d for d in found.differences if d.kind in REAL and not is_wildcard(d.key.owner)] if found else []
    return real[:_MOST_LOOKED_AT]


@check(
    "zone.diff",
    phases=(Phase.READY,),
    blocks=True,
    source="RFC 2181 section 5; the comparison of dns-migrator diff",
    remedy="Import what is missing: dns-migrator import OLD NEW.",
    asks=_three_ways,
)
def diff(facts: Facts) -> Iterator[Point]:
    """Both zones say the same.

    Compared as `dns-migrator diff` does: the zone of each side as its provider (or file) has it, RRset by RRset,
    with what each difference breaks. It fails or warns as the comparison judges a difference; other TTLs are one
    notice; SOA, apex NS, signatures and other forms of the same rdata are expected, as are the addresses of new
    name servers inside the domain, which are a notice. For each difference all name servers of both sides are
    asked as well, so that the finding shows three things: the old zone, the new provider's zone, and what is
    served. Not needed where the new side names live servers only (`zone.served`
    compares those with the old zone); unchecked where a zone could not be read.
    """
    if facts.new is None:
        yield NotNeeded("there is no new side: --to names it")
        return
    if facts.new.is_live and facts.old.zone is not None:
        yield NotNeeded("the new side names live servers only: zone.served compares them with the old zone")
        return
    found = zone_diff(facts)
    if found is None:
        for side in facts.sides:
            if side.zone is None:
                yield unread(facts, side)
        return
    yield from _differences(facts, facts.new, found)


def _differences(facts: Facts, new: ZoneSide, found: ZoneDiff) -> Iterator[Point]:
    looked_at = {difference.key for difference in _looked_at(found)}
    real = [difference for difference in found.differences if difference.kind in REAL]
    for difference in real:
        served = tuple(_served(facts, difference.key)) if difference.key in looked_at else ()
        yield _problem(facts, new, difference, served)
    timed = [difference.key for difference in found.differences if difference.kind is Kind.TTL]
    if timed:
        message = f"{counted(len(timed), 'RRset')} with another TTL: {keys_in_words(timed)}."
        evidence = tuple(held_by(side, key) for key in timed[:_MOST_SHOWN] for side in (facts.old, new))
        yield Problem(text_of(facts.domain), message, evidence, severity=Severity.NOTICE)
    if not real:
        alike = len(found.differences) - len(timed)
        more = f", {alike:,} in another form or the provider's own" if alike else ""
        evidence = tuple(_size(side) for side in (facts.old, new))
        yield Passed(text_of(facts.domain), f"{counted(found.same, 'RRset')} alike{more}.", evidence)


def _size(side: ZoneSide) -> Noted:
    assert side.zone is not None
    return Noted(source_of(side), f"{counted(len(side.zone.rrsets), 'RRset')}", side.zone.read_at)


def _served(facts: Facts, key: RRsetKey) -> Iterator[Observation]:
    for side in reversed(facts.sides):
        for server in side.servers:
            yield facts.observed(facts.question(server, key.owner, key.rdtype))


def _is_new_name_server(new: ZoneSide, key: RRsetKey) -> bool:
    return key.rdtype in ADDRESS_TYPES and key.folded in set(map(folded, new.names))


def _problem(facts: Facts, new: ZoneSide, difference: Difference, served: tuple[Observation, ...]) -> Problem:
    key = difference.key
    place = in_its_place(facts.old.zone if difference.kind is Kind.EXTRA else new.zone, key)
    advice = _advice(facts, new, difference, place)
    severity = difference.severity
    if difference.kind is Kind.CHANGED and _is_proxy_lost(new, difference):
        # The import did what it could: another one would change nothing here.
        advice = "Nothing is to be imported: let the address itself be ready for visitors before the switch."
    match difference.kind:
        case Kind.EXTRA if _is_new_name_server(new, key):
            saw = f"The new zone has {answered(difference.new)}, and the old one nothing: a new name server."
            return Problem(subject_of(key), saw, (held_by(new, key), *served), "", Severity.NOTICE)
        case Kind.CHANGED if _is_new_name_server(new, key):
            saw = (
                f"The new zone has {answered(difference.new)}, the old one {answered(difference.old)}: a name "
                "server whose name stays, at a new address."
            )
            return Problem(subject_of(key), saw, (held_by(new, key), *served), "", Severity.NOTICE)
        case _ if is_of_signer(key, facts.domain):
            severity = Severity.NOTICE
            saw = ended(f"The new zone has {answered(difference.new)}; the old one {answered(difference.old)}")
            advice = "See what dnssec.safe-to-switch says."
        case Kind.MISSING if place:
            had = has_in_words(facts.old.zone, difference.old)
            saw = ended(f"The new zone has {place_in_words(place)}; the old one {had}")
        case Kind.EXTRA if place:
            has = has_in_words(new.zone, difference.new)
            saw = ended(f"The new zone has {has}; the old one {place_in_words(place)}")
        case Kind.MISSING:
            saw = ended(f"The new zone lacks it; the old one has {answered(difference.old)}")
        case Kind.EXTRA:
            saw = f"The new zone has {answered(difference.new)}, and the old one nothing."
        case _:
            saw = ended(f"The new zone has {answered(difference.new)}; the old one {answered(difference.old)}")
    evidence: tuple[Evidence, ...] = (held_by(facts.old, key), held_by(new, key), *served)
    message = f"{saw}{_besides(facts, difference, served)} {difference.impact}"
    return Problem(subject_of(key), message, evidence, advice, severity)


def _is_proxy_lost(new: ZoneSide, difference: Difference) -> bool:
    """Tell whether only the old provider's proxy is missing, which the new provider does not have."""
    had, has = difference.old, difference.new
    if had is None or has is None or new.capabilities is None or not mean_the_same(had.rdatas, has.rdatas):
        return False
    return is_proxied(had) and not is_proxied(has) and Proxied not in new.capabilities.extras


def _advice(facts: Facts, new: ZoneSide, difference: Difference, place: Sequence[RRset]) -> str:
    """Return what to do about a difference; what stands in the place of something else is never to be deleted."""
    key = difference.key
    sides = rerouted_between(facts.old.zone, new.zone, key)
    command = command_to_import(facts)
    again = f"Import again: {command}" if command else ""
    if difference.new is not None and difference.old is None:
        if not place:
            return "Delete it in the new zone, unless it is meant."
        strange = sides.strange(difference.new) if sides else said([difference.new])
        if strange and strange.keys() != said([difference.new]).keys():
            return f"Take {in_words(strange)} out of it, unless it is meant."
        return f"Put {place_in_words(place)} in its place, unless it is meant." if strange else ""
    if sides is not None and difference.old is not None:
        lost = sides.lost(difference.old)
        can_stand_beside = difference.severity is Severity.ERROR or key.rdtype != RdataType.CNAME
        if not lost or not can_stand_beside:
            return ""
    in_place = any(rrset.rdtype == RdataType.CNAME or rrset.rdtype != key.rdtype for rrset in place)
    return advice_to_add(difference, again, in_place=in_place)


def _besides(facts: Facts, difference: Difference, served: tuple[Observation, ...]) -> str:
    """Return what the servers say that the two zones do not, as a sentence; empty where they answer from them."""
    if difference.old is None:
        return ""
    answers = {side.side: _answered(side, served) for side in facts.sides}
    of_old = answers[Side.OLD]
    if difference.old.key.variant:
        # Any one of the routed sets may be answered, of some kinds several together.
        may_be = frozenset(said(in_its_place(facts.old.zone, difference.key)))
        return _NO_LONGER if of_old and not any(each and each <= may_be for each in of_old) else ""
    if is_special([difference.old]):
        return ""
    wanted = frozenset(by_meaning(difference.old.rdatas))
    if answers.get(Side.NEW) == {wanted}:
        return " The new name servers answer as the old zone all the same."
    return _NO_LONGER if of_old and wanted not in of_old else ""


_NO_LONGER = " The old name servers do not answer as the old zone any more."


def _answered(side: ZoneSide, served: tuple[Observation, ...]) -> set[frozenset[Meant]]:
    """Return what the servers of a side gave, each distinct set once; nothing of those that did not answer.

    A referral is no answer: the set that it was asked for is not the parent's to give.
    """
    of_side = {(server.address, server.port) for server in side.servers}
    found: set[frozenset[Meant]] = set()
    for seen in served:
        server = seen.question.server
        if (
            (server.address, server.port) in of_side
            and isinstance(seen, Answer)
            and seen.authoritative
            and trouble_of(seen) is None
        ):
            rrset = seen.answered()
            found.add(frozenset() if rrset is None else frozenset(by_meaning(rrset.rdatas)))
    return found
