"""The client over real sockets: what comes back, what is ignored, and that no question stays open."""

import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import dns.name
import pytest
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.dnsclient import SocketClient
from migrator.dnsclient.engine import Engine
from migrator.dnsclient.lane import Lane
from migrator.dnsclient.peer import Peer
from migrator.dnsclient.tcp import TcpLine
from migrator.dnsclient.udp import UdpLine
from migrator.model.extras import ForRecord, RecordTTL
from migrator.model.observation import Answer, NoAnswer, Question, Server, Silence, Transport
from migrator.network.profile import NetworkProfile
from tests.faulty import ALL, FaultyServer, Reply, Rules

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
WWW = "www.example.org. 300 A 192.0.2.1"
# A machine that is busy may be late; what is to be silent is waited for more briefly.
PROFILE = NetworkProfile(
    root_hints=(),
    port=53,
    ipv6=None,
    timeout=30,
    attempts=3,
    queries_per_second=100_000,
    trust_anchors="",
    rdap_bootstrap="",
    allow_special_addresses=True,
    resolvers=(),
)


def client(profile: NetworkProfile = PROFILE) -> SocketClient:
    return SocketClient(profile, clock=lambda: NOON)


def question(server: Server, name: str = "www.example.org", rdtype: str = "A") -> Question:
    return Question(server, dns.name.from_text(name), RdataType.from_text(rdtype))


def texts(answer: Answer) -> list[str]:
    return [
        f"{rrset.owner} {rrset.ttl} {RdataType.to_text(rrset.rdtype)} {rdata}"
        for section in (answer.answer, answer.authority, answer.additional)
        for rrset in section
        for rdata in rrset.rdatas
    ]


def the_answer(reply: Reply | list[Reply], profile: NetworkProfile = PROFILE) -> Answer:
    with FaultyServer({(None, None): reply}) as server:
        (found,) = client(profile).ask([question(server.server)])
    assert isinstance(found, Answer), found
    return found


def the_silence(reply: Reply, profile: NetworkProfile = PROFILE) -> NoAnswer:
    with FaultyServer({(None, None): reply}) as server:
        (found,) = client(profile).ask([question(server.server)])
    assert isinstance(found, NoAnswer), found
    return found


def test_an_answer_carries_all_that_the_message_says() -> None:
    reply = Reply(
        answer=["www.example.org. 300 CNAME web.example.org.", "web.example.org. 60 A 192.0.2.1"],
        authority=["example.org. 3600 NS ns1.example.org."],
        additional=["ns1.example.org. 3600 AAAA 2001:db8::1"],
        recursion_available=True,
        authenticated=True,
        extended_error=(3, "stale"),
    )

    found = the_answer(reply)

    assert (found.at, found.rcode, found.transport) == (NOON, Rcode.NOERROR, Transport.UDP)
    assert (found.authoritative, found.recursion_available, found.authenticated) == (True, True, True)
    assert (found.truncated, found.extended_errors) == (False, ((3, "stale"),))
    assert 0 < found.elapsed < 0.3
    assert texts(found) == [
        "www.example.org. 300 CNAME web.example.org.",
        "web.example.org. 60 A 192.0.2.1",
        "example.org. 3600 NS ns1.example.org.",
        "ns1.example.org. 3600 AAAA 2001:db8::1",
    ]


def test_observations_stand_in_the_order_of_the_questions_and_equal_questions_are_asked_once() -> None:
    with FaultyServer(
        {("slow.example.org", None): Reply(delay=0.05), (None, None): Reply(answer=[WWW])}
    ) as server:
        questions = [
            question(server.server, "slow.example.org"),
            question(server.server),
            question(server.server, "WWW.example.ORG"),
            question(replace(server.server, name=dns.name.from_text("ns1.example.org"))),
            question(server.server, rdtype="TXT"),
        ]
        found = client().ask(questions)

        assert [observation.question for observation in found] == questions
        assert all(isinstance(observation, Answer) for observation in found)
        assert len(server.queries) == 3


