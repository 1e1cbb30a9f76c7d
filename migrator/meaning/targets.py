"""The host or name that an rdata points at. No IO here."""

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.model.names import folded, is_within
from migrator.model.zone import ZoneSnapshot

_FIELD = {
    RdataType.CNAME: "target",
    RdataType.DNAME: "target",
    RdataType.NS: "target",
    RdataType.PTR: "target",
    RdataType.MX: "exchange",
    RdataType.SRV: "target",
    RdataType.SVCB: "target",
    RdataType.HTTPS: "target",
    RdataType.NAPTR: "replacement",
}


def target_of(rdata: Rdata) -> Name | None:
    """Return the name that the rdata points at, or None for types without one and rdata nobody could parse."""
    field = _FIELD.get(rdata.rdtype)
    found = getattr(rdata, field, None) if field else None
    return found if isinstance(found, Name) else None


def targets_of(rdatas: tuple[Rdata, ...]) -> tuple[Name, ...]:
    """Return the names that the rdatas point at, in their order."""
    return tuple(found for rdata in rdatas if (found := target_of(rdata)) is not None)


def servers_inside(zone: ZoneSnapshot) -> frozenset[tuple[bytes, ...]]:
    """Return the name servers at the apex that are in the zone themselves, each as its labels in small letters."""
    rrset = zone.apex(RdataType.NS)
    listed = () if rrset is None else targets_of(rrset.rdatas)
    return frozenset(folded(name) for name in listed if is_within(name, zone.origin))
