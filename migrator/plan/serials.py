"""The serial of a zone file: counted on with every change, since no provider does it. No IO here.

A secondary takes a zone only where its serial is later than the one it has (RFC 1034 section 4.3.5, RFC 1982). It
may have had the zone from the file that is written or from the source, so what is written is later than both:

    the file        the source      is written
    2026112209      5               2026112210
    1               2026112209      2026112210

A new file has the source's own: it is that zone still, and no secondary has had another one from there. A serial
alone is no difference: where nothing else changes, nothing is written. One exception: an SOA that a signature or a
digest covers (RRSIG, ZONEMD) which comes along cannot be counted on without breaking that. It is written as it was
signed, and where its serial is not later, a warning says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dns.rdatatype import RdataType

from migrator.model.change import Change, Replace, after, change_from, key_of
from migrator.model.finding import Finding, Severity
from migrator.model.loss import Fate, LedgerEntry
from migrator.model.rrset import RRsetKey
from migrator.model.serials import following, is_later, later_than, serial_of, with_serial
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot

_COUNTED = "The serial of the SOA is counted on: secondaries take a zone only where it is later."


@dataclass(frozen=True, slots=True)
class Serial:
    """The serial of the file as it is, that of the zone which comes into it, and the one that is written.

    None: there is none. `is_sealed`: a signature or a digest of the zone that comes covers its SOA.
    """

    present: int
    incoming: int | None
    planned: int
    is_sealed: bool = False

    @property
    def goes_on(self) -> bool:
        """Tell whether secondaries of either side take what is written."""
        others = (self.present,) if self.is_sealed else (self.present, self.incoming)
        return all(is_later(self.planned, other) for other in others if other is not None)


def comparable(existing: ZoneSnapshot | None, desired: ZoneSnapshot) -> ZoneSnapshot:
    """Return the desired zone with the serial of the file, so that a serial alone is no difference."""
    there = serial_of(None if existing is None else existing.apex(RdataType.SOA))
    wanted = desired.apex(RdataType.SOA)
    if there is None or serial_of(wanted) is None or is_sealed(desired):
        return desired
    assert wanted is not None
    swapped = with_serial(wanted, there)
    return replace(desired, rrsets=tuple(swapped if rrset is wanted else rrset for rrset in desired.rrsets))


def counted_on(
    existing: ZoneSnapshot | None, incoming: ZoneSnapshot, changes: Sequence[Change]
) -> tuple[tuple[Change, ...], Serial | None]:
    """Return the changes with a later serial, in any order, and the serial; as they are where nothing is replaced.

    `incoming` is the zone that comes into the file, with its own serial.
    """
    there = None if existing is None else existing.apex(RdataType.SOA)
    present = serial_of(there)
    key = RRsetKey(incoming.origin, RdataType.SOA)
    own = [change for change in changes if key_of(change) == key]
    goal = after(own[0]) if own else there
    last = serial_of(goal)
    if not changes or present is None or goal is None or last is None:
        return tuple(changes), None
    coming, sealed = serial_of(incoming.apex(RdataType.SOA)), is_sealed(incoming)
    planned = last if sealed else _planned(present, coming)
    counted = change_from(there, with_serial(goal, planned))
    rest = tuple(change for change in changes if key_of(change) != key)
    is_same = isinstance(counted, Replace) and counted.existing == counted.desired
    return (rest if counted is None or is_same else (*rest, counted)), Serial(present, coming, planned, sealed)


def _planned(present: int, coming: int | None) -> int:
    """Return what is later than the file's serial and the source's; where nothing is, than the file's."""
    known = (present,) if coming is None else (present, coming)
    return later_than(*known) or following(present)


def is_sealed(zone: ZoneSnapshot) -> bool:
    """Tell whether a signature or a digest in the zone covers its SOA."""
    signatures = zone.apex(RdataType.RRSIG)
    return zone.apex(RdataType.ZONEMD) is not None or any(
        getattr(rdata, "type_covered", None) == RdataType.SOA
        for rdata in (signatures.rdatas if signatures else ())
    )


def serial_findings(zone: str, serial: Serial | None) -> Iterator[Finding]:
    """Yield a warning where secondaries would not take what is written."""
    if serial is None or serial.goes_on:
        return
    if serial.is_sealed:
        message = (
            f"The serial is {serial.planned} then, and the file has {serial.present}: secondaries that have this "
            "do not take the zone. It is not counted on, since a signature or a digest (RRSIG, ZONEMD) covers the "
            "SOA."
        )
        remedy = "Sign the zone again with a later serial before a server loads the file."
    else:
        message = (
            f"The serial is {serial.planned} then, later than {serial.present} of the file: secondaries that have "
            f"{serial.incoming}, as in the zone that comes into it, do not take the zone. No serial is later than "
            "both (RFC 1982)."
        )
        remedy = "Let secondaries that have that serial fetch the zone anew (retransfer)."
    yield Finding("import.serial-not-later", Severity.WARNING, zone, message, remedy=remedy)


def with_serial_told(
    entries: Iterable[LedgerEntry], goal: ZoneSnapshot, source: ZoneSnapshot
) -> tuple[LedgerEntry, ...]:
    """Return the ledger with the SOA as translated where it is copied with another serial."""
    key = RRsetKey(source.origin, RdataType.SOA)
    if serial_of(source.apex(RdataType.SOA)) == serial_of(goal.apex(RdataType.SOA)):
        return tuple(entries)
    return tuple(
        replace(entry, fate=Fate.TRANSLATED, reason=_COUNTED)
        if entry.key == key and entry.fate is Fate.COPIED
        else entry
        for entry in entries
    )
