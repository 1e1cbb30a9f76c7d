"""What is not the same at a key of two zones, as pairs of RRsets. No IO here."""

from collections.abc import Iterable, Mapping

from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.diff.equality import identical
from migrator.model.rrset import RRset, RRsetKey, canonical_order
from migrator.model.values import dataclass

_Index = dict[tuple[tuple[bytes, ...], RdataType, str], RRset]


@dataclass(frozen=True, slots=True)
class Pair:
    """What either side has at a key."""

    key: RRsetKey
    old: RRset | None
    new: RRset | None

    def rdatas(self) -> tuple[Rdata, ...]:
        """Return the rdatas of both sides."""
        return (*(self.old.rdatas if self.old else ()), *(self.new.rdatas if self.new else ()))


def unlike_pairs(
    old: Iterable[RRset], new: Iterable[RRset], settled: Mapping[RRsetKey, RRset | None]
) -> tuple[list[Pair], int]:
    """Return the pairs that are not the same to the letter in canonical order, and how many are.

    What is `settled` at the new side is not looked at: it is a pair in any case.
    """
    left: _Index = {}
    for rrset in new:
        left[_index(rrset)] = rrset
    found, same = [], 0
    for rrset in old:
        other = left.pop(_index(rrset), None)
        if settled and rrset.key in settled:
            found.append(Pair(rrset.key, rrset, settled[rrset.key]))
        elif other is not None and identical(rrset, other):
            same += 1
        else:
            found.append(Pair(rrset.key, rrset, other))
    found.extend(Pair(rrset.key, None, rrset) for rrset in left.values())
    found.sort(key=lambda pair: canonical_order(pair.key))
    return found, same


def _index(rrset: RRset) -> tuple[tuple[bytes, ...], RdataType, str]:
    # A tuple of built-in values hashes and compares several times faster than RRsetKey, with the same meaning.
    key = rrset.key
    return tuple([label.lower() for label in key.owner.labels]), key.rdtype, key.variant
