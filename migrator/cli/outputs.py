"""What a result may not replace: a file that the same command reads, and one that cannot be made again."""

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import typer

from migrator.cli.devices import is_device
from migrator.codec import sums
from migrator.errors import InputError
from migrator.model.expression import expression

# How a database of SQLite begins (https://www.sqlite.org/fileformat2.html#the_database_header).
_SQLITE = b"SQLite format 3\0"
# Zone files begin with an SOA record, or have a directive.
_ZONE = expression(
    rb"(?im)\A(?:[ \t]*(?:;[^\n]*)?\r?\n)*[^\s;]*[ \t]+(?:(?:[0-9]\w*|IN|CH|HS)[ \t]+)*SOA[ \t]+\S+[ \t]+\S"
    rb"|^\$(?:ORIGIN|TTL|INCLUDE)[ \t]"
)
_LOOKED_AT = 1 << 16
# The option of the result itself; others write what comes beside it.
_RESULT, _STDOUT = "output", "-"
# What `discover` has written says so in its first comment; a later search may replace it.
_DISCOVERED = expression(rb"(?:;[^\n]*\n)*;[^\n]*\bdns-migrator discover\b")


def replaceable(context: typer.Context, parameter: typer.CallbackParam, output: Path | None) -> Path | None:
    """Return the file that a result is written to; raises InputError where that would destroy another thing.

    So it does where nothing can be written: a command that has asked for an hour would lose what it has seen.
    `-o -` is standard output, as in other programs, and no file of that name.
    """
    if output is None or (str(output) == _STDOUT and parameter.name == _RESULT):
        return None
    if str(output) == _STDOUT:
        raise InputError(f"{parameter.opts[0]} -: standard output has the result; name a file.")
    _expect_writable(output)
    if not output.is_file():
        return output
    # Its commands may be `fleet report`, say: words of which files may have the names.
    lost = _lost(output.resolve(), sys.argv[_depth(context) :])
    if lost:
        raise InputError(f"{output} is {lost}, and the result would replace it: name another file.")
    return output


def _expect_writable(output: Path) -> None:
    # A symbolic link keeps its place; a device or a pipe needs no folder that can be written.
    folder = output.resolve().parent
    if output.is_dir():
        why = "it is a folder; name a file in it"
    elif is_device(output):
        return
    elif not folder.is_dir():
        why = f"there is no folder {folder}"
    elif not os.access(folder, os.W_OK | os.X_OK):
        why = f"no permission to write in {folder}"
    else:
        return
    raise InputError(f"{output}: cannot be written: {why}.")


def _depth(context: typer.Context) -> int:
    """Return how many words the program and its commands are, as `sys.argv` has them."""
    depth, above = 1, context.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth


def _lost(target: Path, words: Sequence[str]) -> str:
    """Return what would be lost with the file, in words; empty where it is an earlier result."""
    if sum(_is_named(word, target) for word in words) > 1:
        return "named twice in this command"
    if any(map(partial(_is_in_backup, target), target.parents[:2])):
        return "a file of a backup"
    with target.open("rb") as file:
        begin = file.read(_LOOKED_AT)
    if begin.startswith(_SQLITE):
        return "a database"
    return "a zone file" if _ZONE.search(begin) and not _DISCOVERED.match(begin) else ""


def _is_in_backup(target: Path, folder: Path) -> bool:
    """Tell whether the folder is a backup, and the file one of those that it tells the digests of."""
    listed = folder / sums.FILE_NAME
    if not listed.is_file():
        return False
    name = str(target.relative_to(folder))
    return target == listed or name in listed.read_text(encoding="utf-8", errors="replace").split()


def _is_named(word: str, target: Path) -> bool:
    """Tell whether a word of the command line is the path of the file, or ends with it."""
    words = {word, word.removeprefix("-o"), word.partition("=")[2]}
    paths = {each.removeprefix("file:") for each in words}
    # A file may have a question mark in its name; most often the options of a locator follow it.
    places = words | paths | {path.partition("?")[0] for path in paths}
    try:
        return any(place and Path(place).resolve() == target for place in places)
    except (OSError, ValueError):
        return False
