"""All questions to one server in one call: over UDP, then over TCP, without EDNS where a server cannot."""

import ipaddress
import socket
from typing import TYPE_CHECKING

from dns.rcode import Rcode

from migrator.dnsclient.exchange import Exchange, Peer, meaning
from migrator.dnsclient.tcp import TcpLine
from migrator.dnsclient.udp import UdpLine
from migrator.model.observation import Answer, NoAnswer, Observation, Silence, Transport

if TYPE_CHECKING:
    from migrator.dnsclient.engine import Engine

_EDNS_NOT_UNDERSTOOD = frozenset({Rcode.FORMERR, Rcode.NOTIMP, Rcode.BADVERS})


class Lane:
    """The questions to one server, and the two lines that carry them."""

    def __init__(self, engine: "Engine", peer: Peer, address: str, port: int) -> None:
        """Begin without a question and without a socket."""
        self.engine = engine
        self.address = address
        self.port = port
        self.family = socket.AF_INET
        self._left = 0
        self._peer = peer
        self._udp = UdpLine(self, peer)
        self._tcp = TcpLine(self, peer)

    def add(self, exchange: Exchange) -> None:
        """Take a question."""
        exchange.lane = self
        self._left += 1
        exchange.edns = not self._peer.edns_fails
        self._line(exchange).queue.append(exchange)

    def is_idle(self) -> bool:
        """Tell whether every question has its observation."""
        return self._left == 0

    def open(self) -> None:
        """Open the socket; where there is no way to the server, all questions end here, without a wait."""
        try:
            is_ipv6 = ipaddress.ip_address(self.address).version == 6  # noqa: PLR2004 - IPv6
        except ValueError:
            self._end_all(Silence.UNREACHABLE, f"'{self.address}' is no IP address")
            return
        if is_ipv6 and self.engine.profile.ipv6 is False:
            self._end_all(Silence.FORBIDDEN, "IPv6 is switched off in the network profile")
            return
        if is_ipv6:
            self.family = socket.AF_INET6
        try:
            self._udp.open()
        except OSError as exc:
            reason, detail = meaning(exc, Transport.UDP)
            self._end_all(reason, f"no route to {self.address} from here: {detail}")

    def close(self) -> None:
        """Close every socket."""
        self._udp.close()
        self._tcp.close()

    def fill(self, now: float) -> float:
        """Send what may be sent; return when to be called again at the latest."""
        return min(self._udp.fill(now), self._tcp.fill(now))

    def time_is_up(self, exchange: Exchange, now: float) -> None:
        """End a try that brought nothing."""
        self._line(exchange).time_is_up(exchange, now)

    def answered(self, exchange: Exchange, answer: Answer) -> None:
        """Take an answer, or ask again in another way: over TCP, or without EDNS."""
        understood = answer.rcode not in _EDNS_NOT_UNDERSTOOD
        if answer.truncated and answer.transport is Transport.UDP:
            exchange.cut_short = answer
            exchange.transport = Transport.TCP
        elif exchange.edns and not understood:
            exchange.edns = False
        else:
            self._learn(exchange, understood=understood)
            self._finish(exchange, answer)
            return
        exchange.tries = 0
        self._line(exchange).queue.append(exchange)

    def end_silent(self, exchange: Exchange) -> None:
        """End a question with the trouble it met, else as a time-out; a truncated answer is better than none."""
        profile = self.engine.profile
        tries = "1 try" if profile.attempts == 1 else f"{profile.attempts} tries"
        reason, detail = exchange.trouble or (Silence.TIMEOUT, f"{tries} of {profile.timeout:g} s")
        silence = NoAnswer(exchange.question, self.engine.clock(), reason, detail)
        self._finish(exchange, exchange.cut_short or silence)

    def _finish(self, exchange: Exchange, observation: Observation) -> None:
        self._left -= 1
        self.engine.finish(exchange, observation)

    def _learn(self, exchange: Exchange, *, understood: bool) -> None:
        """Remember whether the server knows EDNS: one good answer with it outweighs any refusal."""
        if exchange.edns:
            self._peer.edns_works = True
        elif understood and not self._peer.edns_works:
            self._peer.edns_fails = True

    def _line(self, exchange: Exchange) -> UdpLine | TcpLine:
        return self._udp if exchange.transport is Transport.UDP else self._tcp

    def _end_all(self, reason: Silence, detail: str) -> None:
        for queue in (self._udp.queue, self._tcp.queue):
            while queue:
                exchange = queue.popleft()
                exchange.trouble = (reason, detail)
                self.end_silent(exchange)
