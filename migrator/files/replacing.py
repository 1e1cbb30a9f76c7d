"""A text that takes the place of a file at once: whole, or not at all."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

# A path that is no UTF-8 reaches a report with lone surrogates in it; this writes them as JSON escapes them.
SURROGATES = "backslashreplace"


def replace_text(target: Path, text: str) -> None:
    """Give the file its new content at once, and leave nothing behind where that cannot be."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors=SURROGATES) as file:
            file.write(text)
        _give_owner_and_mode(temporary, target)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _give_owner_and_mode(temporary: Path, target: Path) -> None:
    """Give those of the file that is replaced, or what the umask leaves: temporary files are private.

    Who has made a report private, or that of a web server, finds it so after the next one.
    """
    if not target.exists():
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        return
    found = target.stat()
    # Only root gives a file away; whoever is in the group gives it to that. The mode comes last: chown takes bits.
    for owner in (found.st_uid, -1) if hasattr(os, "chown") else ():
        with contextlib.suppress(OSError):
            os.chown(temporary, owner, found.st_gid)
            break
    temporary.chmod(stat.S_IMODE(found.st_mode))
