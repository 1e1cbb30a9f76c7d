"""What a person sees besides the result: progress bars and notes on stderr, and where the result goes."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from migrator.cli.devices import is_device
from migrator.errors import InputError
from migrator.interfaces import Progress, no_progress
from migrator.model.expression import expression
from migrator.report.layout import COLOUR, NARROWEST_SCREEN, PLAIN, WIDTH, Palette, fit, wrapped

# A command in quotes or at the end, or options to add, which somebody copies: a line break would make two of it.
_OPTION = r"--[a-z-]+(?: [^\s-]\S*)?"
_TO_TYPE = expression(rf"'dns-migrator [^'\n]+'|(?<=: )(?:dns-migrator .+|{_OPTION}(?: {_OPTION})*)$")
_GLUE = "\0"


def palette(*, no_color: bool, output: Path | None = None) -> Palette:
    """Return colours for a terminal, and none for files, pipes and those who want none; let text fit its columns.

    NO_COLOR with any value wants none (no-color.org). FORCE_COLOR asks for them in a pipe too, as elsewhere:
    whoever sets it reads the pipe on a terminal. A dumb one (an editor's shell) would print the escapes.
    """
    fit(width(output))
    no_color = no_color or bool(os.environ.get("NO_COLOR"))
    on_screen = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    seen = on_screen or bool(os.environ.get("FORCE_COLOR"))
    return COLOUR if seen and not no_color and output is None else PLAIN


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress]:
    """Give a progress function that draws a bar on stderr, or nothing where stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield no_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # What is printed meanwhile stands above the bars on a terminal, and goes where it should elsewhere.
    on_screen = sys.stdout.isatty()
    # A line break within a command would make two of it: what is longer than the terminal stays one line.
    console = Console(stderr=True, soft_wrap=True)
    with Bars(*columns, console=console, transient=True, redirect_stdout=on_screen) as bars:
        tasks = {}

        def report(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield report


def width(output: Path | None = None) -> int:
    """Return the columns of the terminal that stdout is, within reason; 80 for files and pipes."""
    return WIDTH if output is not None else min(max(_columns_of(sys.stdout), NARROWEST_SCREEN), 200)


def _columns_of(stream: TextIO) -> int:
    """Return the columns of a terminal, or what COLUMNS says of them; 80 where nothing is known, or it is none."""
    if not stream.isatty():
        return WIDTH
    wanted = os.environ.get("COLUMNS", "")
    try:
        return int(wanted) if wanted.isdecimal() else os.get_terminal_size(stream.fileno()).columns or WIDTH
    except OSError:
        return WIDTH


def emit(text: str, output: Path | None, *, instead: str = "") -> None:
    """Print the result, or write it to a file that appears whole or not at all.

    Where the reader of stdout has gone (`| head`), the command goes on and ends as it would have. Where the result
    finds no space, what the command has done all the same is said `instead`.
    """
    whole = text if text.endswith("\n") else f"{text}\n"
    if output is None:
        try:
            _write(sys.stdout, whole)
        except OSError as exc:
            _send_nowhere(sys.stdout)
            why = f"standard output: the result cannot be written whole: {exc.strerror}."
            raise InputError(f"{why} {instead}".rstrip()) from exc
        return
    from migrator.files.replacing import SURROGATES, replace_text

    try:
        # A device or a pipe is written to, and not replaced by a file; a symbolic link keeps its place. What
        # /dev/stdout and the like lead to may have no path.
        if is_device(output):
            output.write_text(whole, encoding="utf-8", errors=SURROGATES)
        else:
            replace_text(output, whole)
    except OSError as exc:
        raise InputError(f"{output}: cannot be written: {exc.strerror}.") from exc


def is_interactive() -> bool:
    """Tell whether a person sits there who can be asked: questions go to stderr, answers come from stdin."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def note(text: str, *, quiet: bool = False) -> None:
    """Say something on stderr that is no part of the result; long lines are wrapped where a person reads them."""
    if quiet:
        return
    if sys.stderr.isatty():
        room = min(max(_columns_of(sys.stderr), NARROWEST_SCREEN), WIDTH)
        text = "\n".join(_for_a_person(line, room) if len(line) > room else line for line in text.split("\n"))
    try:
        _write(sys.stderr, f"{text}\n")
    except OSError:
        # A full disk under a log (`2>> FILE`), a terminal that was closed: the work goes on, and the exit code
        # says how it ended. A failure here would take the place of both.
        _send_nowhere(sys.stderr)


def _for_a_person(line: str, room: int) -> str:
    """Return a line as lines of a terminal, none of which ends within something to type."""
    glued = _TO_TYPE.sub(lambda found: found[0].replace(" ", _GLUE), line)
    return wrapped(glued, width=room).replace(_GLUE, " ")


def is_read() -> bool:
    """Tell whether whoever reads stdout is still there, as far as anything was printed since."""
    return sys.stdout not in _UNREAD


def _write(stream: TextIO, text: str) -> None:
    """Write to a reader; what one that has gone would have read goes nowhere, and so does all that follows."""
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _UNREAD.append(stream)
        _send_nowhere(stream)


def _send_nowhere(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


_UNREAD: list[TextIO] = []
