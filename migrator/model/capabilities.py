"""What a provider can hold: each claim with its source and the date it was verified. No IO here.

A provider declares one `Capabilities` value in its `convert.py`; its writer hands out a copy with what the
service tells live (`dataclasses.replace`). The translation knows a provider by this value alone, so whatever an
import must know of a service is a field here. **A field that is left out is as the RFCs have it**: a provider
declares what it holds (`types`, `extras`, `aliases`) and where it is stricter, or more generous, than plain DNS.

    who        provider, scheme
    types      types (or every_type), newer_types, generic_rdata
    TTLs       ttl_min, ttl_max; AutomaticTTL and RecordTTL among `extras` and `record_extras`
    counts     records_in_rrset, records_in (by type), rrsets_in_zone, records_in_zone; used_rrsets, used_records
    lengths    value_length, characters_in (by type), characters_in_request, wire_in_record, text_in_record,
               text_in_rrset, label_octets, binary_text
    forms      empty_text, empty_rrsets, null_mx, wildcard_ns, ds_without_ns, ns_beside_other, cname_beside_other
    apex       apex_ns, apex_ns_ttl, apex_cname, soa_fields, soa_ranges
    extras     extras (held as they are), record_extras (of them: per record), aliases, opaque (the schemes whose
               unknown fields are carried), unwritable, note_length, tags_in_record
    zones      private_zones, signing, written_whole

Example: Azure holds 20 records a set, 400 for TXT, and no wildcard NS; a Route 53 alias it cannot hold:

    Capabilities("Azure DNS", "azure", types=..., types_claim=_SDK, ttl_min=Limit(1, _DOCS), ...,
                 records_in_rrset=Limit(20, _DOCS), records_in={RdataType.TXT: Limit(400, _DOCS)},
                 wildcard_ns=Fact(False, _DOCS), extras=frozenset({Metadata}),
                 aliases=Aliases(frozenset({A, AAAA, CNAME}), frozenset({"azure"}), _DOCS, has_ttl=True))
"""

from collections.abc import Iterator, Mapping
from dataclasses import field, fields
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.extras import Extra
from migrator.model.names import folded
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """Where something about somebody else's service is said, and when that was looked at."""

    source: str
    verified: date


@dataclass(frozen=True, slots=True)
class Limit:
    """An upper or lower bound, inclusive."""

    bound: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class Fact:
    """Whether the provider holds something."""

    holds: bool
    claim: Claim


class ApexNs(StrEnum):
    """What becomes of the NS set at the apex, of which each provider has its own."""

    FREE = "free"  # nobody assigns any: the source's own are kept (zone files)
    REPLACEABLE = "replaceable"  # the provider assigns some, and any others may stand there (Route 53)
    ADDABLE = "addable"  # the provider's own stay, others may be added (Azure)
    SETTING = "setting"  # the provider's own stay; no NS record at the apex is written as one (Cloudflare)


@dataclass(frozen=True, slots=True)
class Aliases:
    """Which aliases the provider holds.

    To sets of the same type in the same zone, for `types`; to services, those of the providers in `schemes`
    (`route53`: to CloudFront, load balancers and so on). `scope` is what `Alias.scope` is for a set of this very
    zone, with `{rdtype}` (upper case) and `{owner}` (relative, `@` for the apex) filled in; empty while the zone
    does not exist, and the writer then fills in its own. `scope_start` is how all scopes of the provider begin, by
    which an alias that came through a zone file is known for its own, and `own_account` how those of the target's
    own account begin, where a scope tells that. `services` gives the scope for targets of
    services by their suffix, so that a CNAME to one can become an alias (`cloudfront.net.`: `Z2FDTNDATAQYW2`).
    """

    types: frozenset[RdataType]
    schemes: frozenset[str]
    claim: Claim
    own_zone: bool = True
    at_apex: bool = True
    has_ttl: bool = False
    health: bool = False
    scope: str = ""
    scope_start: str = ""
    own_account: str = ""
    services: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    # How many of a zone may lead to one set of it.
    to_one_set: Limit | None = None


