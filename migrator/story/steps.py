"""The steps of the picture: what was passed, TTLs that run out, what is waited for and planned. No IO here."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from migrator.journey.state import State, Status
from migrator.story.account import Lowered, Papers, Progress, StageLine, Switch
from migrator.timeline.steps import Kind, Step
from migrator.timeline.steps import State as StepState

# The step of a plan that the lowered TTLs of the memory show more exactly.
_TTLS = "earliest-cutover"


def steps_of(
    lines: Iterable[StageLine], state: State | None, papers: Papers, lowered: Sequence[Lowered], now: datetime
) -> tuple[Step, ...]:
    """Return the steps with an instant, by time."""
    measured = [each for each in lowered if each.let_go > now]
    found = [
        *_passed(lines),
        *_current(state, now),
        *_ttls(lowered, now),
        *_caches(papers.switch, now),
        *_planned(papers, state, now, {_TTLS} if measured else set()),
    ]
    return tuple(sorted(found, key=lambda step: step.at or now))


def _passed(lines: Iterable[StageLine]) -> Iterator[Step]:
    for line in lines:
        if line.progress is Progress.PASSED and line.at is not None:
            yield Step(
                f"stage-{line.stage}",
                line.stage.purpose,
                Kind.ACT,
                StepState.DONE,
                line.at,
                line.text,
                since=line.since,
            )


def _current(state: State | None, now: datetime) -> Iterator[Step]:
    if state is None or state.is_over:
        return
    until = state.last.until if state.status in {Status.WAITING, Status.FAILED} else None
    ahead = until is not None and until > now
    at = until if until is not None and ahead else now
    since = min(state.since, at)
    title = f"{state.stage.purpose} ({state.status})"
    yield Step(f"stage-{state.stage}", title, Kind.GATE, StepState.AHEAD, at, state.last.text, since=since)


def _ttls(lowered: Iterable[Lowered], now: datetime) -> Iterator[Step]:
    for place, each in enumerate(lowered):
        yield Step(
            f"ttls-{place}",
            f"Caches have let go of the longer TTLs of {each.zone}",
            Kind.GATE,
            _state(each.let_go, now),
            each.let_go,
            f"lowered + {each.longest}",
            since=each.at,
        )


def _caches(switch: Switch | None, now: datetime) -> Iterator[Step]:
    if switch is None or not switch.is_done or switch.switched is None:
        return
    if switch.last_stale is not None:
        yield Step(
            "stale",
            f"The last stale answer is gone{' at the earliest' if switch.unknown else ''}",
            Kind.GATE,
            _state(switch.last_stale, now),
            switch.last_stale,
            switch.formula,
            unknown=switch.unknown,
            since=switch.switched,
        )


def _planned(papers: Papers, state: State | None, now: datetime, known: Collection[str]) -> Iterator[Step]:
    """Yield what the last plan has ahead and is not `known` otherwise, unless the switch has overtaken it."""
    if papers.plan is None or (state is not None and state.is_over):
        return
    if papers.switch is not None and papers.switch.is_done and papers.plan.at < papers.switch.at:
        return
    for step in papers.plan.steps:
        if step.state is StepState.AHEAD and step.at is not None and step.at > now and step.id not in known:
            yield step


def _state(at: datetime, now: datetime) -> StepState:
    return StepState.DONE if at <= now else StepState.AHEAD
