"""What is foretold of answers: a message that is said to be exactly so decodes to exactly that, always."""

import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest
from dns.rcode import Rcode
from dns.rdata import from_text as rdata_from_text
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.diff.equality import identical
from migrator.dnsclient import wire
from migrator.dnsclient.expectation import Expectation, exactly, nothing, referral, says_so, unforeseen
from migrator.model.names import absolute
from migrator.model.observation import Answer, Question, Server, Transport
from migrator.model.rrset import RRset, RRsetKey, make
from tests import strategies

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOBODY = Server("192.0.2.53")
WWW = absolute("www.example.org.")


def rrset(owner: str, ttl: int, rdtype: str, *rdatas: str) -> RRset:
    kind = RdataType.from_text(rdtype)
    found = tuple(rdata_from_text("IN", rdtype, text) for text in rdatas)
    return make(RRsetKey(absolute(owner), kind), ttl, found)


def response(
    expectation: Expectation,
    answer: Sequence[RRset] = (),
    authority: Sequence[RRset] = (),
    additional: Sequence[RRset] = (),
    *,
    rcode: Rcode = Rcode.NOERROR,
    flags: int = dns.flags.AA,
) -> bytes:
    """The message of a server that compresses names wherever it may."""
    query = dns.message.from_wire(b"\0\7" + expectation.body)
    message = dns.message.make_response(query)
    message.flags |= flags
    message.set_rcode(rcode)
    for section, rrsets in (
        (message.answer, answer),
        (message.authority, authority),
        (message.additional, additional),
    ):
        for each in rrsets:
            section += [dns.rrset.from_rdata(each.owner, each.ttl or 0, rdata) for rdata in each.rdatas]
    return message.to_wire(max_size=65535)


def decoded(packet: bytes, expectation: Expectation) -> Answer:
    return wire.decode(packet, expectation.question(NOBODY), NOON, Transport.UDP, 0.1)


@pytest.mark.parametrize(
    "expected",
    [
        rrset("www.example.org.", 300, "A", "192.0.2.1"),
        rrset("www.example.org.", 300, "A", "192.0.2.1", "192.0.2.2", "192.0.2.3"),
        rrset("www.example.org.", 0, "AAAA", "2001:db8::1"),
        rrset("WwW.example.org.", 300, "CNAME", "web.example.org."),
        rrset("example.org.", 300, "MX", "10 mail.example.org.", "20 MAIL.example.net."),
        rrset("example.org.", 300, "NS", "ns1.example.org.", "ns2.ns1.example.org."),
        rrset("_sip._tcp.example.org.", 300, "SRV", "0 5 5060 sip.example.org."),
        rrset("example.org.", 300, "TXT", '"one" "two"', '"three"'),
        rrset("example.org.", 300, "CAA", '0 issue "ca.example.net"'),
        rrset("old.example.org.", 300, "DNAME", "new.example.net."),
    ],
    ids=lambda found: f"{found.rdtype.name} {len(found.rdatas)}",
)
def test_the_answer_that_was_expected_is_recognized_in_any_order_and_with_other_sections(expected: RRset) -> None:
    found = exactly(expected.owner, expected)
    others = (
        [rrset("example.org.", 60, "NS", "ns1.example.org.")],
        [rrset("ns1.example.org.", 60, "A", "192.0.2.9")],
    )
    turned = replace(expected, rdatas=expected.rdatas[::-1])

    assert says_so(response(found, [expected]), found)
    assert says_so(response(found, [turned], *others), found)


ADDRESSES = rrset("www.example.org.", 300, "A", "192.0.2.1", "192.0.2.2")
MAIL = rrset("www.example.org.", 300, "MX", "10 mail.example.org.")


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        (ADDRESSES, []),
        (ADDRESSES, [replace(ADDRESSES, rdatas=ADDRESSES.rdatas[:1])]),
        (ADDRESSES, [replace(ADDRESSES, ttl=299)]),
        (ADDRESSES, [rrset("www.example.org.", 300, "A", "192.0.2.1", "192.0.2.3")]),
        (ADDRESSES, [replace(ADDRESSES, rdatas=(*ADDRESSES.rdatas, *ADDRESSES.rdatas[:1]))]),
        (ADDRESSES, [replace(ADDRESSES, rdatas=ADDRESSES.rdatas[:1] * 2)]),
        (ADDRESSES, [rrset("www.example.org.", 300, "CNAME", "web.example.org.")]),
        (ADDRESSES, [ADDRESSES, rrset("www.example.org.", 300, "TXT", '"more"')]),
        (MAIL, [rrset("www.example.org.", 300, "MX", "20 mail.example.org.")]),
        (MAIL, [rrset("www.example.org.", 300, "MX", "10 MAIL.example.org.")]),
        (MAIL, [rrset("www.example.org.", 300, "MX", "10 mail.example.net.")]),
    ],
)
def test_any_other_answer_is_not_what_was_expected(expected: RRset, answer: list[RRset]) -> None:
    found = exactly(expected.owner, expected)

    assert not says_so(response(found, answer), found)


