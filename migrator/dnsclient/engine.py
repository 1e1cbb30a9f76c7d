"""One call of `ask`: many questions to many servers at once, on one thread, until each has its observation."""

import heapq
import os
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from migrator.dnsclient.exchange import Exchange, Peer, asked_as
from migrator.dnsclient.lane import Lane
from migrator.interfaces import Progress
from migrator.model.names import folded
from migrator.model.observation import Observation, Question
from migrator.network import NetworkProfile

MOST_LANES = 128  # open sockets, well below what a process may have
MOST_SOCKETS = 512
_LONGEST_WAIT = 1.0
_Address = tuple[str, int]
_Ready = Callable[[int, float], None]


class Engine:
    """The selector, the timers and the results of one call; `close` it whatever happens."""

    def __init__(
        self, profile: NetworkProfile, peers: Mapping[_Address, Peer], clock: Callable[[], datetime]
    ) -> None:
        """Begin with nothing asked; `peers` knows every server that will be."""
        self.profile = profile
        self.clock = clock
        self._peers = peers
        self._selector = selectors.DefaultSelector()
        self._watched: set[int] = set()
        self._timers: list[tuple[float, int, Exchange, int]] = []
        self._serial = 0
        self._questions: Sequence[Question] = ()
        self._results: list[Observation | None] = []
        self._open = 0
        self._lanes: list[Lane] = []

    def run(self, questions: Sequence[Question], progress: Progress) -> tuple[Observation, ...]:
        """Ask every question and return the observations in the order of the questions."""
        self._questions = questions
        self._results = [None] * len(questions)
        self._open = len(questions)
        waiting = deque(self._make_lanes(questions))
        told = 0
        while self._open:
            while waiting and len(self._lanes) < MOST_LANES:
                self._lanes.append(waiting[0])
                waiting.popleft().open()
            self._turn()
            if told != len(questions) - self._open:
                told = len(questions) - self._open
                progress("answers", told, len(questions))
        found = tuple([result for result in self._results if result is not None])
        assert len(found) == len(questions)
        return found

    def close(self) -> None:
        """Close all sockets."""
        for lane in self._lanes:
            lane.close()
        self._selector.close()

    def finish(self, exchange: Exchange, observation: Observation) -> None:
        """Give the observation to all who asked this question."""
        assert not exchange.done
        exchange.done = True
        for place in exchange.places:
            self._results[place] = asked_as(observation, self._questions[place])
        self._open -= len(exchange.places)

    def timer(self, when: float, exchange: Exchange) -> None:
        """Call the exchange's lane at that moment, instead of at the one that was set before."""
        exchange.turn += 1
        self._serial += 1
        heapq.heappush(self._timers, (when, self._serial, exchange, exchange.turn))

    def watch(self, sock: socket.socket, events: int, ready: _Ready) -> None:
        """Call `ready` when the socket can do what `events` say."""
        if sock.fileno() in self._watched:
            self._selector.modify(sock, events, ready)
        else:
            self._selector.register(sock, events, ready)
            self._watched.add(sock.fileno())

    def watch_reading(self, sock: socket.socket, ready: _Ready) -> None:
        """Call `ready` when there is something to read."""
        self.watch(sock, selectors.EVENT_READ, ready)

    def forget(self, sock: socket.socket) -> None:
        """Stop watching a socket that is about to be closed."""
        if sock.fileno() in self._watched:
            self._watched.remove(sock.fileno())
            self._selector.unregister(sock)

    def may_connect(self) -> bool:
        """Tell whether one more socket is within bounds."""
        return len(self._watched) < MOST_SOCKETS

    def ident(self) -> int:
        """Return an id that nobody can foretell."""
        return int.from_bytes(os.urandom(2), "big")

    def _turn(self) -> None:
        """Send, wait for what comes first, take it, and end what took too long."""
        now = time.monotonic()
        wake = now + _LONGEST_WAIT
        for lane in self._lanes:
            wake = min(wake, lane.fill(now))
        if not self._open:
            return
        while self._timers and self._timers[0][2].turn != self._timers[0][3]:
            heapq.heappop(self._timers)
        if self._timers:
            wake = min(wake, self._timers[0][0])
        events = self._selector.select(max(0.0, wake - time.monotonic()))
        now = time.monotonic()
        for key, mask in events:
            if key.fd in self._watched:  # an earlier event may have closed it
                key.data(mask, now)
        self._expire(now)
        self._retire()

    def _expire(self, now: float) -> None:
        while self._timers and self._timers[0][0] <= now:
            _, _, exchange, turn = heapq.heappop(self._timers)
            if exchange.turn == turn and not exchange.done:
                exchange.lane.time_is_up(exchange, now)

    def _retire(self) -> None:
        for lane in [lane for lane in self._lanes if lane.is_idle()]:
            lane.close()
            self._lanes.remove(lane)

    def _make_lanes(self, questions: Sequence[Question]) -> list[Lane]:
        """Sort the questions by server; equal questions become one exchange."""
        exchanges: dict[tuple[object, ...], Exchange] = {}
        lanes: dict[_Address, Lane] = {}
        for place, question in enumerate(questions):
            address = (question.server.address, question.server.port)
            key = (
                address,
                folded(question.qname),
                question.rdtype,
                question.recursion_desired,
                question.dnssec_ok,
                question.checking_disabled,
                question.transport,
            )
            if key in exchanges:
                exchanges[key].places.append(place)
                continue
            exchanges[key] = exchange = Exchange(question, [place])
            if address not in lanes:
                lanes[address] = Lane(self, self._peers[address], *address)
            lanes[address].add(exchange)
        return list(lanes.values())
