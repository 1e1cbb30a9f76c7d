"""Signatures of one owner, kept as text, with the TTLs of what they sign. No IO here.

    RRSIG 300 NSEC 13 3 300 …       an RRset with the TTL 300, and 3600 beside its second record
    RRSIG 3600 A 13 3 3600 …

They are the one RRset whose records have TTLs of their own (RFC 4034 section 3).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dns.rdatatype import RdataType

from migrator.model.extras import ForRecord, RecordTTL
from migrator.model.rdatas import presented
from migrator.model.rrset import RRset
from migrator.model.values import dataclass

_RRSIG = b"RRSIG "


@dataclass(frozen=True, slots=True)
class OwnTtls:
    """The TTL of the RRset, which is the smallest, and those that differ from it, by the text of the rdata."""

    ttl: int
    others: Mapping[str, int]

    def with_one(self, records: Iterable[bytes]) -> list[bytes]:
        """Return the records of an owner, in their order, with the TTL of the RRset for each signature."""
        head = b"RRSIG %d " % self.ttl
        return [head + record.split(b" ", 2)[2] if record[:6] == _RRSIG else record for record in records]

    def beside(self, rrset: RRset) -> RRset:
        """Return an RRset of these signatures with what differs beside it; any other as it is."""
        if rrset.rdtype != RdataType.RRSIG:
            return rrset
        texts = (presented(rdata) or rdata.to_text() for rdata in rrset.rdatas)
        return replace(rrset, extras=tuple(self.extras(texts)))

    def extras(self, rdatas: Iterable[str]) -> Iterator[ForRecord]:
        """Yield what stands beside an RRset with these rdatas."""
        yield from (ForRecord(rdata, RecordTTL(self.others[rdata])) for rdata in rdatas if rdata in self.others)


def own_ttls_of(records: Iterable[bytes]) -> OwnTtls | None:
    """Return the TTLs of an owner's signatures; None where they are not several."""
    signatures = [record.split(b" ", 2) for record in records if record[:6] == _RRSIG]
    if len({ttl for _, ttl, _ in signatures}) < 2:  # noqa: PLR2004
        return None
    least = min(int(ttl) for _, ttl, _ in signatures)
    others = {rdata.decode("ascii"): int(ttl) for _, ttl, rdata in signatures if int(ttl) != least}
    return OwnTtls(least, others)
