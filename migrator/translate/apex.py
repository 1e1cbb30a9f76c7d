"""The SOA and the NS set of the apex, of which each provider has its own. No IO here.

The target's sets, as they are now, stay; into them go the source's timers and contact, where they can be set, and
the name servers of other providers that serve the zone too:

    source, Route 53     @ NS ns-1.awsdns-01.org. ... ns1.example.net.       (four assigned, one of another's)
    target, Azure        @ NS ns1-01.azure-dns.com. ...
    desired              @ NS ns1-01.azure-dns.com. ... ns1.example.net.

A target that assigns no name servers (a zone file) takes both sets as they are. One whose sets are not known yet,
because the zone does not exist, writes its own; translate again once they can be read. The ledger counts both
sets as translated where they are not the same to the letter.
"""

from dataclasses import replace

import dns.rdata
from dns.name import Name
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.SOA import SOA

from migrator.meaning.targets import targets_of
from migrator.model.capabilities import ApexNs
from migrator.model.extras import Metadata, plain
from migrator.model.names import absolute, folded, for_people
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.translate import words
from migrator.translate.notes import WORDS, shown, with_metadata
from migrator.translate.work import USUAL_TTL, Work, says_nothing

# What the services write there by themselves; they are nobody's own contact. Route 53 developer guide, "The start
# of authority (SOA) record"; Azure DNS, "Overview of DNS zones and records"; Cloudflare API, dns_settings
# (2026-11-20).
_CONTACTS = frozenset(
    folded(absolute(name))
    for name in ("awsdns-hostmaster.amazon.com.", "azuredns-hostmaster.microsoft.com.", "dns.cloudflare.com.")
)
_TIMERS = ("refresh", "retry", "expire", "minimum")
_CARRIED = ("rname", *_TIMERS)
_LONGEST = 2**32 - 1


def is_given_by_target(work: Work, key: RRsetKey) -> bool:
    """Tell whether this is a set that the target has by itself, so that no other rule touches it."""
    return (
        work.target.apex_ns is not ApexNs.FREE
        and key.rdtype in {RdataType.SOA, RdataType.NS}
        and work.is_apex(key.owner)
    )


def apex(work: Work) -> None:
    """Join the source's SOA and apex NS set with the target's own."""
    for rdtype, join in ((RdataType.SOA, _soa), (RdataType.NS, _name_servers)):
        key = RRsetKey(work.origin, rdtype)
        if not is_given_by_target(work, key):
            continue
        found = (r for r in work.snapshot.rrsets if r.rdtype == rdtype and work.is_apex(r.owner))
        sources = sorted(found, key=lambda rrset: rrset.key.variant)
        own = next((rrset for rrset in work.target_apex if rrset.key == key), None)
        keys = tuple(rrset.key for rrset in sources)
        work.explain(keys, f"{work.there} has its own {RdataType.to_text(rdtype)} set.")
        made = join(work, sources[0], own) if sources else own
        if sources:
            made = _with_notes(work, sources[0], made)
        if made is not None:
            work.put(made, keys)


