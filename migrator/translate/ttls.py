"""TTLs: chosen by the source provider, of single records, and beyond what the target takes. No IO here."""

from collections.abc import Sequence
from dataclasses import replace

from dns.rdata import Rdata

from migrator.model.extras import AutomaticTTL, Extra, ForRecord, PlainExtra, Proxied, RecordTTL, plain
from migrator.model.rrset import RRset
from migrator.translate import words
from migrator.translate.work import USUAL_TTL, Work, without

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


def of_proxied(work: Work) -> None:
    """Leave the TTL of proxied records to the target: its proxy answers with its own, and no other is kept."""
    if not {AutomaticTTL, Proxied} <= work.target.extras & work.target.record_extras:
        return
    for draft in work.all():
        made = _chosen_where_proxied(draft.rrset)
        if made != draft.rrset:
            message = f"{work.there} chooses the TTL of what it proxies; that of the source is left out."
            work.change(draft, made, words.PROXIED_TTL, message)


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


def _chosen_where_proxied(rrset: RRset) -> RRset:
    """Return the set with the automatic TTL for each record that is proxied and has another."""
    said = {rdata.to_text(): _said_of(rrset, rdata) for rdata in rrset.rdatas}
    of_set = USUAL_TTL if rrset.ttl is None else rrset.ttl
    ttls = {
        text: next((each.ttl for each in extras if isinstance(each, RecordTTL)), of_set)
        for text, extras in said.items()
    }
    others = [text for text, extras in said.items() if _is_timed(extras, ttls[text])]
    if not others:
        return rrset
    ttls |= dict.fromkeys(others, USUAL_TTL)
    least = min(ttls.values())
    own = [ForRecord(text, RecordTTL(ttl)) for text, ttl in ttls.items() if ttl != least]
    chosen: list[Extra] = [ForRecord(text, AutomaticTTL()) for text in others]
    if len(others) == len(said):
        chosen = [AutomaticTTL()]
    return replace(rrset, ttl=least, extras=(*without(rrset, RecordTTL).extras, *own, *chosen))


def _said_of(rrset: RRset, rdata: Rdata) -> list[PlainExtra]:
    """Return what is said of a record, by itself and with all of its set."""
    text = rdata.to_text()
    return [plain(e) for e in rrset.extras if not isinstance(e, ForRecord) or e.rdata == text]


def _is_timed(said: Sequence[PlainExtra], ttl: int) -> bool:
    """Tell whether a record is proxied and has another TTL than the one that a proxy chooses."""
    proxied = any(isinstance(extra, Proxied) and extra.enabled for extra in said)
    return proxied and AutomaticTTL() not in said and ttl != USUAL_TTL


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
