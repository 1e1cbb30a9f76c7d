"""An internet with many domains, all at the fake Route 53 and on their way to the fake Cloudflare.

The name servers answer what both accounts hold at that moment, and the registry delegates each domain by itself.
Nothing is arranged anew but what has changed, so that a thousand domains cost no more than one at a time.

    python -m tests.fleet.world 1000 --watch dns-migrator.db

writes network.toml and settings.json (the environment of commands) into the folder, and switches each domain as
soon as its migration in that database asks for it. On stdin: `switch d0001.test`; the end of stdin ends it.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.demo.accounts import environment_of, settings_of
from migrator.demo.authority import Authority, read_query
from migrator.demo.clouds import cloudflare_zones, route53_zones
from migrator.demo.clouds.cloudflare import Cloudflare
from migrator.demo.clouds.route53 import Route53
from migrator.demo.clouds.service import Request
from migrator.demo.hierarchy import home_zone, homes_of, root_hints, root_zone, tld_zone
from migrator.demo.internet import NEW_HOSTS, OLD_HOSTS, REGISTRY_ADDRESSES, RESOLVERS, ROOT_ADDRESS, resolver_at
from migrator.demo.published import cloudflare_zone, route53_zone
from migrator.demo.rdap import RdapServer
from migrator.demo.server import Responder, Servers
from migrator.errors import StoreError
from migrator.journey.stages import Stage
from migrator.journey.state import Status
from migrator.model.names import absolute, folded, for_people, text_of
from migrator.model.observation import Transport
from migrator.model.zone import ZoneSnapshot
from migrator.state.migrations import Migrations, Selection
from migrator.state.store import open_store

TLD = "test"
RDAP_ADDRESS = "127.53.4.2"
SETTINGS = "settings.json"
OLD_TTL = 4
PARENT_TTL = 2
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

_ROOT_SERVER = absolute("a.root.test")
_REGISTRY = dict(zip((absolute("a.registry.test"), absolute("b.registry.test")), REGISTRY_ADDRESSES, strict=True))
_HOSTS = {_ROOT_SERVER: ROOT_ADDRESS, **_REGISTRY, **OLD_HOSTS, **NEW_HOSTS}
_TLDS = sorted({name.labels[-2].decode() for name in _HOSTS})
_BODY: Mapping[tuple[str, str], Sequence[str]] = {
    ("", "A"): ["192.0.2.1"],
    ("www.", "CNAME"): ["api.{domain}."],
    ("api.", "A"): ["192.0.2.2", "192.0.2.3"],
    ("api.", "AAAA"): ["2001:db8::2"],
    ("", "MX"): ["10 mail.{domain}."],
    ("mail.", "A"): ["192.0.2.25"],
    ("", "TXT"): ['"v=spf1 mx -all"'],
    ("_dmarc.", "TXT"): ['"v=DMARC1; p=reject"'],
}
_PROFILE = """\
root_hints = "named.root"
port = {port}
timeout = 3.0
attempts = 3
queries_per_second = 0
ipv6 = false
rdap_bootstrap = "rdap.json"
allow_special_addresses = true
"""
_RESOLVER = """
[[resolvers]]
name = "{name}"
address = "{address}:{port}"
"""
_LOOK = 0.3


def domains_of(number: int) -> tuple[str, ...]:
    """Return the names of so many domains."""
    return tuple(f"d{each:04d}.{TLD}" for each in range(1, number + 1))


class World:
    """Runs from the constructor on until `close`; at first every domain is delegated to the old provider."""

    def __init__(self, domains: Sequence[str]) -> None:
        self.domains = tuple(domains)
        with ExitStack() as started:
            self.route53 = started.enter_context(Route53())
            self.cloudflare = started.enter_context(Cloudflare())
            for domain in domains:
                _fill(self.route53.account.create(domain), domain)
            self.cloudflare.account.name_servers = tuple(map(for_people, NEW_HOSTS))
            self._registry = _Registry(domains)
            old = _Provider(OLD_HOSTS, self.route53.account.lock, _of_route53(self.route53.account))
            new = _Provider(NEW_HOSTS, self.cloudflare.account.lock, _of_cloudflare(self.cloudflare.account))
            servers: dict[str, Responder] = {
                ROOT_ADDRESS: Authority([root_zone(_ROOT_SERVER, ROOT_ADDRESS, _REGISTRY, _TLDS)]),
                **dict.fromkeys(REGISTRY_ADDRESSES, self._registry),
                **dict.fromkeys(OLD_HOSTS.values(), old),
                **dict.fromkeys(NEW_HOSTS.values(), new),
            }
            self.port = started.enter_context(Servers(servers, 0)).port
            panel = {address: resolver_at(self.port) for address in RESOLVERS.values()}
            self._resolver_port = started.enter_context(Servers(panel, 0)).port
            self._rdap = started.enter_context(closing(RdapServer(RDAP_ADDRESS, TLD)))
            for domain in domains:
                self._rdap.register(absolute(domain), OLD_HOSTS)
            self._started = started.pop_all()

    def close(self) -> None:
        """Stop every server."""
        self._started.close()

    @property
    def settings(self) -> dict[str, str]:
        """What a command needs in its environment."""
        return settings_of(self.route53, self.cloudflare)

    def environment(self, inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Return the environment of a command, without settings of any other account."""
        return environment_of(inherited, self.settings)

    def write(self, folder: Path) -> None:
        """Write the network profile, the files that it names, and the settings into the folder."""
        resolvers = "".join(
            _RESOLVER.format(name=name, address=address, port=self._resolver_port)
            for name, address in RESOLVERS.items()
        )
        (folder / "network.toml").write_text(_PROFILE.format(port=self.port) + resolvers, "utf-8")
        (folder / "named.root").write_text(root_hints(_ROOT_SERVER, ROOT_ADDRESS), "utf-8")
        (folder / "rdap.json").write_text(self._rdap.bootstrap, "utf-8")
        (folder / SETTINGS).write_text(json.dumps(self.settings, indent=1), "utf-8")

    def switch(self, domain: str) -> None:
        """Do what the registrar does, and Cloudflare as soon as it sees that."""
        self._rdap.register(absolute(domain), NEW_HOSTS)
        self._registry.delegate(domain, NEW_HOSTS)
        with self.cloudflare.account.lock:
            self.cloudflare.account.of_name(domain).status = "active"

    def writes(self) -> list[Request]:
        """Return every request so far that changes something."""
        asked = [*self.route53.requests, *self.cloudflare.requests]
        return [request for request in asked if request.method in WRITES]

    @contextmanager
    def watching(self, database: str) -> Iterator[None]:
        """Switch every domain whose migration asks for it."""
        stopped = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(database, stopped), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            stopped.set()
            watcher.join()

    def _watch(self, database: str, stopped: threading.Event) -> None:
        switched: set[Name] = set()
        while not stopped.wait(_LOOK):
            if "://" not in database and not Path(database).exists():
                continue
            try:
                with open_store(database) as store:
                    migrations = Migrations(store)
                    while not stopped.wait(_LOOK):
                        for each in migrations.all(Selection(statuses=frozenset({Status.ASKING}))):
                            if each.stage is Stage.SWITCH and each.domain not in switched:
                                switched.add(each.domain)
                                self.switch(for_people(each.domain))
            except StoreError:
                continue


