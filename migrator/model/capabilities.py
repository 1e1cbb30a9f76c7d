"""What a provider can hold: each claim with its source and the date it was verified. No IO here."""

from dataclasses import dataclass
from datetime import date

from dns.rdatatype import RdataType


@dataclass(frozen=True, slots=True)
class Claim:
    """One number or set about somebody else's service, where it is said, and when that was looked at."""

    source: str
    verified: date


@dataclass(frozen=True, slots=True)
class Limit:
    """An upper or lower bound."""

    bound: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the records of a zone at this provider may be; TTLs in seconds."""

    types: frozenset[RdataType]
    types_claim: Claim
    ttl_min: Limit
    ttl_max: Limit
    records_in_rrset: Limit
    rrsets_in_zone: Limit
    apex_ns_editable: bool
    apex_alias: bool
