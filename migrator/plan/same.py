"""Whether a set of the target says already what it shall say, so that nothing is written. No IO here.

Equality has its home in `diff/equality.py`; here only two things are added. A TTL that the provider chooses is not
compared. What people wrote beside a set (comments, tags) is wanted where the source has some, and where it has
none the target's own stays, also where the set is replaced.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from migrator.diff.equality import SILENT, effective, identical, mean_the_same, meaning, record_ttls
from migrator.model.capabilities import Capabilities
from migrator.model.extras import (
    AutomaticTTL,
    Extra,
    ForRecord,
    Managed,
    Opaque,
    TrafficPolicy,
    canonical_text,
    plain,
)
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot
from migrator.translate.work import says_nothing, with_rdatas


def says_all(existing: RRset, desired: RRset) -> bool:
    """Tell whether the existing set needs no change to be the desired one: who manages it is nothing to write."""
    if identical(existing, desired):
        return True
    there, wanted = _telling(existing.extras), _telling(desired.extras)
    return (
        _same_time(existing, desired)
        and mean_the_same(existing.rdatas, desired.rdatas)
        and effective(there).keys() == effective(wanted).keys()
        and record_ttls(there) == record_ttls(wanted)
        and {canonical_text(extra) for extra in wanted if not isinstance(plain(extra), Managed)}
        <= {canonical_text(extra) for extra in there}
    )


def is_untouchable(existing: RRset, desired: RRset | None) -> bool:
    """Tell whether the set has what is not understood, or belongs to another product, and would lose it.

    Unknown fields that the desired set has too would not be lost.
    """
    known = set() if desired is None else {canonical_text(extra) for extra in desired.extras}
    return any(
        isinstance(plain(extra), Managed | TrafficPolicy)
        or (isinstance(plain(extra), Opaque) and canonical_text(extra) not in known)
        for extra in existing.extras
    )


def keeping_own(existing: RRset, desired: RRset, target: Capabilities) -> RRset:
    """Return the desired set with what is said beside the existing one, where the source says nothing of the kind.

    What was said of a single record stays with that record, and goes with it.
    """
    said = {type(plain(extra)) for extra in desired.extras}
    records = {meaning(rdata): rdata.to_text() for rdata in desired.rdatas}
    named = {rdata.to_text(): records.get(meaning(rdata)) for rdata in existing.rdatas}
    own: list[Extra] = []
    for extra in existing.extras:
        inner = plain(extra)
        if not isinstance(inner, _BESIDE) or type(inner) in said or says_nothing(inner):
            continue
        if not isinstance(extra, ForRecord):
            own += [extra] if type(inner) in target.extras else []
        elif (record := named.get(extra.rdata)) is not None and type(inner) in target.record_extras:
            own.append(ForRecord(record, inner))
    if not own:
        return desired
    # Said of each record alone where it is said of all that are left, nobody would read it so again.
    return with_rdatas(replace(desired, extras=(*desired.extras, *own)), desired.rdatas)


def as_held(rrsets: tuple[RRset, ...], desired: ZoneSnapshot, target: Capabilities) -> tuple[RRset, ...]:
    """Return the sets as the target holds them: a zone file that is written anew has lost its comments.

    Who manages a set stays with it, so that a second import leaves alone what the first one did.
    """
    if not target.written_whole or not any(rrset.extras for rrset in rrsets):
        return rrsets
    wanted = {rrset.key: rrset.extras for rrset in desired.rrsets if rrset.extras}
    return tuple([_without_comments(rrset, wanted.get(rrset.key, ())) for rrset in rrsets])


def _without_comments(rrset: RRset, wanted: Collection[Extra]) -> RRset:
    left = tuple(extra for extra in rrset.extras if extra in wanted or not isinstance(plain(extra), _COMMENTS))
    return replace(rrset, extras=left) if len(left) < len(rrset.extras) else rrset


_COMMENTS = tuple(kind for kind in SILENT if kind is not Managed)
# What `says_all` leaves to the target, but for the TTL; a managed set is never replaced.
_BESIDE = tuple(kind for kind in _COMMENTS if kind is not AutomaticTTL)


def _same_time(existing: RRset, desired: RRset) -> bool:
    return existing.ttl is None or desired.ttl is None or existing.ttl == desired.ttl


def _telling(extras: Iterable[Extra]) -> list[Extra]:
    """Return the extras without those that say no more than that something is not so."""
    return [extra for extra in extras if not says_nothing(extra)]
