"""The examples at the end of each help: each on one line of 80 columns, and taken by the command."""

import os
import shlex
import subprocess
import sys
from typing import Any

import pytest
from typer.main import get_command

from migrator.cli import app

TOP: dict[str, Any] = getattr(get_command(app), "commands", {})
COMMANDS: dict[str, Any] = {name: command for name, command in TOP.items() if not hasattr(command, "commands")}
COMMANDS |= {
    f"{name} {inner}": command
    for name, group in TOP.items()
    for inner, command in getattr(group, "commands", {}).items()
}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_an_example_that_can_be_typed(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "migrator", *command.split(), "--help"],
        env=os.environ | {"COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    )

    lines = [line.strip() for line in done.stdout.partition(" For example:")[2].splitlines() if line.strip()]
    assert lines
    for line in lines:
        assert line.startswith(f"dns-migrator {command}")
        COMMANDS[command].make_context(command, shlex.split(line.removeprefix(f"dns-migrator {command}")))
