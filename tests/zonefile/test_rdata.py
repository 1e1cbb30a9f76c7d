"""Rdata from tokens: the short paths mean what dnspython means, and what it refuses is kept or refused."""

import dns.exception
import dns.name
import dns.rdata
import pytest
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.txtbase import TXTBase
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrator.model.names import absolute
from migrator.model.rdatas import with_whole_altitude
from migrator.model.strings import presented_of_spelled
from migrator.zonefile import read_zone
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.forms import FORMS
from migrator.zonefile.fast.wires import canonical_wire_of
from migrator.zonefile.fields import Names, Unreadable
from migrator.zonefile.lexer import logical_lines
from migrator.zonefile.rdata import exact_rdata, fast_rdata
from tests.strategies import KNOWN_TYPES, rdatas, unknown_rdatas

ORIGIN = absolute("example.com.")
DATES = "20300101000000 20300101000000"
# Numbers, names, addresses, strings: right for some type, wrong for the others.
_words = st.sampled_from(
    [
        "0", "1", "10", "255", "256", "65535", "65536", "4294967295", "4294967296", "007", "-1", "1h",
        "1h5", "@", ".", "a", "a.b.", "a..b", "*", "x" * 64, "a\\.b", "a\\256", "192.0.2.1", "192.0.2.01",
        "192.0.2", "::1", "2001:DB8::0", "::ffff:192.0.2.1", "1::2::3", '"text"', '""', '"a;b"', '"\\"q\\""',
        '"\\200"', "issue", '"issue"', "is-sue", 'k="v"', "\\#", "0a0b", '"' + "y" * 256 + '"', "z" * 256,
        "A", "MX", "TYPE65534", "TYPE0", "type1", "NSAP-PTR", "ANY", "RSASHA1", "20300101000000", "20301301000000",
        "AQID", "AQI=", "AQ==", "AQ=", "AQ", "-", "ab", "abc", "2T7B4G4VSA5SMI47K61MV5BV1A22BOJR", "v" * 31,
    ]
)  # fmt: skip
_short_path_types = [
    RdataType.A, RdataType.AAAA, RdataType.NS, RdataType.CNAME, RdataType.PTR, RdataType.DNAME, RdataType.MX,
    RdataType.TXT, RdataType.SPF, RdataType.SRV, RdataType.SOA, RdataType.CAA, RdataType.RRSIG, RdataType.NSEC,
    RdataType.NSEC3,
]  # fmt: skip


def test_all_types_of_strings_have_the_short_path() -> None:
    text_types = [
        rdtype
        for rdtype in RdataType
        if issubclass(dns.rdata.get_rdata_class(RdataClass.IN, rdtype), TXTBase)  # type: ignore[no-untyped-call]
    ]

    assert RdataType.TXT in text_types
    assert [type(fast_rdata(rdtype, [b'"a"'], Names(ORIGIN))).__name__ for rdtype in text_types] == [
        rdtype.name for rdtype in text_types
    ]


def theirs(rdtype: RdataType, text: str) -> Rdata | None:
    try:
        return dns.rdata.from_text(
            RdataClass.IN, rdtype, text, ORIGIN, relativize=False, idna_codec=dns.name.IDNA_2008_Practical
        )
    except dns.exception.DNSException:
        return None


def tokens_of(text: str) -> list[bytes]:
    return [token for line in logical_lines(text.encode() + b"\n") for token in line.tokens]


def expect_theirs_or_nothing(rdtype: RdataType, text: str) -> None:
    """Expect of the short path what dnspython builds, or that it leaves the text to dnspython."""
    expected = theirs(rdtype, text)
    try:
        found = fast_rdata(rdtype, tokens_of(text), Names(ORIGIN))
    except Unreadable:
        assert expected is None
        return

    if found is not None:
        assert expected is not None
        assert type(found) is type(expected)
        assert found == expected
        assert (found.to_wire(), found.to_text()) == (expected.to_wire(), expected.to_text())
        assert (found.rdclass, found.rdtype, found.rdcomment) == (RdataClass.IN, rdtype, None)


