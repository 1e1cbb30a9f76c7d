"""The embedded servers over real sockets on loopback: both transports, limits, odd messages, start and end."""

import socket
from collections.abc import Iterator, Sequence

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rrset
import pytest
from dns.message import Message
from dns.rdatatype import RdataType

from migrator.demo.authority import Authority
from migrator.demo.server import Servers
from migrator.errors import InputError
from migrator.model.names import text_of
from migrator.model.observation import Transport
from tests.demo.zones import CHILD, PARENT, zone

OLD, NEW, MISTAKEN = "127.53.102.1", "127.53.102.2", "127.53.102.3"
WAIT = 5.0


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    child = zone("example.org.", CHILD)
    large = zone(
        "large.test.",
        "@ 60 SOA ns1 hostmaster 1 2 3 4 5\n@ 60 NS ns1.example.net.\n"
        + "\n".join(f'many 60 TXT "{n:03} {"x" * 200}"' for n in range(10))
        + "\n"
        + "\n".join(f'n{n} 60 TXT "{"y" * 250}"' for n in range(300)),
    )
    responders = {OLD: Authority([child, large], transfers=True), NEW: Authority([child])}
    with Servers(responders, port=0) as running:
        yield running


def ask(servers: Servers, query: Message, address: str = OLD, *, tcp: bool = False) -> Message:
    send = dns.query.tcp if tcp else dns.query.udp
    return send(query, address, timeout=WAIT, port=servers.port)


