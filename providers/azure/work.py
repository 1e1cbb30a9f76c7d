"""Units of changes carried out at several names at once; the results come in one row, to one thread."""

import queue
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from migrator.errors import ProviderError
from migrator.interfaces import ChangeResult, Outcome
from migrator.model.change import Change, Delete
from providers.azure.ordering import Unit
from providers.azure.pace import LANES, StoppedError
from providers.azure.service import UncertainError


class Hand(Protocol):
    """Who makes one change."""

    def carry_out(self, change: Change) -> ChangeResult:
        """Return what became of the change; raises ProviderError where nothing goes any further."""

    def put_back(self, change: Delete) -> str:
        """Make a set again that was deleted; return what became of it."""


class Work:
    """Hands out units to threads. Ends by `end`, whether everything is done or not."""

    def __init__(self, hand: Hand) -> None:
        """Begin with nothing to do."""
        self._hand = hand
        self._threads = ThreadPoolExecutor(LANES, "azure")
        self._results: queue.SimpleQueue[ChangeResult | None] = queue.SimpleQueue()
        self._failure: Exception | None = None

    def carry_out(self, units: Sequence[Unit]) -> Iterator[ChangeResult]:
        """Yield the results of the units as they are known; raises the first failure that ends everything."""
        futures = [self._threads.submit(self._unit, unit) for unit in units]
        for _ in units:
            while (result := self._results.get()) is not None:
                yield result
        for future in futures:
            future.result()
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        self._failure = self._failure or StoppedError()
        self._threads.shutdown(cancel_futures=True)

    def _unit(self, unit: Unit) -> None:
        """Carry out a unit, and put None behind its last result."""
        try:
            self._in_turn(unit)
        except (ProviderError, StoppedError) as exc:
            self._failure = self._failure or exc
        finally:
            self._results.put(None)

    def _in_turn(self, unit: Unit) -> None:
        emptied: list[ChangeResult] = []
        came: list[ChangeResult] = []
        refused = ""
        try:
            for change in (*unit.room, *unit.changes):
                room = isinstance(change, Delete) and any(change is delete for delete in unit.room)
                if refused and not room:
                    came.append(ChangeResult(change, Outcome.FAILED, refused))
                    continue
                result = self._one(change)
                (emptied if room else came).append(result)
                if room and result.outcome is not Outcome.DONE:
                    refused = f"not tried, since the name is not free: {result.detail}"
            if emptied and not any(result.outcome is Outcome.DONE for result in came):
                emptied = [self._put_back(result) for result in emptied]
        finally:
            for result in (*emptied, *came):
                self._results.put(result)

    def _one(self, change: Change) -> ChangeResult:
        if self._failure is not None:
            raise self._failure
        try:
            return self._hand.carry_out(change)
        except UncertainError as exc:
            self._results.put(ChangeResult(change, Outcome.UNKNOWN, str(exc)))
            raise

    def _put_back(self, result: ChangeResult) -> ChangeResult:
        if result.outcome is not Outcome.DONE or not isinstance(result.change, Delete):
            return result
        return ChangeResult(result.change, Outcome.FAILED, self._hand.put_back(result.change))
