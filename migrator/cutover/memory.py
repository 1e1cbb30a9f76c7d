"""What earlier looks saw: which set each address showed, from when to when, with which TTL. No IO here.

The bounds of a switch rest on it. A set that was first seen a moment ago has its TTL still ahead, for nobody
knows how long the other one was handed out before; and the old set is the one that was named for this move, else
what the parent listed at first.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from dns.name import Name
from dns.rcode import Rcode

from migrator.cutover.look import ServerView, served, targets
from migrator.cutover.mistakes import likeness
from migrator.model.delegation import ParentView
from migrator.model.names import absolute, address_literal, text_of
from migrator.model.observation import Answer, Observation
from migrator.model.values import dataclass

# An NS set as one text: its names in lower case, sorted, with a blank between. Empty: the server has no such set.
SetText = str


@dataclass(frozen=True, slots=True)
class Run:
    """One address showed one set with one TTL in every look from `first` to `last`.

    `expected` is the set that these looks expected: which move they belong to.
    """

    address: str
    shown: SetText
    ttl: int | None
    first: datetime
    last: datetime
    expected: SetText = ""


@dataclass(frozen=True, slots=True)
class Named:
    """The old set of the move to `expected`, as the old side told it at `at`."""

    expected: SetText
    old: SetText
    at: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """What the parent's servers delegated to, and name servers listed at the apex; in the order of looks.

    `named` is the old set that was named last, None where no look had one.
    """

    parent: tuple[Run, ...] = ()
    apex: tuple[Run, ...] = ()
    named: Named | None = None


def set_text(names: Iterable[Name]) -> SetText:
    """Return the text of a set of names: equal for equal sets."""
    return " ".join(sorted(map(text_of, names)))


def names_in(text: SetText) -> tuple[Name, ...]:
    """Return the names of such a text."""
    return tuple(map(absolute, text.split()))


def with_parents(memory: Memory, views: Iterable[ParentView], expected: Iterable[Name]) -> Memory:
    """Return the memory with a look at the parent added."""
    wanted = set_text(expected)
    runs = memory.parent
    for view in views:
        shown = delegated_set(view)
        if shown is not None:
            rrset = view.delegation()
            runs = _with(runs, view.server.address, shown, None if rrset is None else rrset.ttl, view.ns, wanted)
    return replace(memory, parent=runs)


def with_servers(memory: Memory, views: Iterable[ServerView], expected: Iterable[Name]) -> Memory:
    """Return the memory with a look at the name servers' own apex added."""
    wanted = set_text(expected)
    runs = memory.apex
    for view in views:
        rrset = served(view.ns)
        if rrset is not None:
            runs = _with(runs, view.server.address, set_text(targets(rrset)), rrset.ttl, view.ns, wanted)
    return replace(memory, apex=runs)


def delegated_set(view: ParentView) -> SetText | None:
    """Return the set that a parent server delegates to, empty for none, or None where it does not say."""
    if isinstance(view.ns, Answer) and view.ns.truncated:
        return None
    rrset = view.delegation()
    if rrset is not None:
        return set_text(targets(rrset))
    if not isinstance(view.ns, Answer) or not view.ns.authoritative:
        return None
    return "" if view.ns.rcode in {Rcode.NOERROR, Rcode.NXDOMAIN} else None


def old_set(memory: Memory, expected: Iterable[Name]) -> tuple[Name, ...]:
    """Return the old set of the move to the expected one, empty where it is not known.

    Who named it once need not do so again; until the parent followed a move to another set.
    """
    wanted = set_text(expected)
    named = memory.named
    if named is None or named.expected != wanted:
        return first_listed(memory, names_in(wanted))
    moved_on = any(run.shown == run.expected != wanted and run.last > named.at for run in memory.parent)
    return first_listed(memory, names_in(wanted)) if moved_on else names_in(named.old)


def first_listed(memory: Memory, expected: Iterable[Name]) -> tuple[Name, ...]:
    """Return the old set: what the parent listed when the domain was first seen, empty where that is not known.

    Where an earlier move led to another set than this one is to, its goal is what this one starts from; unless the
    parent went back afterwards to what that move had started from. Of new and old names side by side the old ones
    count, without those that a person who meant a new one typed.
    """
    wanted = set_text(expected)
    goals = [place for place, run in enumerate(memory.parent) if run.shown == run.expected != wanted and run.shown]
    if goals:
        goal = memory.parent[goals[-1]].shown
        start = set_text(first_listed(Memory(memory.parent[: goals[-1]]), names_in(goal)))
        later = [run.shown for run in memory.parent[goals[-1] :] if run.shown in {goal, start}]
        return names_in(start if start != wanted and later[-1] == start else goal)
    seen: set[str] = set()
    for run in memory.parent:
        if run.address not in seen:
            left = _without_slips(names_in(run.shown), names_in(wanted))
            if left:
                return left
        seen.add(run.address)
    return ()


def _without_slips(listed: tuple[Name, ...], wanted: tuple[Name, ...]) -> tuple[Name, ...]:
    """Return the listed names that are not wanted; beside wanted ones, not what is almost one that is missing."""
    missing = [name for name in wanted if name not in listed]
    left = tuple(name for name in listed if name not in wanted and address_literal(name) is None)
    if len(missing) == len(wanted):
        return left
    return tuple(name for name in left if not any(likeness(name, meant) for meant in missing))


def shown_since(runs: Iterable[Run], addresses: Collection[str], wanted: SetText) -> datetime | None:
    """Return the first moment from which each of the addresses showed this set; None where one does not.

    Looks follow each other even where the clock jumped: no set is shown before another one was last seen, unless
    that was in the future, by a clock that was ahead.
    """
    moments = []
    for address in addresses:
        history = [run for run in runs if run.address == address]
        if not history or history[-1].shown != wanted:
            return None
        since = history[-1].first
        for run in reversed(history):
            if run.shown != wanted:
                since = max(since, run.last) if run.last <= history[-1].last else since
                break
            since = run.first
        moments.append(since)
    return max(moments, default=None)


@dataclass(frozen=True, slots=True)
class FormerTTL:
    """A TTL of a set that is not the expected one; `until` is None for the last such set of an address."""

    seconds: int
    until: datetime | None


def former_ttls(runs: Iterable[Run], addresses: Collection[str], wanted: SetText) -> tuple[FormerTTL, ...]:
    """Return the TTLs of whatever else these addresses showed: the last of each, and those before it."""
    found = []
    for address in addresses:
        # A look that expected another set begins another run, and ends nothing.
        mine = (run for run in runs if run.address == address)
        history = [next(same) for _, same in groupby(mine, lambda run: (run.shown, run.ttl))]
        others = [i for i, run in enumerate(history) if run.shown not in {wanted, ""} and run.ttl is not None]
        for i in others:
            ttl = history[i].ttl
            assert ttl is not None
            until = None if i == others[-1] else history[i + 1].first
            found.append(FormerTTL(ttl, until))
    return tuple(found)


def _with(
    runs: tuple[Run, ...], address: str, shown: SetText, ttl: int | None, seen: Observation, expected: SetText
) -> tuple[Run, ...]:
    """Return the runs with one more sight: it makes the address's last run longer, or begins another."""
    index = next((i for i in reversed(range(len(runs))) if runs[i].address == address), None)
    if index is not None:
        last = runs[index]
        if (last.shown, last.ttl, last.expected) == (shown, ttl, expected):
            return (*runs[:index], replace(last, last=max(last.last, seen.at)), *runs[index + 1 :])
    return (*runs, Run(address, shown, ttl, seen.at, seen.at, expected))
