"""Changes of the SOA and of the apex NS set, which are settings of the zone. No IO here.

The serial is the service's own. The name servers that Cloudflare assigned stay; others can stand beside them only
where the zone has several providers (`multi_provider`), and are records then.
"""

from collections.abc import Mapping
from dataclasses import replace

from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.SOA import SOA

from migrator.model.change import Change, Create, Delete
from migrator.model.names import folded, text_of
from migrator.model.rrset import RRset
from migrator.model.values import dataclass
from providers.cloudflare.capabilities import ENTERPRISE
from providers.cloudflare.names import target_text

_FIELDS = {"refresh": "refresh", "retry": "retry", "expire": "expire", "minimum": "min_ttl"}


@dataclass(frozen=True, slots=True)
class Impossible:
    """A change that cannot be made, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """What to send to the DNS settings, and the NS set that is left to be written as records, if any."""

    patch: Mapping[str, object]
    others: RRset | None = None


def is_apex_setting(change: Change, origin: Name) -> bool:
    """Tell whether a change is one of the SOA or of the NS set at the apex."""
    rrset = change.existing if isinstance(change, Delete) else change.desired
    return rrset.rdtype in {RdataType.SOA, RdataType.NS} and folded(rrset.owner) == folded(origin)


def soa_change(change: Change, existing: RRset | None, plan: str) -> SettingsChange | Impossible:
    """Return what brings the SOA to what it shall be, its serial aside."""
    if isinstance(change, Delete):
        return Impossible("every zone at Cloudflare has an SOA of its own")
    if existing is None or not existing.rdatas or not change.desired.rdatas:
        return Impossible("the SOA is a setting of the zone, which the token may not read")
    old, new = existing.rdatas[0], change.desired.rdatas[0]
    assert isinstance(old, SOA)
    assert isinstance(new, SOA)
    soa: dict[str, object] = {
        setting: getattr(new, name)
        for name, setting in _FIELDS.items()
        if getattr(new, name) != getattr(old, name)
    }
    for name, theirs, ours in (("mname", new.mname, old.mname), ("rname", new.rname, old.rname)):
        if folded(theirs) != folded(ours):
            soa[name] = target_text(theirs)
    if change.desired.ttl not in {None, existing.ttl}:
        soa["ttl"] = change.desired.ttl
    if soa and plan != ENTERPRISE:
        return Impossible(f"the SOA's {', '.join(soa)} can be set in the Enterprise plan alone")
    return SettingsChange({"soa": soa} if soa else {})


def ns_change(
    change: Change, existing: RRset | None, own: tuple[Name, ...], plan: str, *, several_providers: bool
) -> SettingsChange | Impossible:
    """Return what brings the apex NS set to what it shall be."""
    if isinstance(change, Delete):
        return Impossible("every zone at Cloudflare has its own NS set")
    desired = change.desired
    names = {folded(rdata.target) for rdata in desired.rdatas if isinstance(rdata, NS)}
    missing = [name for name in own if folded(name) not in names]
    if missing and not isinstance(change, Create):
        return Impossible(f"{', '.join(map(text_of, missing))}: Cloudflare's own name servers stay in the set")
    own_names = frozenset(map(folded, own))
    others = tuple(r for r in desired.rdatas if isinstance(r, NS) and folded(r.target) not in own_names)
    if others and not several_providers:
        shown = ", ".join(text_of(rdata.target) for rdata in others)
        return Impossible(f"{shown}: other name servers need the zone's setting for several providers")
    patch: dict[str, object] = {}
    if existing is not None and desired.ttl not in {None, existing.ttl}:
        if plan != ENTERPRISE:
            return Impossible("the TTL of the NS set can be set in the Enterprise plan alone")
        patch["ns_ttl"] = desired.ttl
    return SettingsChange(patch, replace(desired, rdatas=others) if several_providers else None)
