"""Start-up: `python -m benchmarks.startup`.

Beside `--help` runs the barest Typer application with the same commands.
"""

import argparse
import sys
from functools import partial
from pathlib import Path

import typer

from benchmarks.contest import medians, table, whole
from migrator.cli import app

_BARE = """\
import typer

app = typer.Typer()
{commands}
app()
"""
_COMMAND = """
@app.command({name!r})
def command_{number}() -> None:
    {help!r}
"""
_OURS = "dns-migrator --help"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--scratch", type=Path, default=Path("build/benchmarks"))
    arguments = parser.parse_args()
    run(arguments.scratch.resolve(), arguments.rounds)


def run(scratch: Path, rounds: int = 15) -> None:
    """Write the bare application and print the table."""
    scratch.mkdir(parents=True, exist_ok=True)
    bare = scratch / "bare.py"
    bare.write_text(_BARE.format(commands=_commands()), encoding="utf-8")
    old, new = scratch / "small-old.zone", scratch / "small-new.zone"
    for file, address in ((old, 1), (new, 2)):
        file.write_text(_SMALL % address, encoding="ascii")
    ours = str(Path(sys.executable).with_name("dns-migrator"))
    found = medians(
        {
            _OURS: partial(whole, [[ours, "--help"]]),
            "the barest Typer application --help": partial(whole, [[sys.executable, str(bare), "--help"]]),
            "dns-migrator diff, two files of five records": partial(
                whole, [[ours, "diff", str(old), str(new)]], (1,)
            ),
            "python -c pass": partial(whole, [[sys.executable, "-c", "pass"]]),
        },
        rounds,
    )
    table("Start-up", found, _OURS)


def _commands() -> str:
    """Return functions with the names and the first lines of our commands, and nothing else of them."""
    command = typer.main.get_command(app)
    assert isinstance(command, typer.core.TyperGroup)
    return "".join(
        _COMMAND.format(name=name, number=number, help=each.get_short_help_str(200))
        for number, (name, each) in enumerate(command.commands.items())
    )


_SMALL = """\
$ORIGIN example.org.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 3600
@ NS ns1
ns1 A 192.0.2.53
www A 192.0.2.%d
@ MX 10 www
"""


if __name__ == "__main__":
    main()
