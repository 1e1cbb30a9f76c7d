"""The demo's folder: new, empty, or a former demo's, whose own files are replaced and nothing else."""

import shutil
from pathlib import Path

from migrator.errors import InputError

MARK = ".dns-migrator-demo"
# Only what stands here is ever removed: whatever else a person puts into the folder stays.
_OWN_FOLDERS = ("backup", "backups", "reports")
_OWN_FILES = ("dns-migrator.db", "journey.txt", "named.root", "network.toml", "rdap.json", "settings.sh")


def prepare(folder: Path) -> None:
    """Make the folder, without what a former demo left in it; raises InputError where it holds something else."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / MARK).is_file():
            raise InputError(
                f"{folder}: the folder is not empty and no former demo's; name a new one with -o, or remove it."
            )
        (folder / MARK).write_text("The demo of dns-migrator made this folder and replaces its own files in it.\n")
        for name in _OWN_FOLDERS:
            if (folder / name).exists():
                shutil.rmtree(folder / name)
        for name in _OWN_FILES:
            (folder / name).unlink(missing_ok=True)
        (folder / "reports").mkdir()
    except OSError as exc:
        raise InputError(f"{exc.filename or folder}: cannot be written: {exc.strerror}.") from exc
