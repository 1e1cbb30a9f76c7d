"""The plan of a move in its forms: the same facts, readable at 80 columns, on paper and in a calendar."""

import re
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import icalendar
import pytest

from migrator.checks.facts import Strategy
from migrator.model.names import absolute
from migrator.report.timeline.calendar import timeline_calendar
from migrator.report.timeline.html import timeline_html
from migrator.report.timeline.markdown import timeline_markdown
from migrator.report.timeline.page import PAGE
from migrator.report.timeline.picture import timeline_svg
from migrator.report.timeline.text import timeline_text
from migrator.timeline import Measured, Party, State, Timeline, make_timeline
from migrator.timeline.runbook import runbook
from tests.timeline.build import MONDAY, at, lowered, measure, measured

CET = timezone(timedelta(hours=1))


def local(moment: datetime) -> datetime:
    return moment.astimezone(CET)


def signed() -> Timeline:
    cloud = Party("cloudflare:example.com", "cloudflare", measured().old.name_servers)
    return make_timeline(measured(strategy=Strategy.GO_INSECURE, old=cloud))


def test_the_text_says_each_instant_in_utc_and_in_local_time() -> None:
    found = make_timeline(measured(now=at("Mon 12:00"), **lowered(at("Mon 09:05"))))

    text = timeline_text(found, runbook(found), local)

    assert (
        """
  2026-12-01T09:05:00Z  Tue 2026-12-01 10:05 +0100
    wait Caches have let go of the longer TTLs
         rests on: example.com. NS at ns1.old.example lower TTL first seen
           2026-11-30T09:05:00Z + 86400
"""
        in text
    )
    assert "\nSafe to switch from 2026-12-01T09:05:00Z on.\n" in text
    assert "  parent NS TTL             172800 s (2 d)\n" in text


def test_the_longest_name_of_a_measure_is_kept_apart_from_its_value() -> None:
    found = make_timeline(measured(old_hosts=measure("TTL of the old name servers' addresses", 300)))

    text = timeline_text(found, runbook(found), local)

    assert "  TTL of the old name servers' addresses  300 s (5 min)\n" in text


def test_a_domain_below_a_registered_one_is_switched_in_the_parent_zone() -> None:
    found = make_timeline(measured(domain=absolute("sub.example.com.")))

    text = " ".join(timeline_text(found, runbook(found), local).split())

    assert "do Switch: the parent zone gets the new name servers" in text
    assert "In the parent zone, replace all name servers by exactly: ns1.new.example" in text
    assert "At the registrar, replace" not in text


@pytest.mark.parametrize(
    ("switch_at", "says"),
    [
        (None, "Not before 2026-12-01T09:05:00Z; that it is safe then was not seen: "),
        (at("Wed 12:00"), "A switch at 2026-12-02T12:00:00Z is not too early (not before 2026-12-01T09:05:00Z); "),
    ],
    ids=["by default", "wished"],
)
def test_nothing_is_said_to_be_safe_where_the_new_name_servers_are_not_known(
    switch_at: datetime | None, says: str
) -> None:
    new = Party("new.zone", "file")
    found = make_timeline(measured(now=at("Mon 12:00"), new=new, **lowered(at("Mon 09:05"))), switch_at)

    text = " ".join(timeline_text(found, runbook(found), local).split())
    page = timeline_html(found, runbook(found), local)

    assert says in text
    assert "the new name servers are not known yet." in text
    assert "Safe to switch" not in text
    assert "is safe:" not in text
    assert '<p class="verdict incomplete">' in page


def test_nothing_is_said_to_be_safe_where_a_side_was_not_read() -> None:
    unread = "the new zone: the new side cannot be read: the token is not valid"
    found = make_timeline(measured(now=at("Mon 12:00"), doubts=(unread,), **lowered(at("Mon 09:05"))))

    text = timeline_text(found, runbook(found), local)

    assert "Safe to switch" not in text
    assert (
        "Not before 2026-12-01T09:05:00Z; that it is safe then was not seen: see what was not measured."
        in " ".join(text.split())
    )


def test_a_switch_that_was_made_is_not_said_to_be_safe_where_a_ttl_is_not_known() -> None:
    unseen = lowered(at("Mon 09:05")) | {"changing": measure("longest TTL that changes", None)}
    found = make_timeline(measured(now=at("Sat 12:00"), switched=at("Wed 10:00"), **unseen))

    text = timeline_text(found, runbook(found), local)

    assert "\nSwitched since 2026-12-02T10:00:00Z; see what was not measured.\n" in text
    assert "    wait The last record from the old servers leaves the caches\n" in text


@pytest.mark.parametrize(
    "facts",
    [
        measured(),
        measured(strategy=Strategy.MULTI_SIGNER, old=Party("route53:example.com", "route53")),
        measured(parent_ns=measure("parent NS TTL", None), unseen=("ns1.old.example: timeout",), high=()),
        measured(ds_unsaid="a.gtld does not say whether there is a DS", remarks=("the new zone: no such zone",)),
    ],
    ids=["unsigned", "multi-signer", "unmeasured", "unsaid"],
)
def test_every_step_and_every_gap_is_in_every_form(facts: Measured) -> None:
    found = make_timeline(facts)
    book = runbook(found)
    text = timeline_text(found, book, local)
    forms = [text, timeline_markdown(found, book, local), timeline_html(found, book, local)]

    for form in forms:
        plain = " ".join(form.replace("&#39;", "'").split())
        for step in found.steps:
            assert step.title in plain
        for gap in (*found.unmeasured, *facts.remarks):
            assert gap in plain
    assert max(len(line) for line in text.splitlines() if not line.startswith("     $ ")) <= 80


