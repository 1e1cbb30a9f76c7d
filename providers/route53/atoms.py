"""What must be carried out together, and what after what. No IO here.

Route 53 carries out a request whole or not at all, so what must not be seen half done is an *atom*, which no two
requests share:

    www  CNAME  ->  A and AAAA        all changes of a name where a CNAME comes or goes
    www  A simple  ->  two weighted   all changes of a name and type whose routing policy changes

and every other change is an atom of its own. What leans on something stands after it: an alias after the set it
leads to, DS after NS; when they go, the other way round. What is only deleted goes last, when everything new is
there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dns.rdatatype import RdataType

from migrator.model.change import Change, Create, Delete, Replace, key_of
from migrator.model.extras import Alias, RoutingPolicy
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass

Place = tuple[tuple[bytes, ...], RdataType]


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a request."""

    action: str
    native: Mapping[str, object]

    @property
    def values(self) -> list[str]:
        """The values of its records; an alias has none."""
        records = self.native.get("ResourceRecords")
        if not isinstance(records, list):
            return []
        return [str(record.get("Value", "")) if isinstance(record, Mapping) else "" for record in records]


@dataclass(frozen=True, slots=True)
class Written:
    """One change, and the actions that carry it out."""

    change: Change
    steps: tuple[Step, ...]

    @property
    def key(self) -> RRsetKey:
        """What is changed."""
        return key_of(self.change)

    @property
    def place(self) -> Place:
        """Where it is changed: every set of one name and type has the same place."""
        return place_of(self.key)

    @property
    def overwrites(self) -> bool:
        """Whether it replaces whatever is there."""
        return any(step.action == "UPSERT" for step in self.steps)

    @property
    def deletes(self) -> bool:
        """Whether nothing takes the place of what goes."""
        return isinstance(self.change, Delete)


@dataclass(frozen=True, slots=True)
class Atom:
    """Changes that are carried out together; `needs` are the places that must be done with before."""

    members: tuple[Written, ...]
    needs: frozenset[Place] = frozenset()

    @property
    def steps(self) -> tuple[Step, ...]:
        """What goes before what comes."""
        found = [step for member in self.members for step in member.steps]
        return tuple(sorted(found, key=lambda step: step.action != "DELETE"))

    @property
    def deletes(self) -> bool:
        """Whether it only deletes."""
        return all(member.deletes for member in self.members)


def place_of(key: RRsetKey) -> Place:
    """Return where a set is."""
    return folded(key.owner), key.rdtype


def alias_target(change: Change) -> Place | None:
    """Return the place that the alias of a set which comes leads to; None where it is no alias."""
    if isinstance(change, Delete):
        return None
    labels = _target(_sets_of(change)[-1])
    return None if labels is None else (labels, key_of(change).rdtype)


def atoms(written: Iterable[Written]) -> tuple[Atom, ...]:
    """Return what must stay together, each after what it leans on, pure deletions last."""
    groups: dict[object, list[Written]] = {}
    for members in _by_owner(written).values():
        for one, name in _names_of_groups(members):
            groups.setdefault(name, []).append(one)
    found = [Atom(tuple(members), _needs(members)) for members in groups.values()]
    return (
        *_sorted([atom for atom in found if not atom.deletes]),
        *_sorted([atom for atom in found if atom.deletes]),
    )


def _by_owner(written: Iterable[Written]) -> dict[tuple[bytes, ...], list[Written]]:
    found: dict[tuple[bytes, ...], list[Written]] = {}
    for one in written:
        found.setdefault(one.place[0], []).append(one)
    return found


def _names_of_groups(members: Sequence[Written]) -> Iterator[tuple[Written, object]]:
    """Yield the changes of one owner, each with what is equal for those of one atom."""
    types = {one.key.rdtype for one in members}
    if RdataType.CNAME in types and len(types) > 1:
        yield from ((one, one.place[0]) for one in members)
        return
    policies: dict[Place, set[type]] = {}
    for one in members:
        policies.setdefault(one.place, set()).update(map(_policy, _sets_of(one.change)))
    for one in members:
        yield one, one.place if len(policies[one.place]) > 1 else one.key


def _sets_of(change: Change) -> tuple[RRset, ...]:
    match change:
        case Create():
            return (change.desired,)
        case Replace():
            return (change.existing, change.desired)
        case Delete():
            return (change.existing,)


def _policy(rrset: RRset) -> type:
    return next((type(extra) for extra in rrset.extras if isinstance(extra, RoutingPolicy)), type(None))


def _needs(members: Sequence[Written]) -> frozenset[Place]:
    """Return the places that the new sets of an atom lean on, or that lean on what it deletes.

    An alias that goes is named by its own place, since only it knows where it leads: see `_leaning`.
    """
    found: set[Place] = set()
    for one in members:
        labels, rdtype = one.place
        if rdtype == RdataType.DS and not one.deletes:
            found.add((labels, RdataType.NS))
        if rdtype == RdataType.NS and one.deletes:
            found.add((labels, RdataType.DS))
        if not one.deletes:
            target = _target(_sets_of(one.change)[-1])
            if target is not None:
                found.add((target, rdtype))
    return frozenset(found) - {one.place for one in members}


def _target(rrset: RRset) -> tuple[bytes, ...] | None:
    return next((folded(extra.target) for extra in rrset.extras if isinstance(extra, Alias)), None)


def _sorted(found: Sequence[Atom]) -> list[Atom]:
    """Put each atom after those it needs; the order is otherwise as it was. A ring is broken somewhere."""
    leaning = _leaning(found)
    with_leaning = [Atom(atom.members, atom.needs | leaning.get(id(atom), frozenset())) for atom in found]
    by_place: dict[Place, list[Atom]] = {}
    for atom in with_leaning:
        for member in atom.members:
            by_place.setdefault(member.place, []).append(atom)
    done: dict[int, Atom] = {}

    def visit(first: Atom) -> None:
        # An explicit stack: chains of aliases may be long.
        stack: list[tuple[Atom, Iterator[Atom]]] = [(first, _needed(first, by_place))]
        entered = {id(first)}
        while stack:
            atom, rest = stack[-1]
            following = next((n for n in rest if id(n) not in done and id(n) not in entered), None)
            if following is None:
                done[id(atom)] = atom
                stack.pop()
            else:
                entered.add(id(following))
                stack.append((following, _needed(following, by_place)))

    for atom in with_leaning:
        if id(atom) not in done:
            visit(atom)
    return list(done.values())


def _needed(atom: Atom, by_place: Mapping[Place, list[Atom]]) -> Iterator[Atom]:
    for place in sorted(atom.needs):
        yield from by_place.get(place, ())


def _leaning(found: Sequence[Atom]) -> dict[int, frozenset[Place]]:
    """Return the places of aliases that go, by the atom that deletes what they lead to."""
    leaning: dict[Place, set[Place]] = {}
    for atom in found:
        for member in atom.members:
            target = _target(member.change.existing) if isinstance(member.change, Delete) else None
            if target is not None:
                leaning.setdefault((target, member.key.rdtype), set()).add(member.place)
    return {
        id(atom): frozenset().union(*(leaning.get(m.place, frozenset()) for m in atom.members if m.deletes))
        - {m.place for m in atom.members}
        for atom in found
        if leaning
    }
