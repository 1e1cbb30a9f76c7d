"""Name servers with one fault each, in front of a healthy one that they pass all questions on to."""

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
from dns.message import Message

_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: `twist` changes the answer, or takes it away; `is_open`: it resolves for everybody."""

    twist: Callable[[Message, Message], Message | None] = lambda _, answer: answer
    udp: bool = True
    tcp: bool = True
    is_open: bool = False


def _refused(query: Message, _: Message) -> Message:
    return _empty(query, dns.rcode.REFUSED)


def _servfail(query: Message, _: Message) -> Message:
    return _empty(query, dns.rcode.SERVFAIL)


def _nothing(_query: Message, _answer: Message) -> None:
    return None


def _without_authority(_: Message, answer: Message) -> Message:
    answer.flags &= ~dns.flags.AA
    return answer


def _no_edns(query: Message, answer: Message) -> Message | None:
    return None if query.edns >= 0 else answer


def _upward(query: Message, _: Message) -> Message:
    reply = _empty(query, dns.rcode.NOERROR)
    reply.authority = list(dns.message.from_text(_ROOT_REFERRAL).authority)
    return reply


def _no_such_address(query: Message, answer: Message) -> Message:
    if query.question[0].rdtype == dns.rdatatype.AAAA and not answer.answer:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer


def _no_such_empty_name(query: Message, answer: Message) -> Message:
    if query.question[0].rdtype == dns.rdatatype.A and not answer.answer:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer


def _minimal_any(query: Message, answer: Message) -> Message:
    if query.question[0].rdtype == dns.rdatatype.ANY:
        answer.answer = [dns.rrset.from_text(query.question[0].name, 3789, "IN", "HINFO", '"RFC8482" ""')]
    return answer


def _lower_case(query: Message, answer: Message) -> Message:
    asked = answer.question[0]
    asked.name = dns.name.from_text(asked.name.to_text().lower())
    return answer


def _parking(query: Message, answer: Message) -> Message:
    if query.question[0].rdtype == dns.rdatatype.A and answer.rcode() == dns.rcode.NXDOMAIN:
        name = query.question[0].name
        answer.set_rcode(dns.rcode.NOERROR)
        answer.authority = []
        answer.answer = [dns.rrset.from_text(name, 60, "IN", "A", "203.0.113.99")]
    return answer


_ROOT_REFERRAL = "id 1\n;AUTHORITY\n. 3600 IN NS a.root-servers.test.\n"

FAULTS: Mapping[str, Fault] = {
    "udp-only": Fault(tcp=False),
    "tcp-only": Fault(udp=False),
    "down": Fault(udp=False, tcp=False),
    "silent": Fault(_nothing),
    "refusing": Fault(_refused),
    "failing": Fault(_servfail),
    "not-authoritative": Fault(_without_authority),
    "upward": Fault(_upward),
    "no-edns": Fault(_no_edns),
    "no-aaaa": Fault(_no_such_address),
    "lower-case": Fault(_lower_case),
    "denies-empty": Fault(_no_such_empty_name),
    "minimal-any": Fault(_minimal_any),
    "parking": Fault(_parking),
    "open-resolver": Fault(is_open=True),
}


class Crooked:
    """A server with a fault at one address; what an open one does not have, it asks of `resolver`."""

    def __init__(self, address: str, port: int, upstream: str, resolver: tuple[str, int], fault: Fault) -> None:
        self._upstream = (upstream, port)
        self._resolver = resolver
        self._fault = fault
        self._servers: list[socketserver.BaseServer] = []
        self._threads: list[threading.Thread] = []
        if fault.udp:
            self._servers.append(_Udp((address, port), _udp_handler(self._reply)))
        if fault.tcp:
            self._servers.append(_Tcp((address, port), _tcp_handler(self._reply)))

    def __enter__(self) -> Self:
        for server in self._servers:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
        for thread in self._threads:
            thread.join()
        for server in self._servers:
            server.server_close()

    def _reply(self, wire: bytes, *, tcp: bool) -> bytes | None:
        try:
            query = dns.message.from_wire(wire)
            if query.question[0].rdtype == dns.rdatatype.AXFR:
                return _empty(query, dns.rcode.REFUSED).to_wire()
            through = dns.query.tcp if tcp else dns.query.udp
            answer = through(query, self._upstream[0], _PATIENCE, self._upstream[1])
            if self._fault.is_open and answer.rcode() == dns.rcode.REFUSED:
                answer = through(query, self._resolver[0], _PATIENCE, self._resolver[1])
            if query.edns > 0:  # a version that nobody speaks: whatever the fault is, the upstream's BADVERS
                return answer.to_wire(max_size=65535)
            twisted = self._fault.twist(query, answer)
        except (dns.exception.DNSException, OSError, EOFError):
            return None
        return None if twisted is None else twisted.to_wire(max_size=65535)


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = False
    block_on_close = True


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = False
    block_on_close = True
    allow_reuse_address = True
    request_queue_size = 64


def _udp_handler(reply: Callable[..., bytes | None]) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, sock = self.request
            answer = reply(wire, tcp=False)
            if answer is not None:
                with contextlib.suppress(OSError):
                    sock.sendto(answer, self.client_address)

    return Handler


def _tcp_handler(reply: Callable[..., bytes | None]) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connection: socket.socket = self.request
            connection.settimeout(_PATIENCE)
            with contextlib.suppress(OSError), connection.makefile("rwb") as stream:
                while len(length := stream.read(2)) == 2:
                    answer = reply(stream.read(struct.unpack("!H", length)[0]), tcp=True)
                    if answer is None:
                        return
                    stream.write(struct.pack("!H", len(answer)) + answer)
                    stream.flush()

    return Handler


def _empty(query: Message, rcode: dns.rcode.Rcode) -> Message:
    reply = dns.message.make_response(query)
    reply.set_rcode(rcode)
    return reply
