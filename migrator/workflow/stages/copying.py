"""The zone itself: backed up at the old provider, imported at the new one, and noticed when it changes later."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace

from dns.rdatatype import RdataType

from migrator.codec.export import dumps as export_dumps
from migrator.codec.imports import Imported, import_json
from migrator.errors import UnsafeError
from migrator.interfaces import ReadResult
from migrator.journey.events import Kind, Worst
from migrator.journey.options import import_options
from migrator.journey.stages import Stage
from migrator.model.change import Change, Replace, before, carried_out, key_of
from migrator.model.finding import Severity
from migrator.model.phrases import counted
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.serials import serial_of, with_serial
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot, subject_of
from migrator.plan import Proposal, propose
from migrator.plan.review import unapproved
from migrator.plan.serials import serial_findings
from migrator.plan.undo import alike
from migrator.state.journal import Journal, Run
from migrator.state.locks import only_writer
from migrator.state.ttlmemory import TtlMemory
from migrator.ttls import restore
from migrator.workflow.choices import choices_of
from migrator.workflow.exporting import write_export
from migrator.workflow.stages.job import Attempt, Job, digest_of, done
from migrator.workflow.targets import decided_sides, target_of
from migrator.workflow.ttls import own_locator
from migrator.writing.importing import (
    Target,
    approved_before,
    carry_out,
    finished,
    key_of_target,
    planned,
)
from providers import parse_locator

_SHOWN_LOSSES = 3
_SHOWN_SETS = 3


def back_up_old(job: Job) -> Attempt:
    """Write a backup of the old zone, and read it back."""
    where = parse_locator(job.options.source)
    read = job.world.read(where)
    export = write_export(job.world, read, provider=where.scheme, progress=job.progress).export
    zone = export.snapshot
    errors = [finding for finding in export.findings if finding.severity is Severity.ERROR]
    worst = Worst(Severity.ERROR, f"{errors[0].subject}: {errors[0].message}") if errors else None
    text = f"{zone.record_count():,} records in {counted(zone.rrset_count(), 'set')}, backed up in {export.folder}"
    return done(text, export_dumps(export), worst=worst)


def import_zone(job: Job) -> Attempt:
    """Make the new zone and write into it what the old one has, as far as a person has agreed."""
    source = _old_zone(job)
    with ExitStack() as stack:
        target = stack.enter_context(target_of(job.world, parse_locator(job.options.target), source.snapshot))
        stack.enter_context(only_writer(job.store, target.key(source.snapshot)))
        proposed = _proposed(job, source, target)
        proposal = proposed.proposal
        if proposal.is_refused:
            return _undecided(job, proposal, target, source)
        if not proposal.plan.creates_zone and not proposal.plan.changes:
            found = finished(proposal, target, source.reads)
            return done("the new zone has it all: nothing to be written", import_json(found))
        plan = digest_of(proposal.plan.changes, made=proposal.plan.creates_zone)
        if not job.consents(plan) and not proposed.goes_on:
            return _asked(job, proposal, target, source, plan)
        found = carry_out(
            proposal,
            target,
            Journal(job.store),
            reads=source.reads,
            unfinished=proposed.unfinished,
            expect=lambda again: _refuse_others(proposal, again),
            progress=job.progress,
        )
    return _ended(job, found)


def _refuse_others(agreed: Proposal, again: Proposal) -> None:
    """Raise UnsafeError where a zone that was made just now takes changes that nobody was asked about."""
    others = unapproved(again.plan, agreed.plan.changes, made=True)
    if others:
        raise UnsafeError(f"{counted(len(others), 'change')} more than those agreed to would be written.")


def drift(job: Job) -> Attempt | None:
    """Return what a second import would do, where the old zone has changed since the first; None where nothing.

    A TTL alone is no change: some are lowered for the move by hand.
    """
    source = _old_zone(job)
    with target_of(job.world, parse_locator(job.options.target), source.snapshot) as target:
        proposal = _proposed(job, source, target).proposal
        changes = proposal.plan.changes
        if all(map(_is_of_ttl, changes)) and not proposal.plan.creates_zone:
            return None
        plan = digest_of(changes, made=proposal.plan.creates_zone)
        text = f"the zones have drifted apart since the import: {_counted_changes(proposal)} would make them equal"
        theirs = _changed_there(changes, Journal(job.store).runs(job.domain), target.key(source.snapshot))
        if theirs:
            more = f" and {len(theirs) - _SHOWN_SETS} more" if len(theirs) > _SHOWN_SETS else ""
            names = ", ".join(map(subject_of, theirs[:_SHOWN_SETS]))
            text = f"{text}, over what somebody has changed in the new zone: {names}{more}"
        documents = (import_json(planned(proposal, target, source.reads)),)
    worst = Worst(Severity.ERROR, text)
    if job.options.yes and not proposal.is_refused and not theirs:
        return Attempt(Kind.WAITS, text, job.now(), (), worst, documents, plan, Stage.IMPORT)
    ways = (
        f"dns-migrator diff {' '.join(job.sides)}",
        job.command("approve", "import"),
    )
    return Attempt(Kind.ASKS, text, job.soon(), ways, worst, documents, plan)


def _changed_there(changes: Iterable[Change], runs: Iterable[Run], place: str) -> list[RRsetKey]:
    """Return the sets to be written that the new zone has otherwise than the last run left them.

    Who changed them meant it. Where no run is known that wrote there, nobody can tell.
    """
    last = next((run for run in reversed(tuple(runs)) if run.new.target == place), None)
    if last is None:
        return []
    existing = () if last.new.existing is None else last.new.existing.rrsets
    left = {rrset.key: rrset for rrset in carried_out(existing, last.changes)}
    return [key for change in changes if not alike(before(change), left.get(key := key_of(change)))]


def _old_zone(job: Job) -> ReadResult:
    """Read the old zone as it is to be copied: with the TTLs that it had before they were lowered for the move."""
    locator = own_locator(job.options.source, job.domain)
    read = job.world.read(locator)
    zone, place = read.snapshot, key_of_target(locator, job.domain)
    for remembered in TtlMemory(job.store).pending(job.domain):
        if remembered.place.target == place:
            changes = restore(zone, remembered.originals.values()).changes
            zone = replace(zone, rrsets=carried_out(zone.rrsets, changes))
    return replace(read, snapshot=_with_new_apex(job, zone))


def _with_new_apex(job: Job, zone: ZoneSnapshot) -> ZoneSnapshot:
    """Return the old zone with the SOA and name servers of a new zone that is a file: no provider gives it any.

    The serial stays the old zone's: what is written is to be later than that, too.
    """
    target = parse_locator(job.options.target)
    if target.scheme != "file":
        return zone
    own = job.world.read(target).snapshot
    changes = [
        Replace(old, _with_serial_of(old, new))
        for rdtype in (RdataType.SOA, RdataType.NS)
        if (old := zone.apex(rdtype)) is not None and (new := own.apex(rdtype)) is not None
    ]
    return replace(zone, rrsets=carried_out(zone.rrsets, changes))


def _with_serial_of(old: RRset, new: RRset) -> RRset:
    serial = serial_of(old)
    return new if serial is None or serial_of(new) is None else with_serial(new, serial)


def _is_of_ttl(change: Change) -> bool:
    match change:
        case Replace(existing, desired):
            # The serial of a zone file goes on with any change.
            serial = serial_of(existing)
            then = desired if serial is None else with_serial(desired, serial)
            return replace(existing, ttl=then.ttl) == then
        case _:
            return False


@dataclass(frozen=True, slots=True)
class _Proposed:
    """A proposal, and the interrupted runs that it goes on from."""

    proposal: Proposal
    unfinished: tuple[Run, ...]

    @property
    def goes_on(self) -> bool:
        """Whether all that is left was consented to before the interruption."""
        before = approved_before(self.unfinished)
        return bool(self.unfinished) and all(change in before for change in self.proposal.plan.changes)


def _proposed(job: Job, source: ReadResult, target: Target) -> _Proposed:
    options = job.options
    choices = choices_of(
        options.accepts,
        options.allows,
        options.identifiers,
        delete=options.delete,
        conflicting=options.delete_conflicting,
    )
    sides = decided_sides(job.world, source, target, choices, job.progress)
    origin = source.snapshot.origin
    unfinished = Journal(job.store).unfinished(origin, target.key(source.snapshot))
    return _Proposed(propose(sides, choices, approved=approved_before(unfinished)), unfinished)


def _undecided(job: Job, proposal: Proposal, target: Target, source: ReadResult) -> Attempt:
    flags = " ".join(proposal.missing_flags("--allow "))
    losses = [loss.message for loss in proposal.undecided[:_SHOWN_LOSSES]]
    more = len(proposal.undecided) - len(losses)
    said = [*losses, *([f"And {more} more."] if more > 0 else []), *_in_the_way(proposal)]
    said += [brake.message for brake in proposal.brakes]
    text = " ".join(["before anything is written, decide:", *said])
    document = import_json(planned(proposal, target, source.reads))
    worst = Worst(Severity.ERROR, losses[0] if losses else f"needs {flags}")
    ways = (
        _import_shown(job),
        job.command("approve", f"import {flags}"),
    )
    return Attempt(Kind.ASKS, text, None, ways, worst, (document,))


def _in_the_way(proposal: Proposal) -> list[str]:
    """Return, as a sentence of its own, what --delete-conflicting would delete."""
    keys = list(dict.fromkeys(pair.existing.key for pair in proposal.plan.conflicts))
    if not keys:
        return []
    more = f" and {len(keys) - _SHOWN_SETS} more" if len(keys) > _SHOWN_SETS else ""
    names = ", ".join(map(subject_of, keys[:_SHOWN_SETS]))
    return [f"--delete-conflicting deletes in the new zone what excludes a set of the old one: {names}{more}."]


def _asked(job: Job, proposal: Proposal, target: Target, source: ReadResult, plan: str) -> Attempt:
    losses = proposal.losses
    lost = f", with {counted(len(losses), 'loss', 'losses')}" if losses else ""
    text = f"may {_counted_changes(proposal)} be written to {target.locator.text}{lost}?"
    document = import_json(planned(proposal, target, source.reads))
    ways = (
        _import_shown(job),
        job.command("approve", "import"),
    )
    return Attempt(Kind.ASKS, text, None, ways, _of_serial(proposal), (document,), plan)


def _of_serial(proposal: Proposal) -> Worst | None:
    """Return the warning that secondaries of a zone file would not take what is written."""
    zone = subject_of(RRsetKey(proposal.sides.source.origin, RdataType.SOA))
    found = next(serial_findings(zone, proposal.plan.serial), None)
    return None if found is None else Worst(found.severity, f"{found.subject}: {found.message}")


def _import_shown(job: Job) -> str:
    """Return the command that shows the plan, with all that was decided about it."""
    return " ".join(["dns-migrator import", *job.sides, *import_options(job.options), "--dry-run"])


def _counted_changes(proposal: Proposal) -> str:
    made = "a new zone and " if proposal.plan.creates_zone else ""
    return f"{made}{counted(len(proposal.plan.changes), 'change')}"


def _ended(job: Job, found: Imported) -> Attempt:
    work, document = found.work, import_json(found)
    if work.exit_code == 0:
        kept = f"; the target as it was is in {work.backup}" if work.backup else ""
        text = f"{counted(len(work.steps), 'change')} written, read again and equal{kept}"
        return done(text, document, worst=_of_serial(found.proposal))
    error = work.error or "what was read again is not what was written"
    return Attempt(Kind.FAILED, error, job.soon(), (), Worst(Severity.ERROR, error), (document,))
