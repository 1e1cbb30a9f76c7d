"""The laboratory: builds the miniature internet in a temporary folder, starts it, and takes it down again."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.lab.addresses import DNS_PORT, Block, has_ipv6
from tests.lab.bind import Bind
from tests.lab.knot import Knot
from tests.lab.missing import why_not
from tests.lab.nsd import Nsd
from tests.lab.rdap import Rdap
from tests.lab.registry import TOP_LEVEL_DOMAINS, Delegated, Registry
from tests.lab.resolvers import two_resolvers
from tests.lab.servers import TSIG_NAME, Authority, Transfer, serial_of
from tests.lab.signing import Signed, sign
from tests.lab.waiting import LabError
from tests.lab.zones import DEFAULT_TTL, zone_text

ROOT, REGISTRY, OLD, NEW, RDAP, OPERATOR, RESOLVER = 0, 1, 2, 3, 4, 5, 9
DELEGATION_TTL = 20


@dataclass(frozen=True, slots=True)
class Provider:
    """A DNS provider: the name servers that it assigns, where they are, and the programs behind them."""

    home: str
    hosts: Mapping[str, str]
    servers: tuple[Authority, ...]

    @property
    def name_servers(self) -> tuple[str, ...]:
        return tuple(self.hosts)

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(self.hosts.values())

    def own_zone(self) -> str:
        """Return the zone of the provider's own name servers."""
        records = "\n".join(f"{name} A {address}" for name, address in self.hosts.items())
        return zone_text(self.home, records, self.name_servers, ttl=60)


