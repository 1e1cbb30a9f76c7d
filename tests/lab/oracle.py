"""What servers serve, by the transfer of dnspython and plain questions: independent of the code under test."""

from collections.abc import Iterable

import dns.name
import dns.query
import dns.rdata
import dns.rdatatype
import dns.rrset
import dns.tsigkeyring
import dns.xfr

from tests.lab.servers import TSIG_ALGORITHM, TSIG_NAME, TSIG_SECRET, Authority
from tests.lab.waiting import LabError, ask

Row = tuple[str, str, int, bytes]

SIGNATURES = frozenset({"DNSKEY", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM"})


def transferred(server: Authority, zone: str, *, keyed: bool = False) -> list[Row]:
    """Return the records of the zone, the SOA once, as (owner, type, TTL, rdata on the wire), sorted."""
    keyring = dns.tsigkeyring.from_text({TSIG_NAME: (TSIG_ALGORITHM, TSIG_SECRET)}) if keyed else None
    messages = dns.query.xfr(
        server.addresses[0],
        zone,
        port=server.port,
        relativize=False,
        lifetime=10,
        keyring=keyring,
        keyalgorithm=TSIG_ALGORITHM,
    )
    return sorted({row for message in messages for rrset in message.answer for row in rows(rrset)})


def answers(server: Authority, questions: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[object, ...]]:
    """Return what the first address answers to each (name, type): rcode, and rows of answer and authority."""
    found: dict[tuple[str, str], tuple[object, ...]] = {}
    for name, rdtype in questions:
        message = ask(server.addresses[0], server.port, name, rdtype)
        if message is None:
            raise LabError(f"{server.name} does not answer {name} {rdtype}")
        said = {row for rrset in message.answer for row in rows(rrset)}
        # What a server adds to an answer is its own choice; a referral is not.
        referred = {row for rrset in message.authority for row in rows(rrset) if not message.answer}
        found[name, rdtype] = (message.rcode(), frozenset(said), frozenset(referred))
    return found


def questions_of(zone: Iterable[Row]) -> list[tuple[str, str]]:
    """Return each name and type of a zone once, and a name that is not there."""
    known = sorted({(owner, rdtype) for owner, rdtype, _, _ in zone})
    apex = next(owner for owner, rdtype in known if rdtype == "SOA")
    return [*known, (f"no.such.name.{apex}", "A"), (f"no-such-name.{apex}", "TXT")]


def rows(rrset: dns.rrset.RRset) -> list[Row]:
    """Return an RRset as rows; names without regard to case."""
    owner = rrset.name.to_text().lower()
    rdtype = dns.rdatatype.to_text(rrset.rdtype)
    return [(owner, rdtype, rrset.ttl, rdata.to_digestable(dns.name.root)) for rdata in rrset]
