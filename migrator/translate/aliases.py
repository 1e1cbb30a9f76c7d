"""Aliases: kept, or a CNAME, or a copy, or addresses, or nothing. No IO here.

The first of these that is possible is taken; the loss says which:

    kept          the target has such aliases: to a set that the zone has, as long as it takes more of them, or to
                  its own provider's services, by their names where a zone file has no more of them
    CNAME         below the apex, where the name has nothing that excludes a CNAME; A, AAAA and HTTPS aliases to
                  one target are one CNAME. At the apex where the target answers a CNAME there as addresses.
    copy          of the records at the end of the alias, where that is a set of the same zone
    addresses     that the alias answers now, where the caller looked them up; a person must accept them
    nothing       and a person must accept that

    shop  A     alias to d1.cloudfront.net           shop  300  CNAME  d1.cloudfront.net.      alias-as-cname
    shop  AAAA  alias to d1.cloudfront.net    ->
    @     A     alias to www                         @     300  A      192.0.2.80              alias-copied
    www   A     192.0.2.80

A name that MX, NS or SRV records point to may not be a CNAME (RFC 2181 section 10.3): it gets a copy if it can.

An alias to a set that is left out leads past it, to where that one led:

    @    A  alias to d1.cloudfront.net               nothing at the apex
    www  A  alias to @                        ->     www   300  CNAME  d1.cloudfront.net.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import dns.rdata
from dns.name import Name
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.meaning.targets import targets_of
from migrator.model.extras import Alias
from migrator.model.names import ROOT, folded, for_people, is_within
from migrator.model.rrset import RRset, RRsetKey, canonical_order, make
from migrator.translate import words
from migrator.translate.answers import OF_SERVICE, Ends, Records, Service, Several, aliases, has_name
from migrator.translate.neighbours import excluded_by_cname
from migrator.translate.work import USUAL_TTL, Draft, Labels, Work, no_type, type_text, without

_ADDRESSES = frozenset({RdataType.A, RdataType.AAAA})
_TO_CNAME = _ADDRESSES | {RdataType.CNAME}
_WITH_CNAME = _TO_CNAME | OF_SERVICE
# Their targets may not be aliases in the sense of DNS (RFC 2181 section 10.3, RFC 2782).
_NO_CNAME_TARGETS = frozenset({RdataType.MX, RdataType.NS, RdataType.SRV})


def place(work: Work) -> None:
    """Find a form for every alias."""
    ends = Ends(work)
    pending: dict[Labels, list[tuple[Draft, Alias]]] = {}
    crowded = _crowded(work, ends)
    for draft, alias in aliases(work):
        if draft.key not in crowded and _is_kept(work, ends, draft, alias):
            if _is_elsewhere(work, ends, draft, alias):
                _elsewhere(work, ends, draft, alias)
            else:
                _keep(work, ends, draft, alias)
        else:
            pending.setdefault(folded(draft.rrset.owner), []).append((draft, alias))
    of_mail = _no_cname_names(work) if pending else frozenset()
    beside = work.by_owner() if pending else {}
    for labels in _targets_first(pending):
        found = pending[labels]
        others = [draft for draft in beside[labels] if all(draft is not mine for mine, _ in found)]
        for draft, alias in found:
            _note_health(work, draft, alias)
        covered = [each for each in found if _is_covered(work, each[0])]
        full = any(draft.key in crowded for draft, _ in covered)
        made = bool(covered) and _as_cname(work, ends, covered, others, of_mail=labels in of_mail, full=full)
        for each in sorted(found, key=lambda pair: canonical_order(pair[0].key)):
            if not made or each not in covered:
                _as_records(work, ends, *each)


def _crowded(work: Work, ends: Ends) -> frozenset[RRsetKey]:
    """Return the aliases for which there is no room, since too many lead to the same set.

    Those that the target has besides take room too, also where they are to be deleted: that comes last.
    """
    limit = work.target.aliases.to_one_set
    if limit is None or work.is_own:
        return frozenset()
    leading: dict[RRsetKey, list[RRsetKey]] = {}
    for draft, alias in aliases(work):
        if _is_own(ends, draft, alias):
            leading.setdefault(RRsetKey(alias.target, draft.key.rdtype), []).append(draft.key)
    there = Counter(
        RRsetKey(extra.target, rrset.rdtype)
        for rrset in work.standing
        for extra in rrset.extras
        if isinstance(extra, Alias)
    )
    return frozenset(
        key
        for led_to, keys in leading.items()
        for key in sorted(keys, key=canonical_order)[max(0, limit.bound - there[led_to]) :]
    )


def _is_covered(work: Work, draft: Draft) -> bool:
    """Tell whether a CNAME in the place of the aliases answers this one too: at the apex it has only addresses."""
    rdtype = draft.key.rdtype
    return rdtype not in OF_SERVICE or rdtype in _ADDRESSES or not work.is_apex(draft.rrset.owner)


def _targets_first(pending: Mapping[Labels, Sequence[tuple[Draft, Alias]]]) -> Iterator[Labels]:
    """Yield the names in an order in which an alias comes after the aliases that it leads to; a ring somehow."""
    done: set[Labels] = set()
    for start in pending:
        path = [start]
        entered = {start}
        while path:
            targets = {folded(alias.target) for _, alias in pending[path[-1]]}
            following = next((t for t in sorted(targets) if t in pending and t not in done | entered), None)
            if following is not None:
                path.append(following)
                entered.add(following)
            elif (labels := path.pop()) not in done:
                done.add(labels)
                yield labels


def scope_of(work: Work, target: Name, rdtype: RdataType) -> str:
    """Return the scope of an alias to a set of the target's own zone."""
    relative = target.relativize(work.origin)
    owner = "@" if not relative.labels else relative.to_text()
    return work.target.aliases.scope.format(rdtype=RdataType.to_text(rdtype), owner=owner)


