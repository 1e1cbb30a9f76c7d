"""What a zone has where: its owners, names that only stand above others, cuts, and who points at whom. No IO here.

`PlainIndex` looks into the RRsets of a snapshot. `CompactIndex` looks into their text, and makes RRsets only of
the owners that somebody asks for; the index of a zone's copy elsewhere is that of the zone but for what differs.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import compress, islice, repeat
from typing import Protocol

from dns.rdatatype import RdataType

from migrator.meaning.marks import Marks, covers_and_wildcards, marks_of, marks_of_all
from migrator.meaning.targets import targets_of
from migrator.model.blocktexts import BlockTexts
from migrator.model.compact import Below, CompactZone, key_of, labels_of
from migrator.model.names import folded
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot

Labels = tuple[bytes, ...]

# How often all names are looked through for those below one, before it pays to put them in order.
_OFTEN = 30
# Keys are in small letters, and end with a dot: no key has this in it.
_BETWEEN = b".Z"
_AT_ONCE = 1 << 15


class ZoneIndex(Protocol):
    """A zone by its names, each given as labels in small letters."""

    def at(self, labels: Labels) -> Sequence[RRset]:
        """Return the RRsets of an owner in canonical order."""

    def owns(self, labels: Labels) -> bool:
        """Tell whether the name owns records."""

    def exists(self, labels: Labels) -> bool:
        """Tell whether the name owns records, stands above one that does, or is the apex."""

    def may_be_covered_at(self, labels: Labels) -> bool:
        """Tell whether a delegation or DNAME may stand at the name or above it: false is certain."""

    def has_wildcards(self) -> bool:
        """Tell whether there is any wildcard."""

    def is_name_server(self, labels: Labels) -> bool:
        """Tell whether an NS record of the zone, its own or that of a cut, has this name."""

    def cover_at(self, labels: Labels) -> RRset | None:
        """Return the delegation, or rather the DNAME, that stands at this name, or None."""

    def below(self, labels: Labels) -> Iterator[RRset]:
        """Yield the RRsets of all names below this one, in canonical order."""

    def empty_non_terminals(self) -> Iterator[Labels]:
        """Yield the names that own nothing and stand above names that do, but for the apex."""


def index_of(snapshot: ZoneSnapshot) -> ZoneIndex:
    """Return an index of the snapshot."""
    return PlainIndex(snapshot) if snapshot.compact is None else CompactIndex(snapshot, snapshot.compact)


class PlainIndex:
    """The RRsets of a snapshot by owner."""

    def __init__(self, snapshot: ZoneSnapshot) -> None:
        """Index the RRsets, the names that exist, the cuts and the DNAMEs."""
        self._apex = folded(snapshot.origin)
        self._at: dict[Labels, list[RRset]] = {}
        self._covers: dict[Labels, RRset] = {}
        for rrset in snapshot.rrsets:
            labels = rrset.key.folded
            self._at.setdefault(labels, []).append(rrset)
            if is_cover(rrset, self._apex):
                self._covers[labels] = rrset
        self._wildcards = any(labels[0] == b"*" for labels in self._at)
        self._names = self._with_empty_non_terminals()

    def _with_empty_non_terminals(self) -> set[Labels]:
        names = {self._apex}
        for labels in self._at:
            above = labels
            while above not in names and len(above) > len(self._apex):
                names.add(above)
                above = above[1:]
        return names

    def at(self, labels: Labels) -> Sequence[RRset]:
        """Return the RRsets of an owner."""
        return self._at.get(labels, ())

    def owns(self, labels: Labels) -> bool:
        """Tell whether the name owns records."""
        return labels in self._at

    def exists(self, labels: Labels) -> bool:
        """Tell whether the name exists."""
        return labels in self._names

    def may_be_covered_at(self, _: Labels) -> bool:
        """Tell whether there is any cover."""
        return bool(self._covers)

    def has_wildcards(self) -> bool:
        """Tell whether there is any wildcard."""
        return self._wildcards

    def is_name_server(self, labels: Labels) -> bool:
        """Tell whether an NS record has this name."""
        return labels in self._name_servers

    @cached_property
    def _name_servers(self) -> set[Labels]:
        return {labels for rrsets in self._at.values() for labels in _name_servers_of(rrsets)}

    def cover_at(self, labels: Labels) -> RRset | None:
        """Return the cover at this name."""
        return self._covers.get(labels)

    def below(self, labels: Labels) -> Iterator[RRset]:
        """Yield the RRsets below: in the canonical order of names they follow the name at once."""
        reverse = labels[::-1]
        for place in range(bisect_left(self._ordered, (*reverse, b"")), len(self._ordered)):
            below = self._ordered[place]
            if below[: len(reverse)] != reverse:
                return
            yield from self._at[below[::-1]]

    @cached_property
    def _ordered(self) -> list[Labels]:
        return sorted(labels[::-1] for labels in self._at)

    def empty_non_terminals(self) -> Iterator[Labels]:
        """Yield the names that own nothing and exist."""
        return (labels for labels in self._names if labels not in self._at and labels != self._apex)


class CompactIndex:
    """A compact zone by owner.

    `copy_of` is the index of another zone with the same owners and records, but for the owners in `differing`.
    """

    def __init__(
        self,
        snapshot: ZoneSnapshot,
        zone: CompactZone,
        copy_of: "CompactIndex | None" = None,
        differing: frozenset[bytes] = frozenset(),
    ) -> None:
        """Index nothing yet: all is found when it is first asked for."""
        self.zone = zone
        self._apex = folded(snapshot.origin)
        self._apex_key = key_of(self._apex)
        self._copy_of = copy_of
        self._differing = differing
        self._asked_below = 0
        self._joined: dict[int, bytes] = {}

    def may_be_covered(self, key: bytes) -> bool:
        """Tell whether a cover stands at the name or above it: false is certain."""
        return key in self._covered

    def covered_among(self, keys: Iterable[bytes]) -> set[bytes]:
        """Return those of the names that `may_be_covered`."""
        return self._covered.among(keys) if self.covers else set()

    @cached_property
    def _covered(self) -> Below:
        return Below(self.covers)

    @cached_property
    def covers(self) -> AbstractSet[bytes]:
        """The keys of delegations and DNAMEs: the NS of the apex cover nothing."""
        found = self._covers_and_wildcards[0]
        return found if self.cover_at(self._apex) is not None else found - {self._apex_key}

    def branch_of(self, key: bytes) -> bytes:
        """Return the name right below the apex that is this one or above it; the apex for what is not below it."""
        branch = key
        while key not in {self._apex_key, b"."}:
            branch, key = key, above_of(key)
        return branch

    @cached_property
    def _covers_and_wildcards(self) -> tuple[AbstractSet[bytes], AbstractSet[bytes]]:
        """The keys of NS and DNAME, and of wildcards: most who look at a zone need no other marks."""
        texts = self.zone.texts
        if self._copy_of is None and isinstance(texts, BlockTexts):
            return covers_and_wildcards(self.zone, texts)
        return self.marks.covers, self.marks.wildcards

    @cached_property
    def marks(self) -> Marks:
        """What is found by a look at each owner's text."""
        if self._copy_of is None:
            return marks_of_all(self.zone)
        own = marks_of(self.zone, (key for key in self._differing if key in self.zone))
        return self._copy_of.marks.revised(self._differing, own)

    def at(self, labels: Labels) -> Sequence[RRset]:
        """Return the RRsets of an owner."""
        return self.zone.at(key_of(labels))

    def owns(self, labels: Labels) -> bool:
        """Tell whether the name owns records."""
        return key_of(labels) in self.zone

    def exists(self, labels: Labels) -> bool:
        """Tell whether the name exists."""
        key = key_of(labels)
        return key in self.zone or key == self._apex_key or key in self.empty

    def may_be_covered_at(self, labels: Labels) -> bool:
        """Tell whether a cover stands at the name or above it."""
        return bool(self.covers) and self.may_be_covered(key_of(labels))

    def has_wildcards(self) -> bool:
        """Tell whether there is any wildcard."""
        return bool(self._covers_and_wildcards[1])

    def is_name_server(self, labels: Labels) -> bool:
        """Tell whether an NS record has this name."""
        owners = self.marks.pointing_at(key_of(labels))
        return any(labels in _name_servers_of(self.zone.at(owner)) for owner in owners)

    def cover_at(self, labels: Labels) -> RRset | None:
        """Return the cover at this name: of both kinds the DNAME, which comes later."""
        key = key_of(labels)
        if key not in self._covers_and_wildcards[0]:
            return None
        covers = [rrset for rrset in self.zone.at(key) if is_cover(rrset, self._apex)]
        return covers[-1] if covers else None

    def below(self, labels: Labels) -> Iterator[RRset]:
        """Yield the RRsets below: they are looked for in all names, or where that is often asked, in order."""
        key = key_of(labels)
        self._asked_below += 1
        if key == b".":
            found: Iterator[bytes] = filter(key.__ne__, self.zone.owners())
        elif self._asked_below > _OFTEN:
            found = self._among_neighbours(b"%b." % key[::-1])
        else:
            found = self._in_all_names(b"." + key)
        for reverse in sorted(labels_of(key)[::-1] for key in found):
            if reverse[: len(labels)] == labels[::-1]:  # an escaped dot in a label ends alike too
                yield from self.zone.at(key_of(reverse[::-1]))

    def _in_all_names(self, end: bytes) -> Iterator[bytes]:
        names, ending = self._names_with_more_dots(end.count(b".") - 1), end + _BETWEEN
        place = names.find(ending)
        while place >= 0:
            yield names[names.rfind(_BETWEEN, 0, place) + len(_BETWEEN) : place + len(end)]
            place = names.find(ending, place + 1)

    def _names_with_more_dots(self, dots: int) -> bytes:
        """Return the keys that may stand below one with so many dots, which most names do not, in one text."""
        found = self._joined.get(dots)
        if found is None:
            owners = compress(
                self.zone.owners(), map(dots.__lt__, map(bytes.count, self.zone.owners(), repeat(b".")))
            )
            parts = [b""]
            # Joining takes several times the room of what is joined.
            while part := _BETWEEN.join(islice(owners, _AT_ONCE)):
                parts.append(part)
            found = self._joined[dots] = _BETWEEN.join([*parts, b""])
        return found

    def _among_neighbours(self, end: bytes) -> Iterator[bytes]:
        """Yield the keys that end so: they are neighbours when read backwards."""
        for place in range(bisect_left(self._backwards, end), len(self._backwards)):
            backwards = self._backwards[place]
            if not backwards.startswith(end):
                break
            yield backwards[::-1]

    @cached_property
    def _backwards(self) -> list[bytes]:
        return sorted(key[::-1] for key in self.zone.owners())

    def empty_non_terminals(self) -> Iterator[Labels]:
        """Yield the names that own nothing and exist."""
        return map(labels_of, self.empty)

    @cached_property
    def empty(self) -> set[bytes]:
        """The keys of the empty non-terminals."""
        if self._copy_of is None:
            return empty_above(self.zone, self.zone.owners(), self._apex_key)
        before = self._copy_of
        here = (key for key in self._differing if key in self.zone)
        gone = [key for key in self._differing if key not in self.zone]
        found = {key for key in before.empty if key not in self.zone} | empty_above(
            self.zone, here, self._apex_key
        )
        # Names above an owner that is gone may stand above others still.
        doubtful = empty_above(self.zone, iter(gone), self._apex_key) | set(gone)
        for key in doubtful:
            if any(True for _ in self.below(labels_of(key))):
                found.add(key)
            else:
                found.discard(key)
        return found


