"""What could not be read, what nobody here knows, and what belongs to another product of the source. No IO here.

A field that is not known here comes along only to its own provider. A set that has nothing else cannot be told
from anything: it is left out, and a person must look at it.
"""

import json
from dataclasses import replace

from dns.rdata import GenericRdata

from migrator.codec.rdata import is_parsed_by_default
from migrator.model.extras import Alias, ForRecord, Managed, Opaque, TrafficPolicy, plain
from migrator.model.names import for_people
from migrator.model.rrset import RRsetKey
from migrator.translate import words
from migrator.translate.work import Draft, Work, counted, says_nothing, type_text, without


def outside(work: Work) -> None:
    """List the records whose owner lies outside the zone; they are no sets of it."""
    for record in work.snapshot.stray:
        key = RRsetKey(record.owner, record.rdata.rdtype, record.variant)
        message = (
            f"The record of {for_people(record.owner)} is no part of {for_people(work.origin)}; it is left out."
        )
        work.lose_at(key, words.OUTSIDE, message)


def unreadable(work: Work) -> None:
    """Take out the sets, and the records, that nobody could read."""
    for draft in work.all():
        rrset = draft.rrset
        if not rrset.rdatas and _has_only_opaque(draft) and not _carried(work, draft):
            work.drop(draft, words.UNREADABLE, "The set could not be read when it was fetched, so it is left out.")
        elif not work.target.generic_rdata.holds and not work.is_own:
            _malformed(work, draft)


def unknown_fields(work: Work) -> None:
    """Take out the fields that nobody here knows, where the target is not the provider that has them."""
    for draft in work.all():
        fields = [extra for each in draft.rrset.extras if isinstance(extra := plain(each), Opaque)]
        gone = [extra for extra in fields if not _is_carried(work, extra)]
        if not gone:
            continue
        records = [extra for extra in gone if extra.is_record]
        lost = sorted({e.field for e in gone if not e.is_record and not _repeats_alias(draft, e)})
        extras = tuple(
            each
            for each in draft.rrset.extras
            if not isinstance(extra := plain(each), Opaque) or _is_carried(work, extra)
        )
        without_them = replace(draft.rrset, extras=extras)
        if records:
            count = counted(len(records), "record")
            work.lose(draft, words.RDATA_UNREADABLE, f"{count} of the set could not be read; left out.")
        if lost:
            message = f"{work.there} has no {', '.join(lost)}, and what it does is not known here; it is left out."
            work.change(draft, without_them, words.UNKNOWN_FIELD, message)
        else:
            work.swap(draft, without_them)


def managed(work: Work) -> None:
    """Take out what another product of the source owns: that product would not follow."""
    for draft in work.all():
        rrset = draft.rrset
        if any(isinstance(extra, Managed) for extra in rrset.extras):
            work.drop(draft, words.MANAGED, f"{_owners(draft)} owns the set and does not come along.")
        elif any(isinstance(plain(extra), Managed) for extra in rrset.extras):
            theirs = {e.rdata for e in rrset.extras if isinstance(e, ForRecord) and isinstance(e.extra, Managed)}
            kept = tuple(rdata for rdata in rrset.rdatas if rdata.to_text() not in theirs)
            message = f"{_owners(draft)} owns {counted(len(theirs), 'record')} of the set, left out."
            work.keep_rdatas(draft, kept, words.MANAGED, message)
        elif any(isinstance(extra, TrafficPolicy) for extra in rrset.extras):
            message = "A traffic policy made the set; what it holds now is kept, and the policy is not."
            work.change(draft, without(rrset, TrafficPolicy), words.TRAFFIC_POLICY, message)


def leftovers(work: Work) -> None:
    """Take out every extra that no other rule spoke of and the target does not hold."""
    target = work.target
    for draft in work.all():
        held = tuple(
            extra
            for extra in draft.rrset.extras
            if isinstance(extra, Alias)
            or isinstance(plain(extra), Opaque)
            or type(plain(extra)) in (target.record_extras if isinstance(extra, ForRecord) else target.extras)
        )
        gone = [extra for extra in draft.rrset.extras if extra not in held]
        lost = [plain(extra).kind for extra in gone if not says_nothing(extra)]
        if gone and not lost:
            work.swap(draft, replace(draft.rrset, extras=held))
        elif lost:
            message = f"{work.there} does not have this of the set: {', '.join(sorted(set(lost)))}."
            work.change(draft, replace(draft.rrset, extras=held), words.EXTRA_LOST, message)


def _has_only_opaque(draft: Draft) -> bool:
    extras = draft.rrset.extras
    return any(isinstance(extra, Opaque) for extra in extras) and not any(isinstance(e, Alias) for e in extras)


def _repeats_alias(draft: Draft, extra: Opaque) -> bool:
    """Tell whether a field says only where an alias of the set leads: aliases have a rule of their own."""
    scopes = (each.scope for each in draft.rrset.extras if isinstance(each, Alias) and each.scope)
    return extra.document in (json.dumps({"id": scope}) for scope in scopes)


def _carried(work: Work, draft: Draft) -> bool:
    return all(_is_carried(work, extra) for extra in draft.rrset.extras if isinstance(extra, Opaque))


def _is_carried(work: Work, extra: Opaque) -> bool:
    return extra.source in work.target.opaque and extra.field not in work.target.unwritable


def _malformed(work: Work, draft: Draft) -> None:
    rrset = draft.rrset
    sound = tuple(r for r in rrset.rdatas if not isinstance(r, GenericRdata) or is_parsed_by_default(r))
    if len(sound) < len(rrset.rdatas) and work.target.holds_type(rrset.rdtype):
        count = counted(len(rrset.rdatas) - len(sound), "record")
        message = f"The octets of {count} do not make up {type_text(draft.key)} rdata; left out."
        work.keep_rdatas(draft, sound, words.RDATA_UNREADABLE, message)


def _owners(draft: Draft) -> str:
    by = sorted(
        {extra.by for each in draft.rrset.extras if isinstance(extra := plain(each), Managed) and extra.by}
    )
    return ", ".join(by) or "Another product of the source provider"
