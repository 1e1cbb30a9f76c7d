"""Settles what cannot be compared as it stands: silence, failures, aliases, routed sets. No IO here.

No answer is `unchecked`, a failure is `missing`. An alias answers addresses at query time: they are right when its
target has them now, and when they are others nobody can tell from here. Of routed sets any one may be answered.
"""

from collections.abc import Callable, Sequence

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.answers.seen import Seen, silence_of, trouble_of
from migrator.diff.compare import Settled
from migrator.diff.equality import by_meaning, mean_the_same
from migrator.diff.result import Kind
from migrator.diff.wording import listed
from migrator.meaning.served import ADDRESS_TYPES
from migrator.meaning.targets import targets_of
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people
from migrator.model.observation import Answer, Observation
from migrator.model.phrases import ended
from migrator.model.rrset import RRset, RRsetKey, alias_of, canonical_wire, is_looked_up

# Gives the addresses of that type that a host name has now, in wire form; None where nobody can say.
AddressLookup = Callable[[Name, RdataType], frozenset[bytes] | None]


def of_observation(observation: Observation | None) -> Settled | None:
    """Return what silence or failure settles, or None where there is a usable answer."""
    silence = silence_of(observation)
    if silence is not None:
        return Settled(Kind.UNCHECKED, f"Not known: {silence}.", severity=Severity.WARNING)
    assert isinstance(observation, Answer)
    trouble = trouble_of(observation)
    if trouble is not None:
        sentence = f"The server answers {trouble} for this name and type: who asks gets nothing."
        return Settled(Kind.MISSING, sentence, severity=Severity.ERROR)
    return None


def is_special(rrsets: Sequence[RRset]) -> bool:
    """Tell whether the sets of a name and type are answered otherwise than their rdatas say."""
    return any(rrset.key.variant or alias_of(rrset) or is_looked_up(rrset) for rrset in rrsets)


def of_special(rrsets: Sequence[RRset], seen: Seen, asked: Name, lookup: AddressLookup) -> dict[RRsetKey, Settled]:
    """Return what settles aliases, routed, flattened and proxied sets of one name and type.

    Empty where they can be compared as they are: nothing is answered, or exactly what the one set says.
    """
    rdtype = rrsets[0].rdtype
    if rdtype == RdataType.CNAME:
        return _flattened(rrsets, seen, asked, lookup)
    found = seen.answered(asked, rdtype)
    if len(rrsets) > 1 or rrsets[0].key.variant:
        return dict.fromkeys([rrset.key for rrset in rrsets], _routed(rrsets, found))
    (rrset,) = rrsets
    alias = alias_of(rrset)
    if alias is not None:
        return {rrset.key: _alias(alias.target, rdtype, found, lookup)}
    if found is not None and not mean_the_same(found.rdatas, rrset.rdatas):
        sentence = (
            f"Behind the old provider's proxy; the server answers {listed(found.rdatas)}, which may be a proxy "
            "too."
        )
        return {rrset.key: Settled(Kind.UNCHECKED, sentence, found, Severity.WARNING)}
    return {}


def _alias(target: Name, rdtype: RdataType, found: RRset | None, lookup: AddressLookup) -> Settled:
    leads = f"The alias leads to {for_people(target)}"
    if found is not None and found.rdtype == RdataType.CNAME:
        if [folded(name) for name in targets_of(found.rdatas)] == [folded(target)]:
            return Settled(Kind.EQUIVALENT, f"{leads}, and so does the CNAME that is answered.", found)
        sentence = f"{leads}; the server answers a CNAME to {listed(found.rdatas)} instead."
        return Settled(Kind.CHANGED, sentence, found, Severity.ERROR)
    expected = lookup(target, rdtype)
    has = frozenset(map(canonical_wire, found.rdatas)) if found else frozenset()
    if not has:
        return _unanswered_alias(leads, rdtype, expected)
    assert found is not None
    if expected is not None and has <= expected:
        return Settled(Kind.EQUIVALENT, f"{leads}, which has the answered addresses now.", found)
    if expected is None:
        why = "whose addresses could not be looked up"
    else:
        why = (
            "which does not have all of these addresses now" if has & expected else "which has other addresses now"
        )
    sentence = f"{leads}, {why}; the server answers {listed(found.rdatas)}. Compare them yourself."
    return Settled(Kind.UNCHECKED, sentence, found, Severity.WARNING)


def _unanswered_alias(leads: str, rdtype: RdataType, expected: frozenset[bytes] | None) -> Settled:
    if expected is not None and not expected:
        return Settled(Kind.EQUIVALENT, f"{leads}, which has no {rdtype.name} address now; nor is one answered.")
    if expected is None and rdtype == RdataType.AAAA:
        sentence = f"{leads}, whose addresses could not be looked up; no {rdtype.name} address is answered."
        return Settled(Kind.UNCHECKED, sentence, severity=Severity.WARNING)
    return Settled(Kind.MISSING, f"{leads}; the server answers no address.", severity=Severity.ERROR)


def _routed(rrsets: Sequence[RRset], found: RRset | None) -> Settled:
    if found is None:
        sentence = "One of several routed answers; the server answers nothing."
        return Settled(Kind.MISSING, sentence, severity=Severity.ERROR)
    if any(alias_of(rrset) for rrset in rrsets):
        sentence = ended(
            f"One of several routed answers, of which some are aliases; the server answers {listed(found.rdatas)}"
        )
        return Settled(Kind.UNCHECKED, sentence, found, Severity.WARNING)
    known = {meant for rrset in rrsets for meant in by_meaning(rrset.rdatas)}
    if by_meaning(found.rdatas).keys() <= known:
        sentence = (
            ended(f"One of several routed answers; the server answers {listed(found.rdatas)}")
            + " Its routing cannot be seen."
        )
        return Settled(Kind.EQUIVALENT, sentence, found)
    sentence = ended(f"None of the routed answers: the server answers {listed(found.rdatas)}")
    return Settled(Kind.CHANGED, sentence, found, Severity.ERROR)


def _flattened(rrsets: Sequence[RRset], seen: Seen, asked: Name, lookup: AddressLookup) -> dict[RRsetKey, Settled]:
    """Return what settles a CNAME that the old provider answers as addresses: as an alias, by either family."""
    rrset = rrsets[0]
    if len(rrsets) > 1 or rrset.key.variant:
        return dict.fromkeys([r.key for r in rrsets], _routed(rrsets, seen.found(asked, RdataType.CNAME)))
    target = next(iter(targets_of(rrset.rdatas)), None)
    if target is None or seen.found(asked, RdataType.CNAME) is not None:
        return {}
    settled = [_alias(target, rdtype, seen.found(asked, rdtype), lookup) for rdtype in ADDRESS_TYPES]
    kinds = [found.kind for found in settled]
    for kind in (Kind.CHANGED, Kind.UNCHECKED, Kind.EQUIVALENT):
        if kind in kinds and any(found.new is not None for found in settled):
            chosen = settled[kinds.index(kind)]
            return {rrset.key: chosen}
    return {}
