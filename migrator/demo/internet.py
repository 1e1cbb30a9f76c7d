"""A small internet inside this process: root, registry, two DNS providers, two resolvers and RDAP, on loopback.

Only what the journey needs is there: no signatures, IPv4 alone, TTLs of seconds where one has to wait for them.
"""

import time
from collections.abc import Iterable
from contextlib import ExitStack, closing
from pathlib import Path

from dns.name import Name

from migrator.demo.authority import Authority
from migrator.demo.hierarchy import home_zone, root_hints, root_zone, tld_zone
from migrator.demo.rdap import RdapServer
from migrator.demo.resolver import CachingResolver
from migrator.demo.server import Responder, Servers
from migrator.dnsclient import SocketClient
from migrator.model.names import absolute, text_of
from migrator.model.observation import Server
from migrator.model.zone import ZoneSnapshot
from migrator.network.profile import NetworkProfile

DOMAIN = absolute("example.org")

ROOT_ADDRESS = "127.53.0.1"
REGISTRY_ADDRESSES = ("127.53.1.1", "127.53.1.2")
OLD_HOSTS = {
    absolute("ns-7.awsdns-01.com"): "127.53.2.1",
    absolute("ns-519.awsdns-01.net"): "127.53.2.2",
    absolute("ns-1031.awsdns-01.org"): "127.53.2.3",
    absolute("ns-1543.awsdns-01.co.uk"): "127.53.2.4",
}
NEW_HOSTS = {absolute("ada.ns.cloudflare.com"): "127.53.3.1", absolute("bob.ns.cloudflare.com"): "127.53.3.2"}
RDAP_ADDRESS = "127.53.4.1"
CDN_ADDRESS = "127.53.5.1"
OTHERS_ADDRESS = "127.53.6.1"
RESOLVERS = {"Office": "127.53.9.1", "Home": "127.53.9.2"}

PARENT_TTL = 5

_ROOT_SERVER = absolute("a.root.test")
_REGISTRY = dict(zip((absolute("a.registry.test"), absolute("b.registry.test")), REGISTRY_ADDRESSES, strict=True))
_CDN_SERVER = absolute("ns.cloudfront.net")
_OTHERS_SERVER = absolute("ns.example.net")
_BESIDE = {_CDN_SERVER: CDN_ADDRESS, _OTHERS_SERVER: OTHERS_ADDRESS}
_HOSTS = {_ROOT_SERVER: ROOT_ADDRESS, **_REGISTRY, **OLD_HOSTS, **NEW_HOSTS, **_BESIDE}
_TLD = DOMAIN.labels[-2].decode()
_TLDS = sorted({name.labels[-2].decode() for name in (*_HOSTS, DOMAIN)})
_CDN = """\
*.cloudfront.net. 60 A 192.0.2.80
*.cloudfront.net. 60 AAAA 2001:db8::80
"""
# What the zone of the demo names elsewhere: who sends its newsletters, and who proves it to the authority.
_OTHERS = """\
_spf.newsletter.example.net. 60 TXT "v=spf1 ip4:192.0.2.128/28 -all"
example-org.acme.example.net. 60 TXT "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0"
"""
_PROFILE = """\
# The network of the demo: the root is on loopback, and so is everything below it.
root_hints = "named.root"
port = {port}
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

    def __init__(self, old: Responder, new: Responder) -> None:
        """Start every server, the providers' with these answers.

        Raises InputError where loopback addresses or ports cannot be had.
        """
        self._registry = {address: Authority() for address in REGISTRY_ADDRESSES}
        for address in REGISTRY_ADDRESSES:
            self.delegate(OLD_HOSTS, address)
        authorities: dict[str, Responder] = {
            ROOT_ADDRESS: Authority([root_zone(_ROOT_SERVER, ROOT_ADDRESS, _REGISTRY, _TLDS)]),
            **self._registry,
            **dict.fromkeys(OLD_HOSTS.values(), old),
            **dict.fromkeys(NEW_HOSTS.values(), new),
            CDN_ADDRESS: Authority([cdn_zone()]),
            OTHERS_ADDRESS: Authority([home_zone(_OTHERS_SERVER.parent(), _BESIDE, _OTHERS)]),
        }
        with ExitStack() as started:
            self.port = started.enter_context(Servers(authorities)).port
            panel = {address: resolver_at(self.port) for address in RESOLVERS.values()}
            self.resolver_port = started.enter_context(Servers(panel)).port
            self._rdap = started.enter_context(closing(RdapServer(RDAP_ADDRESS, _TLD)))
            self.register(OLD_HOSTS)
            self._started = started.pop_all()

    def close(self) -> None:
        """Stop every server."""
        self._started.close()

    def register(self, name_servers: Iterable[Name]) -> None:
        """Tell the registrar the name servers; the registry's own servers are told by `delegate`."""
        self._rdap.register(DOMAIN, name_servers)

    def delegate(self, name_servers: Iterable[Name], address: str) -> None:
        """Have one server of the registry delegate the domain to these name servers."""
        delegation = "\n".join(f"{text_of(DOMAIN)} {PARENT_TTL} NS {text_of(name)}" for name in name_servers)
        self._registry[address].serve(
            tld_zone(tld, _REGISTRY, _HOSTS, delegation if tld == _TLD else "") for tld in _TLDS
        )

    def write_profile(self, folder: Path) -> None:
        """Write the network profile `network.toml`, and the files that it names, into the folder."""
        resolvers = "".join(
            _RESOLVER.format(name=name, address=address, port=self.resolver_port)
            for name, address in RESOLVERS.items()
        )
        (folder / "network.toml").write_text(_PROFILE.format(port=self.port) + resolvers, "utf-8")
        (folder / "named.root").write_text(root_hints(_ROOT_SERVER, ROOT_ADDRESS), "utf-8")
        (folder / "rdap.json").write_text(self._rdap.bootstrap, "utf-8")


def cdn_zone() -> ZoneSnapshot:
    """Return the zone of the network that the web site stands behind: its names answer the same everywhere."""
    return home_zone(_CDN_SERVER.parent(), {_CDN_SERVER: CDN_ADDRESS}, _CDN)


def resolver_at(port: int) -> CachingResolver:
    """Return a resolver that has asked nobody yet, on an internet whose servers all use this port."""
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
