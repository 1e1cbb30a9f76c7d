"""Observations as JSON: every answer and every silence comes back as it was."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import dns.rdata
import pytest
from dns.name import Name
from dns.rcode import Rcode
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from hypothesis import given
from hypothesis import strategies as st

from migrator.codec.observation import dumps, instant, loads, parse_instant
from migrator.errors import InputError
from migrator.model.names import absolute
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server, Silence, Transport
from migrator.model.rrset import RRset, RRsetKey, make

AT = datetime(2026, 12, 1, 9, 0, 0, 250_000, tzinfo=UTC)
ASKED = Question(Server("192.0.2.1", 53, absolute("a.nic.test.")), absolute("example.test."), RdataType.NS)

rdatas = st.sampled_from(
    [
        (RdataType.NS, "ns1.example.net."),
        (RdataType.A, "192.0.2.7"),
        (RdataType.AAAA, "2001:db8::7"),
        (RdataType.TXT, r'"a \"quoted\" one" "\000\255;"'),
        (RdataType.SOA, "ns1.example.net. host.example.net. 4294967295 1 2 3 4"),
        (RdataType.DS, "20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d"),
        (RdataType.make(65_280), r"\# 3 00ff41"),
    ]
)
labels = st.binary(min_size=1, max_size=20)
names = st.lists(labels, max_size=4).map(lambda parts: Name([*parts, b""]))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
servers = st.builds(
    Server, st.sampled_from(["192.0.2.1", "2001:db8::1"]), st.integers(1, 65_535), st.none() | names
)
questions = st.builds(
    Question,
    servers,
    names,
    st.sampled_from([RdataType.NS, RdataType.SOA, RdataType.make(65_280)]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(Transport),
)


@st.composite
def rrsets(draw: st.DrawFn) -> RRset:
    rdtype, text = draw(rdatas)
    rdata = dns.rdata.from_text(RdataClass.IN, rdtype, text)
    return make(RRsetKey(draw(names), rdtype), draw(st.integers(0, 2**31 - 1)), (rdata,))


sections = st.lists(rrsets(), max_size=3).map(tuple)
answers = st.builds(
    Answer,
    questions,
    moments,
    st.integers(0, 4095).map(Rcode.make),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(Transport),
    st.floats(0, 60),
    sections,
    sections,
    sections,
    st.lists(st.tuples(st.integers(0, 65_535), st.text(max_size=20)), max_size=2).map(tuple),
)
silences = st.builds(NoAnswer, questions, moments, st.sampled_from(Silence), st.text(max_size=30))


@given(answers | silences)
def test_an_observation_comes_back_as_it_was(observation: Observation) -> None:
    assert loads(dumps(observation)) == observation


def test_an_observation_is_one_line() -> None:
    assert "\n" not in dumps(NoAnswer(ASKED, AT, Silence.MALFORMED, "two\nlines"))


@given(moments, moments)
def test_instants_sort_as_texts(one: datetime, other: datetime) -> None:
    assert (instant(one) < instant(other)) == (one < other)
    assert parse_instant(instant(one)) == one


def test_an_instant_of_another_zone_is_read_in_utc() -> None:
    moment = parse_instant("2026-12-01T10:00:00+01:00")

    assert moment == datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"at": "yesterday"}, "'yesterday' is no time such as 2026-12-01T09:00:00Z."),
        (
            {"at": "2026-12-01T09:00:00"},
            "'2026-12-01T09:00:00' is a time without its zone; a final Z was expected.",
        ),
        ({"rcode": 70_000}, "row 7: rcode: 70000 is no response code."),
        ({"authoritative": "yes"}, "row 7: authoritative: true or false was expected, found text."),
        ({"elapsed": None}, "row 7: elapsed: a number of seconds was expected, found null."),
        ({"transport": "doves"}, "row 7: transport: 'doves' is none of udp, tcp."),
        ({"question": 1}, "row 7: question: an object was expected, found the number 1."),
        ({"answer": [{"owner": ".", "rdtype": "FOO"}]}, "row 7: answer[0].rdtype: 'FOO' is no type of record."),
    ],
)
def test_what_is_no_observation_is_refused_with_the_place(change: dict[str, Any], message: str) -> None:
    answer = Answer(
        ASKED,
        AT,
        Rcode.NOERROR,
        authoritative=True,
        truncated=False,
        recursion_available=False,
        authenticated=False,
        transport=Transport.UDP,
        elapsed=0.01,
    )
    text = json.dumps(json.loads(dumps(answer)) | change)

    with pytest.raises(InputError) as caught:
        loads(text, file="row 7")

    assert str(caught.value) == message
