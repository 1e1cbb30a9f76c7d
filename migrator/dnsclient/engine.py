"""One call of the client: many questions to many servers at once, on one thread, until each has its end."""

import contextlib
import heapq
import os
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from migrator.dnsclient.exchange import Exchange
from migrator.dnsclient.lane import Lane
from migrator.interfaces import Progress
from migrator.model.observation import Observation
from migrator.network.profile import NetworkProfile

MOST_LANES = 128  # open sockets, well below what a process may have
MOST_SOCKETS = 512
_LONGEST_WAIT = 1.0
_Ready = Callable[[int, float], None]
_NOW = 0.0
Deliver = Callable[[Exchange, Observation], None]


class Engine:
    """The selector, the timers and the lanes of one call; `close` it whatever happens.

    `deliver` is told each observation. An answer that is exactly as its question expected is only counted.
    """

    def __init__(self, profile: NetworkProfile, clock: Callable[[], datetime], deliver: Deliver) -> None:
        """Begin with nothing asked."""
        self.profile = profile
        self.clock = clock
        self._deliver = deliver
        self._selector = selectors.DefaultSelector()
        self._watched: set[int] = set()
        self._timers: list[tuple[float, int, Exchange, Lane, int]] = []
        self._serial = 0
        self._open = 0
        self._lanes: list[Lane] = []

    def run(self, lanes: Sequence[Lane], count: int, progress: Progress) -> None:
        """Ask all questions of the lanes, so many; returns when each has its end."""
        self._open = count
        waiting = deque(lanes)
        told = 0
        while self._open:
            while waiting and len(self._lanes) < MOST_LANES:
                self._lanes.append(waiting[0])
                waiting.popleft().open()
            self._turn()
            if told != count - self._open:
                told = count - self._open
                progress("answers", told, count)
        assert self._open == 0

    def close(self) -> None:
        """Close all sockets, also where one of them fails to close."""
        with contextlib.ExitStack() as stack:
            stack.callback(self._selector.close)
            for lane in reversed(self._lanes):
                stack.callback(lane.close)

    def met(self, count: int) -> None:
        """Count questions whose answers were exactly as expected."""
        self._open -= count

    def finish(self, exchange: Exchange, observation: Observation) -> None:
        """Take the observation of a question."""
        self._open -= 1
        self._deliver(exchange, observation)

    def timer(self, when: float, exchange: Exchange, lane: Lane) -> None:
        """Call the lane at that moment, instead of at the one that was set before for this exchange."""
        exchange.turn += 1
        self._serial += 1
        heapq.heappush(self._timers, (when, self._serial, exchange, lane, exchange.turn))

    def watch(self, sock: socket.socket, events: int, ready: _Ready, lane: Lane) -> None:
        """Call `ready` when the socket of a lane can do what `events` say."""
        if sock.fileno() in self._watched:
            self._selector.modify(sock, events, (ready, lane))
        else:
            self._selector.register(sock, events, (ready, lane))
            self._watched.add(sock.fileno())

    def watch_reading(self, sock: socket.socket, ready: _Ready, lane: Lane) -> None:
        """Call `ready` when there is something to read."""
        self.watch(sock, selectors.EVENT_READ, ready, lane)

    def forget(self, sock: socket.socket) -> None:
        """Stop watching a socket that is about to be closed."""
        if sock.fileno() in self._watched:
            self._watched.remove(sock.fileno())
            self._selector.unregister(sock)

    def may_connect(self) -> bool:
        """Tell whether one more socket is within bounds."""
        return len(self._watched) < MOST_SOCKETS

    def ident(self) -> bytes:
        """Return an id that nobody can foretell."""
        return os.urandom(2)

    def _turn(self) -> None:
        """Send, wait for what comes first, take it, and end what took too long."""
        now = time.monotonic()
        wake = now + _LONGEST_WAIT
        for lane in self._lanes:
            if lane.wake <= now:
                lane.fill(now)
            wake = min(wake, lane.wake)
        if not self._open:
            return
        while self._timers and self._timers[0][2].turn != self._timers[0][4]:
            heapq.heappop(self._timers)
        if self._timers:
            wake = min(wake, self._timers[0][0])
        events = self._selector.select(max(0.0, wake - time.monotonic()))
        now = time.monotonic()
        for key, mask in events:
            if key.fd in self._watched:  # an earlier event may have closed it
                ready, lane = key.data
                lane.wake = _NOW
                ready(mask, now)
        self._expire(now)
        self._retire()

    def _expire(self, now: float) -> None:
        while self._timers and self._timers[0][0] <= now:
            _, _, exchange, lane, turn = heapq.heappop(self._timers)
            if exchange.turn == turn and not exchange.done:
                lane.wake = _NOW
                lane.time_is_up(exchange, now)

    def _retire(self) -> None:
        for lane in [lane for lane in self._lanes if lane.is_idle()]:
            lane.close()
            self._lanes.remove(lane)
