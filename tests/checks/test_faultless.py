"""What `lint` says of a zone by its text is what it says when every RRset is looked at."""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.zones import write_pair
from migrator.checks import faultless
from migrator.checks.catalogue import catalogue
from migrator.checks.faultless import doubtful
from migrator.checks.linting import lint
from migrator.checks.zone import forms
from migrator.codec import zone as documents
from migrator.codec.lint import dumps
from migrator.concurrency.beside import can_fork, later
from migrator.errors import ZoneFileError
from migrator.mail.keys import key_remarks
from migrator.meaning.index import CompactIndex
from migrator.model.compact import CompactZone, key_of
from migrator.model.zone import Assembly, ZoneSnapshot, assemble
from migrator.report.lint import lint_text
from migrator.zonefile import read_zone
from migrator.zonefile.fast import assemble_reading, read_compactly
from migrator.zonefile.fast.compact import Source
from migrator.zonefile.fast.over import plain, read_by_blocks
from tests.checks.zone.cases import Case, cases
from tests.zonefile.alike import chunks_of

NOW = datetime(2026, 11, 20, tzinfo=UTC)
START = (
    "$ORIGIN example.org.\n$TTL 300\n@ SOA ns1 host 1 7200 3600 1209600 3600\n@ NS ns1\n@ NS ns2.example.net.\n"
)
KEY = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA" + "g" + 340 * "A" + "wIDAQAB"
_NAMES = """a b c x.a d.x.a mail www sub ns.sub x.sub ns1 host localhost _dmarc _dmarc.a * *.a _sip._tcp _sip
_443._tcp.a _25._tcp.mail s1._domainkey s1._domainkey.a *._domainkey _domainkey -bad bad- b-.ad un_der 0/25 com
a.com _mta-sts _smtp._tls default._bimi dmarc mta-sts.a s1.domainkey s1_domainkey smtp._tls default.bimi
example.org example.org.example.org. 1.2.3.4 WWW A.B MX dname y.dname @"""
_TARGETS = """host.example.net. x_y.example.net. -x.example.net. mx.example.net.example.org. x.com.example.org. .
192.0.2.1. gone x.gone x.y.a EXAMPLE.org. Mail.Example.ORG. 192.0.2.1.example.org."""
_ADDRESSES = """192.0.2.1 198.51.100.7 10.0.0.1 172.16.0.1 172.32.0.1 100.64.0.1 100.128.0.1 127.0.0.1 0.0.0.0
224.0.0.1 255.255.255.255 169.254.0.1 192.168.1.1 100.6.0.1 8.10.0.10"""
_WIDE = "2001:db8::1 ::1 :: fe80::1 FD00::1 ff02::1 ::ffff:192.0.2.1 0:0::5 2:: 64:ff9b::1"
NAMES = _NAMES.split()
TARGETS = [*(name for name in NAMES if "*" not in name), *_TARGETS.split()]
POLICIES = [
    *("v=spf1 -all", "v=spf1 mx -all", "v=spf1 a mx ~all", "V=SPF1 A -ALL", "v=spf1 a/24 mx -all", "v=spf1 +all"),
    *("v=spf1 include:_spf.example.net -all", "v=spf1 include:a.example.org ~all", "v=spf1 ip4:192.0.2.0/24 -all"),
    *("v=spf1 ip4:192.0.2.300 -all", "v=spf1 ?all", "v=spf1", "v=spf1-all", "v=spf1 ptr -all", "v=spf1 a:b -all"),
    *("v=spf1 exists:%{i}.example.net -all", "v=spf1 redirect=_spf.example.net", "v=spf1 redirect=a.example.org"),
    *("v=spf1 " + "a " * 11 + "-all", "v=spf1 " + "include:x.example.net " * 9 + "-all"),
    *("v=spf1 ip4:0.0.0.0/0", "v=spf1 a:gone.example.org mx:gone.example.org a:c.gone.example.org -all"),
    *("v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all", "v=spf1 -ip6:::/0 a mx a:gone.example.org ~all", "A 10.0.0.1"),
    *("v=DMARC1; p=none", "v=DMARC1; p=reject; rua=mailto:d@example.org", "v=STSv1; id=1", "v=STSv1; id="),
    *("v=TLSRPTv1; rua=mailto:t@example.org", "v=BIMI1; l=http://x", f"v=DKIM1; k=rsa; p={KEY[:150]}"),
    *(f"v=DKIM1; k=rsa; p={KEY}", f"v=DKIM1;k=rsa;p={KEY};", f"v=DKIM1; p={KEY}", f"v=DKIM1; t=y; p={KEY}"),
    *("v=spf1 -a +all", "v=spf1 -mx ?all", "v=spf1 ip4:192.0.2.1 ~mx", "v=spf1 mx -ip4:192.0.2.25 ?all"),
    *("v=spf1 -ip6:::/1 -ip6:8000::/1 a a a ~all", "v=spf1 a mx ip6:2001:db8::/32 -all", "v=spf1 ?a -mx ~all"),
    *("v=DKIM1; p=", f"k=rsa; p={KEY}", f"v=DKIM1; k=rsa; p={KEY[:-7]}xIDAQAB", "v=spf2 mx", 'x\\"y'),
    *(r"\"v=spf1 -all", r"\194\160v=spf1 -all", r"v=spf1 mx \195\169 -all", r"\118=spf1 include:\001.a -all"),
    *("\u00a0v=spf1 -all", "\u00e9", r"\\v=DMARC1\; p=none", rf"v=DKIM1\; k=rsa\; p={KEY}", r"\;v=spf1 -all"),
]  # fmt: skip
_names, _targets, _policies = st.sampled_from(NAMES), st.sampled_from(TARGETS), st.sampled_from(POLICIES)


