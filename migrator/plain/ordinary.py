"""Which owners the zone file has as their text says, so that no RRset is made of them. No IO here.

No rule of this package has anything to say of such an owner: its sets have no extras and no variants, each of them
fits into a message, and none of them excludes another, or else it would not be text (`migrator.model.compact`).
"""

from collections.abc import Collection

from migrator.model.compact import Below, key_of
from migrator.model.zone import ZoneSnapshot
from migrator.plain.answers import Labels
from migrator.plain.apex import STAND_IN
from migrator.plain.refusals import text_needs_a_look
from migrator.zonefile.writer import OwnerText, is_written_as_it_stands


def ordinary_owners(snapshot: ZoneSnapshot, dnames: Collection[Labels]) -> dict[bytes, OwnerText]:
    """Return them by key; the apex is none of them, nor what stands below a DNAME."""
    if snapshot.compact is None:
        return {}
    covered = Below(frozenset(map(key_of, dnames)))
    special = {key_of(snapshot.origin.labels), STAND_IN.encode()}
    return {
        key: OwnerText(key, text)
        for key, text in snapshot.compact.texts.items()
        if not text_needs_a_look(key, text)
        and is_written_as_it_stands(text)
        and key not in special
        and not (dnames and key in covered)
    }
