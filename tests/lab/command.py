"""The installed command, run as a user runs it, against the laboratory's network profile."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("dns-migrator")
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Run:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Return the JSON that the command printed."""
        return json.loads(self.out)


class Command:
    """`dns-migrator` with one network profile, in one working folder."""

    def __init__(self, profile: Path, folder: Path) -> None:
        self.profile = profile
        self.folder = folder

    def __call__(self, *arguments: str) -> Run:
        """Run it to its end; a traceback fails at once, whatever the test looks at."""
        done = subprocess.run(
            [str(COMMAND), *arguments],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            check=False,
            text=True,
            timeout=_SECONDS,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Run(done.returncode, done.stdout, done.stderr)

    def start(self, arguments: Sequence[str]) -> subprocess.Popen[str]:
        """Start it, for commands that go on until they are interrupted."""
        return subprocess.Popen(
            [str(COMMAND), *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell that starts the tests in the background lets what it starts ignore Ctrl-C, for good.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  (a signal, no more)
        )

    def environment(self) -> dict[str, str]:
        """Return the environment of the command: the profile by its variable, a plain terminal of 80 columns."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("DNS_MIGRATOR", "AWS_"))}
        return {**kept, "DNS_MIGRATOR_NETWORK": str(self.profile), "COLUMNS": "80", "PYTHONUNBUFFERED": "1"}