def expect_their_form_or_none(rdtype: RdataType, text: str) -> None:
    """Expect of the canonical text what dnspython writes, in text and in octets, or that there is none."""
    canonical = FORMS[rdtype](text.encode("ascii", "replace"), Context(ORIGIN, ORIGIN, None))
    if canonical is not None:
        expected = theirs(rdtype, text)
        assert expected is not None
        expected = with_whole_altitude(expected) if rdtype == RdataType.LOC else expected
        assert presented_of_spelled(canonical.decode()) == expected.to_text()
        assert canonical_wire_of(rdtype.name.encode(), canonical) == expected.to_digestable()


@settings(max_examples=400)
@given(st.sampled_from(_short_path_types), st.lists(_words, max_size=7).map(" ".join))
@example(RdataType.SOA, "a b. 1 2 3 4 1h")
@example(RdataType.SOA, "a b. 1 2 3 4 1h5")
@example(RdataType.A, "192.0.2.1 ")
@example(RdataType.A, "192.0.2.1.")
@example(RdataType.AAAA, "1:2:3:4:5:6:7:8:9")
@example(RdataType.CAA, '0 issue k="v"')
@example(RdataType.TXT, 'k="v" w')
@example(RdataType.TXT, "a\\\\b \\065")
@example(RdataType.RRSIG, f"A 13 2 300 {DATES} 7 example.com. AQ ID")
@example(RdataType.RRSIG, f"TYPE65534 250 255 2147483647 {DATES} 65535 . AQI=")
@example(RdataType.RRSIG, f"A 13 2 2147483648 {DATES} 7 a AQID")
@example(RdataType.RRSIG, f"A 13 2 1h {DATES} 7 a AQID")
@example(RdataType.RRSIG, f"A 256 2 300 {DATES} 7 a AQID")
@example(RdataType.RRSIG, f"A 13 2 300 {DATES} 65536 a AQID")
@example(RdataType.RRSIG, "A 13 2 300 20301301000000 7 7 a AQID")
@example(RdataType.RRSIG, "A 13 2 300 10020227180048 7 7 a AQID")
@example(RdataType.RRSIG, "A 13 2 300 4294967295 4294967296 7 a AQID")
@example(RdataType.RRSIG, f"A 13 2 300 {DATES} 7 a A===")
@example(RdataType.RRSIG, f"A 13 2 300 {DATES} 7 a")
@example(RdataType.NSEC, "a.example.com. MX A A TYPE65534 TYPE256")
@example(RdataType.NSEC, "a.")
@example(RdataType.NSEC, "a. TYPE0")
@example(RdataType.NSEC, "a. ANY")
@example(RdataType.NSEC3, "1 1 10 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr A RRSIG")
@example(RdataType.NSEC3, "1 0 65535 aabbccDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR")
@example(RdataType.NSEC3, "1 0 0 abc 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A")
@example(RdataType.NSEC3, "256 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A")
@example(RdataType.NSEC3, "1 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJW A")
def test_a_short_path_builds_what_dnspython_builds_or_nothing(rdtype: RdataType, text: str) -> None:
    expect_theirs_or_nothing(rdtype, text)


@settings(max_examples=400)
@given(st.sampled_from([*FORMS]), st.lists(_words, max_size=5).map(" ".join))
@example(RdataType.HINFO, 'PC "Linux 6"')
@example(RdataType.HINFO, '"" ""')
@example(RdataType.URI, "10 1 ftp://a.example/")
@example(RdataType.URI, '10 1 ""')
@example(RdataType.RP, "@ .")
@example(RdataType.OPENPGPKEY, "AQ ID")
@example(RdataType.OPENPGPKEY, "AR==")
@example(RdataType.OPENPGPKEY, "AQ=D")
@example(RdataType.OPENPGPKEY, "AQIDAQ")
@example(RdataType.LOC, "42 21 54 N 71 06 18 W -24m 30m")
@example(RdataType.LOC, "42 N 71 W 1188088.40")
@example(RdataType.LOC, "42 21 43.952 N 71 5 6.344 W 24.00m 1m 200m 9000000000m")
@example(RdataType.LOC, "91 N 71 W 0m")
@example(RdataType.LOC, '42 N 71 W "0m"')
def test_the_canonical_text_of_any_words_is_what_dnspython_writes_or_none(rdtype: RdataType, text: str) -> None:
    expect_their_form_or_none(rdtype, text)