# The zone of a domain as a provider holds it, how it is known to have changed, and what is answered of it.
_Held = tuple[Callable[[], object], Callable[[], ZoneSnapshot]]


class _Provider:
    """The name servers of a provider with many zones below one top-level domain."""

    def __init__(
        self, hosts: Mapping[Name, str], lock: threading.RLock, find: Callable[[str], _Held | None]
    ) -> None:
        self._homes = Authority([home_zone(home, hosts) for home in homes_of(hosts)])
        self._lock = lock
        self._find = find
        self._served: dict[str, tuple[str, Authority]] = {}

    def respond(self, wire: bytes, transport: Transport) -> Sequence[bytes]:
        query = read_query(wire)
        domain = "" if isinstance(query, bytes) else _domain(query.question[0].name)
        return (self._authority(domain) if domain else self._homes).respond(wire, transport)

    def _authority(self, domain: str) -> Authority:
        with self._lock:
            held = self._find(domain)
            if held is None:
                return self._homes
            records, zone = held
            seen = repr(records())
            before, authority = self._served.get(domain, ("", self._homes))
            if before != seen:
                authority = Authority([zone()])
                self._served[domain] = (seen, authority)
            return authority


class _Registry:
    """The servers of the registry: for each domain a top-level zone in which it alone is delegated."""

    def __init__(self, domains: Sequence[str]) -> None:
        self._others = Authority(tld_zone(tld, _REGISTRY, _HOSTS) for tld in _TLDS)
        self._by_domain: dict[str, Authority] = {}
        for domain in domains:
            self.delegate(domain, OLD_HOSTS)

    def delegate(self, domain: str, hosts: Mapping[Name, str]) -> None:
        lines = "\n".join(f"{domain}. {PARENT_TTL} NS {text_of(host)}" for host in hosts)
        self._by_domain[domain] = Authority([tld_zone(TLD, _REGISTRY, _HOSTS, lines)])

    def respond(self, wire: bytes, transport: Transport) -> Sequence[bytes]:
        query = read_query(wire)
        domain = "" if isinstance(query, bytes) else _domain(query.question[0].name)
        return self._by_domain.get(domain, self._others).respond(wire, transport)


