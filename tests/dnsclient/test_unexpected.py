"""Asking with expectations over real sockets: what is as expected is passed over, and nothing else is."""

from dataclasses import replace

import dns.name
from dns.rcode import Rcode
from dns.rdata import from_text
from dns.rdatatype import RdataType

from migrator.dnsclient import SocketClient
from migrator.dnsclient.expectation import Expectation, exactly, nothing
from migrator.model.names import absolute
from migrator.model.observation import Answer, NoAnswer, Silence, Transport
from migrator.model.rrset import RRset, RRsetKey
from tests.dnsclient.test_client import NOON, PROFILE
from tests.faulty import ALL, FaultyServer, Reply

NOBODY = "gone.example.org"


def client(timeout: float = 0.3, attempts: int = 3) -> SocketClient:
    return SocketClient(replace(PROFILE, timeout=timeout, attempts=attempts), clock=lambda: NOON)


def address(host: str, text: str = "192.0.2.1") -> RRset:
    return RRset(RRsetKey(absolute(host), RdataType.A), 300, (from_text("IN", "A", text),))


def hosts(count: int) -> list[Expectation]:
    return [exactly(rrset.owner, rrset) for rrset in (address(f"h{n}.example.org.") for n in range(count))]


def answering(count: int) -> dict[tuple[str | None, str | None], Reply | list[Reply]]:
    return {
        (f"h{n}.example.org", None): Reply(answer=[f"h{n}.example.org. 300 A 192.0.2.1"]) for n in range(count)
    }


def test_what_is_as_expected_is_not_told() -> None:
    rules = {**answering(300), (NOBODY, None): Reply(rcode="NXDOMAIN")}
    expected = [*hosts(300), nothing(dns.name.from_text(NOBODY), RdataType.A, Rcode.NXDOMAIN)]
    with FaultyServer(rules) as one, FaultyServer(rules) as other:
        assert client().unexpected([one.server, other.server], expected) == ({}, {})
        for server in (one, other):
            assert len({query.name for query in server.queries}) == 301


def test_what_differs_is_told_in_its_place_and_for_its_server() -> None:
    changed = Reply(answer=["h3.example.org. 60 A 192.0.2.1"])
    with (
        FaultyServer(answering(5)) as one,
        FaultyServer({**answering(5), ("h3.example.org", None): changed}) as other,
    ):
        same, (found,) = client().unexpected([one.server, other.server], hosts(5)), [3]

        assert same[0] == {}
        assert list(same[1]) == [found]
        answer = same[1][found]
        assert isinstance(answer, Answer)
        assert (answer.question.server, str(answer.question.qname)) == (other.server, "h3.example.org.")
        assert answer.answered() == RRset(
            RRsetKey(absolute("h3.example.org."), RdataType.A), 60, address("x.").rdatas
        )


def test_nothing_expected_is_nothing_asked() -> None:
    with FaultyServer({}) as server:
        assert client().unexpected([server.server], []) == ({},)
        assert client().unexpected([], hosts(3)) == ()


def test_silence_is_never_as_expected() -> None:
    rules = {**answering(40), ("h39.example.org", None): Reply(drop=ALL)}
    with FaultyServer(rules) as server:
        (found,) = client(0.4, attempts=1).unexpected([server.server], hosts(40))

        assert [(place, type(each)) for place, each in found.items()] == [(39, NoAnswer)]
        silence = found[39]
        assert isinstance(silence, NoAnswer)
        assert (silence.reason, str(silence.question.qname)) == (Silence.TIMEOUT, "h39.example.org.")
        # A server that is heard is asked again as soon as its round trips say, and as long as the profile does.
        tries = server.asked("h39.example.org", "A")
        assert 2 <= tries <= 4
        assert silence.detail == f"{tries} tries in 0.4 s"


def test_a_dead_server_is_told_for_every_question() -> None:
    with FaultyServer({}, udp=False, tcp=False) as nobody, FaultyServer(answering(50)) as server:
        dead, alive = client().unexpected([nobody.server, server.server], hosts(50))

    assert alive == {}
    assert sorted(dead) == list(range(50))
    assert {each.reason for each in dead.values() if isinstance(each, NoAnswer)} == {Silence.REFUSED}


def test_an_answer_that_is_cut_off_is_as_expected_if_it_is_so_over_tcp() -> None:
    def cut(text: str) -> Reply:
        return Reply(answer=[f"h0.example.org. 300 A {text}"], truncated=True)

    for text, places in (("192.0.2.1", []), ("192.0.2.2", [0])):
        with FaultyServer({("h0.example.org", None): cut(text)}) as server:
            (found,) = client().unexpected([server.server], hosts(1))

            assert list(found) == places
            assert [query.transport for query in server.queries] == [Transport.UDP, Transport.TCP]


def test_a_server_without_edns_can_be_as_expected() -> None:
    reply = Reply(answer=["h0.example.org. 300 A 192.0.2.1"], knows_edns=False)
    with FaultyServer({("h0.example.org", None): reply}) as server:
        assert client().unexpected([server.server], hosts(1)) == ({},)
        assert [query.edns for query in server.queries] == [True, False]


def test_the_case_of_the_repeated_question_does_not_make_a_difference_in_meaning() -> None:
    reply = Reply(
        answer=["h0.example.org. 300 A 192.0.2.1"],
        rewrite=lambda wire: wire.replace(b"\2h0\7example", b"\2H0\7eXample"),
    )
    with FaultyServer({("h0.example.org", None): reply}) as server:
        (found,) = client().unexpected([server.server], hosts(1))

    # It is in doubt, so it is decoded; it says the same.
    (answer,) = found.values()
    assert isinstance(answer, Answer)
    assert answer.answered() == address("h0.example.org.")


def test_a_lossy_way_leaves_no_question_open() -> None:
    rules: dict[tuple[str | None, str | None], Reply | list[Reply]] = {
        key: [replace(reply, drop=number % 3)] if number % 7 == 0 else reply
        for number, (key, reply) in enumerate(answering(700).items())
        if isinstance(reply, Reply)
    }
    with FaultyServer(rules) as server:
        assert client(1.0).unexpected([server.server], hosts(700)) == ({},)


def test_progress_is_told_of_all_questions() -> None:
    told: list[tuple[str, int, int | None]] = []

    def tell(what: str, done: int, total: int | None) -> None:
        told.append((what, done, total))

    with FaultyServer(answering(30)) as one, FaultyServer(answering(30)) as other:
        client().unexpected([one.server, other.server], hosts(30), tell)

    assert told[-1] == ("answers", 60, 60)
