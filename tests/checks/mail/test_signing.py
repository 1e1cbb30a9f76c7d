"""DKIM: the same key as before behind every known selector, and a key that can be used."""

import pytest

from migrator.checks.check import Check
from migrator.checks.facts import Settings
from migrator.checks.mail.forging import dmarc
from migrator.checks.mail.sending import spf_same
from migrator.checks.mail.signing import dkim as dkim_check
from migrator.checks.points import Problem
from tests.checks.build import asked_by, facts, new_side, old_side, points, silent, told
from tests.checks.mail.lines import lines
from tests.checks.zone.linting import linted
from tests.mail.keys import ED25519, dkim, quoted, rsa_key

S1 = f"s1._domainkey TXT {dkim()}\n"
OTHER = f"s1._domainkey TXT {dkim(seed=2)}\n"
VENDOR = "s1._domainkey CNAME s1.vendor.example.net.\n"
OUTSIDE = f"s1.vendor.example.net. TXT {dkim()}\nS2.vendor.example.net. TXT {dkim(seed=2)}"
CUT = f"s1._domainkey TXT {quoted('v=DKIM1; k=rsa; p=' + rsa_key()[:237])}\n"
QUOTED = f"s1._domainkey TXT {quoted('v=DKIM1; p=' + rsa_key()[:200] + chr(92) + chr(34) + rsa_key()[200:])}\n"
DMARC = '_dmarc TXT "v=DMARC1; p=reject"\n'


def remedy(check: Check, old: str, new: str = "") -> str:
    """Return the advice."""
    (found,) = (point for point in points(check, facts(old, new)) if isinstance(point, Problem))
    return found.remedy


