"""Zones for the tests of the embedded servers, written one record a line: owner, TTL, type, rdata."""

import dns.name
import dns.rdata
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.rrset import Record
from migrator.model.zone import ZoneSnapshot, assemble


def name(text: str) -> Name:
    return dns.name.from_text(text)


def zone(origin: str, text: str) -> ZoneSnapshot:
    apex = name(origin)
    records = []
    for line in filter(None, map(str.strip, text.splitlines())):
        owner, ttl, rdtype, rdata = line.split(None, 3)
        parsed = dns.rdata.from_text("IN", RdataType.from_text(rdtype), rdata, apex, relativize=False)
        records.append(Record(dns.name.from_text(owner, apex), int(ttl), parsed))
    assembly = assemble(apex, records)
    assert not assembly.findings
    return assembly.snapshot


CHILD = """
@            3600 SOA   ns1 hostmaster 7 7200 3600 1209600 300
@            3600 NS    ns1
@            3600 NS    ns.elsewhere.test.
@            3600 MX    10 mail
@            3600 TXT   "one" "two"
ns1          3600 A     127.53.2.1
mail         3600 A     192.0.2.25
mail         3600 AAAA  2001:db8::25
www          3600 CNAME web
web          3600 A     192.0.2.80
chain        3600 CNAME www
away         3600 CNAME www.example.net.
dead         3600 CNAME nothing
half         3600 CNAME mail
below        3600 CNAME host.cut
a.deep.ent   3600 A     192.0.2.7
*.wild       3600 A     192.0.2.99
*.wild       3600 TXT   "any"
real.wild    3600 A     192.0.2.98
deep.sub.wild 3600 A    192.0.2.97
*.alias      3600 CNAME web
cut          3600 NS    ns1.cut
cut          3600 NS    ns.elsewhere.test.
cut          3600 DS    31589 13 2 C459D5CA27442338B4874D155D330992469FA0396A5AB6C450E072FFDBD48D06
ns1.cut      3600 A     203.0.113.53
ns1.cut      3600 AAAA  2001:db8:53::1
moved        3600 DNAME new.example.org.
a.new        3600 A     192.0.2.60
"""
PARENT = """
@            3600 SOA   a.registry.test. hostmaster.registry.test. 1 7200 3600 1209600 900
@            3600 NS    a.registry.test.
example      300  NS    ns1.example
example      300  NS    ns.elsewhere.test.
example      300  DS    12345 13 2 C459D5CA27442338B4874D155D330992469FA0396A5AB6C450E072FFDBD48D06
ns1.example  300  A     127.53.2.1
"""
