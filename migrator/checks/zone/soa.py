"""The SOA record: its values, and the serials of one provider's servers. No IO here."""

from collections.abc import Iterator

from dns.rdatatype import RdataType
from dns.rdtypes.ANY.SOA import SOA

from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.rules import PLANNING, judged_side, read_from, unread
from migrator.cutover.look import explained, served
from migrator.model.finding import Phase, Severity
from migrator.model.names import folded, for_people, text_of
from migrator.model.observation import Answer, Observation, Question
from migrator.model.phrases import counted
from migrator.model.serials import is_later

# RFC 1912 section 2.2, RFC 2308 section 5 and Zonemaster ZONE02 to ZONE06; providers differ, and all work.
_LEAST_REFRESH, _LEAST_EXPIRE = 1_200, 604_800
_NEGATIVE = range(60, 86_401)


def _questions(facts: Facts, side: ZoneSide) -> Iterator[Question]:
    for server in side.servers:
        yield facts.question(server, facts.domain, RdataType.SOA)


def _of_judged(facts: Facts) -> Iterator[Question]:
    """Ask each address of the judged side; nobody where one zone alone is looked at."""
    if facts.delegation is not None:
        yield from _questions(facts, judged_side(facts))


@check(
    "zone.soa",
    phases=PLANNING,
    severity=Severity.WARNING,
    in_lint=True,
    source="RFC 1035 section 3.3.13; RFC 1912 section 2.2; RFC 2308; Zonemaster ZONE01 to ZONE06, SYNTAX05 to 07",
    remedy="Set the SOA where the provider lets you; most have sensible values of their own.",
    asks=_of_judged,
)
def soa(facts: Facts) -> Iterator[Point]:
    """The SOA has values that work.

    Asked of each address of the zone's name servers; read from the zone itself by `lint`, or where nobody answers.
    It warns where the mailbox has an '@' in it, where retry is not below refresh, or expire is not above it; a
    refresh below 20 minutes, an expire below a week, and a negative TTL outside one minute to one day are notices.
    What servers say of authority and refusals is looked at elsewhere (`ns.aa`).
    """
    side = judged_side(facts)
    found: list[tuple[SOA, Evidence]] = []
    for question in _of_judged(facts):
        observation = facts.observed(question)
        rrset = served(observation)
        found += [(rdata, observation) for rdata in (rrset.rdatas if rrset else ()) if isinstance(rdata, SOA)]
    own = side.zone.apex(RdataType.SOA) if side.zone is not None else None
    if not found and own is not None:
        found = [(rdata, read_from(side)) for rdata in own.rdatas if isinstance(rdata, SOA)]
    if not found:
        yield unread(facts, side) if side.zone is None else NotNeeded("the zone has no SOA of its own")
        return
    yield from _judged(f"{text_of(facts.domain)} SOA", found)


def _judged(subject: str, found: list[tuple[SOA, Evidence]]) -> Iterator[Point]:
    """Yield what is wrong with each distinct SOA, once."""
    grouped: dict[tuple[object, ...], tuple[SOA, list[Evidence]]] = {}
    for rdata, evidence in found:
        # The serial says nothing of the values.
        key = (folded(rdata.rname), rdata.refresh, rdata.retry, rdata.expire, rdata.minimum)
        grouped.setdefault(key, (rdata, []))[1].append(evidence)
    for rdata, shown in grouped.values():
        faults = list(_faults(rdata))
        for severity, message in faults:
            yield Problem(subject, message, tuple(shown), severity=severity)
        if not any(severity is Severity.WARNING for severity, _ in faults):
            values = (
                f"refresh {rdata.refresh}, retry {rdata.retry}, expire {rdata.expire}, minimum {rdata.minimum}"
            )
            yield Passed(subject, f"The values work: {values}.", tuple(shown))


