"""Which names of a zone have mail, and which are selectors of DKIM. No IO here."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.signatures import LABEL, selector_of
from migrator.meaning.index import CompactIndex, above_of
from migrator.meaning.roles import TEXT_TYPES, is_spf
from migrator.meaning.served import ServedZone
from migrator.model.compact import key_of, labels_of, name_of
from migrator.model.names import folded
from migrator.model.rrset import RRset

SELECTOR_TYPES = (RdataType.TXT, RdataType.CNAME, RdataType.NS)


def mail_domains(rrsets: Iterable[RRset]) -> Iterator[Name]:
    """Yield the owners of MX and SPF records."""
    for rrset in rrsets:
        rdtype = rrset.key.rdtype
        is_text = rdtype in TEXT_TYPES
        if rdtype == RdataType.MX or (is_text and any(is_spf(rdata) for rdata in rrset.rdatas)):
            yield rrset.owner


def domains_in(zones: Iterable[ServedZone]) -> dict[bytes, ServedZone]:
    """Return the keys of the mail domains that servers answer for, each with the first zone that has it."""
    found: dict[bytes, ServedZone] = {}
    for zone in zones:
        index = zone.index
        if isinstance(index, CompactIndex):
            keys = index.marks.mail.difference(found)
            covered = {key for key in index.covered_among(keys) if _is_covered(zone, labels_of(key))}
            found.update(dict.fromkeys(keys - covered, zone))
        else:
            for domain in mail_domains(zone.snapshot.rrsets):
                if not _is_covered(zone, folded(domain)):
                    found.setdefault(key_of(domain.labels), zone)
    return found


def domain_in(zone: ServedZone, key: bytes) -> Name:
    """Return the name of a mail domain of the zone."""
    return _written(zone, key) or next(mail_domains(zone.index.at(labels_of(key))))


class Selectors:
    """The owners of what may be DKIM keys, by the nearest mail domain at or above the name that they sign for."""

    def __init__(
        self,
        zones: Iterable[ServedZone],
        domains: Collection[bytes],
        among: Callable[[AbstractSet[bytes]], AbstractSet[bytes]] | None = None,
    ) -> None:
        """Look into these zones, for these mail domains; nothing is looked for before it is asked for.

        With `among`, only those of the keys of all selectors are looked for that it returns.
        """
        self._zones = tuple(zones)
        self._domains = domains
        self._among = among

    def of(self, domain: bytes) -> list[Name]:
        """Return the selectors of a domain, of each zone in canonical order, but for those of a zone before it."""
        return [
            owner
            for zone, by_domain in zip(self._zones, self._by_zone, strict=True)
            for key in sorted(by_domain.get(domain, ()), key=lambda key: labels_of(key)[::-1])
            for owner in _selector_in(zone, key)
        ]

    @cached_property
    def _by_zone(self) -> list[dict[bytes, set[bytes]]]:
        keys = [_selectors_of(zone) for zone in self._zones]
        if self._among is not None:
            keys = [self._among(here) for here in keys]
        return [self._by_domain(here - set().union(*keys[:place])) for place, here in enumerate(keys)]

    def _by_domain(self, keys: Iterable[bytes]) -> dict[bytes, set[bytes]]:
        domains = self._domains
        found: dict[bytes, set[bytes]] = {}
        for key in keys:
            domain = _signed_for(key)
            while domain not in domains and domain != b".":
                domain = above_of(domain)
            if domain in domains:
                found.setdefault(domain, set()).add(key)
        return found


def aliases_among(zones: Sequence[ServedZone], keys: AbstractSet[bytes]) -> AbstractSet[bytes]:
    """Return those of the keys of selectors that may be a CNAME in one of the zones, be it a wildcard's."""
    found: set[bytes] = set()
    for zone in zones:
        index = zone.index
        if not isinstance(index, CompactIndex):
            return keys
        found |= keys & index.marks.aliases
        if index.has_wildcards():
            found.update(key for key in keys if key not in index.zone)
    return found


def _selectors_of(zone: ServedZone) -> AbstractSet[bytes]:
    """Return the keys of the owners that may be selectors."""
    if isinstance(zone.index, CompactIndex):
        return zone.index.marks.selectors
    return {key_of(owner.labels) for owner in _selectors(zone.snapshot.rrsets)}


def _selector_in(zone: ServedZone, key: bytes) -> Iterator[Name]:
    """Yield the name of a selector of the zone."""
    owner = _written(zone, key) or next(_selectors(zone.index.at(labels_of(key))), None)
    if owner is not None:
        yield owner


def _signed_for(key: bytes) -> bytes:
    """Return the key of the name that a selector signs for."""
    if b"\\" in key:
        labels = labels_of(key)
        return key_of(labels[labels.index(LABEL) + 1 :])
    return (b"." + key).partition(b".%b." % LABEL)[2] or b"."


def _selectors(rrsets: Iterable[RRset]) -> Iterator[Name]:
    for rrset in rrsets:
        if rrset.key.rdtype in SELECTOR_TYPES and selector_of(rrset.owner) is not None:
            yield rrset.owner


def _written(zone: ServedZone, key: bytes) -> Name | None:
    """Return an owner's name as its text writes it; None where there are only RRsets."""
    index = zone.index
    written = index.zone.written(key) if isinstance(index, CompactIndex) else None
    return None if written is None else name_of(written)


def _is_covered(zone: ServedZone, labels: tuple[bytes, ...]) -> bool:
    return zone.cover_at(labels, RdataType.MX) is not None
