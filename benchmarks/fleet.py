"""A whole fleet from one fake provider to another: `python -m benchmarks.fleet --domains 1000`.

An internet in a process of its own (`tests/fleet/world.py`) has the domains, their registry and both providers;
TTLs are seconds, and each domain is switched as soon as its migration asks. What the fakes do not limit is not
limited here either: the figures are the program's own. Times of stages are taken around each attempt.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from migrator.journey.events import OUTCOMES, Event, Kind
from migrator.journey.stages import STAGES
from migrator.model.phrases import counted
from migrator.state.migrations import Migrations
from migrator.state.store import open_store
from tests.fleet.world import SETTINGS, domains_of

_DATABASE = "state.db"
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = 0.5
_MEGABYTE = 1024 * 1024


@dataclass
class Crew:
    """The processes that carry the fleet out, and what they used."""

    processes: Mapping[int, subprocess.Popen[bytes]]
    memory: dict[int, list[float]] = field(default_factory=dict)
    cpu: float = 0.0

    def sample(self, tenth: int) -> None:
        """Note the resident megabytes of each."""
        for process in self.processes.values():
            pages = int(Path(f"/proc/{process.pid}/statm").read_text("ascii").split()[1])
            self.memory.setdefault(tenth, []).append(pages * _PAGE / _MEGABYTE)

    def end(self) -> None:
        """Stop those that go on for ever, and add up what all have used."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0  # reaped here
            self.cpu += usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet", description=__doc__)
    parser.add_argument("--domains", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--scratch", type=Path, default=Path("build/benchmarks/fleet"))
    arguments = parser.parse_args()
    run(arguments.scratch.resolve(), arguments.domains, arguments.workers, arguments.concurrency)


def run(folder: Path, domains: int, workers: int, concurrency: int) -> None:
    """Migrate so many domains and print the tables."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with _world(folder, domains) as world:
        (folder / "list.csv").write_text("\n".join(domains_of(domains)), "ascii")
        environment = _environment(folder)
        sides = ("--from", "route53:", "--to", "cloudflare:")
        times = ("--yes", "--every", "1", "--lowered-ttl", "2")
        options = ("fleet", "add", "list.csv", *sides, *times, "--database", _DATABASE)
        subprocess.run(_command(folder, 0, *options), cwd=folder, env=environment, check=True)
        began = time.time()
        crew = Crew({number: _worker(folder, environment, number, concurrency) for number in range(workers)})
        _watch(folder, crew, domains)
        wall = time.time() - began
        crew.end()
        asked = _asked(world)
    events = _events(folder)
    _print_whole(domains, workers, concurrency, wall, crew, events, asked, folder)
    _print_stages(folder, began, events)


@contextmanager
def _world(folder: Path, domains: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.fleet.world", str(domains), "--watch", _DATABASE]
    with subprocess.Popen(
        command, cwd=folder, env=_paths(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as world:
        assert world.stdout is not None
        assert world.stdout.readline() == "ready\n"
        yield world
        assert world.stdin is not None
        world.stdin.close()


def _asked(world: "subprocess.Popen[str]") -> tuple[str, str, str, str]:
    """Return how many requests both providers got, how many of them wrote, and the CPU seconds of the world."""
    assert world.stdin is not None
    assert world.stdout is not None
    world.stdin.write("count\n")
    world.stdin.flush()
    old, new, writes, cpu = world.stdout.readline().split()
    return old, new, writes, cpu


def _paths() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def _environment(folder: Path) -> dict[str, str]:
    return {**_paths(), **json.loads((folder / SETTINGS).read_text("utf-8"))}


def _command(folder: Path, number: int, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.fleet_timed", str(folder / f"times-{number}.json"), *arguments]


def _worker(
    folder: Path, environment: Mapping[str, str], number: int, concurrency: int
) -> "subprocess.Popen[bytes]":
    options = ("worker", "-j", str(concurrency), "--quiet", "--database", _DATABASE)
    with (folder / f"worker-{number}.log").open("wb") as log:
        return subprocess.Popen(_command(folder, number, *options), cwd=folder, env=environment, stderr=log)


def _watch(folder: Path, crew: Crew, domains: int) -> None:
    """Wait until all are complete, and look at the memory at each tenth of the attempts of a fleet."""
    whole = domains * len(STAGES)
    with open_store(str(folder / _DATABASE)) as store:
        migrations = Migrations(store)
        while True:
            counts = migrations.counts()
            done = sum((stage.number - 1) * number for (stage, _), number in counts.items())
            over = sum(number for (_, status), number in counts.items() if status.is_over)
            tenth = 10 * (done + over) // whole
            if tenth and tenth not in crew.memory:
                crew.sample(tenth)
                print(f"{10 * tenth} %", file=sys.stderr, flush=True)
            if over == domains:
                return
            if any(process.poll() is not None for process in crew.processes.values()):
                raise RuntimeError("a worker has ended")
            time.sleep(_TICK)


def _events(folder: Path) -> Sequence[tuple[str, Event]]:
    with open_store(str(folder / _DATABASE)) as store:
        return [(domain.to_text(), event) for domain, event in Migrations(store).events_after(0)]


def _print_whole(
    domains: int,
    workers: int,
    concurrency: int,
    wall: float,
    crew: Crew,
    events: Sequence[tuple[str, Event]],
    asked: tuple[str, str, str, str],
    folder: Path,
) -> None:
    attempts = sum(event.kind in OUTCOMES for _, event in events)
    old, new, writes, cpu = asked
    size = sum(path.stat().st_size for path in folder.glob("state.*")) / _MEGABYTE
    print(f"\n{domains:,} domains, {counted(workers, 'worker')} with {concurrency} at a time\n")
    print("| | |\n|---|---|")
    print(f"| whole run | {wall:,.0f} s, {60 * domains / wall:.1f} domains a minute |")
    print(f"| attempts | {attempts:,}, {attempts / wall:.1f} a second |")
    print(f"| CPU of the workers | {crew.cpu / domains:.2f} s a domain, {crew.cpu / attempts:.3f} s an attempt |")
    print(f"| CPU of the internet beside them | {float(cpu) / domains:.2f} s a domain |")
    print(
        f"| requests | {int(old) / domains:.1f} + {int(new) / domains:.1f} a domain, {int(writes)} writes in all |"
    )
    print(f"| databases | {size / domains:.2f} MB a domain |")
    print("\n| done | resident memory of each worker |\n|---|---|")
    for tenth, found in sorted(crew.memory.items()):
        print(f"| {10 * tenth} % | {', '.join(f'{each:.0f} MB' for each in found)} |")


def _print_stages(folder: Path, began: float, events: Sequence[tuple[str, Event]]) -> None:
    """Print what each stage costs, and when the first, the middle and the last domain had it behind them."""
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for path in folder.glob("times-*.json"):
        for stage, cpu, wall in json.loads(path.read_text("utf-8")):
            times[stage].append((cpu, wall))
    print("\n| stage | attempts | CPU s an attempt | s an attempt | first done | median | last |")
    print("|---|---|---|---|---|---|---|")
    for stage in STAGES:
        taken = times[str(stage)]
        ends = sorted(
            _seconds(event.at) - began for _, event in events if event.stage is stage and event.kind is Kind.DONE
        )
        cpu, wall = (statistics.mean(each) for each in zip(*taken, strict=True))
        print(
            f"| {stage} | {len(taken):,} | {cpu:.3f} | {wall:.2f} | {ends[0]:,.0f} s | "
            f"{statistics.median(ends):,.0f} s | {ends[-1]:,.0f} s |"
        )


def _seconds(at: datetime) -> float:
    return at.timestamp()


if __name__ == "__main__":
    main()
