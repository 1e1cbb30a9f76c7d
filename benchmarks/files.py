"""Zone files, read and compared: `python -m benchmarks.files`.

Each row is a whole process with its start-up and its full output, run in turn with its peers; wall time, CPU time
and peak memory are medians. Peers that are not installed are left out: ldns-read-zone and ldns-compare-zones
(ldnsutils), named-checkzone and named-compilezone (bind9-utils), kzonecheck (knot), dnspython (which we use), and
with `--octodns` octodns-compare, in an environment of its own made on first use. dnspython and octoDNS take
minutes for large files, and read these only with `--slow`.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import octodns_files, picture
from benchmarks.measure import Figures, interleaved
from benchmarks.zones import ORIGIN, write_pair, write_portfolio

_OURS = "dns-migrator"
_DNSPYTHON = """\
import sys, dns.zone
print(len(dns.zone.from_file(sys.argv[1], %r, relativize=False, check_origin=False).nodes))
"""
_LOOP = 'for f in "$1"/*; do ldns-compare-zones -a "$f" "$2/${f##*/}"; done; true'
_GROWTH = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
# dnspython and octoDNS take minutes for more.
_MOST_FOR_SLOW = 100_000


@dataclass(frozen=True, slots=True)
class Setting:
    """Where files are written, how often each row is run, and which peers run too."""

    scratch: Path
    rounds: int
    octodns: bool = False
    slow: bool = False

    def has_time_for(self, size: int) -> bool:
        """Tell whether peers may run that take minutes for large files."""
        return self.slow or size <= _MOST_FOR_SLOW


def main() -> None:
    """Print the tables, or draw the picture of growth."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.files", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="records in each zone")
    parser.add_argument("--zones", type=int, default=2_000, help="zones of the portfolio")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scratch", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--octodns", action="store_true", help="also octodns-compare (slow; installs octoDNS)")
    parser.add_argument("--slow", action="store_true", help="also what takes minutes for large files")
    parser.add_argument("--picture", type=Path, metavar="SVG", help="draw growth from 1,000 to 1,000,000 records")
    arguments = parser.parse_args()
    setting = Setting(arguments.scratch.resolve(), arguments.rounds, arguments.octodns, arguments.slow)
    setting.scratch.mkdir(parents=True, exist_ok=True)
    if arguments.picture:
        growth(setting, arguments.picture)
        return
    run(setting, arguments.sizes, arguments.zones)


def run(setting: Setting, sizes: Sequence[int], zones: int) -> None:
    """Print the tables."""
    for size in sizes:
        for sections in (False, True):
            reading(setting, size, sections=sections)
            comparing(setting, size, sections=sections)
    portfolio(setting, zones)


def reading(setting: Setting, size: int, *, sections: bool = False) -> None:
    """Print what it takes to read one file, and to say what is wrong with it."""
    path, _ = write_pair(setting.scratch, size, sections=sections)
    commands = {_OURS: [ours(), "lint", str(path)]}
    if setting.has_time_for(size):
        commands["dnspython from_file"] = [sys.executable, "-c", _DNSPYTHON % ORIGIN, str(path)]
    commands["ldns-read-zone"] = ["ldns-read-zone", str(path)]
    commands["named-checkzone -i none"] = ["named-checkzone", "-i", "none", "-q", ORIGIN, str(path)]
    commands["kzonecheck"] = ["kzonecheck", "-o", ORIGIN, str(path)]
    table(f"Read and judge a file of {size:,} records{_kind(sections)}", commands, setting)


