"""An import as Markdown for a ticket or a pull request: tables that render, whatever the records hold. Pure."""

from collections.abc import Iterator, Sequence

from migrator.codec import changes as change_codec
from migrator.codec.imports import Imported, RolledBack
from migrator.diff.equality import values
from migrator.model.change import after, before, key_of
from migrator.model.names import for_people
from migrator.model.phrases import safe
from migrator.model.rrset import RRset
from migrator.plan.serials import Serial
from migrator.plan.steps import State, Step
from migrator.report.diff import title_of
from migrator.report.diff_values import cut_alike
from migrator.report.findings import findings_markdown
from migrator.report.import_parts import by_word, counts_of, serial_text
from migrator.report.imports import SOURCE_HAS, ledger_text, verdict_text
from migrator.report.markdown import plain
from migrator.report.rollback import IT_WAS

_LONGEST = 72
_MOST_VALUES = 8


def markdown(found: Imported) -> str:
    """Return an import: the verdict, what must be decided, the changes, and the losses."""
    proposal, work = found.proposal, found.work
    origin = plain(for_people(proposal.sides.source.origin))
    blocks = [
        f"## Import of {origin}",
        "\n".join(
            (
                f"- from: {_code(proposal.sides.source.source)}",
                f"- to: {_code(work.target)}",
                f"- ledger: {plain(ledger_text(proposal))}",
                *_serial(proposal.plan.serial, SOURCE_HAS),
                *([f"- {plain(work.rewriting)}"] if work.rewriting else []),
            )
        ),
        *_decisions(found),
        *changes_markdown(work.steps),
        *_losses(found),
        *_kept(found),
    ]
    if proposal.target_findings:
        blocks.append(f"### The zone at the target\n\n{findings_markdown(proposal.target_findings)}")
    if proposal.findings:
        blocks.append(f"### Reading the source\n\n{findings_markdown(proposal.findings)}")
    blocks.append(f"**{plain(verdict_text(found) if work.begun else 'Nothing was written: this is the plan.')}**")
    return "\n\n".join(blocks) + "\n"


def rollback_markdown(found: RolledBack, verdict: str) -> str:
    """Return a rollback: the changes back, and what was left alone."""
    origin = plain(for_people(found.undoing.existing.origin))
    blocks = [
        f"## Rollback of {origin}",
        "\n".join(
            (
                f"- target: {_code(found.work.target)}",
                f"- import: {plain(found.imported_at)} from {_code(found.source)}",
                *_serial(found.undoing.serial, IT_WAS),
            )
        ),
        *changes_markdown(found.work.steps),
    ]
    if found.undoing.since:
        names = "\n".join(f"- {_code(title_of(since.key))}" for since in found.undoing.since)
        blocks.append(f"### Changed since by somebody else, and left alone\n\n{names}")
    if found.findings:
        blocks.append(f"### The zone at the target\n\n{findings_markdown(found.findings)}")
    blocks.append(f"**{plain(verdict)}**")
    return "\n\n".join(blocks) + "\n"


def changes_markdown(steps: Sequence[Step]) -> Iterator[str]:
    """Yield the table of changes."""
    if not steps:
        return
    head = f"### Changes: {counts_of(steps)}\n\n| | record | before | after | |\n|---|---|---|---|---|"
    rows = (
        f"| {change_codec.action(step.change)} | {_code(title_of(key_of(step.change)))} | "
        f"{' | '.join(_sides(before(step.change), after(step.change)))} | {_outcome(step)} |"
        for step in steps
    )
    yield "\n".join([head, *rows])


def _serial(serial: Serial | None, whose: str) -> list[str]:
    return [] if serial is None else [f"- serial: {plain(serial_text(serial, whose))}"]


def _decisions(found: Imported) -> Iterator[str]:
    proposal = found.proposal
    lines = [f"- {_code(flag)}" for flag in proposal.missing_flags()]
    lines += [f"- {plain(brake.message)}" for brake in proposal.brakes]
    if lines:
        yield "### To be decided first\n\n" + "\n".join(lines)


def _losses(found: Imported) -> Iterator[str]:
    if not found.proposal.losses:
        return
    lines = [
        f"- **{group[0].severity}** {_code(group[0].what)}: "
        f"{', '.join(_code(title_of(loss.key)) for loss in group)}. {plain(group[0].message)} "
        f"{plain(group[0].advice)}"
        for group in by_word(found.proposal.losses)
    ]
    yield "### What changes on the way\n\n" + "\n".join(lines)


def _kept(found: Imported) -> Iterator[str]:
    kept = found.proposal.plan.kept
    if kept:
        names = ", ".join(_code(title_of(rrset.key)) for rrset in kept)
        yield f"### Kept at the target\n\n{names}"


def _outcome(step: Step) -> str:
    if step.state is State.PLANNED and not step.detail:
        return ""
    return plain(f"{step.state}: {step.detail}" if step.detail else str(step.state))


def _sides(old: RRset | None, new: RRset | None) -> tuple[str, str]:
    """Return what stands before and after: what both have is counted, and what differs is cut where it is seen."""
    lost, gained = ([] if rrset is None else list(values(rrset).values()) for rrset in (old, new))
    same = len(set(lost) & set(gained))
    gone, fresh = [text for text in lost if text not in gained], [text for text in gained if text not in lost]
    before_it, after_it = cut_alike(gone, fresh, _LONGEST)
    return _cell(old, before_it, same), _cell(new, after_it, same)


def _cell(rrset: RRset | None, texts: Sequence[str], same: int) -> str:
    if rrset is None:
        return ""
    ttl = [] if rrset.ttl is None else [f"{rrset.ttl} s"]
    more = [f"and {len(texts) - _MOST_VALUES} more"] if len(texts) > _MOST_VALUES else []
    kept = [f"and {same} that {'stays' if same == 1 else 'stay'}"] if same else []
    return "<br>".join([*ttl, *(_code(text) for text in texts[:_MOST_VALUES]), *more, *kept])


def _code(text: str) -> str:
    return f"`{safe(text).replace('`', chr(39)).replace('|', chr(92) + '|')}`"
