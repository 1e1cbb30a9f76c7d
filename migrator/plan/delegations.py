"""Sub-zones that are hosted where the zone comes from, too: they do not move with it. No IO here.

The delegation itself (NS, DS, glue) is carried like any other set. Its zone is another matter: when the account at
the old provider is closed, everything below the delegation is gone.
"""

import re
from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.meaning.targets import targets_of
from migrator.model.finding import Finding, Severity
from migrator.model.names import folded, for_people, is_within, text_of
from migrator.model.zone import ZoneSnapshot, subject_of

# Host names that the services assign: Route 53 and Azure DNS documentation on name servers, and Cloudflare's
# nameserver pairs (2026-11-20).
_FAMILIES = (
    ("Amazon Route 53", re.compile(r"ns-\d+\.awsdns-\d+\.(com|net|org|co\.uk|cn)\.")),
    ("Azure DNS", re.compile(r"ns\d+-\d+\.azure-dns\.[a-z.]+")),
    ("Cloudflare", re.compile(r"[a-z0-9-]+\.ns\.cloudflare\.com\.")),
)
_SCHEMES = {"Amazon Route 53": "route53", "Azure DNS": "azure", "Cloudflare": "cloudflare"}
_FEWEST_LABELS = 3


def service_of(names: Iterable[Name]) -> str:
    """Return the scheme of the service that assigns all of these name servers; empty where that is not told."""
    families = {_family(name) for name in names}
    return _SCHEMES.get(families.pop(), "") if len(families) == 1 else ""


def delegation_findings(source: ZoneSnapshot) -> Iterator[Finding]:
    """Yield a warning for each delegation to name servers of the source's own provider."""
    apex = source.apex(RdataType.NS)
    own = source.name_servers or (() if apex is None else targets_of(apex.rdatas))
    for rrset in source.rrsets:
        if rrset.rdtype != RdataType.NS or rrset.key.folded == folded(source.origin):
            continue
        hosts = [host for host in targets_of(rrset.rdatas) if _same_provider(host, own, source.origin)]
        if hosts:
            yield Finding(
                "import.sub-zone-at-source",
                Severity.WARNING,
                subject_of(rrset.key),
                f"{for_people(rrset.owner)} is a zone of its own, served by {', '.join(map(for_people, hosts))}: "
                f"{_provider(hosts, own)}. The delegation is carried over, and the zone does not move with it.",
                remedy="Move it too before the account at the old provider is closed.",
            )


def _provider(hosts: Iterable[Name], own: Iterable[Name]) -> str:
    families = [family for host in (*hosts, *own) if (family := _family(host))]
    return f"{families[0]}, where this zone comes from" if families else "where this zone comes from, too"


def _same_provider(host: Name, own: Iterable[Name], origin: Name) -> bool:
    return any(
        folded(host) == folded(mine)
        or (_family(host) != "" and _family(host) == _family(mine))
        or _same_operator(host, mine, origin)
        for mine in own
    )


def _family(host: Name) -> str:
    text = text_of(host)
    return next((name for name, pattern in _FAMILIES if pattern.fullmatch(text)), "")


def _same_operator(host: Name, mine: Name, origin: Name) -> bool:
    """Tell whether two hosts are of one domain that is not the zone's own: ns1 and ns3 of a provider."""
    return (
        len(host.labels) > _FEWEST_LABELS
        and folded(host.parent()) == folded(mine.parent())
        and not is_within(host, origin)
    )
