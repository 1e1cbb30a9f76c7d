"""The operations of the fake Route 53: from a request and an account to an answer."""

import re
from collections.abc import Callable

from migrator.demo.clouds.loopback import Answer
from migrator.demo.clouds.route53_changes import RefusedError, apply_batch, parse_batch
from migrator.demo.clouds.route53_zones import Account, Raw, Zone, document, normal_name
from migrator.demo.clouds.service import Request

VERSION = "/2013-04-01"
_SUBMITTED = "2026-01-01T00:00:00.000Z"


def error(status: int, code: str, message: str) -> Answer:
    """The usual form of an error."""
    kind = "Sender" if status < 500 else "Receiver"
    said = {"Error": {"Type": kind, "Code": code, "Message": message}, "RequestId": "fake-request"}
    return Answer(status, document("ErrorResponse", said))


def bare_error(status: int, code: str, message: str) -> Answer:
    """The other documented form, in which botocore finds no code."""
    return Answer(status, document(code, {"Messages": [message], "RequestId": "fake-request"}))


def throttled(status: int = 400) -> Answer:
    return error(status, "Throttling", "Rate exceeded")


def _zone(account: Account, identifier: str) -> Zone | None:
    return account.zones.get(identifier.removeprefix("hostedzone/"))


def _no_zone(identifier: str) -> Answer:
    return error(404, "NoSuchHostedZone", f"No hosted zone found with ID: {identifier}")


def _size(request: Request, most: int) -> int | Answer:
    text = request.query.get("maxitems", "100")
    if not text.isdecimal() or int(text) < 1:
        return error(400, "InvalidInput", f"Invalid maxitems: {text}")
    return min(int(text), most)


def _list_zones(account: Account, request: Request) -> Answer:
    size = _size(request, 100)
    if isinstance(size, Answer):
        return size
    zones = list(account.zones.values())
    marker = request.query.get("marker", "")
    if marker:
        places = [place for place, zone in enumerate(zones) if zone.identifier == marker]
        if not places:
            return error(400, "InvalidInput", f"Invalid marker: {marker}")
        zones = zones[places[0] :]
    said: Raw = {"HostedZones": [zone.shape() for zone in zones[:size]], "Marker": marker or None}
    said["IsTruncated"] = len(zones) > size
    said["NextMarker"] = zones[size].identifier if len(zones) > size else None
    return Answer(200, document("ListHostedZonesResponse", {**said, "MaxItems": size}))


def _list_zones_by_name(account: Account, request: Request) -> Answer:
    size = _size(request, 100)
    if isinstance(size, Answer):
        return size
    zones = account.by_name()
    name, identifier = request.query.get("dnsname", ""), request.query.get("hostedzoneid", "")
    if name:
        order = [tuple(reversed(zone.name.rstrip(".").split("."))) for zone in zones]
        start = (tuple(reversed(normal_name(name).rstrip(".").split("."))), identifier)
        zones = [zone for key, zone in zip(order, zones, strict=True) if (key, zone.identifier) >= start]
    said: Raw = {"HostedZones": [zone.shape() for zone in zones[:size]], "DNSName": name or None}
    said["HostedZoneId"] = identifier or None
    said["IsTruncated"] = len(zones) > size
    if len(zones) > size:
        said["NextDNSName"] = zones[size].name
        said["NextHostedZoneId"] = zones[size].identifier
    return Answer(200, document("ListHostedZonesByNameResponse", {**said, "MaxItems": size}))


def _list_zones_by_vpc(account: Account, request: Request) -> Answer:
    wanted = (request.query.get("vpcid", ""), request.query.get("vpcregion", ""))
    summaries = [
        {"HostedZoneId": zone.identifier, "Name": zone.name, "Owner": {"OwningAccount": "111122223333"}}
        for zone in account.by_name()
        if wanted in zone.vpcs
    ]
    inner = [{"HostedZoneSummary": summary} for summary in summaries]
    said: Raw = {"HostedZoneSummaries": inner, "MaxItems": 100}
    return Answer(200, document("ListHostedZonesByVPCResponse", said))


