"""One question on its way, and what is remembered of the server it goes to. No IO here."""

from dataclasses import dataclass, replace
from typing import Any

from migrator.dnsclient import wire
from migrator.model.observation import Answer, Observation, Question, Silence, Transport

_SMOOTHING = 0.125  # of the round-trip time, as in RFC 6298
_BURST = 0.05  # seconds' worth of queries that may go at once after a pause
_LEAST_PATIENCE = 0.05


class Peer:
    """What is remembered of one server from call to call: pace, round-trip time, and whether it knows EDNS."""

    def __init__(self, rate: float) -> None:
        """Begin with a full bucket of tokens; `rate` is queries per second."""
        self.edns_works = False
        self.edns_fails = False
        self._rate = rate
        self._capacity = max(1.0, rate * _BURST)
        self._tokens = self._capacity
        self._filled_at = 0.0
        self._round_trip = 0.0

    def take(self, now: float) -> float:
        """Take one token; return 0, or the seconds until there is one."""
        gained = (now - self._filled_at) * self._rate
        self._filled_at = now
        self._tokens = min(self._capacity, self._tokens + gained)
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._rate

    def measured(self, elapsed: float) -> None:
        """Take a round-trip time into account."""
        if not self._round_trip:
            self._round_trip = elapsed
        self._round_trip += (elapsed - self._round_trip) * _SMOOTHING

    def patience(self) -> float:
        """Return the seconds after which a query is presumed lost, so that it holds no place in the window."""
        return max(_LEAST_PATIENCE, 4 * self._round_trip) if self._round_trip else float("inf")


class Tally:
    """Counts questions in a row that got no answer, and says when a server is not worth more of them.

    A dead server must not cost a thousand time-outs; one that was heard before gets more chances.
    """

    def __init__(self, unheard: int, heard: int) -> None:
        """Give up after so many, for a server that was never heard and for one that was."""
        self._silent = 0
        self._reason = Silence.TIMEOUT
        self._limit = unheard
        self._limit_when_heard = heard

    def heard(self) -> None:
        """Note an answer."""
        self._silent = 0
        self._limit = self._limit_when_heard

    def missed(self, exchange: "Exchange") -> None:
        """Note a question that got no answer."""
        self._silent += 1
        self._reason = exchange.trouble[0] if exchange.trouble else Silence.TIMEOUT

    def is_hopeless(self) -> bool:
        """Tell whether the next question is not worth asking."""
        return self._silent >= self._limit

    def verdict(self) -> tuple[Silence, str]:
        """Return the trouble of a question that is not sent."""
        return self._reason, f"not sent, since the {self._silent} questions before it got no answer"


@dataclass(slots=True, eq=False)
class Exchange:
    """A question, the places of the caller's list that wait for it, and how far it has come.

    `turn` tells a timer that is still meant from one that is not; `awaiting` is true while a try is out, and
    `hurried` where the network has said already that it is in vain.
    """

    question: Question
    places: list[int]
    name: bytes = b""
    tail: bytes = b""
    transport: Transport = Transport.UDP
    ident: int = -1
    edns: bool = True
    tries: int = 0
    turn: int = 0
    sent_at: float = 0.0
    awaiting: bool = False
    hurried: bool = False
    in_window: bool = False
    done: bool = False
    trouble: tuple[Silence, str] | None = None
    cut_short: Answer | None = None
    # Who asks it: a Lane, and over TCP a Stream; they know this module, not the other way round.
    lane: Any = None
    stream: Any = None

    def __post_init__(self) -> None:
        """Keep what an answer has to repeat."""
        self.name = wire.question_name(self.question)
        self.tail = wire.question_tail(self.question)
        self.transport = self.question.transport


def meaning(error: OSError, transport: Transport) -> tuple[Silence, str]:
    """Return what the kernel's report of a packet or a connection means for the question."""
    if isinstance(error, ConnectionRefusedError):
        return Silence.REFUSED, f"nothing listens on the {transport.upper()} port"
    if isinstance(error, ConnectionError):
        return Silence.MALFORMED, "the server broke the TCP connection off"
    if isinstance(error, TimeoutError):
        return Silence.TIMEOUT, "no TCP connection came about"
    return Silence.UNREACHABLE, error.strerror or str(error)


def asked_as(observation: Observation, question: Question) -> Observation:
    """Return the observation for a question that is the same but for the spelling of names."""
    return observation if observation.question is question else replace(observation, question=question)
