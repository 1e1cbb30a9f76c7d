"""Messages from octets: read as they were written, and never anything but one kind of error."""

import contextlib
import struct
from datetime import UTC, datetime

import dns.flags
import dns.message
import dns.name
import dns.rdataclass
import dns.rrset
import pytest
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.dnsclient import wire
from migrator.model.observation import Answer, Question, Server, Transport
from migrator.model.rrset import RRset, canonical_wire
from tests import strategies

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUESTION = Question(Server("192.0.2.53"), dns.name.from_text("www.example.org"), RdataType.A)
OFTEN = [RdataType[name] for name in ("A", "CNAME", "DS", "MX", "NS", "PTR", "SOA", "SRV", "TXT")]
SECTION = st.lists(strategies.rrsets(), max_size=3, unique_by=lambda rrset: rrset.key)


def decoded(octets: bytes, question: Question = QUESTION) -> Answer:
    return wire.decode(octets, question, NOON, Transport.UDP, 0.1)


def response(rrsets: list[RRset]) -> bytes:
    """A message with the sets in every section, one record a set, so that dnspython does not judge them."""
    message = dns.message.make_response(dns.message.make_query(QUESTION.qname, QUESTION.rdtype))
    for section in (message.answer, message.authority, message.additional):
        for rrset in rrsets:
            section += [dns.rrset.from_rdata(rrset.owner, rrset.ttl or 0, rdata) for rdata in rrset.rdatas]
    return message.to_wire(max_size=65535)


def content(rrsets: tuple[RRset, ...]) -> list[tuple[object, ...]]:
    """What the sets of a section hold, case of owners and order aside: compression takes the case of others."""
    return sorted(
        (rrset.owner.canonicalize().to_text(), int(rrset.rdtype), rrset.ttl, canonical_wire(rdata))
        for rrset in rrsets
        for rdata in rrset.rdatas
    )


@given(SECTION)
@settings(max_examples=100, deadline=None)
def test_every_section_is_read_as_it_was_written(section: list[RRset]) -> None:
    found = decoded(response(section))

    for read in (found.answer, found.authority, found.additional):
        assert content(read) == content(tuple(section))


@given(SECTION, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8), st.floats(0, 1))
@settings(max_examples=150, deadline=None)
def test_a_damaged_message_is_read_or_refused_and_nothing_else(
    section: list[RRset], changes: list[tuple[float, int]], length: float
) -> None:
    octets = bytearray(response(section))
    for place, octet in changes:
        octets[12 + int(place * (len(octets) - 13))] = octet
    damaged = bytes(octets[: 12 + int(length * (len(octets) - 12))])
    for flags in (0, dns.flags.TC):
        message = damaged[:2] + struct.pack("!H", 0x8400 | flags) + damaged[4:]
        try:
            for rrset in decoded(message).answer:
                assert all(isinstance(rdata.to_text(), str) for rdata in rrset.rdatas)
                assert all(canonical_wire(rdata) is not None for rdata in rrset.rdatas)
        except wire.MalformedMessageError:
            pass


@given(st.binary(max_size=600))
@settings(max_examples=200, deadline=None)
def test_any_octets_are_an_answer_or_malformed(octets: bytes) -> None:
    name, tail = wire.question_name(QUESTION), wire.question_tail(QUESTION)
    try:
        wire.answers(octets, 7, name, tail)
        decoded(octets)
    except wire.MalformedMessageError:
        pass


