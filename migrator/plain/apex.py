"""What every server asks of the apex: one SOA, and name servers whose addresses can be found. No IO here.

A source need not have them: provider-neutral files and private zones do without. The zone file gets stand-ins
below `invalid.` (RFC 6761), which nobody takes for real, since without them no server loads it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import dns.rdata
from dns.name import Name
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NS import NS

from migrator.model.finding import Finding, Severity
from migrator.model.names import ROOT, absolute, folded, is_within
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot, subject_of
from migrator.plain.answers import Labels
from migrator.plain.comments import record_text
from migrator.zonefile.writer import Entry

_TTL = 3600
_STAND_IN = "ns.invalid."
# For the zones that ns.invalid. is a name of: the root and invalid. itself (RFC 5737: nobody has this address).
_STAND_IN_ADDRESS = "192.0.2.1"
_TIMERS = "1 7200 900 1209600 300"
_ADDRESSES = (RdataType.A, RdataType.AAAA)
_WILDCARD = b"*"

ByName = Mapping[Labels, Mapping[RdataType, RRset]]


@dataclass(frozen=True, slots=True)
class Apex:
    """The entries of the file with an apex that servers accept, and what was done to it."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]


def with_loadable_apex(snapshot: ZoneSnapshot, entries: Iterable[Entry]) -> Apex:
    """Return the entries with the apex NS that BIND refuses as comments, and stand-ins for what is missing."""
    findings: list[Finding] = []
    served = _by_name(entries)
    kept: list[Entry] = []
    for entry in entries:
        rrset = entry.rrset
        if rrset is not None and rrset.rdtype == RdataType.NS and folded(rrset.owner) == folded(snapshot.origin):
            kept.append(_reachable(entry, rrset, snapshot.origin, served, findings))
        else:
            kept.append(entry)
    return Apex((*_stand_ins(snapshot, kept, findings), *kept), tuple(findings))


def _by_name(entries: Iterable[Entry]) -> dict[Labels, dict[RdataType, RRset]]:
    found: dict[Labels, dict[RdataType, RRset]] = {}
    for entry in entries:
        if entry.rrset is not None:
            found.setdefault(folded(entry.rrset.owner), {})[entry.rrset.rdtype] = entry.rrset
    return found


def _reachable(entry: Entry, rrset: RRset, origin: Name, served: ByName, findings: list[Finding]) -> Entry:
    """Return the apex NS set without the hosts of the zone that have no address in it: BIND refuses the zone."""
    lost = tuple(
        rdata for rdata in rrset.rdatas if isinstance(rdata, NS) and _has_no_address(rdata.target, origin, served)
    )
    if not lost:
        return entry
    kept = tuple(rdata for rdata in rrset.rdatas if rdata not in lost)
    reason = "a name server inside the zone needs an address there"
    lines = [f"  {record_text(rrset.owner, rrset.ttl, rdata)}" for rdata in lost]
    hosts = ", ".join(rdata.to_text() for rdata in lost)
    message = f"{hosts} is a comment, since BIND would not load the file: {reason}."
    findings.append(Finding("plain.not-loadable", Severity.WARNING, subject_of(rrset.key), message))
    comments = (*entry.comments, f"not served: {reason}", *lines)
    return Entry(replace(rrset, rdatas=kept) if kept else None, comments)


def _has_no_address(name: Name, origin: Name, served: ByName) -> bool:
    """Tell whether a name server is in the zone, not below a cut, and answers no address (RFC 1034 4.3.2)."""
    if not is_within(name, origin):
        return False
    host, apex = folded(name), len(origin.labels)
    above = [host[i:] for i in range(len(host) - apex + 1)]
    if any(RdataType.NS in served.get(name, {}) for name in above[:-1]):
        return False
    if host in served:
        return not any(rdtype in served[host] for rdtype in _ADDRESSES)
    closest = next((name for name in above[1:] if _exists(name, served)), above[-1])
    wildcard = served.get((_WILDCARD, *closest), {})
    return _exists(host, served) or not any(rdtype in wildcard for rdtype in _ADDRESSES)


def _exists(name: Labels, served: ByName) -> bool:
    return name in served or any(owner[-len(name) :] == name for owner in served)


def _stand_ins(snapshot: ZoneSnapshot, entries: list[Entry], findings: list[Finding]) -> list[Entry]:
    by_name = _by_name(entries)
    served = by_name.get(folded(snapshot.origin), {})
    found: list[Entry] = []
    hosts = [rdata.to_text() for rdata in served[RdataType.NS].rdatas] if RdataType.NS in served else []
    assigned = [
        name.to_text() for name in snapshot.name_servers if not _has_no_address(name, snapshot.origin, by_name)
    ]
    if RdataType.SOA not in served:
        first = (hosts or assigned or [_STAND_IN])[0]
        key = RRsetKey(snapshot.origin, RdataType.SOA)
        found.append(_stand_in(key, [f"{first} hostmaster.invalid. {_TIMERS}"], "a stand-in", findings))
    if RdataType.NS not in served:
        key = RRsetKey(snapshot.origin, RdataType.NS)
        what = "those that the provider assigned" if assigned else "a stand-in"
        found.append(_stand_in(key, assigned or [_STAND_IN], what, findings))
        host = absolute(_STAND_IN)
        if not assigned and _has_no_address(host, snapshot.origin, by_name):
            found.append(_stand_in(RRsetKey(host, RdataType.A), [_STAND_IN_ADDRESS], "a stand-in", findings))
    return found


def _stand_in(key: RRsetKey, texts: list[str], what: str, findings: list[Finding]) -> Entry:
    name = RdataType.to_text(key.rdtype)
    lacking = "address of its name server" if key.rdtype == RdataType.A else f"{name} at the apex"
    message = f"There is no {lacking} to serve; the zone file has {what}, without which no server loads it."
    findings.append(Finding("plain.stand-in", Severity.NOTICE, subject_of(key), message))
    rdatas = tuple(dns.rdata.from_text(RdataClass.IN, key.rdtype, text, ROOT, relativize=False) for text in texts)
    return Entry(make(key, _TTL, rdatas), (f"no {name} was read; {what}, without which no server loads the file",))
