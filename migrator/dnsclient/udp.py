"""UDP to one name server: a connected socket, a window, and patience for what comes late.

A connected socket hears its server alone (the kernel drops what comes from elsewhere), and hears that the port
is closed. What is out stands in `_flights`, in the order in which it was sent, and holds a place in the window. A
name server answers in order, so that a query which many later ones have overtaken is presumed lost: it gives its
place to the next one, and waits in `_late` until its time is up. An answer that comes after all is taken at any
moment; a query whose time is up goes out again, with the same id, so that an answer to either counts.

    sent    1 2 3 4 5 6 ...             window of four
    heard   1   3 4 5      2 is late:   flights 6 7 8 9, late 2 until its time is up, then sent again

Nearly all of a large comparison passes through `_send_some` and `_ready`, a few microseconds each: what is done
there for each packet is spelled out and not called.
"""

import heapq
import os
import socket
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrator.dnsclient import wire
from migrator.dnsclient.exchange import Exchange, meaning
from migrator.dnsclient.peer import Peer
from migrator.dnsclient.window import FIRST, LARGEST, Tally, Window
from migrator.model.observation import Silence, Transport

if TYPE_CHECKING:
    from migrator.dnsclient.lane import Lane

MOST_WAITING = 4096
_OVERTAKEN = 32  # later answers, after which a query is presumed lost
_PAUSE = 0.2  # before the next try, where the network said that the last was in vain
_SOON = 0.002
_BUFFER = 1 << 22
_LARGEST = 4096  # three times what a query says that it takes
_PACKETS_AT_ONCE = 256
_IDENTS_AT_ONCE = 128
_FORTH = 4  # of the window: fewer places are filled together with the next ones, in one go
_ROUNDING = 1e-4
_NEVER = float("inf")