_bindings = st.sampled_from(
    [
        "alpn=h2", 'alpn="h2,h3"', "alpn=h2,", "alpn=", 'alpn=""', "alpn", 'alpn="h\\\\,2"', "alpn=h", "ALPN=h2",
        "alpn=" + "x" * 256, 'alpn="h 2"', "no-default-alpn", "no-default-alpn=", 'no-default-alpn="x"',
        "port=443", 'port="0443"', "port=65536", "port=x", "ipv4hint=192.0.2.1", 'ipv4hint="192.0.2.1,192.0.2.2"',
        "ipv4hint=192.0.2.01", "ipv4hint=192.0.2", "ipv4hint=,", "ipv6hint=2001:DB8::0", "ipv6hint=::1,::2",
        "ipv6hint=::1::", "ech=AAQAAAAA", "ech=AAUAAAAA", "ech=AAQ", "ech=AAQAAA==", "mandatory=alpn", "ohttp",
        "key7=x", "key1=\\002h2", "key6", "dohpath=/q{?dns}", "=x", "a=b",
    ]
)  # fmt: skip


@settings(max_examples=400)
@given(
    st.sampled_from([RdataType.HTTPS, RdataType.SVCB]),
    st.tuples(
        st.sampled_from(["0", "1", "01", "65535", "65536", "x", "\\#"]),
        st.sampled_from([".", "a", "a.b.", "@", "a..b", "x" * 64, "b\\.c"]),
    ),
    st.lists(_bindings, max_size=4),
)
@example(RdataType.HTTPS, ("1", "."), ['alpn="h2,h3"', "ipv4hint=192.0.2.1", "ipv6hint=2001:DB8::0"])
@example(RdataType.HTTPS, ("0", "a"), [])
@example(RdataType.HTTPS, ("0", "a"), ["alpn=h2"])
@example(RdataType.SVCB, ("1", "a"), ["no-default-alpn", "port=443"])
@example(RdataType.SVCB, ("1", "a"), ["no-default-alpn", "port=443", "alpn=h2"])
@example(RdataType.SVCB, ("1", "a"), ["port=443", "port=443"])
@example(RdataType.SVCB, ("1", "a"), ["ech=AAQAAAAA"])
@example(RdataType.SVCB, ("1", "a"), ["ech=AAUAAAAA"])
def test_a_service_binding_is_what_dnspython_makes_of_it_or_left_to_it(
    rdtype: RdataType, head: tuple[str, str], params: list[str]
) -> None:
    text = " ".join([*head, *params])
    expect_theirs_or_nothing(rdtype, text)

    expect_their_form_or_none(rdtype, text)


@pytest.mark.parametrize("rdtype", FORMS, ids=RdataType.to_text)
@settings(max_examples=40)
@given(data=st.data())
def test_the_canonical_text_of_a_type_is_what_dnspython_writes(rdtype: RdataType, data: st.DataObject) -> None:
    expect_their_form_or_none(rdtype, data.draw(rdatas(rdtype)).to_text())


@pytest.mark.parametrize(
    "text", ["1 .", "0 a.", '1 . alpn="h2,h3" ipv4hint="192.0.2.1" ech="AAQAAAAA"', "1 a alpn=h2 no-default-alpn"]
)
def test_the_usual_service_bindings_are_not_left_to_dnspython(text: str) -> None:
    found = fast_rdata(RdataType.HTTPS, tokens_of(text), Names(ORIGIN))

    assert found is not None
    assert found == theirs(RdataType.HTTPS, text)


def read(rdtype: RdataType, text: str) -> Rdata:
    tokens = tokens_of(text)
    return fast_rdata(rdtype, tokens, Names(ORIGIN)) or exact_rdata(rdtype, tokens, Names(ORIGIN))[0]


@pytest.mark.parametrize("rdtype", KNOWN_TYPES, ids=RdataType.to_text)
def test_each_type_reads_its_text_and_its_generic_form(rdtype: RdataType) -> None:
    @settings(max_examples=25)
    @given(rdatas(rdtype))
    def law(rdata: Rdata) -> None:
        wire = rdata.to_wire()
        assert wire is not None
        generic = read(rdtype, rf"\# {len(wire)} {wire.hex(' ', 2)}")
        # dnspython cuts off a centimetre of some altitudes of LOC.
        expected = rdata if rdtype == RdataType.LOC else theirs(rdtype, rdata.to_text())

        assert generic == rdata
        assert type(generic) is type(rdata)
        assert read(rdtype, rdata.to_text()) == expected

    law()


