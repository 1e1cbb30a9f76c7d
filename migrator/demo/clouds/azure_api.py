"""The operations of the fake Azure: from a request and a cloud to an answer.

Two forms of error, as there are two services: the DNS provider's own `{"code", "message"}` and the Resource
Manager's `{"error": {"code", "message"}}`.
"""

import re
from collections.abc import Callable
from urllib.parse import quote

from migrator.demo.clouds.azure_rules import RefusedError, bad, judge_delete, judge_set
from migrator.demo.clouds.azure_zones import (
    API_VERSIONS,
    FIELDS,
    PREVIEW,
    Cloud,
    Raw,
    RecordSet,
    Zone,
    document,
    new_etag,
    types_of,
)
from migrator.demo.clouds.loopback import Answer
from migrator.demo.clouds.service import Request

_READS_LEFT, _WRITES_LEFT, _ENTITIES_LEFT = "499", "11999", "59999"


def error(status: int, code: str, message: str, *headers: tuple[str, str]) -> Answer:
    """The DNS provider's own form."""
    return Answer(status, document({"code": code, "message": message}), headers)


def arm_error(status: int, code: str, message: str, *headers: tuple[str, str]) -> Answer:
    """The Resource Manager's form."""
    return Answer(status, document({"error": {"code": code, "message": message}}), headers)


def throttled(retry_after: int | None = None, code: str = "TooManyRequests") -> Answer:
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    return arm_error(429, code, "The request is being throttled as the limit has been reached.", *headers)


def expired() -> Answer:
    return arm_error(
        401,
        "ExpiredAuthenticationToken",
        "The access token expiry UTC time '1/1/2026 0:00:00 AM' is earlier than current UTC time.",
    )


def forbidden(action: str = "Microsoft.Network/dnsZones/A/write") -> Answer:
    return arm_error(
        403,
        "AuthorizationFailed",
        "The client 'app' with object id '00000000-0000-0000-0000-00000000000a' does not have authorization to "
        f"perform action '{action}' over scope '/subscriptions' or the scope is invalid.",
    )


def unregistered() -> Answer:
    return arm_error(
        409,
        "MissingSubscriptionRegistration",
        "The subscription is not registered to use namespace 'Microsoft.Network'. See https://aka.ms/rps-not-found.",
    )


def carry_out(cloud: Cloud, request: Request) -> Answer:
    """Answer a request that is allowed."""
    for method, pattern, operation, act in ROUTES:
        found = re.fullmatch(pattern, request.path, re.IGNORECASE)
        if method != request.method or not found:
            continue
        assert operation == request.operation
        refusal = _refusal(cloud, request, found.groupdict())
        if refusal is not None:
            return refusal
        try:
            with cloud.lock:
                return _with_limits(request, act(cloud, request, **found.groupdict()))
        except RefusedError as exc:
            form = arm_error if isinstance(exc, _ArmRefusedError) else error
            return form(exc.status, exc.code, exc.message)
    return arm_error(404, "InvalidResourceType", "The resource type could not be found.")


def operation_of(method: str, path: str) -> str:
    return next(
        (name for m, pattern, name, _ in ROUTES if m == method and re.fullmatch(pattern, path, re.IGNORECASE)),
        "Unknown",
    )


def version_of(request: Request) -> str:
    return request.query.get("api-version", "")


def _document(request: Request) -> Raw:
    try:
        return request.json()
    except ValueError as exc:
        raise bad("The request content was invalid and could not be deserialized.") from exc


