"""Which events people are told of, and in which words."""

from datetime import UTC, datetime

import pytest

from migrator.journey.events import Event, Kind, Worst
from migrator.journey.stages import Stage
from migrator.journey.state import Status
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.notices import Notice, document, is_told, message, notice_of, slack_document
from tests.notifying.receiver import NOTICE

DOMAIN = absolute("example.com.")
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, 5, tzinfo=UTC)
ASKS = Event(Kind.ASKS, Stage.SWITCH, AT, "Switch.", AT, ("dns-migrator approve example.com switch",))
ASKED = Notice(DOMAIN, Stage.SWITCH, Status.ASKING, "Switch.", AT, ("dns-migrator approve example.com switch",))

BEFORE = Event(Kind.DONE, Stage.BACKUP, AT)
TOLD: dict[str, tuple[Event, Event, Notice | None]] = {
    "a gate": (ASKS, BEFORE, ASKED),
    "a gate after a wait": (ASKS, Event(Kind.WAITS, Stage.SWITCH, AT, "Switch."), ASKED),
    "the same gate again": (Event(Kind.ASKS, Stage.SWITCH, LATER, "Switch.", LATER, ASKS.commands), ASKS, None),
    "a gate that asks something else": (
        Event(Kind.ASKS, Stage.SWITCH, LATER, "Switch the other parent.", LATER),
        ASKS,
        Notice(DOMAIN, Stage.SWITCH, Status.ASKING, "Switch the other parent.", LATER),
    ),
    "a gate that stays shut after an approval": (ASKS, Event(Kind.APPROVED, Stage.SWITCH, AT), ASKED),
    "a failure": (
        Event(Kind.FAILED, Stage.IMPORT, AT, "No zone.", LATER, worst=Worst(Severity.ERROR, "MX is lost.")),
        BEFORE,
        Notice(DOMAIN, Stage.IMPORT, Status.FAILED, "No zone. MX is lost.", LATER),
    ),
    "a finding that the text names already": (
        Event(Kind.FAILED, Stage.IMPORT, AT, "Look: MX is lost.", worst=Worst(Severity.ERROR, "MX is lost.")),
        BEFORE,
        Notice(DOMAIN, Stage.IMPORT, Status.FAILED, "Look: MX is lost."),
    ),
    "the end": (
        Event(Kind.DONE, Stage.RESTORE_TTLS, AT, "TTLs are back.", LATER),
        BEFORE,
        Notice(DOMAIN, Stage.RESTORE_TTLS, Status.COMPLETE, "TTLs are back."),
    ),
    "an abort": (
        Event(Kind.ABORTED, Stage.READY, AT, because="Wrong provider."),
        ASKS,
        Notice(DOMAIN, Stage.READY, Status.ABORTED, "Wrong provider."),
    ),
    "a stage that is done": (Event(Kind.DONE, Stage.CLOSE, AT), BEFORE, None),
    "a wait": (Event(Kind.WAITS, Stage.CLOSE, AT), ASKS, None),
    "what a person said": (Event(Kind.PAUSED, Stage.CLOSE, AT), ASKS, None),
}


@pytest.mark.parametrize("case", TOLD)
def test_people_are_told_what_needs_them_or_is_over(case: str) -> None:
    event, before, expected = TOLD[case]

    assert (notice_of(DOMAIN, event) if is_told(event, before) else None) == expected


def test_the_whole_document() -> None:
    text = (
        "example.com waits for you in stage 9 of 13, switch: Hand over: the registrar's switch.\n"
        "Enter the new name servers at <the registrar> & approve.\n"
        "    dns-migrator approve example.com switch\n"
        "Looked at again by itself at 2026-12-01T09:00:00Z."
    )
    expected = {
        "schema": "dns-migrator/notice/1",
        "text": text,
        "domain": "example.com.",
        "stage": "switch",
        "status": "asking",
        "until": "2026-12-01T09:00:00Z",
        "commands": ["dns-migrator approve example.com switch"],
    }

    assert document(NOTICE) == expected
    assert slack_document([NOTICE]) == {
        **expected,
        "text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        "mrkdwn": False,
    }


def test_what_is_over_names_no_stage() -> None:
    notice = Notice(DOMAIN, Stage.RESTORE_TTLS, Status.COMPLETE)

    assert message(notice) == "example.com is complete."


def test_a_finding_drives_no_terminal_and_is_cut() -> None:
    notice = Notice(
        DOMAIN, Stage.VERIFY, Status.ASKING, "\x1b[2J\u202e" + "x" * 2000, None, ("a\nb", *"cdefghijkl")
    )
    lines = message(notice).split("\n")

    assert lines[1].startswith("\\x1b[2J\\u202ex")
    assert len(lines[1]) == 1000
    assert lines[2:] == ["    a\\nb", *(f"    {letter}" for letter in "cdefghijk"), "    ..."]


def test_many_are_one_message() -> None:
    fails = Notice(absolute("example.net."), Stage.IMPORT, Status.FAILED, "<No> zone. " + "x" * 200)
    over = Notice(absolute("example.org."), Stage.RESTORE_TTLS, Status.COMPLETE, "TTLs are back.")

    assert slack_document([NOTICE, fails, over]) == {
        "schema": "dns-migrator/notices/1",
        "text": (
            "3 notices: 1 failed, 1 waiting for you, 1 complete.\n"
            "example.com waits for you in stage 9 of 13, switch: "
            "Enter the new name servers at &lt;the registrar&gt; &amp; approve.\n"
            f"example.net has failed in stage 3 of 13, import: &lt;No&gt; zone. {'x' * 68}…{'x' * 80}\n"
            "example.org is complete: TTLs are back."
        ),
        "mrkdwn": False,
        "notices": [document(NOTICE), document(fails), document(over)],
    }