def said(found: list[str]) -> list[str]:
    """Return the lines without the subject that all of them have."""
    return [line.replace(" s1._domainkey.example.test. TXT", "") for line in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "",
            "",
            lines("""
            - not-needed: neither zone has a DKIM selector; --selector names those that mail shows
              as s=
            """),
        ),
        (S1, S1, ["pass: The key is the same as before: RSA with 2048 bits."]),
        (VENDOR, VENDOR, ["pass: The key is the same as before: RSA with 2048 bits."]),
        (
            f"s1._domainkey CNAME key\nkey TXT {dkim()}",
            S1,
            ["pass: The key is the same as before: RSA with 2048 bits."],
        ),
        ("", S1, ["pass: The selector is new (RSA with 2048 bits); nothing so far used it."]),
        (
            f's1._domainkey TXT "k=ed25519; p={ED25519}"',
            f's1._domainkey TXT "k=ed25519; p={ED25519}"',
            ["pass: The key is the same as before: Ed25519."],
        ),
        (
            '_domainkey TXT "o=~"\n_adsp._domainkey TXT "dkim=all"',
            "",
            lines("""
            - not-needed: neither zone has a DKIM selector; --selector names those that mail shows
              as s=
            """),
        ),
        (
            '*._domainkey TXT "v=DKIM1; p="',
            '*._domainkey TXT "v=DKIM1; p="',
            ["pass *._domainkey.example.test. TXT: The key is the same as before: revoked."],
        ),
    ],
)
def test_the_same_key_passes(old: str, new: str, expected: list[str]) -> None:
    assert said(told(points(dkim_check, facts(old, new), outside=OUTSIDE))) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            S1,
            "",
            lines("""
            - problem: Mail signed by selector s1 will fail DKIM: its key is gone, where 'v=DKIM1;
              k=rsa; p=MIIBIjANBgk…AAAAAAAAAAAAEAAAAAAAAAAQIDAQAB' was expected.
            """),
        ),
        (
            DMARC + S1,
            DMARC,
            lines("""
            - problem: Mail signed by selector s1 will fail DKIM; DMARC p=reject makes receivers
              reject it: its key is gone, where 'v=DKIM1; k=rsa;
              p=MIIBIjANBgk…AAAAAAAAAAAAEAAAAAAAAAAQIDAQAB' was expected.
            """),
        ),
        (
            S1,
            OTHER,
            lines("""
            - error: Mail signed by selector s1 with the old key will fail DKIM: another key stands
              there.
            """),
        ),
        (
            S1,
            CUT,
            lines("""
            - error: Mail signed by selector s1 will fail DKIM: the key is cut off after 237 of 392
              characters.
            """),
        ),
        (S1, QUOTED, ["error: Mail signed by selector s1 will fail DKIM: the key is damaged."]),
        (
            S1,
            S1 + OTHER,
            lines("""
            - error: Mail signed by selector s1 may fail DKIM: there are 2 records, of which
              receivers take any.
            """),
        ),
        (
            S1,
            's1._domainkey TXT "v=DKIM1; p="',
            ["error: Mail signed by selector s1 will fail DKIM: the key is revoked (p= is empty)."],
        ),
        (
            VENDOR,
            S1,
            lines("""
            - error: Mail signed by selector s1 is checked by a fixed copy of the key; it will fail
              DKIM when s1.vendor.example.net changes its key.
            """),
        ),
        (
            S1,
            VENDOR,
            lines("""
            - warning: Mail signed by selector s1 is checked by the key at s1.vendor.example.net,
              which so far stood here.
            """),
        ),
        (
            VENDOR,
            VENDOR.replace("s1.vendor", "s2.vendor"),
            lines("""
            - error: Mail signed by selector s1 is checked by a key at s2.vendor.example.net instead
              of s1.vendor.example.net.
            """),
        ),
        (
            S1,
            VENDOR.replace("s1.vendor", "s3.vendor"),
            lines("""
            - problem: Mail signed by selector s1 will fail DKIM: its CNAME leads to
              s3.vendor.example.net, which has no key, where 'v=DKIM1; k=rsa;
              p=MIIBIjANBgk…AAAAAAAAAAAAEAAAAAAAAAAQIDAQAB' was expected.
            """),
        ),
        (
            S1,
            "s1._domainkey CNAME key\nkey A 192.0.2.1",
            lines("""
            - problem: Mail signed by selector s1 will fail DKIM: its CNAME leads to
              key.example.test, which has no key, where 'v=DKIM1; k=rsa;
              p=MIIBIjANBgk…AAAAAAAAAAAAEAAAAAAAAAAQIDAQAB' was expected.
            """),
        ),
        (
            "",
            f"s1._domainkey TXT {dkim(768)}",
            lines("""
            - pass: The selector is new (RSA with 768 bits); nothing so far used it.
            - error: The key has 768 bits; receivers ignore RSA keys of fewer than 1024.
            """),
        ),
        (
            f"s1._domainkey TXT {dkim(768)}",
            f"s1._domainkey TXT {dkim(768)}",
            lines("""
            - pass: The key is the same as before: RSA with 768 bits.
            - error: The key has 768 bits; receivers ignore RSA keys of fewer than 1024. The old
              side has the same fault.
            """),
        ),
        (
            f"s1._domainkey TXT {dkim(1024)}",
            f"s1._domainkey TXT {dkim(1024)}",
            lines("""
            - pass: The key is the same as before: RSA with 1024 bits.
            - warning: The key has 1024 bits; 2048 are recommended (RFC 8301). The old side has the
              same fault.
            """),
        ),
        (
            's1._domainkey TXT "v=DKIM1; p="',
            's1._domainkey TXT "v=DKIM1; p="',
            lines("""
            - pass: The key is the same as before: revoked.
            - notice: The key is revoked (p= is empty).
            """),
        ),
        (
            VENDOR.replace("s1.vendor", "s3.vendor"),
            VENDOR.replace("s1.vendor", "s3.vendor"),
            ["notice: There is no key at s1._domainkey.example.test, as there was none before."],
        ),
        (
            S1,
            f"s1._domainkey TXT {dkim(tags='v=DKIM1; t=y; ')}",
            lines("""
            - warning: Mail signed by selector s1 is checked by the same key, but it says that it is
              being tested (t=y); receivers may ignore its signatures.
            """),
        ),
    ],
)
def test_what_stands_there_instead_is_told(old: str, new: str, expected: list[str]) -> None:
    assert said(told(points(dkim_check, facts(old, new), outside=OUTSIDE))) == expected


