"""From measurements to the timeline of a move. No IO here, and no clock: `Measured.now` is the time.

    lower TTLs -> (remove the DS) -> earliest cutover -> switch -> delegation settled -> last stale answer
               -> earliest safe deletion, sign again, restore TTLs

Each instant is exact: the earliest that the measurements allow. A margin is recommended beside it. What has not
happened yet is planned as if it were done now, or at the switch; the plan is made anew when it has happened.
Worked example, with a delegation of two days and a DS of one (facts of a .com domain):

    Mon 09:05  the lower TTLs are seen at every old server       earliest cutover Tue 09:05 (apex NS 86400 before)
    Tue 12:10  no server of the parent has the DS any more       safe from Wed 12:10 = max(DS 86400, DNSKEY 3600)
    Wed 16:06  every server of the parent lists the new set      settled Fri 16:11 (172800 + 300)
"""

from dataclasses import replace
from datetime import datetime, timedelta

from migrator import clock
from migrator.checks.facts import Strategy
from migrator.clock import Former, Measure, Moment, Switch, instant
from migrator.meaning.suffixes import keeper_of
from migrator.timeline import dnssec
from migrator.timeline.lifecycles import lifecycle_steps
from migrator.timeline.measured import Measured
from migrator.timeline.steps import Kind, State, Step, Timeline, state_of_gate

LEAST_MARGIN = 3600
_FRIDAY = 4


def make_timeline(found: Measured, switch_at: datetime | None = None) -> Timeline:
    """Return the plan; `switch_at` is when the person wants to switch, else the earliest safe instant."""
    lowered, cutover = _lowering(found), _cutover(found)
    signing = dnssec.before_switch(found)
    gates = [step for step in (cutover, *signing) if step.kind is Kind.GATE and step.state is not State.NOT_NEEDED]
    placed = [step.at for step in gates if step.at is not None]
    earliest = max([found.now, *placed]) if len(placed) == len(gates) else None
    at = found.switched or switch_at or earliest
    too_early = "" if found.switched else _too_early(gates, earliest, switch_at)
    switch = _switch(found, at, gates, earliest, too_early)
    after = _after(found, at)
    return Timeline(
        found,
        (lowered, *signing, cutover, switch, *after, *lifecycle_steps(found, at)),
        earliest,
        at,
        is_wished=switch_at is not None,
        too_early=too_early,
    )


def _lowering(found: Measured) -> Step:
    title = f"Lower the TTLs of the old zone to {found.target_ttl} s"
    if found.switched:
        return _not_needed("lower-ttls", title, "the parent lists the new set already")
    if found.high:
        longest = max(found.high, key=lambda high: high.seconds)
        more = f" and {len(found.high) - 1} more" if len(found.high) > 1 else ""
        return Step(
            "lower-ttls",
            title,
            Kind.ACT,
            State.AHEAD,
            found.now,
            f"{longest.name} is {longest.seconds} s{more}; the plan assumes that they are lowered now",
            _fixed(found),
        )
    seen = [former.until for former in found.formers if not former.is_assumed]
    if seen:
        at = max(seen)
        why = f"the lower TTLs were first seen at every old server at {instant(at)}"
        return Step("lower-ttls", title, Kind.ACT, State.DONE, at, why, _fixed(found))
    if found.unseen or not (found.formers or found.fixed):
        return Step("lower-ttls", title, Kind.ACT, State.UNKNOWN, unknown=_unseen(found))
    what = "that can be lowered" if found.fixed else "that matters"
    stays = f". {_fixed(found)}" if found.fixed else ""
    return _not_needed("lower-ttls", title, f"no TTL {what} is above {found.target_ttl} s{stays}")


def _fixed(found: Measured) -> str:
    """Return what stays long because nobody can lower it, as sentences; empty where nothing does."""
    each = [f"{high.name} stays at {high.seconds} s: {high.fixed}." for high in found.fixed]
    return " ".join([*each, "That counts after the switch."] if each else [])


def _cutover(found: Measured) -> Step:
    """Return when caches have let go of what the old servers handed out before the TTLs were low."""
    title = "Caches have let go of the longer TTLs"
    if found.switched:
        return replace(_not_needed("earliest-cutover", title, "the switch is made"), kind=Kind.GATE)
    planned = [Former(high.name, high.seconds, found.now, is_assumed=True) for high in found.high]
    moment = clock.earliest_cutover([*found.formers, *planned])
    if moment is None and found.fixed and not found.unseen:
        why = "nothing was or can be lowered: the TTLs that stay count after the switch"
        return replace(_not_needed("earliest-cutover", title, why), kind=Kind.GATE)
    if moment is None:
        return Step("earliest-cutover", title, Kind.GATE, State.UNKNOWN, unknown=_unseen(found))
    names = {high.name for high in found.high}
    last = max([*found.formers, *planned], key=lambda former: former.gone)
    formula = moment.formula
    if last in planned and last.name in names:
        formula = f"{last.name} lowered now {instant(last.until)} + {last.seconds}, seen at all old servers"
    unknown = _unseen(found) if found.unseen else ()
    return Step(
        "earliest-cutover",
        title,
        Kind.GATE,
        state_of_gate(moment.at, found.now, unknown),
        moment.at,
        formula,
        _of_before(found),
        unknown,
        last.until,
    )


