"""A name that is routed on one side alone: which of its answers are left, lost and new. No IO here.

    w  A  192.0.2.1     weight 90          w  A  192.0.2.1      both are answered still: only the shares are gone
    w  A  192.0.2.2     weight 10     ->         192.0.2.2
    w  A  198.51.100.3  weight 0

What an ordinary set has to have is told by what most clients get: the heaviest of the weights, the primary, the
default of all places; of several that are answered together, each. A set of weight 0 is answered to nobody, but
where the health of all others is watched: then it is their standby.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.equality import Meant, by_meaning
from migrator.diff.result import Kind
from migrator.diff.wording import answered, listed
from migrator.meaning.served import ADDRESS_TYPES, ServedZone
from migrator.meaning.targets import targets_of
from migrator.model.extras import Failover, Latency, RoutingPolicy, Weighted, is_default
from migrator.model.names import folded
from migrator.model.routing import answerable, choose, routing_of
from migrator.model.rrset import RRset, RRsetKey, alias_alone_of, alias_of, is_alias

# What a set answers: a rdata by its meaning, or an alias by where it leads.
Said = Meant | tuple[str, tuple[bytes, ...], str]


class Rerouted:
    """What both sides have of a name and type, where one side is routed and the other is not."""

    def __init__(self, old: Sequence[RRset], new: Sequence[RRset]) -> None:
        """Compare these sets of one name and type; the sets of one side have variants, and of the other none."""
        self.old = tuple(old)
        self.new = tuple(new)

    @cached_property
    def is_gone(self) -> bool:
        """Whether it is the old side that is routed."""
        return any(rrset.key.variant for rrset in self.old)

    @property
    def routed(self) -> tuple[RRset, ...]:
        """The sets of the routed side."""
        return self.old if self.is_gone else self.new

    @property
    def plain(self) -> tuple[RRset, ...]:
        """What the other side has."""
        return self.new if self.is_gone else self.old

    @cached_property
    def answerable(self) -> tuple[RRset, ...]:
        """The routed sets that may be answered: those of weight 0 are not, but where all others are watched."""
        return answerable(self.routed)

    @cached_property
    def usual(self) -> tuple[RRset, ...]:
        """The routed sets that most clients are answered."""
        return choose(self.routed).served or self.routed

    def lost(self, rrset: RRset) -> dict[Said, RRset]:
        """Return what this set of the old side answered, and the new side does not, each with its set."""
        has = said(self.new if self.is_gone else self.usual)
        is_answered = not self.is_gone or rrset in self.answerable
        return {meant: each for meant, each in said([rrset]).items() if is_answered and meant not in has}

    def strange(self, rrset: RRset) -> dict[Said, RRset]:
        """Return what this set of the new side answers, and the old side did not."""
        had = said(self.answerable if self.is_gone else self.old)
        is_answered = self.is_gone or rrset in self.answerable
        return {meant: each for meant, each in said([rrset]).items() if is_answered and meant not in had}

    @property
    def leads_elsewhere(self) -> bool:
        """Whether the new side answers something that the old one did not, and that can be compared."""
        return any(not is_alias(each) for rrset in self.new for each in self.strange(rrset).values())

    def is_needed(self, variant: RRset) -> bool:
        """Tell whether a routed set may not be lost: what most clients got, and no other of that kind is left."""
        return is_needed(variant, self.routed, lambda other: bool(self.lost(other)))


def is_needed(variant: RRset, routed: Sequence[RRset], is_lost: Callable[[RRset], bool]) -> bool:
    """Tell the same of any routed sets, by a function that says which are lost."""
    main = _main(routed)
    if variant not in main:
        return False
    return not _only(routed, Weighted) or all(map(is_lost, main))


def rerouted(old: ServedZone, new: ServedZone, owner: Name, rdtype: RdataType) -> Rerouted | None:
    """Return both sides' sets where one of them alone is routed; None where it is neither or both, or unknown.

    Addresses are also looked for behind a CNAME that stands in their place, as far as it leads within the zone; a
    CNAME that leads where an alias of the other side does is that alias.
    """
    before, after = old.sets(owner, rdtype), new.sets(owner, rdtype)
    if any(_is_routed(side) for side in (before, after)):
        before, after = (
            before or _behind_cname(old, owner, rdtype, after),
            after or _behind_cname(new, owner, rdtype, before),
        )
    if not before or not after or _is_routed(before) == _is_routed(after):
        return None
    return Rerouted(before, after)


def rerouted_by(change: Change) -> Rerouted | None:
    """Return both sides' sets where an RRset is on one side alone because one of them is routed."""
    if change.kind is Kind.CHANGED:
        return None
    found = rerouted(change.sides.old, change.sides.new, change.owner, change.rdtype)
    return found if found is not None and (change.old in found.old or change.new in found.new) else None


