"""The TTLs of a migration: lowered at the old provider, proved at its name servers, put back at both."""

from collections.abc import Iterable
from contextlib import ExitStack

from migrator.codec.ttls import Action, TtlResult, dumps
from migrator.errors import DnsError, InputError, ProviderError
from migrator.journey.events import Kind, Worst
from migrator.model.finding import Severity
from migrator.model.phrases import counted
from migrator.model.values import dataclass
from migrator.state.ttlmemory import Remembered, TtlMemory
from migrator.timeline.steps import State
from migrator.ttls import Lowering, Only, Restoring, lower
from migrator.workflow.stages.job import Attempt, Job, digest_of, done
from migrator.workflow.stages.timing import document_of, measured
from migrator.workflow.targets import is_gone
from migrator.workflow.ttls import (
    BY_HAND,
    Part,
    asking_of,
    copied,
    held_zone,
    lowered,
    own_locator,
    part_of,
    pending_at,
    restored,
)

# For how long an attempt asks the name servers before it is taken up again later.
_WAIT = 10.0


def lower_old(job: Job) -> Attempt:
    """Lower the TTLs of the old zone, and see that every old name server has taken them."""
    locator = own_locator(job.options.source, job.domain)
    if locator.scheme in BY_HAND:
        return _by_hand(job)
    with held_zone(job.world, job.domain, locator, job.store) as held:
        pending = pending_at(job.store, held, job.domain)
        plan = lower(held.read.snapshot, job.options.lowered_ttl, held.can, Only(), pending)
        result = TtlResult(locator.text, plan, held.work(plan.changes), held.by_hand)
        digest = digest_of(plan.changes)
        if plan.changes and not job.consents(digest):
            text = f"may {counted(len(plan.changes), 'TTL')} be lowered to {plan.to} s at {locator.text}?"
            ways = (
                job.command("ttl lower", f"--from {job.sides[0]} --to {plan.to} --dry-run"),
                job.command("approve", "lower-ttls"),
            )
            document = dumps(Action.LOWER, job.domain, [result])
            return Attempt(Kind.ASKS, text, None, ways, None, (document,), digest)
        asking = asking_of(job.world, job.domain, held, job.memory, _WAIT, job.progress)
        result = lowered(asking, held, result, job.store, pending, job.domain, job.progress)
    return _ended(job, Action.LOWER, [result], f"{counted(len(plan.changes), 'TTL')} lowered to {plan.to} s")


@dataclass(frozen=True, slots=True)
class _Places:
    """Where TTLs were lowered: the zones that are held now, what is not there any more, what cannot be read."""

    parts: tuple[Part, ...]
    gone: tuple[Remembered, ...]
    unread: tuple[Remembered, ...]


def restore_both(job: Job) -> Attempt:
    """Put the TTLs back at the old provider, and in the new zone, which copied the low ones."""
    memory = TtlMemory(job.store)
    ever = memory.latest(job.domain)
    if not ever:
        return done("no TTL was lowered by this program: nothing to put back")
    with ExitStack() as stack:
        places = _places(job, memory, stack)
        if isinstance(places, Attempt):
            return places
        target = own_locator(job.options.target, job.domain)
        held = stack.enter_context(held_zone(job.world, job.domain, target, job.store))
        parts = (*places.parts, part_of(held, copied(ever), is_copy=True))
        changes = [change for part in parts if not part.held.by_hand for change in part.result.plan.changes]
        digest = digest_of(changes)
        if changes and not job.consents(digest):
            where = "both providers" if len(parts) > 1 else target.text
            text = f"may {counted(len(changes), 'TTL')} be put back at {where}?"
            document = dumps(Action.RESTORE, job.domain, [part.result for part in parts])
            ways = (job.command("approve", "restore-ttls"),)
            return Attempt(Kind.ASKS, text, None, ways, None, (document,), digest)
        results = [_restored(job, part) for part in parts]
    for each in places.gone:
        memory.restored(job.domain, each.place, each.originals.values())
    text = f"{counted(len(changes), 'TTL')} put back" if changes else "the TTLs are as before"
    missing = [f"{each.place.locator} is not there any more" for each in places.gone]
    missing += [f"{each.place.locator} could not be read and is left as it is" for each in places.unread]
    return _with_what_is_left_alone(_ended(job, Action.RESTORE, results, "; ".join([text, *missing])), results)


def _places(job: Job, memory: TtlMemory, stack: ExitStack) -> _Places | Attempt:
    """Hold the zones whose TTLs were lowered; fail where one cannot be read, and nobody goes on all the same."""
    parts: list[Part] = []
    gone: list[Remembered] = []
    unread: list[Remembered] = []
    for each in memory.pending(job.domain):
        locator = own_locator(each.place.locator, job.domain)
        try:
            held = stack.enter_context(held_zone(job.world, job.domain, locator, job.store))
        except (InputError, ProviderError, DnsError) as exc:
            # Its time was over at the stage before this one, and somebody has deleted it.
            if is_gone(job.world, locator):
                gone.append(each)
            elif job.override is None:
                return _unread(job, str(exc))
            else:
                unread.append(each)
        else:
            parts.append(part_of(held, tuple(each.originals.values()), is_copy=False))
    return _Places(tuple(parts), tuple(gone), tuple(unread))


