r"""RRsets kept as text, by owner, until somebody looks at them. No IO here.

A zone of a million records is a million small objects several times over, of which a comparison looks at a few
thousand. A `CompactZone` keeps what a name owns as one piece of canonical text and makes RRsets of it on demand:

    b"www.example.org."   b"A 300 192.0.2.1\nAAAA 300 2001:db8::1"

Records are in order, names in them absolute, addresses in their one canonical form, so that equal text means equal
RRsets to the letter; where the owner is not written in small letters, a line `=Www.example.org.` stands before
them. All of it is printable ASCII; what TXT records say has its escapes in one spelling (`strings`), and nothing
else is escaped. Each set is of one type and has one TTL, but for signatures (RRSIG), which have those of what they
sign; a CNAME stands alone, but for what signs it; and no set is too large for a message. Owners with anything
unusual are kept as RRsets, in `objects`.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field
from functools import cached_property
from itertools import chain, compress, repeat
from typing import Protocol

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.blocktexts import BlockTexts
from migrator.model.names import name_of_labels
from migrator.model.rdatas import SIGNING_TYPES
from migrator.model.rrset import RRset, canonical_order
from migrator.model.values import dataclass

Labels = tuple[bytes, ...]


class Builder(Protocol):
    """Makes of an owner's text what somebody wants to see of it."""

    def rrsets_of(self, key: bytes, text: bytes) -> tuple[RRset, ...]:
        """Return the RRsets, in canonical order."""

    def digest_lines_of(self, key: bytes, text: bytes) -> list[str]:
        """Return the lines that the digest of a zone is made of, as for these RRsets."""


@dataclass(frozen=True, slots=True, eq=False)
class CompactZone:
    """What each owner has; `texts` and `objects` have none in common. `build` makes RRsets of an owner's text."""

    texts: Mapping[bytes, bytes]
    objects: Mapping[bytes, tuple[RRset, ...]]
    rrsets: int
    records: int
    builder: Builder
    _made: dict[bytes, tuple[RRset, ...]] = field(default_factory=dict, init=False, repr=False)

    def at(self, key: bytes) -> tuple[RRset, ...]:
        """Return the RRsets of an owner in canonical order."""
        found = self._made.get(key)
        if found is None:
            text = self.texts.get(key)
            found = self.objects.get(key, ()) if text is None else self.builder.rrsets_of(key, text)
            self._made[key] = found
        return found

    def signing_at(self, key: bytes) -> tuple[RRset, ...]:
        """Return those RRsets of an owner kept as text that sign the zone."""
        signing = parted(self.texts[key])[1] if key in self.texts else b""
        return self.builder.rrsets_of(key, signing) if signing else ()

    def made(self) -> frozenset[bytes]:
        """Return the owners of whose text RRsets were made."""
        return frozenset(self._made.keys() & self.texts.keys())

    def written(self, key: bytes) -> bytes | None:
        """Return an owner's name as it was written, all its RRsets have the same; None for those in `objects`."""
        texts = self.texts
        if isinstance(texts, BlockTexts):
            found = texts.written(key)
            if found is not None:
                return found
            texts = texts.plain
        text = texts.get(key)
        return None if text is None else written_in(key, text)

    def changed(self, owners: Mapping[bytes, Sequence[RRset]]) -> "CompactZone":
        """Return the zone with these RRsets at these owners instead of what they have; none removes an owner."""
        if not owners:
            return self
        texts, objects = dict(self.texts), dict(self.objects)
        rrsets, records = self.rrsets, self.records
        for key, found in owners.items():
            before = self.at(key)
            rrsets += len(found) - len(before)
            records += sum(len(rrset.rdatas) for rrset in found) - sum(len(rrset.rdatas) for rrset in before)
            texts.pop(key, None)
            objects.pop(key, None)
            if found:
                objects[key] = tuple(sorted(found, key=lambda rrset: canonical_order(rrset.key)))
        return CompactZone(texts, objects, rrsets, records, self.builder)

    def __contains__(self, key: bytes) -> bool:
        """Tell whether the name owns records."""
        return key in self.texts or key in self.objects

    def owners(self) -> Iterator[bytes]:
        """Return the keys of all owners, in no order."""
        return chain(self.texts, self.objects)

    def ordered(self) -> list[bytes]:
        """Return the keys of all owners in canonical order (RFC 4034 section 6.1)."""
        return in_canonical_order([*self.owners()])

    def digest_lines(self, of_rrset: Callable[[RRset], Iterator[str]]) -> Iterator[str]:
        """Yield the lines of all owners in canonical order; `of_rrset` gives those of an RRset."""
        texts, objects = self.texts, self.objects
        for key in self.ordered():
            text = texts.get(key)
            if text is None:
                for rrset in objects[key]:
                    yield from of_rrset(rrset)
            else:
                yield from self.builder.digest_lines_of(key, text)

    def all(self) -> tuple[RRset, ...]:
        """Return every RRset in canonical order."""
        found = [rrset for key, text in self.texts.items() for rrset in self.builder.rrsets_of(key, text)]
        found.extend(rrset for rrsets in self.objects.values() for rrset in rrsets)
        found.sort(key=lambda rrset: canonical_order(rrset.key))
        return tuple(found)


