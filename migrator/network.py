"""The network profile: where the root is, which port, how patient, which resolvers. Reads files, asks nobody.

A profile is TOML and every key of it is optional; without a file the real internet is described, by the root
hints and trust anchors that are shipped in `migrator/data/`.
"""

import ipaddress
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import dns.exception
import dns.name
import dns.rdata
from dns.name import Name
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NS import NS

from migrator.errors import InputError
from migrator.model.locator import MAX_PORT
from migrator.model.names import ROOT, folded, text_of
from migrator.model.observation import DNS_PORT, Server
from migrator.settings import Table

IANA_RDAP_BOOTSTRAP = "https://data.iana.org/rdap/dns.json"


@dataclass(frozen=True, slots=True)
class Resolver:
    """A recursive resolver that is asked which side it follows."""

    name: str
    address: str
    port: int = DNS_PORT


@dataclass(frozen=True, slots=True)
class NetworkProfile:
    """How to reach the DNS.

    `root_hints` are addresses of the root's name servers, on the profile's `port` as all authoritative servers.
    `ipv6` is None where each address is tried only as far as there is a route to it. `timeout` is seconds for one
    try. `trust_anchors` is the text of a zone file with DS or DNSKEY records. `rdap_bootstrap` is a URL, the path
    of a file, or empty where RDAP is switched off.
    """

    root_hints: tuple[Server, ...]
    port: int
    ipv6: bool | None
    timeout: float
    attempts: int
    queries_per_second: float
    trust_anchors: str
    rdap_bootstrap: str
    allow_special_addresses: bool
    resolvers: tuple[Resolver, ...]


# Operators who answer everybody, far apart from each other; addresses looked at 2025-11.
PUBLIC_RESOLVERS = (
    Resolver("Google", "8.8.8.8"),
    Resolver("Cloudflare", "1.1.1.1"),
    Resolver("Quad9", "9.9.9.9"),
    Resolver("OpenDNS", "208.67.222.222"),
    Resolver("AdGuard (unfiltered)", "94.140.14.140"),
    Resolver("Control D", "76.76.2.0"),
    Resolver("DNS.SB", "185.222.222.222"),
    Resolver("AliDNS", "223.5.5.5"),
)


def load_profile(path: Path | None) -> NetworkProfile:
    """Return the profile of a TOML file, or the one of the real internet.

    Raises InputError that names the file and the key where something in it cannot be used. Relative paths in the
    file are relative to its folder.
    """
    if path is None:
        return _profile(Table("the built-in network profile", {}, Path()))
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as exc:
        raise InputError(f"{path}: the network profile cannot be read: {exc.strerror}.") from exc
    except UnicodeDecodeError as exc:
        raise InputError(f"{path}: the network profile is not UTF-8 text.") from exc
    except tomllib.TOMLDecodeError as exc:
        raise InputError(f"{path}: the network profile is not TOML: {exc}.") from exc
    return _profile(Table(str(path), document, path.parent))


def _profile(table: Table) -> NetworkProfile:
    port = table.integer("port", DNS_PORT, 1, MAX_PORT)
    profile = NetworkProfile(
        root_hints=_root_hints(table, port),
        port=port,
        ipv6=_ipv6(table),
        timeout=table.number("timeout", 2.0, 60),
        attempts=table.integer("attempts", 3, 1, 10),
        queries_per_second=table.number("queries_per_second", 200, 1_000_000),
        trust_anchors=_trust_anchors(table),
        rdap_bootstrap=_rdap_bootstrap(table),
        allow_special_addresses=table.truth("allow_special_addresses", default=False),
        resolvers=_resolvers(table),
    )
    table.refuse_unknown()
    return profile


def _ipv6(table: Table) -> bool | None:
    match table.take("ipv6", "auto"):
        case bool(wanted):
            return wanted
        case "auto":
            return None
        case found:
            raise table.wrong("ipv6", f'true, false or "auto" was expected, not {found!r}')