@given(unknown_rdatas())
def test_a_type_without_a_name_is_read_in_generic_form(rdata: Rdata) -> None:
    assert read(rdata.rdtype, rdata.to_text()) == rdata


@pytest.mark.parametrize(
    ("rdtype", "text", "wire"),
    [
        ("MB", "a", "0161076578616d706c6503636f6d00"),
        ("MINFO", "a .", "0161076578616d706c6503636f6d0000"),
        ("NXT", "a. A MX", "016100" + "4001"),
        ("A6", "0 2001:db8::1", "00" + "20010db8000000000000000000000001"),
        ("A6", "64 ::1 a.", "40" + "0000000000000001" + "016100"),
        ("A6", "128 a.", "80" + "016100"),
        ("TA", "1 8 2 AB CD", "00010802abcd"),
        ("TYPE31", "12 89 AB", "1289ab"),
        ("TYPE34", "+61.2.00000000", "01" + "3631323030303030303030"),
        ("TYPE34", "39.246f", "0039246f"),
        ("TYPE40", "8 0 2 l4ik", "080002" + "9788a4"),
        ("TYPE57", "0 3 8 AQ==", "00000308" + "01"),
        ("TYPE58", ". a.", "00016100"),
        ("TYPE259", '0 1 2 "" aHR0cA==', "000000000000000102" + "00" + "68747470"),
        ("TYPE259", '0 1 2 "" -', "000000000000000102" + "00"),
        ("TYPE65401", "a.", "016100"),
        ("TYPE65402", 'AAAA "a" b', "001c" + "0161" + "0162"),
    ],
)
def test_types_that_dnspython_knows_by_number_alone_are_read_as_servers_do(
    rdtype: str, text: str, wire: str
) -> None:
    rdata, remarks = exact_rdata(RdataType.make(rdtype), tokens_of(text), Names(ORIGIN))

    assert (rdata.to_generic().data.hex(), remarks) == (wire, ())


@pytest.mark.parametrize(
    ("rdtype", "text"),
    [
        ("MB", ""),
        ("MB", "a b"),
        ("TYPE40", "256 0 0 AA=="),
        ("TYPE40", "x 0 0 AA=="),
        ("TYPE31", "0"),
        ("TYPE57", "0 3 8 ?"),
        ("TYPE34", "+x"),
        ("A6", "129 a."),
        ("A6", "0 x"),
        ("NXT", "a. TYPE200"),
        ("NXT", "a. NOTYPE"),
        ("TYPE259", '0 1 2 "' + "x" * 256 + '" -'),
        ("TYPE65401", "a. b."),
        ("TYPE65402", 'NOTYPE "a"'),
        ("TYPE65402", "A"),
    ],
)
def test_their_malformed_text_is_refused(rdtype: str, text: str) -> None:
    with pytest.raises(Unreadable):
        exact_rdata(RdataType.make(rdtype), tokens_of(text), Names(ORIGIN))


