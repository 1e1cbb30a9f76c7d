"""Names with several sets, of which the source answers one or another. No IO here.

A target that has the same routing keeps all sets. Any other can hold one set a name and type, and which one is no
question a program may answer in silence:

    www  A  192.0.2.1     weight 90                 weighted: the values together (weights-merged); a set of
    www  A  192.0.2.2     weight 10                 weight 0 is not answered and is left out
    www  A  198.51.100.3  weight 0           ->     www  A  192.0.2.1, 192.0.2.2

Where the health of all others is watched, a set of weight 0 is their standby: Route 53 takes it when none of them
is healthy (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html, 2026-11-22). It
is left out, too, and that is no small thing: standby-lost.

Failover keeps the primary, places keep the default (`*`). Where there is none, nothing is kept until the user
names a set (`--accept routing-only=ID`, ID being its SetIdentifier), which goes before everything else.
"""

from collections.abc import Sequence
from dataclasses import replace

from dns.rdatatype import RdataType

from migrator.model.extras import (
    Alias,
    ClientNetwork,
    Extra,
    Failover,
    Geolocation,
    Geoproximity,
    HealthCheck,
    Latency,
    MultiValueAnswer,
    RoutingPolicy,
    Weighted,
    is_default,
    plain,
)
from migrator.model.names import folded
from migrator.model.routing import routing_of
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.values import dataclass
from migrator.translate import words
from migrator.translate.words import Word
from migrator.translate.work import Draft, Labels, Relation, Work, counted

_PLACES = (Geolocation, Geoproximity, ClientNetwork)


@dataclass(frozen=True, slots=True)
class _Choice:
    """The drafts that stay, merged into one set, and what to say of it."""

    kept: tuple[Draft, ...]
    word: Word
    message: str
    parameter: str = ""


def route(work: Work) -> None:
    """Make one ordinary set of the routed sets of each name and type, where the target has no such routing."""
    for members in _groups(work):
        if not all(_is_held(work, member) for member in members):
            _reduce(work, members)


def _groups(work: Work) -> list[list[Draft]]:
    routed = {_name_and_type(d) for d in work.drafts.values() if d.key.variant or routing_of(d.rrset)}
    found: dict[tuple[Labels, RdataType], list[Draft]] = {}
    for draft in work.drafts.values() if routed else ():
        if (key := _name_and_type(draft)) in routed:
            found.setdefault(key, []).append(draft)
    return [sorted(members, key=lambda member: member.key.variant) for members in found.values()]


def _name_and_type(draft: Draft) -> tuple[Labels, RdataType]:
    return folded(draft.rrset.owner), draft.key.rdtype


def _is_held(work: Work, member: Draft) -> bool:
    policy = routing_of(member.rrset)
    if policy is None:
        return Weighted in work.target.extras
    if isinstance(policy, ClientNetwork) and work.relation is Relation.FOREIGN:
        return ClientNetwork in work.target.extras and policy.collection in work.identifiers
    return type(policy) in work.target.extras


def _reduce(work: Work, members: Sequence[Draft]) -> None:
    choice = _chosen(work, members) or _choice(members)
    merged = None if choice is None else _merged(choice.kept)
    owner, rdtype = members[0].rrset.owner, members[0].key.rdtype
    sources = tuple(key for member in members for key in member.sources)
    for member in members:
        del work.drafts[member.key]
    whole = Draft(RRset(RRsetKey(owner, rdtype), None, ()), sources)
    if choice is None or merged is None:
        known = ", ".join(member.key.variant or "without an identifier" for member in members)
        message = f"{counted(len(members), 'routed set')} ({known}), and none of them is for everybody; left out."
        work.lose(whole, words.ROUTING_DROPPED, message)
        return
    kept = tuple(key for member in choice.kept for key in member.sources)
    work.lose(whole, choice.word, choice.message, parameter=choice.parameter)
    work.put(merged, kept)


def _chosen(work: Work, members: Sequence[Draft]) -> _Choice | None:
    """Return the set that the user named."""
    for member in members:
        variant = member.key.variant
        if variant and f"{words.ROUTING_ONLY.what}={variant}" in work.accepts:
            message = f"Of {counted(len(members), 'routed set')} the one that was chosen, {variant}, is kept."
            return _Choice((member,), words.ROUTING_ONLY, message, variant)
    return None


