"""Whether a zone file that was written says what it was written to say. No IO here."""

from collections import Counter
from collections.abc import Iterable

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.errors import ZoneFileError
from migrator.model.finding import Finding, Severity
from migrator.model.names import folded, text_of
from migrator.model.rrset import canonical_wire
from migrator.zonefile import read_zone
from migrator.zonefile.writer import Entry

_Line = tuple[tuple[bytes, ...], RdataType, int, bytes]
_SHOWN = 3


def zone_file_findings(origin: Name, entries: Iterable[Entry], text: bytes, file: str) -> tuple[Finding, ...]:
    """Return a finding where the records of the file are not those of the entries, each with its TTL."""
    wanted: Counter[_Line] = Counter()
    for entry in entries:
        if entry.rrset is not None:
            assert entry.rrset.ttl is not None
            owner, ttl = folded(entry.rrset.owner), entry.rrset.ttl
            wanted.update((owner, r.rdtype, ttl, canonical_wire(r)) for r in entry.rrset.rdatas)
    if not wanted:
        return ()
    try:
        reading = read_zone(text, file=file, origin=origin)
    except ZoneFileError as exc:
        return (_finding(origin, f"The zone file cannot be read back: {exc}"),)
    found = Counter((folded(r.owner), r.rdata.rdtype, r.ttl, canonical_wire(r.rdata)) for r in reading.records)
    findings = []
    for word, lines in (("lacks", wanted - found), ("has besides", found - wanted)):
        if lines:
            names = sorted({f"{text_of(Name(line[0]))} {RdataType.to_text(line[1])}" for line in lines})
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            message = f"Read back, the zone file {word} {', '.join(names[:_SHOWN])}{more}; zone.json has all."
            findings.append(_finding(origin, message))
    return tuple(findings)


def _finding(origin: Name, message: str) -> Finding:
    return Finding("export.zone-file", Severity.ERROR, text_of(origin), message)
