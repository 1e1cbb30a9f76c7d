"""How often it is tried to tell somebody, and how long is waited in between."""

from collections.abc import Callable
from time import sleep

from migrator.errors import NotifyError
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How many tries there are in all, and the seconds between them, which double."""

    tries: int = 5
    shortest_pause: float = 1.0
    longest_pause: float = 60.0

    def after(self, tries: int, asked: float | None) -> float:
        """Return the pause after so many tries; `asked` is what the other side wants, and has a bound."""
        pause = self.shortest_pause * 2.0 ** min(tries - 1, 10) if asked is None else asked
        return min(pause, self.longest_pause)


PATIENCE = Patience()


class PassingError(Exception):
    """A try failed, and another one may not; `pause` is how many seconds the other side wants to be left alone."""

    def __init__(self, text: str, pause: float | None = None) -> None:
        super().__init__(text)
        self.pause = pause


def tried(once: Callable[[], None], patience: Patience) -> None:
    """Do it until it succeeds; raises NotifyError with the reason of the last try when it is given up."""
    for tries in range(1, patience.tries + 1):
        try:
            once()
        except PassingError as exc:
            if tries == patience.tries:
                raise NotifyError(f"{exc}; given up after {_times(tries)}.") from None
            sleep(patience.after(tries, exc.pause))
        else:
            return


def _times(tries: int) -> str:
    return "1 try" if tries == 1 else f"{tries} tries"
