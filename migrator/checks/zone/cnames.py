"""CNAMEs as resolvers meet them: in the answer to a question for an address. No IO here."""

from collections.abc import Iterator
from dataclasses import field

from dns.rdatatype import RdataType

from migrator.answers.seen import silence_of, trouble_of
from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.asking import serves
from migrator.checks.zone.planned import planned_side
from migrator.checks.zone.rules import served_zone, unread
from migrator.cutover.look import explained
from migrator.diff.wording import listed, named
from migrator.meaning.targets import targets_of
from migrator.model.finding import Phase, Severity
from migrator.model.names import folded, is_wildcard, text_of
from migrator.model.observation import Answer, Observation, Question, Server
from migrator.model.phrases import counted
from migrator.model.rrset import RRset, is_looked_up
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot, subject_of

_MOST_SHOWN = 5


def _of_each(facts: Facts) -> Iterator[Question]:
    """Ask each new server that serves the zone for an address at each CNAME."""
    side = planned_side(facts)
    if facts.new is None or side is None or side.zone is None:
        return
    for server in facts.new.servers:
        soa = facts.question(server, facts.domain, RdataType.SOA)
        yield soa
        if soa in facts.replies and serves(facts.observed(soa)):
            for rrset in _cnames(side.zone):
                for rdtype in (RdataType.CNAME, RdataType.A):
                    yield facts.question(server, rrset.owner, rdtype)


def _cnames(zone: ZoneSnapshot) -> Iterator[RRset]:
    """Yield the CNAMEs that are answered as such: not behind wildcards, delegations or a provider's proxy."""
    for rrset in zone.rrsets:
        plain = rrset.rdtype == RdataType.CNAME and not rrset.key.variant and not is_looked_up(rrset)
        if plain and not is_wildcard(rrset.owner) and served_zone(zone).cover(rrset.owner, rrset.rdtype) is None:
            yield rrset


@dataclass(slots=True)
class _Seen:
    """What the servers answered for the CNAMEs, by what it means."""

    good: list[Observation] = field(default_factory=list)
    flattened: list[tuple[RRset, Observation]] = field(default_factory=list)
    wrong: list[tuple[RRset, str, Observation]] = field(default_factory=list)
    unknown: dict[tuple[Server, str], list[tuple[RRset, Observation]]] = field(default_factory=dict)


@check(
    "zone.cname-target",
    phases=(Phase.READY,),
    source="RFC 1034 sections 3.6.2 and 4.3.2; RFC 6604",
    remedy="Ask the provider why it does not answer a CNAME to those who ask for an address.",
    asks=_of_each,
)
def cname_target(facts: Facts) -> Iterator[Point]:
    """Resolvers get every CNAME.

    Asked of every new address: A at each CNAME of the plan that it has (resolvers hardly ever ask for CNAME).
    It passes where the answer begins with the planned CNAME, whatever comes after it, and fails where it has
    neither that nor an address, or a CNAME elsewhere. Addresses in its place are a notice: the provider flattens
    the CNAME, and its owner can no longer move the service behind it unseen. Not needed without CNAMEs;
    wildcards and routed or proxied CNAMEs are looked at elsewhere.
    """
    side = planned_side(facts)
    if facts.new is None or side is None or side.zone is None:
        yield NotNeeded("there is no new side: --to names it") if facts.new is None else unread(facts, facts.old)
        return
    cnames = list(_cnames(side.zone))
    if not cnames:
        yield NotNeeded("the plan has no CNAME")
        return
    if not facts.new.servers:
        yield Unchecked(text_of(facts.domain), "no address of a new name server is known")
        return
    seen = _Seen()
    for server in facts.new.servers:
        soa = facts.observed(facts.question(server, facts.domain, RdataType.SOA))
        if not serves(soa):
            yield Unchecked(str(server), f"not asked, since it does not serve the zone: {explained(soa)}", (soa,))
            continue
        for rrset in cnames:
            own = facts.observed(facts.question(server, rrset.owner, RdataType.CNAME))
            if not isinstance(own, Answer) or own.answered() is not None:
                _sort(seen, rrset, facts.observed(facts.question(server, rrset.owner, RdataType.A)))
    yield from _points(facts, seen, len(cnames))


def _sort(seen: _Seen, rrset: RRset, observation: Observation) -> None:
    silence = silence_of(observation)
    if silence is not None or not isinstance(observation, Answer):
        key = (observation.question.server, silence or "no answer")
        seen.unknown.setdefault(key, []).append((rrset, observation))
        return
    if trouble_of(observation) is not None:
        seen.unknown.setdefault((observation.question.server, explained(observation)), []).append(
            (rrset, observation)
        )
        return
    cname = observation.answered(RdataType.CNAME)
    if cname is not None and _targets(cname) == _targets(rrset):
        seen.good.append(observation)
    elif cname is not None:
        seen.wrong.append((rrset, f"a CNAME to {named(targets_of(cname.rdatas))}", observation))
    elif observation.answered(RdataType.A) is not None:
        seen.flattened.append((rrset, observation))
    else:
        seen.wrong.append((rrset, explained(observation), observation))


def _targets(rrset: RRset) -> list[tuple[bytes, ...]]:
    return [folded(target) for target in targets_of(rrset.rdatas)]


def _points(facts: Facts, seen: _Seen, number: int) -> Iterator[Point]:
    for rrset, saw, observation in seen.wrong:
        message = (
            f"{observation.question.server} answers {saw} to a question for an address; the CNAME to "
            f"{listed(rrset.rdatas)} was expected."
        )
        yield Problem(subject_of(rrset.key), message, (observation,))
    if seen.flattened:
        owners = dict.fromkeys(rrset.owner for rrset, _ in seen.flattened)
        message = (
            f"The provider answers addresses in the place of {counted(len(owners), 'CNAME')} ({named(owners)})."
        )
        evidence = tuple(observation for _, observation in seen.flattened[:_MOST_SHOWN])
        yield Problem(text_of(facts.domain), message, evidence, severity=Severity.NOTICE)
    for (server, reason), failed in seen.unknown.items():
        names = named(rrset.owner for rrset, _ in failed)
        yield Unchecked(str(server), f"no address asked for at {names}: {reason}", tuple(o for _, o in failed[:1]))
    if seen.good and not seen.wrong:
        shown: tuple[Evidence, ...] = tuple(seen.good[:_MOST_SHOWN])
        yield Passed(
            text_of(facts.domain), f"{counted(number, 'CNAME')} answered to questions for addresses.", shown
        )
