"""A comparison as text, Markdown and JUnit: golden files, and whatever may stand in a zone.

`python -m tests.report.test_diff` writes the golden files anew; read what changed before committing it.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from dns.rdata import from_wire
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrator.diff import ZoneDiff, compare
from migrator.diff.compare import Settled
from migrator.diff.ignore import ignore, parse_rule
from migrator.diff.result import Kind
from migrator.model.finding import Finding, Position, Severity
from migrator.model.rrset import RRset
from migrator.report.diff import text
from migrator.report.diff_markdown import markdown
from migrator.report.diff_values import readable, value_lines
from migrator.report.junit import junit
from migrator.report.layout import COLOUR, WIDTH
from tests.diffing import diff, rrset, zone

GOLDEN = Path(__file__).with_name("diff")
KEY = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDE0GmR7HJm2hzYqKp0OQ0bV3o1yJqkHn5eZ8Qm0t1xw2Yb7u4rN9f6Lc3Vd5Xs8Tg1Ka"
    "Rp0Wj4Ie7Uo2Zv9Bq6Mn3Fh5Gd8Sx1Cl4Ek7Yt0Pa2Jw9QIDAQAB"
)
OLD = f"""
@ 300 A 192.0.2.1
www 300 CNAME @
@ 300 MX 10 aspmx.l.google.com.
@ 300 TXT "v=spf1 include:_spf.google.com include:sendgrid.net -all"
@ 300 TXT "MS=ms12345"
_dmarc 300 TXT "v=DMARC1; p=reject"
s1._domainkey 300 TXT "v=DKIM1; k=rsa; p={KEY[:120]}" "{KEY[120:]}"
sub 300 NS ns1.sub
ns1.sub 300 A 192.0.2.53
news 300 MX 10 mail
mail 300 A 192.0.2.25
note 300 TXT "a|b `c` <d>"
old 300 A 192.0.2.99
"""
NEW = f"""
@ 60 A 192.0.2.1
www 300 CNAME @
@ 300 TXT "v=spf1 include:_spf.google.com -all"
_dmarc 300 TXT "v=DMARC1; p=reject"
s1._domainkey 300 TXT "v=DKIM1; k=rsa; p={KEY[:119]}"
news 300 MX 10 mail
mail 300 A 192.0.2.25
note 300 TXT "a|b" " `c` <d>"
* 300 A 192.0.2.80
"""


def whole() -> ZoneDiff:
    """Return a comparison with something of everything."""
    old, new = zone(OLD), zone(NEW)
    mail = next(r for r in old.rrsets if r.owner.labels[0] == b"mail")
    unknown = Settled(Kind.UNCHECKED, "Not known: no answer: timeout.", severity=Severity.WARNING)
    found = compare(replace(old, source="backup"), replace(new, source="new.zone"), {mail.key: unknown})
    finding = Finding(
        "zone.unreadable", Severity.ERROR, "www.example.com.", "The line cannot be read.", Position("new.zone", 7)
    )
    found = replace(found, new=replace(found.new, findings=(finding,)), notes=("One side was tired.",))
    return ignore(found, [parse_rule("old=was retired in March"), parse_rule("typo=never matches")])


def clean() -> ZoneDiff:
    return diff(OLD, OLD.replace("@ 300 A", "@ 60 A"))


RENDERED: dict[str, Callable[[], str]] = {
    "whole.txt": lambda: text(whole()),
    "whole-verbose.txt": lambda: text(whole(), verbose=True),
    "whole.md": lambda: markdown(whole()),
    "whole.xml": lambda: junit(whole(), lambda severity: severity is Severity.ERROR),
    "clean.txt": lambda: text(clean()),
    "clean.md": lambda: markdown(clean()),
    "clean.xml": lambda: junit(clean(), lambda severity: severity is Severity.ERROR),
}


@pytest.mark.parametrize("name", RENDERED)
def test_a_report_reads_as_it_should(name: str) -> None:
    assert RENDERED[name]() == (GOLDEN / name).read_text(encoding="utf-8")


UNREADABLE = Finding("zonefile.unreadable-line", Severity.ERROR, "", "The line cannot be read.")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((UNREADABLE,), (), "Do not switch yet: 1 error in reading the old side."),
        ((), (UNREADABLE,), "Do not switch yet: 1 error to mend at the new side."),
        (
            (UNREADABLE,),
            (UNREADABLE,) * 2,
            "Do not switch yet: 2 errors to mend at the new side, 1 error in reading the old side.",
        ),
    ],
)
def test_what_the_old_side_has_is_not_to_be_mended_at_the_new_one(
    old: tuple[Finding, ...], new: tuple[Finding, ...], expected: str
) -> None:
    same = diff(OLD, OLD)
    found = replace(same, old=replace(same.old, findings=old), new=replace(same.new, findings=new))

    assert " ".join(text(found).split()).endswith(f". {expected}")


def test_lines_fit_the_terminal() -> None:
    long = [line for line in text(whole()).splitlines() if len(line) > WIDTH]

    assert long == []


def test_colours_change_nothing_but_colours() -> None:
    coloured = text(whole(), COLOUR)
    for code in (COLOUR.error, COLOUR.warning, COLOUR.good, COLOUR.quiet, COLOUR.strong, COLOUR.reset):
        coloured = coloured.replace(code, "")

    assert coloured == text(whole())


def test_a_thousand_mail_domains_that_are_the_same_are_a_few_lines() -> None:
    zone_text = "\n".join(f"host{number} 300 MX 10 mail" for number in range(1000)) + "\nmail 300 A 192.0.2.1\n"

    lines = text(diff(zone_text, zone_text)).splitlines()

    assert lines[lines.index("Mail") + 1] == "  same     host0.example.com"
    assert lines[lines.index("Mail") + 9 :] == [
        "  the same for 992 more domains",
        "",
        "1,003 RRsets the same.",
        "The same: nothing would be lost.",
    ]


@pytest.mark.parametrize(
    ("severities", "said"),
    [
        ((), ""),
        ((Severity.NOTICE, Severity.NOTICE), "Reading the old side: 2 notices (--verbose shows them)\n\n"),
        (
            (Severity.WARNING, Severity.NOTICE),
            """\
