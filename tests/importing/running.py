"""Runs the command as a user does, with the provider `memory:` in it, and looks at what came of it.

Each run is a process of its own that can be killed; it is forked from one that has imported everything already, so
that hundreds of runs take seconds.
"""

import json
import multiprocessing
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.importing import command
from tests.importing.memory import Service

COMMAND = Path(sys.executable).with_name("dns-migrator")
KILLED = -9
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.importing.preloaded"])


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*arguments: str, kill_at: str = "") -> Run:
    """Run the command in the present folder; `kill_at` is for `tests.importing.command`."""
    environment = {**os.environ, **({"KILL_AT_JOURNAL": kill_at} if kill_at else {})}
    out, err = Path(".out"), Path(".err")
    process = _FORKING.Process(target=command.run, args=(arguments, str(Path.cwd()), environment))
    process.start()
    process.join(60)
    assert process.exitcode is not None, "the command does not end"
    code = process.exitcode
    process.close()
    return _checked(Run(code, out.read_text(), err.read_text()))


def run_installed(*arguments: str) -> Run:
    """Run the installed command."""
    done = subprocess.run(
        [str(COMMAND), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    return _checked(Run(done.returncode, done.stdout, done.stderr))


def service(name: str = "state.json") -> Service:
    return Service(Path(name))


def _checked(done: Run) -> Run:
    assert "Traceback" not in done.err, done.err
    return done