def test_nothing_asked_is_nothing_answered() -> None:
    assert client().ask([]) == ()


def test_flags_are_sent_as_asked() -> None:
    with FaultyServer({(None, None): Reply()}) as server:
        plain = question(server.server)
        client().ask(
            [plain, replace(plain, recursion_desired=True, checking_disabled=True), replace(plain, dnssec_ok=True)]
        )

        seen = sorted(
            (query.recursion_desired, query.checking_disabled, query.dnssec_ok, query.edns)
            for query in server.queries
        )
        assert seen == [(False, False, False, True), (False, False, True, True), (True, True, False, True)]


def test_ids_and_source_ports_differ_from_call_to_call() -> None:
    with FaultyServer({(None, None): Reply()}) as server:
        asking = client()
        for _ in range(8):
            asking.ask([question(server.server)])

        assert len({query.ident for query in server.queries}) > 4
        assert len({query.port for query in server.queries}) > 4


def test_a_lost_query_is_sent_again() -> None:
    assert texts(the_answer(Reply(answer=[WWW], drop=2), replace(PROFILE, timeout=0.2, attempts=10))) == [WWW]


def test_silence_is_a_time_out_after_all_tries() -> None:
    with FaultyServer({(None, None): Reply(drop=ALL)}) as server:
        before = time.monotonic()
        found = client(replace(PROFILE, timeout=0.1)).ask([question(server.server)])

        assert found == (NoAnswer(question(server.server), NOON, Silence.TIMEOUT, "3 tries of 0.1 s"),)
        assert time.monotonic() - before >= 0.3
        assert len(server.queries) == 3


def test_a_late_answer_to_an_earlier_try_counts() -> None:
    replies = [Reply(answer=[WWW], delay=0.15), Reply(drop=ALL)]

    assert texts(the_answer(replies, replace(PROFILE, timeout=0.1, attempts=10))) == [WWW]


@pytest.mark.parametrize(
    "before",
    [b"", b"\0", b"\xff" * 11, b"\xff" * 400, struct.pack("!HHHHHH", 1, 0x8000, 1, 9, 9, 9) + b"\xc0"],
)
def test_foreign_packets_before_the_answer_are_ignored(before: bytes) -> None:
    assert texts(the_answer(Reply(answer=[WWW], before=before, copies=3))) == [WWW]


def test_an_answer_with_the_wrong_id_is_no_answer() -> None:
    assert the_silence(Reply(answer=[WWW], wrong_id=True), replace(PROFILE, timeout=0.1)).reason is Silence.TIMEOUT


@pytest.mark.parametrize(
    ("reply", "detail"),
    [
        (Reply(wrong_question=True), "an answer came that repeats another question"),
        (Reply(garbage=b"\x01"), "1 octets came that are no DNS message"),
        (Reply(answer=[WWW], rewrite=lambda wire: wire[:-3]), "the message breaks off or contradicts itself"),
        (Reply(rewrite=lambda wire: wire[:2] + b"\0\0" + wire[4:]), "the message is no response to a query"),
        (Reply(rewrite=lambda wire: wire[:6] + b"\xff\xff" + wire[8:]), "the message breaks off"),
    ],
)
def test_malformed_answers_are_waited_past_and_then_named(reply: Reply, detail: str) -> None:
    found = the_silence(reply, replace(PROFILE, timeout=0.5, attempts=2))

    assert found.reason is Silence.MALFORMED
    assert detail in found.detail


def test_a_good_answer_after_a_malformed_one_counts() -> None:
    replies = [Reply(rewrite=lambda wire: wire[:14]), Reply(answer=[WWW])]

    assert texts(the_answer(replies, replace(PROFILE, timeout=0.1, attempts=10))) == [WWW]


