"""Which sets of a zone are lowered for a move, and why the others are not. No IO here.

A set is lowered where any of its records has a longer TTL than wanted. What the provider decides itself, what
belongs to another zone or follows the signer is listed with its reason, never passed over.
"""

from collections.abc import Mapping

from dns.rdatatype import RdataType

from migrator.model.capabilities import Capabilities
from migrator.model.change import Replace
from migrator.model.extras import AutomaticTTL, Managed, Opaque, TrafficPolicy, plain
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.ttls.fixed import chosen_by, fixed_by_provider
from migrator.ttls.originals import Original, longest_ttl, original_of, with_ttl

# They follow the signer of the zone.
_SIGNERS = frozenset({RdataType.RRSIG, RdataType.NSEC, RdataType.NSEC3, RdataType.NSEC3PARAM, RdataType.DNSKEY})


@dataclass(frozen=True, slots=True)
class Only:
    """What a person wants to have lowered: sets of these types, and at these names; empty for any."""

    types: frozenset[RdataType] = frozenset()
    names: frozenset[tuple[bytes, ...]] = frozenset()

    def wants(self, rrset: RRset) -> bool:
        """Tell whether the set is meant."""
        return (not self.types or rrset.rdtype in self.types) and (
            not self.names or rrset.key.folded in self.names
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """A set whose TTL stays longer than wanted, and why."""

    key: RRsetKey
    ttl: int
    reason: str


@dataclass(frozen=True, slots=True)
class Lowering:
    """The changes, the originals that have to be remembered first, what stays, and how many were low already."""

    zone: ZoneSnapshot
    to: int
    changes: tuple[Replace, ...]
    originals: tuple[Original, ...]
    kept: tuple[Kept, ...]
    low: int


def lower(
    zone: ZoneSnapshot,
    to: int,
    can: Capabilities | None = None,
    only: Only = Only(),
    pending: Mapping[RRsetKey, Original] | None = None,
) -> Lowering:
    """Return what lowers the TTLs of a zone.

    `can` is None where nobody writes by this program. `pending` are the originals of sets that were lowered
    before and not put back: such a set keeps its first original.
    """
    cuts = _cuts(zone)
    changes, originals, kept, low = [], [], [], 0
    for rrset in zone.rrsets:
        highest = longest_ttl(rrset)
        if not only.wants(rrset):
            continue
        if highest is None or highest <= to:
            low += 1
            continue
        reason = _reason(rrset, zone, cuts, can)
        becomes = to if can is None else max(to, can.ttl_min.bound)
        if not reason and becomes >= highest:
            reason = f"{_name(can)} takes no TTL below {becomes} s"
        if reason:
            kept.append(Kept(rrset.key, highest, reason))
            continue
        changes.append(Replace(rrset, with_ttl(rrset, min(rrset.ttl or 0, becomes))))
        originals.append(_original(rrset, becomes, pending or {}))
    return Lowering(zone, to, tuple(changes), tuple(originals), tuple(kept), low)


def _original(rrset: RRset, becomes: int, pending: Mapping[RRsetKey, Original]) -> Original:
    """Return what the set had before the first lowering, unless somebody has set another TTL since."""
    assert rrset.ttl is not None
    found = original_of(rrset, min(rrset.ttl, becomes))
    before = pending.get(rrset.key)
    if before is None or rrset.ttl != before.lowered:
        return found
    return Original(before.key, before.ttl, found.lowered, before.records)


def _reason(rrset: RRset, zone: ZoneSnapshot, cuts: frozenset[tuple[bytes, ...]], can: Capabilities | None) -> str:
    """Return why the set's TTL cannot or need not be changed; empty where it can."""
    at_apex = rrset.key.folded == folded(zone.origin)
    if rrset.rdtype in _SIGNERS:
        return "it follows the signer of the zone"
    if _below(rrset.key.folded, cuts):
        return "it belongs to a delegation, which the move does not change"
    if can is None:
        return ""
    fixed = fixed_by_provider(rrset.key, rrset.extras, can, at_apex=at_apex)
    if fixed:
        return fixed
    extras = [*map(plain, rrset.extras)]
    kinds = {type(extra) for extra in extras}
    if AutomaticTTL in kinds:
        return chosen_by(can)
    if kinds & {Managed, TrafficPolicy}:
        return f"it belongs to another product of {can.provider}"
    unknown = [extra for extra in extras if isinstance(extra, Opaque)]
    if any(extra.source not in can.opaque or extra.field in can.unwritable for extra in unknown):
        return "it has fields that this program cannot write back"
    return ""


def _cuts(zone: ZoneSnapshot) -> frozenset[tuple[bytes, ...]]:
    return frozenset(r.key.folded for r in zone.rrsets if r.rdtype == RdataType.NS) - {folded(zone.origin)}


def _below(labels: tuple[bytes, ...], cuts: frozenset[tuple[bytes, ...]]) -> bool:
    return bool(cuts) and any(labels[at:] in cuts for at in range(len(labels)))


def _name(can: Capabilities | None) -> str:
    return "the provider" if can is None else can.provider
