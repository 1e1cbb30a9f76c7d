"""What ChangeResourceRecordSets accepts and refuses: one batch, whole or not at all."""

import re
from collections import Counter
from copy import deepcopy
from xml.etree import ElementTree as ET

import dns.exception
import dns.name
import dns.rdata
import dns.rdatatype

from migrator.demo.clouds.route53_zones import Account, Raw, Zone, decimal, key_of, normal_name

_MOST_RECORDS = 1000
_MOST_CHARACTERS = 32_000
_MOST_CHARACTERS_IN_VALUE = 4000
_MOST_RECORDS_IN_SET = 400
_POLICIES = (
    "Weight",
    "Region",
    "GeoLocation",
    "GeoProximityLocation",
    "CidrRoutingConfig",
    "Failover",
    "MultiValueAnswer",
)
_TYPES = frozenset(
    "SOA A TXT NS CNAME MX NAPTR PTR SRV SPF AAAA CAA DS TLSA SSHFP SVCB HTTPS".split()  # noqa: SIM905
)


class RefusedError(Exception):
    """The batch is refused: a code and one message for each bad change."""

    def __init__(self, code: str, *messages: str) -> None:
        super().__init__(*messages)
        self.code = code
        self.messages = messages


def parse_batch(body: bytes) -> list[tuple[str, Raw]]:
    """The actions and record sets of a request body, in order."""
    try:
        root = ET.fromstring(body)
    except ET.ParseError as exc:
        raise RefusedError("InvalidInput", f"The request is no XML: {exc}") from exc
    changes = []
    for change in (element for element in root.iter() if _tag(element) == "Change"):
        parts = {_tag(element): element for element in change}
        changes.append((parts["Action"].text or "", _record_set(parts["ResourceRecordSet"])))
    return changes


def apply_batch(account: Account, zone: Zone, changes: list[tuple[str, Raw]]) -> None:
    """Change the zone, or raise RefusedError and leave it as it was."""
    _check_size(changes)
    for number, (_, raw) in enumerate(changes, start=1):
        _check_form(account, number, raw)
    messages: list[str] = []
    wanted = {key_of(raw): deepcopy(raw) for raw in zone.record_sets}
    for action, raw in changes:
        messages += _applied(account, zone, wanted, action, raw)
    if not messages:
        messages += _conflicts(zone, wanted)
    if len(wanted) > zone.most_record_sets:
        messages.append(f"The zone would have more than {zone.most_record_sets} resource record sets")
    if messages:
        raise RefusedError("InvalidChangeBatch", *messages)
    zone.record_sets = list(wanted.values())


def _check_size(changes: list[tuple[str, Raw]]) -> None:
    records = characters = 0
    for action, raw in changes:
        times = 2 if action == "UPSERT" else 1
        values = [record["Value"] for record in raw.get("ResourceRecords", [])]
        records += times * (len(values) or 1)
        characters += times * sum(map(len, values))
    if records > _MOST_RECORDS:
        raise RefusedError("InvalidChangeBatch", f"Number of records limit of {_MOST_RECORDS} exceeded.")
    if characters > _MOST_CHARACTERS:
        raise RefusedError("InvalidChangeBatch", f"Number of characters limit of {_MOST_CHARACTERS} exceeded.")


