"""A checklist as a person reads it: 80 columns, what failed opened, the verdict last."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from migrator.checks.check import Check
from migrator.checks.points import Passed, Problem, Unchecked
from migrator.checks.verdict import Checklist, Policy, Status, Verdict
from migrator.model.finding import Phase, Severity
from migrator.report.checklist import checklist_text
from migrator.report.checklist_html import checklist_html
from migrator.report.checklist_junit import checklist_junit
from migrator.report.checklist_markdown import checklist_markdown
from migrator.report.checklist_words import meaning
from migrator.report.layout import COLOUR
from tests.checks.build import answers
from tests.checks.checklists import PASSED, SILENT, SKIPPED, UNCHECKED, WARNED, WWW, check_saying, checklist

HOSTILE = "<script>alert(1)</script>\x1b[31m`|"


def test_text_opens_what_failed_and_ends_with_the_verdict() -> None:
    assert (
        checklist_text(checklist())
        == """\
example.test: may the name servers be switched? no-go
  old     old.zone: ns1.old.example, ns2.old.example
  new     new.zone: ns1.new.example, ns2.new.example
  DNSSEC  unsigned

Zone
  pass       zone.served                Every server answers
  fail       zone.same                  Every server answers the same
      www.example.test. A
        ns2.new.example answers REFUSED, 192.0.2.1 was expected.
        not before 2026-12-01T10:00:00Z
        -> Add www.example.test. 300 IN A 192.0.2.1.
        = ns2.new.example (203.0.113.2): www.example.test A: REFUSED [udp],
          2026-12-01T09:00:00Z
        = ns1.new.example (203.0.113.1): www.example.test A: NOERROR aa 300
          192.0.2.1 [udp], 2026-12-01T09:00:00Z
        $ dig +norecurse @203.0.113.2 www.example.test. A
      warning: example.test. MX
        Its TTL is 5.
      notice: example.test.
        Know this.
  pass       zone.shown                 Everything is shown

Name servers
  unchecked  ns.udp                     Every server answers over UDP
      ns2.new.example (203.0.113.2)
        It does not answer: timeout.
        -> Ask again.
        = ns2.new.example (203.0.113.2): mail.example.test A: timeout,
          2026-12-01T09:00:00Z
        $ dig +norecurse @203.0.113.2 mail.example.test. A
  skipped    ns.case                    known, ticket 12

Mail
  warn       mail.spf                   One SPF record
      warning: example.test. TXT
        There are two.

Not needed (--verbose says why): dnssec.ds

