"""A name server for tests that answers, lies, drops and breaks off exactly as it is told.

    with FaultyServer({
        ("www.example.org", "A"): Reply(answer=["www.example.org. 300 A 192.0.2.1"]),
        ("slow.example.org", None): Reply(drop=1),
        (None, "TXT"): Reply(rcode="SERVFAIL"),
    }) as server:
        client.ask([Question(server.server, ...)])
        assert [query.transport for query in server.queries] == [Transport.UDP]

Rules are looked up by (name, type), then (name, None), then for `*.` and each name above, the closest first, then
(None, type) and (None, None); a question that no rule meets is REFUSED. The root is `.`. A rule may be a list of
replies: the first query gets the first, later ones the next, the last stays. Records are lines of zone file text
with absolute names: `OWNER TTL TYPE RDATA`. The server listens for UDP and TCP on one port of one address (an
ephemeral port of 127.0.0.1 unless told; any 127.x.y.z and ::1 do), on one thread that the `with` block ends.
`queries` is what it was asked. `rules` may be replaced while it runs.
"""

import contextlib
import heapq
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.tsig

from migrator.model.observation import Server, Transport

ALL = 1 << 30  # `drop=ALL`: never answers


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered to a question, and what is wrong with it.

    `drop`: so many queries of this question are not answered at first (over UDP and TCP). `delay`: seconds.
    `truncated`: over UDP only the TC bit and no record comes; the whole answer over TCP, unless `over_tcp` is
    False: then the connection is closed without a word. `knows_edns`: if False, FORMERR without question and OPT
    to every query with EDNS. `wrong_id`, `wrong_question`: such an answer comes *instead*; `before`: these octets
    come before it (a garbage packet; over TCP they are framed as a message). `garbage`: they come instead.
    `copies`: the answer comes so many times. `rewrite` has the last word on the octets of each message.
    `close_after`: TCP is closed after so many octets; `hang_up`: after the answer. `transfer`: over TCP these
    messages come, each a list of records; `unsigned`: the places of those that carry no TSIG though the query did;
    `signed_by` signs with another key than the query's.
    """

    answer: Sequence[str] = ()
    authority: Sequence[str] = ()
    additional: Sequence[str] = ()
    rcode: str = "NOERROR"
    authoritative: bool = True
    recursion_available: bool = False
    authenticated: bool = False
    drop: int = 0
    delay: float = 0.0
    truncated: bool = False
    over_tcp: bool = True
    knows_edns: bool = True
    wrong_id: bool = False
    wrong_question: bool = False
    before: bytes | None = None
    garbage: bytes | None = None
    copies: int = 1
    extended_error: tuple[int, str] | None = None
    rewrite: Callable[[bytes], bytes] | None = None
    close_after: int | None = None
    hang_up: bool = False
    transfer: Sequence[Sequence[str]] = ()
    unsigned: frozenset[int] = frozenset()
    signed_by: dns.tsig.Key | None = None


# Seconds to wait for a server: many, so that a busy machine is not taken for a silent one; few for one that is.
PATIENCE, IMPATIENCE = 30.0, 0.5


def patience(*rules: Mapping[tuple[str | None, str | None], Reply | list[Reply]]) -> float:
    """Return the seconds to wait for servers with these rules: where one shall leave a question open, not many."""
    every = [reply for each in rules for reply in each.values()]
    replies = [reply for each in every for reply in (each if isinstance(each, list) else [each])]
    silent = any(reply.drop or reply.wrong_id or reply.garbage or not reply.over_tcp for reply in replies)
    return IMPATIENCE if silent else PATIENCE


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it came."""

    name: str
    rdtype: str
    transport: Transport
    recursion_desired: bool
    checking_disabled: bool
    edns: bool
    dnssec_ok: bool
    ident: int
    port: int
    at: float


Rules = dict[tuple[str | None, str | None], Reply | list[Reply]]
_Send = Callable[[bytes], None]


