"""What is still open, what needs a person first, and what comes next. No IO here.

A finding counts until something later of the same kind was seen: the newest checklist is read, and of earlier
phases nothing, since what stood in the way of a switch is history once a later phase was looked at.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from migrator.clock import instant
from migrator.journey.state import State, Status
from migrator.past import Past
from migrator.story.account import Checked, Lowered, Next, Open, OpenKind, Papers, Trouble
from migrator.story.stages import applied
from migrator.timeline.steps import State as StepState
from migrator.timeline.steps import Step

_KINDS = {"fail": OpenKind.FAILING, "unchecked": OpenKind.UNCHECKED}

# A worker that lives begins sooner than this.
_OVERDUE = timedelta(minutes=2)


def open_things(
    state: State | None, past: Past, papers: Papers, lowered: tuple[Lowered, ...], domain: str
) -> list[Open]:
    """Return what is open, the gravest kind first."""
    found = [
        *_of_state(state),
        *_of_checklist(papers),
        *_of_switch(papers),
        *_of_import(state, papers),
        *_of_comparison(past, papers),
        *(_of_ttls(lowered, domain) if _is_behind(state, papers) else ()),
        *(
            Open(OpenKind.UNCHECKED, "document", each, "this report: it could not be read")
            for each in papers.unread
        ),
    ]
    order = list(OpenKind)
    return sorted(found, key=lambda each: order.index(each.kind))


def _is_behind(state: State | None, papers: Papers) -> bool:
    """Tell whether lowered TTLs are needed no more: whoever puts them back before the switch has to wait again."""
    return (state is not None and state.is_over) or (
        papers.switch is not None and papers.switch.stage == "settled"
    )


def newest_checklist(papers: Papers) -> Checked | None:
    """Return the checklist that was made last."""
    return max(papers.checklists, key=lambda each: each.at, default=None)


def what_comes_next(state: State | None, steps: tuple[Step, ...], now: datetime) -> Next | None:
    """Return what comes next; None where the migration is over or nothing is planned."""
    if state is not None:
        return None if state.is_over else _after(state, now)
    ahead = [step for step in steps if step.state is StepState.AHEAD and step.at is not None and step.at >= now]
    first = min(ahead, key=lambda step: step.at or now, default=None)
    return None if first is None else Next(first.title, first.at)


def _after(state: State, now: datetime) -> Next:
    if state.status is Status.PAUSED:
        return Next("It goes on when a person resumes it.")
    if state.due is None:
        return Next("A person decides.")
    doing = {
        Status.WAITING: "The next look at what is waited for",
        Status.ASKING: "The next look at whether the answer is there",
        Status.FAILED: "The next try",
    }
    text = doing.get(state.status, state.stage.purpose)
    if now - state.due > _OVERDUE:
        return Next(f"{text}: it is due, and waits for a run or a worker", state.due)
    return Next(text, state.due)


def _of_state(state: State | None) -> Iterator[Open]:
    if state is None:
        return
    last = state.last
    kinds = {Status.ASKING: OpenKind.ASKED, Status.FAILED: OpenKind.FAILING, Status.WAITING: OpenKind.WAITING}
    source = f"run, {instant(last.latest or last.at)}"
    if state.status in kinds:
        kind = kinds[state.status]
        yield Open(kind, state.stage.purpose, last.text, source, "", last.commands, again=last.until)
    if state.status is Status.PAUSED:
        yield Open(OpenKind.ASKED, state.stage.purpose, "A person paused the migration.", source)


def _of_checklist(papers: Papers) -> Iterator[Open]:
    last = newest_checklist(papers)
    if last is not None:
        source = f"check, phase {last.phase}, {instant(last.at)}"
        yield from (_open(trouble, source) for trouble in last.troubles)


def _of_switch(papers: Papers) -> Iterator[Open]:
    if papers.switch is not None:
        source = f"confirm, {instant(papers.switch.at)}"
        yield from (_open(each, source) for each in papers.switch.troubles if each.status != "notice")


def _of_import(state: State | None, papers: Papers) -> Iterator[Open]:
    last = papers.imports[-1] if papers.imports else None
    if last is None:
        return
    source = f"import, {instant(last.at)}"
    if last.error:
        yield Open(OpenKind.FAILING, last.target, last.error, source)
    elif last.applied and not last.verified:
        yield Open(OpenKind.UNCHECKED, last.target, "It was not read again after writing.", source)
    asks_already = state is not None and state.status is Status.ASKING
    if last.refused and not last.applied and not asks_already:
        yield Open(
            OpenKind.ASKED, last.target, f"Nothing was written; a person decides: {' '.join(last.refused)}", source
        )


def _of_comparison(past: Past, papers: Papers) -> Iterator[Open]:
    """Yield the differences of the last comparison, where nothing was imported since."""
    compared, imported = papers.comparison, applied(past, papers)
    if compared is None or (imported is not None and imported.at > compared.at):
        return
    source = f"diff, {instant(compared.at)}"
    yield from (_open(each, source) for each in compared.differences if each.status != "notice")


def _of_ttls(lowered: tuple[Lowered, ...], domain: str) -> Iterator[Open]:
    for each in lowered:
        if each.still:
            sets = (
                "1 RRset still has its lowered TTL."
                if each.still == 1
                else (f"{each.still} RRsets still have their lowered TTLs.")
            )
            command = f"dns-migrator ttl restore {domain}"
            yield Open(OpenKind.NOTED, each.zone, sets, f"ttl lower, {instant(each.at)}", "", (command,))


def _open(trouble: Trouble, source: str) -> Open:
    kind = _KINDS.get(trouble.status, OpenKind.NOTED)
    return Open(kind, trouble.subject, trouble.message, source, trouble.remedy, (), trouble.not_before)
