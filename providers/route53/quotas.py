"""What a hosted zone can hold, with the quota that its account has today."""

from dataclasses import replace
from datetime import UTC, datetime

from migrator.model.capabilities import Capabilities, Claim, Limit
from providers.route53.convert import CAPABILITIES
from providers.route53.discovery import HostedZone
from providers.route53.failures import RequestError
from providers.route53.service import Service

_KIND = "MAX_RRSETS_BY_ZONE"
# The policy does not allow the question, or the service (an emulator, another partition) does not know it.
_NOT_TOLD = frozenset({400, 403, 404, 501})


def with_quotas(service: Service, zone: HostedZone) -> Capabilities:
    """Return the capabilities for one zone: aliases to its own sets, and how many sets it may have and has."""
    own = replace(CAPABILITIES, aliases=replace(CAPABILITIES.aliases, scope=zone.identifier))
    try:
        native = service.ask("GetHostedZoneLimit", {"HostedZoneId": zone.identifier, "Type": _KIND}).native
    except RequestError as exc:
        if exc.status not in _NOT_TOLD or exc.is_about_credentials:
            raise
        return replace(own, used_rrsets=zone.record_sets)
    limit, count = native.get("Limit"), native.get("Count")
    bound = limit.get("Value") if isinstance(limit, dict) else None
    if isinstance(bound, str) and bound.isdecimal():
        claim = Claim(f"route53:GetHostedZoneLimit of {zone.identifier}", datetime.now(UTC).date())
        own = replace(own, rrsets_in_zone=Limit(int(bound), claim))
    used = int(count) if isinstance(count, str) and count.isdecimal() else zone.record_sets
    return replace(own, used_rrsets=used)