@pytest.mark.parametrize(
    ("rdtype", "text", "wire", "said"),
    [
        ("TLSA", "3 1 1 abcd", "030101abcd", "zonefile.generic-rdata warning"),
        ("SMIMEA", "3 1 2 ab cd", "030102abcd", "zonefile.generic-rdata warning"),
        ("SVCB", "1 . port=60 ech=AAAA", "00010000030002003c00050003000000", "zonefile.generic-rdata warning"),
        ("HTTPS", '1 . ech="AAAA"', "000100" + "00050003000000", "zonefile.generic-rdata warning"),
        ("HTTPS", "0 a. alpn=h2", "0000016100" + "0001000302" + "6832", "zonefile.generic-rdata warning"),
        ("SVCB", "00 . port=60 ech=AAAA", "00000000030002003c00050003000000", "zonefile.generic-rdata warning"),
        ("URI", '10 1 ""', "000a0001", "zonefile.generic-rdata warning"),
        ("URI", r"\# 2 000A", "000a", "zonefile.generic-rdata error"),
        ("SSHFP", "1 1 abcd", "0101abcd", "zonefile.generic-rdata error"),
        ("DS", "1 8 2 abcd", "00010802abcd", "zonefile.generic-rdata error"),
        ("ZONEMD", "1 1 1 abcd", "000000010101abcd", "zonefile.generic-rdata error"),
        ("A", r"\# 3 C00002", "c00002", "zonefile.generic-rdata error"),
        ("MX", r"\# 2 0001", "0001", "zonefile.generic-rdata error"),
        ("NSEC3", "1 0 10 - 04 A", "0100000a00" + "0101" + "000140", "zonefile.doubtful-rdata error"),
        ("NSAP", "0x", "", "zonefile.doubtful-rdata error"),
        ("DNSKEY", "257 3 13 AQ I D=", "0101030d010203", "zonefile.doubtful-rdata error"),
        ("CDNSKEY", "257 3 13 AQJ=", "0101030d0102", "zonefile.doubtful-rdata error"),
        ("KEY", "256 3 5 AR==", "0100030501", "zonefile.doubtful-rdata error"),
        ("CERT", "1 0 0 AQID====", "0001000000010203", "zonefile.doubtful-rdata error"),
        ("OPENPGPKEY", "AQIDAQ ID=", "010203010203", "zonefile.doubtful-rdata error"),
        ("DHCID", "AQJ=", "0102", "zonefile.doubtful-rdata error"),
        ("IPSECKEY", "10 0 2 . AQID=", "0a0002010203", "zonefile.doubtful-rdata error"),
        ("HIP", "2 20010010 AQID= a.", "0402000320010010010203016100", "zonefile.doubtful-rdata error"),
        ("SVCB", '1 . ech="AAQAAAAA="', "000100" + "00050006000400000000", "zonefile.doubtful-rdata error"),
        (
            "RRSIG",
            "A 13 2 300 20301222000000 20261122000000 7 b. AQJ=",
            "00010d020000012c72afdd006b02308000070162000102",
            "zonefile.doubtful-rdata error",
        ),
    ],
)  # fmt: skip
def test_what_dnspython_or_servers_refuse_is_kept_octet_by_octet_and_told(
    rdtype: str, text: str, wire: str, said: str
) -> None:
    rdata, remarks = exact_rdata(RdataType.make(rdtype), tokens_of(text), Names(ORIGIN))

    assert rdata.rdtype == RdataType.make(rdtype)
    assert rdata.to_generic().data.hex() == wire
    assert [f"{remark.check} {remark.severity}" for remark in remarks] == [said]


