"""What `ttl lower` does: the plan, the consent, the writing, and every name server asked before and after."""

import typer
from dns.exception import DNSException
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.cli.ttling import Session
from migrator.cli.writing import consent, finish
from migrator.codec.ttls import Action, TtlResult
from migrator.errors import InputError
from migrator.model.domains import domain_named
from migrator.model.names import absolute, folded, for_people, is_within
from migrator.ttls import Lowering, Only, lower
from migrator.workflow.ttls import HeldZone, lowered, own_locator, pending_at


def run_lower(session: Session, text: str, to: int, words: list[str]) -> None:
    """Lower the TTLs of the old zone; ends with an exit code."""
    only = only_of(words, session.domain)
    with session.store() as store, session.held(own_locator(text, session.domain), store) as held:
        pending = pending_at(store, held, session.domain)
        _expect_there(words, held, session.domain)
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
    types = {word: rdtype for word in words if (rdtype := _rdtype(word)) is not None}
    names = (folded(_name(word, domain)) for word in words if word not in types)
    return Only(frozenset(types.values()), frozenset(names))


def _expect_there(words: list[str], held: HeldZone, domain: Name) -> None:
    """Raise InputError for the first name that the zone has nothing at, with what may be wrong with it."""
    there = {rrset.key.folded for rrset in held.read.snapshot.rrsets}
    for word in words:
        if _rdtype(word) is not None or folded(_name(word, domain)) in there:
            continue
        domain_named(word)
        type_ = word.upper()
        hint = "" if _rdtype(type_) is None else f"; the type is written in capitals: {type_}"
        raise InputError(f"--only {word}: {held.locator.text} has nothing at this name{hint}.")


def _name(word: str, domain: Name) -> Name:
    """Return the name that a word means in the zone; raises InputError for one outside."""
    whole = absolute(word) if word != "@" else domain
    name = whole if is_within(whole, domain) else absolute(word, domain)
    if not is_within(name, domain):
        raise InputError(f"--only {word}: neither a type in capitals nor a name in {for_people(domain)}.")
    return name


def _rdtype(word: str) -> RdataType | None:
    """Return the type that a word in capitals means; None where it means a name."""
    if not word.isupper():
        return None
    try:
        return RdataType.from_text(word)
    except DNSException:
        return None


def _may_go_on(session: Session, held: HeldZone, plan: Lowering) -> bool:
    """Tell whether to go on: without a change there is only to be asked, and by hand nothing is written."""
    return held.by_hand or not plan.changes or consent(session.manner, len(plan.changes))
