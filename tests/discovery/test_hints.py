"""Names in mail, in DMARC reports and in lists."""

import gzip
import io
import zipfile

import pytest

from migrator.discovery.hints import hints_in
from migrator.errors import InputError
from migrator.model.names import absolute, text_of

DOMAIN = absolute("example.test")
MAIL = b"""\
Return-Path: <bounce@em123.example.test>
Received: from out.example.test (out.example.test [192.0.2.1]) by mx.example.net; Tue, 1 Dec 2026 09:00:00 +0000
DKIM-Signature: v=1; a=rsa-sha256; d=example.test; s=s2026;
 h=from:to; bh=abc; b=def
DKIM-Signature: v=1; a=rsa-sha256; d=news.example.test;
\ts=k1; b=x
DKIM-Signature: v=1; d=example.net; s=other; b=x
From: Someone <someone@example.test>

body www.example.test
"""
REPORT = b"""<?xml version="1.0"?>
<feedback><policy_published><domain>example.test</domain></policy_published>
<record><identifiers><header_from>shop.example.test</header_from></identifiers>
<auth_results><dkim><domain>example.test</domain><selector>mte1</selector></dkim>
<spf><domain>bounce.example.test</domain></spf></auth_results></record></feedback>
"""


def names(content: bytes, file: str = "a") -> list[str]:
    return sorted(text_of(hint.name).removesuffix(".example.test.") for hint in hints_in(content, file, DOMAIN))


def test_mail_names_selectors_hosts_and_senders() -> None:
    assert names(MAIL) == ["em123", "k1._domainkey.news", "out", "s2026._domainkey"]


def test_a_file_of_messages_is_read_message_by_message() -> None:
    box = (
        b"From a@b Tue Dec  1 09:00:00 2026\n"
        + MAIL
        + b"\nFrom a@b Tue Dec  1 09:00:01 2026\n"
        + MAIL.replace(b"s2026", b"s2")
    )

    assert names(box) == ["em123", "k1._domainkey.news", "out", "s2._domainkey", "s2026._domainkey"]


def test_a_report_names_selectors_and_sub_domains_packed_or_not() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("report.xml", REPORT)

    expected = ["bounce", "mte1._domainkey", "shop"]
    assert names(REPORT) == expected
    assert names(gzip.compress(REPORT)) == expected
    assert names(packed.getvalue()) == expected


def test_a_list_has_one_name_a_line_as_it_comes() -> None:
    hosts = b"192.0.2.1 intern.example.test intern  # alias\n"
    text = b"\xef\xbb\xbfwww\n# a comment\n" + hosts + b"https.example.net\nAPI.example.test.\n\n"

    assert names(text) == ["api", "intern", "www"]


def test_each_hint_says_where_it_was_read() -> None:
    assert {hint.how for hint in hints_in(MAIL, "sent.eml", DOMAIN)} == {"found by the mail in sent.eml"}
    assert {hint.how for hint in hints_in(REPORT, "r.xml", DOMAIN)} == {"found by the DMARC report r.xml"}
    assert {hint.how for hint in hints_in(b"www\n", "hosts", DOMAIN)} == {"found by the list hosts"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<feedback><record>", "a: the report is not XML: "),
        (b"\x1f\x8b broken", "a: cannot be unpacked: "),
        (b"PK\x03\x04 broken", "a: cannot be unpacked: "),
        (b"x" * 64 + b"\n", "a:1: "),
    ],
)
def test_a_broken_file_is_one_line(content: bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        hints_in(content, "a", DOMAIN)

    assert str(caught.value).startswith(words)
