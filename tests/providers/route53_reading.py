"""What the tests of Route 53 share: reading and listing by a locator, and short forms of sets."""

from typing import Any, cast

import dns.name
import dns.rdata
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.demo.clouds.route53_zones import Raw
from migrator.interfaces import DnsClient, Environment, ReadResult, ZoneInfo
from migrator.model.extras import Extra
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey, make
from providers import load, parse_locator

ORIGIN = absolute("example.com.")
PROVIDER = load("route53")


def no_addresses(host: Name) -> tuple[str, ...]:
    raise AssertionError(f"{host}: this provider asks no name server")


ENVIRONMENT = Environment(client=cast("DnsClient", None), resolve=no_addresses)


def read(text: str, environment: Environment = ENVIRONMENT) -> ReadResult:
    return PROVIDER.open_reader(parse_locator(text), environment).read()


def listed(text: str = "route53:") -> list[ZoneInfo]:
    return list(PROVIDER.list_zones(parse_locator(text), ENVIRONMENT))


def rrset(owner: str, rdtype: str, ttl: int | None, *texts: str, variant: str = "", extras: Any = ()) -> RRset:
    number = RdataType.from_text(rdtype)
    rdatas = tuple(
        dns.rdata.from_text("IN", number, text, origin=dns.name.root, relativize=False) for text in texts
    )
    return make(RRsetKey(absolute(owner, ORIGIN), number, variant), ttl, rdatas, cast("tuple[Extra, ...]", extras))


def raw(name: str, rdtype: str, *values: str, ttl: int = 300, **more: Any) -> Raw:
    return {"Name": name, "Type": rdtype, "TTL": ttl, "ResourceRecords": [{"Value": v} for v in values], **more}
