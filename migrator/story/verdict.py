"""The two sentences that matter: how the move stands, and whether the old zone may be deleted. No IO here.

What was seen last wins: a migration that is complete and whose parent has listed other name servers since is under
way again, and a checklist of phase close that said go counts only while no later look contradicts it: one at which
the parent lists other name servers, something is wrong, or a new name server does not answer. A look before that
checklist contradicts nothing: the parent was asked again. Nor does a go count whose instant is to come.
"""

from datetime import datetime

from migrator.clock import instant
from migrator.journey.state import State, Status
from migrator.past import Past
from migrator.story.account import Checked, Deletion, Papers, Standing, Switch, Verdict
from migrator.story.stages import applied, standing_writes

_DOES = {
    # Who works on it, and whether anybody does, is not kept with what happened.
    Status.RUNNING: "to do, or being done,",
    Status.WAITING: "waiting",
    Status.ASKING: "waiting for a person",
    Status.FAILED: "stopped by a failure",
    Status.PAUSED: "paused by a person",
}
_SEEN = {
    "not-delegated": "the parent has no such delegation",
    "not-started": "the parent lists the old name servers",
    "placeholder": "the parent lists neither the old nor the new name servers",
    "mixed": "the servers of the parent do not all list exactly the new name servers",
    "switched": "every server of the parent lists the new name servers, and caches may still hold the old ones",
    "": "what the parent lists could not be told",
}


def verdict_of(state: State | None, past: Past, papers: Papers, now: datetime) -> Verdict:
    """Return the verdict."""
    standing, sentence = _standing(state, past, papers)
    deletion, said, at = _deletion(state, papers, now)
    return Verdict(standing, sentence, deletion, said, at)


def _standing(state: State | None, past: Past, papers: Papers) -> tuple[Standing, str]:
    if state is None:
        return _by_hand(past, papers)
    if state.status is Status.ABORTED:
        return Standing.ABORTED, f"Aborted at the stage {state.stage} on {instant(state.since)}."
    if state.status is Status.COMPLETE:
        back = _gone_back(papers, state.since)
        if back is None:
            return Standing.MOVED, f"Moved: all stages are done since {instant(state.since)}."
        return Standing.UNDER_WAY, (
            f"All stages were done on {instant(state.since)}, but a look on {instant(back.at)} shows otherwise: "
            f"{_SEEN.get(back.stage, back.stage)}."
        )
    return Standing.UNDER_WAY, (
        f"Under way at stage {state.stage.number} of 13, {state.stage} ({_lowered(state.stage.purpose)}): "
        f"{_DOES[state.status]} since {instant(state.since)}."
    )


def _by_hand(past: Past, papers: Papers) -> tuple[Standing, str]:
    switch, imported, writes = papers.switch, applied(past, papers), standing_writes(past)
    close = _last_go(papers)
    if close is not None and (switch is None or not switch.is_done):
        return Standing.MOVED, f"Moved: the checklist of phase close said go on {instant(close.at)}."
    if switch is not None and switch.stage == "settled" and switch.against:
        return Standing.UNDER_WAY, (
            "Under way: every server of the parent lists the new name servers, the last old answer is gone, but "
            f"{_against(switch)} (seen {instant(switch.at)})."
        )
    if switch is not None and switch.stage == "settled":
        return Standing.MOVED, f"Moved: settled as seen on {instant(switch.at)}."
    if switch is not None and switch.stage in {"mixed", "placeholder", "switched"}:
        return Standing.UNDER_WAY, f"Under way: {_SEEN[switch.stage]} (seen {instant(switch.at)})."
    if imported is not None or writes or past.ttls:
        seen = "" if switch is None else f" On {instant(switch.at)} {_SEEN.get(switch.stage, switch.stage)}."
        where = imported.target if imported is not None else writes[-1].locator if writes else ""
        done = f"the new zone is at {where}" if where else "the TTLs of the old zone were changed"
        return Standing.UNDER_WAY, f"Under way: {done}, and no switch was seen.{seen}"
    if past.writes:
        return Standing.NOT_BEGUN, "Not begun: no import has come to its end, or the last was taken back."
    return Standing.NOT_BEGUN, "Not begun: nothing was written, and no switch was seen."


def _gone_back(papers: Papers, since: datetime) -> Switch | None:
    """Return the last look where it came later and shows something else than the new name servers."""
    switch = papers.switch
    if switch is None or switch.at <= since or switch.is_done or _last_go(papers) is not None:
        return None
    return switch


def _deletion(state: State | None, papers: Papers, now: datetime) -> tuple[Deletion, str, datetime | None]:
    if state is not None and state.status is Status.ABORTED:
        return Deletion.NOT_KNOWN, "Keep the old zone: the move was aborted.", None
    switch = papers.switch
    close = next((each for each in papers.checklists if each.phase == "close"), None)
    if go := _last_go(papers):
        said = f"The old zone may be deleted: the checklist of phase close said go on {instant(go.at)}"
        without = f", without {', '.join(go.left_out)}, which a person left out" if go.left_out else ""
        return Deletion.SAFE, f"{said}{without}.", go.at
    if close is not None and close.verdict == "go" and close.is_ahead:
        said = f"the checklist of phase close said go on {instant(close.at)}, which is to come, or later than what"
        return Deletion.NOT_KNOWN, f"Keep the old zone: {said} was seen after it: a clock is or was wrong.", None
    contradicted = switch is not None and not switch.is_done
    if contradicted or (switch is None and close is None):
        why = "no look has seen the switch" if switch is None else _SEEN.get(switch.stage, switch.stage)
        return Deletion.NOT_KNOWN, f"Keep the old zone: {why}.", None
    if switch is not None and switch.against and (close is None or close.at <= switch.at):
        return Deletion.NOT_KNOWN, f"Keep the old zone: {_against(switch)} (seen {instant(switch.at)}).", None
    return _by_time(switch, close, now)


def _last_go(papers: Papers) -> Checked | None:
    """Return the checklist of phase close where it said go, and no later look contradicts it."""
    switch = papers.switch
    close = next((each for each in papers.checklists if each.phase == "close"), None)
    if close is None or close.verdict != "go" or close.is_ahead:
        return None
    is_borne_out = switch is None or close.at > switch.at or (switch.is_done and not switch.against)
    return close if is_borne_out else None


def _against(switch: Switch) -> str:
    first, *others = switch.against
    return f"{first}; and {len(others)} more" if others else first


def _by_time(switch: Switch | None, close: Checked | None, now: datetime) -> tuple[Deletion, str, datetime | None]:
    moments = (None if switch is None else switch.safe, None if close is None else close.not_before)
    known = [at for at in moments if at is not None]
    if not known:
        why = "when it may be deleted is not known yet"
        if close is not None:
            why = f"the checklist of phase close said {close.verdict} on {instant(close.at)}"
        return Deletion.NOT_KNOWN, f"Keep the old zone: {why}.", None
    at = max(known)
    if at > now:
        return Deletion.NOT_BEFORE, f"Keep the old zone until {instant(at)} at least.", at
    missing = "was not run" if close is None else f"said {close.verdict} on {instant(close.at)}"
    said = f"Keep the old zone for now: its last stale answer was gone on {instant(at)}, but the checklist of "
    return Deletion.TO_CHECK, f"{said}phase close {missing}.", at


def _lowered(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
