"""People are told what `run` asks, once, also where it was killed before it could tell them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from migrator.demo.authority import Authority
from migrator.demo.internet import Internet
from tests.cli.killing import Lives
from tests.cli.moving import Move, begun
from tests.notifying.receiver import receiving

# Nothing listens there.
SOURCE = "axfr:example.org@127.0.0.1:9"
LINES = ("run", "example.org", "--from", SOURCE, "--to", "new.zone", "--network", "network.toml", "--no-wait")


@pytest.fixture
def move(tmp_path: Path, capsys: pytest.CaptureFixture[str], own_folder: Path) -> Iterator[Move]:
    old, new = Authority(), Authority()
    with closing(Internet(old, new)) as net:
        yield begun((net, old, new), tmp_path, capsys)


@pytest.mark.parametrize("kill_at", ["", "after event"])
def test_a_failure_is_told_once(move: Move, kill_at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        monkeypatch.setenv("DNS_MIGRATOR_WEBHOOK", receiver.url)
        lives = Lives(move.folder)
        for moment in (kill_at, "", ""):
            lives.live(*LINES, kill_at=moment)

    assert lives.killed == [kill_at for _ in range(bool(kill_at))]
    assert [(each["domain"], each["stage"], each["status"]) for each in receiver.told] == [
        ("example.org.", "backup", "failed")
    ]
