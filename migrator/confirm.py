"""Takes one look at a switch: walks to the parent, asks name servers, resolvers and the registry, and judges.

All questions of a kind go out together. Resolvers are asked last, for only then is it known what may be asked of
them: never the NS of the zone before the parent has switched.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.cutover.cachedds import gone_signers
from migrator.cutover.judge import Judgement, judge
from migrator.cutover.look import (
    Addresses,
    Host,
    HostState,
    Look,
    ServerView,
    Side,
    Unasked,
    listed_names,
    side_of,
    signer_set,
    targets,
)
from migrator.cutover.memory import Memory, old_set, with_parents, with_servers
from migrator.cutover.places import kept_names, left_places
from migrator.cutover.registrar import Registrar
from migrator.cutover.sides import tell_apart
from migrator.cutover.stage import Stage, stage_of
from migrator.interfaces import DnsClient, Progress, no_progress
from migrator.meaning.canary import canary_name
from migrator.model.delegation import Delegation
from migrator.model.names import address_literal, folded, is_within, text_of
from migrator.model.observation import Question, Server
from migrator.model.values import dataclass
from migrator.network.delegation import walk
from migrator.network.iterative import Iteration
from migrator.network.profile import NetworkProfile
from migrator.network.resolvers import SAMPLES, ask_resolvers, unasked_panel
from migrator.state.sightings import look_entries
from migrator.state.store import Entry


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person expects: the new set, and the old one where it is given; empty where memory has to tell.

    `addresses` are those that the new zone has for expected names inside the domain: what their glue is to be.
    `old_addresses` are those that the old zone has for them, and for its own name servers there.
    """

    domain: Name
    expected: tuple[Name, ...]
    old: tuple[Name, ...] = ()
    addresses: Addresses = ()
    old_addresses: Addresses = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The world that is asked: a client, its profile, the registry and the time of day."""

    client: DnsClient
    profile: NetworkProfile
    ask_registry: Callable[[Name, datetime], Registrar | Unasked | None]
    now: Callable[[], datetime]
    samples: int = SAMPLES


@dataclass(frozen=True, slots=True)
class Taken:
    """One look: what it means, the memory with it, and the observations to be remembered."""

    judgement: Judgement
    memory: Memory
    entries: tuple[Entry, ...]


def take_look(world: Surroundings, wanted: Wanted, memory: Memory, progress: Progress = no_progress) -> Taken:
    """Ask everybody once and judge it. Raises nothing for silence: what did not answer is part of the look."""
    delegation = walk(world.client, world.profile, wanted.domain, progress)
    # The parents are the evidence: whatever takes time after them must not make the look seem later.
    at = world.now()
    memory = with_parents(memory, delegation.views, wanted.expected)
    old = wanted.old or old_set(memory, wanted.expected)
    kept = kept_names(wanted.expected, old)
    left = left_places(memory, kept, wanted.addresses, wanted.old_addresses)
    if left and not old:
        old = wanted.expected
    iteration = Iteration(world.client, world.profile, progress)
    found = _hosts(iteration, delegation, wanted.expected, old)
    hosts = tuple(_with_former(_with_planned(found, wanted.addresses, left), wanted.old_addresses))
    look = Look(
        wanted.domain,
        wanted.expected,
        old,
        delegation,
        hosts,
        _ask_servers(world, delegation, hosts, left, progress, is_signed=_is_signed(delegation, memory, at)),
        registrar=world.ask_registry(wanted.domain, at),
        allow_special_addresses=world.profile.allow_special_addresses,
        addresses=wanted.addresses,
        left=left,
    )
    memory = with_servers(memory, look.servers, wanted.expected)
    tell = tell_apart(look, switched=stage_of(look) is Stage.SWITCHED)
    panel = world.profile.resolvers
    if isinstance(tell, Unasked):
        look = replace(look, resolvers=unasked_panel(panel))
    else:
        look = replace(look, resolvers=ask_resolvers(world.client, panel, tell, world.samples))
    return Taken(judge(look, memory, at), memory, tuple(look_entries(look)))


def _hosts(
    iteration: Iteration, delegation: Delegation, expected: tuple[Name, ...], old: tuple[Name, ...]
) -> Iterable[Host]:
    """Yield each name server that somebody lists, with its addresses."""
    listed = [name for view in delegation.views for name in targets(view.delegation())]
    names = {folded(name): name for name in (*listed, *old, *expected)}
    for name in sorted(names.values(), key=text_of):
        side = side_of(name, expected, old)
        glue = delegation.glue_of(name) if is_within(name, delegation.domain) else ()
        if address_literal(name) is not None:
            yield Host(name, side, HostState.LITERAL)
        elif glue:
            yield Host(name, side, HostState.FOUND, glue)
        else:
            found = iteration.addresses_of(name)
            if is_within(name, delegation.domain) and not found.addresses:
                # The zone that has its address may be the new one, to which nothing leads yet.
                yield Host(
                    name, side, HostState.UNCHECKED, (), "inside the domain, and the parent gives no address"
                )
            else:
                yield Host(name, side, found.state, found.addresses, found.detail)


def _with_planned(hosts: Iterable[Host], planned: Addresses, left: Addresses) -> Iterable[Host]:
    """Return the hosts with the addresses that the new zone has for those that move, whatever the glue is yet.

    Where the parent has no glue yet, it is the same: the new zone alone says where they are.
    """
    moving = {folded(name) for name, _ in left}
    return _with_addresses(
        hosts, planned, lambda host: folded(host.name) in moving or host.state is HostState.UNCHECKED
    )


def _with_former(hosts: Iterable[Host], former: Addresses) -> Iterable[Host]:
    """Return the hosts with the addresses of the old zone for those that are left and that nobody else knows.

    Once the parent leads to the new zone, a name server inside the domain that this does not have is nowhere.
    """
    return _with_addresses(hosts, former, lambda host: host.side is Side.OLD and host.state is not HostState.FOUND)


def _with_addresses(
    hosts: Iterable[Host], addresses: Addresses, is_meant: Callable[[Host], bool]
) -> Iterable[Host]:
    """Yield the hosts, those that are meant with their addresses here, where they have any."""
    at = {folded(name): tuple(sorted(found)) for name, found in addresses}
    for host in hosts:
        found = at.get(folded(host.name))
        yield Host(host.name, host.side, HostState.FOUND, found) if found and is_meant(host) else host


def _is_signed(delegation: Delegation, memory: Memory, at: datetime) -> bool:
    """Tell whether somebody may trust keys of the zone: the parent has a DS, or had one that caches may hold."""
    return any(map(signer_set, delegation.views)) or bool(gone_signers(memory, delegation, at))


def _ask_servers(
    world: Surroundings,
    delegation: Delegation,
    hosts: tuple[Host, ...],
    left: Addresses,
    progress: Progress,
    *,
    is_signed: bool,
) -> tuple[ServerView, ...]:
    """Ask each address of each name server for what it says of its own zone."""
    domain = delegation.domain
    inside = [host for host in hosts if is_within(host.name, domain)]
    listed = listed_names(delegation)
    kept = [host.name for host in inside if host.side is not Side.OLD]
    # Those of the old set count while the parent leads to them, and its own servers alone know them.
    leaving = [host.name for host in inside if host.side is Side.OLD and folded(host.name) in listed]
    servers = [
        (Server(address, world.profile.port, host.name), host.side) for host in hosts for address in host.addresses
    ]
    asked_already = {server.address for server, _ in servers}
    servers += [
        (Server(address, world.profile.port, name), Side.OLD)
        for name, addresses in left
        for address in sorted(addresses - asked_already)
    ]
    asked = [
        _questions(server, domain, [*kept, *(leaving if side is Side.OLD else ())], is_signed=is_signed)
        for server, side in servers
    ]
    answers = iter(world.client.ask([question for questions in asked for question in questions], progress))
    views = []
    for (server, side), questions in zip(servers, asked, strict=True):
        ns, soa, canary, *rest = (next(answers) for _ in questions)
        dnskey = rest.pop(0) if is_signed else None
        views.append(ServerView(server, side, ns, soa, canary, dnskey, tuple(rest)))
    return tuple(sorted(views, key=_new_ones_first))


def _questions(server: Server, domain: Name, inside: Iterable[Name], *, is_signed: bool) -> list[Question]:
    return [
        Question(server, domain, RdataType.NS),
        Question(server, domain, RdataType.SOA),
        Question(server, canary_name(domain), RdataType.TXT),
        *([Question(server, domain, RdataType.DNSKEY, dnssec_ok=True)] if is_signed else []),
        *(Question(server, name, rdtype) for name in inside for rdtype in (RdataType.A, RdataType.AAAA)),
    ]


def _new_ones_first(view: ServerView) -> int:
    return (Side.NEW, Side.OLD, Side.OTHER).index(view.side)
