"""Sockets for name servers inside this process: UDP and TCP on loopback addresses, one port for all.

One thread waits at all the sockets; responders are called in pools of threads, so that a resolver may wait
for a server of the same process. Nothing here outlives `close`.
"""

import errno
import selectors
import socket
import struct
import threading
import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from types import TracebackType
from typing import Protocol, Self, cast

from migrator.errors import InputError
from migrator.model.observation import Transport

PREFERRED_PORT = 5300
_ATTEMPTS = 20
_IDLE_SECONDS = 5.0
_CONNECTIONS = 32
_THREADS = 8
_LARGEST_DATAGRAM = 65535
_LENGTH = struct.Struct("!H")


class Responder(Protocol):
    """Whoever answers messages: an authoritative server, a resolver."""

    def respond(self, wire: bytes, transport: Transport) -> Sequence[bytes]:
        """Return the messages to send back, none to stay silent."""


class Servers:
    """One responder for each address, listening until `close`; `port` is the one they share."""

    def __init__(self, responders: Mapping[str, Responder], port: int | None = None) -> None:
        """Bind every address; raises InputError where an address cannot be bound or the port is taken.

        Without `port`, 5300 is taken where it is free, so that commands shown by one run fit the next, else
        any free one.
        """
        bound, self.port = _bind_all(tuple(responders), port)
        self._datagrams = ThreadPoolExecutor(_THREADS, "name-server-udp")
        self._conversations = ThreadPoolExecutor(_CONNECTIONS, "name-server-tcp")
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._wake, woken = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(woken, selectors.EVENT_READ)
        for address, (udp, tcp) in bound.items():
            self._selector.register(udp, selectors.EVENT_READ, partial(self._receive, udp, responders[address]))
            self._selector.register(tcp, selectors.EVENT_READ, partial(self._accept, tcp, responders[address]))
        self._thread = threading.Thread(target=self._listen, name="name-server", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Listen already: the constructor did it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Stop answering and free the port; safe to call twice."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._wake.send(b"\0")
        self._thread.join()
        for key in tuple(self._selector.get_map().values()):
            self._selector.unregister(key.fileobj)
            cast("socket.socket", key.fileobj).close()
        self._selector.close()
        self._wake.close()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._datagrams.shutdown()
        self._conversations.shutdown()

    def _listen(self) -> None:
        while not self._closing.is_set():
            for key, _ in self._selector.select():
                if key.data is not None:
                    key.data()

    def _receive(self, udp: socket.socket, responder: Responder) -> None:
        with suppress(OSError):  # the system tells of an earlier answer that nobody took
            wire, client = udp.recvfrom(_LARGEST_DATAGRAM)
            self._datagrams.submit(self._reply, udp, responder, wire, client).add_done_callback(_tell)

    def _reply(self, udp: socket.socket, responder: Responder, wire: bytes, client: tuple[str, int]) -> None:
        for message in responder.respond(wire, Transport.UDP):
            with suppress(OSError):  # the client went away, or this server closes
                udp.sendto(message, client)

    def _accept(self, tcp: socket.socket, responder: Responder) -> None:
        with suppress(OSError):  # the client gave up before it was let in
            connection, _ = tcp.accept()
            connection.settimeout(_IDLE_SECONDS)
            with self._lock:
                self._connections.add(connection)
            self._conversations.submit(self._converse, connection, responder).add_done_callback(_tell)

    def _converse(self, connection: socket.socket, responder: Responder) -> None:
        """Answer every message of a connection until the client closes it, falls silent, or the server ends."""
        try:
            with connection, connection.makefile("rb") as stream, suppress(OSError):
                while len(prefix := stream.read(_LENGTH.size)) == _LENGTH.size:
                    (length,) = _LENGTH.unpack(prefix)
                    for message in responder.respond(stream.read(length), Transport.TCP):
                        connection.sendall(_LENGTH.pack(len(message)) + message)
        finally:
            with self._lock:
                self._connections.discard(connection)


_Sockets = tuple[socket.socket, socket.socket]


def _tell(done: "Future[None]") -> None:
    """Print the mistake of a responder: the pool keeps it to itself, and whoever asked hears nothing."""
    mistake = done.exception()
    if mistake is not None:
        traceback.print_exception(mistake)


def _bind_all(addresses: Sequence[str], port: int | None) -> tuple[dict[str, _Sockets], int]:
    candidates = [port] if port is not None else [PREFERRED_PORT, *[0] * _ATTEMPTS]
    for candidate in candidates:
        with ExitStack() as undo:
            bound: dict[str, _Sockets] = {}
            chosen = candidate
            for address in addresses:
                try:
                    udp = undo.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                    udp.bind((address, chosen))
                    chosen = udp.getsockname()[1]
                    tcp = undo.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
                    # A former run's connections in TIME-WAIT do not keep this one from listening.
                    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    tcp.bind((address, chosen))
                    tcp.listen(_CONNECTIONS)
                except OSError as exc:
                    if exc.errno == errno.EADDRINUSE:
                        break
                    raise InputError(_cannot_bind(address, exc)) from exc
                bound[address] = (udp, tcp)
            else:
                undo.pop_all()
                return bound, chosen
    raise InputError(f"Port {port or PREFERRED_PORT} on {', '.join(addresses)} is taken by another program.")


def _cannot_bind(address: str, exc: OSError) -> str:
    text = f"The loopback address {address} cannot be used: {exc.strerror}."
    if exc.errno == errno.EADDRNOTAVAIL:
        text += (
            f" macOS and the BSDs have 127.0.0.1 only, until `sudo ifconfig lo0 alias {address} up` adds another; "
            "every address of the demo needs that once."
        )
    return text
