"""Which service a record belongs to: the tables, and the lookups in them. No IO here.

Host names match whole labels from the right, the longest row first, never a part of a label: `evilzoho.com`
is not Zoho. The rows were collected in November 2026 from the services' own set-up pages and from public
fingerprint lists; a service that is not in here is named by its host.
"""

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache

from dns.name import Name

from migrator.meaning.services_table import (
    CNAME_TARGETS,
    DKIM_TARGETS,
    HOST_LABELS,
    MX_HOSTS,
    SPF_DOMAINS,
    TEXT_PREFIXES,
    VERIFICATION_LABELS,
)
from migrator.model.names import for_people
from migrator.model.values import dataclass


class Use(Enum):
    """What a CNAME to a service is for."""

    CERTIFICATE = "certificate"
    VERIFICATION = "verification"
    DKIM = "dkim"
    AUTODISCOVER = "autodiscover"
    WEB = "web"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Target:
    """The service behind the target of a CNAME, and what for."""

    service: str
    use: Use


def of_mail_host(host: Name) -> str | None:
    """Return the service that takes mail at this MX host."""
    return _longest(host, _table("mx"))


def of_spf_domain(domain: Name) -> str | None:
    """Return the service whose senders an SPF `include:` of this domain lists."""
    return _longest(domain, _table("spf"))


def of_cname(target: Name) -> Target | None:
    """Return the service that a CNAME points at."""
    dkim = _longest(target, _table("dkim"))
    if dkim is not None:
        return Target(dkim, Use.DKIM)
    found = _longest(target, _table("cname"))
    if found is None:
        return None
    service, _, use = found.rpartition("|")
    return Target(service, Use(use))


def of_text(text: bytes) -> str | None:
    """Return the service that a TXT record proves the domain to; unknown ones by the name in the record."""
    lower = text[:_LONGEST_PREFIX].lower()
    for length in _PREFIX_LENGTHS:
        found = _BY_PREFIX.get(lower[:length])
        if found is not None:
            return found
    stated = _STATED.match(lower)
    return stated["who"].decode().strip("-_.") or None if stated else None


def of_verification_label(label: bytes) -> str | None:
    """Return the service that looks for its proof at an owner with this first label."""
    text = label.decode("latin-1")
    return next((service for prefix, service in VERIFICATION_LABELS if text.startswith(prefix)), None)


def of_host_label(label: bytes) -> str | None:
    """Return the service whose programs look for a host of this first label."""
    return HOST_LABELS.get(label.decode("latin-1"))


def shown_host(host: Name, service: str | None) -> str:
    """Return the service with its host, or the host alone."""
    return for_people(host) if service is None else f"{service} ({for_people(host)})"


def _longest(host: Name, table: Mapping[tuple[str, ...], str]) -> str | None:
    labels = tuple([label.decode("latin-1").lower() for label in host.labels if label])
    for start in range(len(labels)):
        found = table.get(labels[start:])
        if found is not None:
            return found
    return None


@cache
def _table(name: str) -> Mapping[tuple[str, ...], str]:
    rows = {"mx": MX_HOSTS, "spf": SPF_DOMAINS, "dkim": DKIM_TARGETS}.get(name)
    if rows is None:
        rows = {domain: f"{service}|{use}" for domain, (service, use) in CNAME_TARGETS.items()}
    return {tuple(domain.split(".")): service for domain, service in rows.items()}


_BY_PREFIX = {prefix.lower().encode(): service for prefix, service in TEXT_PREFIXES.items()}
_PREFIX_LENGTHS = sorted({len(prefix) for prefix in _BY_PREFIX}, reverse=True)
_LONGEST_PREFIX = 80
_STATED = re.compile(
    rb"(?P<who>[a-z0-9][a-z0-9._-]*?)[-_.]?((site|domain|sending[-_]domain|sso|dns|ownership)[-_])?"
    rb"(verif(y|ication)|validation|verified)([-_](code|token|key|[a-z0-9]{2,12}))?\s*[=:]"
)