def test_the_case_of_the_repeated_question_does_not_count() -> None:
    found = the_answer(
        Reply(answer=[WWW], rewrite=lambda wire: wire.replace(b"\3www\7example", b"\3WwW\7eXample"))
    )

    assert found.answered() is not None


def test_only_the_address_that_was_asked_is_heard() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        deaf.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.2", 0))
        deaf.settimeout(5)
        asked = Server("127.0.0.1", deaf.getsockname()[1])
        import threading

        def answer_from_elsewhere() -> None:
            wire, sender = deaf.recvfrom(512)
            other.sendto(wire[:2] + b"\x84\x00" + wire[4:], sender)

        thread = threading.Thread(target=answer_from_elsewhere)
        thread.start()
        (found,) = client(replace(PROFILE, timeout=0.1, attempts=1)).ask([question(asked)])
        thread.join()

    assert isinstance(found, NoAnswer)
    assert found.reason is Silence.TIMEOUT


@pytest.mark.parametrize("rcode", ["REFUSED", "SERVFAIL", "NXDOMAIN", "NOTAUTH", "NOTZONE"])
def test_an_answer_that_says_no_is_an_answer(rcode: str) -> None:
    found = the_answer(Reply(rcode=rcode, authoritative=False))

    assert (found.rcode, found.authoritative) == (Rcode[rcode], False)


@pytest.mark.parametrize("rcode", ["FORMERR", "NOTIMP", "BADVERS"])
def test_a_server_without_edns_is_asked_without_and_that_is_remembered(rcode: str) -> None:
    refusing = Reply(rcode=rcode)
    with FaultyServer({(None, None): [refusing, Reply(answer=[WWW])]}) as server:
        asking = client()
        first = asking.ask([question(server.server)])
        second = asking.ask([question(server.server)])

        assert [texts(found) for found in (*first, *second) if isinstance(found, Answer)] == [[WWW], [WWW]]
        assert [query.edns for query in server.queries] == [True, False, False]


def test_a_server_without_edns_is_asked_without_over_tcp_as_well() -> None:
    with FaultyServer({(None, None): Reply(answer=[WWW], knows_edns=False)}) as server:
        asking = client()
        over_tcp = replace(question(server.server), transport=Transport.TCP)
        found = [*asking.ask([question(server.server)]), *asking.ask([over_tcp])]

        assert [texts(answer) for answer in found if isinstance(answer, Answer)] == [[WWW], [WWW]]
        assert [(query.transport, query.edns) for query in server.queries] == [
            (Transport.UDP, True),
            (Transport.UDP, False),
            (Transport.TCP, False),
        ]


def test_a_format_error_without_the_question_means_no_edns() -> None:
    assert texts(the_answer(Reply(answer=[WWW], knows_edns=False))) == [WWW]
    assert texts(the_answer(Reply(answer=[WWW], knows_edns=False, truncated=True))) == [WWW]


def test_over_tcp_too_a_question_that_is_asked_again_without_edns_has_one_end() -> None:
    refusing = Reply(answer=[WWW], knows_edns=False)
    with FaultyServer({("slow.example.org", None): Reply(drop=ALL), (None, None): refusing}) as server:
        over_tcp = replace(question(server.server), transport=Transport.TCP)
        slow = question(server.server, "slow.example.org")
        # The slow one keeps the call going until the time of the first try is long up.
        answer, silence = client(replace(PROFILE, timeout=0.3)).ask([over_tcp, slow])

        assert isinstance(answer, Answer)
        assert (answer.question, answer.transport, texts(answer)) == (over_tcp, Transport.TCP, [WWW])
        assert silence == NoAnswer(slow, NOON, Silence.TIMEOUT, "3 tries of 0.3 s")
        assert [query.edns for query in server.queries if query.transport is Transport.TCP] == [True, False]


def test_what_is_not_implemented_without_edns_either_is_the_answer() -> None:
    assert the_answer(Reply(rcode="NOTIMP")).rcode == Rcode.NOTIMP


