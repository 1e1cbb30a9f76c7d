"""TLS-RPT, BIMI, DANE, automatic set-up, return paths: there as before, and of use."""

from typing import Any

import pytest
from dns.rcode import Rcode

from migrator.checks.check import Check
from migrator.checks.facts import Strategy
from migrator.checks.mail.lesser import autodiscover, bimi, dane, return_path, tls_rpt
from migrator.checks.points import Problem
from tests.checks.build import asked_by, facts, gives, old_side, points, silent, told
from tests.checks.mail.lines import lines
from tests.checks.zone.linting import linted

TLS = '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:t@example.test"\n'
LOGO = 'default._bimi TXT "v=BIMI1; l=https://www.example.test/logo.svg"\n'
TLSA = f"_25._tcp.mx TLSA 3 1 1 {'ab' * 32}\n"
SET_UP = """
autodiscover CNAME set-up.example.net.
autoconfig A 192.0.2.7
_imaps._tcp SRV 0 1 993 imap
imap A 192.0.2.8
"""
BOUNCES = "em1234 CNAME u1.wl.example.net.\n"
OUTSIDE = "set-up.example.net. A 192.0.2.9"
CERTIFICATE = f"_dane TLSA 3 1 1 {'ab' * 32}\n"
ALL = [tls_rpt, bimi, dane, autodiscover, return_path]


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_a_zone_without_such_records_needs_nothing(check: Check) -> None:
    known = facts("@ MX 0 .", "@ MX 0 .")

    assert [line.partition(":")[0] for line in told(points(check, known))] == ["not-needed"]
    assert asked_by(check, known) == []


@pytest.mark.parametrize(
    ("check", "zone"),
    [(tls_rpt, TLS), (bimi, LOGO), (dane, TLSA), (autodiscover, SET_UP), (return_path, BOUNCES)],
    ids=lambda value: getattr(value, "id", ""),
)
def test_what_is_there_as_before_passes_and_what_nobody_answers_is_unchecked(check: Check, zone: str) -> None:
    known = facts(zone, zone)
    passed = told(points(check, known, outside=OUTSIDE))
    silent = told(points(check, known, outside=OUTSIDE, ns1_new_example=None, ns2_new_example=None))

    assert {line.partition(" ")[0] for line in passed} - {"notice"} == {"pass"}
    assert {line.partition(" ")[0] for line in silent} == {"unchecked"}


