"""The network profile: where the root is, which port, how patient, which resolvers. Reads files, asks nobody.

A profile is TOML and every key of it is optional; without a file the real internet is described, by the root
hints and trust anchors that are shipped in `migrator/data/`.
"""

import ipaddress
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from migrator.errors import InputError, ZoneFileError
from migrator.files.given import octets_of, toml_of
from migrator.model.finding import Severity
from migrator.model.locator import DNS_PORT, MAX_PORT
from migrator.model.names import ROOT, folded, text_of
from migrator.model.observation import Server
from migrator.model.rrset import Record
from migrator.model.values import dataclass
from migrator.settings import Table
from migrator.zonefile import read_zone

HTTPS_PORT = 443
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
    try; `queries_per_second` is 0 for no limit. `trust_anchors` is the text of a zone file with DS or DNSKEY
    records, by which nobody validates yet. `rdap_bootstrap` is a URL, the path of a file, or empty where RDAP is
    switched off. `https_port` stands for 443 of all web servers but RDAP's; `ca_bundle` is a file with the
    authorities that vouch for them, empty for those of this system.
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
    https_port: int = HTTPS_PORT
    ca_bundle: str = ""


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
    document = toml_of(path, "the network profile", "--network or DNS_MIGRATOR_NETWORK names it.")
    return _profile(Table(str(path), document, path.parent))


def _profile(table: Table) -> NetworkProfile:
    port = table.integer("port", DNS_PORT, 1, MAX_PORT)
    profile = NetworkProfile(
        root_hints=_root_hints(table, port),
        port=port,
        ipv6=_ipv6(table),
        timeout=table.number("timeout", 2.0, 60),
        attempts=table.integer("attempts", 3, 1, 10),
        queries_per_second=table.number("queries_per_second", 200, 1_000_000, none=True),
        trust_anchors=_trust_anchors(table),
        rdap_bootstrap=_rdap_bootstrap(table),
        allow_special_addresses=table.truth("allow_special_addresses", default=False),
        resolvers=_resolvers(table),
        https_port=table.integer("https_port", HTTPS_PORT, 1, MAX_PORT),
        ca_bundle=_ca_bundle(table),
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
    records = _records(text, file, lambda why: table.wrong("root_hints", why))
    addresses: dict[tuple[bytes, ...], list[str]] = {}
    for family in (A, AAAA):
        for record in records:
            if isinstance(record.rdata, family):
                addresses.setdefault(folded(record.owner), []).append(record.rdata.address)
    servers = [
        Server(address, port, record.rdata.target)
        for record in records
        if isinstance(record.rdata, NS) and record.owner == ROOT
        for address in addresses.get(folded(record.rdata.target), [])
    ]
    if not servers:
        raise table.wrong("root_hints", f"{file}: an NS record of the root with an address beside it was expected")
    return tuple(servers)


def _trust_anchors(table: Table) -> str:
    text, file = _file_or_shipped(table, "trust_anchors", "root-anchors.zone")
    for record in _records(text, file, lambda why: table.wrong("trust_anchors", why)):
        if record.rdata.rdtype not in {RdataType.DS, RdataType.DNSKEY}:
            found = f"{text_of(record.owner)} {RdataType.to_text(record.rdata.rdtype)}"
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


def _ca_bundle(table: Table) -> str:
    where = table.text("ca_bundle", "")
    path = table.folder / where
    if where and not path.is_file():
        raise table.wrong("ca_bundle", f"there is no file {path}")
    return str(path.resolve()) if where else ""


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
        return octets_of(path).decode("utf-8"), str(path)
    except OSError as exc:
        raise table.wrong(key, f"{path} cannot be read: {exc.strerror}") from exc
    except InputError as exc:
        raise table.wrong(key, str(exc).removesuffix(".")) from exc
    except UnicodeDecodeError as exc:
        raise table.wrong(key, f"{path} is not UTF-8 text") from exc


def _records(text: str, file: str, wrong: Callable[[str], InputError]) -> tuple[Record, ...]:
    """Return the records of a zone file; what cannot be read is refused, while a TTL matters to nobody here."""
    try:
        reading = read_zone(text.encode(), file=file, origin=ROOT)
    except ZoneFileError as exc:
        raise wrong(str(exc).removesuffix(".")) from exc
    for finding in reading.findings:
        if finding.severity is Severity.ERROR and finding.check != _NO_TTL:
            raise wrong(f"{finding.position or file}: {finding.message}".removesuffix("."))
    return reading.records


_NO_TTL = "zonefile.no-ttl"  # of the findings of the zone file reader
