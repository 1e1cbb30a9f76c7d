"""Certificates: who may issue them, and the records by which they are renewed."""

from datetime import timedelta

import pytest

from migrator.checks.asks import Certificate, Handshake
from migrator.checks.certificates import caa_permits, caa_same, dcv
from migrator.checks.check import Check
from migrator.model.names import absolute
from tests.checks.build import NOW, asked_by, facts, new_side, points, silent, told
from tests.checks.mail.lines import lines

LETS = '@ CAA 0 issue "letsencrypt.org"\n'
WEB = "www A 192.0.2.80\n"


def shown(
    issuer: str, *names: str, host: str = "www", address: str = "192.0.2.80", port: int = 443
) -> Certificate:
    """Return a certificate that an address shows for a host."""
    asked = Handshake(absolute(f"{host}.example.test."), address, port)
    return Certificate(asked, NOW, issuer, names or (f"{host}.example.test",), NOW + timedelta(days=30))


@pytest.mark.parametrize("check", [caa_same, caa_permits, dcv], ids=lambda check: check.id)
def test_a_zone_without_such_records_needs_nothing(check: Check) -> None:
    assert [line.partition(":")[0] for line in told(points(check, facts(WEB, WEB)))] == lines("""
            - not-needed
            """)


@pytest.mark.parametrize("check", [caa_same, caa_permits, dcv], ids=lambda check: check.id)
def test_one_side_alone_needs_nothing(check: Check) -> None:
    assert told(points(check, facts(LETS, None))) == ["not-needed: one side alone is looked at"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (LETS, LETS, ["pass example.test. CAA: The same as before."]),
        (
            LETS,
            "",
            lines("""
            - warning example.test. CAA: Any certificate authority may issue for example.test; so
              far only letsencrypt.org.
            """),
        ),
        (
            "",
            LETS,
            lines("""
            - warning example.test. CAA: Only letsencrypt.org may issue certificates for
              example.test; others cannot renew theirs, and the sites fail when those end.
            """),
        ),
        (
            LETS,
            '@ CAA 0 issue "sectigo.com"',
            lines("""
            - error example.test. CAA: letsencrypt.org may no longer issue certificates for
              example.test: renewals fail, and the sites when the certificates end.
            """),
        ),
        (
            LETS,
            f'{LETS}@ CAA 0 issue "sectigo.com"',
            lines("""
            - warning example.test. CAA: sectigo.com may issue certificates for example.test as
              well.
            """),
        ),
        (
            f'{LETS}www CAA 0 issue "sectigo.com"',
            LETS,
            lines("""
            - pass example.test. CAA: The same as before.
            - error www.example.test. CAA: sectigo.com may no longer issue certificates for
              www.example.test, to which the CAA set of example.test applies now: renewals fail, and
              the sites when the certificates end.
            """),
        ),
    ],
)
def test_the_same_authorities_may_issue(old: str, new: str, expected: list[str]) -> None:
    assert told(points(caa_same, facts(old, new))) == expected


HOST = 'host A 192.0.2.80\nhost CAA 0 issue "sectigo.com"\n'


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("www CNAME host", []),
        ('www A 192.0.2.80\nwww CAA 0 issue "sectigo.com"', []),
        (
            "www A 192.0.2.80",
            lines("""
            - error www.example.test. CAA: sectigo.com may no longer issue certificates for
              www.example.test: renewals fail, and the sites when the certificates end.
            """),
        ),
        (
            "www CNAME two\ntwo A 192.0.2.80",
            lines("""
            - error www.example.test. CAA: sectigo.com may no longer issue certificates for
              www.example.test: renewals fail, and the sites when the certificates end.
            """),
        ),
    ],
)
@pytest.mark.parametrize("is_listed", [True, False])
def test_the_set_that_a_cname_led_to_counts(new: str, expected: list[str], *, is_listed: bool) -> None:
    served = f"{LETS}{HOST}{new}"
    side = new_side(served if is_listed else None)
    known = facts(f"{LETS}{HOST}www CNAME host\n_acme CNAME host", side)

    found = told(points(caa_same, known, ns1_new_example=served, ns2_new_example=served))

    assert [line for line in found if "www" in line and "has a CAA set" not in line] == expected
    assert "_acme" not in " ".join(found)


def test_a_host_without_any_set_left_may_get_certificates_of_anybody() -> None:
    found = told(points(caa_same, facts(f"{HOST}www CNAME host", f"{HOST}www A 192.0.2.80")))

    assert found == lines("""
            - pass host.example.test. CAA: The same as before.
            - warning www.example.test. CAA: Any certificate authority may issue for www.example.test;
              so far only sectigo.com.
            """)


