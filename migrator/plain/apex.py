"""What every server asks of the apex: one SOA, and name servers whose addresses can be found. No IO here.

A source need not have them: provider-neutral files and private zones do without. The zone file gets stand-ins
below `invalid.` (RFC 6761), which nobody takes for real, since without them no server loads it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import dns.rdata
from dns.name import Name
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NS import NS

from migrator.model.compact import key_of, types_of
from migrator.model.finding import Finding, Severity
from migrator.model.names import ROOT, absolute, folded, is_within
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot, subject_of
from migrator.plain.answers import Labels
from migrator.plain.comments import record_text
from migrator.zonefile.writer import Entry, OwnerText

_TTL = 3600
STAND_IN = "ns.invalid."
# For the zones that ns.invalid. is a name of: the root and invalid. itself (RFC 5737: nobody has this address).
_STAND_IN_ADDRESS = "192.0.2.1"
_TIMERS = "1 7200 900 1209600 300"
_ADDRESSES = (RdataType.A, RdataType.AAAA)
_WILDCARD = b"*"


@dataclass(frozen=True, slots=True)
class Apex:
    """The entries of the file with an apex that servers accept, and what was done to it."""

    entries: tuple[Entry | OwnerText, ...]
    findings: tuple[Finding, ...]


class Served:
    """What a file serves by name: sets, and the texts of ordinary owners."""

    def __init__(self, entries: Sequence[Entry | OwnerText], ordinary: Mapping[bytes, OwnerText]) -> None:
        """Take all entries of a file; `ordinary` are those of them that are texts, by key."""
        self._ordinary = ordinary
        self._sets: dict[Labels, dict[RdataType, RRset]] = {}
        for entry in entries:
            if isinstance(entry, Entry) and entry.rrset is not None:
                self._sets.setdefault(entry.rrset.key.folded, {})[entry.rrset.rdtype] = entry.rrset

    def sets_at(self, name: Labels) -> Mapping[RdataType, RRset]:
        """Return the sets of a name that is no ordinary owner."""
        return self._sets.get(name, {})

    def types_at(self, name: Labels) -> Collection[RdataType]:
        """Return the types of a name; none where it owns nothing."""
        found = self._ordinary.get(key_of(name))
        return self.sets_at(name) if found is None else types_of(found.text)

    def exists(self, name: Labels) -> bool:
        """Tell whether the name owns records, or stands above one that does."""
        if self.types_at(name) or any(owner[-len(name) :] == name for owner in self._sets):
            return True
        below = b"." + key_of(name).removeprefix(b".")  # which is all of the root's key
        return any(key.endswith(below) for key in self._ordinary)


def with_loadable_apex(
    snapshot: ZoneSnapshot, entries: Sequence[Entry | OwnerText], ordinary: Mapping[bytes, OwnerText]
) -> Apex:
    """Return the entries with the apex NS that BIND refuses as comments, and stand-ins for what is missing.

    `ordinary` are those of the entries that are texts, by key; the apex is none of them.
    """
    findings: list[Finding] = []
    served = Served(entries, ordinary)
    kept = [
        entry if isinstance(entry, OwnerText) else _reachable(entry, snapshot.origin, served, findings)
        for entry in entries
    ]
    stand_ins = _stand_ins(snapshot, Served(kept, ordinary), findings)
    return Apex((*stand_ins, *kept), tuple(findings))


def _reachable(entry: Entry, origin: Name, served: Served, findings: list[Finding]) -> Entry:
    """Return the apex NS set without the hosts of the zone that have no address in it: BIND refuses the zone."""
    rrset = entry.rrset
    if rrset is None or rrset.rdtype != RdataType.NS or rrset.key.folded != folded(origin):
        return entry
    lost = tuple(
        rdata for rdata in rrset.rdatas if isinstance(rdata, NS) and has_no_address(rdata.target, origin, served)
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


def has_no_address(name: Name, origin: Name, served: Served) -> bool:
    """Tell whether a name server is in the zone, not below a cut, and answers no address (RFC 1034 4.3.2)."""
    if not is_within(name, origin):
        return False
    host, apex = folded(name), len(origin.labels)
    above = [host[i:] for i in range(len(host) - apex + 1)]
    if any(RdataType.NS in served.types_at(name) for name in above[:-1]):
        return False
    types = served.types_at(host)
    if types:
        return not any(rdtype in types for rdtype in _ADDRESSES)
    closest = next((name for name in above[1:] if served.exists(name)), above[-1])
    wildcard = served.types_at((_WILDCARD, *closest))
    return served.exists(host) or not any(rdtype in wildcard for rdtype in _ADDRESSES)


def _stand_ins(snapshot: ZoneSnapshot, served: Served, findings: list[Finding]) -> list[Entry]:
    apex = served.sets_at(folded(snapshot.origin))
    found: list[Entry] = []
    hosts = [rdata.to_text() for rdata in apex[RdataType.NS].rdatas] if RdataType.NS in apex else []
    assigned = [
        name.to_text() for name in snapshot.name_servers if not has_no_address(name, snapshot.origin, served)
    ]
    if RdataType.SOA not in apex:
        first = (hosts or assigned or [STAND_IN])[0]
        key = RRsetKey(snapshot.origin, RdataType.SOA)
        found.append(_stand_in(key, [f"{first} hostmaster.invalid. {_TIMERS}"], "a stand-in", findings))
    if RdataType.NS not in apex:
        key = RRsetKey(snapshot.origin, RdataType.NS)
        what = "those that the provider assigned" if assigned else "a stand-in"
        found.append(_stand_in(key, assigned or [STAND_IN], what, findings))
        host = absolute(STAND_IN)
        if not assigned and has_no_address(host, snapshot.origin, served):
            found.append(_stand_in(RRsetKey(host, RdataType.A), [_STAND_IN_ADDRESS], "a stand-in", findings))
    return found


def _stand_in(key: RRsetKey, texts: list[str], what: str, findings: list[Finding]) -> Entry:
    name = RdataType.to_text(key.rdtype)
    lacking = "address of its name server" if key.rdtype == RdataType.A else f"{name} at the apex"
    message = f"There is no {lacking} to serve; the zone file has {what}, without which no server loads it."
    findings.append(Finding("plain.stand-in", Severity.NOTICE, subject_of(key), message))
    rdatas = tuple(dns.rdata.from_text(RdataClass.IN, key.rdtype, text, ROOT, relativize=False) for text in texts)
    return Entry(make(key, _TTL, rdatas), (f"no {name} was read; {what}, without which no server loads the file",))