def strings(text: str, cut: int) -> str:
    """The text as one string or several."""
    parts = [text[:cut], text[cut:]] if 0 < cut < len(text) else [text]
    parts = [part[at : at + 250] for part in parts for at in range(0, len(part), 250)]
    return " ".join(f'"{part}"' for part in parts)


_POINTING = ["CNAME", "NS", "PTR", "DNAME", "MX 10", "MX 0", "SRV 0 0 5060", "SRV 1 1 0"]
_rdatas = st.one_of(
    st.sampled_from(_ADDRESSES.split()).map("A {}".format),
    st.sampled_from(_WIDE.split()).map("AAAA {}".format),
    st.tuples(st.sampled_from(_POINTING), _targets).map(" ".join),
    st.builds(strings, _policies, st.sampled_from([0, 0, 0, 3, 7])).map("TXT {}".format),
    st.builds(strings, _policies, st.sampled_from([0, 0, 3])).map("SPF {}".format),
    st.sampled_from(
        [
            *('CAA 0 issue "ca.example.net"', 'CAA 128 issue ";"', 'CAA 0 issue "https://x"', 'CAA 0 iodef "x"'),
            *('CAA 5 issue "ca.example.net"', 'CAA 128 odd "x"', 'CAA 0 issuewild "a.test; b=c"', "HINFO x y"),
            *("TLSA 3 1 1 " + 64 * "a", "TLSA 4 1 1 " + 64 * "a", "TLSA 3 2 1 " + 64 * "a", "LOC 1 N 2 E 3m"),
            *("DS 1 8 2 " + 64 * "a", "SSHFP 4 2 " + 64 * "a", 'NAPTR 1 1 "u" "x" "!a!b!" .', 'SPF "v=spf1 mx"'),
            *("TXT check=1 -a", "TXT v=spf1", r'TXT "v=DKIM1\; p="', rf'TXT "v=DKIM1\; p={KEY[:9]}" "{KEY[9:]}"'),
            *("SMIMEA 3 1 1 " + 64 * "a", "SMIMEA 4 1 1 " + 64 * "a", "SMIMEA 3 0 1 " + 128 * "a", "RP host gone"),
            *("RP . a.example.net.", "URI 1 1 ftp://a.example.net/", 'URI 1 1 ""', "OPENPGPKEY AQID", "HINFO x"),
            *("OPENPGPKEY " + 2000 * "A", "OPENPGPKEY AQ", "LOC 1 2 3 N 4 5 6 E 7m 1m", "LOC 91 N 2 E 3m"),
            *("HTTPS 1 .", 'HTTPS 2 . alpn="h2,h3" port=443', "SVCB 1 . alpn=dot", "HTTPS 0 .", "SVCB 0 . ; c"),
            *("HTTPS 1 . ipv4hint=192.0.2.1", "HTTPS 1 . mandatory=alpn alpn=h2", "HTTPS 1 host alpn=h2"),
            *("HTTPS 1 svc.example.net. alpn=h3,h2 port=8443 ipv4hint=192.0.2.9", "HTTPS 1 x_y.example.net."),
            *("HTTPS 1 Host.Example.ORG.", "HTTPS 1 gone.EXAMPLE.org. alpn=h2", "SVCB 2 -x.example.net."),
            *("SVCB 2 svc.example.net. key7=x", "HTTPS 1 192.0.2.1.", "HTTPS 1 example.org.", "HTTPS 1 org."),
            *("HTTPS 1 xexample.org.", "HTTPS 0 svc.example.net.", "HTTPS 3 . ipv4hint=192.0.2.9 ; a"),
            *("HTTPS 1 . alpn=h2", "HTTPS 0 gone", "SVCB 1 mail ipv4hint=192.0.2.9", "SOA a b 1 2 3 4 5"),
            *("RRSIG A 13 3 300 20301222000000 20261122000000 10 example.org. AQID", "NSEC b A RRSIG", "NSEC a A"),
            *("RRSIG TLSA 13 3 2 20301222000000 20261122000000 0 . AQID", f"NSEC3 1 0 0 - {32 * 'a'} DS"),
            *('NAPTR 1 1 "u" "x" "!^.*$!sip:a@example.net!i" .', 'NAPTR 1 1 "s" "x" "" a', "KEY 256 3 13 AAAA"),
            *('NAPTR 1 1 "u" "x" "!(!x!" .', 'NAPTR 1 1 "u" "x" "!a" .', 'NAPTR 1 1 "" "!!" "!a!b!c" .'),
        ]
    ),
)  # fmt: skip
_records = st.lists(st.tuples(_names, st.lists(_rdatas, min_size=1, max_size=3)), min_size=1, max_size=12)


