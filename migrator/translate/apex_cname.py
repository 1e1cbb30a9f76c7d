"""A CNAME at the apex, which one provider answers as addresses and the others refuse. No IO here.

@  CNAME  d1.cloudfront.net.  ->  @  A     alias to d1.cloudfront.net.     apex-cname-as-alias
                                  @  AAAA  alias to d1.cloudfront.net.
@  CNAME  www                 ->  the addresses of www, or an alias to it, or to where its own CNAME leads
@  CNAME  shop.example.net.   ->  its present addresses, or nothing: a person must accept either
"""

from dataclasses import replace

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.extras import Alias, AutomaticTTL, Extra, Flattened
from migrator.model.names import for_people
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.translate import words
from migrator.translate.aliases import scope_of
from migrator.translate.answers import Ends, Records, Service, cname_target
from migrator.translate.words import Word
from migrator.translate.work import USUAL_TTL, Draft, Work, without

_ADDRESSES = (RdataType.A, RdataType.AAAA)


def replace_apex_cname(work: Work) -> None:
    """Put aliases or addresses in the place of a CNAME at the apex."""
    for draft in work.all():
        if draft.key.rdtype != RdataType.CNAME or not work.is_apex(draft.rrset.owner):
            continue
        target = cname_target(draft.rrset)
        if work.target.apex_cname.holds and not draft.key.variant:
            continue
        if target is None or draft.key.variant:
            message = "The CNAME at the apex is routed or cannot be read; it is left out."
            work.drop(draft, words.APEX_CNAME_DROPPED, message)
        else:
            _replace(work, draft, target)


def _replace(work: Work, draft: Draft, target: Name) -> None:
    free = [rdtype for rdtype in _ADDRESSES if RRsetKey(work.origin, rdtype) not in work.drafts]
    ends = Ends(work)
    for attempt in (_as_aliases, _as_copy, _as_addresses):
        word, message, made = attempt(work, ends, draft, target, free)
        if made:
            work.lose(draft, word, message)
            del work.drafts[draft.key]
            for rrset in made:
                work.put(rrset, draft.sources)
            return
    advice = f"{words.APEX_CNAME_DROPPED.advice} To take the addresses of now: --accept apex-cname-addresses."
    message = f"{work.there} has no CNAME at the apex, and no alias to {for_people(target)}; it is left out."
    work.drop(draft, words.APEX_CNAME_DROPPED, message, advice=advice)


Attempt = tuple[Word, str, list[RRset]]


def _as_aliases(work: Work, ends: Ends, draft: Draft, target: Name, free: list[RdataType]) -> Attempt:
    held = work.target.aliases
    made: list[RRset] = []
    reached: list[Name] = []
    for rdtype in free:
        if not held.at_apex or rdtype not in held.types:
            continue
        led_to, scope = target, work.target.service_scope(target)
        if held.own_zone and ends.stands(target, rdtype):
            scope = scope_of(work, target, rdtype)
        elif scope is None and isinstance(end := ends.follow(Alias(target), rdtype), Service):
            led_to, scope = end.alias.target, work.target.service_scope(end.alias.target)
        if scope is not None:
            made.append(_set(draft, rdtype, draft.rrset.ttl if held.has_ttl else None, (Alias(led_to, scope),)))
            reached.append(led_to)
    shown = " and ".join(map(for_people, dict.fromkeys(reached)))
    return words.APEX_CNAME_AS_ALIAS, f"The CNAME at the apex becomes an alias to {shown}.", made


def _as_copy(work: Work, ends: Ends, draft: Draft, target: Name, free: list[RdataType]) -> Attempt:
    found = {rdtype: end for rdtype in free if isinstance(end := ends.follow(Alias(target), rdtype), Records)}
    made = [
        replace(_set(draft, rdtype, min(end.ttl, draft.rrset.ttl or end.ttl), ()), rdatas=end.rdatas)
        for rdtype, end in found.items()
    ]
    message = f"{work.there} has no CNAME at the apex: it becomes a copy of the addresses of {for_people(target)}."
    return words.APEX_CNAME_COPIED, message, made


def _as_addresses(work: Work, ends: Ends, draft: Draft, target: Name, free: list[RdataType]) -> Attempt:
    end = ends.follow(Alias(target), RdataType.A)
    outside = end.alias.target if isinstance(end, Service) else target
    known = {rdtype: work.addresses.get(RRsetKey(outside, rdtype)) for rdtype in free}
    work.unresolved.update({RRsetKey(outside, rdtype): None for rdtype, found in known.items() if found is None})
    rejects = work.accepted(words.APEX_CNAME_DROPPED) and not work.accepted(words.APEX_CNAME_ADDRESSES)
    made = [
        make(RRsetKey(work.origin, rdtype), found.ttl or USUAL_TTL, found.rdatas, _extras(draft))
        for rdtype, found in known.items()
        if found is not None and found.rdatas and not rejects
    ]
    message = (
        f"{work.there} has no CNAME at the apex: the present addresses of {for_people(target)} are taken instead."
    )
    return words.APEX_CNAME_ADDRESSES, message, made


def _set(draft: Draft, rdtype: RdataType, ttl: int | None, extras: tuple[Extra, ...]) -> RRset:
    return RRset(RRsetKey(draft.rrset.owner, rdtype), ttl, (), (*extras, *_extras(draft)))


def _extras(draft: Draft) -> tuple[Extra, ...]:
    """Return what else is said of the CNAME; that it was flattened is what happens here."""
    return without(draft.rrset, (Flattened, AutomaticTTL)).extras