def _of_before(found: Measured) -> str:
    """Return what nobody knows because nobody looked early enough; empty where somebody did."""
    if found.high or not all(former.is_assumed for former in found.formers):
        return ""
    first = min(former.until for former in found.formers)
    return (
        f"What the old servers handed out before {instant(first)} is not known: if TTLs were lowered shortly "
        "before, state when with --ttl-lowered-at, and wait for the longer ones."
    )


def _unseen(found: Measured) -> tuple[str, ...]:
    return found.unseen or ("no old name server showed its TTLs: --from names the old side",)


def _too_early(gates: list[Step], earliest: datetime | None, switch_at: datetime | None) -> str:
    if switch_at is None:
        return ""
    if earliest is None:
        return "Whether that is safe cannot be told: see what was not measured."
    if switch_at >= earliest:
        return ""
    reasons = [
        f"{step.id} {instant(step.at)} = {step.rests_on}"
        for step in gates
        if step.at is not None and step.at > switch_at
    ]
    why = "; ".join(reasons) or "that is past"
    return f"A switch at {instant(switch_at)} is too early: safe from {instant(earliest)} on: {why}."


def _switch(
    found: Measured, at: datetime | None, gates: list[Step], earliest: datetime | None, too_early: str
) -> Step:
    title = f"Switch: {keeper_of(found.domain)} gets the new name servers"
    if found.switched is not None:
        why = "every server of the parent lists the new set since then"
        return Step("switch", title, Kind.ACT, State.DONE, found.switched, why)
    unknown = tuple(dict.fromkeys((*(each for step in gates for each in step.unknown), *found.doubts)))
    if at is None:
        return Step("switch", title, Kind.ACT, State.UNKNOWN, unknown=unknown)
    if earliest is None:
        because = "the wished instant; the earliest safe one is not known"
    elif at == earliest:
        because = _awaited(gates) if at > found.now else "nothing to wait for"
    else:
        because = f"the wished instant; the earliest safe one is {instant(earliest)}"
    margin, words = _margin(found, gates, earliest)
    return Step(
        "switch",
        title,
        Kind.ACT,
        State.AHEAD,
        at,
        because,
        too_early or _weekday(at),
        unknown,
        recommended=None if margin is None or margin <= at else margin,
        recommended_because=words,
    )


def _awaited(gates: list[Step]) -> str:
    titles = ", ".join(f"'{step.title}'" for step in gates)
    return f"the wait {titles}" if len(gates) == 1 else f"the latest of the waits {titles}"


def _margin(found: Measured, gates: list[Step], earliest: datetime | None) -> tuple[datetime | None, str]:
    """Return the earliest instant with an hour and a tenth of the longest wait, or later by a gate's advice."""
    waits = [step.at - step.since for step in gates if step.at is not None and step.since is not None]
    if earliest is None or earliest <= found.now:
        return None, ""
    tenth = int(max(waits, default=timedelta()).total_seconds()) // 10
    at = earliest + timedelta(seconds=LEAST_MARGIN + tenth)
    words = f"{instant(earliest)} + one hour {LEAST_MARGIN} + a tenth of the longest wait {tenth}"
    later = [(step.recommended, step.id) for step in gates if step.recommended is not None]
    last, id_ = max(later, default=(at, ""))
    return (last, f"recommended by {id_}") if last > at else (at, words)


def _weekday(at: datetime) -> str:
    return f"That is a {at:%A}: a working day, in the morning, is better." if at.weekday() >= _FRIDAY else ""


def _after(found: Measured, switch: datetime | None) -> tuple[Step, ...]:
    """Return what follows the switch."""
    old_ns = _as_lowered(found)
    if switch is None:
        why = ("the instant of the switch",)
        return tuple(Step(id_, title, kind, State.UNKNOWN, unknown=why) for id_, title, kind in _LATER)
    made = Switch(switch, found.parent_ns, old_ns, None, found.glue, address_ttl=_lowered_hosts(found))
    end = found.settled or clock.last_stale_answer(made)
    sooner = clock.last_stale_answer(replace(made, old_ns_gone=switch))
    advice = ""
    if found.settled is None and sooner.at < end.at:
        advice = (
            "Sooner, if the old servers list the new name servers at their apex from the switch on: "
            f"{instant(sooner.at)}."
        )
    settled = _gate(
        found,
        "delegation-settled",
        _SETTLED,
        end.at,
        end.formula,
        unknown=end.unknown,
        since=switch,
        advice=advice,
    )
    signing = dnssec.after_switch(found, end)
    return (settled, _stale(found, end), *signing, *_endings(found, end, signing))


