"""Judges one look at a switch: its stage, what is wrong, what could not be checked, when it ends. No IO here."""

from datetime import datetime, timedelta

from migrator.clock import Moment
from migrator.cutover.cachedds import cached_signer_remarks, gone_signers
from migrator.cutover.leaving import taken_back
from migrator.cutover.look import Look, Side
from migrator.cutover.memory import Memory
from migrator.cutover.mistakes import name_findings
from migrator.cutover.parents import parent_remarks
from migrator.cutover.registry import registry_remarks
from migrator.cutover.servers import Remark, server_remarks
from migrator.cutover.sides import Follows, ResolverState, resolver_state, tell_apart
from migrator.cutover.signing import signing_remarks
from migrator.cutover.stage import Stage, stage_of
from migrator.cutover.timing import Timing, timing_of
from migrator.model.finding import Finding, Severity, Unchecked
from migrator.model.names import text_of
from migrator.model.observation import Answer
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one look means. `stage` is None where it cannot be told; `timing` is there once the parent switched."""

    look: Look
    at: datetime
    stage: Stage | None
    resolvers: tuple[ResolverState, ...] = ()
    timing: Timing | None = None
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What is wrong."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def doubts(self) -> tuple[Unchecked, ...]:
        """What could not be checked, and the verdict rests on it."""
        return tuple(item for item in self.unchecked if concerns_verdict(item, self.look))

    @property
    def against_deletion(self) -> tuple[Finding | Unchecked, ...]:
        """What stands against the deletion of the old zone, however long ago the last stale answer was.

        What nobody could check never counts as passed: while a new name server is silent, the old zone may be the
        only one that is served.
        """
        return (*self.errors, *self.doubts)

    @property
    def safe(self) -> Moment | None:
        """From when the old zone may be deleted; None while that is not known, or something stands against it."""
        return None if self.timing is None or self.against_deletion else self.timing.safe

    @property
    def recommended(self) -> Moment | None:
        """`safe` with a margin."""
        return None if self.timing is None or self.safe is None else self.timing.recommended


def judge(look: Look, memory: Memory, now: datetime) -> Judgement:
    """Return what the look means, with a memory that contains it.

    Settled is what is switched when the last stale answer is past, as far as that is known, and no resolver is
    seen to have asked an old server after that instant: this would disprove it.
    """
    stage = stage_of(look)
    done = stage is Stage.SWITCHED
    tell = tell_apart(look, switched=done)
    resolvers = tuple(resolver_state(view, tell) for view in look.resolvers)
    timing = timing_of(look, memory) if done else None
    if timing is not None and now >= timing.last_stale.at and not any(_is_ghost(s, timing) for s in resolvers):
        stage = Stage.SETTLED
    back = taken_back(look, memory, now) if stage is Stage.NOT_STARTED else None
    remarks: list[Remark] = [*parent_remarks(look), *([] if back is None else [back])]
    slips, unresolved = name_findings(look)
    remarks += [*slips, *unresolved, *server_remarks(look, stage), *signing_remarks(look, stage)]
    remarks += cached_signer_remarks(look, stage, gone_signers(memory, look.delegation, now), now)
    remarks += [*_resolver_remarks(resolvers, timing, now, switched=done)]
    remarks += [*registry_remarks(look, stage, now), *_unknown(look, timing)]
    return Judgement(
        look,
        now,
        stage,
        resolvers,
        timing,
        tuple(sorted((r for r in remarks if isinstance(r, Finding)), key=lambda r: r.severity.rank)),
        tuple(remark for remark in remarks if isinstance(remark, Unchecked)),
    )


def _resolver_remarks(
    resolvers: tuple[ResolverState, ...], timing: Timing | None, now: datetime, *, switched: bool
) -> list[Remark]:
    remarks: list[Remark] = []
    codes = [sample.rcode for state in resolvers for sample in state.view.samples if isinstance(sample, Answer)]
    # One resolver may be at fault itself. Where none has anything else to say, the domain is not served.
    alone = switched and all(code == _SERVFAIL for code in codes)
    for state in resolvers:
        subject = f"{state.view.name} ({state.view.server})"
        if any(isinstance(sample, Answer) and sample.rcode == _SERVFAIL for sample in state.view.samples):
            remarks.append(
                Finding(
                    "resolvers.servfail",
                    Severity.ERROR if alone else Severity.WARNING,
                    subject,
                    f"The resolver answers SERVFAIL for the domain{', as all that answer do' if alone else ''}: "
                    "DNSSEC that does not fit, or name servers that do not serve the zone.",
                    remedy=_UNSERVED if alone else "",
                )
            )
        elif state.state is Follows.NO_ANSWER:
            remarks.append(Unchecked("resolvers.side", subject, state.reason))
        elif state.other:
            remarks.append(
                Finding(
                    "resolvers.neither-side",
                    Severity.NOTICE,
                    subject,
                    f"{state.reason}: an older copy of a zone, or a resolver that rewrites answers.",
                )
            )
        if state.old and timing is not None and now >= timing.last_stale.at:
            remarks.append(_still_old(state, subject, timing))
    return remarks


def _still_old(state: ResolverState, subject: str, timing: Timing) -> Finding:
    counts = (
        f"{state.old} of {len(state.view.samples)} answers are old, kept for up to {state.remaining_ttl} seconds"
    )
    if _is_ghost(state, timing):
        return Finding(
            "resolvers.still-old",
            Severity.WARNING,
            subject,
            f"{counts}, and came from an old server after the last stale answer was due; none was expected.",
            remedy="Flush the domain in that resolver, where its operator offers that, and keep the old zone.",
        )
    return Finding(
        "resolvers.still-old",
        Severity.NOTICE,
        subject,
        f"{counts}: what was fetched in time is kept for its own TTL, and no old server is asked for it any more.",
    )


def _is_ghost(state: ResolverState, timing: Timing) -> bool:
    """Tell whether the resolver asked an old server when, by all TTLs, none should be known to it any more."""
    return state.old_fetched is not None and state.old_fetched > timing.last_stale.at + _ROUNDING


def _unknown(look: Look, timing: Timing | None) -> list[Remark]:
    """Return what the end of the switch could not take into account."""
    if timing is None:
        return []
    return [
        Unchecked("clock.last-stale-answer", text_of(look.domain), reason) for reason in timing.last_stale.unknown
    ]


def concerns_verdict(unchecked: Unchecked, look: Look) -> bool:
    """Tell whether the verdict rests on what was not checked: on the parent, or on a server that must answer.

    A silent resolver, RDAP or old server is said, and casts no doubt on a switch that every parent server made.
    """
    if unchecked.check in {"delegation.parent", "dnssec.ds", "dnssec.ds-fits", "delegation.ns-resolves"}:
        return True
    new = {str(view.server) for view in look.servers if view.side is Side.NEW}
    return unchecked.check in {"delegation.lame", "delegation.child-ns"} and unchecked.subject in new


_SERVFAIL = 2
_UNSERVED = "Mend the new name servers, or the DS at the registrar, and keep the old zone until then."
# Resolvers count TTLs in whole seconds, and each in its own way.
_ROUNDING = timedelta(seconds=2)