@pytest.mark.parametrize(
    ("check", "old", "new", "expected"),
    [
        (
            tls_rpt,
            TLS,
            "",
            lines("""
            - warning _smtp._tls.example.test. TXT: Reports of failed encryption of mail to
              example.test are gone.
            """),
        ),
        (
            tls_rpt,
            TLS,
            TLS.replace("t@", "other@"),
            lines("""
            - warning _smtp._tls.example.test. TXT: Reports of failed encryption of mail to
              example.test go elsewhere, or nowhere.
            """),
        ),
        (
            tls_rpt,
            TLS,
            f'{TLS}_smtp._tls TXT "v=TLSRPTv1; rua=mailto:u@example.test"',
            lines("""
            - warning _smtp._tls.example.test. TXT: Reports of failed encryption of mail to
              example.test go elsewhere, or nowhere.
            """),
        ),
        (
            tls_rpt,
            "",
            '_smtp._tls TXT "v=TLSRPTv1"',
            lines("""
            - warning _smtp._tls.example.test. TXT: TLS-RPT cannot be used: it names no address
              (rua=).
            """),
        ),
        (
            tls_rpt,
            TLS.replace("mailto:", ""),
            TLS.replace("mailto:", ""),
            lines("""
            - pass _smtp._tls.example.test. TXT: The same as before.
            - warning _smtp._tls.example.test. TXT: TLS-RPT cannot be used: rua=t@example.test is
              neither a mailto: nor an https: address. The old side has the same fault.
            """),
        ),
        (
            bimi,
            LOGO,
            "",
            lines("""
            - warning default._bimi.example.test. TXT: The logo beside mail from example.test is
              gone.
            """),
        ),
        (
            bimi,
            LOGO,
            LOGO.replace("https:", "http:"),
            lines("""
            - warning default._bimi.example.test. TXT: The logo beside mail from example.test comes
              from elsewhere, or nowhere.
            """),
        ),
        (
            bimi,
            "",
            LOGO.replace("https:", "http:"),
            lines("""
            - warning default._bimi.example.test. TXT: BIMI cannot be used:
              l=http://www.example.test/logo.svg is no https: address.
            """),
        ),
        (
            bimi,
            'default._bimi TXT "v=BIMI1; l="',
            'default._bimi TXT "v=BIMI1; l="',
            ["pass default._bimi.example.test. TXT: The same as before."],
        ),
        (
            dane,
            TLSA,
            "",
            lines("""
            - error _25._tcp.mx.example.test. TLSA: Mail servers that use DANE no longer check the
              certificate of mx.example.test: a forged one is not noticed.
            """),
        ),
        (
            dane,
            TLSA,
            TLSA.replace("ab", "cd"),
            lines("""
            - error _25._tcp.mx.example.test. TLSA: Mail servers that use DANE demand another
              certificate of mx.example.test; if it has the old one, they do not connect.
            """),
        ),
        (
            autodiscover,
            SET_UP,
            "imap A 192.0.2.8\nautoconfig A 192.0.2.7",
            lines("""
            - error _imaps._tcp.example.test. SRV: The set-up of mail programs (IMAP) of
              example.test finds no server; it was imap.example.test.
            - pass autoconfig.example.test. A: The same as before.
            - error autodiscover.example.test. CNAME: Outlook and other programs no longer set up
              mail for example.test by themselves.
            """),
        ),
        (
            autodiscover,
            SET_UP,
            SET_UP.replace("imap A 192.0.2.8", ""),
            lines("""
            - pass _imaps._tcp.example.test. SRV: The same as before.
            - pass autoconfig.example.test. A: The same as before.
            - pass autodiscover.example.test. CNAME: The same as before.
            - problem _imaps._tcp.example.test. SRV: It names imap.example.test, which has no
              address; mail programs find nothing there.
            """),
        ),
        (
            autodiscover,
            SET_UP,
            SET_UP.replace("set-up", "other"),
            lines("""
            - pass _imaps._tcp.example.test. SRV: The same as before.
            - pass autoconfig.example.test. A: The same as before.
            - error autodiscover.example.test. CNAME: autodiscover.example.test leads to
              other.example.net instead of set-up.example.net.
            """),
        ),
        (
            return_path,
            BOUNCES,
            "",
            lines("""
            - error em1234.example.test. CNAME: em1234.example.test stops: it led to
              u1.wl.example.net, and now nowhere. SPF of the mail that is sent with it as return
              path may no longer pass.
            """),
        ),
        (
            return_path,
            BOUNCES,
            "em1234 CNAME u2.wl.example.net.",
            lines("""
            - error em1234.example.test. CNAME: em1234.example.test leads to u2.wl.example.net
              instead of u1.wl.example.net. SPF of the mail that is sent with it as return path may
              no longer pass.
            """),
        ),
        (
            return_path,
            "mail CNAME u1.sendgrid.net.",
            "",
            lines("""
            - error mail.example.test. CNAME: mail.example.test stops: it led to SendGrid
              (u1.sendgrid.net), and now nowhere. SPF of the mail that is sent with it as return
              path may no longer pass.
            """),
        ),
    ],
)
def test_what_is_gone_or_another_is_told(check: Check, old: str, new: str, expected: list[str]) -> None:
    assert told(points(check, facts(old, new), outside=OUTSIDE)) == expected


def test_set_up_that_led_nowhere_before_only_warns() -> None:
    nowhere = "autodiscover CNAME gone.example.net.\n"

    assert told(points(autodiscover, facts(nowhere, nowhere))) == lines("""
            - pass autodiscover.example.test. CNAME: The same as before.
            - warning autodiscover.example.test. CNAME: It names gone.example.net, which has no
              address; mail programs find nothing there. The old side has the same fault.
            """)


def test_servers_that_refuse_leave_it_unchecked() -> None:
    refused = [gives(f"ns{number}.new.example.", "_smtp._tls TXT", Rcode.REFUSED) for number in (1, 2)]

    assert told(points(tls_rpt, facts(TLS, TLS), *refused)) == lines("""
            - unchecked _smtp._tls.example.test. TXT: What the new side has is not known: no name
              server of the new side answers (REFUSED).
            """)


