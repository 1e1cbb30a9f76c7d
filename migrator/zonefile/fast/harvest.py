"""What the fast lines gave: canonical text by owner, counted, and what must be judged in company. No IO here."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Harvest:
    """The owners whose lines were taken.

    `left` are owners that are left to the exact reader from the start; `everything` leaves all of them. `judged` are those of which it turned out
    too late that they should have been: the file must be read again. `apexes` are what was held for the apex.
    """

    left: frozenset[bytes] = frozenset()
    everything: bool = False
    texts: dict[bytes, bytes] = field(default_factory=dict)
    judged: set[bytes] = field(default_factory=set)
    apexes: set[bytes] = field(default_factory=set)
    rrsets: int = 0
    records: int = 0

    def take(self, key: bytes, name: bytes, records: list[bytes]) -> bool:
        """Take the block of an owner below the apex; false where its records have a defect in company."""
        kinds = 1 if len(records) == 1 else _sorted_kinds(records)
        if not kinds:
            return False
        if key in self.texts:
            self._join(key, name, records)
            return True
        self.rrsets += kinds
        self.records += len(records)
        text = records[0] if len(records) == 1 else b"\n".join(records)
        self.texts[key] = text if name == key else b"=%b\n%b" % (name, text)
        return True

    def _join(self, key: bytes, name: bytes, records: list[bytes]) -> None:
        """Add a block to those that the owner has already."""
        before = self.texts[key].split(b"\n")
        first = before.pop(0)[1:] if before[0][:1] == b"=" else key
        together = before + records
        kinds = _sorted_kinds(together)
        if not kinds or name != first:
            self.judged.add(key)
            return
        self.rrsets += kinds - (1 if len(before) == 1 else _sorted_kinds(before))
        self.records += len(records)
        text = b"\n".join(together)
        self.texts[key] = text if name == key else b"=%b\n%b" % (name, text)


def _sorted_kinds(records: list[bytes]) -> int:
    """Sort records of one owner and count their types; 0 where they have a defect in company.

    Each begins with its type and TTL. The defects are a CNAME beside anything, two TTLs in a set, and records that
    are equal but for letter case, and so might be duplicates.
    """
    records.sort()
    heads = {tuple(record.split(b" ", 2)[:2]) for record in records}
    kinds = {head[0] for head in heads}
    if b"CNAME" in kinds or len(kinds) != len(heads):
        return 0
    if len(kinds) != len(records) and len({record.lower() for record in records}) != len(records):
        return 0
    return len(kinds)
