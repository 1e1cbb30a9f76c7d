"""`dns-migrator discover`, run as a user runs it, on the small internet of the demo."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.demo.authority import Authority
from migrator.demo.internet import Internet
from migrator.model.names import absolute
from tests.cli.moving import Move, begun, small_internet


@pytest.fixture(scope="module")
def internet() -> Iterator[tuple[Internet, Authority, Authority]]:
    with small_internet() as found:
        yield found


@pytest.fixture
def move(
    internet: tuple[Internet, Authority, Authority], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Move:
    return begun(internet, tmp_path, capsys)


def discover(move: Move, domain: str = "example.org", *, code: int) -> str:
    return move.run("discover", domain, "--network", "network.toml", code=code).err


def test_a_parent_that_lists_no_name_server_is_told(move: Move) -> None:
    assert discover(move, "unknown.test", code=3) == (
        "dns-migrator: The parent of unknown.test lists no name server; name one with --server.\n"
    )


def test_a_parent_that_cannot_be_asked_is_not_said_to_list_nothing(move: Move) -> None:
    move.cut_off()

    said = discover(move, code=3)

    assert said.startswith(
        "dns-migrator: The parent of example.org could not be asked which name servers it lists"
    )
    assert "connection refused" in said
    assert said.endswith("): try again, or name one with --server.\n")


def test_name_servers_whose_addresses_nobody_has_are_named(move: Move) -> None:
    move.delegate({absolute("ns1.unknown.test"): "127.53.99.1"})

    assert discover(move, code=3) == (
        "dns-migrator: No address is known of a name server of example.org (ns1.unknown.test: no such name): try "
        "again, or name one with --server.\n"
    )


@pytest.mark.parametrize(("name", "word"), [("found.json", "json"), ("found.MD", "markdown")])
def test_a_zone_file_gets_no_name_of_another_format(move: Move, name: str, word: str) -> None:
    found = move.run("discover", "example.org", "--network", "network.toml", "-o", name, code=2)

    assert found.err == (
        f"dns-migrator: {name}: its name means {word}, and -o writes a zone file here: name it otherwise. What "
        "`--format json` prints can be put into a file by the shell.\n"
    )
    assert not (move.folder / name).exists()
