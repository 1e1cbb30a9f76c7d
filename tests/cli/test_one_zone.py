"""A move between one zone and itself is refused, in the same words by every command that takes both sides."""

from pathlib import Path

import pytest

from migrator.workflow.wishes import refuse_one_zone
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


@pytest.mark.usefixtures("own_folder")
@pytest.mark.parametrize("command", ["run", "plan", "check", "confirm"])
def test_a_side_without_a_zone_is_that_of_the_domain(command: str) -> None:
    phase = ("--phase", "ready") if command == "check" else ()

    assert run(command, "example.org", *phase, "--from", "route53:", "--to", ZONE) == Run(2, "", OPTIONS)
    assert run(command, "example.org", *phase, "--from", ZONE, "--to", "route53:") == Run(2, "", OPTIONS)


@pytest.mark.usefixtures("own_folder")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("old.zone", "./old.zone"),
        ("old.zone", "link.zone"),
        ("old.zone", "file:old.zone"),
        ("old.zone", "old.zone?origin=example.org"),
        (ZONE, "route53:Example.ORG."),
    ],
)
def test_one_zone_is_refused_in_whatever_words_it_is_named(old: str, new: str) -> None:
    Path("old.zone").write_text("@ 300 IN A 192.0.2.1\n")
    Path("link.zone").symlink_to("old.zone")

    said = f"dns-migrator: --from and --to both name one zone: '{old}' is '{new}'.\n"
    assert run("plan", "example.org", "--from", old, "--to", new) == Run(2, "", said)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("old.zone", "new.zone"),
        ("a/old.zone", "b/old.zone"),
        (ZONE, f"{ZONE}?profile=new"),
        ("dns:example.org@192.0.2.1", "dns:example.org@192.0.2.2"),
        (ZONE, "cloudflare:example.org"),
    ],
)
def test_two_zones_are_two(old: str, new: str) -> None:
    refuse_one_zone(old, new)
