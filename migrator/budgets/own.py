"""Requests to an account, counted by all threads of one process: for a command that shares them with nobody else.

The algorithm is that of `budgets.py`, whose rows a database keeps for many processes.
"""

import threading
import time
from collections.abc import Mapping

from migrator.budgets.rates import RATES, Rate, budget_name


class OwnBudget:
    """A `Budget` for the threads of this process; a service without a rate is not limited."""

    def __init__(self, rates: Mapping[str, Rate] = RATES) -> None:
        """Begin with every account at rest."""
        self._rates = rates
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}

    def __call__(self, service: str, account: str) -> None:
        """Wait until one request may be sent to the account."""
        wait = self.reserve(service, account)
        if wait > 0:
            time.sleep(wait)

    def reserve(self, service: str, account: str) -> float:
        """Return for how many seconds to wait before one request is sent; that turn is taken then."""
        rate = self._rates.get(service)
        if rate is None:
            return 0.0
        name = budget_name(service, account)
        with self._lock:
            now = time.monotonic()
            begins = max(now, self._free_at.get(name, now))
            self._free_at[name] = begins + 1 / rate.per_second
        return max(0.0, begins - now - (rate.burst - 1) / rate.per_second)
