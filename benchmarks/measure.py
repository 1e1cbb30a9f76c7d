"""Runs commands in turn, A B A B, and takes wall time, CPU time and peak memory of each finished process."""

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_FINISHED = (0, 1)  # 1: the files differ, as they should


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds of wall and CPU time, peak resident memory in MB."""

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The medians of several runs."""

    wall: float
    cpu: float
    memory: float


def interleaved(
    commands: Mapping[str, Sequence[str]], rounds: int, folder: Path, finished: Sequence[int] = _FINISHED
) -> dict[str, Figures]:
    """Run each command once for warmth, then `rounds` times in turn, and return the medians by name.

    `finished` are the exit codes of a run that came to its end.
    """
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for round_number in range(rounds + 1):
        for name, command in commands.items():
            run = _run(command, folder, finished)
            if round_number:
                runs[name].append(run)
    return {
        name: Figures(
            statistics.median(run.wall for run in done),
            statistics.median(run.cpu for run in done),
            statistics.median(run.memory for run in done),
        )
        for name, done in runs.items()
    }


def _run(command: Sequence[str], folder: Path, finished: Sequence[int]) -> Run:
    began = time.perf_counter()
    # An installed program has its bytecode beside it: the first run writes it, whatever the environment says.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)  # reaped above: Popen must not wait again
    if process.returncode not in finished:
        raise RuntimeError(f"{' '.join(command)}: exit code {process.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