def _soa(work: Work, source: RRset, own: RRset | None) -> RRset | None:
    """Put the source's timers and contact into the target's SOA; its primary and serial stay the target's."""
    if own is None or not own.rdatas or not source.rdatas:
        return own
    theirs, ours = source.rdatas[0], own.rdatas[0]
    if not isinstance(theirs, SOA) or not isinstance(ours, SOA):
        return own
    timers = {field: _nearest(work, field, getattr(theirs, field)) for field in _TIMERS}
    near = theirs.replace(**timers)
    wanted = {field: getattr(near, field) for field in _CARRIED if getattr(near, field) != getattr(ours, field)}
    if folded(theirs.rname) in _CONTACTS:
        wanted.pop("rname", None)
    kept = {field: found for field, found in wanted.items() if field not in work.target.soa_fields}
    if kept:
        shown = ", ".join(f"{field} {_shown(found)}" for field, found in kept.items())
        message = f"The SOA's {shown} cannot be set at {work.there}, which keeps its own."
        work.lose_at(source.key, words.SOA_VALUES, message)
    fields = {field: found for field, found in wanted.items() if field in work.target.soa_fields}
    rdata = ours.replace(**fields) if fields else ours
    assert isinstance(rdata, SOA)
    ttl = own.ttl
    moved = {
        field: (before, found) for field, found in timers.items() if (before := getattr(theirs, field)) != found
    }
    if "ttl" in work.target.soa_fields:
        ttl = _nearest(work, "ttl", _in_range(work, source.ttl))
        moved |= {} if source.ttl in {None, ttl} else {"TTL": (source.ttl, ttl)}
    if moved:
        shown = ", ".join(f"{field} {before} becomes {found}" for field, (before, found) in moved.items())
        message = f"The SOA's {shown}, the nearest that {work.there} takes."
        work.lose_at(source.key, words.SOA_VALUES, message)
    return replace(own, ttl=ttl, rdatas=(rdata,))


def _with_notes(work: Work, source: RRset, made: RRset | None) -> RRset | None:
    """Write what people noted of the source's set beside the target's own, as metadata; else tell the loss."""
    said = tuple(extra for extra in source.extras if isinstance(plain(extra), WORDS) and not says_nothing(extra))
    if said and Metadata not in work.target.extras:
        message = f"{work.there} has no place for what was noted of the set: {shown(said)}."
        work.lose_at(source.key, words.NOTES_LOST, message)
    elif said and made is not None:
        return replace(made, extras=with_metadata(made.extras, said))
    return made


def _nearest(work: Work, field: str, found: int) -> int:
    """Return a timer of the SOA as near to what it was as the target takes it."""
    least, most = work.target.soa_ranges.get(field, (0, _LONGEST))
    return min(max(found, least), most)


def _name_servers(work: Work, source: RRset, own: RRset | None) -> RRset | None:
    """Add the name servers of other providers to the target's own."""
    ours = work.assigned if own is None else targets_of(own.rdatas)
    others = _of_others(work, source, ours)
    if work.target.apex_ns is ApexNs.SETTING and others:
        shown = ", ".join(map(for_people, others))
        message = (
            f"Of others, {shown} served the zone too; {work.there} lists them only where a setting allows it."
        )
        work.lose_at(source.key, words.EXTRA_NAME_SERVERS, message)
        others = ()
    if own is not None:
        return make(own.key, own.ttl, (*own.rdatas, *map(_ns, others)), own.extras) if others else own
    if not ours or work.target.apex_ns is ApexNs.SETTING:
        return None
    return make(source.key, _in_range(work, source.ttl), tuple(map(_ns, (*ours, *others))))


def _of_others(work: Work, source: RRset, ours: tuple[Name, ...]) -> tuple[Name, ...]:
    """Return the name servers that neither provider assigned, where the source's own stand beside them."""
    assigned = {folded(name) for name in work.snapshot.name_servers}
    known = assigned | {folded(name) for name in ours}
    listed = targets_of(source.rdatas)
    others = tuple(name for name in listed if folded(name) not in known)
    if not assigned or not others:
        return ()
    if not any(folded(name) in assigned for name in listed):
        shown = ", ".join(map(for_people, others))
        message = (
            f"The NS set names {shown}, which the source provider had not assigned; {work.there} has its own."
        )
        work.lose_at(source.key, words.OWN_NAME_SERVERS, message)
        return ()
    return others


def _ns(name: Name) -> Rdata:
    return dns.rdata.from_text(RdataClass.IN, RdataType.NS, name.to_text())


def _in_range(work: Work, ttl: int | None) -> int:
    found = USUAL_TTL if ttl is None else ttl
    return min(max(found, work.target.ttl_min.bound), work.target.ttl_max.bound)


def _shown(found: object) -> str:
    return for_people(found) if isinstance(found, Name) else str(found)