Reading the old side
  warning  zonefile.some
    www.example.org. A
      It is so.
  and 1 notice (--verbose shows them)

""",
        ),
    ],
)
def test_how_many_notices_of_a_reader_are_left_out_is_said(severities: tuple[Severity, ...], said: str) -> None:
    findings = tuple(Finding("zonefile.some", each, "www.example.org. A", "It is so.") for each in severities)
    found = clean()

    shown = text(replace(found, old=replace(found.old, findings=findings)))

    assert shown.partition("Differs,")[0].partition("\n\n")[2] == said


def test_a_thousand_notices_are_a_few_lines() -> None:
    many = "\n".join(f"h{number} 300 A 192.0.2.1" for number in range(1000))

    found = diff(many, many.replace(" 300 ", " 60 "))

    assert len(text(found).splitlines()) < 20
    assert len(text(found, verbose=True).splitlines()) > 1000


@pytest.mark.parametrize(
    ("lost", "gained", "expected"),
    [
        (["abc"], [], [("-", "abc")]),
        (["192.0.2.1"], ["192.0.2.2"], [("-", "192.0.2.1"), ("+", "192.0.2.2")]),
        (
            ["v=spf1 a -all", "MS=1"],
            ["v=spf1 mx -all"],
            [("-", "v=spf1 a -all"), ("+", "v=spf1 mx -all"), ("^", "       ^"), ("-", "MS=1")],
        ),
        (
            ["x" * 90 + "A" + "y" * 50],
            ["x" * 90 + "B" + "y" * 50],
            [
                ("-", "xxxxxxxxxx…xxxxxxxxxxxxxxAyyyy…yyyyyyyyyy"),
                ("+", "xxxxxxxxxx…xxxxxxxxxxxxxxByyyy…yyyyyyyyyy"),
                ("^", "                         ^"),
            ],
        ),
    ],
)
def test_the_differing_part_of_a_long_value_stays_in_sight(
    lost: list[str], gained: list[str], expected: list[tuple[str, str]]
) -> None:
    assert list(value_lines(lost, gained, 41)) == expected


def texts_of(content: bytes) -> ZoneDiff:
    """Return the loss of a TXT record with this content, ignored with a reason of the same content."""
    plain = rrset('evil 300 TXT "x"')
    wire = bytes([len(content)]) + content
    evil = from_wire(RdataClass.IN, RdataType.TXT, wire, 0, len(wire))
    found = compare(
        zone("", RRset(plain.key, 300, (evil,)), RRset(rrset('b 1 TXT "x"').key, 1, (evil,))), zone("")
    )
    return ignore(found, [parse_rule(f"b={content.decode('latin-1').strip() or '-'}")])


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=60))
@example(b"\x00\x1b[2J<&>\"']]>")
@example(b"`|\\` || ``")
@example(b"v=spf1")
def test_whatever_a_record_holds_cannot_leave_its_place(content: bytes) -> None:
    found = texts_of(content)

    terminal = text(found)
    assert [c for c in terminal if c != "\n" and unicodedata.category(c)[0] == "C"] == []
    cells = [line for line in markdown(found).splitlines() if line.startswith("|")]
    assert {line.replace(r"\|", "").count("|") for line in cells} <= {3, 5, 6}  # ignored, mail, differences
    document = ET.fromstring(junit(found, lambda _: True))
    expected = 3 + len(found.mail)
    assert len(document.findall(".//testcase")) == int(document.attrib["tests"]) == expected


def test_what_is_ignored_is_not_called_the_same() -> None:
    found = ignore(diff("old 300 MX 10 mx.example.net.\n", ""), [parse_rule("old=moved"), parse_rule("x=y")])

    assert text(found).splitlines()[-1] == "Nothing else would be lost: 1 difference ignored, as you asked."


def test_junit_escapes_what_drives_a_terminal_as_text_does() -> None:
    drives = Finding("zone.x", Severity.ERROR, "example.org. A", "\x1b[2J \u009b2J \u202etxt \ufffe bücher")
    found = replace(clean(), findings=(drives,))

    assert r'message="\x1b[2J \x9b2J \u202etxt \ufffe bücher"' in junit(found, lambda _: True)


def test_junit_tells_failures_from_what_was_not_checked_and_what_was_ignored() -> None:
    document = ET.fromstring(junit(whole(), lambda severity: severity is Severity.ERROR))

    outcomes = {
        child.tag: [case.attrib["name"] for case in document.iter("testcase") if case.find(child.tag) is not None]
        for case in document.iter("testcase")
        for child in case
    }
    assert outcomes["error"] == ["unchecked mail.example.com. A", "mail of news.example.com"]
    assert outcomes["skipped"] == ["missing old.example.com. A"]
    assert "missing example.com. MX" in outcomes["failure"]
    assert "ttl example.com. A" in outcomes["system-out"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"abc" "def"', '"abcdef"'),
        ('" " "b"', '" b"'),
        ('"   " "b"', '"   b"'),
        ('"a" " " "b"', '"a b"'),
        (r'"a\" \"b" "c"', r'"a\" \"bc"'),
        (r'"a\\" "b"', r'"a\\b"'),
        ('""', '""'),
        (r"\# 4 03616263", r"\# 4 03616263"),
        ('(alias to "x" "y")', '(alias to "x" "y")'),
    ],
)
def test_people_read_the_strings_of_a_text_as_one(text: str, expected: str) -> None:
    assert readable(RdataType.TXT, [text, '"x" "y"']) == [expected, '"xy"']
    assert readable(RdataType.HINFO, [text]) == [text]


def test_a_text_that_begins_with_a_blank_string_is_lost_with_its_quotation_marks() -> None:
    lines = text(diff('t 300 TXT " " "b"\n', "")).splitlines()

    assert '      - " b"' in lines


if __name__ == "__main__":
    for file, render in RENDERED.items():
        (GOLDEN / file).write_text(render(), encoding="utf-8")
