"""Names of hosts that BIND does not take for such: it refuses a zone with them unless its `check-names` is set.

They are served all the same wherever somebody has said so, and Knot and NSD do not look at them: they stand in the
file, and what is said is said once for the whole of it. No IO here.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.IN.SRV import SRV

from migrator.meaning.hostnames import OF_HOSTS, hosts_in, is_of_address, odd_in, odd_in_owner
from migrator.model.compact import key_of, labels_of
from migrator.model.finding import Finding, Severity
from migrator.model.names import folded, name_of_labels, text_of
from migrator.model.rrset import RRset
from migrator.zonefile.writer import Entry, OwnerText

_POINTING = frozenset({RdataType.MX, RdataType.NS, RdataType.SRV})
# In the canonical text of an owner: its types of hosts, and where others point.
_OWNED = re.compile(rb"^(?:A|AAAA|MX) ", re.MULTILINE)
_POINTS = re.compile(
    rb"^(?:MX [0-9]+ [0-9]+|NS [0-9]+|SRV(?: [0-9]+){4}|(?:HTTPS|SVCB) [0-9]+ [1-9][0-9]*) (\S+)", re.MULTILINE
)
_PTR = re.compile(rb"^PTR [0-9]+ (\S+)$", re.MULTILINE)
_HOST = re.compile(rb"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*\.?")
_SHOWN = 3


def host_finding(entries: Iterable[Entry | OwnerText]) -> Finding | None:
    """Return what is to be said of all names in a file that no host has; None where there is none."""
    found: dict[str, str] = {}
    for _, here in groupby(filter(_has_records, entries), _owner_of):
        # Of an owner, first itself: which of its sets comes first depends on how it is kept.
        for _, name, odd in sorted({odd for entry in here for odd in _odd_at(entry)}):
            found.setdefault(text_of(name), odd)
    if not found:
        return None
    shown = ", ".join(f"{name} with {odd}" for name, odd in [*found.items()][:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    message = (
        "The file has all its records, and BIND would not load the file unless its check-names is set: no host "
        f"has such a name ({shown}{more})."
    )
    remedy = "Set `check-names primary ignore;` where BIND serves the zone, or give the hosts other names."
    return Finding("plain.host-names", Severity.WARNING, next(iter(found)), message, remedy=remedy)


def _has_records(entry: Entry | OwnerText) -> bool:
    return isinstance(entry, OwnerText) or entry.rrset is not None


def _owner_of(entry: Entry | OwnerText) -> bytes:
    if isinstance(entry, OwnerText):
        return entry.key
    assert entry.rrset is not None
    return key_of(folded(entry.rrset.owner))


def _odd_at(entry: Entry | OwnerText) -> Iterator[tuple[bool, Name, str]]:
    """Yield whether somebody points there, a name that no host has, and what is odd in it."""
    owners, targets = _in_text(entry) if isinstance(entry, OwnerText) else _in_set(entry.rrset)
    for name in owners:
        if odd := odd_in_owner(name):
            yield False, name, odd
    for name in targets:
        if odd := odd_in(name):
            yield True, name, odd


def _in_set(rrset: RRset | None) -> tuple[list[Name], list[Name]]:
    """Return the owner where it is a host, and the hosts that others have."""
    if rrset is None:
        return [], []
    targets: list[Name] = []
    for rdata in rrset.rdatas:
        targets += _targets(rdata) if rrset.rdtype in _POINTING else hosts_in(rdata, rrset.owner)
    return [rrset.owner] if rrset.rdtype in OF_HOSTS else [], targets


def _targets(rdata: Rdata) -> Iterator[Name]:
    match rdata:
        case MX():
            yield rdata.exchange
        case NS() | SRV():
            yield rdata.target
        case _:  # kept as octets
            pass


def _in_text(entry: OwnerText) -> tuple[list[Name], list[Name]]:
    """Return what `_in_set` does, but for names that are surely of hosts."""
    owners: list[Name] = []
    if _HOST.fullmatch(entry.key.removeprefix(b"*.")) is None and _OWNED.search(entry.text) is not None:
        owners.append(name_of_labels(labels_of(entry.key)))
    targets = _POINTS.findall(entry.text)
    pointing = _PTR.findall(entry.text)
    if pointing and is_of_address(name_of_labels(labels_of(entry.key))):
        targets += pointing
    return owners, [name_of_labels(tuple(each.split(b"."))) for each in targets if _HOST.fullmatch(each) is None]
