"""How signatures survive the move, found out from the parents' DS and the keys of both sides."""

from dataclasses import replace

from dns.rdatatype import RdataType

from migrator.checks.facts import Facts, Strategy, ZoneSide
from migrator.cutover.look import served
from migrator.cutover.signing import signer_set
from migrator.model.observation import Server
from migrator.runner import Asker


def with_strategy(facts: Facts, stated: Strategy | None, asker: Asker) -> Facts:
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
