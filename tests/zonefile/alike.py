"""One zone file read twice, exactly and fast: all that either reading says, as plain values to compare whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from dns.name import Name

from migrator.errors import InputError, ZoneFileError
from migrator.model.finding import Finding
from migrator.model.rrset import Record, RRset
from migrator.model.zone import ZoneSnapshot, assemble, with_compact
from migrator.zonefile import read_zone
from migrator.zonefile.fast import assemble_reading, byblocks, cutting, read_compactly
from migrator.zonefile.fast.ordinary import read_ordinary
from migrator.zonefile.reading import IncludeOpener

FILE = "zone.test"


@dataclass(frozen=True)
class Outcome:
    """A zone and what is said of it, to the letter; or why it could not be read."""

    refused: str = ""
    origin: tuple[bytes, ...] = ()
    findings: tuple[Finding, ...] = ()
    rrsets: tuple[object, ...] = ()
    stray: tuple[Record, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)
    digest: str = ""


def exactly(
    text: bytes, include: IncludeOpener | None = None, origin: Name | None = None, fallback: Name | None = None
) -> Outcome:
    try:
        reading = read_zone(text, file=FILE, include=include, origin=origin, fallback=fallback)
    except ZoneFileError as exc:
        return Outcome(str(exc))
    found = assemble(reading.origin, reading.records, rrsets=reading.rrsets)
    return _outcome(found.snapshot, (*reading.findings, *found.findings), len(reading.records))


def fast(
    text: bytes, include: IncludeOpener | None = None, origin: Name | None = None, fallback: Name | None = None
) -> Outcome:
    try:
        reading = read_compactly(text, file=FILE, include=include, origin=origin, fallback=fallback)
    except ZoneFileError as exc:
        return Outcome(str(exc))
    found = assemble_reading(reading)
    counts = found.snapshot.rrset_count(), found.snapshot.record_count()
    outcome = _outcome(found.snapshot, (*reading.findings, *found.findings), reading.record_count())
    assert outcome.counts[:2] == counts
    return outcome


def at_once(text: bytes, origin: Name | None = None, fallback: Name | None = None) -> Outcome | None:
    """Return what is read where every line is ordinary; None where one is not."""
    found = read_ordinary(text, origin, fallback)
    if found is None:
        return None
    outcome = _outcome(with_compact(ZoneSnapshot(found.origin, ()), found.zone), (), found.zone.records)
    assert outcome.counts[0] == found.zone.rrsets
    return outcome


def slow_share(text: bytes) -> float:
    """Which part of the records went through the exact reader."""
    reading = read_compactly(text, file=FILE)
    return len(reading.records) / reading.record_count()


@contextmanager
def chunks_of(octets: int, most_odd: int | None = None) -> Iterator[None]:
    """Let the fast reader cut so many octets at a time, and take so much that is odd in each for many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "CHUNK", octets)
        if most_odd is not None:
            patch.setattr(byblocks, "_MOST_ODD", most_odd)
            patch.setattr(byblocks, "_FEW", 1 << 20)
        yield


def opener(files: dict[str, bytes]) -> IncludeOpener:
    def opened(path: str, including: str) -> tuple[bytes, str]:
        del including
        if path not in files:
            raise InputError(f"{path}: cannot be read: No such file or directory.")
        return files[path], path

    return opened


def _outcome(snapshot: ZoneSnapshot, findings: tuple[Finding, ...], records: int) -> Outcome:
    digest = snapshot.digest()
    rrsets = tuple(map(_to_the_letter, snapshot.rrsets))
    counts = (len(rrsets), sum(len(r.rdatas) or bool(r.extras) for r in snapshot.rrsets), records)
    return Outcome("", snapshot.origin.labels, findings, rrsets, snapshot.stray, counts, digest)


def _to_the_letter(rrset: RRset) -> object:
    """All of an RRset with letter case in names, which equality leaves aside."""
    wires = tuple(rdata.to_wire() for rdata in rrset.rdatas)
    return rrset.owner.labels, rrset.rdtype, rrset.key.variant, rrset.ttl, wires, rrset.rdatas, rrset.extras
