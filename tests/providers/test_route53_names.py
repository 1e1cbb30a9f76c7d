"""Names and values of Route 53: octal escapes in, decimal escapes and octets out."""

import dns.name
import dns.rdata
import pytest
from dns.name import Name
from dns.rdatatype import RdataType
from hypothesis import given
from hypothesis import strategies as st

from migrator.demo.clouds.route53_zones import normal_name
from providers.route53.names import UnreadableError, decode, encode
from providers.route53.values import rdata_of


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("example.com.", (b"example", b"com", b"")),
        ("example.com", (b"example", b"com", b"")),
        (r"\052.example.com.", (b"*", b"example", b"com", b"")),
        ("*.example.com.", (b"*", b"example", b"com", b"")),
        (r"\100.example.com.", (b"@", b"example", b"com", b"")),
        ("@.example.com.", (b"@", b"example", b"com", b"")),
        (r"0\05725.2.0.192.in-addr.arpa.", (b"0/25", b"2", b"0", b"192", b"in-addr", b"arpa", b"")),
        (r"a\056b.example.com.", (b"a.b", b"example", b"com", b"")),
        (r"a\.b.example.com.", (b"a.b", b"example", b"com", b"")),
        (r"f\374bar.example.com.", (b"f\xfcbar", b"example", b"com", b"")),
        (r"\000\377.test.", (b"\x00\xff", b"test", b"")),
        (r"a\134b.test.", (b"a\\b", b"test", b"")),
        ("Mixed.Example.com.", (b"Mixed", b"Example", b"com", b"")),
        ("bücher.test.", ("bücher".encode(), b"test", b"")),
        (".", (b"",)),
    ],
)
def test_names_are_decoded_from_octal(text: str, labels: tuple[bytes, ...]) -> None:
    assert decode(text).labels == labels


@pytest.mark.parametrize(
    "text",
    ["", "..", "a..b.", ".a.", r"\400.test.", r"\128.test.", r"\5.test.", "a\\", "a" * 64 + ".test.", "a." * 128],
)
def test_what_would_have_to_be_guessed_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        decode(text)


def test_names_are_encoded_as_the_service_returns_them() -> None:
    assert encode(Name([b"*", b"Shop", b"a/b_c-d", b"e.f", b"\xfc", b""])) == r"\052.shop.a\057b_c-d.e\056f.\374."


LABELS = st.lists(st.binary(min_size=1, max_size=20), max_size=6)


@given(LABELS)
def test_every_name_survives_encoding_and_decoding(labels: list[bytes]) -> None:
    name = Name([*labels, b""])
    assert decode(encode(name)) == name
    assert decode(encode(name)).labels == tuple(label.lower() for label in name.labels)


@given(LABELS)
def test_an_encoded_name_is_already_in_the_service_s_own_form(labels: list[bytes]) -> None:
    text = encode(Name([*labels, b""]))
    assert normal_name(text) == text


@given(st.text(max_size=60))
def test_any_text_is_decoded_or_refused(text: str) -> None:
    try:
        name = decode(text)
    except UnreadableError:
        return
    assert name.is_absolute()