def _check_form(account: Account, number: int, raw: Raw) -> None:
    """What the service's front refuses before it looks at the zone, one defect at a time."""

    def refuse(where: str, value: object, constraint: str) -> None:
        place = f"changeBatch.changes.{number}.member.resourceRecordSet.{where}"
        words = (
            f"1 validation error detected: Value '{value}' at '{place}' failed to satisfy constraint: Member must"
        )
        raise RefusedError("InvalidInput", f"{words} {constraint}")

    if raw["Type"] not in _TYPES | account.newer_types:
        refuse("type", raw["Type"], "satisfy enum value set: [SOA, A, TXT, NS, CNAME, MX, ...]")
    for place, record in enumerate(raw.get("ResourceRecords", []), start=1):
        if len(record["Value"]) > _MOST_CHARACTERS_IN_VALUE:
            where = f"resourceRecords.{place}.member.value"
            refuse(where, record["Value"], f"have length less than or equal to {_MOST_CHARACTERS_IN_VALUE}")
    if "SetIdentifier" in raw and not 1 <= len(raw["SetIdentifier"]) <= 128:
        refuse("setIdentifier", raw["SetIdentifier"], "have length less than or equal to 128")
    check = raw.get("HealthCheckId")
    if check is not None and account.health_checks is not None and check not in account.health_checks:
        raise RefusedError("NoSuchHealthCheck", f"No health check exists with the ID {check}")


def _applied(
    account: Account, zone: Zone, wanted: dict[tuple[str, str, str], Raw], action: str, raw: Raw
) -> list[str]:
    raw["Name"] = normal_name(raw["Name"])
    if "AliasTarget" in raw:
        raw["AliasTarget"]["DNSName"] = normal_name(raw["AliasTarget"]["DNSName"])
    key = key_of(raw)
    if key[:2] in zone.protections:
        comment = zone.protections[key[:2]]
        words = f"RRSet with DNS name {key[0]}, type {key[1]} is protected by a resource record set protection"
        return [f"{words} ({comment})" if comment else words]
    shown = f"[name='{raw['Name']}', type='{raw['Type']}'"
    shown += f", set-identifier='{key[2]}']" if key[2] else "]"
    if action == "DELETE":
        if key not in wanted:
            return [f"Tried to delete resource record set {shown} but it was not found"]
        if not _same(wanted[key], raw):
            reason = "the values provided do not match the current values"
            return [f"Tried to delete resource record set {shown} but {reason}"]
        del wanted[key]
        return []
    if action == "CREATE" and key in wanted:
        return [f"Tried to create resource record set {shown} but it already exists"]
    if raw["Name"] != zone.name and not raw["Name"].endswith(f".{zone.name}"):
        return [f"RRSet with DNS name {raw['Name']} is not permitted in zone {zone.name}"]
    messages = _defects(raw) + _alias_defects(account, zone, wanted, raw)
    if not messages:
        wanted[key] = raw
    return messages


def _alias_defects(account: Account, zone: Zone, wanted: dict[tuple[str, str, str], Raw], raw: Raw) -> list[str]:
    """An alias into its own zone needs its target, at the latest by the change before; none leads to another."""
    target = raw.get("AliasTarget", {})
    there = target.get("HostedZoneId")
    if there not in account.zones:
        return []
    name = target["DNSName"]
    words = f"Tried to create an alias that targets {name}, type {raw['Type']} in zone {there}"
    if there != zone.identifier or (name != zone.name and not name.endswith(f".{zone.name}")):
        return [f"{words}, but the alias target name does not lie within the target zone"]
    if not any(key[:2] == (name, raw["Type"]) for key in wanted):
        return [f"{words}, but that target was not found"]
    return []


def _same(stored: Raw, given: Raw) -> bool:
    return _comparable(stored) == _comparable(given)


def _comparable(raw: Raw) -> Raw:
    values = sorted(record["Value"] for record in raw.get("ResourceRecords", []))
    return {**raw, "ResourceRecords": values}


