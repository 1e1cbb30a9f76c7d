"""Which of the sets of one name and type a server that knows no routing should answer. No IO here.

Weights: the sets whose weight is not 0; all of them where all weights are 0, since Route 53 then takes them
for equal (API reference, ResourceRecordSet, Weight; read 2026-11-20). Failover: the primary. Places (country,
distance, client network): the default, since a set that is meant for some is wrong for the others; without a
default, none. Latency and multi-value answers: all, since each set is a right answer for everybody, if for some
a slower one.
"""

from collections.abc import Sequence

from migrator.model.extras import (
    ClientNetwork,
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
from migrator.model.rrset import RRset, alias_of
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """The sets that are served, the first being the one to take where only one can be; and why these.

    `reason` is empty where the sets are one ordinary RRset and nothing was chosen.
    """

    served: tuple[RRset, ...]
    reason: str = ""


def choose(members: Sequence[RRset]) -> Choice:
    """Return what a plain server answers of the RRsets that share an owner and a type."""
    policies = [routing_of(member) for member in members]
    kinds = {type(policy) for policy in policies}
    if kinds == {type(None)}:
        return Choice(tuple(members), "" if len(members) == 1 else "several sets without a known routing: all")
    if kinds == {Weighted}:
        return _by_weight(members)
    defaults = tuple(m for m, policy in zip(members, policies, strict=True) if policy and is_default(policy))
    if kinds == {Failover}:
        return Choice(
            defaults, "failover: the primary set" if defaults else "failover without a primary set: none"
        )
    if kinds <= {Geolocation, Geoproximity, ClientNetwork}:
        chosen = "the default set" if defaults else "there is no default set: none"
        return Choice(defaults, f"routed by where the client is: {chosen}")
    if kinds == {Latency}:
        return Choice(tuple(members), "routed by latency: all sets")
    if kinds == {MultiValueAnswer}:
        return Choice(tuple(members), "multi-value answer: all sets")
    return Choice(tuple(members), "several kinds of routing: all sets")


def answerable(members: Sequence[RRset]) -> tuple[RRset, ...]:
    """Return the RRsets of one owner and type that somebody may be answered.

    Sets of weight 0 are not, unless the health of all others is watched: then they are their standby.
    """
    if not members or not all(isinstance(routing_of(member), Weighted) for member in members):
        return tuple(members)
    served = choose(members).served
    return tuple(members) if all(map(_is_watched, served)) else served


def _is_watched(rrset: RRset) -> bool:
    alias = alias_of(rrset)
    is_checked = any(isinstance(plain(extra), HealthCheck) for extra in rrset.extras)
    return is_checked or (alias is not None and alias.evaluate_target_health)


def routing_of(rrset: RRset) -> RoutingPolicy | None:
    """Return the routing policy among the extras."""
    return next((extra for extra in rrset.extras if isinstance(extra, RoutingPolicy)), None)


def _by_weight(members: Sequence[RRset]) -> Choice:
    heaviest_first = tuple(sorted(members, key=lambda member: -_weight(member)))
    positive = tuple(member for member in heaviest_first if _weight(member))
    if not positive:
        return Choice(heaviest_first, "all weights are 0, which counts as equal: all sets")
    return Choice(positive, "routed by weight: the sets whose weight is not 0")


def _weight(rrset: RRset) -> int:
    policy = routing_of(rrset)
    return policy.weight if isinstance(policy, Weighted) else 0
