"""Zones for the tests of the comparison, from lines such as `www 300 A 192.0.2.1`."""

from dns.rdata import from_text
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.diff import Difference, ZoneDiff, compare
from migrator.model.extras import Extra
from migrator.model.names import absolute, text_of
from migrator.model.rrset import Record, RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, assemble, assemble_rrsets

ORIGIN = absolute("example.com.")
BASE = """
@ 3600 SOA ns1.old.test. hostmaster.example.com. 1 7200 3600 1209600 300
@ 3600 NS ns1.old.test.
"""


def record(line: str) -> Record:
    owner, ttl, rdtype, rdata = line.split(None, 3)
    parsed = from_text(RdataClass.IN, RdataType.make(rdtype), rdata, ORIGIN, relativize=False)
    return Record(absolute(owner, ORIGIN), int(ttl), parsed)


def zone(text: str = "", *rrsets: RRset, base: str = BASE) -> ZoneSnapshot:
    """Return the snapshot of `example.com` that these lines and RRsets make up, with SOA and NS."""
    records = [record(line) for line in (base + text).splitlines() if line.strip()]
    plain = assemble(ORIGIN, records, source="test").snapshot
    return assemble_rrsets(ORIGIN, [*plain.rrsets, *rrsets], source="test").snapshot


def rrset(line: str, *extras: Extra, variant: str = "") -> RRset:
    """Return one RRset with extras; rdata `-` means none."""
    owner, ttl, rdtype, rdata = line.split(None, 3)
    key = RRsetKey(absolute(owner, ORIGIN), RdataType.make(rdtype), variant)
    rdatas = () if rdata == "-" else (record(line).rdata,)
    return make(key, None if ttl == "-" else int(ttl), rdatas, extras)


def diff(old: str, new: str) -> ZoneDiff:
    return compare(zone(old), zone(new))


def only(found: ZoneDiff) -> Difference:
    """Return the one difference there is."""
    assert len(found.differences) == 1, [name_of(difference) for difference in found.differences]
    return found.differences[0]


def name_of(difference: Difference) -> str:
    """Return `kind owner TYPE`."""
    rdtype = RdataType.to_text(difference.key.rdtype)
    return f"{difference.kind} {text_of(difference.key.owner)} {rdtype}"


def told(difference: Difference) -> str:
    """Return all of a difference that a reader sees, as one line."""
    return f"{difference.severity} {name_of(difference)} {','.join(difference.roles)}: {difference.impact}"
