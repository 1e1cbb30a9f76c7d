"""How often an account is asked: one budget of requests for all zones that one set of credentials works on.

Route 53 throttles by account, whoever asks. What is documented has changed: 5 requests a second for years, and 10
with a store of 50 lately. So: at most 5 a second in the long run, after a store that leaves some to others.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html (2026-11-20)
"""

import base64
import threading
import time
from collections.abc import Iterator
from itertools import chain, repeat

from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Requests a second, how many may go at once, and the seconds between looks at a change that spreads."""

    per_second: float = 5.0
    store: int = 40
    polls: tuple[float, ...] = (0.5, 1.0, 2.0, 3.0, 5.0)
    patience: float = 300.0

    def waits(self) -> Iterator[float]:
        """Yield how long to wait before each look, until patience ends."""
        waited = 0.0
        for wait in chain(self.polls, repeat(self.polls[-1])):
            waited += wait
            if waited > self.patience:
                return
            yield wait


PACE = Pace()
_ACCOUNT_BITS = 0x7FFF_FFFF_FF80
_ACCOUNT_SHIFT = 7
_KEY_OCTETS = 10  # behind AKIA or ASIA


def account_of(access_key: str) -> str:
    """Return the number of the account that an access key belongs to, or the key where it does not tell.

    Keys change every hour where a role is assumed, and each worker has its own; the account is what is throttled.
    The number stands in the key: https://awsteele.com/blog/2020/09/26/aws-access-key-format.html (2026-11-20)
    """
    try:
        octets = base64.b32decode(access_key[4:])
    except ValueError:
        return access_key
    if len(octets) != _KEY_OCTETS:
        return access_key
    return f"{(int.from_bytes(octets[:6]) & _ACCOUNT_BITS) >> _ACCOUNT_SHIFT:012d}"


class Budget:
    """A store of requests that fills again as time passes; safe for several threads."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lock = threading.Lock()
        self._left = float(pace.store)
        self._seen = time.monotonic()

    def take(self) -> None:
        """Take one request out of the store, and wait where it is empty."""
        with self._lock:
            now = time.monotonic()
            self._left = min(self._pace.store, self._left + (now - self._seen) * self._pace.per_second)
            self._seen = now
            self._left -= 1
            wait = -self._left / self._pace.per_second
        if wait > 0:
            time.sleep(wait)


_BUDGETS: dict[tuple[str, Pace], Budget] = {}
_BUDGETS_LOCK = threading.Lock()


def budget_of(account: str, pace: Pace) -> Budget:
    """Return the one budget of an account, whichever reader or writer asks for it."""
    with _BUDGETS_LOCK:
        return _BUDGETS.setdefault((account, pace), Budget(pace))