# With too few of them, no file is read by blocks.
PADS = "".join(f"pad{number} A 192.0.2.{number}\n" for number in range(60))


def lines_of(records: list[tuple[str, list[str]]]) -> str:
    return "".join(f"{name} {rdata}\n" for name, rdatas in records for rdata in rdatas)


def exactly(text: bytes) -> Assembly | None:
    """The zone with all its RRsets as objects; None where it cannot be read."""
    try:
        reading = read_zone(text, file="x")
    except ZoneFileError:
        return None
    return assemble(reading.origin, reading.records, rrsets=reading.rrsets)


def compactly(text: bytes) -> Iterator[ZoneSnapshot]:
    """The zone as texts of its owners, and as lines of the file."""
    yield assemble_reading(read_compactly(text, file="x")).snapshot
    found = read_by_blocks(plain(Source(text, "x")))
    if found is not None:
        yield assemble_reading(found.reading, texts=found.texts).snapshot


def told(zone: ZoneSnapshot) -> tuple[str, str]:
    found = lint(zone, (), catalogue(), NOW)
    return dumps(found), lint_text(found, verbose=True)


def expect_the_same(text: bytes) -> None:
    found = exactly(text)
    if found is None:
        return
    expected = told(found.snapshot)
    for zone in compactly(text):
        assert told(zone) == expected
    with chunks_of(1000, most_odd=0):  # types stand in any order
        for zone in compactly(text):
            assert told(zone) == expected


def doubted(zone: ZoneSnapshot) -> set[bytes]:
    assert isinstance(zone.compact, CompactZone)
    return doubtful(zone.compact, CompactIndex(zone, zone.compact), zone.origin)


