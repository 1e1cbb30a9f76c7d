"""All scenarios on stage: four name servers with every zone from the start, and one delegation for each domain."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from itertools import product
from types import TracebackType
from typing import Self

from migrator.model.names import absolute
from migrator.model.observation import Server
from tests.lab.knot import Knot
from tests.lab.lab import Lab
from tests.lab.nsd import Nsd
from tests.lab.registry import Delegated
from tests.lab.resolvers import Resolver
from tests.lab.scenarios.crooked import FAULTS, Crooked
from tests.lab.scenarios.earlier import Place, delegated
from tests.lab.scenarios.scenario import HOSTS, NEW_SERVERS, OLD_SERVERS, Parent, Scenario, bases, elsewhere
from tests.lab.scenarios.texts import ds_of, filled, texts_of
from tests.lab.scenarios.web import Web
from tests.lab.servers import Authority, Transfer
from tests.lab.waiting import ask, wait_until
from tests.lab.zones import zone_text

OLD, NEW, CROOKED, WEB = 20, 30, 40, 50
_HTTPS_PORT = 6
_OLD = tuple(HOSTS[name] for name in OLD_SERVERS)
_NEW = tuple(HOSTS[name] for name in NEW_SERVERS)
_OWN_ZONES = ("old.test.", "new.test.", "odd.test.")


class Stage:
    """A stage in a laboratory, for a `with` statement; `texts` has what is served of each scenario, and where."""

    def __init__(self, lab: Lab, scenarios: Sequence[Scenario]) -> None:
        self.lab = lab
        self.now = datetime.now(UTC)
        self._stack = ExitStack()
        address, port, folder = lab.block.address, lab.port, lab.folder
        self.addresses = {
            "old-1": address(OLD, 1),
            "old-2": address(OLD, 2),
            "new-1": address(NEW, 1),
            "new-2": address(NEW, 2),
            "web": address(WEB, 1),
            **{fault: address(CROOKED, number) for number, fault in enumerate(FAULTS, 1)},
        }
        self.texts = {each.name: texts_of(each, bases()[each.base], self.addresses) for each in scenarios}
        self.scenarios = scenarios
        self._sides = dict.fromkeys(_OWN_ZONES, _NEW)
        self._sides |= {zone: _OLD if each.at == "old" else _NEW for zone, each in elsewhere().items()}
        old: tuple[Nsd, ...] = tuple(
            Nsd(n, folder / f"stage-{n}", (self.addresses[n],), port) for n in OLD_SERVERS
        )
        new: tuple[Knot, ...] = tuple(
            Knot(n, folder / f"stage-{n}", (self.addresses[n],), port) for n in NEW_SERVERS
        )
        self._served = {server.name: self._zones(server.name) for server in (*old, *new)}
        for nsd in old:
            nsd.preload(self._served[nsd.name])
        for knot in new:
            knot.preload(self._served[knot.name])
        hosts = [host for each in scenarios for name in [each.domain.rstrip(".")] for host in (name, f"*.{name}")]
        policies = {f"mta-sts.{each.domain}".rstrip("."): each.policy for each in scenarios if each.policy}
        self.web = Web(self.addresses["web"], lab.block.port(_HTTPS_PORT), folder / "web", hosts, policies)
        self.servers: Mapping[str, Authority] = {server.name: server for server in (*old, *new)}

    @property
    def place(self) -> Place:
        """Where everything is, for the memory."""
        servers = {
            name: Server(self.addresses[name], self.lab.port, absolute(host)) for name, host in HOSTS.items()
        }
        registry = (self.lab.registry.first, self.lab.registry.second)
        return Place(servers, [Server(server.addresses[0], self.lab.port) for server in registry])

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.web)
            for server in self.servers.values():
                stack.callback(server.stop)
                server.start()
            for fault, what in FAULTS.items():
                resolver = (self.lab.resolvers[0].address, self.lab.resolvers[0].port)
                upstream = self.addresses["new-1"]
                stack.enter_context(Crooked(self.addresses[fault], self.lab.port, upstream, resolver, what))
            for zone, side in self._sides.items():
                self._delegate(zone, Parent(side))
            self._fill_caches()
            for scenario in self.scenarios:
                if not scenario.at:
                    self._delegate(scenario.domain, scenario.parent, scenario)
            self.lab.registry.catch_up("test.")
            for scenario in self.scenarios:
                if scenario.first_parent is not None:
                    self._delegate(scenario.domain, scenario.first_parent, scenario)
            self._tell_registry()
            for server in self.servers.values():
                wait_until(partial(self._has_all, server), f"{server.name} serves every zone")
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _fill_caches(self) -> None:
        """Let resolvers ask new servers of some domains, which are delegated to the old ones afterwards."""
        cached = [scenario for scenario in self.scenarios if scenario.cached]
        for scenario in cached:
            self._delegate(scenario.domain, Parent(_NEW), scenario)
        if cached:
            self.lab.registry.catch_up("test.")
        for scenario, resolver in product(cached, self.lab.resolvers):
            wait_until(partial(_resolves, resolver, scenario.domain), f"{scenario.domain}: {resolver.name} has it")

    def _zones(self, server: str) -> dict[str, tuple[str, Transfer]]:
        """Return every zone that a server has, with who may transfer it."""
        records = {zone: self._hosts(zone) for zone in _OWN_ZONES}
        records |= {zone: each.records for zone, each in elsewhere().items()}
        found = {
            zone: (zone_text(zone, filled(text, self.addresses), self._sides[zone], ttl=3600), Transfer.CLOSED)
            for zone, text in records.items()
            if HOSTS[server] in self._sides[zone]
        }
        for scenario in self.scenarios:
            text = self.texts[scenario.name].served[server]
            if text is not None:
                is_open = scenario.change(server).open_transfer or scenario.change(server[:3]).open_transfer
                found[scenario.domain] = (text, Transfer.OPEN if is_open else Transfer.CLOSED)
        return found

    def _hosts(self, zone: str) -> str:
        names = {**HOSTS, **{fault: f"{fault}.odd.test." for fault in FAULTS}}
        known = [(host, self.addresses[name]) for name, host in names.items()]
        known += [(f"twin-{letter}.odd.test.", self.addresses["new-1"]) for letter in "ab"]
        return "".join(f"{host} A {address}\n" for host, address in known if host.endswith(f".{zone}"))

    def _delegate(self, domain: str, parent: Parent, scenario: Scenario | None = None) -> None:
        """Enter a delegation at the registry's first server."""
        glue = {name: tuple(filled(a, self.addresses) for a in given) for name, given in parent.glue.items()}
        if domain in _OWN_ZONES:
            glue = {host: (self.addresses[name],) for name, host in HOSTS.items() if host.endswith(f".{domain}")}
        names = parent.ns if scenario is None else delegated(scenario, parent.ns)
        ds = () if scenario is None else tuple(ds_of(scenario, key) for key in parent.ds)
        self.lab.registry.delegate(domain, Delegated(names, parent.ttl, ds, glue), everywhere=False)

    def _tell_registry(self) -> None:
        unknown = {zone for zone, each in elsewhere().items() if not each.registered}
        for zone, side in self._sides.items():
            if zone not in unknown:
                self.lab.rdap.tell(zone, side)
        for each in self.scenarios:
            listed = delegated(each, each.registered)
            if not listed:
                continue
            status = each.registry_status
            signed, expires = bool(each.parent.ds), f"{self.now + each.expires_in:%Y-%m-%dT%H:%M:%SZ}"
            self.lab.rdap.tell(each.domain, listed, status=status, signed=signed, expires=expires)

    def _has_all(self, server: Authority) -> bool:
        server.daemon.check()
        return all(_serves(server, zone) for zone in self._served[server.name])


def _serves(server: Authority, zone: str) -> bool:
    message = ask(server.addresses[0], server.port, zone, "SOA")
    return message is not None and bool(message.answer)


def _resolves(resolver: Resolver, zone: str) -> bool:
    message = ask(resolver.address, resolver.port, zone, "SOA", recursive=True)
    return message is not None and bool(message.answer)