def test_a_selector_that_a_person_names_is_looked_for_on_both_sides() -> None:
    known = facts(S1, S1, settings=Settings(selectors=("s9", "s8._domainkey.news")))

    assert said(told(points(dkim_check, known))) == lines("""
            - pass: The key is the same as before: RSA with 2048 bits.
            - warning s9._domainkey.example.test. TXT: There is no key at
              s9._domainkey.example.test, as there was none before.
            - warning s8._domainkey.news.example.test. TXT: There is no key at
              s8._domainkey.news.example.test, as there was none before.
            """)


def test_no_selector_is_guessed() -> None:
    assert asked_by(dkim_check, facts("@ MX 0 .", "@ MX 0 .")) == []


def test_without_the_old_zone_and_selectors_nothing_is_known() -> None:
    assert said(told(points(dkim_check, facts(old_side(None), "@ MX 10 mx")))) == lines("""
            - unchecked example.test.: The selectors are not known: DNS does not list them, and the
              old zone could not be read.
            """)


def test_silence_leaves_a_key_unchecked() -> None:
    behind_cname = points(dkim_check, facts(VENDOR, VENDOR), silent("resolver", "s1.vendor.example.net. TXT"))
    on_servers = points(dkim_check, facts(S1, S1), ns1_new_example=None, ns2_new_example=None)

    assert said(told(behind_cname)) == lines("""
            - unchecked: The key is not known: no resolver answers (timeout).
            """)
    assert said(told(on_servers)) == lines("""
            - unchecked: The key is not known: no name server of the new side answers (timeout).
            """)


def test_a_zone_alone_shows_its_own_keys() -> None:
    assert said(linted(dkim_check, S1)) == ["pass: The key can be used: RSA with 2048 bits."]
    assert said(linted(dkim_check, CUT)) == lines("""
            - error: The key is no base64: p= was cut or lost a part.
            """)
    assert said(linted(dkim_check, VENDOR)) == lines("""
            - not-needed: the zone itself has no key: its selectors lead elsewhere
            """)


def test_the_record_to_add_is_given_whole() -> None:
    key_record = S1.split("TXT ", 1)[1].strip()

    assert remedy(dkim_check, S1).endswith(f"at most 255: s1._domainkey.example.test. IN TXT {key_record}")
    assert remedy(dmarc, DMARC) == 'Make it what it was: _dmarc.example.test. IN TXT "v=DMARC1; p=reject"'
    long = " ".join(f"ip4:192.0.2.{number}" for number in range(30))
    whole = f"v=spf1 {long} -all"
    assert remedy(spf_same, f"@ TXT {quoted(whole)}", '@ TXT "v=spf1 -all"').endswith(
        f'example.test. IN TXT "{whole[:255]}" "{whole[255:]}"'
    )


def test_keys_in_a_zone_of_their_own_hang_on_its_delegation() -> None:
    cut = "_domainkey NS ns1.keys.example.net.\n_domainkey NS ns2.keys.example.net.\n"
    subject = "_domainkey.example.test. NS"
    lost = (
        f"problem {subject}: Signed mail of example.test will fail DKIM: its keys are in a zone of their own, to "
        "which the new zone does not lead as before."
    )

    assert told(points(dkim_check, facts(cut, cut))) == [
        (
            f"pass {subject}: The keys of example.test are in a zone of their own, delegated as before; "
            "--selector names those to look at."
        )
    ]
    assert told(points(dkim_check, facts(cut, ""))) == [lost]
    assert told(points(dkim_check, facts(cut, cut.replace("ns2", "ns3")))) == [lost]
    assert told(points(dkim_check, facts(cut, new_side(None, scheme="dns")))) == [
        "not-needed: the keys of example.test are in a zone of their own: see zone.subdelegation"
    ]
