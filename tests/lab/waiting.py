"""Questions to the laboratory's own servers, and waiting until something is so. Nothing here sleeps blindly."""

import time
from collections.abc import Callable

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdatatype import RdataType

PATIENCE = 15.0
_PAUSE = 0.02
_TRY = 0.5


class LabError(Exception):
    """The laboratory did not do what it was told."""


def wait_until(happened: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Return as soon as `happened()` holds; raises LabError where it does not in time."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise LabError(f"{what}: still not so after {seconds:.0f} seconds")
        time.sleep(_PAUSE)


def ask(
    address: str,
    port: int,
    qname: str,
    rdtype: str | RdataType,
    *,
    recursive: bool = False,
    dnssec: bool = False,
    tcp: bool = False,
) -> dns.message.Message | None:
    """Return the server's message, or None where nothing usable came back in time."""
    query = dns.message.make_query(qname, rdtype, use_edns=0, want_dnssec=dnssec)
    if not recursive:
        query.flags &= ~dns.flags.RD
    try:
        if tcp:
            return dns.query.tcp(query, address, timeout=_TRY, port=port)
        return dns.query.udp_with_fallback(query, address, timeout=_TRY, port=port)[0]
    except (dns.exception.DNSException, OSError, EOFError):
        return None


def answered(message: dns.message.Message | None, qname: str, rdtype: str) -> dns.rrset.RRset | None:
    """Return the RRset of the answer section at that name and type."""
    if message is None:
        return None
    kind = dns.rdatatype.from_text(rdtype)
    return message.get_rrset(message.answer, dns.name.from_text(qname), dns.rdataclass.IN, kind)


def serial(address: str, port: int, zone: str) -> int | None:
    """Return the SOA serial that an authoritative server serves, or None."""
    message = ask(address, port, zone, "SOA")
    soa = answered(message, zone, "SOA")
    if message is None or soa is None or not message.flags & dns.flags.AA:
        return None
    found: int = soa[0].serial
    return found
