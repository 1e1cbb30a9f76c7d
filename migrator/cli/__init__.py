"""The command line: parse, call, render, exit. The one place where errors become a line and an exit code."""

from migrator.cli import starting  # before all else, which takes a while

# isort: split
import atexit
import gc
import io
import os
import signal
import sys
from typing import TYPE_CHECKING

from migrator.cli import quick
from migrator.cli.interrupting import StoppedError, end_at_once_when_asked_again
from migrator.concurrency.threads import others_run
from migrator.errors import InputError, MigratorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.cli.commands import app

__all__ = ["app", "command", "main"]

_BROKEN_PIPE = 141


def __getattr__(name: str) -> object:
    """Load the commands when they are first asked for: a plain comparison of two zones does without."""
    if name != "app":
        raise AttributeError(name)
    from migrator.cli.commands import app

    return app


def main() -> None:
    """Run the command line; whatever stops it becomes one line on stderr and an exit code."""
    try:
        _run()
    except (KeyboardInterrupt, StoppedError) as exc:
        end_at_once_when_asked_again()
        said = exc if isinstance(exc, StoppedError) else StoppedError()
        _say(f"dns-migrator: {said}")
        sys.exit(said.exit_code)


def command() -> None:
    """Run the command line as a process of its own, and end that at once.

    The interpreter would look through all that is left, for nobody: a twentieth of the time of a small comparison.
    """
    try:
        main()
        code: object = 0
    except SystemExit as exc:
        code = exc.code or 0
    if others_run() or not isinstance(code, int):
        sys.exit(code)  # type: ignore[arg-type]
    atexit._run_exitfuncs()  # noqa: SLF001  (as the interpreter does at its end)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)
    os._exit(code)


def _run() -> None:
    _prepare_streams()
    # A zone is millions of objects without a cycle, through which the collector would look again and again.
    gc.set_threshold(500_000, 20, 100)
    # And once more before the end, where the system takes everything back anyway.
    atexit.register(gc.freeze)
    try:
        _run_asked()
    except StoppedError:
        raise
    except MigratorError as exc:
        _say(f"dns-migrator: {exc}")
        sys.exit(exc.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong, and nothing more can be said.
        _abandon_output()
        sys.exit(_BROKEN_PIPE)
    except SystemExit as exc:
        # Rich, which prints the help, and Typer take that for a failure.
        if isinstance(exc.__context__, BrokenPipeError):
            _abandon_output()
            sys.exit(_BROKEN_PIPE)
        raise
    except OSError as exc:
        # What the system refuses and nobody below had better words for: a folder without permission, a full disk.
        _abandon_output()
        where = f"{exc.filename}: " if exc.filename else ""
        _say(f"dns-migrator: {where}{exc.strerror or exc}.")
        sys.exit(InputError.exit_code)
    finally:
        # What is left is the end of the interpreter, which nobody gains by stopping.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)


def _run_asked() -> None:
    understood = _understood(sys.argv[1:])
    if understood is None:
        from migrator.cli.commands import app

        app()
        return
    try:
        code = understood()
    except KeyboardInterrupt as exc:
        raise StoppedError(sys.argv[1]) from exc
    sys.exit(code)


def _understood(arguments: list[str]) -> "Callable[[], int] | None":
    """Return what is asked for, where that can be told without Typer."""
    comparison = quick.comparison(arguments, os.environ)
    if comparison is not None:
        from migrator.cli import diffing

        return lambda: diffing.run(comparison)
    judging = quick.judging(arguments, os.environ)
    if judging is not None:
        from migrator.cli import linting

        return lambda: linting.run(judging)
    return None


def _say(text: str) -> None:
    from migrator.cli import screen

    screen.note(text)


def _prepare_streams() -> None:
    """Make both outputs take any text; where a stream is closed (`>&-`, `<&-`), nothing comes or goes there."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            from pathlib import Path

            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  (until the end)
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            # What a terminal's encoding lacks (an ellipsis, a letter of an IDN) is no reason to say nothing.
            stream.reconfigure(encoding=_encoding_of(stream), errors="replace")
            if stream is getattr(sys, f"__{name}__") and isinstance(stream.buffer, io.RawIOBase):
                setattr(sys, name, _writing_all(stream))


def _writing_all(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """Return the stream with a buffer: with PYTHONUNBUFFERED, Python drops what the system does not take at once.

    A disk that runs full would cut a result off without a word. Images for containers often set that variable.
    """
    raw = io.FileIO(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), stream.encoding, stream.errors, line_buffering=True)


def _encoding_of(stream: io.TextIOWrapper) -> str:
    """Return the terminal's encoding, or what somebody asks for; a pipe or a file gets UTF-8 in any locale.

    JSON is UTF-8 by its own rules (RFC 8259 section 8.1), and XML and HTML are so by what they say of themselves.
    """
    return stream.encoding if stream.isatty() or "PYTHONIOENCODING" in os.environ else "utf-8"


def _abandon_output() -> None:
    """Let what is still buffered for stdout go nowhere: the end of the program would stumble over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


starting.end()
