"""Runs a command of the person's own for each notice, which it reads as JSON from its standard input.

No shell reads the command line, and nothing of a zone ever stands in it: a domain, a stage and a status are in the
environment, and everything else in the JSON.
"""

import errno
import json
import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from typing import IO, ClassVar

from migrator.errors import InputError, NotifyError
from migrator.model.phrases import safe, shortened
from migrator.model.values import dataclass
from migrator.notices import Notice, called, document
from migrator.notifying.tries import PassingError

SECONDS = 30.0
_LONGEST_LINE = 200
_READ_BACK = 4096
# No room for what the command is told, no process, no file left.
_OF_THIS_MOMENT = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM})


@dataclass(frozen=True, slots=True)
class Hook:
    """A command, and the environment that it inherits; `variable` is where it came from."""

    command: tuple[str, ...]
    variable: str
    inherited: Mapping[str, str] = field(repr=False)
    seconds: float = SECONDS
    takes_many: ClassVar[bool] = False

    def deliver(self, notices: Sequence[Notice]) -> None:
        """Run the command for one notice; raises PassingError where another try may help, else NotifyError."""
        (notice,) = notices
        what = f"{called(notice)}: the command of {self.variable} ({safe(self.command[0])})"
        told = document(notice)
        environment = {
            **self.inherited,
            **{f"DNS_MIGRATOR_{key.upper()}": str(told[key]) for key in ("domain", "stage", "status")},
        }
        try:
            code, last = self._ended(json.dumps(told).encode() + b"\n", environment)
        except (OSError, ValueError) as exc:
            reason = getattr(exc, "strerror", None) or "it has a zero octet"
            if getattr(exc, "errno", None) in _OF_THIS_MOMENT:
                raise PassingError(f"{what} cannot be run: {reason}") from exc
            raise NotifyError(f"{what} cannot be run: {reason}.") from exc
        if code is None:
            raise PassingError(f"{what} did not end within {self.seconds:g} seconds{last}")
        if code != 0:
            ended = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
            raise PassingError(f"{what} {ended}{last}")

    def _ended(self, told: bytes, environment: Mapping[str, str]) -> tuple[int | None, str]:
        """Run the command; return its exit code, None where it did not end, and what it complained of last."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
            given.write(told)
            given.seek(0)
            code = _run(self.command, given, complaints, environment, self.seconds)
            return code, _last_line(complaints)


def hook_of(line: str, variable: str, inherited: Mapping[str, str]) -> Hook:
    """Return the hook of a command line; raises InputError where that is none."""
    try:
        command = tuple(shlex.split(line))
    except ValueError as exc:
        raise InputError(f"{variable}: the command line cannot be read: {exc}.") from exc
    if not command or not command[0]:
        raise InputError(f"{variable}: there is no command in it.")
    return Hook(command, variable, inherited)


def _run(
    command: tuple[str, ...],
    given: IO[bytes],
    complaints: IO[bytes],
    environment: Mapping[str, str],
    seconds: float,
) -> int | None:
    """Return the exit code; None where the time was over, and the command was killed with all that it started."""
    running = subprocess.Popen(  # noqa: S603 - the person's own command, by the person's wish
        command,
        stdin=given,
        stdout=subprocess.DEVNULL,
        stderr=complaints,
        env=dict(environment),
        start_new_session=True,
    )
    try:
        return running.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if running.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def _last_line(complaints: IO[bytes]) -> str:
    """Return the last line of what the command complained of, as the end of a sentence."""
    size = complaints.seek(0, os.SEEK_END)
    complaints.seek(max(0, size - _READ_BACK))
    lines = complaints.read().decode("utf-8", "replace").strip().splitlines()
    return f": {shortened(safe(lines[-1].strip()), _LONGEST_LINE)}" if lines else ""