@settings(max_examples=400, deadline=None)
@given(_records, st.booleans())
@example([("sub", ["NS ns.sub"]), ("ns.sub", ["A 10.0.0.1"])], True)
@example([("a", ["CNAME b"]), ("b", ["CNAME a"]), ("c", ["CNAME a"])], True)
@example([("a", ['TXT "v=spf1 a mx -all"', "MX 10 mail"]), ("mail", ["A 192.0.2.1"])], False)  # fmt: skip
def test_a_zone_by_its_text_is_judged_as_by_its_records(records: list[tuple[str, list[str]]], hosts: bool) -> None:
    rest = "mail A 192.0.2.25\nns1 A 192.0.2.1\nhost AAAA 2001:db8::1\nwww CNAME host\n" if hosts else ""

    expect_the_same(f"{START}{PADS}{lines_of(records)}{rest}".encode())


HOSTS = "mail A 192.0.2.25\nns1 A 192.0.2.1\n"
LONG = f"{60 * 'a'}.{60 * 'b'}.example.org."


@pytest.mark.parametrize(
    "lines",
    [
        'x AAAA 2001:db8::5\n  TXT "v=spf1 -a +all"\n',
        'x MX 10 mail\n  TXT "\\"v=spf1 mx -all\\""\n',
        "x MX 10 mail\n  TXT \"'v=spf1 mx -all'\"\n",
        'x MX 10 mail\n  TXT " v=spf1 mx -all"\n',
        'x MX 10 mail\n  TXT "\\226\\128\\156v=spf1 mx -all"\n',
        'x MX 10 mx.example.net.\n  TXT "v=spf1 -mx +all"\n',
        'x MX 10 mx.example.net.\n  TXT "v=spf1 -mx ?all"\n',
        'x MX 10 mx.example.net.\n  TXT "v=spf1 ip4:198.51.100.1 ~mx"\n',
        'x A 198.51.100.7\n  TXT "v=spf1 ip4:198.51.100.7 -a ?all"\n',
        'x A 198.51.100.7\n  TXT "v=spf1 a -ip4:198.51.100.7 ?all"\n',
        'x MX 10 mail\n  TXT "v=spf1 mx -ip4:192.0.2.25 ?all"\n',
        'x AAAA 2001:db8::5\n  TXT "v=spf1 -ip6:::/1 -ip6:8000::/1 a a a ~all"\n',
        f"$ORIGIN {LONG}\nh MX 10 m0\n" + "".join(f" MX 10 m{n}\n" for n in range(1, 8))
        + "".join(f"m{n} A 192.0.2.{n}\n" for n in range(8)),
        'h TXT ( "v=x"\n"foo A 192.0.2.1" )\na MX 10 h\n',
        'h TXT ( "v=spf1"\n" A  A A ~all" )\n',
        'h TXT "x"\n TXT "v=spf1 +all"\n A 192.0.2.9\n',
        'h TXT "v=spf1 -all"\n TXT "v=spf1 mx -all"\n',
        'k._domainkey.h TXT "x"\n TXT "v=DKIM1\\; p="\n A 192.0.2.9\n',
        'dmarc TXT "v=DMARC1; p=none"\n',
        's.domainkey TXT "v=DKIM1" "; p="\n',
        f's1_domainkey TXT "v=DKIM1; k=rsa; p={KEY[:200]}" "{KEY[200:]}"\n',
        "sub DS 1 8 2 " + 64 * "a" + "\n",
        "sub A 192.0.2.1\n    300 IN DS 1 8 2 " + 64 * "a" + "\n",
        "h 1d MX 10 10.0.0.1\n 2h A 10.0.0.1\n",
        "h A 192.0.2.9\n TLSA 3 1 1 " + 64 * "a" + "\n",
        "h 300 IN TLSA 3 1 1 " + 64 * "a" + "\n_443._tcp.h TLSA 3 1 1 " + 64 * "a" + "\nw CNAME h\n",
        'h TXT "\\"v=spf1 mx -all\\""\n',
        '_mta-sts TXT "v=STSv1; id=1"\n',
    ],
)  # fmt: skip
def test_what_only_a_closer_look_tells_is_told(lines: str) -> None:
    text = f"{START}{HOSTS}{PADS}{lines}".encode()
    whole = exactly(text)
    assert whole is not None
    assert len(json.loads(told(whole.snapshot)[0])["findings"]) > 0

    expect_the_same(text)


