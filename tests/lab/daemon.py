"""One program of the laboratory: started in the foreground, logged, and always killed again."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.lab.missing import program
from tests.lab.waiting import LabError

_SECONDS_TO_END = 5
_APPARMOR = Path("/sys/module/apparmor/parameters/enabled")


class Daemon:
    """A server process in a session of its own, with the log in `folder`/log.

    It dies with the process that started it (`setpriv --pdeathsig`), even where that one was killed outright.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, command: Sequence[str]) -> None:
        """Start the program; raises LabError where it runs already."""
        if self.is_alive():
            raise LabError(f"{self.name} runs already")
        wrapped = [_found("setpriv"), "--pdeathsig", "KILL", _unconfined(command[0], self.folder), *command[1:]]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                wrapped,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def size(self) -> int:
        """Return how many processes the program consists of now."""
        return sum(session == self.pid for session in _sessions())

    def signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End the program and its children: politely, so that it collects them, then by force."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def last_words(self, lines: int = 8) -> str:
        """Return the end of the log, for messages."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def check(self) -> None:
        """Raise LabError where the program has ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            raise LabError(f"{self.name} ended with {self._process.returncode}:\n{self.last_words()}")


def tool(command: Sequence[str], folder: Path | None = None) -> str:
    """Run a program in the folder and return its output; raises LabError with its words where it fails."""
    done = subprocess.run(
        [_found(command[0]), *command[1:]],
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
        cwd=folder,
    )
    if done.returncode:
        raise LabError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def _sessions() -> Iterator[int]:
    """Yield the session of each process on this machine that runs."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            # `pid (name) state parent group session ...`; the name may have anything in it.
            state, _, _, session, *_ = file.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            yield int(session)


def _found(name: str) -> str:
    path = program(name)
    if path is None:
        raise LabError(f"{name} is not installed")
    return path


def _unconfined(name: str, folder: Path) -> str:
    """Return a path of the program at which no AppArmor profile confines it.

    Debian's profiles for named and unbound forbid files outside their own folders; they attach by path.
    """
    path = _found(name)
    if not _APPARMOR.exists() or _APPARMOR.read_text().strip() != "Y":
        return path
    copy = folder / Path(path).name
    if not copy.exists():
        shutil.copy(path, copy)
    return str(copy)
