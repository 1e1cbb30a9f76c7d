"""The quick forms of names and rdata are dnspython's to the letter, or none."""

import dns.name
import pytest
from dns.rdata import GenericRdata, Rdata, from_text
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from hypothesis import given
from hypothesis import strategies as st

from migrator.model.names import plain_name, plain_text, written
from migrator.model.rdatas import canonical_octets, presented
from migrator.model.rrset import canonical_wire
from tests.strategies import any_rdatas, names, rdatas

QUICK = tuple(
    RdataType.make(text)
    for text in ("A", "AAAA", "NS", "CNAME", "PTR", "MX", "TXT", "RRSIG", "NSEC", "NSEC3", "HTTPS")
)


@given(st.one_of(any_rdatas, st.sampled_from(QUICK).flatmap(rdatas)))
def test_rdata_is_as_dnspython_has_it(rdata: Rdata) -> None:
    assert canonical_wire(rdata) == rdata.to_digestable()
    assert canonical_octets(rdata) in {None, rdata.to_digestable()}
    assert presented(rdata) in {None, rdata.to_text()}


@pytest.mark.parametrize(
    ("rdtype", "text"),
    [
        ("A", "192.0.2.1"),
        ("AAAA", "2001:db8::1"),
        ("AAAA", "::ffff:192.0.2.1"),
        ("NS", "Host.example.org."),
        ("CNAME", "Host.example.org."),
        ("PTR", r"a\.b.example.org."),
        ("MX", "10 Mail.example.org."),
    ],
)
def test_the_commonest_types_are_quick(rdtype: str, text: str) -> None:
    rdata = from_text(RdataClass.IN, rdtype, text)

    assert (canonical_octets(rdata), presented(rdata)) == (rdata.to_digestable(), text)


@pytest.mark.parametrize(
    ("rdtype", "text"),
    [
        ("RRSIG", "A 13 2 300 20300101000000 20300101000000 7 Example.org. AQID"),
        ("NSEC", "Host.example.org. A MX"),
        ("NSEC3", "1 1 10 aabb 2t7b4g4vsa5smi47k61mv5bv1a22bojr A RRSIG"),
        ("NSEC3", "1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr"),
    ],
)
def test_what_signs_a_zone_is_quick(rdtype: str, text: str) -> None:
    rdata = from_text(RdataClass.IN, rdtype, text)

    assert (canonical_octets(rdata), presented(rdata)) == (rdata.to_digestable(), rdata.to_text())


@pytest.mark.parametrize(
    ("rdtype", "text"),
    [
        ("RRSIG", "TYPE65534 13 2 300 20300101000000 20300101000000 7 example.org. AQID"),
        ("RRSIG", r"A 13 2 300 20300101000000 20300101000000 7 a\.b.example.org. AQID"),
        ("NSEC", "host.example.org. A TYPE65534"),
        ("NSEC", r"a\.b.example.org. A"),
        ("NSEC3", "1 1 10 - 2t7b4g4vsa5smi47k61mv5bv A"),
    ],
)
def test_what_not_every_server_reads_by_its_name_is_left_to_dnspython(rdtype: str, text: str) -> None:
    assert presented(from_text(RdataClass.IN, rdtype, text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "0 Pool.example.org.",
        "1 .",
        '1 . ipv4hint="192.0.2.1,192.0.2.2"',
        '1 . alpn="h2,h3" no-default-alpn port="8443" ipv4hint="192.0.2.1" ech="AAQAAAAA" ipv6hint="::1"',
    ],
)
def test_service_bindings_are_quick(text: str) -> None:
    rdata = from_text(RdataClass.IN, RdataType.HTTPS, text)

    assert (canonical_octets(rdata), presented(rdata)) == (rdata.to_digestable(), text)


@pytest.mark.parametrize(
    "text",
    ['1 . alpn="h"', r'1 . alpn="h2\\,h3"', '1 . mandatory="port" port="1"', '1 . key7="/q"', r"1 a\.b. port=1"],
)
def test_service_bindings_that_are_not_plain_are_left_to_dnspython(text: str) -> None:
    assert presented(from_text(RdataClass.IN, RdataType.SVCB, text)) is None


def test_octets_that_were_kept_as_they_are_are_left_to_dnspython() -> None:
    generic = GenericRdata(RdataClass.IN, RdataType.A, b"\1\2")

    assert (canonical_octets(generic), presented(generic), canonical_wire(generic)) == (None, None, b"\1\2")


@given(st.one_of(names(), st.lists(st.binary(min_size=1, max_size=9)).map(lambda x: dns.name.Name([*x, b""]))))
def test_a_name_is_written_as_dnspython_writes_it(name: dns.name.Name) -> None:
    assert written(name) == name.to_text()
    assert plain_text(name) in {None, name.to_text()}


@given(st.one_of(st.from_regex(r"[a-zA-Z0-9._*\\@ -]{0,40}", fullmatch=True), names().map(str)))
def test_a_plain_name_is_the_one_that_dnspython_reads(text: str) -> None:
    found = plain_name(text)

    assert found is None or found == dns.name.from_text(text)


def test_the_longest_name_and_no_longer() -> None:
    head = ".".join(["a" * 63] * 3)

    assert plain_name(f"{head}.{'b' * 61}.") == dns.name.from_text(f"{head}.{'b' * 61}.")
    assert plain_name(f"{head}.{'b' * 62}.") is None


@pytest.mark.parametrize("text", ['"v=spf1 -all"', '"" "a  b"', '"semi;colon" "(x)"'])
def test_plain_strings_are_quick(text: str) -> None:
    assert presented(from_text(RdataClass.IN, RdataType.TXT, text)) == text


@pytest.mark.parametrize("text", [r'"a\"b"', r'"back\\slash"', r'"\195\164"', r'"\009"', r'"\127"'])
def test_strings_with_something_to_escape_are_left_to_dnspython(text: str) -> None:
    assert presented(from_text(RdataClass.IN, RdataType.TXT, text)) is None