@pytest.mark.parametrize(
    "lines",
    [
        "_25._tcp.x CNAME h\n",
        "_25._tcp.x CNAME y\ny CNAME z\nz CNAME h\n",
        "_25._tcp.x CNAME y\n* CNAME h\n",
        "* CNAME h\n",
        "_25._tcp.x CNAME sub.h\nsub.h CNAME h\n",
    ],
)
def test_where_cnames_of_ports_lead_tlsa_is_meant(lines: str) -> None:
    tlsa = f"TLSA 3 1 1 {64 * 'a'}\n"
    text = f"{START}{HOSTS}{PADS}h {tlsa}_443._tcp.h {tlsa}{lines}".encode()
    whole = exactly(text)
    assert whole is not None
    assert json.loads(told(whole.snapshot)[0])["findings"] == []

    expect_the_same(text)


@pytest.mark.parametrize(
    "rest", ["", " alpn=h3,h2 port=8443", ' alpn="h2" ipv4hint=192.0.2.9 ipv6hint=2001:db8::9 ; c']
)
def test_services_outside_the_zone_need_no_closer_look(rest: str) -> None:
    lines = f"x HTTPS 1 a-b.Pool.example.net.{rest}\ny A 192.0.2.1\nz HTTPS 1 mail{rest}\n"
    text = f"{START}{HOSTS}{PADS}{lines}".encode()

    for zone in compactly(text):
        assert {b"x.example.org.", b"z.example.org."} & doubted(zone) == {b"z.example.org."}


@pytest.mark.parametrize(
    "policy", ["v=spf1 a mx -all", "v=spf1 mx ip4:192.0.2.0/24 include:_spf.example.net ~all", "v=spf1 -all"]
)
def test_usual_policies_need_no_closer_look(policy: str) -> None:
    text = f'{START}{HOSTS}{PADS}x A 198.51.100.7\n  MX 10 mail\n  TXT "{policy}"\ny A 192.0.2.1\n'.encode()

    for zone in compactly(text):
        assert b"x.example.org." not in doubted(zone)


def test_what_the_apex_lacks_is_told_of_a_document_without_it() -> None:
    whole = exactly(f"{START}www A 192.0.2.1\nb A 192.0.2.2\n".encode())
    assert whole is not None
    apex = whole.snapshot.origin
    bare = ZoneSnapshot(apex, tuple(rrset for rrset in whole.snapshot.rrsets if rrset.owner != apex))
    back, _ = documents.loads(documents.dumps(bare))

    assert back.compact is not None
    assert told(back) == told(bare)
    assert told(back)[1].count("The apex has no") == 2


@pytest.mark.parametrize("case", cases("lint"), ids=lambda case: f"{case.check}: {case.title}")
def test_cases_of_checks_are_judged_alike(case: Case) -> None:
    expect_the_same(f"{START.replace('example.org', 'example.test')}{case.zone}\n".encode())


def test_the_zones_of_other_projects_are_judged_alike(corpus: Path) -> None:
    paths = [path for path in sorted(corpus.rglob("*")) if path.suffix in {".db", ".zone"} and path.is_file()]
    assert len(paths) > 100

    for path in paths:
        if path.stat().st_size < 1 << 17:
            expect_the_same(path.read_bytes())


@pytest.mark.parametrize("sections", [False, True])
def test_of_an_ordinary_zone_only_the_apex_is_looked_at(tmp_path: Path, sections: bool) -> None:
    text = write_pair(tmp_path, 5000, sections=sections)[0].read_bytes()

    for zone in compactly(text):
        assert doubted(zone) == {b"example.org."}


@pytest.mark.parametrize("name", ["a", "x.a"])
@pytest.mark.parametrize("network", [str(network) for network, _ in forms._UNREACHABLE])
def test_every_address_that_nobody_reaches_is_looked_at(network: str, name: str) -> None:
    found = ip_network(network)
    rdtype = "A" if found.version == 4 else "AAAA"

    for address in (found[0], found[-1]):
        for zone in compactly(f"{START}{name} {rdtype} {address}\nb A 192.0.2.1\n".encode()):
            assert doubted(zone) == {
                b"example.org.",
                key_of((*name.encode().split(b"."), b"example", b"org", b"")),
            }


