"""A small internet inside this process: root, registry, two DNS providers, two resolvers and RDAP, on loopback.

Only what the journey needs is there: no signatures, IPv4 alone, TTLs of seconds where one has to wait for them.
"""

import time
from collections.abc import Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Self

from dns.name import Name

from migrator.demo.authority import Authority
from migrator.demo.rdap import RdapServer
from migrator.demo.resolver import CachingResolver
from migrator.demo.server import Responder, Servers
from migrator.dnsclient import SocketClient
from migrator.model.names import absolute, text_of
from migrator.model.observation import Server
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.network import NetworkProfile
from migrator.zonefile import read_zone

DOMAIN = absolute("example.org")
OLD_NAME_SERVERS = (absolute("ns1.oldhost.test"), absolute("ns2.oldhost.test"))
NEW_NAME_SERVERS = (absolute("ns1.newhost.test"), absolute("ns2.newhost.test"))

ROOT_ADDRESS = "127.53.0.1"
REGISTRY_ADDRESSES = ("127.53.1.1", "127.53.1.2")
OLD_ADDRESSES = ("127.53.2.1", "127.53.2.2")
NEW_ADDRESSES = ("127.53.3.1", "127.53.3.2")
RDAP_ADDRESS = "127.53.4.1"
RESOLVERS = {"Office": "127.53.9.1", "Home": "127.53.9.2"}

PARENT_TTL = 5

_ROOT_HINTS = f"""\
. 3600 IN NS a.root.test.
a.root.test. 3600 IN A {ROOT_ADDRESS}
"""
_ROOT = f"""\
$ORIGIN .
$TTL 3600
. SOA a.root.test. hostmaster.root.test. 1 7200 3600 1209600 300
. NS a.root.test.
org. NS a.registry.test.
org. NS b.registry.test.
test. NS a.registry.test.
test. NS b.registry.test.
a.root.test. A {ROOT_ADDRESS}
a.registry.test. A {REGISTRY_ADDRESSES[0]}
b.registry.test. A {REGISTRY_ADDRESSES[1]}
"""
_TEST = f"""\
$ORIGIN test.
$TTL 3600
@ SOA a.registry hostmaster.registry 1 7200 3600 1209600 300
@ NS a.registry
@ NS b.registry
a.root A {ROOT_ADDRESS}
a.registry A {REGISTRY_ADDRESSES[0]}
b.registry A {REGISTRY_ADDRESSES[1]}
oldhost NS ns1.oldhost
oldhost NS ns2.oldhost
ns1.oldhost A {OLD_ADDRESSES[0]}
ns2.oldhost A {OLD_ADDRESSES[1]}
newhost NS ns1.newhost
newhost NS ns2.newhost
ns1.newhost A {NEW_ADDRESSES[0]}
ns2.newhost A {NEW_ADDRESSES[1]}
"""
_HOST = """\
$ORIGIN {name}.test.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 300
@ NS ns1
@ NS ns2
ns1 A {first}
ns2 A {second}
"""
_ORG = """\
$ORIGIN org.
$TTL 3600
@ SOA a.registry.test. hostmaster.registry.test. 1 7200 3600 1209600 300
@ NS a.registry.test.
@ NS b.registry.test.
"""
_PROFILE = """\
# The network of the demo: the root is on loopback, and so is everything below it.
root_hints = "named.root"
port = {port}
ipv6 = false
timeout = 1.0
attempts = 2
rdap_bootstrap = "rdap.json"
allow_special_addresses = true
"""
_RESOLVER = """
[[resolvers]]
name = "{name}"
address = "{address}:{port}"
"""


class Internet:
    """Runs from the constructor on until `close`; at first the domain is delegated to the old provider.

    The resolvers have no memory of what was asked before they began, as nobody else uses them.
    """

    def __init__(self, old_zone: ZoneSnapshot) -> None:
        """Start every server; raises InputError where loopback addresses or ports cannot be had."""
        self._test = snapshot_of(_TEST, "test.zone")
        self._new_home = _home("newhost", NEW_ADDRESSES)
        self._registry = {address: Authority() for address in REGISTRY_ADDRESSES}
        for address in REGISTRY_ADDRESSES:
            self.delegate(OLD_NAME_SERVERS, address)
        old = Authority([_home("oldhost", OLD_ADDRESSES), old_zone], transfers=True)
        self._new = Authority([self._new_home])
        authorities: dict[str, Responder] = {
            ROOT_ADDRESS: Authority([snapshot_of(_ROOT, "root.zone")]),
            **self._registry,
            **dict.fromkeys(OLD_ADDRESSES, old),
            **dict.fromkeys(NEW_ADDRESSES, self._new),
        }
        with ExitStack() as started:
            self.port = started.enter_context(Servers(authorities)).port
            panel = {address: _resolver(self.port) for address in RESOLVERS.values()}
            self._resolver_port = started.enter_context(Servers(panel)).port
            self._rdap = started.enter_context(closing(RdapServer(RDAP_ADDRESS, DOMAIN, OLD_NAME_SERVERS)))
            self._started = started.pop_all()

    def __enter__(self) -> Self:
        """Run already: the constructor did it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Stop every server."""
        self._started.close()

    def load_at_new_provider(self, zone: ZoneSnapshot) -> None:
        """Have the new provider's servers answer from this zone."""
        self._new.serve([self._new_home, zone])

    def register(self, name_servers: Iterable[Name]) -> None:
        """Tell the registrar the name servers; the registry's own servers are told by `delegate`."""
        self._rdap.register(name_servers)

    def delegate(self, name_servers: Iterable[Name], address: str) -> None:
        """Have one server of the registry delegate the domain to these name servers."""
        delegation = "".join(f"{text_of(DOMAIN)} {PARENT_TTL} NS {text_of(name)}\n" for name in name_servers)
        self._registry[address].serve([snapshot_of(_ORG + delegation, "org.zone"), self._test])

    def write_profile(self, folder: Path) -> None:
        """Write the network profile `network.toml`, and the files that it names, into the folder."""
        resolvers = "".join(
            _RESOLVER.format(name=name, address=address, port=self._resolver_port)
            for name, address in RESOLVERS.items()
        )
        (folder / "network.toml").write_text(_PROFILE.format(port=self.port) + resolvers, "utf-8")
        (folder / "named.root").write_text(_ROOT_HINTS, "utf-8")
        (folder / "rdap.json").write_text(self._rdap.bootstrap, "utf-8")


def snapshot_of(text: str, file: str) -> ZoneSnapshot:
    """Return the zone of a zone file's text."""
    reading = read_zone(text.encode(), file=file)
    return assemble(reading.origin, reading.records).snapshot


def _home(host: str, addresses: tuple[str, str]) -> ZoneSnapshot:
    """Return the zone in which a provider's name servers have their own names."""
    first, second = addresses
    return snapshot_of(_HOST.format(name=host, first=first, second=second), f"{host}.test.zone")


def _resolver(port: int) -> CachingResolver:
    profile = NetworkProfile(
        root_hints=(Server(ROOT_ADDRESS, port),),
        port=port,
        ipv6=False,
        timeout=1.0,
        attempts=2,
        queries_per_second=1000,
        trust_anchors="",
        rdap_bootstrap="",
        allow_special_addresses=True,
        resolvers=(),
    )
    return CachingResolver([ROOT_ADDRESS], port, SocketClient(profile), time.monotonic)
