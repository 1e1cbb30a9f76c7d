"""Contestants in turn, A B A B, each of which says how long it took; medians and ratios.

CPU seconds stand beside the wall time: where other work takes a core away, they are what can be compared.
"""

import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds of wall and of CPU time; of a name server that is asked, no CPU is counted."""

    wall: float
    cpu: float


Contestant = Callable[[], Taken]


class Stopwatch:
    """Begins when it is made; `print` says how long it took, for `told`."""

    def __init__(self) -> None:
        """Begin."""
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def print(self, times: float = 1) -> None:
        """Print the seconds since the beginning; `times` scales a sample to the whole."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        print(wall * times, cpu * times)


def medians(contestants: Mapping[str, Contestant], rounds: int) -> dict[str, Taken]:
    """Let each run once for warmth, then `rounds` times in turn, and return the medians by name."""
    runs: dict[str, list[Taken]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, contestant in contestants.items():
            taken = contestant()
            if number:
                runs[name].append(taken)
    return {
        name: Taken(
            statistics.median([taken.wall for taken in done]), statistics.median([taken.cpu for taken in done])
        )
        for name, done in runs.items()
    }


def told(command: Sequence[str]) -> Taken:
    """Run a process that times its own work, and return what it prints in its last line."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    wall, cpu = done.stdout.split()[-2:]
    return Taken(float(wall), float(cpu))


def whole(commands: Sequence[Sequence[str]], expected: Sequence[int] = (0,)) -> Taken:
    """Run processes all at once, and return the time from the first start to the last end, and the CPU of all."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    processes = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for command in commands
    ]
    codes = [process.wait() for process in processes]
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if any(code not in expected for code in codes):
        raise RuntimeError(f"{' '.join(commands[0])}: exit codes {codes}")
    return Taken(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def table(title: str, found: Mapping[str, Taken], ours: str) -> None:
    """Print the medians, and how many times as long as ours each took."""
    print(f"\n{title}")
    print(f"  {'':44} {'wall s':>9} {'of ours':>9} {'CPU s':>9} {'of ours':>9}")
    for name, taken in found.items():
        wall, cpu = (f"x {part / whole:.2f}" for part, whole in _pairs(taken, found[ours]))
        print(f"  {name:44} {taken.wall:9.3f} {wall:>9} {taken.cpu:9.3f} {cpu:>9}")


def _pairs(taken: Taken, ours: Taken) -> tuple[tuple[float, float], tuple[float, float]]:
    return (taken.wall, ours.wall), (taken.cpu, ours.cpu)
