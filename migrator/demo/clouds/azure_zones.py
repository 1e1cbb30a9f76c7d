"""What a fake Azure stores: subscriptions, resource groups, zones and record sets, in Azure's own normal form.

Names are compared without regard to case and given back as they were written; ids come back with `dnszones`; an
alias set has no records, and every set has `targetResource`, empty where it is no alias.
"""

import itertools
import json
import threading
import uuid
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

Raw = dict[str, Any]
PREVIEW = "2023-07-01-preview"
STABLE = "2018-05-01"
API_VERSIONS = frozenset({"2016-04-01", "2017-09-01", "2018-03-01-preview", STABLE, PREVIEW})
# Where the records of a type stand; a single one is an object, the others a list.
FIELDS = {
    "A": "ARecords",
    "AAAA": "AAAARecords",
    "CAA": "caaRecords",
    "CNAME": "CNAMERecord",
    "DS": "DSRecords",
    "MX": "MXRecords",
    "NAPTR": "NAPTRRecords",
    "NS": "NSRecords",
    "PTR": "PTRRecords",
    "SOA": "SOARecord",
    "SRV": "SRVRecords",
    "TLSA": "TLSARecords",
    "TXT": "TXTRecords",
}
SINGLE = frozenset({"CNAME", "SOA"})
PREVIEW_TYPES = frozenset({"DS", "TLSA", "NAPTR"})
PROFILE_TTL = 30


def types_of(version: str) -> frozenset[str]:
    return frozenset(FIELDS) if version == PREVIEW else frozenset(FIELDS) - PREVIEW_TYPES


def new_etag() -> str:
    return str(uuid.uuid4())


@dataclass
class RecordSet:
    name: str
    rdtype: str
    properties: Raw
    etag: str = field(default_factory=new_etag)
    # What only a service of tomorrow would say, or a broken one: laid over the document.
    more: Raw = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return self.rdtype.upper(), self.name.lower()

    @property
    def target(self) -> str:
        """The resource that an alias names."""
        for name in ("targetResource", "trafficManagementProfile"):
            identifier = (self.properties.get(name) or {}).get("id")
            if identifier:
                return str(identifier)
        return ""


@dataclass
class Zone:
    subscription: str
    group: str
    name: str
    number: int
    etag: str = field(default_factory=new_etag)
    tags: dict[str, str] = field(default_factory=dict)
    zone_type: str = "Public"
    most_record_sets: int = 10_000
    counted: int | None = None
    sets: dict[tuple[str, str], RecordSet] = field(default_factory=dict)
    dnssec: Raw | None = None

    @property
    def identifier(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/Microsoft.Network/dnszones/{self.name}"
        )

    @property
    def name_servers(self) -> tuple[str, ...]:
        tails = ("com", "net", "org", "info")
        return tuple(f"ns{i}-{self.number:02d}.azure-dns.{tail}." for i, tail in enumerate(tails, start=1))

    def begin(self) -> None:
        """Make the sets that every new zone has."""
        soa = {
            "host": self.name_servers[0],
            "email": "azuredns-hostmaster.microsoft.com",
            "serialNumber": 1,
            "refreshTime": 3600,
            "retryTime": 300,
            "expireTime": 2419200,
            "minimumTTL": 300,
        }
        self.put("@", "NS", NSRecords=[{"nsdname": server} for server in self.name_servers], TTL=172800)
        self.put("@", "SOA", SOARecord=soa, TTL=3600)

    def put(self, name: str, rdtype: str, *, TTL: int = 3600, **properties: Any) -> RecordSet:  # noqa: N803
        """Store a set as it is; nothing is checked."""
        found = RecordSet(name, rdtype, {"TTL": TTL, **deepcopy(properties)})
        self.sets[found.key] = found
        return found

    def remove(self, name: str, rdtype: str) -> None:
        del self.sets[rdtype.upper(), name.lower()]

    def find(self, name: str, rdtype: str) -> RecordSet | None:
        return self.sets.get((rdtype.upper(), name.lower()))

    def at(self, name: str) -> list[RecordSet]:
        return [found for found in self.sets.values() if found.name.lower() == name.lower()]

    def listed(self) -> list[RecordSet]:
        """In the order of recorded lists: by labels from the right, the apex first, then by type."""
        return sorted(self.sets.values(), key=lambda one: (_order(one.name), one.rdtype))

    def shape(self, version: str) -> Raw:
        properties: Raw = {
            "maxNumberOfRecordSets": self.most_record_sets,
            "maxNumberOfRecordsPerRecordSet": None,
            "nameServers": list(self.name_servers) if self.zone_type == "Public" else [],
            "numberOfRecordSets": len(self.sets) if self.counted is None else self.counted,
            "zoneType": self.zone_type,
        }
        if version == PREVIEW and self.dnssec is not None:
            properties["signingKeys"] = deepcopy(self.dnssec["properties"]["signingKeys"])
        return {
            "id": self.identifier,
            "name": self.name,
            "type": "Microsoft.Network/dnszones",
            "etag": self.etag,
            "location": "global",
            "tags": dict(self.tags),
            "properties": properties,
        }

    def set_shape(self, found: RecordSet, version: str) -> Raw:
        """A record set as Azure gives it back."""
        fqdn = self.name if found.name == "@" else f"{found.name}.{self.name}"
        given = found.properties
        properties: Raw = {"fqdn": f"{fqdn}.", "TTL": PROFILE_TTL if _of_profile(found.target) else given["TTL"]}
        if "metadata" in given:
            properties["metadata"] = deepcopy(given["metadata"])
        records = FIELDS.get(found.rdtype)
        if records and not found.target and (records in given or found.rdtype not in SINGLE):
            properties[records] = _ordered(given.get(records) or ([] if found.rdtype not in SINGLE else None))
        properties["targetResource"] = deepcopy(given.get("targetResource") or {})
        if version == PREVIEW:
            properties["trafficManagementProfile"] = deepcopy(given.get("trafficManagementProfile") or {})
        properties["provisioningState"] = "Succeeded"
        known = {"TTL", "metadata", "targetResource", "trafficManagementProfile", records}
        properties |= {name: deepcopy(value) for name, value in given.items() if name not in known}
        return {
            "id": f"{self.identifier}/{found.rdtype}/{found.name}",
            "name": found.name,
            "type": f"Microsoft.Network/dnszones/{found.rdtype}",
            "etag": found.etag,
            "properties": properties,
            **deepcopy(found.more),
        }