def comparing(setting: Setting, size: int, *, sections: bool = False) -> None:
    """Print what it takes to compare two files, equal, in one layout and in two."""
    old, new = write_pair(setting.scratch, size, sections=sections)
    commands = _pair(old, new)
    if setting.octodns and setting.has_time_for(size):
        commands["octodns-compare"] = octodns_files.comparing(setting.scratch, old, new, ORIGIN)
    table(f"Compare two files of {size:,} records{_kind(sections)}, same layout", commands, setting)
    other = _compiled(new)
    if other is not None:
        commands = _pair(old, other)
        if setting.octodns and setting.has_time_for(size):
            commands["octodns-compare"] = octodns_files.comparing(setting.scratch, old, other, ORIGIN)
        table(f"Compare two files of {size:,} records{_kind(sections)}, two layouts", commands, setting)
    table(f"Compare a file of {size:,} records{_kind(sections)} with its copy", _pair(old, _copy(old)), setting)


def portfolio(setting: Setting, zones: int) -> None:
    """Print what it takes to compare many small zones."""
    old, new = write_portfolio(setting.scratch, zones)
    commands = {_OURS: [ours(), "diff", "--batch", str(old), str(new)]}
    if shutil.which("ldns-compare-zones"):
        commands["ldns-compare-zones, each"] = ["sh", "-c", _LOOP, "sh", str(old), str(new)]
    if setting.octodns:
        commands["octoDNS, in one process"] = octodns_files.comparing_many(setting.scratch, old, new)
    table(f"Compare {zones:,} zones of 26 records", commands, setting)


def growth(setting: Setting, path: Path) -> None:
    """Draw time and memory of a comparison from a thousand records to a million."""
    found: dict[str, list[tuple[int, Figures]]] = {}
    for size in _GROWTH:
        old, new = write_pair(setting.scratch, size)
        for name, figures in interleaved(_installed(_pair(old, new)), setting.rounds, setting.scratch).items():
            found.setdefault(name, []).append((size, figures))
            print(f"  {size:>9,} {name:24} {figures.cpu:8.2f} s CPU {figures.memory:6.0f} MB", flush=True)
    path.write_text(picture.svg(found), encoding="utf-8")


def table(title: str, commands: Mapping[str, Sequence[str]], setting: Setting) -> None:
    """Run the commands that are installed in turn and print their medians, and how many times ours they take."""
    figures = interleaved(_installed(commands), setting.rounds, setting.scratch)
    own = figures[_OURS]
    print(f"\n{title}")
    print(f"  {'':26} {'wall s':>8} {'of ours':>8} {'CPU s':>8} {'of ours':>8} {'MB':>6} {'of ours':>8}")
    for name, found in figures.items():
        parts = [
            f"{part:8.2f} {f'x {part / whole:.2f}':>8}"
            for part, whole in ((found.wall, own.wall), (found.cpu, own.cpu))
        ]
        memory = f"{found.memory:6.0f} {f'x {found.memory / own.memory:.2f}':>8}"
        print(f"  {name:26} {' '.join(parts)} {memory}", flush=True)


def _kind(sections: bool) -> str:
    return " in sections" if sections else ""


def _pair(old: Path, new: Path) -> dict[str, list[str]]:
    return {
        _OURS: [ours(), "diff", str(old), str(new)],
        "ldns-compare-zones -a": ["ldns-compare-zones", "-a", str(old), str(new)],
    }


def _installed(commands: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {name: command for name, command in commands.items() if shutil.which(command[0])}


def ours() -> str:
    """Return the path of the installed command."""
    return str(Path(sys.executable).with_name("dns-migrator"))


def _compiled(path: Path) -> Path | None:
    """Return the zone in another layout: sorted, absolute names, one record a line, a TTL on each."""
    compiled = path.with_suffix(".compiled")
    if not compiled.exists():
        if not shutil.which("named-compilezone"):
            return None
        options = ["-i", "none", "-k", "ignore", "-s", "full", "-q"]
        subprocess.run(["named-compilezone", *options, "-o", str(compiled), ORIGIN, str(path)], check=True)
    return compiled


def _copy(path: Path) -> Path:
    copy = path.with_suffix(".copy")
    if not copy.exists():
        shutil.copyfile(path, copy)
    return copy


if __name__ == "__main__":
    main()