def is_cover(rrset: RRset, apex: Labels) -> bool:
    """Tell whether the RRset keeps the server from answering what is below it."""
    rdtype = rrset.key.rdtype
    return rdtype == RdataType.DNAME or (rdtype == RdataType.NS and rrset.key.folded != apex)


def _name_servers_of(rrsets: Iterable[RRset]) -> set[Labels]:
    """Return the names of all NS records among these."""
    of_servers = (rrset.rdatas for rrset in rrsets if rrset.rdtype == RdataType.NS)
    return {folded(target) for rdatas in of_servers for target in targets_of(rdatas)}


def empty_above(zone: CompactZone, owners: Iterator[bytes], apex: bytes) -> set[bytes]:
    """Return the names above these owners, below the apex, that own nothing."""
    found: set[bytes] = set()
    direct = apex.count(b".") + 1 if apex != b"." else 1
    for key in owners:
        if key.count(b".") <= direct:
            continue  # stands right below the apex
        above = above_of(key)
        while above not in found and above not in zone and len(above) > len(apex):
            found.add(above)
            above = above_of(above)
    return found


def above_of(key: bytes) -> bytes:
    """Return the key of the name above."""
    if b"\\" in key:
        return key_of(labels_of(key)[1:])
    return key[key.index(b".") + 1 :] or b"."
