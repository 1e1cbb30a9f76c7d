"""What a standard zone file can hold: all of DNS, and nothing beside it. No IO here."""

from datetime import date

from migrator.model.capabilities import ApexNs, Capabilities, Claim, Fact, Limit

_RFC1035 = Claim("RFC 1035 section 5", date(2026, 11, 20))
_RFC2181 = Claim("RFC 2181 section 8", date(2026, 11, 20))
_RFC3597 = Claim("RFC 3597 section 5", date(2026, 11, 20))

ZONE_FILE = Capabilities(
    provider="the zone file",
    scheme="file",
    types=frozenset(),
    types_claim=_RFC3597,
    every_type=True,
    generic_rdata=Fact(True, _RFC3597),
    ttl_min=Limit(0, _RFC2181),
    ttl_max=Limit(2**31 - 1, _RFC2181),
    apex_ns=ApexNs.FREE,
    apex_ns_claim=_RFC1035,
    private_zones=Fact(True, _RFC1035),
    written_whole=True,
)