def _is_kept(work: Work, ends: Ends, draft: Draft, alias: Alias) -> bool:
    held = work.target.aliases
    rdtype = draft.key.rdtype
    if work.is_apex(draft.rrset.owner) and not held.at_apex:
        return False
    native = _is_native(work, alias)
    if _is_own(ends, draft, alias):
        end = ends.follow(alias, rdtype)
        carried = isinstance(end, Records | Several) or (native and end is not None)
        return held.own_zone and rdtype in held.types and ends.stands(alias.target, rdtype) and carried
    return native and rdtype in held.types and not _leads_nowhere(work, ends, draft, alias)


def _is_own(ends: Ends, draft: Draft, alias: Alias) -> bool:
    """Tell whether the alias leads to another set of the zone."""
    return has_name(alias, draft.rrset.owner) and ends.is_own(alias, draft.key.rdtype)


def _leads_nowhere(work: Work, ends: Ends, draft: Draft, alias: Alias) -> bool:
    """Tell whether the alias names a set of the zone that the zone does not have: no provider makes such a one."""
    named = has_name(alias, draft.rrset.owner) and is_within(alias.target, work.origin)
    return named and not ends.is_own(alias, draft.key.rdtype)


def _is_native(work: Work, alias: Alias) -> bool:
    """Tell whether the alias is one of the target's own provider."""
    held = work.target.aliases
    if not alias.scope and work.scheme not in held.schemes:
        return work.target.service_scope(alias.target) is not None
    known = bool(held.scope_start) and alias.scope.lower().startswith(held.scope_start.lower())
    return work.scheme in held.schemes or (bool(held.schemes) and known)


def _is_elsewhere(work: Work, ends: Ends, draft: Draft, alias: Alias) -> bool:
    """Tell whether the alias leads to a resource that another account has."""
    mine = work.target.aliases.own_account.lower()
    return bool(mine) and not _is_own(ends, draft, alias) and not alias.scope.lower().startswith(mine)


def _elsewhere(work: Work, ends: Ends, draft: Draft, alias: Alias) -> None:
    if work.accepted(words.ALIAS_DROPPED):
        message = f"The alias leads to {alias.scope}, a resource of another account; it is left out, as accepted."
        work.drop(draft, words.ALIAS_DROPPED, message)
        return
    message = f"The alias leads to {alias.scope}, a resource of another account than the target's; it is kept."
    work.lose(draft, words.ALIAS_ELSEWHERE, message)
    _keep(work, ends, draft, alias)


def _keep(work: Work, ends: Ends, draft: Draft, alias: Alias) -> None:
    rrset, held = draft.rrset, work.target.aliases
    kept, led_to = alias, "name"
    if _is_own(ends, draft, alias):
        kept, led_to = replace(kept, scope=scope_of(work, alias.target, rrset.rdtype)), "set"
    elif not alias.scope:
        kept = replace(kept, scope=work.target.service_scope(alias.target) or "")
    if alias.evaluate_target_health and not held.health:
        kept = replace(kept, evaluate_target_health=False)
        _note_health(work, draft, alias)
    ttl = rrset.ttl
    if held.has_ttl and ttl is None and work.scheme not in held.schemes:
        end = ends.follow(alias, rrset.rdtype)
        ttl = end.ttl if isinstance(end, Records) else USUAL_TTL
    elif not held.has_ttl:
        ttl = None
    made = replace(rrset, ttl=ttl, extras=tuple(kept if extra == alias else extra for extra in rrset.extras))
    if made != rrset:
        message = f"The alias to {for_people(alias.target)} becomes one of {work.there}, to the same {led_to}."
        work.change(draft, made, words.ALIAS_REWRITTEN, message)


