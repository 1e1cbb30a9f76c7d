"""The accounts and zones of the fake Cloudflare: what is stored, what stands against what, and batches."""

import itertools
import threading
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from migrator.demo.clouds.cloudflare_records import Raw, RefusedError, invalid, meaning, normal_name, normal_record

_TIME = "2026-01-01T00:00:{:02d}.{:06d}Z"
_ADDRESSES = frozenset({"A", "AAAA"})
_CONTENT_LIMIT = 8192
BATCH_LIMITS = {"free": 200}
_QUOTAS = {"free": 200}
_PAID_LIMIT = 3_500
ALL = frozenset(
    {
        "zone:read",
        "zone:edit",
        "dns:read",
        "dns:edit",
        "settings:read",
        "settings:edit",
        "balancers:read",
        "account:read",
    }
)


@dataclass
class Token:
    """An API token: what it may do, in which zones and in which accounts (None: all)."""

    permissions: frozenset[str] = ALL
    zones: frozenset[str] | None = None
    accounts: frozenset[str] | None = None
    valid: bool = True

    def sees(self, zone: "Zone") -> bool:
        return (self.zones is None or zone.identifier in self.zones) and self.sees_account(zone.account)

    def sees_account(self, account: str) -> bool:
        return self.accounts is None or account in self.accounts


