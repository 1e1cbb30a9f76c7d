"""Roles by owner, type and rdata; services by host, text and label."""

import pytest

from migrator.meaning import services
from migrator.meaning.roles import roles_of
from migrator.meaning.services_table import CNAME_TARGETS
from migrator.model.names import absolute
from tests.diffing import ORIGIN, rrset

ROLES = {
    "@ 1 MX 1 a": "mail.mx",
    '@ 1 TXT "v=spf1 -all"': "mail.spf",
    '@ 1 SPF "v=spf1 -all"': "mail.spf",
    'any.where 1 TXT "V=SPF1 -all"': "mail.spf",
    's1._domainkey 1 TXT "p="': "mail.dkim",
    "s1._domainkey.news 1 CNAME a.example.net.": "mail.dkim",
    '_dmarc.news 1 TXT "v=DMARC1"': "mail.dmarc",
    '_mta-sts 1 TXT "v=STSv1; id=1"': "mail.mta-sts",
    "mta-sts 1 CNAME a.example.net.": "mail.mta-sts",
    '_smtp._tls 1 TXT "v=TLSRPTv1"': "mail.tls-rpt",
    'default._bimi 1 TXT "v=BIMI1"': "mail.bimi",
    "autoconfig 1 A 192.0.2.1": "mail.autodiscover",
    "_imaps._tcp 1 SRV 0 0 993 a": "mail.autodiscover",
    "_25._tcp.mx 1 TLSA 3 1 0 ab": "mail.dane",
    "_443._tcp.www 1 TLSA 3 1 0 ab": "service",
    '@ 1 CAA 0 issue "a.test"': "cert.caa",
    '_acme-challenge.www 1 TXT "x"': "cert.acme",
    "_acme-challenge 1 NS ns.example.net.": "cert.acme delegation",
    "_x 1 CNAME _y.acm-validations.aws.": "cert.acme",
    '@ 1 TXT "MS=ms1"': "verification",
    '_github-challenge-x 1 TXT "1"': "verification",
    "sub 1 NS ns.example.net.": "delegation",
    "@ 1 NS ns.example.net.": "delegation",
    f"sub 1 DS 1 13 2 {'ab' * 32}": "dnssec",
    "_sip._tls 1 SRV 0 0 443 a": "service",
    "sip 1 CNAME sipdir.online.lync.com.": "service",
    "@ 1 A 192.0.2.1": "web",
    "www 1 AAAA 2001:db8::1": "web",
    "www.shop 1 A 192.0.2.1": "web",
    "shop 1 CNAME shops.myshopify.com.": "web",
    "@ 1 HTTPS 1 . alpn=h2": "web",
    "* 1 A 192.0.2.1": "wildcard address",
    "* 1 MX 1 a": "mail.mx wildcard",
    "api 1 A 192.0.2.1": "address",
    "api 1 CNAME a.example.net.": "address",
    'api 1 TXT "hello"': "other",
    "api 1 LOC 1 0 0 N 1 0 0 E 0m": "other",
}


@pytest.mark.parametrize(("line", "roles"), ROLES.items(), ids=ROLES)
def test_a_record_has_its_roles(line: str, roles: str) -> None:
    found = rrset(line)

    assert " ".join(roles_of(found.key, found.rdatas, ORIGIN)) == roles


def test_a_text_set_has_the_roles_of_all_its_texts() -> None:
    spf, proof = rrset('@ 1 TXT "v=spf1 -all"'), rrset('@ 1 TXT "MS=ms1"')

    assert roles_of(spf.key, (*spf.rdatas, *proof.rdatas), ORIGIN) == ("mail.spf", "verification")


@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("aspmx.l.google.com.", "Google Workspace"),
        ("SMTP.GOOGLE.COM.", "Google Workspace"),
        ("x.mail.protection.outlook.com.", "Microsoft 365"),
        ("evilgoogle.com.", None),
        ("google.com.example.net.", None),
        ("com.", None),
    ],
)
def test_mail_hosts_match_whole_labels(host: str, service: str | None) -> None:
    assert services.of_mail_host(absolute(host)) == service


@pytest.mark.parametrize(
    ("text", "service"),
    [
        (b"MS=ms123", "Microsoft 365"),
        (b"ms=ms123", "Microsoft 365"),
        (b"google-site-verification=abc", "Google"),
        (b"anthropic-domain-verification-x1y2=abc", "Anthropic"),
        (b"acme-corp-domain-verification=abc", "acme-corp"),
        (b"foo_verify=1", "foo"),
        (b"v=spf1 -all", None),
        (b"hello world", None),
        (b"", None),
        (b"verification=1", None),
    ],
)
def test_texts_name_the_service_that_reads_them(text: bytes, service: str | None) -> None:
    assert services.of_text(text) == service


def test_every_cname_row_has_a_known_use() -> None:
    assert {use for _, use in CNAME_TARGETS.values()} <= {use.value for use in services.Use}
    for domain, (service, use) in CNAME_TARGETS.items():
        found = services.of_cname(absolute(f"x.{domain}."))
        assert found is not None
        assert (found.service, found.use.value) == (service, use) or found.use is services.Use.DKIM
