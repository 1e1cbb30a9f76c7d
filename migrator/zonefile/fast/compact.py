"""A zone file read by the fast engine: the zone as a `CompactZone`, the findings as the exact reader has them.

No IO here. The exact reader runs as ever, over the lines that the engine leaves to it.
"""

from dataclasses import dataclass
from datetime import datetime

from dns.name import Name

from migrator.model.compact import CompactZone, key_of
from migrator.model.finding import Finding
from migrator.model.rrset import Record, RRset
from migrator.model.zone import Assembly, NativeDocument, assemble, with_compact
from migrator.zonefile.collector import paused_collector
from migrator.zonefile.fast.building import Builder
from migrator.zonefile.fast.engine import FastLines
from migrator.zonefile.fast.harvest import Harvest
from migrator.zonefile.reader import new_state, read_into
from migrator.zonefile.reading import IncludeOpener
from migrator.zonefile.state import State


@dataclass(frozen=True, slots=True)
class CompactReading:
    """What `read_zone` gives, with all ordinary owners in `harvest` and only the others among the records."""

    origin: Name
    records: tuple[Record, ...]
    findings: tuple[Finding, ...]
    rrsets: tuple[RRset, ...]
    harvest: Harvest

    def record_count(self) -> int:
        """Count the records that were read."""
        return len(self.records) + self.harvest.records


def read_compactly(
    text: bytes,
    *,
    file: str,
    origin: Name | None = None,
    include: IncludeOpener | None = None,
    fallback: Name | None = None,
) -> CompactReading:
    """Return what `read_zone` returns, in compact form; raises as it does."""
    harvest = Harvest()
    while True:
        state = new_state(origin, fallback)
        state.taken = harvest
        with paused_collector():
            zone = read_into(state, text, file, include, FastLines(state, harvest).lines)
        if harvest.apexes <= {key_of(zone.labels)}:
            late = harvest.judged | {key for key in _owners(state) if key in harvest}
            if not late:
                return CompactReading(
                    zone, tuple(state.records), state.findings.all(), tuple(state.rrsets), harvest
                )
            harvest = Harvest(harvest.left | late)
        else:  # the zone is not the one that it seemed to be at first: nothing is taken fast
            harvest = Harvest(everything=True)


def assemble_reading(
    reading: CompactReading,
    *,
    source: str = "",
    read_at: datetime | None = None,
    native: tuple[NativeDocument, ...] = (),
) -> Assembly:
    """Return the zone as a snapshot, and what `assemble` says of its records."""
    partial = assemble(
        reading.origin, reading.records, rrsets=reading.rrsets, source=source, read_at=read_at, native=native
    )
    snapshot = partial.snapshot
    objects: dict[bytes, list[RRset]] = {}
    for rrset in snapshot.rrsets:
        objects.setdefault(key_of(rrset.key.folded), []).append(rrset)
    harvest, builder = reading.harvest, Builder()
    for key, blocks in harvest.respelt.items():
        objects[key] = [*builder.rrsets_of_blocks(blocks)]
    zone = CompactZone(
        harvest.texts,
        {key: tuple(rrsets) for key, rrsets in objects.items()},
        len(snapshot.rrsets) + harvest.rrsets,
        snapshot.record_count() + harvest.records,
        builder,
    )
    return Assembly(with_compact(snapshot, zone), partial.findings)


def _owners(state: State) -> set[bytes]:
    owners = {record.owner.labels for record in state.records} | {rrset.owner.labels for rrset in state.rrsets}
    return {key_of(labels) for labels in owners}