def _get_zone(account: Account, _request: Request, identifier: str) -> Answer:
    zone = _zone(account, identifier)
    if zone is None:
        return _no_zone(identifier)
    said: Raw = {"HostedZone": zone.shape()}
    if zone.private:
        said["VPCs"] = [{"VPCRegion": region, "VPCId": vpc} for vpc, region in zone.vpcs]
    else:
        said["DelegationSet"] = {"NameServers": list(zone.name_servers)}
    return Answer(200, document("GetHostedZoneResponse", said))


def _create_zone(account: Account, request: Request) -> Answer:
    body = request.body.decode()

    def part(tag: str) -> str:
        found = re.search(rf"<{tag}>(.*?)</{tag}>", body, re.DOTALL)
        return found[1] if found else ""

    name, reference = part("Name"), part("CallerReference")
    if not re.fullmatch(r"[^\s.]{1,63}(\.[^\s.]{1,63})*\.?", name):
        return error(400, "InvalidDomainName", f"{name} is not a valid domain name")
    if reference in account.caller_references:
        message = f"A hosted zone has already been created with the specified caller reference: {reference}"
        return error(409, "HostedZoneAlreadyExists", message)
    private = part("PrivateZone") == "true"
    vpcs = [(part("VPCId"), part("VPCRegion"))] if part("VPCId") else []
    if private and not vpcs:
        return error(400, "InvalidInput", "When you're creating a private hosted zone, you must specify a VPC.")
    zone = account.create(
        name, comment=part("Comment"), private=private or bool(vpcs), vpcs=vpcs, caller_reference=reference
    )
    said: Raw = {"HostedZone": zone.shape(), "ChangeInfo": _submitted(account)}
    if zone.private:
        said["VPC"] = {"VPCRegion": vpcs[0][1], "VPCId": vpcs[0][0]}
    else:
        said["DelegationSet"] = {"NameServers": list(zone.name_servers)}
    location = ("Location", f"https://route53.amazonaws.com{VERSION}/hostedzone/{zone.identifier}")
    return Answer(201, document("CreateHostedZoneResponse", said), (location,))


def _delete_zone(account: Account, _request: Request, identifier: str) -> Answer:
    zone = _zone(account, identifier)
    if zone is None:
        return _no_zone(identifier)
    if any(raw["Name"] != zone.name or raw["Type"] not in {"NS", "SOA"} for raw in zone.record_sets):
        return error(
            400, "HostedZoneNotEmpty", "The specified hosted zone contains non-required resource record sets"
        )
    del account.zones[zone.identifier]
    said = {"ChangeInfo": _submitted(account)}
    return Answer(200, document("DeleteHostedZoneResponse", said))


def _list_sets(account: Account, request: Request, identifier: str) -> Answer:
    zone = _zone(account, identifier)
    if zone is None:
        return _no_zone(identifier)
    size = _size(request, 300)
    if isinstance(size, Answer):
        return size
    start = None
    if "name" in request.query:
        start = (request.query["name"], request.query.get("type", ""), request.query.get("identifier", ""))
    elif "type" in request.query:
        return error(400, "InvalidInput", "The input is not valid: a type without a name")
    page, following = zone.page(start, size)
    said: Raw = {"ResourceRecordSets": page, "IsTruncated": following is not None}
    if following is not None:
        said["NextRecordName"] = following["Name"]
        said["NextRecordType"] = following["Type"]
        said["NextRecordIdentifier"] = following.get("SetIdentifier")
    return Answer(200, document("ListResourceRecordSetsResponse", {**said, "MaxItems": size}))


def _change_sets(account: Account, request: Request, identifier: str) -> Answer:
    zone = _zone(account, identifier)
    if zone is None:
        return _no_zone(identifier)
    if zone.linked_service:
        words = f"The resource hostedzone/{zone.identifier} can only be managed through {zone.linked_service[0]}"
        return error(403, "AccessDenied", words)
    try:
        apply_batch(account, zone, parse_batch(request.body))
    except RefusedError as exc:
        listed = f"[{', '.join(exc.messages)}]" if exc.code == "InvalidChangeBatch" else exc.messages[0]
        return error(404 if exc.code.startswith("NoSuch") else 400, exc.code, listed)
    said = {"ChangeInfo": _submitted(account)}
    return Answer(200, document("ChangeResourceRecordSetsResponse", said))


