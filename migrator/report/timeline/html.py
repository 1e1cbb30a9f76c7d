"""The plan of a move as one self-contained page: no script, nothing loaded from elsewhere; prints. Pure."""

from collections.abc import Mapping, Sequence

from migrator.clock import instant
from migrator.model.phrases import safe
from migrator.report.marked import prose, whole
from migrator.report.strategies import strategy_text
from migrator.report.timeline import words
from migrator.report.timeline.page import PAGE
from migrator.report.timeline.picture import timeline_svg
from migrator.timeline.runbook import Entry, old_and_new
from migrator.timeline.steps import Step, Timeline


def timeline_html(timeline: Timeline, book: Sequence[Entry], local: words.Local) -> str:
    """Return the page."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    found = timeline.measured
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters.update(prose=prose, whole=whole)
    return environment.from_string(PAGE).render(
        title=safe(words.title(timeline)),
        at=f"{instant(found.now)} ({words.local_text(found.now, local)})",
        verdict=str(words.look(timeline)),
        verdict_line=safe(words.verdict_line(timeline)),
        sides=[(word, safe(locator), safe(names)) for word, locator, names in old_and_new(found)],
        strategy=safe(strategy_text(found.strategy, found.ds_unsaid)),
        # The picture escapes its own texts.
        picture=Markup(timeline_svg(timeline)),  # noqa: S704
        steps=[_step(step, local) for step in words.in_order(timeline)],
        open=[_step(step, local) for step in words.not_placed(timeline)],
        unneeded=[_step(step, local) for step in words.not_needed(timeline)],
        measures=[(each.name, safe(words.measure_text(each))) for each in found.measures],
        missing=[safe(each) for each in words.open_questions(timeline)],
        book=[_entry(entry, timeline) for entry in book],
    )


def _step(step: Step, local: words.Local) -> Mapping[str, object]:
    return {
        "id": step.id,
        "title": safe(step.title),
        "kind": str(step.kind),
        "state": str(step.state),
        "mark": words.mark(step),
        "at": "" if step.at is None else instant(step.at),
        "local": "" if step.at is None else words.local_text(step.at, local),
        "reason": safe(step.rests_on),
        "unknown": [safe(each) for each in step.unknown],
        "lines": [safe(line) for line in words.step_lines(step, local)],
    }


def _entry(entry: Entry, timeline: Timeline) -> Mapping[str, object]:
    at = next((step.at for step in timeline.steps if step.id == entry.step), None)
    return {
        "title": entry.title,
        "at": "" if at is None else instant(at),
        "says": [safe(each) for each in entry.says],
        "commands": [safe(each) for each in entry.commands],
    }
