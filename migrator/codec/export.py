"""What `export` did, as a value and as JSON. No IO here."""

import json
from collections import Counter
from itertools import chain

from dns.rdatatype import RdataType

from migrator.codec import findings
from migrator.model.compact import types_of
from migrator.model.extras import Alias
from migrator.model.finding import Finding
from migrator.model.rrset import type_rank
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot

SCHEMA = "dns-migrator/export/1"


@dataclass(frozen=True, slots=True)
class Export:
    """A backup that was written and read back: where, of what, by how many calls, and all that is to be said."""

    folder: str
    zone_file: str
    snapshot: ZoneSnapshot
    reads: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class TypeCount:
    """How much of one type a zone holds."""

    rdtype: RdataType
    rrsets: int
    records: int


def type_counts(snapshot: ZoneSnapshot) -> tuple[TypeCount, ...]:
    """Return the counts by type, the types in the order of a zone: SOA, NS, then by number.

    As everywhere, an alias is one record and an empty set none, so that the records add up to the zone's.
    """
    rrsets: Counter[RdataType] = Counter()
    records: Counter[RdataType] = Counter()
    compact = snapshot.compact
    for rrset in snapshot.rrsets if compact is None else chain.from_iterable(compact.objects.values()):
        alias = any(isinstance(extra, Alias) for extra in rrset.extras)
        rrsets[rrset.rdtype] += 1
        records[rrset.rdtype] += len(rrset.rdatas) or int(alias)
    for types, owners in Counter(() if compact is None else map(types_of, compact.texts.values())).items():
        for rdtype in types:
            records[rdtype] += owners
        for rdtype in {*types}:
            rrsets[rdtype] += owners
    ordered = sorted(rrsets, key=type_rank)
    return tuple(TypeCount(rdtype, rrsets[rdtype], records[rdtype]) for rdtype in ordered)


def name_servers(snapshot: ZoneSnapshot) -> tuple[str, ...]:
    """Return the assigned name servers, or, where nobody assigns any, those of the apex NS RRset."""
    if snapshot.name_servers:
        return tuple(name.to_text() for name in snapshot.name_servers)
    apex = snapshot.apex(RdataType.NS)
    return () if apex is None else tuple(rdata.to_text() for rdata in apex.rdatas)


def dumps(export: Export) -> str:
    """Return the JSON text."""
    snapshot = export.snapshot
    document = {
        "schema": SCHEMA,
        "zone": snapshot.origin.to_text(),
        "source": snapshot.source,
        "folder": export.folder,
        "zone_file": export.zone_file,
        "records": snapshot.record_count(),
        "rrsets": snapshot.rrset_count(),
        "by_type": {RdataType.to_text(count.rdtype): count.records for count in type_counts(snapshot)},
        "digest": snapshot.digest(),
        "name_servers": list(name_servers(snapshot)),
        "calls": {"reads": export.reads},
        "findings": [findings.document(finding) for finding in export.findings],
    }
    return json.dumps(document, indent=2)
