"""What becomes of answers that a provider makes up: aliases, routing, health checks, proxies. No IO here."""

from collections.abc import Iterable, Iterator

from migrator.diff.change import Change
from migrator.diff.equality import effective, shown
from migrator.diff.instead import instead_effect
from migrator.diff.result import Kind
from migrator.diff.routed import Rerouted, in_words, rerouted_by, said, together, which
from migrator.diff.wording import answered
from migrator.meaning.roles import HOST_TYPES, Effect, Role, roles_of
from migrator.model.extras import (
    Alias,
    Extra,
    HealthCheck,
    Opaque,
    Proxied,
    RoutingPolicy,
    TrafficPolicy,
    plain,
)
from migrator.model.finding import Severity
from migrator.model.names import for_people
from migrator.model.phrases import counted, ended
from migrator.model.rrset import RRset, is_alias


def routing_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of a set beyond its rdatas: who gets which answer, and when."""
    if change.kind is Kind.CHANGED:
        yield from _changed(change)
        return
    sides = rerouted_by(change)
    if sides is not None:
        yield _gone_from(change, sides) if sides.is_gone else _begun(change, sides)
        yield from _beside_routing(change, sides)
    elif change.key.variant:
        yield _variant(change)


def _variant(change: Change) -> Effect:
    """Return the effect of one of several routed sets that is on one side only, without an ordinary set."""
    this = f"One of the routed answers of {change.shown} ('{change.key.variant}')"
    if change.kind is Kind.EXTRA:
        return _warning(change, ended(f"{this} is new: {answered(change.new)}"))
    role = _role(change)
    gone = f"{this} is gone"
    if change.sides.new.sets(change.owner, change.rdtype):
        return Effect(role, Severity.ERROR, ended(f"{gone}: {answered(change.old)}"))
    instead = instead_effect(change, role) if change.rdtype in HOST_TYPES else None
    if instead is not None:
        return instead
    wildcard = change.sides.new.wildcard(change.owner)
    found = change.sides.new.answer(change.owner, change.rdtype)
    if wildcard is not None and found:
        hides = f"{for_people(wildcard)} hides that: it answers {together(found)} instead"
        return Effect(role, Severity.ERROR, f"{gone}, and {hides}.")
    return Effect(role, Severity.ERROR, f"{gone}, and nothing is answered instead.")


def _gone_from(change: Change, sides: Rerouted) -> Effect:
    """Return the effect where an ordinary set stands in the place of routed ones: of it, or of one of these."""
    shown, now = change.shown, together(sides.plain)
    if change.new is not None:
        strange = sides.strange(change.new)
        if strange:
            is_all = strange.keys() == said([change.new]).keys()
            told = f"{in_words(strange)}, and did not so far" if is_all else f"{in_words(strange)} besides"
            return _warning(change, ended(f"{shown} {_leads(change)} {told}"))
        chose = f"so far its routing chose among {counted(len(sides.routed), 'set')}"
        return _warning(change, f"{shown} {_leads(change)} {now} for everybody; {chose}.")
    assert change.old is not None
    lost = sides.lost(change.old)
    this = which(change.old, sides.routed)
    if not lost and change.old not in sides.answerable:
        return _warning(change, f"A routed answer of {shown} that nobody got ({this}) is gone.")
    if not lost:
        return _warning(change, f"{shown} gives everybody the same answer ({now}); its routing is gone.")
    was = f"{in_words(lost)}, one of its routed answers ({this})"
    if any(sides.strange(rrset) for rrset in sides.new):
        severity = Severity.ERROR if sides.leads_elsewhere or is_alias(change.old) else Severity.WARNING
        return Effect(_role(change), severity, f"{shown} {_leads(change)} {now} instead of {was}.")
    severity = Severity.ERROR if sides.is_needed(change.old) else Severity.WARNING
    return Effect(
        _role(change), severity, ended(f"{shown} no longer {_leads(change)} {was}, only {_to(change)}{now}")
    )


def _begun(change: Change, sides: Rerouted) -> Effect:
    """Return the effect where routed sets stand in the place of an ordinary one: of it, or of one of these."""
    shown = change.shown
    if change.new is not None:
        this = f"one of its routed answers ({which(change.new, sides.routed)})"
        strange = sides.strange(change.new)
        if strange:
            return _warning(change, f"{shown} {_leads(change)} {in_words(strange)} by {this}, and did not so far.")
        if change.new not in sides.answerable:
            return _warning(change, f"{shown} has {answered(change.new)} as {this}, which nobody gets.")
        return _warning(change, f"{shown} {_leads(change)} {answered(change.new)} as before, by {this}.")
    assert change.old is not None
    lost = sides.lost(change.old)
    now = f"{shown} is routed now, and {_leads(change)} {together(sides.answerable)}"
    if not lost:
        return _warning(change, ended(f"{now}; so far everybody got {answered(change.old)}"))
    is_known = sides.leads_elsewhere or is_alias(change.old) or not any(map(is_alias, sides.new))
    severity = Severity.ERROR if is_known else Severity.WARNING
    left = said(sides.answerable)
    told = "not everybody gets" if any(meant in left for meant in lost) else "nobody gets"
    return Effect(_role(change), severity, f"{now}; {told} {in_words(lost)} any more.")


def _beside_routing(change: Change, sides: Rerouted) -> Iterator[Effect]:
    """Yield what else goes with a routed set, or comes with the ordinary one: a health check, a proxy."""
    for extra in _others(change.old, sides.new):
        yield from _gone(change, extra)
    for extra in _others(change.new, sides.old):
        yield from _new(change, extra)


def _others(here: RRset | None, there: Iterable[RRset]) -> list[Extra]:
    """Return what changes the answers of a set, but for its routing and alias, and none of the others has."""
    had = effective(here.extras if here else ())
    has = {text for rrset in there for text in effective(rrset.extras)}
    return [
        extra
        for text, extra in had.items()
        if text not in has and not isinstance(plain(extra), RoutingPolicy | Alias)
    ]


def _leads(change: Change) -> str:
    return "leads to" if change.rdtype in HOST_TYPES else "answers"


def _to(change: Change) -> str:
    return "to " if change.rdtype in HOST_TYPES else ""


def _changed(change: Change) -> Iterator[Effect]:
    had = effective(change.old.extras if change.old else ())
    has = effective(change.new.extras if change.new else ())
    lost = [extra for text, extra in had.items() if text not in has]
    gained = [extra for text, extra in has.items() if text not in had]
    for extra in lost:
        instead = next((other for other in gained if type(plain(other)) is type(plain(extra))), None)
        if instead is None:
            yield from _gone(change, extra)
        else:
            yield _other(change, extra, instead)
    for extra in gained:
        if not any(type(plain(other)) is type(plain(extra)) for other in lost):
            yield from _new(change, extra)


def _gone(change: Change, extra: Extra) -> Iterator[Effect]:
    match plain(extra):
        case Alias() | Opaque():
            inner = plain(extra)
            if isinstance(inner, Opaque):
                what = "record that could not be read" if inner.is_record else "setting"
                yield _warning(
                    change,
                    f"A {what} of the old provider for {change.shown} is not on the new side: {shown(extra)}.",
                )
        case Proxied():
            yield _warning(
                change,
                f"{change.shown} is no longer behind the old provider's proxy: visitors see and reach its own "
                "address, and what the proxy did (certificate, cache, protection) is gone.",
            )
        case HealthCheck() | TrafficPolicy():
            yield _warning(
                change,
                f"{change.shown} is answered also while the server behind it is down: {shown(extra)} is gone.",
            )
        case _:
            yield _warning(change, f"The routing of {change.shown} is gone: {shown(extra)}.")


def _other(change: Change, extra: Extra, instead: Extra) -> Effect:
    if isinstance(plain(extra), Alias):
        sentence = ended(f"{change.shown} leads to {answered(change.new)} instead of {answered(change.old)}")
        return Effect(_role(change), Severity.ERROR, sentence)
    return _warning(change, f"{change.shown} is answered otherwise: {shown(instead)} instead of {shown(extra)}.")


def _new(change: Change, extra: Extra) -> Iterator[Effect]:
    match plain(extra):
        case Alias():
            pass
        case Proxied():
            yield _warning(
                change, f"{change.shown} is behind the new provider's proxy, and was reached directly so far."
            )
        case _:
            yield _warning(change, f"{change.shown} is answered otherwise: {shown(extra)} is new.")


def _warning(change: Change, sentence: str) -> Effect:
    return Effect(_role(change), Severity.WARNING, sentence)


def _role(change: Change) -> Role:
    """Return what the set is for, by all that it says."""
    rdatas = [*change.lost, *change.gained, *change.kept]
    return roles_of(change.key, rdatas, change.sides.old.origin)[0]