@pytest.mark.parametrize(
    ("rdtype", "text", "reason"),
    [
        ("A", "", "the rdata is missing"),
        ("A", "192.0.2.1 192.0.2.2", "'192.0.2.2' stands after the end of the rdata"),
        ("CAA", '0 issue "x" "y z"', "'y z' stands after the end of the rdata"),
        ("A", "192.0.2.256", "malformed"),
        ("TXT", "", "ends too early"),
        ("TXT", '"\\300"', "an escape that is neither"),
        ("TXT", " ".join(['"' + "x" * 255 + '"'] * 257), "more than the 65,535 octets"),
        ("MX", "10", "identifier"),
        ("TYPE65300", "x", "generic rdata does not start"),
        ("TYPE65300", r"\# 2 00", "wrong length"),
        ("TYPE65300", r"\# 1 0x", "hexadecimal"),
        ("SVCB", "1 . ech=?", "base64"),
        ("SVCB", "0 . mandatory=port", "mandatory"),
        ("URI", '10 1 "" b', "'b' stands after the end of the rdata"),
        ("TLSA", "3 1 0 " + "ab" * 70_000, "its rdata takes 70,003 octets; 65,535 are possible"),
        ("RRSIG", "A 8 2 300 20300101000000 20300101000000 1 @ abc", "padding"),
        ("NID", "10 1:2:3", "no four groups of hexadecimal digits"),
        ("CAA", f'0 issue "{"x" * 70_000}"', "its rdata takes 70,007 octets; 65,535 are possible"),
        ("DS", "1 8", "ends too early"),
    ],
)
def test_what_has_no_meaning_is_refused_with_the_reason(rdtype: str, text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        exact_rdata(RdataType.make(rdtype), tokens_of(text), Names(ORIGIN))


@pytest.mark.parametrize(
    ("rdtype", "text", "expected"),
    [
        ("NID", "10 14:4fff:ff20:ee64", "10 0014:4fff:ff20:ee64"),
        ("L64", "10 2001:db8:0:1", "10 2001:0db8:0000:0001"),
        ("NSEC", "eid.example.com. A EID talink", "eid.example.com. A TYPE31 TYPE58"),
        ("CSYNC", "1 3 A EID", "1 3 A TYPE31"),
        ("RRSIG", f"UID 8 2 9 {DATES} 1 . AAAA", f"TYPE101 8 2 9 {DATES} 1 . AAAA"),
        ("SIG", f"65280 8 2 9 {DATES} 1 . AAAA", f"TYPE65280 8 2 9 {DATES} 1 . AAAA"),
        ("TXT", 'a="b" \\065', '"a=" "b" "A"'),
    ],
)  # fmt: skip
def test_what_bind_writes_and_dnspython_does_not_read_is_read(rdtype: str, text: str, expected: str) -> None:
    rdata, remarks = exact_rdata(RdataType.make(rdtype), tokens_of(text), Names(ORIGIN))

    assert (rdata.to_text(), remarks) == (expected, ())


def test_a_string_of_more_than_255_octets_is_cut_and_nothing_of_it_is_lost() -> None:
    text = "v=DKIM1; p=" + "A" * 600
    rdata, remarks = exact_rdata(RdataType.TXT, tokens_of(f'"{text}" "end"'), Names(ORIGIN))

    assert isinstance(rdata, TXT)
    strings = rdata.strings
    assert [len(octets) for octets in strings] == [255, 255, 101, 3]
    assert b"".join(strings) == text.encode() + b"end"
    assert [(remark.check, remark.severity.value) for remark in remarks] == [("zonefile.long-string", "error")]
    assert "A string of 611 octets" in remarks[0].message


@pytest.mark.parametrize(
    ("rdtype", "text"),
    [
        ("TXT", " ".join(['"' + "x" * 255 + '"'] * 256)),
        ("TXT", '"aaaa" ' * 30_000),
        ("CAA", f'0 issue "{"x" * 65_530}"'),
    ],
)
def test_the_fast_way_takes_nothing_that_may_not_fit_into_a_record(rdtype: str, text: str) -> None:
    assert fast_rdata(RdataType.make(rdtype), tokens_of(text), Names(ORIGIN)) is None


def test_a_relative_name_in_rdata_of_any_type_needs_an_origin() -> None:
    with pytest.raises(Unreadable, match="no origin is known here"):
        exact_rdata(RdataType.RP, tokens_of("a b."), Names(None))
    with pytest.raises(Unreadable, match="no origin is known here"):
        fast_rdata(RdataType.MX, tokens_of("10 a"), Names(None))


def test_octets_that_are_no_utf_8_stay_as_they_are_in_every_type() -> None:
    assert fast_rdata(RdataType.TXT, [b'"\xff\xe4"'], Names(ORIGIN)) == theirs(RdataType.TXT, '"\\255\\228"')
    assert exact_rdata(RdataType.HINFO, [b"\xff", b'"b"'], Names(ORIGIN))[0] == theirs(
        RdataType.HINFO, '"\\255" "b"'
    )


@pytest.mark.parametrize("altitude", ["1188088.40", "-99999.99", "42849672.95", "0.07", "29.57"])
def test_an_altitude_is_read_to_the_centimetre(altitude: str) -> None:
    text = f"example.org. 60 IN LOC 0 55 41.436 N 0 19 10.015 W {altitude}m 0.06m 7000.00m 7.00m\n"

    (record,) = read_zone(text.encode(), file="x", origin=absolute("example.org.")).records

    wire = record.rdata.to_wire()
    assert wire is not None
    assert int.from_bytes(wire[-4:], "big") == round(float(altitude) * 100) + 10_000_000


@pytest.mark.parametrize("metres", ["7.123m", "42849672.955m", "-100000.006", "1e3m", "1_0m", "7m 1.001m"])
def test_metres_are_refused_that_no_server_takes(metres: str) -> None:
    tokens = tokens_of(f"0 55 41.436 N 0 19 10.015 W {metres}")

    with pytest.raises(Unreadable, match="altitude, size and precisions are metres with at most two decimals"):
        exact_rdata(RdataType.LOC, tokens, Names(ORIGIN))


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("90 0 1 N 0 E 0m", "a latitude is 90 degrees at most, and a longitude 180"),
        ("90 0 0.001 N 0 E 0m", "a latitude is 90 degrees at most, and a longitude 180"),
        ("0 0 0 N 180 0 1 E 0m", "a latitude is 90 degrees at most, and a longitude 180"),
        ("0 N 0 E 42849672.96m", "there is no altitude of 42849672.96 m; one is -100000.00 m at least"),
        ("0 N 0 E -100000.01m", "there is no altitude of -100000.01 m; one is -100000.00 m at least"),
    ],
)
def test_a_place_that_is_nowhere_is_a_finding_with_its_line(place: str, reason: str) -> None:
    text = f"example.org. 60 IN SOA a b 1 2 3 4 5\nh 60 IN LOC {place}\n"

    (finding,) = read_zone(text.encode(), file="x", origin=absolute("example.org.")).findings

    assert (finding.check, str(finding.position)) == ("zonefile.unreadable-rdata", "x:2")
    assert reason in finding.message


