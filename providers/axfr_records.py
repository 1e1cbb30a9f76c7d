"""The records of a transfer by owner: ordinary ones as text, so that a large zone is no million objects. No IO.

A server sends what a name owns in one block. A block of ordinary records is one piece of text in a `CompactZone`;
one with anything else in it (a type without a plain form, two TTLs in a set, a CNAME beside other data), the apex,
and what lies outside the zone become objects, of which `assemble` says what is wrong.
"""

from collections.abc import Callable, Iterable

from dns.name import Name

from migrator.interfaces import PlainRecord
from migrator.model.compact import key_of
from migrator.model.names import folded
from migrator.model.rrset import Record
from migrator.zonefile.fast.building import Builder
from migrator.zonefile.fast.harvest import Harvest


class Gathering:
    """What a transfer has brought: `harvest` has the ordinary owners, `records` all others as objects."""

    def __init__(self, origin: Name, record_of: Callable[[PlainRecord], Record]) -> None:
        """Begin with nothing; `record_of` makes objects of ordinary records."""
        self.harvest = Harvest()
        self.records: list[Record] = []
        self.count = 0
        self._apex = key_of(folded(origin))
        self._below_apex = self._apex if self._apex == b"." else b"." + self._apex
        self._left = {self._apex}
        self._record_of = record_of
        self._name = b""
        self._block: list[PlainRecord] = []

    def take(self, found: Iterable[PlainRecord | Record]) -> None:
        """Take records in the order of the transfer."""
        for record in found:
            self.count += 1
            if isinstance(record, tuple):
                if record[0] == self._name:
                    self._block.append(record)
                    continue
                if self._block:
                    self.end_block()
                self._name, self._block = record[0], [record]
            else:
                self._leave(key_of(folded(record.owner)))
                self.records.append(record)

    def end_block(self) -> None:
        """Take the block of the last name, which is whole."""
        name, block = self._name, self._block
        self._name, self._block = b"", []
        if not block:
            return
        key = name.lower()
        if key not in self._left and key.endswith(self._below_apex):
            first = block[0]
            if len(block) == 1:
                records, shape = [first[2]], first[1]
            else:
                records, shape = [each[2] for each in block], b"".join([each[1] for each in block])
            if key not in self.harvest.texts and self.harvest.take(key, name, records, shape):
                return
            self._leave(key)
        self.records += map(self._record_of, block)

    def _leave(self, key: bytes) -> None:
        """Have what was taken of an owner as objects, and all that follows of it."""
        if self._name.lower() == key:
            self._left.add(key)
            self.end_block()
        elif self._block:
            self.end_block()
        self._left.add(key)
        text = self.harvest.give_back(key)
        if text is not None:
            self.records += [
                Record(rrset.owner, rrset.ttl or 0, rdata)
                for rrset in Builder().rrsets_of(key, text)
                for rdata in rrset.rdatas
            ]
