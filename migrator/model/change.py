"""The three things that can be done to an RRset of a zone. No IO here."""

from collections.abc import Iterable, Sequence

from migrator.model.rrset import RRset, RRsetKey, canonical_order
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Create:
    """The RRset is not there and shall be."""

    desired: RRset


@dataclass(frozen=True, slots=True)
class Replace:
    """The RRset is there as `existing` and shall be as `desired`; both have one key."""

    existing: RRset
    desired: RRset


@dataclass(frozen=True, slots=True)
class Delete:
    """The RRset is there as `existing` and shall not be."""

    existing: RRset


Change = Create | Replace | Delete


def key_of(change: Change) -> RRsetKey:
    """Return the key of the RRset that is changed."""
    return change.existing.key if isinstance(change, Delete) else change.desired.key


def before(change: Change) -> RRset | None:
    """Return the RRset before the change; None where it is not there."""
    return None if isinstance(change, Create) else change.existing


def after(change: Change) -> RRset | None:
    """Return the RRset after the change; None where it is no longer there."""
    return None if isinstance(change, Delete) else change.desired


def change_from(existing: RRset | None, desired: RRset | None) -> Change | None:
    """Return the change that leads from one state of an RRset to another; None where neither is there."""
    if desired is None:
        return None if existing is None else Delete(existing)
    return Create(desired) if existing is None else Replace(existing, desired)


def carried_out(rrsets: Iterable[RRset], changes: Sequence[Change]) -> tuple[RRset, ...]:
    """Return the RRsets of a zone after the changes, in canonical order."""
    by_key = {rrset.key: rrset for rrset in rrsets}
    for change in changes:
        by_key.pop(key_of(change), None)
    for change in changes:
        desired = after(change)
        if desired is not None:
            by_key[desired.key] = desired
    return tuple(sorted(by_key.values(), key=lambda rrset: canonical_order(rrset.key)))
