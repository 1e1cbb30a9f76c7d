"""README and docs say what the program does: examples, tables, options and links."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from migrator.cli import app
from tests.documents import DOCUMENTS, ROOT, as_it_should_be


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_examples_and_tables_are_true(document: Path) -> None:
    assert document.read_text(encoding="utf-8") == as_it_should_be(document), "run: python -m tests.documents"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8"))

    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_every_option_that_the_documents_name_exists() -> None:
    known = {"--help", "--version", "--install-completion", "--show-completion"}
    for command in commands_and_theirs(get_command(app)):
        known |= {
            option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
        }
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    named = {
        option
        for line in re.findall(r"dns-migrator [^\n`]*", text)
        for option in re.findall(r"(?<!\S)--[a-z][a-z-]*", line)
    }

    assert named - known == set()


def commands_and_theirs(command: object) -> Iterator[Any]:
    """Every command, those inside a group too."""
    for inner in getattr(command, "commands", {}).values():
        yield inner
        yield from commands_and_theirs(inner)


def test_the_readme_opens_with_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert re.findall(r"^make \w+", readme, re.MULTILINE)[:2] == ["make demo", "make test"]


def test_every_command_has_help_for_each_option() -> None:
    silent = [
        f"{command.name} {parameter.name}"
        for command in commands_and_theirs(get_command(app))
        for parameter in command.params
        if not getattr(parameter, "help", None)
    ]

    assert silent == []
