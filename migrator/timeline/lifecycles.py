"""What providers do with a zone by themselves, or what cannot be undone there: each with source and date."""

from datetime import date, datetime, timedelta

from migrator.model.capabilities import Claim
from migrator.model.values import dataclass
from migrator.timeline.measured import Measured
from migrator.timeline.steps import Kind, State, Step

_DAY = 86_400
_DOMAIN_STATUS = Claim("Cloudflare docs, Domain status", date(2026, 11, 20))
_DELETE_ZONE = Claim("Route 53 Developer Guide, Deleting a public hosted zone", date(2026, 11, 20))


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that happens `seconds` after the switch (the old side) or after now (the new one)."""

    id: str
    title: str
    seconds: int
    says: str
    claim: Claim


_OF_OLD = {
    "cloudflare": (
        Deadline(
            "cloudflare-deleted",
            "Cloudflare may delete the old zone (Free plan)",
            7 * _DAY,
            "a zone that is delegated elsewhere is `moved`, and a Free one is deleted 7 days after Cloudflare has "
            "noticed; it still answers then, and can be had back",
            _DOMAIN_STATUS,
        ),
        Deadline(
            "cloudflare-purged",
            "Cloudflare may purge the old zone (Free plan): no way back",
            14 * _DAY,
            "a deleted zone is purged 7 days later: it answers no more, and a new one gets other name servers",
            _DOMAIN_STATUS,
        ),
    ),
}
_OF_NEW = {
    "cloudflare": (
        Deadline(
            "cloudflare-pending",
            "Cloudflare deletes a new zone that is still not delegated to it (Free plan)",
            28 * _DAY,
            "when the zone was made is not known, so that it may be sooner",
            _DOMAIN_STATUS,
        ),
    ),
}
_NO_UNDELETE = (
    "a hosted zone that was deleted cannot be had back, and a new one gets other name servers: "
    "delete it last of all, with a backup in hand"
)


def lifecycle_steps(found: Measured, switch: datetime | None) -> tuple[Step, ...]:
    """Return the deadlines of both providers."""
    steps = []
    for deadline in _OF_OLD.get(found.old.scheme, ()):
        if switch is None:
            unknown = ("the instant of the switch",)
            steps.append(
                Step(deadline.id, deadline.title, Kind.DEADLINE, State.UNKNOWN, None, _said(deadline), "", unknown)
            )
        else:
            steps.append(_placed(deadline, switch, "the switch, at the earliest"))
    if found.switched is None:
        steps += [_placed(deadline, found.now, "now") for deadline in _OF_NEW.get(found.new.scheme, ())]
    if found.old.scheme == "route53":
        why = f"{_NO_UNDELETE} ({_dated(_DELETE_ZONE)})"
        steps.append(
            Step("route53-no-undelete", "Route 53 has no undelete", Kind.DEADLINE, State.AHEAD, rests_on=why)
        )
    return tuple(steps)


def _placed(deadline: Deadline, start: datetime, words: str) -> Step:
    at = start + timedelta(seconds=deadline.seconds)
    why = f"{deadline.seconds // _DAY} days after {words}: {_said(deadline)}"
    return Step(deadline.id, deadline.title, Kind.DEADLINE, State.AHEAD, at, why, since=start)


def _said(deadline: Deadline) -> str:
    return f"{deadline.says} ({_dated(deadline.claim)})"


def _dated(claim: Claim) -> str:
    return f"{claim.source}, {claim.verified.isoformat()}"
