"""What `ttl restore` does: originals go back where they were lowered, and into the zone that copied them."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from migrator.cli import screen
from migrator.cli.ttling import Job, Session, key_of_place, own_locator
from migrator.cli.writing import consent, finish
from migrator.codec.ttls import Action, TtlResult
from migrator.errors import InputError
from migrator.model.locator import Locator
from migrator.model.names import for_people
from migrator.store import Store
from migrator.ttlmemory import Remembered, TtlMemory
from migrator.ttls import Original, Restoring, restore
from migrator.ttls.proof import wishes_of_restoring
from migrator.ttls.restoring import restore_copy
from migrator.ttlwork import restore_ttls


@dataclass(frozen=True, slots=True)
class Part:
    """One zone of a restoring, with what is to be put back there; `is_copy` is the new zone."""

    job: Job
    originals: tuple[Original, ...]
    result: TtlResult
    is_copy: bool


def run_restore(session: Session, from_: str, to: str) -> None:
    """Put the TTLs back that were lowered; ends with an exit code."""
    with session.store() as store, ExitStack() as stack:
        if store is None:
            raise _nothing(session)
        places = _places(session, store, from_, to)
        parts = [
            _part(stack.enter_context(session.job(locator, store)), originals, is_copy=is_copy)
            for locator, originals, is_copy in places
        ]
        for part in parts:
            session.show_plan(part.result)
        changes = sum(len(part.result.plan.changes) for part in parts if not part.job.by_hand)
        if changes and not consent(session.manner, changes):
            session.show(Action.RESTORE, [part.result for part in parts], is_plan=True)
            finish("", 0)
        if session.manner.dry_run:
            session.show(Action.RESTORE, [part.result for part in parts], is_plan=True)
            finish("", 0)
        with session.relay.shown():
            results = [_done(session, part, store) for part in parts]
        session.show(Action.RESTORE, results, is_plan=False)
        finish(next((each.work.error for each in results if each.work.error), ""), session.code(results))


def _places(
    session: Session, store: Store, from_: str, to: str
) -> list[tuple[Locator, tuple[Original, ...], bool]]:
    """Return each zone with the originals that belong there."""
    memory, domain = TtlMemory(store), session.domain
    wanted = key_of_place(from_, domain) if from_ else ""

    def chosen(found: Sequence[Remembered]) -> list[Remembered]:
        return [each for each in found if wanted in {"", each.place.target}]

    ever = chosen(memory.latest(domain))
    if not ever:
        raise _nothing(session)
    places = [
        (own_locator(from_ or each.place.locator, domain), tuple(each.originals.values()), False)
        for each in chosen(memory.pending(domain))
    ]
    if not places:
        screen.note(f"dns-migrator: All TTLs of {for_people(domain)} that were lowered are back already.")
    if to:
        copied = {key: original for each in ever for key, original in each.originals.items()}
        places.append((own_locator(to, domain), tuple(copied.values()), True))
    return places


def _nothing(session: Session) -> InputError:
    return InputError(
        f"{session.manner.database}: no lowered TTLs of {for_people(session.domain)} are remembered here; "
        "--database names the state database that `ttl lower` used."
    )


def _part(job: Job, originals: tuple[Original, ...], *, is_copy: bool) -> Part:
    plan = (restore_copy if is_copy else restore)(job.read.snapshot, originals, job.can)
    return Part(job, originals, TtlResult(job.locator.text, plan, job.work(plan.changes), job.by_hand), is_copy)


def _done(session: Session, part: Part, store: Store) -> TtlResult:
    plan, job, result = part.result.plan, part.job, part.result
    assert isinstance(plan, Restoring)
    memory = TtlMemory(store)
    if not part.is_copy:
        settled = {*plan.back, *plan.gone}
        memory.restored(session.domain, job.place, [each for each in part.originals if each.key in settled])
    if not plan.changes:
        return result
    if job.zone is not None:
        originals = () if part.is_copy else part.originals
        work = restore_ttls(job.zone, plan.changes, originals, store, session.relay)
        result = replace(result, work=work)
        if not work.applied:
            return result
    return session.proved(session.asking(job), result, wishes_of_restoring(plan.changes))
