"""How a person types the program that runs the demo."""

from pathlib import Path

import pytest

from migrator.demo.program import of_environment, typed


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "clone" / ".venv" / "bin" / "dns-migrator"
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_program_stands_beside_its_python(program: Path) -> None:
    assert of_environment(program.parent / "python") == program
    assert of_environment(program.parents[1] / "python") is None


@pytest.mark.parametrize(
    ("path", "folder", "words"),
    [
        ("{bin}:/nowhere", "clone", "dns-migrator"),
        ("/nowhere", "clone", ".venv/bin/dns-migrator"),
        ("/nowhere", "elsewhere", "{bin}/dns-migrator"),
        ("", "clone", ".venv/bin/dns-migrator"),
    ],
    ids=["found", "below here", "elsewhere", "no path at all"],
)
def test_it_is_typed_by_its_path_where_a_shell_does_not_find_it(
    program: Path, tmp_path: Path, path: str, folder: str, words: str
) -> None:
    bin_ = str(program.parent)

    assert typed(program, path.format(bin=bin_), tmp_path / folder) == words.format(bin=bin_)


def test_another_program_of_the_name_is_what_a_shell_finds_and_nobody_is_told_a_path(
    program: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "dns-migrator"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)

    assert typed(program, str(other.parent), tmp_path) == "dns-migrator"


def test_without_a_program_beside_python_it_is_its_name(tmp_path: Path) -> None:
    assert typed(None, "/nowhere", tmp_path) == "dns-migrator"
