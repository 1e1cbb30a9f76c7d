"""Asks each name server everything that a zone has, and sets its answers against the zone. No IO here.

First each server is asked for the SOA. One that refuses the zone or says nothing is asked no more: that is one
fault, and the checks of name servers tell it. The others get every question of the zone, and then those that the
first answers make one want to ask. It is the comparison of `diff ZONE dns:...`, by the replies that a check has.
"""

from collections.abc import Iterable, Iterator, Sequence

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.answers.aliases import through_zone
from migrator.answers.alike import Comparisons
from migrator.answers.judge import Judgement, second_round
from migrator.answers.merge import merged
from migrator.answers.questions import Questions, questions_for
from migrator.answers.seen import Seen, refusal_of, silence_of
from migrator.answers.settle import AddressLookup, is_special
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.overlay import Absent, Found, Pending, look_up
from migrator.checks.points import Evidence, Point, Unchecked
from migrator.checks.zone.memo import Latest
from migrator.checks.zone.rules import served_zone
from migrator.diff import Difference, ZoneDiff, compare, compare_sides
from migrator.meaning.served import ADDRESS_TYPES
from migrator.meaning.targets import targets_of
from migrator.model.names import folded, is_wildcard
from migrator.model.observation import Answer, Observation, Question, Server
from migrator.model.rrset import RRset, RRsetKey, alias_of, canonical_wire
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking one server: all that it showed, or how it refuses, or why it is silent."""

    server: Server
    soa: Observation
    refusal: str = ""
    silence: str = ""
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """Every server set against one zone; `found` is None where no server answers."""

    questions: Questions
    asked: tuple[Asked, ...]
    found: ZoneDiff | None

    @property
    def serving(self) -> tuple[Asked, ...]:
        """The servers that were asked everything."""
        return tuple(one for one in self.asked if one.seen is not None)

    def evidence(self, difference: Difference) -> tuple[Evidence, ...]:
        """Return the answers that show a difference, of the servers that have it."""
        named = set(difference.servers)
        return tuple(
            answer
            for one in self.serving
            if str(one.server) in named
            for answer in self.answers(one, difference.key)
        )

    def answers(self, one: Asked, key: RRsetKey) -> Iterator[Observation]:
        """Yield what a server answered to the question for an RRset."""
        assert one.seen is not None
        owner = key.owner
        if is_wildcard(owner):
            owner = self.questions.nonces.get(folded(owner.parent()), owner)
        types = (key.rdtype, *ADDRESS_TYPES) if key.rdtype == RdataType.CNAME else (key.rdtype,)
        for rdtype in types:
            found = one.seen.observation(owner, rdtype)
            # Addresses at the owner of a CNAME tell something only where there are any.
            if found is not None and (rdtype == key.rdtype or (isinstance(found, Answer) and found.answer)):
                yield found


def questions_of(facts: Facts, zone: ZoneSnapshot) -> Questions:
    """Return what there is to ask of a zone."""
    return _QUESTIONS.of((zone, facts.nonce), lambda: questions_for(served_zone(zone), lambda: facts.nonce))


def _every(facts: Facts, questions: Questions, server: Server) -> Sequence[Question]:
    """Return the questions as they go to a server: the same objects in each round."""
    known = _EVERY.of((questions,), dict)
    if server not in known:
        asked = _ASKED.of((questions,), questions.asked)
        known[server] = tuple(facts.question(server, owner, rdtype) for owner, rdtype in asked)
    return known[server]


def everything(facts: Facts, side: ZoneSide, zone: ZoneSnapshot) -> Sequence[Question]:
    """Return what to ask each server of a side about a zone, as far as the replies allow."""
    key = (facts.replies, facts.old, facts.new, side, zone)
    return _WANTED.of(key, lambda: tuple(_everything(facts, side, zone)))


def _everything(facts: Facts, side: ZoneSide, zone: ZoneSnapshot) -> Iterator[Question]:
    questions = questions_of(facts, zone)
    for server in side.servers:
        soa = facts.question(server, zone.origin, RdataType.SOA)
        yield soa
        if soa not in facts.replies or not serves(facts.observed(soa)):
            continue
        every = _every(facts, questions, server)
        yield from every
        if all(question in facts.replies for question in every):
            seen = _seen(facts, server, questions, zone.origin)
            for owner, rdtype in second_round(served_zone(zone), questions, seen):
                yield facts.question(server, owner, rdtype)
    yield from _behind_aliases(facts, side, zone)


def serves(observation: Observation) -> bool:
    """Tell whether a server that was asked for the SOA serves the zone."""
    return silence_of(observation) is None and isinstance(observation, Answer) and refusal_of(observation) is None


def _seen(facts: Facts, server: Server, questions: Questions, origin: Name) -> Seen:
    known = _SEEN.of((facts.replies, questions), dict)
    if server in known:
        return known[server]
    seen = Seen(origin)
    seen.take([(origin, RdataType.SOA)], [facts.observed(facts.question(server, origin, RdataType.SOA))])
    every = _every(facts, questions, server)
    seen.take([(each.qname, each.rdtype) for each in every], map(facts.observed, every))
    known[server] = seen
    return seen


def compared(facts: Facts, side: ZoneSide, zone: ZoneSnapshot) -> Compared:
    """Return the servers of a side set against a zone, once for all checks that want it."""
    key = (facts.replies, facts.old, facts.new, side, zone)
    return _COMPARED.of(key, lambda: _compared(facts, side, zone))


def _compared(facts: Facts, side: ZoneSide, zone: ZoneSnapshot) -> Compared:
    questions = questions_of(facts, zone)
    asked = tuple(_asked(facts, server, questions, zone) for server in side.servers)
    lookup = _lookup(facts, side, zone)
    served = served_zone(zone)
    # Of new servers whose own zone nobody can read, the old side's is the plan.
    of_two_sides = side is facts.new and side.zone is None
    comparisons = Comparisons(served, compare_sides if of_two_sides else compare)
    found = [
        Judgement(served, questions, one.seen, one.server, lookup).result(comparisons)
        for one in asked
        if one.seen is not None
    ]
    return Compared(questions, asked, merged(zone, found, side.locator) if found else None)


def _asked(facts: Facts, server: Server, questions: Questions, zone: ZoneSnapshot) -> Asked:
    soa = facts.observed(facts.question(server, zone.origin, RdataType.SOA))
    silence = silence_of(soa)
    if silence is not None:
        return Asked(server, soa, silence=silence)
    assert isinstance(soa, Answer)
    refusal = refusal_of(soa)
    if refusal is not None:
        return Asked(server, soa, refusal=refusal)
    seen = _seen(facts, server, questions, zone.origin)
    more = second_round(served_zone(zone), questions, seen)
    replies = [facts.observed(facts.question(server, owner, rdtype)) for owner, rdtype in more]
    return Asked(server, soa, seen=seen.with_more(more, replies))


def _lookup(facts: Facts, side: ZoneSide, zone: ZoneSnapshot) -> AddressLookup:
    def outside(target: Name, rdtype: RdataType) -> frozenset[bytes] | None:
        match look_up(facts, side, target, rdtype):
            case Found(rrset=found):
                return frozenset(map(canonical_wire, found.rdatas))
            case Absent():
                return frozenset()
            case _:
                return None

    return through_zone(served_zone(zone), outside)


def _behind_aliases(facts: Facts, side: ZoneSide, zone: ZoneSnapshot) -> Iterator[Question]:
    """Yield what to ask resolvers of the targets of aliases."""
    wanted: list[Question] = []

    def outside(target: Name, rdtype: RdataType) -> None:
        found = look_up(facts, side, target, rdtype)
        if isinstance(found, Pending):
            wanted.extend(found.questions)

    lookup = through_zone(served_zone(zone), outside)
    for target, rdtypes in _aliased(zone.rrsets):
        for rdtype in rdtypes:
            lookup(target, rdtype)
    yield from wanted


def _aliased(rrsets: Iterable[RRset]) -> Iterator[tuple[Name, tuple[RdataType, ...]]]:
    for rrset in rrsets:
        if not is_special([rrset]):
            continue
        alias = alias_of(rrset)
        if alias is not None and rrset.rdtype in ADDRESS_TYPES:
            yield alias.target, (rrset.rdtype,)
        elif rrset.rdtype == RdataType.CNAME:
            for target in targets_of(rrset.rdatas):
                yield target, ADDRESS_TYPES


def left_out(found: Compared) -> Iterator[Point]:
    """Yield one point for each server that was not asked: it refuses the zone, or nothing comes back."""
    for one in found.asked:
        if one.refusal:
            reason = f"not compared: the server {one.refusal} for the zone"
            yield Unchecked(str(one.server), reason, (one.soa,), "See what ns.aa says of this server.")
        elif one.silence:
            yield Unchecked(str(one.server), f"not compared: {one.silence}", (one.soa,))


_QUESTIONS = Latest[Questions]()
_ASKED = Latest[Sequence[tuple[Name, RdataType]]]()
_EVERY = Latest[dict[Server, Sequence[Question]]]()
_SEEN = Latest[dict[Server, Seen]]()
_WANTED = Latest[Sequence[Question]]()
_COMPARED = Latest[Compared]()
