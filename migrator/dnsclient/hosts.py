"""Addresses of a host name through the recursive resolvers of the network profile, one after the other."""

import ipaddress
from collections.abc import Sequence

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME

from migrator.errors import DnsError
from migrator.interfaces import DnsClient
from migrator.model.names import folded, for_people
from migrator.model.observation import Answer, Observation, Question, Server
from migrator.network.profile import NetworkProfile

LONGEST_CHAIN = 12


def resolve_host(client: DnsClient, profile: NetworkProfile, host: Name) -> tuple[str, ...]:
    """Return the addresses of the host, IPv4 first; an IP address written as a name is itself.

    The first resolver that says anything definite is believed. Raises DnsError where the name does not exist or
    has no address, and where no resolver says.
    """
    literal = host.to_text(omit_final_dot=True)
    try:
        return (str(ipaddress.ip_address(literal)),)
    except ValueError:
        pass
    troubles = []
    for resolver in profile.resolvers:
        server = Server(resolver.address, resolver.port)
        found = _through(client, profile, server, host)
        if not isinstance(found, str):
            return found
        troubles.append(f"{resolver.name}: {found}")
    told = "; ".join(troubles) or "the network profile has no resolvers"
    raise DnsError(f"{for_people(host)}: the address could not be looked up ({told}). Give an IP address instead.")


def _through(client: DnsClient, profile: NetworkProfile, server: Server, host: Name) -> tuple[str, ...] | str:
    """Return the addresses that this resolver knows, or why it cannot say; raises DnsError if there are none."""
    rdtypes = [RdataType.A] if profile.ipv6 is False else [RdataType.A, RdataType.AAAA]
    owner = host
    for _ in range(LONGEST_CHAIN):
        found = client.ask([Question(server, owner, rdtype, recursion_desired=True) for rdtype in rdtypes])
        replies = [
            observation for observation in found if isinstance(observation, Answer) and _is_definite(observation)
        ]
        if not replies:
            return _trouble(found[0])
        end = _end_of_chain(replies, owner)
        addresses = [text for answer in replies for text in _addresses(answer, end)]
        if addresses:
            return tuple(addresses)
        if any(answer.rcode == Rcode.NXDOMAIN for answer in replies):
            raise DnsError(f"{for_people(host)}: there is no such host name. Check its spelling.")
        if folded(end) == folded(owner):
            if len(replies) < len(rdtypes):
                return _trouble(next(observation for observation in found if observation not in replies))
            raise DnsError(f"{for_people(host)}: the host name has no address.")
        owner = end
    raise DnsError(f"{for_people(host)}: more than {LONGEST_CHAIN} CNAMEs lead on from the host name.")


def _is_definite(answer: Answer) -> bool:
    """Tell whether the resolver says what is, or that nothing is."""
    return answer.rcode in {Rcode.NOERROR, Rcode.NXDOMAIN}


def _trouble(observation: Observation) -> str:
    if isinstance(observation, Answer):
        return Rcode.to_text(observation.rcode)
    return f"{observation.reason} ({observation.detail})" if observation.detail else observation.reason.value


def _end_of_chain(replies: Sequence[Answer], owner: Name) -> Name:
    """Follow the CNAMEs that came with the answers; a loop ends where it began to repeat."""
    targets = {
        folded(rrset.owner): rrset.rdatas[0].target
        for answer in replies
        for rrset in answer.answer
        if rrset.rdatas and isinstance(rrset.rdatas[0], CNAME)
    }
    seen: set[tuple[bytes, ...]] = set()
    while folded(owner) in targets and folded(owner) not in seen:
        seen.add(folded(owner))
        owner = targets[folded(owner)]
    return owner


def _addresses(answer: Answer, owner: Name) -> tuple[str, ...]:
    wanted = answer.question.rdtype
    for rrset in answer.answer:
        if rrset.rdtype == wanted and folded(rrset.owner) == folded(owner):
            return tuple(rdata.to_text() for rdata in rrset.rdatas)
    return ()
