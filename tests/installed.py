"""Runs the installed command in a process of its own, as a person does."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("dns-migrator")
# Ends what hangs, and nothing else: a machine that is shared may need long for what takes a second.
PATIENCE = 150


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def checked(done: Run) -> Run:
    assert "Traceback" not in done.err, done.err
    return done


def run(*arguments: str) -> Run:
    """Run the command in the present folder; it has no terminal, and nothing comes on its stdin."""
    done = subprocess.run(
        [str(COMMAND), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )
    return checked(Run(done.returncode, done.stdout, done.stderr))