@pytest.mark.parametrize(
    ("rdtype", "text", "reason"),
    [
        (RdataType.CERT, "X509 1 1 AQID", "a number is expected, and another word stands there"),
        (RdataType.APL, '"" 1', "the rdata is malformed"),
    ],
)
def test_what_python_says_of_malformed_rdata_is_said_in_words(rdtype: RdataType, text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=f"^{reason}$"):
        exact_rdata(rdtype, tokens_of(text), Names(ORIGIN))


@settings(max_examples=300)
@given(st.sampled_from(KNOWN_TYPES), st.lists(_words, max_size=9).map(" ".join))
@example(RdataType.LOC, "90 0 1 N 0 E 0m")
@example(RdataType.LOC, "0 N 0 E 42849672.96m")
def test_any_words_are_rdata_or_unreadable_and_nothing_else(rdtype: RdataType, text: str) -> None:
    tokens = tokens_of(text)

    try:
        rdata = fast_rdata(rdtype, tokens, Names(ORIGIN)) or exact_rdata(rdtype, tokens, Names(ORIGIN))[0]
    except Unreadable:
        return
    assert isinstance(rdata.to_wire(), bytes)
    assert isinstance(rdata.to_text(), str)


@pytest.mark.parametrize(
    ("metres", "centimetres"),
    [("7m", 700), ("7.", 700), ("+7.1m", 710), (".5m", 50), ("-0.07m 1m 10.m 3.25m", -7)],
)
def test_metres_are_taken_as_servers_take_them(metres: str, centimetres: int) -> None:
    tokens = tokens_of(f"0 55 41.436 N 0 19 10.015 W {metres}")

    rdata, remarks = exact_rdata(RdataType.LOC, tokens, Names(ORIGIN))

    wire = rdata.to_wire()
    assert wire is not None
    assert int.from_bytes(wire[-4:], "big") == 10_000_000 + centimetres
    assert remarks == ()


def test_octets_of_a_loc_need_not_look_like_metres() -> None:
    octets = bytes.fromhex("001216138ae3cdb88028d96000989680")

    rdata, _ = exact_rdata(RdataType.LOC, tokens_of(r"\# 16 001216138ae3cdb88028d9600098968 0"), Names(ORIGIN))
    other, _ = exact_rdata(RdataType.LOC, tokens_of(r"\# 16 001216138a E 3cdb88028d96000989680"), Names(ORIGIN))

    assert rdata.to_wire() == other.to_wire() == octets


@pytest.mark.parametrize(
    "rdata",
    [b"1 . alpn=h2", b"1 a.example.net. port=8443", b"0 . alpn=h2", b"1 . ech=x", b"1 . alpn", b"x ."],
)
def test_a_service_that_many_hosts_have_is_told_for_each(rdata: bytes) -> None:
    start = b"$ORIGIN example.com.\n$TTL 300\n@ SOA a b 1 2 3 4 5\n@ NS ns.example.net.\n"
    both = read_zone(start + b"".join(b"%b HTTPS %b\n" % (owner, rdata) for owner in (b"v", b"w")), file="x")
    alone = [read_zone(start + b"%b HTTPS %b\n" % (owner, rdata), file="x") for owner in (b"v", b"\nw")]

    assert both.findings == (*alone[0].findings, *alone[1].findings)
    assert [record.rdata for record in both.records[2:]] == [r.rdata for one in alone for r in one.records[2:]]
