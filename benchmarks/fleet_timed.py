"""The command with a clock around each attempt: `python -m benchmarks.fleet_timed TIMES.json worker ...`."""

import atexit
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from migrator.cli import main
from migrator.journey.stages import Stage
from migrator.workflow import attempting
from migrator.workflow.stages.job import Attempt, Job
from tests.fleet.unpaced import unpace

_TIMES: list[tuple[str, float, float]] = []


def _timed(stage: Stage, make: Callable[[Job], Attempt]) -> Callable[[Job], Attempt]:
    def made(job: Job) -> Attempt:
        cpu, wall = time.thread_time(), time.perf_counter()
        try:
            return make(job)
        finally:
            _TIMES.append((str(stage), time.thread_time() - cpu, time.perf_counter() - wall))

    return made


if __name__ == "__main__":
    path = Path(sys.argv.pop(1))
    atexit.register(lambda: path.write_text(json.dumps(_TIMES), "utf-8"))
    stages = attempting._STAGES  # noqa: SLF001 nothing in the program times itself
    attempting._STAGES = {stage: _timed(stage, make) for stage, make in stages.items()}  # noqa: SLF001
    unpace()
    main()
