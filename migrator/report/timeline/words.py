"""What every form of a plan says in the same words. Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime

from migrator.clock import Measure, instant
from migrator.codec.timeline import Verdict, verdict_of
from migrator.model.names import for_people
from migrator.timeline.steps import Kind, State, Step, Timeline

Local = Callable[[datetime], datetime]


def title(timeline: Timeline) -> str:
    """Return the heading."""
    return f"{for_people(timeline.measured.domain)}: plan of the move"


def verdict_line(timeline: Timeline) -> str:
    """Return the one sentence that matters."""
    at, earliest = timeline.switch_at, timeline.earliest_switch
    switched = timeline.measured.switched
    match verdict_of(timeline):
        case Verdict.TOO_EARLY:
            return timeline.too_early
        case Verdict.INCOMPLETE if switched is not None:
            return f"Switched since {instant(switched)}; see what was not measured."
        case Verdict.INCOMPLETE if at is None or earliest is None:
            return "When a switch is safe cannot be told: see what was not measured."
        case Verdict.INCOMPLETE:
            assert earliest is not None
            return f"Not before {instant(earliest)}; that it is safe then was not seen: see what was not measured."
        case Verdict.SAFE:
            if switched is not None:
                return f"Switched since {instant(switched)}; `confirm` follows what was seen."
            assert at is not None
            assert earliest is not None
            if not timeline.measured.new.name_servers:
                return _unknown_servers(at, earliest, is_wished=timeline.is_wished)
            if timeline.is_wished:
                return f"A switch at {instant(at)} is safe: the earliest is {instant(earliest)}."
            return f"Safe to switch from {instant(earliest)} on."


def _unknown_servers(at: datetime, earliest: datetime, *, is_wished: bool) -> str:
    """Return the sentence of a plan by which the TTLs allow a switch to name servers that nobody knows."""
    why = "was not seen: the new name servers are not known yet."
    if is_wished:
        return (
            f"A switch at {instant(at)} is not too early (not before {instant(earliest)}); that it is safe {why}"
        )
    return f"Not before {instant(earliest)}; that it is safe then {why}"


def look(timeline: Timeline) -> Verdict:
    """Return the verdict by which that sentence is painted: green is what is called safe alone."""
    found = verdict_of(timeline)
    measured = timeline.measured
    is_open = found is Verdict.SAFE and measured.switched is None and not measured.new.name_servers
    return Verdict.INCOMPLETE if is_open else found


def in_order(timeline: Timeline) -> list[Step]:
    """Return the steps with an instant, by time; those of the same instant stay as they are."""
    placed = [(step.at, step) for step in timeline.steps if step.at is not None]
    return [step for _, step in sorted(placed, key=lambda pair: pair[0])]


def not_placed(timeline: Timeline) -> list[Step]:
    """Return the steps without an instant that are needed: what cannot be told, and what has no date."""
    return [step for step in timeline.steps if step.at is None and step.state is not State.NOT_NEEDED]


def not_needed(timeline: Timeline) -> list[Step]:
    """Return the steps that do not apply."""
    return [step for step in timeline.steps if step.state is State.NOT_NEEDED]


def open_questions(timeline: Timeline) -> list[str]:
    """Return what was not measured and what is not known of the sides."""
    return [*timeline.unmeasured, *timeline.measured.remarks]


def local_text(at: datetime, local: Local) -> str:
    """Return the instant in local time, with weekday and offset: `Tue 2026-12-01 10:05 +0100`."""
    moment = local(at)
    seconds = ":%S" if moment.second else ""
    return moment.strftime(f"%a %Y-%m-%d %H:%M{seconds} %z")


def mark(step: Step) -> str:
    """Return one word for what a step is and whether it is past."""
    if step.state is State.DONE:
        return "done"
    return {Kind.ACT: "do", Kind.GATE: "wait", Kind.DEADLINE: "note"}[step.kind]


def measure_text(measure: Measure) -> str:
    """Return the seconds, or why there are none."""
    if measure.seconds is None:
        return f"none seen: {measure.reason}"
    capped = f", counted as {measure.counted} s" if measure.counted != measure.seconds else ""
    return f"{measure.seconds} s{span_text(measure.seconds)}{capped}"


def span_text(seconds: int) -> str:
    """Return how long that is in words, where it is a minute or more: ` (1 d 2 h)`."""
    parts = []
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number} {unit}")
    return f" ({' '.join(parts[:2])})" if parts else ""


def step_lines(step: Step, local: Local) -> Iterable[str]:
    """Yield what there is to say of a step besides its title and instant."""
    if step.rests_on:
        yield f"rests on: {step.rests_on}"
    if step.recommended is not None:
        when = f"{instant(step.recommended)} ({local_text(step.recommended, local)})"
        yield f"with a margin: {when} = {step.recommended_because}"
    for missing in step.unknown:
        yield f"not taken into account: {missing}"
    if step.advice:
        yield step.advice