class Overlay(Mapping[bytes, bytes]):
    """The texts of a zone's copy: those of the zone itself, but for what is changed and what is gone."""

    __slots__ = ("_added", "base", "changed", "gone")

    def __init__(
        self, base: Mapping[bytes, bytes], changed: Mapping[bytes, bytes], gone: Collection[bytes]
    ) -> None:
        """Lay the changed texts over the base; `changed` has none that is the same in the base."""
        self.base = base
        self.changed = changed
        self.gone = gone
        self._added = sum(key not in base for key in changed)

    def __getitem__(self, key: bytes) -> bytes:
        """Return the text of an owner."""
        text = self.changed.get(key)
        if text is not None:
            return text
        if key in self.gone:
            raise KeyError(key)
        return self.base[key]

    def __iter__(self) -> Iterator[bytes]:
        """Yield the owners."""
        yield from (key for key in self.base if key not in self.gone and key not in self.changed)
        yield from self.changed

    def __len__(self) -> int:
        """Return the number of owners."""
        return len(self.base) - len(self.gone) + self._added


def overlay(base: Mapping[bytes, bytes], parts: Iterable[Mapping[bytes, bytes]]) -> Overlay:
    """Return the texts that the parts make up, and keep nothing of them that the base has."""
    gone = set(base)
    changed = {}
    for part in parts:
        gone.difference_update(part)
        changed.update({key: text for key, text in part.items() if base.get(key) != text})
    return Overlay(base, changed, frozenset(gone))


class Below(Container[bytes]):
    """The names that stand at one of these or below it; what stands above many names is looked at once."""

    def __init__(self, keys: AbstractSet[bytes]) -> None:
        """Look for these names."""
        self._keys = keys
        self._known = _Known(self, root=b"." in keys)

    def __contains__(self, key: object) -> bool:
        """Tell whether a name is one of them."""
        assert isinstance(key, bytes)
        return key in self._keys or self._known[key[key.find(b".") + 1 :]]

    def among(self, keys: Iterable[bytes]) -> set[bytes]:
        """Return those of the names that are."""
        keys = [*keys]
        return {*filter(self._keys.__contains__, keys)} | self.beneath(keys)

    def beneath(self, keys: Iterable[bytes]) -> set[bytes]:
        """Return those of the names that stand below one of these, not only at one."""
        if b"." in self._keys:
            return {key for key in keys if key != b"."}
        by_depth = self._by_depth
        if not by_depth:
            return set()
        # A name with no more dots than any of these stands below none of them.
        keys = [*keys]
        deep = [*compress(keys, map(min(by_depth).__lt__, map(bytes.count, keys, repeat(b"."))))]
        if len(by_depth) > _MANY_DEPTHS:
            known = self._known
            return {key for key in deep if known[key[key.find(b".") + 1 :]]}
        return {
            key
            for dots, tops in by_depth.items()
            for key in deep
            if (more := key.count(b".") - dots) > 0 and key.split(b".", more)[more] in tops
        }

    @cached_property
    def _by_depth(self) -> dict[int, set[bytes]]:
        """The names by how many dots they have."""
        found: dict[int, set[bytes]] = {}
        for key in self._keys:
            found.setdefault(key.count(b"."), set()).add(key)
        return found