def _get_change(account: Account, _request: Request, change: str) -> Answer:
    if change not in account.polls:
        return error(404, "NoSuchChange", f"Could not find resource with ID: {change}")
    account.polls[change] += 1
    status = "INSYNC" if account.polls[change] > account.polls_until_insync else "PENDING"
    return Answer(200, document("GetChangeResponse", {"ChangeInfo": _change(change, status)}))


def _get_limit(account: Account, _request: Request, identifier: str, kind: str) -> Answer:
    zone = _zone(account, identifier)
    if zone is None:
        return _no_zone(identifier)
    values = {
        "MAX_RRSETS_BY_ZONE": (zone.most_record_sets, len(zone.record_sets)),
        "MAX_VPCS_ASSOCIATED_BY_ZONE": (300, len(zone.vpcs)),
    }
    if kind not in values:
        return error(400, "InvalidInput", f"Unknown limit: {kind}")
    value, count = values[kind]
    said = {"Limit": {"Type": kind, "Value": value}, "Count": count}
    return Answer(200, document("GetHostedZoneLimitResponse", said))


def _get_dnssec(account: Account, _request: Request, identifier: str) -> Answer:
    zone = _zone(account, identifier)
    if zone is None:
        return _no_zone(identifier)
    said: Raw = {"Status": {"ServeSignature": zone.signing}, "KeySigningKeys": []}
    return Answer(200, document("GetDNSSECResponse", said))


def _list_health_checks(account: Account, _request: Request) -> Answer:
    """None at all: what they look at is no DNS."""
    said: Raw = {"HealthChecks": [], "Marker": "", "IsTruncated": False, "MaxItems": 100}
    return Answer(200, document("ListHealthChecksResponse", said))


def _list_tags(account: Account, _request: Request, identifier: str) -> Answer:
    if _zone(account, identifier) is None:
        return _no_zone(identifier)
    said: Raw = {"ResourceTagSet": {"ResourceType": "hostedzone", "ResourceId": identifier, "Tags": []}}
    return Answer(200, document("ListTagsForResourceResponse", said))


def _submitted(account: Account) -> Raw:
    return _change(account.new_change(), "PENDING" if account.polls_until_insync else "INSYNC")


def _change(identifier: str, status: str) -> Raw:
    return {"Id": f"/change/{identifier}", "Status": status, "SubmittedAt": _SUBMITTED}


_Act = Callable[..., Answer]
ROUTES: tuple[tuple[str, str, str, _Act], ...] = (
    ("GET", "/hostedzone", "ListHostedZones", _list_zones),
    ("POST", "/hostedzone", "CreateHostedZone", _create_zone),
    ("GET", "/hostedzonesbyname", "ListHostedZonesByName", _list_zones_by_name),
    ("GET", "/hostedzonesbyvpc", "ListHostedZonesByVPC", _list_zones_by_vpc),
    ("GET", "/hostedzone/([^/]+)", "GetHostedZone", _get_zone),
    ("DELETE", "/hostedzone/([^/]+)", "DeleteHostedZone", _delete_zone),
    ("GET", "/hostedzone/([^/]+)/rrset", "ListResourceRecordSets", _list_sets),
    ("POST", "/hostedzone/([^/]+)/rrset/?", "ChangeResourceRecordSets", _change_sets),
    ("GET", "/hostedzone/([^/]+)/dnssec", "GetDNSSEC", _get_dnssec),
    ("GET", "/hostedzonelimit/([^/]+)/([^/]+)", "GetHostedZoneLimit", _get_limit),
    ("GET", "/change/([^/]+)", "GetChange", _get_change),
    ("GET", "/healthcheck", "ListHealthChecks", _list_health_checks),
    ("GET", "/tags/hostedzone/([^/]+)", "ListTagsForResource", _list_tags),
)


def operation_of(method: str, path: str) -> str:
    return next((name for m, pattern, name, _ in ROUTES if m == method and re.fullmatch(pattern, path)), "Unknown")
