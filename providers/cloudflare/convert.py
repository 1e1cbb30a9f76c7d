"""Records of Cloudflare, as JSON, into RRsets: pure and total, whatever stands in them. No IO here.

Nothing is dropped and nothing raises. A record that cannot be read, or whose type has no number, is carried
whole as an `Opaque` extra of its set, and a finding names it; one whose name cannot be read stands at the apex.

A record has a TTL, a comment, tags and a proxy of its own, and those of one RRset may differ: `assemble` keeps
what they share for the set and the rest by record, so that nothing collapses.

    www  A  192.0.2.1  ttl 1    proxied    ->   www 120 A  192.0.2.1  192.0.2.2
    www  A  192.0.2.2  ttl 120                  for 192.0.2.1: TTL 300, automatic TTL, proxied
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.extras import Extra, Opaque
from migrator.model.finding import Finding, Severity
from migrator.model.names import folded, is_within, text_of
from migrator.model.rrset import Record, RRset, RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import Assembly, NativeDocument, assemble, assemble_rrsets
from providers.cloudflare.answers import Native, mapping, text
from providers.cloudflare.apex import ignored, is_apex_ns
from providers.cloudflare.capabilities import TYPES
from providers.cloudflare.fields import (
    OF_THE_RDATA,
    SOURCE,
    WHOLE_RECORD,
    WRITTEN_BY_SERVICE,
    document,
    said_by,
    says_nothing,
    unknown_meta,
)
from providers.cloudflare.names import UnreadableError, name_of
from providers.cloudflare.values import rdata_of
from providers.digests import odd_digest, said_of
from providers.private_types import number_of, private_number

# The service lists neither as a record of its own; old answers have them.
_ALSO_READ = frozenset({RdataType.SOA, RdataType.SPF})


@dataclass(frozen=True, slots=True)
class Ways:
    """How the zone answers its records: all CNAMEs as addresses; NS records at the apex too."""

    flatten_all: bool = False
    apex_ns: bool = True


USUAL = Ways()


def ways_of(settings: Native | None) -> Ways:
    """Return how a zone of these settings answers; those that nobody may see are taken as the usual ones."""
    if settings is None:
        return USUAL
    return Ways(settings.get("flatten_all_cnames") is True, settings.get("multi_provider") is True)


@dataclass(frozen=True, slots=True)
class Conversion:
    """One record: what it is, or the set that carries it whole, and what was odd about it."""

    record: Record | None
    carried: RRset | None
    findings: tuple[Finding, ...] = ()

    @property
    def key(self) -> RRsetKey:
        """The set that the record belongs to."""
        if self.record is not None:
            return RRsetKey(self.record.owner, self.record.rdata.rdtype)
        assert self.carried is not None
        return self.carried.key

    @property
    def extras(self) -> tuple[Extra, ...]:
        """What the record says beyond DNS."""
        if self.record is not None:
            return self.record.extras
        assert self.carried is not None
        return self.carried.extras


def contents(
    natives: Sequence[object],
    origin: Name,
    *,
    apex: Iterable[Record] = (),
    ways: Ways = USUAL,
    source: str = "",
    read_at: datetime | None = None,
    name_servers: tuple[Name, ...] = (),
    native: tuple[NativeDocument, ...] = (),
) -> Assembly:
    """Convert the records of a zone and join them with those that its settings make (`apex`)."""
    findings: list[Finding] = []
    records = list(apex)
    carried: list[RRset] = []
    for each in natives:
        conversion = convert(each, origin, ways)
        findings += conversion.findings
        if conversion.record is not None:
            records.append(conversion.record)
        elif conversion.carried is not None:
            carried.append(conversion.carried)
    findings += unknown_meta(iter(natives))
    findings += () if ways.apex_ns else ignored(natives, origin)
    assembly = assemble(origin, records, source=source, read_at=read_at, name_servers=name_servers, native=native)
    if carried:
        assembly = _with(assembly, carried)
    return Assembly(assembly.snapshot, (*findings, *assembly.findings))


def convert(native: object, origin: Name, ways: Ways = USUAL) -> Conversion:
    """Return what one record of the zone at `origin` means; total."""
    if not isinstance(native, Mapping):
        return _unreadable(native, RRsetKey(origin, private_number(document(native))), origin, "it is no record")
    type_name = native.get("type")
    number = number_of(type_name)
    rdtype = private_number(type_name if isinstance(type_name, str) else document(type_name))
    rdtype = rdtype if number is None else number
    try:
        owner = name_of(native.get("name"))
    except UnreadableError as exc:
        return _unreadable(native, RRsetKey(origin, rdtype), origin, str(exc))
    key = RRsetKey(owner, rdtype)
    if number is None:
        return _of_unknown_type(native, key, origin)
    if not ways.apex_ns and is_apex_ns(native, origin):
        return Conversion(None, _whole(native, key, origin))
    try:
        rdata, left = rdata_of(native, number)
    except UnreadableError as exc:
        return _unreadable(native, key, origin, str(exc))
    subject = f"{text_of(owner)} {type_name}"
    is_cname = number == RdataType.CNAME
    said = said_by(
        native, subject, is_cname=is_cname, flattened=ways.flatten_all or folded(owner) == folded(origin)
    )
    for name, found in left.items():
        said.extras.append(Opaque(SOURCE, f"data.{name}", document(found)))
        message = f"Cloudflare gave a field that is not known here: data.{name}. It is carried as it came."
        said.findings.append(Finding("cloudflare.unknown-field", Severity.WARNING, subject, message))
    digest = odd_digest(rdata)
    if digest is not None:
        said.findings.append(Finding("cloudflare.odd-digest", Severity.WARNING, subject, said_of(digest)))
    if number not in TYPES | _ALSO_READ:
        if mapping(native.get("data")):
            said.extras.append(Opaque(SOURCE, "data", document(native["data"])))
        message = f"The type {type_name} is new at Cloudflare since this program was written; it is carried."
        said.findings.append(Finding("cloudflare.unknown-type", Severity.NOTICE, subject, message))
    return Conversion(Record(owner, said.ttl, rdata, tuple(said.extras)), None, tuple(said.findings))


def _with(assembly: Assembly, carried: list[RRset]) -> Assembly:
    """Add what is carried whole to the sets that it belongs to, or as sets of its own."""
    snapshot = assembly.snapshot
    by_key = snapshot.by_key()
    for rrset in carried:
        present = by_key.get(rrset.key)
        if present is not None:
            extras = tuple(extra for extra in rrset.extras if extra not in present.extras)
            by_key[rrset.key] = replace(present, extras=(*present.extras, *extras))
        else:
            by_key[rrset.key] = rrset
    again = assemble_rrsets(
        snapshot.origin,
        by_key.values(),
        source=snapshot.source,
        read_at=snapshot.read_at,
        name_servers=snapshot.name_servers,
        native=snapshot.native,
        stray=snapshot.stray,
    )
    return Assembly(again.snapshot, tuple(dict.fromkeys((*assembly.findings, *again.findings))))


def _of_unknown_type(native: Mapping[str, object], key: RRsetKey, origin: Name) -> Conversion:
    type_name = native.get("type")
    shown = type_name if isinstance(type_name, str) else document(type_name)
    found = Finding(
        "cloudflare.unknown-type",
        Severity.WARNING,
        f"{text_of(key.owner)} {shown}",
        f"The type {shown} has no number that is known here. The record is carried as it came, as "
        f"{RdataType.to_text(key.rdtype)}, and no zone file can say it.",
    )
    return Conversion(None, _whole(native, key, origin), (found,))


def _unreadable(native: object, key: RRsetKey, origin: Name, reason: str) -> Conversion:
    """Carry a record whole: by its own name and type where they can be read, else at the apex."""
    known = isinstance(native, Mapping) and number_of(native.get("type")) in TYPES
    type_name = text(native.get("type")) if isinstance(native, Mapping) else ""
    found = Finding(
        "cloudflare.unreadable-record",
        Severity.ERROR if known or not type_name else Severity.WARNING,
        f"{text_of(key.owner)} {type_name or RdataType.to_text(key.rdtype)}",
        f"A record cannot be read: {reason.rstrip('.')}. It is carried as it came.",
        evidence=(document(native),),
    )
    return Conversion(None, _whole(native, key, origin), (found,))


def _is_said(name: object, found: object) -> bool:
    """Tell whether a person, and not the service, may have said this of a record."""
    return name not in WRITTEN_BY_SERVICE and not says_nothing(found)


def _whole(native: object, key: RRsetKey, origin: Name) -> RRset:
    """Return a set with a record in it as it came; one of a name outside the zone stands at the apex."""
    if not is_within(key.owner, origin):
        key = RRsetKey(origin, private_number(document(native)))
    kept = (
        {name: found for name, found in native.items() if name in OF_THE_RDATA or _is_said(name, found)}
        if isinstance(native, Mapping)
        else native
    )
    return RRset(key, None, (), (Opaque(SOURCE, WHOLE_RECORD, document(kept)),))
