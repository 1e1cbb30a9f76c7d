"""Looks a name up as it will be after the switch.

Names of the domain are asked of one side's name servers, all others of a resolver: authoritative servers refuse
what is not theirs, a resolver still follows the old delegation, and a mail record of the new zone that points
outside is right only if both are put together. A lookup is pure: it follows CNAMEs through the replies that are
there, and where one is missing it is `Pending` and names the question. The runner asks, and the same lookup is
made again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME

from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.points import Evidence
from migrator.cutover.look import explained
from migrator.model.observation import Answer, NoAnswer, Observation, Question
from migrator.model.rrset import RRset, canonical_wire
from migrator.model.values import dataclass

LONGEST_CHAIN = 12


@dataclass(frozen=True, slots=True)
class Found:
    """There is such an RRset; `chain` are the CNAME targets on the way to its owner, the last one being it."""

    rrset: RRset
    chain: tuple[Name, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """There certainly is none: no such name, or no data of the type."""

    rcode: Rcode
    chain: tuple[Name, ...]
    evidence: tuple[Evidence, ...]

    @property
    def no_such_name(self) -> bool:
        """Tell NXDOMAIN from NODATA."""
        return self.rcode == Rcode.NXDOMAIN


@dataclass(frozen=True, slots=True)
class Failed:
    """Nobody could tell, and why; `is_loop` where the CNAMEs have no end."""

    reason: str
    evidence: tuple[Evidence, ...] = ()
    is_loop: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """The lookup goes on as soon as these have been asked."""

    questions: tuple[Question, ...]


Lookup = Found | Absent | Failed | Pending


def look_up(facts: Facts, side: ZoneSide, owner: Name, rdtype: RdataType) -> Lookup:
    """Return what a resolver would find that already follows this side's name servers."""
    chain: list[Name] = []
    evidence: list[Evidence] = []
    for _ in range(LONGEST_CHAIN):
        step = _step(facts, side, owner, rdtype)
        if not isinstance(step, Answer):
            return step if isinstance(step, Pending) else Failed(step.reason, (*evidence, *step.evidence))
        evidence.append(step)
        rrset, chain_end = _followed(step, owner, rdtype, chain)
        if rrset is not None:
            return Found(rrset, tuple(chain), tuple(evidence))
        if chain_end == owner or (not facts.within(chain_end) and not facts.within(owner)):
            # A resolver follows the whole chain by itself: where it stops, there is nothing.
            return Absent(Rcode(step.rcode), tuple(chain), tuple(evidence))
        owner = chain_end
    return Failed(f"more than {LONGEST_CHAIN} CNAMEs one after another", tuple(evidence), is_loop=True)


def pending(lookups: Iterable[Lookup]) -> Iterator[Question]:
    """Yield the questions that lookups wait for: what `asks` of a check returns."""
    for lookup in lookups:
        if isinstance(lookup, Pending):
            yield from lookup.questions


def _followed(answer: Answer, owner: Name, rdtype: RdataType, chain: list[Name]) -> tuple[RRset | None, Name]:
    """Return the RRset at the end of the answer's CNAMEs, or None and the name at which they end."""
    for _ in range(LONGEST_CHAIN):
        found = _at(answer, owner, rdtype)
        if found is not None:
            return found, owner
        alias = _at(answer, owner, RdataType.CNAME)
        if alias is None or rdtype == RdataType.CNAME:
            return None, owner
        target = alias.rdatas[0]
        assert isinstance(target, CNAME)
        owner = target.target
        chain.append(owner)
    return None, owner


def _at(answer: Answer, owner: Name, rdtype: RdataType) -> RRset | None:
    return next((r for r in answer.answer if r.rdtype == rdtype and r.owner == owner and r.rdatas), None)


def _step(facts: Facts, side: ZoneSide, owner: Name, rdtype: RdataType) -> Answer | Pending | Failed:
    """Return the answer to one question, at whoever has to know it."""
    if facts.within(owner):
        found = _from_servers(facts, side, owner, rdtype)
        if not (isinstance(found, Answer) and _is_referral(found)):
            return found
        # Below a zone cut other servers answer, which the move does not touch.
    return _from_resolvers(facts, owner, rdtype)


def _from_servers(facts: Facts, side: ZoneSide, owner: Name, rdtype: RdataType) -> Answer | Pending | Failed:
    """Ask one server after the other until one answers: each must, and other checks look at all of them."""
    tried: list[Observation] = []
    for server in side.servers:
        question = facts.question(server, owner, rdtype)
        if question not in facts.replies:
            return Pending((question,))
        seen = facts.observed(question)
        if _answers(seen):
            assert isinstance(seen, Answer)
            return seen
        tried.append(seen)
    if not tried:
        return Failed(f"no address of a name server of the {side.side} side is known")
    given = ", ".join(dict.fromkeys(map(explained, tried)))
    return Failed(f"no name server of the {side.side} side answers ({given})", tuple(tried))


def _from_resolvers(facts: Facts, owner: Name, rdtype: RdataType) -> Answer | Pending | Failed:
    tried: list[Evidence] = []
    rewritten = False
    for resolver in facts.resolvers[:_MOST_RESOLVERS]:
        question = Question(resolver.server, owner, rdtype, recursion_desired=True, dnssec_ok=True)
        if question not in facts.replies:
            return Pending((question,))
        seen = facts.observed(question)
        if not _answers(seen):
            tried.append(seen)
            continue
        assert isinstance(seen, Answer)
        unlikely = _unlikely(question, facts.nonce)
        if unlikely is None or not _addresses_of(seen):
            return seen
        if unlikely not in facts.replies:
            return Pending((unlikely,))
        made_up = facts.observed(unlikely)
        if not _addresses_of(seen) <= _addresses_of(made_up):
            return seen
        tried += [seen, made_up]
        rewritten = True
    if not tried:
        return Failed("the network profile has no resolver to ask")
    if rewritten:
        return Failed("a resolver gives this address for names that do not exist, too", tuple(tried))
    last = tried[-1]
    assert isinstance(last, Answer | NoAnswer)
    return Failed(f"no resolver answers ({explained(last)})", tuple(tried))


def _unlikely(question: Question, nonce: bytes) -> Question | None:
    """Return the same question for a name that nobody has, right below the top-level domain; None at that itself.

    A resolver, or the network before it, that leads people who mistype to a search page gives it that page's
    address, and that of every name that does not exist: then the name asked for need not exist either.
    """
    top = question.qname.labels[-2:]
    if len(question.qname.labels) <= len(top):
        return None
    return replace(question, qname=Name((nonce, *top)))


def _addresses_of(seen: Observation) -> frozenset[bytes]:
    """Return the addresses in the answer section, at the end of whatever CNAMEs."""
    if not isinstance(seen, Answer):
        return frozenset()
    rrsets = [rrset for rrset in seen.answer if rrset.rdtype in _ADDRESS_TYPES]
    return frozenset(canonical_wire(rdata) for rrset in rrsets for rdata in rrset.rdatas)


def _answers(seen: Observation) -> bool:
    return isinstance(seen, Answer) and seen.rcode in _ANSWERS and not seen.truncated


def _is_referral(answer: Answer) -> bool:
    has_ns = any(rrset.rdtype == RdataType.NS for rrset in answer.authority)
    return not answer.authoritative and not answer.answer and has_ns


_ANSWERS = frozenset({Rcode.NOERROR, Rcode.NXDOMAIN})
_ADDRESS_TYPES = frozenset({RdataType.A, RdataType.AAAA})
_MOST_RESOLVERS = 3
