"""What the registry says in RDAP is part of the evidence, whoever asked it."""

from pathlib import Path

import pytest

from migrator.demo.internet import NEW_HOSTS, OLD_HOSTS
from tests.cli.moving import begun, small_internet


def test_answers_of_the_registry_are_kept_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with small_internet() as internet:
        move = begun(internet, tmp_path, capsys)
        network = ("--network", "network.toml")
        move.run("confirm", "example.org", "--to", "new.zone", *network)
        move.run(
            "check", "example.org", "--phase", "prepare", "--from", "old.zone", "--only", "registrar", *network
        )
        move.net.register(NEW_HOSTS)
        move.run("confirm", "example.org", "--to", "new.zone", *network)

    found = move.run("history", "example.org", "--format", "json", code=0).json["registrations"]
    text = move.run("history", "example.org", code=0).out

    assert [each["name_servers"] for each in found] == [
        sorted(map(str, OLD_HOSTS)),
        sorted(map(str, OLD_HOSTS)),
        sorted(map(str, NEW_HOSTS)),
    ]
    assert all(each["state"] == "answered" and each["answer"]["objectClassName"] == "domain" for each in found)
    shown = text.partition("The registry (RDAP)\n")[2].partition("\n\n")[0]
    assert shown.count("Z ") == 2, "the same answer twice is one line"
    assert max(map(len, text.splitlines())) <= 80
