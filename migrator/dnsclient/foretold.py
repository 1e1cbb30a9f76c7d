r"""What is answered for owners that are kept as text (`model.compact`), foretold without an RRset. No IO here.

b"www.example.org."   b"A 300 192.0.2.1\nTXT 300 "v=spf1 -all""     two questions, and their answers in octets
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import overload

from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.dnsclient.expectation import Expectation, can_be_foretold, exactly_octets, fixed_of
from migrator.dnsclient.written import form_of
from migrator.model.compact import records_of, written_in
from migrator.model.values import dataclass
from migrator.zonefile.fast.wires import WireForm, wire_of_name

_AT_ONCE = 64
_LENGTHS = [bytes((length,)) for length in range(64)]


class Foretold(Sequence[Expectation]):
    """Expectations; those of texts are made when they are first asked for, while others are on their way."""

    def __init__(self, first: Iterable[Expectation], texts: Mapping[bytes, bytes], rrsets: int) -> None:
        """Begin with those that are made, then come those of the owners' texts, which are so many RRsets."""
        self._made = [*first]
        self._rest = foretold(texts.items())
        self._count = len(self._made) + rrsets

    def __len__(self) -> int:
        """Return how many there are, made or not."""
        return self._count

    @overload
    def __getitem__(self, place: int) -> Expectation: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Expectation]: ...
    def __getitem__(self, place: int | slice) -> Expectation | Sequence[Expectation]:
        """Return one, or some."""
        if not isinstance(place, int) or not 0 <= place < len(self._made):
            self._made += self._rest
        return self._made[place]

    def __iter__(self) -> Iterator[Expectation]:
        """Yield each; several may do so at once, each at its own pace."""
        place = 0
        while place < self._count:
            if place == len(self._made):
                self._made += islice(self._rest, _AT_ONCE)
            some = self._made[place : place + _AT_ONCE]
            assert some, "fewer than were counted"
            place += len(some)
            yield from some


def foretold(texts: Iterable[tuple[bytes, bytes]]) -> Iterator[Expectation]:
    """Yield what is answered for each type of each owner, in the order of the text, where a server has the same.

    What has no quick form is yielded as unforeseen.
    """
    octets, kinds = _Octets(), _Kinds()
    for key, text in texts:
        if b"\n" not in text:
            rdtype, ttl, rdata = text.split(b" ", 2)
            yield kinds[rdtype, ttl].of(octets.of(key), [rdata])
            continue
        name, kind, rdatas = octets.of(written_in(key, text)), None, []
        for record in records_of(text):
            rdtype, ttl, rdata = record.split(b" ", 2)
            found = kinds[rdtype, ttl]
            if kind is not None and kind.rdtype != found.rdtype:
                yield kind.of(name, rdatas)
                kind, rdatas = found, [rdata]
            else:
                kind = kind or found
                rdatas.append(rdata)
        if kind is not None:
            yield kind.of(name, rdatas)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type and a TTL, and what of questions and answers hangs on these alone."""

    rdtype: RdataType
    tail: bytes
    fixed: bytes
    form: WireForm | None

    def of(self, name: bytes, rdatas: list[bytes]) -> Expectation:
        """Return the question for a name, and what is answered; the name is in wire form, the rdatas are text."""
        section = name + self.tail
        if self.form is None:
            return Expectation(self.rdtype, section, b"")
        return exactly_octets(section, self.rdtype, self.fixed, [*map(self.form, rdatas)])


class _Kinds(dict[tuple[bytes, bytes], _Kind]):
    """By type and TTL, as they are written."""

    def __missing__(self, written: tuple[bytes, bytes]) -> _Kind:
        rdtype = RdataType.from_text(written[0].decode("ascii"))
        tail = rdtype.to_bytes(2, "big") + RdataClass.IN.to_bytes(2, "big")
        form = form_of(rdtype) if can_be_foretold(rdtype) else None
        found = self[written] = _Kind(rdtype, tail, fixed_of(rdtype, int(written[1])), form)
        return found


class _Octets(dict[bytes, bytes]):
    """Names in wire form, of which those that stand above others are remembered."""

    def of(self, name: bytes) -> bytes:
        """Return the wire form of a name, which is text in the letters that it is to have."""
        dot = name.find(b".")
        if 0 < dot < len(name) - 1:
            return _LENGTHS[dot] + name[:dot] + self[name[dot + 1 :]]
        return wire_of_name(name)

    def __missing__(self, name: bytes) -> bytes:
        found = self[name] = self.of(name)
        return found
