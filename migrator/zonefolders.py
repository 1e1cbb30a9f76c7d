"""Which zones a folder holds, and where: zone files, backups, or a folder of backups for each zone.

    zones/                      backups/                                   old/
      example.com.zone            example.com/                               example.com/
      db.example.org                20261201T090000Z-route53/                  zone.json, SHA256SUMS ...
                                    20261202T090000Z-route53/   <- newest

A backup itself is such a folder, too, with one zone. Looks at names alone, and opens no file.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from migrator.backup import ZONE_JSON
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
    for path in _places(folder, skipped):
        zone = _zone_of(path)
        other = found.get(zone)
        if other is not None and not _is_newer(path, other):
            both = f"{other.relative_to(folder)} and {path.relative_to(folder)}"
            raise InputError(f"{folder}: {both} are both of the zone {zone}.")
        found[zone] = path
    if not found:
        raise InputError(f"{folder}: no zone file and no backup in it.")
    return found


def _places(folder: Path, skipped: list[str]) -> Iterator[Path]:
    """Yield the zone files and backups of a folder, those of one zone by their time."""
    own = _backup(folder)
    if own is not None:
        yield own
        return
    for path in _visible(folder):
        backup = _backup(path)
        inside = [] if backup or not path.is_dir() else list(_visible(path))
        within = [each for each in map(_backup, inside) if each is not None]
        if backup is not None:
            yield backup
        elif within:
            skipped += [str(each) for each in inside if _backup(each) is None]
            yield from within
        elif path.is_file() and path.name != sums.FILE_NAME:
            yield path
        else:
            skipped.append(str(path))


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _backup(folder: Path) -> Path | None:
    """Return what is to be read of a backup: the folder, of one without checksums the document alone."""
    document = folder / ZONE_JSON
    if not document.is_file():
        return None
    return folder if (folder / sums.FILE_NAME).is_file() else document


def _zone_of(path: Path) -> str:
    """Return the zone that the name of a file tells, of a backup that of the zone file in it."""
    if path.is_file() and path.name != ZONE_JSON:
        names = [path.name]
    else:
        folder = path.parent if path.is_file() else path
        names = [*(each.name for each in sorted(folder.glob("*.zone"))), folder.name]
    named = next((zone for zone in map(zone_of_file_name, names) if zone is not None), None)
    return names[-1] if named is None else for_people(named).lower()


def _is_newer(path: Path, other: Path) -> bool:
    """Tell whether both are backups with the time in their names: they come in its order."""
    return all(_STAMPED.fullmatch(each.parent.name if each.is_file() else each.name) for each in (path, other))