@pytest.mark.parametrize(
    ("flags", "rcode"),
    [
        (0, Rcode.NOERROR),
        (dns.flags.AA | dns.flags.TC, Rcode.NOERROR),
        (dns.flags.AA | dns.flags.RA, Rcode.NOERROR),
        (dns.flags.AA, Rcode.NXDOMAIN),
        (dns.flags.AA, Rcode.SERVFAIL),
    ],
)
def test_flags_and_codes_count(flags: int, rcode: Rcode) -> None:
    found = exactly(WWW, ADDRESSES)

    assert not says_so(response(found, [ADDRESSES], flags=flags, rcode=rcode), found)


def test_a_name_that_is_asked_in_place_of_a_wildcard_is_expected_under_its_own_name() -> None:
    wildcard = rrset("*.example.org.", 300, "A", "192.0.2.1")
    found = exactly(absolute("nobody.example.org."), wildcard)

    assert says_so(response(found, [rrset("nobody.example.org.", 300, "A", "192.0.2.1")]), found)
    assert not says_so(response(found, [wildcard]), found)


def test_nothing_is_expected_with_its_code() -> None:
    nodata, nobody = (nothing(WWW, RdataType.A, code) for code in (Rcode.NOERROR, Rcode.NXDOMAIN))
    soa = [rrset("example.org.", 300, "SOA", "ns1.example.org. host.example.org. 1 2 3 4 5")]

    assert says_so(response(nodata, (), soa), nodata)
    assert says_so(response(nobody, (), soa, rcode=Rcode.NXDOMAIN), nobody)
    assert not says_so(response(nodata, (), soa, rcode=Rcode.NXDOMAIN), nodata)
    assert not says_so(response(nobody, (), soa), nobody)
    assert not says_so(response(nodata, [ADDRESSES]), nodata)
    assert not says_so(response(nodata, (), soa, flags=0), nodata)


def test_an_error_that_the_opt_record_completes_is_not_what_was_expected() -> None:
    nodata, further = nothing(WWW, RdataType.A, Rcode.NOERROR), referral(SUB.owner, SUB.rdtype, SUB, [GLUE])
    bad_version = response(nodata, rcode=Rcode.BADVERS)
    bad_referral = response(further, (), [SUB], [GLUE], flags=0, rcode=Rcode.BADVERS)

    assert [decoded(bad_version, nodata).rcode, decoded(bad_referral, further).rcode] == [Rcode.BADVERS] * 2
    assert not says_so(bad_version, nodata)
    assert not says_so(bad_referral, further)


@pytest.mark.parametrize("expected", [replace(ADDRESSES, rdatas=ADDRESSES.rdatas[:1]), ADDRESSES, MAIL])
def test_an_error_beside_the_expected_records_is_an_error(expected: RRset) -> None:
    found = exactly(expected.owner, expected)
    bad_version, good = (response(found, [expected], rcode=code) for code in (Rcode.BADVERS, Rcode.NOERROR))
    no_owner = bad_version.replace(b"\0\0\x29", b"\xc0\x0c\0\x29")

    assert decoded(bad_version, found).rcode == Rcode.BADVERS
    assert says_so(good, found)
    assert not says_so(bad_version, found)
    assert not says_so(no_owner, found)


def test_nothing_is_expected_of_a_whole_message() -> None:
    nodata = nothing(WWW, RdataType.A, Rcode.NOERROR)
    soa = [rrset("example.org.", 300, "SOA", "ns1.example.org. host.example.org. 1 2 3 4 5")]
    whole = response(nodata, (), soa)
    nowhere = nodata.section + b"\xff\xff"

    assert says_so(whole, nodata)
    assert not any(says_so(whole[:length], nodata) for length in range(len(whole)))
    assert not says_so(b"\0\7" + nodata.head + struct.pack("!HH", 0, 1) + nowhere + b"\0" * 10, nodata)


