"""One comparison for servers that showed the same: most servers of a zone agree to the letter. No IO here."""

from collections.abc import Callable, Mapping
from dataclasses import field

from migrator.diff.compare import Settled, alike, compare
from migrator.diff.equality import identical
from migrator.diff.result import ZoneDiff
from migrator.meaning.served import ServedZone
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot


@dataclass(slots=True)
class Comparisons:
    """Compares the old side with what each server showed, and only once with what several showed.

    `compare` is `diff.compare`, or what takes them for two sides of a move.
    """

    old: ServedZone
    compare: Callable[[ServedZone, ZoneSnapshot, Mapping[RRsetKey, Settled]], ZoneDiff] = compare
    _made: list[tuple[ZoneSnapshot, Mapping[RRsetKey, Settled], ZoneDiff]] = field(default_factory=list)

    def with_one(self, new: ZoneSnapshot, settled: Mapping[RRsetKey, Settled]) -> ZoneDiff:
        """Return the comparison of the old side with one server's zone; its sources may be another server's."""
        for other, settled_there, found in self._made:
            if settled == settled_there and _alike(new, other) and _without_answers(settled):
                return found
        found = self.compare(self.old, new, settled)
        self._made.append((new, settled, found))
        return found


def _alike(one: ZoneSnapshot, other: ZoneSnapshot) -> bool:
    """Tell whether the zones are the same to the letter; nearly all of their RRsets are the same objects."""
    if one.compact is not None and other.compact is not None:
        return alike(one, other)
    return len(one.rrsets) == len(other.rrsets) and all(
        here is there or (here.key == there.key and identical(here, there))
        for here, there in zip(one.rrsets, other.rrsets, strict=True)
    )


def _without_answers(settled: Mapping[RRsetKey, Settled]) -> bool:
    """Tell whether nothing that was answered stands in what is settled, since equality takes no heed of case."""
    return all(known.new is None for known in settled.values())
