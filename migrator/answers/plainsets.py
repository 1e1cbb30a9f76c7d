"""The RRsets that a server answers to their own name and type: made, or text of a compact zone. No IO here."""

from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import cache

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.compact import CompactZone, key_of, name_of, types_of, written_in
from migrator.model.rrset import RRset, canonical_order
from migrator.model.values import dataclass

Labels = tuple[bytes, ...]
Wanted = tuple[Labels, RdataType]


@dataclass(slots=True)
class PlainSets:
    """The plain RRsets by name and type, several where they are routed; those that are text are made on demand.

    `made` are RRsets; `texts` are those of owners of `compact` that nobody has looked at, without what signs them,
    so many `rrsets`. A name is in one of both.
    """

    compact: CompactZone | None = None
    made: dict[Wanted, list[RRset]] = field(default_factory=dict)
    texts: dict[bytes, bytes] = field(default_factory=dict)
    rrsets: int = 0

    def __contains__(self, wanted: Wanted) -> bool:
        """Tell whether there is any of this name and type."""
        return wanted in self.made or self.is_text(wanted)

    def is_text(self, wanted: Wanted) -> bool:
        """Tell whether there is one of this name and type that is text."""
        labels, rdtype = wanted
        text = self.texts.get(key_of(labels)) if self.texts else None
        return text is not None and has_type(text, rdtype)

    def __getitem__(self, wanted: Wanted) -> Sequence[RRset]:
        """Return those of a name and type; none where there are none."""
        if not self.is_text(wanted):
            return self.made.get(wanted, ())
        assert self.compact is not None
        labels, rdtype = wanted
        return [rrset for rrset in self.compact.at(key_of(labels)) if rrset.rdtype == rdtype]

    def types_at(self, labels: Labels) -> list[RdataType]:
        """Return the types of a name's sets that are text."""
        text = self.texts.get(key_of(labels)) if self.texts else None
        return [] if text is None else [*dict.fromkeys(types_of(text))]

    def asked(self) -> Iterator[tuple[Name, RdataType]]:
        """Yield the names and types of the sets that are text."""
        for key, text in self.texts.items():
            owner = name_of(written_in(key, text))
            for rdtype in dict.fromkeys(types_of(text)):
                yield owner, rdtype

    def all(self) -> list[RRset]:
        """Return every one, in canonical order."""
        found = [rrset for rrsets in self.made.values() for rrset in rrsets]
        if self.texts:
            assert self.compact is not None
            found += [
                rrset
                for key, text in self.texts.items()
                for rrset in self.compact.at(key)
                if has_type(text, rrset.rdtype)
            ]
            found.sort(key=lambda rrset: canonical_order(rrset.key))
        return found


def has_type(text: bytes, rdtype: RdataType) -> bool:
    """Tell whether an owner's text has records of this type."""
    begin = _begin_of(rdtype)
    return text.startswith(begin) or b"\n" + begin in text


@cache
def _begin_of(rdtype: RdataType) -> bytes:
    return b"%b " % rdtype.name.encode()
