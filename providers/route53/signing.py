"""Whether Route 53 signs a hosted zone (DNSSEC)."""

from migrator.model.finding import Finding, Severity
from migrator.model.names import text_of
from migrator.model.values import dataclass
from providers.route53.discovery import HostedZone
from providers.route53.failures import RequestError
from providers.route53.service import Service

_NOT_SIGNING = "NOT_SIGNING"
# The policy does not allow the question, or the service (an emulator, another partition) does not know it.
_NOT_TOLD = frozenset({400, 403, 404, 501})
# SOA and NS: a zone that has nothing else is in use by nobody.
_BARE = 2


@dataclass(frozen=True, slots=True)
class Signing:
    """The state of DNSSEC (`SIGNING`, `ACTION_NEEDED` ...), empty where nothing is signed or `unread` says why."""

    state: str = ""
    unread: tuple[Finding, ...] = ()


def signing_of(service: Service, zone: HostedZone) -> Signing:
    """Return the state, which is asked for where a public zone has data."""
    if zone.private or (zone.record_sets is not None and zone.record_sets <= _BARE):
        return Signing()
    try:
        native = service.ask("GetDNSSEC", {"HostedZoneId": zone.identifier}).native
    except RequestError as exc:
        if exc.status not in _NOT_TOLD or exc.is_about_credentials:
            raise
        return Signing(unread=(_unread(zone, exc),))
    status = native.get("Status")
    said = status.get("ServeSignature") if isinstance(status, dict) else None
    return Signing(said if isinstance(said, str) and said != _NOT_SIGNING else "")


def _unread(zone: HostedZone, exc: RequestError) -> Finding:
    return Finding(
        "route53.dnssec-unread",
        Severity.WARNING,
        text_of(zone.name),
        f"Whether Route 53 signs the zone (DNSSEC) could not be read. {exc}",
        remedy="Allow the action route53:GetDNSSEC.",
    )
