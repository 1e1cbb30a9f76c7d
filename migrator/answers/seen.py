"""What the answers of one server show: RRsets, failures, silence; as a zone that can be compared. No IO here.

A referral shows a delegation (AA=0, NS in the authority section) and its glue in the additional section; a
server that has the child zone as well answers for it with authority, and that counts too. A CNAME or DNAME in
an answer is seen whatever was asked for.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.answers.foreseen import Foreseen
from migrator.meaning.served import ADDRESS_TYPES
from migrator.meaning.targets import targets_of
from migrator.model.names import folded, is_within
from migrator.model.observation import Answer, NoAnswer, Observation
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass

Labels = tuple[bytes, ...]
Wanted = tuple[Labels, RdataType]

_ANSWERS = frozenset({Rcode.NOERROR, Rcode.NXDOMAIN})


@dataclass(slots=True)
class Seen:
    """What a server showed: the observations that were not foreseen, and every RRset of the zone in any of them.

    All other questions of `foreseen` were answered exactly as expected: their RRsets are the old side's.
    """

    origin: Name
    foreseen: Foreseen = field(default_factory=Foreseen)
    observations: dict[Wanted, Observation] = field(default_factory=dict)
    types: dict[Labels, list[RdataType]] = field(default_factory=dict)
    rrsets: dict[RRsetKey, RRset] = field(default_factory=dict)
    glue: dict[RRsetKey, RRset] = field(default_factory=dict)

    def take(self, asked: Iterable[tuple[Name, RdataType]], observations: Iterable[Observation]) -> None:
        """Remember the observations, in the order of the questions."""
        for (owner, rdtype), observation in zip(asked, observations, strict=True):
            self.observations[folded(owner), rdtype] = observation
            if isinstance(observation, Answer) and trouble_of(observation) is None:
                self._take_answer(owner, rdtype, observation)

    def with_more(self, asked: Sequence[tuple[Name, RdataType]], observations: Iterable[Observation]) -> "Seen":
        """Return what these show besides; this one is left as it is."""
        if not asked:
            return self
        types = {labels: [*known] for labels, known in self.types.items()}
        found = Seen(
            self.origin, self.foreseen, dict(self.observations), types, dict(self.rrsets), dict(self.glue)
        )
        found.take(asked, observations)
        return found

    def _take_answer(self, owner: Name, rdtype: RdataType, answer: Answer) -> None:
        redirected = [rrset for rrset in answer.answer if rrset.rdtype == RdataType.DNAME]
        for rrset in redirected:
            if is_within(rrset.owner, self.origin):
                self._keep(rrset.owner, rrset)
        for wanted in (rdtype, RdataType.CNAME):
            found = answer.answered(wanted)
            if found is not None and not redirected:
                self._keep(owner, found)
        if not redirected:
            self._take_chain(owner, rdtype, answer)
        if not answer.authoritative and not answer.answer:
            self._take_referral(answer)

    def _take_chain(self, owner: Name, rdtype: RdataType, answer: Answer) -> None:
        """Take what CNAMEs lead to: a host that the old side does not have is asked for by nobody."""
        by_name = {(folded(rrset.owner), rrset.rdtype): rrset for rrset in answer.answer}
        cname, seen = by_name.get((folded(owner), RdataType.CNAME)), {folded(owner)}
        while cname is not None:
            target = next(iter(targets_of(cname.rdatas)), None)
            if target is None or folded(target) in seen or not is_within(target, self.origin):
                return
            seen.add(folded(target))
            cname = by_name.get((folded(target), RdataType.CNAME))
            for found in (cname, by_name.get((folded(target), rdtype))):
                if found is not None:
                    self._keep(target, found)

    def _keep(self, owner: Name, found: RRset) -> None:
        # The server may echo the owner in the case that travelled, which says nothing of how it is stored.
        key = RRsetKey(owner, found.rdtype)
        if key not in self.rrsets:
            self.rrsets[key] = RRset(key, found.ttl, found.rdatas)
            self.types.setdefault(folded(owner), []).append(found.rdtype)

    def _take_referral(self, answer: Answer) -> None:
        for rrset in answer.authority:
            below = is_within(rrset.owner, self.origin) and folded(rrset.owner) != folded(self.origin)
            if rrset.rdtype == RdataType.NS and below:
                self._keep(rrset.owner, rrset)
        for rrset in answer.additional:
            if rrset.rdtype in ADDRESS_TYPES:
                self.glue.setdefault(rrset.key, rrset)

    def is_as_foreseen(self, owner: Name, rdtype: RdataType) -> bool:
        """Tell whether a question was answered exactly as expected."""
        return self._is_as_foreseen((folded(owner), rdtype))

    def _is_as_foreseen(self, wanted: Wanted) -> bool:
        return wanted not in self.observations and wanted in self.foreseen

    def was_asked(self, owner: Name, rdtype: RdataType) -> bool:
        """Tell whether there is an observation of a question, foreseen or not."""
        wanted = (folded(owner), rdtype)
        return wanted in self.observations or wanted in self.foreseen

    def observation(self, owner: Name, rdtype: RdataType) -> Observation | None:
        """Return what came back for a question; None where it was not asked, or answered as foreseen."""
        return self.observations.get((folded(owner), rdtype))

    def found(self, owner: Name, rdtype: RdataType) -> RRset | None:
        """Return the RRset that was seen, or None."""
        return self.rrsets.get(RRsetKey(owner, rdtype)) or self._foreseen((folded(owner), rdtype))

    def glue_of(self, key: RRsetKey) -> RRset | None:
        """Return the address that came with a referral, or None."""
        if key in self.glue:
            return self.glue[key]
        wanted, rrset = self.foreseen.delegations.get(key, (None, None))
        return rrset if wanted is not None and self._is_as_foreseen(wanted) else None

    def owners(self) -> AbstractSet[Labels]:
        """Return the names of which more was seen than foreseen, and those for which a wildcard answers."""
        return self.types.keys() | self.foreseen.instances

    def at(self, owner: Name) -> list[RRset]:
        """Return all that was seen of a name."""
        labels = folded(owner)
        rdtypes = (*self.foreseen.types_at(labels), *self.types.get(labels, ()))
        seen = [self.found(owner, rdtype) for rdtype in dict.fromkeys(rdtypes)]
        return [rrset for rrset in seen if rrset is not None]

    def _foreseen(self, wanted: Wanted) -> RRset | None:
        return self.foreseen.shown_at(wanted) if self._is_as_foreseen(wanted) else None

    def answered(self, owner: Name, rdtype: RdataType) -> RRset | None:
        """Return the RRset, or the CNAME that was answered in its place."""
        return self.found(owner, rdtype) or self.found(owner, RdataType.CNAME)


def silence_of(observation: Observation | None) -> str | None:
    """Return why the answer is not known, as the end of a sentence; None where there is one."""
    match observation:
        case None:
            return "it was not asked"
        case NoAnswer():
            detail = f" ({observation.detail})" if observation.detail else ""
            return f"no answer: {observation.reason.value}{detail}"
        case Answer() if observation.truncated:
            return "the answer was cut off, and TCP brought none"
        case _:
            return None


def trouble_of(answer: Answer) -> str | None:
    """Return the response code of a server that refuses or fails; None where it answers."""
    return None if answer.rcode in _ANSWERS else Rcode.to_text(answer.rcode)


def refusal_of(observation: Answer) -> str | None:
    """Return why a server that was asked for the SOA does not serve the zone, or None where it does."""
    trouble = trouble_of(observation)
    if trouble is not None:
        return f"answers {trouble}"
    if observation.answered(RdataType.SOA) is None:
        if observation.authoritative:
            return (
                "has another zone of that name's parent" if observation.rcode == Rcode.NXDOMAIN else "has no SOA"
            )
        return "refers to other servers"
    return None if observation.authoritative else "answers without authority (AA), as a resolver does"
