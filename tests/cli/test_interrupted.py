"""Ctrl-C: one line that says what is done and what is not, and exit code 130, whenever it comes."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from migrator.cli import app
from migrator.cli.interrupting import StoppedError
from migrator.demo.samples import sample_zones
from tests.installed import PATIENCE

OLD, NEW = (str(sample_zones() / name) for name in ("old-provider.zone", "new-provider-incomplete.zone"))
SIDES = ("--from", OLD, "--to", NEW)
# Presses Ctrl-C when a function of the program is called, and runs the command.
PRESSED = """
import importlib, os, signal, sys, threading, time
module, _, name = sys.argv.pop(1).partition(":")
threads = int(sys.argv.pop(1))
place = importlib.import_module(module)

def pressed(*_, **__):
    for _ in range(threads):
        threading.Thread(target=time.sleep, args=(60,)).start()
    os.kill(os.getpid(), signal.SIGINT)

import migrator.cli
setattr(place, name, pressed)
sys.argv[0] = "dns-migrator"
migrator.cli.main()
"""


def begin(where: str, *arguments: str, folder: Path, threads: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PRESSED, where, str(threads), *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("discover", "example.org"), "the search was not finished, and what it had found is gone"),
        (
            ("check", "example.org", "--phase", "ready", *SIDES),
            "nothing was judged; what was seen may be remembered",
        ),
        (("plan", "example.org", *SIDES), "nothing was planned; what was seen may be remembered"),
        (
            ("confirm", "example.org", "--expect", "a.example"),
            "there is no verdict; what was seen may be remembered",
        ),
        (("lint", OLD), "there is no result, and nothing was written"),
        (("diff", OLD, NEW), "there is no result, and nothing was written"),
        (("export", OLD, "-o", "backup"), "a backup is there whole, or not at all"),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else "",
)
def test_an_interrupted_command_says_what_is_done(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    with begin("migrator.workflow.world:open_world", *arguments, folder=tmp_path) as process:
        out, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, out, err) == (130, "", f"dns-migrator: Interrupted: {says}.\n")
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_is_interrupted_at_its_very_end_leaves_its_backup(tmp_path: Path) -> None:
    with begin("migrator.cli.screen:emit", "export", OLD, "-o", "backup", folder=tmp_path) as process:
        _, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, err) == (
        130,
        "dns-migrator: Interrupted: a backup is there whole, or not at all.\n",
    )
    assert (tmp_path / "backup" / "SHA256SUMS").is_file()


def test_outside_of_any_command_it_is_the_same(tmp_path: Path) -> None:
    with begin("migrator.cli.commands:app", "export", OLD, folder=tmp_path) as process:
        _, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, err) == (130, "dns-migrator: Interrupted: nothing was written.\n")


def test_who_presses_it_again_does_not_wait_for_what_is_still_running(tmp_path: Path) -> None:
    with begin("migrator.workflow.world:open_world", "lint", OLD, folder=tmp_path, threads=2) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=PATIENCE)

    assert first.startswith("dns-migrator: Interrupted: ")
    assert (process.returncode, rest) == (130, "")


@pytest.mark.parametrize("command", [("discover", "example.org"), ("plan", "example.org", *SIDES)])
def test_a_question_that_nobody_answers_can_be_left(command: tuple[str, ...], tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.settimeout(PATIENCE)
        (tmp_path / "named.root").write_text(". 3600 NS a.root.test.\na.root.test. 3600 A 127.0.0.1\n")
        (tmp_path / "network.toml").write_text(
            f'root_hints = "named.root"\nport = {silent.getsockname()[1]}\ntimeout = 60\n'
            "allow_special_addresses = true\n"
        )
        with subprocess.Popen(
            [sys.executable, "-m", "migrator", *command, "--network", "network.toml"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            silent.recvfrom(4096)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, out) == (130, "")
    assert err.startswith("dns-migrator: Interrupted: ")
    assert err.count("\n") == 1


def test_it_is_said_before_the_command_line_is_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(TyperGroup, "make_context", pressed)

    with pytest.raises(StoppedError, match=r"^Interrupted: nothing was written\.$"):
        get_command(app)(["status"])


# Presses Ctrl-C when a module is about to be loaded.
LOADING = """
import os, signal, sys

class Pressing:
    @staticmethod
    def find_spec(name, *_):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Pressing)
from migrator.cli import command
command()
"""


@pytest.mark.parametrize("module", ["migrator.cli.quick", "migrator.cli.exits", "migrator.concurrency.threads"])
def test_while_the_program_is_loaded_nothing_is_said(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADING, module], capture_output=True, text=True, check=False, timeout=PATIENCE
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_who_loads_the_program_into_another_is_told_as_ever() -> None:
    code = "import migrator.cli, sys; print(sys.excepthook is sys.__excepthook__)\nraise KeyboardInterrupt"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout == "True\n"
    assert done.stderr.endswith("KeyboardInterrupt\n")
    broken = "import sys\nsys.modules['atexit'] = None\nimport migrator.cli"
    told = subprocess.run([sys.executable, "-c", broken], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr.splitlines()[-1]) == (
        1,
        "ModuleNotFoundError: import of atexit halted; None in sys.modules",
    )
