"""What `plan` tells a script: the document `dns-migrator/timeline/1`. No IO here.

`local` gives the same instant in the time of this machine, with its offset.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from migrator.clock import Measure, instant
from migrator.codec import jsontext
from migrator.model.names import text_of
from migrator.timeline.measured import Party
from migrator.timeline.runbook import Entry
from migrator.timeline.steps import Step, Timeline

SCHEMA = "dns-migrator/timeline/1"
Local = Callable[[datetime], datetime]


class Verdict(StrEnum):
    """Whether the plan holds: as far as it was measured, the switch is not too early."""

    SAFE = "safe"
    TOO_EARLY = "too-early"
    INCOMPLETE = "incomplete"


def verdict_of(timeline: Timeline) -> Verdict:
    """Return the verdict: a switch that is known to be too early is that, whatever else is not known."""
    if timeline.too_early and timeline.earliest_switch is not None:
        return Verdict.TOO_EARLY
    return Verdict.INCOMPLETE if timeline.unmeasured else Verdict.SAFE


def dumps(timeline: Timeline, book: Sequence[Entry], local: Local) -> str:
    """Return the document as JSON text."""
    return jsontext.dumps(document(timeline, book, local), indent=1)


def document(timeline: Timeline, book: Sequence[Entry], local: Local) -> dict[str, object]:
    """Return the document."""
    found = timeline.measured
    return {
        "schema": SCHEMA,
        "domain": text_of(found.domain),
        "at": instant(found.now),
        "verdict": str(verdict_of(timeline)),
        "from": _party(found.old),
        "to": _party(found.new),
        "strategy": str(found.strategy),
        "lowered_ttl": found.target_ttl,
        "earliest_switch": _moment(timeline.earliest_switch),
        "switch_at": _moment(timeline.switch_at),
        "switched": found.switched is not None,
        "too_early": timeline.too_early or None,
        "measures": [_measure(measure) for measure in found.measures],
        "above": [{"subject": high.name, "ttl": high.seconds} for high in found.high],
        "fixed": [{"subject": high.name, "ttl": high.seconds, "reason": high.fixed} for high in found.fixed],
        "unmeasured": list(timeline.unmeasured),
        "remarks": list(found.remarks),
        "steps": [_step(step, local) for step in timeline.steps],
        "runbook": [
            {
                "title": entry.title,
                "step": entry.step or None,
                "commands": list(entry.commands),
                "says": [*entry.says],
            }
            for entry in book
        ],
    }


def _party(party: Party) -> dict[str, object]:
    names = [text_of(name) for name in party.name_servers]
    return {"locator": party.locator, "scheme": party.scheme or None, "name_servers": names}


def _measure(measure: Measure) -> dict[str, object]:
    counted = None if measure.seconds is None else measure.counted
    return {
        "name": measure.name,
        "seconds": measure.seconds,
        "counted": counted,
        "reason": None if measure.seconds is not None else measure.reason,
    }


def _step(step: Step, local: Local) -> dict[str, object]:
    return {
        "id": step.id,
        "title": step.title,
        "kind": str(step.kind),
        "state": str(step.state),
        "at": _moment(step.at),
        "local": None if step.at is None else local(step.at).isoformat(timespec="seconds"),
        "since": _moment(step.since),
        "rests_on": step.rests_on or None,
        "advice": step.advice or None,
        "unknown": list(step.unknown),
        "recommended": _moment(step.recommended),
        "recommended_because": step.recommended_because or None,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
