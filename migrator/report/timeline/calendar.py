"""The plan of a move as a calendar (RFC 5545): one event for each instant that is still to come. Pure.

Lines end with CR LF and are folded after 75 octets; times are UTC. The UID of an event stays the same when the
plan is made again, so that a calendar moves the event instead of showing it twice.
"""

from collections.abc import Iterator

from migrator.model.names import for_people, text_of
from migrator.model.phrases import safe
from migrator.report.timeline import words
from migrator.timeline.steps import State, Step, Timeline

_OCTETS = 75
_STAMP = "%Y%m%dT%H%M%SZ"


def timeline_calendar(timeline: Timeline, local: words.Local) -> str:
    """Return the calendar."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//dns-migrator//plan//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(words.title(timeline))}",
    ]
    for step in words.in_order(timeline):
        if step.state is State.AHEAD:
            lines += _event(step, timeline, local)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(step: Step, timeline: Timeline, local: words.Local) -> Iterator[str]:
    found = timeline.measured
    assert step.at is not None
    domain = for_people(found.domain)
    yield "BEGIN:VEVENT"
    yield f"UID:{step.id}.{text_of(found.domain).rstrip('.')}@dns-migrator"
    yield f"DTSTAMP:{found.now.strftime(_STAMP)}"
    yield f"DTSTART:{step.at.strftime(_STAMP)}"
    yield f"SUMMARY:{_escaped(f'{domain}: {step.title}')}"
    said = "\n".join(words.step_lines(step, local))
    if said:
        yield f"DESCRIPTION:{_escaped(said)}"
    yield f"CATEGORIES:{step.kind.upper()}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    r"""Return the text as a value of type TEXT: backslash, semicolon, comma and line end escaped."""
    lines = [safe(line).replace("\\", "\\\\") for line in text.split("\n")]
    return "\\n".join(line.replace(";", "\\;").replace(",", "\\,") for line in lines)


def _folded(line: str) -> Iterator[str]:
    """Yield the line in parts of at most 75 octets, never through a character; later parts begin with a blank."""
    part = b""
    for char in line:
        octets = char.encode()
        if len(part) + len(octets) > _OCTETS:
            yield part.decode()
            part = b" "
        part += octets
    yield part.decode()