class Cloud:
    """Everything that one Azure holds."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.subscriptions: dict[str, str] = {}
        self.hidden: set[str] = set()
        # The tenants of subscriptions and of tokens, where there are several; a token without one sees all.
        self.tenants: dict[str, str] = {}
        self.logins: dict[str, str] = {}
        self.groups: dict[tuple[str, str], str] = {}
        self.zones: dict[tuple[str, str, str], Zone] = {}
        self.operations: dict[str, int] = {}
        self.polls_until_deleted = 1
        # Types of a service of tomorrow.
        self.newer_types: set[str] = set()
        self._numbers = itertools.count(1)

    def subscribe(self, identifier: str, name: str = "Sample") -> str:
        self.subscriptions[identifier.lower()] = name
        return identifier

    def move_to_tenant(self, tenant: str, *subscriptions: str) -> None:
        """Let only those who log in to this tenant see these subscriptions."""
        self.tenants |= dict.fromkeys((one.lower() for one in subscriptions), tenant)

    def is_of(self, token: str, subscription: str) -> bool:
        """Tell whether the tenant of a token is the subscription's."""
        tenant = self.logins.get(token)
        return tenant is None or self.tenants.get(subscription.lower(), tenant) == tenant

    def group(self, subscription: str, name: str) -> str:
        if subscription.lower() not in self.subscriptions:
            self.subscribe(subscription)
        self.groups[subscription.lower(), name.lower()] = name
        return name

    def create(self, subscription: str, group: str, name: str, **more: Any) -> Zone:
        """Make a zone, and whatever it needs, with its first two sets."""
        if (subscription.lower(), group.lower()) not in self.groups:
            self.group(subscription, group)
        zone = Zone(
            subscription, self.groups[subscription.lower(), group.lower()], name, next(self._numbers), **more
        )
        zone.begin()
        self.zones[subscription.lower(), group.lower(), name.lower()] = zone
        return zone

    def zone(self, subscription: str, group: str, name: str) -> Zone | None:
        return self.zones.get((subscription.lower(), group.lower(), name.lower()))

    def zones_of(self, subscription: str, group: str | None = None) -> Iterator[Zone]:
        for (its_subscription, its_group, _), zone in self.zones.items():
            if its_subscription == subscription.lower() and group in {None, its_group}:
                yield zone

    def only_zone(self) -> Zone:
        (zone,) = self.zones.values()
        return zone


def document(found: object) -> bytes:
    """JSON as Azure writes it: no blanks, escaped slashes."""
    return json.dumps(found, separators=(",", ":")).replace("/", "\\/").encode()


def _order(name: str) -> list[str]:
    return [] if name == "@" else name.lower().split(".")[::-1]


def _of_profile(target: str) -> bool:
    return "/trafficmanagerprofiles/" in target.lower()


def _ordered(records: Any) -> Any:
    """Fields in the order of the alphabet, as recorded answers have them."""
    if isinstance(records, list):
        return [_ordered(record) for record in records]
    if isinstance(records, dict):
        return {name: deepcopy(records[name]) for name in sorted(records)}
    return deepcopy(records)
