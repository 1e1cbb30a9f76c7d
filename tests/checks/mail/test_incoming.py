"""MX at the new name servers, and the hosts that it names."""

from dataclasses import replace

import pytest
from dns.rcode import Rcode

from migrator.checks.mail.incoming import mx_same, mx_target
from tests.checks.build import facts, gives, points, records, silent, told
from tests.checks.mail.lines import lines
from tests.checks.zone.linting import linted

MX = "@ MX 10 mx\n@ MX 20 mx.example.net.\nmx A 192.0.2.25\n"
OUTSIDE = "mx.example.net. A 192.0.2.26"
NEW = ("ns1.new.example.", "ns2.new.example.")
FIRST, SECOND = "ns1.new.example (203.0.113.1)", "ns2.new.example (203.0.113.2)"
SAME = "10 mx.example.test., 20 mx.example.net."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (MX, MX, [f"pass example.test. MX: All 2 new name servers answer {SAME}"]),
        ("@ MX 0 .", "@ MX 0 .", ["pass example.test. MX: All 2 new name servers answer 0 ."]),
        (
            "www A 192.0.2.1",
            "www A 192.0.2.1",
            lines("""
            - not-needed: no domain of the zone has an MX record
            """),
        ),
        ('@ TXT "v=spf1 -all"', "", ["not-needed: no domain of the zone has an MX record"]),
        (
            MX,
            "@ MX 20 mx.example.net.",
            [
                f"error example.test. MX: {where} answers 20 mx.example.net.; {SAME} was expected. "
                "mx.example.test no longer takes mail for example.test, which has fewer servers that take it."
                for where in (FIRST, SECOND)
            ],
        ),
        (
            MX,
            f"{MX}@ MX 30 backup.example.net.",
            [
                f"warning example.test. MX: {where} answers {SAME}, 30 backup.example.net.; {SAME} was expected. "
                "backup.example.net may get mail for example.test, and took none of it so far."
                for where in (FIRST, SECOND)
            ],
        ),
        (
            "@ MX 10 aspmx.l.google.com.",
            "",
            [
                f"error example.test. MX: {where} answers no MX; 10 aspmx.l.google.com. was expected. Google "
                "Workspace receives no mail for example.test."
                for where in (FIRST, SECOND)
            ],
        ),
    ],
)
def test_every_new_server_has_the_mx_of_the_old_zone(old: str, new: str, expected: list[str]) -> None:
    assert told(points(mx_same, facts(old, new))) == expected


def test_one_server_of_two_may_have_no_mx() -> None:
    found = points(mx_same, facts(MX, MX), ns2_new_example="www A 192.0.2.1")

    assert [line.partition(";")[0] for line in told(found)] == lines("""
            - error example.test. MX: ns2.new.example (203.0.113.2) answers no MX
            """)


def test_a_server_that_is_silent_is_unchecked_and_one_that_refuses_fails() -> None:
    found = points(
        mx_same,
        facts(MX, MX),
        silent("ns1.new.example.", "@ MX"),
        gives("ns2.new.example.", "@ MX", Rcode.REFUSED),
    )

    assert told(found) == [
        f"unchecked example.test. MX: {FIRST} does not answer: timeout.",
        f"problem example.test. MX: {SECOND} answers REFUSED; it must answer MX of example.test.",
    ]


def test_an_answer_that_was_cut_off_is_no_missing_mx() -> None:
    cut = [replace(gives(where, "@ MX", Rcode.NOERROR), truncated=True) for where in NEW]
    unknown = [
        f"unchecked example.test. MX: {where} does not answer: a truncated answer, and none over TCP."
        for where in (FIRST, SECOND)
    ]

    assert told(points(mx_same, facts(MX, MX), *cut)) == unknown
    assert told(points(mx_same, facts('@ TXT "v=spf1 -all"'), *cut)) == unknown


def test_a_server_that_does_not_serve_the_zone_is_left_to_another_check() -> None:
    refused = [gives("ns2.new.example.", what, Rcode.REFUSED) for what in ("@ SOA", "@ MX")]
    upward = [
        records("ns2.new.example.", what, authority=". NS a.root-servers.net.", authoritative=False)
        for what in ("@ SOA", "@ MX")
    ]

    assert told(points(mx_same, facts(MX, MX), *refused)) == [
        f"unchecked example.test. MX: {SECOND} answers REFUSED for the zone."
    ]
    assert told(points(mx_same, facts(MX, MX), *upward)) == [
        f"unchecked example.test. MX: {SECOND} refers to other servers for the zone."
    ]