class Lab:
    """A running miniature internet; a context manager.

    The old provider is one NSD at two addresses; the new one are two Knots that can be stopped or changed
    apart. The operator of child zones is BIND, hidden, behind an NSD that transfers from it with TSIG.
    `keep` keeps the folder, with all logs and configurations; it is kept too where an exception passes.
    Without `privileged` it is as for a user who may not bind port 53.
    """

    def __init__(self, *, keep: bool = False, privileged: bool = True) -> None:
        reason = why_not()
        if reason:
            raise LabError(reason)
        self.keep = keep
        self._stack = ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="dns-lab-"))
        try:
            self._build(privileged=privileged)
        except BaseException as error:
            self._close(keep=keep or isinstance(error, Exception))
            raise

    def _build(self, *, privileged: bool) -> None:
        self.block = self._stack.enter_context(Block(privileged=privileged))
        self.port = self.block.dns_port
        address, port, folder = self.block.address, self.port, self.folder
        self.registry = Registry(folder, (address(ROOT, 1), address(REGISTRY, 1), address(REGISTRY, 2)), port)
        self.ipv6_port = self.block.port(1) if has_ipv6() else None
        old = Nsd(
            "old",
            folder / "old",
            (address(OLD, 1), address(OLD, 2)),
            port,
            also_at=f"::1@{self.ipv6_port}" if self.ipv6_port else "",
        )
        new = tuple(Knot(f"new-{n}", folder / f"new-{n}", (address(NEW, n),), port) for n in (1, 2))
        self.old = _provider("example.net.", (address(OLD, 1), address(OLD, 2)), (old,))
        self.new = _provider("example.org.", (address(NEW, 1), address(NEW, 2)), new)
        public = address(OPERATOR, 1)
        self.bind = Bind(
            "bind-primary", folder / "primary", self.block.port(2), notifies=[f"{public} port {port}"]
        )
        self.operator = Nsd(
            "operator",
            folder / "operator",
            (public,),
            port,
            primary=f"{self.bind.addresses[0]}@{self.bind.port}",
            primary_key=TSIG_NAME,
        )
        self._start()

    def _start(self) -> None:
        for server in self.authorities():
            self._stack.callback(server.stop)
        edge = (*self.old.servers, *self.new.servers, self.bind, self.operator)
        for server in edge:
            server.start()
        self.registry.start()
        anchor = self.registry.anchor()
        (self.folder / "root.ds").write_text(f". 3600 IN DS {anchor}\n")
        hints = self.folder / "named.root"
        hints.write_text(self.registry.root_hints())
        ports = (self.block.port(3), self.block.port(4))
        self.resolvers = two_resolvers(
            self.folder, self.block.address(RESOLVER, 1), ports, self.port, hints, anchor
        )
        for resolver in self.resolvers:
            self._stack.callback(resolver.daemon.kill)
        self.rdap = Rdap(
            self.block.address(RDAP, 1), self.block.port(5), TOP_LEVEL_DOMAINS, self.folder / "rdap.json"
        )
        self._stack.callback(self.rdap.close)
        for server in edge:
            server.wait_until_it_answers()
        for provider in (self.old, self.new):
            self._put(provider, provider.home, provider.own_zone(), Transfer.CLOSED)
            self.delegate(provider.home, provider.name_servers, ttl=60, glue=_glue(provider))
        for resolver in self.resolvers:
            resolver.wait_until_it_resolves()
        self.profile = self._write_profile()

    def authorities(self) -> tuple[Authority, ...]:
        """Return all authoritative servers."""
        return (*self.registry.servers, *self.old.servers, *self.new.servers, self.bind, self.operator)

    def delegate(
        self,
        domain: str,
        name_servers: Sequence[str],
        *,
        ttl: int = DELEGATION_TTL,
        ds: Sequence[str] = (),
        glue: Mapping[str, Sequence[str]] | None = None,
        everywhere: bool = True,
    ) -> None:
        """Act as the registrar; returns when the parent serves it (`everywhere`: all of its servers)."""
        wanted = Delegated(tuple(name_servers), ttl, tuple(ds), glue or {})
        self.registry.delegate(domain, wanted, everywhere=everywhere)

    def serve(
        self,
        provider: Provider,
        zone: str,
        records: str = "",
        *,
        ttl: int = DEFAULT_TTL,
        name_servers: Sequence[str] = (),
        transfer: Transfer = Transfer.OPEN,
        only: Authority | None = None,
    ) -> str:
        """Serve a zone at a provider with a fresh SOA and the provider's NS set, and return its text."""
        text = zone_text(zone, records, name_servers or provider.name_servers, ttl=ttl)
        self._put(provider, zone, text, transfer, only)
        return text

    def serve_signed(self, provider: Provider, zone: str, records: str = "", *, ttl: int = DEFAULT_TTL) -> Signed:
        """Serve a zone signed, and return its text and the DS for the parent."""
        text = zone_text(zone, records, provider.name_servers, ttl=ttl)
        signed = sign(zone, text, self.folder / "keys" / f"{zone}{serial_of(text, zone)}")
        self._put(provider, zone, signed.text, Transfer.OPEN)
        return signed

    def serve_child(self, zone: str, records: str, name_servers: Sequence[str]) -> str:
        """Serve a zone at the operator of child zones: BIND has it, the operator's NSD transfers it."""
        text = zone_text(zone, records, name_servers)
        self.bind.put(zone, text, Transfer.KEYED)
        self.operator.follow(zone, serial_of(text, zone))
        return text

    def _put(
        self, provider: Provider, zone: str, text: str, transfer: Transfer, only: Authority | None = None
    ) -> None:
        for server in provider.servers if only is None else (only,):
            server.put(zone, text, transfer)

    @contextmanager
    def stopped(self, server: Authority) -> Iterator[None]:
        """Stop a server for a while."""
        server.stop()
        try:
            yield
        finally:
            server.start()
            server.wait_until_it_answers()

    def locator(self, scheme: str, zone: str, server: Authority, address: int = 0) -> str:
        """Return a locator for the zone at one address of a server."""
        port = "" if server.port == self.port else f":{server.port}"
        return f"{scheme}:{zone.rstrip('.')}@{server.addresses[address]}{port}"

    def _write_profile(self) -> Path:
        resolvers = "".join(
            f'[[resolvers]]\nname = "{resolver.name}"\naddress = "{_endpoint(resolver.address, resolver.port)}"\n'
            for resolver in self.resolvers
        )
        profile = self.folder / "network.toml"
        profile.write_text(f"""\
root_hints = "{self.folder / "named.root"}"
port = {self.port}
ipv6 = "auto"
timeout = 0.7
attempts = 3
queries_per_second = 1000
trust_anchors = "{self.folder / "root.ds"}"
rdap_bootstrap = "{self.rdap.bootstrap}"
allow_special_addresses = true
{resolvers}""")
        return profile

    def close(self) -> None:
        """End every program and delete the folder, unless it is to be kept."""
        self._close(keep=self.keep)

    def _close(self, *, keep: bool) -> None:
        self._stack.close()
        if keep:
            print(f"The laboratory's logs are in {self.folder}", file=sys.stderr)
        else:
            self.discard()

    def discard(self) -> None:
        """Delete the folder with its logs."""
        shutil.rmtree(self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Whoever interrupts it has seen enough; an error wants the logs.
        self._close(keep=self.keep or isinstance(error, Exception))


def _provider(home: str, addresses: tuple[str, str], servers: tuple[Authority, ...]) -> Provider:
    return Provider(home, {f"ns{n}.{home}": address for n, address in enumerate(addresses, 1)}, servers)


def _glue(provider: Provider) -> dict[str, Sequence[str]]:
    return {name: (address,) for name, address in provider.hosts.items()}


def _endpoint(address: str, port: int) -> str:
    return address if port == DNS_PORT else f"{address}:{port}"
