"""Types that a provider names and nobody here can number: they get a number of the private range. No IO here.

RFC 6895 section 3.1 leaves 65280 to 65534 to private use. The same name gets the same number each time, so that
two snapshots of one zone are equal.
"""

import zlib

import dns.exception
from dns.rdatatype import RdataType, is_metatype

_PRIVATE_TYPES = range(65280, 65535)


def number_of(named: object) -> RdataType | None:
    """Return the number of a type name, or None where no record can have it."""
    if not isinstance(named, str):
        return None
    try:
        number = RdataType.from_text(named)
    except (dns.exception.DNSException, ValueError):
        return None
    return None if number == 0 or is_metatype(number) else number


def private_number(type_name: str) -> RdataType:
    """Return the private number that stands for a type without one."""
    octets = type_name.encode("utf-8", "surrogatepass")
    return RdataType.make(_PRIVATE_TYPES[zlib.crc32(octets) % len(_PRIVATE_TYPES)])
