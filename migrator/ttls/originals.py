"""The TTLs that a set had before it was lowered. No IO here."""

from dataclasses import replace

from migrator.codec import rdata
from migrator.model.capabilities import Capabilities
from migrator.model.extras import Extra, ForRecord, RecordTTL
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Original:
    """A set's TTL before it was lowered, and those of single records (by their rdata) where they differed."""

    key: RRsetKey
    ttl: int
    lowered: int
    records: tuple[tuple[str, int], ...] = ()

    @property
    def longest(self) -> int:
        """The longest TTL that the set had."""
        return max([self.ttl, *(ttl for _, ttl in self.records)])


def original_of(rrset: RRset, lowered: int) -> Original:
    """Return what has to be remembered of a set."""
    assert rrset.ttl is not None
    return Original(rrset.key, rrset.ttl, lowered, tuple(record_ttls(rrset)))


def record_ttls(rrset: RRset) -> list[tuple[str, int]]:
    """Return the TTLs of single records that differ from the set's."""
    return [
        (extra.rdata, extra.extra.ttl)
        for extra in rrset.extras
        if isinstance(extra, ForRecord) and isinstance(extra.extra, RecordTTL)
    ]


def longest_ttl(rrset: RRset) -> int | None:
    """Return the longest TTL of a set's records; None for an alias that has none."""
    if rrset.ttl is None:
        return None
    return max([rrset.ttl, *(ttl for _, ttl in record_ttls(rrset))])


def with_ttl(rrset: RRset, ttl: int) -> RRset:
    """Return the set with one TTL for all of its records."""
    return replace(rrset, ttl=ttl, extras=_without_record_ttls(rrset))


def with_original(present: RRset, original: Original, can: Capabilities | None = None) -> RRset:
    """Return the set with its TTLs as they were, as far as the provider takes them; its data stay as they are."""
    there = {rdata.to_text(each) for each in present.rdatas}
    own = tuple(
        ForRecord(text, RecordTTL(within(can, ttl)))
        for text, ttl in original.records
        if text in there and (can is None or RecordTTL in can.record_extras)
    )
    extras: tuple[Extra, ...] = (*_without_record_ttls(present), *own)
    return replace(present, ttl=within(can, original.ttl), extras=extras)


def within(can: Capabilities | None, ttl: int) -> int:
    """Return the TTL that is nearest among those that the provider takes."""
    return ttl if can is None else min(max(ttl, can.ttl_min.bound), can.ttl_max.bound)


def _without_record_ttls(rrset: RRset) -> tuple[Extra, ...]:
    return tuple(
        extra
        for extra in rrset.extras
        if not (isinstance(extra, ForRecord) and isinstance(extra.extra, RecordTTL))
    )