def _with_what_is_left_alone(attempt: Attempt, results: Iterable[TtlResult]) -> Attempt:
    """Return the attempt with a warning of TTLs that somebody has changed since they were lowered."""
    changed = [key for result in results if isinstance(result.plan, Restoring) for key in result.plan.changed]
    if attempt.kind is not Kind.DONE or not changed:
        return attempt
    text = f"{attempt.text}; {counted(len(changed), 'TTL')} that somebody has changed meanwhile left alone"
    return done(text, *attempt.documents, worst=Worst(Severity.WARNING, text))


def _unread(job: Job, reason: str) -> Attempt:
    way = job.command("approve", "restore-ttls --because REASON")
    return Attempt(Kind.FAILED, reason, job.soon(), (way,), Worst(Severity.ERROR, reason))


def _restored(job: Job, part: Part) -> TtlResult:
    asking = None
    if part.result.plan.changes:
        asking = asking_of(job.world, job.domain, part.held, job.memory, _WAIT, job.progress)
    return restored(asking, part, job.store, job.domain, job.progress)


def _by_hand(job: Job) -> Attempt:
    """Say what a person has to lower, and see when every old name server shows it."""
    timeline = measured(job)
    document, step = document_of(timeline), timeline.step("lower-ttls")
    if step.state in {State.DONE, State.NOT_NEEDED}:
        return done(step.rests_on, document)
    if job.override is not None:
        return done(f"a person goes on all the same: {job.override.because}", document)
    if step.state is State.UNKNOWN:
        return Attempt(Kind.FAILED, f"not known: {'; '.join(step.unknown)}", job.soon(), (), None, (document,))
    _remember(job)
    text = f"lower the TTLs of the old zone by hand to {job.options.lowered_ttl} s: {step.rests_on}"
    ways = (
        job.command("ttl lower", f"--from {job.sides[0]} --to {job.options.lowered_ttl} --dry-run"),
        job.command("approve", "lower-ttls --because REASON"),
    )
    return Attempt(Kind.ASKS, text, job.soon(), ways, None, (document,))


def _remember(job: Job) -> None:
    """Remember what a person is about to lower: it is put back, and what is imported again has the originals."""
    locator = own_locator(job.options.source, job.domain)
    with held_zone(job.world, job.domain, locator, job.store) as held:
        pending = pending_at(job.store, held, job.domain)
        plan = lower(held.read.snapshot, job.options.lowered_ttl, held.can, Only(), pending)
        new = [each for each in plan.originals if pending.get(each.key) != each]
        TtlMemory(job.store).lowered(job.domain, held.place, new)


def _ended(job: Job, action: Action, results: list[TtlResult], text: str) -> Attempt:
    document = dumps(action, job.domain, results)
    error = next((result.work.error for result in results if result.work.error), "")
    if error or any(not result.work.applied and not result.by_hand for result in results):
        said = error or "not every TTL could be written"
        return Attempt(Kind.FAILED, said, job.soon(), (), Worst(Severity.ERROR, said), (document,))
    if asked := _asked_by_hand(job, results, document):
        return asked
    unseen = [result for result in results if not result.by_hand and _is_unseen(result)]
    if unseen and job.override is not None:
        said = f"{text}; not every name server shows them, and a person goes on: {job.override.because}"
        return done(said, document, worst=Worst(Severity.WARNING, said))
    if unseen:
        seen = "does not show" if unseen[0].shown is False else "could not be asked for"
        said = f"{text}; a name server {seen} the new TTLs yet"
        return Attempt(Kind.WAITS, said, job.soon(_WAIT), (), None, (document,))
    lowering = [result for result in results if isinstance(result.plan, Lowering)]
    if lowering and not lowering[0].plan.changes:
        return done(f"no TTL is left above {job.options.lowered_ttl} s that could be lowered", document)
    seen_by = "every name server shows them" if any(result.sights for result in results) else "nothing to be asked"
    return done(f"{text}; {seen_by}", document)


def _asked_by_hand(job: Job, results: Iterable[TtlResult], document: str) -> Attempt | None:
    """Ask a person to put back what no program may; None where nothing is left of it, or somebody has said so."""
    by_hand = [result for result in results if result.by_hand and result.plan.changes and result.shown is not True]
    if not by_hand or job.override is not None:
        return None
    wanted = digest_of(change for result in by_hand for change in result.plan.changes)
    if any(event.plan == wanted for event in job.approved):
        return None
    text = f"put the TTLs back by hand in {by_hand[0].zone}: {counted(len(by_hand[0].plan.changes), 'set')}"
    ways = (job.command("approve", "restore-ttls"),)
    return Attempt(Kind.ASKS, text, job.soon(), ways, None, (document,), wanted)


def _is_unseen(result: TtlResult) -> bool:
    """Tell whether a name server shows another TTL, or whether nobody could ask."""
    return bool(result.unasked) or (bool(result.sights) and result.shown is not True)
