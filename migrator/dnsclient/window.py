"""How many questions may be out to one server at once, and when it is not worth another. No IO here."""

from typing import TYPE_CHECKING

from migrator.model.observation import Silence

if TYPE_CHECKING:
    from migrator.dnsclient.exchange import Exchange

FIRST = 8
LARGEST = 64  # at 256 Knot's socket buffer loses packets on loopback
_SMALLEST = 2
_STEP = 4
_SHORTEST_ROUND = 16
_MUCH_LOSS = 0.25


class Window:
    """Grows while answers come, and halves where much is lost: additive increase, multiplicative decrease.

    A round is as many outcomes as the window is wide. At first it doubles with each good round, as TCP does. A
    query that is lost here and there says nothing of the server's load (a wireless link loses five in a hundred
    all the time), so that only a round in which a quarter is lost counts as a sign of it: a server that drops
    what is too much for it, or that limits its answers, drops far more than that.
    """

    def __init__(self) -> None:
        """Begin small, and ready to double."""
        self.size = FIRST
        self._doubles = True
        self._answered = 0
        self._lost = 0

    def answered(self, count: int) -> None:
        """Note answers that came."""
        self._answered += count
        self._judge()

    def lost(self) -> None:
        """Note a query that is presumed lost."""
        self._lost += 1
        self._judge()

    def _judge(self) -> None:
        outcomes = self._answered + self._lost
        if outcomes < max(self.size, _SHORTEST_ROUND):
            return
        if self._lost >= outcomes * _MUCH_LOSS:
            self.size = max(_SMALLEST, self.size // 2)
            self._doubles = False
        else:
            self.size = min(LARGEST, self.size * 2 if self._doubles else self.size + _STEP)
        self._answered = self._lost = 0


class Tally:
    """Counts questions in a row that got no answer, and says when a server is not worth more of them.

    A dead server must not cost a thousand time-outs; one that was heard before gets more chances. `is_hopeless`
    tells whether the next question is not worth asking.
    """

    def __init__(self, unheard: int, heard: int) -> None:
        """Give up after so many, for a server that was never heard and for one that was."""
        self.is_hopeless = False
        self._silent = 0
        self._reason = Silence.TIMEOUT
        self._limit = unheard
        self._limit_when_heard = heard

    def heard(self) -> None:
        """Note an answer."""
        self.is_hopeless = False
        self._silent = 0
        self._limit = self._limit_when_heard

    def missed(self, exchange: "Exchange") -> None:
        """Note a question that got no answer."""
        self._silent += 1
        self._reason = exchange.trouble[0] if exchange.trouble else Silence.TIMEOUT
        self.is_hopeless = self._silent >= self._limit

    def verdict(self) -> tuple[Silence, str]:
        """Return the trouble of a question that is not sent."""
        return self._reason, f"not sent, since the {self._silent} questions before it got no answer"
