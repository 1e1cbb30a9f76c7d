"""Whether a zone file that was written says what it was written to say. No IO here."""

from collections import Counter
from collections.abc import Collection, Iterable

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.errors import ZoneFileError
from migrator.model.compact import key_of, name_of, records_of
from migrator.model.finding import Finding, Severity
from migrator.model.names import folded, text_of
from migrator.model.rrset import RRset, canonical_wire
from migrator.zonefile.fast import CompactReading, read_compactly
from migrator.zonefile.fast.building import line_of
from migrator.zonefile.writer import Entry, OwnerText, written_ttls

# Type, TTL, and rdata in canonical wire form.
_Line = tuple[int, int, bytes]
_SHOWN = 3


def zone_file_findings(
    origin: Name, entries: Iterable[Entry | OwnerText], text: bytes, file: str
) -> tuple[Finding, ...]:
    """Return a finding where the records of the file are not those of the entries, each with its TTL."""
    texts: dict[bytes, bytes] = {}
    wanted: dict[bytes, list[_Line]] = {}
    for entry in entries:
        if isinstance(entry, OwnerText):
            texts[entry.key] = entry.text
        elif entry.rrset is not None:
            wanted.setdefault(key_of(entry.rrset.key.folded), []).extend(_lines_of_set(entry.rrset))
    if not wanted and not texts:
        return ()
    try:
        reading = read_compactly(text, file=file, origin=origin)
    except ZoneFileError as exc:
        return (_finding(origin, f"The zone file cannot be read back: {exc}"),)
    # Equal text is equal records to the letter: of most owners nothing else is looked at.
    same = {key for key, found in reading.harvest.texts.items() if texts.get(key) == found}
    wanted |= {key: _lines_of_text(text) for key, text in texts.items() if key not in same}
    found = _lines_of(reading, same)
    findings = []
    for word, lacking in (("lacks", _missing(wanted, found)), ("has besides", _missing(found, wanted))):
        if lacking:
            names = sorted(lacking)
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            message = f"Read back, the zone file {word} {', '.join(names[:_SHOWN])}{more}; zone.json has all."
            findings.append(_finding(origin, message))
    return tuple(findings)


def _lines_of_set(rrset: RRset) -> list[_Line]:
    timed = zip(rrset.rdatas, written_ttls(rrset), strict=True)
    return [(int(rrset.rdtype), ttl, canonical_wire(rdata)) for rdata, ttl in timed]


def _lines_of_text(text: bytes) -> list[_Line]:
    return [*map(line_of, records_of(text))]


def _lines_of(reading: CompactReading, but: Collection[bytes]) -> dict[bytes, list[_Line]]:
    """Return the records of each owner but of some; those of ordinary ones from their canonical text."""
    found = {key: _lines_of_text(text) for key, text in reading.harvest.texts.items() if key not in but}
    for key, blocks in reading.harvest.respelt.items():
        found[key] = [line_of(record) for _, records in blocks for record in records]
    for record in reading.records:
        line = (int(record.rdata.rdtype), record.ttl, canonical_wire(record.rdata))
        found.setdefault(key_of(folded(record.owner)), []).append(line)
    return found


def _missing(wanted: dict[bytes, list[_Line]], found: dict[bytes, list[_Line]]) -> set[str]:
    """Return owners and types of what the second lacks of the first."""
    return {
        f"{text_of(name_of(key))} {RdataType.to_text(RdataType.make(line[0]))}"
        for key, lines in wanted.items()
        if lines != found.get(key) and (lacking := Counter(lines) - Counter(found.get(key, ())))
        for line in lacking
    }


def _finding(origin: Name, message: str) -> Finding:
    return Finding("export.zone-file", Severity.ERROR, text_of(origin), message)
