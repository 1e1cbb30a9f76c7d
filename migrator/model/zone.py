"""A whole zone at one moment, and how records become one: defects are reported, never repaired. No IO here."""

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from datetime import datetime
from itertools import islice

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.compact import CompactZone, key_of
from migrator.model.computed import COMPUTED, read_computed
from migrator.model.extras import Extra, Flattened, ForRecord, RecordTTL, canonical_text
from migrator.model.finding import Finding, Position, Severity
from migrator.model.names import canonical_key, folded, is_within, text_of
from migrator.model.rrset import (
    BESIDE_CNAME,
    Record,
    RRset,
    RRsetKey,
    canonical_order,
    canonical_wire,
    is_alias,
    make,
)
from migrator.model.sizes import LARGEST_MESSAGE, fits_into_message
from migrator.model.values import dataclass

_ADDRESSES = frozenset({RdataType.A, RdataType.AAAA})
_LINES_AT_ONCE = 1000
_JUDGED = frozenset({RdataType.CNAME, RdataType.DNAME, RdataType.SOA})  # whose findings need a position


@dataclass(frozen=True, slots=True)
class NativeDocument:
    """One answer of the provider, byte for byte; `name` is a file name for it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ZoneSnapshot:
    """Everything that was read of a zone.

    `rrsets` are in canonical order, one for each key. `stray` are records whose owner lies outside the zone:
    no server would answer them, so they are kept apart, and kept. `source` is the locator without secrets;
    `name_servers` are those that the provider assigned, empty where nobody assigns any.
    """

    origin: Name
    rrsets: tuple[RRset, ...]
    source: str = ""
    read_at: datetime | None = None
    name_servers: tuple[Name, ...] = ()
    native: tuple[NativeDocument, ...] = ()
    stray: tuple[Record, ...] = ()
    compact: CompactZone | None = field(default=None, init=False, repr=False, compare=False)
    _digest: str = field(default="", init=False, repr=False, compare=False)

    def __getattr__(self, name: str) -> tuple[RRset, ...]:
        """Make the RRsets of a compact zone when they are first looked at: until then the field is not set."""
        if name != "rrsets" or self.compact is None:
            raise AttributeError(name)
        rrsets = self.compact.all()
        object.__setattr__(self, "rrsets", rrsets)
        return rrsets

    def with_native(self, native: tuple[NativeDocument, ...]) -> "ZoneSnapshot":
        """Return the snapshot with other documents of its provider, which its digest leaves out."""
        if self.compact is None:
            found = replace(self, native=native)
        else:  # `replace` would make its RRsets
            about = self.source, self.read_at, self.name_servers, native, self.stray
            found = with_compact(ZoneSnapshot(self.origin, (), *about), self.compact)
        object.__setattr__(found, "_digest", self._digest)
        return found

    def narrowed(self, owners: Iterable[bytes]) -> "ZoneSnapshot":
        """Return a compact zone whose `rrsets` are those of some owners alone, for who goes through no more.

        All else, what is found by name and what is counted, is that of the whole zone. `owners` are keys.
        """
        assert self.compact is not None
        rrsets = [rrset for key in owners for rrset in self.compact.at(key)]
        found = with_compact(self, self.compact)
        object.__setattr__(found, "rrsets", tuple(sorted(rrsets, key=lambda rrset: canonical_order(rrset.key))))
        return found

    def by_key(self) -> dict[RRsetKey, RRset]:
        """Return the RRsets by key."""
        return {rrset.key: rrset for rrset in self.rrsets}

    def apex(self, rdtype: RdataType) -> RRset | None:
        """Return the RRset of that type at the origin, or None."""
        wanted = RRsetKey(self.origin, rdtype)
        rrsets = self.rrsets if self.compact is None else self.compact.at(key_of(self.origin.labels))
        return next((rrset for rrset in rrsets if rrset.key == wanted), None)

    def rrset_count(self) -> int:
        """Count the RRsets."""
        return len(self.rrsets) if self.compact is None else self.compact.rrsets

    def record_count(self) -> int:
        """Count rdata, an alias as one, an empty set as none."""
        if self.compact is not None:
            return self.compact.records
        return sum(len(rrset.rdatas) or is_alias(rrset) for rrset in self.rrsets)

    def digest(self) -> str:
        """Return `sha256:` and the hexadecimal digest of the zone's content.

        Covered: origin, owners, types, variants, TTLs, rdata in canonical wire form, extras. Not covered:
        source, time, native documents, stray records. Equal for two snapshots with equal content. Computed once.
        """
        if not self._digest:
            import hashlib

            sha = hashlib.sha256()
            lines = _digest_lines(self)
            while some := [*islice(lines, _LINES_AT_ONCE)]:
                sha.update("\n".join([*some, ""]).encode())
            object.__setattr__(self, "_digest", f"sha256:{sha.hexdigest()}")
        return self._digest


@dataclass(frozen=True, slots=True)
class Assembly:
    """A snapshot, and what was wrong with the records it was made of."""

    snapshot: ZoneSnapshot
    findings: tuple[Finding, ...]


def assemble(
    origin: Name,
    records: Iterable[Record],
    *,
    rrsets: Iterable[RRset] = (),
    source: str = "",
    read_at: datetime | None = None,
    name_servers: tuple[Name, ...] = (),
    native: tuple[NativeDocument, ...] = (),
) -> Assembly:
    """Group records into RRsets and report mixed TTLs, duplicates, and what `assemble_rrsets` reports.

    Equal records are carried once and reported; each TTL that differs from the smallest of its set is kept
    as an extra; extras that not all records of a set share are kept by record. `rrsets` are sets without
    rdata (aliases) beside the records; where a key is there already, their extras are added to it and reported.
    Records of types that are none of DNS are read as the aliases that they are, or reported: see `computed`.
    """
    findings: list[Finding] = []
    stray: list[Record] = []
    made: dict[RRsetKey, RRset] = {}
    positions: dict[RRsetKey, Position | None] = {}
    aliases: list[RRset] = []
    for members in _grouped(origin, records, stray):
        first = members[0]
        key = RRsetKey(first.owner, first.rdata.rdtype, first.variant)
        if key.rdtype in COMPUTED:
            found, said = read_computed(key, members)
            findings.extend(said)
            if found:
                aliases.extend(found)
                continue
        if key.rdtype in _JUDGED:
            positions[key] = first.position
        made[key] = _merged(key, _without_duplicates(key, members, findings), findings)
    findings[:0] = [_out_of_zone(record, origin) for record in stray]
    for rrset in (*aliases, *rrsets):
        _add_alias(made, rrset, origin, findings)
    assembly = assemble_rrsets(
        origin,
        made.values(),
        positions=positions,
        source=source,
        read_at=read_at,
        name_servers=name_servers,
        native=native,
        stray=tuple(stray),
    )
    return Assembly(assembly.snapshot, (*findings, *assembly.findings))


def assemble_rrsets(
    origin: Name,
    rrsets: Iterable[RRset],
    *,
    positions: dict[RRsetKey, Position | None] | None = None,
    source: str = "",
    read_at: datetime | None = None,
    name_servers: tuple[Name, ...] = (),
    native: tuple[NativeDocument, ...] = (),
    stray: tuple[Record, ...] = (),
) -> Assembly:
    """Put RRsets in canonical order and report what no server can load or answer.

    The keys must be distinct and inside the zone: a provider that returns a key twice has broken its own
    contract, and `assemble` sees to it for records.
    """
    ordered = tuple(sorted(rrsets, key=lambda rrset: canonical_order(rrset.key)))
    snapshot = ZoneSnapshot(origin, ordered, source, read_at, name_servers, native, stray)
    return Assembly(snapshot, tuple(_zone_findings(snapshot, positions or {})))


def with_compact(snapshot: ZoneSnapshot, zone: CompactZone) -> ZoneSnapshot:
    """Return the snapshot with the RRsets of a compact zone, which are made when somebody looks at them."""
    found = ZoneSnapshot(
        snapshot.origin,
        (),
        snapshot.source,
        snapshot.read_at,
        snapshot.name_servers,
        snapshot.native,
        snapshot.stray,
    )
    object.__delattr__(found, "rrsets")
    object.__setattr__(found, "compact", zone)
    return found


def subject_of(key: RRsetKey) -> str:
    """Return owner, type and variant as findings and reports name an RRset."""
    variant = f" [{key.variant}]" if key.variant else ""
    return f"{text_of(key.owner)} {RdataType.to_text(key.rdtype)}{variant}"


def _grouped(origin: Name, records: Iterable[Record], stray: list[Record]) -> Iterable[list[Record]]:
    """Return the records of each key; those outside the zone go to `stray`."""
    groups: dict[tuple[tuple[bytes, ...], RdataType, str], list[Record]] = {}
    apex = folded(origin)
    owner, labels = origin, apex
    for record in records:
        if record.owner is not owner:  # readers give one name to all records of a line group
            owner = record.owner
            labels = folded(owner)
        if labels[-len(apex) :] == apex:
            groups.setdefault((labels, record.rdata.rdtype, record.variant), []).append(record)
        else:
            stray.append(record)
    return groups.values()


def _out_of_zone(record: Record, origin: Name) -> Finding:
    key = RRsetKey(record.owner, record.rdata.rdtype)
    return Finding(
        "zone.out-of-zone",
        Severity.WARNING,
        subject_of(key),
        f"The owner lies outside {text_of(origin)}, so no server of the zone answers it; kept apart.",
        record.position,
    )


def _add_alias(made: dict[RRsetKey, RRset], rrset: RRset, origin: Name, findings: list[Finding]) -> None:
    key = rrset.key
    if not is_within(key.owner, origin):
        said = "; ".join(map(canonical_text, rrset.extras))
        findings.append(
            Finding(
                "zone.out-of-zone",
                Severity.ERROR,
                subject_of(key),
                f"The owner lies outside {text_of(origin)}, and an alias cannot be kept apart; left out: {said}.",
            )
        )
        return
    present = made.get(key)
    if present is None:
        made[key] = rrset
        return
    findings.append(
        Finding(
            "zone.alias-beside-records",
            Severity.ERROR,
            subject_of(key),
            "An alias stands beside other records of its name and type; a provider has one or the other. Both are "
            "kept in one set.",
        )
    )
    extras = tuple(extra for extra in rrset.extras if extra not in present.extras)
    made[key] = RRset(key, present.ttl, present.rdatas, present.extras + extras)


def _without_duplicates(key: RRsetKey, members: list[Record], findings: list[Finding]) -> list[Record]:
    if len(members) == 1:
        return members
    seen: dict[bytes, Record] = {}
    for record in members:
        wire = canonical_wire(record.rdata)
        first = seen.setdefault(wire, record)
        if first is record:
            continue
        where = f", first at {first.position}" if first.position else ""
        severity, text = Severity.NOTICE, f"The record stands twice{where}; carried once."
        if record.ttl != first.ttl:
            severity = Severity.WARNING
            text = (
                f"The record stands twice, with the TTL {record.ttl} here and {first.ttl} before{where}; "
                "carried once, with the shorter one."
            )
        carried, other = (record, first) if record.ttl < first.ttl else (first, record)
        gone = [canonical_text(extra) for extra in other.extras if extra not in carried.extras]
        if gone:
            severity = Severity.WARNING
            text = f"{text} What only the other one says of it is left out: {'; '.join(gone)}."
        findings.append(Finding("zone.duplicate", severity, subject_of(key), text, record.position))
        seen[wire] = carried
    return list(seen.values())


def _merged(key: RRsetKey, records: list[Record], findings: list[Finding]) -> RRset:
    first = records[0]
    if len(records) == 1:
        return RRset(key, first.ttl, (first.rdata,), first.extras)
    ttls = sorted({record.ttl for record in records})
    ttl = ttls[0]
    extras = _merged_extras(records, ttl)
    # Each signature has the TTL of what it signs: RFC 4034 section 3 makes an exception of them.
    if len(ttls) > 1 and key.rdtype != RdataType.RRSIG:
        findings.append(
            Finding(
                "zone.mixed-ttl",
                Severity.WARNING,
                subject_of(key),
                f"The records of one set have the TTLs {', '.join(map(str, ttls))}; a set has one TTL "
                f"(RFC 2181 section 5.2). {ttl} is used, the others are kept beside it.",
                next((record.position for record in records if record.ttl != ttl), None),
            )
        )
    return make(key, ttl, tuple([record.rdata for record in records]), extras)


def _merged_extras(records: list[Record], ttl: int) -> tuple[Extra, ...]:
    """Return what all records share, and by record what only some have or what differs from the set's TTL.

    Signatures, which have no order, come in that of their rdatas.
    """
    shared = tuple([e for e in records[0].extras if all(e in record.extras for record in records)])
    extras: list[Extra] = list(shared)
    if records[0].rdata.rdtype == RdataType.RRSIG:
        records = sorted(records, key=lambda record: canonical_wire(record.rdata))
    for record in records:
        own = [extra for extra in record.extras if extra not in shared]
        if record.ttl != ttl:
            own.insert(0, RecordTTL(record.ttl))
        for extra in own:
            assert not isinstance(extra, ForRecord)
            extras.append(ForRecord(record.rdata.to_text(), extra))
    return tuple(extras)


def _zone_findings(snapshot: ZoneSnapshot, positions: dict[RRsetKey, Position | None]) -> Iterator[Finding]:
    by_owner: dict[tuple[bytes, ...], list[RRset]] = {}
    with_cname = {rrset.key.folded for rrset in snapshot.rrsets if rrset.key.rdtype == RdataType.CNAME}
    for rrset in snapshot.rrsets if with_cname else ():
        owner = rrset.key.folded
        if owner in with_cname:
            by_owner.setdefault(owner, []).append(rrset)
    apex = folded(snapshot.origin)
    for owner, rrsets in by_owner.items():
        cnames = [r for r in rrsets if r.rdtype == RdataType.CNAME]
        # A CNAME that the provider answers as addresses excludes those alone.
        flattened = owner == apex and all(Flattened() in cname.extras for cname in cnames)
        excluded = [r for r in rrsets if not flattened or r.rdtype in _ADDRESSES]
        yield from _cname_findings(cnames, excluded, positions)
    yield from _soa_findings(snapshot, positions)
    for rrset in snapshot.rrsets:
        if rrset.rdtype == RdataType.DNAME and len(rrset.rdatas) > 1:
            yield Finding(
                "zone.several-dnames",
                Severity.ERROR,
                subject_of(rrset.key),
                f"The name has {len(rrset.rdatas)} DNAME records; it can have one (RFC 6672 section 2.4).",
                positions.get(rrset.key),
            )
        if not fits_into_message(rrset):
            yield Finding(
                "zone.rrset-too-large",
                Severity.ERROR,
                subject_of(rrset.key),
                f"The {len(rrset.rdatas):,} records need more room than the {LARGEST_MESSAGE:,} octets of a DNS "
                "message; no server can answer them.",
            )


def _cname_findings(
    cnames: list[RRset], rrsets: list[RRset], positions: dict[RRsetKey, Position | None]
) -> Iterator[Finding]:
    key = cnames[0].key
    subject = f"{text_of(key.owner)} CNAME"
    others = sorted({RdataType.to_text(r.rdtype) for r in rrsets if r.rdtype not in BESIDE_CNAME})
    if others:
        yield Finding(
            "zone.cname-and-other-data",
            Severity.ERROR,
            subject,
            f"The CNAME stands beside {', '.join(others)}; a name with a CNAME has no other data "
            "(RFC 1034 section 3.6.2), and servers refuse or ignore one of them.",
            positions.get(key),
        )
    for cname in cnames:
        if len(cname.rdatas) > 1:
            yield Finding(
                "zone.several-cnames",
                Severity.ERROR,
                subject_of(cname.key),
                f"The name has {len(cname.rdatas)} CNAME records; it can have one (RFC 2181 section 10.1).",
                positions.get(cname.key),
            )


def _soa_findings(snapshot: ZoneSnapshot, positions: dict[RRsetKey, Position | None]) -> Iterator[Finding]:
    for rdtype in (RdataType.SOA, RdataType.NS):
        if snapshot.apex(rdtype) is None:
            name = RdataType.to_text(rdtype)
            yield Finding(
                f"zone.no-{name.lower()}",
                Severity.WARNING,
                f"{text_of(snapshot.origin)} {name}",
                f"The apex has no {name} record; name servers refuse to load such a zone.",
            )
    soas = [rrset for rrset in snapshot.rrsets if rrset.key.rdtype == RdataType.SOA]
    for soa in soas:
        if canonical_key(soa.owner) != canonical_key(snapshot.origin):
            yield Finding(
                "zone.soa-below-apex",
                Severity.ERROR,
                subject_of(soa.key),
                f"An SOA record stands below the apex {text_of(snapshot.origin)}; servers refuse the zone.",
                positions.get(soa.key),
            )
        elif len(soa.rdatas) > 1:
            yield Finding(
                "zone.several-soas",
                Severity.ERROR,
                subject_of(soa.key),
                f"The zone has {len(soa.rdatas)} SOA records; it has exactly one (RFC 1035 section 5.2).",
                positions.get(soa.key),
            )


def _digest_lines(snapshot: ZoneSnapshot) -> Iterator[str]:
    yield text_of(snapshot.origin)
    if snapshot.compact is not None:
        yield from snapshot.compact.digest_lines(_digest_lines_of)
        return
    for rrset in snapshot.rrsets:
        yield from _digest_lines_of(rrset)


def _digest_lines_of(rrset: RRset) -> Iterator[str]:
    yield f"{text_of(rrset.owner)} {int(rrset.rdtype)} {rrset.ttl} {rrset.key.variant!r}"
    for rdata in rrset.rdatas:
        yield f"  {canonical_wire(rdata).hex()}"
    for line in sorted(map(canonical_text, rrset.extras)):
        yield f"  + {line}"