def test_one_side_alone_has_nothing_to_be_compared_with() -> None:
    assert told(points(mx_same, facts(MX, None))) == ["not-needed: one side alone is looked at"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (MX, MX, ["pass mx.example.test has 192.0.2.25.", "pass mx.example.net has 192.0.2.26."]),
        ("", "@ MX 0 .", ["pass A null MX says that the domain takes no mail, and stands alone."]),
        (
            "",
            "@ MX 0 .\n@ MX 10 mx.example.net.",
            lines("""
            - problem A null MX stands beside others (0 ., 10 mx.example.net.); it was expected
              alone, since it says that the domain takes no mail.
            """),
        ),
        (
            "",
            "@ MX 10 mx",
            ["problem MX names mx.example.test, which does not exist; an address was expected."],
        ),
        (
            "",
            '@ MX 10 mx\nmx TXT "x"',
            ["problem MX names mx.example.test, which has no address; an address was expected."],
        ),
        (
            "",
            "@ MX 10 gone.example.net.",
            ["problem MX names gone.example.net, which does not exist; an address was expected."],
        ),
        (
            "@ MX 10 gone.example.net.",
            "@ MX 10 gone.example.net.",
            lines("""
            - problem MX names gone.example.net, which does not exist; an address was expected. The
              old side has the same fault.
            """),
        ),
        (
            "",
            "@ MX 10 mx\nmx CNAME mx.example.net.",
            lines("""
            - problem MX names mx.example.test, which is a CNAME to mx.example.net; a host with
              addresses of its own was expected, and some mail servers refuse anything else.
            """),
        ),
        (
            "",
            "@ MX 10 192.0.2.25.",
            lines("""
            - problem MX names 192.0.2.25, an IP address; the name of a host was expected, and
              senders find none.
            """),
        ),
        ("@ A 192.0.2.1", "@ A 192.0.2.1", ["not-needed: no domain of the zone has an MX record"]),
    ],
)
def test_a_mail_server_has_an_address_of_its_own(old: str, new: str, expected: list[str]) -> None:
    found = told(points(mx_target, facts(old, new), outside=OUTSIDE))

    assert [line.replace("example.test. MX: ", "") for line in found] == expected


PROXIED = "@ MX 10 mx\nmx A 192.0.2.25 ; cf_tags=cf-proxied:true"
MADE_UP = "@ MX 10 _dc-mx.a1b2\nmx A 203.0.113.200\n_dc-mx.a1b2 A"


def test_another_address_of_a_mail_server_is_not_the_same_one() -> None:
    plain = "@ MX 10 mx\nmx A 192.0.2.25"
    moved = "@ MX 10 mx\nmx A 203.0.113.200"
    told_so = lines("""
            - problem example.test. MX: MX names mx.example.test, which has 203.0.113.200; 192.0.2.25 was
              expected, as before. A proxy that is switched on for it carries no mail.
            """)

    for new in (PROXIED, plain):
        both = {"ns1_new_example": moved, "ns2_new_example": moved}
        assert told(points(mx_target, facts(plain, new), **both)) == told_so
    assert told(points(mx_target, facts(plain, moved))) == [
        "pass example.test. MX: mx.example.test has 203.0.113.200."
    ]


def test_a_name_that_a_provider_makes_up_has_the_address_behind_its_proxy() -> None:
    plain = "@ MX 10 mx\nmx A 192.0.2.25"
    known = facts(plain, PROXIED)
    for address, verdict in (("192.0.2.25", "pass"), ("203.0.113.200", "problem")):
        both = dict.fromkeys(("ns1_new_example", "ns2_new_example"), f"{MADE_UP} {address}")
        (found,) = told(points(mx_target, known, **both))
        assert found.startswith(f"{verdict} example.test. MX: ")
    assert [line.partition("; ")[2] for line in told(points(mx_same, known, **both))] == 2 * lines("""
            - 10 mx.example.test. was expected. The provider made that name up, because mx.example.test is
              behind its proxy: a policy of MTA-STS, TLSA and a certificate do not fit it.
            """)


def test_a_resolver_that_is_silent_leaves_the_target_unchecked() -> None:
    known = facts("", "@ MX 10 mx.example.net.")
    nothing = [silent("resolver", f"mx.example.net. {rdtype}") for rdtype in ("A", "AAAA")]

    assert told(points(mx_target, known, *nothing)) == lines("""
            - unchecked example.test. MX: The addresses of mx.example.net are not known: no resolver
              answers (timeout).
            """)


def test_in_a_zone_alone_a_null_mx_must_stand_alone() -> None:
    assert linted(mx_target, MX) == ["not-needed: the zone has no null MX"]
    assert linted(mx_target, f"{MX}@ MX 0 .")[0].startswith("problem example.test. MX: A null MX stands beside")
