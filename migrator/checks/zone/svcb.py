"""HTTPS and SVCB records: their two modes, their parameters, the addresses that they hint at. No IO here."""

from collections.abc import Iterator
from typing import Any

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.svcbbase import ParamKey, SVCBBase

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Noted, Point, Problem
from migrator.checks.zone.rules import PLANNING, zone_points
from migrator.codec.rdata import to_text
from migrator.diff.wording import MOST_SHOWN, named
from migrator.meaning.served import ServedZone
from migrator.model.finding import Severity
from migrator.model.names import ROOT, folded, for_people
from migrator.model.rrset import RRset, is_alias
from migrator.model.zone import subject_of

_TYPES = frozenset({RdataType.SVCB, RdataType.HTTPS})
_Labels = tuple[bytes, ...]
_HINTS = {RdataType.A: ParamKey.IPV4HINT, RdataType.AAAA: ParamKey.IPV6HINT}


@check(
    "zone.svcb",
    phases=PLANNING,
    in_lint=True,
    source="RFC 9460 sections 2.4, 2.5, 7.3 and 8",
    remedy="Use one alias record (priority 0), or service records; keep hints equal to addresses.",
)
def svcb(facts: Facts) -> Iterator[Point]:
    """HTTPS and SVCB records can be used.

    Looked at: the zone itself. It fails where alias mode (priority 0) and service mode stand at one name, since
    programs ignore the second then, and where aliases lead in a circle. It warns for several aliases at a name,
    for a mandatory key that no program knows, and for address hints that the target's A and AAAA records in this
    zone do not have. An alias to '.' says that there is no such service: a notice. What is no such record at all
    is told by `zone.rdata`.
    """
    yield from zone_points(
        facts,
        _bindings,
        "Every HTTPS and SVCB record can be used.",
        wanted=lambda rrset: rrset.rdtype in _TYPES,
        without="the zone has no HTTPS or SVCB record",
    )


def _bindings(zone: ServedZone) -> Iterator[Problem]:
    aliases = {rdtype: _Aliases(zone, rdtype) for rdtype in _TYPES}
    for rrset in zone.snapshot.rrsets:
        if rrset.rdtype not in _TYPES:
            continue
        bindings = [rdata for rdata in rrset.rdatas if isinstance(rdata, SVCBBase)]
        yield from _modes(aliases[rrset.rdtype], rrset, bindings)
        for binding in bindings:
            if binding.priority:
                yield from _service(zone, rrset, binding)


def _modes(leading: "_Aliases", rrset: RRset, bindings: list[SVCBBase]) -> Iterator[Problem]:
    subject, shown, aliases = subject_of(rrset.key), _evidence(rrset), _aliases(rrset)
    if aliases and len(aliases) < len(bindings):
        message = "Alias mode (priority 0) stands beside service mode; programs then ignore the service records."
        yield Problem(subject, message, shown, "Keep the alias, or the service records.")
    if len(aliases) > 1:
        message = f"The name has {len(aliases)} records in alias mode; programs pick one of them at random."
        yield Problem(subject, message, shown, severity=Severity.WARNING)
    for alias in aliases:
        if alias.target == ROOT:
            message = "The alias leads to '.', which says that there is no such service."
            yield Problem(subject, message, shown, severity=Severity.NOTICE)
        elif circle := leading.circle(rrset.owner, alias.target):
            yield Problem(subject, f"The aliases lead in a circle: {circle}.", shown)


class _Aliases:
    """Where the names of one type lead by their first alias, and how many come until one comes again."""

    def __init__(self, zone: ServedZone, rdtype: RdataType) -> None:
        """Note the aliases of the zone."""
        self._next: dict[_Labels, Name] = {}
        self._counts: dict[_Labels, int] = {}
        for rrset in zone.snapshot.rrsets:
            aliases = _aliases(rrset) if rrset.rdtype == rdtype else []
            if aliases:
                self._next.setdefault(rrset.key.folded, aliases[0].target)

    def circle(self, owner: Name, target: Name) -> str:
        """Return the names that an alias leads through back to one of them, in words; empty where it ends."""
        start = folded(owner)
        is_first = folded(self._next[start]) == folded(target)
        count = self._count(start) if is_first else self._count_beside(start, folded(target))
        if not count:
            return ""
        passed = [owner, target]
        while len(passed) < min(count, MOST_SHOWN):
            passed.append(self._next[folded(passed[-1])])
        if count <= MOST_SHOWN:
            return named(passed[:count])
        return f"{', '.join(map(for_people, passed))} and {count - MOST_SHOWN} more"

    def _count(self, name: _Labels) -> int:
        """Return how many names come from one on until one comes again; each is gone through once."""
        start, counts, places = name, self._counts, dict[_Labels, int]()
        while name not in counts and name not in places:
            places[name] = len(places)
            further = self._next.get(name)
            if further is None:
                counts[name] = 0
            else:
                name = folded(further)
        if name in counts:
            behind = counts[name]
            counts |= {each: behind and behind + len(places) - place for each, place in places.items()}
        else:
            again = places[name]
            counts |= {each: len(places) - min(place, again) for each, place in places.items()}
        return counts[start]

    def _count_beside(self, start: _Labels, name: _Labels) -> int:
        """Return the same for another alias of a name than its first."""
        passed = {start}
        while name not in passed:
            passed.add(name)
            further = self._next.get(name)
            if further is None:
                return 0
            name = folded(further)
        return len(passed)


def _aliases(rrset: RRset) -> list[SVCBBase]:
    return [rdata for rdata in rrset.rdatas if isinstance(rdata, SVCBBase) and rdata.priority == 0]


def _service(zone: ServedZone, rrset: RRset, binding: SVCBBase) -> Iterator[Problem]:
    subject, shown = subject_of(rrset.key), (Noted(subject_of(rrset.key), to_text(binding)),)
    mandatory: Any = binding.params.get(ParamKey.MANDATORY)
    unknown = [key for key in (mandatory.keys if mandatory else ()) if int(key) not in _KNOWN]
    if unknown:
        keys = ", ".join(f"key{int(key)}" for key in unknown)
        message = f"{keys} is mandatory and defined nowhere; programs that do not know it ignore the record."
        yield Problem(subject, message, shown, severity=Severity.WARNING)
    target = rrset.owner if binding.target == ROOT else binding.target
    if not zone.within(target):
        return
    for rdtype, key in _HINTS.items():
        hint: Any = binding.params.get(key)
        found = zone.followed(target, rdtype)
        addresses = {to_text(rdata) for each in found if each.rdtype == rdtype for rdata in each.rdatas}
        if hint is None or not addresses or any(is_alias(each) for each in found):
            continue
        stale = [address for address in hint.addresses if address not in addresses]
        if stale:
            message = (
                f"It hints at {', '.join(stale)}, and {for_people(target)} has {', '.join(sorted(addresses))}; "
                "browsers go to the hint first."
            )
            advice = f"Make {ParamKey.to_text(key)} equal to the addresses of {for_people(target)}."
            yield Problem(subject, message, shown, advice, Severity.WARNING)


_KNOWN = frozenset(int(key) for key in ParamKey)


def _evidence(rrset: RRset) -> tuple[Noted, ...]:
    def noted(rdata: Rdata) -> Noted:
        return Noted(subject_of(rrset.key), to_text(rdata))

    return tuple(map(noted, rrset.rdatas))
