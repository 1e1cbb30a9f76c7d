"""`make bench`: zone files, start-up, questions and transfers, each beside its peers where they are installed.

Each part runs by itself as well, with options of its own: `python -m benchmarks.files`, `.ways`, `.startup`,
`.questions`, `.transfers`; and `.calls`, which counts requests to the clouds.
"""

import argparse
import shutil
from pathlib import Path

from benchmarks import files, questions, startup, transfers, ways

_SERVERS = ("nsd", "knotd")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="records in each zone")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scratch", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--octodns", action="store_true", help="also octodns-compare (slow; installs octoDNS)")
    arguments = parser.parse_args()
    scratch: Path = arguments.scratch.resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    files.run(files.Setting(scratch, arguments.rounds, arguments.octodns), arguments.sizes, 2_000)
    ways.run(scratch)
    startup.run(scratch)
    if all(map(shutil.which, _SERVERS)):
        questions.run(scratch)
        transfers.run(scratch)
    else:
        print("\nQuestions and transfers need nsd and knot (make lab-packages).")


if __name__ == "__main__":
    main()
