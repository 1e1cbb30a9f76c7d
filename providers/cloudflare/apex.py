"""The SOA and the NS set of the apex, which are settings of the zone and no records of it. No IO here.

    dns_settings  {"soa": {"mname": null, "rname": "dns.cloudflare.com", "refresh": 10000, ...}, "ns_ttl": 86400}
    zone          {"name_servers": ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"]}

      @  3600   SOA  ada.ns.cloudflare.com. dns.cloudflare.com. 1 10000 2400 604800 1800
      @  86400  NS   ada.ns.cloudflare.com.
      @  86400  NS   bob.ns.cloudflare.com.

Without a primary of its own the zone has the first name server for it. The serial is the service's and is told
nowhere but in DNS: it is 1 here, and no two providers have the same. NS records that stand at the apex as
records are answered only where the zone has several providers (`multi_provider`); without that they are carried
whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from dns.name import Name
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.SOA import SOA

from migrator.model.finding import Finding, Severity
from migrator.model.names import folded, text_of
from migrator.model.rrset import Record
from migrator.model.values import dataclass
from providers.cloudflare.answers import Native, mapping, text, whole
from providers.cloudflare.fields import document
from providers.cloudflare.names import UnreadableError, name_of

SERIAL = 1
# https://developers.cloudflare.com/dns/nameservers/ (2026-11-20); what counts is what the zone's settings say.
USUAL_NS_TTL = 86_400
_TIMERS = ("refresh", "retry", "expire", "min_ttl")
_IN = RdataClass.IN


@dataclass(frozen=True, slots=True)
class Apex:
    """The records that the settings make, and what to know of them."""

    records: tuple[Record, ...]
    findings: tuple[Finding, ...]


def apex_of(origin: Name, name_servers: Sequence[Name], settings: Native | None) -> Apex:
    """Return SOA and NS records of a zone; `settings` is None where they could not be read. Total."""
    findings: list[Finding] = []
    records = list(_name_servers(origin, name_servers, settings, findings))
    if settings is not None:
        records += _soa(origin, name_servers, settings, findings)
    return Apex(tuple(records), tuple(findings))


def is_apex_ns(native: object, origin: Name) -> bool:
    """Tell whether a record is an NS record at the apex."""
    if not isinstance(native, Mapping) or native.get("type") != "NS":
        return False
    try:
        return folded(name_of(native.get("name"))) == folded(origin)
    except UnreadableError:
        return False


def ignored(natives: Iterable[object], origin: Name) -> Iterator[Finding]:
    """Yield what to know of NS records at the apex, in a zone that does not answer them."""
    found = [native for native in natives if is_apex_ns(native, origin)]
    if found:
        names = ", ".join(str(mapping(native).get("content")) for native in found)
        yield Finding(
            "cloudflare.ignored-name-servers",
            Severity.WARNING,
            f"{text_of(origin)} NS",
            f"The zone has NS records for its own name that Cloudflare does not answer ({names}): that needs the "
            "setting for several providers (multi_provider). They are carried as they came.",
        )


def _name_servers(
    origin: Name, name_servers: Sequence[Name], settings: Native | None, findings: list[Finding]
) -> Iterator[Record]:
    ttl = USUAL_NS_TTL if settings is None else whole(settings.get("ns_ttl"))
    if name_servers and (ttl is None or not 0 <= ttl < 2**31):
        findings.append(_odd(origin, "ns_ttl", settings))
        ttl = USUAL_NS_TTL
    for server in name_servers:
        yield Record(origin, ttl or 0, _made(NS, RdataType.NS, server))


def _soa(
    origin: Name, name_servers: Sequence[Name], settings: Native, findings: list[Finding]
) -> Iterator[Record]:
    soa = mapping(settings.get("soa"))
    if not soa:
        return
    try:
        primary = name_of(soa["mname"]) if text(soa.get("mname")) else name_servers[0]
        contact = name_of(soa.get("rname"))
        timers = [_timer(soa, name) for name in _TIMERS]
        ttl = _timer(soa, "ttl")
    except (UnreadableError, IndexError):
        findings.append(_odd(origin, "soa", settings))
        return
    yield Record(origin, ttl, _made(SOA, RdataType.SOA, primary, contact, SERIAL, *timers))


def _made(kind: Callable[..., Rdata], rdtype: RdataType, *fields: object) -> Rdata:
    return kind(_IN, rdtype, *fields)


def _timer(soa: Native, name: str) -> int:
    found = whole(soa.get(name))
    if found is None or not 0 <= found < 2**31:
        raise UnreadableError(f"{name} is no number of seconds")
    return found


def _odd(origin: Name, name: str, settings: Native | None) -> Finding:
    return Finding(
        "cloudflare.unreadable-setting",
        Severity.ERROR,
        text_of(origin),
        f"The setting {name} is not as Cloudflare documents it; it stands in the raw answer.",
        evidence=(document(mapping(settings).get(name)),),
    )
