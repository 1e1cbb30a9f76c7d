"""`--quiet` of the commands that say something to a migration: no word where all is well."""

from pathlib import Path

import pytest

from migrator.journey.options import Options
from migrator.journey.stages import Stage
from migrator.state.store import open_store
from tests.cli.journeying import stands_at
from tests.installed import run

SIDES = ("--from", "route53:", "--to", "cloudflare:")
DONE = (
    "pause example.org",
    "resume example.org",
    "fleet add list.csv --from route53: --to cloudflare:",
    "fleet add list.csv --from route53: --to cloudflare:",
    "fleet pause",
    "fleet resume",
    "approve example.org ready --because holidays",
    "again example.org prepare",
    "abort example.org --yes",
)
REFUSED = (
    ("resume example.org", 2, "dns-migrator: example.org is not paused.\n"),
    ("fleet resume", 0, "dns-migrator: 0 migrations resumed.\n"),
    (
        "fleet add list.csv --from route53: --to azure:",
        1,
        (
            "dns-migrator: list.csv:1: example.net is under way elsewhere (from route53:example.net to "
            "cloudflare:example.net: 'dns-migrator abort example.net' ends that), and left so.\n"
            "dns-migrator: 0 domains added to fleet. 1 under way elsewhere.\n"
        ),
    ),
)


@pytest.fixture(autouse=True)
def there(own_folder: Path) -> None:
    """One migration at a gate, and a list with another domain."""
    (own_folder / "list.csv").write_text("example.net\n", "ascii")
    with open_store("dns-migrator.db") as store:
        stands_at(store, Stage.READY, Options("route53:example.org", "cloudflare:example.org"))


def test_what_is_well_is_not_said() -> None:
    for line in DONE:
        done = run(*line.split(), "--quiet")
        assert (done.code, done.out, done.err) == (0, "", ""), line


def test_what_is_not_well_is_said_all_the_same() -> None:
    assert run("fleet", "add", "list.csv", *SIDES, "-q").code == 0
    for line, code, said in REFUSED:
        done = run(*line.split(), "-q")
        assert (done.code, done.out, done.err) == (code, "", said), line