@pytest.mark.parametrize("check", [dane, autodiscover, return_path], ids=lambda check: check.id)
def test_without_the_old_zone_its_names_are_not_known(check: Check) -> None:
    assert told(points(check, facts(old_side(None), ""))) == lines("""
            - unchecked example.test.: the old zone is not known, and so not its names
            """)


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (Strategy.MULTI_SIGNER, ["pass _25._tcp.mx.example.test. TLSA: The same as before."]),
        (
            Strategy.GO_INSECURE,
            lines("""
            - pass _25._tcp.mx.example.test. TLSA: The same as before.
            - warning example.test.: The zone is not signed at the switch: senders that use DANE
              then do not check certificates.
            """),
        ),
    ],
)
def test_dane_needs_a_signed_zone(strategy: Strategy, expected: list[str]) -> None:
    found = points(dane, facts(TLSA, TLSA, strategy=strategy))

    assert told(found) == expected
    for point in found[1:]:
        assert isinstance(point, Problem)
        assert point.remedy == (
            "Before a DS is entered, make sure that the records fit the certificates in use: from then on senders "
            "refuse others."
        )


def test_the_dane_of_mail_servers_elsewhere_hangs_on_the_signed_mx_of_the_domain() -> None:
    mail = "@ MX 10 mx.example.net.\n@ MX 20 mx.example.org.\n"
    outside = f"_25._tcp.mx.example.net. TLSA 3 1 1 {'ab' * 32}\nmx.example.org. A 192.0.2.7"

    def judged(strategy: Strategy, *replies: Any) -> list[str]:
        return told(points(dane, facts(mail, mail, strategy=strategy), *replies, outside=outside))

    assert judged(Strategy.GO_INSECURE) == [
        (
            "warning example.test. MX: mx.example.net has certificates for DANE, and the zone is not signed at "
            "the switch: nobody can trust its MX then, and senders that use DANE need not check them."
        )
    ]
    assert judged(Strategy.UNSIGNED) == ["not-needed: the old zone has no TLSA record of a mail server"]
    assert judged(Strategy.MULTI_SIGNER) == ["not-needed: the old zone has no TLSA record of a mail server"]
    assert judged(Strategy.GO_INSECURE, silent("resolver", "_25._tcp.mx.example.net. TLSA"))[0].startswith(
        "unchecked example.test. MX: Whether mx.example.net has certificates for DANE is not known: "
    )
    assert asked_by(dane, facts(mail, mail, strategy=Strategy.UNSIGNED)) == []


def test_a_certificate_that_a_cname_leads_to_is_looked_up_at_its_end() -> None:
    old = f"{CERTIFICATE}_25._tcp.mx CNAME _dane\n_25._tcp.mx2 CNAME k.example.net."
    outside = "k.example.net. TLSA 3 1 1 " + "ab" * 32
    gone = "Mail servers that use DANE no longer check the certificate of"

    def judged(new: str) -> list[str]:
        return told(points(dane, facts(old, new, strategy=Strategy.MULTI_SIGNER), outside=outside))

    assert judged(old) == [
        "pass _25._tcp.mx.example.test. TLSA: The same as before.",
        "pass _25._tcp.mx2.example.test. TLSA: The same as before.",
    ]
    assert (
        judged("")[0]
        == f"error _25._tcp.mx.example.test. TLSA: {gone} mx.example.test: a forged one is not noticed."
    )
    assert judged("_25._tcp.mx CNAME _dane")[0].startswith(f"error _25._tcp.mx.example.test. TLSA: {gone}")
    assert judged(old.replace("ab", "cd"))[0].startswith("error _25._tcp.mx.example.test. TLSA: ")
    assert judged(old.replace("k.example.net", "nowhere.example.net"))[1].startswith(
        f"error _25._tcp.mx2.example.test. TLSA: {gone}"
    )
    copied = f"{CERTIFICATE}{CERTIFICATE.replace('_dane', '_25._tcp.mx')}_25._tcp.mx2 CNAME k.example.net."
    assert judged(copied)[0] == "pass _25._tcp.mx.example.test. TLSA: The same as before."


def test_a_zone_alone_shows_its_texts() -> None:
    assert linted(tls_rpt, TLS) == ["pass _smtp._tls.example.test. TXT: TLS-RPT can be read."]
    assert linted(tls_rpt, TLS + TLS.replace("t@", "u@")) == lines("""
            - warning _smtp._tls.example.test. TXT: TLS-RPT cannot be used: there are 2 records, and
              one is expected.
            """)
    assert linted(bimi, LOGO.replace("https:", "http:")) == lines("""
            - warning default._bimi.example.test. TXT: BIMI cannot be used:
              l=http://www.example.test/logo.svg is no https: address.
            """)
