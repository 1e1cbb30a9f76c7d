"""What people are told of a migration: when it needs one of them, fails, or is over. No IO here.

Most events are nobody's business: a stage is done and the next begins, a wait goes on. Who gets a message for each
of them reads none. And a gate that is looked at every five minutes asks the same each time: that is one message.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from dns.name import Name

from migrator.clock import instant
from migrator.journey.events import Event, Kind
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import Status
from migrator.model.names import for_people, text_of
from migrator.report.layout import safe, shortened

SCHEMA = "dns-migrator/notice/1"
# Slack cuts what is longer than 40,000 characters, and people stop long before:
# https://docs.slack.dev/reference/methods/chat.postMessage#truncating (2026-11-20)
_LONGEST = 1000
_MOST_COMMANDS = 10
_SAID = {
    Status.ASKING: "waits for you",
    Status.FAILED: "has failed",
    Status.COMPLETE: "is complete",
    Status.ABORTED: "was aborted",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: a domain, and the event that somebody must know of.

    `stage` is the event's own, `until` when something is done without a person.
    """

    domain: Name
    stage: Stage
    status: Status
    text: str = ""
    until: datetime | None = None
    commands: tuple[str, ...] = ()


def notice_of(domain: Name, event: Event, before: Event | None = None) -> Notice | None:
    """Return what is told of an event; None where nobody needs to know, or knows since the event before."""
    status = _status(event)
    if status is None or (before is not None and _says_the_same(event, before)):
        return None
    worst = "" if event.worst is None else event.worst.message
    parts = (event.text, "" if worst in event.text else worst, event.because)
    return Notice(
        domain,
        event.stage,
        status,
        " ".join(filter(None, parts)),
        None if status.is_over else event.until,
        event.commands,
    )


def called(notice: Notice) -> str:
    """Return the domain as people are told it."""
    return safe(for_people(notice.domain))


def message(notice: Notice) -> str:
    """Return the notice in words, a few lines; no finding in it can drive a terminal."""
    stage = notice.stage
    place = "" if notice.status.is_over else f" in stage {stage.number} of {len(STAGES)}, {stage}: {stage.purpose}"
    commands = notice.commands[:_MOST_COMMANDS]
    lines = [
        f"{called(notice)} {_SAID[notice.status]}{place}.",
        shortened(safe(notice.text), _LONGEST),
        *(f"    {shortened(safe(command), _LONGEST)}" for command in commands),
        "" if len(commands) == len(notice.commands) else "    ...",
        "" if notice.until is None else f"Looked at again by itself at {instant(notice.until.astimezone(UTC))}.",
    ]
    return "\n".join(filter(None, lines))


def document(notice: Notice) -> dict[str, object]:
    """Return the notice as a JSON object."""
    return {
        "schema": SCHEMA,
        "text": message(notice),
        "domain": text_of(notice.domain),
        "stage": str(notice.stage),
        "status": str(notice.status),
        "until": None if notice.until is None else instant(notice.until.astimezone(UTC)),
        "commands": [safe(command) for command in notice.commands],
    }


def slack_document(notice: Notice) -> dict[str, object]:
    """Return the JSON object with a text that Slack shows as it is.

    `&`, `<` and `>` begin its mentions and links; and without `mrkdwn` it would set `_dmarc` and `*` as type.
    https://docs.slack.dev/messaging/formatting-message-text (2026-11-20)
    """
    text = message(notice).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {**document(notice), "text": text, "mrkdwn": False}


def _status(event: Event) -> Status | None:
    match event.kind:
        case Kind.ASKS:
            return Status.ASKING
        case Kind.FAILED:
            return Status.FAILED
        case Kind.ABORTED:
            return Status.ABORTED
        case Kind.DONE if event.stage.after is None:
            return Status.COMPLETE
        case _:
            return None


def _says_the_same(event: Event, before: Event) -> bool:
    """Tell whether an event repeats the one before it, whatever the instant of the next look."""
    return (event.kind, event.stage, event.text, event.commands) == (
        before.kind,
        before.stage,
        before.text,
        before.commands,
    )
