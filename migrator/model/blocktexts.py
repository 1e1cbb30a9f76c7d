r"""Texts of a compact zone, most of them still the lines of their file until somebody looks at them. No IO here.

    b"host24.example.org."    b"host24  IN  A    192.0.2.241\n        IN  MX   10 mail.host24\n"

What a comparison wants to know of all owners, who points where, is noted beside them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import chain, compress
from operator import is_not
from typing import NamedTuple

from migrator.model.values import dataclass

_SELECTOR = b"._domainkey."
# What stands between the owner of a line and its type: a TTL and a class, in either order.
BEFORE_TYPE = rb"(?:[0-9]+[smhdwSMHDW]?[ \t]+|[Ii][Nn][ \t]+)*"


def is_selector(key: bytes) -> bool:
    """Tell whether an owner is one that a verifier of DKIM may look at."""
    return _SELECTOR in b"." + key


@dataclass(frozen=True, slots=True)
class Pairs:
    """Keys of owners, and what each has: the key of the name that it points at, or the rdata of its TXT record."""

    owners: list[bytes] = field(default_factory=list)
    values: list[bytes] = field(default_factory=list)

    def add(self, owners: Sequence[bytes], values: Sequence[bytes]) -> None:
        """Add owners and their values."""
        self.owners.extend(owners)
        self.values.extend(values)

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield each owner with its value."""
        return zip(self.owners, self.values, strict=True)


@dataclass(frozen=True, slots=True)
class Noted:
    """What is known of blocks without reading them.

    At most one record of each of these types has an owner, but for sets of NS, SRV, MX and TXT. `selectors` are
    the owners of TXT or NS that a verifier of DKIM looks at, `aliases` those of a CNAME.
    """

    cname: Pairs = field(default_factory=Pairs)
    ns: Pairs = field(default_factory=Pairs)
    srv: Pairs = field(default_factory=Pairs)
    mx: Pairs = field(default_factory=Pairs)
    text: Pairs = field(default_factory=Pairs)
    selectors: list[bytes] = field(default_factory=list)
    aliases: list[bytes] = field(default_factory=list)
    wildcards: list[bytes] = field(default_factory=list)

    def pairs(self) -> tuple[Pairs, ...]:
        """Return all pairs, type by type."""
        return (self.cname, self.ns, self.srv, self.mx, self.text)

    def owners(self) -> tuple[list[bytes], ...]:
        """Return all that is noted of owners alone."""
        return (self.selectors, self.aliases, self.wildcards)

    def add(self, other: "Noted") -> None:
        """Add what is noted of other blocks."""
        for own, more in zip(self.pairs(), other.pairs(), strict=True):
            own.add(more.owners, more.values)
        for here, there in zip(self.owners(), other.owners(), strict=True):
            here.extend(there)


class BlockTexts(Mapping[bytes, bytes]):
    """The texts of all owners: some are `plain`, of the others there are `blocks`, and what is `noted` of them."""

    __slots__ = ("_canonical", "_pointing", "_written", "blocks", "noted", "plain")

    def __init__(
        self,
        plain: Mapping[bytes, bytes],
        blocks: Mapping[bytes, bytes],
        noted: Noted,
        canonical: Callable[[bytes, bytes], bytes],
        written: Callable[[bytes, bytes], bytes],
    ) -> None:
        """Take texts and blocks, which have no owner in common.

        Of an owner's key and block, `canonical` makes its text, and `written` its name as it was written.
        """
        self.plain = plain
        self.blocks = blocks
        self.noted = noted
        self._canonical = canonical
        self._written = written
        self._pointing: Pointing | None = None

    def pointing(self) -> "Pointing":
        """Return who of the blocks points where; it is made once."""
        if self._pointing is None:
            self._pointing = _pointing_of(self.noted)
        return self._pointing

    def __getitem__(self, key: bytes) -> bytes:
        """Return the text of an owner."""
        block = self.blocks.get(key)
        return self.plain[key] if block is None else self._canonical(key, block)

    def written(self, key: bytes) -> bytes | None:
        """Return the name of a block's owner as it was written; None for any other."""
        block = self.blocks.get(key)
        return None if block is None else self._written(key, block)

    def __contains__(self, key: object) -> bool:
        """Tell whether the owner is there."""
        return key in self.blocks or key in self.plain

    def __iter__(self) -> Iterator[bytes]:
        """Yield the owners."""
        return chain(self.plain, self.blocks)

    def __len__(self) -> int:
        """Return the number of owners."""
        return len(self.plain) + len(self.blocks)


class Pointing(NamedTuple):
    """By the key of a name, the `last` of the owners that point at it, and the `others`, most often none."""

    last: dict[bytes, bytes]
    others: dict[bytes, list[bytes]]


def _pointing_of(noted: Noted) -> Pointing:
    kinds = (noted.cname, noted.ns, noted.srv, noted.mx)
    owners = [*chain.from_iterable(pairs.owners for pairs in kinds)]
    targets = [*chain.from_iterable(pairs.values for pairs in kinds)]
    last = dict(zip(targets, owners, strict=True))
    others: dict[bytes, list[bytes]] = {}
    before = map(is_not, map(last.__getitem__, targets), owners)
    for target, owner in compress(zip(targets, owners, strict=True), before):
        others.setdefault(target, []).append(owner)
    return Pointing(last, others)
