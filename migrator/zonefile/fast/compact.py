"""A zone file read by the fast engine: the zone as a `CompactZone`, the findings as the exact reader has them.

No IO here. The exact reader runs as ever, over the lines that the engine leaves to it.
"""

from collections.abc import Mapping
from datetime import datetime

from dns.name import Name

from migrator.model.compact import CompactZone, key_of
from migrator.model.finding import Finding
from migrator.model.rrset import Record, RRset
from migrator.model.values import dataclass
from migrator.model.zone import Assembly, NativeDocument, ZoneSnapshot, assemble, with_compact
from migrator.zonefile.collector import paused_collector
from migrator.zonefile.fast.building import Builder
from migrator.zonefile.fast.engine import Ahead, FastLines
from migrator.zonefile.fast.harvest import Harvest
from migrator.zonefile.reader import new_state, read_into
from migrator.zonefile.reading import IncludeOpener


@dataclass(frozen=True, slots=True)
class Source:
    """A zone file, and what is known of the zone beforehand: see `read_zone`."""

    text: bytes
    file: str
    origin: Name | None = None
    include: IncludeOpener | None = None
    fallback: Name | None = None


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

    def exact_owners(self) -> set[bytes]:
        """Return the owners that the exact reader saw."""
        owners = {record.owner.labels for record in self.records} | {rrset.owner.labels for rrset in self.rrsets}
        return {key_of(labels) for labels in owners}


def read_compactly(
    text: bytes,
    *,
    file: str,
    origin: Name | None = None,
    include: IncludeOpener | None = None,
    fallback: Name | None = None,
) -> CompactReading:
    """Return what `read_zone` returns, in compact form; raises as it does."""
    source = Source(text, file, origin, include, fallback)
    harvest = Harvest()
    while True:
        reading = read_once(source, harvest)
        if harvest.apexes <= {key_of(reading.origin.labels)}:
            late = late_owners(reading)
            if not late:
                return reading
            harvest = Harvest(harvest.left | late)
        else:  # the zone is not the one that it seemed to be at first: nothing is taken fast
            harvest = Harvest(everything=True)


def read_once(source: Source, harvest: Harvest, ahead: Ahead | None = None) -> CompactReading:
    """Read the file once, into the harvest; `ahead` takes of it what need not be cut into lines."""
    state = new_state(source.origin, source.fallback)
    state.taken = harvest
    with paused_collector():
        lines = FastLines(state, harvest, ahead).lines
        zone = read_into(state, source.text, source.file, source.include, lines)
    return CompactReading(zone, tuple(state.records), state.findings.all(), tuple(state.rrsets), harvest)


def late_owners(reading: CompactReading) -> set[bytes]:
    """Return the owners that were taken in part or in whole and should have been left to the exact reader."""
    harvest = reading.harvest
    return harvest.judged | {key for key in reading.exact_owners() if key in harvest}


def assemble_reading(
    reading: CompactReading,
    *,
    source: str = "",
    read_at: datetime | None = None,
    native: tuple[NativeDocument, ...] = (),
    texts: Mapping[bytes, bytes] | None = None,
) -> Assembly:
    """Return the zone as a snapshot, and what `assemble` says of its records.

    `texts` are those of all owners that were taken, where the harvest does not have them itself.
    """
    partial = assemble(
        reading.origin, reading.records, rrsets=reading.rrsets, source=source, read_at=read_at, native=native
    )
    return Assembly(compact_beside(partial.snapshot, reading.harvest, texts), partial.findings)


def compact_beside(
    snapshot: ZoneSnapshot, harvest: Harvest, texts: Mapping[bytes, bytes] | None = None
) -> ZoneSnapshot:
    """Return the zone of a snapshot's RRsets and the owners of a harvest; they have no owner in common."""
    objects: dict[bytes, list[RRset]] = {}
    for rrset in snapshot.rrsets:
        objects.setdefault(key_of(rrset.key.folded), []).append(rrset)
    builder = Builder()
    for key, blocks in harvest.respelt.items():
        objects[key] = [*builder.rrsets_of_blocks(blocks)]
    zone = CompactZone(
        harvest.texts if texts is None else texts,
        {key: tuple(rrsets) for key, rrsets in objects.items()},
        len(snapshot.rrsets) + harvest.rrsets,
        snapshot.record_count() + harvest.records,
        builder,
    )
    return with_compact(snapshot, zone)
