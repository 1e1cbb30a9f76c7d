"""What of a run is remembered: the answers of old servers, parents and resolvers, each in its role."""

from collections.abc import Iterable

from migrator.checks.asks import Reply
from migrator.checks.facts import Facts
from migrator.cutover.judge import Judgement
from migrator.cutover.memory import set_text
from migrator.model.observation import Answer, NoAnswer
from migrator.state.sightings import reply_entries
from migrator.state.store import Entry, Role


def to_remember(facts: Facts) -> tuple[Entry, ...]:
    """Return what the old servers, the parent's and the resolvers answered, and the new ones of their apex."""
    expected = () if facts.new is None else facts.new.names
    views = () if facts.delegation is None else facts.delegation.views
    roles = {view.server.address: Role.PARENT for view in views}
    roles |= {resolver.server.address: Role.RESOLVER for resolver in facts.resolvers}
    roles |= {server.address: Role.SERVER for side in facts.sides for server in side.servers}
    old = {server.address for server in facts.old.servers}
    # What came with the delegation and the look was kept at once.
    remembered = {id(reply) for reply in seen_on_the_way(facts, facts.judgement)}
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


def seen_on_the_way(facts: Facts, judgement: Judgement | None) -> Iterable[Reply]:
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
