"""Gathers what the checks may know before they ask: name servers and addresses, the delegation, the registry.

The two zones are read by whoever knows providers, and come here as `Given`. The new name servers are those that
the target assigned, else the apex NS set of its zone; the old ones likewise, else what the parent listed when it
was first seen. Only what the chosen checks can use is gathered. Silence is part of the facts, and raises nothing.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.asks import Reply
from migrator.checks.check import Check
from migrator.checks.facts import Facts, Panelist, Replies, Settings, Strategy, ZoneSide
from migrator.checks.history import History
from migrator.confirm import Surroundings, Wanted, take_look
from migrator.cutover.judge import Judgement
from migrator.cutover.look import Host, HostState, Side, served, targets
from migrator.cutover.memory import Memory, first_listed, set_text, with_parents
from migrator.cutover.signing import signer_set
from migrator.delegation import walk
from migrator.iterative import Iteration
from migrator.model.capabilities import Capabilities
from migrator.model.delegation import Delegation
from migrator.model.finding import Finding, Phase
from migrator.model.names import address_literal, folded, is_within
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server, Silence
from migrator.model.rrset import RRsetKey
from migrator.model.zone import ZoneSnapshot
from migrator.resolvers import SAMPLES
from migrator.runner import Asker
from migrator.sightings import parent_entries, reply_entries
from migrator.store import Entry, Role

_ADDRESS_TYPES = (RdataType.A, RdataType.AAAA)
_SWITCHED = frozenset({Phase.SWITCH, Phase.SETTLE, Phase.CLOSE})
# Areas whose checks read what the registry says of the domain.
_OF_REGISTRY = frozenset({"registrar", "close"})


@dataclass(frozen=True, slots=True)
class Given:
    """One side as its locator gives it; `servers` were named by address, `unread` says why there is no zone."""

    locator: str = ""
    scheme: str = ""
    zone: ZoneSnapshot | None = None
    findings: tuple[Finding, ...] = ()
    unread: str = ""
    assigned: tuple[Name, ...] = ()
    servers: tuple[Server, ...] = ()
    capabilities: Capabilities | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be checked: `new` is None without a target, `strategy` where it has to be found out."""

    domain: Name
    phase: Phase
    old: Given
    new: Given | None
    settings: Settings = field(default_factory=Settings)
    strategy: Strategy | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """What earlier looks saw."""

    memory: Memory = field(default_factory=Memory)
    history: History = field(default_factory=History)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts, and what was seen on the way that is to be remembered."""

    facts: Facts
    entries: tuple[Entry, ...]


def gather(task: Task, checks: Sequence[Check], asker: Asker, recalled: Recalled) -> Gathered:
    """Return what the checks may know before they ask."""
    asks_registry = any(check.area in _OF_REGISTRY for check in checks)
    new_names = () if task.new is None else _own_names(asker, task.domain, task.new)
    given_old = _own_names(asker, task.domain, task.old)
    # A zone that lists the new set already does not say where it was served before.
    given_old = () if set_text(given_old) == set_text(new_names) else given_old
    judgement, entries = _judged(task, new_names, given_old, asker, recalled.memory)
    if judgement is None:
        delegation = walk(asker.client, asker.profile, task.domain, asker.progress)
        entries = tuple(parent_entries(delegation, set_text(new_names)))
    else:
        delegation = judgement.look.delegation
    memory = with_parents(recalled.memory, delegation.views, new_names)
    old_names = given_old or first_listed(memory, new_names)
    facts = _facts(task, delegation, old_names, new_names, asker)
    facts = replace(facts, history=recalled.history, judgement=judgement, replies=Replies(_seen(facts, judgement)))
    facts = _with_strategy(_within_reach(facts, asker), task.strategy, asker)
    if asks_registry:
        facts = replace(facts, registrar=asker.ask_registry(task.domain, facts.now))
    return Gathered(facts, entries)


def to_remember(facts: Facts) -> tuple[Entry, ...]:
    """Return what the old servers, the parent's and the resolvers answered, and the new ones of their apex."""
    expected = () if facts.new is None else facts.new.names
    views = () if facts.delegation is None else facts.delegation.views
    roles = {view.server.address: Role.PARENT for view in views}
    roles |= {resolver.server.address: Role.RESOLVER for resolver in facts.resolvers}
    roles |= {server.address: Role.SERVER for side in facts.sides for server in side.servers}
    old = {server.address for server in facts.old.servers}
    # What came with the delegation and the look was kept at once.
    remembered = {id(reply) for reply in _seen(facts, facts.judgement)}
    replies = [
        reply
        for reply in facts.replies
        if isinstance(reply, Answer | NoAnswer)
        and id(reply) not in remembered
        and (
            roles.get(reply.question.server.address) is not Role.SERVER
            or reply.question.server.address in old
            or reply.question.qname == facts.domain
        )
    ]
    return tuple(reply_entries(facts.domain, set_text(expected), replies, roles))


def _judged(
    task: Task, new: tuple[Name, ...], old: tuple[Name, ...], asker: Asker, memory: Memory
) -> tuple[Judgement | None, tuple[Entry, ...]]:
    """Take the look of `confirm` from the switch on: before, a resolver would be asked for what it should not."""
    if task.phase not in _SWITCHED or not new:
        return None, ()
    world = Surroundings(asker.client, asker.profile, lambda *_: None, asker.now, SAMPLES)
    taken = take_look(world, Wanted(task.domain, new, old), memory, asker.progress)
    return taken.judgement, taken.entries


