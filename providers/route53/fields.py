"""The fields of a record set that DNS cannot say, as extras, and what to tell the reader of them. No IO here.

A reader returns the extras of one field, or None where the field is not as documented:
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html (botocore 1.44.5, 2026-11-20)
"""

import json
from collections.abc import Callable, Iterator, Mapping

from migrator.model.extras import (
    Alias,
    ClientNetwork,
    Extra,
    Failover,
    Geolocation,
    Geoproximity,
    HealthCheck,
    Latency,
    MultiValueAnswer,
    Opaque,
    RoutingPolicy,
    TrafficPolicy,
    Weighted,
)
from migrator.model.finding import Finding, Severity
from migrator.model.names import text_of
from migrator.model.rrset import RRset
from migrator.model.zone import subject_of
from providers.route53.names import UnreadableError, decode

SOURCE = "route53"
# The Opaque field that carries a whole record set which cannot be read.
WHOLE_SET = "ResourceRecordSet"
_FAILOVER_ROLES = frozenset({"PRIMARY", "SECONDARY"})

Extras = tuple[Extra, ...]
Reader = Callable[[str, object], Extras | None]


def _alias(field: str, found: object) -> Extras | None:
    parts = _parts(found, {"DNSName": str, "HostedZoneId": str, "EvaluateTargetHealth": bool})
    if parts is None or "DNSName" not in parts:
        return None
    try:
        target = decode(str(parts["DNSName"]))
    except UnreadableError:
        return None
    alias = Alias(target, str(parts.get("HostedZoneId", "")), parts.get("EvaluateTargetHealth") is True)
    return (alias, *_unknown(field, found, parts))


def _weight(_field: str, found: object) -> Extras | None:
    return (Weighted(found),) if type(found) is int else None


def _region(_field: str, found: object) -> Extras | None:
    return (Latency(found),) if isinstance(found, str) else None


def _failover(_field: str, found: object) -> Extras | None:
    return (Failover(found),) if isinstance(found, str) and found in _FAILOVER_ROLES else None


def _multi_value(_field: str, found: object) -> Extras | None:
    return (MultiValueAnswer(found),) if isinstance(found, bool) else None


def _geolocation(field: str, found: object) -> Extras | None:
    parts = _parts(found, {"ContinentCode": str, "CountryCode": str, "SubdivisionCode": str})
    if parts is None:
        return None
    names = ("ContinentCode", "CountryCode", "SubdivisionCode")
    place = Geolocation(*(str(parts.get(name, "")) for name in names))
    return (place, *_unknown(field, found, parts))


def _geoproximity(field: str, found: object) -> Extras | None:
    parts = _parts(found, {"AWSRegion": str, "LocalZoneGroup": str, "Coordinates": dict, "Bias": int})
    if parts is None:
        return None
    coordinates = _parts(parts.get("Coordinates", {}), {"Latitude": str, "Longitude": str})
    if coordinates is None:
        return None
    bias = parts.get("Bias", 0)
    place = Geoproximity(
        str(parts.get("AWSRegion", "")),
        str(parts.get("LocalZoneGroup", "")),
        str(coordinates.get("Latitude", "")),
        str(coordinates.get("Longitude", "")),
        bias if isinstance(bias, int) else 0,
    )
    unknown = _unknown(f"{field}.Coordinates", parts.get("Coordinates", {}), coordinates)
    return (place, *_unknown(field, found, parts), *unknown)


def _network(field: str, found: object) -> Extras | None:
    parts = _parts(found, {"CollectionId": str, "LocationName": str})
    if parts is None or len(parts) < 2:  # noqa: PLR2004 - both are required
        return None
    network = ClientNetwork(str(parts["CollectionId"]), str(parts["LocationName"]))
    return (network, *_unknown(field, found, parts))


def _health_check(_field: str, found: object) -> Extras | None:
    return (HealthCheck(found),) if isinstance(found, str) else None


def _traffic_policy(_field: str, found: object) -> Extras | None:
    return (TrafficPolicy(found),) if isinstance(found, str) else None


READERS: Mapping[str, Reader] = {
    "AliasTarget": _alias,
    "Weight": _weight,
    "Region": _region,
    "GeoLocation": _geolocation,
    "GeoProximityLocation": _geoproximity,
    "CidrRoutingConfig": _network,
    "Failover": _failover,
    "MultiValueAnswer": _multi_value,
    "HealthCheckId": _health_check,
    "TrafficPolicyInstanceId": _traffic_policy,
}


def remarks(rrset: RRset) -> Iterator[Finding]:
    """Yield what a person who moves this set elsewhere must know."""
    subject = subject_of(rrset.key)
    for extra in rrset.extras:
        match extra:
            case Alias():
                where = f" (hosted zone {extra.scope})" if extra.scope else ""
                message = f"An alias: Route 53 answers what {text_of(extra.target)}{where} answers at that moment."
                yield Finding("route53.alias", Severity.NOTICE, subject, message)
            case HealthCheck():
                check = f"the health check {extra.identifier}"
                message = f"Answered only while {check} passes; it stays in its AWS account."
                yield Finding("route53.health-check", Severity.NOTICE, subject, message)
            case TrafficPolicy():
                message = (
                    f"Made by the traffic policy instance {extra.instance}: it cannot be written by hand, and the "
                    "policy that would make it again is no record."
                )
                yield Finding("route53.traffic-policy", Severity.WARNING, subject, message)
            case _ if isinstance(extra, RoutingPolicy):
                message = f"One of several sets of this name: {_routing(extra)}."
                yield Finding("route53.routing", Severity.NOTICE, subject, message)
            case _:
                pass


def _routing(policy: RoutingPolicy) -> str:
    match policy:
        case Weighted():
            return f"weight {policy.weight}"
        case Latency():
            return f"for clients nearest to {policy.region}"
        case Geolocation():
            place = "/".join(filter(None, (policy.continent, policy.country, policy.subdivision)))
            return f"for clients in {place}"
        case Geoproximity():
            at = policy.region or policy.local_zone_group or f"{policy.latitude}, {policy.longitude}"
            return f"by distance from {at}, bias {policy.bias}"
        case ClientNetwork():
            return f"for the client networks {policy.location} of the account's collection {policy.collection}"
        case Failover():
            return f"failover, {policy.role.lower()}"
        case MultiValueAnswer():
            return "multivalue answer"


def _parts(found: object, wanted: Mapping[str, type]) -> dict[str, object] | None:
    """Return the fields of a structure that are known, or None where one has the wrong type."""
    if not isinstance(found, Mapping):
        return None
    parts = {name: found[name] for name in wanted if name in found}
    right = all(type(part) is wanted[name] for name, part in parts.items())
    return parts if right else None


def _unknown(field: str, found: object, parts: Mapping[str, object]) -> Iterator[Opaque]:
    if isinstance(found, Mapping):
        for name, inner in found.items():
            if name not in parts:
                yield Opaque(SOURCE, f"{field}.{name}", json.dumps(inner, sort_keys=True))
