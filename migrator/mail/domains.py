"""Which names of a zone have mail, and which are selectors of DKIM. No IO here."""

from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.signatures import selector_of
from migrator.model.compact import key_of, labels_of, name_of
from migrator.model.names import folded
from migrator.model.rrset import RRset
from migrator.roles import TEXT_TYPES, is_spf
from migrator.served import ServedZone
from migrator.zoneindex import CompactIndex

Labels = tuple[bytes, ...]
SELECTOR_TYPES = (RdataType.TXT, RdataType.CNAME, RdataType.NS)


def mail_domains(rrsets: Iterable[RRset]) -> Iterator[Name]:
    """Yield the owners of MX and SPF records."""
    for rrset in rrsets:
        rdtype = rrset.key.rdtype
        is_text = rdtype in TEXT_TYPES
        if rdtype == RdataType.MX or (is_text and any(is_spf(rdata) for rdata in rrset.rdatas)):
            yield rrset.owner


def domains_in(zones: Iterable[ServedZone]) -> dict[Labels, Name]:
    """Return the mail domains that servers of these zones answer for, by their labels in small letters."""
    found: dict[Labels, Name] = {}
    for zone in zones:
        index = zone.index
        if isinstance(index, CompactIndex):
            _add_compact(found, zone, index)
        else:
            for domain in mail_domains(zone.snapshot.rrsets):
                if zone.cover(domain, RdataType.MX) is None:
                    found.setdefault(folded(domain), domain)
    return found


def _add_compact(found: dict[Labels, Name], zone: ServedZone, index: CompactIndex) -> None:
    for key in index.marks.mail:
        labels = labels_of(key)
        if labels in found or (index.may_be_covered(key) and zone.cover_at(labels, RdataType.MX) is not None):
            continue
        written = index.zone.written(key)
        found[labels] = next(mail_domains(index.zone.at(key))) if written is None else name_of(written)


def selectors_in(zone: ServedZone) -> Iterator[Name]:
    """Yield the owners of what may be DKIM keys, in canonical order."""
    index = zone.index
    if isinstance(index, CompactIndex):
        for reverse in sorted(labels_of(key)[::-1] for key in index.marks.selectors):
            key = key_of(reverse[::-1])
            name = index.zone.written(key)
            yield from _selectors(index.zone.at(key)) if name is None else [name_of(name)]
    else:
        yield from _selectors(zone.snapshot.rrsets)


def _selectors(rrsets: Iterable[RRset]) -> Iterator[Name]:
    for rrset in rrsets:
        if rrset.key.rdtype in SELECTOR_TYPES and selector_of(rrset.owner) is not None:
            yield rrset.owner