def _root_hints(table: Table, port: int) -> tuple[Server, ...]:
    """Return the addresses in the order of the NS records of the root; of a server IPv4 first."""
    text, file = _file_or_shipped(table, "root_hints", "named.root")
    records = _records(text, lambda why: table.wrong("root_hints", f"{file}: {why}"))
    addresses: dict[tuple[bytes, ...], list[str]] = {}
    for rdtype in (RdataType.A, RdataType.AAAA):
        for owner, rdata in records:
            if rdata.rdtype == rdtype:
                addresses.setdefault(folded(owner), []).append(rdata.to_text())
    servers = [
        Server(address, port, rdata.target)
        for owner, rdata in records
        if isinstance(rdata, NS) and owner == ROOT
        for address in addresses.get(folded(rdata.target), [])
    ]
    if not servers:
        raise table.wrong("root_hints", f"{file}: an NS record of the root with an address beside it was expected")
    return tuple(servers)


def _trust_anchors(table: Table) -> str:
    text, file = _file_or_shipped(table, "trust_anchors", "root-anchors.zone")
    for owner, rdata in _records(text, lambda why: table.wrong("trust_anchors", f"{file}: {why}")):
        if rdata.rdtype not in {RdataType.DS, RdataType.DNSKEY}:
            found = f"{text_of(owner)} {RdataType.to_text(rdata.rdtype)}"
            raise table.wrong("trust_anchors", f"{file}: DS or DNSKEY records were expected, not {found}")
    return text


def _rdap_bootstrap(table: Table) -> str:
    where = table.text("rdap_bootstrap", IANA_RDAP_BOOTSTRAP)
    if not where or where.startswith(("https://", "http://")):
        return where
    if "://" in where:
        raise table.wrong("rdap_bootstrap", f"an https:// URL or a file was expected, not {where!r}")
    path = table.folder / where
    if not path.is_file():
        raise table.wrong("rdap_bootstrap", f"there is no file {path}")
    return str(path.resolve())


def _resolvers(table: Table) -> tuple[Resolver, ...]:
    tables = table.tables("resolvers")
    if tables is None:
        return PUBLIC_RESOLVERS
    return tuple(_resolver(each) for each in tables)


def _resolver(table: Table) -> Resolver:
    where = table.text("address", "")
    address, port = _address_and_port(where, lambda why: table.wrong("address", why))
    name = table.text("name", "") or where
    table.refuse_unknown()
    return Resolver(name, address, port)


def _address_and_port(where: str, wrong: Callable[[str], InputError]) -> tuple[str, int]:
    """Split `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1`, `[2001:db8::1]` and `[2001:db8::1]:5353`."""
    address, port_text = where, str(DNS_PORT)
    if where.startswith("["):
        address, _, rest = where[1:].partition("]")
        port_text = rest.removeprefix(":") if rest else port_text
    elif where.count(":") == 1:
        address, _, port_text = where.partition(":")
    try:
        address = str(ipaddress.ip_address(address))
    except ValueError as exc:
        raise wrong(
            f'an address such as "192.0.2.1:5353" or "[2001:db8::1]:5353" was expected, not {where!r}'
        ) from exc
    if not (port_text.isascii() and port_text.isdecimal() and 0 < int(port_text) <= MAX_PORT):
        raise wrong(f"{port_text!r} is not a port (1 to {MAX_PORT})")
    return address, int(port_text)


def _file_or_shipped(table: Table, key: str, shipped: str) -> tuple[str, str]:
    """Return the text of the file that the key names, or of the one that is shipped, and its name."""
    name = table.text(key, "")
    if not name:
        return files("migrator").joinpath("data", shipped).read_text("utf-8"), shipped
    path = table.folder / name
    try:
        return path.read_bytes().decode("utf-8"), str(path)
    except OSError as exc:
        raise table.wrong(key, f"{path} cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise table.wrong(key, f"{path} is not UTF-8 text") from exc


def _records(text: str, wrong: Callable[[str], InputError]) -> list[tuple[Name, Rdata]]:
    """Return the records of a zone file with one record a line and absolute names, as named.root is written."""
    records = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.partition(";")[0].split()
        if not fields:
            continue
        owner, *rest = fields
        while rest and (rest[0].isdecimal() or rest[0].upper() == "IN"):
            rest = rest[1:]
        try:
            rdata = dns.rdata.from_text(RdataClass.IN, rest[0], " ".join(rest[1:]), ROOT, relativize=False)
            records.append((dns.name.from_text(owner), rdata))
        except (dns.exception.DNSException, IndexError) as exc:
            raise wrong(f"line {number} is no record: {line.strip()!r}") from exc
    return records