def _as_lowered(found: Measured) -> Measure:
    """Return the TTL of the old apex NS set as it is at the switch."""
    seconds = found.old_ns.seconds
    if seconds is None or not found.ns_can_be_lowered or found.switched:
        return found.old_ns
    return replace(found.old_ns, seconds=min(seconds, found.target_ttl))


def _lowered_hosts(found: Measured) -> Measure | None:
    """Return the TTL of the addresses of name servers that keep their names, as it is at the switch."""
    hosts = found.old_hosts
    if hosts is None or hosts.seconds is None:
        return hosts
    return replace(hosts, seconds=min(hosts.seconds, found.target_ttl))


def _stale(found: Measured, end: Moment) -> Step:
    """Return when the last cache drops a record that came from the old servers at the very end."""
    seconds = found.changing.seconds
    if seconds is None:
        unknown = (*end.unknown, f"{found.changing.name}: {found.changing.reason}")
        return _gate(found, "last-stale-answer", _STALE, end.at, _at(end), unknown=unknown, since=end.at)
    lowered = seconds if found.switched else max(min(seconds, found.target_ttl), found.changing_fixed)
    moment = clock.last_cached_record(end, Measure(found.changing.name, lowered))
    return _gate(
        found, "last-stale-answer", _STALE, moment.at, moment.formula, unknown=moment.unknown, since=end.at
    )


def _endings(found: Measured, end: Moment, signing: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return how long there is a way back, when the old zone may go, and when TTLs are raised again."""
    last = max((step.at for step in signing if step.id == "old-ds-expired" and step.at), default=end.at)
    safe = clock.safe_deletion(end)
    back = max(found.parent_ns.counted, found.new_ns.counted)
    way_back = f"going back at the registrar takes max({found.parent_ns}, {found.new_ns}) = {back} s to reach all"
    restore = Step(
        "restore-ttls",
        _RESTORE,
        Kind.ACT,
        State.AHEAD,
        end.at,
        f"the delegation has settled {instant(end.at)}: from then on low TTLs help nobody",
        unknown=end.unknown,
    )
    if safe is None:
        horizon = Step("rollback-horizon", _BACK, Kind.GATE, State.UNKNOWN, None, way_back, unknown=end.unknown)
        deletion = Step("safe-deletion", _DELETE, Kind.GATE, State.UNKNOWN, unknown=end.unknown)
        return restore, horizon, deletion
    formula = safe.formula if last <= safe.at else f"the last step of DNSSEC {instant(last)}"
    safe = Moment(max(safe.at, last), formula)
    wise = clock.recommended_deletion(safe, found.parent_ns)
    horizon = _gate(
        found,
        "rollback-horizon",
        _BACK,
        safe.at,
        f"until the old zone is deleted; {way_back}",
        advice=_EQUAL
        if found.strategy not in {Strategy.GO_INSECURE, Strategy.MULTI_SIGNER}
        else f"{_EQUAL} {_BY_DS}",
    )
    deletion = replace(
        _gate(found, "safe-deletion", _DELETE, safe.at, safe.formula, since=end.at),
        advice="Nothing deletes it by itself: run `check --phase close` first.",
        recommended=wise.at,
        recommended_because=wise.formula,
    )
    return restore, horizon, deletion


def _gate(
    found: Measured,
    id_: str,
    title: str,
    at: datetime,
    formula: str,
    *,
    unknown: tuple[str, ...] = (),
    since: datetime | None = None,
    advice: str = "",
) -> Step:
    state = state_of_gate(at, found.now, unknown)
    return Step(id_, title, Kind.GATE, state, at, formula, advice, unknown, since)


def _at(end: Moment) -> str:
    return f"delegation settled {instant(end.at)}"


def _not_needed(id_: str, title: str, reason: str) -> Step:
    return Step(id_, title, Kind.ACT, State.NOT_NEEDED, rests_on=reason)


_SETTLED = "The last resolver that obeys TTLs has turned to the new servers"
_STALE = "The last record from the old servers leaves the caches"
_RESTORE = "Put the TTLs back"
_EQUAL = "Keep both zones equal until then: what is wrong in a record is mended in both, and is quicker."
_BY_DS = (
    "Before going back, the DS at the parent has to fit the keys of the old servers, or to be gone for as long as "
    "its TTL: otherwise validating resolvers answer SERVFAIL."
)
_BACK = "Until here the old zone is a way back"
_DELETE = "The old zone may be deleted"
_LATER = (
    ("delegation-settled", _SETTLED, Kind.GATE),
    ("last-stale-answer", _STALE, Kind.GATE),
    ("restore-ttls", _RESTORE, Kind.ACT),
    ("rollback-horizon", _BACK, Kind.GATE),
    ("safe-deletion", _DELETE, Kind.GATE),
)
