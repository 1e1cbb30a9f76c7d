"""Runs the command as a user does, with the provider `memory:` in it, and looks at what came of it.

Each run is a process of its own that can be killed; it is forked from one that has imported everything already, so
that hundreds of runs take seconds.
"""

import multiprocessing
import os
from pathlib import Path

from tests.importing import command
from tests.importing.memory import Service
from tests.installed import PATIENCE, Run, checked

KILLED = -9
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.importing.preloaded"])


def run(*arguments: str, kill_at: str = "") -> Run:
    """Run the command in the present folder; `kill_at` is for `tests.importing.command`."""
    environment = {**os.environ, **({"KILL_AT_JOURNAL": kill_at} if kill_at else {})}
    out, err = Path(".out"), Path(".err")
    process = _FORKING.Process(target=command.run, args=(arguments, str(Path.cwd()), environment))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode is not None, "the command does not end"
    code = process.exitcode
    process.close()
    return checked(Run(code, out.read_text(), err.read_text()))


def service(name: str = "state.json") -> Service:
    return Service(Path(name))