class UdpLine:
    """The questions of a lane that go over UDP, from one source port."""

    def __init__(self, lane: "Lane", peer: Peer, source: Iterator[Exchange]) -> None:
        """Begin without a socket; `source` gives the questions, `queue` has those to be asked before them."""
        self.queue: deque[Exchange] = deque()
        self.tally = Tally(FIRST, LARGEST)
        self._source = source
        self._has_more = True
        self._lane = lane
        self._engine = lane.engine
        self._peer = peer
        self._window = Window()
        self._waiting: dict[bytes, Exchange] = {}
        self._flights: deque[Exchange] = deque()
        self._late: list[tuple[float, int, Exchange]] = []
        self._places_taken = 0
        self._sent = 0
        self._newest = 0
        self._idents: list[bytes] = []
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Open the socket on a port that nobody can foretell; raises OSError where there is no route."""
        self._socket = socket.socket(self._lane.family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._socket.connect((self._lane.server.address, self._lane.server.port))
        self._engine.watch_reading(self._socket, self._ready, self._lane)

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._engine.forget(self._socket)
            self._socket.close()
            self._socket = None

    def remaining(self) -> Iterator[Exchange]:
        """Yield the questions that were not asked yet, and ask them no more."""
        while (exchange := self._next()) is not None:
            yield exchange

    def fill(self, now: float) -> float:
        """Send what window and pace allow; return when to be called again at the latest."""
        self._look_for_late(now)
        wake = _NEVER
        room = self._window.size - self._places_taken
        if (self.queue or self._has_more) and room > self._window.size // _FORTH:
            wake = self._send_some(min(room, MOST_WAITING - len(self._waiting)), now)
        if self._flights:
            wake = min(wake, self._flights[0].until)
        if self._late:
            wake = min(wake, self._late[0][0])
        return wake

    def _next(self) -> Exchange | None:
        """Return the next question to send; None where there is none, or none now."""
        while self.queue:
            exchange = self.queue.popleft()
            if not exchange.done:  # an answer may have come while it waited for the next try
                return exchange
        found = next(self._source, None)
        self._has_more = found is not None
        return found

    def _send_some(self, room: int, now: float) -> float:
        """Send so many at most; return when there may be more."""
        assert self._socket is not None
        pace = self._peer.pace
        send, waiting, flights = self._socket.send, self._waiting, self._flights
        queue, source, idents = self.queue, self._source, self._idents
        is_hopeless, edns_fails = self.tally.is_hopeless, self._peer.edns_fails
        allowed = pace.available(now, room)
        patience = self._peer.round_trip.patience(1, self._engine.profile.timeout)
        sent, wake = 0, _NEVER
        while sent < allowed:
            exchange = self._next() if queue else next(source, None)
            if exchange is None:
                self._has_more = False
                break
            if exchange.tries:
                until = now + self._patience(exchange, now)
            elif is_hopeless:
                exchange.trouble = self.tally.verdict()
                self._lane.end_silent(exchange)
                continue
            else:
                ident = idents.pop() if idents else b""
                exchange.ident = ident if ident and ident not in waiting else self._new_ident()
                exchange.began = now
                until = now + patience
                if edns_fails:
                    exchange.edns = False
            try:
                if exchange.edns:
                    send(exchange.ident + exchange.expectation.body)
                else:
                    send(exchange.message(exchange.ident, self._lane.server))
            except BlockingIOError:
                self.queue.appendleft(exchange)
                wake = now + _SOON
                break
            except OSError as exc:
                until = self._not_sent(exchange, exc, now)
            sent += 1
            waiting[exchange.ident] = exchange
            exchange.tries += 1
            exchange.sent_at = now
            exchange.until = until
            exchange.sequence = self._sent + sent
            exchange.awaiting = exchange.in_window = True
            flights.append(exchange)
        self._sent += sent
        self._places_taken += sent
        pace.spend(sent)
        return now + pace.wait() if allowed < room and (self.queue or self._has_more) else wake

    def _new_ident(self) -> bytes:
        """Return an id that nobody can foretell, and that no other question has; they are drawn many at once."""
        while True:
            if not self._idents:
                octets = os.urandom(2 * _IDENTS_AT_ONCE)
                self._idents += [octets[n : n + 2] for n in range(0, len(octets), 2)]
            ident = self._idents.pop()
            if ident not in self._waiting:
                return ident

    def _patience(self, exchange: Exchange, now: float) -> float:
        """Return how long to wait for a further try; the last ends when as much time has passed as is allowed."""
        profile = self._engine.profile
        exchange.hurried = False
        found = self._peer.round_trip.patience(exchange.tries + 1, profile.timeout)
        if exchange.tries + 1 >= profile.attempts:
            found = min(found, max(_ROUNDING, self._end(exchange) - now))
        return found

    def _end(self, exchange: Exchange) -> float:
        """Return when a question ends without an answer at the earliest: after so many whole time-outs."""
        profile = self._engine.profile
        return exchange.began + profile.attempts * profile.timeout

    def _not_sent(self, exchange: Exchange, error: OSError, now: float) -> float:
        """Take what the kernel says instead of sending; return when to try again.

        What an earlier packet met (a closed port) is reported here too, and is not this one's: it is sent again.
        """
        assert self._socket is not None
        if isinstance(error, ConnectionRefusedError):
            self._hurry(meaning(error, Transport.UDP), now)
            try:
                self._socket.send(exchange.message(exchange.ident, self._lane.server))
            except OSError as exc:
                error = exc
            else:
                return now + self._patience(exchange, now)
        exchange.trouble = meaning(error, Transport.UDP)
        exchange.hurried = True
        return now + min(_PAUSE, self._engine.profile.timeout)

    def _ready(self, _mask: int, now: float) -> None:
        """Take what came: most packets say exactly what was expected, and are counted here."""
        assert self._socket is not None
        receive, waiting = self._socket.recv, self._waiting
        met = places = 0
        last = None
        for _ in range(_PACKETS_AT_ONCE):
            try:
                packet = receive(_LARGEST)
            except BlockingIOError:
                break
            except OSError as exc:
                self._hurry(meaning(exc, Transport.UDP), now)
                break
            exchange = waiting.get(packet[:2])
            if exchange is None:
                self._stray(packet)
                continue
            expected = exchange.expectation
            if (
                packet[2:8] == expected.head
                and packet.startswith(expected.start, 12)
                and (expected.further is None or expected.further(packet, expected))
            ):
                del waiting[exchange.ident]
                exchange.done = True
                exchange.awaiting = False
                if exchange.in_window:
                    places += 1
                met += 1
                last = exchange
            else:
                self._received(exchange, packet, now)
        self._places_taken -= places
        if last is not None:
            self._heard(last, now, met)
            self._peer.edns_works |= last.edns
            self._lane.met(met)

    def _heard(self, exchange: Exchange, now: float, answers: int) -> None:
        """Take note of answers, of which this is the last."""
        self._newest = max(self._newest, exchange.sequence)
        self._window.answered(answers)
        self.tally.heard()
        if exchange.tries == 1:
            self._peer.round_trip.measured(now - exchange.sent_at)

    def _stray(self, packet: bytes) -> None:
        """Ignore what answers nothing, though it is remembered where it is no DNS message."""
        if len(packet) < wire.HEADER_LENGTH:
            for exchange in self._waiting.values():
                exchange.trouble = (Silence.MALFORMED, f"{len(packet)} octets came that are no DNS message")

    def _received(self, exchange: Exchange, packet: bytes, now: float) -> None:
        """Take the packet if it answers the question; whatever else comes is ignored, though remembered."""
        try:
            if not exchange.is_repeated_by(packet):
                exchange.trouble = (Silence.MALFORMED, "an answer came that repeats another question")
                return
            question = exchange.question(self._lane.server)
            elapsed = now - exchange.sent_at
            answer = wire.decode(packet, question, self._engine.clock(), Transport.UDP, elapsed)
        except wire.MalformedMessageError as exc:
            exchange.trouble = (Silence.MALFORMED, str(exc))
            return
        self._stop_waiting(exchange)
        self._heard(exchange, now, 1)
        self._lane.answered(exchange, answer)

    def _hurry(self, trouble: tuple[Silence, str], now: float) -> None:
        """Shorten the wait of every question that is out: the network says that nobody will answer."""
        until = now + min(_PAUSE, self._engine.profile.timeout)
        for exchange in self._waiting.values():
            exchange.trouble = trouble
            if exchange.awaiting and not exchange.hurried:
                exchange.hurried = True
                exchange.until = until
                heapq.heappush(self._late, (until, exchange.sequence, exchange))
                self._leave_window(exchange)

    def _look_for_late(self, now: float) -> None:
        """Take the places of those that are overtaken, and end the tries whose time is up."""
        flights, late = self._flights, self._late
        overtaken = self._newest - _OVERTAKEN
        while flights:
            exchange = flights[0]
            if exchange.awaiting and exchange.in_window:
                if exchange.until > now and exchange.sequence >= overtaken:
                    break
                self._leave_window(exchange)
                self._window.lost()
                heapq.heappush(late, (exchange.until, exchange.sequence, exchange))
            flights.popleft()
        while late and late[0][0] <= now:
            until, sequence, exchange = heapq.heappop(late)
            if exchange.awaiting and exchange.sequence == sequence and exchange.until == until:
                self._time_is_up(exchange, now)

    def _time_is_up(self, exchange: Exchange, now: float) -> None:
        """Send the question again, or end it."""
        exchange.awaiting = False
        over = exchange.hurried or now >= self._end(exchange) - _ROUNDING
        if exchange.tries < self._engine.profile.attempts or not over:
            self.queue.append(exchange)
            return
        self._stop_waiting(exchange)
        self.tally.missed(exchange)
        self._lane.end_silent(exchange)

    def _stop_waiting(self, exchange: Exchange) -> None:
        """Forget id and place in the window; a late second answer finds nobody."""
        self._waiting.pop(exchange.ident, None)
        exchange.done = True
        exchange.awaiting = False
        self._leave_window(exchange)

    def _leave_window(self, exchange: Exchange) -> None:
        if exchange.in_window:
            exchange.in_window = False
            self._places_taken -= 1
