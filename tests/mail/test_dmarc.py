"""Which DMARC record applies to a domain (RFC 9989 section 4.10)."""

import pytest

from migrator.mail.dmarc import find, walk
from migrator.meaning.served import ServedZone
from migrator.model.names import absolute
from tests.checks.build import zone


@pytest.mark.parametrize(
    ("domain", "names"),
    [
        ("example.test.", ["example.test.", "test."]),
        ("a.b.example.test.", ["a.b.example.test.", "b.example.test.", "example.test.", "test."]),
        (
            "1.2.3.4.5.6.7.8.9.10.",
            [
                "1.2.3.4.5.6.7.8.9.10.",
                "4.5.6.7.8.9.10.",
                "5.6.7.8.9.10.",
                "6.7.8.9.10.",
                "7.8.9.10.",
                "8.9.10.",
                "9.10.",
                "10.",
            ],
        ),
        (
            "1.2.3.4.5.6.7.8.",
            [
                "1.2.3.4.5.6.7.8.",
                "2.3.4.5.6.7.8.",
                "3.4.5.6.7.8.",
                "4.5.6.7.8.",
                "5.6.7.8.",
                "6.7.8.",
                "7.8.",
                "8.",
            ],
        ),
    ],
)
def test_receivers_walk_up_the_tree_in_eight_steps_at_most(domain: str, names: list[str]) -> None:
    assert [str(name) for name in walk(absolute(domain))] == names


APEX = '_dmarc TXT "v=DMARC1; p=reject"\n'
MIDDLE = '_dmarc.b TXT "v=DMARC1; p=none"\n'


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("", None),
        (APEX, "_dmarc.example.test."),
        (APEX + MIDDLE, "_dmarc.example.test."),
        (APEX + MIDDLE + '_dmarc.a.b TXT "v=DMARC1; p=none"', "_dmarc.a.b.example.test."),
        (APEX + MIDDLE.replace("p=none", "p=none; psd=n"), "_dmarc.b.example.test."),
        (APEX.replace("p=reject", "p=reject; psd=y") + MIDDLE, "_dmarc.b.example.test."),
        (APEX.replace("p=reject", "p=reject; psd=y"), "_dmarc.example.test."),
        (MIDDLE + APEX + '_dmarc TXT "v=DMARC1; p=quarantine"', "_dmarc.b.example.test."),
        ("_dmarc CNAME policy.example.net.\n" + MIDDLE, "_dmarc.example.test."),
    ],
)
def test_the_domains_own_record_applies_or_that_of_its_organisation(text: str, owner: str | None) -> None:
    found = find(ServedZone(zone(text)), absolute("a.b.example.test."))

    assert (None if found is None else str(found.owner)) == owner
