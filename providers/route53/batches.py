"""Fills requests to the limits of the service: 1,000 records and 32,000 characters, UPSERT counting twice.

Each atom goes into the first request with room that comes late enough: not before what it needs, and not before
the last request that writes, where it only deletes. No IO here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import field

from migrator.model.values import dataclass
from providers.route53.atoms import Atom, Place, Step, Written

# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html (2022-12-31): "Quotas on API
# requests", ChangeResourceRecordSets.
MOST_RECORDS = 1_000
MOST_CHARACTERS = 32_000


@dataclass(frozen=True, slots=True)
class Size:
    """What counts towards the limits: ResourceRecord elements, an alias being one, and characters of values."""

    records: int = 0
    characters: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(self.records + other.records, self.characters + other.characters)

    @property
    def fits(self) -> bool:
        """Whether one request takes that much."""
        return self.records <= MOST_RECORDS and self.characters <= MOST_CHARACTERS


@dataclass(slots=True)
class Batch:
    """The atoms of one request."""

    atoms: list[Atom] = field(default_factory=list)
    size: Size = field(default_factory=Size)

    @property
    def members(self) -> tuple[Written, ...]:
        """The changes that the request carries out."""
        return tuple(member for atom in self.atoms for member in atom.members)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What the request does, in order."""
        return tuple(step for atom in self.atoms for step in atom.steps)


def batch_of(atoms: Sequence[Atom]) -> Batch:
    """Return these atoms as one request."""
    return Batch(list(atoms), sum(map(size_of, atoms), start=Size()))


def size_of(atom: Atom) -> Size:
    """Return what an atom counts."""
    return size_of_steps(atom.steps)


def size_of_steps(steps: Iterable[Step]) -> Size:
    """Return what these actions count."""
    return sum(map(_size_of_step, steps), start=Size())


def batches(atoms: Sequence[Atom]) -> tuple[Batch, ...]:
    """Put atoms, each of which fits, into as few requests as their order allows."""
    made: list[Batch] = []
    done_in: dict[Place, int] = {}
    last_that_writes = 0
    for atom in atoms:
        size = size_of(atom)
        earliest = max((done_in[place] for place in atom.needs if place in done_in), default=0)
        if atom.deletes:
            earliest = max(earliest, last_that_writes)
        number = next((n for n in range(earliest, len(made)) if (made[n].size + size).fits), len(made))
        if number == len(made):
            made.append(Batch())
        made[number].atoms.append(atom)
        made[number].size += size
        if not atom.deletes:
            last_that_writes = max(last_that_writes, number)
        for member in atom.members:
            done_in[member.place] = max(number, done_in.get(member.place, 0))
    return tuple(made)


def _size_of_step(step: Step) -> Size:
    values = step.values
    times = 2 if step.action == "UPSERT" else 1
    return Size(times * (len(values) or 1), times * sum(map(len, values)))
