"""The clock of a migration: the plan is measured anew, and says what has to be done and waited for."""

from datetime import datetime

from migrator.checks.facts import Settings
from migrator.clock import instant
from migrator.codec.timeline import dumps
from migrator.journey.events import Kind
from migrator.timeline import Timeline
from migrator.timeline.steps import Kind as StepKind
from migrator.timeline.steps import State, Step
from migrator.workflow.planning import planned
from migrator.workflow.stages.job import Attempt, Job, done
from migrator.workflow.wishes import strategy_of

_ACTS = frozenset({"remove-ds", "exchange-keys"})
_BEFORE_SWITCH = frozenset({"ds-expired", "keys-exchanged", "earliest-cutover"})


def measured(job: Job) -> Timeline:
    """Return the plan as it is now."""
    options = job.options
    settings = Settings(lowered_ttl=options.lowered_ttl, selectors=options.selectors, frozen=options.frozen)
    sides = (options.source, options.target)
    strategy = strategy_of(options.strategy)
    return planned(job.world, job.domain, sides, settings, strategy, None, job.memory, job.progress)


def document_of(timeline: Timeline) -> str:
    """Return the plan as it is kept."""
    return dumps(timeline, (), lambda moment: moment)


def make_signatures_safe(job: Job) -> Attempt:
    """Find out what the move needs for DNSSEC, and ask for what only the registrar can do."""
    timeline = measured(job)
    document = document_of(timeline)
    acts = [step for step in timeline.steps if step.id in _ACTS]
    open_ = [step for step in acts if step.state not in {State.DONE, State.NOT_NEEDED}]
    if not open_:
        return done("; ".join(map(_settled, acts)), document)
    step = open_[0]
    if job.override is not None:
        return done(f"a person goes on all the same: {job.override.because}", document)
    ways = (job.command("plan", f"--from {job.sides[0]} --to {job.sides[1]}"),)
    if step.state is State.UNKNOWN:
        return Attempt(
            Kind.FAILED, f"{step.title}: {'; '.join(step.unknown)}", job.soon(), ways, None, (document,)
        )
    text = f"{_lowered_first(step.title)}: {step.rests_on}"
    return Attempt(Kind.ASKS, text, job.soon(), ways, None, (document,))


def wait_for_caches(job: Job) -> Attempt:
    """Wait until caches have let go of longer TTLs and of the old DS or keys."""
    timeline = measured(job)
    document = document_of(timeline)
    gates = [step for step in timeline.steps if step.id in _BEFORE_SWITCH and step.kind is StepKind.GATE]
    unknown = [text for step in gates for text in step.unknown if step.state is State.UNKNOWN]
    ahead = [step for step in gates if step.state is State.AHEAD and step.at is not None]
    if job.override is not None and (ahead or unknown):
        return done(f"a person goes on all the same: {job.override.because}", document)
    if timeline.step("lower-ttls").state is State.AHEAD:
        # Raised again since they were lowered, a set that came later, or one that is only lowered by hand.
        to = job.options.lowered_ttl
        text = f"TTLs are above {to} s: {timeline.step('lower-ttls').rests_on}"
        ways = (
            job.command("ttl lower", f"--from {job.sides[0]} --to {to} --dry-run"),
            job.command("again", "lower-ttls"),
        )
        return Attempt(Kind.ASKS, text, job.soon(), ways, None, (document,))
    if unknown:
        return Attempt(Kind.FAILED, f"not known: {unknown[0]}", job.soon(), (), None, (document,))
    if ahead:
        last = max(ahead, key=_at)
        return Attempt(Kind.WAITS, f"{instant(_at(last))} = {last.rests_on}", _at(last), (), None, (document,))
    latest = max((step for step in gates if step.at is not None), key=_at, default=None)
    text = "nothing to wait for" if latest is None else f"since {instant(_at(latest))} = {latest.rests_on}"
    return done(text, document)


def _settled(step: Step) -> str:
    when = f" ({instant(step.at)})" if step.state is State.DONE and step.at is not None else ""
    return f"{step.rests_on or step.title}{when}"


def _at(step: Step) -> datetime:
    assert step.at is not None
    return step.at


def _lowered_first(title: str) -> str:
    return title[:1].lower() + title[1:]
