"""SPF: one record, within the limits of receivers, the same senders as before."""

import pytest

from migrator.checks.mail.sending import spf_limits, spf_one, spf_same
from tests.checks.build import facts, points, silent, told
from tests.checks.mail.lines import lines
from tests.checks.zone.linting import linted

SPF = '@ TXT "v=spf1 ip4:192.0.2.0/24 include:_spf.example.net ~all"\n'
OUTSIDE = '_spf.example.net. TXT "v=spf1 ip4:198.51.100.0/24 -all"\nnothing.example.net. TXT "hello"'
NO_SPF = "not-needed: no domain of the zone has an SPF record"


def said(lines_: list[str]) -> list[str]:
    """Return the lines without the subject that all of them have."""
    return [line.replace(" example.test. TXT", "") for line in lines_]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (SPF, SPF, ["pass: There is one SPF record."]),
        ("@ MX 0 .", "@ MX 0 .", [NO_SPF]),
        ("www A 192.0.2.1", "www A 192.0.2.1", [NO_SPF]),
    ],
)
def test_a_domain_has_one_record(old: str, new: str, expected: list[str]) -> None:
    assert said(told(points(spf_one, facts(old, new)))) == expected


TWO = f'{SPF}@ TXT "v=spf1 -all"'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            SPF,
            "@ A 192.0.2.1",
            lines("""
            - problem: example.test has no SPF record; 'v=spf1 ip4:192.0.2.0/24
              include:_spf.example.net ~all' was expected, as before.
            """),
        ),
        (
            SPF,
            TWO,
            lines("""
            - problem: example.test has 2 SPF records; one was expected, and receivers take several
              for a permanent error.
            """),
        ),
        (
            TWO,
            TWO,
            lines("""
            - problem: example.test has 2 SPF records; one was expected, and receivers take several
              for a permanent error. The old side has the same fault.
            """),
        ),
        (
            SPF,
            '@ SPF "v=spf1 -all"',
            lines("""
            - problem: example.test has only one of type SPF, which receivers no longer read;
              'v=spf1 ip4:192.0.2.0/24 include:_spf.example.net ~all' was expected, as before.
            """),
        ),
        (
            SPF,
            '@ TXT "v=spf1" "ip4:192.0.2.1 -all"',
            lines("""
            - problem: 'v=spf1ip4:192.0.2.1 -all' is no SPF record; a blank was expected after
              'v=spf1'.
            """),
        ),
    ],
)
def test_no_record_several_and_misjoined_ones_fail(old: str, new: str, expected: list[str]) -> None:
    assert said(told(points(spf_one, facts(old, new)))) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"\"v=spf1 mx -all\"", '"v=spf1 mx -all"'),
        ("'v=spf1 mx -all'", "'v=spf1 mx -all'"),
        (" v=SPF1 mx -all", " v=SPF1 mx -all"),
        (r"\226\128\156v=spf1 mx -all\226\128\157", "“v=spf1 mx -all”"),
        (r"\194\160v=spf1 mx -all", r"\xa0v=spf1 mx -all"),
        (r"\252v=spf1 mx -all", r"\xfcv=spf1 mx -all"),
    ],
)
def test_a_record_that_begins_with_a_quote_or_a_blank_is_none(text: str, shown: str) -> None:
    new = f'@ MX 10 mail\n@ TXT "{text}"\nmail A 192.0.2.25\n'
    wanted = f"'{shown}' is no SPF record; 'v=spf1' was expected first, with no quote, blank or other character"

    assert said(told(points(spf_one, facts(SPF, new)))) == [f"problem: {wanted} before it."]
    assert linted(spf_one, new) == [f"problem example.test. TXT: {wanted} before it."]


@pytest.mark.parametrize("text", ["about v=spf1 -all", "x v=spf1 -all", r"\"v=spf2 -all"])
def test_a_text_about_spf_is_not_meant_for_a_record(text: str) -> None:
    assert linted(spf_one, f'@ MX 10 mail\n@ TXT "{text}"\nmail A 192.0.2.25\n') == [NO_SPF]


@pytest.mark.parametrize("owner", ["www", "@", "_spf", "*"])
def test_in_a_zone_alone_what_was_meant_for_a_record_is_told_at_any_owner(owner: str) -> None:
    (found,) = linted(spf_one, f'{owner} TXT "text"\n{owner} TXT "\\"v=spf1 mx -all\\""\n')

    name = "example.test." if owner == "@" else f"{owner}.example.test."
    assert found.startswith(f"problem {name} TXT: '\"v=spf1 mx -all\"' is no SPF record; ")
    below = 'sub NS ns.sub\nns.sub A 192.0.2.1\nsub TXT "\\"v=spf1 -all\\""\n'
    assert linted(spf_one, below) == [NO_SPF]


def test_a_misquoted_record_beside_a_sound_one_does_no_harm() -> None:
    new = SPF + r'@ TXT "\"v=spf1 mx -all\""'

    assert said(told(points(spf_one, facts(SPF, new)))) == ["pass: There is one SPF record."]


