"""DMARC: the same policy as before, in one record that receivers can read; and who may get reports."""

import pytest

from migrator.checks.mail.forging import dmarc, dmarc_external
from tests.checks.build import facts, points, records, silent, told
from tests.checks.mail.lines import lines
from tests.checks.zone.linting import linted

REJECT = '_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@example.test"\n'
NONE = REJECT.replace("reject", "none")
NEWS = '_dmarc.news TXT "v=DMARC1; p=quarantine; rua=mailto:d@example.test"\n'
VENDOR = "_dmarc CNAME example.test._dmarc.vendor.example.net.\n"
OUTSIDE = 'example.test._dmarc.vendor.example.net. TXT "v=DMARC1; p=reject; rua=mailto:d@example.test"'


def said(found: list[str]) -> list[str]:
    """Return the lines without the subject that most of them have."""
    return [line.replace(" _dmarc.example.test. TXT", "") for line in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("@ MX 0 .", "@ MX 0 .", ["not-needed: no domain of the zone has a DMARC record"]),
        (REJECT, REJECT, ["pass: The policy is the same as before: p=reject."]),
        (
            REJECT + NEWS,
            REJECT + NEWS,
            lines("""
            - pass: The policy is the same as before: p=reject.
            - pass _dmarc.news.example.test. TXT: The policy is the same as before: p=quarantine.
            """),
        ),
        (VENDOR, VENDOR, ["pass: The policy is the same as before: p=reject."]),
        (
            NONE,
            NONE,
            lines("""
            - pass: The policy is the same as before: p=none.
            - notice: DMARC: p=none lets forged mail through and reports it.
            """),
        ),
        (
            REJECT,
            "",
            lines("""
            - error: example.test has no DMARC policy (p=reject so far): forged mail in its name is
              no longer stopped or reported, and large receivers refuse bulk mail without one.
            """),
        ),
        (
            REJECT + NEWS,
            REJECT,
            lines("""
            - pass: The policy is the same as before: p=reject.
            - warning _dmarc.news.example.test. TXT: DMARC of news.example.test is stricter
              (p=quarantine became p=reject): mail that fails now is lost.
            """),
        ),
        (
            REJECT,
            NONE,
            lines("""
            - error: DMARC of example.test is weaker against forged mail (p=reject became p=none).
            """),
        ),
        (
            NONE,
            REJECT,
            lines("""
            - warning: DMARC of example.test is stricter (p=none became p=reject): mail that fails
              now is lost.
            """),
        ),
        (
            "",
            REJECT,
            lines("""
            - warning: example.test gets a DMARC policy that makes receivers reject what fails; it
              had none.
            """),
        ),
        (
            REJECT,
            REJECT + NONE,
            lines("""
            - error: example.test has 2 DMARC records; receivers then apply none.
            """),
        ),
        (
            REJECT + NONE,
            REJECT + NONE,
            lines("""
            - pass: The policy is the same as before.
            - problem: There are 2 DMARC records; one was expected, and receivers then apply none.
              The old side has the same fault.
            """),
        ),
        (
            REJECT,
            REJECT.replace("p=reject", "p=block"),
            ["error: DMARC of example.test is weaker against forged mail (p=reject became p=none)."],
        ),
        (
            REJECT,
            '_dmarc TXT "v=DMARC1; sp=none"',
            ["error: DMARC of example.test is weaker against forged mail (p=reject became p=none)."],
        ),
        (
            REJECT,
            REJECT.replace("p=reject", "p=reject; np=none"),
            ["warning: DMARC of example.test differs in np; other mail may pass it, or fail."],
        ),
        (
            REJECT,
            '_dmarc TXT "v=DMARC1; p=block"',
            lines("""
            - error: The DMARC policy of example.test cannot be used any more (p=reject became
              p=unknown).
            """),
        ),
        (
            REJECT,
            '_dmarc TXT "v=dmarc1; p=reject"',
            lines("""
            - error: example.test has no DMARC policy (p=reject so far): forged mail in its name is
              no longer stopped or reported, and large receivers refuse bulk mail without one.
            """),
        ),
        (
            VENDOR,
            REJECT,
            lines("""
            - warning: DMARC of example.test is a fixed copy, and no longer the policy that is kept
              at example.test._dmarc.vendor.example.net.
            """),
        ),
        (
            REJECT,
            VENDOR,
            lines("""
            - warning: DMARC of example.test is kept at example.test._dmarc.vendor.example.net, and
              was not so far.
            """),
        ),
    ],
)
def test_the_policy_is_the_one_of_before(old: str, new: str, expected: list[str]) -> None:
    assert said(told(points(dmarc, facts(old, new), outside=OUTSIDE))) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("p=reject; rua=mailto:a@example.test", ["pass: The record can be read: p=reject."]),
        (
            "p=reject; rua=mailto:a@example.test; pct=100; rf=afrf; ri=86400",
            lines("""
            - notice: DMARC: pct=100 is no longer part of DMARC (RFC 9989), and has no effect.
            - notice: DMARC: rf=afrf is no longer part of DMARC (RFC 9989), and has no effect.
            - notice: DMARC: ri=86400 is no longer part of DMARC (RFC 9989), and has no effect.
            - pass: The record can be read: p=reject.
            """),
        ),
        (
            "p=reject; rua=mailto:a@example.test; pct=20",
            lines("""
            - warning: DMARC: pct=20 is no longer part of DMARC (RFC 9989); the policy applies to
              all mail now.
            """),
        ),
        (
            "p=none; rua=mailto:a@example.test!10m,https://example.test/",
            lines("""
            - warning: DMARC: rua=https://example.test/ is no mailto: address; no report is sent
              there.
            - notice: DMARC: p=none lets forged mail through and reports it.
            """),
        ),
        (
            "p=reject",
            lines("""
            - notice: DMARC: it asks for no reports (rua=).
            - pass: The record can be read: p=reject.
            """),
        ),
        (
            "rua=mailto:a@example.test",
            lines("""
            - warning: DMARC: there is no p=; receivers take that for p=none, and older ones for
              nothing.
            """),
        ),
        (
            "sp=reject",
            lines("""
            - warning: DMARC: there is no p=; receivers take that for p=none, and older ones for
              nothing.
            - notice: DMARC: it asks for no reports (rua=).
            """),
        ),
        (
            "p=reject; rua=mailto:a@example.test; sp=maybe; np=never; adkim=x; aspf=s",
            lines("""
            - error: DMARC: sp=maybe is no policy; none, quarantine or reject was expected, and
              receivers take the whole record for p=none.
            - error: DMARC: np=never is no policy; none, quarantine or reject was expected, and
              receivers take the whole record for p=none.
            - warning: DMARC: adkim=x is neither r nor s; r applies instead.
            """),
        ),
    ],
)
def test_a_record_alone_is_read_as_receivers_read_it(tags: str, expected: list[str]) -> None:
    assert said(linted(dmarc, f'_dmarc TXT "v=DMARC1; {tags}"')) == expected