def _as_cname(
    work: Work,
    ends: Ends,
    found: Sequence[tuple[Draft, Alias]],
    others: Sequence[Draft],
    *,
    of_mail: bool,
    full: bool,
) -> bool:
    """Put one CNAME in the place of all aliases of a name, if that is possible."""
    leading = [_leading(work, ends, draft, alias) for draft, alias in found]
    draft, alias = found[0][0], leading[0]
    owner = draft.rrset.owner
    apex = work.is_apex(owner)
    copyable = all(isinstance(ends.follow(a, d.key.rdtype), Records) for d, a in found)
    if (
        alias is None
        or any(each is None or folded(each.target) != folded(alias.target) for each in leading)
        or not has_name(alias, owner)
        or any(each.key.rdtype not in _WITH_CNAME or each.key.variant for each, _ in found)
        or not any(each.key.rdtype in _TO_CNAME for each, _ in found)
        or any(_excludes_cname(work, each) for each in others)
        or (apex and not work.target.apex_cname.holds)
        or (copyable and (apex or of_mail))
    ):
        return False
    why = "has no such alias"
    if full:
        why = "has no room for another alias to it"
    elif any(_is_native(work, each) and _leads_nowhere(work, ends, draft, each) for draft, each in found):
        why = "takes no alias to a set that is not there"
    _note_cname(work, [each for each, _ in found], alias.target, why, of_mail=of_mail)
    for each, _ in found:
        del work.drafts[each.key]
    ttl = min((ttl for each, _ in found if (ttl := each.rrset.ttl) is not None), default=USUAL_TTL)
    extras = dict.fromkeys(extra for each, _ in found for extra in without(each.rrset, Alias).extras)
    sources = tuple(key for each, _ in found for key in each.sources)
    key = RRsetKey(owner, RdataType.CNAME)
    work.put(make(key, ttl, (cname(alias.target),), tuple(extras)), sources)
    return True


def _leading(work: Work, ends: Ends, draft: Draft, alias: Alias) -> Alias | None:
    """Return the alias that a CNAME would stand for: past a set that is left out; None where that led nowhere."""
    if not _is_own(ends, draft, alias) or _has_set(work, alias.target, draft.key.rdtype):
        return alias
    match ends.follow(alias, draft.key.rdtype):
        case Service() as end:
            return end.alias
        case Several():
            return alias
        case _:
            return None


def _has_set(work: Work, name: Name, rdtype: RdataType) -> bool:
    """Tell whether there is a set of that name and type now, or a CNAME."""
    keys = (RRsetKey(name, rdtype), RRsetKey(name, RdataType.CNAME))
    return any(key in work.drafts for key in keys)


def _excludes_cname(work: Work, draft: Draft) -> bool:
    rdtype = draft.key.rdtype
    return rdtype == RdataType.CNAME or excluded_by_cname(work.target, rdtype)


def cname(target: Name) -> Rdata:
    """Return the rdata of a CNAME."""
    return dns.rdata.from_text(RdataClass.IN, RdataType.CNAME, target.to_text())


def _note_cname(work: Work, found: Sequence[Draft], target: Name, why: str, *, of_mail: bool) -> None:
    shown = for_people(target)
    word = words.ALIAS_FLATTENED if work.is_apex(found[0].rrset.owner) else words.ALIAS_AS_CNAME
    how = ", which it answers as addresses" if word is words.ALIAS_FLATTENED else ""
    for draft in found:
        work.lose(draft, word, f"{work.there} {why}: it becomes a CNAME to {shown}{how}.")
    if of_mail:
        message = f"MX, NS or SRV records point to this name, which becomes a CNAME to {shown}."
        work.lose(found[0], words.CNAME_FOR_MAIL, message)


def _as_records(work: Work, ends: Ends, draft: Draft, alias: Alias) -> None:
    rdtype = draft.key.rdtype
    end = ends.follow(alias, rdtype) if has_name(alias, draft.rrset.owner) else Service(alias)
    if rdtype in OF_SERVICE and not work.target.holds_type(rdtype):
        work.drop(draft, words.TYPE_UNSUPPORTED, no_type(work, draft))
    elif isinstance(end, Records):
        message = (
            f"The alias to {for_people(alias.target)} becomes a copy of its records, which no longer follows it."
        )
        work.change(draft, _with_records(draft, end.rdatas, end.ttl), words.ALIAS_COPIED, message)
    elif isinstance(end, Service) and rdtype in work.target.aliases.types and _is_to_service(work, end.alias):
        made = without(draft.rrset, Alias)
        kept = replace(end.alias, scope=work.target.service_scope(end.alias.target) or "")
        message = f"The alias to {for_people(alias.target)} becomes one of {work.there}, to where that name leads."
        work.change(draft, replace(made, ttl=None, extras=(kept, *made.extras)), words.ALIAS_REWRITTEN, message)
    elif isinstance(end, Service):
        _as_addresses(work, ends, draft, end.alias)
    else:
        message = f"The alias leads to {for_people(alias.target)} {type_text(draft.key)}, which is not carried."
        work.drop(draft, words.ALIAS_DROPPED, message)