def test_silent_servers_leave_the_number_of_records_unchecked() -> None:
    found = points(spf_one, facts(SPF, SPF), ns1_new_example=None, ns2_new_example=None)

    assert said(told(found)) == lines("""
            - unchecked: The SPF record is not known: no name server of the new side answers (timeout).
            """)


ELEVEN = f'@ TXT "v=spf1 {"include:_spf.example.net " * 11}-all"'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (SPF, SPF, ["pass: 1 of 10 look-ups, 0 of 2 that find nothing; 2 networks may send."]),
        ("", "", ["not-needed: no domain of the zone has an SPF record"]),
        (
            SPF,
            '@ TXT "v=spf1 include:nothing.example.net -all"',
            lines("""
            - problem: Receivers take SPF of example.test for a permanent error, and no mail from it
              passes: 'include:nothing.example.net': nothing.example.net has no SPF record.
            """),
        ),
        (
            SPF,
            ELEVEN,
            lines("""
            - problem: Receivers take SPF of example.test for a permanent error, and no mail from it
              passes: 11 look-ups are needed, and receivers make 10.
            """),
        ),
        (
            ELEVEN,
            ELEVEN,
            lines("""
            - problem: Receivers take SPF of example.test for a permanent error, and no mail from it
              passes: 11 look-ups are needed, and receivers make 10. The old side has the same
              fault.
            """),
        ),
        (
            SPF,
            '@ TXT "v=spf1 ip4:192.0.2.300 -all"',
            lines("""
            - problem: Receivers take SPF of example.test for a permanent error, and no mail from it
              passes: 'ip4:192.0.2.300' cannot be read: '192.0.2.300' is no IPv4 address or network.
            """),
        ),
        (
            SPF,
            '@ TXT "v=spf1 ip4:192.0.2.1 +all"',
            lines("""
            - problem: SPF of example.test lets anybody send as example.test; a list of those who
              may was expected.
            """),
        ),
        (
            SPF,
            '@ TXT "v=spf1 a:x.example.test a:y.example.test a:z.example.test -all"',
            lines("""
            - problem: Receivers take SPF of example.test for a permanent error, and no mail from it
              passes: 3 terms find nothing (a:x.example.test of example.test, a:y.example.test of
              example.test, a:z.example.test of example.test), and receivers accept 2.
            """),
        ),
        (
            SPF,
            '@ TXT "v=spf1 ip4:192.0.2.1 ~all ip4:192.0.2.2 include:_spf.example.net redirect=x.example.net"',
            lines("""
            - pass: 0 of 10 look-ups, 0 of 2 that find nothing; 1 network may send.
            - warning: No receiver comes to ip4:192.0.2.2, include:_spf.example.net,
              redirect=x.example.net: SPF ends at 'all', which was expected last.
            """),
        ),
        (
            SPF,
            '@ TXT "v=spf1 ptr"',
            lines("""
            - pass: 1 of 10 look-ups, 0 of 2 that find nothing; 0 networks may send.
            - notice: SPF has 'ptr', which RFC 7208 advises against: it is slow and unreliable.
            - notice: SPF says nothing of senders that it does not list; '~all' or '-all' is usual
              at the end.
            """),
        ),
    ],
)
def test_receivers_can_evaluate_the_record(old: str, new: str, expected: list[str]) -> None:
    assert said(told(points(spf_limits, facts(old, new), outside=OUTSIDE))) == expected


NINE = f'@ TXT "v=spf1 {"include:_spf.example.net " * 9}-all"'
LONG = f'@ TXT "v=spf1 {" ".join(f"ip4:192.0.2.{n}" for n in range(16))}" " {"ip4:198.51.100.0/24 " * 12}-all"'


@pytest.mark.parametrize(
    ("zone", "notice"),
    [
        (
            NINE,
            lines("""
            - pass: 9 of 10 look-ups, 0 of 2 that find nothing; 1 network may send.
            - notice: SPF needs 9 of the 10 look-ups that receivers make.
            """),
        ),
        (
            LONG,
            lines("""
            - pass: 0 of 10 look-ups, 0 of 2 that find nothing; 2 networks may send.
            - notice: The SPF record has 481 octets, and may not fit into a small answer.
            """),
        ),
    ],
)
def test_what_is_near_a_limit_is_a_notice(zone: str, notice: list[str]) -> None:
    assert said(told(points(spf_limits, facts(zone, zone), outside=OUTSIDE))) == notice


def test_an_include_that_nobody_answers_leaves_the_limits_unchecked() -> None:
    found = points(spf_limits, facts(SPF, SPF), silent("resolver", "_spf.example.net. TXT"))

    assert said(told(found)) == lines("""
            - unchecked: SPF could not be evaluated: _spf.example.net: the TXT records cannot be
              asked for (no resolver answers (timeout)).
            """)


