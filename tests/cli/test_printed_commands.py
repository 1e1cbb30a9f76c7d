"""Commands that are printed can be pasted, whatever files and folders are called."""

import subprocess
from pathlib import Path

import pytest

from migrator.cli.naming import naming
from migrator.demo.internet import OLD_HOSTS
from migrator.model.shellwords import typed
from tests.cli.moving import zone_text
from tests.installed import COMMAND, PATIENCE, Run, checked, run

NAMES = ["-old", "--new", "-", "a $HOME", "it's", 'b"ü"cher', "a`b`;c", "~", "*", "a\\b"]
ZONE = zone_text(OLD_HOSTS, "")


def paste(line: str) -> Run:
    """Run a printed line as a shell does."""
    assert line.startswith("dns-migrator ")
    pasted = line.replace("dns-migrator", str(COMMAND), 1)
    done = subprocess.run(
        ["/bin/sh", "-c", pasted],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )
    return checked(Run(done.returncode, done.stdout, done.stderr))


@pytest.mark.parametrize("name", NAMES)
def test_a_place_is_one_word_and_no_option(name: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'printf %s/ "$PWD"; printf "%s" {typed(name)}'],
        capture_output=True,
        text=True,
        check=True,
    )

    shown = done.stdout.removeprefix(f"{Path.cwd()}/")
    assert shown == (f"./{name}" if name.startswith("-") else name)


@pytest.mark.usefixtures("own_folder")
def test_what_export_prints_can_be_pasted() -> None:
    Path("-a $zone").write_text(ZONE)

    done = run("export", "./-a $zone", "--output=-it's")
    line = done.out.rpartition("Next: ")[2].strip()
    assert line.endswith(" NEW")

    assert paste(line.replace("NEW", "'./-a $zone'")).code == 0


@pytest.mark.usefixtures("own_folder")
def test_what_import_and_its_plan_print_can_be_pasted() -> None:
    Path("-a $zone").write_text(ZONE)

    planned = run("import", "--plan-out=-the 'plan'", "--database", "my db", "--", "-a $zone", "-new.zone")
    assert not Path("-new.zone").exists()
    applied = paste(f"{planned.err.rpartition('Apply it: ')[2].strip()} --yes")
    assert applied.code == 0
    assert Path("-new.zone").exists()

    assert paste(applied.out.rpartition("Next: ")[2]).code == 0
    assert run("rollback", "example.org", "--database", "my db", "--yes").code == 0


def test_a_database_of_ones_own_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DNS_MIGRATOR_DATABASE", raising=False)

    assert naming("dns-migrator.db") == ""
    assert naming("my db") == " --database 'my db'"
    assert naming("postgresql://a:secret@db/x") == " --database postgresql://a@db/x"


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        ("my db", " --database 'my db'"),
        ("postgresql://a@db/x", " --database postgresql://a@db/x"),
        ("postgresql://a:secret@db/x", ""),
        ("postgresql://a@db/x?password=secret", ""),
    ],
)
def test_a_database_whose_password_only_the_environment_has_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch, database: str, expected: str
) -> None:
    monkeypatch.setenv("DNS_MIGRATOR_DATABASE", database)

    assert naming(database) == expected
    assert naming("postgresql://b:other@db/x") == " --database postgresql://b@db/x"
