"""An import from end to end: reads the target, proposes, writes with the journal, reads again, and proves it.

The command line asks the person; everything else is here, for whoever calls it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.backup.folder import write_backup
from migrator.codec.imports import Calls, Imported, Work
from migrator.codec.plan import PlanFile
from migrator.errors import MigratorError, ProviderError, StoreError, UnsafeError
from migrator.interfaces import (
    Bundler,
    CallEstimator,
    DnsClient,
    Progress,
    ReadResult,
    Rewriter,
    ZoneWriter,
    no_progress,
)
from migrator.model.change import Change, key_of
from migrator.model.finding import Finding, Severity
from migrator.model.locator import Locator
from migrator.model.names import folded, text_of
from migrator.model.observation import Server
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot, subject_of
from migrator.network.aliases import look_up
from migrator.plain import plain_zone
from migrator.plan import Choices, Proposal, Sides, propose, relation_of
from migrator.plan.review import is_underway, unapproved
from migrator.plan.steps import HELD_OTHERWISE, State, Step, all_done, appeared, shortfall, unseen
from migrator.state.journal import End, Journal, Kind, NewRun, Run, Writing
from migrator.writing.apply import InterruptedRunError, Written, write_changes

# What a provider puts into a new zone, and the exit code where a target that was read again differs.
_GIVEN = frozenset({RdataType.SOA, RdataType.NS})
DIFFERENT = 1
# Options that tell zones of one name from each other.
_TELLING = ("zone-id", "resource-group", "account-id")
UNSEEN = (
    "All changes are done, and the SOA or the name servers of the zone could not be read again, so that nothing "
    "is proved. Run the same command again."
)
MADE = "The zone has been made, and nothing was written into it: the same command goes on from there."


@dataclass(frozen=True, slots=True)
class Target:
    """The zone that is written to, and its writer."""

    locator: Locator
    writer: ZoneWriter

    def key(self, source: ZoneSnapshot) -> str:
        """Return what names the target for locks and the journal, however its locator is written."""
        return key_of_target(self.locator, source.origin)


def key_of_target(locator: Locator, domain: Name) -> str:
    """Return what names a zone for locks, the journal and the memory; `domain` where the locator has no zone."""
    if locator.scheme == "file":
        return f"file:{Path(locator.path).resolve()}"
    # Two zones of one name at one provider are two places.
    which = "".join(f"?{name}={found}" for name in _TELLING if (found := locator.option(name)))
    return f"{locator.scheme}:{text_of(domain if locator.zone is None else locator.zone)}{which}"


def read_sides(source: ReadResult, target: Target) -> Sides:
    """Read the target, if it is there, and put both sides together."""
    writer = target.writer
    existing = writer.read() if writer.exists() else None
    snapshot = None if existing is None else existing.snapshot
    return Sides(
        source.snapshot,
        snapshot,
        writer.capabilities(),
        relation_of(source.snapshot, snapshot, target.locator),
        source_findings=source.findings,
        existing_findings=() if existing is None else existing.findings,
    )


def with_addresses(
    sides: Sides,
    choices: Choices,
    client: DnsClient,
    resolvers: Sequence[Server],
    progress: Progress = no_progress,
) -> Sides:
    """Look up what aliases answer now, where the target could hold only that."""
    wanted = propose(sides, choices).translation.unresolved
    if not wanted:
        return sides
    found, unchecked = look_up(client, resolvers, wanted, progress)
    notes = tuple(_unlooked(each.subject, each.reason) for each in unchecked)
    return replace(sides, addresses=found, source_findings=(*sides.source_findings, *notes))


def planned(proposal: Proposal, target: Target, reads: int) -> Imported:
    """Return an import of which nothing was written."""
    return Imported(proposal, _untouched(proposal, target, reads))


def carry_out(
    proposal: Proposal,
    target: Target,
    journal: Journal,
    *,
    reads: int,
    unfinished: Sequence[Run] = (),
    digest: str = "",
    expect: Callable[[Proposal], None] = lambda _: None,
    progress: Progress = no_progress,
) -> Imported:
    """Write what was proposed, read it again, and return how far it came.

    `unfinished` are the runs that this one goes on from, the newest first. `expect` is asked about the proposal
    once more where the zone had to be made first; it raises UnsafeError where that is not what was approved.
    Raises UnsafeError where the proposal is refused as it is.
    """
    refuse_undecided(proposal)
    refuse_unsendable(proposal, target)
    made = proposal.plan.creates_zone
    if not made and not proposal.plan.changes:
        return finished(proposal, target, reads)
    source = proposal.sides.source
    new = NewRun(
        Kind.IMPORT,
        source.origin,
        target.key(source),
        target.locator.text,
        source.source,
        digest or source.digest(),
        proposal.plan.existing,
        _backed_up(proposal, target, progress),
        unfinished[0].number if unfinished else None,
    )
    if made:
        proposal, writing = _make_zone(proposal, target, journal, new, expect)
    else:
        writing = journal.begin(new, proposal.plan.changes)
    written = write_changes(target.writer, proposal.plan.changes, writing, progress)
    work = _judged(proposal, target, written, reads, new.backup)
    return Imported(proposal, ended(writing, work), made)


def refuse_undecided(proposal: Proposal) -> None:
    """Raise UnsafeError, naming what is needed, where something must be decided first."""
    if proposal.is_refused:
        raise UnsafeError(f"Nothing was written. To go on, decide: {'; '.join(proposal.missing_flags())}.")


def refuse_unsendable(proposal: Proposal, target: Target) -> None:
    """Raise UnsafeError where changes that must be made together are too large for a request of the target."""
    too_large = unsendable(target, proposal.plan.changes)
    if too_large:
        raise UnsafeError(_unsendable_text(too_large))


def unsendable(target: Target, changes: Sequence[Change]) -> Mapping[RRsetKey, str]:
    """Return which changes no request of the target takes, and why; none where its requests know no such bound."""
    return target.writer.unsendable(changes) if isinstance(target.writer, Bundler) else {}


def _unsendable_text(too_large: Mapping[RRsetKey, str]) -> str:
    names = ", ".join(map(subject_of, too_large))
    reasons = " ".join(dict.fromkeys(too_large.values()))
    return f"Nothing was written: no request carries these changes together, as they must be: {names}. {reasons}"


def approved_before(unfinished: Sequence[Run]) -> Collection[Change]:
    """Return the changes that an interrupted import was about to make, with the consent of a person."""
    return frozenset(change for run in unfinished for change in run.changes)


def _make_zone(
    proposal: Proposal, target: Target, journal: Journal, new: NewRun, expect: Callable[[Proposal], None]
) -> tuple[Proposal, Writing]:
    """Make the zone, and propose again now that its SOA, its name servers and its identifier are known."""
    writing = journal.begin(new, None)
    try:
        target.writer.create()
        again = _proposed_again(proposal, target, expect)
    except MigratorError as exc:
        writing.end(End.INCOMPLETE, str(exc))
        raise
    except KeyboardInterrupt:
        writing.end(End.INCOMPLETE, "interrupted")
        raise
    writing.zone_made(again.plan.changes)
    return again, writing


def _proposed_again(proposal: Proposal, target: Target, expect: Callable[[Proposal], None]) -> Proposal:
    """Read the zone that was just made, and propose again; whatever is in the way, the zone is there now."""
    try:
        there = target.writer.read()
        sides = replace(
            proposal.sides,
            existing=there.snapshot,
            existing_findings=there.findings,
            target=target.writer.capabilities(),
        )
        again = propose(sides, proposal.choices)
        refuse_undecided(again)
        expect(again)
    except UnsafeError as exc:
        raise UnsafeError(f"{exc} {MADE}") from exc
    except ProviderError as exc:
        raise ProviderError(f"{exc} {MADE}") from exc
    return again


def _backed_up(proposal: Proposal, target: Target, progress: Progress) -> str:
    """Write a backup of the target as it is, unless there is nothing in it that anybody could miss."""
    existing = proposal.plan.existing
    if existing is None or is_bare(existing):
        return ""
    return str(back_up(existing, proposal.sides.existing_findings, target.locator.scheme, progress))


def back_up(existing: ZoneSnapshot, findings: Sequence[Finding], scheme: str, progress: Progress) -> Path:
    """Write a backup of the target into `backups/` and return its folder."""
    return write_backup(existing, findings, plain_zone(existing), provider=scheme, progress=progress).folder


def is_bare(zone: ZoneSnapshot) -> bool:
    """Tell whether a zone has nothing but what its provider put there when it was made."""
    apex = folded(zone.origin)
    return all(rrset.key.folded == apex and rrset.rdtype in _GIVEN for rrset in zone.rrsets)


def _judged(proposal: Proposal, target: Target, written: Written, reads: int, backup: str) -> Work:
    plan, present = proposal.plan, written.present
    differences = () if present is None else shortfall(plan.goal, present.snapshot, plan.changes)
    done = all_done(written.steps)
    verified = present is not None and done and not differences
    blind = unseen(differences, plan.changes)
    return Work(
        target.locator.text,
        written.steps,
        spent(target, reads),
        applied=done,
        verified=verified,
        backup=backup,
        differences=differences,
        appeared=() if present is None else appeared(plan.goal, present.snapshot),
        error=said(written) or (UNSEEN if blind else ""),
        exit_code=exit_code(written, verified=verified, blind=blind),
        findings=() if present is None else present.findings,
    )


def finished(proposal: Proposal, target: Target, reads: int) -> Imported:
    """Return an import of which nothing is left to be done: what was read just now proves it."""
    work = Work(target.locator.text, (), spent(target, reads), applied=True, verified=True)
    return Imported(proposal, work)


def _untouched(proposal: Proposal, target: Target, reads: int) -> Work:
    changes = proposal.plan.changes
    calls = spent(target, reads, changes)
    if calls.planned is not None and proposal.plan.creates_zone and target.locator.scheme != "file":
        calls = replace(calls, planned=calls.planned + 1)
    too_large = unsendable(target, changes)
    rewriting = target.writer.rewriting() if changes and isinstance(target.writer, Rewriter) else ""
    return Work(
        target.locator.text,
        foreseen(changes, too_large),
        calls,
        rewriting=rewriting,
        error=_unsendable_text(too_large) if too_large else "",
        exit_code=UnsafeError.exit_code if too_large else 0,
    )


def foreseen(changes: Sequence[Change], too_large: Mapping[RRsetKey, str]) -> tuple[Step, ...]:
    """Return the changes as steps that are planned; those that no request takes with the reason."""
    return tuple(Step(change, State.PLANNED, too_large.get(key_of(change), "")) for change in changes)


def spent(target: Target, reads: int, changes: Sequence[Change] | None = None) -> Calls:
    """Return how many requests were sent, `reads` by the source, and how many writes the changes take."""
    writer = target.writer
    planned = 0 if changes is None else None
    if changes is not None and isinstance(writer, CallEstimator):
        planned = writer.calls_for(changes)
    return Calls(reads + writer.calls.reads, writer.calls.writes, planned)


def ended(writing: Writing, work: Work) -> Work:
    """Note the end of the work in the journal; where that cannot be, the work says so beside what came of it."""
    try:
        writing.end(End.COMPLETE if work.applied and work.verified else End.INCOMPLETE, work.error)
    except StoreError as exc:
        so_far = work.error or (_ALL_DONE if work.verified else "")
        error = so_far if str(exc) in so_far else f"{exc} {so_far}".rstrip()
        return replace(work, error=error, exit_code=work.exit_code or exc.exit_code)
    return work


_ALL_DONE = "All the changes are made, and were seen when the target was read again."


def said(written: Written) -> str:
    """Return the line that says why the work is not whole; empty where it is."""
    left = [step for step in written.steps if step.state is not State.DONE]
    if written.error is None and not left:
        return ""
    done = len(written.steps) - len(left)
    unknown = sum(step.state is State.UNKNOWN for step in left)
    count = f"{done:,} of {len(written.steps):,} changes are done"
    count += f", and {unknown:,} more may be" if unknown else ""
    if isinstance(written.error, InterruptedRunError):
        return f"Interrupted: {count}. The same command goes on from there."
    if written.error is not None:
        return f"{written.error} So far {count}; the same command goes on from there."
    if left and all(step.detail == HELD_OTHERWISE for step in left):
        return f"{count}. Of the others: {HELD_OTHERWISE}. Look at them with diff."
    if any(step.state is State.OVERTAKEN and step.detail != HELD_OTHERWISE for step in left):
        return f"Somebody has changed the target meanwhile; that was left alone: {count}. Run the command again."
    reason = next((step.detail for step in left if step.detail not in {"", HELD_OTHERWISE}), "")
    return f"{count}; the others were not carried out. {reason}".strip()


def exit_code(written: Written, *, verified: bool, blind: bool = False) -> int:
    """Return 4 if somebody else's change was in the way, 3 if a thing is not done or not seen, 1 if it differs."""
    states = {step.state for step in written.steps}
    if isinstance(written.error, UnsafeError) or State.OVERTAKEN in states:
        return UnsafeError.exit_code
    if written.error is not None or states - {State.DONE} or blind:
        return ProviderError.exit_code
    return 0 if verified else DIFFERENT


def _unlooked(subject: str, reason: str) -> Finding:
    message = f"No resolver said what the target of the alias answers ({reason})."
    return Finding("import.alias-unchecked", Severity.WARNING, subject, message)


def refuse_unreviewed(plan: PlanFile, *, begun: bool) -> Callable[[Proposal], None]:
    """Return what raises UnsafeError for a proposal that is not the reviewed one.

    The target must be as it was when the plan was made. Where the plan was `begun` already, it may also have some
    of the plan's own changes.
    """

    def expect(proposal: Proposal) -> None:
        existing = proposal.plan.existing
        made = plan.existing is None
        same = (None if existing is None else existing.digest()) == plan.existing
        underway = existing is not None and begun and is_underway(existing, plan.changes, plan.rest)
        fresh = made and existing is not None and is_bare(existing)
        if not (same or underway or fresh) or unapproved(proposal.plan, plan.changes, made=made):
            raise UnsafeError(
                f"{plan.target}: the target has changed since the plan was made at {plan.made_at:%Y-%m-%d %H:%M} "
                "UTC, so nothing was written. Make a new plan with import --plan-out."
            )

    return expect