class _Known(dict[bytes, bool]):
    """Whether names that stand above others are among those of `Below`."""

    def __init__(self, below: Below, *, root: bool) -> None:
        super().__init__({b"": root})
        self._below = below

    def __missing__(self, key: bytes) -> bool:
        found = self[key] = key in self._below
        return found


def key_of(labels: Labels) -> bytes:
    """Return the key of an owner: its labels in small letters, joined by dots and with the final one.

    A dot or a backslash within a label is escaped, so that no two names share a key.
    """
    key = b".".join(labels)
    if key.count(b".") != len(labels) - 1 or b"\\" in key:
        key = b".".join([label.replace(b"\\", b"\\\\").replace(b".", b"\\.") for label in labels])
    return key.lower() or b"."


def labels_of(key: bytes) -> Labels:
    """Return the labels that a key stands for."""
    if key == b".":
        return (b"",)
    if b"\\" not in key:
        return tuple(key.split(b"."))
    labels, label, octets = [], bytearray(), iter(key)
    for octet in octets:
        if octet == _BACKSLASH:
            label.append(next(octets))
        elif octet == _DOT:
            labels.append(bytes(label))
            label.clear()
        else:
            label.append(octet)
    return (*labels, bytes(label))


def headed(key: bytes, written: bytes, records: bytes) -> bytes:
    """Return the text of an owner by its name as it was written, and its records."""
    return records if written == key else b"=%b\n%b" % (written, records)


def written_in(key: bytes, text: bytes) -> bytes:
    """Return an owner's name as it was written."""
    return text[1 : text.index(b"\n")] if text[:1] == b"=" else key


def records_of(text: bytes) -> list[bytes]:
    """Return the records of an owner's text."""
    return text.split(b"\n")[text[:1] == b"=" :]


def types_of(text: bytes) -> tuple[RdataType, ...]:
    """Return the type of each record of an owner's text."""
    return tuple([RdataType[record[: record.index(b" ")].decode("ascii")] for record in records_of(text)])


def parted(text: bytes) -> tuple[bytes, bytes]:
    """Return the text of an owner without what signs the zone, and with that alone; nothing for none."""
    if b"RRSIG " not in text and b"NSEC" not in text:
        return text, b""
    written = text[: text.index(b"\n") + 1] if text[:1] == b"=" else b""
    signing: list[bytes] = []
    others: list[bytes] = []
    for record in records_of(text):
        (signing if record.startswith(_SIGNING) else others).append(record)
    if not signing:
        return text, b""
    return written + b"\n".join(others) if others else b"", written + b"\n".join(signing)


_SIGNING = tuple(f"{rdtype.name} ".encode() for rdtype in sorted(SIGNING_TYPES))


def in_canonical_order(keys: Collection[bytes]) -> list[bytes]:
    """Return keys of owners in the canonical order of names (RFC 4034 section 6.1)."""
    if any(b"\\" in key or b"\0" in key for key in keys):
        return sorted(keys, key=lambda key: labels_of(key)[::-1])
    # One text that has its labels apart by what is in none of them is compared in a third of the time.
    return sorted(keys, key=lambda key: b"\0".join(key.split(b".")[::-1]))


def name_of(text: bytes) -> Name:
    """Return the absolute name of a plain text."""
    return name_of_labels(labels_of(text))


_BACKSLASH, _DOT = 0x5C, 0x2E
# Looking for each depth by itself takes longer than going up name by name.
_MANY_DEPTHS = 3