def _refusal(cloud: Cloud, request: Request, parts: dict[str, str]) -> Answer | None:
    """What the Resource Manager says before the provider is asked."""
    if not version_of(request):
        return arm_error(
            400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required."
        )
    subscription = parts.get("s")
    if subscription is None:
        return None
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", subscription, re.IGNORECASE):
        return arm_error(
            400,
            "InvalidSubscriptionId",
            f"The provided subscription identifier '{subscription}' is malformed or invalid.",
        )
    if subscription.lower() not in cloud.subscriptions or subscription.lower() in cloud.hidden:
        return arm_error(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")
    if not cloud.is_of(_token(request), subscription):
        return arm_error(
            401,
            "InvalidAuthenticationTokenTenant",
            "The access token is from the wrong issuer 'https://sts.windows.net/'. It must match the tenant that "
            "is associated with this subscription.",
        )
    if "microsoft.network" in request.path.lower() and version_of(request) not in API_VERSIONS:
        return arm_error(
            400,
            "NoRegisteredProviderFound",
            f"No registered resource provider found for API version '{version_of(request)}'.",
        )
    group = parts.get("g")
    if group is not None and (subscription.lower(), group.lower()) not in cloud.groups:
        return arm_error(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")
    rdtype = parts.get("t")
    if rdtype is not None and rdtype.upper() not in types_of(version_of(request)) | cloud.newer_types:
        return arm_error(
            404,
            "InvalidResourceType",
            f"The resource type 'dnszones/{rdtype}' could not be found in the namespace 'Microsoft.Network' for "
            f"api version '{version_of(request)}'.",
        )
    return None


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").partition(" ")[2]


def _with_limits(request: Request, answer: Answer) -> Answer:
    left = _READS_LEFT if request.method == "GET" else _WRITES_LEFT
    headers = [("x-ms-ratelimit-remaining-subscription-resource-requests", left)]
    if request.operation.startswith("List"):
        headers.append(("x-ms-ratelimit-remaining-subscription-resource-entities-read", _ENTITIES_LEFT))
    return Answer(answer.status, answer.body, (*answer.headers, *headers))


def _zone(cloud: Cloud, request: Request, s: str, g: str, z: str, *, nested: bool = False) -> Zone:
    found = cloud.zone(s, g, z)
    if found is None:
        kind = f"Microsoft.Network/dnszones/{z}"
        if nested and request.method == "PUT":
            message = f"Can not perform requested operation on nested resource. Parent resource '{z}' not found."
            raise _ArmRefusedError(404, "ParentResourceNotFound", message)
        raise _ArmRefusedError(
            404, "ResourceNotFound", f"The Resource '{kind}' under resource group '{g}' was not found."
        )
    return found


class _ArmRefusedError(RefusedError):
    """Refused by the Resource Manager."""


def _page(request: Request, items: list[Raw], most: int = 1000) -> Answer:
    """A page of `$top` items from `$skipToken` on, and the link to the next."""
    text = request.query.get("$top", "100")
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise bad(f"Invalid $top value: '{text}'. It must be a number between '1' and '{most}'.")
    token = request.query.get("$skipToken", "")
    start = int(token.removeprefix("page-")) if token else 0
    size = int(text)
    said: Raw = {"value": items[start : start + size]}
    if len(items) > start + size:
        query = f"api-version={version_of(request)}&$top={size}&$skipToken=page-{start + size}"
        said["nextLink"] = f"{request.base}{quote(request.path)}?{query}"
    return Answer(200, document(said))


def _list_subscriptions(cloud: Cloud, request: Request) -> Answer:
    found = [
        {
            "id": f"/subscriptions/{identifier}",
            "subscriptionId": identifier,
            "displayName": name,
            "state": "Enabled",
        }
        for identifier, name in cloud.subscriptions.items()
        if identifier not in cloud.hidden and cloud.is_of(_token(request), identifier)
    ]
    return Answer(200, document({"value": found, "count": {"type": "Total", "value": len(found)}}))


def _list_groups(cloud: Cloud, _request: Request, s: str) -> Answer:
    found = [
        {"id": f"/subscriptions/{s}/resourceGroups/{name}", "name": name, "location": "westeurope"}
        for (subscription, _), name in cloud.groups.items()
        if subscription == s.lower()
    ]
    return Answer(200, document({"value": found}))


def _list_zones(cloud: Cloud, request: Request, s: str, g: str | None = None) -> Answer:
    found = cloud.zones_of(s, None if g is None else g.lower())
    return _page(request, [zone.shape(version_of(request)) for zone in found])


def _get_zone(cloud: Cloud, request: Request, s: str, g: str, z: str) -> Answer:
    return Answer(200, document(_zone(cloud, request, s, g, z).shape(version_of(request))))


def _put_zone(cloud: Cloud, request: Request, s: str, g: str, z: str) -> Answer:
    wanted = _document(request)
    if wanted.get("location", "").lower() != "global":
        raise _ArmRefusedError(400, "LocationRequired", "The location property is required for this definition.")
    zone = cloud.zone(s, g, z)
    _judge_condition(request, f"The Zone {z}", None if zone is None else zone.etag)
    created = zone is None
    if zone is None:
        if not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+", z) or z.lower() in {
            "azure.com",
            "microsoft.com",
        }:
            raise bad(f"The zone '{z}' is not available.")
        zone = cloud.create(s, g, z)
    zone.etag = new_etag()
    zone.tags = dict(wanted.get("tags") or {})
    return Answer(201 if created else 200, document(zone.shape(version_of(request))))


def _delete_zone(cloud: Cloud, request: Request, s: str, g: str, z: str) -> Answer:
    zone = cloud.zone(s, g, z)
    if zone is None:
        return Answer(204)
    _judge_condition(request, f"The Zone {z}", zone.etag)
    del cloud.zones[s.lower(), g.lower(), z.lower()]
    name = f"delzone{zone.number:020d}"
    cloud.operations[name] = 0
    base = f"{request.base}/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Network"
    query = f"?api-version={version_of(request)}"
    return Answer(
        202,
        b"",
        (
            ("azure-asyncoperation", f"{base}/dnsOperationStatuses/{name}{query}"),
            ("location", f"{base}/dnsOperationResults/{name}{query}"),
        ),
    )


def _get_operation(cloud: Cloud, _request: Request, s: str, g: str, o: str) -> Answer:
    del s, g
    if o not in cloud.operations:
        raise RefusedError(404, "NotFound", f"There is no operation '{o}'.")
    cloud.operations[o] += 1
    done = cloud.operations[o] >= cloud.polls_until_deleted
    return Answer(200, document({"status": "Succeeded" if done else "InProgress"}))


def _list_sets(cloud: Cloud, request: Request, s: str, g: str, z: str, t: str | None = None) -> Answer:
    zone = _zone(cloud, request, s, g, z)
    suffix = request.query.get("$recordsetnamesuffix", "").lower()
    shown = types_of(version_of(request))
    found = [
        zone.set_shape(one, version_of(request))
        for one in zone.listed()
        if (one.rdtype in shown or one.rdtype not in FIELDS)
        and t in {None, one.rdtype.lower(), one.rdtype}
        and one.name.lower().endswith(suffix)
    ]
    return _page(request, found)


def _get_set(cloud: Cloud, request: Request, s: str, g: str, z: str, t: str, n: str) -> Answer:
    zone = _zone(cloud, request, s, g, z)
    return Answer(200, document(zone.set_shape(_set(zone, t, n), version_of(request))))


def _set(zone: Zone, rdtype: str, name: str) -> RecordSet:
    found = zone.find(name, rdtype)
    if found is None:
        message = (
            f"The resource record '{name}' does not exist in resource group '{zone.group}' of subscription "
            f"'{zone.subscription}'."
        )
        raise RefusedError(404, "NotFound", message)
    return found


def _put_set(cloud: Cloud, request: Request, s: str, g: str, z: str, t: str, n: str) -> Answer:
    zone = _zone(cloud, request, s, g, z, nested=True)
    present = zone.find(n, t)
    _judge_condition(request, f"The Record set {n}", None if present is None else present.etag)
    _judge_link(cloud, zone, request)
    return _store(zone, request, t.upper(), n, _document(request).get("properties"), present)


def _judge_link(cloud: Cloud, zone: Zone, request: Request) -> None:
    """Whoever writes an alias must be able to read what it leads to, which nobody can in another tenant."""
    linked = re.search(r"/subscriptions/([0-9a-f-]+)/resourceGroups/", request.body.decode(), re.IGNORECASE)
    if linked and cloud.tenants.get(linked[1].lower()) != cloud.tenants.get(zone.subscription.lower()):
        raise _ArmRefusedError(
            403,
            "LinkedAuthorizationFailed",
            "The client 'app' has permission to perform action 'Microsoft.Network/dnszones/write' on scope "
            f"'{zone.identifier}', however the current tenant is not authorized to access linked subscription "
            f"'{linked[1]}'.",
        )


def _patch_set(cloud: Cloud, request: Request, s: str, g: str, z: str, t: str, n: str) -> Answer:
    zone = _zone(cloud, request, s, g, z, nested=True)
    present = _set(zone, t, n)
    _judge_condition(request, f"The Record set {n}", present.etag)
    return _store(
        zone, request, t.upper(), n, present.properties | _document(request).get("properties", {}), present
    )


def _store(
    zone: Zone, request: Request, rdtype: str, name: str, properties: object, present: RecordSet | None
) -> Answer:
    if not isinstance(properties, dict):
        raise bad("The request content was invalid and could not be deserialized: 'properties' is missing.")
    # A newer API's link is nothing that an older one knows.
    if version_of(request) != PREVIEW:
        properties = {field: found for field, found in properties.items() if field != "trafficManagementProfile"}
    judge_set(zone, name, rdtype, properties)
    wanted = RecordSet(present.name if present else name, rdtype, properties)
    zone.sets[wanted.key] = wanted
    zone.etag = new_etag()
    headers = (("etag", wanted.etag),)
    return Answer(200 if present else 201, document(zone.set_shape(wanted, version_of(request))), headers)


def _delete_set(cloud: Cloud, request: Request, s: str, g: str, z: str, t: str, n: str) -> Answer:
    zone = _zone(cloud, request, s, g, z)
    present = zone.find(n, t)
    if present is None:
        return Answer(204)
    _judge_condition(request, f"The Record set {n}", present.etag)
    judge_delete(n, t.upper())
    del zone.sets[present.key]
    return Answer(200)


def _judge_condition(request: Request, subject: str, etag: str | None) -> None:
    """If-Match and If-None-Match; the words of a mismatch are from a recorded answer."""
    if request.headers.get("if-none-match") == "*" and etag is not None:
        raise RefusedError(
            412, "PreconditionFailed", f"{subject} exists already and hence cannot be created again."
        )
    wanted = request.headers.get("if-match")
    if wanted is None:
        return
    if etag is None:
        raise RefusedError(412, "PreconditionFailed", f"{subject} does not exist and hence cannot be updated.")
    if wanted not in {"*", etag}:
        raise RefusedError(412, "PreconditionFailed", f"{subject} has been modified (etag mismatch).")


def _put_dnssec(cloud: Cloud, request: Request, s: str, g: str, z: str) -> Answer:
    zone = _zone(cloud, request, s, g, z, nested=True)
    if version_of(request) != PREVIEW:
        raise _ArmRefusedError(
            404, "InvalidResourceType", "The resource type 'dnszones/dnssecConfigs' could not be found."
        )
    created = zone.dnssec is None
    if created:
        zone.dnssec = _dnssec(zone)
    return Answer(
        201 if created else 200, document({**(zone.dnssec or {}), "properties": {"provisioningState": "Creating"}})
    )


def _get_dnssec(cloud: Cloud, request: Request, s: str, g: str, z: str) -> Answer:
    zone = _zone(cloud, request, s, g, z)
    if zone.dnssec is None:
        raise RefusedError(404, "NotFound", f"The zone '{z}' is not signed.")
    return Answer(200, document(zone.dnssec))


def _delete_dnssec(cloud: Cloud, request: Request, s: str, g: str, z: str) -> Answer:
    zone = _zone(cloud, request, s, g, z)
    found, zone.dnssec = zone.dnssec, None
    return Answer(202 if found else 204)


def _dnssec(zone: Zone) -> Raw:
    digest = "00" * 32
    signer = {"digestAlgorithmType": 2, "digestValue": digest, "record": f"60485 13 2 {digest}"}
    key = {"keyTag": 60485, "flags": 257, "protocol": 3, "securityAlgorithmType": 13, "publicKey": "AAAA"}
    return {
        "id": f"{zone.identifier}/dnssecConfigs/default",
        "name": "default",
        "type": "Microsoft.Network/dnszones/dnssecConfigs",
        "etag": new_etag(),
        "properties": {
            "provisioningState": "Succeeded",
            "signingKeys": [{**key, "delegationSignerInfo": [signer]}],
        },
    }


_Act = Callable[..., Answer]
_SUB = "/subscriptions/(?P<s>[^/]+)"
_GROUP = rf"{_SUB}/resourceGroups/(?P<g>[^/]+)"
_ZONES = "/providers/Microsoft.Network/dnsZones"
_ZONE = rf"{_GROUP}{_ZONES}/(?P<z>[^/]+)"
_DNSSEC = f"{_ZONE}/dnssecConfigs/default"
_TYPE = r"(?P<t>[A-Za-z0-9]+)"
ROUTES: tuple[tuple[str, str, str, _Act], ...] = (
    ("GET", "/subscriptions", "ListSubscriptions", _list_subscriptions),
    ("GET", f"{_SUB}/resourcegroups", "ListGroups", _list_groups),
    ("GET", f"{_SUB}{_ZONES}", "ListZones", _list_zones),
    ("GET", f"{_GROUP}{_ZONES}", "ListZonesOfGroup", _list_zones),
    (
        "GET",
        f"{_GROUP}/providers/Microsoft.Network/dnsOperationStatuses/(?P<o>[^/]+)",
        "GetOperation",
        _get_operation,
    ),
    ("GET", _ZONE, "GetZone", _get_zone),
    ("PUT", _ZONE, "PutZone", _put_zone),
    ("DELETE", _ZONE, "DeleteZone", _delete_zone),
    ("GET", _DNSSEC, "GetDnssec", _get_dnssec),
    ("PUT", _DNSSEC, "PutDnssec", _put_dnssec),
    ("DELETE", _DNSSEC, "DeleteDnssec", _delete_dnssec),
    ("GET", f"{_ZONE}/(?:recordsets|all)", "ListSets", _list_sets),
    ("GET", f"{_ZONE}/{_TYPE}", "ListSetsOfType", _list_sets),
    ("GET", f"{_ZONE}/{_TYPE}/(?P<n>[^/]+)", "GetSet", _get_set),
    ("PUT", f"{_ZONE}/{_TYPE}/(?P<n>[^/]+)", "PutSet", _put_set),
    ("PATCH", f"{_ZONE}/{_TYPE}/(?P<n>[^/]+)", "PatchSet", _patch_set),
    ("DELETE", f"{_ZONE}/{_TYPE}/(?P<n>[^/]+)", "DeleteSet", _delete_set),
)
