"""MTA-STS: announced, to be fetched from the new side, and fitting the mail servers."""

from dataclasses import replace

import pytest

from migrator.checks.asks import Fetch, Fetched, FetchFailure, NotFetched
from migrator.checks.mail.encryption import mta_sts
from migrator.model.names import absolute
from tests.checks.build import NOW, asked_by, facts, points, told
from tests.checks.mail.lines import lines
from tests.checks.zone.linting import linted

ZONE = '@ MX 10 mx\nmx A 192.0.2.25\n_mta-sts TXT "v=STSv1; id=1"\nmta-sts A 192.0.2.80\n'
OLD = ZONE.replace("192.0.2.80", "192.0.2.70")
FETCH = Fetch(absolute("mta-sts.example.test."), "/.well-known/mta-sts.txt", "192.0.2.80")
POLICY = "version: STSv1\nmode: enforce\nmx: mx.example.test\nmax_age: 86400\n"


def served(
    body: str = POLICY, status: int = 200, kind: str = "text/plain", address: str = "192.0.2.80"
) -> Fetched:
    return Fetched(replace(FETCH, address=address), NOW, status, kind, body)


def not_served(failure: FetchFailure, reason: str, address: str = "192.0.2.80") -> NotFetched:
    return NotFetched(replace(FETCH, address=address), NOW, failure, reason)


def said(found: list[str]) -> list[str]:
    """Return the lines without the subject that all of them have."""
    return [line.replace(" example.test. MTA-STS", "") for line in found]


@pytest.mark.parametrize(
    ("new", "reply", "expected"),
    [
        (
            ZONE,
            served(),
            lines("""
            - pass: 192.0.2.80 serves the policy: mode enforce, and it names every mail server.
            """),
        ),
        (
            ZONE,
            served(kind="text/plain; charset=utf-8"),
            ["pass: 192.0.2.80 serves the policy: mode enforce, and it names every mail server."],
        ),
        (
            ZONE,
            served(kind="text/html"),
            lines("""
            - notice: The policy comes as text/html; text/plain was expected (RFC 8461).
            - pass: 192.0.2.80 serves the policy: mode enforce, and it names every mail server.
            """),
        ),
        (
            ZONE,
            served(status=404),
            lines("""
            - problem: Senders cannot fetch the policy: mta-sts.example.test at 192.0.2.80 answers
              HTTP 404; 200 was expected.
            """),
        ),
        (
            ZONE,
            served(status=301),
            lines("""
            - problem: Senders cannot fetch the policy: mta-sts.example.test at 192.0.2.80 answers
              HTTP 301; 200 was expected.
            """),
        ),
        (
            ZONE,
            served("hello"),
            lines("""
            - problem: What mta-sts.example.test at 192.0.2.80 serves is no policy: it has no line
              'version: STSv1'.
            """),
        ),
        (
            ZONE,
            served(POLICY.replace("mx.example", "mail.example")),
            lines("""
            - problem: The policy (mode enforce) does not name mx.example.test; senders that know it
              send them nothing, for up to 86,400 seconds.
            """),
        ),
        (
            ZONE,
            served(POLICY.replace("mx.example", "mail.example").replace("enforce", "testing")),
            lines("""
            - warning: The policy (mode testing) does not name mx.example.test; senders report them,
              for up to 86,400 seconds.
            """),
        ),
        (
            ZONE,
            served("version: STSv1\nmode: none\nmax_age: 86400"),
            ["pass: 192.0.2.80 serves the policy: mode none."],
        ),
        (
            ZONE,
            not_served(FetchFailure.CERTIFICATE, "certificate has expired"),
            lines("""
            - problem: Senders cannot fetch the policy: mta-sts.example.test at 192.0.2.80:
              certificate has expired; a policy was expected there.
            """),
        ),
        (
            ZONE,
            not_served(FetchFailure.REFUSED, "connection refused"),
            lines("""
            - problem: Senders cannot fetch the policy: mta-sts.example.test at 192.0.2.80:
              connection refused; a policy was expected there.
            """),
        ),
        (
            ZONE,
            not_served(FetchFailure.SILENT, "timeout"),
            lines("""
            - unchecked: The policy could not be fetched: mta-sts.example.test at 192.0.2.80:
              timeout.
            """),
        ),
        (
            ZONE.replace("id=1", "id=2"),
            served(),
            lines("""
            - warning: Senders fetch the encryption policy (MTA-STS) of example.test again, or find
              it unreadable.
            - pass: 192.0.2.80 serves the policy: mode enforce, and it names every mail server.
            """),
        ),
        (
            ZONE.replace("id=1", "id"),
            served(),
            lines("""
            - problem: The record _mta-sts has no id; one with an id of letters and digits was
              expected, and senders take this for no policy.
            """),
        ),
        (
            f'{ZONE}_mta-sts TXT "v=STSv1; id=2"',
            served(),
            lines("""
            - problem: There are 2 records _mta-sts; one with an id of letters and digits was
              expected, and senders take this for no policy.
            """),
        ),
        (
            "@ MX 10 mx\nmta-sts A 192.0.2.80",
            served(),
            lines("""
            - warning: Senders no longer learn that mail to example.test must be encrypted
              (MTA-STS); those that know the policy keep to it until it ends.
            """),
        ),
        (
            '_mta-sts TXT "v=STSv1; id=1"',
            served(),
            lines("""
            - error: Senders cannot fetch the encryption policy (MTA-STS) of example.test, while the
              record that announces it stays: those that hold an older one keep to it, and send
              nothing where it does not fit.
            """),
        ),
        (
            '_mta-sts TXT "v=STSv1; id=1"\nmta-sts CNAME nothing.example.net.',
            served(),
            lines("""
            - error: Senders cannot fetch the encryption policy (MTA-STS) of example.test, while the
              record that announces it stays: those that hold an older one keep to it, and send
              nothing where it does not fit.
            """),
        ),
    ],
)
def test_the_policy_is_to_be_had_and_fits(new: str, reply: Fetched | NotFetched, expected: list[str]) -> None:
    assert said(told(points(mta_sts, facts(OLD, new), reply))) == expected


