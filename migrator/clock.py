"""The arithmetic of TTLs after a switch: when the last stale answer ends, when the old zone may go. No IO here.

A resolver that asked the parent just before the last parent server switched keeps the old NS set for the parent's
TTL P. While the old servers go on listing themselves at the apex with TTL C, a resolver that prefers the child's
set can take it from them up to that last second, and keeps it for C more:

    last stale answer = all parents switched + P + C

Where the old servers list the new set since before the switch, nobody can take the old one from them any more, and
the caches run side by side:

    last stale answer = all parents switched + max(P, C)

In between (the old servers began to list the new set at G) it is the later of `switched + P` and `G + C`, and
never later than the first formula. A TTL counts for at most a week, as in resolvers (BIND's max-cache-ttl). What
was fetched from the old servers at the very end is kept for its own TTL besides, but needs no server.

Where name servers keep their names and move, the parent hands out other glue (TTL G) in place of another set, and
what leads back are the addresses of these names in the old zone, with TTL A. Whoever keeps the old servers' NS set
takes the addresses from them up to its last second:

    last stale answer = all parents switched + max(P, G) + C + A

Before the switch the same caches are waited for. A TTL that was handed out until somebody saw a lower one is kept
that long from then on:

    earliest safe cutover = the latest of (lower TTL first seen + the longer TTL before it), at every old server

A domain that leaves DNSSEC for the move is waited for besides. What a validating resolver holds when the DS goes
outlives it for the TTL D of the DS, or for the TTL K of the keys. Few may last longer: as long as one holds the DS
it finds keys good that it fetches anew, and validates by them for K from then on:

    insecure             = DS gone at every parent server + max(D, K)
    insecure everywhere  = DS gone at every parent server + D + K

Each result says how it came about, and what it could not take into account because nobody saw it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from migrator.model.values import dataclass

RESOLVER_CAP = 604_800
# A deletion cannot be undone, and resolvers that keep asking the old servers have no bound at all.
LEAST_MARGIN = 86_400


@dataclass(frozen=True, slots=True)
class Measure:
    """A TTL in seconds that was seen, or None and the reason why it is not known."""

    name: str
    seconds: int | None
    reason: str = ""

    @property
    def counted(self) -> int:
        """The seconds for which a resolver keeps it; 0 where it is not known."""
        return min(self.seconds or 0, RESOLVER_CAP)

    def __str__(self) -> str:
        """Return the name and seconds as formulae show them."""
        return f"{self.name} {'unknown' if self.seconds is None else shown(self.seconds)}"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A TTL that an NS set had before: somebody saw another one, or another set, at `until`."""

    name: str
    seconds: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Former:
    """A TTL in seconds that a server handed out until a lower one was seen there, at `until`.

    `is_assumed` where nobody saw a longer one: the first look saw this one already, and counts as the beginning.
    """

    name: str
    seconds: int
    until: datetime
    is_assumed: bool = False

    @property
    def gone(self) -> datetime:
        """When no cache can hold it any more."""
        return _later(self.until, min(self.seconds, RESOLVER_CAP))


@dataclass(frozen=True, slots=True)
class Switch:
    """What was measured of a switch.

    `switched` is the first moment from which every server of the parent listed the new set. `old_ns_gone` is the
    first moment from which every old server listed the new set at its own apex, None where one still lists
    another. `glue_ttl` is there where a name server keeps its name and may move, `address_ttl` where it is known
    to have moved: the TTL that its address has in the old zone.
    """

    switched: datetime
    parent_ttl: Measure
    old_ns_ttl: Measure
    old_ns_gone: datetime | None = None
    glue_ttl: Measure | None = None
    earlier: tuple[Earlier, ...] = ()
    address_ttl: Measure | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC, in whole seconds and never too early, how it is computed, and what is missing in it.

    Where `unknown` is not empty, `at` takes into account what is known, and the truth may be later.
    """

    at: datetime
    formula: str
    unknown: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the instant and its formula, as reports print them."""
        return f"{instant(self.at)} = {self.formula}"


def earliest_cutover(formers: Iterable[Former]) -> Moment | None:
    """Return when every cache has let go of the longer TTLs; None where there was none to wait for."""
    latest = max(formers, key=lambda former: former.gone, default=None)
    if latest is None:
        return None
    seen = "first seen" if latest.is_assumed else "lower TTL first seen"
    return Moment(latest.gone, f"{latest.name} {seen} {instant(latest.until)} + {shown(latest.seconds)}")


def insecure(gone: datetime, ds: Measure, keys: Measure, formers: Iterable[Former] = ()) -> Moment:
    """Return when all that resolvers held when the DS went is gone from their caches: the DS, and the old keys.

    `formers` are TTLs that the keys had before, or that keys had which are gone. A resolver that fetches the keys
    anew while it holds the DS may go on to validate: see `insecure_everywhere`.
    """
    formers = tuple(formers)
    at = _later(gone, max(ds.counted, keys.counted))
    moment = Moment(at, f"DS gone since {instant(gone)} + max({ds}, {keys})")
    return _with_formers(moment, formers, gone, (ds,) if formers else (ds, keys))


def insecure_everywhere(gone: datetime, ds: Measure, keys: Measure, formers: Iterable[Former] = ()) -> Moment:
    """Return when no resolver validates any more by keys that it trusts because of a DS that is gone.

    Keys that were fetched in the last second of a cached DS live on for their own TTL, and so do `formers`, those
    of before, which count while a cache can have had the DS.
    """
    formers = tuple(formers)
    end = _later(gone, ds.counted)
    moment = Moment(_later(end, keys.counted), f"DS gone since {instant(gone)} + {ds} + {keys}")
    return _with_formers(moment, formers, end, (ds,) if formers else (ds, keys))


