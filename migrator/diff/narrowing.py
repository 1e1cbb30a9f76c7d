"""Two compact zones, narrowed to the owners that differ: only those become RRsets. No IO here."""

import re
from collections.abc import Collection, Iterator

from migrator.diff.equality import identical
from migrator.model.compact import CompactZone, Overlay, parted
from migrator.model.rrset import RRset
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Differing:
    """The keys of the owners whose RRsets are not the same to the letter on both sides.

    Of `signed`, which are in `owners` not, only what signs the zone differs; of `timed`, which are, only TTLs do.
    """

    owners: frozenset[bytes] = frozenset()
    signed: frozenset[bytes] = frozenset()
    timed: frozenset[bytes] = frozenset()

    @property
    def otherwise(self) -> frozenset[bytes]:
        """The owners that are answered otherwise, and not only for another time."""
        return self.owners - self.timed

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.owners or self.signed)

    def rrsets_of(self, zone: CompactZone) -> Iterator[RRset]:
        """Yield the RRsets of a side that may differ."""
        for key in self.owners:
            yield from zone.at(key)
        for key in self.signed:
            yield from zone.signing_at(key)


def differing_owners(old: CompactZone, new: CompactZone, known: Collection[bytes] = ()) -> Differing:
    """Return what differs; the `known` owners do as a whole, whatever they have."""
    if old is new:
        return Differing(frozenset(known))
    texts = old.texts
    if isinstance(new.texts, Overlay) and new.texts.base is texts:
        found = {*new.texts.changed, *new.texts.gone}
    else:
        found = {key for key, text in new.texts.items() if texts.get(key) != text}
        found.update(texts.keys() - new.texts.keys())
    signed, timed = set[bytes](), set[bytes]()
    for key in found:
        had, has = texts.get(key, b""), new.texts.get(key, b"")
        if _differs_in_signing(had, has):
            signed.add(key)
        elif _untimed(had) == _untimed(has):
            timed.add(key)
    found -= signed
    found.update(known)
    for key in {*old.objects, *new.objects}:
        if key in old.texts or key in new.texts or not _alike(old.at(key), new.at(key)):
            found.add(key)
    return Differing(frozenset(found), frozenset(signed - found), frozenset(timed.difference(known)))


def _untimed(text: bytes) -> bytes:
    """Return the text of an owner without TTLs."""
    return _TYPE_AND_TTL.sub(rb"\1", text)


_TYPE_AND_TTL = re.compile(rb"^([A-Z0-9]+ )[0-9]+ ", re.MULTILINE)


def _differs_in_signing(old: bytes, new: bytes) -> bool:
    """Tell whether two texts of an owner say the same, and something, but for what signs them."""
    if b"RRSIG " not in old and b"RRSIG " not in new:
        return False  # the usual case
    others = parted(old)[0]
    return others == parted(new)[0] and others != b""


def _alike(old: tuple[RRset, ...], new: tuple[RRset, ...]) -> bool:
    return len(old) == len(new) and all(
        one.key == other.key and identical(one, other) for one, other in zip(old, new, strict=True)
    )
