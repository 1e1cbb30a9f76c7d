"""The host or name that an rdata points at. No IO here."""

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

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