def test_all_that_another_set_does_to_a_host_is_told() -> None:
    old = 'one A 192.0.2.80\none CAA 0 issue "sectigo.com"\none CAA 0 issuewild "digicert.com"\n'
    new = 'two A 192.0.2.80\ntwo CAA 0 issue "sectigo.com"\ntwo CAA 0 issue "pki.goog"\ntwo CAA 0 issuewild ";"\n'

    found = told(points(caa_same, facts(f"{old}www CNAME one", f"{old}{new}www CNAME two")))

    assert [line for line in found if "www.example.test. CAA" in line] == lines("""
            - warning www.example.test. CAA: pki.goog may issue certificates for www.example.test as
              well.
            - error www.example.test. CAA: digicert.com may no longer issue wildcard certificates for
              www.example.test: renewals fail, and the sites when the certificates end.
            """)


def test_silent_servers_leave_caa_unchecked() -> None:
    found = points(caa_same, facts(LETS, LETS), ns1_new_example=None, ns2_new_example=None)

    assert told(found) == lines("""
            - unchecked example.test. CAA: What the new side has is not known: no name server of the
              new side answers (timeout).
            """)


@pytest.mark.parametrize(
    ("new", "issuer", "expected"),
    [
        (LETS, "Let's Encrypt", ["pass www.example.test. CAA: Let's Encrypt may issue again."]),
        (
            LETS,
            "Sectigo Limited",
            lines("""
            - problem www.example.test. CAA: Sectigo Limited issued the certificate of
              www.example.test, which ends on 2026-12-31, and may not issue the next one: CAA
              permits letsencrypt.org.
            """),
        ),
        (
            LETS,
            "Somebody's Own Root",
            lines("""
            - unchecked www.example.test. CAA: The CAA name of Somebody's Own Root, who issued it,
              is not known here.
            """),
        ),
        (
            f'{LETS}www CAA 0 issue "sectigo.com; validationmethods=dns-01"',
            "Sectigo Limited",
            lines("""
            - pass www.example.test. CAA: Sectigo Limited may issue again.
            - notice www.example.test. CAA: The authority issues on conditions alone (sectigo.com;
              validationmethods=dns-01); whoever renews must meet them.
            """),
        ),
        (
            '@ CAA 0 issue ";"',
            "Let's Encrypt",
            lines("""
            - problem www.example.test. CAA: Let's Encrypt issued the certificate of
              www.example.test, which ends on 2026-12-31, and may not issue the next one: CAA
              permits nobody.
            """),
        ),
        (
            '@ CAA 0 iodef "mailto:a@example.test"',
            "Let's Encrypt",
            ["pass www.example.test. CAA: Let's Encrypt may issue again."],
        ),
        (
            '@ CAA 0 issuewild "sectigo.com"',
            "Let's Encrypt",
            ["pass www.example.test. CAA: Let's Encrypt may issue again."],
        ),
        (
            f'{LETS}@ CAA 128 tbs "x"',
            "Let's Encrypt",
            lines("""
            - problem www.example.test. CAA: CAA has 'tbs' marked as critical, which no authority
              knows: none may issue.
            """),
        ),
        (
            'www CAA 0 issue "letsencrypt.org"',
            "Let's Encrypt",
            ["pass www.example.test. CAA: Let's Encrypt may issue again."],
        ),
    ],
)
def test_the_issuer_of_today_may_issue_tomorrow(new: str, issuer: str, expected: list[str]) -> None:
    assert told(points(caa_permits, facts(WEB, f"{WEB}{new}"), shown(issuer))) == expected


def test_what_the_old_side_forbids_as_well_is_told_so() -> None:
    assert told(points(caa_permits, facts(WEB + LETS, WEB + LETS), shown("Sectigo Limited"))) == lines("""
            - problem www.example.test. CAA: Sectigo Limited issued the certificate of
              www.example.test, which ends on 2026-12-31, and may not issue the next one: CAA
              permits letsencrypt.org. The old side has the same fault.
            """)


