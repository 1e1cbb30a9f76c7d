"""Asks the panel of recursive resolvers which side they follow, several times each; what to ask is given.

An address of a large resolver stands for many machines with caches of their own, so that one answer shows little:
a stale share p of them is overlooked by k samples with the probability (1 - p) to the power of k. Each round goes
out from new source ports; who is silent in one is not asked again.
"""

from migrator.cutover.look import ResolverView
from migrator.cutover.sides import Tell
from migrator.interfaces import DnsClient
from migrator.model.observation import NoAnswer, Observation, Question, Server
from migrator.network.profile import Resolver

# A stale share of 15 % is seen with a probability of 96 %.
SAMPLES = 20


def ask_resolvers(
    client: DnsClient, panel: tuple[Resolver, ...], tell: Tell, samples: int = SAMPLES
) -> tuple[ResolverView, ...]:
    """Return so many answers of each resolver to the question that tells the sides apart."""
    servers = [_server(resolver) for resolver in panel]
    taken: dict[int, list[Observation]] = {place: [] for place in range(len(servers))}
    talking = list(taken)
    for _ in range(samples):
        questions = [
            Question(servers[place], tell.qname, tell.rdtype, recursion_desired=True) for place in talking
        ]
        for place, answer in zip(talking, client.ask(questions), strict=True):
            taken[place].append(answer)
        talking = [place for place in talking if not isinstance(taken[place][-1], NoAnswer)]
        if not talking:
            break
    return tuple(
        ResolverView(resolver.name, server, tuple(taken[place]))
        for place, (resolver, server) in enumerate(zip(panel, servers, strict=True))
    )


def unasked_panel(panel: tuple[Resolver, ...]) -> tuple[ResolverView, ...]:
    """Return the panel without samples: nothing tells the sides apart, so nothing is asked."""
    return tuple(ResolverView(resolver.name, _server(resolver), ()) for resolver in panel)


def _server(resolver: Resolver) -> Server:
    return Server(resolver.address, resolver.port)
