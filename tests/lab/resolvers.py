"""The recursive resolvers: Unbound and BIND, each with root hints and trust anchor of the laboratory.

Unbound sends to port 53 alone; where the laboratory may not bind that port, a second BIND takes its place.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.lab.addresses import DNS_PORT
from tests.lab.bind import LOOPBACK, resolver_configuration, start_resolver
from tests.lab.daemon import Daemon
from tests.lab.waiting import ask, wait_until

# Neither concludes from cached NSEC records what does not exist: tests let names appear within the second.
_UNBOUND = """\
server:
  directory: "{folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  log-queries: yes
  interface: {address}
  port: {port}
  num-threads: 1
  do-ip6: no
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  root-hints: "{root_hints}"
  trust-anchor-file: "{trust_anchor}"
  local-zone: "test." nodefault
  cache-max-negative-ttl: 1
  aggressive-nsec: no
  infra-host-ttl: 1
  outgoing-range: 128
remote-control:
  control-enable: no
"""

# Unbound: `[1700000000] unbound[1:0] info: 127.0.0.1 example.test. SOA IN`
# BIND: `... client @0x7f.. 127.0.0.1#4321 (example.test): query: example.test IN SOA +E(0)K (127.0.0.1)`
_UNBOUND_QUESTION = re.compile(r"info: [0-9a-f.:]+ (?P<name>\S+) (?P<type>[A-Z0-9]+) IN$")
_BIND_QUESTION = re.compile(r"query: (?P<name>\S+) IN (?P<type>[A-Z0-9]+) ")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a client asked a resolver."""

    name: str
    rdtype: str


class Resolver:
    """A running resolver that writes down what it is asked."""

    def __init__(self, name: str, daemon: Daemon, address: str, port: int) -> None:
        self.name = name
        self.daemon = daemon
        self.address = address
        self.port = port

    def start_unbound(self, root_hints: Path, trust_anchor: Path) -> None:
        file = self.daemon.folder / "unbound.conf"
        file.write_text(
            _UNBOUND.format(
                folder=self.daemon.folder,
                address=self.address,
                port=self.port,
                root_hints=root_hints,
                trust_anchor=trust_anchor,
            )
        )
        self.daemon.run(["unbound", "-d", "-c", str(file)])

    def start_bind(self, root_hints: Path, anchor: str, dns_port: int) -> None:
        configuration = resolver_configuration(self.daemon.folder, self.port, dns_port, root_hints, anchor)
        start_resolver(self.daemon, configuration)

    def wait_until_it_resolves(self) -> None:
        wait_until(self._resolves, f"{self.name} resolves the root")

    def _resolves(self) -> bool:
        self.daemon.check()
        message = ask(self.address, self.port, ".", "SOA", recursive=True)
        return message is not None and bool(message.answer)

    def questions(self, domain: str) -> tuple[Asked, ...]:
        """Return what clients have asked of this domain and below so far, in order."""
        wanted = domain.rstrip(".").lower()
        found = []
        for line in self.daemon.log.read_text(errors="replace").splitlines():
            match = _UNBOUND_QUESTION.search(line) or _BIND_QUESTION.search(line)
            if match is None:
                continue
            name = match["name"].rstrip(".").lower()
            if name == wanted or name.endswith(f".{wanted}"):
                found.append(Asked(f"{name}.", match["type"]))
        return tuple(found)


def two_resolvers(
    folder: Path, address: str, ports: tuple[int, int], dns_port: int, root_hints: Path, anchor: str
) -> tuple[Resolver, Resolver]:
    """Start both resolvers, without waiting for them; `anchor` is the rdata of the root's DS."""
    trust_anchor = folder / "root.ds"
    if dns_port == DNS_PORT:
        first = Resolver("Unbound", Daemon("unbound", folder / "unbound"), address, DNS_PORT)
        first.start_unbound(root_hints, trust_anchor)
    else:
        first = Resolver("BIND 1", Daemon("bind-1", folder / "bind-1"), LOOPBACK, ports[0])
        first.start_bind(root_hints, anchor, dns_port)
    second = Resolver("BIND", Daemon("bind", folder / "bind"), LOOPBACK, ports[1])
    second.start_bind(root_hints, anchor, dns_port)
    return first, second
