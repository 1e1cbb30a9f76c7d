"""All questions to one server in one call: over UDP, then over TCP, without EDNS where a server cannot."""

import contextlib
import ipaddress
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dns.rcode import Rcode

from migrator.dnsclient.exchange import Exchange, meaning
from migrator.dnsclient.peer import Peer
from migrator.dnsclient.tcp import TcpLine
from migrator.dnsclient.udp import UdpLine
from migrator.model.observation import Answer, NoAnswer, Observation, Server, Silence, Transport

if TYPE_CHECKING:
    from migrator.dnsclient.engine import Engine

_EDNS_NOT_UNDERSTOOD = frozenset({Rcode.FORMERR, Rcode.NOTIMP, Rcode.BADVERS})


class Lane:
    """The questions to one server, and the two lines that carry them."""

    def __init__(
        self,
        engine: "Engine",
        peer: Peer,
        server: Server,
        over_udp: Iterable[Exchange],
        over_tcp: Iterable[Exchange],
        count: int,
    ) -> None:
        """Begin without a socket; those over UDP are taken one by one as they can be sent. All are so many."""
        self.engine = engine
        self.server = server
        self.family = socket.AF_INET
        self.wake = 0.0  # when to be called again at the latest
        self._left = count
        self._peer = peer
        self._tcp = TcpLine(self, peer)
        self._udp = UdpLine(self, peer, iter(over_udp))
        self._tcp.queue.extend(over_tcp)

    def is_idle(self) -> bool:
        """Tell whether every question has its observation."""
        return self._left == 0

    def open(self) -> None:
        """Open the socket; where there is no way to the server, all questions end here, without a wait."""
        try:
            is_ipv6 = ipaddress.ip_address(self.server.address).version == 6  # noqa: PLR2004 - IPv6
        except ValueError:
            self._end_all(Silence.UNREACHABLE, f"'{self.server.address}' is no IP address")
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
            self._end_all(reason, f"no route to {self.server.address} from here: {detail}")

    def close(self) -> None:
        """Close every socket, also where one of them fails to close."""
        with contextlib.ExitStack() as stack:
            stack.callback(self._tcp.close)
            stack.callback(self._udp.close)

    def fill(self, now: float) -> None:
        """Send what may be sent."""
        self.wake = self._udp.fill(now)
        if self._tcp.has_work():
            self.wake = min(self.wake, self._tcp.fill(now))

    def time_is_up(self, exchange: Exchange, now: float) -> None:
        """End a try over TCP that brought nothing."""
        self._tcp.time_is_up(exchange, now)

    def met(self, count: int) -> None:
        """Take note of questions whose answers were exactly as expected."""
        self._left -= count
        self.engine.met(count)

    def answered(self, exchange: Exchange, answer: Answer) -> None:
        """Take an answer, or ask again in another way: over TCP, or without EDNS."""
        understood = answer.rcode not in _EDNS_NOT_UNDERSTOOD
        if answer.truncated and answer.transport is Transport.UDP:
            further = exchange.again(transport=Transport.TCP, edns=exchange.edns)
            further.cut_short = answer
            self._tcp.queue.append(further)
        elif exchange.edns and not understood:
            further = exchange.again(transport=exchange.transport, edns=False)
            (self._udp if further.transport is Transport.UDP else self._tcp).queue.append(further)
        else:
            self._learn(exchange, understood=understood)
            self._finish(exchange, answer)

    def end_silent(self, exchange: Exchange) -> None:
        """End a question with the trouble it met, else as a time-out; a truncated answer is better than none."""
        reason, detail = exchange.trouble or (Silence.TIMEOUT, self._waited(exchange))
        silence = NoAnswer(exchange.question(self.server), self.engine.clock(), reason, detail)
        self._finish(exchange, exchange.cut_short or silence)

    def _waited(self, exchange: Exchange) -> str:
        profile = self.engine.profile
        tries = "1 try" if exchange.tries == 1 else f"{exchange.tries} tries"
        if exchange.tries <= profile.attempts:
            return f"{tries} of {profile.timeout:g} s"
        return f"{tries} in {profile.attempts * profile.timeout:g} s"

    def _finish(self, exchange: Exchange, observation: Observation) -> None:
        exchange.done = True
        self._left -= 1
        self.engine.finish(exchange, observation)

    def _learn(self, exchange: Exchange, *, understood: bool) -> None:
        """Remember whether the server knows EDNS: one good answer with it outweighs any refusal."""
        if exchange.edns:
            self._peer.edns_works = True
        elif understood and not self._peer.edns_works:
            self._peer.edns_fails = True

    def _end_all(self, reason: Silence, detail: str) -> None:
        for queue in (self._udp.remaining(), self._tcp.remaining()):
            for exchange in queue:
                exchange.trouble = (reason, detail)
                self.end_silent(exchange)