def _is_to_service(work: Work, alias: Alias) -> bool:
    """Tell whether the alias, found behind names of the zone, leads to a service of the target's own provider."""
    return not alias.scope and work.target.service_scope(alias.target) is not None


def _as_addresses(work: Work, ends: Ends, draft: Draft, alias: Alias) -> None:
    owner = draft.rrset.owner
    key = RRsetKey(alias.target if has_name(alias, owner) else owner, draft.key.rdtype)
    known = work.addresses.get(key)
    target = for_people(alias.target) if has_name(alias, owner) else f"the resource {alias.scope}"
    if known is not None and known.rdatas and key.rdtype == RdataType.CNAME:
        shown = ", ".join(map(for_people, targets_of(known.rdatas)))
        message = f"{work.there} has no alias to {target}: it becomes the CNAME to {shown} that it answers now."
        ttl = USUAL_TTL if known.ttl is None else known.ttl
        work.change(draft, _with_records(draft, known.rdatas, ttl), words.ALIAS_AS_CNAME, message)
        return
    if known is not None and known.rdatas and not _prefers_nothing(work):
        message = (
            f"{work.there} has no alias to {target} here: its present records are taken, and do not follow it."
        )
        ttl = USUAL_TTL if known.ttl is None else known.ttl
        work.change(draft, _with_records(draft, known.rdatas, ttl), words.ALIAS_ADDRESSES, message)
        return
    is_silent = has_name(alias, owner) and ends.was_silent(alias, key.rdtype)
    if known is None and not is_silent:
        work.unresolved[key] = None
    if is_silent or (known is not None and not known.rdatas):
        message = f"The alias to {target} answers no {type_text(draft.key)} record now; it is left out."
        work.drop(draft, words.EMPTY_SET, message)
        return
    hint = words.ALIAS_DROPPED.advice
    if not has_name(alias, owner):
        why = "it has no name that a CNAME could lead to"
    elif RRsetKey(owner, RdataType.CNAME) in work.drafts:
        why = "the CNAME there answers addresses alone"
        hint = "Programs connect by the addresses, without what the record says of the service."
    else:
        why = f"a CNAME cannot stand {'at the apex' if work.is_apex(owner) else 'there'}"
    message = f"{work.there} has no alias to {target}, and {why}; it is left out."
    advice = f"{hint} To take the records that it answers now: --accept alias-addresses."
    work.drop(draft, words.ALIAS_DROPPED, message, advice=advice)


def _prefers_nothing(work: Work) -> bool:
    return work.accepted(words.ALIAS_DROPPED) and not work.accepted(words.ALIAS_ADDRESSES)


def _with_records(draft: Draft, rdatas: tuple[Rdata, ...], ttl: int) -> RRset:
    return make(draft.key, ttl, rdatas, without(draft.rrset, Alias).extras)


def _note_health(work: Work, draft: Draft, alias: Alias) -> None:
    if alias.evaluate_target_health:
        where = alias.scope if alias.target == ROOT and alias.scope else for_people(alias.target)
        message = f"{work.there} does not look at the health of {where}."
        work.lose(draft, words.TARGET_HEALTH_LOST, message)


def _no_cname_names(work: Work) -> frozenset[Labels]:
    """Return the names that records point to which may not point to a CNAME."""
    sets = (draft.rrset for draft in work.drafts.values() if draft.key.rdtype in _NO_CNAME_TARGETS)
    return frozenset(folded(target) for rrset in sets for target in targets_of(rrset.rdatas))


def dangling(work: Work) -> None:
    """Take out the aliases to sets that other rules took out since."""
    lost = True
    while lost:
        ends = Ends(work)
        lost = False
        for draft, alias in aliases(work):
            if _is_own(ends, draft, alias) and not ends.stands(alias.target, draft.key.rdtype):
                message = f"The alias leads to {for_people(alias.target)}, which is not carried; it is left out."
                work.drop(draft, words.ALIAS_DROPPED, message)
                lost = True
