"""What chooses the domains of a fleet is one word that a database takes, or one line on stderr."""

import os
from pathlib import Path

import pytest

from migrator.journey.waves import MOST_WAVES
from migrator.state.store import open_store
from tests.installed import run

_NO_TEXT = os.fsdecode(b"\xff")


@pytest.mark.parametrize("command", ["run", "status", "pause", "resume", "report"])
@pytest.mark.parametrize("fleet", [_NO_TEXT, "two\nlines", "red\x1b[31m"])
def test_a_fleet_has_a_name_that_can_be_printed(own_folder: Path, command: str, fleet: str) -> None:
    with open_store("dns-migrator.db"):
        pass

    done = run("fleet", command, "--fleet", fleet)

    assert (done.code, done.out) == (2, "")
    assert done.err == "dns-migrator: --fleet: a name of printable characters was expected.\n"


def test_a_fleet_is_begun_under_such_a_name(own_folder: Path) -> None:
    Path("list.csv").write_text("example.org\n")

    done = run("fleet", "add", "list.csv", "--from", "route53:", "--to", "cloudflare:", "--fleet", _NO_TEXT)

    assert (done.code, done.err) == (2, "dns-migrator: --fleet: a name of printable characters was expected.\n")
    assert not Path("dns-migrator.db").exists()


@pytest.mark.parametrize("command", ["run", "status", "pause", "resume"])
def test_a_wave_is_a_number_that_a_list_can_have(own_folder: Path, command: str) -> None:
    with open_store("dns-migrator.db"):
        pass

    done = run("fleet", command, "--wave", str(10**30))

    assert (done.code, done.out) == (2, "")
    assert f"{MOST_WAVES} or less was expected." in " ".join(done.err.replace("│", "").split())


@pytest.mark.parametrize(("option", "column"), [("--to", "from"), ("--from", "to")])
def test_a_side_that_is_missing_is_told_with_its_column(own_folder: Path, option: str, column: str) -> None:
    Path("list.csv").write_text("example.org\n")

    done = run("fleet", "add", "list.csv", option, "route53:")

    assert done.code == 2
    assert done.err == (
        f"dns-migrator: list.csv:1: example.org has no side to move {column}: name it in the column {column}, "
        f"or with --{column} for all.\n"
    )
