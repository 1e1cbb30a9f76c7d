"""Whether what a target has already and what comes fit together into its quota. No IO here.

    there  190 records, as the service counts them
    comes   20 records more
    so     210, where a Cloudflare zone of the Free plan takes 200

The translation has said already when the zone that comes is too large by itself.
"""

from collections.abc import Iterator, Sequence

from dns.rdatatype import RdataType

from migrator.model.capabilities import Capabilities
from migrator.model.change import Change, after, before
from migrator.model.loss import Loss
from migrator.model.names import folded
from migrator.model.phrases import counted as count
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot
from migrator.translate.words import ZONE_TOO_LARGE

# No records of their own: a service that counts records keeps these as settings.
_GIVEN = frozenset({RdataType.SOA, RdataType.NS})


def over_quota(existing: ZoneSnapshot | None, changes: Sequence[Change], target: Capabilities) -> tuple[Loss, ...]:
    """Return a loss for each quota that the zone would exceed after the changes."""
    if existing is None:
        return ()
    key = RRsetKey(existing.origin, RdataType.SOA)
    word = ZONE_TOO_LARGE
    return tuple(
        Loss(key, word.what, word.exactness, message, word.advice, word.severity)
        for message in _messages(existing, changes, target)
    )


def _messages(existing: ZoneSnapshot, changes: Sequence[Change], target: Capabilities) -> Iterator[str]:
    apex = folded(existing.origin)
    sets = sum((after(change) is not None) - (before(change) is not None) for change in changes)
    records = sum(_records(after(change), apex) - _records(before(change), apex) for change in changes)
    here = sum(_records(rrset, apex) for rrset in existing.rrsets)
    for noun, limit, used, counted, more in (
        ("RRset", target.rrsets_in_zone, target.used_rrsets, len(existing.rrsets), sets),
        ("record", target.records_in_zone, target.used_records, here, records),
    ):
        there = counted if used is None else used
        if limit is not None and more > 0 and there + more > limit.bound:
            yield (
                f"The target has {count(there, noun)}, and {more:,} more would come: {there + more:,}, where "
                f"{target.provider} takes {limit.bound:,}."
            )


def _records(rrset: RRset | None, apex: tuple[bytes, ...]) -> int:
    if rrset is None or (rrset.rdtype in _GIVEN and rrset.key.folded == apex):
        return 0
    return len(rrset.rdatas) or 1
