"""RRsets into record sets of Route 53, as JSON: what `convert` undoes. No IO here.

What `convert` carried as `Opaque` goes back to where it stood: `GeoLocation.Moon` is the field `Moon` of the field
`GeoLocation`. What Route 53 cannot hold raises `UnwritableError` with the reason: nothing is left out in silence.
"""

import json
from collections.abc import Iterator, Mapping

from dns.rdatatype import RdataType

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
from migrator.model.rrset import RRset
from providers.route53.fields import SOURCE, WHOLE_SET
from providers.route53.names import encode
from providers.route53.values import value_of

Native = dict[str, object]

# The order of the API's syntax, to which requests must keep:
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html (botocore 1.44.5, 2026-11-20)
_ORDER = (
    "Name",
    "Type",
    "SetIdentifier",
    "Weight",
    "Region",
    "GeoLocation",
    "Failover",
    "MultiValueAnswer",
    "TTL",
    "ResourceRecords",
    "AliasTarget",
    "HealthCheckId",
    "TrafficPolicyInstanceId",
    "CidrRoutingConfig",
    "GeoProximityLocation",
)
_RANK = {field: rank for rank, field in enumerate(_ORDER)}


class UnwritableError(ValueError):
    """An RRset that Route 53 cannot hold; the text is a sentence that says why."""


def native_of(rrset: RRset, zone_id: str) -> Native:
    """Return the record set that means the RRset; `zone_id` is the scope of aliases that name none."""
    fields: Native = {"Name": encode(rrset.owner), "Type": RdataType.to_text(rrset.rdtype)}
    if rrset.key.variant:
        fields["SetIdentifier"] = rrset.key.variant
    if rrset.ttl is not None:
        fields["TTL"] = rrset.ttl
    records: list[object] = [{"Value": value_of(rdata)} for rdata in rrset.rdatas]
    for extra in rrset.extras:
        if not isinstance(extra, Opaque):
            fields.update(_field_of(extra, zone_id))
    for extra in rrset.extras:  # these may belong into the fields of the others
        if isinstance(extra, Opaque):
            _put_back(fields, records, extra)
    if records:
        fields["ResourceRecords"] = records
    _judge(fields)
    return ordered(fields)


def ordered(native: Mapping[str, object]) -> Native:
    """Return the record set with its fields in the order that Route 53 asks for, unknown ones last."""
    return dict(sorted(native.items(), key=lambda item: _RANK.get(item[0], len(_ORDER))))


def _field_of(extra: Extra, zone_id: str) -> Native:
    match extra:
        case Alias():
            return {"AliasTarget": _alias(extra, zone_id)}
        case HealthCheck():
            return {"HealthCheckId": extra.identifier}
        case _ if isinstance(extra, RoutingPolicy):
            return _routing(extra)
        case TrafficPolicy():
            raise UnwritableError(
                f"The traffic policy instance {extra.instance} owns the set; it cannot be written by hand."
            )
        case _:
            raise UnwritableError(f"Route 53 cannot hold what the set says beyond DNS: {extra.kind}.")


def _routing(policy: RoutingPolicy) -> Native:
    match policy:
        case Weighted():
            return {"Weight": policy.weight}
        case Latency():
            return {"Region": policy.region}
        case Failover():
            return {"Failover": policy.role}
        case MultiValueAnswer():
            return {"MultiValueAnswer": policy.enabled}
        case ClientNetwork():
            return {"CidrRoutingConfig": {"CollectionId": policy.collection, "LocationName": policy.location}}
        case Geolocation():
            return {"GeoLocation": dict(_geolocation(policy))}
        case Geoproximity():
            return {"GeoProximityLocation": dict(_geoproximity(policy))}


def _alias(alias: Alias, zone_id: str) -> Native:
    return {
        "HostedZoneId": alias.scope or zone_id,
        "DNSName": encode(alias.target),
        "EvaluateTargetHealth": alias.evaluate_target_health,
    }


def _geolocation(place: Geolocation) -> Iterator[tuple[str, object]]:
    parts = (
        ("ContinentCode", place.continent),
        ("CountryCode", place.country),
        ("SubdivisionCode", place.subdivision),
    )
    yield from ((name, found) for name, found in parts if found)


def _geoproximity(place: Geoproximity) -> Iterator[tuple[str, object]]:
    if place.region:
        yield "AWSRegion", place.region
    if place.local_zone_group:
        yield "LocalZoneGroup", place.local_zone_group
    if place.latitude or place.longitude:
        yield "Coordinates", {"Latitude": place.latitude, "Longitude": place.longitude}
    if place.bias:
        yield "Bias", place.bias


def _put_back(fields: Native, records: list[object], extra: Opaque) -> None:
    if extra.source != SOURCE:
        raise UnwritableError(f"The field {extra.field} of {extra.source} means nothing to Route 53.")
    try:
        found: object = json.loads(extra.document)
    except ValueError as exc:
        raise UnwritableError(f"The field {extra.field} is no JSON.") from exc
    if extra.field == WHOLE_SET:
        raise UnwritableError("The set could not be read, so it cannot be written either.")
    if extra.field == "ResourceRecords":
        if not isinstance(found, Mapping):
            raise UnwritableError("The values could not be read, so they cannot be written either.")
        records.append(found)
        return
    *path, last = extra.field.split(".")
    inner = fields
    for name in path:
        deeper = inner.setdefault(name, {})
        if not isinstance(deeper, dict):
            raise UnwritableError(f"The field {extra.field} has no place in the set.")
        inner = deeper
    inner[last] = found


def _judge(fields: Native) -> None:
    """Raise where Route 53 would refuse the whole batch for the form of one set."""
    if "AliasTarget" in fields:
        if "ResourceRecords" in fields:
            raise UnwritableError("The set has both values and an alias; Route 53 holds one or the other.")
        fields.pop("TTL", None)
    elif not fields.get("ResourceRecords"):
        raise UnwritableError("The set has neither values nor an alias; Route 53 holds no empty set.")
    elif "TTL" not in fields:
        raise UnwritableError("The set has no TTL.")