def exchange(servers: Servers, wire: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(WAIT)
        client.sendto(wire, (OLD, servers.port))
        return client.recv(65535)


@pytest.mark.parametrize("tcp", [False, True])
def test_both_transports_give_one_answer(servers: Servers, *, tcp: bool) -> None:
    response = ask(servers, dns.message.make_query("WwW.example.org.", "A"), tcp=tcp)

    assert dns.flags.to_text(response.flags) == "QR AA RD"
    assert response.question[0].name.to_text() == "WwW.example.org."
    assert response.answer == [
        dns.rrset.from_text("www.example.org.", 3600, "IN", "CNAME", "web.example.org."),
        dns.rrset.from_text("web.example.org.", 3600, "IN", "A", "192.0.2.80"),
    ]


def test_several_questions_of_one_connection_are_answered(servers: Servers) -> None:
    with socket.create_connection((OLD, servers.port), timeout=WAIT) as connection:
        connection.setblocking(False)
        ids = []
        for owner in ("mail.example.org.", "nothing.example.org."):
            query = dns.message.make_query(owner, "A")
            dns.query.send_tcp(connection, query)
            response, _ = dns.query.receive_tcp(connection)
            ids.append((response.id == query.id, dns.rcode.to_text(response.rcode())))

    assert ids == [(True, "NOERROR"), (True, "NXDOMAIN")]


@pytest.mark.parametrize(("payload", "truncated"), [(None, True), (512, True), (1232, True), (4096, True)])
def test_what_does_not_fit_is_truncated_and_whole_over_tcp(
    servers: Servers, payload: int | None, *, truncated: bool
) -> None:
    query = dns.message.make_query("many.large.test.", "TXT", use_edns=payload is not None, payload=payload)

    over_udp, over_tcp = ask(servers, query), ask(servers, query, tcp=True)

    assert bool(over_udp.flags & dns.flags.TC) is truncated
    assert len(over_udp.to_wire()) <= min(payload or 512, 1232)
    assert len(over_tcp.answer[0]) == 10


def test_edns_is_answered_with_edns_and_do_is_copied(servers: Servers) -> None:
    plain = ask(servers, dns.message.make_query("mail.example.org.", "A"))
    extended = ask(servers, dns.message.make_query("mail.example.org.", "A", want_dnssec=True, payload=1400))

    assert plain.edns == -1
    assert (extended.edns, extended.payload) == (0, 1232)
    assert extended.ednsflags & dns.flags.DO


def test_a_later_version_of_edns_is_refused_as_such(servers: Servers) -> None:
    query = dns.message.make_query("mail.example.org.", "A", use_edns=1)

    assert ask(servers, query).rcode() == dns.rcode.BADVERS


@pytest.mark.parametrize(
    ("wire", "rcode"),
    [
        (b"\x12\x34\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www", "FORMERR"),
        (b"\x12\x34\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "FORMERR"),
        (b"\x12\x34\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00", "NOTIMP"),
        (b"\x12\x34\x38\x00\x00\x00\x00\x00\x00\x00\x00\x00", "NOTIMP"),
    ],
    ids=["cut short", "no question", "notify", "unassigned opcode"],
)
def test_a_message_that_cannot_be_answered_gets_its_rcode(servers: Servers, wire: bytes, rcode: str) -> None:
    response = exchange(servers, wire)

    assert response[:2] == wire[:2]
    assert dns.rcode.to_text(dns.rcode.from_flags(response[3], 0)) == rcode


def test_what_is_no_question_is_not_answered(servers: Servers) -> None:
    answer = dns.message.make_response(dns.message.make_query("mail.example.org.", "A")).to_wire()
    question = dns.message.make_query("mail.example.org.", "A")

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(WAIT)
        for wire in (b"", b"\x00" * 11, answer, question.to_wire()):
            client.sendto(wire, (OLD, servers.port))
        first = client.recv(65535)

    assert dns.message.from_wire(first).id == question.id


def test_other_classes_and_foreign_names_are_refused(servers: Servers) -> None:
    for query in (
        dns.message.make_query("version.bind.", "TXT", rdclass="CH"),
        dns.message.make_query("example.net.", "A"),
    ):
        assert ask(servers, query).rcode() == dns.rcode.REFUSED


def test_a_transfer_gives_the_whole_zone_between_two_soas(servers: Servers) -> None:
    snapshot = zone("example.org.", CHILD)
    messages = list(dns.query.xfr(OLD, "example.org.", port=servers.port, timeout=WAIT, relativize=False))

    sent = [(text_of(r.name), r.rdtype) for message in messages for r in message.answer]
    assert sent[0] == sent[-1] == ("example.org.", RdataType.SOA)
    assert set(sent) == {(text_of(r.owner), r.rdtype) for r in snapshot.rrsets}
    assert len(sent) == snapshot.record_count() + 1


def test_a_large_transfer_takes_several_messages(servers: Servers) -> None:
    messages = list(dns.query.xfr(OLD, "large.test.", port=servers.port, timeout=WAIT, relativize=False))

    assert len(messages) > 1
    assert sum(len(rrset) for message in messages for rrset in message.answer) == 1 + 1 + 10 + 300 + 1


@pytest.mark.parametrize(
    ("address", "zone_name", "tcp"),
    [(NEW, "example.org.", True), (OLD, "mail.example.org.", True), (OLD, "example.org.", False)],
    ids=["not allowed", "no apex", "over UDP"],
)
def test_a_transfer_is_refused(servers: Servers, address: str, zone_name: str, *, tcp: bool) -> None:
    response = ask(servers, dns.message.make_query(zone_name, "AXFR"), address, tcp=tcp)

    assert (response.rcode(), response.answer) == (dns.rcode.REFUSED, [])


def test_after_the_end_the_port_is_free_and_nobody_answers() -> None:
    first = Servers({OLD: Authority([zone("org.", PARENT)])}, port=0)
    with socket.create_connection((OLD, first.port), timeout=WAIT) as client:
        first.close()
        first.close()
        assert client.recv(1) == b""
    with Servers({OLD: Authority([zone("org.", PARENT)])}, port=first.port) as second:
        response = ask(second, dns.message.make_query("org.", "SOA"))
    assert response.answer[0].rdtype == RdataType.SOA


def test_a_port_that_is_taken_is_named() -> None:
    with (
        Servers({OLD: Authority()}, port=0) as first,
        pytest.raises(InputError, match=f"Port {first.port} on {OLD}, {NEW} is taken by another program"),
    ):
        Servers({OLD: Authority(), NEW: Authority()}, port=first.port)


def test_an_address_that_no_interface_has_is_named() -> None:
    with pytest.raises(InputError, match=r"192\.0\.2\.1 cannot be used"):
        Servers({"192.0.2.1": Authority()})


def test_a_port_that_is_taken_at_first_gives_way_to_a_free_one() -> None:
    with Servers({OLD: Authority()}) as first, Servers({OLD: Authority()}) as second:
        assert first.port != second.port


class Mistaken:
    """A server with a mistake in it."""

    def respond(self, wire: bytes, transport: Transport) -> Sequence[bytes]:
        raise LookupError(f"a mistake over {transport}, {len(wire)} octets")


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_a_mistake_of_a_server_is_printed(transport: Transport, capsys: pytest.CaptureFixture[str]) -> None:
    query = dns.message.make_query("example.org.", RdataType.SOA)
    send = dns.query.udp if transport is Transport.UDP else dns.query.tcp

    with Servers({MISTAKEN: Mistaken()}, port=0) as running, pytest.raises((dns.exception.Timeout, EOFError)):
        send(query, MISTAKEN, timeout=0.5, port=running.port)

    assert f"LookupError: a mistake over {transport}, " in capsys.readouterr().err