def _domain(name: Name) -> str:
    """Return the domain below the top-level one that a name belongs to."""
    labels = folded(name)[-3:]
    return b".".join(labels[:2]).decode() if len(labels) == 3 and labels[1] == TLD.encode() else ""


def _of_route53(account: route53_zones.Account) -> Callable[[str], _Held | None]:
    zones = {zone.name.removesuffix("."): zone for zone in account.zones.values()}

    def find(domain: str) -> _Held | None:
        zone = zones.get(domain)
        return None if zone is None else (lambda: zone.record_sets, lambda: route53_zone(zone, _nothing))

    return find


def _of_cloudflare(account: cloudflare_zones.Account) -> Callable[[str], _Held | None]:
    zones: dict[str, cloudflare_zones.Zone] = {}

    def find(domain: str) -> _Held | None:
        if domain not in zones:
            zones.update((zone.name, zone) for zone in account.zones.values())
        zone = zones.get(domain)
        return None if zone is None else (lambda: zone.records, lambda: cloudflare_zone(zone, _nothing))

    return find


def _nothing(_: Name, __: RdataType) -> Sequence[Rdata]:
    return ()


def _fill(zone: route53_zones.Zone, domain: str) -> None:
    first, *_ = zone.name_servers = tuple(map(for_people, OLD_HOSTS))
    assigned = {
        ("", "NS"): [f"{server}." for server in zone.name_servers],
        ("", "SOA"): [f"{first}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 {OLD_TTL}"],
    }
    zone.record_sets.clear()
    zone.put(
        *(
            {
                "Name": f"{label}{domain}.",
                "Type": rdtype,
                "TTL": OLD_TTL,
                "ResourceRecords": [{"Value": value.format(domain=domain)} for value in values],
            }
            for (label, rdtype), values in {**assigned, **_BODY}.items()
        )
    )


def main() -> None:
    """Serve until stdin ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.fleet.world", description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("--folder", type=Path, default=Path())
    parser.add_argument("--watch", metavar="DATABASE")
    arguments = parser.parse_args()
    with closing(World(domains_of(arguments.number))) as world, ExitStack() as watching:
        world.write(arguments.folder)
        if arguments.watch:
            watching.enter_context(world.watching(arguments.watch))
        print("ready", flush=True)
        for line in sys.stdin:
            match line.split():
                case ["switch", domain]:
                    world.switch(domain)
                    print("switched", flush=True)
                case ["count"]:
                    counts = [len(world.route53.requests), len(world.cloudflare.requests), len(world.writes())]
                    print(*counts, f"{time.process_time():.2f}", flush=True)
                case _:
                    print(f"not understood: {line.strip()}", file=sys.stderr)


if __name__ == "__main__":
    main()