@given(st.integers(0, 65535), st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_rdata_of_any_type_is_carried_octet_by_octet(number: int, octets: bytes) -> None:
    rdtype = RdataType.make(number)
    if rdtype in {RdataType.OPT, RdataType.TSIG}:
        return
    header = struct.pack("!HHHHHH", 7, 0x8400, 0, 1, 0, 0)
    record = b"\3www\0" + struct.pack("!HHIH", number, RdataClass.IN, 60, len(octets)) + octets

    (rrset,) = decoded(header + record).answer

    (rdata,) = rrset.rdatas
    # Compressed names cannot stay as they are; every other octet does.
    assert rdata.to_wire() == octets or any(octet >= 0xC0 for octet in octets)
    assert isinstance(rdata.to_text(), str)


def test_a_query_is_what_dnspython_would_send() -> None:
    question = Question(
        QUESTION.server,
        dns.name.from_text("WwW.Example.org"),
        RdataType.TXT,
        recursion_desired=True,
        checking_disabled=True,
        dnssec_ok=True,
    )
    expected = dns.message.make_query(
        question.qname, "TXT", use_edns=0, want_dnssec=True, payload=1232, flags=dns.flags.RD | dns.flags.CD, id=7
    )

    assert wire.query(question, 7, edns=True) == expected.to_wire()
    assert wire.query(question, 7, edns=False)[:4] == struct.pack("!HH", 7, dns.flags.RD | dns.flags.CD)


HEADER = struct.pack("!HHHHHH", 7, 0x8400, 0, 1, 0, 0)


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(HEADER + b"\xc0\x0c\0\1\0\1\0\0\0\1\0\0", id="a pointer to itself"),
        pytest.param(HEADER + b"\xc0\x20\0\1\0\1\0\0\0\1\0\0", id="a pointer forward"),
        pytest.param(HEADER + b"\1a\xc0\x0c\0\1\0\1\0\0\0\1\0\0", id="a pointer into its own name"),
        pytest.param(HEADER + b"\x40a\0\0\1\0\1\0\0\0\1\0\0", id="a label type that is none"),
        pytest.param(HEADER + b"\x3f" + b"a" * 20, id="a label that is longer than the message"),
        pytest.param(
            HEADER + (b"\x3f" + b"a" * 63) * 4 + b"\0" + b"\0\1\0\1\0\0\0\1\0\0", id="a name of 257 octets"
        ),
        pytest.param(HEADER + b"\0\0\1\0\1\0\0\0\1\0\5a", id="rdata longer than the message"),
        pytest.param(HEADER + b"\0\0\1", id="the end within a record"),
        pytest.param(HEADER, id="the end before a record"),
    ],
)
def test_names_and_records_that_lead_nowhere_are_malformed(octets: bytes) -> None:
    with pytest.raises(wire.MalformedMessageError):
        decoded(octets)


@pytest.mark.parametrize(("hops", "is_read"), [(126, True), (127, False), (8000, False)])
def test_a_name_that_is_all_pointers_is_not_followed_for_long(hops: int, *, is_read: bool) -> None:
    # The rdata of the first record: the root, then pointers that each lead to what is before them.
    chain = b"\0" + b"".join(struct.pack("!H", 0xC000 | (23 if n == 0 else 22 + 2 * n)) for n in range(hops))
    first = b"\0" + struct.pack("!HHIH", 65400, RdataClass.IN, 60, len(chain)) + chain
    second = struct.pack("!H", 0xC000 | 22 + 2 * hops) + struct.pack("!HHIH", 65400, RdataClass.IN, 60, 0)
    octets = struct.pack("!HHHHHH", 7, 0x8400, 0, 2, 0, 0) + first + second

    if is_read:
        assert [rrset.owner for rrset in decoded(octets).answer] == [dns.name.root]
    else:
        with pytest.raises(wire.MalformedMessageError):
            decoded(octets)


def test_records_of_another_class_answer_nothing() -> None:
    chaos = b"\0" + struct.pack("!HHIH", RdataType.TXT, dns.rdataclass.CH, 0, 2) + b"\1a"
    ours = b"\0" + struct.pack("!HHIH", RdataType.TXT, RdataClass.IN, 0, 2) + b"\1b"
    octets = struct.pack("!HHHHHH", 7, 0x8400, 0, 2, 0, 0) + chaos + ours

    (rrset,) = decoded(octets).answer

    assert [rdata.to_text() for rdata in rrset.rdatas] == ['"b"']