def _facts(
    task: Task, delegation: Delegation, old_names: tuple[Name, ...], new_names: tuple[Name, ...], asker: Asker
) -> Facts:
    iteration = Iteration(asker.client, asker.profile, asker.progress)

    def side(which: Side, given: Given, names: tuple[Name, ...]) -> ZoneSide:
        hosts = tuple(_host(name, which, given, delegation, iteration, asker) for name in names)
        return ZoneSide(
            which,
            given.locator,
            given.scheme,
            given.zone,
            given.findings,
            given.unread,
            names,
            given.assigned,
            hosts,
            given.servers,
            given.capabilities,
            asker.profile.port,
        )

    return Facts(
        task.domain,
        task.phase,
        asker.now(),
        side(Side.OLD, task.old, old_names),
        None if task.new is None else side(Side.NEW, task.new, new_names),
        delegation,
        settings=task.settings,
        resolvers=tuple(Panelist(each.name, Server(each.address, each.port)) for each in asker.profile.resolvers),
        port=asker.profile.port,
        allow_special_addresses=asker.profile.allow_special_addresses,
        nonce=f"migcheck-{secrets.token_hex(6)}".encode(),
    )


def _own_names(asker: Asker, domain: Name, given: Given) -> tuple[Name, ...]:
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


def _host(
    name: Name, side: Side, given: Given, delegation: Delegation, iteration: Iteration, asker: Asker
) -> Host:
    """Return the addresses of a name server; those of a name inside the domain are known to its own zone alone."""
    if address_literal(name) is not None:
        return Host(name, side, HostState.LITERAL)
    if not is_within(name, delegation.domain):
        found = iteration.addresses_of(name)
        return Host(name, side, found.state, found.addresses, found.detail)
    own, glue = _own_addresses(name, given, asker), _glue(delegation, name)
    addresses = own or glue if side is Side.NEW else glue or own
    if addresses:
        return Host(name, side, HostState.FOUND, addresses)
    if given.zone is not None:
        return Host(name, side, HostState.NO_ADDRESS, (), "inside the domain, and neither zone nor parent has it")
    return Host(name, side, HostState.UNCHECKED, (), "inside the domain, and the parent gives no address")


def _own_addresses(name: Name, given: Given, asker: Asker) -> tuple[str, ...]:
    """Return the addresses that the side's zone has for a name, or its live servers answer."""
    if given.zone is not None:
        by_key = given.zone.by_key()
        rrsets = [by_key.get(RRsetKey(name, rdtype)) for rdtype in _ADDRESS_TYPES]
    else:
        questions = [Question(server, name, rdtype) for server in given.servers[:1] for rdtype in _ADDRESS_TYPES]
        rrsets = [served(seen) for seen in asker.client.ask(questions)]
    return tuple(rdata.to_text() for rrset in rrsets if rrset is not None for rdata in rrset.rdatas)


def _glue(delegation: Delegation, name: Name) -> tuple[str, ...]:
    """Return the addresses that the parent hands out for a name server inside the domain."""
    addresses = [
        found.to_text()
        for view in delegation.views
        for rrset in view.glue()
        if folded(rrset.owner) == folded(name)
        for found in rrset.rdatas
    ]
    return tuple(dict.fromkeys(addresses))


def _seen(facts: Facts, judgement: Judgement | None) -> Iterable[Reply]:
    """Yield what was answered on the way, so that nobody asks it again."""
    views = () if facts.delegation is None else facts.delegation.views
    for view in views:
        yield view.ns
        yield view.ds
    for server in () if judgement is None else judgement.look.servers:
        yield from (server.ns, server.soa, server.canary)
        if server.dnskey is not None:
            yield server.dnskey
        yield from server.own_addresses


def _within_reach(facts: Facts, asker: Asker) -> Facts:
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


def _is_nowhere(seen: Observation) -> bool:
    return isinstance(seen, NoAnswer) and seen.reason in {Silence.UNREACHABLE, Silence.FORBIDDEN}


def _with_strategy(facts: Facts, stated: Strategy | None, asker: Asker) -> Facts:
    """Return the facts with the strategy: as stated, else as the parents' DS and the new side's keys show it."""
    if stated is not None:
        return replace(facts, strategy=stated)
    views = () if facts.delegation is None else facts.delegation.views
    if not any(signer_set(view) for view in views):
        earlier = any(_had_signer(facts, view.server) for view in views)
        return replace(facts, strategy=Strategy.GO_INSECURE if earlier else Strategy.UNSIGNED)
    if facts.new is None:
        return replace(facts, strategy=Strategy.GO_INSECURE)
    questions = [
        facts.question(server, facts.domain, RdataType.DNSKEY, dnssec=True)
        for side in facts.sides
        for server in side.servers
    ]
    unasked = [question for question in questions if question not in facts.replies]
    facts = replace(facts, replies=facts.replies.with_more(asker.client.ask(unasked, asker.progress)))
    old, new = (_keys(facts, side) for side in facts.sides)
    if not new:
        return replace(facts, strategy=Strategy.GO_INSECURE)
    return replace(facts, strategy=Strategy.SAME_KEYS if new == old else Strategy.MULTI_SIGNER)


def _had_signer(facts: Facts, server: Server) -> bool:
    """Tell whether an earlier look saw a DS at this server of the parent."""
    return any(sight.rdatas for sight in facts.history.of(server.address, facts.domain, RdataType.DS))


def _keys(facts: Facts, side: ZoneSide) -> frozenset[str]:
    """Return the keys that the side's servers publish, or its zone holds."""
    rrsets = [
        served(facts.observed(facts.question(server, facts.domain, RdataType.DNSKEY, dnssec=True)))
        for server in side.servers
    ]
    if side.zone is not None:
        rrsets.append(side.zone.apex(RdataType.DNSKEY))
    return frozenset(rdata.to_text() for rrset in rrsets if rrset is not None for rdata in rrset.rdatas)
