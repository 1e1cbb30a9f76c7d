"""The command line: parse, call, render, exit. The one place where errors become a line and an exit code."""

import gc
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.cli import quick
from migrator.errors import InputError, MigratorError

if TYPE_CHECKING:
    from migrator.cli.commands import app

__all__ = ["app", "main"]

_BROKEN_PIPE = 141
_INTERRUPTED = 130


def __getattr__(name: str) -> object:
    """Load the commands when they are first asked for: a plain comparison of two zones does without."""
    if name != "app":
        raise AttributeError(name)
    from migrator.cli.commands import app

    return app


def main() -> None:
    """Run the command line; whatever stops it becomes one line on stderr and an exit code."""
    _prepare_streams()
    # A zone is millions of objects without a cycle, through which the collector would look again and again.
    gc.set_threshold(500_000, 20, 100)
    try:
        _run()
    except MigratorError as exc:
        _say(f"dns-migrator: {exc}")
        sys.exit(exc.exit_code)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong, and nothing more can be said.
        _abandon_output()
        sys.exit(_BROKEN_PIPE)
    except OSError as exc:
        # What the system refuses and nobody below had better words for: a folder without permission, a full disk.
        _abandon_output()
        where = f"{exc.filename}: " if exc.filename else ""
        _say(f"dns-migrator: {where}{exc.strerror or exc}.")
        sys.exit(InputError.exit_code)


def _run() -> None:
    asked = quick.comparison(sys.argv[1:], os.environ)
    if asked is None:
        from migrator.cli.commands import app

        app()
    else:
        from migrator.cli.diffing import run

        sys.exit(run(asked))


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _prepare_streams() -> None:
    """Make both streams take any text; where one is closed (`>&-`), what goes there is dropped."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  (until the end)
        elif isinstance(stream, io.TextIOWrapper):
            # What a terminal's encoding lacks (an ellipsis, a letter of an IDN) is no reason to say nothing.
            stream.reconfigure(errors="replace")


def _abandon_output() -> None:
    """Let what is still buffered for stdout go nowhere: the end of the program would stumble over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