def test_a_zone_alone_without_a_record_needs_nothing() -> None:
    assert said(linted(dmarc, "@ MX 0 .")) == lines("""
            - not-needed: no domain of the zone has a DMARC record
            """)


def test_silence_leaves_the_policy_unchecked() -> None:
    on_servers = points(dmarc, facts(REJECT, REJECT), ns1_new_example=None, ns2_new_example=None)
    behind = points(
        dmarc, facts(VENDOR, VENDOR), silent("resolver", "example.test._dmarc.vendor.example.net. TXT")
    )

    assert said(told(on_servers)) == lines("""
            - unchecked: The DMARC record is not known: no name server of the new side answers (timeout).
            """)
    assert said(told(behind)) == lines("""
            - unchecked: The DMARC record is not known: no resolver answers (timeout).
            """)


AWAY = '_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@reports.example.net,mailto:d@mail.example.test"\n'
ALLOWED = 'example.test._report._dmarc.reports.example.net. TXT "v=DMARC1"'
HERE = 'example.net._report._dmarc TXT "v=DMARC1"\n'


@pytest.mark.parametrize(
    ("old", "new", "outside", "expected"),
    [
        (
            REJECT,
            REJECT,
            "",
            ["not-needed: no DMARC report leaves the organisation, and none of others comes here"],
        ),
        (
            AWAY,
            AWAY,
            ALLOWED,
            lines("""
            - pass: Reports are allowed: reports.example.net publishes that it takes reports of example.test.
            """),
        ),
        (
            REJECT,
            AWAY,
            "",
            lines("""
            - warning: No report is sent to reports.example.net: it does not publish
              example.test._report._dmarc.reports.example.net. TXT, which was expected.
            """),
        ),
        (
            AWAY,
            AWAY,
            "",
            lines("""
            - warning: No report is sent to reports.example.net: it does not publish
              example.test._report._dmarc.reports.example.net. TXT, which was expected. The old side
              has the same fault.
            """),
        ),
        (
            HERE,
            HERE,
            "",
            lines("""
            - pass example.net._report._dmarc.example.test. TXT: Reports about other domains stay
              allowed.
            """),
        ),
        (
            HERE,
            "",
            "",
            lines("""
            - problem example.net._report._dmarc.example.test. TXT: Reports about example.net are no
              longer allowed here; 'v=DMARC1' was expected, as before.
            """),
        ),
        (
            '*._report._dmarc TXT "v=DMARC1"\n',
            "",
            "",
            lines("""
            - problem *._report._dmarc.example.test. TXT: Reports about any domain are no longer allowed
              here; 'v=DMARC1' was expected, as before.
            """),
        ),
    ],
)
def test_reports_leave_and_come_as_before(old: str, new: str, outside: str, expected: list[str]) -> None:
    assert said(told(points(dmarc_external, facts(old, new), outside=outside))) == expected


