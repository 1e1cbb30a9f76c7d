"""The checklists of a migration: go, wait until the instant that they name, or a person mends what they found."""

from dataclasses import replace
from pathlib import Path

from migrator.checks.points import Problem, Unchecked
from migrator.checks.verdict import Checklist, Result, Status, Verdict
from migrator.clock import instant
from migrator.codec.checklist import SCHEMA, dumps
from migrator.codec.diff import dumps as diff_dumps
from migrator.diff import compare_sides
from migrator.journey.events import Kind, Worst
from migrator.journey.stages import Stage
from migrator.model.finding import Phase, Severity
from migrator.model.phrases import counted
from migrator.state.documents import Documents
from migrator.workflow.checking import checked
from migrator.workflow.stages.job import Attempt, Job, done
from migrator.workflow.wishes import Wish, choice_of, order_of

# What the new name servers are asked for once the zone is there, before anything changes for anybody.
_OF_NEW_SERVERS = ("ns", "zone", "mail", "caa", "cert")
# What a person is asked about at a stage of its own is no reason to stop here.
_ASKED_ELSEWHERE = {Phase.PREPARE: ("plan.features=the import asks about every loss",)}


def look(job: Job, phase: Phase, only: tuple[str, ...] = ()) -> Attempt:
    """Run the checklist of a phase, or only some of its checks, and say what it means for the stage."""
    return verdict_of(job, checklist_of(job, phase, only))


def verify(job: Job) -> Attempt:
    """Ask every new name server for what the old zone has, and keep what the two zones differ in."""
    checklist = checklist_of(job, Phase.READY, _OF_NEW_SERVERS)
    attempt = verdict_of(job, checklist)
    old, new = (None if side is None else side.zone for side in (checklist.facts.old, checklist.facts.new))
    if old is None or new is None:
        return attempt
    return replace(attempt, documents=(*attempt.documents, diff_dumps(compare_sides(old, new))))


def ready_no_more(job: Job) -> Attempt | None:
    """Return the way back to the go or no-go, where a check says no that did not then; None where none does.

    What cannot be asked now was answered then: only what is seen to be wrong counts.
    """
    checklist = checklist_of(job, Phase.READY)
    known = _failed_at_ready(job)
    if all(result.check.id in known for result in checklist.results if result.status is Status.FAIL):
        return None
    found = verdict_of(job, checklist)
    return replace(found, kind=Kind.WAITS, until=job.now(), commands=(), again=Stage.READY)


def _failed_at_ready(job: Job) -> frozenset[str]:
    """Return the checks that said no at the stage before, where a person went on all the same."""
    kept = Documents(job.store).numbered(job.state.done[-1].documents)
    lists = [document.shape() for document in kept if document.schema == SCHEMA]
    results = [result for shape in lists for result in shape.shapes("results")]
    return frozenset(result.text("check") for result in results if result.text("status") == str(Status.FAIL))


def checklist_of(job: Job, phase: Phase, only: tuple[str, ...] = ()) -> Checklist:
    """Return the checklist of a phase with what the person decided."""
    options = job.options
    wish = Wish(
        domain=job.domain.to_text(),
        phase=phase,
        old=options.source,
        new=options.target,
        strategy=options.strategy,
        only=list(only),
        skip=[*options.skips, *_ASKED_ELSEWHERE.get(phase, ())],
        selectors=list(options.selectors),
        profile=Path(options.profile) if options.profile else None,
        frozen=options.frozen,
        old_queries=options.old_queries,
    )
    return checked(job.world, order_of(wish), choice_of(wish), job.memory, job.progress)


def verdict_of(job: Job, checklist: Checklist) -> Attempt:
    """Return what a checklist means for the stage."""
    document, worst, verdict = dumps(checklist), worst_of(checklist), checklist.verdict
    if verdict is Verdict.GO:
        return done(f"{checklist.facts.phase}: go ({_counts(checklist)})", document, worst=worst)
    blocking = sorted(filter(_stops, checklist.results), key=_lateness)
    said = job.override
    if said is not None:
        names = ", ".join(result.check.id for result in blocking)
        return done(
            f"{said.by or 'a person'} goes on all the same: {said.because} ({names})", document, worst=worst
        )
    until = checklist.not_before
    # Ahead when it was looked, that is: an instant that has come since is no reason to ask anybody.
    if until is not None and until > checklist.facts.now and all(map(_only_waits, blocking)):
        text = f"{checklist.facts.phase}: not before {instant(until)}: {_first(blocking[0])}"
        return Attempt(Kind.WAITS, text, until, worst=worst, documents=(document,))
    more = f" (and {len(blocking) - 1} more)" if len(blocking) > 1 else ""
    text = f"{checklist.facts.phase}: {verdict}: {blocking[0].check.id}: {_first(blocking[0])}{more}"
    if verdict is Verdict.INCOMPLETE:
        return Attempt(Kind.FAILED, text, job.later(), _ways(job), worst, (document,))
    return Attempt(Kind.ASKS, text, job.later(), _ways(job), worst, (document,))


def worst_of(checklist: Checklist) -> Worst | None:
    """Return the gravest problem of a checklist, None where there is none above a notice."""
    found = [
        Worst(problem.severity or result.severity, f"{result.check.id}: {problem.message}")
        for result in checklist.results
        for problem in result.problems
    ]
    for severity in (Severity.ERROR, Severity.WARNING):
        of_it = [worst for worst in found if worst.severity is severity]
        if of_it:
            return of_it[0]
    return None


def _ways(job: Job) -> tuple[str, ...]:
    return (
        job.command("report", f"-o {job.stage}.html"),
        job.command("approve", f"{job.stage} --because REASON"),
    )


def _stops(result: Result) -> bool:
    return result.status is Status.FAIL or (result.status is Status.UNCHECKED and result.blocks)


def _lateness(result: Result) -> tuple[bool, bool]:
    """Return how late a result is said: what is wrong first, then what is not known, and last what time mends."""
    return _only_waits(result), result.status is not Status.FAIL


def _only_waits(result: Result) -> bool:
    """Tell whether time alone mends it."""
    points = [
        point
        for point in result.points
        if isinstance(point, Unchecked)
        or (isinstance(point, Problem) and (point.severity or result.severity) is Severity.ERROR)
    ]
    return bool(points) and all(point.not_before is not None for point in points)


def _first(result: Result) -> str:
    problems = result.problems
    if result.status is Status.FAIL and problems:
        return problems[0].message
    return next((f"not checked: {each.reason}" for each in result.unchecked), "")


def _counts(checklist: Checklist) -> str:
    passed = sum(result.status is Status.PASS for result in checklist.results)
    warned = sum(result.status is Status.WARN for result in checklist.results)
    unchecked = sum(result.status is Status.UNCHECKED for result in checklist.results)
    parts = [f"{passed} passed", counted(warned, "warning")]
    parts += [f"{unchecked} not checked"] if unchecked else []
    left = ", ".join(f"{result.check.id}: {result.reason}" for result in checklist.results if result.skipped)
    return ", ".join(parts) + (f"; left out {left}" if left else "")
