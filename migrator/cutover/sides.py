"""Which side a resolver follows, told by something that old and new servers answer differently. No IO here.

Shared resolvers are not asked for the NS of the zone before the parent has switched: some of them then take the
old zone's own NS set, with its TTL, and hold on to the old servers for longer. What tells the sides apart is, in
this order: the canary TXT `_migcheck`, where both sides have it; the SOA's names (MNAME and RNAME); the SOA with
its serial; and, once the parent has switched, the NS set. Where both sides answer the same, nothing is guessed.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.SOA import SOA

from migrator.cutover.look import Look, ResolverView, Side, Unasked, explained, served
from migrator.meaning.canary import canary_name
from migrator.model.names import text_of
from migrator.model.observation import Answer, Observation
from migrator.model.rrset import RRset, canonical_wire
from migrator.model.values import dataclass


class Mark(StrEnum):
    """What tells the sides apart."""

    CANARY = "the canary TXT"
    SOA_NAMES = "the names in the SOA"
    SOA_SERIAL = "the SOA with its serial"
    NS = "the NS set"


@dataclass(frozen=True, slots=True)
class Tell:
    """The question that tells the sides apart, each side's answers to it as texts, and the old answer's TTL."""

    mark: Mark
    qname: Name
    rdtype: RdataType
    old: frozenset[str]
    new: frozenset[str]
    old_ttl: int

    def side_of(self, sample: Observation) -> Side | None:
        """Return the side whose answer this is, OTHER for neither's, None where it is no answer."""
        rrset = _answered(sample)
        if rrset is None:
            return None
        text = _MARKS[self.mark](rrset)
        if text in self.new:
            return Side.NEW
        return Side.OLD if text in self.old else Side.OTHER


class Follows(StrEnum):
    """Which side a resolver follows, as far as its samples show."""

    OLD = "old"
    NEW = "new"
    MIXED = "mixed"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True, slots=True)
class ResolverState:
    """How many samples of a resolver came from which side.

    `remaining_ttl` is the longest time for which one of the old answers is kept, of the new ones where there is no
    old one. `old_fetched` is when the resolver last got an old answer from an old server, as that TTL tells it.
    `reason` says why the state is `no-answer`, or what answers of neither side there were.
    """

    view: ResolverView
    state: Follows
    old: int = 0
    new: int = 0
    other: int = 0
    remaining_ttl: int | None = None
    old_fetched: datetime | None = None
    reason: str = ""


def tell_apart(look: Look, *, switched: bool) -> Tell | Unasked:
    """Return what tells the sides apart, or why nothing does."""
    old = [view for view in look.servers if view.side is Side.OLD]
    new = [view for view in look.servers if view.side is Side.NEW]
    if not look.old:
        return Unasked("the old name servers are not known, so their answers cannot be told apart (see --from)")
    for side, views in (("old", old), ("new", new)):
        if not any(served(view.soa) is not None for view in views):
            return Unasked(f"no {side} name server answered for the zone, so there is nothing to compare with")
    canary = canary_name(look.domain)
    tell = _tell(Mark.CANARY, canary, RdataType.TXT, [v.canary for v in old], [v.canary for v in new])
    for mark in (Mark.SOA_NAMES, Mark.SOA_SERIAL):
        tell = tell or _tell(mark, look.domain, RdataType.SOA, [v.soa for v in old], [v.soa for v in new])
    if switched:
        tell = tell or _tell(Mark.NS, look.domain, RdataType.NS, [v.ns for v in old], [v.ns for v in new])
    return tell or Unasked(
        f"old and new name servers give the same SOA, and there is no canary: add a TXT {text_of(canary)} with a "
        "different text to each zone"
    )


def resolver_state(view: ResolverView, tell: Tell | Unasked) -> ResolverState:
    """Return what the samples of one resolver show."""
    if isinstance(tell, Unasked):
        return ResolverState(view, Follows.NO_ANSWER, reason=tell.reason)
    sides = [tell.side_of(sample) for sample in view.samples]
    old, new, other = (sides.count(side) for side in (Side.OLD, Side.NEW, Side.OTHER))
    counted = Side.OLD if old else Side.NEW
    ttls = [_ttl(sample) for sample, side in zip(view.samples, sides, strict=True) if side is counted]
    fetched = [
        _fetched(sample, tell) for sample, side in zip(view.samples, sides, strict=True) if side is Side.OLD
    ]
    reason = f"{other} of {len(sides)} answers are of neither side" if other else ""
    if not old and not new:
        state = Follows.NO_ANSWER
        reason = reason or (explained_sample(view.samples[-1]) if view.samples else "not asked")
    elif old and new:
        state = Follows.MIXED
    else:
        state = Follows.OLD if old else Follows.NEW
    known = [moment for moment in fetched if moment is not None]
    longest, last = max(ttls, default=None), max(known, default=None)
    return ResolverState(view, state, old, new, other, longest, last, reason)


def explained_sample(sample: Observation) -> str:
    """Return what a resolver gave in place of an answer; a resolver's answers need no authority."""
    if isinstance(sample, Answer) and sample.rcode == 0:
        return "no data"
    return explained(sample)


def _tell(
    mark: Mark, qname: Name, rdtype: RdataType, old: Sequence[Observation], new: Sequence[Observation]
) -> Tell | None:
    """Return the tell where each side answers, and nothing that one answers is answered by the other."""
    one, other = (_marks(mark, side) for side in (old, new))
    if not one or not other or one & other:
        return None
    ttls = [rrset.ttl for rrset in map(served, old) if rrset is not None and rrset.ttl is not None]
    return Tell(mark, qname, rdtype, one, other, max(ttls, default=0))


def _marks(mark: Mark, observations: Sequence[Observation]) -> frozenset[str]:
    rrsets = (served(observation) for observation in observations)
    return frozenset(_MARKS[mark](rrset) for rrset in rrsets if rrset is not None)


def _answered(sample: Observation) -> RRset | None:
    return sample.answered() if isinstance(sample, Answer) and sample.rcode == 0 else None


def _ttl(sample: Observation) -> int:
    rrset = _answered(sample)
    return 0 if rrset is None or rrset.ttl is None else rrset.ttl


def _fetched(sample: Observation, tell: Tell) -> datetime | None:
    """Return when the resolver got this from an old server; None where the TTL was longer then than today."""
    age = tell.old_ttl - _ttl(sample)
    return sample.at - timedelta(seconds=age) if age >= 0 else None


def _content(rrset: RRset) -> str:
    return " ".join(sorted(canonical_wire(rdata).hex() for rdata in rrset.rdatas))


def _soa_names(rrset: RRset) -> str:
    return " ".join(f"{text_of(r.mname)} {text_of(r.rname)}" for r in rrset.rdatas if isinstance(r, SOA))


def _soa_serial(rrset: RRset) -> str:
    return f"{_soa_names(rrset)} {' '.join(str(r.serial) for r in rrset.rdatas if isinstance(r, SOA))}"


_MARKS: dict[Mark, Callable[[RRset], str]] = {
    Mark.CANARY: _content,
    Mark.SOA_NAMES: _soa_names,
    Mark.SOA_SERIAL: _soa_serial,
    Mark.NS: _content,
}
