"""The demo's folder: new, empty, or a former demo's, whose own files are replaced and nothing else."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from migrator.errors import InputError

MARK = ".dns-migrator-demo"
# Only what stands here is ever removed: whatever else a person puts into the folder stays.
_OWN_FOLDERS = ("backup", "backups", "reports")
_OWN_FILES = ("dns-migrator.db", "journey.txt", "named.root", "network.toml", "rdap.json", "settings.sh")


@contextmanager
def prepared(folder: Path) -> Iterator[None]:
    """Make the folder, without what a former demo left in it, and keep other demos out of it.

    Raises InputError where it holds something else, or the servers of a demo that is running.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / MARK).is_file():
            raise InputError(
                f"{folder}: the folder is not empty and no former demo's; name a new one with -o, or remove it."
            )
        mark = (folder / MARK).open("a", encoding="ascii")
    except OSError as exc:
        raise _unwritable(folder, exc) from exc
    with mark:
        _lock(mark, folder)
        try:
            mark.truncate(0)
            mark.write("The demo of dns-migrator made this folder and replaces its own files in it.\n")
            mark.flush()
            _clear(folder)
        except OSError as exc:
            raise _unwritable(folder, exc) from exc
        yield


def _lock(mark: IO[str], folder: Path) -> None:
    """Hold the folder until the mark is closed, or its process ends; where there are no locks, do without."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        raise InputError(
            f"{folder}: a demo is running in this folder; end it with Ctrl-C, or name another one with -o."
        ) from exc
    except OSError:
        return


def _clear(folder: Path) -> None:
    """Remove what a former demo left."""
    for name in _OWN_FOLDERS:
        if (folder / name).exists():
            shutil.rmtree(folder / name)
    for name in _OWN_FILES:
        (folder / name).unlink(missing_ok=True)
    (folder / "reports").mkdir()


def _unwritable(folder: Path, exc: OSError) -> InputError:
    return InputError(f"{exc.filename or folder}: cannot be written: {exc.strerror}.")
