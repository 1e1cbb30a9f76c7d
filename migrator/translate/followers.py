"""What follows from a set that is left out: names that lead to it go silent, a wildcard speaks up. No IO here.

@     A      alias to a service      left out; its loss says: "What leads to it does not answer either: shop."
shop  CNAME  @                       copied, and answers nothing from now on
geo   A      routed sets             left out; its loss says: "The name answers what *.example.org has instead."
*     A      192.0.2.80              copied, and answers for geo too
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.meaning.served import ServedZone
from migrator.model.finding import Severity
from migrator.model.loss import Exactness, Loss
from migrator.model.names import folded, for_people
from migrator.model.rrset import RRset, alias_alone_of, alias_of, type_rank
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.translate.answers import cname_target, has_name
from migrator.translate.work import Labels, Work

_ADDRESSES = frozenset({RdataType.A, RdataType.AAAA})
# What a name outside the zone answers, or below a delegation: nobody here knows, so it is taken for everything.
_UNKNOWN = _ADDRESSES
# What every apex has: nobody follows a CNAME for it.
_OF_THE_ZONE = frozenset({RdataType.SOA, RdataType.NS})
_LONGEST_CHAIN = 16
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _End:
    """The name at the end of a chain, and the types that it answers."""

    name: Name
    types: frozenset[RdataType]

    def is_silent_after(self, before: "_End") -> bool:
        """Tell whether what was answered before is not any more."""
        addresses = bool(before.types & _ADDRESSES) and not self.types & _ADDRESSES
        return addresses or (bool(before.types) and not self.types)


def followers(work: Work) -> None:
    """Say of each set that is left out what becomes of its name, and of the names that lead there."""
    if not any(map(_leaves_out, work.losses)):
        return
    before = ServedZone(work.snapshot)
    now = ServedZone(ZoneSnapshot(work.origin, tuple(draft.rrset for draft in work.drafts.values())))
    silent: dict[Labels, list[Name]] = {}
    for draft in work.drafts.values():
        if draft.key.rdtype == RdataType.CNAME:
            end = _end(now, draft.rrset.owner)
            if end.is_silent_after(_end(before, draft.rrset.owner)):
                silent.setdefault(folded(_answering(before, end.name)), []).append(draft.rrset.owner)
    work.losses[:] = [
        replace(loss, message="".join((loss.message, *_consequences(loss, silent, now))))
        if _leaves_out(loss)
        else loss
        for loss in work.losses
    ]


def _leaves_out(loss: Loss) -> bool:
    return loss.exactness is Exactness.IMPOSSIBLE and loss.severity is Severity.ERROR


def _consequences(loss: Loss, silent: Mapping[Labels, list[Name]], now: ServedZone) -> Iterator[str]:
    wildcard = now.wildcard(loss.key.owner)
    if wildcard is not None and now.answer(loss.key.owner, loss.key.rdtype):
        yield f" The name answers what {for_people(wildcard)} has instead."
    names = sorted(silent.get(loss.key.folded, ()))
    if names:
        shown = ", ".join(map(for_people, names[:_SHOWN]))
        more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
        yield f" What leads to it does not answer either: {shown}{more}."


def _end(zone: ServedZone, name: Name) -> _End:
    """Return where a name of the zone leads in the end, along CNAMEs and aliases."""
    for _ in range(_LONGEST_CHAIN):
        if not zone.within(name) or zone.cover(name, RdataType.A) is not None:
            return _End(name, _UNKNOWN)
        found = zone.at(_answering(zone, name))
        target = _target(found)
        if target is None:
            answered = {rrset.rdtype for rrset in found if rrset.rdatas or alias_of(rrset)}
            return _End(name, frozenset(answered - _OF_THE_ZONE))
        name = target
    return _End(name, frozenset())


def _answering(zone: ServedZone, name: Name) -> Name:
    """Return the name itself, or the wildcard that answers for it."""
    return zone.wildcard(name) or name


def _target(found: Iterable[RRset]) -> Name | None:
    """Return where the sets of a name lead: by a CNAME, or by an alias for addresses that has a name."""
    for rrset in sorted(found, key=lambda rrset: type_rank(rrset.rdtype)):
        target = cname_target(rrset)
        if target is not None:
            return target
        alias = alias_alone_of(rrset)
        if alias is not None and rrset.rdtype in _ADDRESSES and has_name(alias, rrset.owner):
            return alias.target
    return None
