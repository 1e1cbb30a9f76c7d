"""`make bench`: reading and comparing zone files, start-up, and growth, beside peers where they are installed.

Peers: ldns-compare-zones (Debian package ldnsutils); octodns-compare in an environment of its own, made on first
use in the benchmark's scratch folder (octoDNS pins other versions of what we use).
"""

import argparse
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Figures, interleaved
from benchmarks.zones import ORIGIN, write_pair

_OCTODNS_CONFIG = """\
providers:
  old: {class: octodns_bind.ZoneFileProvider, directory: %s, file_extension: .}
  new: {class: octodns_bind.ZoneFileProvider, directory: %s, file_extension: .}
zones:
  %s.: {sources: [old], targets: [new], lenient: true}
"""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="records in each zone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scratch", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--octodns", action="store_true", help="also octodns-compare (slow; installs octoDNS)")
    arguments = parser.parse_args()
    scratch: Path = arguments.scratch.resolve()
    print("Start-up")
    ours = str(Path(sys.executable).with_name("dns-migrator"))
    _print({"dns-migrator --help": [ours, "--help"], "python -c pass": [sys.executable, "-c", "pass"]}, 5, scratch)
    for size in arguments.sizes:
        old, new = write_pair(scratch, size)
        commands: dict[str, Sequence[str]] = {"dns-migrator diff": [ours, "diff", str(old), str(new)]}
        if compare := shutil.which("ldns-compare-zones"):
            commands["ldns-compare-zones -a"] = [compare, "-a", str(old), str(new)]
        if arguments.octodns:
            commands["octodns-compare"] = _octodns(scratch, old, new)
        print(f"\nRead and compare two files of {size:,} records")
        _print(commands, arguments.rounds, scratch)


def _print(commands: dict[str, Sequence[str]], rounds: int, scratch: Path) -> None:
    scratch.mkdir(parents=True, exist_ok=True)
    figures = interleaved(commands, rounds, scratch)
    ours = next(iter(figures.values()))
    print(f"  {'command':24} {'wall s':>8} {'CPU s':>8} {'MB':>6} {'wall of ours':>13}")
    for name, found in figures.items():
        print(f"  {name:24} {found.wall:8.2f} {found.cpu:8.2f} {found.memory:6.0f} {_ratio(found, ours):>13}")


def _ratio(found: Figures, ours: Figures) -> str:
    return f"x {found.wall / ours.wall:.2f}"


def _octodns(scratch: Path, old: Path, new: Path) -> list[str]:
    home = scratch / "octodns"
    if not (home / "bin" / "octodns-compare").exists():
        venv.create(home, with_pip=True)
        install = [str(home / "bin" / "pip"), "install", "--quiet", "octodns", "octodns-bind"]
        subprocess.run(install, check=True)
    folders: list[Path] = []
    for side, file in (("old", old), ("new", new)):
        folder = home / f"{side}-{file.stem}"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(file, folder / f"{ORIGIN}.")
        folders.append(folder)
    config = home / f"{old.stem}.yaml"
    config.write_text(_OCTODNS_CONFIG % (*folders, ORIGIN), encoding="utf-8")
    sides = ["--a", "old", "--b", "new", "--zone", f"{ORIGIN}."]
    return [str(home / "bin" / "octodns-compare"), "--config-file", str(config), *sides]


if __name__ == "__main__":
    main()
