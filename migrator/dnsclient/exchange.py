"""One question on its way to one server. No IO here."""

from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.dnsclient import wire
from migrator.dnsclient.expectation import Expectation
from migrator.model.observation import Answer, Observation, Question, Server, Silence, Transport

if TYPE_CHECKING:
    from migrator.dnsclient.tcp import Stream


class Exchange:
    """A question, what is expected of its answer, and how far it has come.

    `place` is where the caller's result goes. `awaiting` is true while a try is out; `until` is when that try is
    given up, and `hurried` tells that the network has said already that it is in vain. `in_window` tells whether
    it holds a place in the window. `sequence` counts what a line has sent.

    There is one for each of a hundred thousand questions, so that what most of them never need stands here, once.
    """

    transport = Transport.UDP
    ident = b""
    edns = True
    tries = 0
    began = 0.0
    sent_at = 0.0
    until = 0.0
    sequence = 0
    turn = 0
    awaiting = False
    done = False
    hurried = False
    in_window = False
    trouble: tuple[Silence, str] | None = None
    cut_short: Answer | None = None
    stream: "Stream | None" = None
    _asked: Question | None = None

    def __init__(self, expectation: Expectation, place: int) -> None:
        """Begin before the first try."""
        self.expectation = expectation
        self.place = place

    @classmethod
    def of(cls, question: Question, expectation: Expectation, place: int) -> "Exchange":
        """Return an exchange for a question with flags and a transport of its own."""
        found = cls(expectation, place)
        found._asked = question
        found.transport = question.transport
        return found

    def question(self, server: Server) -> Question:
        """Return the question as the caller asked it, or as it goes to this server."""
        if self._asked is None:
            self._asked = self.expectation.question(server)
        return self._asked

    def again(self, *, transport: Transport, edns: bool) -> "Exchange":
        """Return the same question to be asked in another way, from its first try on."""
        found = Exchange(self.expectation, self.place)
        found._asked = self._asked
        found.transport = transport
        found.edns = edns
        found.cut_short = self.cut_short
        return found

    def message(self, ident: bytes, server: Server) -> bytes:
        """Return the message that asks."""
        if self.edns:
            return ident + self.expectation.body
        return ident + wire.query(self.question(server), 0, edns=False)[2:]

    def is_repeated_by(self, packet: bytes) -> bool:
        """Tell whether the packet is a response to this question; raises MalformedMessageError for none at all."""
        section = self.expectation.section
        return wire.answers(packet, int.from_bytes(self.ident, "big"), section[:-4].lower(), section[-4:])


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
