"""The three things that can be done to an RRset of a zone. No IO here."""

from dataclasses import dataclass

from migrator.model.rrset import RRset


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
