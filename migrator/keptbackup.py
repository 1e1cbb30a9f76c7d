"""Finds the backup of a zone that `export` has written, and verifies it. Reads files, asks nobody."""

from pathlib import Path

from dns.name import Name

from migrator.backup import ROOT_FOLDER, file_stem, read_backup
from migrator.checks.facts import Kept
from migrator.errors import InputError


def newest_backup(zone: Name, root: Path = ROOT_FOLDER) -> Kept | None:
    """Return the newest backup of the zone below `root`, None where there is none.

    One that cannot be read, or is not the one that was written, is returned with its trouble: an older one in
    its place would be taken for it.
    """
    folder = root / file_stem(zone)
    found = sorted(path for path in folder.glob("*") if path.is_dir()) if folder.is_dir() else []
    return kept_in(found[-1]) if found else None


def kept_in(folder: Path) -> Kept:
    """Return the backup in a folder."""
    try:
        snapshot, _ = read_backup(folder)
    except InputError as exc:
        return Kept(str(folder), trouble=str(exc))
    return Kept(str(folder), snapshot.read_at, snapshot)
