"""Carries out many migrations: gives DBOS what is due, the longest waiting first, and never more than is wanted.

All workers of a database share one queue, so that none is idle while another has too much; how many attempts one
of them makes at a time is its own limit. A domain that waits takes no place: only what is due is in the queue,
twice as much as the workers can do at once.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from datetime import datetime

from migrator.errors import LostError, StoreError
from migrator.model.values import dataclass
from migrator.state.migrations import Migrations, Selection
from migrator.state.workers import Workers
from migrator.workflow.durable import Engine

# How often the state database is looked at, and for how long a hand-over is believed in; seconds.
_TICK = 0.25
_QUIET = 60.0
_PAUSE = 1.0
_BELIEVED = 5.0
# For how long who does not wait puts up with a state database that cannot be used, while nothing goes on; seconds.
_PATIENCE = 30.0
# How often what DBOS keeps of ended attempts is deleted.
_FORGETS = 10.0


@dataclass
class Dispatcher:
    """Hands what is due to DBOS, each attempt once.

    With an instant in `began`, what began to wait since is left to whoever comes next. `advanced` is when what is
    due was seen to change.
    """

    engine: Engine
    concurrency: int
    which: Selection
    began: datetime | None = None
    clock: Callable[[], float] = time.monotonic
    advanced: float = -math.inf
    _due: frozenset[tuple[str, int]] | None = None
    _handed: dict[tuple[str, int], float] = field(default_factory=dict)
    _forgotten: float = -_FORGETS

    def dispatch(self) -> int:
        """Hand over what is due, and return how many attempts are due or being made."""
        workers = max(len(Workers(self.engine.worker.store).names()), 1)
        now = self.clock()
        self._handed = {name: since for name, since in self._handed.items() if now - since < _BELIEVED}
        due = self.engine.due(2 * self.concurrency * workers, self.which, began=self.began)
        names = frozenset((migration.key, migration.turn) for migration in due)
        if names != self._due:
            self._due, self.advanced = names, now
        for migration in due:
            name = (migration.key, migration.turn)
            if name not in self._handed:
                self.engine.hand_over(migration)
                self._handed[name] = now
        if now - self._forgotten >= _FORGETS:
            self._forgotten = now
            self.engine.forget()
        return len(due)


def run_fleet(
    dispatcher: Dispatcher,
    tell: Callable[[], None],
    *,
    waits: bool,
    ends: bool,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Go on until all chosen migrations are over.

    `tell` is called at each look. Without `waits` this ends as soon as nothing can be done now; without `ends` it
    goes on for whatever is added later, until it is stopped. Raises LostError where the state database is another
    now, and, without `waits`, StoreError where it could not be used for long.
    """
    worker = dispatcher.engine.worker
    migrations = Migrations(worker.store)
    troubles = _Troubles(dispatcher, math.inf if waits else _PATIENCE)
    while not stopped():
        busy = 1
        with troubles.told():
            busy = dispatcher.dispatch()
            tell()
            dispatcher.engine.raise_trouble()
        if ends and not busy:
            is_left = any(not status.is_over for _, status in migrations.counts(dispatcher.which))
            if not is_left or not waits:
                return
        time.sleep(_TICK)


@dataclass
class _Troubles:
    """What hinders a look or an attempt at the state database: it is tried again, and said now and then."""

    dispatcher: Dispatcher
    patience: float
    _first: float | None = None
    _said: float = -_QUIET

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say what hinders; raises it where it cannot pass, or nothing went on for as long as patience lasts."""
        try:
            yield
        except LostError:
            raise
        except StoreError as exc:
            now = self.dispatcher.clock()
            if self._first is None or self._first < self.dispatcher.advanced:
                self._first = now
            if now - self._first >= self.patience:
                raise
            if now - self._said >= _QUIET:
                self._said = now
                self.dispatcher.engine.worker.say(f"dns-migrator: {exc}")
            time.sleep(_PAUSE)
