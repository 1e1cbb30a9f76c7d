"""What `ttl lower` does: the plan, the consent, the writing, and every name server asked before and after."""

import typer
from dns.exception import DNSException
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.cli.ttling import Session
from migrator.cli.writing import consent, finish
from migrator.codec.ttls import Action, TtlResult
from migrator.errors import InputError
from migrator.model.names import absolute, folded, for_people, is_within
from migrator.ttls import Lowering, Only, lower
from migrator.workflow.ttls import HeldZone, lowered, own_locator, pending_at


def run_lower(session: Session, text: str, to: int, words: list[str]) -> None:
    """Lower the TTLs of the old zone; ends with an exit code."""
    only = only_of(words, session.domain)
    with session.store() as store, session.held(own_locator(text, session.domain), store) as held:
        pending = pending_at(store, held, session.domain)
        if only.names - {rrset.key.folded for rrset in held.read.snapshot.rrsets}:
            raise InputError(f"--only {','.join(words)}: {held.locator.text} has nothing at a name of these.")
        plan = lower(held.read.snapshot, to, held.can, only, pending)
        result = TtlResult(held.locator.text, plan, held.work(plan.changes), held.by_hand)
        session.show_plan(result)
        if store is None or session.manner.dry_run or not _may_go_on(session, held, plan):
            if session.manner.dry_run:
                consent(session.manner, len(plan.changes))
            session.show(Action.LOWER, [result], is_plan=True)
            raise typer.Exit(0)
        with session.relay.shown():
            asking = session.asking(held)
            result = lowered(asking, held, result, store, pending, session.domain, session.relay)
        session.show(Action.LOWER, [result], is_plan=False)
        finish(result.work.error, session.code([result]))


def only_of(words: list[str], domain: Name) -> Only:
    """Return which sets are meant: types in capitals, names as in a zone file (`@`, `www`, `www.example.com.`)."""
    types, names = set(), set()
    for word in words:
        if word.isupper() and (rdtype := _rdtype(word)) is not None:
            types.add(rdtype)
            continue
        whole = absolute(word) if word != "@" else domain
        name = whole if is_within(whole, domain) else absolute(word, domain)
        if not is_within(name, domain):
            raise InputError(f"--only {word}: neither a type in capitals nor a name in {for_people(domain)}.")
        names.add(folded(name))
    return Only(frozenset(types), frozenset(names))


def _rdtype(word: str) -> RdataType | None:
    try:
        return RdataType.from_text(word)
    except DNSException:
        return None


def _may_go_on(session: Session, held: HeldZone, plan: Lowering) -> bool:
    """Tell whether to go on: without a change there is only to be asked, and by hand nothing is written."""
    return held.by_hand or not plan.changes or consent(session.manner, len(plan.changes))