def test_a_truncated_answer_is_asked_again_over_tcp() -> None:
    found = the_answer(Reply(answer=[WWW], truncated=True))

    assert texts(found) == [WWW]
    assert (found.transport, found.truncated) == (Transport.TCP, False)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(answer=[WWW], truncated=True, over_tcp=False),
        Reply(answer=[WWW], truncated=True, close_after=1),
        Reply(answer=[WWW], truncated=True, close_after=20),
        Reply(answer=[WWW], truncated=True, before=b"\0" * 12),
    ],
)
def test_where_tcp_fails_the_truncated_answer_says_that_it_is(reply: Reply) -> None:
    found = the_answer(reply, replace(PROFILE, timeout=1))

    assert (found.truncated, found.transport, found.answer) == (True, Transport.UDP, ())


def test_where_no_tcp_listens_the_truncated_answer_says_that_it_is() -> None:
    with FaultyServer({(None, None): Reply(truncated=True)}, tcp=False) as server:
        (found,) = client().ask([question(server.server)])

    assert isinstance(found, Answer)
    assert found.truncated


def test_tcp_is_used_where_asked_and_connections_are_kept() -> None:
    with FaultyServer({(None, None): Reply(answer=[WWW])}) as server:
        questions = [
            replace(question(server.server, f"h{n}.example.org"), transport=Transport.TCP) for n in range(200)
        ]
        found = client().ask(questions)

        assert all(isinstance(answer, Answer) and answer.transport is Transport.TCP for answer in found)
        assert {query.transport for query in server.queries} == {Transport.TCP}
        assert len({query.port for query in server.queries}) <= 4


def test_a_server_that_is_slower_than_one_time_out_is_waited_for_over_tcp_too() -> None:
    with FaultyServer({(None, None): Reply(answer=[WWW], delay=0.9)}) as server:
        over_tcp = replace(question(server.server), transport=Transport.TCP)
        (found,) = client(replace(PROFILE, timeout=0.6)).ask([over_tcp])

        assert isinstance(found, Answer)
        assert len(server.queries) == 2


def test_a_server_that_hangs_over_tcp_costs_no_more_than_all_tries() -> None:
    with FaultyServer({(None, None): Reply(drop=ALL)}) as server:
        over_tcp = replace(question(server.server), transport=Transport.TCP)
        before = time.monotonic()
        (found,) = client(replace(PROFILE, timeout=0.3)).ask([over_tcp])

        assert isinstance(found, NoAnswer)
        assert 0.85 < time.monotonic() - before < 1.6
        assert len(server.queries) == 2


def test_a_server_that_closes_after_each_answer_is_asked_on_new_connections() -> None:
    with FaultyServer({(None, None): Reply(answer=[WWW], hang_up=True)}) as server:
        questions = [
            replace(question(server.server, f"h{n:02}.example.org"), transport=Transport.TCP) for n in range(20)
        ]
        found = client().ask(questions)

        assert sum(isinstance(answer, Answer) for answer in found) == 20
        assert len({query.port for query in server.queries}) == 20


@pytest.mark.parametrize("transport", list(Transport))
def test_a_closed_port_is_refused_and_costs_no_time_out(transport: Transport) -> None:
    with FaultyServer({}, udp=False, tcp=False) as nobody:
        before = time.monotonic()
        (found,) = client().ask([replace(question(nobody.server), transport=transport)])

    assert isinstance(found, NoAnswer)
    assert (found.reason, found.detail) == (Silence.REFUSED, f"nothing listens on the {transport.upper()} port")
    assert time.monotonic() - before < PROFILE.timeout


def test_a_server_that_comes_back_between_the_tries_is_heard() -> None:
    with FaultyServer({}, udp=False, tcp=False) as place:
        port = place.port
    with FaultyServer({(None, None): Reply(answer=[WWW], drop=1)}, port=port) as server:
        (found,) = client(replace(PROFILE, timeout=0.5, attempts=10)).ask([question(server.server)])

    assert isinstance(found, Answer)