def test_a_wildcard_certificate_is_judged_by_issuewild() -> None:
    new = f'{WEB}{LETS}@ CAA 0 issuewild "pki.goog"'

    assert told(points(caa_permits, facts(WEB, new), shown("Let's Encrypt", "*.example.test"))) == lines("""
            - problem www.example.test. CAA: Let's Encrypt issued the certificate of
              www.example.test, which ends on 2026-12-31, and may not issue the next one: CAA
              permits pki.goog.
            """)
    other = shown("Google Trust Services", "*.example.test")
    assert told(points(caa_permits, facts(WEB, new), other)) == lines("""
            - pass www.example.test. CAA: Google Trust Services may issue again.
            """)


def test_a_certificate_for_other_names_says_nothing() -> None:
    found = points(caa_permits, facts(WEB, WEB + LETS), shown("Sectigo Limited", "cdn.example.net"))

    assert told(found) == lines("""
            - not-needed: no certificate is shown for a host of the zone
            """)


def test_the_set_of_a_cname_target_applies() -> None:
    known = facts(WEB, "www CNAME web.example.net.")
    outside = 'web.example.net. A 192.0.2.80\nweb.example.net. CAA 0 issue "pki.goog"'

    assert told(points(caa_permits, known, shown("Let's Encrypt"), outside=outside)) == lines("""
            - problem www.example.test. CAA: Let's Encrypt issued the certificate of
              www.example.test, which ends on 2026-12-31, and may not issue the next one: CAA
              permits pki.goog.
            """)


def test_a_silent_web_server_is_unchecked_and_a_mail_server_without_tls_says_nothing() -> None:
    web, mail = f"{WEB}{LETS}", f"@ MX 10 mx\nmx A 192.0.2.25\n{LETS}"

    assert told(points(caa_permits, facts(web, web))) == lines("""
            - unchecked www.example.test. CAA: No certificate is shown at 192.0.2.80: who issued it
              is not known.
            """)
    assert told(points(caa_permits, facts(mail, mail))) == lines("""
            - not-needed: no certificate is shown for a host of the zone
            """)
    found = points(
        caa_permits, facts(mail, mail), shown("Sectigo Limited", host="mx", address="192.0.2.25", port=465)
    )
    assert told(found) == lines("""
            - problem mx.example.test. CAA: Sectigo Limited issued the certificate of
              mx.example.test, which ends on 2026-12-31, and may not issue the next one: CAA permits
              letsencrypt.org. The old side has the same fault.
            """)


def test_nobody_is_asked_for_a_certificate_where_no_set_applies() -> None:
    asked = asked_by(caa_permits, facts(WEB, WEB))

    assert [ask for ask in asked if isinstance(ask, Handshake)] == []


def test_a_silent_resolver_leaves_what_stands_above_unchecked() -> None:
    found = points(caa_permits, facts(WEB, WEB), silent("resolver", "test. CAA"))

    assert {line.partition(" ")[0] for line in told(found)} == {"unchecked"}


RENEWED = """
_acme-challenge CNAME a.acme-dns.io.
_x1.www CNAME _y.acm-validations.aws.
_acme-challenge.www TXT "abc"
"""


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (
            RENEWED,
            lines("""
            - pass _acme-challenge.example.test. CNAME: The same as before.
            - pass _acme-challenge.www.example.test. TXT: The same as before.
            - pass _x1.www.example.test. CNAME: The same as before.
            """),
        ),
        (
            "",
            lines("""
            - error _acme-challenge.example.test. CNAME: acme-dns cannot renew the certificate of
              example.test: the sites fail weeks later, when it ends.
            - warning _acme-challenge.www.example.test. TXT: A proof for a certificate of
              www.example.test differs. It serves one order alone; but whoever renews it must write
              the next one at the new provider.
            - error _x1.www.example.test. CNAME: AWS Certificate Manager cannot renew the
              certificate of www.example.test: the sites fail weeks later, when it ends.
            """),
        ),
        (
            RENEWED.replace("a.acme", "b.acme"),
            lines("""
            - error _acme-challenge.example.test. CNAME: The certificate of example.test is proven
              through acme-dns (b.acme-dns.io) instead of acme-dns (a.acme-dns.io): its renewal may
              fail weeks later.
            - pass _acme-challenge.www.example.test. TXT: The same as before.
            - pass _x1.www.example.test. CNAME: The same as before.
            """),
        ),
    ],
)
def test_certificates_are_renewed_by_the_records_of_before(new: str, expected: list[str]) -> None:
    assert told(points(dcv, facts(RENEWED, new))) == expected


def test_silent_servers_leave_renewals_unchecked() -> None:
    found = points(dcv, facts(RENEWED, RENEWED), ns1_new_example=None, ns2_new_example=None)

    assert {line.partition(" ")[0] for line in told(found)} == {"unchecked"}
