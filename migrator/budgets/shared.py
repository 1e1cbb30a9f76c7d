"""Requests to an account, counted by all workers together: one row of the state database for each budget.

A service throttles an account, whoever asks. So each request is given a time at which it may be sent, and no two
workers the same one. That is the generic cell rate algorithm (GCRA): the row holds `free_at`, when the account
would be at rest if nobody asked any more; each request moves it on by 1/rate; and a request may be sent ahead of
it by as much as the burst allows.

    rate 2 a second, burst 3, at rest at 100.0     free_at    may be sent at
    1st request at 100.0                             100.5         100.0
    2nd and 3rd at 100.0                      101.0, 101.5         100.0
    4th at 100.0                                     102.0         100.5

Who asks first is served first, in every process; a worker that dies takes with it no more than what it had been
given. Where the rate is high, a busy worker takes a few turns at a time, and what it does not use soon is lost:
turns that are kept would one day all be used at once.

The clock is that of a database server, so that workers on several hosts agree; a SQLite file has one host.
"""

import threading
import time
from collections import deque
from collections.abc import Mapping

import sqlalchemy as sa

from migrator.budgets.rates import RATES, Rate, budget_name
from migrator.errors import StoreError
from migrator.interfaces import Budget, Progress, no_progress
from migrator.state.store import Store
from migrator.state.tables import BUDGETS

# A row that lies further ahead was written by a clock that went wrong: so many do not wait at once.
LONGEST_WAIT = 900.0
# A turn that was taken beforehand may be used so much later than its time.
_KEEPS = 0.5
_BUSY = 1.0
_SLICE = 5.0
_WAITING = "seconds of waiting, since other work asks the same account"


class Budgets:
    """The budgets of a state database; one object serves all threads of a process."""

    def __init__(self, store: Store, rates: Mapping[str, Rate] = RATES) -> None:
        """Use the table of this database. A service without a rate is not limited."""
        self._store = store
        self._rates = rates
        self._lock = threading.Lock()
        self._turns: dict[str, _Turns] = {}

    def telling(self, progress: Progress) -> Budget:
        """Return the budgets as providers use them; `progress` is told of long waits, in this thread alone."""
        mine = threading.get_ident()

        def take(service: str, account: str) -> None:
            self.take(service, account, progress if threading.get_ident() == mine else no_progress)

        return take

    def take(self, service: str, account: str, progress: Progress = no_progress) -> None:
        """Wait until one request may be sent to the account."""
        _wait(self.reserve(service, account), progress)

    def reserve(self, service: str, account: str) -> float:
        """Return for how many seconds to wait before one request is sent; that turn is taken then.

        Where the database cannot be written now, the request waits as long as if it came right after another.
        """
        rate = self._rates.get(service)
        if rate is None:
            return 0.0
        name = budget_name(service, account)
        with self._lock:
            turns = self._turns.setdefault(name, _Turns(self._store, name, rate))
        return turns.next()


class _Turns:
    """The turns of one budget that this process was given."""

    def __init__(self, store: Store, name: str, rate: Rate) -> None:
        self._store = store
        self._name = name
        self._rate = rate
        self._lock = threading.Lock()
        self._left: deque[float] = deque()
        self._size = 1
        self._reserved = -_BUSY

    def next(self) -> float:
        """Return the seconds until the next turn."""
        with self._lock:
            now = time.monotonic()
            turn = self._kept(now)
            if turn is None:
                try:
                    self._reserve()
                except StoreError:
                    return 1 / self._rate.per_second
                now = time.monotonic()
                turn = self._left.popleft()
            return max(0.0, turn - now)

    def _kept(self, now: float) -> float | None:
        """Return a turn that was taken beforehand, unless its time is over."""
        while self._left:
            turn = self._left.popleft()
            if turn + _KEEPS >= now:
                return turn
        return None

    def _reserve(self) -> None:
        """Take one turn, or twice as many as the last time where that was a moment ago."""
        is_busy = time.monotonic() - self._reserved < _BUSY
        self._size = min(self._rate.block, 2 * self._size) if is_busy else 1
        first = reserved(self._store, self._name, self._rate, self._size)
        self._reserved = time.monotonic()
        turns = (max(0.0, first + number / self._rate.per_second) for number in range(self._size))
        self._left.extend(self._reserved + turn for turn in turns)


def reserved(store: Store, name: str, rate: Rate, turns: int) -> float:
    """Take so many turns in a row, and return the seconds until the first; a negative number is a turn gone by."""
    cost = turns / rate.per_second
    with store.writing() as connection:
        now = _now(connection)
        is_sound = sa.and_(BUDGETS.c.free_at > now, BUDGETS.c.free_at < now + LONGEST_WAIT)
        taken = (
            sa.update(BUDGETS)
            .where(BUDGETS.c.name == name)
            .values(free_at=sa.case((is_sound, BUDGETS.c.free_at), else_=now) + cost)
            .returning(BUDGETS.c.free_at - now)
        )
        ahead = connection.execute(taken).scalar()
        if ahead is None:
            ahead = _inserted(connection, taken, name, now + cost, cost)
    return float(ahead) - cost - (rate.burst - 1) / rate.per_second


def _inserted(
    connection: sa.Connection,
    taken: sa.Executable,
    name: str,
    free_at: sa.ColumnElement[float],
    cost: float,
) -> float:
    """Begin a budget, and return how far it is ahead; another worker may have begun it at this moment."""
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(BUDGETS).values(name=name, free_at=free_at))
    except sa.exc.IntegrityError:
        return float(connection.execute(taken).scalar_one())
    return cost


def _now(connection: sa.Connection) -> sa.ColumnElement[float]:
    """Return the time by the clock that all workers share, in seconds since 1970."""
    if connection.dialect.name == "postgresql":
        return sa.cast(sa.func.extract("epoch", sa.func.clock_timestamp()), sa.Float)
    return sa.literal(time.time(), sa.Float)


def _wait(seconds: float, progress: Progress) -> None:
    """Wait, and say so where a person would wonder."""
    waited = 0.0
    while waited < seconds:
        if seconds > _SLICE:
            progress(_WAITING, round(waited), round(seconds))
        piece = min(_SLICE, seconds - waited)
        time.sleep(piece)
        waited += piece
