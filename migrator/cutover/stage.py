"""The stage of a switch, from what each server of the parent lists and what is remembered. No IO here.

    not-delegated  every server says that there is no such delegation
    not-started    every server lists the old set, or some of it, and nothing of the expected one
    placeholder    every server lists one and the same set that has nothing of either
    mixed          a part of the expected set, the expected one beside others, or servers that differ
    switched       every server lists exactly the expected set
    settled        the same, and the last possible stale answer is past, as far as that is known

A claim about every server needs every server. Where those that answered list the expected set and another
one is silent, neither `switched` nor `mixed` is known to be true: that is no stage, and the verdict is unchecked.
Where some list something else, the switch is not finished whatever the silent ones would say, and the stage of
those that answered stands. An address that was not asked at all, because this machine has no route to it or the
profile forbids it, does not count where another address of the same server answered.
"""

from collections.abc import Iterable
from enum import StrEnum

from dns.name import Name

from migrator.cutover.look import Look
from migrator.cutover.memory import SetText, delegated_set, set_text
from migrator.model.delegation import ParentView, WalkEnd
from migrator.model.observation import Answer, NoAnswer, Silence
from migrator.model.values import dataclass


class Stage(StrEnum):
    """How far a switch has come."""

    NOT_DELEGATED = "not-delegated"
    NOT_STARTED = "not-started"
    PLACEHOLDER = "placeholder"
    MIXED = "mixed"
    SWITCHED = "switched"
    SETTLED = "settled"

    @property
    def is_done(self) -> bool:
        """Whether the parent has the expected set everywhere."""
        return self in {Stage.SWITCHED, Stage.SETTLED}


class Listing(StrEnum):
    """What one server of the parent lists, beside the two sets."""

    NEW = "new"
    OLD = "old"
    PART = "part"
    OTHER = "other"
    NONE = "none"
    FAILED = "failed"
    SILENT = "silent"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class Sets:
    """The expected and the old set as texts; `old` is empty where it is not known."""

    expected: SetText
    old: SetText

    @classmethod
    def of(cls, expected: Iterable[Name], old: Iterable[Name]) -> "Sets":
        """Return the two sets."""
        return cls(set_text(expected), set_text(old))


def listing_of(view: ParentView, sets: Sets) -> Listing:
    """Return what this server lists."""
    shown = delegated_set(view)
    if shown is not None:
        return _compared(shown, sets)
    match view.ns:
        case NoAnswer(reason=Silence.FORBIDDEN | Silence.UNREACHABLE):
            return Listing.NOT_ASKED
        case NoAnswer() | Answer(truncated=True) | Answer(is_secondhand=True):
            return Listing.SILENT
        case _:
            return Listing.FAILED


def stage_of(look: Look) -> Stage | None:
    """Return the stage short of settled, or None where it cannot be told."""
    delegation = look.delegation
    if delegation.end is WalkEnd.UNREACHABLE:
        return None
    sets = Sets.of(look.expected, look.old)
    listings = [listing_of(view, sets) for view in counted_views(delegation.views)]
    shown = {delegated_set(view) for view in delegation.views} - {None}
    if not shown:
        return None if listings else Stage.NOT_DELEGATED
    answered = [listing for listing in listings if listing not in _WITHOUT_ANSWER]
    stage = _agreed(set(answered), len(shown))
    if stage is Stage.SWITCHED and len(answered) < len(listings):
        return Stage.MIXED if Listing.FAILED in listings else None
    return stage


def is_partial(look: Look) -> bool:
    """Tell whether a server lists a part of the expected set, or others beside it: no registry does by itself."""
    sets = Sets.of(look.expected, look.old)
    return any(listing_of(view, sets) is Listing.PART for view in look.delegation.views)


def counted_views(views: tuple[ParentView, ...]) -> tuple[ParentView, ...]:
    """Return the views without addresses that could not be asked from here, where the server has another one."""
    nowhere = Sets("", "")
    answered = {view.server.name for view in views if listing_of(view, nowhere) not in _WITHOUT_ANSWER}
    return tuple(
        view
        for view in views
        if listing_of(view, nowhere) is not Listing.NOT_ASKED or view.server.name not in answered
    )


_WITHOUT_ANSWER = frozenset({Listing.FAILED, Listing.SILENT, Listing.NOT_ASKED})


def _compared(shown: SetText, sets: Sets) -> Listing:
    if not shown:
        return Listing.NONE
    if shown == sets.expected:
        return Listing.NEW
    names = set(shown.split())
    if names & set(sets.expected.split()) and shown != sets.old:
        return Listing.PART
    return Listing.OLD if names & set(sets.old.split()) else Listing.OTHER


def _agreed(listings: set[Listing], different_sets: int) -> Stage:
    if listings == {Listing.NONE}:
        return Stage.NOT_DELEGATED
    if listings == {Listing.NEW}:
        return Stage.SWITCHED
    if different_sets > 1:
        return Stage.MIXED
    if listings == {Listing.OLD}:
        return Stage.NOT_STARTED
    return Stage.PLACEHOLDER if listings == {Listing.OTHER} else Stage.MIXED
