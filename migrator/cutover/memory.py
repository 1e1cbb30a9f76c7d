"""What earlier looks saw: which set each address showed, from when to when, with which TTL. No IO here.

The bounds of a switch rest on it. A set that was first seen a moment ago has its TTL still ahead, for nobody
knows how long the other one was handed out before; and the old set is the one that was named for this move, else
what the parent listed at first.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from itertools import groupby

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.codec import rdata
from migrator.cutover.look import ServerView, served, signer_set, targets
from migrator.cutover.mistakes import likeness
from migrator.model.delegation import ParentView
from migrator.model.names import absolute, address_literal, is_within, text_of
from migrator.model.observation import Answer
from migrator.model.rrset import RRset
from migrator.model.values import dataclass

ADDRESS_TYPES = (RdataType.A, RdataType.AAAA)
# An NS set as one text: its names in lower case, sorted, with a blank between. Empty: the server has no such set.
SetText = str
# The glue of name servers inside the domain as one text: a line with name and address for each, sorted.
GlueText = str


@dataclass(frozen=True, slots=True)
class Run:
    """One address showed one set with one TTL in every look from `first` to `last`.

    `expected` is the set that these looks expected: which move they belong to. `glue` is what a server of the
    parent handed out with it for name servers inside the domain, and `glue_ttl` the longest TTL of that.
    """

    address: str
    shown: SetText
    ttl: int | None
    first: datetime
    last: datetime
    expected: SetText = ""
    glue: GlueText = ""
    glue_ttl: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The old set of the move to `expected`, as the old side told it at `at`."""

    expected: SetText
    old: SetText
    at: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """What the parent's servers delegated to, and name servers listed at the apex; in the order of looks.

    `named` is the old set that was named last, None where no look had one. `hosts` is what name servers answered
    for the addresses of name servers inside the domain, by name and type: `ns1.example.org. A`. `signers` is what
    the parent's servers showed as DS, a line for each, sorted.
    """

    parent: tuple[Run, ...] = ()
    apex: tuple[Run, ...] = ()
    named: Named | None = None
    hosts: Mapping[str, tuple[Run, ...]] = field(default_factory=dict)
    signers: tuple[Run, ...] = ()


def set_text(names: Iterable[Name]) -> SetText:
    """Return the text of a set of names: equal for equal sets."""
    return " ".join(sorted(map(text_of, names)))


def names_in(text: SetText) -> tuple[Name, ...]:
    """Return the names of such a text."""
    return tuple(map(absolute, text.split()))


def with_parents(memory: Memory, views: Iterable[ParentView], expected: Iterable[Name]) -> Memory:
    """Return the memory with a look at the parent added."""
    wanted = set_text(expected)
    runs, signers = memory.parent, memory.signers
    for view in views:
        known = signer_set(view)
        if known is not None:
            seen, rrset = view.ds.at, view.signer()
            sight = Run(view.server.address, signers_text(map(rdata.to_text, known)), None, seen, seen)
            signers = _with(signers, sight if rrset is None else replace(sight, ttl=rrset.ttl))
        shown = delegated_set(view)
        if shown is not None:
            rrset = view.delegation()
            ttl = None if rrset is None else rrset.ttl
            glue = glue_of(view.glue(), view.ns.question.qname)
            runs = _with(runs, Run(view.server.address, shown, ttl, view.ns.at, view.ns.at, wanted, *glue))
    return replace(memory, parent=runs, signers=signers)


def signers_text(lines: Iterable[str]) -> str:
    """Return the text of a DS set: equal for equal sets."""
    return "\n".join(sorted(lines))


def with_servers(memory: Memory, views: Iterable[ServerView], expected: Iterable[Name]) -> Memory:
    """Return the memory with a look at the name servers' own apex added."""
    wanted = set_text(expected)
    runs, hosts = memory.apex, dict(memory.hosts)
    for view in views:
        address = view.server.address
        rrset = served(view.ns)
        if rrset is not None:
            shown = set_text(targets(rrset))
            runs = _with(runs, Run(address, shown, rrset.ttl, view.ns.at, view.ns.at, wanted))
        for seen in view.own_addresses:
            rrset = served(seen)
            if rrset is not None:
                key, shown = host_key(rrset), "\n".join(rdata.to_text() for rdata in rrset.rdatas)
                sight = Run(address, shown, rrset.ttl, seen.at, seen.at)
                hosts[key] = _with(hosts.get(key, ()), sight)
    return replace(memory, apex=runs, hosts=hosts)


def host_key(rrset: RRset) -> str:
    """Return under which key `Memory.hosts` has what servers answer for a name and type."""
    return f"{text_of(rrset.owner)} {RdataType.to_text(rrset.rdtype)}"


def glue_of(additional: Iterable[RRset], domain: Name) -> tuple[GlueText, int | None]:
    """Return the addresses of name servers inside the domain that came along, and their longest TTL."""
    rrsets = [found for found in additional if found.rdtype in ADDRESS_TYPES and is_within(found.owner, domain)]
    lines = {f"{text_of(found.owner)} {rdata.to_text()}" for found in rrsets for rdata in found.rdatas}
    return "\n".join(sorted(lines)), max((found.ttl for found in rrsets if found.ttl is not None), default=None)


def addresses_in(glue: GlueText, name: Name) -> frozenset[str]:
    """Return the addresses that such a text has for a name."""
    pairs = (line.split() for line in glue.splitlines())
    return frozenset(address for owner, address in pairs if owner == text_of(name))


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
    return since_when(runs, addresses, lambda run: run.shown == wanted)


def since_when(
    runs: Iterable[Run], addresses: Collection[str], is_wanted: Callable[[Run], bool]
) -> datetime | None:
    """Return what `shown_since` does, of all that is wanted."""
    runs, moments = tuple(runs), []
    for address in addresses:
        history = [run for run in runs if run.address == address]
        if not history or not is_wanted(history[-1]):
            return None
        since = history[-1].first
        for run in reversed(history):
            if not is_wanted(run):
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


def _with(runs: tuple[Run, ...], sight: Run) -> tuple[Run, ...]:
    """Return the runs with one more sight: it makes the address's last run longer, or begins another."""
    index = next((i for i in reversed(range(len(runs))) if runs[i].address == sight.address), None)
    if index is not None and is_alike(runs[index], sight):
        longer = replace(runs[index], last=max(runs[index].last, sight.last))
        return (*runs[:index], longer, *runs[index + 1 :])
    return (*runs, sight)


def is_alike(one: Run, other: Run) -> bool:
    """Tell whether two sights of an address, one after the other, are one run."""
    return replace(one, first=other.first, last=other.last) == other
