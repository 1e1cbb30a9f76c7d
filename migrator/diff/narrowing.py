"""Two compact zones, narrowed to the owners that differ: only those become RRsets. No IO here."""

from collections.abc import Iterable, Iterator

from migrator.diff.equality import identical
from migrator.model.compact import CompactZone, Overlay
from migrator.model.rrset import RRset


def differing_owners(old: CompactZone, new: CompactZone) -> frozenset[bytes]:
    """Return the keys of the owners whose RRsets are not the same to the letter on both sides."""
    if old is new:
        return frozenset()
    texts = old.texts
    if isinstance(new.texts, Overlay) and new.texts.base is texts:
        found = {*new.texts.changed, *new.texts.gone}
    else:
        found = {key for key, text in new.texts.items() if texts.get(key) != text}
        found.update(texts.keys() - new.texts.keys())
    for key in {*old.objects, *new.objects}:
        if key in old.texts or key in new.texts or not _alike(old.at(key), new.at(key)):
            found.add(key)
    return frozenset(found)


def rrsets_at(zone: CompactZone, owners: Iterable[bytes]) -> Iterator[RRset]:
    """Yield the RRsets of these owners."""
    for key in owners:
        yield from zone.at(key)


def _alike(old: tuple[RRset, ...], new: tuple[RRset, ...]) -> bool:
    return len(old) == len(new) and all(
        one.key == other.key and identical(one, other) for one, other in zip(old, new, strict=True)
    )
