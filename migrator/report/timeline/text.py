"""The plan of a move for a terminal of 80 columns. Pure."""

from collections.abc import Iterator, Sequence

from migrator.clock import instant
from migrator.codec.timeline import Verdict
from migrator.model.phrases import safe
from migrator.report.layout import PLAIN, Palette, folded, wrapped
from migrator.report.strategies import strategy_text
from migrator.report.timeline import words
from migrator.timeline.runbook import Entry, old_and_new
from migrator.timeline.steps import State, Step, Timeline


def timeline_text(timeline: Timeline, book: Sequence[Entry], local: words.Local, palette: Palette = PLAIN) -> str:
    """Return the plan."""
    return "\n\n".join(filter(None, _blocks(timeline, book, local, palette)))


def _blocks(timeline: Timeline, book: Sequence[Entry], local: words.Local, palette: Palette) -> Iterator[str]:
    found = timeline.measured
    head = [palette.paint(safe(words.title(timeline)), palette.strong)]
    for word, locator, names in old_and_new(found):
        head.append(wrapped(f"{safe(locator)}: {safe(names)}", f"  {word:<6}", "        "))
    head.append(f"  seen  {instant(found.now)} ({words.local_text(found.now, local)})")
    head.append(wrapped(safe(strategy_text(found.strategy, found.ds_unsaid)), "  DNSSEC ", "        "))
    yield "\n".join(head)
    yield palette.paint(wrapped(safe(words.verdict_line(timeline))), _style(timeline, palette))
    width = max([24, *(len(each.name) for each in found.measures)]) + 2
    measures = [
        wrapped(safe(words.measure_text(each)), f"  {each.name:<{width}}", " " * (width + 2))
        for each in found.measures
    ]
    yield "\n".join([_title("Measured", palette), *measures])
    lines = [line for step in words.in_order(timeline) for line in _step(step, local, palette)]
    yield "\n".join([_title("Timeline", palette), *lines])
    yield _plain("Without an instant", words.not_placed(timeline), palette)
    yield _plain("Not needed", words.not_needed(timeline), palette)
    missing = [wrapped(safe(each), "  ", "    ") for each in words.open_questions(timeline)]
    yield "\n".join([palette.paint("Not measured", palette.warning), *missing]) if missing else ""
    yield "\n".join([_title("Runbook", palette), *_runbook(book, palette)])


def _style(timeline: Timeline, palette: Palette) -> str:
    styles = {
        Verdict.SAFE: palette.good,
        Verdict.TOO_EARLY: palette.error,
        Verdict.INCOMPLETE: palette.warning,
    }
    return styles[words.look(timeline)]


def _title(text: str, palette: Palette) -> str:
    return palette.paint(text, palette.strong)


def _step(step: Step, local: words.Local, palette: Palette) -> Iterator[str]:
    assert step.at is not None
    word = words.mark(step)
    done = step.state is State.DONE
    yield palette.paint(f"  {instant(step.at)}  {words.local_text(step.at, local)}", palette.quiet if done else "")
    yield palette.paint(wrapped(safe(step.title), f"    {word:<5}", "         "), "" if done else palette.strong)
    for line in words.step_lines(step, local):
        yield wrapped(safe(line), "         ", "           ")


def _plain(title: str, steps: Sequence[Step], palette: Palette) -> str:
    if not steps:
        return ""
    lines = [_title(title, palette)]
    for step in steps:
        lines.append(wrapped(safe(step.title), "  ", "    "))
        reasons = [step.rests_on, *(f"not known: {each}" for each in step.unknown)]
        lines += [wrapped(safe(reason), "    ", "      ") for reason in reasons if reason]
    return "\n".join(lines)


def _runbook(book: Sequence[Entry], palette: Palette) -> Iterator[str]:
    for number, entry in enumerate(book, 1):
        yield palette.paint(f"  {number}. {entry.title}", palette.strong)
        for says in entry.says:
            yield wrapped(safe(says), "     ", "     ")
        for command in entry.commands:
            yield folded(safe(command), "     $ ", "         ")
