"""A move between one zone and itself is refused, in the same words by every command that takes both sides."""

from pathlib import Path

import pytest

from tests.installed import Run, run

ZONE = "route53:example.org"
SIDES = ("--from", ZONE, "--to", "ROUTE53:example.org")
OPTIONS = f"dns-migrator: --from and --to both name '{ZONE}'.\n"
COMMANDS = {
    "run": (("run", "example.org", *SIDES), OPTIONS),
    "plan": (("plan", "example.org", *SIDES), OPTIONS),
    "check": (("check", "example.org", "--phase", "ready", *SIDES), OPTIONS),
    "confirm": (("confirm", "example.org", *SIDES), OPTIONS),
    "import": (
        ("import", ZONE, "ROUTE53:example.org", "--yes"),
        f"dns-migrator: SOURCE and TARGET both name '{ZONE}'.\n",
    ),
}


@pytest.mark.usefixtures("own_folder")
@pytest.mark.parametrize("command", COMMANDS)
def test_one_zone_on_both_sides_is_refused_and_nobody_is_asked(command: str) -> None:
    arguments, said = COMMANDS[command]

    assert run(*arguments) == Run(2, "", said)
    assert not Path("backups").exists()
