"""Findings about extras that change nothing in the choice of records but are beyond a zone file. No IO."""

from collections.abc import Iterable, Iterator

from migrator.model.extras import (
    AutomaticTTL,
    Extra,
    Flattened,
    ForRecord,
    HealthCheck,
    Managed,
    Metadata,
    Note,
    Opaque,
    Proxied,
    Tags,
    TrafficPolicy,
)
from migrator.model.finding import Finding, Severity
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class _Remark:
    check: str
    severity: Severity
    message: str


_PROXIED = _Remark(
    "plain.proxied",
    Severity.WARNING,
    "The provider answers its own addresses and forwards the traffic; a server with the zone file answers the "
    "origin itself, which shows it to everybody and takes the provider's protection away.",
)
_FLATTENED = _Remark(
    "plain.flattened",
    Severity.NOTICE,
    "The provider answers the addresses of the CNAME's target; a server with the zone file answers the CNAME.",
)
_HEALTH = _Remark(
    "plain.health-check",
    Severity.WARNING,
    "The provider answers a set only while its health check passes; a server with the zone file always does.",
)
_MANAGED = _Remark(
    "plain.managed",
    Severity.NOTICE,
    "Another product of the provider owns these records; in the zone file they are ordinary ones.",
)
_UNKNOWN = _Remark(
    "plain.unknown-field",
    Severity.WARNING,
    "The provider says something of these records that is not known here; it is kept as it came, in a comment "
    "and in zone.json.",
)
_WORDS = _Remark(
    "plain.words",
    Severity.NOTICE,
    "Notes, tags, metadata or an automatic TTL are comments in the zone file.",
)


def remarks(subject: str, extras: Iterable[Extra]) -> Iterator[Finding]:
    """Yield a finding for each thing that the extras of one name and type say beyond the zone file."""
    found = {remark.check: remark for extra in extras if (remark := _of(extra))}
    for check in sorted(found):
        yield Finding(check, found[check].severity, subject, found[check].message)


def _of(extra: Extra) -> _Remark | None:
    match extra:
        case ForRecord():
            return _of(extra.extra)
        case Proxied():
            return _PROXIED if extra.enabled else None
        case Flattened():
            return _FLATTENED if extra.enabled else None
        case HealthCheck():
            return _HEALTH
        case Managed() | TrafficPolicy():
            return _MANAGED
        case Opaque():
            return _UNKNOWN
        case Note() | Tags() | Metadata() | AutomaticTTL():
            return _WORDS
        case _:
            # Aliases and routing have findings of their own; mixed TTLs were one of the reading.
            return None
