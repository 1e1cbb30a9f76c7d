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

from migrator.model.finding import Severity
from migrator.model.loss import Exactness, Loss
from migrator.model.names import folded, for_people, is_within
from migrator.model.rrset import RRset, RRsetKey, alias_alone_of, alias_of
from migrator.model.values import dataclass
from migrator.translate.answers import cname_target, has_name
from migrator.translate.work import Labels, Work

_ADDRESSES = frozenset({RdataType.A, RdataType.AAAA})
# What a name outside the zone, or below a delegation, answers: nobody here knows, so it is taken for everything.
_UNKNOWN = _ADDRESSES
# What every apex has: nobody follows a CNAME for it.
_OF_THE_ZONE = frozenset({RdataType.SOA, RdataType.NS})
_LONGEST_CHAIN = 16
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _End:
    """The name at the end of a chain, and the types that it answers."""

    name: Labels
    types: frozenset[RdataType]

    def is_silent_after(self, before: "_End") -> bool:
        """Tell whether what was answered before is not any more."""
        addresses = bool(before.types & _ADDRESSES) and not self.types & _ADDRESSES
        return addresses or (bool(before.types) and not self.types)


def followers(work: Work) -> None:
    """Say of each set that is left out what becomes of its name, and of the names that lead there."""
    if not any(map(_leaves_out, work.losses)):
        return
    before = _Chains(work.origin, work.snapshot.rrsets)
    now = _Chains(work.origin, (draft.rrset for draft in work.drafts.values()))
    silent: dict[Labels, list[Name]] = {}
    for draft in work.drafts.values():
        if draft.key.rdtype == RdataType.CNAME:
            end = now.end(draft.rrset.owner)
            if end.is_silent_after(before.end(draft.rrset.owner)):
                silent.setdefault(before.answering(end.name), []).append(draft.rrset.owner)
    work.losses[:] = [
        replace(loss, message="".join((loss.message, *_consequences(loss, silent, now))))
        if _leaves_out(loss)
        else loss
        for loss in work.losses
    ]


def _leaves_out(loss: Loss) -> bool:
    return loss.exactness is Exactness.IMPOSSIBLE and loss.severity is Severity.ERROR


def _consequences(loss: Loss, silent: Mapping[Labels, list[Name]], now: "_Chains") -> Iterator[str]:
    wildcard = now.wildcard_for(loss.key)
    if wildcard is not None:
        yield f" The name answers what {for_people(wildcard)} has instead."
    names = sorted(silent.get(loss.key.folded, ()))
    if names:
        shown = ", ".join(map(for_people, names[:_SHOWN]))
        more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
        yield f" What leads to it does not answer either: {shown}{more}."


class _Chains:
    """Follows CNAMEs and aliases through the sets of a zone, wildcards and delegations included."""

    def __init__(self, origin: Name, rrsets: Iterable[RRset]) -> None:
        self._origin = origin
        self._apex = folded(origin)
        self._sets: dict[Labels, list[RRset]] = {}
        for rrset in rrsets:
            self._sets.setdefault(rrset.key.folded, []).append(rrset)
        # Names that exist, empty ones above others included: no wildcard answers for these.
        self._names = {labels[at:] for labels in self._sets for at in range(len(labels))}

    def end(self, name: Name) -> _End:
        """Return where a name of the zone leads in the end."""
        for _ in range(_LONGEST_CHAIN):
            labels = folded(name)
            if not is_within(name, self._origin) or self._is_delegated(labels):
                return _End(labels, _UNKNOWN)
            found = self._sets.get(self.answering(labels), [])
            target = _target(found)
            if target is None:
                answered = {rrset.rdtype for rrset in found if rrset.rdatas or alias_of(rrset)}
                return _End(labels, frozenset(answered - _OF_THE_ZONE))
            name = target
        return _End(folded(name), frozenset())

    def wildcard_for(self, key: RRsetKey) -> Name | None:
        """Return the wildcard that answers for a name which does not exist, where it has that type."""
        labels = key.folded
        wildcard = self.answering(labels)
        if labels in self._names or wildcard == labels or self._is_delegated(labels):
            return None
        same = (r.owner for r in self._sets[wildcard] if r.rdtype in {key.rdtype, RdataType.CNAME})
        return next(same, None)

    def answering(self, labels: Labels) -> Labels:
        """Return the name itself, or the wildcard that answers for it (RFC 4592 section 3.3)."""
        if labels in self._names:
            return labels
        above = (labels[at:] for at in range(1, len(labels)))
        encloser = next((name for name in above if name in self._names), self._apex)
        wildcard = (b"*", *encloser)
        return wildcard if wildcard in self._sets else labels

    def _is_delegated(self, labels: Labels) -> bool:
        names = (labels[at:] for at in range(len(labels) - len(self._apex)))
        return any(r.rdtype == RdataType.NS for name in names for r in self._sets.get(name, ()))


def _target(found: Iterable[RRset]) -> Name | None:
    """Return where the sets of a name lead: by a CNAME, or by an alias for addresses that has a name."""
    for rrset in found:
        target = cname_target(rrset)
        if target is not None:
            return target
        alias = alias_alone_of(rrset)
        if alias is not None and rrset.rdtype in _ADDRESSES and has_name(alias, rrset.owner):
            return alias.target
    return None
