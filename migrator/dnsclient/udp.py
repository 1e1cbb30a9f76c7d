"""UDP to one name server: a connected socket, a window, and patience for what comes late.

A connected socket hears its server alone (the kernel drops what comes from elsewhere), and hears that the port is
closed. At first a few questions are out at once, one more for each answer. A query that has been out for four
round-trip times is presumed lost and holds no place in the window, but its answer is taken until its time is up.
"""

import socket
from collections import deque
from typing import TYPE_CHECKING

from migrator.dnsclient import wire
from migrator.dnsclient.exchange import Exchange, Peer, Tally, meaning
from migrator.model.observation import Silence, Transport

if TYPE_CHECKING:
    from migrator.dnsclient.lane import Lane

FIRST_WINDOW = 8
WINDOW = 64  # at 256 Knot's socket buffer loses packets on loopback
MOST_WAITING = 4096
_PAUSE = 0.2  # before the next try, where the network said that the last was in vain
_SOON = 0.002
_BUFFER = 1 << 20
_LARGEST = 65535
_PACKETS_AT_ONCE = 64
_NEVER = float("inf")


class UdpLine:
    """The questions of a lane that go over UDP, from one source port."""

    def __init__(self, lane: "Lane", peer: Peer) -> None:
        """Begin without a socket."""
        self.queue: deque[Exchange] = deque()
        self.tally = Tally(FIRST_WINDOW, WINDOW)
        self._lane = lane
        self._engine = lane.engine
        self._peer = peer
        self._waiting: dict[int, Exchange] = {}
        self._flight: deque[tuple[float, Exchange, int]] = deque()
        self._fresh = 0
        self._window = FIRST_WINDOW
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Open the socket on a port that nobody can foretell; raises OSError where there is no route."""
        self._socket = socket.socket(self._lane.family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._socket.connect((self._lane.address, self._lane.port))
        self._engine.watch_reading(self._socket, self._ready)

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._engine.forget(self._socket)
            self._socket.close()
            self._socket = None

    def fill(self, now: float) -> float:
        """Send what window and pace allow; return when to be called again at the latest."""
        self._presume_lost(now)
        while self.queue:
            exchange = self.queue[0]
            if exchange.done or exchange.awaiting or exchange.transport is Transport.TCP:
                self.queue.popleft()  # an answer came while it waited for the next try
            elif exchange.tries == 0 and self.tally.is_hopeless():
                self.queue.popleft()
                exchange.trouble = self.tally.verdict()
                self._lane.end_silent(exchange)
            elif self._fresh >= self._window:
                return self._flight[0][0] + self._peer.patience() if self._flight else _NEVER
            elif exchange.ident < 0 and len(self._waiting) >= MOST_WAITING:
                return _NEVER
            elif wait := self._peer.take(now):
                return now + wait
            elif not self._send(exchange, now):
                return now + _SOON
            else:
                self.queue.popleft()
        return _NEVER

    def time_is_up(self, exchange: Exchange, _now: float) -> None:
        """End a try that brought nothing."""
        exchange.awaiting = False
        self._leave_window(exchange)
        profile = self._engine.profile
        if exchange.tries < profile.attempts:
            self.queue.appendleft(exchange)
            return
        self._stop_waiting(exchange)
        self.tally.missed(exchange)
        self._lane.end_silent(exchange)

    def _send(self, exchange: Exchange, now: float) -> bool:
        """Send one try; False where the kernel has no room just now."""
        if exchange.ident < 0:
            while (ident := self._engine.ident()) in self._waiting:
                pass
            exchange.ident = ident
            self._waiting[ident] = exchange
        until = now + self._engine.profile.timeout
        try:
            self._send_packet(wire.query(exchange.question, exchange.ident, edns=exchange.edns), now)
        except BlockingIOError:
            return False
        except OSError as exc:
            exchange.trouble = meaning(exc, Transport.UDP)
            until = now + min(_PAUSE, self._engine.profile.timeout)
        exchange.tries += 1
        exchange.sent_at = now
        exchange.awaiting = exchange.in_window = True
        exchange.hurried = False
        self._fresh += 1
        self._engine.timer(until, exchange)
        self._flight.append((now, exchange, exchange.turn))
        return True

    def _send_packet(self, packet: bytes, now: float) -> None:
        """Send; what an earlier packet met (a closed port) is reported here too, and is not this one's."""
        assert self._socket is not None
        try:
            self._socket.send(packet)
        except ConnectionRefusedError as exc:
            self._hurry(meaning(exc, Transport.UDP), now)
            self._socket.send(packet)

    def _ready(self, _mask: int, now: float) -> None:
        assert self._socket is not None
        for _ in range(_PACKETS_AT_ONCE):
            try:
                packet = self._socket.recv(_LARGEST)
            except BlockingIOError:
                return
            except OSError as exc:
                self._hurry(meaning(exc, Transport.UDP), now)
                return
            self._received(packet, now)

    def _received(self, packet: bytes, now: float) -> None:
        """Take the packet if it answers something; whatever else comes is ignored, though remembered."""
        if len(packet) < wire.HEADER_LENGTH:
            for exchange in self._waiting.values():
                exchange.trouble = (Silence.MALFORMED, f"{len(packet)} octets came that are no DNS message")
            return
        found = self._waiting.get(int.from_bytes(packet[:2], "big"))
        if found is None:
            return
        try:
            if not wire.answers(packet, found.ident, found.name, found.tail):
                found.trouble = (Silence.MALFORMED, "an answer came that repeats another question")
                return
            elapsed = now - found.sent_at
            answer = wire.decode(packet, found.question, self._engine.clock(), Transport.UDP, elapsed)
        except wire.MalformedMessageError as exc:
            found.trouble = (Silence.MALFORMED, str(exc))
            return
        if found.tries == 1:
            self._peer.measured(elapsed)
        self._window = min(WINDOW, self._window + 1)
        self.tally.heard()
        self._stop_waiting(found)
        self._lane.answered(found, answer)

    def _hurry(self, trouble: tuple[Silence, str], now: float) -> None:
        """Shorten the wait of every question that is out: the network says that nobody will answer."""
        for exchange in self._waiting.values():
            exchange.trouble = trouble
            if exchange.awaiting and not exchange.hurried:
                exchange.hurried = True
                self._engine.timer(now + min(_PAUSE, self._engine.profile.timeout), exchange)

    def _stop_waiting(self, exchange: Exchange) -> None:
        """Forget id and place in the window; a late second answer finds nobody."""
        self._waiting.pop(exchange.ident, None)
        exchange.ident = -1
        exchange.turn += 1
        exchange.awaiting = False
        self._leave_window(exchange)

    def _leave_window(self, exchange: Exchange) -> None:
        if exchange.in_window:
            exchange.in_window = False
            self._fresh -= 1

    def _presume_lost(self, now: float) -> None:
        patience = self._peer.patience()
        while self._flight:
            sent_at, exchange, turn = self._flight[0]
            if exchange.in_window and exchange.turn == turn:
                if now - sent_at < patience:
                    return
                self._leave_window(exchange)
            self._flight.popleft()