def _with_formers(
    moment: Moment, formers: Iterable[Former], until: datetime, measures: Iterable[Measure]
) -> Moment:
    """Return the moment, or when keys of before are gone that were fetched `until` then, and what is unknown."""
    for former in formers:
        last = min(former.until, until)
        at = replace(former, until=last).gone
        if at > moment.at:
            formula = f"{former.name} {former.seconds} until {instant(last)} + {shown(former.seconds)}"
            moment = Moment(at, f"{formula}, later than {moment.formula}")
    unknown = tuple(f"{measure.name}: {measure.reason}" for measure in measures if measure.seconds is None)
    return replace(moment, unknown=unknown)


def last_stale_answer(switch: Switch) -> Moment:
    """Return when the last resolver that obeys TTLs has turned to the new servers."""
    moment = _delegation_end(switch)
    hosts = switch.address_ttl
    for earlier in switch.earlier:
        at = _later(earlier.until, min(earlier.seconds, RESOLVER_CAP) + (0 if hosts is None else hosts.counted))
        if at > moment.at:
            formula = (
                f"{earlier.name} changed {instant(earlier.until)} + its former value {shown(earlier.seconds)}"
                f"{'' if hosts is None else f' + {hosts}'}, later than {moment.formula}"
            )
            moment = replace(moment, at=at, formula=formula)
    unknown = tuple(
        f"{measure.name}: {measure.reason}"
        for measure in (switch.parent_ttl, switch.old_ns_ttl, switch.glue_ttl, switch.address_ttl)
        if measure is not None and measure.seconds is None
    )
    return replace(moment, unknown=unknown)


def last_cached_record(end: Moment, longest: Measure) -> Moment:
    """Return when the last cache drops a record that it fetched from the old servers at the very end."""
    return Moment(
        _later(end.at, longest.counted), f"delegation settled {instant(end.at)} + {longest}", end.unknown
    )


def safe_deletion(end: Moment) -> Moment | None:
    """Return when no resolver that obeys TTLs asks the old servers any more; None where that is not known."""
    return None if end.unknown else Moment(end.at, f"last stale answer {instant(end.at)}")


def recommended_deletion(safe: Moment, parent_ttl: Measure) -> Moment:
    """Return the safe instant with the margin that a step without a way back deserves."""
    half = parent_ttl.counted // 2
    return Moment(
        _later(safe.at, max(LEAST_MARGIN, half)),
        f"safe to delete {instant(safe.at)} + max(one day {LEAST_MARGIN}, half the parent NS TTL {half})",
    )


def instant(moment: datetime) -> str:
    """Return an aware time in UTC as `2026-12-01T09:00:00Z`, a fraction of a second as a whole one."""
    # Not strftime, whose %Y leaves out the zeros of an early year.
    return whole(moment).replace(tzinfo=None).isoformat() + "Z"


def shown(seconds: int) -> str:
    """Return a TTL as formulae show it, with what of it counts where that is less."""
    return f"{seconds} (counted as {RESOLVER_CAP})" if seconds > RESOLVER_CAP else str(seconds)


def longest(name: str, seconds: Iterable[int], reason: str) -> Measure:
    """Return the longest of the TTLs that were seen, or the reason why there is none."""
    return Measure(name, max(seconds, default=None), reason)


def _delegation_end(switch: Switch) -> Moment:
    parent, old = switch.parent_ttl, switch.old_ns_ttl
    start = f"all parents switched {instant(switch.switched)}"
    glue = 0 if switch.glue_ttl is None else switch.glue_ttl.counted
    if switch.address_ttl is not None:
        seconds = max(parent.counted, glue) + old.counted + switch.address_ttl.counted
        first = f"max({parent}, {switch.glue_ttl})" if glue > parent.counted else str(parent)
        return Moment(_later(switch.switched, seconds), f"{start} + {first} + {old} + {switch.address_ttl}")
    side_by_side = [parent, old] if switch.glue_ttl is None else [parent, old, switch.glue_ttl]
    if switch.old_ns_gone is not None and switch.old_ns_gone <= switch.switched:
        longest_ttl = max(measure.counted for measure in side_by_side)
        return Moment(_later(switch.switched, longest_ttl), f"{start} + max({', '.join(map(str, side_by_side))})")
    added = _later(switch.switched, max(parent.counted + old.counted, glue))
    # The glue is told of where it decides: nearly always it has the TTL of the delegation.
    decides = glue > parent.counted + old.counted
    formula = f"{start} + max({parent} + {old}, {switch.glue_ttl})" if decides else f"{start} + {parent} + {old}"
    if switch.old_ns_gone is not None:
        gone = switch.old_ns_gone
        at = max(_later(switch.switched, max(parent.counted, glue)), _later(gone, old.counted))
        if at < added:
            listed = f"old servers list the new set {instant(gone)}"
            first = f"max({parent}, {switch.glue_ttl})" if glue > parent.counted else str(parent)
            return Moment(at, f"max({start} + {first}, {listed} + {old})")
    return Moment(added, formula)


def _later(moment: datetime, seconds: int) -> datetime:
    return whole(moment) + timedelta(seconds=seconds)


def whole(moment: datetime) -> datetime:
    """Return the time in UTC, rounded up to the second: a deadline that is shown is never too early."""
    assert moment.tzinfo is not None
    moment = moment.astimezone(UTC)
    return moment if moment.microsecond == 0 else moment.replace(microsecond=0) + timedelta(seconds=1)
