"""The RRsets that a server answers to their own name and type: made, or text of a compact zone. No IO here."""

from collections.abc import Sequence
from dataclasses import field

from dns.rdatatype import RdataType

from migrator.model.compact import CompactZone, key_of
from migrator.model.rrset import RRset, canonical_order
from migrator.model.values import dataclass

Labels = tuple[bytes, ...]
Wanted = tuple[Labels, RdataType]


@dataclass(slots=True)
class Written:
    """The text of an RRset that is kept as text: its TTL, and the rdatas in canonical order of the text."""

    ttl: int
    rdatas: list[bytes]


@dataclass(slots=True)
class PlainSets:
    """The plain RRsets by name and type, several where they are routed; those that are text are made on demand.

    `made` are RRsets, `written` those of `compact` that nobody has looked at; a name and type is in one of both.
    """

    compact: CompactZone | None = None
    made: dict[Wanted, list[RRset]] = field(default_factory=dict)
    written: dict[Wanted, Written] = field(default_factory=dict)

    def __contains__(self, wanted: Wanted) -> bool:
        """Tell whether there is any of this name and type."""
        return wanted in self.made or wanted in self.written

    def __getitem__(self, wanted: Wanted) -> Sequence[RRset]:
        """Return those of a name and type; none where there are none."""
        if wanted not in self.written:
            return self.made.get(wanted, ())
        assert self.compact is not None
        labels, rdtype = wanted
        return [rrset for rrset in self.compact.at(key_of(labels)) if rrset.rdtype == rdtype]

    def all(self) -> list[RRset]:
        """Return every one, in canonical order."""
        found = [rrset for wanted in (*self.made, *self.written) for rrset in self[wanted]]
        return sorted(found, key=lambda rrset: canonical_order(rrset.key)) if self.written else found


class _RdataTypes(dict[bytes, RdataType]):
    def __missing__(self, text: bytes) -> RdataType:
        found = self[text] = RdataType.from_text(text.decode("ascii"))
        return found


RDATATYPES = _RdataTypes()
