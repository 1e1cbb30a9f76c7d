"""What `ttl lower` does: the plan, the consent, the writing, and every name server asked before and after."""

from collections.abc import Mapping
from dataclasses import replace

import typer
from dns.exception import DNSException
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.cli.ttling import Job, Session, own_locator
from migrator.cli.writing import consent, finish
from migrator.codec.ttls import Action, TtlResult
from migrator.errors import InputError
from migrator.model.names import absolute, folded, for_people, is_within
from migrator.model.rrset import RRsetKey
from migrator.store import Store
from migrator.ttlmemory import TtlMemory
from migrator.ttls import Lowering, Only, Original, lower
from migrator.ttls.proof import is_answered_otherwise, wishes_of_lowering
from migrator.ttlwork import lower_ttls, prove


def run_lower(session: Session, text: str, to: int, words: list[str]) -> None:
    """Lower the TTLs of the old zone; ends with an exit code."""
    only = only_of(words, session.domain)
    with session.store() as store, session.job(own_locator(text, session.domain), store) as job:
        pending = _pending(store, job, session.domain)
        if only.names - {rrset.key.folded for rrset in job.read.snapshot.rrsets}:
            raise InputError(f"--only {','.join(words)}: {job.locator.text} has nothing at a name of these.")
        plan = lower(job.read.snapshot, to, job.can, only, pending)
        result = TtlResult(job.locator.text, plan, job.work(plan.changes), job.by_hand)
        session.show_plan(result)
        if store is None or session.manner.dry_run or not _may_go_on(session, job, plan):
            if session.manner.dry_run:
                consent(session.manner, len(plan.changes))
            session.show(Action.LOWER, [result], is_plan=True)
            raise typer.Exit(0)
        with session.relay.shown():
            result = _done(session, job, result, store, pending)
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


def _pending(store: Store | None, job: Job, domain: Name) -> Mapping[RRsetKey, Original]:
    """Return the originals of sets that were lowered here and not put back."""
    for remembered in () if store is None else TtlMemory(store).pending(domain):
        if remembered.place.target == job.place.target:
            return remembered.originals
    return {}


def _may_go_on(session: Session, job: Job, plan: Lowering) -> bool:
    """Tell whether to go on: without a change there is only to be asked, and by hand nothing is written."""
    return job.by_hand or not plan.changes or consent(session.manner, len(plan.changes))


def _done(
    session: Session, job: Job, result: TtlResult, store: Store, pending: Mapping[RRsetKey, Original]
) -> TtlResult:
    plan = result.plan
    assert isinstance(plan, Lowering)
    there = job.read.snapshot.by_key()
    still = [
        original
        for key, original in pending.items()
        if key in there and there[key].ttl == original.lowered and not is_answered_otherwise(there[key])
    ]
    asking = session.asking(job)
    wishes = wishes_of_lowering(plan.changes, still)
    if plan.changes and asking.servers:
        # The TTLs of before, as served: the evidence by which `check --phase ready` counts.
        prove(replace(asking, wait=0), session.domain, wishes, session.relay)
    if job.zone is not None and plan.changes:
        work = lower_ttls(job.zone, plan.changes, plan.originals, store, session.relay)
        result = replace(result, work=work)
        if not work.applied:
            return result
    elif plan.changes:
        new = [each for each in plan.originals if pending.get(each.key) != each]
        TtlMemory(store).lowered(session.domain, job.place, new)
    return session.proved(asking, result, wishes)