def _choice(members: Sequence[Draft]) -> _Choice | None:
    """Return what is kept by the kind of routing; None where nothing is for everybody."""
    kinds = {type(routing_of(member.rrset)) for member in members}
    if kinds == {Weighted}:
        return _by_weight(members)
    if len(members) == 1 and kinds <= {MultiValueAnswer, Latency}:
        return _Choice(tuple(members), words.ROUTING_SINGLE, "It is the only set of its routing, for everybody.")
    if kinds == {MultiValueAnswer}:
        message = f"{counted(len(members), 'set')} become one; up to eight healthy ones were answered at a time."
        return _together(members, words.MULTIVALUE_MERGED, message)
    if kinds == {Latency}:
        message = f"{counted(len(members), 'set')} for clients near {_regions(members)} become one for everybody."
        return _together(members, words.LATENCY_MERGED, message)
    default = tuple(member for member in members if is_default(routing_of(member.rrset)))
    if not default:
        return None
    if kinds == {Failover}:
        if len(members) == 1:
            return _Choice(default, words.ROUTING_SINGLE, "The primary set has no standby, and is kept.")
        return _Choice(default[:1], words.STANDBY_LOST, "The primary set is kept, and the standby is left out.")
    if kinds <= set(_PLACES):
        message = f"Of {counted(len(members), 'set')} chosen by where the client is, the default is kept."
        return _Choice(default[:1], words.GEO_DEFAULT_ONLY, message)
    return None


def _by_weight(members: Sequence[Draft]) -> _Choice | None:
    """Keep all sets that are answered at all: where all weights are 0, they count as equal (Route 53 API)."""
    ordered = sorted(members, key=lambda member: (-_weight(member), member.key.variant))
    answered = [member for member in ordered if _weight(member)] or ordered
    shares = ", ".join(f"{member.key.variant} {_weight(member)}" for member in ordered)
    standby = _standby(ordered, answered)
    if standby and len(answered) == 1:
        message = f"Of the weights ({shares}) one counts while it is healthy and is kept; {standby}."
        return _Choice((answered[0],), words.STANDBY_LOST, message)
    if len(answered) == 1:
        message = f"Of the weights ({shares}) only one counts; its set is kept."
        return _Choice((answered[0],), words.ROUTING_SINGLE, message)
    if _merged(answered) is not None:
        message = f"The weights ({shares}) are lost: all their records are answered alike" + (
            f"; {standby}." if standby else "."
        )
        return _Choice(tuple(answered), words.WEIGHTS_MERGED, message)
    message = f"The sets by weight ({shares}) cannot stand together; {answered[0].key.variant} is kept" + (
        f"; {standby}." if standby else "."
    )
    return _Choice((answered[0],), words.WEIGHTS_HEAVIEST, message)


def _standby(members: Sequence[Draft], answered: Sequence[Draft]) -> str:
    """Say what becomes of sets that are answered only where none of the others is healthy; empty without any."""
    spare = [member.key.variant for member in members if member not in answered]
    if not spare or not all(map(_is_watched, answered)):
        return ""
    others = "it fails" if len(answered) == 1 else "all the others fail"
    verb = "takes" if len(spare) == 1 else "take"
    return f"{', '.join(spare)}, which {verb} over when {others}, {'is' if len(spare) == 1 else 'are'} left out"


def _is_watched(member: Draft) -> bool:
    return any(
        isinstance(extra, HealthCheck) or (isinstance(extra, Alias) and extra.evaluate_target_health)
        for extra in map(plain, member.rrset.extras)
    )


def _together(members: Sequence[Draft], word: Word, message: str) -> _Choice | None:
    return _Choice(tuple(members), word, message) if _merged(members) is not None else None


def _merged(members: Sequence[Draft]) -> RRset | None:
    """Return one set that answers what these answer; None where they cannot stand together."""
    first = members[0].rrset
    key = RRsetKey(first.owner, first.rdtype)
    ttl = min((ttl for member in members if (ttl := member.rrset.ttl) is not None), default=None)
    extras: dict[Extra, None] = {}
    for member in members:
        extras.update(dict.fromkeys(e for e in member.rrset.extras if not isinstance(e, RoutingPolicy)))
    rdatas = tuple(rdata for member in members for rdata in member.rrset.rdatas)
    aliases = {folded(alias.target) for alias in extras if isinstance(alias, Alias)}
    merged = make(key, ttl, rdatas, tuple(extras))
    if aliases:
        if rdatas or len(aliases) > 1 or not all(_has_alias(member) for member in members):
            return None
        alias = next(extra for extra in extras if isinstance(extra, Alias))
        others = tuple(extra for extra in extras if not isinstance(extra, Alias))
        return replace(merged, extras=(alias, *others))
    return None if first.rdtype == RdataType.CNAME and len(merged.rdatas) > 1 else merged


def _has_alias(member: Draft) -> bool:
    return any(isinstance(extra, Alias) for extra in member.rrset.extras)


def _weight(member: Draft) -> int:
    policy = routing_of(member.rrset)
    return policy.weight if isinstance(policy, Weighted) else 0


def _regions(members: Sequence[Draft]) -> str:
    policies = (routing_of(member.rrset) for member in members)
    return ", ".join(policy.region for policy in policies if isinstance(policy, Latency))
