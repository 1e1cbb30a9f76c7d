"""How far each stage of a move has come. No IO here.

A migration that `run` carries out says so by its events. Where a person ran the commands one by one, a stage is
passed when what was kept shows it, and otherwise not seen: nobody can tell whether it was left out or done
elsewhere.
"""

from collections.abc import Mapping
from datetime import datetime

from migrator.journey.migration import Told
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import State, Status
from migrator.past import Past, Write
from migrator.story.account import Checked, Import, Lowered, Papers, Progress, StageLine, Switch

Shown = tuple[datetime, str]


def stage_lines(journey: Told | None, past: Past, papers: Papers, lowered: tuple[Lowered, ...]) -> list[StageLine]:
    """Return a line for each stage, in their order."""
    if journey is not None:
        return _by_events(journey.state, journey)
    shown = _by_evidence(past, papers, lowered)
    return [
        StageLine(stage, Progress.PASSED, None, *shown[stage])
        if stage in shown
        else StageLine(stage, Progress.UNSEEN)
        for stage in STAGES
    ]


def standing_writes(past: Past) -> tuple[Write, ...]:
    """Return the imports that came to their end and were not taken back."""
    undone = {write.undoes for write in past.writes if write.kind == "rollback" and write.end == "complete"}
    return tuple(
        write
        for write in past.writes
        if write.kind == "import" and write.end == "complete" and write.number not in undone
    )


def applied(past: Past, papers: Papers) -> Import | None:
    """Return what the last import said that came to its end and was not taken back."""
    standing = {write.number for write in standing_writes(past)}
    for found in reversed(papers.imports):
        runs = [
            write.number
            for write in past.writes
            if write.kind == "import" and write.locator == found.target and write.begun <= found.at
        ]
        # One that found nothing left to do has no run of its own.
        if found.applied and (not runs or runs[-1] in standing):
            return found
    return None


def _by_events(state: State, journey: Told) -> list[StageLine]:
    done = {event.stage: event for event in state.done}
    lines = []
    since = journey.events[0].at
    for stage in STAGES:
        if stage in done:
            event = done[stage]
            lines.append(StageLine(stage, Progress.PASSED, since, event.at, event.text))
            since = event.at
        elif stage is state.stage and state.status is not Status.COMPLETE:
            lines.append(StageLine(stage, Progress.CURRENT, since, None, state.last.text))
        else:
            lines.append(StageLine(stage, Progress.AHEAD))
    return lines


def _by_evidence(past: Past, papers: Papers, lowered: tuple[Lowered, ...]) -> Mapping[Stage, Shown]:
    found: dict[Stage, Shown] = {}
    by_phase = {each.phase: each for each in papers.checklists}
    if papers.exports:
        last = papers.exports[-1]
        found[Stage.BACKUP] = last.at, f"{last.records} records of {last.source} kept in {last.folder}"
    _go(found, Stage.PREPARE, by_phase.get("prepare"))
    _imported(found, past, papers)
    _compared(found, papers)
    if lowered:
        found[Stage.LOWER_TTLS] = lowered[0].at, f"{sum(each.sets for each in lowered)} RRsets lowered"
    _go(found, Stage.READY, by_phase.get("ready"))
    _switched(found, papers.switch)
    _go(found, Stage.CLOSE, by_phase.get("close"))
    restored = [each.restored_at for each in lowered if each.restored_at is not None and not each.still]
    if restored and len(restored) == len(lowered):
        found[Stage.RESTORE_TTLS] = max(restored), "every RRset that was lowered has its TTL back"
    return found


def _go(found: dict[Stage, Shown], stage: Stage, checked: Checked | None) -> None:
    if checked is not None and checked.verdict == "go":
        found[stage] = checked.at, f"the checklist of phase {checked.phase} says go"


def _imported(found: dict[Stage, Shown], past: Past, papers: Papers) -> None:
    done, last = standing_writes(past), applied(past, papers)
    if last is not None and last.verified:
        found[Stage.IMPORT] = last.at, f"imported into {last.target}, read again and compared"
    elif done:
        found[Stage.IMPORT] = done[-1].begun, f"imported into {done[-1].locator}"


def _compared(found: dict[Stage, Shown], papers: Papers) -> None:
    compared = papers.comparison
    if compared is not None and compared.verdict == "same":
        found[Stage.VERIFY] = compared.at, f"{compared.new} has all that {compared.old} has"


def _switched(found: dict[Stage, Shown], switch: Switch | None) -> None:
    if switch is None or not switch.is_done:
        return
    at = switch.switched or switch.at
    found[Stage.SWITCH] = at, "the parent lists the new name servers"
    found[Stage.PARENT] = at, "every server of the parent lists exactly the new name servers"
    if switch.stage == "settled":
        found[Stage.RESOLVERS] = switch.last_stale or switch.at, "the last possible stale answer is past"
