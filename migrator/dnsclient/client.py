"""The client: the only part of the program that asks name servers."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from dns.name import Name

from migrator.dnsclient.engine import Engine
from migrator.dnsclient.exchange import Peer
from migrator.dnsclient.transfer import transfer
from migrator.interfaces import Progress, TsigKey, no_progress
from migrator.model.observation import Observation, Question, Server
from migrator.model.rrset import Record
from migrator.network import NetworkProfile


def utc_now() -> datetime:
    """Return the time of day in UTC."""
    return datetime.now(UTC)


class SocketClient:
    """Asks over UDP and TCP, as patiently and as fast as the network profile says.

    Each call of `ask` opens sockets of its own, from new source ports, and closes them. What lasts beyond it is
    each server's pace (queries per second), round-trip time, and whether it knows EDNS. A question that is
    listed twice in one call is asked once. For use by one thread at a time.
    """

    def __init__(self, profile: NetworkProfile, *, clock: Callable[[], datetime] = utc_now) -> None:
        """Begin without a socket; `clock` gives the time that observations carry."""
        self._profile = profile
        self._clock = clock
        self._peers: dict[tuple[str, int], Peer] = {}

    def ask(self, questions: Sequence[Question], progress: Progress = no_progress) -> tuple[Observation, ...]:
        """Return one observation for each question, in the same order; never raises for silence."""
        for question in questions:
            address = (question.server.address, question.server.port)
            if address not in self._peers:
                self._peers[address] = Peer(self._profile.queries_per_second)
        engine = Engine(self._profile, self._peers, self._clock)
        try:
            return engine.run(questions, progress)
        finally:
            engine.close()

    def transfer(
        self,
        zone: Name,
        server: Server,
        tsig: TsigKey | None = None,
        received: Callable[[bytes], object] | None = None,
    ) -> Iterator[Record]:
        """Yield the records of an AXFR as the server sends them, without the closing SOA.

        `received` is told each message of the transfer, byte for byte. Raises ProviderError where the transfer is
        refused, cut short, or not signed by the key.
        """
        return transfer(self._profile, zone, server, tsig, received)
