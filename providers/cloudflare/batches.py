"""Changes into batches: what belongs to one name stays together, and the order leaves no gap. No IO here.

A batch is one transaction, carried out as deletes, patches, puts, posts:
https://developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes/ (2026-11-20). So a CNAME
becomes an A record in one batch, and of a delegation the NS set is posted before its DS, and the DS deleted
before the NS set.

Between batches, what is only deleted comes last, that nothing points to what is gone already; unless the quota of
the zone has no room for the new before the old has gone.
"""

from collections.abc import Iterable, Iterator, Sequence

from dns.rdatatype import RdataType

from migrator.model.change import Change
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass
from providers.cloudflare.names import owner_text
from providers.cloudflare.operations import Operations

Body = dict[str, list[dict[str, object]]]
_RANK = {RdataType.NS: 0, RdataType.DS: 2}


@dataclass(frozen=True, slots=True)
class Job:
    """One change and what it does to the records."""

    change: Change
    key: RRsetKey
    operations: Operations


@dataclass(frozen=True, slots=True)
class Unit:
    """The jobs of one owner, which go into one batch."""

    jobs: tuple[Job, ...]

    @property
    def size(self) -> int:
        """How many operations these are."""
        return sum(job.operations.size for job in self.jobs)

    @property
    def only_deletes(self) -> bool:
        """Whether nothing is left or made of what it touches."""
        return all(job.operations.size == len(job.operations.deletes) for job in self.jobs)


Batch = tuple[Unit, ...]


def units_of(jobs: Iterable[Job], *, tight: bool) -> list[Unit]:
    """Return the jobs by owner, deletes last, or first where there is no room for anything new."""
    by_owner: dict[tuple[bytes, ...], list[Job]] = {}
    for job in jobs:
        by_owner.setdefault(job.key.folded, []).append(job)
    units = [Unit(tuple(found)) for found in by_owner.values()]
    return sorted(units, key=lambda unit: unit.only_deletes is not tight)


def batches_of(units: Sequence[Unit], limit: int) -> list[Batch]:
    """Return the units in batches of at most so many operations; a larger unit is a batch by itself."""
    batches: list[list[Unit]] = []
    size = limit + 1
    for unit in units:
        if size + unit.size > limit:
            batches.append([])
            size = 0
        batches[-1].append(unit)
        size += unit.size
    return [tuple(batch) for batch in batches]


def halves_of(batch: Batch) -> tuple[Batch, Batch]:
    """Return the two halves of a batch that was refused, to find out which unit it is."""
    middle = len(batch) // 2
    return batch[:middle], batch[middle:]


def bodies_of(batch: Batch, limit: int) -> Iterator[Body]:
    """Yield the bodies of a batch: one, unless a single owner has more operations than a batch may have."""
    operations = list(_operations(batch))
    for start in range(0, len(operations), limit):
        body: Body = {}
        for section, operation in operations[start : start + limit]:
            body.setdefault(section, []).append(operation)
        yield body


def suspect(batch: Batch, pointer: str, words: str) -> Unit | None:
    """Return the unit that a refusal names, by its place in the request (`/posts/3`) or by its name."""
    section, _, place = pointer.strip("/").partition("/")
    number = place.partition("/")[0]
    if number.isdecimal():
        found = [unit for unit, each, _ in _sections(batch) if each == section]
        if int(number) < len(found):
            return found[int(number)]
    spoken = {word.strip("\"',:;.()[]").lower() for word in words.split()}
    named = [unit for unit in batch if owner_text(unit.jobs[0].key.owner) in spoken]
    return named[0] if len(named) == 1 else None


def _operations(batch: Batch) -> Iterator[tuple[str, dict[str, object]]]:
    return ((section, operation) for _, section, operation in _sections(batch))


def _sections(batch: Batch) -> Iterator[tuple[Unit, str, dict[str, object]]]:
    jobs = [(unit, job) for unit in batch for job in unit.jobs]
    rising = sorted(jobs, key=lambda pair: _RANK.get(pair[1].key.rdtype, 1))
    for unit, job in reversed(rising):
        for held in job.operations.deletes:
            yield unit, "deletes", {"id": held.identifier}
    for unit, job in jobs:
        for held, fields in job.operations.patches:
            yield unit, "patches", {"id": held.identifier, **fields}
    for unit, job in jobs:
        for held, entry in job.operations.puts:
            yield unit, "puts", {"id": held.identifier, **entry.body}
    for unit, job in rising:
        for entry in job.operations.posts:
            yield unit, "posts", dict(entry.body)
