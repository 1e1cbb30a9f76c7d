"""What observations show, for the memory: one entry for each, as the store keeps them. Asks nobody."""

from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.codec import rdata
from migrator.cutover.look import Look, targets
from migrator.cutover.memory import SetText, delegated_set, set_text
from migrator.model.delegation import Delegation, ParentView
from migrator.model.observation import Answer, Observation
from migrator.model.rrset import RRset
from migrator.state.store import Entry, Role


def look_entries(look: Look) -> Iterator[Entry]:
    """Yield everything that one look asked, with what it shows."""
    expected = set_text(look.expected)
    yield from parent_entries(look.delegation, expected)
    for server in look.servers:
        asked = (server.ns, server.soa, server.canary, server.dnskey, *server.own_addresses)
        for observation in asked:
            if observation is not None:
                yield entry(look.domain, Role.SERVER, observation, expected)
    for resolver in look.resolvers:
        for sample in resolver.samples:
            yield entry(look.domain, Role.RESOLVER, sample, expected)


def parent_entries(delegation: Delegation, expected: SetText) -> Iterator[Entry]:
    """Yield what each server of the parent said of the domain: its name servers, and its DS."""
    for view in delegation.views:
        yield _delegated(view, delegation.domain, expected)
        yield entry(delegation.domain, Role.PARENT, view.ds, expected)


def reply_entries(
    domain: Name, expected: SetText, replies: Iterable[Observation], roles: dict[str, Role]
) -> Iterator[Entry]:
    """Yield what the servers of these addresses answered, each in its role; others are left out."""
    for seen in replies:
        role = roles.get(seen.question.server.address)
        if role is not None:
            yield entry(domain, role, seen, expected)


def entry(domain: Name, role: Role, observation: Observation, expected: SetText) -> Entry:
    """Return the entry of an answer that has to carry authority, but for a resolver's."""
    if not isinstance(observation, Answer) or observation.rcode not in {Rcode.NOERROR, Rcode.NXDOMAIN}:
        return Entry(domain, role, observation, expected=expected)
    if role is not Role.RESOLVER and not observation.authoritative:
        return Entry(domain, role, observation, expected=expected)
    rrset = observation.answered()
    if rrset is None:
        return Entry(domain, role, observation, "", expected=expected)
    return Entry(domain, role, observation, _shown(rrset), rrset.ttl, expected)


def _delegated(view: ParentView, domain: Name, expected: SetText) -> Entry:
    delegation = view.delegation()
    ttl = None if delegation is None else delegation.ttl
    return Entry(domain, Role.PARENT, view.ns, delegated_set(view), ttl, expected)


def _shown(rrset: RRset) -> str:
    if rrset.rdtype == RdataType.NS:
        return set_text(targets(rrset))
    return "\n".join(rdata.to_text(found) for found in rrset.rdatas)
