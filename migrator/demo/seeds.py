"""What the two accounts of the demo hold when the story begins, in each service's own form. No IO here.

The sample zones are plain DNS; what only a provider can say is put in here: the web site behind an alias at the
apex, and a shop whose two addresses are answered by weight.
"""

from collections.abc import Iterator, Sequence

from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX

from migrator.demo.clouds.cloudflare_records import Raw
from migrator.model.names import text_of
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot

SHOP = "shop.example.org"
# Most visitors get the first address, and a tenth tries the second.
_SHOP_ADDRESSES = {"current": ("192.0.2.71", 90), "canary": ("192.0.2.72", 10)}
_SHOP_TTL = 60
_SITE = "d111111abcdef8.cloudfront.net"
_CLOUDFRONT = "Z2FDTNDATAQYW2"  # the hosted zone of every CloudFront name, as AWS documents it
_ADDRESSES = frozenset({RdataType.A, RdataType.AAAA})
_ASSIGNED = frozenset({RdataType.SOA, RdataType.NS})


def route53_sets(zone: ZoneSnapshot, name_servers: Sequence[str]) -> Iterator[Raw]:
    """Give the record sets of the whole zone, served by these name servers with the TTLs of the zone."""
    for rrset in zone.rrsets:
        if rrset.owner == zone.origin and rrset.rdtype in _ADDRESSES:
            target = {"HostedZoneId": _CLOUDFRONT, "DNSName": f"{_SITE}.", "EvaluateTargetHealth": False}
            yield {"Name": text_of(rrset.owner), "Type": rrset.rdtype.name, "AliasTarget": target}
        else:
            yield _plain_set(rrset, _assigned(rrset, name_servers) if _is_assigned(zone, rrset) else None)
    for identifier, (address, weight) in _SHOP_ADDRESSES.items():
        yield {
            "Name": f"{SHOP}.",
            "Type": "A",
            "SetIdentifier": identifier,
            "Weight": weight,
            "TTL": _SHOP_TTL,
            "ResourceRecords": [{"Value": address}],
        }


def cloudflare_records(zone: ZoneSnapshot) -> Iterator[Raw]:
    """Give what somebody typed in at Cloudflare: the zone as it is, the web site and the shop as they saw them."""
    for rrset in zone.rrsets:
        if not _is_assigned(zone, rrset) and not (rrset.owner == zone.origin and rrset.rdtype in _ADDRESSES):
            yield from (_record(rrset, rdata) for rdata in rrset.rdatas)
    yield {"type": "CNAME", "name": "@", "content": _SITE, "ttl": 300}
    yield {"type": "A", "name": SHOP, "content": _SHOP_ADDRESSES["current"][0], "ttl": _SHOP_TTL}


def _is_assigned(zone: ZoneSnapshot, rrset: RRset) -> bool:
    return rrset.owner == zone.origin and rrset.rdtype in _ASSIGNED


def _assigned(rrset: RRset, name_servers: Sequence[str]) -> list[str]:
    """Return the values with the provider's own name servers in the place of the sample's."""
    if rrset.rdtype == RdataType.NS:
        return [f"{server}." for server in name_servers]
    return [f"{name_servers[0]}. {rdata.to_text().partition(' ')[2]}" for rdata in rrset.rdatas]


def _plain_set(rrset: RRset, values: list[str] | None) -> Raw:
    values = [rdata.to_text() for rdata in rrset.rdatas] if values is None else values
    records = [{"Value": value} for value in values]
    return {
        "Name": text_of(rrset.owner),
        "Type": rrset.rdtype.name,
        "TTL": rrset.ttl,
        "ResourceRecords": records,
    }


def _record(rrset: RRset, rdata: Rdata) -> Raw:
    record = {"type": rrset.rdtype.name, "name": text_of(rrset.owner), "ttl": rrset.ttl}
    if isinstance(rdata, MX):
        return {**record, "priority": rdata.preference, "content": rdata.exchange.to_text()}
    return {**record, "content": rdata.to_text()}