def test_silence_leaves_reports_unchecked() -> None:
    asked = silent("resolver", "example.test._report._dmarc.reports.example.net. TXT")
    lost = points(dmarc_external, facts(HERE, HERE), ns1_new_example=None, ns2_new_example=None)

    assert said(told(points(dmarc_external, facts(AWAY, AWAY), asked))) == lines("""
            - unchecked: Whether reports.example.net publishes that it takes reports of example.test
              is not known: no resolver answers (timeout).
            """)
    assert said(told(lost)) == lines("""
            - unchecked example.net._report._dmarc.example.test. TXT: The permission for reports is
              not known: no name server of the new side answers (timeout).
            """)


def test_a_policy_that_a_wildcard_or_another_zone_has_is_one() -> None:
    mail = "@ MX 10 mx.example.net.\na.b MX 10 mx.example.net.\n"
    wild = f'{mail}* TXT "v=DMARC1; p=reject"\n'
    cut = f"{mail}_dmarc NS ns1.policy.example.net.\n_dmarc NS ns2.policy.example.net.\n"
    gone = "error _dmarc.example.test. TXT: example.test has no DMARC pol"

    assert told(points(dmarc, facts(wild, wild)))[0] == (
        "pass _dmarc.example.test. TXT: The policy is the same as before: p=reject."
    )
    assert [line[: len(gone)] for line in told(points(dmarc, facts(wild, mail)))] == [gone]
    outside = records("resolver", "_dmarc TXT", '_dmarc 300 TXT "v=DMARC1; p=reject"')
    assert told(points(dmarc, facts(cut, cut), outside))[0] == (
        "pass _dmarc.example.test. TXT: The policy is the same as before: p=reject."
    )
    assert [line[: len(gone)] for line in told(points(dmarc, facts(cut, mail), outside))] == [gone]
