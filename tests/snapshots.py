"""Small snapshots for tests, written as people write zone files."""

import dns.rdata
from dns.name import Name
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.model.extras import Alias, Extra
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, assemble_rrsets

ORIGIN = absolute("example.org.")


def name(text: str) -> Name:
    """A name, relative to the zone unless it has a final dot."""
    return absolute(text, ORIGIN)


def rdata(rdtype: str, text: str) -> Rdata:
    """Rdata with its names made absolute."""
    return dns.rdata.from_text(RdataClass.IN, rdtype, text, ORIGIN, relativize=False)


def rrset(
    owner: str, rdtype: str, *texts: str, ttl: int | None = 300, variant: str = "", extras: tuple[Extra, ...] = ()
) -> RRset:
    """An RRset of the zone."""
    key = RRsetKey(name(owner), RdataType.make(rdtype), variant)
    return make(key, ttl, tuple(rdata(rdtype, text) for text in texts), extras)


def alias(owner: str, rdtype: str, target: str, *extras: Extra, variant: str = "") -> RRset:
    """An alias as Route 53 has it: no rdata, no TTL."""
    return rrset(owner, rdtype, ttl=None, variant=variant, extras=(Alias(name(target), "Z1"), *extras))


SOA = rrset("@", "SOA", "ns1.example.net. hostmaster 1 7200 900 1209600 300", ttl=900)
NS = rrset("@", "NS", "ns1.example.net.", "ns2.example.net.", ttl=900)


def zone(*rrsets: RRset, bare: bool = False, name_servers: tuple[Name, ...] = ()) -> ZoneSnapshot:
    """A snapshot of example.org. with these RRsets, with SOA and NS unless it is `bare`."""
    return assemble_rrsets(ORIGIN, rrsets if bare else (SOA, NS, *rrsets), name_servers=name_servers).snapshot