def test_without_a_route_the_question_ends_at_once() -> None:
    asked = [question(Server(address)) for address in ("255.255.255.255", "not an address", "fe80::1")]
    before = time.monotonic()
    found = client().ask(asked)

    assert [observation.reason for observation in found if isinstance(observation, NoAnswer)] == [
        Silence.UNREACHABLE
    ] * 3
    assert time.monotonic() - before < PROFILE.timeout


def test_ipv6_that_is_switched_off_is_not_asked() -> None:
    (found,) = client(replace(PROFILE, ipv6=False)).ask([question(Server("::1"))])

    assert isinstance(found, NoAnswer)
    assert (found.reason, found.detail) == (
        Silence.FORBIDDEN,
        "IPv6 is switched off in the network profile",
    )


@pytest.mark.parametrize("ipv6", [None, True])
def test_ipv6_is_asked_where_there_is_a_route(ipv6: bool | None) -> None:
    with FaultyServer({(None, None): Reply(answer=[WWW], truncated=True)}, address="::1") as server:
        (found,) = client(replace(PROFILE, ipv6=ipv6)).ask([question(server.server)])

    assert isinstance(found, Answer)
    assert texts(found) == [WWW]


def test_a_dead_server_does_not_cost_a_time_out_for_every_question() -> None:
    with FaultyServer({(None, None): Reply(drop=ALL)}) as dead, FaultyServer({(None, None): Reply()}) as alive:
        questions = [question(server.server, f"h{n}.example.org") for n in range(500) for server in (dead, alive)]
        before = time.monotonic()
        found = client(replace(PROFILE, timeout=1)).ask(questions)

        assert time.monotonic() - before < 60  # a time-out for every eight takes three minutes
        assert all(isinstance(observation, Answer) for observation in found[1::2])
        silences = [observation for observation in found[::2] if isinstance(observation, NoAnswer)]
        assert len(silences) == 500
        assert {silence.reason for silence in silences} == {Silence.TIMEOUT}
        assert silences[-1].detail == "not sent, since the 8 questions before it got no answer"


def test_what_is_not_sent_to_a_closed_port_is_refused_like_the_rest() -> None:
    with FaultyServer({}, udp=False, tcp=False) as nobody:
        found = client().ask([question(nobody.server, f"h{n}.example.org") for n in range(50)])

    assert {silence.reason for silence in found if isinstance(silence, NoAnswer)} == {Silence.REFUSED}
    assert len(found) == 50


def test_hundreds_of_servers_are_asked_in_turn() -> None:
    with FaultyServer({(None, None): Reply()}, address="127.0.0.9") as server:
        closed = [Server(f"127.0.{n}.9", server.port) for n in range(1, 200)]
        found = client(replace(PROFILE, attempts=1)).ask([question(each) for each in (*closed, server.server)])

    assert [type(observation) for observation in found] == [NoAnswer] * 199 + [Answer]


def test_lost_packets_do_not_stop_the_others() -> None:
    rules: dict[tuple[str | None, str | None], Reply | list[Reply]] = {
        (f"h{n}.example.org", None): Reply(drop=1) for n in range(0, 2000, 20)
    }
    with FaultyServer({**rules, (None, None): Reply()}) as server:
        before = time.monotonic()
        found = client(replace(PROFILE, timeout=1)).ask(
            [question(server.server, f"h{n}.example.org") for n in range(2000)]
        )

        assert all(isinstance(observation, Answer) for observation in found)
        assert time.monotonic() - before < 60  # one time-out after another would take a hundred seconds


def test_a_server_is_asked_no_faster_than_the_profile_says() -> None:
    with FaultyServer({(None, None): Reply()}) as server:
        asking = client(replace(PROFILE, queries_per_second=50))
        questions = [question(server.server, f"h{n}.example.org") for n in range(20)]
        before = time.monotonic()
        asking.ask(questions[:10])
        asking.ask(questions[10:])

        # Two and a half may go at once, the others one every 20 ms.
        assert time.monotonic() - before > 17 / 50


