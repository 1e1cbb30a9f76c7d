"""`python -m tests.lab` as a person uses it: started, told what to do from another terminal, ended."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lab.play import ACTIONS

REPOSITORY = Path(__file__).resolve().parents[2]


def environment(folder: Path) -> dict[str, str]:
    """A temporary folder of its own: the actions go to this laboratory and to no other."""
    return {**os.environ, "TMPDIR": str(folder)}


def tell(folder: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.lab", *words],
        cwd=REPOSITORY,
        env=environment(folder),
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start it, and give what it says up to the list of actions."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.lab"],
        cwd=REPOSITORY,
        env=environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            lines = []
            for line in process.stdout:
                lines.append(line)
                if line.startswith(f"  {list(ACTIONS)[-1]} "):
                    break
            yield process, "".join(lines)
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.read()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short name: the path of a Unix socket has 107 octets at most."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        yield Path(name)


def test_a_person_plays_a_switch(name_servers: None, short_folder: Path) -> None:
    with running(short_folder) as (process, said):
        parent = re.search(r"dig @(\S+) -p (\S+) example\.test NS", said)
        assert parent is not None
        question = ["dig", f"@{parent[1]}", "-p", parent[2], "example.test", "NS", "+norecurse"]

        before = subprocess.run(question, capture_output=True, check=True, text=True).stdout
        told = tell(short_folder, "switch", "example.test")
        after = subprocess.run(question, capture_output=True, check=True, text=True).stdout

        assert "ns1.example.net." in before
        assert told == (0, "example.test. Every parent server lists ns1.example.org, ns2.example.org.")
        assert "ns1.example.org." in after
        assert "ns1.example.net." not in after

        assert tell(short_folder, "half", "example.com")[0] == 0
        assert tell(short_folder, "placeholder", "example.test")[0] == 0
        assert tell(short_folder, "unsign", "example.com")[0] == 0
        assert tell(short_folder, "mend", "example.test")[0] == 0
        assert tell(short_folder, "withdraw", "example.test")[0] == 0
        assert tell(short_folder, "back", "example.test")[0] == 0
        assert tell(short_folder, "stop", "new-1") == (0, "new-1 is stopped.")
        assert re.search(r"^new-1 +stopped", tell(short_folder, "status")[1], re.MULTILINE)
        assert tell(short_folder, "start", "new-1") == (0, "new-1 runs.")
        assert tell(short_folder, "start", "nobody")[0] == 1
        assert tell(short_folder, "switch", "example.org")[0] == 1
        assert tell(short_folder, "dance")[0] == 1
        assert process.poll() is None

    assert process.returncode == 0
    assert list(short_folder.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_closed_terminal_ends_it_without_a_trace(
    name_servers: None, short_folder: Path, number: signal.Signals
) -> None:
    with running(short_folder) as (process, _):
        for _ in range(3):
            process.send_signal(number)
        assert process.wait(timeout=30) == 0

    assert list(short_folder.iterdir()) == []


def test_without_a_laboratory_an_action_says_how_to_start_one(short_folder: Path) -> None:
    code, said = tell(short_folder, "status")

    assert code == 1
    assert said == "lab: none is running: start one with `make lab`, or `python -m tests.lab`"
