"""The timeline as a picture: inline SVG whose colours come from the page around it. Pure.

Each step is a line of text with a bar below it, from the instant from which it is waited for to its own. What is
later than all gates and acts (a provider's deadline in a month) stands at the right edge, with an arrow.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from markupsafe import escape

from migrator.clock import instant
from migrator.model.phrases import safe
from migrator.report.timeline import words
from migrator.timeline.steps import Kind, Step, Timeline

_WIDTH, _LEFT, _RIGHT = 960, 16, 40
_TOP, _ROW = 46, 44
_DAY = 86_400
_FROM_LINE = 4
_MOST_TICKS = 8


def timeline_svg(timeline: Timeline) -> str:
    """Return the picture of a plan; empty where no step has an instant."""
    return steps_svg(words.title(timeline), timeline.measured.now, words.in_order(timeline))


def steps_svg(title: str, now: datetime, steps: Sequence[Step]) -> str:
    """Return the picture of steps that all have an instant, by time; empty where there is none."""
    if not steps:
        return ""
    scale = _Scale(now, steps)
    height = _TOP + _ROW * len(steps) + 10
    label = f"{title}: {len(steps)} steps from {instant(scale.first)} to {instant(scale.last)}"
    parts = [
        f'<svg class="timeline" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(safe(label))}">',
        *_ticks(scale, height),
        *_now(now, scale, height),
    ]
    for row, step in enumerate(steps):
        parts += _row(step, scale, _TOP + _ROW * row)
    return "\n".join([*parts, "</svg>"])


class _Scale:
    """Places instants on the line."""

    def __init__(self, now: datetime, steps: Sequence[Step]) -> None:
        own = [step for step in steps if step.kind is not Kind.DEADLINE] or steps
        moments = [at for step in own for at in (step.at, step.since, step.recommended) if at is not None]
        self.first = min([now, *moments])
        self.last = max([*moments, self.first + timedelta(minutes=1)])
        self._seconds = (self.last - self.first).total_seconds()

    def at(self, moment: datetime) -> float:
        """Return where an instant stands, the edges for what is beyond them."""
        share = (moment - self.first).total_seconds() / self._seconds
        return round(_LEFT + min(1.0, max(0.0, share)) * (_WIDTH - _LEFT - _RIGHT), 1)


def _ticks(scale: _Scale, height: int) -> Iterator[str]:
    """Yield a line and a date for some midnights (UTC), or the two ends where there is none."""
    step = timedelta(days=max(1, -(-(scale.last - scale.first).days // _MOST_TICKS)))
    midnight = scale.first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    drawn = 0
    while midnight <= scale.last:
        x = scale.at(midnight)
        yield f'<line class="tick" x1="{x}" y1="24" x2="{x}" y2="{height}"/>'
        yield f'<text class="date" x="{x}" y="16" text-anchor="middle">{midnight:%a %d %b}</text>'
        midnight += step
        drawn += 1
    if not drawn:
        for moment, anchor in ((scale.first, "start"), (scale.last, "end")):
            shown = f"{moment.astimezone(UTC):%a %d %b %H:%M}"
            yield f'<text class="date" x="{scale.at(moment)}" y="16" text-anchor="{anchor}">{shown}</text>'


def _now(now: datetime, scale: _Scale, height: int) -> Iterator[str]:
    x = scale.at(now)
    yield f'<line class="now" x1="{x}" y1="24" x2="{x}" y2="{height}"/>'
    yield f'<text class="nowtext" x="{x + _FROM_LINE}" y="36">now</text>'


def _row(step: Step, scale: _Scale, y: int) -> Iterator[str]:
    assert step.at is not None
    end, style = scale.at(step.at), f"{step.kind} {step.state}"
    text = f"{step.at.astimezone(UTC):%a %d %b %H:%M} UTC  {step.title}"
    begin = scale.at(step.since) if step.since is not None else end
    # Beside the line of now, if it stands there; text that would leave the picture ends at its right edge instead.
    beside = round(begin + _FROM_LINE, 1)
    fits = beside + len(text) * _OF_LETTER < _WIDTH
    x, anchor = (beside, "start") if fits else (_WIDTH - 4, "end")
    yield f'<text class="label" x="{x}" y="{y + 14}" text-anchor="{anchor}">{escape(safe(text))}</text>'
    line = y + 27
    if step.since is not None and begin < end:
        width = round(end - begin, 1)
        yield f'<rect class="bar {style}" x="{begin}" y="{line - 4}" width="{width}" height="8" rx="4"/>'
    if step.recommended is not None:
        wise = scale.at(step.recommended)
        yield f'<rect class="margin" x="{end}" y="{line - 2}" width="{round(wise - end, 1)}" height="4" rx="2"/>'
    if step.at > scale.last:
        yield f'<path class="mark {style}" d="M{end} {line - 6}l10 6l-10 6z"/>'
    elif step.kind is Kind.GATE:
        yield f'<path class="mark {style}" d="M{end} {line - 7}l7 7l-7 7l-7 -7z"/>'
    else:
        yield f'<circle class="mark {style}" cx="{end}" cy="{line}" r="6"/>'


# Pixels of a letter at 13 pixels, on the safe side.
_OF_LETTER = 7.5
