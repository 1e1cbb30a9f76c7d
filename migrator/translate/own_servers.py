"""The addresses of name servers that are inside the zone, of which each provider has its own. No IO here.

A name server may keep its name and move to the new provider:

    source             @ NS ns1.example.org.     ns1 A 192.0.2.53       (the old provider's machine)
    target, as it is   @ NS ns1.example.org.     ns1 A 203.0.113.53     (the new one's)
    desired            @ NS ns1.example.org.     ns1 A 203.0.113.53

With the source's address the new zone would lead everybody back to the servers that it leaves. Where the target
has addresses of its own for such a name, they stay, all of them, and a warning says so.
"""

from collections.abc import Iterable
from dataclasses import replace

from dns.rdatatype import RdataType

from migrator.meaning.served import ADDRESS_TYPES
from migrator.meaning.targets import servers_inside
from migrator.model.capabilities import ApexNs, Capabilities
from migrator.model.names import for_people
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot
from migrator.translate import words
from migrator.translate.work import Labels, Work


def addresses_that_stay(source: ZoneSnapshot, existing: ZoneSnapshot, target: Capabilities) -> tuple[RRset, ...]:
    """Return the address sets of the target's own name servers inside the zone, where the source has others."""
    names = servers_inside(existing)
    if target.apex_ns is ApexNs.FREE:
        # Such a target takes the NS set of the source, and with it the addresses of what is new in it.
        names &= servers_inside(source)
    if not names:
        return ()
    there, here = (_at(zone, names) for zone in (existing, source))
    return tuple(
        rrset
        for owner in there
        if owner in here and _said(there[owner]) != _said(here[owner])
        for rrset in there[owner]
    )


def own_servers(work: Work) -> None:
    """Put the target's addresses of its own name servers in the place of the source's."""
    by_owner: dict[Labels, list[RRset]] = {}
    for rrset in work.own_addresses:
        by_owner.setdefault(rrset.key.folded, []).append(rrset)
    for owner, own in by_owner.items():
        theirs = [d for d in work.all() if d.key.folded == owner and d.key.rdtype in ADDRESS_TYPES]
        if not theirs:
            continue
        message = (
            f"The name server {for_people(own[0].owner)} keeps the address that it has at {work.there}, "
            f"{_texts(own)}; the source has {_texts(draft.rrset for draft in theirs)}."
        )
        keys = tuple(key for draft in theirs for key in draft.sources)
        for draft in theirs:
            del work.drafts[draft.key]
        work.explain(keys, message)
        work.lose_at(keys[0], words.OWN_ADDRESSES, message)
        for rrset in own:
            # What is said beside the target's own set is not the source's, and stays there without a word.
            work.put(replace(rrset, extras=()) if rrset.rdatas else rrset, keys)


def _at(zone: ZoneSnapshot, names: frozenset[Labels]) -> dict[Labels, list[RRset]]:
    """Return the address sets of these names; a name that is an alias of another one is left to other rules."""
    found: dict[Labels, list[RRset]] = {}
    aliases = set()
    for rrset in zone.rrsets:
        owner = rrset.key.folded
        if owner in names and rrset.rdtype in ADDRESS_TYPES:
            found.setdefault(owner, []).append(rrset)
        elif owner in names and rrset.rdtype == RdataType.CNAME:
            aliases.add(owner)
    return {owner: rrsets for owner, rrsets in found.items() if owner not in aliases}


def _said(rrsets: list[RRset]) -> set[tuple[RRsetKey, frozenset[str]]]:
    return {(rrset.key, frozenset(rdata.to_text() for rdata in rrset.rdatas)) for rrset in rrsets}


def _texts(rrsets: Iterable[RRset]) -> str:
    return ", ".join(rdata.to_text() for rrset in rrsets for rdata in rrset.rdatas) or "an alias"
