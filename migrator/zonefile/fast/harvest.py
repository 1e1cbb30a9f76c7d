"""What the fast lines gave: canonical text by owner, counted, and what must be judged in company. No IO here."""

from collections.abc import Collection, Iterator
from dataclasses import field
from functools import lru_cache
from typing import Protocol

from migrator.model.compact import headed, records_of, written_in
from migrator.model.rrset import BESIDE_CNAME
from migrator.model.values import dataclass
from migrator.zonefile.fast.ownttls import own_ttls_of

# A name as it was written, and what a block of it says.
Block = tuple[bytes, list[bytes]]


class Elsewhere(Collection[bytes], Protocol):
    """Owners whose records are taken in another form."""

    @property
    def rrsets(self) -> int:
        """How many RRsets they have."""

    @property
    def records(self) -> int:
        """How many records they have."""


@dataclass(slots=True)
class Harvest:
    """The owners whose lines were taken.

    `texts` are what they have; owners whose blocks spell their name in different letters are in `respelt`, block
    by block, for a set has the letters of its first record. `left` are owners that are left to the exact reader
    from the start; `everything` leaves all of them. `judged` are those of which it turned out too late that they
    should have been: the file must be read again. `apexes` are what was held for the apex. `elsewhere` has owners
    whose records are taken in another form.
    """

    left: frozenset[bytes] = frozenset()
    everything: bool = False
    texts: dict[bytes, bytes] = field(default_factory=dict)
    respelt: dict[bytes, list[Block]] = field(default_factory=dict)
    judged: set[bytes] = field(default_factory=set)
    apexes: set[bytes] = field(default_factory=set)
    elsewhere: "Elsewhere | None" = None
    _more_rrsets: int = 0
    _more_records: int = 0

    def __contains__(self, key: object) -> bool:
        """Tell whether the owner's lines were taken."""
        return key in self.texts or key in self.respelt or (self.elsewhere is not None and key in self.elsewhere)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the keys of the owners."""
        yield from self.texts
        yield from self.respelt
        if self.elsewhere is not None:
            yield from self.elsewhere

    def __len__(self) -> int:
        """Return the number of owners."""
        return len(self.texts) + len(self.respelt) + (0 if self.elsewhere is None else len(self.elsewhere))

    @property
    def rrsets(self) -> int:
        """How many RRsets were taken."""
        return len(self.texts) + self._more_rrsets + (0 if self.elsewhere is None else self.elsewhere.rrsets)

    @property
    def records(self) -> int:
        """How many records were taken."""
        return len(self.texts) + self._more_records + (0 if self.elsewhere is None else self.elsewhere.records)

    def take(self, key: bytes, name: bytes, records: list[bytes], shape: bytes) -> bool:
        """Take the block of an owner below the apex; false where its records have a defect in company.

        A record begins with its head, type and TTL; `shape` are the heads of all, in the order of the file.
        """
        if len(records) == 1:
            text = records[0]
        else:
            kinds = (len(records) < _MANY and _kinds_of_shape(shape)) or kinds_of(records)
            text = b"\n".join(sorted(records))
            if not kinds or len(text) > LARGEST:
                return False
            if key not in self.texts and key not in self.respelt:
                self._more_rrsets += kinds - 1
                self._more_records += len(records) - 1
        text = headed(key, name, text)
        if (self.respelt and key in self.respelt) or self.texts.setdefault(key, text) is not text:
            self._join(key, name, records)
        return True

    def give_back(self, key: bytes) -> bytes | None:
        """Return the text of an owner that was taken, and count it no longer; None where there is none."""
        text = self.texts.pop(key, None)
        if text is not None:
            records = records_of(text)
            self._more_rrsets -= kinds_of(records) - 1
            self._more_records -= len(records) - 1
        return text

    def _join(self, key: bytes, name: bytes, records: list[bytes]) -> None:
        """Add a block to those that the owner has already."""
        if key in self.judged:
            return
        blocks = (
            self.respelt[key]
            if key in self.respelt
            else [(written_in(key, self.texts[key]), records_of(self.texts[key]))]
        )
        before = [record for block in blocks for record in block[1]]
        together = before + records
        kinds = kinds_of(together)
        if not kinds or sum(map(len, together)) > LARGEST:
            self.judged.add(key)
            return
        self._more_rrsets += kinds - kinds_of(before)
        self._more_records += len(records)
        if len(blocks) == 1 and name == blocks[0][0]:
            self.texts[key] = headed(key, name, b"\n".join(sorted(together)))
            return
        if self.texts.pop(key, None) is not None:
            self._more_rrsets += 1
            self._more_records += 1
        self.respelt[key] = [*blocks, (name, records)]


# Records of one owner that hardly ever have types of their own each.
_MANY = 16


@lru_cache(maxsize=4096)
def _kinds_of_shape(shape: bytes) -> int:
    """Return what `kinds_of` does, where the heads alone tell it, since all types differ; else 0."""
    heads = shape.split()[::2]
    kinds = frozenset(heads)
    return len(kinds) if len(kinds) == len(heads) and b"CNAME" not in kinds else 0


# Octets of an owner's text: with fewer, no RRset comes near the size that no message can hold.
LARGEST = 1 << 14


def kinds_of(records: list[bytes]) -> int:
    """Count the types of records of one owner; 0 where they have a defect in company.

    The defects are a CNAME beside other data, two TTLs in a set, and records that are equal but for letter case,
    and so might be duplicates. Signatures have TTLs of their own each.
    """
    heads = {tuple(record.split(b" ", 2)[:2]) for record in records}
    kinds = {head[0] for head in heads}
    if len(kinds) != len(heads):
        own = own_ttls_of(records)
        if own is None:
            return 0
        records = own.with_one(records)
        heads = {tuple(record.split(b" ", 2)[:2]) for record in records}
        if len(kinds) != len(heads):
            return 0
    if b"CNAME" in kinds and len(records) > 1 and _is_cname_beside_others(records, kinds):
        return 0
    if len(kinds) != len(records) and len({record.lower() for record in records}) != len(records):
        return 0
    return len(kinds)


def _is_cname_beside_others(records: list[bytes], kinds: set[bytes]) -> bool:
    """Tell whether a CNAME has more beside it than what signs it (RFC 4035 section 2.5), or another CNAME."""
    return not kinds <= _BESIDE_CNAME or sum(record[:6] == b"CNAME " for record in records) > 1


_BESIDE_CNAME = frozenset(rdtype.name.encode() for rdtype in BESIDE_CNAME)
