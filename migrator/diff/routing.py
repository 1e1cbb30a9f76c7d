"""What becomes of answers that a provider makes up: aliases, routing, health checks, proxies. No IO here."""

from collections.abc import Iterator

from migrator.diff.change import Change
from migrator.diff.equality import effective, shown
from migrator.diff.result import Kind
from migrator.diff.wording import answered
from migrator.model.extras import Alias, Extra, HealthCheck, Opaque, Proxied, TrafficPolicy, plain
from migrator.model.finding import Severity
from migrator.roles import Effect, Role, roles_of


def routing_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of a set beyond its rdatas: who gets which answer, and when."""
    if change.kind is Kind.CHANGED:
        yield from _changed(change)
    elif change.key.variant:
        yield _variant(change)


def _variant(change: Change) -> Effect:
    """Return the effect of one of several routed sets that is on one side only."""
    this = f"One of the routed answers of {change.shown} ('{change.key.variant}')"
    if change.kind is Kind.EXTRA:
        return _warning(change, f"{this} is new: {answered(change.new)}.")
    plain = change.sides.new.sets(change.owner, change.rdtype)
    if not plain:
        return Effect(_role(change), Severity.ERROR, f"{this} is gone, and nothing is answered instead.")
    if any(rrset.key.variant for rrset in plain):
        return Effect(_role(change), Severity.ERROR, f"{this} is gone: {answered(change.old)}.")
    return _warning(
        change, f"{change.shown} gives everybody the same answer ({answered(plain[0])}); its routing is gone."
    )


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
                f"{change.shown} is no longer behind the old provider's proxy: visitors see and reach its "
                "own address, "
                "and what the proxy did (certificate, cache, protection) is gone.",
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
        sentence = f"{change.shown} leads to {answered(change.new)} instead of {answered(change.old)}."
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