_RFC1034 = Claim("RFC 1034 section 3.6.2", date(2026, 11, 20))
_RFC1035 = Claim("RFC 1035 section 3.3.14", date(2026, 11, 20))
_RFC2181 = Claim("RFC 2181 section 8", date(2026, 11, 20))
_RFC3597 = Claim("RFC 3597 section 5", date(2026, 11, 20))
_RFC4035 = Claim("RFC 4035 section 2.4", date(2026, 11, 20))
_RFC4592 = Claim("RFC 4592 section 4.2", date(2026, 11, 20))
_RFC7505 = Claim("RFC 7505 section 3", date(2026, 11, 20))
_NOBODY = Claim("no alias in DNS (RFC 1034)", date(2026, 11, 20))
SOA_FIELDS = frozenset({"mname", "rname", "serial", "refresh", "retry", "expire", "minimum", "ttl"})
NO_ALIASES = Aliases(frozenset(), frozenset(), _NOBODY, own_zone=False, at_apex=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the records of a zone at this provider may be; TTLs in seconds, None where there is no limit."""

    provider: str
    scheme: str

    types: frozenset[RdataType]
    types_claim: Claim
    every_type: bool = False
    # Does it take the records of other types too, where it gave them itself: types newer than this program?
    newer_types: bool = False
    generic_rdata: Fact = Fact(False, _RFC3597)

    ttl_min: Limit
    ttl_max: Limit

    records_in_rrset: Limit | None = None
    records_in: Mapping[RdataType, Limit] = field(default_factory=lambda: MappingProxyType({}))
    rrsets_in_zone: Limit | None = None
    records_in_zone: Limit | None = None
    # How many are there now, where the service tells; what the target holds already counts towards its quota.
    used_rrsets: int | None = None
    used_records: int | None = None

    # Characters in presentation form: of one rdata, of all rdata of an RRset by its type.
    value_length: Limit | None = None
    characters_in: Mapping[RdataType, Limit] = field(default_factory=lambda: MappingProxyType({}))
    # The same of the set that goes and the one that comes, or of this twice, where one request replaces a set.
    characters_in_request: Limit | None = None
    # Octets of one rdata as it goes over the wire.
    wire_in_record: Limit | None = None
    # Octets of all strings of one TXT record, of one TXT RRset.
    text_in_record: Limit | None = None
    text_in_rrset: Limit | None = None
    # The octets that a label may have, besides a first label that is the asterisk; None: all 256.
    label_octets: frozenset[int] | None = None
    label_claim: Claim = _RFC2181
    # Strings with octets that are not UTF-8.
    binary_text: Fact = Fact(True, _RFC1035)

    empty_text: Fact = Fact(True, _RFC1035)
    empty_rrsets: Fact = Fact(False, _RFC1034)
    null_mx: Fact = Fact(True, _RFC7505)
    wildcard_ns: Fact = Fact(False, _RFC4592)
    ds_without_ns: Fact = Fact(False, _RFC4035)
    # May anything but DS stand at a name below the apex that has NS (glue of its own name, say)?
    ns_beside_other: Fact = Fact(True, _RFC1034)
    # May anything but A, AAAA and NS stand beside a CNAME?
    cname_beside_other: Fact = Fact(False, _RFC1034)

    apex_ns: ApexNs = ApexNs.REPLACEABLE
    apex_ns_claim: Claim = _RFC1034
    # Can the TTL of that set be changed?
    apex_ns_ttl: Fact = Fact(True, _RFC1034)
    # A CNAME at the apex, answered as the addresses of its target.
    apex_cname: Fact = Fact(False, _RFC1034)
    soa_fields: frozenset[str] = SOA_FIELDS
    soa_claim: Claim = _RFC1034
    # The least and the most of a field of the SOA, or of its TTL, where the range is narrower than plain DNS.
    soa_ranges: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))

    # Kinds of extras held exactly; aliases are told by `aliases`, fields that nobody knows by `opaque`.
    extras: frozenset[type[Extra]] = frozenset()
    extras_claim: Claim = _NOBODY
    record_extras: frozenset[type[Extra]] = frozenset()
    aliases: Aliases = NO_ALIASES
    opaque: frozenset[str] = frozenset()
    # Of these, the fields that stand for something nobody could read, and so nobody can write.
    unwritable: frozenset[str] = frozenset()
    note_length: Limit | None = None
    tags_in_record: Limit | None = None

    private_zones: Fact = Fact(False, _NOBODY)
    # How the service itself signs this zone (DNSSEC), as it tells live; empty: it does not, or does not tell.
    signing: str = ""
    # Any change writes the whole zone anew, and what is not held here is gone, whoever put it there.
    written_whole: bool = False

    def holds_type(self, rdtype: RdataType) -> bool:
        """Tell whether records of that type can stand there."""
        return self.every_type or rdtype in self.types

    def records_limit(self, rdtype: RdataType) -> Limit | None:
        """Return how many records a set of that type may have."""
        return self.records_in.get(rdtype, self.records_in_rrset)

    def service_scope(self, target: Name) -> str | None:
        """Return the scope of an alias to that name, where it belongs to a service whose scope is known."""
        labels = folded(target)
        for suffix, scope in self.aliases.services.items():
            tail = tuple(label.lower().encode() for label in suffix.split("."))
            if len(labels) > len(tail) and labels[-len(tail) :] == tail:
                return scope
        return None

    def claims(self) -> Iterator[tuple[str, Claim]]:
        """Yield the field and the claim of everything that is claimed here."""
        for each in fields(self):
            yield from _claims(each.name, getattr(self, each.name))


def _claims(name: str, found: object) -> Iterator[tuple[str, Claim]]:
    match found:
        case Claim():
            yield name, found
        case Limit() | Fact() | Aliases():
            yield name, found.claim
        case Mapping():
            for key, limit in found.items():
                yield from _claims(f"{name}[{key!r}]", limit)
        case _:
            pass
