"""The zone-file text of a scenario at each place: the base zone, changed step by step, and signed where wanted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import dns.dnssec
import dns.dnssectypes
import dns.rdtypes.ANY.DNSKEY
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec

from tests.lab.scenarios.scenario import HOSTS, NEW_SERVERS, OLD_SERVERS, Change, Scenario

TTL = 300
_USUAL = {
    "old": tuple(HOSTS[name] for name in OLD_SERVERS),
    "new": tuple(HOSTS[name] for name in NEW_SERVERS),
}
_PLACEHOLDER = re.compile(r"\{([a-z0-9-]+)\}")
_CSK = 257
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Texts:
    """The zones of one scenario: what each server serves (None: it has no such zone), and what locators read."""

    served: Mapping[str, str | None]
    exported: str
    planned: str


@dataclass(slots=True)
class _Zone:
    """A zone on its way: its records, a line each, and what is said of the whole."""

    records: list[str]
    ns: tuple[str, ...]
    primary: str
    soa: str = "14400 3600 1209600 300"
    ttl: int = TTL
    soa_ttl: int = 0
    serial: int = 1
    signed_by: str = ""
    publishes: tuple[str, ...] = ()
    expired: bool = False


def texts_of(scenario: Scenario, base: str, addresses: Mapping[str, str]) -> Texts:
    """Return the texts; `addresses` stand for `{name}` in them, as `{zone}` does for the domain."""
    known = {**addresses, "zone": scenario.domain}

    def text(*places: str) -> str:
        zone = _Zone(base.splitlines(), (places[0],), _USUAL[places[0]][0])
        for place in ("both", *places):
            _apply(zone, scenario.change(place))
        return _written(zone, scenario, known)

    served = {
        server: None if scenario.change(server).absent or scenario.change(side).absent else text(side, server)
        for side, servers in (("old", OLD_SERVERS), ("new", NEW_SERVERS))
        for server in servers
    }
    return Texts(served, text("old", "export"), text("new", "plan"))


def name_servers(scenario: Scenario, side: str) -> tuple[str, ...]:
    """Return the name servers of a side: what the zone that its locator reads lists at the apex."""
    found: tuple[str, ...] = (side,)
    for place in ("both", side, "export" if side == "old" else "plan"):
        ns = scenario.change(place).ns
        found = found if ns is None else ns
    return _spelt_out(found)


def _spelt_out(ns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names, where `old` and `new` stand for the usual ones."""
    return tuple(found for name in ns for found in _USUAL.get(name, (name,)))


def ds_of(scenario: Scenario, key: str) -> str:
    """Return the DS that fits a key of the scenario; `old SHA1` is one with that digest."""
    name, _, digest = key.partition(" ")
    policy = dns.dnssec.allow_all_policy
    return dns.dnssec.make_ds(
        scenario.domain, _dnskey(scenario, name), digest or "SHA256", policy=policy
    ).to_text()


def filled(text: str, known: Mapping[str, str]) -> str:
    """Return the text with the addresses in it."""
    return _PLACEHOLDER.sub(lambda found: known[found[1]], text)


def _apply(zone: _Zone, change: Change) -> None:
    """Change the zone; what is left out has to be there."""
    for left in change.without:
        kept = [line for line in zone.records if _key(line) != left]
        assert kept != zone.records, f"there is no {left} that could be left out"
        zone.records = kept
    zone.records += change.adds.splitlines()
    for name in ("ns", "ttl", "soa_ttl", "serial", "soa", "primary", "signed_by", "publishes", "expired"):
        value = getattr(change, name)
        if value is not None:
            setattr(zone, name, value)


def _key(line: str) -> str:
    """Return `owner TYPE` of a record in one line, whose TTL is optional."""
    owner, *rest = line.split() or [""]
    return f"{owner} {next((word for word in rest if not word.isdigit()), '')}"


def _written(zone: _Zone, scenario: Scenario, known: Mapping[str, str]) -> str:
    lines = [
        f"$ORIGIN {scenario.domain}",
        f"$TTL {zone.ttl}",
        f"@ {zone.soa_ttl or zone.ttl} SOA {zone.primary} hostmaster.example.com. {zone.serial} {zone.soa}",
        *(f"@ NS {name}" for name in _spelt_out(zone.ns)),
        *(line for line in zone.records if line.strip()),
    ]
    text = filled("\n".join(lines) + "\n", known)
    return _signed(text, zone, scenario) if zone.signed_by else text


def _signed(text: str, zone: _Zone, scenario: Scenario) -> str:
    """Return the zone signed with one key, whose DNSKEY set has those that are published besides."""
    rows = "".join(f"@ DNSKEY {_dnskey(scenario, name).to_text()}\n" for name in zone.publishes)
    return _signed_by(text + rows, scenario, zone.signed_by, zone.ttl, expired=zone.expired)


@cache
def _signed_by(text: str, scenario: Scenario, key: str, ttl: int, *, expired: bool) -> str:
    """Return the signed text: the same one for the same zone, as of a provider that signs once."""
    made = dns.zone.from_text(text, scenario.domain, relativize=False, check_origin=False)
    now = datetime.now(UTC)
    end = now - timedelta(hours=1) if expired else now + 2 * _WEEK
    own = (_private(scenario.name, key), _dnskey(scenario, key))
    dns.dnssec.sign_zone(
        made, keys=[own], dnskey_ttl=ttl, inception=now - _WEEK, expiration=end, deterministic=False
    )
    return f"$ORIGIN {scenario.domain}\n{made.to_text(relativize=False)}"


@cache
def _private(scenario: str, key: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _dnskey(scenario: Scenario, key: str) -> dns.rdtypes.ANY.DNSKEY.DNSKEY:
    algorithm = dns.dnssectypes.Algorithm.ECDSAP256SHA256
    return dns.dnssec.make_dnskey(_private(scenario.name, key).public_key(), algorithm, flags=_CSK)
