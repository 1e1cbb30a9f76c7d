"""One internet for all tests of fleets: each takes domains that no other has touched."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest

from migrator.journey.state import Status
from migrator.model.names import absolute, for_people
from migrator.state.migrations import Migration, Migrations, Told
from migrator.state.store import open_store
from tests.fleet.world import World, domains_of

_DOMAINS = 80
_ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Fleet:
    """The command in a folder of its own on that internet, and its state database."""

    world: World
    folder: Path
    names: Iterator[str]
    database: str = "state.db"
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def take(self, number: int) -> tuple[str, ...]:
        """Return domains that nobody has taken."""
        return tuple(islice(self.names, number))

    def add(self, rows: Sequence[str], *options: str) -> None:
        """Add rows of a list with decisions under which nothing is asked and nobody waits for long."""
        (self.folder / "list.csv").write_text("domain,wave\n" + "\n".join(rows), "utf-8")
        sides = ("--from", "route53:", "--to", "cloudflare:")
        times = ("--yes", "--every", "1", "--lowered-ttl", "2")
        added = self.command("fleet", "add", "list.csv", *sides, *times, *options)
        assert added.returncode == 0, added.stderr

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        process = self.begin(*arguments)
        out, err = process.communicate(timeout=150)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def begin(
        self, *arguments: str, stdout: int = subprocess.PIPE, stderr: int = subprocess.PIPE
    ) -> "subprocess.Popen[str]":
        """Start a command."""
        command = [sys.executable, "-m", "tests.fleet.unpaced", *arguments, "--database", self.database]
        environment = {**self.world.environment(), "PYTHONPATH": str(_ROOT), "COLUMNS": "80"}
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdout=stdout,
            stderr=stderr,
            text=True,
        )
        self.running.append(process)
        return process

    @property
    def located(self) -> str:
        """The database as this process names it."""
        return self.database if "://" in self.database else str(self.folder / self.database)

    def migrations(self) -> dict[str, Migration]:
        """Return every migration by its domain."""
        with open_store(self.located) as store:
            return {for_people(each.domain): each for each in Migrations(store).all()}

    def count(self, status: Status) -> int:
        """Return how many migrations have this status."""
        return sum(each.status is status for each in self.migrations().values())

    def told(self, domain: str) -> Told:
        """Return a migration with its events."""
        with open_store(self.located) as store:
            migrations = Migrations(store)
            found = migrations.of(absolute(domain))
            assert found is not None
            return migrations.told(found)

    def close(self) -> None:
        """End what a failed test has left."""
        for process in self.running:
            process.kill()
            if process.stdout is not None and not process.stdout.closed:
                process.communicate()


@pytest.fixture(scope="package")
def internet() -> Iterator[tuple[World, Iterator[str]]]:
    domains = domains_of(_DOMAINS)
    with closing(World(domains)) as world:
        yield world, iter(domains)


@pytest.fixture
def fleet(internet: tuple[World, Iterator[str]], tmp_path: Path) -> Iterator[Fleet]:
    world, names = internet
    world.write(tmp_path)
    with closing(Fleet(world, tmp_path, names)) as found:
        yield found
