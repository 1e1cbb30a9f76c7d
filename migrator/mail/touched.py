"""Which mail domains a few differences can touch at all: the mail of all others is the same. No IO here.

    example.org.        MX 10 mail.example.org.
    mail.example.org.   A 192.0.2.25              ; differs: touches mail.example.org., and so example.org.

What becomes of a domain's mail hangs on its own name, on names below it (selectors, `_dmarc`, `mta-sts`), on
the `_dmarc` of the domains above it, and on whatever these point at, and so on. From the names that differ the way
goes back: to all that points at them, and to the domains at or above those; to too many rather than too few.
"""

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import NamedTuple

from migrator.meaning.index import CompactIndex, above_of
from migrator.meaning.marks import Marks
from migrator.model.compact import Below

_DMARC = b"_dmarc."


class Touched(NamedTuple):
    """Keys of mail domains that may be touched, and of all names that may be answered otherwise or lead there."""

    domains: AbstractSet[bytes] = frozenset()
    names: AbstractSet[bytes] = frozenset()


def touched_domains(
    old: CompactIndex, new: CompactIndex, differing: Collection[bytes], domains: Collection[bytes]
) -> Touched:
    """Return what differences of these owners may touch."""
    if not differing:
        return Touched()
    marks = (old.marks, new.marks)
    tops = frozenset(_tops(old, new, differing))
    names = {*differing, *tops}
    if tops:
        pointed_at = chain(old.marks.targets(), new.marks.targets(old.marks))
        names |= Below(tops).among(chain(pointed_at, old.marks.selectors | new.marks.selectors, domains))
    _add_pointing(names, marks)
    found = {domain for name in names for domain in _up(name) if domain in domains}
    policies = {above_of(name) for name in names if name.startswith(_DMARC)}
    if policies:
        found |= Below(policies).among(domains)
    return Touched(found, names)


def _add_pointing(names: set[bytes], marks: tuple[Marks, ...]) -> None:
    """Add all names that lead to one of these; policies with macros may lead anywhere."""
    names.update(*(one.macros for one in marks))
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        for one in marks:
            for owner in (*one.pointing_at(name), *_host_of(name)):
                if owner not in names:
                    names.add(owner)
                    waiting.append(owner)


def _host_of(key: bytes) -> Iterator[bytes]:
    """Yield the mail server whose certificate is named at or below a name (`_25._tcp.mail`, `*._tcp.mail`)."""
    if key.startswith((b"_25._tcp.", b"_tcp.")):
        yield key.partition(b"_tcp.")[2]


def _tops(old: CompactIndex, new: CompactIndex, differing: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the names below which anything may be answered otherwise: by a wildcard, a cut or a DNAME.

    The apex is mostly none of them: SOA and NS differ between any two providers.
    """
    wildcards = bool(old.marks.wildcards or new.marks.wildcards)
    for key in differing:
        if key[:2] == b"*.":
            yield above_of(key)
        if key in old.covers or key in new.covers:
            yield key
        if wildcards and (key in old.zone) is not (key in new.zone):
            yield old.branch_of(key)  # what is new hides a wildcard, from the names above it too


def _up(key: bytes) -> Iterator[bytes]:
    """Yield the name and those above it, up to the root."""
    yield key
    while key != b".":
        key = above_of(key)
        yield key
