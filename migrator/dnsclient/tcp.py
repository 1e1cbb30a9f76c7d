"""TCP to one name server (RFC 7766): a few connections, one question at a time on each, kept while needed."""

import contextlib
import errno
import os
import selectors
import socket
import struct
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrator.dnsclient import wire
from migrator.dnsclient.exchange import Exchange, meaning
from migrator.dnsclient.expectation import says_so
from migrator.dnsclient.peer import Peer
from migrator.dnsclient.window import Tally
from migrator.model.observation import Silence, Transport

if TYPE_CHECKING:
    from migrator.dnsclient.lane import Lane

MOST_STREAMS = 4
_PAUSE = 0.2  # before the next try, where the last was refused at once
_CHUNK = 65536
_PATIENCE = 10  # time-outs that a slow but living stream may take altogether
_NEVER = float("inf")


class TcpLine:
    """The questions of a lane that go over TCP."""

    def __init__(self, lane: "Lane", peer: Peer) -> None:
        """Begin without a connection."""
        self.lane = lane
        self.queue: deque[Exchange] = deque()
        self.tally = Tally(2 * MOST_STREAMS, 8 * MOST_STREAMS)
        self._peer = peer
        self._busy: set[Stream] = set()
        self._idle: list[Stream] = []

    def has_work(self) -> bool:
        """Tell whether something is to be asked, or a connection to be closed."""
        return bool(self.queue or self._idle)

    def remaining(self) -> Iterator[Exchange]:
        """Yield the questions that were not asked yet, and ask them no more."""
        while self.queue:
            yield self.queue.popleft()

    def fill(self, now: float) -> float:
        """Ask what connections and pace allow; return when to be called again at the latest."""
        while self.queue:
            exchange = self.queue[0]
            if exchange.tries == 0 and self.tally.is_hopeless:
                self.queue.popleft()
                exchange.trouble = self.tally.verdict()
                self.lane.end_silent(exchange)
                continue
            if not self._idle and len(self._busy) >= MOST_STREAMS:
                return _NEVER
            if not self._idle and not self.lane.engine.may_connect():
                return now + _PAUSE  # until another lane has closed one
            if not self._peer.pace.available(now, 1):
                return now + self._peer.pace.wait()
            self._peer.pace.spend(1)
            self._ask(self.queue.popleft(), now)
        for stream in self._idle:
            stream.close()
        self._idle.clear()
        return _NEVER

    def time_is_up(self, exchange: Exchange, now: float) -> None:
        """End a try that brought nothing, or the pause before the next."""
        if exchange.stream is None:
            self.queue.append(exchange)
        else:
            if exchange.tries > 1:
                exchange.tries = max(exchange.tries, self.lane.engine.profile.attempts)
            exchange.stream.fail(Silence.TIMEOUT, "no whole answer over TCP in time", now)

    def patience(self, exchange: Exchange) -> float:
        """Return how long to wait for this try: one time-out at first, then what all other tries have together.

        A server that is slow is as slow on the next connection; one that was never accepted may answer there.
        """
        profile = self.lane.engine.profile
        left = profile.attempts - exchange.tries + 1
        return profile.timeout * (max(1, left) if exchange.tries > 1 else 1)

    def free(self, stream: "Stream") -> None:
        """Keep a connection for the next question."""
        self._busy.discard(stream)
        self._idle.append(stream)
        self.tally.heard()

    def forget(self, stream: "Stream") -> None:
        """Forget a connection that is closed."""
        self._busy.discard(stream)
        if stream in self._idle:
            self._idle.remove(stream)

    def failed(self, exchange: Exchange, trouble: tuple[Silence, str], now: float) -> None:
        """Try again after a pause, or end the question."""
        exchange.stream = None
        exchange.trouble = trouble
        profile = self.lane.engine.profile
        if exchange.tries < profile.attempts:
            self.lane.engine.timer(now + min(_PAUSE, profile.timeout), exchange, self.lane)
        else:
            self.tally.missed(exchange)
            self.lane.end_silent(exchange)

    def close(self) -> None:
        """Close every connection, also where one of them fails to close."""
        with contextlib.ExitStack() as stack:
            for stream in (*self._busy, *self._idle):
                stack.callback(stream.close)
            self._busy.clear()
            self._idle.clear()

    def _ask(self, exchange: Exchange, now: float) -> None:
        if not exchange.tries and self._peer.edns_fails:
            exchange.edns = False
        exchange.tries += 1
        try:
            stream = self._idle.pop() if self._idle else Stream(self)
        except OSError as exc:
            self.failed(exchange, meaning(exc, Transport.TCP), now)
            return
        self._busy.add(stream)
        stream.ask(exchange, now)