@pytest.mark.parametrize(
    ("owner", "whole"),
    [
        (b"\xc0\x0c", True),  # the name of the question
        (b"\xc0\x10", True),  # the zone
        (b"\xc0\x1c", True),  # the root
        (b"\7example\3org\0", True),
        (b"\3sub\xc0\x10", True),
        (b"\xc0\x11", False),  # amid a label
        (b"\xc0\x1e", False),  # behind the name
        (b"\xc0\x21", False),  # itself
        (b"\xc0\xff", False),
        (b"\x80\x10", False),
    ],
)
def test_nothing_is_expected_only_where_owners_can_be_read(owner: bytes, whole: bool) -> None:
    nodata = nothing(absolute("www.example.org."), RdataType.A, Rcode.NOERROR)
    record = owner + struct.pack("!HHIH", RdataType.NS, 1, 300, 1) + b"\0"

    assert says_so(b"\0\7" + nodata.head + struct.pack("!HH", 1, 0) + nodata.section + record, nodata) is whole


SUB = rrset("sub.example.org.", 300, "NS", "ns1.sub.example.org.", "ns.example.net.")
GLUE = rrset("ns1.sub.example.org.", 300, "A", "192.0.2.53")


@pytest.mark.parametrize("asked", [SUB, GLUE], ids=["the delegation", "its glue"])
def test_a_referral_is_expected_with_its_glue(asked: RRset) -> None:
    found = referral(asked.owner, asked.rdtype, SUB, [GLUE])

    assert says_so(response(found, (), [SUB], [GLUE], flags=0), found)
    assert not says_so(response(found, (), [SUB], [GLUE]), found)
    assert not says_so(response(found, (), [SUB], flags=0), found)
    assert not says_so(response(found, (), [SUB], [GLUE, ADDRESSES], flags=0), found)
    assert not says_so(response(found, (), [replace(SUB, ttl=1)], [GLUE], flags=0), found)
    assert not says_so(response(found, (), [replace(SUB, rdatas=SUB.rdatas[:1])], [GLUE], flags=0), found)


def test_of_what_is_not_foreseen_every_answer_is_decoded() -> None:
    question = Question(NOBODY, WWW, RdataType.A, recursion_desired=True, dnssec_ok=True)
    found = unforeseen(question)

    assert not says_so(response(found, [ADDRESSES]), found)
    assert b"\0\7" + found.body == wire.query(question, 7, edns=True)


DAMAGE = st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=3)


@given(strategies.rrsets(), DAMAGE, st.floats(0.5, 1))
@settings(max_examples=200, deadline=None)
def test_what_is_said_to_be_exactly_so_decodes_to_exactly_that(
    expected: RRset, damage: list[tuple[float, int]], length: float
) -> None:
    found = exactly(expected.owner, expected)
    whole = response(found, [expected])
    packet = bytearray(whole[: 12 + int(length * (len(whole) - 12))])
    for place, octet in damage:
        packet[2 + int(place * (len(packet) - 2))] = octet
    damaged = bytes(packet)
    if not says_so(damaged, found):
        # Most types are recognized, so that the rest of this test is not empty.
        assert damaged != whole or expected.rdtype not in {RdataType.A, RdataType.TXT, RdataType.MX}
        return

    try:
        answer = decoded(damaged, found)
    except wire.MalformedMessageError:
        return  # what is broken lies behind the answer, where nobody looks
    (shown,) = answer.answer
    assert identical(replace(expected, extras=()), shown)
    assert (answer.rcode & 0xF, answer.authoritative, answer.truncated) == (Rcode.NOERROR, True, False)


@given(st.binary(max_size=120), st.sampled_from([ADDRESSES, MAIL, SUB]))
@settings(max_examples=200, deadline=None)
def test_any_octets_behind_the_question_are_compared_and_nothing_else(octets: bytes, expected: RRset) -> None:
    for found in (exactly(expected.owner, expected), referral(expected.owner, expected.rdtype, expected, [])):
        head = b"\0\7" + found.head + struct.pack("!HH", 1, 1)
        says_so(head + found.section + octets, found)
