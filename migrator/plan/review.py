"""Whether a target is still what a reviewed plan was made for. No IO here."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from dns.rdatatype import RdataType

from migrator.model.change import Change, after, before, change_from, key_of
from migrator.model.extras import Alias
from migrator.model.names import folded
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot
from migrator.plan.make import Plan
from migrator.plan.steps import is_like

_OWN = frozenset({RdataType.SOA, RdataType.NS})


def rest_digest(existing: ZoneSnapshot | None, changes: Sequence[Change]) -> str:
    """Return the digest of what a zone has and no change touches; of a zone that is not there, nothing."""
    if existing is None:
        return ""
    touched = {key_of(change) for change in changes}
    return replace(existing, rrsets=tuple(r for r in existing.rrsets if r.key not in touched)).digest()


def is_underway(existing: ZoneSnapshot, changes: Sequence[Change], rest: str) -> bool:
    """Tell whether a zone differs from what the plan was made for only by changes of the plan itself."""
    there = existing.by_key()
    own = all(
        is_like(there.get(key_of(change)), after(change)) or is_like(there.get(key_of(change)), before(change))
        for change in changes
    )
    return own and (not rest or rest == rest_digest(existing, changes))


def unapproved(plan: Plan, approved: Collection[Change], *, made: bool) -> tuple[Change, ...]:
    """Return the changes that nobody has looked at.

    A zone that had to be made first (`made`) has its own SOA and NS now, which nobody could look at before; its
    aliases to its own sets have got their scope.
    """
    apex = folded(plan.goal.origin)
    known = {_bare(change) for change in approved}

    def is_own(change: Change) -> bool:
        return made and key_of(change).folded == apex and key_of(change).rdtype in _OWN

    return tuple(change for change in plan.changes if _bare(change) not in known and not is_own(change))


def _bare(change: Change) -> Change | None:
    return change_from(_unscoped(before(change)), _unscoped(after(change)))


def _unscoped(rrset: RRset | None) -> RRset | None:
    if rrset is None:
        return None
    extras = tuple(replace(extra, scope="") if isinstance(extra, Alias) else extra for extra in rrset.extras)
    return replace(rrset, extras=extras)