def _defects(raw: Raw) -> list[str]:
    rdtype = raw["Type"]
    values = [record["Value"] for record in raw.get("ResourceRecords", [])]
    forms = ("AliasTarget" in raw) + bool(values and "TTL" in raw) + ("TrafficPolicyInstanceId" in raw)
    if forms != 1 or ("AliasTarget" in raw and (values or "TTL" in raw)):
        raise RefusedError(
            "InvalidInput",
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
            f"TrafficPolicyInstanceId], but found {'none' if forms == 0 else 'more than one'} in Change with "
            f"[Name={raw['Name']}, Type={rdtype}, SetIdentifier={raw.get('SetIdentifier', 'null')}]",
        )
    policies = [policy for policy in _POLICIES if policy in raw]
    if bool(policies) != bool(raw.get("SetIdentifier")):
        raise RefusedError("InvalidInput", "Invalid request: Missing field 'SetIdentifier' or a routing policy")
    if len(policies) > 1:
        raise RefusedError("InvalidInput", f"Invalid request: Expected exactly one of {policies}")
    messages = [f"Duplicate Resource Record: '{value}'" for value, n in Counter(values).items() if n > 1]
    if len(values) > _MOST_RECORDS_IN_SET:
        messages.append(f"Number of records in the RRSet exceeds the limit of {_MOST_RECORDS_IN_SET}")
    if rdtype not in _TYPES:
        return messages
    return messages + [message for value in values for message in _value_defects(rdtype, value)]


def _value_defects(rdtype: str, value: str) -> list[str]:
    def fatal(problem: str) -> list[str]:
        return [f"Invalid Resource Record: 'FATAL problem: {problem} encountered with '{value}''"]

    if rdtype in {"TXT", "SPF"}:
        if not re.fullmatch(r'\s*"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*\s*', value, re.DOTALL):
            return fatal("InvalidCharacterString (Value should be enclosed in quotation marks)")
        if any(len(part) > 255 for part in re.findall(r'"((?:[^"\\]|\\.)*)"', re.sub(r"\\\d{3}|\\.", "x", value))):
            return fatal("CharacterStringTooLong (Value is too long)")
    try:
        dns.rdata.from_text("IN", rdtype, decimal(value), origin=dns.name.root, relativize=False)
    except (dns.exception.DNSException, ValueError) as exc:
        return fatal(f"{rdtype}RRDATAInvalid ({exc})")
    return []


def _conflicts(zone: Zone, wanted: dict[tuple[str, str, str], Raw]) -> list[str]:
    messages = []
    types_at: dict[str, set[str]] = {}
    for name, rdtype, _ in wanted:
        types_at.setdefault(name, set()).add(rdtype)
    for name, types in types_at.items():
        if "CNAME" in types and name == zone.name:
            messages.append(
                f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {zone.name}"
            )
        elif "CNAME" in types and len(types) > 1:
            messages.append(
                f"RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with other records "
                f"with the same DNS name in zone {zone.name}"
            )
    for required, words in (
        ("SOA", "exactly one SOA record."),
        ("NS", "at least one NS record for the zone itself."),
    ):
        if (zone.name, required, "") not in wanted:
            messages.append(f"A HostedZone must contain {words}")
    return messages + _policy_conflicts(wanted)


def _policy_conflicts(wanted: dict[tuple[str, str, str], Raw]) -> list[str]:
    policies_at: dict[tuple[str, str], set[str]] = {}
    for (name, rdtype, _), raw in wanted.items():
        policy = next((policy for policy in _POLICIES if policy in raw), "simple")
        policies_at.setdefault((name, rdtype), set()).add(policy)
    return [
        f"RRSet with DNS name {name}, type {rdtype} cannot be created as a RRSet with the same name and another "
        "routing policy exists"
        for (name, rdtype), policies in policies_at.items()
        if len(policies) > 1
    ]


def _record_set(element: ET.Element) -> Raw:
    found: Raw = {}
    for child in element:
        tag = _tag(child)
        if tag == "ResourceRecords":
            found[tag] = [{_tag(value): value.text or "" for value in record} for record in child]
        elif len(child) and all(f"{_tag(inner)}s" == tag for inner in child):
            found[tag] = [inner.text or "" for inner in child]
        elif len(child):
            found[tag] = _record_set(child)
        elif tag in {"TTL", "Weight", "Bias"}:
            found[tag] = int(child.text or 0)
        elif tag in {"MultiValueAnswer", "EvaluateTargetHealth"}:
            found[tag] = child.text == "true"
        else:
            found[tag] = child.text or ""
    return found


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