class Stream:
    """One non-blocking connection; tells its line what came, or why nothing did."""

    def __init__(self, line: TcpLine) -> None:
        """Begin to connect; raises OSError where that fails at once."""
        self._line = line
        self._engine = line.lane.engine
        self._exchange: Exchange | None = None
        self._out = b""
        self._in = bytearray()
        self._connected = False
        self._served = 0
        self._give_up_at = 0.0
        self._socket = socket.socket(line.lane.family, socket.SOCK_STREAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            code = self._socket.connect_ex((line.lane.server.address, line.lane.server.port))
            if code not in {0, errno.EINPROGRESS}:
                raise OSError(code, os.strerror(code))  # noqa: TRY301 - the socket is closed below
            self._engine.watch(self._socket, selectors.EVENT_READ | selectors.EVENT_WRITE, self._ready, line.lane)
        except BaseException:
            self._socket.close()
            raise

    def ask(self, exchange: Exchange, now: float) -> None:
        """Send the question as soon as the connection can."""
        self._exchange = exchange
        exchange.stream = self
        exchange.sent_at = now
        exchange.ident = self._engine.ident()
        message = exchange.message(exchange.ident, self._line.lane.server)
        self._out = struct.pack("!H", len(message)) + message
        self._in.clear()
        self._give_up_at = now + _PATIENCE * self._engine.profile.timeout
        self._engine.timer(now + self._line.patience(exchange), exchange, self._line.lane)
        if self._connected:
            self._send(now)

    def fail(self, reason: Silence, detail: str, now: float) -> None:
        """Close the connection and tell the line; that a kept connection was closed is no try."""
        self.close()
        self._line.forget(self)
        exchange, self._exchange = self._exchange, None
        if exchange is None:
            return
        if self._served and reason is not Silence.TIMEOUT and not self._in:
            exchange.tries -= 1
        self._line.failed(exchange, (reason, detail), now)

    def close(self) -> None:
        """Close the connection."""
        self._engine.forget(self._socket)
        self._socket.close()

    def _ready(self, mask: int, now: float) -> None:
        if not self._connected:
            error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if error:
                self.fail(*meaning(OSError(error, os.strerror(error)), Transport.TCP), now)
                return
            if not mask & selectors.EVENT_WRITE:
                return
            self._connected = True
        if self._out:
            self._send(now)
        if mask & selectors.EVENT_READ and self._socket.fileno() >= 0:
            self._receive(now)

    def _send(self, now: float) -> None:
        try:
            sent = self._socket.send(self._out)
        except BlockingIOError:
            sent = 0
        except OSError as exc:
            self.fail(*meaning(exc, Transport.TCP), now)
            return
        self._out = self._out[sent:]
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0)
        self._engine.watch(self._socket, wanted, self._ready, self._line.lane)

    def _receive(self, now: float) -> None:
        try:
            chunk = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError as exc:
            self.fail(*meaning(exc, Transport.TCP), now)
            return
        exchange = self._exchange
        if exchange is None or not chunk:
            # A server that speaks when nothing was asked is not listened to.
            self.fail(Silence.MALFORMED, "the server closed the TCP connection before its answer was whole", now)
            return
        self._in += chunk
        end = 2 + int.from_bytes(self._in[:2], "big")
        if len(self._in) >= max(end, 2 + wire.HEADER_LENGTH):
            self._message(exchange, bytes(self._in[2:end]), now)
        elif now < self._give_up_at:
            self._engine.timer(now + self._engine.profile.timeout, exchange, self._line.lane)

    def _message(self, exchange: Exchange, message: bytes, now: float) -> None:
        try:
            if not exchange.is_repeated_by(message):
                self.fail(Silence.MALFORMED, "the answer over TCP has another id or question", now)
                return
            question, elapsed = exchange.question(self._line.lane.server), now - exchange.sent_at
            expected = says_so(message, exchange.expectation)
            answer = (
                None if expected else wire.decode(message, question, self._engine.clock(), Transport.TCP, elapsed)
            )
        except wire.MalformedMessageError as exc:
            self.fail(Silence.MALFORMED, str(exc), now)
            return
        self._exchange = exchange.stream = None
        self._served += 1
        self._line.free(self)
        exchange.done = True  # where it is asked again in another way, that has an exchange of its own
        if answer is None:
            self._line.lane.met(1)
        else:
            self._line.lane.answered(exchange, answer)
