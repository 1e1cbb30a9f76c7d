"""Finds the backup of a zone that `export` has written, and verifies it. Reads files, asks nobody."""

from collections.abc import Collection
from pathlib import Path

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.backup.folder import ROOT_FOLDER, file_stem, read_backup
from migrator.checks.facts import Kept
from migrator.cutover.look import names_of, targets
from migrator.errors import InputError
from migrator.model.zone import ZoneSnapshot


def newest_backup(
    zone: Name,
    old: Collection[Name],
    new: Collection[Name],
    root: Path = ROOT_FOLDER,
    *,
    overtaken: Collection[str] = (),
) -> Kept | None:
    """Return the newest backup of the zone as the old side has it, None where there is none.

    Import and rollback back their target up into the same folder, so that a backup counts by its name servers:
    those of the old side, or, where these are not known, any but those of the new one. What was written to the
    old side itself has `overtaken` the backup from before. One that cannot be read is returned with its trouble:
    an older one in its place would be taken for it.
    """
    folder = root / file_stem(zone)
    past = {Path(backup).name for backup in overtaken}
    found = sorted((path for path in folder.glob("*") if path.is_dir()), reverse=True) if folder.is_dir() else []
    for path in [path for path in found if path.name not in past]:
        kept = kept_in(path)
        if kept.zone is None or _is_of_old(kept.zone, old, new):
            return kept
    return None


def _is_of_old(zone: ZoneSnapshot, old: Collection[Name], new: Collection[Name]) -> bool:
    own = names_of(zone.name_servers or targets(zone.apex(RdataType.NS)))
    return own == names_of(tuple(old)) if old else own != names_of(tuple(new))


def kept_in(folder: Path) -> Kept:
    """Return the backup in a folder."""
    try:
        snapshot, _ = read_backup(folder)
    except InputError as exc:
        return Kept(str(folder), trouble=str(exc))
    return Kept(str(folder), snapshot.read_at, snapshot)
