"""The entries of a zone file whose snapshot is no compact one."""

from migrator.plain import PlainZone
from migrator.zonefile.writer import Entry


def made_entries(plain: PlainZone) -> list[Entry]:
    """Return all of them: none is an owner's text."""
    found = [entry for entry in plain.entries if isinstance(entry, Entry)]
    assert len(found) == len(plain.entries)
    return found
