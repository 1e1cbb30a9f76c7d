"""Which names of a zone have mail, and which are selectors of DKIM. No IO here."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.signatures import LABEL, selector_of
from migrator.model.compact import key_of, labels_of, name_of
from migrator.model.rrset import RRset
from migrator.roles import TEXT_TYPES, is_spf
from migrator.served import ServedZone
from migrator.zoneindex import CompactIndex, above_of

SELECTOR_TYPES = (RdataType.TXT, RdataType.CNAME, RdataType.NS)


def mail_domains(rrsets: Iterable[RRset]) -> Iterator[Name]:
    """Yield the owners of MX and SPF records."""
    for rrset in rrsets:
        rdtype = rrset.key.rdtype
        is_text = rdtype in TEXT_TYPES
        if rdtype == RdataType.MX or (is_text and any(is_spf(rdata) for rdata in rrset.rdatas)):
            yield rrset.owner


def domains_in(zones: Iterable[ServedZone]) -> dict[bytes, Name]:
    """Return the mail domains that servers of these zones answer for, by their keys."""
    found: dict[bytes, Name] = {}
    for zone in zones:
        index = zone.index
        if isinstance(index, CompactIndex):
            _add_compact(found, zone, index)
        else:
            for domain in mail_domains(zone.snapshot.rrsets):
                if zone.cover(domain, RdataType.MX) is None:
                    found.setdefault(key_of(domain.labels), domain)
    return found


def _add_compact(found: dict[bytes, Name], zone: ServedZone, index: CompactIndex) -> None:
    written_at = index.zone.written
    for key in index.marks.mail:
        if key in found:
            continue
        if index.may_be_covered(key) and zone.cover_at(labels_of(key), RdataType.MX) is not None:
            continue
        written = written_at(key)
        found[key] = next(mail_domains(index.zone.at(key))) if written is None else name_of(written)


def selectors_in(zones: Iterable[ServedZone]) -> dict[bytes, Name]:
    """Return the owners of what may be DKIM keys by their keys, of each zone in canonical order."""
    found: dict[bytes, Name] = {}
    for zone in zones:
        index = zone.index
        if not isinstance(index, CompactIndex):
            for owner in _selectors(zone.snapshot.rrsets):
                found.setdefault(key_of(owner.labels), owner)
            continue
        for key in sorted(index.marks.selectors.difference(found), key=lambda key: labels_of(key)[::-1]):
            written = index.zone.written(key)
            names = _selectors(index.zone.at(key)) if written is None else [name_of(written)]
            for owner in names:
                found.setdefault(key, owner)
    return found


def by_domain(selectors: Mapping[bytes, Name], domains: Collection[bytes]) -> dict[bytes, list[Name]]:
    """Return the selectors by the key of the nearest mail domain at or above the name that they sign for."""
    found: dict[bytes, list[Name]] = {}
    for key, owner in selectors.items():
        labels = labels_of(key) if b"\\" in key else key.split(b".")
        domain = key_of(tuple(labels[labels.index(LABEL) + 1 :]))
        while domain not in domains and domain != b".":
            domain = above_of(domain)
        if domain in domains:
            found.setdefault(domain, []).append(owner)
    return found


def _selectors(rrsets: Iterable[RRset]) -> Iterator[Name]:
    for rrset in rrsets:
        if rrset.key.rdtype in SELECTOR_TYPES and selector_of(rrset.owner) is not None:
            yield rrset.owner
