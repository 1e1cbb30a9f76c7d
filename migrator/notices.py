"""What people are told of a migration: when it needs one of them, fails, or is over. No IO here.

Most events are nobody's business: a stage is done and the next begins, a wait goes on. Who gets a message for each
of them reads none. And a gate that is looked at every five minutes asks the same each time: that is one message.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from dns.name import Name

from migrator.clock import instant
from migrator.journey.events import Event, Kind
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import Status
from migrator.model.names import for_people, text_of
from migrator.model.phrases import counted, safe, shortened
from migrator.model.values import dataclass

SCHEMA = "dns-migrator/notice/1"
SCHEMA_OF_MANY = "dns-migrator/notices/1"
# Slack cuts what is longer than 40,000 characters, and people stop long before:
# https://docs.slack.dev/reference/methods/chat.postMessage#truncating (2026-11-20)
_LONGEST = 1000
_MOST_COMMANDS = 10
# One of many is a line, and says the rest where somebody looks.
_LONGEST_LINE = 160
_SAID = {
    Status.ASKING: "waits for you",
    Status.FAILED: "has failed",
    Status.COMPLETE: "is complete",
    Status.ABORTED: "was aborted",
}
_OF_MANY = {
    Status.FAILED: "failed",
    Status.ASKING: "waiting for you",
    Status.COMPLETE: "complete",
    Status.ABORTED: "aborted",
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


def is_told(event: Event, before: Event) -> bool:
    """Tell whether people must know of an event: they do not where they know it since the event before."""
    return _status(event) is not None and not _says_the_same(event, before)


def notice_of(domain: Name, event: Event) -> Notice | None:
    """Return what is told of an event; None where nobody needs to know."""
    status = _status(event)
    if status is None:
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


def subject(notices: Sequence[Notice]) -> str:
    """Return what notices are about: the domain, or how many there are."""
    return called(notices[0]) if len(notices) == 1 else counted(len(notices), "notice")


def message(notice: Notice) -> str:
    """Return the notice in words, a few lines; no finding in it can drive a terminal."""
    commands = notice.commands[:_MOST_COMMANDS]
    lines = [
        f"{_headline(notice, notice.stage.purpose)}.",
        shortened(safe(notice.text), _LONGEST),
        *(f"    {shortened(safe(command), _LONGEST)}" for command in commands),
        "" if len(commands) == len(notice.commands) else "    ...",
        "" if notice.until is None else f"Looked at again by itself at {instant(notice.until.astimezone(UTC))}.",
    ]
    return "\n".join(filter(None, lines))


def digest(notices: Sequence[Notice]) -> str:
    """Return many notices in words: how many there are of what, and a line for each."""
    counts = Counter(notice.status for notice in notices)
    parts = [f"{number} {_OF_MANY[status]}" for status in _OF_MANY if (number := counts[status])]
    lines = [f"{_headline(notice)}: {shortened(safe(notice.text), _LONGEST_LINE)}" for notice in notices]
    return "\n".join([f"{counted(len(notices), 'notice')}: {', '.join(parts)}.", *lines])


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


def slack_document(notices: Sequence[Notice]) -> dict[str, object]:
    """Return one notice, or many in one, as the JSON object of a message with a text that Slack shows as it is.

    `&`, `<` and `>` begin its mentions and links; and without `mrkdwn` it would set `_dmarc` and `*` as type.
    https://docs.slack.dev/messaging/formatting-message-text (2026-11-20)
    """
    if len(notices) == 1:
        found, text = document(notices[0]), message(notices[0])
    else:
        found, text = {"schema": SCHEMA_OF_MANY, "notices": list(map(document, notices))}, digest(notices)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {**found, "text": text, "mrkdwn": False}


def _headline(notice: Notice, purpose: str = "") -> str:
    stage = notice.stage
    place = f" in stage {stage.number} of {len(STAGES)}, {stage}{purpose and ': '}{purpose}"
    return f"{called(notice)} {_SAID[notice.status]}{'' if notice.status.is_over else place}"


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
