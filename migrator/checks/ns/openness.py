"""Whether the new name servers do for strangers what they should not: recursion, zone transfers. Pure."""

from collections.abc import Iterator

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask, NotProbed, Probe, ProbeKind
from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.ns.asked import probed, rcode_text, servers, without_servers
from migrator.checks.points import Passed, Point, Problem, Unchecked
from migrator.cutover.look import explained
from migrator.model.finding import Phase, Severity
from migrator.model.names import absolute, text_of
from migrator.model.observation import Answer, Question

_ROOT_SERVER = absolute("a.root-servers.net.")


def _foreign_questions(facts: Facts) -> Iterator[Question]:
    for server in servers(facts):
        yield Question(server, _ROOT_SERVER, RdataType.A, recursion_desired=True)
        yield Question(server, _nowhere(facts), RdataType.A, recursion_desired=True)


def _nowhere(facts: Facts) -> Name:
    """Return a name outside the domain that nobody has."""
    return Name([facts.nonce, b"invalid", b""])


@check(
    "ns.recursion",
    phases=(Phase.READY,),
    severity=Severity.WARNING,
    source="RFC 5358; Zonemaster NAMESERVER01",
    remedy="Switch recursion off, or restrict it to your own networks.",
    asks=_foreign_questions,
)
def recursion(facts: Facts) -> Iterator[Point]:
    """No name server is an open resolver.

    No new name server resolves foreign names for everybody.

    Asked for two names outside the domain, one of which exists, with recursion desired. An open resolver is used
    for attacks on others, and its cache may hold something else than the zone.
    """
    yield from without_servers(facts)
    for server in servers(facts):
        seen = [facts.observed(q) for q in _foreign_questions(facts) if q.server == server]
        answers = [found for found in seen if isinstance(found, Answer)]
        resolved = [found for found in answers if found.recursion_available and _is_resolved(found)]
        if resolved:
            yield Problem(
                str(server),
                f"Resolves {text_of(resolved[0].question.qname)} for strangers (RA, {explained(resolved[0])}); a "
                "refusal was expected.",
                tuple(resolved),
            )
        elif answers:
            yield Passed(str(server), "Does not resolve foreign names.", tuple(answers))
        else:
            yield Unchecked(str(server), f"no answer to foreign names: {explained(seen[0])}", tuple(seen))


def _is_resolved(found: Answer) -> bool:
    return found.rcode == Rcode.NXDOMAIN or (found.rcode == Rcode.NOERROR and bool(found.answer))


def _transfer_probes(facts: Facts) -> Iterator[Ask]:
    return (Probe(server, ProbeKind.TRANSFER, facts.domain) for server in servers(facts))


@check(
    "ns.axfr",
    phases=(Phase.READY,),
    severity=Severity.WARNING,
    source="Zonemaster NAMESERVER03; RFC 5936 section 5",
    remedy="Restrict zone transfers to your secondaries.",
    asks=_transfer_probes,
)
def axfr(facts: Facts) -> Iterator[Point]:
    """No name server gives the zone away.

    No new name server hands the whole zone to everybody.

    A zone transfer is begun over TCP and given up after its first message.
    """
    yield from without_servers(facts)
    for server in servers(facts):
        reply = probed(facts, server, ProbeKind.TRANSFER)
        if isinstance(reply, NotProbed):
            yield Unchecked(
                str(server), f"a zone transfer was neither given nor refused: {reply.reason}", (reply,)
            )
        elif reply.rcode == Rcode.NOERROR and reply.records:
            yield Problem(
                str(server),
                f"Gives the zone to strangers: a transfer began with {reply.records} records; a refusal was "
                "expected.",
                (reply,),
            )
        else:
            yield Passed(str(server), f"Refuses the transfer ({rcode_text(reply.rcode)}).", (reply,))
