"""The addresses that an alias leads to: through the zone as far as it goes, then wherever others look. Pure."""

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.answers.settle import AddressLookup
from migrator.meaning.served import ServedZone
from migrator.meaning.targets import targets_of
from migrator.model.rrset import alias_of, canonical_wire

_DEEPEST = 4


def through_zone(zone: ServedZone, outside: AddressLookup) -> AddressLookup:
    """Return a lookup that follows aliases and CNAMEs inside the zone, and asks `outside` for all other names."""

    def lookup(target: Name, rdtype: RdataType) -> frozenset[bytes] | None:
        for _ in range(_DEEPEST):
            if not zone.within(target):
                return outside(target, rdtype)
            rrsets = zone.answer(target, rdtype)
            aliases = [alias.target for rrset in rrsets if (alias := alias_of(rrset)) is not None]
            further = aliases or [name for rrset in rrsets for name in targets_of(rrset.rdatas)]
            if not further:
                return frozenset(canonical_wire(rdata) for rrset in rrsets for rdata in rrset.rdatas)
            target = further[0]
        return None

    return lookup
