"""Which names of a zone have mail, and which are selectors of DKIM. No IO here."""

from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.signatures import selector_of
from migrator.model.compact import key_of, labels_of
from migrator.model.rrset import RRset
from migrator.roles import TEXT_TYPES, is_spf
from migrator.served import ServedZone
from migrator.zoneindex import CompactIndex

SELECTOR_TYPES = (RdataType.TXT, RdataType.CNAME, RdataType.NS)


def mail_domains(rrsets: Iterable[RRset]) -> Iterator[Name]:
    """Yield the owners of MX and SPF records."""
    for rrset in rrsets:
        rdtype = rrset.key.rdtype
        is_text = rdtype in TEXT_TYPES
        if rdtype == RdataType.MX or (is_text and any(is_spf(rdata) for rdata in rrset.rdatas)):
            yield rrset.owner


def domains_in(zone: ServedZone) -> Iterator[Name]:
    """Yield the mail domains that servers of the zone answer for."""
    index = zone.index
    found = _of_compact(index) if isinstance(index, CompactIndex) else mail_domains(zone.snapshot.rrsets)
    may_be_covered = index.has_covers()
    for domain in found:
        if not may_be_covered or zone.cover(domain, RdataType.MX) is None:
            yield domain


def selectors_in(zone: ServedZone) -> Iterator[Name]:
    """Yield the owners of what may be DKIM keys, in canonical order."""
    index = zone.index
    if isinstance(index, CompactIndex):
        for reverse in sorted(labels_of(key)[::-1] for key in index.marks.selectors):
            key = key_of(reverse[::-1])
            name = index.zone.written(key)
            yield from _selectors(index.zone.at(key)) if name is None else [Name(labels_of(name))]
    else:
        yield from _selectors(zone.snapshot.rrsets)


def _selectors(rrsets: Iterable[RRset]) -> Iterator[Name]:
    for rrset in rrsets:
        if rrset.key.rdtype in SELECTOR_TYPES and selector_of(rrset.owner) is not None:
            yield rrset.owner


def _of_compact(index: CompactIndex) -> Iterator[Name]:
    zone = index.zone
    for key in index.marks.mail:
        name = zone.written(key)
        if name is None:
            yield from mail_domains(zone.at(key))
        else:
            yield Name(labels_of(name))
