"""What the tests of Cloudflare share: reading, listing and writing by a locator, and short forms of records."""

from typing import Any

from migrator.demo.clouds.cloudflare import Cloudflare
from migrator.demo.clouds.cloudflare_records import Raw
from migrator.demo.clouds.cloudflare_zones import Zone
from migrator.interfaces import ChangeResult, Environment, Outcome, ReadResult, ZoneInfo
from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.extras import AutomaticTTL, Flattened, ForRecord, Note, Opaque, Proxied, RecordTTL, Tags
from migrator.model.locator import Locator
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot
from providers import load, parse_locator
from providers.cloudflare.writer import Writer
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


def key(owner: str, rdtype: str) -> RRsetKey:
    return rrset(owner, rdtype, None).key


def apply(*desired: RRset, without: tuple[RRsetKey, ...] = ()) -> list[ChangeResult]:
    """Read the zone and bring these sets into it."""
    target = writer()
    return list(target.apply(changes(target.read().snapshot, *desired, without=without)))


def said(zone: Zone) -> set[tuple[str, str, str]]:
    return {(record["name"], record["type"], record["content"]) for record in zone.records}


def writes(cloud: Cloudflare) -> list[str]:
    return [request.operation for request in cloud.requests if request.method != "GET"]


# Every type, and every extra that Cloudflare holds.
WRITTEN: list[RRset] = [
    rrset("@", "A", 300, "192.0.2.1", extras=(AutomaticTTL(), Proxied())),
    rrset("@", "MX", 3600, "10 mx.example.net.", "20 mx2.example.net."),
    rrset("@", "TXT", 60, '"v=spf1 -all"', r'"say \"hi\"" "b"', '"' + "x" * 255 + '" "' + "y" * 9 + '"'),
    rrset("@", "CAA", 300, '0 issue "ca.example.net"', r'128 iodef "mailto:a@example.net; x=\"1\""'),
    rrset("*", "AAAA", 86400, "2001:db8::1", extras=(Note("why not"), Tags(("a", "team:web")))),
    rrset(
        "mixed",
        "A",
        120,
        "192.0.2.1",
        "192.0.2.2",
        extras=(
            *(ForRecord("192.0.2.1", e) for e in (RecordTTL(300), AutomaticTTL(), Proxied(), Note("one"))),
            ForRecord("192.0.2.2", Tags(("two",))),
        ),
    ),
    rrset("docs", "CNAME", 300, "docs.example.net.", extras=(Flattened(),)),
    rrset("docs", "TXT", 300, '"beside a CNAME"'),
    rrset("child", "NS", 3600, "ns1.example.net.", "ns1.child.example.com."),
    rrset("child", "DS", 3600, "1 13 2 " + "ab" * 32),
    rrset("_sip._tcp", "SRV", 300, "0 5 5060 sip.example.com.", "1 0 0 ."),
    rrset("enum", "NAPTR", 300, r'1 2 "u" "E2U+sip" "!^(.*)$!sip:\\1@example.com!" .'),
    rrset("web", "HTTPS", 300, '1 . alpn="h2,h3"'),
    rrset("svc", "SVCB", 300, "1 svc.example.net. port=8443"),
    rrset("_25._tcp", "TLSA", 300, "3 1 1 " + "ab" * 32),
    rrset("m._smimecert", "SMIMEA", 300, "3 1 1 " + "cd" * 32),
    rrset("host", "SSHFP", 300, "4 2 " + "0a" * 32),
    rrset("loc", "LOC", 300, "53 13 10.500 N 2 18 26.000 W -20.50m 10.00m 1000.00m 2.00m"),
    rrset("uri", "URI", 300, '10 1 "https://example.net/"'),
    rrset("cert", "CERT", 300, "1 2 13 AQID"),
    rrset("key", "DNSKEY", 300, "257 3 13 AQID"),
    rrset("pgp", "OPENPGPKEY", 300, "AQID"),
    rrset("ptr", "PTR", 300, "host.example.net."),
    rrset("p", "A", 300, "192.0.2.9", extras=(Opaque("cloudflare", "private_routing", "true"),)),
    rrset(
        "v4",
        "A",
        300,
        "192.0.2.9",
        extras=(AutomaticTTL(), Proxied(), Opaque("cloudflare", "settings.ipv4_only", "true")),
    ),
]
