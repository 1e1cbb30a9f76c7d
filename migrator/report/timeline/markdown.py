"""The plan of a move as Markdown: the runbook that one ticks off. Pure."""

from collections.abc import Iterator, Sequence

from migrator.clock import instant
from migrator.model.phrases import safe
from migrator.report.strategies import strategy_text
from migrator.report.timeline import words
from migrator.timeline.runbook import Entry, old_and_new
from migrator.timeline.steps import Step, Timeline


def timeline_markdown(timeline: Timeline, book: Sequence[Entry], local: words.Local) -> str:
    """Return the plan."""
    return "\n".join(_lines(timeline, book, local)) + "\n"


def _lines(timeline: Timeline, book: Sequence[Entry], local: words.Local) -> Iterator[str]:
    found = timeline.measured
    yield from (f"# {_text(words.title(timeline))}", "", f"**{_text(words.verdict_line(timeline))}**", "")
    for word, locator, names in old_and_new(found):
        yield f"- {word}: {_code(locator)}: {_text(names)}"
    yield f"- seen {instant(found.now)}"
    yield f"- DNSSEC: {_text(strategy_text(found.strategy, found.ds_unsaid))}"
    yield from ("", "## Timeline", "", "| UTC | local | what | rests on |", "|---|---|---|---|")
    for step in words.in_order(timeline):
        yield _row(step, local)
    for step in words.not_placed(timeline):
        reasons = "; ".join(filter(None, [step.rests_on, *(f"not known: {each}" for each in step.unknown)]))
        yield f"| - | - | {_cell(step.title)} | {_cell(reasons)} |"
    unneeded = words.not_needed(timeline)
    if unneeded:
        yield from ("", "Not needed:", "", *(f"- {_text(s.title)}: {_text(s.rests_on)}" for s in unneeded))
    yield from ("", "## Measured", "", "| what | TTL |", "|---|---|")
    for measure in found.measures:
        yield f"| {_cell(measure.name)} | {_cell(words.measure_text(measure))} |"
    missing = words.open_questions(timeline)
    if missing:
        yield from ("", "Not measured:", "", *(f"- {_text(each)}" for each in missing))
    yield from ("", "## Runbook")
    for number, entry in enumerate(book, 1):
        yield from _page(number, entry, timeline)


def _row(step: Step, local: words.Local) -> str:
    assert step.at is not None
    says = "; ".join(words.step_lines(step, local)).removeprefix("rests on: ")
    what = f"{words.mark(step)}: {step.title}"
    return f"| {instant(step.at)} | {words.local_text(step.at, local)} | {_cell(what)} | {_cell(says)} |"


def _page(number: int, entry: Entry, timeline: Timeline) -> Iterator[str]:
    at = next((step.at for step in timeline.steps if step.id == entry.step), None)
    when = f" (from {instant(at)} on)" if at is not None else ""
    yield from ("", f"### {number}. {entry.title}{when}", "")
    for says in entry.says:
        yield f"- [ ] {_text(says)}"
    if entry.says:
        yield ""
    yield from ("```sh", *(safe(command) for command in entry.commands), "```")


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def _text(text: str) -> str:
    return safe(text).replace("<", "&lt;")


def _code(text: str) -> str:
    return f"`{safe(text).replace('`', chr(39))}`"
