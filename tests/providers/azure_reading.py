"""What the tests of Azure share: reading, listing and writing by a locator, and short forms of sets."""

from collections.abc import Iterable
from contextlib import closing
from typing import Any, cast

import dns.name
import dns.rdata
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.interfaces import ChangeResult, DnsClient, Environment, ReadResult, ZoneInfo
from migrator.model.change import Change
from migrator.model.extras import Extra
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey, make
from providers import load, parse_locator
from providers.azure.discovery import wanted
from providers.azure.writer import Writer

ORIGIN = absolute("example.com.")
PROVIDER = load("azure")


def no_addresses(host: Name) -> tuple[str, ...]:
    raise AssertionError(f"{host}: this provider asks no name server")


ENVIRONMENT = Environment(client=cast("DnsClient", None), resolve=no_addresses)


def read(text: str = "azure:example.com", environment: Environment = ENVIRONMENT) -> ReadResult:
    return PROVIDER.open_reader(parse_locator(text), environment).read()


def listed(text: str = "azure:") -> list[ZoneInfo]:
    return list(PROVIDER.list_zones(parse_locator(text), ENVIRONMENT))


def writer(text: str = "azure:example.com") -> "closing[Writer]":
    """A writer to be used in a `with` block, so that its connections end."""
    from migrator.interfaces import no_progress

    return closing(Writer(wanted(parse_locator(text)), no_progress))


def apply(changes: Iterable[Change], text: str = "azure:example.com") -> list[ChangeResult]:
    """Read the zone, carry out the changes, and return the results in the order of the changes."""
    wanted_changes = list(changes)
    with writer(text) as opened:
        opened.read()
        results = list(opened.apply(wanted_changes))
    return sorted(results, key=lambda result: wanted_changes.index(result.change))


def rrset(owner: str, rdtype: str, ttl: int | None, *texts: str, extras: Any = ()) -> RRset:
    number = RdataType.from_text(rdtype)
    rdatas = tuple(
        dns.rdata.from_text("IN", number, text, origin=dns.name.root, relativize=False) for text in texts
    )
    return make(RRsetKey(absolute(owner, ORIGIN), number), ttl, rdatas, cast("tuple[Extra, ...]", extras))
