"""SPF terms whose name is another one for each mail (`exists:%{i}._spf.example.org`). No IO here.

    @              TXT  "v=spf1 exists:%{i}._spf.%{d} -all"
    *.2.0.192._spf A    127.0.0.2      ; is gone: mail from 192.0.2.1 fails

Who sends decides what is asked for (RFC 7208 section 7), so nobody can say here what becomes of mail. Where
nothing differs of all that is found below the end of the name, `_spf.example.org`, the mail is the same; else
it is unknown. A name without an end of its own (`a:%{h}`) may be any in the zone.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.dependencies import dependency_effects
from migrator.mail.exchanges import addresses, exchanges
from migrator.mail.leanings import staying_terms
from migrator.mail.policies import open_end
from migrator.mail.senders import policies
from migrator.meaning.served import ADDRESS_TYPES, ServedZone, Sides
from migrator.model.compact import labels_of
from migrator.model.names import below, folded, for_people, is_within
from migrator.model.rrset import canonical_wire
from migrator.model.values import dataclass

# What is asked for, by the name of the term.
_TYPES = {
    "a": ADDRESS_TYPES,
    "exists": (RdataType.A,),
    "include": (RdataType.TXT,),
    "mx": (RdataType.MX, *ADDRESS_TYPES),
    "redirect": (RdataType.TXT,),
}


class Undecided:
    """Finds terms whose name the sender decides, where what they may lead to differs between the sides."""

    def __init__(self, sides: Sides, names: Callable[[], Iterable[bytes]]) -> None:
        """Look into these sides; `names` gives the keys of all owners that may be answered otherwise."""
        self._sides = sides
        self._names = names
        self._known: dict[tuple[tuple[bytes, ...], str], bool] = {}

    def terms(self, domain: Name) -> Iterator[str]:
        """Yield such terms of the SPF of a domain, in words."""
        for policy, terms, _through in staying_terms(self._sides, domain):
            for each in _open_terms(terms, self._sides.new):
                if self._differs(each.end, each.kind):
                    of = "" if folded(policy) == folded(domain) else f" of {for_people(policy)}"
                    yield (
                        f"SPF by {each.text.removeprefix('+')}{of} (another name for each mail; what is found "
                        f"below {for_people(each.end)} differs)"
                    )

    def _differs(self, end: Name, kind: str) -> bool:
        """Tell whether any name below one is answered otherwise, as far as a kind of term asks."""
        key = (folded(end), kind)
        if key not in self._known:
            self._known[key] = False  # for a policy below that leads here again
            self._known[key] = self._looks_otherwise(end, kind)
        return self._known[key]

    def _looks_otherwise(self, end: Name, kind: str) -> bool:
        old, new = self._sides.old, self._sides.new
        probe = below(end, b"*")  # answered as any name is that is not there
        if probe is None:
            return False
        if self._is_unlike(probe, kind):
            return True
        is_wild = any(zone.owns(probe) or zone.wildcard(probe) is not None for zone in (old, new))
        return any(
            self._is_unlike(name, kind) or (is_wild and old.owns(name) is not new.owns(name))
            for name in self._below(end)
            if folded(name) != folded(probe)
        )

    def _is_unlike(self, name: Name, kind: str) -> bool:
        sides = self._sides
        if not sides.is_known_behind(name, *_TYPES[kind]):
            return True
        if _found(sides.old, name, kind) != _found(sides.new, name, kind):
            return True
        if kind not in {"include", "redirect"} or not policies(sides.new, name):
            return False
        return any(dependency_effects(sides, name)) or any(self.terms(name))

    def _below(self, end: Name) -> Iterator[Name]:
        """Yield the owners below a name that may be answered otherwise."""
        top = folded(end)[::-1]
        for place in range(bisect_left(self._ordered, (*top, b"")), len(self._ordered)):
            labels = self._ordered[place]
            if labels[: len(top)] != top:
                return
            yield Name(labels[::-1])

    @cached_property
    def _ordered(self) -> list[tuple[bytes, ...]]:
        return sorted(labels_of(key)[::-1] for key in self._names())


@dataclass(frozen=True, slots=True)
class _Open:
    """A term whose name the sender decides, and the end of that name which is the same for all."""

    text: str
    kind: str
    end: Name


def _open_terms(terms: Iterable[str], zone: ServedZone) -> Iterator[_Open]:
    for term in terms:
        kind = term.lstrip("+?~-").replace("=", ":", 1).partition(":")[0]
        if kind in _TYPES and "%{" in term:
            end = open_end(term)
            if is_within(zone.origin, end):
                yield _Open(term, kind, zone.origin)
            elif zone.within(end):
                yield _Open(term, kind, end)


def _found(zone: ServedZone, name: Name, kind: str) -> tuple[object, ...]:
    """Return what a term of a kind finds at a name, and of what is found elsewhere where that is."""
    elsewhere = tuple(_elsewhere(zone, name, rdtype) for rdtype in _TYPES[kind])
    match kind:
        case "a":
            return *elsewhere, zone.is_proxied(name), addresses(zone, name)
        case "mx":
            hosts = exchanges(zone, name)
            return *elsewhere, frozenset((host, addresses(zone, host), zone.reach(host)) for host in hosts)
        case "exists":
            return *elsewhere, any(rrset.rdtype == RdataType.A for rrset in zone.followed(name, RdataType.A))
        case _:
            return *elsewhere, policies(zone, name)


def _elsewhere(zone: ServedZone, name: Name, rdtype: RdataType) -> tuple[object, ...]:
    """Return the name of which another zone decides, and the delegation or DNAME that says so."""
    left_to = zone.left_to(name, rdtype)
    if left_to is None:
        return ()
    cover = zone.cover(left_to, rdtype)
    if cover is None:
        return (folded(left_to),)
    return folded(left_to), cover.rdtype, frozenset(map(canonical_wire, cover.rdatas))
