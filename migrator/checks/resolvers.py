"""Which side resolvers follow after the switch, and until when old answers can come. Pure.

Each resolver of the network profile was asked several times (`confirm` takes the samples) for what tells the
sides apart: the canary TXT, or the SOA. A large resolver's address stands for many machines: n of k samples are
a bound on the stale share, and nothing has "propagated".
"""

from collections.abc import Iterator

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Evidence, Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.clock import instant
from migrator.cutover.sides import Follows, ResolverState
from migrator.model.finding import Phase, Severity
from migrator.model.names import for_people

_AFTER = (Phase.SWITCH, Phase.SETTLE, Phase.CLOSE)
# A stale share that k samples overlook with a probability of 5 %: (1 - p)^k = 0.05.
_OVERLOOKED = 0.05


def _without(facts: Facts) -> Point | None:
    """Return why no resolver is judged, None where some are."""
    if facts.judgement is None:
        return NotNeeded("resolvers are asked from the switch on, and with --to")
    if not facts.judgement.resolvers:
        return NotNeeded("the network profile has no resolver")
    return None


@check(
    "resolvers.side",
    phases=_AFTER,
    severity=Severity.WARNING,
    source="measured with Unbound 1.17, BIND 9.18 and PowerDNS Recursor 4.8 (2025-12)",
    remedy="Wait until the last stale answer is due; then flush that resolver, and keep the old zone.",
)
def side(facts: Facts) -> Iterator[Point]:
    """Resolvers follow the new name servers.

    Before the last stale answer is due, old answers are what TTLs allow: the check passes and shows the share.
    After it, an answer that a resolver fetched from an old server since is a warning: its operator's cache does
    not obey TTLs, or a parent server still lists the old set. A resolver that does not answer is unchecked.
    """
    without = _without(facts)
    if without is not None:
        yield without
        return
    assert facts.judgement is not None
    timing = facts.judgement.timing
    for state in facts.judgement.resolvers:
        subject = _subject(state)
        evidence: tuple[Evidence, ...] = state.view.samples or (Noted(subject, state.reason or "not asked"),)
        if state.state is Follows.NO_ANSWER:
            yield Unchecked(subject, state.reason, evidence)
        elif not state.old:
            yield Passed(subject, f"{state.new} of {_samples(state)} answers are new.{_bound(state)}", evidence)
        elif timing is None or facts.now < timing.last_stale.at:
            until = "" if timing is None else f"; allowed until {instant(timing.last_stale.at)}"
            yield Passed(
                subject,
                f"{state.old} of {_samples(state)} answers are old, kept for up to {state.remaining_ttl} "
                f"s{until}.",
                evidence,
            )
        else:
            late = state.old_fetched is not None and state.old_fetched > timing.last_stale.at
            yield Problem(
                subject,
                f"{state.old} of {_samples(state)} answers are old, and the last one was due "
                f"{instant(timing.last_stale.at)}.",
                evidence,
                "Flush the domain there, where the operator offers it, and keep the old zone.",
                None if late else Severity.NOTICE,
            )


def _bound(state: ResolverState) -> str:
    """Say how large a stale share the samples may have overlooked."""
    count = _samples(state)
    if count < _FEW:
        return ""
    share = 1 - _OVERLOOKED ** (1 / count)
    return f" A stale share below {share:.0%} of its machines would not show."


_FEW = 5


@check(
    "resolvers.servfail",
    phases=_AFTER,
    source="RFC 4035 section 5.5; RFC 1034 section 5.3.3",
    remedy="See dnssec.* and ns.aa: a DS that fits no key, or name servers that do not serve the zone.",
)
def servfail(facts: Facts) -> Iterator[Point]:
    """No resolver answers SERVFAIL.

    No resolver answers SERVFAIL for the domain.
    """
    without = _without(facts)
    if without is not None:
        yield without
        return
    assert facts.judgement is not None
    failing = {found.subject for found in facts.judgement.findings if found.check == "resolvers.servfail"}
    for state in facts.judgement.resolvers:
        subject = _subject(state)
        evidence: tuple[Evidence, ...] = state.view.samples or (Noted(subject, state.reason or "not asked"),)
        if subject in failing:
            yield Problem(subject, "Answers SERVFAIL for the domain; an answer was expected.", evidence)
        elif state.state is Follows.NO_ANSWER:
            yield Unchecked(subject, state.reason, evidence)
        else:
            yield Passed(subject, "Answers.", evidence)


@check(
    "resolvers.poison",
    phases=_AFTER,
    severity=Severity.WARNING,
    source="none: an answer of neither side is made by somebody in between",
    remedy="Ask from another network; a filter, a captive portal or an old copy of the zone answers here.",
)
def poison(facts: Facts) -> Iterator[Point]:
    """No answer is of neither side.

    No resolver gives an answer that comes from neither side.
    """
    without = _without(facts)
    if without is not None:
        yield without
        return
    assert facts.judgement is not None
    for state in facts.judgement.resolvers:
        subject = _subject(state)
        evidence: tuple[Evidence, ...] = state.view.samples or (Noted(subject, state.reason or "not asked"),)
        if state.other:
            yield Problem(
                subject,
                f"{state.other} of {_samples(state)} answers are of neither side; none was expected.",
                evidence,
            )
        elif state.old or state.new:
            yield Passed(subject, "Every answer is of one of the two sides.", evidence)
        else:
            yield Unchecked(subject, state.reason, evidence)


@check(
    "timing.settled",
    phases=(Phase.SETTLE, Phase.CLOSE),
    blocks=True,
    source="RFC 2181 section 5.4.1; migrator/clock.py",
    remedy="Wait until the instant that is named, and serve the zone on both sides until then.",
)
def settled(facts: Facts) -> Iterator[Point]:
    """The last stale answer is past.

    The last stale answer is past: no resolver that obeys TTLs asks the old servers any more.

    From the moment at which every server of the parent was seen with the new set: the TTL of the delegation
    there, plus the TTL of the old zone's own NS set where the old servers went on to list it. Too early is
    no-go, with the instant; what was not seen (since when the parents list the new set, the old TTLs) leaves it
    unchecked.
    """
    subject = for_people(facts.domain)
    judgement = facts.judgement
    if judgement is None:
        yield Unchecked(subject, "the new name servers are not known: --to names them")
        return
    evidence = tuple(view.ns for view in judgement.look.delegation.views)
    if judgement.timing is None:
        yield Unchecked(subject, "the parent's servers do not all list the new set", evidence)
        return
    moment = judgement.timing.last_stale
    if facts.now < moment.at:
        yield Problem(
            subject,
            f"Old answers can come until {instant(moment.at)} = {moment.formula}.",
            evidence,
            f"Keep both zones as they are and wait until {instant(moment.at)}.",
            not_before=moment.at,
        )
    elif moment.unknown:
        yield Unchecked(subject, "; ".join(moment.unknown), evidence, not_before=moment.at)
    else:
        yield Passed(subject, f"Past since {instant(moment.at)} = {moment.formula}.", evidence, moment.at)


def _subject(state: ResolverState) -> str:
    return f"{state.view.name} ({state.view.server})"


def _samples(state: ResolverState) -> int:
    return len(state.view.samples)
