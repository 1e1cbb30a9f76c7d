"""Content that takes the place of a file at once: whole, or not at all."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

# A path that is no UTF-8 reaches a report with lone surrogates in it; this writes them as JSON escapes them.
SURROGATES = "backslashreplace"


def replace_text(path: Path, text: str) -> None:
    """Give the file the text as its new content."""
    replace_content(path, text.encode("utf-8", SURROGATES))


def replace_content(path: Path, content: bytes) -> None:
    """Give the file its new content at once, synced, and leave nothing behind where that cannot be.

    A symbolic link stays one; owner and mode of the file are kept.
    """
    place = path.resolve()
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name[:100]}.", suffix=".partial")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _give_owner_and_mode(temporary, place)
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _give_owner_and_mode(temporary: Path, place: Path) -> None:
    """Give those of the file that is replaced, or what the umask leaves: temporary files are private.

    The file of a name server may be that server's alone, and root's private one would be read by nobody but root;
    who has made a report private finds it so after the next one.
    """
    if not place.exists():
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        return
    found = place.stat()
    # Only root gives a file away; whoever is in the group gives it to that. The mode comes last: chown takes bits.
    for owner in (found.st_uid, -1) if hasattr(os, "chown") else ():
        with contextlib.suppress(OSError):
            os.chown(temporary, owner, found.st_gid)
            break
    temporary.chmod(stat.S_IMODE(found.st_mode))
