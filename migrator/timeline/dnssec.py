"""The steps that keep validating resolvers content while the operator changes. No IO here.

Insecure on the way: no DS at the parent for max(DS TTL, DNSKEY TTL) before the switch, and signed again after it.
A later switch is recommended, for resolvers that fetched the keys anew while they held the DS: after both TTLs.
Secure all the way (RFC 8901): each side publishes the other's keys and the parent both DS, for as long as caches
hold what was before. The DS TTL alone is not enough: a resolver that holds the old keys goes on validating.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from migrator.checks.facts import Strategy
from migrator.clock import RESOLVER_CAP, Measure, Moment, insecure, insecure_everywhere, instant
from migrator.timeline.measured import Measured
from migrator.timeline.steps import Kind, State, Step, state_of_gate

_REMOVE = "Remove the DS at the registrar, and keep the old zone signed"
_EXPIRED = "No cache holds the DS or the old keys"
_EXCHANGE = "Publish each side's keys in the other zone, and both DS at the parent"
_EXCHANGED = "Every cache knows both sides' keys"
_SIGN = "Sign the new zone"
_ADD = "Add the DS of the new zone at the registrar"
_DROP = "Remove the DS of the old keys at the registrar"
_DROPPED = "No cache holds the DS of the old keys"


def before_switch(found: Measured) -> tuple[Step, ...]:
    """Return what has to be done and waited for before the switch."""
    if found.is_ds_left:
        return _left_behind(found)
    match found.strategy:
        case Strategy.UNSIGNED if found.ds_unsaid and found.switched is None:
            unknown = (found.ds_unsaid,)
            return (
                Step("remove-ds", _REMOVE, Kind.ACT, State.UNKNOWN, unknown=unknown),
                Step("ds-expired", _EXPIRED, Kind.GATE, State.UNKNOWN, unknown=unknown),
            )
        case Strategy.UNSIGNED if found.old_keys.seconds is not None and found.switched is None:
            return _signed_without_ds(found)
        case Strategy.UNSIGNED:
            reason = "no server of the parent has, or was seen with, a DS: the domain is not signed"
            return _not_needed(reason, ("remove-ds", _REMOVE, Kind.ACT), ("ds-expired", _EXPIRED, Kind.GATE))
        case Strategy.GO_INSECURE:
            return _going_insecure(found)
        case Strategy.MULTI_SIGNER:
            return _exchanging(found)
        case Strategy.SAME_KEYS:
            reason = "both sides have the same keys: DS and keys stay as they are"
            return _not_needed(reason, ("remove-ds", _REMOVE, Kind.ACT), ("ds-expired", _EXPIRED, Kind.GATE))


def after_switch(found: Measured, end: Moment) -> tuple[Step, ...]:
    """Return what makes the domain whole again, from the instant at which nobody asks the old servers any more."""
    settled = f"the delegation has settled {instant(end.at)}"
    match found.strategy:
        case Strategy.UNSIGNED | Strategy.SAME_KEYS:
            reason = (
                "the domain was not signed before" if found.strategy is Strategy.UNSIGNED else "nothing changes"
            )
            return _not_needed(reason, ("sign-again", _SIGN, Kind.ACT), ("add-ds", _ADD, Kind.ACT))
        case Strategy.GO_INSECURE:
            # Keys that are not there yet have no TTL that could have been measured.
            keys = () if found.new_keys.seconds is None else (found.new_keys,)
            records = () if found.unsigned is None else (found.unsigned,)
            wait, formula, unknown = _longest(*keys, found.new_negative, *records)
            start = end.at if keys else max(end.at, found.now)
            at = start + timedelta(seconds=wait)
            sign = Step("sign-again", _SIGN, Kind.ACT, State.AHEAD, start, settled, unknown=end.unknown)
            why = f"signed {instant(start)} + {formula}"
            later = "" if keys else " Then wait for the TTL of the new keys too."
            advice = f"First every new server must show the keys and signatures: `check --phase settle`.{later}"
            missing = (*end.unknown, *unknown)
            return sign, Step("add-ds", _ADD, Kind.ACT, State.AHEAD, at, why, advice, missing, start)
        case Strategy.MULTI_SIGNER if found.is_old_ds_gone:
            reason = "every DS at the parent fits a key of the new servers"
            return _not_needed(reason, ("remove-old-ds", _DROP, Kind.ACT), ("old-ds-expired", _DROPPED, Kind.GATE))
        case Strategy.MULTI_SIGNER:
            wait, formula, unknown = _longest(found.parent_ds)
            at = end.at + timedelta(seconds=wait)
            leave = "Leave every DS that fits a key of the new servers."
            drop = Step("remove-old-ds", _DROP, Kind.ACT, State.AHEAD, end.at, settled, leave, end.unknown)
            why = f"DS of the old keys removed {instant(end.at)} + {formula}"
            missing = (*end.unknown, *unknown)
            return drop, Step("old-ds-expired", _DROPPED, Kind.GATE, State.AHEAD, at, why, "", missing, end.at)


def _left_behind(found: Measured) -> tuple[Step, ...]:
    """Return what is to be done at once, whatever the strategy: nobody who validates believes the new servers."""
    breaks = "validating resolvers answer SERVFAIL"
    why = f"the switch is made, and the DS at the parent fits no key of a new server: {breaks}"
    wait, formula, unknown = _longest(found.parent_ds)
    at = found.now + timedelta(seconds=wait)
    formula = f"removed now {instant(found.now)} + {formula}, gone at every server of the parent"
    act = Step("remove-ds", _REMOVE, Kind.ACT, State.AHEAD, found.now, why)
    return act, _gate(found, "ds-expired", _EXPIRED, at, formula, unknown, found.now)


def _going_insecure(found: Measured) -> tuple[Step, ...]:
    if found.switched is not None:
        reason = "the switch is made; `check --phase settle` says what becomes of signatures"
        return _not_needed(reason, ("remove-ds", _REMOVE, Kind.ACT), ("ds-expired", _EXPIRED, Kind.GATE))
    start = found.ds_gone or found.now
    measures = (found.parent_ds, found.old_keys)
    moment = insecure(start, *measures, found.former_keys)
    formula = moment.formula
    if found.ds_gone is None:
        why = "the parent has a DS of the old keys; the plan assumes that it is removed now"
        act = Step("remove-ds", _REMOVE, Kind.ACT, State.AHEAD, found.now, why)
        _, longest, _ = _longest(*measures)
        formula = f"removed now {instant(found.now)} + {longest}, gone at every server of the parent"
    else:
        act = Step("remove-ds", _REMOVE, Kind.ACT, State.DONE, start, "no server of the parent has it since then")
    gate = _gate(found, "ds-expired", _EXPIRED, moment.at, formula, moment.unknown, start)
    return act, _with_last(gate, found, insecure_everywhere(start, *measures, found.former_keys))


def _signed_without_ds(found: Measured) -> tuple[Step, ...]:
    """Return the gate of a signed zone whose DS nobody saw: if there was one, it went before the first look.

    Its TTL is not known, and that of the delegation stands for it.
    """
    reason = "the parent has no DS now, and no earlier look saw one"
    (act,) = _not_needed(reason, ("remove-ds", _REMOVE, Kind.ACT))
    start = found.without_ds or found.now
    measures = (start, found.parent_ns, found.old_keys, found.former_keys)
    moment = insecure(*measures)
    why = f"the old zone is signed, and no look saw a DS: {moment.formula}"
    gate = _gate(found, "ds-expired", _EXPIRED, moment.at, why, moment.unknown, start)
    return act, _with_last(gate, found, insecure_everywhere(*measures))


def _with_last(gate: Step, found: Measured, last: Moment) -> Step:
    """Return the gate of what most resolvers hold, with the recommendation to wait for the last of them."""
    if last.at <= found.now:
        return gate
    because = f"{last.formula}: a resolver that holds the DS fetches the keys anew"
    return replace(gate, recommended=last.at, recommended_because=because)


def _exchanging(found: Measured) -> tuple[Step, ...]:
    if found.switched is not None:
        reason = "the switch is made"
        return _not_needed(
            reason, ("exchange-keys", _EXCHANGE, Kind.ACT), ("keys-exchanged", _EXCHANGED, Kind.GATE)
        )
    if not found.exchanged:
        wait, formula, unknown = _longest(found.parent_ds, found.old_keys, found.new_keys)
        why = "the plan assumes that it is done now"
        act = Step("exchange-keys", _EXCHANGE, Kind.ACT, State.AHEAD, found.now, why)
        formula = f"exchanged now {instant(found.now)} + {formula}, seen at every server"
        at = found.now + timedelta(seconds=wait)
        return act, _gate(found, "keys-exchanged", _EXCHANGED, at, formula, unknown, found.now)
    start = max(wait.until for wait in found.exchanged)
    last = max(found.exchanged, key=lambda wait: wait.gone)
    act = Step("exchange-keys", _EXCHANGE, Kind.ACT, State.DONE, start, "every server shows them since then")
    formula = f"{last.name} since {instant(last.until)} + {last.seconds}"
    return act, _gate(found, "keys-exchanged", _EXCHANGED, last.gone, formula, (), last.until)


def _longest(*measures: Measure) -> tuple[int, str, tuple[str, ...]]:
    """Return the longest of the measures, how it is computed, and which of them are not known."""
    unknown = tuple(f"{measure.name}: {measure.reason}" for measure in measures if measure.seconds is None)
    seconds = max(measure.counted for measure in measures)
    shown = ", ".join(map(str, measures))
    return min(seconds, RESOLVER_CAP), f"max({shown})" if len(measures) > 1 else shown, unknown


def _gate(
    found: Measured, id_: str, title: str, at: datetime, formula: str, unknown: tuple[str, ...], since: datetime
) -> Step:
    state = state_of_gate(at, found.now, unknown)
    return Step(id_, title, Kind.GATE, state, at, formula, "", unknown, since)


def _not_needed(reason: str, *steps: tuple[str, str, Kind]) -> tuple[Step, ...]:
    return tuple(Step(id_, title, kind, State.NOT_NEEDED, rests_on=reason) for id_, title, kind in steps)
