"""The root and the registry: signed zones of Knot, a second registry server on NSD, and the registrar's one act.

A delegation is changed by DNS UPDATE at the first server; the second one follows when told, so that a test
can hold it back and show parents that differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import dns.dnssec
import dns.query
import dns.rcode
import dns.update

from tests.lab.knot import Knot
from tests.lab.nsd import Nsd
from tests.lab.waiting import LabError, answered, ask, serial, wait_until

TOP_LEVEL_DOMAINS: Final = ("com.", "net.", "org.", "test.")
ROOT_SERVER: Final = "a.root-servers.test."
REGISTRY_SERVERS: Final = ("a.nic.test.", "b.nic.test.")
_NO_GLUE: Final[Mapping[str, Sequence[str]]] = {}


@dataclass(frozen=True, slots=True)
class Delegated:
    """What the registrar has put into the parent zone for a domain."""

    name_servers: tuple[str, ...]
    ttl: int
    ds: tuple[str, ...] = ()
    glue: Mapping[str, Sequence[str]] = field(default_factory=lambda: _NO_GLUE)


class Registry:
    """The root `.` and the top-level domains, all signed by one key each."""

    def __init__(self, folder: Path, addresses: tuple[str, str, str], port: int) -> None:
        root, first, second = addresses
        self.port = port
        self.root = Knot("root", folder / "root", (root,), port)
        self.first = Knot("registry-a", folder / "registry-a", (first,), port)
        self.second = Nsd("registry-b", folder / "registry-b", (second,), port, primary=f"{first}@{port}")
        self.servers = (self.root, self.first, self.second)
        self._delegated: dict[str, Delegated] = {}

    def start(self) -> None:
        for server in self.servers:
            server.start()
        for server in self.servers:
            server.wait_until_it_answers()
        for tld in TOP_LEVEL_DOMAINS:
            self.first.put_signed(tld, self._top_level_zone(tld), acl="registrar")
            self.catch_up(tld)
        self.root.put_signed(".", self._root_zone())

    def anchor(self) -> str:
        """Return the rdata of the DS that a resolver trusts for the root."""
        return self._ds(self.root, ".")

    def root_hints(self) -> str:
        """Return a hints file."""
        return f". 3600 NS {ROOT_SERVER}\n{ROOT_SERVER} 3600 A {self.root.addresses[0]}\n"

    def delegate(self, domain: str, to: Delegated, *, everywhere: bool = True) -> None:
        """Replace the delegation of the domain; unless `everywhere`, at the registry's first server alone."""
        tld = _parent(domain)
        update = self._without(domain)
        for name in to.name_servers:
            update.add(domain, to.ttl, "NS", name)
        for ds in to.ds:
            update.add(domain, to.ttl, "DS", ds)
        for name, addresses in to.glue.items():
            for address in addresses:
                update.add(name, to.ttl, "AAAA" if ":" in address else "A", address)
        self._send(update, domain)
        self._delegated[domain] = to
        if everywhere:
            self.catch_up(tld)

    def withdraw(self, domain: str) -> None:
        """Delete the delegation: the parent has no such name then."""
        self._send(self._without(domain), domain)
        self._delegated.pop(domain, None)
        self.catch_up(_parent(domain))

    def delegated(self, domain: str) -> Delegated | None:
        """Return what the first server was last told."""
        return self._delegated.get(domain)

    def catch_up(self, tld: str) -> None:
        """Let the second server take over what the first one has, and return when it serves that."""
        served: list[int] = []

        def is_served() -> bool:
            found = serial(self.first.addresses[0], self.port, tld)
            served.extend([] if found is None else [found])
            return bool(served)

        wait_until(is_served, f"{tld}: the registry serves it")
        self.second.follow(tld, served[0])

    def _without(self, domain: str) -> dns.update.UpdateMessage:
        update = dns.update.UpdateMessage(_parent(domain))
        update.delete(domain, "NS")
        update.delete(domain, "DS")
        known = self._delegated.get(domain)
        for name in known.glue if known else ():
            update.delete(name)
        return update

    def _send(self, update: dns.update.UpdateMessage, domain: str) -> None:
        answer = dns.query.tcp(update, self.first.addresses[0], port=self.port, timeout=10)
        if answer.rcode() != dns.rcode.NOERROR:
            raise LabError(f"{domain}: the registry refused the update: {dns.rcode.to_text(answer.rcode())}")

    def _top_level_zone(self, tld: str) -> str:
        lines = [
            f"$ORIGIN {tld}",
            "$TTL 60",
            f"@ 1 SOA {REGISTRY_SERVERS[0]} hostmaster.nic.test. 1 86400 7200 2419200 1",
            *(f"@ NS {name}" for name in REGISTRY_SERVERS),
        ]
        if tld == "test.":
            lines += [*self._server_addresses(), f"{ROOT_SERVER} A {self.root.addresses[0]}"]
        return "\n".join(lines) + "\n"

    def _root_zone(self) -> str:
        lines = [
            "$ORIGIN .",
            "$TTL 60",
            f"@ 1 SOA {ROOT_SERVER} hostmaster.nic.test. 1 86400 7200 2419200 1",
            f"@ NS {ROOT_SERVER}",
            f"{ROOT_SERVER} A {self.root.addresses[0]}",
            *self._server_addresses(),
        ]
        for tld in TOP_LEVEL_DOMAINS:
            lines += [f"{tld} NS {name}" for name in REGISTRY_SERVERS]
            lines.append(f"{tld} DS {self._ds(self.first, tld)}")
        return "\n".join(lines) + "\n"

    def _server_addresses(self) -> list[str]:
        addresses = (self.first.addresses[0], self.second.addresses[0])
        return [f"{name} A {address}" for name, address in zip(REGISTRY_SERVERS, addresses, strict=True)]

    def _ds(self, server: Knot, zone: str) -> str:
        keys = answered(ask(server.addresses[0], self.port, zone, "DNSKEY"), zone, "DNSKEY")
        if keys is None:
            raise LabError(f"{zone}: {server.name} gives no DNSKEY")
        return dns.dnssec.make_ds(zone, keys[0], "SHA256").to_text()


def _parent(domain: str) -> str:
    parent = domain.partition(".")[2]
    if parent not in TOP_LEVEL_DOMAINS:
        raise LabError(f"{domain}: the registry has only names right below {', '.join(TOP_LEVEL_DOMAINS)}")
    return parent
