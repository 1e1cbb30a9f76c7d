"""The zones above and beside a domain, as text: root, registry, the homes of name servers. No IO here."""

from collections.abc import Iterable, Mapping

from dns.name import Name

from migrator.model.names import absolute, text_of
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.zonefile import read_zone

_SOA = "3600 SOA {first} hostmaster.{first} 1 7200 3600 1209600 300"


def snapshot_of(text: str, file: str) -> ZoneSnapshot:
    """Return the zone of a zone file's text."""
    reading = read_zone(text.encode(), file=file)
    return assemble(reading.origin, reading.records).snapshot


def root_hints(server: Name, address: str) -> str:
    """Return the hints of a root with one server."""
    return f". 3600 IN NS {text_of(server)}\n{text_of(server)} 3600 IN A {address}\n"


def root_zone(server: Name, address: str, registry: Mapping[Name, str], tlds: Iterable[str]) -> ZoneSnapshot:
    """Return the root zone, which delegates every top-level domain to the one registry."""
    lines = [_apex(".", [server]), _addresses({server: address} | dict(registry))]
    lines += [_delegation(f"{tld}.", registry) for tld in sorted(tlds)]
    return snapshot_of("\n".join(lines), "root.zone")


def tld_zone(tld: str, registry: Iterable[Name], hosts: Mapping[Name, str], delegations: str = "") -> ZoneSnapshot:
    """Return a top-level domain: what is delegated below it, and where the name servers below it are.

    The parent of a host's name is a zone of its own, with all hosts of that parent for its name servers.
    """
    origin = absolute(f"{tld}.")
    inside = {host: address for host, address in hosts.items() if host.is_subdomain(origin)}
    lines = [_apex(text_of(origin), registry), _addresses(inside), delegations]
    lines += [
        _delegation(text_of(home), [host for host in inside if host.parent() == home])
        for home in homes_of(inside)
        if home != origin
    ]
    return snapshot_of("\n".join(lines), f"{tld}.zone")


def homes_of(hosts: Iterable[Name]) -> tuple[Name, ...]:
    """Return the zones in which these hosts have their addresses."""
    return tuple(dict.fromkeys(host.parent() for host in hosts))


def home_zone(home: Name, hosts: Mapping[Name, str], others: str = "") -> ZoneSnapshot:
    """Return the zone of a provider's own names, with further lines."""
    inside = {host: address for host, address in hosts.items() if host.parent() == home}
    return snapshot_of("\n".join([_apex(text_of(home), inside), _addresses(inside), others]), "home.zone")


def _apex(origin: str, servers: Iterable[Name]) -> str:
    names = [text_of(server) for server in servers]
    soa = _SOA.format(first=names[0])
    return "\n".join([f"$ORIGIN {origin}", f"{origin} {soa}", _delegation(origin, servers)])


def _delegation(owner: str, servers: Iterable[Name]) -> str:
    return "\n".join(f"{owner} 3600 NS {text_of(server)}" for server in servers)


def _addresses(hosts: Mapping[Name, str]) -> str:
    return "\n".join(f"{text_of(host)} 3600 A {address}" for host, address in hosts.items())
