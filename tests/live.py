"""Live servers for the tests of comparison: real sockets on loopback, answered from snapshots or by rules."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count

from dns.name import Name

from migrator.demo.authority import Authority
from migrator.demo.server import Servers
from migrator.diff import ZoneDiff
from migrator.dnsclient import SocketClient
from migrator.errors import DnsError
from migrator.interfaces import Environment
from migrator.live.compare import compare_live
from migrator.model import locator as locators
from migrator.model.locator import Locator
from migrator.model.zone import ZoneSnapshot
from migrator.network import NetworkProfile
from tests.faulty import PATIENCE


def environment(
    port: int = 53, hosts: Mapping[str, Sequence[str]] | None = None, timeout: float = PATIENCE
) -> Environment:
    """Return an environment with a real client; `hosts` are the names that it can resolve."""
    known = {} if hosts is None else hosts
    profile = NetworkProfile(
        root_hints=(),
        port=port,
        ipv6=None,
        timeout=timeout,
        attempts=1,
        queries_per_second=100_000.0,
        trust_anchors="",
        rdap_bootstrap="",
        allow_special_addresses=True,
        resolvers=(),
    )

    def resolve(host: Name) -> tuple[str, ...]:
        text = host.to_text(omit_final_dot=True)
        if text not in known:
            raise DnsError(f"{text}: there is no such host name.")
        return tuple(known[text])

    return Environment(SocketClient(profile), resolve, port)


def live(text: str) -> Locator:
    return locators.parse(text, {"dns"}, lambda _: False)


def nonces() -> Iterator[bytes]:
    return (f"nonce{number}".encode() for number in count())


@contextmanager
def serving(
    *zones: ZoneSnapshot | None, hosts: Mapping[str, Sequence[str]] | None = None
) -> Iterator[Environment]:
    """Serve each snapshot at 127.0.0.1, .2 ...; None is a server that has no zone at all."""
    responders = {
        f"127.0.0.{number}": Authority([zone] if zone else []) for number, zone in enumerate(zones, start=1)
    }
    with ExitStack() as stack:
        servers = stack.enter_context(Servers(responders))
        yield environment(servers.port, hosts)


def compared(old: ZoneSnapshot, new: ZoneSnapshot, hosts: Mapping[str, Sequence[str]] | None = None) -> ZoneDiff:
    """Return the comparison of a snapshot with a server that serves another."""
    with serving(new, hosts=hosts) as world:
        labels = nonces()
        return compare_live(old, [live("dns:example.com@127.0.0.1")], world, lambda: next(labels))
