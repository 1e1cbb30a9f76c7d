"""From the records that are there to those that shall be: what to delete, patch, put and post. No IO here.

    there   A 192.0.2.1 ttl 300    A 192.0.2.2    A 192.0.2.3
    shall   A 192.0.2.1 ttl 60     A 192.0.2.9
    so      patch 192.0.2.1 with ttl 60; put 192.0.2.9 in the place of 192.0.2.2; delete 192.0.2.3

A record whose rdata changes is put in the place of another one, since the changes of a batch reach the name
servers one by one: a set is never empty meanwhile. Patches say only what differs, so that what nobody knows
stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field

from migrator.model.values import dataclass
from providers.cloudflare.bodies import Entry, Held

_ATTRIBUTES = frozenset({"ttl", "proxied", "comment", "tags", "settings"})


class OwnedError(Exception):
    """A record would have to be edited that another product owns."""

    def __init__(self, owner: str) -> None:
        super().__init__(owner)
        self.owner = owner


@dataclass(frozen=True, slots=True)
class Operations:
    """What to do to the records of one RRset."""

    deletes: tuple[Held, ...] = ()
    patches: tuple[tuple[Held, Mapping[str, object]], ...] = ()
    puts: tuple[tuple[Held, Entry], ...] = ()
    posts: tuple[Entry, ...] = field(default=())

    @property
    def size(self) -> int:
        """How many operations these are."""
        return len(self.deletes) + len(self.patches) + len(self.puts) + len(self.posts)

    @property
    def growth(self) -> int:
        """How many records more there are afterwards."""
        return len(self.posts) - len(self.deletes)


def operations(held: Sequence[Held], wanted: Sequence[Entry]) -> Operations:
    """Return what makes the one of the other; raises OwnedError where that touches what nobody may edit."""
    there: dict[bytes, list[Held]] = {}
    for record in held:
        there.setdefault(record.identity, []).append(record)
    patches: list[tuple[Held, Mapping[str, object]]] = []
    puts: list[tuple[Held, Entry]] = []
    missing: list[Entry] = []
    for entry in {entry.identity: entry for entry in wanted}.values():
        kept = there.pop(entry.identity, [])
        if not kept:
            missing.append(entry)
        for record in kept:
            _adjust(record, entry, patches, puts)
    spare = [record for records in there.values() for record in records]
    owned = next((record.owned_by for record in spare if record.owned_by), None)
    if owned:
        raise OwnedError(owned)
    replaced = list(zip(spare, missing, strict=False))
    return Operations(
        tuple(spare[len(replaced) :]), tuple(patches), (*puts, *replaced), tuple(missing[len(replaced) :])
    )


def _adjust(
    record: Held,
    entry: Entry,
    patches: list[tuple[Held, Mapping[str, object]]],
    puts: list[tuple[Held, Entry]],
) -> None:
    """Bring what stands beside the rdata of a record to what it shall be."""
    differing = {
        name
        for name in record.body.keys() | entry.body.keys()
        if record.body.get(name) != entry.body.get(name) and name not in _SPELLING
    }
    if not differing:
        return
    if record.owned_by:
        raise OwnedError(record.owned_by)
    # How a comment is taken away by a patch is not documented (2026-11-20); a put says everything.
    if differing <= _ATTRIBUTES and not ("comment" in differing and "comment" not in entry.body):
        patches.append((record, {name: _patched(name, record, entry) for name in sorted(differing)}))
    else:
        puts.append((record, entry))


# The rdata is the same: how it is spelt is no difference.
_SPELLING = frozenset({"type", "name", "content", "data", "priority"})


def _patched(name: str, record: Held, entry: Entry) -> object:
    if name == "tags":
        return entry.body.get(name, [])
    if name == "settings":
        old, new = record.body.get(name), entry.body.get(name)
        off = dict.fromkeys(old, False) if isinstance(old, Mapping) else {}
        return {**off, **(new if isinstance(new, Mapping) else {})}
    return entry.body[name]
