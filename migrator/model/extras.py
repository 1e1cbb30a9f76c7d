"""What a provider's record says beyond DNS: a closed union, named by meaning and not by vendor.

Every extra of the input is carried, converted or listed as a loss. What nobody knows becomes `Opaque`
and is carried as it came. Fields are strings, integers, booleans, names, tuples of strings, and (in
`ForRecord` alone) another extra, so that one codec serves them all. No IO here.
"""

from dataclasses import fields
from typing import ClassVar

from dns.name import Name

from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Alias:
    """The answer is another name's answer, looked up by the provider at query time.

    `scope` is the provider's identifier of where the target lives (Route 53: the hosted zone id;
    Azure: the resource id), empty where there is none. `target` is the root where the scope alone says
    where it leads.
    """

    kind: ClassVar[str] = "alias"
    target: Name
    scope: str = ""
    evaluate_target_health: bool = False


@dataclass(frozen=True, slots=True)
class Weighted:
    """One of several sets of a name; each is answered in proportion to its weight, 0 never."""

    kind: ClassVar[str] = "weighted"
    weight: int


@dataclass(frozen=True, slots=True)
class Latency:
    """One of several sets of a name; the client gets the one whose region answers fastest."""

    kind: ClassVar[str] = "latency"
    region: str


@dataclass(frozen=True, slots=True)
class Geolocation:
    """One of several sets of a name, chosen by where the client is; country `*` is the default."""

    kind: ClassVar[str] = "geolocation"
    continent: str = ""
    country: str = ""
    subdivision: str = ""


@dataclass(frozen=True, slots=True)
class Geoproximity:
    """One of several sets of a name, chosen by distance; coordinates are decimal degrees as text."""

    kind: ClassVar[str] = "geoproximity"
    region: str = ""
    local_zone_group: str = ""
    latitude: str = ""
    longitude: str = ""
    bias: int = 0


@dataclass(frozen=True, slots=True)
class ClientNetwork:
    """One of several sets of a name, chosen by the client's address; location `*` is the default."""

    kind: ClassVar[str] = "client-network"
    collection: str
    location: str


@dataclass(frozen=True, slots=True)
class Failover:
    """One of two sets of a name: `PRIMARY` while it is healthy, else `SECONDARY`."""

    kind: ClassVar[str] = "failover"
    role: str


@dataclass(frozen=True, slots=True)
class MultiValueAnswer:
    """One of several sets of a name, of which up to eight healthy ones are answered together."""

    kind: ClassVar[str] = "multi-value-answer"
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """The set is answered only while this health check of the provider passes."""

    kind: ClassVar[str] = "health-check"
    identifier: str


@dataclass(frozen=True, slots=True)
class TrafficPolicy:
    """The set is made and owned by a traffic policy of the provider and cannot be written by hand."""

    kind: ClassVar[str] = "traffic-policy"
    instance: str


@dataclass(frozen=True, slots=True)
class Proxied:
    """The provider answers its own addresses and forwards the traffic; the rdata is the hidden origin."""

    kind: ClassVar[str] = "proxied"
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Flattened:
    """A CNAME that the provider answers as the addresses of its target."""

    kind: ClassVar[str] = "flattened"
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class AutomaticTTL:
    """The provider chooses the TTL; the RRset's TTL is what it serves."""

    kind: ClassVar[str] = "automatic-ttl"


@dataclass(frozen=True, slots=True)
class Note:
    """A person's remark on the record."""

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True, slots=True)
class Tags:
    """Labels for the record, as the provider spells them (`name` or `name:value`), sorted."""

    kind: ClassVar[str] = "tags"
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Metadata:
    """One pair of the provider's free metadata."""

    kind: ClassVar[str] = "metadata"
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Managed:
    """The record belongs to another product of the provider (`by`) and must not be edited."""

    kind: ClassVar[str] = "managed"
    by: str = ""


@dataclass(frozen=True, slots=True)
class RecordTTL:
    """The TTL of one record that differs from the RRset's, in seconds; only inside `ForRecord`."""

    kind: ClassVar[str] = "record-ttl"
    ttl: int


@dataclass(frozen=True, slots=True)
class Opaque:
    """A field of `source` that nobody here knows, carried as it came; `document` is its JSON text."""

    kind: ClassVar[str] = "opaque"
    source: str
    field: str
    document: str

    @property
    def is_record(self) -> bool:
        """Tell whether the field is a whole record, or a list of them, that could not be read.

        Services call it so: `record`, `ResourceRecords`, `properties.MXRecords[]`.
        """
        return self.field.removesuffix("[]").lower().endswith(("record", "records", "recordset"))


PlainExtra = (
    Alias
    | Weighted
    | Latency
    | Geolocation
    | Geoproximity
    | ClientNetwork
    | Failover
    | MultiValueAnswer
    | HealthCheck
    | TrafficPolicy
    | Proxied
    | Flattened
    | AutomaticTTL
    | Note
    | Tags
    | Metadata
    | Managed
    | RecordTTL
    | Opaque
)


@dataclass(frozen=True, slots=True)
class ForRecord:
    """An extra of one record of an RRset whose records differ in it; `rdata` is presentation text."""

    kind: ClassVar[str] = "for-record"
    rdata: str
    extra: PlainExtra


Extra = PlainExtra | ForRecord


def plain(extra: Extra) -> PlainExtra:
    """Return the extra itself, where it is said of one record."""
    return extra.extra if isinstance(extra, ForRecord) else extra


RoutingPolicy = Weighted | Latency | Geolocation | Geoproximity | ClientNetwork | Failover | MultiValueAnswer

EXTRA_TYPES: tuple[type[Extra], ...] = (
    Alias,
    Weighted,
    Latency,
    Geolocation,
    Geoproximity,
    ClientNetwork,
    Failover,
    MultiValueAnswer,
    HealthCheck,
    TrafficPolicy,
    Proxied,
    Flattened,
    AutomaticTTL,
    Note,
    Tags,
    Metadata,
    Managed,
    RecordTTL,
    Opaque,
    ForRecord,
)


def canonical_text(extra: Extra) -> str:
    """Return one line that is equal for equal extras and stays so when a field with a default is added."""
    parts = [extra.kind]
    for field in fields(extra):
        found = getattr(extra, field.name)
        if found == field.default:
            continue
        if isinstance(found, Name):
            shown = found.canonicalize().to_text()
        elif isinstance(found, tuple | str | int):
            shown = repr(found)
        else:
            shown = f"({canonical_text(found)})"
        parts.append(f"{field.name}={shown}")
    return " ".join(parts)


def is_default(policy: RoutingPolicy | None) -> bool:
    """Tell whether a routing policy is the one that answers whoever no other is for."""
    match policy:
        case Failover():
            return policy.role.upper() == "PRIMARY"
        case Geolocation():
            return policy.country == "*"
        case ClientNetwork():
            return policy.location == "*"
        case _:
            return False
