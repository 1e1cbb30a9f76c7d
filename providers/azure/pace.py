"""How many requests are under way at once: up to eight, fewer after the service said that it is too much.

One pace serves all threads of a writer: a refusal (429) that one of them gets makes all of them wait, halves the
number of lanes, and a row of successes opens another one.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Writes take about a second each; Azure Resource Manager refills 10 of them a second, after a burst of 200:
# https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling (2026-11-20)
LANES = 8
_SUCCESSES_FOR_A_LANE = 20


class StoppedError(Exception):
    """Somebody stopped the work while this request waited for its turn."""


class Pace:
    """Lets requests start."""

    def __init__(self, lanes: int = LANES) -> None:
        """Begin with all lanes open."""
        self._most = lanes
        self.lanes = lanes
        self._busy = 0
        self._successes = 0
        self._not_before = 0.0
        self._stopped = False
        self._changed = threading.Condition()

    @contextmanager
    def lane(self) -> Iterator[None]:
        """Wait for a free lane and hold it; raises StoppedError."""
        with self._changed:
            while True:
                if self._stopped:
                    raise StoppedError
                pause = self._not_before - time.monotonic()
                if pause <= 0 and self._busy < self.lanes:
                    break
                self._changed.wait(pause if pause > 0 else None)
            self._busy += 1
        try:
            yield
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def slower(self, seconds: float) -> None:
        """Let nobody start for so long, and fewer at once from then on."""
        with self._changed:
            self._not_before = max(self._not_before, time.monotonic() + seconds)
            self.lanes = max(1, self.lanes // 2)
            self._successes = 0

    def succeeded(self) -> None:
        """Count a success; enough of them open a lane again."""
        with self._changed:
            self._successes += 1
            if self._successes >= _SUCCESSES_FOR_A_LANE and self.lanes < self._most:
                self.lanes += 1
                self._successes = 0
                self._changed.notify_all()

    def pause(self, seconds: float) -> None:
        """Wait so long, in one lane's own time; raises StoppedError."""
        end = time.monotonic() + seconds
        with self._changed:
            while not self._stopped and time.monotonic() < end:
                self._changed.wait(end - time.monotonic())
            if self._stopped:
                raise StoppedError

    def stop(self) -> None:
        """Wake everybody who waits, and let nobody start any more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
