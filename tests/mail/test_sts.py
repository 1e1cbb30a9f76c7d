"""MTA-STS: records and policies as senders read them."""

import pytest

from migrator.mail.sts import StsPolicy, read_policy, sts_ids
from migrator.model.names import absolute
from tests.diffing import rrset


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        (["v=STSv1; id=20260101T000000"], ("20260101T000000",)),
        (["v=STSv1; id=1;", "v=spf1 -all"], ("1",)),
        (["v=STSv1; id=1", "v=STSv1; id=2"], ("1", "2")),
        (["v=STSv1"], ("",)),
        (["v=STSv1; id=2026-01-01"], ("",)),
        (["v=STSv12; id=1", "hello"], ()),
    ],
)
def test_a_record_announces_a_policy_by_its_id(texts: list[str], ids: tuple[str, ...]) -> None:
    assert sts_ids(rrset(f'_mta-sts 300 TXT "{text}"') for text in texts) == ids


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        (
            "version: STSv1\r\nmode: enforce\r\nmx: mail.example.test\r\nmx: *.Example.NET\r\nmax_age: 86400\r\n",
            StsPolicy("enforce", ("mail.example.test", "*.example.net"), 86400),
        ),
        ("version:STSv1\nmax_age: 0\nmode:none", StsPolicy("none", (), 0)),
        ("", "it has no line 'version: STSv1'"),
        ("<html>not found</html>", "it has no line 'version: STSv1'"),
        ("version: STSv1\nmode: strict\nmax_age: 1", "its mode is 'strict'; enforce, testing, none was expected"),
        (
            "version: STSv1\nmode: testing\nmx: a.test\nmax_age: 31557601",
            "its max_age is '31557601'; seconds up to 31,557,600 were expected",
        ),
        ("version: STSv1\nmode: testing\nmax_age: 1", "it names no mail server (mx:)"),
    ],
)
def test_a_policy_is_read_or_refused(text: str, policy: StsPolicy | str) -> None:
    assert read_policy(text) == policy


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("mail.example.test.", True),
        ("MX1.example.net.", True),
        ("a.mx1.example.net.", False),
        ("example.net.", False),
        ("mail2.example.test.", False),
    ],
)
def test_a_pattern_stands_for_one_label(host: str, covered: bool) -> None:
    policy = StsPolicy("enforce", ("mail.example.test", "*.example.net"), 1)

    assert policy.covers(absolute(host)) is covered
