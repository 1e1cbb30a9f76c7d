"""Which names a host can have, and where records name hosts. No IO here."""

import re
from collections.abc import Iterator

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.AFSDB import AFSDB
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.RT import RT
from dns.rdtypes.ANY.SOA import SOA
from dns.rdtypes.svcbbase import SVCBBase

from migrator.model.names import folded, is_reverse

# The owner of these is a host.
OF_HOSTS = frozenset({RdataType.A, RdataType.AAAA, RdataType.MX})
HOST_OCTETS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
_SERVICE_DISCOVERY = re.compile(r"(?:b|db|r|dr|lb)\._dns-sd\._udp\.", re.IGNORECASE)


def hosts_in(rdata: Rdata, owner: Name) -> Iterator[Name]:
    """Yield the names of rdata in which BIND expects a host, but for those of MX, NS and SRV."""
    match rdata:
        case SOA():
            yield rdata.mname
            yield Name(rdata.rname.labels[1:])  # of the mailbox, its domain
        case SVCBBase() if rdata.priority:
            yield rdata.target
        case AFSDB() | RT():
            yield rdata.exchange
        case PTR() if is_of_address(owner):
            yield rdata.target


def is_of_address(owner: Name) -> bool:
    """Tell whether a PTR there names the host of an address."""
    return is_reverse(owner) and not _SERVICE_DISCOVERY.match(owner.to_text())


def odd_in_owner(owner: Name) -> str | None:
    """Return the same as `odd_in` of an owner, which may be a wildcard."""
    return odd_in(Name(owner.labels[1:]) if owner.labels[:1] == (b"*",) else owner)


def odd_in(name: Name) -> str | None:
    """Return what is in the name that no host name has, as a noun; None where all is well."""
    labels = [label for label in folded(name) if label]
    text = b".".join(labels)
    if b"//" in text or b":" in text:
        return "a URL's characters"
    if b"_" in text:
        return "an underscore"
    odd = sorted({octet for label in labels for octet in label} - HOST_OCTETS)
    if odd:
        return f"the characters {' '.join(repr(chr(octet)) for octet in odd)}"
    if any(label.startswith(b"-") or label.endswith(b"-") for label in labels):
        return "a hyphen at the edge of a label"
    return None