def test_progress_counts_every_question() -> None:
    told: list[tuple[str, int, int | None]] = []

    def tell(what: str, done: int, total: int | None) -> None:
        told.append((what, done, total))

    with FaultyServer({(None, None): Reply()}) as server:
        questions = [question(server.server, f"h{n}.example.org") for n in range(100)]
        client().ask([*questions, *questions], tell)

    assert told[-1] == ("answers", 200, 200)
    assert [done for _, done, _ in told] == sorted({done for _, done, _ in told})


def test_five_thousand_questions_to_three_servers_take_seconds() -> None:
    servers = [FaultyServer({(None, None): Reply(answer=[WWW])}) for _ in range(3)]
    with servers[0], servers[1], servers[2]:
        questions = [question(servers[n % 3].server, f"h{n}.example.org") for n in range(5000)]
        before = time.monotonic()
        found = client().ask(questions)

        assert time.monotonic() - before < 60  # most of it is the servers' own work
    assert [observation.question for observation in found] == questions
    assert all(isinstance(observation, Answer) for observation in found)


def test_ttls_that_differ_in_a_set_are_kept_beside_the_smallest() -> None:
    found = the_answer(
        Reply(answer=["www.example.org. 300 A 192.0.2.2", "WWW.example.org. 60 A 192.0.2.1", WWW])
    ).answered()

    assert found is not None
    assert (found.ttl, [rdata.to_text() for rdata in found.rdatas]) == (60, ["192.0.2.1", "192.0.2.2"])
    assert found.extras == (ForRecord("192.0.2.2", RecordTTL(300)), ForRecord("192.0.2.1", RecordTTL(300)))


def test_an_answer_of_an_unknown_code_is_carried() -> None:
    assert the_answer(Reply(rewrite=lambda wire: wire[:3] + b"\x0d" + wire[4:])).rcode == 13


def interrupted(questions: Sequence[Question]) -> None:
    def interrupt(what: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client().ask(questions, interrupt)


def test_an_interrupt_closes_all_sockets() -> None:
    with FaultyServer({("h1.example.org", None): Reply(drop=ALL), (None, None): Reply()}) as server:
        # A socket left open is a ResourceWarning, and warnings are errors here.
        interrupted(
            [
                question(server.server),
                question(server.server, "h1.example.org"),
                replace(question(server.server, "h1.example.org"), transport=Transport.TCP),
            ]
        )


def test_a_line_that_fails_to_close_leaves_no_connection_open(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[object] = []

    def failing(line: object) -> None:
        closed.append(line)
        raise OSError("closing failed")

    engine = Engine(PROFILE, lambda: NOON, lambda *_: None)
    lane = Lane(engine, Peer(0), Server("127.0.0.1"), (), (), 0)
    monkeypatch.setattr(UdpLine, "close", failing)
    monkeypatch.setattr(TcpLine, "close", failing)

    with pytest.raises(OSError, match="closing failed"):
        lane.close()
    engine.close()

    assert list(map(type, closed)) == [UdpLine, TcpLine]


def test_a_lane_that_fails_to_close_leaves_no_other_open(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[Server] = []
    close = Lane.close

    def failing(lane: Lane) -> None:
        close(lane)
        closed.append(lane.server)
        raise OSError(len(closed), "not closed")

    def interrupt(what: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    rules: Rules = {("h1.example.org", None): Reply(drop=ALL), (None, None): Reply()}
    with FaultyServer(rules) as one, FaultyServer(rules) as other:
        asked = [
            question(server, name)
            for server in (one.server, other.server)
            for name in ("h0.example.org", "h1.example.org")
        ]
        monkeypatch.setattr(Lane, "close", failing)
        with pytest.raises(OSError, match="not closed"):
            client().ask(asked, interrupt)

        assert closed == [one.server, other.server]
