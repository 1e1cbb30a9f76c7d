"""Record sets of Route 53, as JSON, into RRsets: pure and total, whatever stands in them. No IO here.

Nothing is dropped and nothing raises. What this module does not know, or dnspython refuses, becomes an `Opaque`
extra with its JSON text, and a finding names it. So does a type without a number (`FOO`): its set gets a number
of the private range (RFC 6895 section 3.1), the same for the same name, an `Opaque` field `Type` says which
type it is, and its values are carried as JSON. A set whose name cannot be read stands at the apex in that form.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from dns.name import Name
from dns.rdata import GenericRdata, Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.model.capabilities import Aliases, ApexNs, Capabilities, Claim, Fact, Limit
from migrator.model.extras import (
    ClientNetwork,
    Extra,
    Failover,
    Geolocation,
    Geoproximity,
    HealthCheck,
    Latency,
    MultiValueAnswer,
    Opaque,
    Weighted,
)
from migrator.model.finding import Finding, Severity
from migrator.model.names import is_within, text_of
from migrator.model.phrases import ended
from migrator.model.rrset import Record, RRset, RRsetKey, make
from migrator.model.values import dataclass
from providers.conversion import Conversion
from providers.digests import odd_digest, said_of
from providers.private_types import number_of, private_number
from providers.route53 import fields
from providers.route53.batches import MOST_CHARACTERS
from providers.route53.names import UnreadableError, decode
from providers.route53.values import is_bare_text, rdata_of, unwrapped

_BOTOCORE = Claim("botocore 1.44.5, service model route53/2013-04-01", date(2026, 11, 20))
_QUOTAS = Claim(
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html", date(2022, 12, 31)
)
_FORMAT = Claim(
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html", date(2026, 11, 20)
)

_TYPES = frozenset(
    {
        RdataType.A,
        RdataType.AAAA,
        RdataType.CAA,
        RdataType.CNAME,
        RdataType.DS,
        RdataType.HTTPS,
        RdataType.MX,
        RdataType.NAPTR,
        RdataType.NS,
        RdataType.PTR,
        RdataType.SOA,
        RdataType.SPF,
        RdataType.SRV,
        RdataType.SSHFP,
        RdataType.SVCB,
        RdataType.TLSA,
        RdataType.TXT,
    }
)

# Services with one hosted zone for all regions. Others have one for each region, which no name tells for certain:
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html (2026-11-20)
_SERVICES = {"cloudfront.net.": "Z2FDTNDATAQYW2", "awsglobalaccelerator.com.": "Z2BJ6XQ5FK7U4H"}

CAPABILITIES = Capabilities(
    provider="Route 53",
    scheme="route53",
    types=_TYPES,
    types_claim=_BOTOCORE,
    newer_types=True,
    ttl_min=Limit(0, _BOTOCORE),
    ttl_max=Limit(2**31 - 1, _BOTOCORE),
    records_in_rrset=Limit(400, _QUOTAS),
    rrsets_in_zone=Limit(10_000, _QUOTAS),
    value_length=Limit(4_000, _BOTOCORE),
    # A set is written by one request.
    characters_in=MappingProxyType(dict.fromkeys(_TYPES, Limit(MOST_CHARACTERS, _QUOTAS))),
    characters_in_request=Limit(MOST_CHARACTERS, _QUOTAS),
    apex_ns=ApexNs.REPLACEABLE,
    apex_ns_claim=_FORMAT,
    wildcard_ns=Fact(False, _FORMAT),
    extras=frozenset(
        {
            Weighted,
            Latency,
            Geolocation,
            Geoproximity,
            ClientNetwork,
            Failover,
            MultiValueAnswer,
            HealthCheck,
        }
    ),
    extras_claim=_BOTOCORE,
    aliases=Aliases(
        types=frozenset(_TYPES - {RdataType.NS, RdataType.SOA}),
        schemes=frozenset({fields.SOURCE}),
        claim=_BOTOCORE,
        health=True,
        scope_start="Z",
        services=_SERVICES,
    ),
    opaque=frozenset({fields.SOURCE}),
    unwritable=frozenset({fields.WHOLE_SET}),
    private_zones=Fact(True, _BOTOCORE),
)

_ROUTE53_NUMBERS = frozenset(RdataType.to_text(rdtype) for rdtype in CAPABILITIES.types)


@dataclass(frozen=True, slots=True)
class Contents:
    """The record sets of a whole zone; `stray` are those whose owner lies outside it.

    `natives` are the record sets as they came: a set is deleted by exactly what was read.
    """

    rrsets: tuple[RRset, ...]
    stray: tuple[Record, ...]
    findings: tuple[Finding, ...]
    natives: Mapping[RRsetKey, object]


def contents(natives: Iterable[object], origin: Name) -> Contents:
    """Convert the record sets of a zone; one that repeats a key with other content is carried on the first."""
    by_key: dict[RRsetKey, tuple[object, RRset]] = {}
    stray: list[Record] = []
    findings: list[Finding] = []
    for native in natives:
        conversion = convert(native, origin)
        rrset = conversion.rrset
        findings += conversion.findings
        if not is_within(rrset.owner, origin):
            stray += _stray_records(rrset, native)
            findings.append(_outside(rrset, origin))
        elif rrset.key not in by_key:
            by_key[rrset.key] = (native, rrset)
        else:
            first, kept = by_key[rrset.key]
            findings.append(_repeated(rrset, same=first == native))
            if first != native:
                again = Opaque(fields.SOURCE, fields.WHOLE_SET, document(native))
                by_key[rrset.key] = (first, replace(kept, extras=(*kept.extras, again)))
    as_they_came = {key: native for key, (native, _) in by_key.items()}
    return Contents(tuple(rrset for _, rrset in by_key.values()), tuple(stray), tuple(findings), as_they_came)


def convert(native: object, origin: Name) -> Conversion:
    """Return the RRset that one record set of the zone at `origin` means; total."""
    if not isinstance(native, Mapping):
        return _carried_whole(native, origin, "it is no record set")
    remaining = {str(field): found for field, found in native.items()}
    name = remaining.pop("Name", None)
    if not isinstance(name, str):
        return _carried_whole(native, origin, "it has no name")
    try:
        owner = decode(name)
    except UnreadableError as exc:
        return _carried_whole(native, origin, str(exc))
    return _Building(owner, remaining).conversion()


def document(native: object) -> str:
    """Return a JSON value as the text that `Opaque` carries."""
    return json.dumps(native, sort_keys=True)


class _Building:
    """One record set on its way: fields are taken out of `remaining` until nothing is left of it."""

    def __init__(self, owner: Name, remaining: dict[str, object]) -> None:
        self.remaining = remaining
        self.extras: list[Extra] = []
        self.findings: list[Finding] = []
        named = remaining.pop("Type", None)
        self.type_name = named if isinstance(named, str) else document(named)
        self.rdtype = number_of(named)
        if self.rdtype is None:
            self._carry("Type", named)
        variant = remaining.pop("SetIdentifier", "")
        self.variant: str = variant if isinstance(variant, str) else ""
        self.key = RRsetKey(
            owner, private_number(self.type_name) if self.rdtype is None else self.rdtype, self.variant
        )
        if not isinstance(variant, str):
            self._malformed("SetIdentifier", variant)

    def conversion(self) -> Conversion:
        """Take every field in turn."""
        rdatas = self._take_values()
        for field, reader in fields.READERS.items():
            if field in self.remaining:
                self._take_field(field, reader)
        ttl = self._take_ttl(needed=bool(rdatas))
        for field, found in self.remaining.items():
            self._carry(field, found)
            self._find(
                "unknown-field",
                Severity.WARNING,
                f"Route 53 gave a field that is not known here: {field}. It is carried as it came.",
                evidence=(document(found),),
            )
        rrset = make(self.key, ttl, rdatas, tuple(self.extras))
        if len(rrset.rdatas) < len(rdatas):
            self._find("duplicate-value", Severity.NOTICE, "Two values mean the same record; it is carried once.")
        self._judge_type()
        if not rrset.rdatas and not rrset.extras:
            self._find("empty", Severity.WARNING, "The set has neither values nor an alias; it answers nothing.")
        self.findings += (replace(found, subject=self.subject) for found in fields.remarks(rrset))
        return Conversion(rrset, tuple(self.findings))

    @property
    def subject(self) -> str:
        """Owner, type as Route 53 names it, and variant."""
        variant = f" [{self.variant}]" if self.variant else ""
        return f"{text_of(self.key.owner)} {self.type_name}{variant}"

    def _take_values(self) -> tuple[Rdata, ...]:
        if "ResourceRecords" not in self.remaining:
            return ()
        records = self.remaining.pop("ResourceRecords")
        if not isinstance(records, list | tuple):
            self._malformed("ResourceRecords", records)
            return ()
        found = (self._take_value(record) for record in records)
        return tuple(rdata for rdata in found if rdata is not None)

    def _take_value(self, record: object) -> Rdata | None:
        value = record.get("Value") if isinstance(record, Mapping) else None
        if not isinstance(value, str) or not isinstance(record, Mapping) or len(record) > 1:
            self._malformed("ResourceRecords", record)
            return None
        if self.rdtype is None:
            self._carry("ResourceRecords", record)
            return None
        inner = unwrapped(value)
        if inner is not None:
            self._find(
                "wrapped-value",
                Severity.NOTICE,
                "The value is the text of a Python dict, as moto and LocalStack write it: its inside is read.",
                evidence=(value,),
            )
        try:
            rdata = rdata_of(value if inner is None else inner, self.rdtype)
        except UnreadableError as exc:
            self._carry("ResourceRecords", record)
            self._unreadable_value(value, str(exc))
            return None
        digest = odd_digest(rdata)
        if digest is not None:
            self._find("odd-digest", Severity.WARNING, said_of(digest), evidence=(value,))
        if is_bare_text(value, self.rdtype):
            self._find(
                "unquoted-text",
                Severity.NOTICE,
                "A text of several words stands without quotes: each word is read as a string of its own.",
                evidence=(value,),
            )
        return rdata

    def _unreadable_value(self, value: str, reason: str) -> None:
        known = self.type_name in _ROUTE53_NUMBERS
        self._find(
            "unreadable-value",
            Severity.ERROR if known else Severity.WARNING,
            f"The value cannot be read as {self.type_name}: {ended(reason)} It is carried as it came.",
            evidence=(value,),
        )

    def _take_field(self, field: str, reader: fields.Reader) -> None:
        found = self.remaining.pop(field)
        extras = reader(field, found)
        if extras is None:
            self._malformed(field, found)
        else:
            self.extras += extras
            for extra in extras:
                if isinstance(extra, Opaque):
                    self._find(
                        "unknown-field",
                        Severity.WARNING,
                        f"Route 53 gave a field that is not known here: {extra.field}. It is carried as it came.",
                        evidence=(extra.document,),
                    )

    def _take_ttl(self, *, needed: bool) -> int | None:
        if "TTL" not in self.remaining:
            if needed:
                self._find("no-ttl", Severity.WARNING, "The set has values and no TTL; 0 is used.")
            return 0 if needed else None
        ttl = self.remaining.pop("TTL")
        if type(ttl) is int and 0 <= ttl <= CAPABILITIES.ttl_max.bound:
            return ttl
        self._malformed("TTL", ttl)
        return 0 if needed else None

    def _judge_type(self) -> None:
        if self.rdtype is None:
            self._find(
                "unknown-type",
                Severity.WARNING,
                f"The type {self.type_name} has no number that is known here. The set is carried as it came, as "
                f"{RdataType.to_text(self.key.rdtype)}, and no zone file can say it.",
            )
        elif self.type_name not in _ROUTE53_NUMBERS:
            self._find(
                "unknown-type",
                Severity.NOTICE,
                f"The type {self.type_name} is new at Route 53 since this program was written; it is carried.",
            )

    def _malformed(self, field: str, found: object) -> None:
        self._carry(field, found)
        self._find(
            "unreadable-field",
            Severity.ERROR,
            f"The field {field} is not as Route 53 documents it. It is carried as it came.",
            evidence=(document(found),),
        )

    def _carry(self, field: str, found: object) -> None:
        self.extras.append(Opaque(fields.SOURCE, field, document(found)))

    def _find(self, check: str, severity: Severity, message: str, *, evidence: tuple[str, ...] = ()) -> None:
        self.findings.append(Finding(f"route53.{check}", severity, self.subject, message, evidence=evidence))


def _carried_whole(native: object, origin: Name, reason: str) -> Conversion:
    """Return a set at the apex, of a private type that its content chooses, with the whole record set in it."""
    text = document(native)
    key = RRsetKey(origin, private_number(text))
    found = Finding(
        "route53.unreadable-set",
        Severity.ERROR,
        text_of(origin),
        f"A record set cannot be read: {ended(reason)} It is carried as it came, as "
        f"{RdataType.to_text(key.rdtype)} at the apex.",
        evidence=(text,),
    )
    return Conversion(RRset(key, None, (), (Opaque(fields.SOURCE, fields.WHOLE_SET, text),)), (found,))


def _stray_records(rrset: RRset, native: object) -> Iterator[Record]:
    """Yield the records of a set; one without records becomes a record whose octets are its JSON."""
    for rdata in rrset.rdatas:
        yield Record(rrset.owner, rrset.ttl or 0, rdata, rrset.extras, rrset.key.variant)
    if not rrset.rdatas:
        text = document(native)
        octets = GenericRdata(RdataClass.IN, private_number(text), text.encode()[:65535])
        yield Record(rrset.owner, rrset.ttl or 0, octets, rrset.extras, rrset.key.variant)


def _outside(rrset: RRset, origin: Name) -> Finding:
    return Finding(
        "zone.out-of-zone",
        Severity.WARNING,
        f"{text_of(rrset.owner)} {RdataType.to_text(rrset.rdtype)}",
        f"The owner lies outside {text_of(origin)}, so no server of the zone answers it; kept apart.",
    )


def _repeated(rrset: RRset, *, same: bool) -> Finding:
    subject = f"{text_of(rrset.owner)} {RdataType.to_text(rrset.rdtype)}"
    if same:
        message = "Route 53 listed the same set twice; it is carried once."
        return Finding("route53.repeated", Severity.NOTICE, subject, message)
    message = "Route 53 listed two different sets under one key; the second is carried beside the first."
    return Finding("route53.repeated", Severity.ERROR, subject, message)
