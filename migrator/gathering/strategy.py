"""How signatures survive the move, found out from the parents' DS and the keys of both sides."""

from dataclasses import replace

from dns.rdatatype import RdataType

from migrator.checks.dnssec.keys import Key, identity_of, key_questions, key_sets, signatures_of, tag
from migrator.checks.facts import Facts, Strategy, ZoneSide
from migrator.cutover.look import served, signer_set
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
    questions = list(key_questions(facts))
    unasked = [question for question in questions if question not in facts.replies]
    facts = replace(facts, replies=facts.replies.with_more(asker.client.ask(unasked, asker.progress)))
    old, new = (_keys(facts, side) for side in facts.sides)
    shown = key_sets(facts, facts.old)
    is_unsigned = not old and bool(shown) and all(each.keys is not None for each in shown)
    if not new or is_unsigned:
        return replace(facts, strategy=Strategy.GO_INSECURE)
    # Sides that sign together publish one set, each other's keys in it: who signs tells them apart.
    by_old, by_new = (_signing(facts, side) for side in facts.sides)
    is_same = by_old == by_new if by_old and by_new else old == new
    return replace(facts, strategy=Strategy.SAME_KEYS if is_same else Strategy.MULTI_SIGNER)


def _had_signer(facts: Facts, server: Server) -> bool:
    """Tell whether an earlier look saw a DS at this server of the parent."""
    return any(sight.rdatas for sight in facts.history.of(server.address, facts.domain, RdataType.DS))


def _keys(facts: Facts, side: ZoneSide) -> frozenset[str]:
    """Return the keys that the side's servers publish, or its zone holds."""
    rrsets = [served(each.observation) for each in key_sets(facts, side)]
    if side.zone is not None:
        rrsets.append(side.zone.apex(RdataType.DNSKEY))
    return frozenset(rdata.to_text() for rrset in rrsets if rrset is not None for rdata in rrset.rdatas)


def _signing(facts: Facts, side: ZoneSide) -> frozenset[tuple[RdataType, Key]]:
    """Return the keys that the side's servers name as those that sign the keys and the data, hold or not."""
    return frozenset(
        (rdtype, identity_of(key))
        for each in key_sets(facts, side)
        for rdtype, seen in ((RdataType.DNSKEY, each.observation), (RdataType.SOA, each.soa))
        for tags in [{signature.key_tag for signature in signatures_of(seen, rdtype)}]
        for key in each.keys or ()
        if tag(key) in tags
    )