def test_nothing_is_needed_where_nothing_is_announced() -> None:
    known = facts("@ MX 10 mx.example.net.", "@ MX 10 mx.example.net.")

    assert said(told(points(mta_sts, known))) == lines("""
            - not-needed: no domain announces an encryption policy (_mta-sts)
            """)
    assert asked_by(mta_sts, known) == []


def test_the_policy_is_fetched_from_each_address_of_the_new_side() -> None:
    new = ZONE.replace("mta-sts A 192.0.2.80", "mta-sts CNAME web.example.net.")
    outside = "web.example.net. A 192.0.2.81\nweb.example.net. AAAA 2001:db8::81"

    asked = asked_by(mta_sts, facts(OLD, new), outside=outside)

    assert [ask for ask in asked if isinstance(ask, Fetch)] == [
        replace(FETCH, address="192.0.2.81"),
        replace(FETCH, address="2001:db8::81"),
    ]


def test_a_silent_ipv6_address_beside_one_that_answers_says_nothing() -> None:
    both = f"{ZONE}mta-sts AAAA 2001:db8::80\n"
    silent = not_served(FetchFailure.SILENT, "network is unreachable", "2001:db8::80")
    refused = not_served(FetchFailure.REFUSED, "connection refused", "2001:db8::80")

    assert said(told(points(mta_sts, facts(OLD, both), served(), silent))) == lines("""
            - pass: 192.0.2.80 serves the policy: mode enforce, and it names every mail server.
            """)
    assert said(told(points(mta_sts, facts(OLD, both), served(), refused))) == lines("""
            - pass: 192.0.2.80 serves the policy: mode enforce, and it names every mail server.
            - problem: Senders cannot fetch the policy: mta-sts.example.test at 2001:db8::80:
              connection refused; a policy was expected there.
            """)


def test_a_web_server_that_the_move_does_not_touch_only_warns() -> None:
    expired = not_served(FetchFailure.CERTIFICATE, "certificate has expired")

    assert said(told(points(mta_sts, facts(ZONE, ZONE), expired))) == lines("""
            - warning: Senders cannot fetch the policy: mta-sts.example.test at 192.0.2.80:
              certificate has expired; a policy was expected there. It is the address of before.
            """)


def test_silent_servers_leave_it_unchecked() -> None:
    found = points(mta_sts, facts(OLD, ZONE), ns1_new_example=None, ns2_new_example=None)

    assert said(told(found)) == lines("""
            - unchecked: The record _mta-sts is not known: no name server of the new side answers (timeout).
            """)


def test_a_zone_alone_shows_its_record() -> None:
    assert said(linted(mta_sts, ZONE)) == ["pass: The record can be read: id=1."]
    assert said(linted(mta_sts, ZONE.replace("id=1", ""))) == lines("""
            - problem: The record _mta-sts has no id; one with an id of letters and digits was
              expected, and senders take this for no policy.
            """)
    assert said(linted(mta_sts, ZONE.replace("mta-sts A", "other A"))) == lines("""
            - warning: A policy is announced, and mta-sts.example.test. has no address: senders fetch
              it there, and find none.
            """)
    there = ("mta-sts CNAME policies.example.net.", "mta-sts AAAA 2001:db8::1", "* A 192.0.2.80")
    for host in (*there, "mta-sts NS ns.example.net."):
        found = linted(mta_sts, ZONE.replace("mta-sts A 192.0.2.80", host))
        assert said(found) == ["pass: The record can be read: id=1."], host
    assert said(linted(mta_sts, "@ MX 0 .")) == lines("""
            - not-needed: no domain announces an encryption policy (_mta-sts)
            """)
