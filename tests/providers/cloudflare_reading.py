"""What the tests of Cloudflare share: reading, listing and writing by a locator, and short forms of records."""

from typing import Any

from migrator.interfaces import ChangeResult, Environment, Outcome, ReadResult, ZoneInfo
from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.locator import Locator
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot
from providers import load, parse_locator
from providers.cloudflare.writer import Writer
from tests.cloud.cloudflare_records import Raw
from tests.providers.route53_reading import ENVIRONMENT, rrset

__all__ = ["ENVIRONMENT", "ORIGIN", "PROVIDER", "rrset"]

ORIGIN = absolute("example.com.")
PROVIDER = load("cloudflare")
LOCATOR = "cloudflare:example.com"


def locator(text: str = LOCATOR) -> Locator:
    return parse_locator(text)


def read(text: str = LOCATOR, environment: Environment = ENVIRONMENT) -> ReadResult:
    return PROVIDER.open_reader(locator(text), environment).read()


def listed(text: str = "cloudflare:") -> list[ZoneInfo]:
    return list(PROVIDER.list_zones(locator(text), ENVIRONMENT))


def writer(text: str = LOCATOR, environment: Environment = ENVIRONMENT) -> Writer:
    found = PROVIDER.open_writer(locator(text), environment)
    assert isinstance(found, Writer)
    return found


def raw(name: str, rdtype: str, content: str = "", **more: Any) -> Raw:
    return {"type": rdtype, "name": name, **({"content": content} if content else {}), "ttl": 300, **more}


def by_key(snapshot: ZoneSnapshot, owner: str, rdtype: str) -> RRset:
    wanted = rrset(owner, rdtype, None).key
    return snapshot.by_key()[wanted]


def changes(before: ZoneSnapshot, *desired: RRset, without: tuple[RRsetKey, ...] = ()) -> list[Change]:
    """The changes that bring these sets into a zone and take those out of it."""
    there = before.by_key()
    found: list[Change] = [Replace(there[r.key], r) if r.key in there else Create(r) for r in desired]
    return [*found, *(Delete(there[key]) for key in without)]


def outcomes(results: list[ChangeResult]) -> set[Outcome]:
    return {result.outcome for result in results}


def checks(result: ReadResult) -> list[tuple[str, str]]:
    return [(finding.check, finding.subject) for finding in result.findings]