def is_still_answered(change: Change) -> bool:
    """Tell whether a set went because routing began or ended, and all that it answered is answered still."""
    sides = rerouted_by(change)
    return sides is not None and change.old is not None and not sides.lost(change.old)


def said(rrsets: Iterable[RRset]) -> dict[Said, RRset]:
    """Return all that sets answer: each rdata, or where their alias leads."""
    found: dict[Said, RRset] = {}
    for rrset in rrsets:
        alias = alias_of(rrset)
        if alias is not None:
            found["alias", folded(alias.target), alias.scope] = rrset
        found.update(dict.fromkeys(by_meaning(rrset.rdatas), rrset))
    return found


def in_words(parts: dict[Said, RRset]) -> str:
    """Return what is answered in words."""
    rdatas = {meant: rdata for rrset in parts.values() for meant, rdata in by_meaning(rrset.rdatas).items()}
    known = listed(rdatas[meant] for meant in parts if meant in rdatas)
    aliases = dict.fromkeys(answered(rrset) for meant, rrset in parts.items() if meant not in rdatas)
    return " and ".join([known, *aliases] if known else aliases)


def together(rrsets: Sequence[RRset]) -> str:
    """Return what several sets of a name answer in words, the routed ones by what they are."""
    if not _is_routed(rrsets):
        return " and ".join(dict.fromkeys(map(answered, rrsets))) or "nothing"
    first = [f"{answered(rrset)} ({which(rrset, rrsets)})" for rrset in rrsets[:_MOST_SHOWN]]
    more = len(rrsets) - len(first)
    return " or ".join(first) + (f" or one of {more} more" if more else "")


def which(variant: RRset, every: Sequence[RRset]) -> str:
    """Return which of several routed sets it is: its identifier, and what most clients get by it."""
    policy = routing_of(variant)
    called = f"'{variant.key.variant}'" if variant.key.variant else "without an identifier"
    match policy:
        case Weighted():
            total = sum(p.weight for p in map(routing_of, every) if isinstance(p, Weighted))
            return f"{called}, weight {policy.weight} of {total}"
        case Failover():
            return f"{called}, the {'primary' if is_default(policy) else 'standby'}"
        case _:
            return f"{called}, the default" if is_default(policy) else called


_MOST_SHOWN = 3


def _is_routed(rrsets: Iterable[RRset]) -> bool:
    return any(rrset.key.variant for rrset in rrsets)


def _behind_cname(zone: ServedZone, owner: Name, rdtype: RdataType, others: Iterable[RRset]) -> tuple[RRset, ...]:
    """Return what a plain CNAME of this name stands for, as one set of the name.

    That is an alias of the others to where it leads, or else the addresses that it leads to within the zone.
    """
    cnames = zone.sets(owner, RdataType.CNAME)
    if rdtype not in ADDRESS_TYPES or not cnames or _is_routed(cnames):
        return ()
    targets = {folded(target) for rrset in cnames for target in targets_of(rrset.rdatas)}
    for alias in filter(None, map(alias_alone_of, others)):
        if {folded(alias.target)} == targets:
            return (RRset(RRsetKey(owner, rdtype), cnames[0].ttl, (), (alias,)),)
    found = zone.known(owner, rdtype) or ()
    if not found or any(map(is_alias, found)) or _is_routed(found):
        return ()
    return (RRset(RRsetKey(owner, rdtype), found[0].ttl, found[0].rdatas),)


def _main(routed: Sequence[RRset]) -> tuple[RRset, ...]:
    """Return the sets that most clients are answered: for some kinds of routing each, for latency none of them."""
    if _only(routed, Weighted):
        heaviest = max(map(_weight, routed))
        return tuple(rrset for rrset in routed if _weight(rrset) == heaviest)
    defaults = tuple(rrset for rrset in routed if is_default(routing_of(rrset)))
    if defaults or _only(routed, Latency):
        return defaults
    return tuple(routed)


def _only(routed: Sequence[RRset], kind: type[RoutingPolicy]) -> bool:
    return all(isinstance(routing_of(rrset), kind) for rrset in routed)


def _weight(rrset: RRset) -> int:
    policy = routing_of(rrset)
    return policy.weight if isinstance(policy, Weighted) else 0
