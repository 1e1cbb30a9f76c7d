"""What puts the TTLs back that were lowered, and what somebody has changed meanwhile. No IO here.

as lowered        the original returns; the data of the set stay as they are now
as the original   nothing is to be done
anything else     somebody has set another TTL: it is reported, and left alone
"""

from collections.abc import Iterable

from dns.rdatatype import RdataType

from migrator.model.capabilities import Capabilities
from migrator.model.change import Replace
from migrator.model.names import folded
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.ttls.originals import Original, longest_ttl, with_original, within


@dataclass(frozen=True, slots=True)
class Changed:
    """A set whose TTL is neither as lowered nor as before; `present` is None for a set without one."""

    original: Original
    present: int | None


@dataclass(frozen=True, slots=True)
class Restoring:
    """The changes, what is left alone, what is not there any more, and what is back already."""

    zone: ZoneSnapshot
    changes: tuple[Replace, ...]
    changed: tuple[Changed, ...]
    gone: tuple[RRsetKey, ...]
    back: tuple[RRsetKey, ...]


def restore(zone: ZoneSnapshot, originals: Iterable[Original], can: Capabilities | None = None) -> Restoring:
    """Return what puts the originals back into the zone in which they were lowered."""
    there = zone.by_key()
    changes, changed, gone, back = [], [], [], []
    for original in originals:
        present = there.get(original.key)
        if present is None:
            gone.append(original.key)
            continue
        highest = longest_ttl(present)
        if highest == within(can, original.longest):
            back.append(original.key)
        elif present.ttl == original.lowered == highest:
            changes.append(Replace(present, with_original(present, original, can)))
        else:
            changed.append(Changed(original, highest))
    return Restoring(zone, tuple(changes), tuple(changed), tuple(gone), tuple(back))


def restore_copy(zone: ZoneSnapshot, originals: Iterable[Original], can: Capabilities | None = None) -> Restoring:
    """Return what puts the originals into the new zone, to which an import took the lowered TTLs along.

    SOA and apex NS are the new provider's own; what the new zone does not have, or has with a TTL that no import
    of the lowered zone can have made, is left alone without a word.
    """
    apex = folded(zone.origin)
    own = [
        each
        for each in originals
        if not (each.key.folded == apex and each.key.rdtype in {RdataType.SOA, RdataType.NS})
    ]
    there = zone.by_key()
    copied = []
    for original in own:
        present = there.get(original.key)
        lowered = within(can, original.lowered)
        if present is not None and present.ttl == longest_ttl(present) == lowered:
            copied.append(Original(original.key, original.ttl, lowered, original.records))
    return restore(zone, copied, can)