@settings(max_examples=100)
@given(st.integers(0, 1 << 62))
def test_a_key_that_is_not_looked_at_can_be_used(number: int) -> None:
    digest = b"".join(hashlib.sha512(b"%d %d" % (number, part)).digest() for part in range(4))
    modulus = bytes([digest[0] | 0x80, *digest[1:-1], digest[-1] | 1])
    key = base64.b64encode(base64.b64decode(KEY)[:33] + modulus + base64.b64decode(KEY)[-5:])
    text = f"v=DKIM1; k=rsa; p={key.decode()}"

    assert faultless._WHOLE_KEY.fullmatch(text.encode())
    assert list(key_remarks(text)) == []


@pytest.mark.parametrize(
    ("regexp", "is_usual"),
    [
        *(("", True), ("!^.*$!sip:info@example.com!", True), ("!.*!mailto:info@example.com!i", True)),
        *(("!^.*$!sip:info@example.com", False), ("!(!x!", False), ("!^.*$!x!x", False), ("!^.*$!x!y!", False)),
        *(("^.*$!x!", False), ("/^.*$/x/", False), ("!^(.*)$!sip:a@example.com!", False)),
    ],
)
def test_of_expressions_the_usual_need_no_closer_look(regexp: str, is_usual: bool) -> None:
    line = f'e NAPTR 1 1 "u" "E2U+sip" "{regexp}" .\n'
    text = f"{START}{HOSTS}{PADS}{line}".encode()

    for zone in compactly(text):
        assert (b"e.example.org." not in doubted(zone)) == is_usual
    expect_the_same(text)


@pytest.mark.parametrize("apex", ["2.0.192.in-addr.arpa.", "8.b.d.0.1.0.0.2.ip6.arpa.", "ip6.int."])
def test_names_of_no_host_are_looked_at_in_a_reverse_zone(apex: str) -> None:
    names = ["a.example.net.", "a-b.c--d.example.net.", "a_b.example.net.", "-a.example.net.", "a-.example.net."]
    lines = "".join(f"{number} PTR {name}\n" for number, name in enumerate([*names, "*.example.net.", "b"]))
    text = f"{START.replace('example.org.', apex)}{lines}b._dns-sd._udp PTR a_b.example.net.\n{PADS}".encode()
    whole = exactly(text)
    assert whole is not None
    subjects = [found["subject"] for found in json.loads(told(whole.snapshot)[0])["findings"]]
    assert [subject for subject in subjects if subject.endswith("PTR")] == [
        f"{n}.{apex} PTR" for n in (2, 3, 4, 5)
    ]

    expect_the_same(text)
    for zone in compactly(text):
        assert not {f"{n}.{apex}".encode() for n in (0, 1)} & doubted(zone)


@pytest.mark.parametrize("lines", ["a TXT {long}\n", "a A 192.0.2.{n}\n", "a MX 10 mail{n}\n"])
def test_sets_that_fit_into_no_small_answer_are_looked_at(lines: str) -> None:
    many = "".join(lines.format(long='"{}" '.format(240 * "x") * 6, n=number) for number in range(80))

    for zone in compactly(f"{START}{many}b A 192.0.2.1\n".encode()):
        assert b"a.example.org." in doubted(zone)
    expect_the_same(f"{START}{many}".encode())


@pytest.mark.skipif(not can_fork(), reason="one core, or no fork")
def test_another_process_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(faultless, "_WORTHWHILE", 0)
    more = b"un_der A 192.0.2.1\nx.sub.host7 TXT x\n*.w MX 10 gone\n"
    text = write_pair(tmp_path, 3000)[0].read_bytes() + more

    for zone in compactly(text):
        assert zone.compact is not None
        index = CompactIndex(zone, zone.compact)
        alone = doubtful(zone.compact, index, zone.origin)
        assert doubtful(zone.compact, index, zone.origin, later) == alone
        assert b"un_der.example.org." in alone
