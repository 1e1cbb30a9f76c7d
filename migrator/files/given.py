"""Reads the files that a command line names, but for zone files: lists, plans, profiles.

A pipe is read as well, as in `fleet add <(...)` and `/dev/stdin`; what never begins or never ends is refused.
"""

import os
import stat
from pathlib import Path

from migrator.errors import InputError
from migrator.model.filekinds import kind_of

# A plan holds a zone twice, and a zone file may have as much.
LARGEST_FILE = 512 << 20
_MEBI = 1 << 20
_AT_ONCE = 1 << 20
# Seconds: who writes to a pipe has opened it by then, and may take any time for what is written.
_WAITS = 2.0


def octets_of(path: Path) -> bytes:
    """Return what a regular file or a pipe holds, or what is typed; raises OSError where that cannot be read.

    Raises InputError for all else, for more than `LARGEST_FILE`, and for a pipe that nobody writes to.
    """
    # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(handle)
        begun = b""
        if stat.S_ISFIFO(found.st_mode):
            begun = _beginning(handle, path)
        elif not stat.S_ISREG(found.st_mode) and not _ends(handle, found):
            kind = kind_of(found.st_mode)
            raise InputError(f"{path}: is {kind}; a regular file or a pipe was expected.")
        os.set_blocking(handle, True)
        return _whole(handle, path, begun)
    finally:
        os.close(handle)


def text_of(path: Path) -> str:
    """Return the text of such a file, without a byte order mark; raises InputError for what is not UTF-8."""
    try:
        return octets_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise InputError(f"{path}: not UTF-8 at octet {exc.start}.") from exc


def toml_of(path: Path, what: str, advice: str = "") -> dict[str, object]:
    """Return the TOML that such a file holds; raises InputError, which calls it `what`, where there is none."""
    import tomllib

    try:
        return tomllib.loads(octets_of(path).decode("utf-8-sig"))
    except OSError as exc:
        raise InputError(f"{path}: {what} cannot be read: {exc.strerror}. {advice}".rstrip()) from exc
    except UnicodeDecodeError as exc:
        raise InputError(f"{path}: {what} is not UTF-8 text.") from exc
    except tomllib.TOMLDecodeError as exc:
        raise InputError(f"{path}: {what} is not TOML: {exc}.") from exc


def _ends(handle: int, found: os.stat_result) -> bool:
    """Tell whether a device is one that comes to an end: a terminal, or that which holds nothing."""
    return os.isatty(handle) or found.st_rdev == Path(os.devnull).stat().st_rdev


def _beginning(handle: int, path: Path) -> bytes:
    """Return what a pipe has by now, if anything; raises InputError where nobody has come to write to it."""
    import select

    poll = select.poll()
    poll.register(handle, select.POLLIN)
    if poll.poll(_WAITS * 1000):
        return b""
    try:
        begun = os.read(handle, _AT_ONCE)
    except BlockingIOError:
        return b""
    if not begun:
        raise InputError(f"{path}: is a pipe that nobody writes to.")
    return begun


def _whole(handle: int, path: Path, begun: bytes) -> bytes:
    found = bytearray(begun)
    while piece := os.read(handle, _AT_ONCE):
        found += piece
        if len(found) > LARGEST_FILE:
            raise InputError(f"{path}: has more than {LARGEST_FILE // _MEBI} MiB, the most that is read.")
    return bytes(found)
