"""The live servers that a user names: several locators, several hosts in one, several addresses of a host."""

import ipaddress
from collections.abc import Sequence
from dataclasses import replace

from migrator.errors import InputError
from migrator.interfaces import Environment
from migrator.model import locator as locators
from migrator.model.locator import Locator
from migrator.model.names import absolute, folded, for_people
from migrator.model.observation import Server
from migrator.model.values import dataclass

LIVE = "dns"


@dataclass(frozen=True, slots=True)
class LiveServer:
    """A server to compare; `one_of_many` where its host name has other addresses as well."""

    server: Server
    one_of_many: bool = False

    @property
    def is_ipv6(self) -> bool:
        """Whether the address is of IPv6."""
        return ":" in self.server.address


def live_locators(sides: Sequence[Locator], servers: Sequence[str]) -> tuple[Locator, ...]:
    """Return one locator for each locator and each further server; raises InputError where they do not agree."""
    for side in sides:
        if side.scheme != LIVE:
            raise InputError(
                f"'{side.text}' is no live server: several new sides, and --server, are for dns:ZONE@ADDRESS "
                "alone."
            )
        if side.options:
            raise InputError(f"'{side.text}': there is no option '{next(iter(side.options))}'; dns: has none.")
        if side.zone is None:
            raise InputError(f"'{side.text}': the zone is missing, as in dns:example.com@192.0.2.53.")
    zone = sides[0].zone
    assert zone is not None
    for side in sides:
        if side.zone is not None and folded(side.zone) != folded(zone):
            raise InputError(
                f"'{side.text}': one comparison is of one zone, and another is of {for_people(zone)}."
            )
    further = [_parsed(f"{LIVE}:{for_people(zone)}@{text}") for text in servers]
    named = [*(side for side in sides if side.servers), *further]
    if not named:
        raise InputError(
            f"'{sides[0].text}': which server? Write dns:{for_people(zone)}@ADDRESS, or give --server ADDRESS."
        )
    return tuple(named)


def servers_of(named: Sequence[Locator], environment: Environment) -> tuple[LiveServer, ...]:
    """Return every address to compare, each once; raises DnsError where a host name has none."""
    found: dict[tuple[str, int], LiveServer] = {}
    for locator in named:
        for host, port in locator.servers:
            for live in _of_host(host, environment.port if port is None else port, environment):
                found.setdefault((live.server.address, live.server.port), live)
    return tuple(found.values())


def _of_host(host: str, port: int, environment: Environment) -> list[LiveServer]:
    try:
        return [LiveServer(Server(str(ipaddress.ip_address(host)), port))]
    except ValueError:
        name = absolute(host)
    addresses = environment.resolve(name)
    return [LiveServer(Server(address, port, name), len(addresses) > 1) for address in addresses]


def _parsed(text: str) -> Locator:
    return locators.parse(text, {LIVE}, lambda _: False)


def joined(named: Sequence[Locator]) -> Locator:
    """Return one locator that stands for all of them in reports."""
    first = named[0]
    if len(named) == 1:
        return first
    body = first.text.partition("@")[0]
    hosts = ",".join(locator.text.partition("@")[2] for locator in named)
    return replace(first, text=f"{body}@{hosts}", servers=tuple(s for locator in named for s in locator.servers))
