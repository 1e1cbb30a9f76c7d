"""`dns-migrator run` in a process of its own, killed (SIGKILL) at a moment that a test names.

The moments: right before and right after an attempt's end is kept, right before the N-th transaction of the state
database, and, arranged at a fake provider, when a request arrives and when it has been carried out.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from migrator.journey.events import Event
from migrator.state.migrations import Migration, Migrations
from migrator.state.store import Store
from providers.route53 import pacing
from tests.importing import command
from tests.importing.running import KILLED
from tests.installed import PATIENCE, Run, checked
from tests.lab.waiting import wait_until
from tests.providers.route53_writing import FAST

_FORKING = multiprocessing.get_context("forkserver")


@dataclass
class Lives:
    """One command after another in a folder; each may be killed from outside by `kill`."""

    folder: Path
    process: ForkServerProcess | None = None
    killed: list[str] = field(default_factory=list)

    def live(self, *arguments: str, kill_at: str = "", why: str = "") -> Run:
        """Run the command to its end, or until it is killed."""
        given = (arguments, str(self.folder), dict(os.environ), kill_at)
        self.process = _FORKING.Process(target=_live, args=given)
        self.process.start()
        found = self._ended(self.process)
        if found.code == KILLED:
            self.killed.append(kill_at or why)
        return found

    def live_until(self, happened: Callable[[], bool], number: signal.Signals, *arguments: str) -> Run:
        """Run the command, and send it a signal as soon as something has happened."""
        process = _FORKING.Process(target=_live, args=(arguments, str(self.folder), dict(os.environ), ""))
        process.start()
        wait_until(happened, "what the command was to do", PATIENCE)
        assert process.pid is not None
        os.kill(process.pid, number)
        return self._ended(process)

    def interrupt(self, _: object = None) -> None:
        """Do what Ctrl-C does to the command that runs now."""
        assert self.process is not None
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGINT)

    def kill(self, _: object = None) -> None:
        """Kill the command that runs now."""
        process = self.process
        assert process is not None
        assert process.pid is not None
        dead = process.sentinel
        os.kill(process.pid, signal.SIGKILL)
        # Nothing goes on before it is really dead.
        connection.wait([dead], PATIENCE)

    def _ended(self, process: ForkServerProcess) -> Run:
        process.join(PATIENCE)
        code = process.exitcode
        assert code is not None, "the command does not end"
        out, err = ((self.folder / name).read_text() for name in (".out", ".err"))
        return checked(Run(code, out, err))


def _live(arguments: tuple[str, ...], folder: str, environment: dict[str, str], kill_at: str) -> None:
    pacing.PACE = FAST
    match kill_at.partition(" "):
        case ["before" | "after" as when, _, "event"]:
            _at_event(when)
        case ["before", _, number] if number:
            _at_transaction(int(number))
        case _:
            pass
    command.run(arguments, folder, environment)


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _at_event(when: str) -> None:
    ended = Migrations.ended

    def killed(
        self: Migrations, migration: Migration, turn: int, event: Event, *, tells: bool = False
    ) -> Migration | None:
        if when == "after":
            ended(self, migration, turn, event, tells=tells)
        _die()
        return None

    Migrations.ended = killed  # type: ignore[method-assign]


def _at_transaction(number: int) -> None:
    writing = Store.writing
    count = 0

    @contextmanager
    def counted(self: Store) -> Iterator[sa.Connection]:
        nonlocal count
        count += 1
        if count == number:
            _die()
        with writing(self) as found:
            yield found

    Store.writing = counted  # type: ignore[method-assign]