HOSTS = "mail A 192.0.2.25\n"
BY_HOST = f'@ TXT "v=spf1 a:mail.example.test -all"\n{HOSTS}'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (SPF, SPF, ["pass: The same senders pass as before (2 networks)."]),
        (
            SPF,
            '@ TXT "v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.0/25 ip4:192.0.2.128/25 ~all"',
            ["pass: The same senders pass as before (2 networks)."],
        ),
        ("", "", ["not-needed: no domain has a usable SPF record on both sides"]),
        (
            SPF,
            '@ TXT "v=spf1 ip4:192.0.2.0/25 include:_spf.example.net ~all"',
            lines("""
            - problem: SPF of example.test no longer covers 192.0.2.128/25; mail sent from there
              passed so far.
            """),
        ),
        (
            SPF,
            '@ TXT "v=spf1 ip4:192.0.2.0/24 ~all"',
            lines("""
            - problem: SPF of example.test no longer covers 198.51.100.0/24; mail sent from there
              passed so far.
            """),
        ),
        (
            BY_HOST,
            BY_HOST.replace("192.0.2.25", "192.0.2.26"),
            lines("""
            - problem: SPF of example.test no longer covers 192.0.2.25; mail sent from there passed
              so far.
            - warning: SPF of example.test lets 192.0.2.26 send as well, and did not so far.
            """),
        ),
        (
            SPF,
            SPF.replace("~all", "-all"),
            lines("""
            - warning: SPF of example.test says fail of senders that it does not list; so far it
              said softfail.
            """),
        ),
        (
            SPF,
            SPF.replace("~all", "ip4:203.0.113.7 ~all"),
            ["warning: SPF of example.test lets 203.0.113.7 send as well, and did not so far."],
        ),
        (
            '@ TXT "v=spf1 exists:%{i}.example.net -all"',
            '@ TXT "v=spf1 -all"',
            lines("""
            - problem: SPF of example.test no longer has example.test: exists:%{i}.example.net; mail
              that it let pass passed so far.
            """),
        ),
        (
            '@ TXT "v=spf1 -all"',
            '@ TXT "v=spf1 ptr -all"',
            ["warning: SPF of example.test has example.test: ptr as well, and had not so far."],
        ),
        (
            "",
            SPF,
            lines("""
            - warning: example.test gets an SPF policy, and had none: v=spf1 ip4:192.0.2.0/24
              include:_spf.example.net ~all
            """),
        ),
        (SPF, "@ A 192.0.2.1", ["not-needed: no domain has a usable SPF record on both sides"]),
        (
            SPF,
            ELEVEN,
            ["not-needed: no domain has a usable SPF record on both sides"],
        ),
    ],
)
def test_the_same_addresses_may_send(old: str, new: str, expected: list[str]) -> None:
    assert said(told(points(spf_same, facts(old, new), outside=OUTSIDE))) == expected


def test_senders_cannot_be_compared_without_an_answer() -> None:
    found = points(spf_same, facts(SPF, SPF), silent("resolver", "_spf.example.net. TXT"))

    assert said(told(found)) == lines("""
            - unchecked: The senders could not be compared: _spf.example.net: the TXT records cannot
              be asked for (no resolver answers (timeout)).
            """)


def test_a_zone_alone_is_judged_without_asking() -> None:
    assert said(linted(spf_one, TWO)) == lines("""
            - problem: example.test has 2 SPF records; one was expected, and receivers take several
              for a permanent error.
            """)
    assert said(linted(spf_limits, SPF)) == lines("""
            - pass: 1 of 10 look-ups, as far as the zone itself tells.
            """)
    assert said(linted(spf_limits, ELEVEN)) == lines("""
            - problem: Receivers take SPF of example.test for a permanent error, and no mail from it
              passes: 11 look-ups are needed, and receivers make 10.
            """)
    assert said(linted(spf_limits, "www A 192.0.2.1")) == [NO_SPF]


def test_a_zone_alone_with_a_policy_in_the_old_type_has_none() -> None:
    assert said(linted(spf_one, '@ SPF "v=spf1 -all"')) == lines("""
            - problem example.test. SPF: example.test has its SPF record in the type SPF alone, which
              receivers no longer read (RFC 7208 section 3.1).
            """)
    assert said(linted(spf_one, f'@ SPF "v=spf1 -all"\n{SPF}')) == ["pass: There is one SPF record."]


@pytest.mark.parametrize("other", ["", "*._spf A 127.0.0.2\n1.2.0.192._spf TXT other"], ids=["gone", "hidden"])
def test_a_term_that_asks_the_zone_who_sends_is_unchecked_where_what_it_finds_differs(other: str) -> None:
    record = '@ TXT "v=spf1 ip4:192.0.2.1 exists:%{ir}._spf.%{d} exists:%{l}.example.net -all"\n'
    names = "*._spf A 127.0.0.2\n"

    assert told(points(spf_same, facts(record + names, record + other))) == [
        (
            "unchecked example.test. TXT: Whether the same senders pass is not known: SPF by "
            "exists:%{ir}._spf.example.test (another name for each mail; what is found below _spf.example.test "
            "differs)."
        )
    ]
    assert told(points(spf_same, facts(record + names, record + names))) == [
        (
            "pass example.test. TXT: The same senders pass as before (1 network, and whom "
            "exists:%{ir}._spf.%{d}, exists:%{l}.example.net let pass)."
        )
    ]
