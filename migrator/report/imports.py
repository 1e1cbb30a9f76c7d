"""What `import` and `apply` tell a person: what must be decided, what would change, what came of it. Pure."""

from collections.abc import Iterator

from migrator.codec.imports import Imported
from migrator.model.finding import Finding, Severity
from migrator.model.names import for_people, text_of
from migrator.model.phrases import counted, safe
from migrator.model.shellwords import typed
from migrator.plan import Proposal
from migrator.report.diff import title_of
from migrator.report.findings import findings_text, severity_counts
from migrator.report.import_parts import (
    changes_text,
    counts_of,
    losses_text,
    names_text,
    outcomes_text,
    serial_text,
)
from migrator.report.layout import PLAIN, Palette, folded, wrapped

# What leads to the serial of the zone that comes into a file.
SOURCE_HAS = "the source has"


def plan_text(found: Imported, palette: Palette = PLAIN, *, verbose: bool = False) -> str:
    """Return the plan for a terminal, 80 columns: what must be decided comes first."""
    proposal = found.proposal
    blocks = [
        _head(found, palette),
        *_decisions(proposal, palette, verbose=verbose),
        _findings("The zone at the target", [*proposal.target_findings], palette, verbose=verbose),
        _reading(proposal, palette, verbose=verbose),
        _losses(proposal, palette, verbose=verbose),
        _changes(found, palette, verbose=verbose),
        _kept(proposal, palette, verbose=verbose),
        _sums(found),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def outcome_text(found: Imported, palette: Palette = PLAIN, naming: str = "") -> str:
    """Return what came of an import that was begun, or that had nothing to do; `naming` is of its database."""
    return "\n".join(_outcome(found, palette, naming)) + "\n"


def ledger_text(proposal: Proposal) -> str:
    """Return the ledger in one line."""
    counts = proposal.counts
    return (
        f"{counted(counts.read, 'set')} read = {counts.copied:,} copied + {counts.translated:,} translated + "
        f"{counts.dropped:,} dropped; {counts.unaccounted:,} unaccounted for"
    )


def next_command(found: Imported) -> str:
    """Return the command that one types next: it asks the new name servers, where there are any."""
    source, existing = found.proposal.sides.source, found.proposal.plan.existing
    names = () if existing is None else existing.name_servers
    first, *others = [text_of(name).removesuffix(".") for name in names] or [""]
    new = f"dns:{text_of(source.origin).removesuffix('.')}@{first}" if first else found.work.target
    words = ["dns-migrator diff", typed(safe(source.source)), typed(safe(new))]
    return " ".join((*words, *(f"--server {typed(safe(name))}" for name in others)))


def _head(found: Imported, palette: Palette) -> str:
    proposal = found.proposal
    source, existing = proposal.sides.source, proposal.plan.existing
    lines = [palette.paint(f"{safe(for_people(source.origin))}: import", palette.strong)]
    there = "not there yet" if existing is None else _size(len(existing.rrsets), existing.record_count())
    for word, where, size in (
        ("from", source.source, _size(len(source.rrsets), source.record_count())),
        ("to", found.work.target, there),
    ):
        lines.append(wrapped(f"{safe(where)}: {size}", f"  {word:<5}", "       "))
    return "\n".join(lines)


def _size(rrsets: int, records: int) -> str:
    return f"{counted(rrsets, 'RRset')}, {counted(records, 'record')}"


def _decisions(proposal: Proposal, palette: Palette, *, verbose: bool) -> Iterator[str]:
    if proposal.undecided:
        words = list(dict.fromkeys(loss.what for loss in proposal.undecided))
        lines = [palette.paint(f"To be decided before anything is written ({len(words):,})", palette.error)]
        lines += losses_text(proposal.undecided, palette, verbose=verbose)
        lines += [wrapped(" ".join(f"--accept {word}" for word in words), "  To accept: ", "    ")]
        yield "\n".join(lines)
    if proposal.plan.conflicts:
        lines = [palette.paint("The target has what excludes a set of the source", palette.error)]
        for pair in proposal.plan.conflicts:
            lines.append(
                wrapped(
                    f"{title_of(pair.existing.key)} is in the way of {title_of(pair.desired.key)}", "  ", "    "
                )
            )
        lines += [wrapped("--delete-conflicting deletes what is in the way", "  To go on: ", "    ")]
        yield "\n".join(lines)
    if proposal.brakes:
        lines = [palette.paint("Stopped as unsafe", palette.error)]
        for brake in proposal.brakes:
            lines += [wrapped(safe(brake.message), "  ", "  "), f"    to take the risk: {brake.flag}"]
        yield "\n".join(lines)


def _reading(proposal: Proposal, palette: Palette, *, verbose: bool) -> str:
    shown = [f for f in proposal.findings if verbose or f.severity is not Severity.NOTICE]
    return _findings("Reading the source", shown, palette, verbose=verbose)


def _findings(title: str, findings: list[Finding], palette: Palette, *, verbose: bool) -> str:
    if not findings:
        return ""
    head = palette.paint(f"{title} ({severity_counts(findings)})", palette.strong)
    return f"{head}\n{findings_text(findings, palette, verbose=verbose)}"


def _losses(proposal: Proposal, palette: Palette, *, verbose: bool) -> str:
    decided = [loss for loss in proposal.losses if loss not in proposal.undecided]
    if not decided:
        return ""
    lines = [palette.paint(f"What changes on the way ({counted(len(decided), 'loss', 'losses')})", palette.strong)]
    return "\n".join([*lines, *losses_text(decided, palette, verbose=verbose)])


def _changes(found: Imported, palette: Palette, *, verbose: bool) -> str:
    work, plan = found.work, found.proposal.plan
    lines = [palette.paint(f"Plan: {counts_of(work.steps)}", palette.strong)]
    if plan.creates_zone:
        word = palette.paint("create  ", palette.good)
        lines.append(f"  {word} the zone {palette.paint(safe(for_people(plan.goal.origin)), palette.strong)}")
    return "\n".join([*lines, *changes_text(work.steps, palette, verbose=verbose)])


def _kept(proposal: Proposal, palette: Palette, *, verbose: bool) -> str:
    kept = proposal.plan.kept
    if not kept:
        return ""
    title = palette.paint(f"Kept at the target, which the source does not have ({len(kept):,})", palette.strong)
    names = [title_of(rrset.key) for rrset in kept]
    return f"{title}\n{wrapped(names_text(names, len(names) if verbose else 8), '  ', '  ')}"


def _sums(found: Imported) -> str:
    calls = found.work.calls
    if calls.planned is None:
        writes = f"about one more for each of the {counted(len(found.work.steps), 'change')}"
    else:
        writes = f"{calls.planned:,} more to write" if calls.planned else "none to write"
    same = (
        f"; {counted(found.proposal.plan.same, 'set')} at the target already" if found.proposal.plan.same else ""
    )
    lines = [wrapped(f"{ledger_text(found.proposal)}{same}.", "Ledger  ", "        ")]
    lines.append(wrapped(f"{counted(calls.reads, 'read')} so far, {writes}.", "Calls   ", "        "))
    if found.proposal.plan.serial is not None:
        lines.append(wrapped(serial_text(found.proposal.plan.serial, SOURCE_HAS), "Serial  ", "        "))
    if found.work.rewriting:
        lines.append(wrapped(found.work.rewriting, "Note    ", "        "))
    return "\n".join(lines)


def _outcome(found: Imported, palette: Palette, naming: str) -> Iterator[str]:
    work = found.work
    if work.backup:
        yield wrapped(f"The target as it was: {safe(work.backup)}")
    yield from outcomes_text(work.steps, palette)
    if work.differences:
        yield palette.paint("Read again, the target differs", palette.error)
        for difference in work.differences:
            yield f"  {difference.kind:<8} {title_of(difference.key)}"
            yield wrapped(safe(difference.impact), "    ", "    ")
    if work.appeared:
        names = names_text([title_of(rrset.key) for rrset in work.appeared])
        yield wrapped(f"Not planned, and there now: {names}", "", "  ")
    yield palette.paint(wrapped(verdict_text(found)), palette.good if work.verified else palette.error)
    if work.verified:
        yield folded(next_command(found), "Next: ", "        ")
    elif work.steps:
        zone = for_people(found.proposal.sides.source.origin)
        yield folded(f"dns-migrator rollback {safe(zone)}{naming}", "To take it back: ", "  ")


def verdict_text(found: Imported) -> str:
    """Return the last sentence: what is so now."""
    work = found.work
    calls = f"{counted(work.calls.reads, 'read')}, {counted(work.calls.writes, 'write')}"
    if work.verified and not work.steps:
        return f"Nothing to do: the target is as it should be ({calls})."
    if work.verified:
        return f"{counted(len(work.steps), 'change')} written, read again and compared: as planned ({calls})."
    if work.error:
        return safe(work.error)
    return "The target was read again and is not as planned; see above."
