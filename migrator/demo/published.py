"""From what the fake providers hold to the zone that their name servers answer. No IO here.

Written from what the services document, and not from the adapters, so that a comparison with the servers
judges the import and not itself.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager

import dns.name
import dns.rdata
from dns.name import Name
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.demo.authority import Authority
from migrator.demo.clouds import cloudflare_zones, route53_zones
from migrator.demo.clouds.cloudflare_records import Raw
from migrator.model.names import absolute, text_of
from migrator.model.observation import Transport
from migrator.model.rrset import Record
from migrator.model.zone import ZoneSnapshot, assemble

# What the rest of this internet answers for a name: how a provider follows an alias that leads out of the zone.
Lookup = Callable[[Name, RdataType], Sequence[Rdata]]

EDGE = {RdataType.A: "203.0.113.200", RdataType.AAAA: "2001:db8:ed6e::200"}
_ADDRESSES = (RdataType.A, RdataType.AAAA)
_ALIAS_TTL = 60
_AUTOMATIC_TTL = 300
_WITH_PRIORITY = frozenset({"MX", "SRV", "URI"})
_STRING = 255


class Published:
    """The name servers of a provider: at each question they answer from what it holds then.

    `homes` are the zones of the name servers' own names; `zone` makes the zone, and is called only after what
    `records` returns has changed. Both are called with the provider's lock held.
    """

    def __init__(
        self,
        homes: Iterable[ZoneSnapshot],
        lock: AbstractContextManager[object],
        records: Callable[[], object],
        zone: Callable[[], ZoneSnapshot],
    ) -> None:
        self._homes = tuple(homes)
        self._lock = lock
        self._records = records
        self._zone = zone
        self._seen = ""
        self._authority = Authority(self._homes)

    def respond(self, wire: bytes, transport: Transport) -> Sequence[bytes]:
        """Return the messages to send back."""
        with self._lock:
            # By their text, as a record may be changed in its place.
            seen = repr(self._records())
            if seen != self._seen:
                self._authority.serve((*self._homes, self._zone()))
                self._seen = seen
        return self._authority.respond(wire, transport)


def route53_zone(zone: route53_zones.Zone, lookup: Lookup) -> ZoneSnapshot:
    """Return what Route 53's servers answer: aliases as addresses, and of routed sets the one of most weight.

    The service would draw lots by weight; here each run of the demo shall tell the same.
    """
    sets: dict[tuple[Name, RdataType], Raw] = {}
    for raw in sorted(zone.record_sets, key=lambda raw: -raw.get("Weight", 0)):
        sets.setdefault((_decimal(raw["Name"]), RdataType.from_text(raw["Type"])), raw)

    def answered(name: Name, rdtype: RdataType, depth: int = 0) -> Iterator[Record]:
        raw = sets.get((name, rdtype))
        if raw is None or depth > len(sets):
            return
        alias = raw.get("AliasTarget")
        if alias is None:
            texts = [route53_zones.decimal(each["Value"]) for each in raw["ResourceRecords"]]
            yield from (_record(name, raw["TTL"], rdtype, text) for text in texts)
            return
        target = _decimal(alias["DNSName"])
        if (target, rdtype) in sets:
            yield from (Record(name, each.ttl, each.rdata) for each in answered(target, rdtype, depth + 1))
        else:
            yield from (Record(name, _ALIAS_TTL, rdata) for rdata in lookup(target, rdtype))

    return assemble(absolute(zone.name), [each for key in sets for each in answered(*key)]).snapshot


def cloudflare_zone(zone: cloudflare_zones.Zone, lookup: Lookup) -> ZoneSnapshot:
    """Return what Cloudflare's servers answer: their own SOA and NS, proxies, and the apex CNAME as addresses."""
    apex = absolute(zone.name)
    return assemble(apex, [*_own_records(zone, apex), *_cloudflare_records(zone, apex, lookup)]).snapshot


def _own_records(zone: cloudflare_zones.Zone, apex: Name) -> Iterator[Record]:
    soa = zone.settings["soa"]
    times = f"{soa['refresh']} {soa['retry']} {soa['expire']} {soa['min_ttl']}"
    first = text_of(absolute(zone.name_servers[0]))
    yield _record(apex, soa["ttl"], RdataType.SOA, f"{first} {soa['rname']} 2400000001 {times}")
    for server in zone.name_servers:
        yield _record(apex, zone.settings["ns_ttl"], RdataType.NS, server)


def _cloudflare_records(zone: cloudflare_zones.Zone, apex: Name, lookup: Lookup) -> Iterator[Record]:
    proxied: set[Name] = set()
    for raw in zone.records:
        owner, rdtype = absolute(raw["name"]), RdataType.from_text(raw["type"])
        ttl = _AUTOMATIC_TTL if raw["ttl"] == 1 else raw["ttl"]
        if raw.get("proxied"):
            if owner not in proxied:
                yield from (_record(owner, ttl, edge, address) for edge, address in EDGE.items())
            proxied.add(owner)
        elif rdtype == RdataType.CNAME and owner == apex:
            for address_type in _ADDRESSES:
                found = lookup(absolute(raw["content"]), address_type)
                yield from (Record(owner, ttl, rdata) for rdata in found)
        elif rdtype != RdataType.NS or owner != apex:
            yield _record(owner, ttl, rdtype, _presentation(raw))


def _presentation(raw: Raw) -> str:
    content = str(raw["content"])
    if raw["type"] in _WITH_PRIORITY:
        return f"{raw['priority']} {content}"
    if raw["type"] == "TXT" and not content.startswith('"'):
        pieces = (content[at : at + _STRING] for at in range(0, len(content), _STRING))
        return " ".join('"' + re.sub(r'(["\\])', r"\\\1", piece) + '"' for piece in pieces)
    return content.removeprefix("IN LOC ")


def _record(owner: Name, ttl: int, rdtype: RdataType, text: str) -> Record:
    # Both services give names without a last dot too, and they are absolute.
    return Record(
        owner, ttl, dns.rdata.from_text(RdataClass.IN, rdtype, text, origin=dns.name.root, relativize=False)
    )


def _decimal(name: str) -> Name:
    """Return the name that Route 53 writes with octal escapes."""
    return dns.name.from_text(route53_zones.decimal(name))