7 checks on 11 answers: 1 failed, 1 not checked, 1 warned, 2 passed, 2 not
needed.
Failed: zone.same.
Not checked, and must be: ns.udp.
1 check failed: mend what is wrong, and check again.
no-go, not before 2026-12-01T10:00:00Z (in 1 h)"""
    )


@pytest.mark.parametrize(
    ("checks", "last"),
    [
        ((PASSED, WARNED), ["The name servers may be switched.", "go"]),
        ((PASSED, SKIPPED), ["No check that counts fails; not counted, as you decided: ns.case.", "go"]),
        ((PASSED, UNCHECKED), ["1 check could not be judged, and must be before you go on.", "incomplete"]),
    ],
)
def test_the_last_line_is_the_verdict(checks: tuple[Check, ...], last: list[str]) -> None:
    assert checklist_text(checklist(*checks)).splitlines()[-2:] == last


def test_a_part_of_the_checks_is_no_verdict_on_their_phase() -> None:
    lines = checklist_text(replace(checklist(PASSED), left_out=41)).splitlines()

    assert lines[0] == "example.test: what do 1 of the 42 checks of the phase ready say? go"
    assert lines[-2:] == ["Of the others nothing is said: this is no verdict on the phase ready.", "go"]


def test_a_switch_that_a_server_of_the_parent_does_not_show_is_not_made() -> None:
    seen = Problem("example.test. NS", "1 of 2.", severity=Severity.WARNING)
    half = check_saying("delegation.parent", "One", seen)
    made, found = checklist(PASSED), checklist(PASSED, half)

    at_switch = [replace(each, facts=replace(each.facts, phase=Phase.SWITCH)) for each in (made, found)]

    assert [checklist_text(each).splitlines()[-2] for each in at_switch] == [
        "The switch is made, and no check fails.",
        "No check fails; the parent does not list the new set everywhere yet.",
    ]


def test_a_switch_is_not_made_either_where_another_server_of_the_parent_is_silent_and_nobody_minds() -> None:
    seen = Problem("example.test. NS", "1 of 3.", severity=Severity.WARNING)
    half = check_saying("delegation.parent", "One", seen, Unchecked("192.0.2.3", "timeout"), blocks=True)
    decided = Policy(severities={"delegation.parent": Severity.WARNING})
    found = checklist(PASSED, half, policy=decided)

    at_switch = replace(found, facts=replace(found.facts, phase=Phase.SWITCH))

    assert (at_switch.results[1].status, at_switch.verdict) == (Status.UNCHECKED, Verdict.GO)
    assert meaning(at_switch) == "No check fails; the parent does not list the new set everywhere yet."


@pytest.mark.parametrize(
    "policy",
    [Policy(skipped={"delegation.parent": "known"}), Policy(severities={"delegation.parent": Severity.WARNING})],
    ids=["skipped", "made little of"],
)
def test_of_what_a_person_left_out_nothing_is_promised(policy: Policy) -> None:
    silent = check_saying("delegation.parent", "One", Unchecked("192.0.2.1", "timeout"), blocks=True)
    found = checklist(PASSED, silent, policy=policy)

    at_switch = replace(found, facts=replace(found.facts, phase=Phase.SWITCH))

    assert at_switch.verdict is Verdict.GO
    assert meaning(at_switch) == "No check that counts fails; not counted, as you decided: delegation.parent."


def test_verbose_shows_what_passed_and_why_something_is_not_needed() -> None:
    text = checklist_text(checklist(), verbose=True)

    assert "        Both answer it.\n" in text
    assert "  not-needed dnssec.ds                  no DS at the parent" in text
    assert "RDAP example.org: no RDAP service" in text


def test_a_long_reason_why_nothing_was_checked_is_said_once() -> None:
    long = "the new side cannot be read: Cloudflare: no credentials were found. Set CLOUDFLARE_API_TOKEN."
    first = check_saying("zone.one", "One", Unchecked("example.test.", long, remedy="Set it."))
    again = check_saying("zone.two", "Two", Unchecked("example.test.", long, remedy="Set it."))
    other = check_saying("zone.three", "Three", Unchecked("www.example.test.", long), Unchecked("x.", "no."))
    short = check_saying("zone.four", "Four", Unchecked("x.", "no."))

    lines = checklist_text(checklist(first, again, other, short)).splitlines()
    every = checklist_text(checklist(first, again), verbose=True)

    assert lines[6:23] == [
        "  unchecked  zone.one                   One",
        "      example.test.",
        "        the new side cannot be read: Cloudflare: no credentials were found. Set",
        "        CLOUDFLARE_API_TOKEN.",
        "        -> Set it.",
        "  unchecked  zone.two                   Two",
        "      for the same reason as zone.one",
        "  unchecked  zone.three                 Three",
        "      www.example.test.",
        "        the new side cannot be read: Cloudflare: no credentials were found. Set",
        "        CLOUDFLARE_API_TOKEN.",
        "      x.",
        "        no.",
        "  unchecked  zone.four                  Four",
        "      x.",
        "        no.",
        "",
    ]
    assert every.count("CLOUDFLARE_API_TOKEN") == 2


@pytest.mark.parametrize("form", [checklist_markdown, checklist_html])
def test_on_a_page_such_a_reason_is_said_once_too(form: Callable[[Checklist], str]) -> None:
    long = "the new side cannot be read: the service has been out of order since the morning, and says nothing."
    checks = [check_saying(f"zone.{id_}", id_, Unchecked("x.", long, (SILENT,), "Ask again.")) for id_ in "ab"]

    page = form(checklist(*checks, check_saying("zone.c", "c", Unchecked("x.", "no."))))

    assert (page.count("out of order"), page.count("for the same reason as zone.a")) == (1, 1)
    assert page.count("Ask again.") == 1


def test_on_the_page_such_a_reason_stands_where_it_is_shown_first() -> None:
    long = "the new side cannot be read: the service has been out of order since the morning, and says nothing."
    unchecked = check_saying("zone.a", "a", Unchecked("x.", long))
    failed = check_saying("zone.b", "b", Problem("x.", "It is gone."), Unchecked("x.", long))

    page = checklist_html(checklist(unchecked, failed))

    assert (page.count("out of order"), page.count("for the same reason as zone.b")) == (1, 1)
    assert page.index('id="zone.b"') < page.index("out of order") < page.index('id="zone.a"')


def test_the_same_of_many_subjects_is_said_once() -> None:
    names = [f"n{number}.example.test. A" for number in range(7)]
    many = check_saying("zone.many", "Names", *(Problem(name, "It is gone.", (WWW,), "Add it.") for name in names))

    lines = checklist_text(checklist(many)).splitlines()

    assert lines[6:12] == [
        "  fail       zone.many                  Names",
        "      n0.example.test. A, n1.example.test. A, n2.example.test. A,",
        "      n3.example.test. A, n4.example.test. A and 2 more",
        "        It is gone.",
        "        -> Add it.",
        "        = ns1.new.example (203.0.113.1): www.example.test A: NOERROR aa 300",
    ]


def test_many_notices_are_cut_short() -> None:
    notices = [Problem(f"n{number}", f"Note {number}.", severity=Severity.NOTICE) for number in range(9)]
    text = checklist_text(checklist(check_saying("zone.notes", "Notes", *notices)))

    assert text.count("notice: ") == 5
    assert "      and 4 more notices (--verbose shows them)\n" in text


def test_a_long_value_is_cut_in_its_middle() -> None:
    key = answers("ns1.new.example.", "x TXT", f'"v=DKIM1; p={"A" * 200}"')
    text = checklist_text(checklist(check_saying("zone.x", "X", Problem("x", "y", (key,)))))

    assert max(map(len, text.splitlines())) <= 80
    assert "AAA…AAA" in text
    assert "A" * 200 in checklist_text(
        checklist(check_saying("zone.x", "X", Problem("x", "y", (key,)))), verbose=True
    )


def test_a_long_command_can_be_copied() -> None:
    name = f"{'a' * 50}.example.test."
    long = check_saying(
        "zone.long", "Long", Problem(name, "x", (answers("ns1.new.example.", f"{name} A", "192.0.2.1"),))
    )

    text = checklist_text(checklist(long))

    assert f"        $ dig +norecurse @203.0.113.1 \\\n            {name} A\n" in text


def test_colour_changes_nothing_but_colour() -> None:
    coloured = checklist_text(checklist(), COLOUR)

    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == checklist_text(checklist())
    assert "\x1b[1;31mfail" in coloured


@pytest.mark.parametrize("verbose", [False, True])
def test_nothing_in_a_zone_drives_the_terminal(verbose: bool) -> None:
    hostile = check_saying(
        "zone.x",
        "X",
        Problem(HOSTILE, HOSTILE, (), HOSTILE),
        Unchecked(HOSTILE, HOSTILE),
        Passed(HOSTILE, "x", (WWW,)),
    )

    assert "\x1b" not in checklist_text(checklist(hostile), verbose=verbose)
    assert "\x1b" not in checklist_markdown(checklist(hostile))


def test_markdown_has_what_failed_and_everycheck_saying() -> None:
    text = checklist_markdown(checklist())

    assert text.startswith("# example.test: may the name servers be switched? no-go\n")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Failed",
        "## Not checked",
        "## Warnings",
        "## All checks",
    ]
    assert (
        "- **error** `www.example.test. A`: ns2.new.example answers REFUSED, 192.0.2.1 was expected.\n"
        "  - not before 2026-12-01T10:00:00Z\n"
        "  - Add www.example.test. 300 IN A 192.0.2.1.\n"
    ) in text
    assert "| Name servers | `ns.case` | skipped | known, ticket 12 |\n" in text


def test_junit_fails_what_the_threshold_says() -> None:
    def outcomes(least: Severity) -> list[tuple[str | None, list[str]]]:
        root = ET.fromstring(checklist_junit(checklist(), lambda found: found.at_least(least)))
        return [
            (case.get("classname"), [part.tag for part in case if part.tag != "system-out"])
            for case in root.iter("testcase")
        ]

    errors = outcomes(Severity.ERROR)

    assert errors == [
        ("example.test.zone.served", []),
        ("example.test.zone.same", ["failure"]),
        ("example.test.zone.same", []),
        ("example.test.zone.same", []),
        ("example.test.zone.shown", []),
        ("example.test.ns.udp", ["error"]),
        ("example.test.ns.case", ["skipped"]),
        ("example.test.mail.spf", []),
        ("example.test.dnssec.ds", ["skipped"]),
    ]
    assert [tags for _, tags in outcomes(Severity.WARNING)].count(["failure"]) == 3


class Page(HTMLParser):
    """Collects the tags of a page, and refuses a page whose tags do not close."""

    void = frozenset({"meta", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_by_itself_and_has_no_script() -> None:
    text = checklist_html(checklist())
    page = Page(text)

    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert not {"src", "onload", "onclick", "style"} & page.attributes
    assert "url(" not in text
    assert "@import" not in text
    assert page.tags.count("article") == 3
    assert page.tags.count("h1") == 1


@pytest.mark.parametrize(
    "part",
    [
        "<title>example.test: may the name servers be switched? no-go</title>",
        '<p class="verdict no-go"><span class="whole">no-go,</span> not before',
        "<span>Every server answers the same <code>zone.same</code></span></h3>",
        '<code class="command">dig +norecurse @203.0.113.2 www.example.test. A</code>',
        '<p class="remedy">Add www.example.test. 300 IN A 192.0.2.1.</p>',
        '<div class="body quiet">no DS at the parent</div>',
        '<a href="#zone.same">Every server answers the same</a>',
    ],
)
def test_the_page_says(part: str) -> None:
    assert part in checklist_html(checklist())


def test_nothing_in_a_zone_becomes_markup() -> None:
    hostile = check_saying("zone.x", "X", Problem(HOSTILE, HOSTILE, (), HOSTILE), Passed(HOSTILE, HOSTILE, (WWW,)))

    page = Page(checklist_html(checklist(hostile)))

    assert "script" not in page.tags
