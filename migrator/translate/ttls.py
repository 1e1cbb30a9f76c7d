"""TTLs: chosen by the source provider, of single records, and beyond what the target takes. No IO here."""

from dataclasses import replace

from migrator.model.extras import AutomaticTTL, Extra, ForRecord, RecordTTL
from migrator.model.rrset import RRset
from migrator.translate import words
from migrator.translate.work import USUAL_TTL, Work, plain, without

# Cloudflare writes 1 where it chooses the TTL (https://developers.cloudflare.com/api/, dns_records, 2026-11-20).
_CHOSEN = (None, 1)


def automatic(work: Work) -> None:
    """Write down the TTL that the source provider chose."""
    for draft in work.all():
        rrset = draft.rrset
        chosen = any(isinstance(plain(extra), AutomaticTTL) for extra in rrset.extras)
        missing = bool(rrset.rdatas) and rrset.ttl is None
        if missing or (chosen and AutomaticTTL not in work.target.extras):
            ttl = USUAL_TTL if rrset.rdatas and rrset.ttl in _CHOSEN else rrset.ttl
            becomes = "the target's" if ttl is None else f"{ttl} seconds"
            message = f"The source provider chose the TTL; it becomes {becomes}."
            work.change(draft, replace(without(rrset, AutomaticTTL), ttl=ttl), words.AUTOMATIC_TTL, message)


def of_records(work: Work) -> None:
    """Give all records of a set one TTL, where the target has one for each set."""
    for draft in work.all():
        own = _record_ttls(draft.rrset)
        if own and RecordTTL not in work.target.record_extras:
            shown = ", ".join(map(str, sorted(set(own))))
            message = f"Some records had a TTL of {shown} seconds; all get {draft.rrset.ttl}, the smallest."
            work.change(draft, without(draft.rrset, RecordTTL), words.RECORD_TTLS, message)


def clamp(work: Work) -> None:
    """Raise and lower TTLs to what the target takes."""
    least, most = work.target.ttl_min.bound, work.target.ttl_max.bound
    for draft in work.all():
        rrset = draft.rrset
        chosen = rrset.ttl is None or any(isinstance(extra, AutomaticTTL) for extra in rrset.extras)
        own = None if chosen else rrset.ttl
        ttls = (*(() if own is None else (own,)), *_record_ttls(rrset))
        low = sorted({ttl for ttl in ttls if ttl < least})
        high = sorted({ttl for ttl in ttls if ttl > most})
        if low:
            shown = ", ".join(map(str, low))
            message = f"The TTL is raised from {shown} to {least} seconds, the least that {work.there} takes."
            work.lose(draft, words.TTL_RAISED, message)
        if high:
            shown = ", ".join(map(str, high))
            message = f"The TTL is lowered from {shown} to {most} seconds, the most that {work.there} takes."
            work.lose(draft, words.TTL_LOWERED, message)
        if low or high:
            work.swap(draft, _clamped(rrset, own, least, most))


def _record_ttls(rrset: RRset) -> tuple[int, ...]:
    found = (extra.extra for extra in rrset.extras if isinstance(extra, ForRecord))
    return tuple(extra.ttl for extra in found if isinstance(extra, RecordTTL))


def _clamped(rrset: RRset, before: int | None, least: int, most: int) -> RRset:
    """Return the set with all its TTLs in the range, and none of a record that is now the set's own."""
    ttl = rrset.ttl if before is None else min(max(before, least), most)
    extras: list[Extra] = []
    for extra in rrset.extras:
        if isinstance(extra, ForRecord) and isinstance(extra.extra, RecordTTL):
            own = min(max(extra.extra.ttl, least), most)
            extras += [replace(extra, extra=RecordTTL(own))] if own != ttl else []
        else:
            extras.append(extra)
    return replace(rrset, ttl=ttl, extras=tuple(extras))
