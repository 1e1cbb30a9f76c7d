"""A folder that appears whole or not at all, however the program ends.

It is filled beside its place under a name of our own, synced, and renamed. The temporary folder is locked while
its writer lives: a later run finds what a killed one left, and takes it away.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from migrator.errors import InputError
from migrator.files.lock import Lock, lock_folder, unlock_folder

_PREFIX = ".dns-migrator-"
_SUFFIX = ".partial"
_TAKEN = {errno.EEXIST, errno.ENOTEMPTY}
_DEFAULT_NAME_MAX = 255
_TRIES = 3


class PartialFolder:
    """The folder while it is filled: files are written once, synced, and summed."""

    def __init__(self, path: Path) -> None:
        """Fill the folder at `path`, which exists and is empty."""
        self.path = path
        self.digests: dict[str, str] = {}

    def make_folder(self, name: str) -> None:
        """Make a folder inside."""
        (self.path / name).mkdir()

    def write(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write one file and remember its SHA-256."""
        sha = hashlib.sha256()
        with (self.path / name).open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
                sha.update(chunk)
            file.flush()
            os.fsync(file.fileno())
        self.digests[name] = sha.hexdigest()


@contextlib.contextmanager
def partial_folder(target: Path) -> Iterator[PartialFolder]:
    """Give an empty folder in the place that is to be renamed to `target`; it is gone when the block is left.

    Its parents are made where they are missing. Where the block fails, those that were made and are empty go.
    """
    place = target if _must_be_filled_in_place(target) else target.parent
    made: list[Path] = []
    try:
        path, lock = _temporary_folder(place, made)
        try:
            yield PartialFolder(path)
        finally:
            shutil.rmtree(path, ignore_errors=True)
            unlock_folder(lock)
    except BaseException:
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def publish(folder: PartialFolder, target: Path, last: str) -> bool:
    """Sync the folder and give it its name at once; False where `target` exists and is not empty.

    A folder that cannot be renamed over (a mount point, the working folder) gets the files one by one, the file
    `last` at the end: without it, nobody takes the folder for whole.
    """
    _give_usual_mode(folder.path, target)
    for inner in (*_folders_in(folder.path), folder.path):
        sync_folder(inner)
    if folder.path.parent == target:
        return _move_up(folder.path, target, last)
    try:
        if sys.platform == "win32" and target.is_dir():
            target.rmdir()
        folder.path.rename(target)
    except OSError as exc:
        if exc.errno in _TAKEN:
            return False
        raise
    sync_folder(target.parent)
    return True


def expect_new_or_empty(target: Path) -> None:
    """Raise InputError unless nothing is at `target`, or an empty folder (leftovers of ours do not count)."""
    expect_new_or_folder(target)
    if not target.is_dir():
        return
    remove_leftovers(target)
    if any(target.iterdir()):
        raise InputError(
            f"{target}: the folder is not empty, and a backup overwrites nothing; name another with -o."
        )


def expect_new_or_folder(target: Path) -> None:
    """Raise InputError where something that is no folder is at `target`."""
    if (target.exists() or target.is_symlink()) and not target.is_dir():
        raise InputError(f"{target}: a folder was expected here, and this is none; name another with -o.")


def remove_leftovers(place: Path) -> None:
    """Take away the temporary folders of ours in `place` whose writers are gone; others are left alone."""
    for path in place.glob(f"{_PREFIX}*{_SUFFIX}"):
        if path.is_symlink() or not path.is_dir():
            continue
        with contextlib.suppress(OSError):
            lock, state = lock_folder(path)
            if state is Lock.OURS:
                shutil.rmtree(path, ignore_errors=True)
            unlock_folder(lock)


def sync_folder(path: Path) -> None:
    """Make the entries of a folder last: without this a power cut can undo a rename."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def longest_name(place: Path) -> int:
    """Return how many octets a file name can have there."""
    while not place.exists():
        place = place.parent
    try:
        return os.pathconf(place, "PC_NAME_MAX")
    except (AttributeError, OSError, ValueError):
        return _DEFAULT_NAME_MAX


def _temporary_folder(place: Path, made: list[Path]) -> tuple[Path, int]:
    """Make a temporary folder there and lock it; `made` gets the folders above it that were missing.

    Where another run has failed meanwhile, and has taken its empty folder away, that is made again.
    """
    for _ in range(_TRIES):
        with contextlib.suppress(FileNotFoundError):
            _make_folders(place, made)
            remove_leftovers(place)
            return _locked_folder(place)
    _make_folders(place, made)
    return _locked_folder(place)


def _make_folders(place: Path, made: list[Path]) -> None:
    """Make the folder and what is missing above it, each made to last in its parent."""
    if place.is_dir():
        return
    if place.exists():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(place))
    _make_folders(place.parent, made)
    place.mkdir(exist_ok=True)
    made.append(place)
    sync_folder(place.parent)


def _must_be_filled_in_place(target: Path) -> bool:
    """Tell whether the folder is there and cannot be renamed over, or should not be: it is somebody's `.`."""
    if not target.is_dir():
        return False
    return target.is_mount() or target.samefile(Path.cwd()) or not os.access(target.parent, os.W_OK)


def _locked_folder(place: Path) -> tuple[Path, int]:
    """Make a temporary folder and lock it, again where another run took it for a leftover in between."""
    while True:
        # Since Python 3.12, what mkdtemp returns is absolute, whatever the place is.
        path = place / Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_SUFFIX, dir=place)).name
        try:
            lock, state = lock_folder(path)
        except FileNotFoundError:
            continue
        if state is not Lock.HELD and path.is_dir():
            return path, lock
        unlock_folder(lock)


def _give_usual_mode(path: Path, target: Path) -> None:
    """Give the mode of the folder that is replaced, or what the umask leaves: temporary folders are private."""
    if target.is_dir():
        path.chmod(target.stat().st_mode & 0o7777)
        return
    umask = os.umask(0)
    os.umask(umask)
    path.chmod(0o777 & ~umask)


def _folders_in(path: Path) -> list[Path]:
    return [inner for inner in path.rglob("*") if inner.is_dir()]


def _move_up(path: Path, target: Path, last: str) -> bool:
    if any(inner != path for inner in target.iterdir()):
        return False
    for inner in sorted(path.iterdir(), key=lambda p: (p.name == last, p.name)):
        if inner.name == last:
            sync_folder(target)
        inner.rename(target / inner.name)
    path.rmdir()
    sync_folder(target)
    return True