@pytest.mark.parametrize(("ttl", "read"), [(2**31 - 1, 2**31 - 1), (2**31, 0), (2**32 - 1, 0)])
def test_a_ttl_beyond_31_bits_means_0(ttl: int, read: int) -> None:
    record = b"\0" + struct.pack("!HHIH", RdataType.A, RdataClass.IN, ttl, 4) + b"\xc0\0\2\1"

    assert decoded(HEADER + record).answer[0].ttl == read


@pytest.mark.parametrize(
    ("options", "read"),
    [
        (b"", ()),
        (b"\0\x0f\0\2\0\6", ((6, ""),)),
        (b"\0\x0f\0\6\0\6text", ((6, "text"),)),
        (b"\0\x0f\0\7\0\6text\0", ((6, "text"),)),
        (b"\0\x0f\0\3\0\6\xff", ((6, "\ufffd"),)),
        (b"\0\x0f\0\1\0", ()),
        (b"\0\x0f\0\x10\0\6text", ()),
        (b"\0\3\0\4nsid\0\x0f\0\2\0\1\0\x0f\0\2\0\2", ((1, ""), (2, ""))),
    ],
)
def test_extended_errors_are_read_as_far_as_they_go(options: bytes, read: tuple[tuple[int, str], ...]) -> None:
    header = struct.pack("!HHHHHH", 7, 0x8400, 0, 0, 0, 1)
    opt = b"\0" + struct.pack("!HHIH", RdataType.OPT, 1232, 0, len(options)) + options

    assert decoded(header + opt).extended_errors == read


def test_the_upper_bits_of_the_rcode_come_with_edns() -> None:
    opt = b"\0" + struct.pack("!HHIH", RdataType.OPT, 1232, 0x01000000, 0)

    assert decoded(struct.pack("!HHHHHH", 7, 0x8407, 0, 0, 0, 1) + opt).rcode == 23


def test_of_a_truncated_message_all_is_read_that_is_whole() -> None:
    record = b"\0" + struct.pack("!HHIH", RdataType.A, RdataClass.IN, 60, 4) + b"\xc0\0\2\1"
    octets = struct.pack("!HHHHHH", 7, 0x8600, 0, 3, 1, 1) + record + record[:-1]

    found = decoded(octets)

    assert found.truncated
    assert [rrset.rdatas[0].to_text() for rrset in found.answer] == ["192.0.2.1"]
    assert (found.authority, found.additional) == ((), ())


def remembered_or_not(packet: bytes) -> list[tuple[object, object]]:
    """Each record's rdata as the reader of the message gives it, and as it is read on its own."""
    reader = wire.MessageReader(packet)
    found: list[tuple[object, object]] = []
    with contextlib.suppress(*wire.BROKEN):
        reader.skip_questions(1)
        found += ((shown(reader.rdata(each)), shown(wire.rdata_of(packet, each))) for each in reader.records(4))
    return found


def shown(rdata: Rdata) -> tuple[object, ...]:
    return type(rdata).__name__, rdata.rdtype, rdata.to_wire()


@given(
    st.lists(strategies.rrsets(types=OFTEN), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(12, 400), st.integers(0, 255)), max_size=4),
)
@settings(max_examples=300)
def test_rdata_that_are_remembered_are_what_is_read_each_time(
    found: list[RRset], broken: list[tuple[int, int]]
) -> None:
    message = dns.message.make_response(dns.message.make_query("example.org.", "A"))
    for each in found:
        message.answer.append(dns.rrset.from_rdata_list(each.owner, each.ttl or 0, each.rdatas[:1]))
    packet = bytearray(message.to_wire(max_size=65535))
    for at, octet in broken:
        packet[at % len(packet)] = octet
    for ours, alone in remembered_or_not(bytes(packet)):
        assert ours == alone
