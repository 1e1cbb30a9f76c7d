"""The demo's folder: new, empty, or a former demo's, whose own files are replaced and nothing else."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from migrator.errors import InputError
from migrator.files.lock import Lock, lock_folder, unlock_folder

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
    except OSError as exc:
        raise _unwritable(folder, exc) from exc
    handle, lock = lock_folder(folder)
    try:
        if lock is Lock.HELD:
            raise InputError(
                f"{folder}: a demo is running in this folder; end it with Ctrl-C, or name another one with -o."
            )
        _clear(folder)
        yield
    finally:
        unlock_folder(handle)


def _clear(folder: Path) -> None:
    """Mark the folder, and remove what a former demo left in it."""
    try:
        (folder / MARK).write_text("The demo of dns-migrator made this folder and replaces its own files in it.\n")
        for name in _OWN_FOLDERS:
            if (folder / name).exists():
                shutil.rmtree(folder / name)
        for name in _OWN_FILES:
            (folder / name).unlink(missing_ok=True)
        (folder / "reports").mkdir()
    except OSError as exc:
        raise _unwritable(folder, exc) from exc


def _unwritable(folder: Path, exc: OSError) -> InputError:
    return InputError(f"{exc.filename or folder}: cannot be written: {exc.strerror}.")
