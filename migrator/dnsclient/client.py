"""The client: the only part of the program that asks name servers."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from dns.name import Name

from migrator.dnsclient.engine import Engine
from migrator.dnsclient.exchange import Exchange, asked_as
from migrator.dnsclient.expectation import Expectation, unforeseen
from migrator.dnsclient.lane import Lane
from migrator.dnsclient.peer import Peer
from migrator.dnsclient.transfer import record_of, transfer_plainly
from migrator.interfaces import PlainRecord, Progress, TsigKey, no_progress
from migrator.model.observation import Observation, Question, Server, Transport
from migrator.model.rrset import Record
from migrator.network.profile import NetworkProfile


def utc_now() -> datetime:
    """Return the time of day in UTC."""
    return datetime.now(UTC)


class SocketClient:
    """Asks over UDP and TCP, as patiently and as fast as the network profile says.

    Each call opens sockets of its own, from new source ports, and closes them. What lasts beyond it is each
    server's pace (queries per second), round-trip time, and whether it knows EDNS. For one thread at a time.
    """

    def __init__(self, profile: NetworkProfile, *, clock: Callable[[], datetime] = utc_now) -> None:
        """Begin without a socket; `clock` gives the time that observations carry."""
        self._profile = profile
        self._clock = clock
        self._peers: dict[tuple[str, int], Peer] = {}

    def ask(self, questions: Sequence[Question], progress: Progress = no_progress) -> tuple[Observation, ...]:
        """Return one observation for each question, in the same order; never raises for silence.

        A question that is listed twice is asked once.
        """
        results: list[Observation | None] = [None] * len(questions)
        places: list[list[int]] = []
        known: dict[tuple[object, ...], list[int]] = {}
        by_server: dict[tuple[str, int], list[Exchange]] = {}
        for place, question in enumerate(questions):
            key = question.identity
            if key in known:
                known[key].append(place)
                continue
            exchange = Exchange.of(question, unforeseen(question), len(places))
            known[key] = [place]
            places.append(known[key])
            by_server.setdefault((question.server.address, question.server.port), []).append(exchange)

        answered = 0

        def deliver(exchange: Exchange, observation: Observation) -> None:
            nonlocal answered
            for place in places[exchange.place]:
                results[place] = asked_as(observation, questions[place])
                answered += 1

        def tell(what: str, done: int, total: int | None) -> None:
            del done, total  # of the questions that differ
            progress(what, answered, len(questions))

        engine = Engine(self._profile, self._clock, deliver)
        lanes = [
            Lane(
                engine,
                self._peer(*address),
                Server(*address),
                [exchange for exchange in exchanges if exchange.transport is Transport.UDP],
                [exchange for exchange in exchanges if exchange.transport is Transport.TCP],
                len(exchanges),
            )
            for address, exchanges in by_server.items()
        ]
        _run(engine, lanes, len(places), tell)
        found = tuple([result for result in results if result is not None])
        assert len(found) == len(questions)
        return found

    def unexpected(
        self, servers: Sequence[Server], expected: Sequence[Expectation], progress: Progress = no_progress
    ) -> tuple[dict[int, Observation], ...]:
        """Ask every server everything, and return for each what it said otherwise, by the place in `expected`.

        What is not there was answered, and exactly as expected. Silence is in it like any other observation.
        """
        found: tuple[dict[int, Observation], ...] = tuple({} for _ in servers)
        count = len(expected)

        def deliver(exchange: Exchange, observation: Observation) -> None:
            which, place = divmod(exchange.place, count)
            found[which][place] = observation

        engine = Engine(self._profile, self._clock, deliver)
        lanes = [
            Lane(
                engine,
                self._peer(server.address, server.port),
                server,
                map(Exchange, expected, range(which * count, (which + 1) * count)),
                (),
                count,
            )
            for which, server in enumerate(servers)
            if count
        ]
        _run(engine, lanes, count * len(servers), progress)
        return found

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
        for records in self.transfer_plainly(zone, server, tsig, received):
            for found in records:
                yield self.record_of(found) if isinstance(found, tuple) else found

    def transfer_plainly(
        self,
        zone: Name,
        server: Server,
        tsig: TsigKey | None = None,
        received: Callable[[bytes], object] | None = None,
    ) -> Iterator[list[PlainRecord | Record]]:
        """Yield the same by messages, ordinary records as text."""
        return transfer_plainly(self._profile, zone, server, tsig, received)

    def record_of(self, plain: PlainRecord) -> Record:
        """Return the record that an ordinary record's text stands for."""
        return record_of(plain)

    def _peer(self, address: str, port: int) -> Peer:
        return self._peers.setdefault((address, port), Peer(self._profile.queries_per_second))


def _run(engine: Engine, lanes: Sequence[Lane], count: int, progress: Progress) -> None:
    try:
        engine.run(lanes, count, progress)
    finally:
        engine.close()
