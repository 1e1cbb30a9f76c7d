"""Which zones a folder holds, and where: zone files, backups, or a folder of backups for each zone.

    zones/                      backups/                                   old/
      example.com.zone            example.com/                               example.com/
      db.example.org                20261201T090000Z-route53/                  zone.json, SHA256SUMS ...
                                    20261202T090000Z-route53/   <- newest

A backup itself is such a folder, too, with one zone. Looks at names alone, and opens no file.
"""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from migrator.backup.names import ZONE_JSON
from migrator.codec import sums
from migrator.errors import InputError
from migrator.model.names import for_people
from migrator.zonefile import zone_of_file_name

# What `export` calls a backup that was given no name: the time of reading and the provider.
_STAMPED = re.compile(r"\d{8}T\d{6}Z-.+")


def zones_in(folder: Path, skipped: list[str]) -> dict[str, Path]:
    """Return where each zone is that a folder holds; what is taken for none is added to `skipped`.

    Raises InputError where there is none, or two of one zone. Of backups that `export` named by their time, the
    newest counts.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: is no folder; --batch compares two folders of zone files or backups.")
    found: dict[str, Path] = {}
    for zone, path in _places(folder, skipped):
        other = found.get(zone)
        if other is not None and not _is_newer(path, other):
            both = f"{other.relative_to(folder)} and {path.relative_to(folder)}"
            raise InputError(f"{folder}: {both} are both of the zone {zone}.")
        found[zone] = path
    if not found:
        raise InputError(f"{folder}: no zone file and no backup in it.")
    return found


def _places(folder: Path, skipped: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield the zone files and backups of a folder with their zones, those of one zone by their time."""
    own = _backup(folder)
    if own is not None:
        yield _zone_of_backup(own), own
        return
    for entry in _visible(folder):
        path = folder / entry.name
        # A symbolic link that leads in a circle is neither; the entry itself would raise.
        what = path if entry.is_symlink() else entry
        if what.is_dir():
            yield from _backups_at(path, skipped)
        elif what.is_file() and entry.name != sums.FILE_NAME:
            yield _zone_of([entry.name]), path
        else:
            skipped.append(str(path))


def _backups_at(folder: Path, skipped: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield the backup that a folder is, or those in it; without any it is skipped as a whole."""
    backup = _backup(folder)
    if backup is not None:
        yield _zone_of_backup(backup), backup
        return
    inside = [folder / entry.name for entry in _visible(folder)]
    within = {each: _backup(each) for each in inside}
    if not any(within.values()):
        skipped.append(str(folder))
        return
    skipped += [str(each) for each, found in within.items() if found is None]
    for found in filter(None, within.values()):
        yield _zone_of_backup(found), found


def _visible(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted((entry for entry in entries if entry.name[:1] != "."), key=lambda entry: entry.name)


def _backup(folder: Path) -> Path | None:
    """Return what is to be read of a backup: the folder, of one without checksums the document alone."""
    document = folder / ZONE_JSON
    if not document.is_file():
        return None
    return folder if (folder / sums.FILE_NAME).is_file() else document


def _zone_of_backup(path: Path) -> str:
    """Return the zone that the name of the zone file in it tells, or else that of its folder."""
    folder = path.parent if path.is_file() else path
    return _zone_of([*(each.name for each in sorted(folder.glob("*.zone"))), folder.name])


def _zone_of(names: list[str]) -> str:
    """Return the first zone that one of these names tells; the last name where none does."""
    told = next(filter(None, map(_told_by, names)), None)
    return names[-1] if told is None else told


@lru_cache(maxsize=4096)
def _told_by(file_name: str) -> str | None:
    """Return the zone that a file name tells; the other folder has most of the names too."""
    named = zone_of_file_name(file_name)
    return None if named is None else for_people(named).lower()


def _is_newer(path: Path, other: Path) -> bool:
    """Tell whether both are backups with the time in their names: they come in its order."""
    return all(_STAMPED.fullmatch(each.parent.name if each.is_file() else each.name) for each in (path, other))