def _faults(rdata: SOA) -> Iterator[tuple[Severity, str]]:
    if any(b"@" in label for label in rdata.rname.labels):
        mailbox = for_people(rdata.rname)
        yield Severity.WARNING, f"The mailbox is written {mailbox}; a dot stands for the '@' in an SOA."
    if rdata.retry >= rdata.refresh:
        yield (
            Severity.WARNING,
            f"Retry ({rdata.retry}) is not below refresh ({rdata.refresh}); a failed look waits longer.",
        )
    if rdata.expire <= rdata.refresh:
        yield (
            Severity.WARNING,
            f"Expire ({rdata.expire}) is not above refresh ({rdata.refresh}); secondaries drop the zone early.",
        )
    elif rdata.expire < _LEAST_EXPIRE:
        yield (
            Severity.NOTICE,
            f"Expire is {rdata.expire} seconds; when the primary is down for so long, secondaries drop the zone.",
        )
    if rdata.refresh < _LEAST_REFRESH:
        yield Severity.NOTICE, f"Refresh is {rdata.refresh} seconds; 20 minutes or more are usual."
    if rdata.minimum not in _NEGATIVE:
        yield (
            Severity.NOTICE,
            f"The negative TTL is {counted(rdata.minimum, 'second')}; one minute to one day is usual.",
        )


def _of_all(facts: Facts) -> Iterator[Question]:
    for side in facts.sides:
        yield from _questions(facts, side)


@check(
    "zone.serial",
    phases=(Phase.READY, Phase.SETTLE),
    severity=Severity.WARNING,
    source="RFC 1982; RFC 1034 section 4.3.5; Zonemaster CONSISTENCY01",
    remedy="Wait until every name server has the newest version of the zone, and check again.",
    asks=_of_all,
)
def serial(facts: Facts) -> Iterator[Point]:
    """A provider's servers are in step.

    Asked: the SOA of each address of the old and the new name servers. It warns where the addresses of one
    provider answer with several serials, naming those that lag behind (RFC 1982 order). Serials of different
    providers say nothing about each other; whoever has the same primary and mailbox in the SOA, on the same side
    of the move, is taken for one provider: a zone that was copied keeps them. An
    address that does not answer is unchecked, one without authority is `ns.aa`'s.
    """
    asked = [
        (side.side, facts.observed(question), question)
        for side in facts.sides
        for question in _questions(facts, side)
    ]
    if not asked:
        yield Unchecked(text_of(facts.domain), "no address of a name server is known")
        return
    providers: dict[tuple[object, ...], list[tuple[SOA, Answer]]] = {}
    for side, observation, question in asked:
        rdata = _soa_of(observation)
        if rdata is None:
            reason = f"no SOA to compare: {explained(observation)}"
            yield Unchecked(str(question.server), reason, (observation,))
        else:
            assert isinstance(observation, Answer)
            providers.setdefault((side, folded(rdata.mname), folded(rdata.rname)), []).append((rdata, observation))
    for found in providers.values():
        yield _one_version(facts, found)


def _soa_of(observation: Observation) -> SOA | None:
    rrset = served(observation)
    return next((rdata for rdata in (rrset.rdatas if rrset else ()) if isinstance(rdata, SOA)), None)


def _one_version(facts: Facts, found: list[tuple[SOA, Answer]]) -> Point:
    subject = f"{text_of(facts.domain)} SOA"
    evidence = tuple(answer for _, answer in found)
    provider = for_people(found[0][0].mname)
    serials = {rdata.serial for rdata, _ in found}
    if len(serials) == 1:
        message = f"Serial {serials.pop()} at {counted(len(found), 'address', 'addresses')} of {provider}."
        return Passed(subject, message, evidence)
    # Serials that lie half the space apart have no order (RFC 1982 section 3.2); the larger one is as good then.
    newest = next((one for one in serials if all(is_later(one, other) for other in serials - {one})), max(serials))
    lagging = [f"{answer.question.server} has {rdata.serial}" for rdata, answer in found if rdata.serial != newest]
    return Problem(
        subject,
        f"The servers of {provider} have {len(serials)} versions of the zone: the newest is {newest}, "
        f"{', '.join(lagging)}; one was expected.",
        evidence,
        f"Wait (its refresh is {found[0][0].refresh} seconds), then check again.",
    )
