"""The name servers of a side, and the addresses at which they can be asked."""

from collections.abc import Iterable
from dataclasses import replace

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.facts import Facts, ZoneSide
from migrator.cutover.look import Addresses, Host, HostState, Side, served, targets
from migrator.gathering.given import Given
from migrator.model.delegation import Delegation, WalkEnd
from migrator.model.names import address_literal, folded, is_within
from migrator.model.observation import NoAnswer, Observation, Question, Silence
from migrator.model.rrset import RRsetKey
from migrator.network.iterative import Iteration
from migrator.runner import Asker

_ADDRESS_TYPES = (RdataType.A, RdataType.AAAA)


def own_names(asker: Asker, domain: Name, given: Given) -> tuple[Name, ...]:
    """Return the name servers of a side: assigned, listed at the apex of its zone, or by its live servers."""
    if given.assigned:
        return given.assigned
    if given.zone is not None:
        return targets(given.zone.apex(RdataType.NS))
    for seen in asker.client.ask([Question(server, domain, RdataType.NS) for server in given.servers]):
        names = targets(served(seen))
        if names:
            return names
    return ()


def host_of(
    name: Name, side: Side, given: Given, delegation: Delegation, iteration: Iteration, asker: Asker
) -> Host:
    """Return the addresses of a name server; those of a name inside the domain are known to its own zone alone."""
    if address_literal(name) is not None:
        return Host(name, side, HostState.LITERAL)
    if not is_within(name, delegation.domain):
        found = iteration.addresses_of(name)
        return Host(name, side, found.state, found.addresses, found.detail)
    own, glue = _own_addresses(name, given, asker), delegation.glue_of(name)
    addresses = own or glue if side is Side.NEW else glue or own
    if addresses:
        return Host(name, side, HostState.FOUND, addresses)
    if delegation.end is WalkEnd.UNREACHABLE:
        return Host(name, side, HostState.UNCHECKED, (), "inside the domain, and the parent could not be asked")
    if given.zone is not None:
        return Host(name, side, HostState.NO_ADDRESS, (), "inside the domain, and neither zone nor parent has it")
    return Host(name, side, HostState.UNCHECKED, (), "inside the domain, and the parent gives no address")


def own_places(asker: Asker, names: Iterable[Name], given: Given) -> Addresses:
    """Return the addresses that a side's own zone, or its live servers, have for these names, if any."""
    found = ((name, frozenset(_own_addresses(name, given, asker))) for name in names)
    return tuple((name, addresses) for name, addresses in found if addresses)


def at_left(side: ZoneSide, left: Addresses) -> ZoneSide:
    """Return the old side with the name servers that keep their names and move where they were before."""
    before = {folded(name): tuple(sorted(addresses)) for name, addresses in left}
    hosts = tuple(
        replace(host, state=HostState.FOUND, addresses=before[folded(host.name)], detail="")
        if folded(host.name) in before
        else host
        for host in side.hosts
    )
    return replace(side, hosts=hosts)


def within_reach(facts: Facts, asker: Asker) -> Facts:
    """Return the facts with the addresses left out to which there is no route, where their server has another.

    Whether there is one is seen by asking for the SOA, which the checks want anyhow.
    """
    questions = [
        facts.question(server, facts.domain, RdataType.SOA) for side in facts.sides for server in side.servers
    ]
    unasked = [question for question in questions if question not in facts.replies]
    facts = replace(facts, replies=facts.replies.with_more(asker.client.ask(unasked, asker.progress)))

    def reached(side: ZoneSide) -> ZoneSide:
        seen = [facts.observed(facts.question(server, facts.domain, RdataType.SOA)) for server in side.servers]
        answering = {each.question.server.name for each in seen if not _is_nowhere(each)}
        left = tuple(
            each.question.server for each in seen if _is_nowhere(each) and each.question.server.name in answering
        )
        return replace(side, out_of_reach=left)

    return replace(facts, old=reached(facts.old), new=None if facts.new is None else reached(facts.new))


def _own_addresses(name: Name, given: Given, asker: Asker) -> tuple[str, ...]:
    """Return the addresses that the side's zone has for a name, or its live servers answer."""
    if given.zone is not None:
        by_key = given.zone.by_key()
        rrsets = [by_key.get(RRsetKey(name, rdtype)) for rdtype in _ADDRESS_TYPES]
    else:
        questions = [Question(server, name, rdtype) for server in given.servers[:1] for rdtype in _ADDRESS_TYPES]
        rrsets = [served(seen) for seen in asker.client.ask(questions)]
    return tuple(rdata.to_text() for rrset in rrsets if rrset is not None for rdata in rrset.rdatas)


def _is_nowhere(seen: Observation) -> bool:
    return isinstance(seen, NoAnswer) and seen.reason in {Silence.UNREACHABLE, Silence.FORBIDDEN}