# What Route 53 may hold -> the same record in zone-file notation.
VALUES = [
    ("A", "192.0.2.1", "192.0.2.1"),
    ("A", " 192.0.2.1 ", "192.0.2.1"),
    ("AAAA", "2001:0DB8:0:0:0:0:0:1", "2001:db8::1"),
    ("CNAME", "docs.example.com", "docs.example.com."),
    ("CNAME", r"\052.example.com.", "*.example.com."),
    ("CNAME", r"a\100b.example.com", r"a\@b.example.com."),
    ("CNAME", "@", r"\@."),
    ("CNAME", "odd(name);x.example.com", r"odd\(name\)\;x.example.com."),
    ("MX", "10 mail.example.com", "10 mail.example.com."),
    ("MX", "  10\t  mail.example.com.  ", "10 mail.example.com."),
    ("MX", "0 .", "0 ."),
    ("NS", "ns-1.awsdns-01.com", "ns-1.awsdns-01.com."),
    ("PTR", "host.example.com.", "host.example.com."),
    ("SRV", "0 5  5060 sip.example.com", "0 5 5060 sip.example.com."),
    ("TXT", '"v=spf1 -all"', '"v=spf1 -all"'),
    ("TXT", '"a" "b"   "c"', '"a" "b" "c"'),
    ("TXT", '"a""b"', '"a" "b"'),
    ("TXT", '""', '""'),
    ("TXT", r'"a\"b"', r'"a\"b"'),
    ("TXT", r'"back\\slash"', r'"back\\slash"'),
    ("TXT", r'"tab\011, bell\007, \303\251"', r'"tab\009, bell\007, \195\169"'),
    ("TXT", r'"v=DKIM1\; k=rsa; p=A(B)@"', '"v=DKIM1; k=rsa; p=A(B)@"'),
    ("TXT", '"caf\u00e9"', r'"caf\195\169"'),
    ("TXT", '"two\nlines"', r'"two\010lines"'),
    ("TXT", "v=DKIM1;k=rsa", r"v=DKIM1\;k=rsa"),
    ("TXT", 'a"b', r"a\"b"),
    ("SPF", '"v=spf1 include:_spf.example.net -all"', '"v=spf1 include:_spf.example.net -all"'),
    ("CAA", '0 issue "ca.example.net"', '0 issue "ca.example.net"'),
    ("CAA", "128 issue ca.example.net", '128 issue "ca.example.net"'),
    ("CAA", '0 issue ";"', '0 issue ";"'),
    (
        "NAPTR",
        '100 50 "u" "E2U+sip" "!^.* (x)$!sip:info@example.com!" .',
        '100 50 "u" "E2U+sip" "!^.* (x)$!sip:info@example.com!" .',
    ),
    (
        "DS",
        "60485 5 1 2BB183AF5F22588179A53B0A 98631FAD1A292118",
        "60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118",
    ),
    ("TLSA", "3 1 1 " + "AB" * 16 + " " + "cd" * 16, "3 1 1 " + "ab" * 16 + "cd" * 16),
    ("SSHFP", "4 2 " + "0A" * 32, "4 2 " + "0a" * 32),
    ("SVCB", "16 svc.example.com port=8443", "16 svc.example.com. port=8443"),
    ("HTTPS", '1 . alpn="h2,h3" ipv4hint="192.0.2.1"', '1 . alpn="h2,h3" ipv4hint="192.0.2.1"'),
    ("HTTPS", "0 www.example.com", "0 www.example.com."),
    ("TYPE65400", r"\# 4 c0000201", r"\# 4 c0000201"),
    ("URI", '10 1 "https://example.com/"', '10 1 "https://example.com/"'),
]


@pytest.mark.parametrize(("rdtype", "value", "zone_file"), VALUES)
def test_values_mean_what_a_zone_file_says_in_its_own_escapes(rdtype: str, value: str, zone_file: str) -> None:
    number = RdataType.from_text(rdtype)
    expected = dns.rdata.from_text("IN", number, zone_file, origin=dns.name.root, relativize=False)
    assert rdata_of(value, number) == expected


REFUSED = [
    ("A", "192.0.2.1 192.0.2.2"),
    ("A", "192.0.2.1\n192.0.2.2"),
    ("A", "not-an-ip"),
    ("A", ""),
    ("AAAA", "192.0.2.1"),
    ("MX", "mail.example.com"),
    ("TXT", '"not closed'),
    ("TXT", '"' + "a" * 256 + '"'),
    ("TXT", r'"\400"'),
    ("TXT", r'"\128"'),
    ("TXT", "\\"),
    ("DS", "1 8 2 abc"),
    ("CNAME", "a..b"),
    ("CNAME", "x" * 64),
    ("HTTPS", "1 . alpn"),
    ("TYPE65400", "hello"),
]


@pytest.mark.parametrize(("rdtype", "value"), REFUSED)
def test_values_that_are_no_record_are_refused(rdtype: str, value: str) -> None:
    with pytest.raises(UnreadableError):
        rdata_of(value, RdataType.from_text(rdtype))