@pytest.mark.parametrize("new", ["axfr:example.com@192.0.2.53", "dns:example.com@192.0.2.53"])
def test_what_nobody_can_write_to_is_no_target_of_a_command(new: str) -> None:
    scheme = new.partition(":")[0]
    found = make_timeline(measured(new=Party(new, scheme)))
    before, *_ = book = runbook(found)

    assert "dns-migrator import old.zone file:example.com.zone" in before.commands
    assert f"dns-migrator diff old.zone {new}" in before.commands
    assert " writes nothing: import into a zone file, and have the new name servers load it, " in before.says[1]
    assert before.says[1] in " ".join(timeline_text(found, book, local).split())
    (restore,) = [page for page in book if page.step == "restore-ttls"]
    assert restore.commands == (
        f"dns-migrator ttl restore example.com{' --to ' + new if scheme == 'axfr' else ''}",
    )


@pytest.mark.parametrize("new", [Party("new.zone", "file"), Party("dns:example.com@192.0.2.53", "dns")])
def test_the_ttls_of_live_servers_are_lowered_by_hand(new: Party) -> None:
    found = make_timeline(measured(old=Party("dns:example.com@192.0.2.1", "dns"), new=new))
    book = runbook(found)

    typed = [command for page in book for command in page.commands]
    assert not [command for command in typed if " ttl " in command or " import " in command]
    (lower,) = [page for page in book if page.step == "lower-ttls"]
    assert lower.says == ("Live servers do not list their zone: lower its TTLs to 300 s by hand.",)
    assert "By hand, as they were lowered" in timeline_text(found, book, local)


def test_the_page_is_whole_by_itself_and_hostile_names_do_no_harm() -> None:
    facts = measured(old=Party("<script>alert(1)</script>.zone", "file"), remarks=("<b>\x1b[31m",))
    found = make_timeline(facts)

    page = timeline_html(found, runbook(found), local)

    assert "<script" not in page
    assert "&lt;b&gt;\\x1b[31m" in page
    assert not re.search(r'(?:src|href)="', page)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_the_picture_has_a_bar_for_each_wait_and_a_mark_for_each_step() -> None:
    found = signed()

    picture = ET.fromstring(timeline_svg(found))

    bars = [each for each in picture.iter("rect") if "bar" in each.get("class", "")]
    marks = [each for each in picture.iter() if each.get("class", "").startswith("mark")]
    placed = [step for step in found.steps if step.at is not None and step.state is not State.NOT_NEEDED]
    assert len(marks) == len(placed)
    assert len(bars) >= 4
    labels = [each.text or "" for each in picture.iter("text") if each.get("class") == "label"]
    assert len(labels) == len(placed)
    assert labels[0] == "Mon 30 Nov 09:00 UTC  Lower the TTLs of the old zone to 300 s"
    assert all(0 <= float(each.get("x", "0")) <= 960 for each in picture.iter("text"))
    now = next(each for each in picture.iter("line") if each.get("class") == "now")
    beside = [each.get("x") for each in picture.iter("text") if each.get("class") != "date"]
    assert now.get("x1") not in beside, "the line of now runs through no label"
    assert ".timeline text { paint-order: stroke; stroke: var(--page);" in PAGE


def test_a_calendar_program_reads_the_instants_that_are_to_come() -> None:
    found = signed()

    text = timeline_calendar(found, local)
    calendar = icalendar.Calendar.from_ical(text)

    ahead = {step.id: step for step in found.steps if step.at is not None and step.state is State.AHEAD}
    events = {str(event["UID"]).split(".")[0]: event for event in calendar.walk("VEVENT")}
    assert events.keys() == ahead.keys()
    for id_, step in ahead.items():
        assert events[id_].decoded("DTSTART") == step.at
        assert events[id_].decoded("DTSTAMP") == MONDAY.astimezone(UTC)
        assert str(events[id_]["SUMMARY"]) == f"example.com: {step.title}"
    assert "rests on: " in str(events["switch"]["DESCRIPTION"])
    assert not [event.errors for event in events.values() if event.errors]


def test_the_lines_of_the_calendar_are_folded_and_end_as_the_standard_wants() -> None:
    text = timeline_calendar(make_timeline(measured(domain=absolute("bücherbücherbücherbücher.example."))), local)

    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert "bücherbücherbücherbücher.example: Switch: the registrar" in text.replace("\r\n ", "")


def test_the_same_step_keeps_its_event_when_the_plan_is_made_again() -> None:
    first, second = timeline_calendar(signed(), local), timeline_calendar(signed(), local)

    assert re.findall("^UID:.*$", first, re.MULTILINE) == re.findall("^UID:.*$", second, re.MULTILINE)
    assert "UID:switch.example.com@dns-migrator\r\n" in first
