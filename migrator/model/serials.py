"""Serials of SOA records, which have an order and no end (RFC 1982). No IO here.

5 comes after 4, and 3 after 4294967290; of 1 and 2147483649, half the space apart, neither comes after the other.
"""

from dataclasses import replace
from datetime import date, timedelta

from dns.rdtypes.ANY.SOA import SOA

from migrator.model.rrset import RRset

_SPACE = 2**32
# A day and a number of two digits, as people write them: 2026112209. Others that look so are counted on as well.
_YEARS = range(1990, 2100)
_LAST_OF_DAY = 99


def is_later(one: int, other: int) -> bool:
    """Tell whether a serial is later than another (RFC 1982 section 3.2)."""
    return 0 < (one - other) % _SPACE < _SPACE // 2


def following(serial: int) -> int:
    """Return the next serial: a date with a number stays one, and 0 is left out, which some servers take for none.

    2026112209 gives 2026112210, and 2026113099, the last of its day, 2026120100.
    """
    day = _day(serial)
    if day is not None and serial % 100 == _LAST_OF_DAY:
        after = day + timedelta(days=1)
        return ((after.year * 100 + after.month) * 100 + after.day) * 100
    return (serial + 1) % _SPACE or 1


def later_than(*serials: int) -> int | None:
    """Return a serial that is later than all of these; None where they lie so far apart that there is none."""
    return next(
        (found for found in map(following, serials) if all(is_later(found, other) for other in serials)),
        None,
    )


def serial_of(rrset: RRset | None) -> int | None:
    """Return the serial of an SOA set; None where it is not one record that could be read."""
    if rrset is None or len(rrset.rdatas) != 1:
        return None
    rdata = rrset.rdatas[0]
    return rdata.serial if isinstance(rdata, SOA) else None


def with_serial(rrset: RRset, serial: int) -> RRset:
    """Return an SOA set with another serial."""
    return replace(
        rrset, rdatas=tuple(r.replace(serial=serial) if isinstance(r, SOA) else r for r in rrset.rdatas)
    )


def _day(serial: int) -> date | None:
    """Return the day that a serial has in it; None where it is a mere number."""
    year, month, day = serial // 1_000_000, serial // 10_000 % 100, serial // 100 % 100
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