@dataclass(slots=True, eq=False)
class FaultyServer:
    """A server with rules; use it as a context manager.

    `keys` are the TSIG keys that it knows. `udp=False` or `tcp=False`: nothing listens there.
    """

    rules: Mapping[tuple[str | None, str | None], Reply | list[Reply]]
    address: str = "127.0.0.1"
    port: int = 0
    udp: bool = True
    tcp: bool = True
    keys: Sequence[dns.tsig.Key] = ()
    queries: list[Query] = field(default_factory=list)
    _asked: dict[tuple[str | None, str | None], int] = field(default_factory=dict)
    _later: list[tuple[float, int, _Send, bytes]] = field(default_factory=list)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _sockets: list[socket.socket] = field(default_factory=list)
    _waker: socket.socket | None = None
    _thread: threading.Thread | None = None
    _ended: bool = False
    _failure: BaseException | None = None

    @property
    def server(self) -> Server:
        """The server as a question names it."""
        return Server(self.address, self.port)

    def __enter__(self) -> Self:
        udp, tcp = self._bound()
        if self.udp:
            self._watch(udp, lambda: self._udp_query(udp))
        if self.tcp:
            tcp.listen(64)
            self._watch(tcp, lambda: self._accept(tcp))
        self._waker, woken = socket.socketpair()
        self._sockets.append(self._waker)
        self._watch(woken, self._end)
        self._thread = threading.Thread(target=self._run, name=f"faulty {self.server}")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._waker is not None
        assert self._thread is not None
        self._waker.send(b".")
        self._thread.join()
        for sock in self._sockets:
            sock.close()
        self._selector.close()
        if self._failure is not None and error is None:
            raise self._failure

    def asked(self, name: str, rdtype: str) -> int:
        """Count the queries for a name and type."""
        return sum(query.name == name and query.rdtype == rdtype for query in list(self.queries))

    def _bound(self) -> tuple[socket.socket, socket.socket]:
        """Return a UDP and a TCP socket on one port; those that shall not listen are bound all the same."""
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        for _ in range(50):
            udp = socket.socket(family, socket.SOCK_DGRAM)
            tcp = socket.socket(family, socket.SOCK_STREAM)
            self._sockets += [udp, tcp]
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            udp.bind((self.address, self.port))
            port = udp.getsockname()[1]
            try:
                tcp.bind((self.address, port))
            except OSError:
                if self.port:
                    raise
                continue
            self.port = port
            if not self.udp:
                udp.close()
            return udp, tcp
        raise AssertionError("no port is free for UDP and TCP")

    def _watch(self, sock: socket.socket, ready: Callable[[], None]) -> None:
        if sock not in self._sockets:
            self._sockets.append(sock)
        self._selector.register(sock, selectors.EVENT_READ, ready)

    def _run(self) -> None:
        try:
            while not self._ended:
                self._turn()
        except BaseException as exc:  # noqa: BLE001 - shown to the test when the block ends
            self._failure = exc

    def _end(self) -> None:
        self._ended = True

    def _turn(self) -> None:
        wait = max(0.0, self._later[0][0] - time.monotonic()) if self._later else None
        for key, _ in self._selector.select(wait):
            key.data()
        while self._later and self._later[0][0] <= time.monotonic():
            _, _, send, message = heapq.heappop(self._later)
            send(message)

    def _udp_query(self, sock: socket.socket) -> None:
        wire, client = sock.recvfrom(65535)
        self._respond(wire, Transport.UDP, client[1], lambda message: _ignoring(sock.sendto, message, client))

    def _accept(self, listener: socket.socket) -> None:
        connection, client = listener.accept()
        stream = bytearray()
        self._watch(connection, lambda: self._tcp_octets(connection, stream, client[1]))

    def _tcp_octets(self, connection: socket.socket, stream: bytearray, port: int) -> None:
        try:
            chunk = connection.recv(65536)
        except OSError:
            chunk = b""
        if not chunk:
            self._hang_up(connection)
            return
        stream += chunk
        while len(stream) >= 2 and connection.fileno() >= 0:
            end = 2 + int.from_bytes(stream[:2], "big")
            if len(stream) < end:
                return
            wire = bytes(stream[2:end])
            del stream[:end]
            self._tcp_query(connection, wire, port)

    def _tcp_query(self, connection: socket.socket, wire: bytes, port: int) -> None:
        reply = self._reply_to(dns.message.from_wire(wire, question_only=True))[0]
        left = [ALL if reply.close_after is None else reply.close_after]

        def send(message: bytes) -> None:
            framed = (struct.pack("!H", len(message)) + message)[: left[0]]
            left[0] -= len(framed)
            if connection.fileno() >= 0:
                _ignoring(connection.sendall, framed)
                if not left[0]:
                    self._hang_up(connection)

        answers = reply.over_tcp and left[0]
        self._respond(wire, Transport.TCP, port, send if answers else lambda _: None)
        if connection.fileno() >= 0 and (reply.hang_up or not answers):
            self._hang_up(connection)

    def _hang_up(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        connection.close()

    def _reply_to(self, query: dns.message.Message) -> tuple[Reply, int]:
        """Return the reply that is due, and how many such questions came before."""
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        rdtype = dns.rdatatype.to_text(query.question[0].rdtype)
        labels = name.split(".")
        above = [".".join(["*", *labels[n:]]) for n in range(1, len(labels))]
        for key in ((spelt, wanted) for spelt in (name, *above, None) for wanted in (rdtype, None)):
            if key in self.rules:
                asked = self._asked.get((name, rdtype), 0)
                rule = self.rules[key]
                return (rule, asked) if isinstance(rule, Reply) else (rule[min(asked, len(rule) - 1)], asked)
        return Reply(rcode="REFUSED", authoritative=False), 0

    def _respond(self, wire: bytes, transport: Transport, port: int, send: _Send) -> None:
        query = dns.message.from_wire(wire, keyring={key.name: key for key in self.keys} if self.keys else False)
        reply, asked = self._reply_to(query)
        seen = _as_query(query, transport, port)
        self._asked[seen.name, seen.rdtype] = self._asked.get((seen.name, seen.rdtype), 0) + 1
        self.queries.append(seen)
        if asked < reply.drop:
            return
        messages = [] if reply.before is None else [reply.before]
        messages += _messages(query, reply, transport) * reply.copies
        for message in messages:
            if reply.delay:
                heapq.heappush(self._later, (time.monotonic() + reply.delay, len(self.queries), send, message))
            else:
                send(message)


def _messages(query: dns.message.Message, reply: Reply, transport: Transport) -> list[bytes]:
    """Return the octets of the messages that answer the query."""
    if reply.garbage is not None:
        return [reply.garbage]
    if query.edns >= 0 and not reply.knows_edns:
        return [struct.pack("!HHHHHH", query.id, 0x8001, 0, 0, 0, 0)]
    if reply.transfer and transport is Transport.TCP:
        return _transfer(query, reply)
    message = _response(query, reply)
    if reply.truncated and transport is Transport.UDP:
        message.flags |= dns.flags.TC
    else:
        _put(message.answer, reply.answer)
        _put(message.authority, reply.authority)
        _put(message.additional, reply.additional)
    wire = message.to_wire(max_size=65535)
    return [reply.rewrite(wire) if reply.rewrite else wire]


def _transfer(query: dns.message.Message, reply: Reply) -> list[bytes]:
    """Return the messages of a zone transfer, signed one after the other (RFC 8945 section 5.3.1)."""
    wires = []
    context = None
    for place, records in enumerate(reply.transfer):
        message = _response(query, reply)
        _put(message.answer, records)
        if query.had_tsig and place in reply.unsigned:
            message.tsig = None
            wire = message.to_wire(max_size=65535)
            if context is not None:
                context.update(wire)
        else:
            wire = message.to_wire(max_size=65535, multi=True, tsig_ctx=context)
            context = message.tsig_ctx
        wires.append(reply.rewrite(wire) if reply.rewrite else wire)
    return wires


def _response(query: dns.message.Message, reply: Reply) -> dns.message.Message:
    """Return a response without records."""
    message = dns.message.make_response(query, recursion_available=reply.recursion_available)
    message.set_rcode(dns.rcode.from_text(reply.rcode))
    message.flags |= dns.flags.AA if reply.authoritative else 0
    message.flags |= dns.flags.AD if reply.authenticated else 0
    if reply.wrong_id:
        message.id ^= 0x5555
    if reply.wrong_question:
        other = dns.rrset.RRset(dns.name.from_text("wrong.invalid"), message.question[0].rdclass, dns.rdatatype.A)
        message.question = [other]
    if reply.extended_error and query.edns >= 0:
        code, text = reply.extended_error
        message.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode.make(code), text)])
    if reply.signed_by is not None:
        message.use_tsig(reply.signed_by)
    return message


def _put(section: list[dns.rrset.RRset], records: Sequence[str]) -> None:
    """Append each record as a set of its own, so that order, copies and TTLs stay as written."""
    for record in records:
        owner, ttl, rdtype, rdata = record.split(None, 3)
        section.append(dns.rrset.from_text(dns.name.from_text(owner), int(ttl), "IN", rdtype, rdata))


def _as_query(query: dns.message.Message, transport: Transport, port: int) -> Query:
    return Query(
        name=query.question[0].name.to_text(omit_final_dot=True).lower(),
        rdtype=dns.rdatatype.to_text(query.question[0].rdtype),
        transport=transport,
        recursion_desired=bool(query.flags & dns.flags.RD),
        checking_disabled=bool(query.flags & dns.flags.CD),
        edns=query.edns >= 0,
        dnssec_ok=bool(query.ednsflags & dns.flags.DO),
        ident=query.id,
        port=port,
        at=time.monotonic(),
    )


def _ignoring(send: Callable[..., object], *arguments: object) -> None:
    """Send to a client that may have gone away."""
    with contextlib.suppress(OSError):
        send(*arguments)