@dataclass
class Zone:
    identifier: str
    name: str
    account: str
    plan: str = "free"
    kind: str = "full"
    status: str = "active"
    paused: bool = False
    name_servers: tuple[str, ...] = ()
    vanity: tuple[str, ...] = ()
    quota: int | None = None
    # Types of a service of tomorrow.
    newer_types: frozenset[str] = frozenset()
    records: list[Raw] = field(default_factory=list)
    settings: Raw = field(default_factory=dict)
    dnssec: Raw = field(default_factory=lambda: {"status": "disabled"})
    balancers: list[Raw] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def limit(self) -> int:
        return _QUOTAS.get(self.plan, _PAID_LIMIT) if self.quota is None else self.quota

    def put(self, *raws: Mapping[str, Any]) -> None:
        """Store records as they are, with an id and times; nothing is checked."""
        for raw in raws:
            self.records.append({**self._stamp(), **deepcopy(dict(raw))})

    def seed(self, *raws: Mapping[str, Any], **more: Any) -> None:
        """Store records in the service's own form, as if somebody had written them there."""
        for raw in raws:
            self.records.append({**self._stamp(), **self._normal({**raw, **more})})

    def named(self, name: str, rdtype: str = "") -> list[Raw]:
        wanted = normal_name(name, self.name)
        return [r for r in self.records if r.get("name") == wanted and rdtype in {"", r.get("type")}]

    def create(self, given: Mapping[str, Any]) -> Raw:
        stored = self._normal(given)
        if len(self.records) >= self.limit:
            raise RefusedError(81045, "Record quota exceeded.")
        self._expect_no_conflict(stored, None)
        record = {**self._stamp(), **stored}
        self.records.append(record)
        return record

    def overwrite(self, identifier: str, given: Mapping[str, Any]) -> Raw:
        """PUT: what is not said takes its default."""
        old = self._writable(identifier)
        return self._replace(old, self._normal(given))

    def update(self, identifier: str, given: Mapping[str, Any]) -> Raw:
        """PATCH: what is not said stays; the data outranks a content that is there."""
        old = self._writable(identifier)
        merged = {**old, **given}
        if "settings" in given:
            merged["settings"] = {**(old.get("settings") or {}), **(given["settings"] or {})}
        if "content" in given and "data" not in given:
            merged.pop("data", None)
        return self._replace(old, self._normal(merged))

    def delete(self, identifier: str) -> Raw:
        record = self._writable(identifier)
        last = record["type"] == "NS" and len(self.named(record["name"], "NS")) == 1
        if last and self.named(record["name"], "DS"):
            raise invalid(9060, "NS records of a name with DS records cannot be removed.")
        self.records.remove(record)
        return record

    def batch(self, given: Mapping[str, Any]) -> Raw:
        """Deletes, patches, puts, posts: all or none."""
        sections = {name: given.get(name) or [] for name in ("deletes", "patches", "puts", "posts")}
        most = BATCH_LIMITS.get(self.plan, _PAID_LIMIT)
        if sum(map(len, sections.values())) > most:
            raise RefusedError(1005, f"A batch has at most {most} operations.")
        before = list(self.records)
        try:
            return {
                "deletes": [self.delete(each["id"]) for each in sections["deletes"]],
                "patches": [self.update(each["id"], each) for each in sections["patches"]],
                "puts": [self.overwrite(each["id"], each) for each in sections["puts"]],
                "posts": [self.create(each) for each in sections["posts"]],
            }
        except RefusedError:
            self.records = before
            raise

    def shape(self, account_name: str) -> Raw:
        return {
            "id": self.identifier,
            "name": self.name,
            "status": self.status,
            "paused": self.paused,
            "type": self.kind,
            "development_mode": 0,
            "name_servers": list(self.name_servers),
            "original_name_servers": None,
            "modified_on": "2026-01-01T00:00:00.000000Z",
            "created_on": "2026-01-01T00:00:00.000000Z",
            "meta": {"step": 2, "phishing_detected": False},
            "account": {"id": self.account, "name": account_name},
            "owner": {"id": None, "type": "user", "email": None},
            "permissions": ["#zone:read", "#dns_records:read"],
            "plan": {"id": "0" * 32, "name": f"{self.plan.title()} Website", "legacy_id": self.plan},
            **({"vanity_name_servers": list(self.vanity)} if self.vanity else {}),
        }

    def edit_settings(self, given: Mapping[str, Any]) -> Raw:
        if self.plan != "enterprise" and {"soa", "ns_ttl"} & given.keys():
            raise RefusedError(1004, "Custom SOA and nameserver TTLs are not available in your plan.", status=403)
        for name, found in (given.get("soa") or {}).items():
            least, most = _SOA_RANGES.get(name, (None, None))
            if least is not None and most is not None and not least <= found <= most:
                raise invalid(9070, f"soa.{name} must be between {least} and {most}.")
        self.settings = {
            **self.settings,
            **given,
            "soa": {**self.settings.get("soa", {}), **(given.get("soa") or {})},
        }
        return self.settings

    def _normal(self, given: Mapping[str, Any]) -> Raw:
        return normal_record(given, self.name, self.plan, self.newer_types)

    def _stamp(self) -> Raw:
        number = next(self.numbers)
        time = _TIME.format(number // 1_000_000 % 60, number % 1_000_000)
        return {"id": f"{self.identifier[:16]}{number:016x}", "created_on": time, "modified_on": time}

    def _record(self, identifier: str) -> Raw:
        found = next((record for record in self.records if record["id"] == identifier), None)
        if found is None:
            raise RefusedError(81044, "Record does not exist.", status=404)
        return found

    def _writable(self, identifier: str) -> Raw:
        record = self._record(identifier)
        if (record.get("meta") or {}).get("read_only"):
            raise RefusedError(1046, "This record is managed by another product.")
        return record

    def _replace(self, old: Raw, stored: Raw) -> Raw:
        self._expect_no_conflict(stored, old)
        time = self._stamp()["modified_on"]
        new = {"id": old["id"], "created_on": old["created_on"], "modified_on": time, **stored}
        self.records[self.records.index(old)] = new
        return new

    def _expect_no_conflict(self, stored: Raw, old: Raw | None) -> None:
        rdtype, name = stored["type"], stored["name"]
        others = [record for record in self.records if record is not old and record.get("name") == name]
        types = {record["type"] for record in others}
        if any(r["type"] == rdtype and meaning(r) == meaning(stored) for r in others):
            raise RefusedError(81058, "An identical record already exists.")
        if (rdtype == "CNAME" and types & (_ADDRESSES | {"CNAME"})) or (rdtype in _ADDRESSES and "CNAME" in types):
            raise RefusedError(81053, "An A, AAAA, or CNAME record with that host already exists.")
        if name != self.name:
            if (rdtype == "NS" and types - {"NS", "DS"}) or (rdtype not in {"NS", "DS"} and "NS" in types):
                raise RefusedError(81056, "An NS record cannot share its name with other records.")
            if rdtype == "DS" and "NS" not in types:
                raise invalid(9061, "A DS record needs NS records at the same name.")
        elif rdtype == "DS":
            raise invalid(9062, "DS records at the zone apex belong to the parent.")
        elif rdtype == "NS" and stored["content"].lower() in self.name_servers:
            raise invalid(9063, "The zone has these nameservers already.")
        contents = [len(r.get("content", "")) for r in others if r["type"] == rdtype]
        if sum(contents) + len(stored.get("content", "")) > _CONTENT_LIMIT:
            raise RefusedError(
                83011, f"Combined content length of records with this name and type exceeds {_CONTENT_LIMIT}."
            )


_SOA_RANGES = {
    "expire": (86_400, 2_419_200),
    "min_ttl": (60, 86_400),
    "refresh": (600, 86_400),
    "retry": (600, 86_400),
    "ttl": (300, 86_400),
}


def new_settings(**more: Any) -> Raw:
    return {
        "flatten_all_cnames": False,
        "foundation_dns": False,
        "multi_provider": False,
        "nameservers": {"type": "cloudflare.standard"},
        "ns_ttl": 86400,
        "secondary_overrides": False,
        "soa": {
            "mname": None,
            "rname": "dns.cloudflare.com",
            "refresh": 10000,
            "retry": 2400,
            "expire": 604800,
            "min_ttl": 1800,
            "ttl": 3600,
        },
        "zone_mode": "standard",
        **more,
    }


def _own_pair(number: int) -> tuple[str, ...]:
    return f"ada{number}.ns.cloudflare.com", f"bob{number}.ns.cloudflare.com"


class Account:
    """Everything that the service has: accounts, their zones, and the credentials that open them."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.accounts: dict[str, str] = {"a" * 32: "Example Account"}
        self.zones: dict[str, Zone] = {}
        self.tokens: dict[str, Token] = {"test-token": Token()}
        self.keys: dict[str, str] = {}
        self.banned: set[str] = set()
        self.taken: set[str] = set()
        self.page_cap = 5_000_000
        self.wrapping = True
        self.name_servers: tuple[str, ...] = ()  # what every new zone gets; none: each a pair of its own
        self._numbers = itertools.count(1)

    def create(self, name: str, *, account: str = "", settings: Raw | None = None, **more: Any) -> Zone:
        """Make a zone with the name servers that every new one gets."""
        number = next(self._numbers)
        kind = more.get("kind", "full")
        more.setdefault(
            "name_servers",
            () if kind == "internal" else self.name_servers or _own_pair(number),
        )
        zone = Zone(
            identifier=f"{number:032x}",
            name=normal_name(name, name.lower().removesuffix(".")),
            account=account or next(iter(self.accounts)),
            settings=new_settings(**(settings or {})),
            **more,
        )
        self.zones[zone.identifier] = zone
        return zone

    def of_name(self, name: str) -> Zone:
        return next(zone for zone in self.zones.values() if zone.name == name)

    def listed(self, token: Token) -> list[Zone]:
        return [zone for zone in self.zones.values() if token.sees(zone)]
